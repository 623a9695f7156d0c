"""Reports (공관보고): found, read, and followed to where they were of use. Writing stands in `report_steps`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema

from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.shapes import AsOf, GradeName, Moment, Name, Page, PageAsked, Paged, Said, TlpName, marks
from bongsu.responses import actions, queries

router = Router(tags=["reports"])
StateName = Literal["draft", "submitted", "returned", "reviewed", "withdrawn"]


class ReportRow(Schema):
    """A report without its text."""

    id: UUID
    version: int
    mission: str
    author: str
    reviewer: str
    tasking: UUID | None
    alert: UUID | None
    items: list[str]
    place: str
    title: str
    observed_on: date | None
    origin: str
    offered: str
    reliability: str
    credibility: int | None
    grade: GradeName
    tlp: TlpName
    state: StateName
    submitted_at: datetime | None
    reviewed_at: datetime | None
    statement: int | None
    made_at: datetime
    updated_at: datetime
    steps: list[str]


class Report(ReportRow):
    """A whole report. That it was read is noted."""

    body: str
    measure: dict[str, Any]
    bearing: str
    source_name: str
    link: str
    why: str


class Happening(Schema):
    """One thing that happened to a report."""

    seq: int
    at: datetime
    kind: str
    who: str
    why: str


class KeptAside(Schema):
    """A text that somebody typed over an older version."""

    at: datetime
    who: str
    content: dict[str, Any]


class UsedBy(Schema):
    """Where a report was of use."""

    kind: str
    ref: str
    name: Said


class ReportsAsked(Paged):
    """Which reports."""

    as_of: Moment | None = None
    state: StateName | None = None
    mission: Name | None = None
    item: Name | None = None
    tasking: UUID | None = None
    alert: UUID | None = None


def shown(row: queries.ReportLine) -> dict[str, Any]:
    """A report as sent."""
    facts = {name: getattr(row, name) for name in type(row).__dataclass_fields__}
    return {**facts, **marks(row.grade, row.tlp)}


@router.get("/reports", response=Page[ReportRow], operation_id="list_reports")
def list_reports(request: Asked, asked: Annotated[ReportsAsked, Query()]) -> dict[str, Any]:
    """공관보고 목록, 새것부터. Reports, the newest first, without their text."""
    filters: dict[str, Any] = {name: getattr(asked, name) or "" for name in ("state", "mission", "item")}
    rows = queries.reports(request.auth.reader, as_of=asked.as_of, tasking=asked.tasking, alert=asked.alert, **filters)
    return page(request, rows, asked, order=("-made_at", "id"), each=shown)


@router.get("/reports/{uuid:report}", response=Report, operation_id="get_report")
def get_report(request: Asked, report: UUID, asked: Annotated[AsOf, Query()]) -> dict[str, Any]:
    """공관보고 하나. 읽은 일은 감사 기록에 남는다. One report; that it was read is noted."""
    return shown(actions.open_report(by=request.auth.acting(request), report=report, as_of=asked.as_of))


@router.get("/reports/{uuid:report}/timeline", response=Page[Happening], operation_id="get_report_timeline")
def get_timeline(request: Asked, report: UUID, asked: PageAsked) -> dict[str, Any]:
    """지난 일. What happened to it."""
    return page(request, queries.report_timeline(request.auth.reader, report), asked, order=("seq",))


@router.get("/reports/{uuid:report}/kept-aside", response=list[KeptAside], operation_id="list_report_kept_aside")
def list_kept_aside(request: Asked, report: UUID) -> list[queries.KeptAside]:
    """따로 간직한 글. 읽은 일은 감사 기록에 남는다. Texts typed over an older version, for the report's own mission; that they were read is noted."""
    return list(actions.open_kept_aside(by=request.auth.acting(request), report=report))


@router.get("/reports/{uuid:report}/used-by", response=list[UsedBy], operation_id="list_report_uses")
def list_uses(request: Asked, report: UUID) -> list[queries.UsedBy]:
    """누가 이 보고를 썼는가. Where it was of use."""
    return list(queries.used_by(request.auth.reader, report))
