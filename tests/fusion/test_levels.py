"""The table of levels, row by row."""

from collections.abc import Collection
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.signal import RAISED, STRONG, Layer, Signal, State
from bongsu.fusion.levels import FAMILIES, NAMES, fires, level, picture
from bongsu.language import Text

M, R, T, P, I, F, O = Layer  # noqa: E741 - measure, report, transit, price, input price, mirror, own customs
QUIET = Text("", "")


def signal(layer: Layer, strength: float, state: State = State.LIVE, *, decisive: bool = False) -> Signal:
    return Signal(subject="x", layer=layer, state=state, headline=QUIET, strength=strength, decisive=decisive)


def judged(
    strong: Collection[Layer] = (),
    raised: Collection[Layer] = (),
    quiet: Collection[Layer] = (),
    *,
    decisive: bool = False,
) -> tuple[int | None, int | None, int | None]:
    """Levels of a dependent item, of one that is not, and of one of which nothing is known."""
    signals = [signal(layer, STRONG) for layer in strong]
    signals += [signal(layer, RAISED) for layer in raised]
    signals += [signal(layer, 0.0) for layer in quiet]
    signals += [signal(M, 1.0, decisive=True)] if decisive else []
    seen = picture(signals)
    return level(seen, dependent=True), level(seen, dependent=False), level(seen, dependent=None)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (judged([O], decisive=True), (5, 4, 3)),
        (judged([T], decisive=True), (5, 4, 3)),
        (judged([R], decisive=True), (5, 4, 3)),
        (judged([P], decisive=True), (4, 3, 3)),
        (judged(decisive=True), (4, 3, 3)),
        (judged([P, O]), (4, 3, 3)),
        (judged([P, I]), (3, 2, 3)),  # one family: the price of a good and of its input move together
        (judged([O, F]), (3, 2, 3)),
        (judged([I], [P]), (3, 2, 3)),
        (judged([P]), (2, 2, 2)),
        (judged([O]), (3, 2, 3)),
        (judged([M]), (3, 2, 3)),
        (judged([T]), (3, 2, 3)),
        (judged(raised=[P]), (2, 2, 2)),
        (judged(raised=[P, I, T]), (2, 2, 2)),
        (judged(quiet=[P]), (1, 1, None)),
        (judged(quiet=[O, T]), (1, 1, None)),
        (judged(quiet=[T, I, M]), (None, None, None)),  # none of them speaks of the good itself
        (judged(), (None, None, None)),
    ],
)
def test_each_row_of_the_table(levels: tuple[int | None, ...], expected: tuple[int | None, ...]) -> None:
    assert levels == expected


@pytest.mark.parametrize("state", [State.STALE, State.MISSING])
def test_what_is_not_live_does_not_count(state: State) -> None:
    seen = picture([signal(M, 1.0, state, decisive=True), signal(O, 1.0, state)])
    assert level(seen, dependent=True) is None
    assert seen.figures is False


def test_every_layer_has_a_family() -> None:
    assert set(FAMILIES) == set(Layer)


some_signals = st.lists(
    st.builds(signal, st.sampled_from(Layer), st.floats(0, 1), st.sampled_from(State), decisive=st.booleans()),
    max_size=8,
)


@given(signals=some_signals)
def test_unknown_dependence_is_never_calm_and_never_above_three(signals: list[Signal]) -> None:
    assert level(picture(signals), dependent=None) in {None, 2, 3}


@given(signals=some_signals, more=st.builds(signal, st.sampled_from(Layer), st.floats(0, 1)))
def test_one_more_live_signal_never_lowers_a_level(signals: list[Signal], more: Signal) -> None:
    for dependent in (True, False, None):
        before = level(picture(signals), dependent=dependent) or 0
        assert (level(picture([*signals, more]), dependent=dependent) or 0) >= before


@given(signals=some_signals, order=st.randoms(use_true_random=False))
def test_the_order_of_signals_does_not_matter(signals: list[Signal], order: Random) -> None:
    mixed = list(signals)
    order.shuffle(mixed)
    assert picture(mixed) == picture(signals)


def test_levels_are_shown_as_fires_and_never_in_the_words_of_the_states_own_stages() -> None:
    assert [fires(one).ko for one in (1, 4, None)] == ["봉수 1거", "봉수 4거", "봉수 판단 불가"]
    assert [fires(one).en for one in (1, 4, None)] == ["1 fire", "4 fires", "level unknown"]
    assert {name.ko for name in NAMES.values()} & {"관심", "주의", "경계", "심각"} == set()
