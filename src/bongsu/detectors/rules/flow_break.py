"""Our rule for flows; the arithmetic is `detectors.flow_break`."""

from types import MappingProxyType

from bongsu.detectors.flow_break import JUMP, Weights, scored
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, OURS, Rule
from bongsu.indicators.series import Values
from bongsu.language import Text


def break_score(panel: Panel, floor: float = 0.05, told: float = 0.5, jump: float = JUMP) -> Values:
    """The score of `detectors.flow_break`; NaN where a month is unknown or has too little past."""
    return scored(panel.values, panel.weights, Weights(floor, told, jump)).score


RULES = (
    Rule(
        id=OURS,
        layer=FLOW,
        name=Text("봉수의 교역 급변 규칙", "Bongsu's rule for breaks in trade"),
        formula=(
            "fall = mean over k of 2, 3 of ½·ln((L + f)(Y + f) / (S + f)²): S mean of the last k months, Y of the same months "
            "of last year, L of the twelve before them, f = 0.05 × mean of 36 months; large = fall / √((36 + Σ fall²) / "
            "(36 + n)) over the 48 months before (fall cut at ±2); drift = max(EWMA 0.3, 0.25 × CUSUM with slack 1) of the "
            "same with k = 1; sudden = 0.3 × ln((min(L, Y) + f) / (S + f)) / √((1.5 + Σ fall²) / (6 + n)) with k = 1; of a series that trades in under half of the months instead 0.8 × (h − a)·√(6 / (h(1 − h))): "
            "a share of active months among the last 6, h among the 24 before; less half of the highest such score of 3 "
            "to 12 months before; or 0.25 × a jump of one month, if more"
        ),
        source="Bongsu; docs/develop/flow-detector.md",
        score=break_score,
        constants=MappingProxyType({"floor": 0.05, "told": 0.5, "jump": JUMP}),
        grid=MappingProxyType({"floor": (0.02, 0.05, 0.1), "told": (0.4, 0.5, 0.6)}),
    ),
)
