"""A file with anything missing, unknown, doubled or of the wrong kind is refused with its place and mend."""

from datetime import date
from pathlib import Path

import pytest

from bongsu.items.catalogue import DATA
from bongsu.items.load import load_item
from bongsu.language import BadInputError, Language

UREA = (DATA / "kor/items/urea.yml").read_text(encoding="utf-8")


def _load(folder: Path, old: str, new: str, name: str = "urea.yml") -> None:
    assert old in UREA
    path = folder / name
    path.write_text(UREA.replace(old, new, 1), encoding="utf-8")
    load_item(path)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("category: agriculture", "categori: agriculture", "urea.yml: the field 'category' is missing"),
        ("valid_from:", "colour: red\nvalid_from:", "urea.yml: unknown fields: colour"),
        ("category: agriculture", "category: farming", "urea.yml: category: 'farming' is not one"),
        ('code: "310210"', "code: 310210", "urea.yml: hs[1]: code: 310210 is of the wrong kind"),
        ('code: "310210"', 'code: "31021"', "urea.yml: hs: '31021' is not a code of HS"),
        ('code: "310210"', 'code: "3102101000"', "urea.yml: hs: '3102101000' is not a code of HS"),
        ('hs: ["310210"]', 'hs: ["310310"]', "urea.yml: uses: fertiliser: hs: '310310' is not among"),
        ("in_charge: [fertiliser]", "in_charge: []", "urea.yml: uses[1]: in_charge: is empty"),
        ("hit: [farming, food_supply]", "hit: [farming, farming]", "urea.yml: uses[1]: hit: a value stands twice"),
        ("id: diesel_exhaust_fluid", "id: fertiliser", "urea.yml: uses: 'fertiliser' stands twice"),
        ("routes: [malacca, hormuz]", "routes: [gibraltar]", "urea.yml: routes: 'gibraltar' is not one"),
        ("country: CHN", "country: China", "urea.yml: suppliers[1]: country: 'China' is not a country"),
        ("share: 0.88", "share: 88", "urea.yml: dependence[1]: share: 88 is not a number from 0 to 1"),
        ("share: 0.88", "share: true", "urea.yml: dependence[1]: share: True is not a number from 0 to 1"),
        ("difficulty: hard, ", "difficulty: tough, ", "urea.yml: substitution: difficulty: 'tough' is not one"),
        ("{ko: 요소, en: Urea}", "{ko: 요소}", "urea.yml: name: the field 'en' is missing"),
        ("{ko: 요소, en: Urea}", "요소", "urea.yml: name: '요소' is of the wrong kind"),
        ("{ko: 요소, en: Urea}", '{ko: " ", en: Urea}', "urea.yml: name: ko: ' ' is of the wrong kind"),
        ("id: urea", "id: Urea", "urea.yml: id: 'Urea' cannot be an id"),
        ("id: urea", "id: carbamide", "urea.yml: the file's name is not that of item 'carbamide'"),
        ("{override: null,", "{override: E,", "urea.yml: ews_grade: override: 'E' is not one"),
        ("{override: null,", "{override: B,", "urea.yml: ews_grade: reason: None is of the wrong kind"),
        ("valid_from: 2010-01-01", 'valid_from: "2010"', "urea.yml: valid_from: '2010' is of the wrong kind"),
        ("valid_from: 2010-01-01", "valid_from: 2010-01-01 10:00:00", "urea.yml: valid_from: datetime"),
        ("{id: b,", "{id: a,", "urea.yml: sources[2]: id: 'a' stands twice"),
        ("checked: false}", "checked: no}", "wrong kind"),
        ("days_of_cover: []", "days_of_cover: [7]", "urea.yml: days_of_cover[1]: is not a mapping"),
        ("category: agriculture", "category: food\ncategory: food", "urea.yml: cannot be read as YAML"),
        ("id: urea", "id: [urea", "urea.yml: cannot be read as YAML"),
    ],
)
def test_what_is_off_is_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    with pytest.raises(BadInputError) as caught:
        _load(tmp_path, old, new)
    assert where in str(caught.value)
    assert caught.value.where.startswith("urea.yml")
    assert caught.value.mend is not None
    assert caught.value.to(Language.KO) != caught.value.to(Language.EN)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "urea.yml"
    path.write_bytes(UREA.encode("cp949", errors="replace"))
    with pytest.raises(BadInputError, match=r"urea\.yml: cannot be read as YAML"):
        load_item(path)


def test_an_override_is_taken_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "urea.yml"
    new = "{override: B, reason: {ko: 재고 충분, en: Ample stock}, by: desk, on: 2022-03-01}"
    path.write_text(UREA.replace("{override: null, reason: null, by: null, on: null}", new), encoding="utf-8")
    override = load_item(path).override
    assert override is not None
    assert (override.letter, override.by, override.on) == ("B", "desk", date(2022, 3, 1))
    assert load_item(path).as_of(date(2022, 2, 28)).override is None


def test_a_fact_takes_its_own_day_and_the_words_of_its_source() -> None:
    urea = load_item(DATA / "kor/items/urea.yml")
    use, fact = urea.uses[0], urea.dependence[0]
    assert (use.known_at, use.checked) == (date(2010, 1, 1), False)
    assert use.source.startswith("General chemical")
    assert fact.known_at == date(2021, 1, 31)


def test_an_unknown_assessment_has_no_source(tmp_path: Path) -> None:
    path = tmp_path / "urea.yml"
    old = "domestic: {production: none, source: c, known_at: 2012-01-01, checked: false}"
    assert old in UREA
    path.write_text(UREA.replace(old, "domestic: {production: unknown}"), encoding="utf-8")
    assert (load_item(path).domestic.value, load_item(path).domestic.source) == ("unknown", "")
