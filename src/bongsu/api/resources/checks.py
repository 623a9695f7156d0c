"""Standing checks (상시점검): due, answered, or overdue; overdue is not nil."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema

from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.pages import page
from bongsu.api.shapes import Id, Moment, Name, Page, Paged
from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.responses import actions, queries

router = Router(tags=["checks"])
StateName = Literal["due", "done_nil", "done_report", "overdue"]


class Check(Schema):
    """A standing check, at a moment."""

    id: int
    mission: str
    item: str
    every: str
    since: datetime
    due_at: datetime
    state: StateName
    last_at: datetime | None
    last_report: UUID | None


class ChecksAsked(Paged):
    """Which checks."""

    as_of: Moment | None = None
    state: StateName | None = None
    mission: Name | None = None
    item: Name | None = None


@router.get("/checks", response=Page[Check], operation_id="list_checks")
def list_checks(request: Asked, asked: Annotated[ChecksAsked, Query()]) -> dict[str, Any]:
    """상시점검 목록. Standing checks."""
    filters: dict[str, Any] = {name: getattr(asked, name) or "" for name in ("state", "mission", "item")}
    rows = queries.checks(request.auth.reader, as_of=asked.as_of or now(), **filters)
    return page(request, rows, asked, order=("id",))


@router.post("/checks/{check}/steps/nil", response=Check, operation_id="answer_check_nil")
def answer_nil(request: Asked, check: Id) -> queries.CheckSeen:
    """특이동향 없음. Looked, and nothing there."""
    by = request.auth.acting(request)
    row = actions.nil_return(by=by, check=check)
    for found in queries.checks(by.reader, as_of=by.at, mission=row.mission, item=row.item):
        if found.id == check:
            return found
    raise NotThereError(Text("상시점검", "standing check"))
