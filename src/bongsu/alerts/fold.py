"""The state of an alert, folded from its events: pure, so that any past moment can be asked for by the same code.

What an event needed from outside (who was on duty, who is concerned, by when) was written into it when it happened: the
fold looks nothing up, and a rule that changes later rewrites no past.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bongsu.alerts.models import ACCOUNTABLE_FROM
from bongsu.alerts.rules import EDGES, OPEN, State, Step
from bongsu.people.markings import Grade, Tlp


class Happened(Protocol):
    """What the fold reads of an event."""

    @property
    def seq(self) -> int: ...  # noqa: D102 - as `people.events.Event` has it; so the others
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor_id(self) -> int | None: ...  # noqa: D102
    @property
    def data(self) -> Any: ...  # noqa: ANN401, D102 - JSON


@dataclass(frozen=True)
class Tick:
    """That an entry of the checklist was done, when and by whom."""

    at: datetime
    actor: int | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an alert stands at a moment.

    Args:
        version: the last event's `seq`, `updated_at` its time.
        watch_level: the level that the watch gives.
        override: the level that a person gave in its place; None: none stands.
        acknowledged_at: when the owner said that they have it; None: not, or the level rose since.
        acknowledged_level: the highest level at which the present owner said so.
        called: the accounts called since somebody last acknowledged, in order; escalation goes on to the next.
        concerns: the units concerned, each with the event since which it is.
        told: the highest level at which each unit was told.
        ticks: what of the checklist was done.
        evidence: the digest of the newest.
    """

    state: State
    version: int
    raised_at: datetime
    updated_at: datetime
    grade: Grade
    tlp: Tlp
    watch_level: int | None = None
    override: int | None = None
    issued_at: datetime | None = None
    closed_at: datetime | None = None
    owner: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_level: int = 0
    due_at: datetime | None = None
    called: tuple[int, ...] = ()
    into: str | None = None
    concerns: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    ticks: Mapping[str, Tick] = field(default_factory=dict)
    evidence: str = ""

    @property
    def level(self) -> int | None:
        """The level that counts."""
        return self.watch_level if self.override is None else self.override

    @property
    def open(self) -> bool:
        """Is it still being handled?"""
        return self.state in OPEN

    @property
    def accountable(self) -> bool:
        """Must somebody answer for it by name?"""
        return self.open and (self.level or 0) >= ACCOUNTABLE_FROM

    @property
    def awaited(self) -> bool:
        """Must its owner still say that they have it?"""
        return self.accountable and self.acknowledged_at is None


def fold(events: Iterable[Happened]) -> Standing | None:
    """How an alert stands after its events, in order; None where there is none yet."""
    standing: Standing | None = None
    for event in events:
        standing = step(standing, event)
    return standing


def step(before: Standing | None, event: Happened) -> Standing:
    """How an alert stands after one more event."""
    kind = Step(event.kind)
    if before is None:
        return _common(_born(event), event)
    moved = replace(before, version=event.seq, updated_at=event.at, state=EDGES.get((before.state, kind), before.state))
    after = _common(_OWN.get(kind, _nothing_more)(moved, event), event)
    return _lapsed(after) if (after.level or 0) > max(before.level or 0, after.acknowledged_level) else after


def _born(event: Happened) -> Standing:
    data = event.data
    return Standing(
        state=State.RAISED,
        version=event.seq,
        raised_at=event.at,
        updated_at=event.at,
        grade=Grade(data["grade"]),
        tlp=Tlp(data["tlp"]),
        watch_level=data["level"],
    )


def _observed(now: Standing, event: Happened) -> Standing:
    level = event.data.get("level", now.watch_level)
    return now if level == now.watch_level else replace(now, watch_level=level, override=None)


def _acknowledged(now: Standing, event: Happened) -> Standing:
    own = now if event.actor_id == now.owner else replace(now, owner=event.actor_id)
    return replace(own, acknowledged_at=event.at, acknowledged_level=now.level or 0, due_at=None, called=())


def _ended(now: Standing, event: Happened) -> Standing:
    return replace(now, closed_at=event.at, due_at=None, called=(), into=event.data.get("into"))


def _ticked(now: Standing, event: Happened) -> Standing:
    return replace(now, ticks={**now.ticks, event.data["entry"]: Tick(event.at, event.actor_id)})


def _unticked(now: Standing, event: Happened) -> Standing:
    return replace(now, ticks={entry: tick for entry, tick in now.ticks.items() if entry != event.data["entry"]})


def _nothing_more(now: Standing, _event: Happened) -> Standing:
    return now


_OWN: Mapping[Step, Callable[[Standing, Happened], Standing]] = {
    Step.OBSERVE: _observed,
    Step.ISSUE: lambda now, event: replace(now, issued_at=event.at),
    Step.CLOSE: _ended,
    Step.WITHDRAW: _ended,
    Step.SUPERSEDE: _ended,
    Step.MERGE: _ended,
    Step.REOPEN: lambda now, _event: replace(_lapsed(now), closed_at=None),
    Step.ACKNOWLEDGE: _acknowledged,
    Step.OVERRIDE: lambda now, event: replace(now, override=event.data["level"]),
    Step.LIFT: lambda now, _event: replace(now, override=None),
    Step.TICK: _ticked,
    Step.UNTICK: _unticked,
}


def _lapsed(now: Standing) -> Standing:
    """Nobody has said yet that they have it at this level."""
    return replace(now, acknowledged_at=None)


def _common(now: Standing, event: Happened) -> Standing:
    """What any event may carry: who is concerned and told, who answers by when, markings, evidence."""
    data = event.data
    concerns = {one["unit"]: event.seq for one in data.get("concerns", ())}
    told = {one["unit"]: max(one["level"], now.told.get(one["unit"], 0)) for one in data.get("told", ())}
    after = replace(
        now,
        concerns={**concerns, **now.concerns},
        told={**now.told, **told},
        grade=Grade(max(now.grade, data.get("grade", now.grade))),
        tlp=Tlp(max(now.tlp, data.get("tlp", now.tlp))),
        evidence=data.get("evidence", now.evidence),
    )
    if "owner" in data:
        after = _given(after, data["owner"], called=tuple(data.get("called", ())))
    return replace(after, due_at=datetime.fromisoformat(data["due_at"])) if data.get("due_at") else after


def _given(now: Standing, owner: int | None, called: tuple[int, ...]) -> Standing:
    return replace(now, owner=owner, acknowledged_at=None, acknowledged_level=0, called=called)


def projection(subject: str, standing: Standing) -> dict[str, Any]:
    """The columns that lists read, from the fold."""
    return {
        "open_for": subject if standing.open else None,
        "grade": standing.grade,
        "tlp": standing.tlp,
        "version": standing.version,
        "state": standing.state.value,
        "level": standing.level,
        "watch_level": standing.watch_level,
        "issued_at": standing.issued_at,
        "closed_at": standing.closed_at,
        "owner_id": standing.owner,
        "acknowledged_at": standing.acknowledged_at,
        "due_at": standing.due_at,
        "into_id": UUID(standing.into) if standing.into else None,
        "updated_at": standing.updated_at,
    }
