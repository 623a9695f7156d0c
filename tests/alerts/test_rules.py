"""Every state × step × role: what is declared happens, all else is refused and changes nothing."""

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bongsu.alerts import actions, rules
from bongsu.alerts.models import Alert, AlertEvent
from bongsu.alerts.rules import ACKNOWLEDGE_WITHIN, EDGES, MAY, OPEN, STATE_NAMES, STEP_NAMES, State, Step
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import AuditLine
from bongsu.people.reader import NOBODY, Actor, task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

DESK = "desk:supply"
PERSONAL = sorted(set(Step) - {Step.RAISE, Step.OBSERVE, Step.ESCALATE, Step.JOIN})
WAYS = {
    State.RAISED: (),
    State.TRIAGED: ("triage",),
    State.ISSUED: ("triage", "issue"),
    State.CLOSED: ("triage", "issue", "close"),
    State.WITHDRAWN: ("withdraw",),
    State.SUPERSEDED: ("supersede",),
    State.MERGED: ("triage", "merge"),
}
_FROM = {Step.TRIAGE: State.RAISED, Step.ISSUE: State.TRIAGED, Step.REOPEN: State.CLOSED}


@pytest.fixture
def raised(raised: Callable[..., Any]) -> Callable[..., Any]:
    """On an item of no catalogue: nobody is concerned but whom the test names."""
    return partial(raised, subject="test good")


@pytest.fixture
def stage(person: Callable[..., Any], acting: Callable[..., Any], raised: Callable[..., Any]) -> Callable[..., Any]:
    """Brings an alert into a state, and a second open one beside it that it can be merged into."""
    duty = person(Role.DUTY, username="the duty officer")
    other = raised(subject="other", level=2)

    def bring(state: State) -> tuple[Alert, Alert]:
        by = acting(duty, why="사유")
        row = raised(units=(DESK, "mission:chn_beijing", "ministry:moe"))
        for word in WAYS[state]:
            more = {"into": other.id} if word in {"supersede", "merge"} else {}
            row = getattr(actions, word)(by=by, alert=row.id, **more)
        assert row.state == state
        return row, other

    return bring


def _take(step: Step, by: Actor, row: Alert, other: Alert) -> Alert:
    more: dict[Step, dict[str, Any]] = {
        Step.SUPERSEDE: {"into": other.id},
        Step.MERGE: {"into": other.id},
        Step.ASSIGN: {"owner": row.owner_id},
        Step.OVERRIDE: {"level": 5},
        Step.TICK: {"entry": "read_evidence"},
        Step.UNTICK: {"entry": "read_evidence"},
        Step.NOTE: {"text": "메모"},
    }
    names = {Step.OVERRIDE: "override_level", Step.LIFT: "lift_override"}
    taken: Alert = getattr(actions, names.get(step, step.value))(by=by, alert=row.id, **more.get(step, {}))
    return taken


