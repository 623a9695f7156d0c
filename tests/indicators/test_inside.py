"""Who is inside a dated group in which years."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from bongsu.indicators.inside import ever_inside, is_inside


@pytest.mark.parametrize(
    ("country", "group", "first", "last"),
    [
        ("FRA", "EU", 1958, None),
        ("GBR", "EU", 1973, 2019),  # left on 31 January 2020
        ("HRV", "EU", 2013, None),  # joined on 1 July 2013
        ("POL", "EU", 2004, None),
        ("EU", "EU", 1950, None),  # the group itself, in whatever year
        ("BLX", "EU", 1958, None),  # both its members are inside
        ("KOR", "EU", None, None),
        ("SACU", "EU", None, None),
    ],
)
def test_inside_for_most_of_the_year(country: str, group: str, first: int | None, last: int | None) -> None:
    years = range(1950, 2027)
    rows = ibis.memtable(pa.table({"country": [country] * len(years), "valid": [date(year, 1, 1) for year in years]}))
    found = rows.select("valid", inside=is_inside(rows.country, rows.valid, group)).to_pyarrow().to_pylist()
    inside = [row["valid"].year for row in found if row["inside"]]
    expected = [] if first is None else list(range(first, (last or 2026) + 1))
    assert inside == expected


def test_all_that_were_ever_inside() -> None:
    codes = ever_inside("EU")
    assert {"EU", "BLX", "GBR", "HRV"} <= set(codes)
    assert "KOR" not in codes
    assert list(codes) == sorted(set(codes))
