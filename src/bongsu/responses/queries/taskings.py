"""Taskings as a reader may see them, now or as of a past moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.people.models import User
from bongsu.people.reader import Reader
from bongsu.people.roles import Role
from bongsu.responses import fold, rules
from bongsu.responses.models import Asked, Tasking, TaskingEvent
from bongsu.responses.states import Step, TaskingState


@dataclass(frozen=True, kw_only=True)
class TaskingSeen:
    """A tasking.

    Args:
        alert: what it is asked for; None: a question of its own, or an alert that is not there for this reader.
        answers: by mission, when it answered; of a mission that reads, its own alone.
        reminded: the reminders that went out; `why`: of its end. Both only where one tasking is asked for.
        steps: what this reader may do with it now.
    """

    id: UUID
    alert: UUID | None
    item: str
    question: str
    asked_by: str
    asked_at: datetime
    deadline: datetime
    grade: int
    tlp: int
    version: int
    state: TaskingState
    updated_at: datetime
    answers: tuple[tuple[str, datetime | None], ...]
    reminded: tuple[str, ...] = ()
    why: str = ""
    steps: tuple[Step, ...] = ()

    def late(self, mission: str) -> bool:
        """Did a mission answer after the deadline?"""
        answered = dict(self.answers).get(mission)
        return answered is not None and answered > self.deadline


class Cell(StrEnum):
    """Where one mission stands with a tasking."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    LATE = "answered_late"
    DROPPED = "dropped"  # the tasking ended without its answer


CELL_NAMES = {
    Cell.WAITING: Text("기다림", "waiting"),
    Cell.OVERDUE: Text("기한 지남", "overdue"),
    Cell.ANSWERED: Text("회신", "answered"),
    Cell.LATE: Text("늦게 회신", "answered late"),
    Cell.DROPPED: Text("회신 없이 끝남", "ended unanswered"),
}


@dataclass(frozen=True, kw_only=True)
class BoardCell:
    """One mission's place on the board.

    Args:
        staffed: somebody there has an account; otherwise nobody will read the question.
    """

    mission: str
    state: Cell
    answered_at: datetime | None
    staffed: bool


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """One tasking on the board, a cell for each mission that it asks."""

    tasking: TaskingSeen
    cells: tuple[BoardCell, ...]


def taskings(
    reader: Reader,
    *,
    as_of: datetime | None = None,
    state: str = "",
    mission: str = "",
    item: str = "",
    alert: UUID | None = None,
) -> tuple[TaskingSeen, ...]:
    """The taskings that the reader may see, the next deadline first."""
    rows = _rows(reader)
    if alert is not None:
        rows = rows.filter(Q(seen_alert=alert))
    if item:
        rows = rows.filter(item=item)
    if mission:
        rows = rows.filter(pk__in=Asked.objects.filter(mission=mission).values("of"))
    if as_of is None:
        found = [_seen(reader, row, _standing(row)) for row in rows.prefetch_related("asked")]
    else:
        events = Prefetch("events", TaskingEvent.objects.filter(at__lte=as_of))
        rows = rows.filter(asked_at__lte=as_of).prefetch_related(events)
        found = [_seen(reader, row, fold.tasking(row.events.all())) for row in rows]
    return tuple(one for one in found if not state or one.state == state)


def _rows(reader: Reader) -> QuerySet[Tasking]:
    rows = Tasking.objects.filter(rules.taskings_for(reader)).select_related("asked_by")
    return rows.annotate(seen_alert=rules.seen_alert(reader))


def tasking(reader: Reader, tasking_id: UUID, *, as_of: datetime | None = None) -> TaskingSeen:
    """One tasking, folded from its events.

    Raises:
        NotThereError: there is none that the reader may see, or there was none then.
    """
    row = _rows(reader).filter(pk=tasking_id).first()
    if row is None or (as_of is not None and row.asked_at > as_of):
        raise NotThereError(Text("확인요청", "tasking"))
    events = row.events.all() if as_of is None else row.events.filter(at__lte=as_of)
    return _seen(reader, row, fold.tasking(events))


def board(reader: Reader, *, as_of: datetime) -> tuple[BoardLine, ...]:
    """Every tasking with every mission that it asks, at a moment: who answered, who is late, where nobody would read it."""
    found = taskings(reader, as_of=as_of)
    staffed = set(User.objects.filter(role=Role.MISSION, is_active=True).values_list("mission", flat=True))
    return tuple(
        BoardLine(
            tasking=one,
            cells=tuple(
                BoardCell(
                    mission=mission,
                    state=_cell(one, answered, as_of),
                    answered_at=answered,
                    staffed=mission in staffed,
                )
                for mission, answered in one.answers
            ),
        )
        for one in found
    )


def _cell(one: TaskingSeen, answered: datetime | None, now: datetime) -> Cell:
    if answered is not None:
        return Cell.LATE if answered > one.deadline else Cell.ANSWERED
    if one.state not in (TaskingState.OPEN, TaskingState.ANSWERED):
        return Cell.DROPPED
    return Cell.OVERDUE if now >= one.deadline else Cell.WAITING


def _standing(row: Tasking) -> fold.TaskingFacts:
    """The present facts, from the columns."""
    return fold.TaskingFacts(
        version=row.version,
        state=TaskingState(row.state),
        answers={one.mission: one.answered_at for one in row.asked.all()},
        updated_at=row.updated_at,
    )


def _seen(reader: Reader, row: Tasking, facts: fold.TaskingFacts) -> TaskingSeen:
    own = reader.role is Role.MISSION
    answers = sorted(facts.answers.items())
    return TaskingSeen(
        id=row.pk,
        alert=row.seen_alert,  # type: ignore[attr-defined]
        item=row.item,
        question=row.question,
        asked_by=str(row.asked_by or ""),
        asked_at=row.asked_at,
        deadline=row.deadline,
        grade=row.grade,
        tlp=row.tlp,
        version=facts.version,
        state=facts.state,
        updated_at=facts.updated_at or row.updated_at,
        answers=tuple(one for one in answers if not own or one[0] == reader.mission),
        reminded=facts.reminded,
        why=facts.why,
        steps=tuple(
            step
            for step in rules.TASKING_STEPS
            if rules.may_tasking(reader, step) is None and rules.after_tasking(step, facts.state)
        ),
    )
