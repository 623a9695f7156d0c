"""The one table that turns signals into a level (봉수 1거–5거). Bongsu's own judgement, never a stage declared by law.

Grade × layers → level. The grade (`items.grade`: share of the main supplier, difficulty of going without, importance)
says how much a signal means; it is no layer and never raises a level by itself. Layers say that something happens.

A signal is *raised* or *strong* from the strengths that the false-alarm budget chooses (`fusion.budget`). A measure is
*decisive* when it is news, made by the main supplier's authorities, and touches the item: one authoritative measure.
Layers are *independent* when they belong to different families: what drives one need not drive the other. Prices of
the item, its import unit values and the prices of its inputs are layers of their own, each with its own clock, but
one family: dear coal makes dear urea. So are the two sides' statistics of one trade. Only live layers count. The first row that holds
gives the level:

| level | grade A or B; unknown is read so | grade C | grade D |
|---|---|---|---|
| 5 | decisive measure, and ships, flows or a report strong | – | – |
| 4 | decisive measure; or two independent layers strong | likewise | decisive measure, and ships, flows or a report strong |
| 3 | a layer other than a price strong; or a price strong, and another layer raised | likewise | decisive measure; or two independent layers strong |
| 2 | any layer raised | likewise | likewise |
| 1 | none raised, also not by the last word of a layer now stale, and a layer that speaks of the good itself, not of a basket, is live | likewise | likewise |
| none | anything else: it cannot be told | likewise | likewise |

Where the main supplier's share is not known, neither is the grade. It is read as the gravest one, the warning says so,
and level 1 is not given at all: a calm that nobody can vouch for is no calm. Why the table is as it is:
docs/decisions/0010-levels.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bongsu.detectors.signal import MARKS, Direction, Layer, Marks, Signal, State
from bongsu.language import Text

CALM, NOTICE, CAUTION, SEVERE, CRITICAL = 1, 2, 3, 4, 5
GRAVE, MIDDLE, LIGHT = ("A", "B"), "C", "D"

FAMILIES = {
    Layer.MEASURE: "law",
    Layer.MISSION_REPORT: "report",
    Layer.TRANSIT: "ships",
    Layer.PRICE: "price",
    Layer.UNIT_VALUE: "price",
    Layer.INPUT_PRICE: "price",
    Layer.MIRROR_FLOW: "flows",
    Layer.OWN_CUSTOMS: "flows",
}
PHYSICAL = frozenset({"ships", "flows", "report"})
# Ships pass with other goods too, an input is not the good, and a measure that has ended proves nothing of today.
OF_THE_GOOD = frozenset({Layer.PRICE, Layer.UNIT_VALUE, Layer.OWN_CUSTOMS, Layer.MIRROR_FLOW, Layer.MISSION_REPORT})

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
        open: a layer fell silent while it was raised: its silence is no calm.
    """

    live: frozenset[Layer]
    raised: frozenset[Layer]
    strong: frozenset[str]
    decisive: bool
    of_the_good: bool
    open: bool = False

    @property
    def figures(self) -> bool:
        """Is there any current figure? A measure is none."""
        return bool(self.live - {Layer.MEASURE})

    @property
    def physical(self) -> bool:
        """Do ships, flows or a mission's report bear it out?"""
        return bool(self.strong & PHYSICAL)

    @property
    def independent(self) -> bool:
        """Are two independent layers strong?"""
        return len(self.strong) > 1


def picture(signals: Iterable[Signal], marks: Marks = MARKS) -> Picture:
    """Fold signals; stale and missing ones do not count.

    Args:
        signals: of one item, all layers.
        marks: from which strength a signal is raised or strong, by the budget.
    """
    given = tuple(signals)
    live = [signal for signal in given if signal.state is State.LIVE]
    return Picture(
        live=frozenset(signal.layer for signal in live),
        raised=frozenset(signal.layer for signal in live if signal.strength >= marks.raised),
        strong=frozenset(FAMILIES[signal.layer] for signal in live if signal.strength >= marks.strong),
        decisive=any(signal.decisive for signal in live),
        of_the_good=any(_of_the_good(signal) for signal in live),
        open=any(signal.state is not State.LIVE and signal.strength >= marks.raised for signal in given),
    )


def _of_the_good(signal: Signal) -> bool:
    """Figures of the good, however quiet, speak of it; a report of trouble that weighs too little is no word of calm."""
    trouble = signal.layer is Layer.MISSION_REPORT and signal.direction is Direction.TIGHTER
    return signal.layer in OF_THE_GOOD and not signal.basket and not trouble


def _grave(seen: Picture) -> int:
    """The first column."""
    rows = (
        (CRITICAL, seen.decisive and seen.physical),
        (SEVERE, seen.decisive or seen.independent),
        (CAUTION, bool(seen.strong) and (len(seen.raised) > 1 or seen.strong != {"price"})),
        (NOTICE, bool(seen.raised)),
    )
    return next((level for level, holds in rows if holds), CALM)


def _light(seen: Picture) -> int:
    """The last column."""
    rows = (
        (SEVERE, seen.decisive and seen.physical),
        (CAUTION, seen.decisive or seen.independent),
        (NOTICE, bool(seen.raised)),
    )
    return next((level for level, holds in rows if holds), CALM)


def level(seen: Picture, grade: str | None) -> int | None:
    """The level by the table above; None: it cannot be given.

    Args:
        seen: what the live layers say.
        grade: the item's letter, A–D; None: unknown.
    """
    found = _light(seen) if grade == LIGHT else _grave(seen)
    if found == CALM and (grade is None or seen.open or not seen.of_the_good):
        return None
    return min(found, SEVERE) if grade == MIDDLE else found
