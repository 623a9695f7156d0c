"""Our rule for breaks in monthly trade: the last months against the same months of last year and against the year before.

The arithmetic stands here once, months × series and vectorised over the series; the rule of the backtest, the kernel that
runs on Spark and the watch all call it. Nothing in a series' score depends on another series. The constants, why they are
what they are, and what was measured: docs/develop/flow-detector.md.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from bongsu.detectors.windows import Flags, Months, highest, later, means, sums
from bongsu.indicators.series import Values

YEAR, LONG = 12, 36
SHORT = (2, 3)  # months whose means are held against the past
LEAST = 6  # known months of twelve, without which there is no level to compare with
SPREAD = 48  # months of a series' own past that tell how far it swings
CLIP = 2.0  # a fall or rise beyond e² tells nothing more about how a series swings
PRIOR = 36.0  # months of a swing of 1 that stand before a series' own: what a short past cannot tell
OWN, USUAL = 6.0, 0.5  # months and swing that stand before its own when it is put into a class
LIMIT = 4.0  # one month counts at most so much in the slow parts
FADE, SLACK, TOP = 0.3, 1.0, 8.0  # EWMA's weight of the newest month; CUSUM's allowance and ceiling
DRIFT = 0.25  # of CUSUM, against a large break
SUDDEN, MOST = (
    0.3,
    9.0,
)  # of one month's fall in the series' own swings, against a large break; and what it counts at most
RECENT, HABIT, HABIT_LEAST = 6, 24, 12  # months of silence, and of the habit that it is held against
SELDOM = 0.5  # a series that trades in fewer months than this is intermittent
SILENCE = 0.8  # of the silence, against a large break
JUMP = 0.25  # of a jump, against a fall: goods that rush ahead of a control
AGAIN, MEMORY = 3, 12  # from the third to the twelfth month after, what was said is not news
Classes = np.ndarray[tuple[int, int], np.dtype[np.int8]]
CHUNK = 1024  # series at a time: what fits in a core's cache
EDGES = (0.5, 0.8)  # of the swing: below the first a series is steady, from the second on it is rough
STEADY, UNEVEN, ROUGH, INTERMITTENT = 0, 1, 2, 3  # volatility classes
CLASSES = ("steady", "uneven", "rough", "intermittent")


@dataclass(frozen=True)
class Weights:
    """The constants that a backtest may choose.

    Args:
        floor: share of the mean of three years that is added before logarithms are taken.
        told: how much of the highest score of the third to the twelfth month before is taken off.
        jump: weight of a jump.
    """

    floor: float = 0.05
    told: float = 0.5
    jump: float = JUMP


@dataclass(frozen=True)
class Parts:
    """What the score is made of; months × series, higher is more alarming, NaN cannot be judged.

    Args:
        large: a large break: the last two and three months against the same of last year and against the year before.
        drift: a slow decline: EWMA and CUSUM of the months one by one.
        sudden: the newest month alone, below both pasts, in the series' own swings: what hardly moved and now does.
        silence: months without trade against the series' own habit.
        jump: the newest month far above both pasts.
        raw: the part that applies, before what was already said is taken off.
        score: the score.
        swing: how far the series swings by its own past; the volatility.
        intermittent: it trades in less than half of the months.
    """

    large: Months
    drift: Months
    sudden: Months
    silence: Months
    jump: Months
    raw: Months
    score: Months
    swing: Months
    intermittent: Flags


def _fall(filled: Months, known: Months, months: int, level: Months, floor: Months) -> Months:
    """Logarithm of the geometric mean of last year's and the recent level, over the mean of the last `months`."""
    now = means(filled, known, months, 1)
    before = later(level, months, np.nan)
    year = later(now, YEAR, np.nan)
    year = np.where(np.isnan(year), before, year)
    ratio = (year / floor + 1.0) * (before / floor + 1.0) / np.square(now / floor + 1.0)
    fall: Months = 0.5 * np.log(ratio)
    return fall


def _sudden(filled: Months, level: Months, floor: Months) -> Months:
    """Logarithm of the lower of last year's month and the recent level, over the newest month."""
    before = later(level, 1, np.nan)
    lower = np.fmin(before, later(filled, YEAR, np.nan))
    fall: Months = np.log((lower / floor + 1.0) / (filled / floor + 1.0))
    return fall


def _drift(months: Months) -> Months:
    """The larger of EWMA and CUSUM (in its weight) of standardised months; an unknown month changes neither."""
    drift = np.full_like(months, np.nan)
    slow, summed = np.zeros(months.shape[1:], np.float32), np.zeros(months.shape[1:], np.float32)
    clipped = np.clip(months, -LIMIT, LIMIT)
    for at, month in enumerate(clipped):
        held = ~np.isnan(month)
        slow = np.where(held, (1 - FADE) * slow + FADE * month, slow)
        summed = np.where(held, np.clip(summed + month - SLACK, 0.0, TOP), summed)
        drift[at] = np.where(held, np.maximum(slow, DRIFT * summed), np.nan)
    return drift


