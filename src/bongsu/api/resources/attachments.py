"""Files of reports: sent as multipart, and only ever downloaded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponseBase
from ninja import File, Schema, Status
from ninja.files import UploadedFile

from bongsu.api.callers import Asked
from bongsu.api.resources.reports import router
from bongsu.responses import actions, queries
from bongsu.responses.models import Attachment as Row


class Attachment(Schema):
    """A file of a report."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime


class AttachmentRow(Attachment):
    """A file of a report, and who added it."""

    added_by: str


@router.get("/reports/{uuid:report}/attachments", response=list[AttachmentRow], operation_id="list_attachments")
def list_attachments(request: Asked, report: UUID) -> list[queries.AttachmentSeen]:
    """붙임 목록. Its files."""
    queries.report_timeline(request.auth.reader, report)  # a report that is not there has no files, and says so
    return list(queries.attachments(request.auth.reader, report))


@router.post("/reports/{uuid:report}/attachments", response={201: Attachment}, operation_id="attach_file")
def attach_file(request: Asked, report: UUID, file: File[UploadedFile]) -> Status[Row]:
    """파일을 붙인다. Attach a file; its type is judged by its bytes."""
    by = request.auth.acting(request)
    read = file.read(settings.MOST_ATTACHMENT + 1)  # one byte more than is taken says that it is too large
    return Status(201, actions.attach(by=by, report=report, name=file.name or "", content=read))


@router.post(
    "/reports/{uuid:report}/attachments/{uuid:attachment}/steps/detach",
    response={204: None},
    operation_id="detach_file",
)
def detach_file(request: Asked, report: UUID, attachment: UUID) -> Status[None]:
    """파일을 뗀다. Take a file off a report that is being written."""
    actions.detach(by=request.auth.acting(request), report=report, attachment=attachment)
    return Status(204, None)


@router.get(
    "/attachments/{uuid:attachment}",
    operation_id="download_attachment",
    openapi_extra={
        "responses": {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
    },
)
def download_attachment(request: Asked, attachment: UUID) -> HttpResponseBase:
    """파일을 내려받는다. Download a file; that it was read is noted."""
    found = actions.open_file(by=request.auth.acting(request), attachment=attachment)
    headers: Any = dict(found.headers)
    return FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
        headers=headers,
    )
