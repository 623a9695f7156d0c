"""Kaminsky–Reinhart ratios and Sarlin's usefulness, counted in onsets and in quiet quarters.

Kaminsky, G., Lizondo, S. and Reinhart, C. (1998), Leading indicators of currency crises, IMF Staff Papers 45(1); Sarlin,
P. (2013), On policymakers' loss functions and the evaluation of early warning systems, Economics Letters 119(1). A hit
is an onset with an alarm in its days (A), a miss one without (C). An episode lasts three months, so quiet is counted in
series-quarters: those with a false alarm (B) and those without (D).
"""

from collections.abc import Mapping
from dataclasses import dataclass

QUARTERS = 4  # in a year
PREFERENCES = (0.8, 0.95, 0.99)  # weight of a missed onset against a false alarm, of those who decide


@dataclass(frozen=True)
class Ratios:
    """The ratios at one threshold; None where there is nothing to divide by.

    Args:
        hits, false_alarms, misses, quiet: A, B, C, D.
        type_1: C/(A+C), onsets missed.
        type_2: B/(B+D), quiet quarters with a false alarm.
        noise_to_signal: type 2 / (1 − type 1).
        usefulness: relative, by preference μ: (min(μP₁, (1−μ)P₂) − μP₁T₁ − (1−μ)P₂T₂) / min(μP₁, (1−μ)P₂).
    """

    hits: int
    false_alarms: int
    misses: int
    quiet: float
    type_1: float | None
    type_2: float | None
    noise_to_signal: float | None
    usefulness: Mapping[float, float | None]


def ratios(hits: int, cases: int, false_alarms: int, series_years: float) -> Ratios:
    """The ratios of one rule at one threshold."""
    quarters = series_years * QUARTERS
    first = (cases - hits) / cases if cases else None
    second = min(false_alarms / quarters, 1.0) if quarters else None
    noise = None if first is None or second is None or first >= 1 else second / (1 - first)
    return Ratios(
        hits=hits,
        false_alarms=false_alarms,
        misses=cases - hits,
        quiet=max(quarters - false_alarms, 0.0),
        type_1=first,
        type_2=second,
        noise_to_signal=noise,
        usefulness={one: _usefulness(one, first, second, cases, quarters) for one in PREFERENCES},
    )


def _usefulness(
    preference: float, first: float | None, second: float | None, cases: int, quarters: float
) -> float | None:
    """What is gained over always or never ringing, as a share of the most that could be."""
    if first is None or second is None:
        return None
    share = cases / (cases + quarters)
    missing, ringing = preference * share, (1 - preference) * (1 - share)
    best = min(missing, ringing)
    return (best - missing * first - ringing * second) / best if best else None
