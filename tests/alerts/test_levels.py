"""Levels rise and fall; a rise tells anew only those newly concerned or not yet told at that level."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.fold import fold, step
from bongsu.alerts.models import Alert, Telling
from bongsu.alerts.rules import State, Step
from bongsu.people.errors import InvalidError
from bongsu.people.models import User
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def raised(raised: Callable[..., Any]) -> Callable[..., Any]:
    """On an item of no catalogue: nobody is concerned but whom the test names."""
    return partial(raised, subject="test good")


@pytest.fixture
def duty(person: Callable[..., Any]) -> User:
    """Whoever answers; the desks have their people too."""
    user: User = person(Role.DUTY)
    person(Role.DESK, desk="supply")
    person(Role.DESK, desk="food")
    return user


@pytest.fixture
def seen(concerned: Callable[..., Any]) -> Callable[..., Alert]:
    """The watch sees a level: `seen(row, 4, "desk:supply")`."""

    def observe(row: Alert, level: int | None, *units: str, at: datetime = MOMENT, **warning: Any) -> Alert:  # noqa: ANN401 - JSON
        told = {"subject": row.subject, "level": level, **warning}
        return actions.observe(by=task(at), alert=row.pk, warning=told, level=level, concerns=concerned(*units))

    return observe


def told(row: Alert) -> list[tuple[str, int]]:
    return list(Telling.objects.filter(of=row).order_by("seq", "unit").values_list("unit", "level"))


def test_only_the_house_is_told_before_it_is_issued_and_the_others_then(
    raised: Callable[..., Any], duty: User, acting: Callable[..., Any]
) -> None:
    row = raised(units=("mission:chn_beijing", "desk:supply", "ministry:moe"))
    assert told(row) == [("desk:supply", 3), (f"user:{duty.pk}", 3)]
    row = actions.triage(by=acting(duty), alert=row.pk)
    row = actions.issue(by=acting(duty), alert=row.pk)
    assert told(row)[2:] == [("ministry:moe", 3), ("mission:chn_beijing", 3)]
    assert queries.timeline(duty.reader, row.pk)[-1].unstaffed == ("ministry:moe", "mission:chn_beijing")


def test_a_rise_tells_anew_and_a_fall_tells_nobody_but_shows(
    raised: Callable[..., Any], duty: User, seen: Callable[..., Alert]
) -> None:
    row = raised(units=("desk:supply",))
    row = seen(row, 4)
    assert told(row)[2:] == [("desk:supply", 4), (f"user:{duty.pk}", 4)]
    before = told(row)
    row = seen(row, 2)
    assert (row.level, told(row)) == (2, before)
    assert [(one.was, one.level) for one in queries.timeline(duty.reader, row.pk)] == [(None, 3), (3, 4), (4, 2)]


def test_up_and_down_within_a_minute_tells_once_and_puts_nothing_off(
    raised: Callable[..., Any], duty: User, seen: Callable[..., Alert]
) -> None:
    row = raised(units=("desk:supply",))
    row = seen(row, 4)
    first = row.due_at
    for second in range(1, 60):
        row = seen(row, (3, 4)[second % 2], at=MOMENT + timedelta(seconds=second))
    both = ("desk:supply", f"user:{duty.pk}")
    assert told(row) == [(unit, level) for level in (3, 4) for unit in both]
    assert (row.due_at, row.level, row.version) == (first, 4, 60)


def test_what_was_acknowledged_at_a_level_stays_so_when_it_comes_back_to_it(
    raised: Callable[..., Any], duty: User, acting: Callable[..., Any], seen: Callable[..., Alert]
) -> None:
    row = raised(level=4)
    row = actions.acknowledge(by=acting(duty), alert=row.pk)
    assert (row.acknowledged_at, row.due_at) == (MOMENT, None)
    row = seen(seen(row, 2), 4)
    assert (row.acknowledged_at, row.due_at) == (MOMENT, None)
    row = seen(row, 5)
    assert (row.acknowledged_at, row.due_at) == (None, MOMENT + timedelta(minutes=30))


def test_nothing_new_is_no_event(raised: Callable[..., Any], duty: User, seen: Callable[..., Alert]) -> None:
    row = raised(units=("desk:supply",))
    assert seen(row, 3, "desk:supply", on="another day").version == 1
    assert seen(row, 3, "desk:supply", reason="new").version == 2
    assert seen(row, 3, "desk:supply", "desk:food", reason="new").version == 3
    assert row.evidence.count() == 2
    assert told(row) == [("desk:supply", 3), (f"user:{duty.pk}", 3), ("desk:food", 3)]


def test_a_level_that_cannot_be_given_is_told_and_is_not_calm(
    raised: Callable[..., Any], duty: User, seen: Callable[..., Alert]
) -> None:
    row = raised(level=None, units=("desk:supply",))
    assert (row.level, told(row)) == (None, [("desk:supply", 0)])
    assert [one.entry.from_level for one in queries.checklist(duty.reader, row.pk)][-1] == 2
    row = seen(row, 1)
    assert told(row) == [("desk:supply", 0), ("desk:supply", 1)]


def test_an_override_stands_until_the_watch_moves_and_both_are_shown(
    raised: Callable[..., Any], duty: User, acting: Callable[..., Any], seen: Callable[..., Alert]
) -> None:
    row = raised(units=("desk:supply",))
    row = actions.override_level(by=acting(duty), alert=row.pk, level=5, reason="현장 확인")
    assert (row.level, row.watch_level, row.overridden) == (5, 3, True)
    assert queries.timeline(duty.reader, row.pk)[-1].why == "현장 확인"
    row = seen(row, 3, reason="more")
    assert (row.level, row.watch_level, row.overridden) == (5, 3, True)
    row = seen(row, 4)
    assert (row.level, row.watch_level, row.overridden) == (4, 4, False)
    both = ("desk:supply", f"user:{duty.pk}")
    assert told(row) == [(unit, level) for level in (3, 5) for unit in both]
    row = actions.override_level(by=acting(duty, why="사유"), alert=row.pk, level=2)
    row = actions.lift_override(by=acting(duty, why="사유"), alert=row.pk)
    assert (row.level, row.overridden, row.state) == (4, False, State.RAISED)


@pytest.mark.parametrize("level", [0, 6, -1, 3])
def test_an_override_to_no_level_or_to_the_same_is_refused(
    level: int, raised: Callable[..., Any], duty: User, acting: Callable[..., Any]
) -> None:
    row = raised()
    with pytest.raises(InvalidError):
        actions.override_level(by=acting(duty, why="사유"), alert=row.pk, level=level)


def test_a_company_is_never_told(raised: Callable[..., Any], person: Callable[..., Any], duty: User) -> None:
    company, shut = person(Role.COMPANY), person(Role.CENTRE, is_active=False)
    row = raised(level=5, units=(f"user:{company.pk}", f"user:{shut.pk}", "user:x", "user:9999999"))
    assert told(row) == [(f"user:{duty.pk}", 5)]


UNITS = ("desk:supply", "desk:food", "mission:chn_beijing", "mission:vnm_hanoi", "ministry:moe", "ministry:molit")


@pytest.mark.parametrize("seed", range(12))
def test_over_any_course_nobody_told_at_a_level_is_told_at_it_or_below_again_and_nobody_is_left_out(
    seed: int, raised: Callable[..., Any], duty: User, seen: Callable[..., Alert]
) -> None:
    chance = Random(seed)  # noqa: S311 - a test's dice
    by = Actor(reader=duty.reader, at=MOMENT, why="사유")
    row = raised(level=chance.choice((None, 1, 2, 3, 4, 5)), units=chance.sample(UNITS, 2))
    for number in range(25):
        match chance.randrange(6):
            case 0 if row.state in {State.RAISED, State.TRIAGED}:
                row = (actions.triage if row.state == State.RAISED else actions.issue)(by=by, alert=row.pk)
            case 1 if not row.overridden and (level := chance.randrange(1, 6)) != row.level:
                row = actions.override_level(by=by, alert=row.pk, level=level)
            case 2 if row.overridden:
                row = actions.lift_override(by=by, alert=row.pk)
            case _:
                units = chance.sample(UNITS, chance.randrange(len(UNITS)))
                row = seen(row, chance.choice((None, 1, 2, 3, 4, 5)), *units, draw=number)
        _all_told(row)
    by_unit: dict[str, list[int]] = {}
    for unit, level in told(row):
        by_unit.setdefault(unit, []).append(level)
    assert all(low < high for levels in by_unit.values() for low, high in pairwise(levels))


def _all_told(row: Alert) -> None:
    """Each unit that is to know in this state was told at the present level or a higher one."""
    standing = fold(row.events.order_by("seq"))
    assert standing is not None
    for unit in standing.concerns:
        if row.state == State.ISSUED or unit.startswith("desk:"):
            assert standing.told[unit] >= (row.level or 0)
        elif row.state in {State.RAISED, State.TRIAGED}:
            assert unit not in standing.told


def test_the_fold_gives_a_rise_its_own_acknowledgement(raised: Callable[..., Any], duty: User) -> None:
    row = raised(level=3)
    standing = fold(row.events.all())
    assert standing is not None
    events = [
        (Step.ACKNOWLEDGE, {}, True),
        (Step.OBSERVE, {"level": 4}, False),
        (Step.ACKNOWLEDGE, {}, True),
        (Step.OBSERVE, {"level": 2}, True),
        (Step.OVERRIDE, {"level": 4}, True),
        (Step.OVERRIDE, {"level": 5}, False),
        (Step.LIFT, {}, False),
        (Step.ACKNOWLEDGE, {}, True),
        (Step.ASSIGN, {"owner": 9}, False),
    ]
    for number, (kind, data, acknowledged) in enumerate(events, start=2):
        event = row.events.model(of=row, seq=number, at=MOMENT, kind=kind, actor_id=duty.pk, data=data)
        standing = step(standing, event)
        assert (kind, standing.acknowledged_at is not None) == (kind, acknowledged)
