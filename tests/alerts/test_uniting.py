"""Two alerts that are one, and one open alert a subject."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.models import Alert, Telling
from bongsu.alerts.rules import State, Step
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import Actor
from bongsu.people.roles import JUDGES, Role

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def by(person: Callable[..., Any], acting: Callable[..., Any]) -> Actor:
    actor: Actor = acting(person(Role.DUTY), at=MOMENT + timedelta(hours=1), why="같은 원인")
    return actor


@pytest.mark.parametrize(("act", "state"), [(actions.merge, State.MERGED), (actions.supersede, State.SUPERSEDED)])
def test_it_points_to_the_other_which_takes_over_those_concerned_and_the_markings(
    act: Callable[..., Alert], state: State, by: Actor, raised: Callable[..., Any]
) -> None:
    target = raised(subject="ammonia", units=("desk:supply",), level=4)
    row = raised(units=("desk:supply", "desk:food", "mission:chn_beijing"), marks=(Grade.S, Tlp.AMBER))
    target = actions.issue(by=by, alert=actions.triage(by=by, alert=target.pk).pk)
    row = act(by=by, alert=row.pk, into=target.pk, seen=row.version)
    assert (row.state, row.into_id, row.open_for, row.closed_at) == (state, target.pk, None, by.at)
    target.refresh_from_db()
    assert (target.grade, target.tlp, target.state) == (Grade.S, Tlp.AMBER, State.ISSUED)
    assert {one.unit: one.why_ko for one in target.concerns.all()} == {
        "desk:supply": "desk:supply 때문에",
        "desk:food": "desk:food 때문에",
        "mission:chn_beijing": "mission:chn_beijing 때문에",
    }
    assert set(row.concerns.values_list("unit", flat=True)) == {"desk:supply", "desk:food", "mission:chn_beijing"}
    last = target.version
    told = Telling.objects.filter(of=target, seq=last).values_list("unit", "level")
    assert dict(told) == {"desk:food": 4, "mission:chn_beijing": 4}
    line = queries.timeline(by.reader, target.pk)[-1]
    assert (line.kind, line.other, line.why) == (Step.JOIN, str(row.pk), "같은 원인")
    assert list(AuditLine.objects.values_list("act", flat=True))[-2:] == [f"alert.{act.__name__}", "alert.join"]
    assert raised().pk != row.pk  # the subject is free for a new one


def test_what_it_cannot_be_merged_into(by: Actor, raised: Callable[..., Any], person: Callable[..., Any]) -> None:
    row, other = raised(), raised(subject="ammonia")
    closed = actions.withdraw(by=by, alert=raised(subject="gallium").pk)
    secret = raised(subject="graphite", marks=(Grade.S, Tlp.RED))
    low = Actor(reader=person(Role.CENTRE, tlp=Tlp.AMBER).reader, at=MOMENT, why="사유")
    for actor, into, refused in (
        (by, row.pk, InvalidError),
        (by, closed.pk, OutOfStepError),
        (by, uuid4(), NotThereError),
        (low, secret.pk, NotThereError),
    ):
        with pytest.raises(refused):
            actions.merge(by=actor, alert=row.pk, into=into)
    row.refresh_from_db()
    assert (row.state, row.version) == (State.RAISED, 1)
    merged = actions.merge(by=by, alert=row.pk, into=other.pk)
    with pytest.raises(OutOfStepError):
        actions.merge(by=by, alert=other.pk, into=merged.pk)


def test_a_subject_has_one_open_alert_and_raising_again_brings_the_news_to_it(
    raised: Callable[..., Any], person: Callable[..., Any]
) -> None:
    duty: User = person(Role.DUTY)
    row = raised(level=2, units=("desk:supply",))
    again = raised(level=4, units=("desk:food",), at=MOMENT + timedelta(hours=1), marks=(Grade.S, Tlp.GREEN))
    assert again.pk == row.pk
    assert (again.version, again.level, again.grade, again.owner_id) == (2, 4, Grade.S, duty.pk)
    assert again.evidence.count() == 2
    assert [one.unit for one in again.concerns.all()] == ["desk:supply", "desk:food"]
    assert Alert.objects.count() == 1


def test_a_closed_one_is_not_reopened_while_another_is_open(by: Actor, raised: Callable[..., Any]) -> None:
    row = actions.close(by=by, alert=actions.triage(by=by, alert=raised().pk).pk)
    newer = raised()
    assert newer.pk != row.pk
    lines = AuditLine.objects.count()
    with pytest.raises(OutOfStepError):
        actions.reopen(by=by, alert=row.pk)
    assert AuditLine.objects.count() == lines
    row.refresh_from_db()
    assert (row.state, row.open_for, row.events.count()) == (State.CLOSED, None, 3)
    actions.withdraw(by=by, alert=newer.pk)
    assert actions.reopen(by=by, alert=row.pk).state == State.TRIAGED


@pytest.mark.parametrize("role", Role)
def test_a_person_who_judges_raises_by_hand_and_nobody_else(
    role: Role, person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    by = acting(person(role, desk="supply"))
    facts: dict[str, Any] = {"level": 2, "grade": Grade.O, "tlp": Tlp.GREEN, "concerns": ()}
    if role in JUDGES:
        row = actions.raise_alert(by=by, warning={"subject": "urea"}, **facts)
        assert row.events.get().actor_id == by.reader.user
    else:
        with pytest.raises(DeniedError):
            actions.raise_alert(by=by, warning={"subject": "urea"}, **facts)


def test_raising_by_hand_is_no_way_to_an_alert_that_one_may_not_see(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = raised(marks=(Grade.S, Tlp.RED))
    low = acting(person(Role.CENTRE, tlp=Tlp.AMBER))
    with pytest.raises(OutOfStepError):
        actions.raise_alert(by=low, warning={"subject": "urea"}, level=5, grade=Grade.O, tlp=Tlp.CLEAR, concerns=())
    row.refresh_from_db()
    assert (row.version, Alert.objects.count()) == (1, 1)
