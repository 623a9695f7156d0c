"""Pasted notices and attachments as a reader may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.people.reader import Reader
from bongsu.people.roles import Role
from bongsu.responses import fold, rules
from bongsu.responses.models import Attachment, PastedNotice, Report, ReportEvent
from bongsu.responses.store import place_of


@dataclass(frozen=True, kw_only=True)
class NoticeSeen:
    """A pasted notice.

    Args:
        answer: as `bongsu read --json` gives it, as of `at`.
        text: as pasted; "" in a list.
        report: the report that it became.
    """

    id: UUID
    mission: str
    author: str
    at: datetime
    answer: Mapping[str, Any]
    report: UUID | None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class AttachmentSeen:
    """A file of a report."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenedFile:
    """A file to be downloaded: always as an attachment, never shown in place.

    Args:
        headers: what every answer that carries it must say.
    """

    id: UUID
    path: Path
    name: str
    media_type: str
    size: int
    headers: Mapping[str, str]


DOWNLOAD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def notices(reader: Reader, *, as_of: datetime | None = None) -> tuple[NoticeSeen, ...]:
    """The notices that the reader's mission pasted, the newest first."""
    rows = PastedNotice.objects.filter(rules.notices_for(reader)).select_related("author").defer("text")
    if as_of is None:
        return tuple(_notice(row, "") for row in rows)
    found = rows.filter(at__lte=as_of).annotate(reported_at=F("report__made_at"))
    then = ((_notice(row, ""), row.reported_at) for row in found)
    return tuple(one if made is None or made <= as_of else replace(one, report=None) for one, made in then)


def notice(reader: Reader, notice_id: UUID) -> NoticeSeen:
    """One pasted notice with its text.

    Raises:
        NotThereError: there is none that the reader may see.
    """
    row = PastedNotice.objects.filter(rules.notices_for(reader), pk=notice_id).select_related("author").first()
    if row is None:
        raise NotThereError(Text("공고문", "notice"))
    return _notice(row, row.text)


def _notice(row: PastedNotice, text: str) -> NoticeSeen:
    return NoticeSeen(
        id=row.pk,
        mission=row.mission,
        author=str(row.author),
        at=row.at,
        answer=row.answer,
        report=row.report_id,
        text=text,
    )


def attachments(reader: Reader, report_id: UUID, *, as_of: datetime | None = None) -> tuple[AttachmentSeen, ...]:
    """The files of a report that the reader may see; none of a report that they may not."""
    there = _there(reader, report_id, as_of)
    rows = Attachment.objects.filter(there, of__in=_reports(reader), of=report_id).select_related("added_by")
    return tuple(
        AttachmentSeen(
            id=row.pk,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            added_by=str(row.added_by),
            added_at=row.added_at,
        )
        for row in rows
    )


def _there(reader: Reader, report_id: UUID, as_of: datetime | None = None) -> Q:
    """The files that a report holds for its mission; for all others those with which it was last filed."""
    if reader.role is not Role.MISSION:
        events = ReportEvent.objects.filter(of=report_id)
        told = events if as_of is None else events.filter(at__lte=as_of)
        return Q(pk__in=fold.files(fold.filed(told)))
    if as_of is None:
        return Q(removed_at=None)
    return Q(added_at__lte=as_of) & (Q(removed_at=None) | Q(removed_at__gt=as_of))


def open_attachment(reader: Reader, attachment_id: UUID) -> OpenedFile:
    """A file of a report that the reader may see, to be downloaded.

    Raises:
        NotThereError: there is none, or it was taken off, or its content is gone.
    """
    row = Attachment.objects.filter(of__in=_reports(reader), pk=attachment_id).first()
    if row is not None:
        row = Attachment.objects.filter(_there(reader, row.of_id), pk=attachment_id).first()
    path = None if row is None else place_of(row.sha256)
    if row is None or path is None or not path.is_file() or path.stat().st_size != row.size:
        raise NotThereError(Text("첨부 파일", "attachment"))
    return OpenedFile(id=row.pk, path=path, name=row.name, media_type=row.media_type, size=row.size, headers=DOWNLOAD)


def _reports(reader: Reader) -> Any:  # noqa: ANN401 - a query set of ids
    return Report.objects.filter(rules.reports_for(reader)).values("pk")
