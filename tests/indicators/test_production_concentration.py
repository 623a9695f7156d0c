"""Concentration of producers, with both ends for what is hidden: by hand, and for all."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.indicators.indicator import indicators
from bongsu.records.shapes import PRODUCTION

YEAR = {"valid": date(2024, 1, 1), "valid_until": date(2024, 12, 31), "frequency": "A"}
MINE = {"source": "t", "commodity": "tin", "measure": "production", "stage": "mine", "detail": "", "unit": "t", **YEAR}
Line = dict[str, Any]


def line(country: str, value: float | None, **more: object) -> Line:
    stated = "withheld" if value is None else "figure"
    return {**MINE, "country": country, "value": value, "rounded_to": 1.0, "stated": stated, **more}


def concentration(make: SimpleNamespace, lines: Sequence[Line]) -> Line:
    (row,) = indicators()["production_concentration"].run(make.table(PRODUCTION, lines)).to_pylist()
    return dict(row)


def ends(row: Line) -> tuple[float | None, ...]:
    names = ("top_share_least", "top_share_most", "hhi_least", "hhi_most")
    return tuple(None if row[name] is None else round(row[name], 6) for name in names)


@pytest.mark.parametrize(
    ("lines", "expected", "whole_by", "complete"),
    [
        ([line("CHN", 60), line("PER", 40)], (0.6, 0.6, 0.52, 0.52), "sum", True),
        ([line("CHN", 60), line("PER", 40), line("W00", 100)], (0.6, 0.6, 0.52, 0.52), "world_total", True),
        ([line("CHN", 60), line("PER", 20), line("X00", 20), line("W00", 100)], (0.6, 0.6, 0.4, 0.44), "world_total", True),
        ([line("CHN", 60), line("USA", None), line("W00", 100)], (0.6, 0.6, 0.36, 0.52), "world_total", False),
        ([line("CHN", 20), line("USA", None), line("W00", 100)], (0.2, 0.8, 0.04, 0.68), "world_total", False),
        ([line("CHN", 60), line("PER", 44), line("W00", 100)], (0.576923, 0.576923, 0.511834, 0.511834), "sum", True),
        ([line("CHN", 60), line("USA", None)], (None, None, None, None), None, False),
        ([line("CHN", 60), line("USA", None, in_total=False), line("W00", 60)], (1.0, 1.0, 1.0, 1.0), "world_total", False),
        ([line("CHN", 60), line("USA", 99, in_total=False), line("W00", 60)], (1.0, 1.0, 1.0, 1.0), "world_total", False),
        ([line("CHN", 60), line("DEU", None, stated="included elsewhere"), line("X00", 40)], (0.6, 0.6, 0.36, 0.52), "sum", False),
        ([line("CHN", None), line("USA", None), line("W00", 60)], (None, None, None, None), None, False),
        ([line("CHN", 60), line("PER", 40, unit="kt"), line("W00", 100)], (None, None, None, None), None, False),
        ([line("CHN", 0), line("W00", 0)], (None, None, None, None), None, False),
    ],
)  # fmt: skip
def test_both_ends(
    make: SimpleNamespace,
    lines: list[Line],
    expected: tuple[float | None, ...],
    whole_by: str | None,
    complete: bool,  # noqa: FBT001
) -> None:
    row = concentration(make, lines)
    assert (ends(row), row["whole_by"], row["complete"]) == (expected, whole_by, complete)


def test_shares_of_the_world_have_the_world_for_their_whole(make: SimpleNamespace) -> None:
    share = {"unit": "share", "rounded_to": 0.01}
    short = concentration(make, [line("CHN", 0.7, **share), line("PER", 0.2, **share)])
    over = concentration(make, [line("CHN", 0.7, **share), line("PER", 0.31, **share)])  # 1 % too much, by rounding
    wrong = concentration(make, [line("CHN", 0.7, **share), line("PER", 0.7, **share)])
    assert [(ends(row)[0], row["whole_by"], round(row["known_share"], 6)) for row in (short, over, wrong)] == [
        (0.7, "share", 0.9),
        (0.7, "share", 1.01),
        (0.5, "sum", 1.0),
    ]


def test_the_top_country_is_sure_only_where_nothing_hidden_can_be_larger(make: SimpleNamespace) -> None:
    sure = concentration(make, [line("CHN", 60), line("USA", None), line("W00", 100)])
    unsure = concentration(make, [line("CHN", 40), line("USA", None), line("W00", 100)])
    tied = concentration(make, [line("PER", 50), line("CHN", 50), line("W00", 100)])
    told = [(row["top_country"], row["top_sure"], row["withheld"]) for row in (sure, unsure, tied)]
    assert told == [("CHN", True, 1), ("CHN", False, 1), ("CHN", True, 0)]


def test_aggregates_are_never_countries(make: SimpleNamespace) -> None:
    lines = [line("CHN", 10), line("X00", 70), line("CAN+USA", 20), line("W00", 100)]
    row = concentration(make, lines)
    assert (row["countries"], row["top_country"], row["top_share_least"], row["top_share_most"]) == (1, "CHN", 0.1, 0.9)


# Many tables in one run: building an expression takes longer than computing it.
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5, deadline=None)
COUNTRIES = ("CHN", "PER", "BOL", "IDN", "AUS")
outputs = st.lists(st.integers(1, 10_000), min_size=1, max_size=5)
SLACK = 1 + 1e-12


def concentrations(make: SimpleNamespace, tables: Sequence[Sequence[Line]]) -> list[Line]:
    """The rows of many tables, in their order."""
    lines = [{**one, "commodity": f"{place:04}"} for place, own in enumerate(tables) for one in own]
    found: list[Line] = indicators()["production_concentration"].run(make.table(PRODUCTION, lines)).to_pylist()
    return found


def lines_of(values: Sequence[float]) -> list[Line]:
    return [line(country, float(value)) for country, value in zip(COUNTRIES, values, strict=False)]


@quick
@given(st.lists(st.tuples(outputs, st.lists(st.integers(1, 10_000), max_size=4)), min_size=10, max_size=30))
def test_the_true_index_lies_between_the_ends_whoever_the_hidden_are(
    make: SimpleNamespace, cases: list[tuple[list[int], list[int]]]
) -> None:
    tables = [
        [*lines_of(named), *([line("USA", None)] if hidden else []), line("W00", float(sum(named) + sum(hidden)))]
        for named, hidden in cases
    ]
    for row, (named, hidden) in zip(concentrations(make, tables), cases, strict=True):
        whole = sum(named) + sum(hidden)
        index = sum((value / whole) ** 2 for value in (*named, *hidden))
        largest = max(*named, *hidden, 0) / whole
        assert row["hhi_least"] <= index * SLACK
        assert index <= row["hhi_most"] * SLACK
        assert row["top_share_least"] <= largest * SLACK
        assert largest <= row["top_share_most"] * SLACK


@quick
@given(st.lists(st.tuples(outputs, st.sampled_from([0.001, 1000.0])), min_size=5, max_size=20))
def test_the_unit_changes_nothing(make: SimpleNamespace, cases: list[tuple[list[int], float]]) -> None:
    scaled = concentrations(make, [lines_of([value * factor for value in values]) for values, factor in cases])
    plain = concentrations(make, [lines_of(values) for values, _ in cases])
    assert [ends(row) for row in scaled] == [ends(row) for row in plain]
