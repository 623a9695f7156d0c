"""A turn of the watch: what it raises, what it leaves, and that it may be cut short anywhere and repeated."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django import Settings

from bongsu.alerts import actions, cycle, jobs, tasks
from bongsu.alerts.models import Alert, AlertEvent, Cycle
from bongsu.alerts.routing.floor import routed
from bongsu.alerts.rules import State, Step
from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.people.models import AuditLine, Shift
from bongsu.people.reader import task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
Turn = Callable[..., tuple[Any, ...]]


def raised() -> Counter[str]:
    """How often each item was raised."""
    return Counter(AlertEvent.objects.filter(kind=Step.RAISE).values_list("of__subject", flat=True))


def counts(turns: tuple[Any, ...]) -> dict[str, Any]:
    return {name: number for name, number in turns[-1].counts.items() if name != "levels"}


def test_what_is_calm_or_unknown_raises_nothing(turn: Turn) -> None:
    turns = turn(NOW, urea=3, tungsten=1, gallium=None)
    assert raised() == {"urea": 1}
    assert counts(turns) == {"raised": 1, "left": 2}
    assert turns[-1].counts["levels"] == {"urea": 3, "tungsten": 1}
    alert = Alert.objects.get()
    assert (alert.subject, alert.level, alert.state, alert.raised_at) == ("urea", 3, State.RAISED, NOW)
    assert alert.concerns.count() > 1
    assert Cycle.objects.get().finished_at == NOW


def test_an_unchanged_watch_changes_nothing(turn: Turn) -> None:
    turn(NOW, urea=3)
    lines = AuditLine.objects.count()
    assert counts(turn(NOW + HOUR, urea=3)) == {"unchanged": 1}
    assert AuditLine.objects.count() == lines


def test_rise_and_fall_are_observed_the_fall_to_calm_too(turn: Turn) -> None:
    seen = [counts(turn(NOW + hour * HOUR, urea=level)) for hour, level in enumerate((2, 4, 1, None, 3))]
    assert seen == [{"raised": 1}, {"risen": 1}, {"fallen": 1}, {"fallen": 1}, {"risen": 1}]
    assert raised() == {"urea": 1}
    assert Alert.objects.get().watch_level == 3


def ended(person: Callable[..., Any], acting: Callable[..., Any], hour: float) -> None:
    by = acting(person(Role.CENTRE), at=NOW + hour * HOUR, why="확인함")
    alert = Alert.objects.exclude(state=State.CLOSED).get()
    actions.triage(by=by, alert=alert.pk)
    actions.close(by=by, alert=alert.pk)


def test_an_alarm_that_somebody_ended_is_raised_anew_only_when_it_rises_or_begins_again(
    turn: Turn, person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    turn(NOW, urea=3)
    ended(person, acting, 0.5)
    turn(NOW + HOUR, urea=3)
    turn(NOW + 2 * HOUR, urea=2)
    turn(NOW + 3 * HOUR, urea=None)  # unknown is not calm
    turn(NOW + 4 * HOUR, urea=3)
    assert raised() == {"urea": 1}
    turn(NOW + 5 * HOUR, urea=4)
    assert raised() == {"urea": 2}
    ended(person, acting, 5.5)
    turn(NOW + 6 * HOUR, urea=1)
    turn(NOW + 7 * HOUR, urea=2)
    assert raised() == {"urea": 3}


class KilledError(Exception):
    """As if the process had gone."""


@pytest.mark.parametrize("at", range(9))
def test_a_turn_cut_short_anywhere_is_gone_over_again_and_raises_each_warning_once(
    at: int, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before or after the `at`-th step that touches the database; the next worker finds the rest."""
    steps = 0

    def counting(name: str) -> None:
        real = getattr(cycle, name)

        def step(*args: object, **facts: object) -> Any:  # noqa: ANN401 - as the real one
            nonlocal steps
            before, steps = steps, steps + 2
            if before == at:
                raise KilledError
            result = real(*args, **facts)
            if before + 1 == at:
                raise KilledError
            return result

        monkeypatch.setattr(cycle, name, step)

    for name in ("begin", "take_up", "finish"):
        counting(name)
    with pytest.raises(KilledError):
        turn(NOW, urea=3, tungsten=2, gallium=4)
    monkeypatch.undo()
    later = NOW + jobs.LAPSES
    turn(later, holder="b", urea=3, tungsten=2, gallium=4)
    turn(later + HOUR, holder="b", urea=3, tungsten=2, gallium=4)
    assert raised() == {"urea": 1, "tungsten": 1, "gallium": 1}
    assert not Cycle.objects.filter(finished_at__isnull=True).exists()


