"""Folding: what a tasking or a report is, from its events alone. The columns beside them are written from this."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from bongsu.responses.states import ReportKind, ReportState, TaskingKind, TaskingState


class Happened(Protocol):
    """What the fold needs of an event."""

    seq: int
    at: datetime
    kind: str
    actor_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TaskingFacts:
    """A tasking as folded.

    Args:
        answers: by mission, when it answered; None: not yet.
        reminded: the reminders that went out.
        why: the reason for which it was withdrawn or closed.
    """

    version: int = 0
    state: TaskingState = TaskingState.OPEN
    question: str = ""
    item: str = ""
    asked_at: datetime | None = None
    deadline: datetime | None = None
    grade: int = 0
    tlp: int = 0
    answers: Mapping[str, datetime | None] = field(default_factory=dict)
    reminded: tuple[str, ...] = ()
    why: str = ""
    updated_at: datetime | None = None


def tasking(events: Iterable[Happened]) -> TaskingFacts:
    """Fold a tasking's events, oldest first."""
    facts = TaskingFacts()
    for event in events:
        facts = replace(_TASKING[TaskingKind(event.kind)](facts, event), version=event.seq, updated_at=event.at)
    return facts


def _asked(_: TaskingFacts, event: Happened) -> TaskingFacts:
    told = event.data
    return TaskingFacts(
        question=told["question"],
        item=told["item"],
        asked_at=event.at,
        deadline=datetime.fromisoformat(told["deadline"]),
        grade=told["grade"],
        tlp=told["tlp"],
        answers=dict.fromkeys(told["missions"]),
    )


def _answered(facts: TaskingFacts, event: Happened) -> TaskingFacts:
    mission = event.data["mission"]
    answers = {**facts.answers, mission: facts.answers[mission] or event.at}
    whole = facts.state is TaskingState.OPEN and all(answers.values())
    return replace(facts, answers=answers, state=TaskingState.ANSWERED if whole else facts.state)


def _unanswered(facts: TaskingFacts, event: Happened) -> TaskingFacts:
    answers = {**facts.answers, event.data["mission"]: None}
    again = facts.state is TaskingState.ANSWERED
    return replace(facts, answers=answers, state=TaskingState.OPEN if again else facts.state)


_TASKING: Mapping[TaskingKind, Callable[[TaskingFacts, Happened], TaskingFacts]] = {
    TaskingKind.ASKED: _asked,
    TaskingKind.REMINDED: lambda facts, event: replace(facts, reminded=(*facts.reminded, event.data["reminder"])),
    TaskingKind.ANSWERED: _answered,
    TaskingKind.UNANSWERED: _unanswered,
    TaskingKind.CLOSED: lambda facts, event: replace(facts, state=TaskingState.CLOSED, why=event.data["why"]),
    TaskingKind.WITHDRAWN: lambda facts, event: replace(facts, state=TaskingState.WITHDRAWN, why=event.data["why"]),
}


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """A report as folded.

    Args:
        wrote: primary keys of all who had a hand in its text.
        why: the reason of the last return or of the withdrawal.
    """

    version: int = 0
    state: ReportState = ReportState.DRAFT
    items: tuple[str, ...] = ()
    place: str = ""
    title: str = ""
    body: str = ""
    measure: Mapping[str, Any] = field(default_factory=dict)
    bearing: str = ""
    observed_on: date | None = None
    origin: str = ""
    source_name: str = ""
    link: str = ""
    offered: str = ""
    grade: int = 0
    tlp: int = 0
    reliability: str = ""
    credibility: int | None = None
    reviewer: int | None = None
    submitted_at: datetime | None = None
    reviewed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    statement: int | None = None
    taken_back: int | None = None
    wrote: frozenset[int] = frozenset()
    why: str = ""
    updated_at: datetime | None = None


CONTENT = (
    *("items", "place", "title", "body", "measure", "bearing", "observed_on"),
    *("origin", "source_name", "link", "offered", "grade", "tlp"),
)


def report(events: Iterable[Happened]) -> ReportFacts:
    """Fold a report's events, oldest first; a text that was kept aside changes nothing."""
    facts = ReportFacts()
    for event in events:
        if event.kind != ReportKind.KEPT_ASIDE:
            facts = replace(_REPORT[ReportKind(event.kind)](facts, event), version=event.seq, updated_at=event.at)
    return facts


_TYPED = frozenset({ReportKind.DRAFTED, ReportKind.SAVED, ReportKind.ATTACHED, ReportKind.DETACHED})


def filed(events: Iterable[Happened]) -> list[Happened]:
    """A report's events as others than its mission know them: what is typed is not there before it is filed."""
    told: list[Happened] = []
    typed: list[Happened] = []
    for event in events:
        if event.kind in _TYPED:
            typed.append(event)
            continue
        if event.kind == ReportKind.SUBMITTED:
            told += typed
            typed = []
        told.append(event)
    return told


def files(events: Iterable[Happened]) -> frozenset[str]:
    """The ids of the files that a report holds."""
    held: set[str] = set()
    for event in events:
        if event.kind == ReportKind.ATTACHED:
            held.add(event.data["attachment"])
        elif event.kind == ReportKind.DETACHED:
            held.discard(event.data["attachment"])
    return frozenset(held)


def _saved(facts: ReportFacts, event: Happened) -> ReportFacts:
    told = {name: event.data["content"][name] for name in CONTENT}
    told["items"] = tuple(told["items"])
    told["observed_on"] = date.fromisoformat(told["observed_on"]) if told["observed_on"] else None
    return replace(_touched(facts, event), **told)


def _touched(facts: ReportFacts, event: Happened) -> ReportFacts:
    return facts if event.actor_id is None else replace(facts, wrote=facts.wrote | {event.actor_id})


def _submitted(facts: ReportFacts, event: Happened) -> ReportFacts:
    first = facts.submitted_at or event.at
    return replace(_touched(facts, event), state=ReportState.SUBMITTED, submitted_at=first)


def _reviewed(facts: ReportFacts, event: Happened) -> ReportFacts:
    return replace(
        facts,
        state=ReportState.REVIEWED,
        reliability=event.data["reliability"],
        credibility=event.data["credibility"],
        reviewer=event.actor_id,
        reviewed_at=event.at,
    )


_REPORT: Mapping[ReportKind, Callable[[ReportFacts, Happened], ReportFacts]] = {
    ReportKind.DRAFTED: _saved,
    ReportKind.SAVED: _saved,
    ReportKind.ATTACHED: _touched,
    ReportKind.DETACHED: _touched,
    ReportKind.SUBMITTED: _submitted,
    ReportKind.RETURNED: lambda facts, event: replace(facts, state=ReportState.RETURNED, why=event.data["why"]),
    ReportKind.REVIEWED: _reviewed,
    ReportKind.PUBLISHED: lambda facts, event: replace(facts, statement=event.data["delivery"]),
    ReportKind.WITHDRAWN: lambda facts, event: replace(
        facts, state=ReportState.WITHDRAWN, why=event.data["why"], withdrawn_at=event.at
    ),
    ReportKind.TAKEN_BACK: lambda facts, event: replace(facts, taken_back=event.data["delivery"]),
}
