"""What our rule for prices is held against: the FAO's index, the rise on the year, and an alarm that never stops."""

from types import MappingProxyType

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import PRICE, Rule
from bongsu.indicators.ifpa import GAMMA, QUARTER, YEAR, anomaly
from bongsu.indicators.ifpa import INDICATOR as IFPA
from bongsu.indicators.series import Values, shifted
from bongsu.language import Text


def ifpa_score(panel: Panel, gamma: float = GAMMA) -> Values:
    """FAO's index of each month, from earlier years only."""
    return anomaly(panel.values, gamma)


def naive_score(panel: Panel, months: float = YEAR) -> Values:
    """Log change over `months`."""
    logs = np.log(np.where(panel.values > 0, panel.values, np.nan))
    change: Values = logs - shifted(logs, int(months))
    return change


def always_score(panel: Panel) -> Values:
    """1 wherever there is a price."""
    return np.where(np.isfinite(panel.values), 1.0, np.nan)


RULES = (
    Rule(
        id="ifpa",
        layer=PRICE,
        name=IFPA.name,
        formula=IFPA.formula,
        source=IFPA.source,
        score=ifpa_score,
        constants=MappingProxyType({"gamma": GAMMA}),
        grid=MappingProxyType({"gamma": (0.2, GAMMA, 0.6, 0.8)}),
    ),
    Rule(
        id="naive",
        layer=PRICE,
        name=Text("전년 같은 달보다 오른 폭", "Rise on the same month of the year before"),
        formula="ln P_t − ln P_{t−12}",
        source="common practice",
        score=naive_score,
        constants=MappingProxyType({"months": float(YEAR)}),
        grid=MappingProxyType({"months": (1.0, float(QUARTER), float(YEAR))}),
    ),
    Rule(
        id="always",
        layer=PRICE,
        name=Text("언제나 울림", "Always"),
        formula="1",
        source="the alarm that must not win",
        score=always_score,
    ),
)
