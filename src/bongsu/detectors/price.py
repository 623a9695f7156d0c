"""Prices: is the item's price, or what it is made from, abnormally high for the season?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import Direction, Layer, RecordRef, Signal, State, missing, ref_of
from bongsu.detectors.wording import mid, period
from bongsu.indicators.ifpa import ABNORMAL, INDICATOR, MODERATE, ifpa
from bongsu.items.item import Item, PriceSeries
from bongsu.language import Text
from bongsu.records.known import period_end
from bongsu.records.shapes import PRICE

SeriesId = tuple[str, str]  # source, series
FULL = 2.0  # standard deviations at which the strength is 1; so ≥0.5 is RAISED and ≥1 is STRONG


@dataclass(frozen=True)
class PriceReading:
    """The newest month of a price series: its index and the one before (None: cannot be judged)."""

    source: str
    series: str
    name: str
    valid: date
    known_at: datetime
    index: float | None
    before: float | None
    ref: RecordRef


def price_readings(prices: pa.Table) -> Mapping[SeriesId, PriceReading]:
    """The newest reading of every monthly series in `price` rows."""
    monthly = [row for row in prices.to_pylist() if row["frequency"] == "M" and row["value"] is not None]
    newest: dict[SeriesId, dict[str, object]] = {}
    for row in sorted(monthly, key=lambda row: row["valid"]):
        newest[row["source"], row["series"]] = row
    indices: dict[SeriesId, dict[date, float | None]] = {}
    for row in ifpa(prices).select(["source", "series", "valid", "ifpa"]).to_pylist():
        indices.setdefault((row["source"], row["series"]), {})[row["valid"]] = row["ifpa"]
    return {id_: _reading(row, indices[id_]) for id_, row in newest.items()}


def _reading(row: Mapping[str, object], indices: Mapping[date, float | None]) -> PriceReading:
    valid, known_at = row["valid"], row["known_at"]
    if not isinstance(valid, date) or not isinstance(known_at, datetime):
        raise TypeError(row)
    month = valid.replace(day=1)
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return PriceReading(
        source=str(row["source"]),
        series=str(row["series"]),
        name=str(row.get("name") or row["series"]),
        valid=valid,
        known_at=known_at,
        index=indices.get(valid),
        before=indices.get(before),
        ref=ref_of(PRICE, row),
    )


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


def _strength(index: float | None) -> float:
    return 0.0 if index is None else min(max(index / FULL, 0.0), 1.0)


def _signal(item: Item, layer: Layer, reading: PriceReading, name: Text | None, at: Setting) -> Signal:
    by = at.publisher(reading.source)
    state = by.state(reading.valid, "M", at.on)
    judged = reading.index is not None
    strength = _strength(reading.index)
    what = name or Text(reading.name, reading.name)
    return Signal(
        subject=item.id,
        layer=layer,
        state=state if judged else State.MISSING,
        headline=_headline(layer, what, reading, by),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=strength - _strength(reading.before),
        valid=reading.valid,
        known_at=reading.known_at,
        data_age_days=(at.on - period_end(reading.valid, "M")).days,
        source=reading.source,
        source_name=by.name,
        record_refs=(reading.ref,),
    )


def _headline(layer: Layer, name: Text, reading: PriceReading, by: Publisher) -> Text:
    month = period(reading.valid, "M")
    who = Text("원료인 ", "its input ") if layer is Layer.INPUT_PRICE else Text("", "")
    if reading.index is None:
        return Text(
            f"{who.ko}{name.ko} 가격은 {month.ko}까지 있으나 견줄 이전 해가 모자라 판단할 수 없다({by.name.ko}).",
            f"The price of {who.en}{mid(name.en)} runs to {month.en}, too short a past to judge ({by.name.en}).",
        )
    ko, en = _words(reading.index)
    figure = f"{reading.index:.2f}"
    return Text(
        f"{who.ko}{name.ko} 가격이 {month.ko} {ko}({INDICATOR.name.ko.split('(')[0]} {figure}, {by.name.ko}).",
        f"The price of {who.en}{mid(name.en)} {en} in {month.en} (price-anomaly index {figure}, {by.name.en}).",
    )


def _words(index: float) -> tuple[str, str]:
    if index >= ABNORMAL:
        return "비정상적으로 올랐다", "was abnormally high"
    if index >= MODERATE:
        return "평년보다 높게 올랐다", "was moderately high"
    return "평년 범위였다", "was within its usual range"
