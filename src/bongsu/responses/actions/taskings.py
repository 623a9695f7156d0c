"""What is done with taskings: ask, remind, close, withdraw."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bongsu.language import Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, OutOfStepError
from bongsu.people.events import check_seen
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Actor
from bongsu.responses import entered, fold, rules
from bongsu.responses.actions.ledger import add_to_tasking, locked_tasking, plain, seen_alert, task_only
from bongsu.responses.home import standing
from bongsu.responses.models import Asked, Tasking
from bongsu.responses.reminders import reminders_due
from bongsu.responses.states import Step, TaskingKind, TaskingState

MOST_MISSIONS = 250
MOST_QUESTION = 10_000
FARTHEST = timedelta(days=2 * 366)  # a deadline beyond it is a slip of the pen


@transaction.atomic
def ask(
    *,
    by: Actor,
    question: str,
    missions: Sequence[str],
    deadline: datetime,
    item: str = "",
    alert: UUID | None = None,
    grade: Grade | int | str | None = None,
    tlp: Tlp | int | str | None = None,
) -> Tasking:
    """Send missions a question; its markings are the alert's where none are given.

    Raises:
        DeniedError: not a judge or a desk.
        NotThereError: no such alert.
        InvalidError: an empty question, an unknown mission or item, a deadline that is over or more than two years ahead, a
            marking too high.
    """
    _allowed(rules.may(by.reader, Step.ASK))
    bears_on = seen_alert(by, alert)
    inherited = (bears_on.grade, bears_on.tlp) if bears_on else (Grade.O, Tlp.GREEN)
    row = Tasking(
        alert=bears_on,
        item="".join(entered.items([item], "item")) if item else "",
        question=entered.needed(entered.prose(question, "question", most=MOST_QUESTION), "question"),
        asked_by_id=by.reader.user,
        asked_at=by.at,
        deadline=_ahead(deadline, by.at),
        grade=entered.grade(inherited[0] if grade is None else grade, by.reader),
        tlp=entered.tlp(inherited[1] if tlp is None else tlp, by.reader),
        state=TaskingState.OPEN,
        updated_at=by.at,
    )
    asked = _missions(missions, by.at)
    row.save(force_insert=True)
    Asked.objects.bulk_create(Asked(of=row, mission=mission) for mission in asked)
    told = {name: getattr(row, name) for name in ("question", "item", "grade", "tlp")}
    iso = row.deadline.isoformat()
    add_to_tasking(row, by, TaskingKind.ASKED, **plain(told), deadline=iso, missions=asked, alert=alert)
    write_line(by, "tasking.ask", "tasking", row.id, missions=asked, alert=alert)
    return row


def _ahead(deadline: datetime, now: datetime) -> datetime:
    if deadline.utcoffset() is None or deadline <= now:
        raise InvalidError(
            Text("기한이 이미 지났거나 시간대가 없습니다.", "it is over already, or has no time zone."),
            where="deadline",
        )
    if deadline > now + FARTHEST:
        raise InvalidError(
            Text("2년보다 먼 기한은 둘 수 없습니다.", "it is more than two years ahead."), where="deadline"
        )
    return deadline


def _missions(told: Sequence[str], now: datetime) -> list[str]:
    missions = list(dict.fromkeys(told))
    if not missions or len(missions) > MOST_MISSIONS:
        raise InvalidError(Text("공관을 고르십시오.", "choose the missions."), where="missions")
    for mission in missions:
        if not standing(mission, now.date()):
            shown = entered.seen(str(mission))
            raise InvalidError(Text(f"'{shown}' 공관은 없습니다.", f"there is no mission '{shown}'."), where="missions")
    return missions


def _allowed(why: Text | None) -> None:
    if why is not None:
        raise DeniedError(why)


@transaction.atomic
def close_tasking(*, by: Actor, tasking: UUID, seen: int | None = None) -> Tasking:
    """Close a tasking: what came is enough.

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
    """
    return _end(by, tasking, seen, Step.CLOSE_TASKING, TaskingKind.CLOSED)


@transaction.atomic
def withdraw_tasking(*, by: Actor, tasking: UUID, seen: int | None = None, reason: str = "") -> Tasking:
    """Withdraw a tasking, saying why: nobody need answer it any more.

    Raises:
        NotThereError, StaleError, DeniedError, OutOfStepError: as everywhere.
        InvalidError: no reason is given.
    """
    return _end(by, tasking, seen, Step.WITHDRAW_TASKING, TaskingKind.WITHDRAWN, reason)


def _end(
    by: Actor, tasking: UUID, seen: int | None, step: Step, kind: TaskingKind, reason: str | None = None
) -> Tasking:
    row = locked_tasking(by, tasking)
    _allowed(rules.may_tasking(by.reader, step))
    check_seen(row.version, seen)
    if rules.after_tasking(step, row.state) is None:
        raise OutOfStepError(rules.OUT_OF_STEP)
    why = entered.prose(reason or by.why, "reason", most=MOST_QUESTION)
    add_to_tasking(row, by, kind, why=entered.needed(why, "reason") if reason is not None else why)
    write_line(by, f"tasking.{kind}", "tasking", row.id)
    return row


@transaction.atomic
def remind(*, by: Actor, tasking: UUID) -> tuple[str, ...]:
    """Send what reminder is due, once each; gives what was sent. Only a task of ours does so.

    Raises:
        DeniedError, NotThereError: as everywhere.
    """
    task_only(by)
    row = locked_tasking(by, tasking)
    facts = fold.tasking(row.events.all())
    due = reminders_due(facts, by.at)
    for reminder in due:
        waiting = [mission for mission, answered in facts.answers.items() if answered is None]
        add_to_tasking(row, by, TaskingKind.REMINDED, reminder=reminder, missions=waiting)
        write_line(by, "tasking.remind", "tasking", row.id, reminder=reminder, missions=waiting)
    return tuple(due)