@pytest.mark.parametrize("state", State)
def test_every_declared_step_leads_where_it_says_and_every_other_is_refused(
    state: State, stage: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    centre = person(Role.CENTRE)
    by = acting(centre, why="사유")
    for step in PERSONAL:
        row, other = stage(state)
        if step is Step.LIFT and state in OPEN:
            row = actions.override_level(by=by, alert=row.id, level=4)
        before = AlertEvent.objects.count()
        if (state, step) in EDGES:
            assert rules.may(by.reader, step, row) is None
            assert _take(step, by, row, other).state == EDGES[state, step]
        else:
            assert rules.may(by.reader, step, row) is not None
            with pytest.raises(OutOfStepError):
                _take(step, by, row, other)
            assert (AlertEvent.objects.count(), Alert.objects.get(pk=row.pk).version) == (before, row.version)
        Alert.objects.filter(pk=row.pk).update(open_for=None)


@pytest.mark.parametrize("role", Role)
def test_every_role_may_take_what_it_is_named_for_and_nothing_else(
    role: Role, stage: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    user = person(role, desk="supply", mission="chn_beijing", ministry="moe")
    by = acting(user, why="사유")
    for step in PERSONAL:
        row, other = stage(_FROM.get(step, State.ISSUED))
        if step is Step.LIFT:
            Alert.objects.filter(pk=row.pk).update(watch_level=2)
            row.watch_level = 2
        sees = Alert.objects.filter(rules.visible(user.reader), pk=row.pk).exists()
        lines = AuditLine.objects.count()
        if role in MAY[step] and (step is not Step.ACKNOWLEDGE or role is not Role.DESK):
            assert sees
            _take(step, by, row, other)
        else:
            assert rules.refusal(user.reader, step, row) is not None
            with pytest.raises(DeniedError if sees else NotThereError):
                _take(step, by, row, other)
            assert AuditLine.objects.count() == lines
        Alert.objects.filter(pk=row.pk).update(open_for=None)


def test_a_task_takes_only_the_steps_of_a_task(raised: Callable[..., Any], person: Callable[..., Any]) -> None:
    person(Role.DUTY)
    row = raised()
    by = task(row.raised_at)
    for step in Step:
        allowed = rules.refusal(by.reader, step, row) is None
        assert allowed == (step in {Step.RAISE, Step.OBSERVE, Step.ESCALATE})
    with pytest.raises(DeniedError):
        actions.triage(by=by, alert=row.id)
    with pytest.raises(NotThereError):
        actions.triage(by=Actor(reader=NOBODY, at=row.raised_at), alert=row.id)


def test_no_person_takes_a_tasks_steps(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = raised()
    for role in Role:
        for step in (Step.OBSERVE, Step.ESCALATE):
            assert rules.refusal(person(role).reader, step, row) is not None
    with pytest.raises(DeniedError):
        actions.escalate(by=acting(person(Role.CENTRE)), alert=row.id)


@pytest.mark.parametrize("step", sorted(rules.NEEDS_REASON))
@pytest.mark.parametrize("why", ["", " \n", "\u202e\x00"])
def test_some_steps_are_not_taken_without_a_reason(
    step: Step, why: str, stage: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row, other = stage(State.CLOSED if step is Step.REOPEN else State.ISSUED)
    centre = person(Role.CENTRE)
    if step is Step.LIFT:
        actions.override_level(by=acting(centre, why="사유"), alert=row.id, level=5)
    with pytest.raises(InvalidError):
        _take(step, acting(centre, why=why), row, other)


def test_unknown_and_unseen_alerts_are_answered_alike(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = raised(units=("mission:chn_beijing",))
    elsewhere = acting(person(Role.MISSION, mission="jpn_tokyo"))
    said = []
    for pk in (row.id, UUID(int=7)):
        with pytest.raises(NotThereError) as refused:
            actions.note(by=elsewhere, alert=pk, text="메모")
        said.append((refused.value.what, refused.value.mend, refused.value.status))
    assert said[0] == said[1]


def test_everything_is_named_in_both_languages_and_every_step_has_its_people() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(STEP_NAMES) == set(Step)
    assert set(MAY) == set(Step)
    assert all(name.ko and name.en for name in (*STATE_NAMES.values(), *STEP_NAMES.values()))
    assert {step for _, step in EDGES} == set(Step) - {Step.RAISE}
    assert {state for state, _ in EDGES} == set(State)


def test_only_a_closed_alert_comes_back_and_what_ended_otherwise_stays_ended() -> None:
    ended = set(State) - OPEN
    back = {(state, step) for (state, step), to in EDGES.items() if state in ended and to in OPEN}
    assert back == {(State.CLOSED, Step.REOPEN)}
    stays = {pair for pair in product(ended, Step) if pair in EDGES} - back
    assert stays == {(state, Step.NOTE) for state in ended}


def test_the_graver_the_sooner() -> None:
    assert sorted(ACKNOWLEDGE_WITHIN) == [3, 4, 5]
    assert ACKNOWLEDGE_WITHIN[5] < ACKNOWLEDGE_WITHIN[4] < ACKNOWLEDGE_WITHIN[3]
    assert {rules.within(level) for level in (None, 1, 2, 3)} == {ACKNOWLEDGE_WITHIN[3]}


@pytest.mark.parametrize(("page", "hour", "minute"), [("ko", "{}시간", "{}분"), ("en", "{} hours", "{} minutes")])
def test_the_guide_tells_the_same_times_and_states(page: str, hour: str, minute: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "guide" / page / "alerts.md").read_text(encoding="utf-8")
    for level, time in ACKNOWLEDGE_WITHIN.items():
        minutes = int(time.total_seconds()) // 60
        said = hour.format(minutes // 60) if minutes >= 60 else minute.format(minutes)
        assert f"| {level}{'거' if page == 'ko' else ' fires'} | {said} |" in text
    assert all(getattr(name, page) in text for name in STATE_NAMES.values())
