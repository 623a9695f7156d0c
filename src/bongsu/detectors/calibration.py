"""What a score of the flow rule means: how often it comes for no cause, and how often trade stayed down after it.

Counted on a panel of past months and pooled by volatility class, since one series is too short to tell. Where the panel
at hand is too small for a class, the reference table that is shipped stands in: `detectors/data/flow_reference.csv`, from
US Census figures in the public domain, made by `python -m bongsu.detectors.calibrate`.

That table (`reference`), and the ladders of prices, unit values and transits, are constants of the rules: counted once, on
figures of years up to the last that were at hand, and used unchanged at every as-of day. A read of a day before their end
is therefore in-sample in them, though in nothing else; `FIXED_TABLES` says so beside every backtest.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from bongsu.detectors.episodes import Mask, start_places
from bongsu.detectors.flow_break import CLASSES, Classes, Scored
from bongsu.detectors.ladder import RATES, STRENGTHS
from bongsu.indicators.series import Places, Values, shifted
from bongsu.language import Text

Edges = np.ndarray[tuple[int], np.dtype[np.float64]]
WIDTH = 0.1
EDGES: Edges = np.round(
    np.arange(-1.0, 4.05, WIDTH), 1
)  # thresholds that are counted; a score below the first counts there
ENOUGH = 300.0  # series-years of a class, without which the reference table stands in
PRIOR = 10.0  # forecasts at the share of the class that stand beside each count: few counts prove little
AHEAD, YEAR = 5, 12  # months after the score that are looked at
DOWN = 0.4  # of the same months of the year before: trade that fell so far and stayed there was broken

Counts = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # classes × edges
Told = Callable[[Edges], Edges]
FIELDS = ("episodes", "forecasts", "followed")
FIXED_TABLES = Text(
    "점수가 얼마나 드문지 말하는 표(흐름의 기준표, 가격·단가·통항의 눈금)는 규칙의 상수다. 뒤 해의 수치까지 세어 한 번 만든 것을 "
    "어느 기준일에나 그대로 쓴다. 그 끝보다 앞선 날의 결과는 이 표에 대해서는 표본 안이다.",
    "The tables that say how rare a score is (the reference of flows, the ladders of prices, unit values and transits) are "
    "constants of the rules: counted once, on figures of later years too, and used unchanged at every as-of day. Results of "
    "days before their end are in-sample in them.",
)


def isotonic(hits: Counts, trials: Counts) -> Counts:
    """Shares that never fall along the edges, as near to hits/trials as can be (Ayer et al. 1955), row by row.

    The value at k is the highest over i ≤ k of the lowest over j ≥ k of the share of i..j.
    """
    zeros = np.zeros((len(hits), 1))
    summed = [np.concatenate([zeros, np.cumsum(part, axis=1)], axis=1) for part in (hits, trials)]
    above, below = (part[:, None, 1:] - part[:, :-1, None] for part in summed)  # classes × i × j
    empty = below <= 0
    share = np.where(empty, np.inf, above / np.where(empty, 1.0, below))
    lowest = np.minimum.accumulate(share[:, :, ::-1], axis=2)[:, :, ::-1]
    lowest = np.where(np.isinf(lowest), -np.inf, lowest)
    highest = np.maximum.accumulate(lowest, axis=1)
    found: Counts = np.diagonal(highest, axis1=1, axis2=2).copy()
    return np.clip(found, 0.0, 1.0)


@dataclass(frozen=True)
class Tally:
    """Counts on a panel, by volatility class and edge.

    Args:
        years: series-years by class, of the months after which enough is known.
        episodes: alarms for no cause: they start where the edge is the threshold, and trade did not stay down after.
        forecasts: months with a score from this edge to the next, of which the months after are known.
        followed: those after which trade stayed down.
    """

    years: np.ndarray[tuple[int], np.dtype[np.float64]]
    episodes: Counts
    forecasts: Counts
    followed: Counts

    def __add__(self, other: "Tally") -> "Tally":
        """Both panels together."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("years", *FIELDS))
        return Tally(*(one + two for one, two in pairs))

    def or_else(self, reference: "Tally") -> "Tally":
        """These counts, and those of `reference` for the classes that have too little."""
        enough = self.years >= ENOUGH
        parts = (np.where(enough[:, None], getattr(self, name), getattr(reference, name)) for name in FIELDS)
        return Tally(np.where(enough, self.years, reference.years), *parts)


def stayed_down(values: Values) -> Values:
    """1 where the five months after brought at most 0.4 of the same months a year before, else 0; NaN: not known yet."""
    ahead = np.full(values.shape, np.nan)
    if values.shape[1] > AHEAD:
        windows = np.lib.stride_tricks.sliding_window_view(values, AHEAD, axis=1).sum(axis=2)
        ahead[:, : values.shape[1] - AHEAD] = windows[:, 1:]
    before = shifted(ahead, YEAR)
    with np.errstate(invalid="ignore"):
        down: Values = np.where(np.isnan(ahead) | ~(before > 0), np.nan, ahead <= DOWN * before)
    return down