def _silence(active: Months, known: Months) -> tuple[Months, Flags]:
    """Standard deviations by which the months with trade fall short of the habit, and who is intermittent."""
    months = later(sums(known, HABIT), RECENT, 0.0)
    traded = later(sums(active, HABIT), RECENT, 0.0)
    habit = (traded + 1.0) / (months + 2.0)
    held = sums(known, RECENT)
    now = np.divide(sums(active, RECENT), np.maximum(held, 1))
    silence: Months = np.multiply(SILENCE * (habit - now), np.sqrt(held / (habit * (1.0 - habit))))
    seldom: Flags = (months >= HABIT_LEAST) & (traded < SELDOM * months)
    return silence, seldom


def _news(raw: Months, told: float, since: int) -> Months:
    """`raw` less a part of its highest value from `since` to `MEMORY` months before."""
    said = later(highest(np.nan_to_num(raw, nan=0.0), MEMORY - since + 1), since, 0.0)
    news: Months = np.subtract(raw, told * np.maximum(said, 0))
    return news


def _swings(fall: Months) -> tuple[Months, Months]:
    """The yardstick (own swing with a strong prior) and the volatility (with a weak one), from earlier months only."""
    squares = np.square(np.clip(fall, -CLIP, CLIP))
    seen = ~np.isnan(squares)
    total = later(sums(np.nan_to_num(squares), SPREAD), 1, 0.0)
    count = later(sums(seen.astype(np.float32), SPREAD), 1, 0.0)
    yardstick: Months = np.sqrt((PRIOR + total) / (PRIOR + count))
    swing: Months = np.sqrt((OWN * USUAL**2 + total) / (OWN + count))
    return yardstick, swing


def break_parts(values: Values, weights: Weights) -> Parts:
    """The parts of the score of monthly figures.

    Args:
        values: months × series; NaN unknown, 0 nothing traded. Single precision is enough for what follows.
        weights: the constants.
    """
    seen = np.isfinite(values) & (values >= 0)
    filled = np.where(seen, values, 0.0).astype(np.float32)
    known = (seen[:, :1] if seen.all() else seen).astype(np.float32)  # what holds for all is counted once
    active = (filled > 0).astype(np.float32)
    floor = weights.floor * means(filled, known, LONG, LEAST)
    floor[(sums(active, LONG) == 0) | ~seen] = np.nan
    level = means(filled, known, YEAR, LEAST)
    falls = [_fall(filled, known, months, level, floor) for months in SHORT]
    fall: Months = np.add.reduce(falls) / len(falls)
    yardstick, swing = _swings(fall)
    month: Months = _fall(filled, known, 1, level, floor) / yardstick
    large, drift = fall / yardstick, _drift(month)
    silence, seldom = _silence(active, known)
    silence[np.isnan(floor)] = np.nan
    sudden: Months = SUDDEN * np.clip(_sudden(filled, level, floor) / swing, -MOST, MOST)
    raw = np.where(seldom, silence, np.fmax(np.fmax(large, drift), sudden))
    jump = np.where(seldom, np.float32(np.nan), weights.jump * _news(-month, weights.told, 1))
    score = np.fmax(_news(raw, weights.told, AGAIN), jump)
    return Parts(large, drift, sudden, silence, jump, raw, score, swing, seldom)


def volatility(parts: Parts) -> Classes:
    """The volatility class of each month: how far the series swung before, or that it trades seldom."""
    classes: Classes = np.digitize(parts.swing, EDGES).astype(np.int8)
    classes[parts.intermittent] = INTERMITTENT
    return classes


@dataclass(frozen=True)
class Scored:
    """Series × months: the score and the volatility class, both from that month's past only."""

    score: Values
    volatility: Classes


def scored(values: Values, quantities: Values | None, weights: Weights, threads: int = 2) -> Scored:
    """Score many series, some thousands at a time.

    Args:
        values: series × months.
        quantities: the same trade in kilograms; where both can be judged, the score is the mean of the two: what a
            price does to the value alone counts half.
        weights: the constants.
        threads: at work at once.
    """
    found = Scored(np.empty(values.shape), np.empty(values.shape, dtype=np.int8))

    def fill(start: int) -> None:
        part = slice(start, start + CHUNK)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            parts = break_parts(np.ascontiguousarray(values[part].T), weights)
            score = parts.score
            if quantities is not None:
                score = beside(score, values[part], quantities[part], weights)
        found.score[part], found.volatility[part] = score.T, volatility(parts).T

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(values), CHUNK)))
    return found


def beside(score: Months, values: Values, quantities: Values, weights: Weights) -> Months:
    """The score of the values, halved with that of the quantities where there is one; a stated weight of 0 is none."""
    stated = np.where((quantities == 0) & (values > 0), np.nan, quantities)
    if not np.isfinite(stated).any():
        return score
    other = break_parts(np.ascontiguousarray(stated.T), weights).score
    both: Months = np.where(np.isnan(other), score, 0.5 * (score + other))
    return both
