"""Prices and transits: the newest reading, its strength and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.price import PriceReading, SeriesId, price_readings, price_signals
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import Direction, Layer, RecordRef, State
from bongsu.detectors.transit import transit_readings, transit_signals
from bongsu.items.item import Item, PriceSeries, Route
from bongsu.language import Text
from bongsu.records.shapes import PRICE, TRANSIT, RecordType

At = Callable[[date], Setting]
KNOWN = datetime(2021, 10, 4, 22, tzinfo=UTC)
ON = date(2021, 10, 13)


def records(record: RecordType, rows: list[dict[str, Any]]) -> pa.Table:
    stated = {"known_at": KNOWN, "known_basis": "stated", "raw": 0, "raw_row": 1, "raw_rows": 1}
    return pa.Table.from_pylist([{**stated, **row} for row in rows], schema=record.reader_schema)


def reading(
    index: float | None, series: str = "UREA", valid: date = date(2021, 9, 1)
) -> Mapping[SeriesId, PriceReading]:
    return {
        ("monthly", series): PriceReading("monthly", series, series, valid, KNOWN, index, 0.2, RecordRef("price", ()))
    }


@pytest.fixture
def priced(urea: Item) -> Item:
    series = (
        PriceSeries(source="monthly", series="UREA", of="self"),
        PriceSeries(source="monthly", series="COAL", of="input"),
    )
    return replace(urea, prices=series, routes=())


@pytest.mark.parametrize(
    ("index", "strength", "words"),
    [
        (0.49, 0.245, "was within its usual range"),
        (0.5, 0.25, "was moderately high"),
        (1.0, 0.5, "was abnormally high"),
        (9.0, 1.0, "was abnormally high"),
        (-2.0, 0.0, "was within its usual range"),
    ],
)
def test_strength_and_words_follow_the_index(priced: Item, at: At, index: float, strength: float, words: str) -> None:
    own, inputs = price_signals(priced, reading(index), {}, at(ON))
    assert (own.layer, own.state, own.strength) == (Layer.PRICE, State.LIVE, strength)
    assert own.movement == pytest.approx(strength - 0.1)
    assert own.headline.en == f"The price of urea {words} in September 2021 (price-anomaly index {index:.2f}, Monthly)."
    assert own.direction is (Direction.TIGHTER if strength else Direction.STEADY)
    assert (inputs.layer, inputs.state) == (Layer.INPUT_PRICE, State.MISSING)
    assert inputs.headline.ko == "가격 자료(COAL)를 받은 적이 없다."


def test_an_input_is_called_one_by_its_items_name(priced: Item, at: At) -> None:
    names = {("monthly", "COAL"): Text("유연탄", "Thermal coal")}
    signals = price_signals(priced, reading(1.5, "COAL"), names, at(ON))
    found = next(signal for signal in signals if signal.layer is Layer.INPUT_PRICE)
    assert found.headline.ko == "원료인 유연탄 가격이 2021년 9월 비정상적으로 올랐다(가격이상지수 1.50, 월간)."
    assert found.headline.en.startswith("The price of its input thermal coal was abnormally high")


def test_what_cannot_be_judged_is_missing_and_what_is_old_is_stale(priced: Item, at: At) -> None:
    unknown = price_signals(priced, reading(None), {}, at(ON))[0]
    assert (unknown.state, unknown.strength, unknown.direction) == (State.MISSING, 0.0, Direction.UNKNOWN)
    assert price_signals(priced, reading(3.0), {}, at(date(2022, 1, 1)))[0].state is State.STALE


def test_an_item_without_series_has_both_price_layers_missing(priced: Item, at: At) -> None:
    signals = price_signals(replace(priced, prices=()), reading(3.0), {}, at(ON))
    assert [(s.layer, s.state) for s in signals] == [(Layer.PRICE, State.MISSING), (Layer.INPUT_PRICE, State.MISSING)]


def test_the_newest_known_month_is_read_with_the_one_before() -> None:
    months = [date(2010 + n // 12, n % 12 + 1, 1) for n in range(130)]
    rows = [
        {
            "source": "monthly", "series": "UREA", "valid": month, "frequency": "M",
            "value": None if n == 129 else 100.0 + n % 7 * n % 11,
        }
        for n, month in enumerate(months)
    ]  # fmt: skip
    found = price_readings(records(PRICE, rows))["monthly", "UREA"]
    assert (found.valid, found.known_at, dict(found.ref.key)["valid"]) == (months[128], KNOWN, "2020-09-01")
    assert found.index is not None
    assert found.before is not None


def ships(counts: list[float], place: str = "hormuz") -> pa.Table:
    start = date(2021, 10, 10) - timedelta(len(counts) - 1)
    return records(
        TRANSIT,
        [
            {
                "source": "weekly", "chokepoint": place, "ship_class": kind, "valid": start + timedelta(n),
                "frequency": "D", "transits": count * (1 if kind == "total" else 0.5),
            }
            for kind in ("total", "tanker")
            for n, count in enumerate(counts)
        ],
    )  # fmt: skip


@pytest.fixture
def routed(urea: Item) -> Item:
    places = ("hormuz", "malacca")
    routes = tuple(Route(source="s", known_at=date(2010, 1, 1), chokepoint=place) for place in places)
    return replace(urea, routes=routes)


@pytest.mark.parametrize(("last", "strength"), [(10.0, 0.0), (9.5, 0.05 / 0.6), (7.0, 0.5), (0.0, 1.0)])
def test_missing_ships_weigh_by_their_part(routed: Item, at: At, last: float, strength: float) -> None:
    readings = transit_readings(ships([10.0] * 400 + [last] * 7))
    hormuz, malacca = transit_signals(routed, readings, at(ON))
    assert hormuz.strength == pytest.approx(strength)
    assert (hormuz.state, hormuz.valid, hormuz.data_age_days) == (State.LIVE, date(2021, 10, 10), 3)
    assert (malacca.state, malacca.headline.ko) == (State.MISSING, "말라카 해협 통항 자료를 받은 적이 없다.")


def test_the_sentence_says_fewer_or_more(routed: Item, at: At) -> None:
    fewer = transit_signals(routed, transit_readings(ships([10.0] * 400 + [7.0] * 7)), at(ON))[0]
    more = transit_signals(routed, transit_readings(ships([10.0] * 400 + [12.0] * 7)), at(ON))[0]
    assert fewer.headline.en == (
        "In the week to 10 October 2021, 30% fewer ships than usual passed the Strait of Hormuz (Weekly)."
    )
    assert more.headline.ko == "호르무즈 해협의 통항이 2021년 10월 10일까지 한 주 동안 평소보다 20% 많았다(주간)."
    assert more.strength == 0.0


def test_a_dip_within_the_usual_spread_says_nothing(routed: Item, at: At) -> None:
    counts = [10.0 + (n // 7) % 5 for n in range(400)] + [9.5] * 7
    assert transit_signals(routed, transit_readings(ships(counts)), at(ON))[0].strength == 0.0


def test_too_short_a_past_is_missing_and_old_counts_are_stale(routed: Item, at: At) -> None:
    short = transit_signals(routed, transit_readings(ships([10.0] * 90)), at(ON))[0]
    assert (short.state, short.direction) == (State.MISSING, Direction.UNKNOWN)
    old = transit_signals(routed, transit_readings(ships([10.0] * 400)), at(date(2021, 12, 1)))[0]
    assert old.state is State.STALE


def test_an_item_without_a_known_route_says_so(routed: Item, at: At) -> None:
    (signal,) = transit_signals(replace(routed, routes=()), {}, at(ON))
    assert (signal.state, signal.headline.en) == (State.MISSING, "Its sea route is not known.")