def tally(found: Scored, values: Values, judged: Mask) -> Tally:
    """Count a panel.

    Args:
        found: scores and volatility classes.
        values: the figures that were scored.
        judged: where a score counts; a series' first 36 months do not.
    """
    scores = np.where(judged, found.score, np.nan)
    seen, classes = np.isfinite(scores), found.volatility.reshape(-1)
    bins = np.clip(np.searchsorted(EDGES, scores[seen], side="right") - 1, 0, len(EDGES) - 1)
    down = stayed_down(values)[seen]
    known = np.isfinite(down)
    cell = classes[seen.reshape(-1)].astype(np.int64) * len(EDGES) + bins
    shape = (len(CLASSES), len(EDGES))
    count = [np.bincount(cell[at], minlength=shape[0] * shape[1]) for at in (known, known & (down == 1))]
    back = np.flatnonzero(seen.reshape(-1))[known & (down == 0)]
    false = np.zeros(scores.size, dtype=np.bool_)
    false[back] = True
    starts = [np.bincount(classes[at[false[at]]], minlength=shape[0]) for at in _starts(scores)]
    years = np.bincount(classes[np.flatnonzero(seen.reshape(-1))[known]], minlength=shape[0]) / YEAR
    return Tally(
        years, np.stack(starts, axis=1).astype(np.float64), *(part.reshape(shape).astype(float) for part in count)
    )


def _starts(scores: Values) -> Iterator[Places]:
    """Where alarms start at each edge, as places in the matrix read row by row."""
    return (start_places(scores, float(edge), "M") for edge in EDGES)


@dataclass(frozen=True)
class Calibration:
    """What scores mean, by volatility class."""

    tally: Tally

    def rates(self) -> Counts:
        """Alarms a series and year for no cause at each edge; half an alarm more than was counted, and never rising."""
        rates = (self.tally.episodes + 0.5) / np.maximum(self.tally.years, 1.0)[:, None]
        falling: Counts = np.maximum.accumulate(rates[:, ::-1], axis=1)[:, ::-1]
        return falling

    def rate(self, scores: Values, classes: Classes) -> Values:
        """Alarms a series and year, if each score were the threshold; NaN where there is no score."""
        return self._read(EDGES, np.log(self.rates()), scores, classes, np.exp)

    def probability(self, scores: Values, classes: Classes) -> Values:
        """How often trade stayed down after such a score."""
        hits, trials = self.tally.followed, self.tally.forecasts
        usual = hits.sum(axis=1, keepdims=True) / np.maximum(trials.sum(axis=1, keepdims=True), 1.0)
        shares = isotonic(hits + PRIOR * usual, trials + PRIOR)
        return self._read(EDGES + WIDTH / 2, shares, scores, classes)  # counted from one edge to the next

    def strength(self, scores: Values, classes: Classes) -> Values:
        """0–1 on the scale of all layers, straight in the logarithm of the rate; 0 where there is no score."""
        rungs = [-np.log(rate) for rate in RATES]
        strengths: Values = np.interp(-np.log(self.rate(scores, classes)), rungs, STRENGTHS)
        return np.where(np.isnan(strengths), 0.0, strengths)

    def threshold(self, rate: float) -> tuple[float, ...]:
        """By class, the lowest edge that is reached no more often than `rate`; infinite where none is."""
        rare = self.rates() <= rate
        return tuple(float(EDGES[row.argmax()]) if row.any() else float("inf") for row in rare)

    @staticmethod
    def _read(at: Edges, table: Counts, scores: Values, classes: Classes, told: Told = np.positive) -> Values:
        """Cells of a table at scores, straight between the places `at`."""
        found = np.full(scores.shape, np.nan)
        for number, row in enumerate(table):
            mine = (classes == number) & np.isfinite(scores)
            found[mine] = told(np.interp(scores[mine], at, row))
        return found


def rows_of(counts: Tally) -> Iterable[tuple[str, ...]]:
    """The table as it is shipped: class, its series-years, edge, and the counts."""
    for number, name in enumerate(CLASSES):
        for at, edge in enumerate(EDGES):
            cells = (f"{getattr(counts, field)[number, at]:.0f}" for field in FIELDS)
            yield name, f"{counts.years[number]:.1f}", f"{edge:.1f}", *cells


@cache
def reference() -> Tally:
    """The shipped table: fixed, and counted on later years too than the as-of days at which it is used."""
    text = (files("bongsu.detectors") / "data" / "flow_reference.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    shape = (len(CLASSES), len(EDGES))
    parts = (np.array([float(row[field]) for row in rows]).reshape(shape) for field in FIELDS)
    years = np.array([float(row["series_years"]) for row in rows]).reshape(shape)[:, 0]
    return Tally(years, *parts)
