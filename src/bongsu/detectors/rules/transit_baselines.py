"""What our rule for chokepoints is held against: a plain deficit, week on week, and an alarm that never stops."""

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import TRANSIT, Rule
from bongsu.indicators.series import Values, shifted
from bongsu.indicators.transit_deficit import WEEK, week_deficit, week_sums
from bongsu.language import Text


def deficit_score(panel: Panel) -> Values:
    """Part of the usual week's ships that is missing."""
    return week_deficit(panel.values)


def naive_score(panel: Panel) -> Values:
    """Part of the week before's ships that is missing."""
    sums = week_sums(panel.values)
    before = shifted(sums, WEEK)
    fall: Values = 1 - sums / np.where(before > 0, before, np.nan)
    return fall


def always_score(panel: Panel) -> Values:
    """1 wherever there is a count."""
    return np.where(np.isfinite(panel.values), 1.0, np.nan)


RULES = (
    Rule(
        id="deficit",
        layer=TRANSIT,
        name=Text("한 주 부족률", "Deficit of the week"),
        formula="1 − S_t / med(S_{t−7k}), k = 2 … 53, S the 7-day sum",
        source="weekly sums as IMF PortWatch shows them",
        score=deficit_score,
    ),
    Rule(
        id="naive",
        layer=TRANSIT,
        name=Text("전주보다 줄어든 비율", "Fall on the week before"),
        formula="1 − S_t / S_{t−7}, S the 7-day sum",
        source="common practice",
        score=naive_score,
    ),
    Rule(
        id="always",
        layer=TRANSIT,
        name=Text("언제나 울림", "Always"),
        formula="1",
        source="the alarm that must not win",
        score=always_score,
    ),
)
