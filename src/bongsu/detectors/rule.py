"""What a rule of detection is: a score for each period of each series, from what came before and nothing later."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from bongsu.detectors.panel import Panel
from bongsu.indicators.series import Values
from bongsu.language import Text

OURS = "ours"
FLOW, PRICE, TRANSIT = "flow", "price", "transit"


@dataclass(frozen=True)
class Rule:
    """One way to score a panel.

    Args:
        id: as typed after `--rules`; `ours` is the rule that the watch uses.
        layer: flow, price or transit.
        name: what people call it.
        formula: the formula in plain text, with its constants.
        source: who published it.
        score: series × periods, higher is more alarming, NaN where it cannot be judged. Column t rests on columns up to
            t only: no score ever changes when periods are added.
        constants: the keyword arguments of `score` as the rule is used.
        grid: for each constant, what may be chosen instead; a backtest that tunes picks from it on one half.
    """

    id: str
    layer: str
    name: Text
    formula: str
    source: str
    score: Callable[..., Values]
    constants: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    grid: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def scores(self, panel: Panel, **constants: float) -> Values:
        """The scores, with other constants where given."""
        return self.score(panel, **{**self.constants, **constants})


@cache
def rules(layer: str) -> Mapping[str, Rule]:
    """All rules of a layer by id, found by the modules in `rules/`, `ours` first and then in alphabetical order."""
    package = importlib.import_module("bongsu.detectors.rules")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    found = [rule for module in modules for rule in getattr(module, "RULES", ()) if rule.layer == layer]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: (rule.id != OURS, rule.id))}
