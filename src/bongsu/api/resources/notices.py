"""A mission's box for notices: paste a foreign text, read what it means at home, make a report of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.resources.report_steps import Place
from bongsu.api.resources.reports import ReportRow
from bongsu.api.resources.reports import shown as shown_report
from bongsu.api.shapes import Given, Moment, Page, Paged
from bongsu.responses import actions, queries

router = Router(tags=["notices"])
Pasted = Annotated[str, StringConstraints(min_length=1, max_length=2 << 20, pattern=r"^[^\x00]*\S[^\x00]*$")]


class NoticeRow(Schema):
    """A pasted notice, without its text."""

    id: UUID
    mission: str
    author: str
    at: datetime
    report: UUID | None


class Notice(NoticeRow):
    """A pasted notice and what it was answered, as `bongsu read --json` answers."""

    text: str
    answer: dict[str, Any]


class NewNotice(Given):
    """A notice to paste; `country`: whose it is, where the text does not say."""

    text: Pasted
    country: Place = ""


class NoticesAsked(Paged):
    """As of which moment."""

    as_of: Moment | None = None


@router.get("/notices", response=Page[NoticeRow], operation_id="list_notices")
def list_notices(request: Asked, asked: Annotated[NoticesAsked, Query()]) -> dict[str, Any]:
    """붙여 넣은 공고 목록. Pasted notices, the newest first."""
    rows = queries.notices(request.auth.reader, as_of=asked.as_of)
    return page(request, rows, asked, order=("-at", "id"))


@router.post("/notices", response={201: Notice}, operation_id="paste_notice")
def paste_notice(request: Asked, body: NewNotice) -> Status[queries.NoticeSeen]:
    """외국 공고를 붙여 넣는다. Paste a foreign notice, and read what it means at home."""
    made = actions.paste(by=request.auth.acting(request), text=body.text, country=body.country)
    return Status(201, queries.notice(request.auth.reader, made.pk))


@router.get("/notices/{uuid:notice}", response=Notice, operation_id="get_notice")
def get_notice(request: Asked, notice: UUID) -> queries.NoticeSeen:
    """붙여 넣은 공고 하나. One pasted notice."""
    return queries.notice(request.auth.reader, notice)


@router.post("/notices/{uuid:notice}/steps/report", response={201: ReportRow}, operation_id="report_notice")
def report_notice(request: Asked, notice: UUID) -> Status[Any]:
    """공고로 보고를 쓴다. A draft filled from it; a second time gives the same draft."""
    made = actions.report_from_notice(by=request.auth.acting(request), notice=notice)
    return Status(201, shown_report(queries.report(request.auth.reader, made.pk)))
