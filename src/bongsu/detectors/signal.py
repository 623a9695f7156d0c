"""What a detector says: a signal, one layer's statement about one item, and the records that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bongsu.language import Text
from bongsu.records.marking import OPEN, Marking
from bongsu.records.shapes import RecordType

RAISED, STRONG = 0.25, 0.5  # on the scale of `Signal.strength`, the same for all layers, under the default budget


@dataclass(frozen=True)
class Marks:
    """The strengths from which a signal counts as raised and as strong; a false-alarm budget chooses them."""

    raised: float = RAISED
    strong: float = STRONG


MARKS = Marks()


class Layer(StrEnum):
    """A kind of evidence with its own clock."""

    MEASURE = "measure"
    MISSION_REPORT = "mission report"
    TRANSIT = "transit"
    PRICE = "price"
    UNIT_VALUE = "unit value"
    INPUT_PRICE = "input price"
    MIRROR_FLOW = "mirror flow"
    OWN_CUSTOMS = "own customs"


LAYER_NAMES = {
    Layer.MEASURE: Text("조치", "measure"),
    Layer.MISSION_REPORT: Text("공관보고", "mission report"),
    Layer.TRANSIT: Text("통항", "transit"),
    Layer.PRICE: Text("가격", "price"),
    Layer.UNIT_VALUE: Text("단가", "unit value"),
    Layer.INPUT_PRICE: Text("원료 가격", "input price"),
    Layer.MIRROR_FLOW: Text("상대국 통계", "mirror flow"),
    Layer.OWN_CUSTOMS: Text("자국 통관", "own customs"),
}


NOBODY = Text("", "")


class State(StrEnum):
    """Does the layer speak of today?"""

    LIVE = "live"
    STALE = "stale"  # the newest figure is older than the source's cadence and lag allow
    MISSING = "missing"  # no figure is held, or it cannot be judged


class Direction(StrEnum):
    """Where supply goes, by this layer."""

    TIGHTER = "tighter"
    EASIER = "easier"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RecordRef:
    """The way back to a record: its type, its key, and the delivery and raw row that it was read from."""

    record: str
    key: tuple[tuple[str, str], ...]
    delivery: int | None = None
    raw: int | None = None
    raw_row: int | None = None


def ref_of(record: RecordType, row: Mapping[str, Any]) -> RecordRef:
    """The reference of one row of `record`; the lake's columns may be absent."""
    key = tuple((name, str(row[name])) for name in record.key_names)
    return RecordRef(record.name, key, row.get("delivery"), row.get("raw"), row.get("raw_row"))


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One layer's statement about one item.

    Args:
        subject: the item's id.
        layer: whose statement.
        state: live, stale or missing; only live ones count towards a level.
        headline: one sentence with figure, month and source.
        strength: 0–1 on one scale for all layers, 0 where quiet or missing. It is laid out so that `RAISED` is reached
            0.25 times and `STRONG` 0.10 times a series and year for no cause.
        direction: where supply goes.
        movement: change of `strength` since the figure before, −1 to 1; new measures move by their whole strength.
        valid: first day of the period that the newest figure is about.
        frequency: that period's length: D, W, M, Q or A.
        known_at: when that figure could be known.
        data_age_days: days from that period's end to the day asked for.
        source: id of the source.
        source_name: what people call it.
        partner: the country that it is about.
        decisive: an act of the main supplier's authorities, freshly made, that bears on the item.
        basket: its tariff codes hold other goods as well, so that its quiet says nothing of the item.
        record_refs: the records behind it.
        marking: the highest grade and TLP of these.
    """

    subject: str
    layer: Layer
    state: State
    headline: Text
    strength: float = 0.0
    direction: Direction = Direction.UNKNOWN
    movement: float = 0.0
    valid: date | None = None
    frequency: str = "M"
    known_at: datetime | None = None
    data_age_days: int | None = None
    source: str = ""
    source_name: Text = NOBODY
    partner: str | None = None
    decisive: bool = False
    basket: bool = False
    record_refs: tuple[RecordRef, ...] = ()
    marking: Marking = OPEN


def missing(subject: str, layer: Layer, why: Text) -> Signal:
    """A layer that has nothing to say, and why; never calm."""
    return Signal(subject=subject, layer=layer, state=State.MISSING, headline=why)
