"""Regions and entrepôts."""

from datetime import date

import pytest

from bongsu.codes.countries import countries
from bongsu.codes.entrepots import entrepots
from bongsu.codes.groups import is_partner
from bongsu.codes.regions import regions


def test_a_country_stands_in_one_region_and_codes_keep_their_zeros() -> None:
    placed = [code for inside in regions().values() for code in inside]
    assert len(placed) == len(set(placed))
    assert set(countries()) - set(placed) == {"ATA", "XKX"}  # no M49 region, no M49 code
    assert {region for region, inside in regions().items() if {"CHN", "JPN", "TWN"} & set(inside)} == {"030"}
    assert {"BRA", "ARG"} <= set(regions()["005"])


def test_every_entrepot_is_a_partner_with_a_source() -> None:
    assert [one for one in entrepots() if not is_partner(one.code) or not one.source] == []
    codes = [one.code for one in entrepots()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("HKG", date(1989, 12, 31), False),
        ("HKG", date(1990, 1, 1), True),
        ("HKG", date(2026, 1, 1), True),
        ("BLX", date(1998, 12, 31), True),
        ("BLX", date(1999, 1, 1), False),
    ],
)
def test_an_entrepot_holds_from_its_first_day_to_its_last(code: str, on: date, expected: bool) -> None:  # noqa: FBT001
    (one,) = (one for one in entrepots() if one.code == code)
    assert one.holds(on) is expected
