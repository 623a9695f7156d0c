"""Chokepoints: the deficit of the last week, by hand and without a look ahead."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.transit_deficit import transit_deficit
from bongsu.records.shapes import TRANSIT

START = date(2020, 1, 1)


def days(make: SimpleNamespace, counts: list[float | None]) -> pa.Table:
    return make.rows(
        TRANSIT,
        [
            {
                "source": "test", "chokepoint": "suez", "ship_class": "total", "valid": START + timedelta(n),
                "frequency": "D", "transits": count,
            }
            for n, count in enumerate(counts)
        ],
    )  # fmt: skip


def rows(table: pa.Table) -> list[dict[str, Any]]:
    return transit_deficit(table).sort_by("valid").to_pylist()


def test_a_week_at_half_of_the_usual_traffic(make: SimpleNamespace) -> None:
    last = rows(days(make, [10.0] * 400 + [5.0] * 7))[-1]
    assert (last["week"], last["normal"], last["deficit"], last["weeks"]) == (35.0, 70.0, 0.5, 52)
    assert last["z"] == -35.0  # no spread in the past: the least one, a single ship, is assumed


def test_median_and_spread_by_hand(make: SimpleNamespace) -> None:
    weeks = [60.0 + n % 5 for n in range(60)]
    found = rows(days(make, [week / 7 for week in weeks for _ in range(7)]))[-1]
    past = np.array(weeks[-54:-2])
    median = float(np.median(past))
    assert found["normal"] == pytest.approx(median)
    spread = 1.4826 * float(np.median(np.abs(past - median)))
    assert found["z"] == pytest.approx((weeks[-1] - median) / spread)


def test_an_unknown_day_leaves_its_week_unknown(make: SimpleNamespace) -> None:
    counts: list[float | None] = [10.0] * 410
    counts[402] = None
    unknown = [n for n, row in enumerate(rows(days(make, counts))) if n >= 300 and row["deficit"] is None]
    assert unknown == list(range(402, 409))


def test_half_a_year_is_needed_before_anything_is_said(make: SimpleNamespace) -> None:
    known = [row["deficit"] is not None for row in rows(days(make, [10.0] * 250))]
    assert known.index(True) == 6 + 7 * 27


def test_no_ships_in_the_past_gives_no_fraction(make: SimpleNamespace) -> None:
    assert rows(days(make, [0.0] * 400 + [3.0] * 7))[-1]["deficit"] is None


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), cut=st.integers(260, 440))
def test_later_days_never_change_an_earlier_deficit(make: SimpleNamespace, seed: int, cut: int) -> None:
    table = days(make, [float(n) for n in np.random.default_rng(seed).poisson(20, 440)])
    assert rows(table)[:cut] == rows(table.slice(0, cut))
