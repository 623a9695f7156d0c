"""Verdicts from bounds: what is sure, what is surely not, what cannot be told."""

from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.verdict import all_of, at_least, in_years, over

SCHEMA = pa.schema({"low": pa.float64(), "high": pa.float64()})


def told(low: float | None, high: float | None, threshold: float) -> tuple[bool | None, bool | None]:
    rows = ibis.memtable(pa.Table.from_pylist([{"low": low, "high": high}], schema=SCHEMA))
    found = rows.select(
        over=over(rows.low, rows.high, threshold), at_least=at_least(rows.low, rows.high, threshold)
    ).to_pyarrow()
    return found["over"][0].as_py(), found["at_least"][0].as_py()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 0.6, (True, True)),
        (0.1, 0.2, (False, False)),
        (0.3, 0.5, (None, None)),
        (0.4, 0.4, (False, True)),
        (0.5, None, (True, True)),
        (None, 0.3, (False, False)),
        (None, 0.5, (None, None)),
        (None, None, (None, None)),
    ],
)
def test_a_figure_between_bounds(low: float | None, high: float | None, expected: tuple[bool | None, ...]) -> None:
    assert told(low, high, 0.4) == expected


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (True, True, True), (True, False, False), (False, None, False), (True, None, None), (None, None, None),
    ],
)  # fmt: skip
def test_all_of_is_false_as_soon_as_one_is(*, one: bool | None, other: bool | None, both: bool | None) -> None:
    schema = pa.schema({"one": pa.bool_(), "other": pa.bool_()})
    rows = ibis.memtable(pa.Table.from_pylist([{"one": one, "other": other}], schema=schema))
    assert rows.select(both=all_of((rows.one, rows.other))).to_pyarrow()["both"].to_pylist() == [both]


def over_years(verdicts: dict[int, bool | None], window: int, needed: int) -> list[tuple[Any, ...]]:
    schema = pa.schema({"code": pa.string(), "valid": pa.date32(), "yes": pa.bool_()})
    given_ = [{"code": "010221", "valid": date(year, 1, 1), "yes": yes} for year, yes in verdicts.items()]
    rows = ibis.memtable(pa.Table.from_pylist(given_, schema=schema))
    found = in_years(rows, "yes", ("code",), window=window, needed=needed).order_by("valid").to_pyarrow().to_pylist()
    return [(row["valid"].year, row["years_true"], row["years_false"], row["dependent"]) for row in found]


def test_two_years_of_three() -> None:
    assert over_years({2020: True, 2021: False, 2022: True, 2023: False, 2024: False}, 3, 2) == [
        (2020, 1, 0, None), (2021, 1, 1, None), (2022, 2, 1, True), (2023, 1, 2, False), (2024, 1, 2, False),
    ]  # fmt: skip


def test_a_year_that_is_missing_is_a_year_that_cannot_be_told() -> None:
    assert over_years({2020: True, 2022: True, 2024: False}, 3, 2) == [
        (2020, 1, 0, None), (2022, 2, 0, True), (2024, 1, 1, None),
    ]  # fmt: skip


verdicts = st.dictionaries(st.integers(2015, 2024), st.sampled_from([True, False, None]), min_size=1)


@settings(max_examples=25, deadline=None)
@given(years=verdicts, rule=st.sampled_from([(3, 2), (4, 3), (1, 1)]))
def test_what_is_told_holds_however_the_unknown_years_turn_out(
    years: dict[int, bool | None], rule: tuple[int, int]
) -> None:
    window, needed = rule
    for year, trues, falses, dependent in over_years(years, window, needed):
        seen = [years.get(y) for y in range(year - window + 1, year + 1)]
        assert (trues, falses) == (seen.count(True), seen.count(False))
        least, most = trues, window - falses
        assert dependent == (True if least >= needed else False if most < needed else None)
