"""Years from months: whole years only, unknown ones unknown, no year twice."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.yearly import yearly
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
YEAR = date(2024, 1, 1)


def months(make: SimpleNamespace, partner: str, values: dict[int, float | None], **more: object) -> list[Row]:
    return [make.flow(partner, v, valid=date(2024, m, 1), frequency="M", **more) for m, v in values.items()]


def added(make: SimpleNamespace, flows: list[Row]) -> list[tuple[Any, ...]]:
    rows = yearly(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    assert {row["frequency"] for row in rows} <= {"A"}
    return sorted((row["code"], row["partner"], row["valid"], row["value"], row["months"]) for row in rows)


def every_month(value: float) -> dict[int, float | None]:
    return dict.fromkeys(range(1, 13), value)


def test_twelve_months_are_a_year(make: SimpleNamespace) -> None:
    assert added(make, months(make, "CHN", every_month(2.0))) == [("010221", "CHN", YEAR, 24.0, 12)]


def test_eleven_months_are_no_smaller_year(make: SimpleNamespace) -> None:
    eleven = dict.fromkeys(range(1, 12), 2.0)
    assert added(make, months(make, "CHN", {**eleven})) == [("010221", "CHN", YEAR, None, 11)]


def test_a_partner_left_out_of_a_published_month_traded_nothing(make: SimpleNamespace) -> None:
    flows = months(make, "CHN", every_month(2.0)) + months(make, "USA", {3: 5.0})
    assert added(make, flows) == [("010221", "CHN", YEAR, 24.0, 12), ("010221", "USA", YEAR, 5.0, 12)]


def test_a_month_that_is_withheld_leaves_the_year_unknown(make: SimpleNamespace) -> None:
    flows = months(make, "CHN", every_month(2.0)) + months(make, "USA", {**every_month(1.0), 7: None})
    assert added(make, flows) == [("010221", "CHN", YEAR, 24.0, 12), ("010221", "USA", YEAR, None, 12)]


def test_months_in_two_currencies_are_not_added(make: SimpleNamespace) -> None:
    flows = months(make, "CHN", dict.fromkeys(range(1, 12), 2.0)) + months(make, "CHN", {12: 2.0}, currency="KRW")
    assert added(make, flows) == [("010221", "CHN", YEAR, None, 12)]


def test_a_published_year_stands_as_it_is_and_its_months_are_not_added_to_it(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 25.0), *months(make, "CHN", every_month(2.0)), *months(make, "USA", every_month(1.0))]
    assert added(make, flows) == [("010221", "CHN", YEAR, 25.0, None)]


def test_a_published_year_that_names_nobody_gives_way_to_months_that_do(make: SimpleNamespace) -> None:
    flows = [make.flow("W00", 25.0), *months(make, "CHN", every_month(2.0)), *months(make, "W00", every_month(2.0))]
    assert added(make, flows) == [("010221", "CHN", YEAR, 24.0, 12), ("010221", "W00", YEAR, 24.0, 12)]


def test_codes_flows_and_years_are_told_apart(make: SimpleNamespace) -> None:
    flows = [
        *months(make, "CHN", every_month(2.0)),
        *months(make, "CHN", every_month(3.0), code="310210"),
        make.flow("CHN", 7.0, code="310210", valid=date(2023, 1, 1)),
    ]
    assert added(make, flows) == [
        ("010221", "CHN", YEAR, 24.0, 12),
        ("310210", "CHN", date(2023, 1, 1), 7.0, None),
        ("310210", "CHN", YEAR, 36.0, 12),
    ]


def test_other_frequencies_are_left_out(make: SimpleNamespace) -> None:
    assert added(make, [make.flow("CHN", 7.0, frequency="Q")]) == []


some_months = st.dictionaries(st.integers(1, 12), st.one_of(st.none(), st.floats(0.01, 1e9)), min_size=1)


@settings(max_examples=25, deadline=None)
@given(china=some_months, america=some_months)
def test_a_year_is_the_sum_of_its_months_or_unknown(
    make: SimpleNamespace, china: dict[int, float | None], america: dict[int, float | None]
) -> None:
    flows = months(make, "CHN", china) + months(make, "USA", america)
    count = len(china.keys() | america.keys())
    found = {partner: (value, n) for _, partner, _, value, n in added(make, flows)}
    for partner, given_ in (("CHN", china), ("USA", america)):
        known = count == 12 and None not in given_.values()
        expected = pytest.approx(sum(v or 0.0 for v in given_.values())) if known else None
        assert found[partner] == (expected, count)
