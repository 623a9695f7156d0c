"""The table of levels, row by row."""

from collections.abc import Collection
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.signal import RAISED, STRONG, Layer, Marks, Signal, State
from bongsu.fusion.levels import FAMILIES, NAMES, fires, level, picture
from bongsu.language import Text

M, R, T, P, V, I, F, O = Layer  # noqa: E741 - measure, report, transit, price, unit value, input, mirror, own
QUIET = Text("", "")
GRADES = ("A", "B", "C", "D", None)


def signal(layer: Layer, strength: float, state: State = State.LIVE, *, decisive: bool = False) -> Signal:
    return Signal(subject="x", layer=layer, state=state, headline=QUIET, strength=strength, decisive=decisive)


def judged(
    strong: Collection[Layer] = (),
    raised: Collection[Layer] = (),
    quiet: Collection[Layer] = (),
    *,
    decisive: bool = False,
) -> tuple[int | None, ...]:
    """Levels of an item of grade A, B, C, D, and of one whose grade is unknown."""
    signals = [signal(layer, STRONG) for layer in strong]
    signals += [signal(layer, RAISED) for layer in raised]
    signals += [signal(layer, 0.0) for layer in quiet]
    signals += [signal(M, 1.0, decisive=True)] if decisive else []
    seen = picture(signals)
    return tuple(level(seen, grade) for grade in GRADES)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        # 5: one authoritative measure, borne out by ships, flows or a report
        (judged([O], decisive=True), (5, 5, 4, 4, 5)),
        (judged([F], decisive=True), (5, 5, 4, 4, 5)),
        (judged([T], decisive=True), (5, 5, 4, 4, 5)),
        (judged([R], decisive=True), (5, 5, 4, 4, 5)),
        # 4: one authoritative measure, or two independent layers strong
        (judged([P], decisive=True), (4, 4, 4, 3, 4)),
        (judged([V], decisive=True), (4, 4, 4, 3, 4)),
        (judged(decisive=True), (4, 4, 4, 3, 4)),
        (judged([P, O]), (4, 4, 4, 3, 4)),
        (judged([I, T]), (4, 4, 4, 3, 4)),
        (judged([M, V]), (4, 4, 4, 3, 4)),
        (judged([R, T]), (4, 4, 4, 3, 4)),
        # 3: not independent of each other, or one layer alone
        (judged([P, I]), (3, 3, 3, 2, 3)),  # what a good costs follows what it is made from
        (judged([P, V]), (3, 3, 3, 2, 3)),
        (judged([O, F]), (3, 3, 3, 2, 3)),  # two sides of one trade
        (judged([I], [P]), (3, 3, 3, 2, 3)),  # coal, and urea with it
        (judged([P], [I]), (3, 3, 3, 2, 3)),
        (judged([P], [O]), (3, 3, 3, 2, 3)),
        (judged([O]), (3, 3, 3, 2, 3)),
        (judged([M]), (3, 3, 3, 2, 3)),
        (judged([T]), (3, 3, 3, 2, 3)),
        (judged([R]), (3, 3, 3, 2, 3)),
        # 2: one price alone, or nothing strong
        (judged([P]), (2, 2, 2, 2, 2)),
        (judged([V]), (2, 2, 2, 2, 2)),
        (judged([I]), (2, 2, 2, 2, 2)),
        (judged(raised=[P]), (2, 2, 2, 2, 2)),
        (judged(raised=[P, I, T, O]), (2, 2, 2, 2, 2)),
        # 1, or no answer
        (judged(quiet=[P]), (1, 1, 1, 1, None)),
        (judged(quiet=[V]), (1, 1, 1, 1, None)),
        (judged(quiet=[O, T]), (1, 1, 1, 1, None)),
        (judged(quiet=[T, I, M]), (None,) * 5),  # none of them speaks of the good itself
        (judged(), (None,) * 5),
    ],
)
def test_each_row_of_the_table(levels: tuple[int | None, ...], expected: tuple[int | None, ...]) -> None:
    assert levels == expected


@pytest.mark.parametrize("state", [State.STALE, State.MISSING])
def test_what_is_not_live_does_not_count(state: State) -> None:
    seen = picture([signal(M, 1.0, state, decisive=True), signal(O, 1.0, state)])
    assert level(seen, "A") is None
    assert seen.figures is False


def test_every_layer_has_a_family() -> None:
    assert set(FAMILIES) == set(Layer)


some_signals = st.lists(
    st.builds(signal, st.sampled_from(Layer), st.floats(0, 1), st.sampled_from(State), decisive=st.booleans()),
    max_size=8,
)


some_marks = st.builds(Marks, st.floats(0.05, 0.5), st.floats(0.5, 1.0))


@given(signals=some_signals, marks=some_marks)
def test_an_unknown_grade_is_read_as_the_gravest_and_is_never_calm(signals: list[Signal], marks: Marks) -> None:
    seen = picture(signals, marks)
    gravest = level(seen, "A")
    assert level(seen, None) == (None if gravest == 1 else gravest)


@given(signals=some_signals)
def test_a_graver_grade_never_lowers_a_level(signals: list[Signal]) -> None:
    seen = picture(signals)
    found = [level(seen, grade) or 0 for grade in ("A", "B", "C", "D")]
    assert found == sorted(found, reverse=True)


@given(signals=some_signals, more=st.builds(signal, st.sampled_from(Layer), st.floats(0, 1), decisive=st.booleans()))
def test_one_more_live_signal_never_lowers_a_level(signals: list[Signal], more: Signal) -> None:
    for grade in GRADES:
        before = level(picture(signals), grade) or 0
        assert (level(picture([*signals, more]), grade) or 0) >= before


@given(signals=some_signals, layer=st.sampled_from(Layer), state=st.sampled_from([State.STALE, State.MISSING]))
def test_a_layer_that_goes_missing_or_stale_never_makes_it_calm(
    signals: list[Signal], layer: Layer, state: State
) -> None:
    """Calm is only what was calm before: what falls silent may lower the fires, but lights no fire of calm."""
    gone = [replace(one, state=state) if one.layer is layer else one for one in signals]
    for grade in GRADES:
        before, after = level(picture(signals), grade), level(picture(gone), grade)
        assert after != 1 or before == 1
        assert (after or 2) <= max(before or 2, 2)
    blind = [replace(one, state=state) for one in signals]
    assert {level(picture(blind), grade) for grade in GRADES} == {None}


@given(signals=some_signals, low=some_marks, by=st.floats(0, 0.5))
def test_higher_marks_never_raise_a_level(signals: list[Signal], low: Marks, by: float) -> None:
    high = Marks(low.raised + by, low.strong + by)
    for grade in GRADES:
        assert (level(picture(signals, high), grade) or 2) <= max(level(picture(signals, low), grade) or 2, 2)


@given(signals=some_signals, order=st.randoms(use_true_random=False))
def test_the_order_of_signals_does_not_matter(signals: list[Signal], order: Random) -> None:
    mixed = list(signals)
    order.shuffle(mixed)
    assert picture(mixed) == picture(signals)


def test_levels_are_shown_as_fires_and_never_in_the_words_of_the_states_own_stages() -> None:
    assert [fires(one).ko for one in (1, 4, None)] == ["봉수 1거", "봉수 4거", "봉수 판단 불가"]
    assert [fires(one).en for one in (1, 4, None)] == ["1 fire", "4 fires", "level unknown"]
    assert {name.ko for name in NAMES.values()} & {"관심", "주의", "경계", "심각"} == set()
