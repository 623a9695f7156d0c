from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.countries import countries, find_country
from bongsu.codes.groups import (
    aggregates,
    census_partner,
    comtrade_partner,
    find_partner,
    groups,
    is_partner,
    members,
    memberships,
    overlaps,
    partner_kind,
    partner_name,
)
from bongsu.codes.tables import UnknownCodeError
from bongsu.language import Text


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(1957, 12, 31), 0),
        (date(1958, 1, 1), 6),
        (date(1973, 1, 1), 9),
        (date(1995, 1, 1), 15),
        (date(2004, 4, 30), 15),
        (date(2004, 5, 1), 25),
        (date(2007, 1, 1), 27),
        (date(2013, 6, 30), 27),
        (date(2013, 7, 1), 28),
        (date(2020, 1, 31), 28),
        (date(2020, 2, 1), 27),
        (date(2024, 12, 31), 27),
    ],
)
def test_the_eu_has_the_members_of_the_day(on: date, count: int) -> None:
    assert len(members("EU", on)) == count


def test_the_uk_left_after_31_january_2020_and_croatia_came_on_1_july_2013() -> None:
    assert members("EU", date(2020, 1, 31)) - members("EU", date(2020, 2, 1)) == {"GBR"}
    assert members("EU", date(2013, 7, 1)) - members("EU", date(2013, 6, 30)) == {"HRV"}


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("G7", {"CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"}),
        ("GCC", {"ARE", "BHR", "KWT", "OMN", "QAT", "SAU"}),
        ("EAEU", {"ARM", "BLR", "KAZ", "KGZ", "RUS"}),
        ("EFTA", {"CHE", "ISL", "LIE", "NOR"}),
        ("USMCA", {"CAN", "MEX", "USA"}),
        ("ASEAN", {"BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"}),
    ],
)
def test_members_at_the_end_of_2024(group: str, expected: set[str]) -> None:
    assert members(group, date(2024, 12, 31)) == expected


def test_timor_leste_joined_asean_on_26_october_2025() -> None:
    assert members("ASEAN", date(2025, 10, 26)) - members("ASEAN", date(2025, 10, 25)) == {"TLS"}


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(UnknownCodeError):
        members("W00", date(2024, 1, 1))


def test_memberships_name_known_groups_and_countries_once() -> None:
    assert {one.group for one in memberships()} == set(groups())
    assert {one.alpha3 for one in memberships()} - set(countries()) == set()
    assert [one for one in memberships() if one.until and one.until < one.since] == []
    assert len({(one.group, one.alpha3) for one in memberships()}) == len(memberships())


@pytest.mark.parametrize(
    ("code", "kind", "partner"),
    [
        ("KOR", "country", True),
        ("XKX", "country", True),
        ("SUN", "country", True),
        ("EU", "group", True),
        ("BLX", "group", True),
        ("ASEAN", "group", False),
        ("W00", "aggregate", False),
        ("WLD", "aggregate", False),
        ("X00", "aggregate", False),
        ("_X", "aggregate", False),
        ("X01", "aggregate", False),
        ("X02", "aggregate", False),
        ("C00", "aggregate", False),
        ("EXT-EU", "aggregate", False),
        ("R142", "aggregate", False),
        ("", "unknown", False),
        ("ZZZ", "unknown", False),
        ("World", "unknown", False),
    ],
)
def test_aggregates_and_unknowns_are_never_partners(code: str, kind: str, partner: bool) -> None:  # noqa: FBT001
    assert (partner_kind(code), is_partner(code)) == (kind, partner)


def test_every_country_is_a_partner_and_no_aggregate_is() -> None:
    assert [code for code in countries() if not is_partner(code)] == []
    assert [code for code in aggregates() if is_partner(code)] == []
    assert set(countries()) & (set(groups()) | set(aggregates())) == set()


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("World", "W00"),
        ("TOTAL FOR ALL COUNTRIES", "W00"),
        ("World total (rounded)", "W00"),
        ("총계", "W00"),
        ("W00", "W00"),
        ("WLD", "W00"),
        ("EUROPEAN UNION", "EU"),
        ("EU27_2020", "EU"),
        ("유럽연합", "EU"),
        ("Extra-EU27", "EXT-EU"),
        ("Areas, nes", "X00"),
        ("not specified", "X00"),
        ("Rest of America, nes", "X00"),
        ("Other Neverland, nes", "X00"),
        ("Other Asia, nes", "TWN"),
        ("S19", "TWN"),
        ("Bunkers", "X01"),
        ("Free Zones", "X02"),
        ("TOTAL CPC", "C00"),
        ("ASIA", "R142"),
        ("KOR", "KOR"),
        ("KOREA, SOUTH", "KOR"),
        ("독일", "DEU"),
        ("Belgium-Luxembourg", "BLX"),
    ],
)
def test_labels_as_sources_write_them(label: str, code: str) -> None:
    assert find_partner(label) == code


