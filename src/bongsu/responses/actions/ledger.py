"""Appending to an entry: the event, and the columns that are folded from its events."""

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max, Q

from bongsu.alerts.models import Alert
from bongsu.language import Text
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.reader import Actor
from bongsu.responses import fold, rules
from bongsu.responses.models import Asked, Report, ReportEvent, Tasking, TaskingEvent
from bongsu.responses.states import ReportKind, TaskingKind

TASKING = Text("확인요청", "tasking")
REPORT = Text("보고", "report")


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value as it will be read back: what is folded now and later is the same."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def doer(by: Actor) -> int:
    """The person who acts.

    Raises:
        DeniedError: it is a task of ours.
    """
    if by.reader.user is None:
        raise DeniedError(Text("사람만 할 수 있습니다.", "only a person may do this."))
    return by.reader.user


def task_only(by: Actor) -> None:
    """Is it a task of ours that acts?

    Raises:
        DeniedError: it is a person.
    """
    if by.reader.user is not None or not by.reader.judges:
        raise DeniedError(Text("저절로 하는 일입니다.", "this is done by itself, not by a person."))


def locked_tasking(by: Actor, tasking: UUID) -> Tasking:
    """The tasking, held until the transaction ends.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    found = Tasking.objects.select_for_update().filter(rules.taskings_for(by.reader), pk=tasking).first()
    if found is None:
        raise NotThereError(TASKING)
    return found


def locked_report(by: Actor, report: UUID) -> Report:
    """The report, held until the transaction ends.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    found = Report.objects.select_for_update().filter(rules.reports_for(by.reader), pk=report).first()
    if found is None:
        raise NotThereError(REPORT)
    return found


def seen_report(by: Actor, report: UUID) -> Report:
    """The report as it stands, held by nobody.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    found = Report.objects.filter(rules.reports_for(by.reader), pk=report).first()
    if found is None:
        raise NotThereError(REPORT)
    return found


def seen_alert(by: Actor, alert: UUID | None) -> Alert | None:
    """The alert that an entry is to bear on.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    if alert is None:
        return None
    found = Alert.objects.filter(rules.alerts_for(by.reader), pk=alert).first()
    if found is None:
        raise NotThereError(Text("조기경보 건", "alert"))
    return found


def add_to_tasking(row: Tasking, by: Actor, kind: TaskingKind, **data: Any) -> fold.TaskingFacts:  # noqa: ANN401 - JSON
    """Append an event, and write what folds from all of them into the columns."""
    _append(TaskingEvent, row.pk, by, kind, data)
    facts = fold.tasking(row.events.all())
    row.version, row.state, row.updated_at = facts.version, facts.state, facts.updated_at or by.at
    row.save(update_fields=("version", "state", "updated_at"))
    if kind in (TaskingKind.ANSWERED, TaskingKind.UNANSWERED):
        mission = data["mission"]
        Asked.objects.filter(of=row, mission=mission).update(answered_at=facts.answers[mission])
    return facts


def add_to_report(row: Report, by: Actor, kind: ReportKind, **data: Any) -> fold.ReportFacts:  # noqa: ANN401 - JSON
    """Append an event, and write what folds from all of them into the columns."""
    _append(ReportEvent, row.pk, by, kind, data)
    facts = fold.report(row.events.all())
    if kind is not ReportKind.KEPT_ASIDE:
        project(row, facts)
        row.save()
    return facts


def project(row: Report, facts: fold.ReportFacts) -> None:
    """Set the columns of a report to what its events say."""
    for column in (*fold.CONTENT, *_STANDING):
        value = getattr(facts, column)
        setattr(row, column, list(value) if isinstance(value, tuple) else value)
    row.reviewer_id = facts.reviewer


_STANDING = (
    *("version", "state", "reliability", "credibility", "submitted_at", "reviewed_at"),
    *("withdrawn_at", "statement", "taken_back", "updated_at"),
)


def _append(
    events: type[TaskingEvent] | type[ReportEvent], of: UUID, by: Actor, kind: str, data: dict[str, Any]
) -> None:
    """Add the next event; on a clock that was set back it happens with the last one, so that every past moment folds alike."""
    last = events.objects.filter(Q(of=of)).aggregate(seq=Max("seq"), at=Max("at"))
    at = max(by.at, last["at"] or by.at)
    events.objects.create(
        of_id=of, seq=(last["seq"] or 0) + 1, at=at, kind=kind, actor_id=by.reader.user, via=by.via, data=plain(data)
    )
