"""Does a production table add up? By hand, and for all."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.indicators.indicator import indicators
from bongsu.indicators.production_balance import summary
from bongsu.records.shapes import PRODUCTION

YEAR = {"valid": date(2024, 1, 1), "valid_until": date(2024, 12, 31), "frequency": "A"}
MINE = {"source": "t", "commodity": "tin", "measure": "production", "stage": "mine", "detail": "", "unit": "t", **YEAR}
Line = dict[str, Any]


def line(country: str, value: float | None, **more: object) -> Line:
    stated = "withheld" if value is None else "figure"
    return {**MINE, "country": country, "value": value, "rounded_to": 1.0, "stated": stated, **more}


def total(value: float | None, rounded_to: float = 1.0, **more: object) -> Line:
    return line("W00", value, rounded_to=rounded_to, **more)


def balance(make: SimpleNamespace, lines: Sequence[Line]) -> Line:
    (row,) = indicators()["production_balance"].run(make.table(PRODUCTION, lines)).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ([line("CHN", 60), line("PER", 40), total(100)], "agrees"),
        ([line("CHN", 60), line("X00", 40), total(100)], "agrees"),
        ([line("CHN", 60), line("CAN+USA", 40), total(100)], "agrees"),
        ([line("CHN", 64), line("PER", 40), total(100, 10)], "agrees"),  # 104 rounds to 100
        ([line("CHN", 66), line("PER", 40), total(100, 10)], "agrees_in_rounding"),  # 106 ± 1 can be 105
        ([line("CHN", 67), line("PER", 40), total(100, 10)], "disagrees"),
        ([line("CHN", 60), total(100)], "disagrees"),
        ([line("CHN", 60), line("USA", None), total(100)], "cannot_tell"),
        ([line("CHN", 160), line("USA", None), total(100)], "disagrees"),  # whatever is withheld
        ([line("CHN", 100), line("USA", None, in_total=False), total(100)], "agrees"),
        ([line("CHN", 100), line("USA", 7, in_total=False), total(100)], "agrees"),
        ([line("CHN", 100), line("DEU", None, stated="included elsewhere"), total(100)], "agrees"),
        ([line("CHN", 90), line("DEU", None, stated="included in total"), total(100)], "cannot_tell"),
        ([line("CHN", 99), line("PER", None, least=0, most=2, stated="bounds"), total(100)], "agrees"),
        ([line("CHN", 50), line("PER", None, least=0, most=2, stated="bounds"), total(100)], "disagrees"),
        ([line("CHN", 120), total(None, least=100, stated="bounds")], "agrees"),  # "> 100"
        ([line("CHN", 80), total(None, least=100, stated="bounds")], "disagrees"),
        ([line("CHN", 80), total(None, least=70, most=90, stated="bounds")], "agrees"),
        ([line("CHN", 80), total(None, stated="not applicable")], "no_total"),
        ([line("CHN", 80)], "no_total"),
        ([total(100)], "no_lines"),
        ([line("CHN", 60), line("PER", 40, unit="kt"), total(100)], "cannot_tell"),
        ([line("CHN", 0), total(0)], "agrees"),
    ],
)
def test_the_verdict(make: SimpleNamespace, lines: list[Line], verdict: str) -> None:
    assert balance(make, lines)["verdict"] == verdict


def test_what_is_told_beside_it(make: SimpleNamespace) -> None:
    lines = [line("CHN", 600, rounded_to=10), line("PER", 90), line("USA", None), line("BRA", None), total(1000, 100)]
    row = balance(make, lines)
    kept = ("world_total", "total_rounding", "lines", "lines_sum", "difference", "parts_rounding", "unknown")
    assert tuple(row[name] for name in kept) == (1000.0, 50.0, 4, 690.0, -310.0, 5.5, 2)
    assert (row["first_unknown"], row["hidden_least"], row["hidden_most"]) == ("BRA", 260.0, 360.0)


def test_a_total_that_is_only_a_lower_bound_leaves_what_is_hidden_open_above(make: SimpleNamespace) -> None:
    row = balance(make, [line("CHN", 60), line("USA", None), total(None, least=100, stated="bounds")])
    assert (row["verdict"], row["hidden_least"], row["hidden_most"]) == ("cannot_tell", 40.0, None)


def test_uses_are_no_production_and_tables_are_kept_apart(make: SimpleNamespace) -> None:
    lines = [
        line("EU", 1, measure="use", detail="solders"),
        line("CHN", 5),
        total(5),
        line("CHN", 9, detail="iron content"),
        total(6, detail="iron content"),
    ]
    rows = indicators()["production_balance"].run(make.table(PRODUCTION, lines)).to_pylist()
    assert [(row["detail"], row["verdict"]) for row in rows] == [("", "agrees"), ("iron content", "disagrees")]


def test_the_summary_counts_tables_by_verdict(make: SimpleNamespace) -> None:
    lines = [
        line("CHN", 5),
        total(5),
        line("CHN", 5, commodity="lead"),
        total(5, commodity="lead"),
        line("CHN", 2, stage=""),
    ]
    assert summary(make.table(PRODUCTION, lines)).to_pyarrow().to_pylist() == [
        {"source": "t", "measure": "production", "verdict": "agrees", "tables": 2},
        {"source": "t", "measure": "production", "verdict": "no_total", "tables": 1},
    ]


COUNTRIES = ("CHN", "PER", "BOL", "IDN", "AUS", "X00")
parts = st.lists(st.integers(0, 99_999), min_size=1, max_size=6)
# Many tables in one run: building an expression takes longer than computing it.
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5, deadline=None)


def lines_of(values: Sequence[int]) -> list[Line]:
    return [line(country, float(value)) for country, value in zip(COUNTRIES, values, strict=False)]


def balances(make: SimpleNamespace, tables: Sequence[Sequence[Line]]) -> list[Line]:
    """The balances of many tables, in their order."""
    lines = [{**one, "commodity": f"{place:04}"} for place, own in enumerate(tables) for one in own]
    found: list[Line] = indicators()["production_balance"].run(make.table(PRODUCTION, lines)).to_pylist()
    return found


@quick
@given(st.lists(st.tuples(parts, st.sampled_from([1, 10, 100, 1000])), min_size=10, max_size=30))
def test_a_sum_rounded_as_publishers_do_always_agrees(
    make: SimpleNamespace, cases: list[tuple[list[int], int]]
) -> None:
    tables = [
        [*lines_of(values), total(float((sum(values) + step // 2) // step * step), float(step))]
        for values, step in cases
    ]
    assert {row["verdict"] for row in balances(make, tables)} == {"agrees"}


@quick
@given(st.lists(st.tuples(parts, st.sampled_from([1, 10, 100]), st.integers(1, 10_000)), min_size=10, max_size=30))
def test_a_total_further_off_than_all_rounding_never_agrees(
    make: SimpleNamespace, cases: list[tuple[list[int], int, int]]
) -> None:
    tables = [
        [*lines_of(values), total(sum(values) + step / 2 + len(values) / 2 + off, float(step))]
        for values, step, off in cases
    ]
    assert {row["verdict"] for row in balances(make, tables)} == {"disagrees"}


@quick
@given(st.lists(st.tuples(parts, st.integers(0, 10_000)), min_size=10, max_size=30))
def test_what_is_hidden_lies_within_what_the_total_leaves(
    make: SimpleNamespace, cases: list[tuple[list[int], int]]
) -> None:
    tables = [[*lines_of(values), line("USA", None), total(float(sum(values) + hidden))] for values, hidden in cases]
    for row, (_, hidden) in zip(balances(make, tables), cases, strict=True):
        assert row["verdict"] == "cannot_tell"
        assert row["hidden_least"] <= hidden <= row["hidden_most"]


def test_a_table_of_a_lake_without_production_is_empty(make: SimpleNamespace) -> None:
    assert indicators()["production_balance"].run(ibis.memtable(PRODUCTION.reader_schema.empty_table())).num_rows == 0
    assert make.rows(PRODUCTION, []).num_rows == 0
