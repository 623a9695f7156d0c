"""The file of rules is read strictly: what is off is named with its file, its rule and the mend."""

from pathlib import Path

import pytest

from bongsu.alerts.routing.load import FILE, rules
from bongsu.language import BadInputError

DUTY = """\
  - id: duty
    who: duty
    from_level: 3
    why: {ko: "{level}: 당직.", en: "{level}: duty."}
"""
HEAD = "unknown_level_as: 3\nrules:\n"
SUPPLIER = """\
  - id: supplier
    who: supplier_missions
    countries: main_supplier
    from_level: 2
    why: {ko: "{country:이/가} {share}.", en: "{country} {share}."}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "routing.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_file_that_ships_is_good() -> None:
    assert [rule.id for rule in rules().rules][:2] == ["main_supplier", "measure_author"]
    assert len({rule.id for rule in rules().rules}) == len(rules().rules)


def test_a_small_file_is_good(tmp_path: Path) -> None:
    found = rules(written(tmp_path, HEAD + SUPPLIER + DUTY))
    assert [(rule.id, rule.from_level) for rule in found.rules] == [("supplier", 2), ("duty", 3)]
    assert found.unknown_as == ACCOUNTED


ACCOUNTED = 3
OFF = {
    "an unknown field of the file": (HEAD.replace("rules", "levels: 5\nrules"), SUPPLIER, "unknown fields: levels"),
    "no level for the unknown": ("rules:\n", SUPPLIER, "lacks the field 'unknown_level_as'"),
    "an unknown field of a rule": (HEAD, SUPPLIER + "    colour: red\n", "unknown fields: colour"),
    "a rule of nobody": (HEAD, SUPPLIER.replace("supplier_missions", "everybody"), "wrong 'who'"),
    "a field of another kind of rule": (
        HEAD,
        SUPPLIER.replace("countries: main_supplier", "responsibilities: hit"),
        "lacks the field 'countries'",
    ),
    "a level out of range": (HEAD, SUPPLIER.replace("from_level: 2", "from_level: 6"), "wrong 'from_level'"),
    "a level that is no number": (HEAD, SUPPLIER.replace("from_level: 2", "from_level: true"), "wrong 'from_level'"),
    "a reason in one language": (HEAD, SUPPLIER.replace(', en: "{country} {share}."', ""), "wrong 'why'"),
    "a place that its rule does not know": (HEAD, SUPPLIER.replace('en: "{country}', 'en: "{uses}'), "places: uses"),
    "a share of a country that is not the main supplier": (
        HEAD,
        SUPPLIER.replace("main_supplier", "measure"),
        "places: share",
    ),
    "a way into the object": (HEAD, SUPPLIER.replace('en: "{country}', 'en: "{country.en}'), "places: country.en"),
    "a conversion": (HEAD, SUPPLIER.replace('en: "{country}', 'en: "{country!r}'), "places: country"),
    "a width": (HEAD, SUPPLIER.replace('en: "{country}', 'en: "{country:99}'), "places: country:99"),
    "a particle in English": (
        HEAD,
        SUPPLIER.replace('en: "{country}', 'en: "{country:이/가}'),
        "places: country:이/가",
    ),
    "half a particle": (HEAD, SUPPLIER.replace("이/가", "이"), "places: country:이"),
    "an open bracket": (HEAD, SUPPLIER.replace("{share}.", "{share."), "unknown places"),
    "the same id twice": (HEAD, SUPPLIER + SUPPLIER, "stands twice"),
    "an id in capitals": (HEAD, SUPPLIER.replace("id: supplier", "id: Supplier"), "no word in lower case"),
}


@pytest.mark.parametrize("what", OFF)
def test_what_is_off_is_named_with_its_file_and_mend(what: str, tmp_path: Path) -> None:
    head, body, said = OFF[what]
    with pytest.raises(BadInputError, match=said) as caught:
        rules(written(tmp_path, head + body + DUTY))
    assert "routing.yml" in caught.value.where
    assert caught.value.mend is not None


@pytest.mark.parametrize("duty", ["", DUTY.replace("from_level: 3", "from_level: 4")])
def test_a_file_that_leaves_three_fires_to_nobody_is_no_good(duty: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no rule for the duty officer"):
        rules(written(tmp_path, HEAD + SUPPLIER + duty))


@pytest.mark.parametrize("named", ["[]", "[Big]", "somebody", "7", "[1]"])
def test_responsibilities_are_two_words_or_a_list_of_ids(named: str, tmp_path: Path) -> None:
    desk = f'  - id: desk\n    who: desk\n    responsibilities: {named}\n    from_level: 2\n    why: {{ko: "가.", en: "a."}}\n'
    with pytest.raises(BadInputError, match="wrong 'responsibilities'"):
        rules(written(tmp_path, HEAD + desk + DUTY))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="missing"):
        rules(tmp_path / "routing.yml")
    assert FILE.is_file()
