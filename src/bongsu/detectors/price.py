"""Prices: did the item's price, or that of what it is made from, rise as it hardly ever does?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors.ladder import strength_on
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.rules.price_rise import price_rise
from bongsu.detectors.signal import RAISED, STRONG, Direction, Layer, RecordRef, Signal, State, missing, ref_of
from bongsu.detectors.wording import mid, period
from bongsu.indicators.ifpa import ABNORMAL, INDICATOR, anomaly
from bongsu.indicators.series import Grid, Values, grid
from bongsu.items.item import Item, PriceSeries
from bongsu.language import Text
from bongsu.records.known import period_end
from bongsu.records.shapes import PRICE

SeriesId = tuple[str, str]  # source, series
# The lowest scores of `price_rise` that 71 world prices reached at the rates of `ladder.RATES` in 2000–2020.
LADDER = (1.03, 1.58, 2.18, 3.02, 3.79)
HELD = 3  # months, the newest included, in which a rise is still news: as long as an episode is one episode


def price_strength(score: float | None) -> float:
    """Strength of a score of `price_rise`, 0–1.

    1.58 is raised (0.25 episodes a series and year for no cause) and 2.18 strong (0.10); measured on the 71 series of
    the Pink Sheet known 2000-01 to 2020-12, 1,469 series-years.
    """
    return strength_on(LADDER, score)


@dataclass(frozen=True)
class PriceReading:
    """The newest month of a price series, and how unusually it rose.

    Args:
        score: the largest of `price_rise` in the last three months; None: the newest cannot be judged.
        peak: the month of that score.
        before: what `score` was a month earlier.
        index: FAO's index of the newest month, for the reader; None: unknown.
    """

    source: str
    series: str
    name: str
    valid: date
    known_at: datetime
    score: float | None
    peak: date
    before: float | None
    index: float | None
    ref: RecordRef


def price_readings(prices: pa.Table) -> Mapping[SeriesId, PriceReading]:
    """The newest reading of every monthly series in `price` rows."""
    known = pc.and_(pc.equal(prices["frequency"], "M"), pc.is_valid(prices["value"]))
    monthly = prices.filter(known).sort_by("valid")
    if monthly.num_rows == 0:
        return {}
    laid = grid(monthly, ("source", "series"), "value", "M")
    scores, indices = price_rise(laid.values), anomaly(laid.values)
    newest = {int(row): place for place, row in enumerate(laid.rows)}
    rows = monthly.take(list(newest.values())).to_pylist()
    read = (_reading(row, laid, place, scores, indices) for row, place in zip(rows, newest.values(), strict=True))
    return {(one.source, one.series): one for one in read}


def _reading(row: Mapping[str, Any], laid: Grid, place: int, scores: Values, indices: Values) -> PriceReading:
    series, column = int(laid.rows[place]), int(laid.columns[place])
    back, score = _held(scores[series], column)
    return PriceReading(
        source=row["source"],
        series=row["series"],
        name=row.get("name") or row["series"],
        valid=row["valid"],
        known_at=row["known_at"],
        score=score,
        peak=_earlier(row["valid"], back),
        before=_held(scores[series], column - 1)[1],
        index=_number(indices[series, column]),
        ref=ref_of(PRICE, row),
    )


def _held(scores: np.ndarray[tuple[int], np.dtype[np.float64]], column: int) -> tuple[int, float | None]:
    """How many months back the largest score stands, and that score; None where the month itself cannot be judged."""
    last = scores[max(column - HELD + 1, 0) : column + 1][::-1]
    if not len(last) or np.isnan(last[0]):
        return 0, None
    back = int(np.nanargmax(last))
    return back, float(last[back])


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _earlier(month: date, back: int) -> date:
    years, months = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(years, months + 1, 1)


def price_signals(
    item: Item,
    readings: Mapping[SeriesId, PriceReading],
    names: Mapping[SeriesId, Text],
    at: Setting,
) -> tuple[Signal, ...]:
    """One signal for each price series of the item and of its inputs; a missing one for a layer without any.

    Args:
        item: with its price series.
        readings: newest readings, by source and series.
        names: what a series is the price of, in both languages.
        at: for whom and when.
    """
    return tuple(_signals(item, readings, names, at))


def _signals(
    item: Item,
    readings: Mapping[SeriesId, PriceReading],
    names: Mapping[SeriesId, Text],
    at: Setting,
) -> Iterator[Signal]:
    for layer, of in ((Layer.PRICE, "self"), (Layer.INPUT_PRICE, "input")):
        wanted = [one for one in item.prices if one.of == of]
        held = [one for one in wanted if (one.source, one.series) in readings]
        if not held:
            yield missing(item.id, layer, _why_none(wanted))
        for one in held:
            reading = readings[one.source, one.series]
            name = item.name if of == "self" else names.get((one.source, one.series))
            yield _signal(item, layer, reading, name, at)


def _why_none(wanted: list[PriceSeries]) -> Text:
    if not wanted:
        return Text("이 품목에 이어진 가격 계열이 없다.", "No price series is tied to this item.")
    series = ", ".join(one.series for one in wanted)
    return Text(f"가격 자료({series})를 받은 적이 없다.", f"No price ({series}) has been received.")


def _signal(item: Item, layer: Layer, reading: PriceReading, name: Text | None, at: Setting) -> Signal:
    by = at.publisher(reading.source)
    state = by.state(reading.valid, "M", at.on)
    judged = reading.score is not None
    strength = price_strength(reading.score)
    what = name or Text(reading.name, reading.name)
    return Signal(
        subject=item.id,
        layer=layer,
        state=state if judged else State.MISSING,
        headline=_headline(layer, what, reading, by),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=strength - price_strength(reading.before),
        valid=reading.valid,
        known_at=reading.known_at,
        data_age_days=(at.on - period_end(reading.valid, "M")).days,
        source=reading.source,
        source_name=by.name,
        record_refs=(reading.ref,),
    )


def _headline(layer: Layer, name: Text, reading: PriceReading, by: Publisher) -> Text:
    who = Text("원료인 ", "its input ") if layer is Layer.INPUT_PRICE else Text("", "")
    month = period(reading.valid, "M")
    if reading.score is None:
        return Text(
            f"{who.ko}{name.ko} 가격은 {month.ko}까지 있으나 견줄 과거가 짧아 판단할 수 없다({by.name.ko}).",
            f"The price of {who.en}{mid(name.en)} runs to {month.en}, too short a past to judge ({by.name.en}).",
        )
    how, figure = _how(reading, month), _figure(reading, month)
    return Text(
        f"{who.ko}{name.ko} 가격이 {how.ko}({figure.ko}{by.name.ko}).",
        f"The price of {who.en}{mid(name.en)} {how.en} ({figure.en}{by.name.en}).",
    )


def _how(reading: PriceReading, month: Text) -> Text:
    """What the price did, and up to when."""
    strength = price_strength(reading.score)
    if strength < RAISED:
        return _short_of_raised(reading, month)
    peak = period(reading.peak, "M")
    since = reading.peak == reading.valid
    ko, en = ("비정상적으로", "abnormally") if strength >= STRONG else ("평소보다", "unusually")
    return Text(
        f"{peak.ko}{' ' if since else '까지 '}{ko} 빠르게 올랐다",
        f"rose {en} fast {'in' if since else 'up to'} {peak.en}",
    )


def _short_of_raised(reading: PriceReading, month: Text) -> Text:
    """Calm, unless our score or FAO's index calls it high: then that it is not high enough."""
    if price_strength(reading.score) > 0 or (reading.index or 0.0) >= ABNORMAL:
        return Text(
            f"{month.ko} 평소보다 올랐으나 문턱에는 못 미쳤다",
            f"rose more than usual in {month.en}, below the threshold",
        )
    return Text(f"{month.ko} 평소 범위였다", f"was within its usual range in {month.en}")


def _figure(reading: PriceReading, month: Text) -> Text:
    """FAO's index of the newest month, which is named where the sentence speaks of another."""
    if reading.index is None:
        return Text("", "")
    elsewhere = price_strength(reading.score) >= RAISED and reading.peak != reading.valid
    ko, en = (f"{month.ko} ", f" of {month.en}") if elsewhere else ("", "")
    name = INDICATOR.name.ko.split("(", maxsplit=1)[0]
    return Text(f"{ko}{name} {reading.index:.2f}, ", f"price-anomaly index{en} {reading.index:.2f}, ")
