"""Telling the lake what was reviewed or withdrawn: again after a crash, and exactly once."""

from uuid import UUID

from django.db import transaction

from bongsu.people.audit import write_line
from bongsu.people.errors import NotThereError
from bongsu.people.reader import Actor
from bongsu.responses import rules
from bongsu.responses.actions.ledger import REPORT, add_to_report, locked_report, task_only
from bongsu.responses.models import Report
from bongsu.responses.publish import Publisher, statement_of
from bongsu.responses.states import ReportKind, ReportState


def tell(*, by: Actor, report: UUID, publisher: Publisher) -> Report:
    """Tell the lake of one report that waits; only a task of ours does so, a person by reviewing or withdrawing.

    Raises:
        DeniedError: a person.
        NotThereError, BongsuError: as `told`.
    """
    task_only(by)
    return told(by, report, publisher)


def told(by: Actor, report: UUID, publisher: Publisher) -> Report:
    """Publish or withdraw a report's statement, whichever waits; nothing where neither does.

    The lake is written first and says the same when asked twice; the database notes it afterwards. A process that dies
    in between leaves the report waiting, and the next turn finds the statement there and only notes it.

    Raises:
        NotThereError: no report that the actor may see.
        BongsuError: the lake could not be written; the report waits.
    """
    row = Report.objects.filter(rules.reports_for(by.reader), pk=report).first()
    if row is None:
        raise NotThereError(REPORT)
    if not rules.waits(row):
        return row
    if row.state == ReportState.WITHDRAWN:
        return _noted(by, report, ReportKind.TAKEN_BACK, publisher.withdraw(str(row.pk), at=by.at))
    return _noted(by, report, ReportKind.PUBLISHED, publisher.publish(statement_of(row), at=by.at))


@transaction.atomic
def _noted(by: Actor, report: UUID, kind: ReportKind, delivery: int) -> Report:
    row = locked_report(by, report)
    held = row.statement if kind is ReportKind.PUBLISHED else row.taken_back
    if held != delivery:  # another process was faster, and noted the same
        add_to_report(row, by, kind, delivery=delivery)
        write_line(by, f"report.{kind}", "report", row.id, delivery=delivery)
    return row
