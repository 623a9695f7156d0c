"""Chokepoints: are ships missing on the item's ways home, for longer than a storm takes?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors.ladder import strength_on
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.rules.transit_shortfall import (
    CEILING,
    FLOOR_MONTH,
    FLOOR_WEEK,
    LAST_MONTH,
    LAST_WEEK,
    REACH,
    shortfall,
)
from bongsu.detectors.signal import Direction, Layer, RecordRef, Signal, State, missing, ref_of
from bongsu.detectors.wording import day, per_cent
from bongsu.indicators.series import Grid, Values, grid
from bongsu.indicators.transit_deficit import week_deficit
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.shapes import TRANSIT

# Scores of `transit_shortfall` that four chokepoints reached no more often than `ladder.RATES` in 2020–2023, rounded up.
# The last two are a guess: above 6 there was nothing but the Suez blockade, in fifteen years of chokepoints.
LADDER = (3.45, 3.85, 4.2, 6.0, 8.0)
BEFORE = 28  # days back, to tell the movement
TOTAL = "total"  # the ship class that stands for all, where a source has it


def transit_strength(score: float | None) -> float:
    """Strength of a score of `transit_shortfall`, 0–1.

    3.85 is raised (0.25 episodes a chokepoint and year for no cause) and 4.2 strong (0.10); measured on four chokepoints
    from 2020 to September 2023, 15 chokepoint-years, the Suez blockade left out.
    """
    return strength_on(LADDER, score)


NAMES = {
    "suez": Text("수에즈 운하", "the Suez Canal"),
    "hormuz": Text("호르무즈 해협", "the Strait of Hormuz"),
    "malacca": Text("말라카 해협", "the Strait of Malacca"),
    "bab_el_mandeb": Text("바브엘만데브 해협", "the Bab el-Mandeb"),
    "panama": Text("파나마 운하", "the Panama Canal"),
}


@dataclass(frozen=True)
class TransitReading:
    """The newest day of a chokepoint, all ships.

    Args:
        score: of `transit_shortfall`; None: cannot be judged.
        before: what it was four weeks earlier.
        deficit: part of the usual ships missing, of the last week or of the last four.
        weeks: which of the two: 4 where more are missing over four weeks than the last one shows, else 1.
    """

    source: str
    chokepoint: str
    valid: date
    known_at: datetime
    score: float | None
    before: float | None
    deficit: float | None
    weeks: int
    ref: RecordRef


def transit_readings(transits: pa.Table) -> Mapping[str, TransitReading]:
    """The newest reading of each chokepoint in `transit` rows; of two sources, the one with the later day."""
    rows = _recent(transits)
    if rows.num_rows == 0:
        return {}
    laid = grid(rows, ("source", "chokepoint"), "transits", "D")
    parts = (_week(laid.values), shortfall(laid.values, LAST_MONTH, FLOOR_MONTH, CEILING))
    newest = {row["chokepoint"]: (row, place) for place, row in enumerate(rows.to_pylist())}
    return {chokepoint: _reading(row, laid, place, parts) for chokepoint, (row, place) in newest.items()}


def _week(daily: Values) -> tuple[Values, Values]:
    """Score, and the part missing: of all seven days where they are known, else of those that the score rests on."""
    score, kept = shortfall(daily, LAST_WEEK, FLOOR_WEEK, CEILING)
    whole = week_deficit(daily)
    return score, np.where(np.isnan(whole), kept, whole)


def _recent(transits: pa.Table) -> pa.Table:
    """All ships by day, where counted, oldest first; no further back than the newest readings rest on."""
    daily = pc.and_(pc.equal(transits["frequency"], "D"), pc.equal(transits["ship_class"], TOTAL))
    rows = transits.filter(pc.and_(daily, pc.is_valid(transits["transits"])))
    lasts = rows.group_by(["source", "chokepoint"]).aggregate([("valid", "max")])["valid_max"].to_pylist()
    first = min(lasts, default=date.max) - timedelta(REACH + BEFORE)
    keys = [("valid", "ascending"), ("source", "ascending")]
    return rows.filter(pc.greater_equal(rows["valid"], first)).sort_by(keys)


def _reading(
    row: Mapping[str, Any], laid: Grid, place: int, parts: tuple[tuple[Values, Values], ...]
) -> TransitReading:
    series, column = int(laid.rows[place]), int(laid.columns[place])
    scores = np.array([score[series, column] for score, _ in parts])
    loudest = int(np.isnan(scores[0]) or scores[1] > max(scores[0], 0.0))
    then = [score[series, column - BEFORE] for score, _ in parts] if column >= BEFORE else [np.nan]
    return TransitReading(
        source=row["source"],
        chokepoint=row["chokepoint"],
        valid=row["valid"],
        known_at=row["known_at"],
        score=_most(scores),
        before=_most(np.array(then)),
        deficit=_most(np.array([parts[loudest][1][series, column]])),
        weeks=(LAST_WEEK, LAST_MONTH)[loudest].days // LAST_WEEK.days,
        ref=ref_of(TRANSIT, row),
    )


def _most(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    """The largest that is known; None where none is."""
    known = numbers[np.isfinite(numbers)]
    return float(known.max()) if len(known) else None


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
    strength = transit_strength(reading.score)
    judged = reading.score is not None
    by = at.publisher(reading.source)
    return Signal(
        subject=item.id,
        layer=Layer.TRANSIT,
        state=by.state(reading.valid, "D", at.on) if judged else State.MISSING,
        headline=_headline(reading, by),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=strength - transit_strength(reading.before),
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
    if reading.score is None or reading.deficit is None:
        return Text(
            f"{place.ko} 통항은 {last.ko}까지 있으나 견줄 기간이 모자라 판단할 수 없다({by.name.ko}).",
            f"Transits of {place.en} run to {last.en}, with too short a past to judge ({by.name.en}).",
        )
    spell = Text("한 주", "In the week") if reading.weeks == 1 else Text("네 주", "In the four weeks")
    how = _amount(reading.deficit)
    return Text(
        f"{place.ko}의 통항이 {last.ko}까지 {spell.ko} 동안 {how.ko}({by.name.ko}).",
        f"{spell.en} to {last.en}, {how.en} passed {place.en} ({by.name.en}).",
    )


def _amount(deficit: float) -> Text:
    amount = per_cent(abs(deficit))
    if amount == per_cent(0):
        return Text("평소와 같았다", "as many ships as usual")
    if deficit > 0:
        return Text(f"평소보다 {amount} 적었다", f"{amount} fewer ships than usual")
    return Text(f"평소보다 {amount} 많았다", f"{amount} more ships than usual")
