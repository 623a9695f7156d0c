"""Scores as forecasts: probabilities by isotonic calibration, judged on the half of the series that did not fit them.

A forecast is a scored period: with a 1 for a period within a case's days, a 0 for a quiet one. Brier, G. W. (1950);
isotonic calibration by pooling adjacent violators (Ayer et al. 1955); average precision as the area under the steps of
precision over recall, ties together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bongsu.fusion.backtest.ledger import Ledger
from bongsu.indicators.series import Places, Values

SEEDS = 5
BINS = np.array([0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
ENOUGH = 100  # forecasts in a bin before its reliability says anything

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Forecasts:
    """The forecasts of one rule.

    Args:
        scores: one a forecast; the lowest of all where the rule says nothing.
        outcomes: 1 or 0.
        group: the case or series that it belongs to: halves never part one.
        cases: how many groups are cases; they come first.
        groups: how many there are, those without a forecast among them.
    """

    scores: Numbers
    outcomes: Numbers
    group: Places
    cases: int
    groups: int


@dataclass(frozen=True)
class Bin:
    """Forecasts of about one probability, on unseen halves.

    Args:
        least, most: the bin.
        forecasts: how many.
        said: the mean probability.
        came: how often the event came.
    """

    least: float
    most: float
    forecasts: int
    said: float
    came: float


@dataclass(frozen=True)
class Judged:
    """How good the forecasts are.

    Args:
        average_precision: over all of them; `base_rate` is what chance would give.
        brier, brier_skill: mean over the seeds, on the unseen half; the skill is against the fitted half's base rate.
        skills: the skill of each seed.
        bins: reliability over all seeds.
    """

    average_precision: float | None
    base_rate: float | None
    brier: float | None
    brier_skill: float | None
    skills: tuple[float, ...]
    bins: tuple[Bin, ...]


def forecasts(ledger: Ledger, scores: Values) -> Forecasts:
    """The forecasts in the cases' days and in the quiet months."""
    rows = ledger.quiet_rows
    parts = [scores[one.row][one.inside] for one in ledger.windows] + [scores[row][ledger.quiet[row]] for row in rows]
    sizes = [len(part) for part in parts]
    flat = np.concatenate(parts) if parts else np.zeros(0)
    least = flat[np.isfinite(flat)].min(initial=0.0) - 1
    cases = len(ledger.windows)
    group = np.repeat(np.arange(len(parts)), sizes)
    outcomes = (group < cases).astype(np.float64)
    return Forecasts(np.where(np.isfinite(flat), flat, least), outcomes, group, cases, len(parts))


def judged(made: Forecasts, seed: int) -> Judged:
    """Fit on a random half of cases and series, judge on the other; `SEEDS` times."""
    whole = average_precision(made.scores, made.outcomes)
    base_rate = float(made.outcomes.mean()) if len(made.outcomes) else None
    runs = [one for k in range(SEEDS) if (one := _one_run(made, seed + k)) is not None]
    if not runs:
        return Judged(whole, base_rate, None, None, (), ())
    said, came = (np.concatenate([run[i] for run in runs]) for i in (0, 1))
    briers = [float(np.mean((p - y) ** 2)) for p, y, _ in runs]
    skills = tuple(1 - b / float(np.mean((base - y) ** 2)) for b, (_, y, base) in zip(briers, runs, strict=True))
    return Judged(
        average_precision=whole,
        base_rate=base_rate,
        brier=float(np.mean(briers)),
        brier_skill=float(np.mean(skills)),
        skills=skills,
        bins=tuple(reliability(said, came)),
    )


def halves(groups: int, cases: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which groups are in the first half: half of the cases and half of the quiet series, at random."""
    dice = np.random.default_rng(seed)
    chosen = np.zeros(groups, dtype=np.bool_)
    chosen[dice.permutation(cases)[: (cases + 1) // 2]] = True
    others = groups - cases
    chosen[cases + dice.permutation(others)[: (others + 1) // 2]] = True
    return chosen


def _one_run(made: Forecasts, seed: int) -> tuple[Numbers, Numbers, float] | None:
    """Probabilities and outcomes of the unseen half, and the fitted half's base rate; None: a half without either."""
    first = halves(made.groups, made.cases, seed)[made.group]
    if not all(half.any() and 0 < made.outcomes[half].mean() < 1 for half in (first, ~first)):
        return None
    knots, values = isotonic(made.scores[first], made.outcomes[first])
    return np.interp(made.scores[~first], knots, values), made.outcomes[~first], float(made.outcomes[first].mean())


def isotonic(scores: Numbers, outcomes: Numbers) -> tuple[Numbers, Numbers]:
    """The nondecreasing function of the score that is nearest to the outcomes: its knots and its values there."""
    knots, place = np.unique(scores, return_inverse=True)
    weight = np.bincount(place).astype(np.float64)
    mean = np.bincount(place, weights=outcomes) / weight
    opens = np.flatnonzero(np.diff(mean, prepend=-1.0))  # neighbours of one value are one block to begin with
    sizes, lengths = np.add.reduceat(weight, opens), np.diff(np.append(opens, len(mean)))
    blocks: list[tuple[float, float, int]] = []
    for opening in zip(mean[opens].tolist(), sizes.tolist(), lengths.tolist(), strict=True):
        block = opening
        while blocks and blocks[-1][0] >= block[0]:
            block = _pooled(blocks.pop(), block)
        blocks.append(block)
    return knots, np.repeat([value for value, *_ in blocks], [number for *_, number in blocks])


def _pooled(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    weight = one[1] + other[1]
    return (one[0] * one[1] + other[0] * other[1]) / weight, weight, one[2] + other[2]


def average_precision(scores: Numbers, outcomes: Numbers) -> float | None:
    """Sum over thresholds of (recall gained) · (precision there); None without both outcomes."""
    positives = outcomes.sum()
    if not 0 < positives < len(outcomes):
        return None
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    found = np.cumsum(outcomes[order])[ends]
    gained = np.diff(found, prepend=0.0) / positives
    return float(np.sum(gained * found / (ends + 1)))


def reliability(said: Numbers, came: Numbers) -> Sequence[Bin]:
    """How often the event came, by the probability that was said."""
    place = np.clip(np.searchsorted(BINS, said, side="right") - 1, 0, len(BINS) - 2)
    return [
        Bin(
            float(BINS[k]),
            float(BINS[k + 1]),
            int((place == k).sum()),
            float(said[place == k].mean()),
            float(came[place == k].mean()),
        )
        for k in range(len(BINS) - 1)
        if (place == k).any()
    ]
