"""What is done with a report: written, filed, returned, reviewed, withdrawn; and tips that a mission or a partner passes on."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Status
from pydantic import Field, StringConstraints

from bongsu.api.callers import Asked
from bongsu.api.resources.reports import ReportRow, router, shown
from bongsu.api.shapes import Day, Given, GradeName, Name, Seen, TlpName, Why, given
from bongsu.responses import actions, queries
from bongsu.responses.models import Report as Row

Letter = Literal["A", "B", "C", "D", "E", "F"]
Title = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Body = Annotated[str, StringConstraints(max_length=100_000, pattern=r"^[^\x00]*$")]
Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://[!-~]+)?$")]
Place = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2,8})?$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,10}$")]


class Measure(Given):
    """What was seen of a measure."""

    issuer: Title = ""
    number: Title = ""
    instrument: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$")] = ""
    direction: Literal["", "export", "import"] = ""
    announced: Day | None = None
    effective: Day | None = None
    until: Day | None = None
    hs_codes: list[Code] = Field(default=[], max_length=200)


class Content(Given):
    """What a report says; what is left out stays as it is."""

    items: list[Name] = Field(default=[], max_length=50)
    place: Place = ""
    title: Title = ""
    body: Body = ""
    measure: Measure | None = None
    bearing: Literal["", "tighter", "easier", "steady"] = ""
    observed_on: Day | None = None
    origin: Literal["", "official", "press", "firm", "agency", "own"] = ""
    source_name: Title = ""
    link: Link = ""
    offered: Letter | Literal[""] = ""
    grade: GradeName | None = None
    tlp: TlpName | None = None


class NewReport(Content):
    """A report to begin; what it answers, and what it bears on."""

    tasking: UUID | None = None
    alert: UUID | None = None


class Tip(Content):
    """What a firm or an agency abroad says."""

    origin: Literal["firm", "agency"]
    reliability: Letter | Literal[""] = ""
    alert: UUID | None = None


class Reason(Given):
    """Why."""

    why: Why = ""


class Review(Reason):
    """How reliable its source is, and how credible what it says (the admiralty scale)."""

    reliability: Letter
    credibility: int = Field(ge=1, le=6)


UNSAID = Reason()
_MAY_BE_EMPTY = frozenset({"observed_on"})


def _told(body: Content) -> dict[str, Any]:
    return {name: value for name, value in given(body).items() if value is not None or name in _MAY_BE_EMPTY}


def _seen(request: Asked, row: Row) -> dict[str, Any]:
    """Without the text: whoever wants it reads the report, which is noted."""
    return shown(queries.report(request.auth.reader, row.pk))


@router.post("/reports", response={201: ReportRow}, operation_id="begin_report")
def begin_report(request: Asked, body: NewReport) -> Status[Any]:
    """보고를 쓰기 시작한다. Begin a report."""
    return Status(201, _seen(request, actions.save_draft(by=request.auth.acting(request), **_told(body))))


@router.patch("/reports/{uuid:report}", response=ReportRow, operation_id="save_report")
def save_report(request: Asked, report: UUID, seen: Seen, body: Content) -> dict[str, Any]:
    """저장한다. Save what was typed; typed over an older version, it is kept aside and refused."""
    made = actions.save_draft(by=request.auth.acting(request), report=report, seen=seen, **_told(body))
    return _seen(request, made)


@router.post("/tips", response={201: ReportRow}, operation_id="take_tip")
def take_tip(request: Asked, body: Tip) -> Status[Any]:
    """제보를 받는다. File what a firm or an agency abroad says."""
    return Status(201, _seen(request, actions.take_tip(by=request.auth.acting(request), **_told(body))))


@router.post("/reports/{uuid:report}/steps/submit", response=ReportRow, operation_id="submit_report")
def submit_report(request: Asked, report: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """제출한다. File it."""
    by = request.auth.acting(request, body.why)
    return _seen(request, actions.submit(by=by, report=report, seen=seen))


@router.post("/reports/{uuid:report}/steps/return", response=ReportRow, operation_id="return_report")
def return_report(request: Asked, report: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """보완을 요청한다. Give it back, saying what is missing."""
    by = request.auth.acting(request, body.why)
    return _seen(request, actions.return_report(by=by, report=report, seen=seen))


@router.post("/reports/{uuid:report}/steps/review", response=ReportRow, operation_id="review_report")
def review_report(request: Asked, report: UUID, seen: Seen, body: Review) -> dict[str, Any]:
    """검토해 등급을 매긴다. Grade it; the next turn of the watch publishes it as a statement."""
    by = request.auth.acting(request, body.why)
    grades: dict[str, Any] = {"reliability": body.reliability, "credibility": body.credibility}
    return _seen(request, actions.review(by=by, report=report, seen=seen, **grades))


@router.post("/reports/{uuid:report}/steps/withdraw", response=ReportRow, operation_id="withdraw_report")
def withdraw_report(request: Asked, report: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """철회한다. Withdraw it; once filed, saying why."""
    by = request.auth.acting(request, body.why)
    return _seen(request, actions.withdraw_report(by=by, report=report, seen=seen))