def test_what_a_dead_turn_saw_is_raised_though_it_has_passed_since(turn: Turn) -> None:
    def dies() -> bool:
        raise KilledError

    with pytest.raises(KilledError):
        turn(NOW, stopping=dies, urea=3)
    later = turn(NOW + HOUR, holder="b", urea=3)
    assert [one.moment for one in later] == [NOW, NOW + HOUR]
    assert Alert.objects.get().raised_at == NOW


def test_a_turn_that_fails_time_and_again_is_given_up_loudly_and_loses_no_warning(
    turn: Turn, person: Callable[..., Any], acting: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(NOW, urea=3)
    ended(person, acting, 0.1)
    turn(NOW + HOUR, urea=1, gallium=1)
    real = cycle.staff_at

    def fails(at: datetime) -> Any:  # noqa: ANN401 - as the real one
        if at == NOW + 2 * HOUR:
            raise KilledError
        return real(at)

    monkeypatch.setattr(cycle, "staff_at", fails)
    for hour in (2, 3):
        with pytest.raises(KilledError):
            turn(NOW + hour * HOUR, urea=3, gallium=4)
    later = turn(NOW + 4 * HOUR, fetch=lambda: [Text("닿지 않음", "out of reach")], urea=3, gallium=4)
    assert [one.moment for one in later] == [NOW + 2 * HOUR, NOW + 4 * HOUR]
    said = (
        "the turn as of 2026-11-22 05:00 UTC failed time and again, and was given up for the present one (KilledError)."
    )
    assert [[one["en"] for one in each.said] for each in later] == [[said], [said, "out of reach"]]
    assert counts(later) == {"raised": 2}
    assert raised() == {"urea": 2, "gallium": 1}  # what ended and began again is raised anew
    assert not Cycle.objects.filter(finished_at__isnull=True).exists()


def test_a_worker_told_to_end_again_and_again_gives_up_no_turn(turn: Turn) -> None:
    for hour in range(5):
        with pytest.raises(tasks.StoppedError):
            turn(NOW + hour * HOUR, stopping=lambda: True, urea=3)
    later = turn(NOW + 6 * HOUR, urea=3)
    assert [one.moment for one in later] == [NOW, NOW + 6 * HOUR]
    assert Alert.objects.get().raised_at == NOW


def test_a_repeated_turn_does_not_raise_what_somebody_ended_in_between(
    turn: Turn, person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    turn(NOW, urea=3)
    ended(person, acting, 0.1)
    Cycle.objects.update(finished_at=None, counts={})  # as if it had died before its last step
    turn(NOW + HOUR, urea=3)
    assert raised() == {"urea": 1}


def test_a_worker_that_lost_its_lease_writes_nothing_more(turn: Turn) -> None:
    def stolen() -> bool:
        jobs.claim("watch", "b", NOW + jobs.LAPSES)
        return False

    with pytest.raises(jobs.LeaseLostError):
        turn(NOW, stopping=stolen, urea=3)
    assert raised() == {}
    turn(NOW + jobs.LAPSES, holder="b", urea=3)
    assert raised() == {"urea": 1}


def test_a_worker_told_to_end_leaves_its_turn_to_the_next(turn: Turn) -> None:
    with pytest.raises(tasks.StoppedError):
        turn(NOW, stopping=lambda: True, urea=3)
    assert raised() == {}
    turn(NOW + HOUR, urea=3)
    assert raised() == {"urea": 1}


def test_one_warning_that_is_refused_holds_up_no_other(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cycle.raise_alert

    def refuses(**facts: Any) -> Any:  # noqa: ANN401 - as the real one
        if facts["warning"]["subject"] == "urea":
            raise InvalidError(Text("등급이 높다.", "its grade is too high."))
        return real(**facts)

    monkeypatch.setattr(cycle, "raise_alert", refuses)
    turns = turn(NOW, urea=3, tungsten=3)
    assert counts(turns) == {"refused": 1, "raised": 1}
    assert turns[-1].said == [{"ko": "urea: 등급이 높다.", "en": "urea: its grade is too high."}]


def test_what_fetching_could_not_do_is_said_and_stops_no_watch(turn: Turn) -> None:
    turns = turn(NOW, fetch=lambda: [Text("닿지 않음", "out of reach")], urea=3)
    assert turns[-1].said == [{"ko": "닿지 않음", "en": "out of reach"}]
    assert raised() == {"urea": 1}


def test_a_clock_that_was_set_back_takes_the_watch_back_behind_nothing(turn: Turn) -> None:
    turn(NOW, urea=3)
    turns = turn(NOW - 5 * HOUR, urea=4)
    assert turns[-1].moment == NOW
    assert Alert.objects.get().level == 4
    events = list(AlertEvent.objects.order_by("seq").values_list("at", flat=True))
    assert events == sorted(events)


def test_who_answers_is_on_duty_and_whoever_does_not_is_followed_by_the_next(
    turn: Turn, person: Callable[..., Any]
) -> None:
    first, second = person(Role.DUTY), person(Role.DUTY)
    for order, officer in enumerate((first, second), 1):
        Shift.objects.create(officer=officer, starts=NOW - HOUR, ends=NOW + 9 * HOUR, order=order)
    turn(NOW, urea=4)
    alert = Alert.objects.get()
    assert alert.owner == first
    assert alert.due_at is not None
    assert tasks.escalate(alert.due_at - timedelta(seconds=1)) == 0
    assert tasks.escalate(alert.due_at) == 1
    alert.refresh_from_db()
    assert alert.owner == second


def test_the_head_of_the_trail_is_noted_outside(turn: Turn, settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    turn(NOW, urea=3)
    tasks.anchor(NOW)
    assert settings.ANCHORS.read_text(encoding="utf-8").count("\n") == 1


LEVELS = st.lists(st.sampled_from([None, 1, 2, 3, 5]), min_size=1, max_size=6)


@tried(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(levels=LEVELS, cut=st.integers(0, 5))
def test_whatever_the_levels_do_an_open_alert_follows_and_is_raised_once(
    turn: Turn, levels: list[int | None], cut: int
) -> None:
    """The property of it all: one open alert, of the level last seen, from the first that was no longer calm."""
    start = NOW + HOUR * (Cycle.objects.count() * 10 + 1)
    Alert.objects.update(open_for=None, state=State.CLOSED, watch_level=None)
    known = raised()["urea"]
    turn(start, urea=1)
    for hour, level in enumerate(levels, 1):
        turn(start + hour * HOUR, urea=level)
        if hour == cut:
            Cycle.objects.filter(moment=start + hour * HOUR).update(
                finished_at=None
            )  # its worker died at the last step
    begun = any(level is not None and level > 1 for level in levels)
    assert raised()["urea"] - known == begun
    if begun:
        alert = Alert.objects.get(open_for="urea")
        assert alert.watch_level == levels[-1]


def test_the_trail_says_that_it_was_no_person(turn: Turn) -> None:
    turn(NOW, urea=3)
    assert list(AuditLine.objects.values_list("act", "actor", "via")) == [("alert.raise", None, task(NOW).via)]


def test_where_the_home_brings_no_catalogue_an_alert_can_be_routed_anew_all_the_same(
    turn: Turn, person: Callable[..., Any], settings: Settings
) -> None:
    officer = person(Role.CENTRE)
    settings.HOME = "JPN"
    turn(NOW, urea=4)
    found = routed(Alert.objects.get().evidence.get().warning, level=5, at=NOW)
    assert [one.unit for one in found.concerned] == [f"user:{officer.pk}"]
    assert found.unreached
