"""What the filing of a report answers, and what is open again when it is withdrawn: its tasking, and standing checks."""

from bongsu.people.reader import Actor
from bongsu.responses.actions.ledger import add_to_tasking, doer
from bongsu.responses.models import CheckDone, Report, StandingCheck, Tasking
from bongsu.responses.schedule import folded
from bongsu.responses.states import ReportState, TaskingKind, TaskingState


def answer(by: Actor, report: Report) -> None:
    """A report was filed: its mission has answered, late or not, and has looked at the report's items."""
    tasking = _tasking(report)
    if tasking is not None and tasking.state in (TaskingState.OPEN, TaskingState.ANSWERED):
        late = by.at > tasking.deadline
        add_to_tasking(tasking, by, TaskingKind.ANSWERED, mission=report.mission, report=str(report.pk), late=late)
    for check in _checks(report):
        if not check.done.filter(report=report).exists():
            CheckDone.objects.create(of=check, by_id=doer(by), at=by.at, nil=False, report=report)
            folded(check)


def unanswer(by: Actor, report: Report) -> None:
    """A report was withdrawn: what no other report answers is open again."""
    tasking = _tasking(report)
    if tasking is not None and report.submitted_at is not None:
        others = tasking.reports.filter(mission=report.mission, submitted_at__isnull=False)
        if not others.exclude(state=ReportState.WITHDRAWN).exists():
            add_to_tasking(tasking, by, TaskingKind.UNANSWERED, mission=report.mission, report=str(report.pk))
    for check in StandingCheck.objects.select_for_update().filter(done__report=report).order_by("pk"):
        folded(check)


def _tasking(report: Report) -> Tasking | None:
    """The tasking, only where it asks the report's mission."""
    if report.tasking_id is None:
        return None
    asked = Tasking.objects.select_for_update().filter(pk=report.tasking_id)
    return asked.filter(asked__mission=report.mission).first()


def _checks(report: Report) -> list[StandingCheck]:
    """The standing checks of the report's items at its mission; locked in one order by all, so that none wait in a ring."""
    open_ = StandingCheck.objects.select_for_update().filter(mission=report.mission, ended_at=None)
    return list(open_.filter(item__in=report.items).order_by("pk")) if report.mission else []
