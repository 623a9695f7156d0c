from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.countries import countries
from bongsu.codes.groups import aggregates, groups, is_partner, members, partner_kind, residuals
from bongsu.codes.partner_codes import (
    EuArea,
    composition_in_force,
    eurostat_area,
    eurostat_partner,
    japan_partner,
)
from bongsu.codes.tables import rows

TODAY = date(2026, 11, 24)
# As Comext's files print the reporters of 2025.
MEMBERS = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "partner"),
    [
        ("DE", "DEU"), ("cn", "CHN"), ("GR", "GRC"), ("EL", "GRC"), ("GB", "GBR"), ("UK", "GBR"), ("XK", "XKX"),
        ("XS", "SRB"), ("XC", "ESP"), ("XL", "ESP"), ("NA", "NAM"), ("XI", "GBR-NIR"), ("XU", "GBR-XNI"),
        ("QP", "X04"), ("QR", "X01"), ("QS", "X01"), ("QV", "X00"), ("QW", "X00"), ("QY", "X03"), ("QZ", "X03"),
        ("WORLD", "W00"), ("EU27_2020", None), ("XX", None), ("DEU", None), ("276", None), ("", None),
    ],
)  # fmt: skip
def test_comext_codes(code: str, partner: str | None) -> None:
    assert eurostat_partner(code, TODAY) == partner


def test_the_members_by_comexts_codes_are_the_members() -> None:
    assert {eurostat_partner(code, TODAY) for code in MEMBERS} == members("EU", TODAY)


@pytest.mark.parametrize(
    ("on", "partner"),
    [(date(1992, 12, 31), "CSK"), (date(1999, 1, 31), None), (date(2005, 6, 30), "SCG")],
)
def test_a_code_that_changed_hands_is_read_for_the_day(on: date, partner: str | None) -> None:
    assert eurostat_partner("CS", on) == partner


@pytest.mark.parametrize("code", ["XI", "XU"])
def test_the_parts_of_the_united_kingdom_are_no_partners_and_hold_nothing_of_their_own(code: str) -> None:
    partner = eurostat_partner(code, TODAY)
    assert partner is not None
    assert (partner_kind(partner), is_partner(partner), partner in residuals()) == ("aggregate", False, False)


def test_what_holds_trade_without_a_name() -> None:
    assert residuals() == {"X00", "X01", "X02", "X03", "X04"}
    assert residuals() < set(aggregates())


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("EU27_2020", EuArea("union", "EU-2020")),
        ("EU28", EuArea("union", "EU-2013")),
        ("EU", EuArea("union", "EU")),
        ("EXT_EU27_2020", EuArea("outside", "EU-2020")),
        ("EU27_2020_EXTRA", EuArea("outside", "EU-2020")),
        ("INT_EU27_2020", EuArea("inside", "EU-2020")),
        ("EU28_INTRA", EuArea("inside", "EU-2013")),
        ("EA19_EXTRA", EuArea("outside", "EURO")),
        ("INT_EA21", EuArea("inside", "EURO")),
        ("DE", None),
        ("EU29", None),
    ],
)
def test_areas_of_the_eu(code: str, area: EuArea | None) -> None:
    assert eurostat_area(code) == area


def test_every_area_has_a_known_composition() -> None:
    compositions = {row["composition"] for row in rows("eurostat_areas")}
    assert compositions - set(groups()) == {"EURO"}
    assert "EURO" in aggregates()


@given(st.dates(date(1995, 1, 1), date(2030, 12, 31)))
def test_the_composition_in_force_has_the_members_of_the_day(on: date) -> None:
    composition = composition_in_force(on)
    assert composition is not None
    assert members(composition, on) == members("EU", on)


def test_a_fixed_composition_is_the_same_on_every_day_and_no_partner() -> None:
    assert members("EU-2020", date(1988, 1, 1)) == members("EU-2020", TODAY) == members("EU", TODAY)
    assert not is_partner("EU-2020")
    assert composition_in_force(date(1994, 12, 31)) is None


@pytest.mark.parametrize(
    ("code", "partner"),
    [
        ("103", "KOR"), ("105", "CHN"), ("106", "TWN"), ("304", "USA"), ("217", "PRT"), ("216", "PRT"), ("523", "ESP"),
        ("701", "X00"), ("702", "X00"), ("703", "X02"), ("228", "SRB"), ("224", "RUS"), ("248", "XKX"),
        ("999", None), ("1", None), ("50103", None), ("", None),
    ],
)  # fmt: skip
def test_japans_country_codes(code: str, partner: str | None) -> None:
    assert japan_partner(code, TODAY) == partner


@pytest.mark.parametrize(
    ("code", "on", "partner"),
    [
        ("224", date(1991, 11, 30), "SUN"), ("224", date(1992, 1, 31), "RUS"), ("228", date(2003, 1, 31), "YUG"),
        ("228", date(2006, 5, 31), "SCG"), ("228", date(2006, 6, 30), "SRB"),
    ],
)  # fmt: skip
def test_japans_codes_of_states_that_are_no_more(code: str, on: date, partner: str) -> None:
    assert japan_partner(code, on) == partner


def test_tables_name_known_partners_and_no_day_twice() -> None:
    for name in ("eurostat_partners", "japan_countries"):
        listed = rows(name)
        assert [row["partner"] for row in listed if partner_kind(row["partner"]) == "unknown"] == []
        spans = sorted((row["code"], row["from"] or "0001", row["until"] or "9999") for row in listed)
        twice = [a for a, b in pairwise(spans) if a[0] == b[0] and a[2] >= b[1]]
        assert twice == []


def test_japan_knows_nearly_every_country() -> None:
    """Left out: Japan itself, and small islands and parts that it counts with others."""
    known = {japan_partner(row["code"], TODAY) for row in rows("japan_countries")}
    assert {code for code in countries() if code not in known} == {
        "ABW", "ALA", "ATF", "BES", "BVT", "CCK", "CUW", "CXR", "GGY", "GLP", "HMD", "IMN", "JEY", "JPN", "LIE", "MAF",
        "MTQ", "MYT", "NFK", "SGS", "SJM", "SMR", "SXM", "WLF",
    }  # fmt: skip
