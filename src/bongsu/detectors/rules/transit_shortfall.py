"""Our rule for chokepoints: are ships missing beyond a storm, in the last week or in the last four?

A quarter of the days, the worst, is left out of every window: two of a week, seven of four weeks. A stop of two days
leaves no trace, a blockade of six days cannot hide. The days that remain are held against the same days of the year
before. Days without a figure count among those left out; where more are unknown, nothing is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import OURS, TRANSIT, Rule
from bongsu.indicators.series import Values, shifted
from bongsu.indicators.transit_deficit import BASELINE_WEEKS, LEAST_WEEKS, NORMAL, WEEK
from bongsu.language import Text

FLOOR_WEEK, FLOOR_MONTH = 0.08, 0.07  # least spread assumed (logarithm): a dip of a few per cent is no alarm anywhere
CEILING = 0.15  # most spread granted: where half of the ships are gone, no restless past excuses it
FEWEST = 0.5  # ships a day; below, counts are too small for a ratio
_CELLS = 20_000_000  # held at once

Counts = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Stack = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]  # weeks back × series × days


@dataclass(frozen=True)
class Window:
    """A stretch of days and what it is held against.

    Args:
        days: its length.
        left_out: the worst of them, not counted.
        spared_weeks: weeks before its last day that stand outside the comparison, so that a decline does not hide itself.
    """

    days: int
    left_out: int
    spared_weeks: int


LAST_WEEK = Window(WEEK, left_out=2, spared_weeks=2)
LAST_MONTH = Window(4 * WEEK, left_out=7, spared_weeks=13)
REACH = WEEK * (LAST_MONTH.spared_weeks + BASELINE_WEEKS - 1) + LAST_MONTH.days  # days that one score rests on


def kept_mean(daily: Values, window: Window) -> Values:
    """Mean of the window's days, ending on each day, without the worst; NaN where too few are known."""
    days = np.stack([shifted(daily, back) for back in range(window.days)])
    kept = window.days - window.left_out
    best = -np.sort(np.where(np.isnan(days), np.inf, -days), axis=0)[:kept]
    enough = np.isfinite(days).sum(axis=0) >= kept
    return np.where(enough, np.where(enough, best, 0.0).mean(axis=0), np.nan)


def _median(ordered: Stack, count: Counts) -> Values:
    """Median over the first axis, sorted with NaN last, of `count` known cells; NaN where there is none."""
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    middle = [np.take_along_axis(ordered, np.minimum(at, len(ordered) - 1)[None], axis=0)[0] for at in (low, high)]
    return np.where(count > 0, (middle[0] + middle[1]) / 2, np.nan)


def _usual(logs: Values, window: Window) -> tuple[Values, Values]:
    """Median and robust spread of the same window, ending on the same weekday of the 52 weeks before the spared ones."""
    weeks = range(window.spared_weeks, window.spared_weeks + BASELINE_WEEKS)
    past = np.sort(np.stack([shifted(logs, WEEK * back) for back in weeks]), axis=0)
    count = np.isfinite(past).sum(axis=0)
    middle = _median(past, count)
    spread = NORMAL * _median(np.sort(np.abs(past - middle), axis=0), count)
    return np.where(count >= LEAST_WEEKS, middle, np.nan), spread


def shortfall(daily: Values, window: Window, floor: float, ceiling: float) -> tuple[Values, Values]:
    """How far each day's window falls short of its habit.

    Where ships are few, chance alone leaves some out: no more is said than counts of that size bear, on the scale of
    square roots, where a chance count spreads by one half whatever its size.

    Args:
        daily: series × days, ships; NaN is unknown.
        window: which days.
        floor: least spread, in logarithms.
        ceiling: most spread.

    Returns:
        spreads (positive: ships are missing), and the part missing (1: all).
    """
    ships = kept_mean(daily, window)
    logs = np.log(np.maximum(ships, FEWEST))
    usual, spread = _usual(logs, window)
    beyond_habit = (usual - logs) / np.clip(spread, floor, ceiling)
    beyond_chance = 2 * np.sqrt(window.days - window.left_out) * (np.exp(usual / 2) - np.sqrt(ships))
    return np.minimum(beyond_habit, beyond_chance), 1 - ships / np.exp(usual)


def transit_shortfall(
    daily: Values, *, floor_week: float = FLOOR_WEEK, floor_month: float = FLOOR_MONTH, ceiling: float = CEILING
) -> Values:
    """The larger of the week's and the four weeks' shortfall, in spreads; of one alone where the other is unknown."""
    scores = np.full(daily.shape, np.nan)
    for rows in _blocks(daily.shape):
        week, _ = shortfall(daily[rows], LAST_WEEK, floor_week, ceiling)
        month, _ = shortfall(daily[rows], LAST_MONTH, floor_month, ceiling)
        scores[rows] = np.fmax(week, month)
    return scores


def _blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    """Rows, few enough at a time that the year before fits into memory."""
    rows = max(1, _CELLS // (BASELINE_WEEKS * max(shape[1], 1)))
    return (slice(first, first + rows) for first in range(0, shape[0], rows))


def score(panel: Panel, **constants: float) -> Values:
    """The score of each day: `transit_shortfall` of the panel's counts."""
    return transit_shortfall(panel.values, **constants)


RULES = (
    Rule(
        id=OURS,
        layer=TRANSIT,
        name=Text("통항 부족(가장 나쁜 날을 뺀 한 주와 네 주)", "Shortfall of ships, the worst days left out"),
        formula="max over (7 days, best 5, k = 2 … 53) and (28 days, best 21, k = 13 … 64) of (med ln M_{t−7k} − ln M_t) / "
        "min(max(1.4826·MAD, 0.08 or 0.07), 0.15), M the mean of the n best days; at most 2√n (√med M − √M)",
        source="median and MAD: Rousseeuw & Croux (1993), JASA 88; square roots of counts: Bartlett (1936); windows and constants are ours (docs/develop)",
        score=score,
        constants=MappingProxyType(
            {"floor_week": FLOOR_WEEK, "floor_month": FLOOR_MONTH, "ceiling": CEILING},
        ),
        grid=MappingProxyType(
            {"floor_week": (0.05, 0.08), "floor_month": (0.06, 0.07, 0.08), "ceiling": (0.15, 0.2, 9.0)}
        ),
    ),
)
