"""The one table that turns signals into a level (봉수 1거–5거). Bongsu's own judgement, never a stage declared by law.

Layers fall into families; layers of one family move together and count once. A signal is *raised* from a strength
of 0.25 and *strong* from 0.5 (`detectors.signal`). A measure is *decisive* when it is news, made by the main
supplier's authorities, and touches the item. Only live layers count. The first row that holds gives the level:

| level | half or more from one country | below half |
|---|---|---|
| 5 | decisive measure, and ships, flows or a mission report strong | – |
| 4 | decisive measure; or two families strong | decisive measure, and ships, flows or a report strong |
| 3 | a family other than price strong; or price strong, and two layers raised | decisive; or two families strong |
| 2 | any layer raised | any layer raised |
| 1 | none raised, and a layer that speaks of the good itself, not of a basket, is live | likewise |
| none | anything else: it cannot be told | likewise |

Where the dependence is not known, the left column is read, but no level above 3 is given, level 1 is not given at
all (a calm that nobody can vouch for is no calm), and the warning says that dependence is unknown. The dependence
itself, and the item's grade, are no layers: they say how much a signal means, not that something happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bongsu.detectors.signal import RAISED, STRONG, Layer, Signal, State
from bongsu.language import Text

CALM, NOTICE, CAUTION, SEVERE, CRITICAL = 1, 2, 3, 4, 5
UNKNOWN_CAP = CAUTION

FAMILIES = {
    Layer.MEASURE: "law",
    Layer.MISSION_REPORT: "report",
    Layer.TRANSIT: "ships",
    Layer.PRICE: "price",
    Layer.INPUT_PRICE: "price",
    Layer.MIRROR_FLOW: "flows",
    Layer.OWN_CUSTOMS: "flows",
}
PHYSICAL = frozenset({"ships", "flows", "report"})
# Ships pass with other goods too, an input is not the good, and a measure that has ended proves nothing of today.
OF_THE_GOOD = frozenset({Layer.PRICE, Layer.OWN_CUSTOMS, Layer.MIRROR_FLOW, Layer.MISSION_REPORT})

NAMES = {
    CALM: Text("평온", "calm"),
    NOTICE: Text("주목", "notice"),
    CAUTION: Text("우려", "caution"),
    SEVERE: Text("위험", "severe"),
    CRITICAL: Text("위급", "critical"),
}


def fires(level: int | None) -> Text:
    """How a level is shown: 봉수 4거, 4 fires; a level that cannot be given has its own mark."""
    if level is None:
        return Text("봉수 판단 불가", "level unknown")
    return Text(f"봉수 {level}거", "1 fire" if level == CALM else f"{level} fires")


@dataclass(frozen=True)
class Picture:
    """What the table looks at, folded from the live signals.

    Args:
        live: layers that speak of today.
        raised: layers with a raised signal.
        strong: families with a strong signal.
        decisive: a decisive measure stands.
        of_the_good: a live layer speaks of the good itself, and not of a basket that it lies in.
    """

    live: frozenset[Layer]
    raised: frozenset[Layer]
    strong: frozenset[str]
    decisive: bool
    of_the_good: bool

    @property
    def figures(self) -> bool:
        """Is there any current figure? A measure is none."""
        return bool(self.live - {Layer.MEASURE})

    @property
    def physical(self) -> bool:
        """Do ships, flows or a mission's report bear it out?"""
        return bool(self.strong & PHYSICAL)


def picture(signals: Iterable[Signal]) -> Picture:
    """Fold signals; stale and missing ones do not count."""
    live = [signal for signal in signals if signal.state is State.LIVE]
    return Picture(
        live=frozenset(signal.layer for signal in live),
        raised=frozenset(signal.layer for signal in live if signal.strength >= RAISED),
        strong=frozenset(FAMILIES[signal.layer] for signal in live if signal.strength >= STRONG),
        decisive=any(signal.decisive for signal in live),
        of_the_good=any(signal.layer in OF_THE_GOOD and not signal.basket for signal in live),
    )


def _dependent(seen: Picture) -> int:
    several = len(seen.raised) > 1
    rows = (
        (CRITICAL, seen.decisive and seen.physical),
        (SEVERE, seen.decisive or len(seen.strong) > 1),
        (CAUTION, bool(seen.strong) and (several or seen.strong != {"price"})),
        (NOTICE, bool(seen.raised)),
    )
    return next((level for level, holds in rows if holds), CALM)


def _spread(seen: Picture) -> int:
    rows = (
        (SEVERE, seen.decisive and seen.physical),
        (CAUTION, seen.decisive or len(seen.strong) > 1),
        (NOTICE, bool(seen.raised)),
    )
    return next((level for level, holds in rows if holds), CALM)


def level(seen: Picture, *, dependent: bool | None) -> int | None:
    """The level by the table above; None: it cannot be given."""
    found = _spread(seen) if dependent is False else _dependent(seen)
    if found == CALM and (dependent is None or not seen.of_the_good):
        return None
    return min(found, UNKNOWN_CAP) if dependent is None else found