@pytest.mark.parametrize("label", ["", "-", "Korea", "NA", "Atlantis", "United States and Canada"])
def test_labels_that_name_nobody_for_sure_are_none(label: str) -> None:
    assert find_partner(label) is None


@given(st.text(max_size=30))
def test_any_label_ends_in_a_known_code_or_none(label: str) -> None:
    found = find_partner(label)
    assert found is None or (partner_kind(found) != "unknown" and partner_name(found) is not None)


def test_no_label_of_a_group_or_aggregate_is_a_country_too() -> None:
    labels = [
        text for name in (*aggregates().values(), *(g.name for g in groups().values())) for text in (name.ko, name.en)
    ]
    assert [label for label in labels if find_country(label)] == []


def test_partner_names_speak_both_languages() -> None:
    assert partner_name("W00") == Text("전 세계", "World")
    assert partner_name("SVK") == Text("슬로바키아", "Slovakia")
    assert partner_name("ZZZ") is None


@pytest.mark.parametrize(
    ("code", "partner"),
    [("-", "W00"), ("0003", "EU"), ("0027", "ASEAN"), ("5XXX", "R142"), ("5800", "KOR"), ("4359", "SVK"), ("58", None)],
)
def test_us_census_codes_with_their_totals_and_groups(code: str, partner: str | None) -> None:
    assert census_partner(code) == partner


@pytest.mark.parametrize(
    ("code", "partner"),
    [
        ("0", "W00"),
        ("76", "BRA"),
        ("076", "BRA"),
        ("842", "USA"),
        ("840", "USA"),
        ("699", "IND"),
        ("757", "CHE"),
        ("579", "NOR"),
        ("251", "FRA"),
        ("490", "TWN"),
        ("899", "X00"),
        ("837", "X01"),
        ("97", "EU"),
        ("810", "SUN"),
        ("KOR", None),
        ("", None),
        ("998", None),
    ],
)
def test_un_comtrade_numbers(code: str, partner: str | None) -> None:
    assert comtrade_partner(code) == partner


def test_comtrade_answers_with_codes_that_are_known() -> None:
    answers = {comtrade_partner(f"{number:03}") for number in range(1000)} - {None}
    assert {answer for answer in answers if partner_kind(answer) == "unknown"} == set()


def test_a_group_beside_its_members_is_found() -> None:
    assert overlaps(["EU", "SVK", "KOR"], date(2024, 6, 1)) == {"EU": {"SVK"}}
    assert overlaps(["EU", "GBR", "KOR"], date(2024, 6, 1)) == {}
    assert overlaps(["EU", "GBR"], date(2019, 6, 1)) == {"EU": {"GBR"}}


@pytest.mark.realdata
def test_the_us_matrix_of_2024_carries_the_eu_and_slovakia(realdata: Path) -> None:
    codes = [path.stem[-4:] for path in (realdata / "trade/us_census/imports_hs10_2024").glob("*.parquet")]
    partners = [census_partner(code) or "" for code in codes]
    assert [code for code in partners if not is_partner(code)] == []
    assert overlaps(partners, date(2024, 12, 1)) == {"EU": {"SVK"}}


@pytest.mark.realdata
def test_the_total_row_of_the_us_monthly_file_is_no_partner(realdata: Path) -> None:
    table = pq.read_table(realdata / "trade/us_census/imports_hs2_top20_monthly.parquet", columns=["CTY_NAME"])
    found = {name: find_partner(name) for name in pc.unique(table["CTY_NAME"]).to_pylist()}
    assert [name for name, code in found.items() if code is None] == []
    assert {name for name, code in found.items() if not is_partner(code)} == {"TOTAL FOR ALL COUNTRIES"}
