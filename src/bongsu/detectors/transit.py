"""Chokepoints: are ships missing on the item's ways home?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import Direction, Layer, RecordRef, Signal, State, missing, ref_of
from bongsu.detectors.wording import day, per_cent
from bongsu.indicators.transit_deficit import transit_deficit
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.shapes import TRANSIT

UNUSUAL = -2.0  # robust standard deviations; a smaller dip says nothing
FULL = 0.6  # deficit at which the strength is 1; so 15 % is RAISED and 30 % STRONG
BEFORE = 28  # days back, to tell the movement
TOTAL = "total"  # the ship class that stands for all, where a source has it

NAMES = {
    "suez": Text("수에즈 운하", "the Suez Canal"),
    "hormuz": Text("호르무즈 해협", "the Strait of Hormuz"),
    "malacca": Text("말라카 해협", "the Strait of Malacca"),
    "bab_el_mandeb": Text("바브엘만데브 해협", "the Bab el-Mandeb"),
    "panama": Text("파나마 운하", "the Panama Canal"),
}


@dataclass(frozen=True)
class TransitReading:
    """The newest week of a chokepoint, all ships: deficit and z, and the strength four weeks before."""

    source: str
    chokepoint: str
    valid: date
    known_at: datetime
    deficit: float | None
    z: float | None
    before: float
    ref: RecordRef


def transit_readings(transits: pa.Table) -> Mapping[str, TransitReading]:
    """The newest reading of each chokepoint in `transit` rows; of two sources, the one with the later day."""
    rows = [row for row in transits.to_pylist() if row["ship_class"] == TOTAL and row["frequency"] == "D"]
    deficits = transit_deficit(transits.filter(pc.equal(transits["ship_class"], TOTAL))).to_pylist()
    by_day = {(row["source"], row["chokepoint"], row["valid"]): row for row in deficits}
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["valid"], row["source"])):
        if row["transits"] is not None:
            newest[row["chokepoint"]] = row
    return {place: _reading(row, by_day) for place, row in newest.items()}


def _reading(row: Mapping[str, Any], by_day: Mapping[tuple[str, str, date], Mapping[str, Any]]) -> TransitReading:
    source, place, valid = row["source"], row["chokepoint"], row["valid"]
    now = by_day[source, place, valid]
    then = by_day.get((source, place, date.fromordinal(valid.toordinal() - BEFORE)), {})
    return TransitReading(
        source=source,
        chokepoint=place,
        valid=valid,
        known_at=row["known_at"],
        deficit=now["deficit"],
        z=now["z"],
        before=_strength(then.get("deficit"), then.get("z")),
        ref=ref_of(TRANSIT, row),
    )


def _strength(deficit: float | None, z: float | None) -> float:
    if deficit is None or z is None or z > UNUSUAL:
        return 0.0
    return min(max(deficit / FULL, 0.0), 1.0)


def transit_signals(item: Item, readings: Mapping[str, TransitReading], at: Setting) -> tuple[Signal, ...]:
    """One signal for each chokepoint on the item's routes of which we hold counts; else a missing one."""
    return tuple(_signals(item, readings, at))


def _signals(item: Item, readings: Mapping[str, TransitReading], at: Setting) -> Iterator[Signal]:
    places = [route.chokepoint for route in item.routes]
    if not places:
        yield missing(item.id, Layer.TRANSIT, Text("이 품목의 해상로를 모른다.", "Its sea route is not known."))
    for place in places:
        if place in readings:
            yield _signal(item, readings[place], at)
        else:
            name = NAMES.get(place, Text(place, place))
            none = Text(f"{name.ko} 통항 자료를 받은 적이 없다.", f"No counts for {name.en} have been received.")
            yield missing(item.id, Layer.TRANSIT, none)


def _signal(item: Item, reading: TransitReading, at: Setting) -> Signal:
    strength = _strength(reading.deficit, reading.z)
    judged = reading.deficit is not None
    by = at.publisher(reading.source)
    return Signal(
        subject=item.id,
        layer=Layer.TRANSIT,
        state=by.state(reading.valid, "D", at.on) if judged else State.MISSING,
        headline=_headline(reading, by),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=strength - reading.before,
        valid=reading.valid,
        frequency="D",
        known_at=reading.known_at,
        data_age_days=(at.on - reading.valid).days,
        source=reading.source,
        source_name=by.name,
        record_refs=(reading.ref,),
    )


def _headline(reading: TransitReading, by: Publisher) -> Text:
    place = NAMES.get(reading.chokepoint, Text(reading.chokepoint, reading.chokepoint))
    last = day(reading.valid)
    if reading.deficit is None:
        return Text(
            f"{place.ko} 통항은 {last.ko}까지 있으나 견줄 기간이 모자라 판단할 수 없다({by.name.ko}).",
            f"Transits of {place.en} run to {last.en}, with too short a past to judge ({by.name.en}).",
        )
    amount = per_cent(abs(reading.deficit))
    less = reading.deficit > 0
    return Text(
        f"{place.ko}의 통항이 {last.ko}까지 한 주 동안 평소보다 {amount} "
        f"{'적었다' if less else '많았다'}({by.name.ko}).",
        f"In the week to {last.en}, {amount} {'fewer' if less else 'more'} ships than usual passed {place.en} "
        f"({by.name.en}).",
    )
