"""What our rule for flows is held against: the rules in use elsewhere, and two that must not win.

Each scores falls. Constants are those of its grid that caught most of the visible cases at 0.10 and 0.25 false alarms a
series and year, as ours were (docs/develop/flow-detector.md).
"""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.detectors.residuals import YEAR, below_level, below_season, below_smoothed, standardised
from bongsu.detectors.rule import FLOW, Rule
from bongsu.indicators.series import Values, shifted
from bongsu.language import Text

# The least yardstick, in logarithms: a series that never moved has none of its own. One so large that only the wildest
# series are measured by their own swing serves most of these rules best on the visible cases; so it is tuned as well.
LEAST = (1.0, 0.3)
SEASON = 0.05  # of the smoothing under EWMA and CUSUM
Grid = tuple[float, ...]
LIMIT = 6.0  # one month counts at most so much in a running sum


def year_on_year_score(panel: Panel) -> Values:
    """Fall against the same month of the year before, as a share of it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = 1 - panel.values / shifted(panel.values, YEAR)
    return np.where(np.isfinite(fall), fall, np.nan)


def robust_z_score(panel: Panel, years: float = 2, least: float = LEAST[0]) -> Values:
    """Fall below the median of the same month of earlier years, in robust standard deviations."""
    return standardised(below_season(panel.values, int(years)), least)


def median_score(panel: Panel, months: float = 12, least: float = LEAST[0]) -> Values:
    """Fall below the median of the months before, in robust standard deviations."""
    return standardised(below_level(panel.values, int(months)), least)


def smoothing_score(panel: Panel, alpha: float = 0.3, gamma: float = 0.05, least: float = LEAST[0]) -> Values:
    """Fall below seasonal exponential smoothing, in robust standard deviations."""
    return standardised(below_smoothed(panel.values, alpha, gamma), least)


def ewma_score(panel: Panel, weight: float = 0.3, alpha: float = 0.3, least: float = 1.5) -> Values:
    """Exponentially weighted mean of the smoothing's standardised residuals, over its own standard deviation."""
    months = smoothing_score(panel, alpha=alpha, gamma=SEASON, least=least)
    running, found = np.zeros(len(months)), np.full_like(months, np.nan)
    for at in range(months.shape[1]):
        held = np.isfinite(months[:, at])
        month = np.clip(months[:, at], -LIMIT, LIMIT)
        running = np.where(held, (1 - weight) * running + weight * month, running)
        found[held, at] = running[held]
    scaled: Values = found / np.sqrt(weight / (2 - weight))
    return scaled


def cusum_score(
    panel: Panel, slack: float = 0.5, top: float = 6.0, alpha: float = 0.3, least: float = LEAST[0]
) -> Values:
    """One-sided running sum of the smoothing's standardised residuals, less `slack` a month, between 0 and `top`."""
    months = smoothing_score(panel, alpha=alpha, gamma=SEASON, least=least)
    running, found = np.zeros(len(months)), np.full_like(months, np.nan)
    for at in range(months.shape[1]):
        held = np.isfinite(months[:, at])
        month = np.clip(months[:, at], -LIMIT, LIMIT)
        running = np.where(held, np.clip(running + month - slack, 0.0, top), running)
        found[held, at] = running[held]
    return found


def mean_of_three_score(panel: Panel) -> Values:
    """Mean of the seasonal robust z, the trailing median and the smoothing; each as tuned alone."""
    parts = [rule.scores(panel) for rule in (ROBUST_Z, MEDIAN, SES)]
    mean: Values = np.add.reduce(parts) / len(parts)
    return mean


def always_score(panel: Panel) -> Values:
    """1 wherever there is a figure."""
    return np.where(np.isfinite(panel.values), 1.0, np.nan)


def naive_score(panel: Panel) -> Values:
    """Fall against the month before, as a share of it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = 1 - panel.values / shifted(panel.values, 1)
    return np.where(np.isfinite(fall), fall, np.nan)


def _rule(id_: str, name: Text, formula: str, source: str, score: Callable[..., Values], **grid: Grid) -> Rule:
    """A rule whose constants are the first of what its grid allows."""
    return Rule(
        id=id_,
        layer=FLOW,
        name=name,
        formula=formula,
        source=source,
        score=score,
        constants=MappingProxyType({constant: chosen[0] for constant, chosen in grid.items()}),
        grid=MappingProxyType({constant: tuple(sorted(chosen)) for constant, chosen in grid.items()}),
    )


_YARDSTICK = "σ = 1.4826 × median |r| of the 36 months before, at least `least`; x = ln(v + 0.05 × mean of 36 months)"

ROBUST_Z = _rule(
    "robust_z",
    Text("계절 강건 z", "Seasonal robust z"),
    f"r / σ, r = median of x of the same month of `years` years before − x; {_YARDSTICK}",
    "common practice",
    robust_z_score,
    years=(2.0, 3.0, 5.0),
    least=LEAST,
)
MEDIAN = _rule(
    "trailing_median",
    Text("직전 몇 달의 중앙값과 견줌", "Against the median of the months before"),
    f"r / σ, r = median of x of the `months` before − x; {_YARDSTICK}",
    "common practice",
    median_score,
    months=(12.0, 6.0, 24.0),
    least=LEAST,
)
SES = _rule(
    "ses",
    Text("계절 지수 평활의 잔차", "Residual of seasonal exponential smoothing"),
    f"r / σ, r = level + season − x, smoothed with `alpha` and `gamma`; {_YARDSTICK}",
    "Holt (1957), Winters (1960), additive, without trend",
    smoothing_score,
    alpha=(0.3, 0.1, 0.5),
    gamma=(0.05,),
    least=LEAST,
)

RULES = (
    _rule(
        "yoy", Text("전년 같은 달 대비", "Year on year"), "1 − v_t / v_{t−12}", "common practice", year_on_year_score
    ),
    ROBUST_Z,
    MEDIAN,
    SES,
    _rule(
        "ewma",
        Text("지수 가중 이동 평균(EWMA)", "EWMA"),
        "EWMA of the smoothing's r / σ (gamma 0.05, cut at ±6) with `weight`, over √(weight / (2 − weight))",
        "Roberts (1959)",
        ewma_score,
        weight=(0.3, 0.15, 0.5),
        alpha=(0.3,),
        least=(1.5, 0.3, 1.0),
    ),
    _rule(
        "cusum",
        Text("누적합(CUSUM)", "CUSUM"),
        "C = C + r / σ − `slack`, between 0 and `top`, of the smoothing's r / σ (gamma 0.05, cut at ±6)",
        "Page (1954)",
        cusum_score,
        slack=(0.5, 0.25, 1.0),
        top=(6.0,),
        alpha=(0.3,),
        least=LEAST,
    ),
    _rule(
        "mean_of_three",
        Text("셋의 평균", "Mean of three"),
        "mean of robust_z, trailing_median and ses",
        "common practice",
        mean_of_three_score,
    ),
    _rule("always", Text("언제나 울림", "Always"), "1", "the alarm that must not win", always_score),
    _rule("naive", Text("전월 대비", "Month on month"), "1 − v_t / v_{t−1}", "common practice", naive_score),
)
