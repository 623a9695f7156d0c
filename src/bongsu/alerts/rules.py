"""What may happen to an alert: its states, the steps between them, who may take them, who sees what, and how soon.

All of it is data. The life of an alert:

    raised → triaged → issued → closed
       └────────┴────────┴──→ withdrawn, superseded, merged          closed → triaged (reopened)
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from django.db.models import Q

from bongsu.alerts.models import ACCOUNTABLE_FROM, Alert, Concern
from bongsu.language import Text
from bongsu.people.reader import NOTHING, Reader
from bongsu.people.roles import JUDGES, ROLE_NAMES, Role

ALERT = Text("조기경보 건", "alert")


class State(StrEnum):
    """Where an alert stands."""

    RAISED = "raised"
    TRIAGED = "triaged"
    ISSUED = "issued"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    MERGED = "merged"


STATE_NAMES = {
    State.RAISED: Text("제기됨", "raised"),
    State.TRIAGED: Text("분류됨", "triaged"),
    State.ISSUED: Text("발령됨", "issued"),
    State.CLOSED: Text("종결됨", "closed"),
    State.WITHDRAWN: Text("철회됨", "withdrawn"),
    State.SUPERSEDED: Text("대체됨", "superseded"),
    State.MERGED: Text("병합됨", "merged"),
}
OPEN = frozenset({State.RAISED, State.TRIAGED, State.ISSUED})


class Step(StrEnum):
    """Everything that can happen to an alert: the kinds of its events."""

    RAISE = "raise"
    OBSERVE = "observe"  # the watch saw something new
    TRIAGE = "triage"
    ISSUE = "issue"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    MERGE = "merge"
    JOIN = "join"  # another alert was merged into this one, or replaced by it
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    ESCALATE = "escalate"
    OVERRIDE = "override"
    LIFT = "lift"  # the override ends
    TICK = "tick"
    UNTICK = "untick"
    NOTE = "note"


STEP_NAMES = {
    Step.RAISE: Text("제기", "raise"),
    Step.OBSERVE: Text("새 관측", "new observation"),
    Step.TRIAGE: Text("분류", "triage"),
    Step.ISSUE: Text("발령", "issue"),
    Step.CLOSE: Text("종결", "close"),
    Step.REOPEN: Text("재개", "reopen"),
    Step.WITHDRAW: Text("철회", "withdraw"),
    Step.SUPERSEDE: Text("다른 건으로 대체", "supersede"),
    Step.MERGE: Text("다른 건에 병합", "merge"),
    Step.JOIN: Text("다른 건을 넘겨받음", "take over from another"),
    Step.ACKNOWLEDGE: Text("인수 확인", "acknowledge"),
    Step.ASSIGN: Text("담당 지정", "assign"),
    Step.ESCALATE: Text("상향 호출", "escalate"),
    Step.OVERRIDE: Text("봉수 조정", "override the level"),
    Step.LIFT: Text("봉수 조정 해제", "lift the override"),
    Step.TICK: Text("조치 완료 표시", "tick"),
    Step.UNTICK: Text("조치 완료 표시 취소", "untick"),
    Step.NOTE: Text("메모", "note"),
}

_STAYS = (
    Step.OBSERVE,
    Step.JOIN,
    Step.ACKNOWLEDGE,
    Step.ASSIGN,
    Step.ESCALATE,
    Step.OVERRIDE,
    Step.LIFT,
    Step.TICK,
    Step.UNTICK,
)
_ENDS = {Step.WITHDRAW: State.WITHDRAWN, Step.SUPERSEDE: State.SUPERSEDED, Step.MERGE: State.MERGED}

# (from, step) → to. What is not here is refused. RAISE has no entry: it makes the alert.
EDGES: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.RAISED, Step.TRIAGE): State.TRIAGED,
        (State.TRIAGED, Step.ISSUE): State.ISSUED,
        (State.TRIAGED, Step.CLOSE): State.CLOSED,
        (State.ISSUED, Step.CLOSE): State.CLOSED,
        (State.CLOSED, Step.REOPEN): State.TRIAGED,
        **{(state, step): to for state in OPEN for step, to in _ENDS.items()},
        **{(state, step): state for state in OPEN for step in _STAYS},
        **{(state, Step.NOTE): state for state in State},
    }
)

_HANDLERS = JUDGES | {Role.DESK}
_BY_TASK: frozenset[Role] = frozenset()

# Who may take a step, of those who see the alert. Empty: only a task of ours.
MAY: Mapping[Step, frozenset[Role]] = MappingProxyType(
    {
        Step.RAISE: JUDGES,
        Step.OBSERVE: _BY_TASK,
        Step.TRIAGE: _HANDLERS,
        Step.ISSUE: JUDGES,
        Step.CLOSE: JUDGES,
        Step.REOPEN: JUDGES,
        Step.WITHDRAW: JUDGES,
        Step.SUPERSEDE: JUDGES,
        Step.MERGE: JUDGES,
        Step.JOIN: JUDGES,
        Step.ACKNOWLEDGE: _HANDLERS,
        Step.ASSIGN: JUDGES,
        Step.ESCALATE: _BY_TASK,
        Step.OVERRIDE: JUDGES,
        Step.LIFT: JUDGES,
        Step.TICK: _HANDLERS,
        Step.UNTICK: _HANDLERS,
        Step.NOTE: _HANDLERS,
    }
)
TASK_STEPS = frozenset({Step.RAISE, Step.OBSERVE, Step.ESCALATE})

# Steps that nobody takes without saying why.
NEEDS_REASON = frozenset(
    {
        Step.CLOSE,
        Step.REOPEN,
        Step.WITHDRAW,
        Step.SUPERSEDE,
        Step.MERGE,
        Step.OVERRIDE,
        Step.LIFT,
    }
)

LEVELS = range(1, 6)
BREAKS_QUIET_FROM = 4  # from four fires on nobody is left to sleep

# How soon its owner must say that they have it, from the moment they were given it or it rose. Hours of the clock, not of
# the office: the rota covers the night. Nothing is awaited below three fires.
ACKNOWLEDGE_WITHIN: Mapping[int, timedelta] = MappingProxyType(
    {
        5: timedelta(minutes=30),
        4: timedelta(hours=2),
        3: timedelta(hours=8),
    }
)


def within(level: int | None) -> timedelta:
    """How soon an alert at `level` must be acknowledged; below three fires as at three."""
    return ACKNOWLEDGE_WITHIN[max(level or 0, ACCOUNTABLE_FROM)]


def visible(reader: Reader) -> Q:
    """The alerts that this reader may see; a role that is not named sees none."""
    if reader.judges:
        return reader.cleared
    concerned = Q(pk__in=Concern.objects.filter(unit__in=reader.units).values("of"))
    if reader.role is Role.DESK:
        return reader.cleared & concerned
    if reader.role in {Role.MISSION, Role.PARTNER}:
        return reader.cleared & concerned & Q(issued_at__isnull=False)
    return NOTHING


def handles(reader: Reader) -> bool:
    """Does this reader work on alerts, and so see how they are handled? The others see what was decided."""
    return reader.role in _HANDLERS


def refusal(reader: Reader, step: Step, alert: Alert) -> Text | None:
    """Why this reader, whatever the alert's state, may not take the step; None: they may."""
    person = reader.user is not None
    if not person:
        return None if step in TASK_STEPS and reader.judges else _PERSONS_ONLY
    if reader.role not in MAY[step]:
        who = ROLE_NAMES[reader.role] if reader.role else _NOBODY
        return _NOT_THEIRS.format(who=who, step=STEP_NAMES[step])
    if step is Step.ACKNOWLEDGE and not reader.judges and alert.owner_id != reader.user:
        return _NOT_OWNER
    return None


