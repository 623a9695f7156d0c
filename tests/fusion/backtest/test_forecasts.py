"""Calibration, precision, halves and ratios, held against their definitions."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.fusion.backtest.events import Event, event_of, read_events
from bongsu.fusion.backtest.forecasts import Forecasts, average_precision, halves, isotonic, judged, reliability
from bongsu.fusion.backtest.ratios import ratios
from bongsu.fusion.backtest.walk import starts
from bongsu.items.catalogue import catalogue

PAIRS = st.lists(st.tuples(st.integers(0, 5).map(float), st.integers(0, 1).map(float)), min_size=1, max_size=30)


@settings(deadline=None)
@given(pairs=PAIRS)
def test_isotonic_never_falls_keeps_the_mean_and_no_other_rising_function_is_nearer(
    pairs: list[tuple[float, float]],
) -> None:
    scores, outcomes = (np.array(each) for each in zip(*pairs, strict=True))
    knots, values = isotonic(scores, outcomes)
    said = values[np.searchsorted(knots, scores)]
    assert (np.diff(values) >= 0).all()
    assert np.isclose(said.mean(), outcomes.mean())
    for level in (0.0, 0.3, 1.0):
        other = np.where(scores >= 3, max(level, 0.3), min(level, 0.3))
        assert np.mean((said - outcomes) ** 2) <= np.mean((other - outcomes) ** 2) + 1e-12


@settings(deadline=None)
@given(pairs=PAIRS)
def test_average_precision_is_the_sum_over_thresholds(pairs: list[tuple[float, float]]) -> None:
    scores, outcomes = (np.array(each) for each in zip(*pairs, strict=True))
    positives, before, expected = outcomes.sum(), 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        found = outcomes[scores >= threshold]
        expected += (found.sum() - before) / max(positives, 1) * found.mean()
        before = found.sum()
    got = average_precision(scores, outcomes)
    assert got is None if positives in {0, len(outcomes)} else got == pytest.approx(expected)


def made_forecasts(separating: float) -> Forecasts:
    dice = np.random.default_rng(1)
    group = np.repeat(np.arange(200), 12)
    outcomes = (group < 60).astype(np.float64)
    return Forecasts(dice.normal(size=len(group)) + separating * outcomes, outcomes, group, 60, 200)


def test_scores_that_tell_have_skill_and_those_that_do_not_have_none() -> None:
    telling, blind = judged(made_forecasts(2.0), 7), judged(made_forecasts(0.0), 7)
    assert telling.brier_skill is not None
    assert blind.brier_skill is not None
    assert (telling.brier_skill > 0.3, blind.brier_skill < 0.01) == (True, True)
    assert len(telling.skills) == 5
    assert all(abs(one.said - one.came) < 0.07 for one in telling.bins if one.forecasts >= 500)
    assert sum(one.forecasts for one in telling.bins) == 5 * 100 * 12


def test_without_both_outcomes_nothing_is_judged() -> None:
    only = Forecasts(np.ones(4), np.ones(4), np.arange(4), 4, 4)
    found = judged(only, 1)
    assert (found.average_precision, found.brier, found.brier_skill, found.bins) == (None, None, None, ())


def test_groups_without_a_forecast_leave_nothing_to_judge() -> None:
    """Cases of which nothing is known in their days, and no quiet series."""
    nothing = judged(Forecasts(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64), 3, 3), 1)
    assert (nothing.average_precision, nothing.base_rate, nothing.brier) == (None, None, None)
    last = Forecasts(np.ones(4), np.ones(4), np.zeros(4, dtype=np.int64), 3, 3)  # only the first has any
    assert judged(last, 1).brier is None


def test_precision_needs_no_halves() -> None:
    """One case and one quiet series: no half holds both outcomes, but all together do."""
    one = Forecasts(np.array([3.0, 1.0, 2.0, 0.0]), np.array([1.0, 1.0, 0.0, 0.0]), np.array([0, 0, 1, 1]), 1, 2)
    found = judged(one, 1)
    assert (found.brier, found.base_rate) == (None, 0.5)
    assert found.average_precision == pytest.approx((1 + 2 / 3) / 2)


@settings(deadline=None)
@given(groups=st.integers(2, 40), cases=st.integers(1, 20), seed=st.integers(0, 99))
def test_halves_part_cases_and_quiet_series_each_in_two(groups: int, cases: int, seed: int) -> None:
    cases = min(cases, groups - 1)
    first = halves(groups, cases, seed)
    assert first[:cases].sum() == (cases + 1) // 2
    assert first[cases:].sum() == (groups - cases + 1) // 2
    assert np.array_equal(first, halves(groups, cases, seed))


def test_reliability_counts_every_forecast_once() -> None:
    said = np.array([0.0, 0.005, 0.3, 0.999, 1.0])
    bins = reliability(said, np.array([0.0, 1.0, 1.0, 1.0, 0.0]))
    assert [(one.least, one.forecasts, one.came) for one in bins] == [(0.0, 2, 0.5), (0.3, 1, 1.0), (0.9, 2, 0.5)]


def test_ratios_count_onsets_and_quiet_quarters() -> None:
    found = ratios(hits=6, cases=8, false_alarms=10, series_years=50.0)
    assert (found.misses, found.quiet, found.type_1, found.type_2) == (2, 190.0, 0.25, 0.05)
    assert found.noise_to_signal == pytest.approx(0.05 / 0.75)
    assert ratios(0, 8, 0, 50.0).noise_to_signal is None
    assert set(ratios(8, 8, 0, 50.0).usefulness.values()) == {1.0}
    assert ratios(0, 0, 0, 0.0).type_1 is None


def test_relative_usefulness_is_nought_for_who_never_rings_where_misses_weigh_less() -> None:
    never = ratios(0, 4, 0, 100.0)
    assert never.usefulness[0.8] == pytest.approx(0.0)


# ---- episodes of fusion, and the events


DAYS = st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=25, unique_by=lambda one: one[0])


@settings(deadline=None)
@given(states=DAYS)
def test_days_of_change_give_the_same_episodes_as_all_days(states: list[tuple[int, bool]]) -> None:
    begin = date(2020, 1, 1)
    turns = sorted((begin + timedelta(day), rings) for day, rings in states)
    last = turns[-1][0]
    every, now = [], False
    known = dict(turns)
    for shift in range((last - turns[0][0]).days + 1):
        day = turns[0][0] + timedelta(shift)
        now = known.get(day, now)
        every.append((day, now))
    expected, length = [], 0
    for day, rings in every:
        length = length + 1 if rings else 0
        if length and (length - 1) % 91 == 0:
            expected.append(day)
    assert starts(turns) == expected


def test_the_events_are_of_shipped_items_and_in_order() -> None:
    events = read_events()
    assert len(events) == 119
    assert {event.item for event in events} <= set(catalogue("KOR").items)
    assert [event.announced for event in events] == sorted(event.announced for event in events)
    assert all(event.citation and event.what for event in events)


def test_an_alarm_belongs_to_an_event_from_half_a_year_before_to_half_a_year_after() -> None:
    event = Event("urea", date(2021, 10, 11), date(2021, 10, 15), "", "")
    inside = [date(2021, 4, 11), date(2021, 10, 13), date(2022, 4, 16)]
    outside = [date(2021, 4, 10), date(2022, 4, 17)]
    assert [event_of((event,), day) for day in inside + outside] == [event] * 3 + [None] * 2
