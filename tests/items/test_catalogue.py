"""The catalogue that ships: every item keeps every rule, and no view sees what was not yet public."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bongsu.codes.hs import hs_name
from bongsu.items.catalogue import DATA, Catalogue, Fit, catalogue, folded, load_catalogue
from bongsu.items.item import HsCode, Item
from bongsu.language import BadInputError, UsageError
from bongsu.missions.load import network

KOREA = catalogue("KOR")
DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def _ids(items: list[Item]) -> list[str]:
    return [item.id for item in items]


def test_the_catalogue_holds_what_matters_to_korea() -> None:
    assert len(KOREA.items) >= 60


def test_every_item_has_codes_uses_and_somebody_in_charge() -> None:
    bare = [item for item in KOREA.versions if not (item.hs and item.uses)]
    assert _ids(bare) == []
    assert [use.id for item in KOREA.versions for use in item.uses if not (use.in_charge and use.hit)] == []


def test_every_item_stands_before_its_facts_are_asked_for() -> None:
    hidden = [item for item in KOREA.versions if not item.as_of(max(item.valid_from, date(2018, 1, 1))).uses]
    assert _ids(hidden) == []


def test_every_responsibility_is_one_that_the_missions_know() -> None:
    named = {id_ for each in KOREA.uses for id_ in (*each.use.in_charge, *each.use.hit)}
    assert named - set(network("KOR").responsibilities) == set()


def test_no_two_items_share_a_korean_name() -> None:
    names = [item.name.ko for item in KOREA.items.values()]
    assert sorted(set(names)) == sorted(names)


def test_the_tally_counts_what_is_unchecked_and_what_is_unknown() -> None:
    urea = KOREA.item("urea")
    checked = replace(urea, uses=tuple(replace(use, checked=True) for use in urea.uses))
    tally = Catalogue("KOR", (checked, KOREA.item("bismuth")), "").unchecked()
    bismuth = [fact for fact in KOREA.item("bismuth").facts() if fact.source]
    assert tally.facts == len(list(urea.facts())) + len(bismuth)
    assert tally.unchecked == tally.facts - 4
    assert tally.unknown == {"days_of_cover": 2, "designation": 2, "suppliers": 1}


def test_before_anything_was_public_everything_is_unknown() -> None:
    early = Catalogue("KOR", (KOREA.item("urea"),), "", day=date(2010, 1, 1)).unchecked()
    questions = ("days_of_cover", "designation", "domestic", "importance", "substitution", "suppliers")
    assert early.unknown == dict.fromkeys(questions, 1)


def test_every_code_has_a_name_in_the_hs() -> None:
    codes = {hs.code[:6] for item in KOREA.versions for hs in item.hs}
    assert {code for code in codes if hs_name(code) is None} == set()


@pytest.mark.realdata
def test_every_code_stands_in_the_hs_tree(realdata: Path) -> None:
    with (realdata / "trade/reference/harmonized-system.csv").open(encoding="utf-8") as file:
        tree = {row["hscode"] for row in csv.DictReader(file)}
    assert {hs.code for item in KOREA.versions for hs in item.hs if hs.code[:6] not in tree} == set()


@pytest.mark.realdata
def test_every_price_series_stands_in_the_pink_sheet(realdata: Path) -> None:
    path = next((realdata / "trade/worldbank").glob("*2023M03.xlsx"))
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Monthly Prices")
    series = {("worldbank_pinksheet", code) for code in sheet.to_python(skip_empty_area=False)[6] if code}
    assert {(p.source, p.series) for item in KOREA.versions for p in item.prices} - series == set()


@given(DAYS)
def test_a_view_sees_no_fact_that_became_public_later(day: date) -> None:
    seen = KOREA.as_of(day)
    late = [fact for item in seen.items.values() for fact in item.facts() if fact.known_at > day]
    assert late == []
    assert [item.id for item in seen.items.values() if item.valid_from > day] == []
    assert [item.id for item in seen.items.values() if item.override and item.override.on > day] == []


@given(DAYS, DAYS)
def test_a_view_of_a_view_sees_what_the_earlier_day_saw(one: date, other: date) -> None:
    assert KOREA.as_of(one).as_of(other).items == KOREA.as_of(min(one, other)).items


@given(DAYS, DAYS)
def test_what_was_public_stays_public(one: date, other: date) -> None:
    early, late = sorted((one, other))
    before, after = KOREA.as_of(early).items, KOREA.as_of(late).items
    assert set(before) - set(after) == set()
    same_version = [id_ for id_ in before if before[id_].valid_from == after[id_].valid_from]
    for id_ in same_version:
        assert set(before[id_].uses) - set(after[id_].uses) == set()


def test_urea_on_the_day_of_the_notice_has_the_use_that_was_missed() -> None:
    urea = KOREA.as_of(date(2021, 10, 13)).item("urea")
    assert [use.id for use in urea.uses] == [
        "fertiliser",
        "diesel_exhaust_fluid",
        "industrial_denitrification",
        "adhesives_and_resins",
    ]
    assert urea.importance.value == "high"
    assert [(fact.period, fact.share) for fact in urea.dependence] == [("2020", 0.88)]
    assert urea.stocks == ()


def test_a_changed_item_shows_the_version_of_the_day() -> None:
    domestic = [KOREA.as_of(day).item("lithium_hydroxide").domestic.value for day in _new_year(2023, 2024)]
    assert domestic == ["little", "some"]
    assert KOREA.item("lithium_hydroxide").valid_from == date(2024, 1, 1)


def _new_year(*years: int) -> list[date]:
    return [date(year, 1, 1) for year in years]


def test_an_item_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="there is no item 'unobtainium'"):
        KOREA.item("unobtainium")
    with pytest.raises(UsageError, match="no catalogue for 'ATA'"):
        catalogue("ATA")


FEW = Catalogue("KOR", tuple(KOREA.item(id_) for id_ in ("ammonium_nitrate", "bismuth", "urea")), "")


def _found(code: str, system: str = "HS") -> dict[str, Fit]:
    return {match.item.id: match.fit for match in FEW.by_hs(code, system)}


def test_a_code_finds_items_and_says_how_it_fits() -> None:
    assert _found("310210") == {"urea": Fit.EXACT}
    assert _found("3102") == {"urea": Fit.WIDER, "ammonium_nitrate": Fit.WIDER}
    assert _found("3102101000", "HSK") == {"urea": Fit.NARROWER}
    assert _found("810600") == {"bismuth": Fit.NARROWER}
    assert _found("990000") == {}


@pytest.mark.parametrize(
    ("code", "system", "fit"),
    [
        ("3102101000", "HSK", Fit.EXACT),
        ("3102109000", "HSK", None),
        ("310210", "HSK", Fit.WIDER),
        ("310210", "HS", Fit.WIDER),
        ("31021000", "CN", Fit.OVERLAP),
        ("3102101000", "HTS", Fit.OVERLAP),
        ("31", "HS", Fit.WIDER),
    ],
)
def test_digits_past_the_sixth_meet_only_their_own_system(code: str, system: str, fit: Fit | None) -> None:
    national = replace(KOREA.item("urea"), hs=(HsCode(code="3102101000", system="HSK"),))
    found = Catalogue("KOR", (national,), "").by_hs(code, system)
    assert [match.fit for match in found] == ([] if fit is None else [fit])


def test_exact_matches_come_first() -> None:
    fits = [match.fit for match in KOREA.by_hs("811292")]
    assert fits == sorted(fits, key=list(Fit).index)
    assert {match.hs.basket for match in KOREA.by_hs("811292")} == {True}


@pytest.mark.parametrize("code", ["", "3", "31021O", "31021010000", "３１０２"])
def test_what_is_not_a_code_is_refused(code: str) -> None:
    with pytest.raises(BadInputError):
        KOREA.by_hs(code)


@given(st.sampled_from([hs.code for item in KOREA.items.values() for hs in item.hs]), st.integers(2, 10))
def test_every_item_is_found_by_its_code_and_by_every_wider_one(code: str, length: int) -> None:
    owners = {item.id for item in KOREA.items.values() if any(hs.code == code for hs in item.hs)}
    assert owners - {match.item.id for match in KOREA.by_hs(code[:length])} == set()


def test_words_of_a_notice_lead_to_items() -> None:
    assert KOREA.words("zh")["尿素"] == ("urea",)
    assert KOREA.words("zh")["石墨"] == ("graphite_artificial", "graphite_natural")
    assert KOREA.words()["adblue"] == ("urea",)
    assert KOREA.words("ko")["요소"] == ("urea",)


@given(st.sampled_from(KOREA.languages))
def test_words_are_folded_and_lead_to_items_that_exist(language: str) -> None:
    words = KOREA.words(language)
    assert [word for word in words if word != folded(word)] == []
    assert {id_ for ids in words.values() for id_ in ids} - set(KOREA.items) == set()


def _copied(folder: Path, *names: str) -> None:
    for name in names:
        text = (DATA / "kor/items" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def test_the_version_tells_contents_apart_but_not_line_ends(tmp_path: Path) -> None:
    _copied(tmp_path, "iron_ore.yml")
    first = load_catalogue(tmp_path, "KOR")
    path = tmp_path / "iron_ore.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_catalogue(tmp_path, "KOR") == first
    path.write_bytes(path.read_bytes() + b"# changed\n")
    assert load_catalogue(tmp_path, "KOR").version != first.version


def test_an_input_must_exist(tmp_path: Path) -> None:
    _copied(tmp_path, "aluminium.yml")
    with pytest.raises(BadInputError, match=r"aluminium\.yml: inputs: there is no item 'alumina'"):
        load_catalogue(tmp_path, "KOR")


def test_two_versions_of_one_day_are_refused(tmp_path: Path) -> None:
    _copied(tmp_path, "iron_ore.yml")
    text = (tmp_path / "iron_ore.yml").read_text(encoding="utf-8")
    (tmp_path / "iron_ore@2010-01-01.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match="two versions stand since 2010-01-01"):
        load_catalogue(tmp_path, "KOR")


def test_before_the_first_version_there_is_no_item() -> None:
    first = min(item.valid_from for item in KOREA.versions)
    assert KOREA.as_of(first - timedelta(days=1)).items == {}
    assert isinstance(KOREA.as_of(first), Catalogue)
