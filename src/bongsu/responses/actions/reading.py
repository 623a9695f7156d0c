"""Opening what is sensitive: read as a query reads it, and noted in the audit trail."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bongsu.people.actions import noted_read
from bongsu.people.reader import Actor
from bongsu.responses import queries


@transaction.atomic
def open_report(*, by: Actor, report: UUID, as_of: datetime | None = None) -> queries.ReportSeen:
    """Read a report's text, and note that it was read.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    found = queries.report(by.reader, report, as_of=as_of)
    noted_read(by=by, kind="report", ref=found.id)
    return found


@transaction.atomic
def open_kept_aside(*, by: Actor, report: UUID) -> tuple[queries.KeptAside, ...]:
    """Read the texts that were typed over an older version of a report, and note that they were read.

    Raises:
        NotThereError: there is none of the actor's mission.
    """
    found = queries.kept_aside(by.reader, report)
    noted_read(by=by, kind="report", ref=report)
    return found


@transaction.atomic
def open_file(*, by: Actor, attachment: UUID) -> queries.OpenedFile:
    """Open a report's file for download, and note it.

    Raises:
        NotThereError: there is none that the actor may see.
    """
    found = queries.open_attachment(by.reader, attachment)
    noted_read(by=by, kind="attachment", ref=found.id)
    return found
