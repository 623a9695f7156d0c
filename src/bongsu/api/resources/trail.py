"""The audit trail, for auditors."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import StringConstraints

from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.shapes import Id, Moment, Page, Paged
from bongsu.people import queries

router = Router(tags=["audit"])
Word = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$")]


class AuditLine(Schema):
    """One line: who, when, from where, what, to what, why; sealed with the one before."""

    seq: int
    at: datetime
    actor: int | None
    role: str
    address: str
    via: str
    act: str
    kind: str
    ref: str
    why: str
    details: dict[str, Any]
    mac: str


class TrailAsked(Paged):
    """Which lines: acts that begin so, of one kind of entry, one entry, one account, from `since` until `until`."""

    act: Word = ""
    kind: Word = ""
    ref: Word = ""
    actor: Id | None = None
    since: Moment | None = None
    until: Moment | None = None


@router.get("/audit-lines", response=Page[AuditLine], operation_id="list_audit_lines")
def list_audit_lines(request: Asked, asked: Annotated[TrailAsked, Query()]) -> dict[str, Any]:
    """감사 기록. The trail, the newest line first."""
    filters = asked.model_dump(exclude={"cursor", "limit"})
    return page(request, queries.audit_lines(request.auth.reader, **filters), asked, order=("-seq",))
