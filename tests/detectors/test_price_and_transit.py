"""Prices and transits: the newest reading, its strength and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.price import PriceReading, SeriesId, price_readings, price_signals
from bongsu.detectors.publisher import Setting, publishers
from bongsu.detectors.signal import Direction, Layer, RecordRef, State
from bongsu.detectors.transit import transit_readings, transit_signals
from bongsu.items.item import Item, PriceSeries, Route
from bongsu.language import Text
from bongsu.records.shapes import PRICE, TRANSIT, RecordType
from bongsu.sources.source import sources

At = Callable[[date], Setting]
KNOWN = datetime(2021, 10, 4, 22, tzinfo=UTC)
ON = date(2021, 10, 13)


def records(record: RecordType, rows: list[dict[str, Any]]) -> pa.Table:
    stated = {"known_at": KNOWN, "known_basis": "stated", "raw": 0, "raw_row": 1, "raw_rows": 1}
    return pa.Table.from_pylist([{**stated, **row} for row in rows], schema=record.reader_schema)


def reading(
    score: float | None, series: str = "UREA", peak: date = date(2021, 9, 1), index: float | None = 0.79
) -> Mapping[SeriesId, PriceReading]:
    ref = RecordRef("price", ())
    one = PriceReading("monthly", series, series, date(2021, 9, 1), KNOWN, score, peak, 1.58, index, ref)
    return {("monthly", series): one}


@pytest.fixture
def priced(urea: Item) -> Item:
    series = (
        PriceSeries(source="monthly", series="UREA", of="self"),
        PriceSeries(source="monthly", series="COAL", of="input"),
    )
    return replace(urea, prices=series, routes=())


@pytest.mark.parametrize(
    ("score", "strength", "words"),
    [
        (1.57, 0.25 * 0.54 / 0.55, "rose more than usual in September 2021, below the threshold"),
        (1.58, 0.25, "rose unusually fast in September 2021"),
        (2.18, 0.5, "rose abnormally fast in September 2021"),
        (9.0, 1.0, "rose abnormally fast in September 2021"),
        (1.0, 0.0, "was within its usual range in September 2021"),
        (-2.0, 0.0, "was within its usual range in September 2021"),
    ],
)
def test_strength_and_words_follow_the_score(priced: Item, at: At, score: float, strength: float, words: str) -> None:
    own, inputs = price_signals(priced, reading(score), {}, at(ON))
    assert (own.layer, own.state) == (Layer.PRICE, State.LIVE)
    assert own.strength == pytest.approx(strength)
    assert own.movement == pytest.approx(strength - 0.25)
    assert own.headline.en == f"The price of urea {words} (price-anomaly index 0.79, Monthly)."
    assert own.direction is (Direction.TIGHTER if strength else Direction.STEADY)
    assert (inputs.layer, inputs.state) == (Layer.INPUT_PRICE, State.MISSING)
    assert inputs.headline.ko == "가격 자료(COAL)를 받은 적이 없다."


def test_an_input_is_called_one_by_its_items_name(priced: Item, at: At) -> None:
    names = {("monthly", "COAL"): Text("유연탄", "Thermal coal")}
    signals = price_signals(priced, reading(2.5, "COAL"), names, at(ON))
    found = next(signal for signal in signals if signal.layer is Layer.INPUT_PRICE)
    assert found.headline.ko == "원료인 유연탄 가격이 2021년 9월 비정상적으로 빠르게 올랐다(가격이상지수 0.79, 월간)."
    assert found.headline.en.startswith("The price of its input thermal coal rose abnormally fast in September 2021")


def test_a_price_that_only_the_index_calls_abnormal_is_not_told_as_calm(priced: Item, at: At) -> None:
    own = price_signals(priced, reading(0.9, index=1.2), {}, at(ON))[0]
    assert own.headline.ko == "요소 가격이 2021년 9월 평소보다 올랐으나 문턱에는 못 미쳤다(가격이상지수 1.20, 월간)."
    assert own.strength == 0.0


def test_a_rise_of_two_months_ago_is_told_with_its_month(priced: Item, at: At) -> None:
    own = price_signals(priced, reading(1.6, peak=date(2021, 7, 1)), {}, at(ON))[0]
    assert own.headline.en == (
        "The price of urea rose unusually fast up to July 2021 (price-anomaly index of September 2021 0.79, Monthly)."
    )
    assert own.headline.ko == ("요소 가격이 2021년 7월까지 평소보다 빠르게 올랐다(2021년 9월 가격이상지수 0.79, 월간).")


def test_a_price_too_young_for_the_index_is_told_without_it(priced: Item, at: At) -> None:
    own = price_signals(priced, reading(2.5, index=None), {}, at(ON))[0]
    assert own.headline.en == "The price of urea rose abnormally fast in September 2021 (Monthly)."


def test_what_cannot_be_judged_is_missing_and_what_is_old_is_stale(priced: Item, at: At) -> None:
    unknown = price_signals(priced, reading(None), {}, at(ON))[0]
    assert (unknown.state, unknown.strength, unknown.direction) == (State.MISSING, 0.0, Direction.UNKNOWN)
    # September comes on 15 October, November on 15 December: from the day after that, September is stale.
    states = [price_signals(priced, reading(3.0), {}, at(date(2021, 12, day)))[0].state for day in (15, 16)]
    assert states == [State.LIVE, State.STALE]


def test_the_real_publishers_figures_are_stale_when_two_newer_ones_should_be_out(priced: Item, routed: Item) -> None:
    """The Pink Sheet: on the second working day of the next month; PortWatch: on the Tuesday after the week."""
    prices = {("worldbank_pinksheet", "UREA"): replace(reading(3.0)["monthly", "UREA"], source="worldbank_pinksheet")}
    item = replace(priced, prices=(PriceSeries(source="worldbank_pinksheet", series="UREA", of="self"),))
    counts = {"hormuz": replace(transit_readings(ships([40.0] * 500))["hormuz"], source="imf_portwatch")}

    def states(day: date) -> tuple[State, State]:
        at = Setting("KOR", day, publishers(sources()))
        return price_signals(item, prices, {}, at)[0].state, transit_signals(routed, counts, at)[0].state

    assert states(date(2021, 10, 26)) == (State.LIVE, State.LIVE)
    assert states(date(2021, 10, 27)) == (State.LIVE, State.STALE)
    assert states(date(2021, 12, 2)) == (State.LIVE, State.STALE)
    assert states(date(2021, 12, 3)) == (State.STALE, State.STALE)


def test_an_item_without_series_has_both_price_layers_missing(priced: Item, at: At) -> None:
    signals = price_signals(replace(priced, prices=()), reading(3.0), {}, at(ON))
    assert [(s.layer, s.state) for s in signals] == [(Layer.PRICE, State.MISSING), (Layer.INPUT_PRICE, State.MISSING)]


def monthly(values: list[float | None], series: str = "UREA", frequency: str = "M") -> pa.Table:
    rows = [
        {
            "source": "monthly", "series": series, "valid": date(2010 + n // 12, n % 12 + 1, 1), "frequency": frequency,
            "value": value,
        }
        for n, value in enumerate(values)
    ]  # fmt: skip
    return records(PRICE, rows)


def test_the_newest_known_month_is_read_and_a_rise_is_held_for_three() -> None:
    jump = [100.0 + n % 7 * n % 11 for n in range(120)] + [180.0, 170.0, 170.0, 165.0, None]
    found = [price_readings(monthly(jump[:length]))["monthly", "UREA"] for length in (121, 122, 123, 124, 125)]
    assert [one.valid for one in found] == [date(2020, month, 1) for month in (1, 2, 3, 4, 4)]
    assert [one.peak for one in found[:3]] == [date(2020, 1, 1)] * 3
    assert found[3] == found[4]
    assert found[3].peak > date(2020, 1, 1)
    assert [one.score for one in found[:3]] == [found[0].score] * 3
    assert found[1].before == found[0].score
    assert dict(found[3].ref.key)["valid"] == "2020-04-01"


def test_a_price_of_less_than_three_years_cannot_be_judged() -> None:
    young, grown = (price_readings(monthly([100.0] * length))["monthly", "UREA"] for length in (36, 37))
    assert (young.score, young.before, grown.score, grown.before) == (None, None, 0.0, None)


def test_prices_that_are_no_monthly_figures_are_not_read() -> None:
    assert price_readings(monthly([100.0] * 50, frequency="A")) == {}
    assert price_readings(monthly([None] * 50)) == {}


def ships(counts: list[float | None], place: str = "hormuz") -> pa.Table:
    start = date(2021, 10, 10) - timedelta(len(counts) - 1)
    return records(
        TRANSIT,
        [
            {
                "source": "weekly", "chokepoint": place, "ship_class": kind, "valid": start + timedelta(n),
                "frequency": "D", "transits": count,
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


@pytest.mark.parametrize(
    ("last", "strength"),
    [
        ([40.0] * 7, 0.0),
        ([38.0] * 7, 0.0),
        ([28.0] * 7, 0.5 + 0.25 * (4.4584 - 4.2) / 1.8),
        ([0.0] * 7, 1.0),
        ([0.0] * 2, 0.0),  # a storm
        ([0.0] * 2 + [72.0] * 2, 0.0),  # a storm, and the ships that waited for its end
        ([0.0] * 2 + [40.0] * 10 + [0.0] * 2, 0.0),  # two storms
        ([0.0] * 6, 1.0),  # a blockade
    ],
)
def test_missing_ships_weigh_by_their_part_and_a_storm_by_nothing(
    routed: Item, at: At, last: list[float], strength: float
) -> None:
    readings = transit_readings(ships([40.0] * 500 + last))
    hormuz, malacca = transit_signals(routed, readings, at(ON))
    assert hormuz.strength == pytest.approx(strength, abs=1e-4)
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


def test_a_month_that_is_worse_than_its_last_week_is_told(routed: Item, at: At) -> None:
    signal = transit_signals(routed, transit_readings(ships([40.0] * 500 + [24.0] * 28)), at(ON))[0]
    assert signal.headline.en == (
        "In the four weeks to 10 October 2021, 40% fewer ships than usual passed the Strait of Hormuz (Weekly)."
    )
    assert signal.headline.ko.startswith("호르무즈 해협의 통항이 2021년 10월 10일까지 네 주 동안 평소보다 40% 적었다")
    assert signal.movement == signal.strength > 0.5


def test_days_without_a_figure_are_no_days_without_ships(routed: Item, at: At) -> None:
    def told(last: list[float | None]) -> tuple[State, float, str]:
        signal = transit_signals(routed, transit_readings(ships([40.0] * 500 + last)), at(ON))[0]
        return signal.state, signal.strength, signal.headline.en

    known: list[float | None] = [40.0, None, 40.0, None, 40.0, 40.0, 40.0]
    assert told(known)[:2] == (State.LIVE, 0.0)
    assert told(known)[2].startswith("In the week to 10 October 2021, as many ships as usual")
    fewer: list[float | None] = [20.0, None, 20.0, None, 20.0, 20.0, 20.0]
    assert told(fewer)[2].startswith("In the week to 10 October 2021, 50% fewer ships")
    unknown: list[float | None] = [None] * 11 + [40.0]
    assert told(unknown)[0] is State.MISSING


def test_a_dip_within_the_usual_spread_says_nothing(routed: Item, at: At) -> None:
    counts = [10.0 + (n // 7) % 5 for n in range(400)] + [9.5] * 7
    assert transit_signals(routed, transit_readings(ships(counts)), at(ON))[0].strength == 0.0


def test_too_short_a_past_is_missing_and_old_counts_are_stale(routed: Item, at: At) -> None:
    short = transit_signals(routed, transit_readings(ships([10.0] * 90)), at(ON))[0]
    assert (short.state, short.direction) == (State.MISSING, Direction.UNKNOWN)
    # The week of 10 October is out on the 12th, the two after it on the 19th and the 26th.
    readings = transit_readings(ships([10.0] * 400))
    states = [transit_signals(routed, readings, at(date(2021, 10, day)))[0].state for day in (26, 27)]
    assert states == [State.LIVE, State.STALE]


def test_no_counts_are_no_reading() -> None:
    assert transit_readings(ships([])) == {}


def test_an_item_without_a_known_route_says_so(routed: Item, at: At) -> None:
    (signal,) = transit_signals(replace(routed, routes=()), {}, at(ON))
    assert (signal.state, signal.headline.en) == (State.MISSING, "Its sea route is not known.")
