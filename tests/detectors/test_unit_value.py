"""Unit values: what a kilogram costs against its own past."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.flow import Stream, earlier
from bongsu.detectors.ladder import strength_on
from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import RAISED, STRONG, Direction, Layer, Signal, State
from bongsu.detectors.unit_value import LADDER, monthly, scores, unit_value_signals
from bongsu.items.item import Item

At = Callable[[date], Setting]
LAST = date(2021, 9, 1)
DAY = date(2021, 10, 20)


def customs(costs: Sequence[float | None], *, basket: bool = False, **more: object) -> Stream:
    """Imports of ten kilograms a month from China and one from Qatar, at the given cost of a kilogram, to `LAST`."""
    months = [earlier(LAST, back) for back in reversed(range(len(costs)))]
    values: dict[date, Mapping[str, float | None]] = {}
    weights: dict[date, Mapping[str, float | None]] = {}
    for month, cost in zip(months, costs, strict=True):
        values[month] = {"CHN": None if cost is None else 10 * cost, "QAT": cost}
        weights[month] = {"CHN": 10.0, "QAT": 1.0}
    known = datetime(2021, 10, 15, tzinfo=UTC)
    one = Stream("monthly", "KOR", Layer.OWN_CUSTOMS, values, LAST, known, basket, {}, frozenset(), weights)
    return replace(one, **more)  # type: ignore[arg-type]


def only(item: Item, at: Setting, *streams: Stream) -> Signal:
    (signal,) = unit_value_signals(item, streams, at)
    return signal


def test_a_sharp_rise_is_a_strong_signal_and_says_how_much(urea: Item, at: At) -> None:
    signal = only(urea, at(DAY), customs([2.0] * 39 + [3.0]))
    assert (signal.layer, signal.state, signal.direction) == (Layer.UNIT_VALUE, State.LIVE, Direction.TIGHTER)
    assert signal.strength >= STRONG
    assert signal.movement == signal.strength
    assert (signal.valid, signal.known_at) == (LAST, datetime(2021, 10, 15, tzinfo=UTC))
    assert signal.headline.ko == "요소는 2021년 9월 수입 단가가 앞선 열두 달보다 50% 올랐다(월간)."
    assert signal.headline.en == (
        "The import unit value of urea stood 50% above its past twelve months in September 2021 (Monthly)."
    )


def test_a_usual_price_and_a_fall_are_quiet(urea: Item, at: At) -> None:
    flat, fallen = only(urea, at(DAY), customs([2.0] * 40)), only(urea, at(DAY), customs([2.0] * 39 + [1.0]))
    assert [(one.state, one.strength, one.direction) for one in (flat, fallen)] == [
        (State.LIVE, 0.0, Direction.STEADY)
    ] * 2
    assert fallen.headline.ko == "요소는 2021년 9월 수입 단가가 앞선 열두 달보다 50% 내렸다(월간)."
    assert "stood 50% below" in fallen.headline.en


def test_a_basket_says_that_the_mix_may_have_changed(urea: Item, at: At) -> None:
    signal = only(urea, at(DAY), customs([2.0] * 39 + [3.0], basket=True))
    assert signal.basket is True
    assert signal.headline.ko.endswith("다른 물품이 섞인 품목번호라 구성이 바뀐 것일 수 있다.")
    assert signal.headline.en.endswith("The code holds other goods: the mix may have changed.")


@pytest.mark.parametrize(
    "stream",
    [
        customs([2.0] * 10),  # no past
        customs([2.0] * 39 + [None]),  # nothing known of the last month, not even from Qatar
        customs([2.0] * 40, weights={}),  # no weights
    ],
)
def test_what_cannot_be_judged_is_missing_and_says_so(urea: Item, at: At, stream: Stream) -> None:
    signal = only(urea, at(DAY), stream)
    assert (signal.state, signal.strength, signal.direction) == (State.MISSING, 0.0, Direction.UNKNOWN)
    assert signal.headline.ko == "요소의 2021년 9월 수입 단가는 무게나 지난 수치가 모자라 판단할 수 없다(월간)."
    assert signal.headline.en == (
        "Import unit values of urea in September 2021 cannot be judged: weights or a past are missing (Monthly)."
    )


def test_without_customs_figures_the_layer_is_missing(urea: Item, at: At) -> None:
    signal = only(urea, at(DAY))
    assert (signal.state, signal.headline.en) == (
        State.MISSING,
        "No customs figures of our own have been received.",
    )
    mirror = customs([2.0] * 40, layer=Layer.MIRROR_FLOW, reporter="CHN")
    assert only(urea, at(DAY), mirror).state is State.MISSING


def test_an_old_month_is_stale(urea: Item, at: At) -> None:
    assert only(urea, at(date(2021, 12, 16)), customs([2.0] * 39 + [3.0])).state is State.STALE


def test_partners_without_value_or_weight_are_left_out_of_a_months_cost() -> None:
    one = customs([2.0])
    lone = replace(one, weights={LAST: {"CHN": None, "QAT": 1.0}})
    assert (monthly(one), monthly(lone)) == ({LAST: 2.0}, {LAST: 2.0})
    assert monthly(replace(one, weights={LAST: {"CHN": 0.0, "QAT": None}})) == {}


def test_the_scale_rises_and_passes_through_its_marks() -> None:
    assert list(LADDER) == sorted(set(LADDER))
    assert [strength_on(LADDER, score) for score in (LADDER[1], LADDER[2], -9.0, 99.0, None)] == [
        RAISED, STRONG, 0.0, 1.0, 0.0,
    ]  # fmt: skip


@given(
    costs=st.lists(st.floats(0.1, 100) | st.just(float("nan")), min_size=40, max_size=60),
    later=st.lists(st.floats(0.1, 100), min_size=1, max_size=12),
)
def test_no_score_changes_when_months_are_added(costs: list[float], later: list[float]) -> None:
    before, after = scores(np.array([costs])), scores(np.array([[*costs, *later]]))
    assert np.array_equal(before, after[:, : len(costs)], equal_nan=True)


@given(costs=st.lists(st.floats(0.1, 100), min_size=40, max_size=60), factor=st.floats(0.01, 100))
def test_the_unit_of_money_does_not_matter(costs: list[float], factor: float) -> None:
    one, other = scores(np.array([costs])), scores(np.array([costs]) * factor)
    assert np.allclose(one, other, equal_nan=True, atol=1e-6)