def blocked(step: Step, alert: Alert) -> Text | None:
    """Why the alert's state does not allow the step, whoever takes it; None: it does."""
    state = State(alert.state)
    if (state, step) not in EDGES:
        return _NO_EDGE.format(state=STATE_NAMES[state], step=STEP_NAMES[step])
    if step is Step.LIFT and not alert.overridden:
        return _NOT_OVERRIDDEN
    return None


def may(reader: Reader, step: Step, alert: Alert) -> Text | None:
    """May this reader, who sees the alert, take the step now? None: yes; otherwise why not."""
    return refusal(reader, step, alert) or blocked(step, alert)


_PERSONS_ONLY = Text("사람만 할 수 있는 일입니다.", "only a person can do this.")
_NOBODY = Text("권한 없는 사람", "somebody without a role")
_NOT_THEIRS = Text("{who}은(는) '{step}'을(를) 할 수 없습니다.", "a {who} may not do this: {step}.")
_NOT_OWNER = Text("이 건의 담당자가 아닙니다.", "you are not the one who answers for this alert.")
_NO_EDGE = Text(
    "'{state}' 상태에서는 '{step}'을(를) 할 수 없습니다.", "an alert that is {state} does not allow this: {step}."
)
_NOT_OVERRIDDEN = Text("조정된 봉수가 없습니다.", "its level is not overridden.")
