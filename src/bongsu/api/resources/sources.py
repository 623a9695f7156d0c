"""How each source stands that the watch reads from: late, failed, silent, never fetched."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from bongsu.alerts.standing import standing
from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.pages import page
from bongsu.api.shapes import Page, Paged, Said
from bongsu.responses.home import home_zone
from bongsu.sources.due import STATES, Health, State

router = Router(tags=["sources"])


class SourceRow(Schema):
    """A source, and how it stands."""

    id: str
    name: Said
    cadence: str
    state: State = Field(description="What is told first; `late` and `silent` may be true beside it.")
    state_name: Said
    why: Said
    due: bool
    late: bool
    silent: bool
    expected: str | None = Field(description="The newest period whose figures should be out.")
    since: datetime | None = Field(description="Since when it has been due.")
    next_due: datetime | None
    last_read: datetime | None = Field(description="The last time that all of it was read; null: never.")
    last_new: datetime | None = Field(description="The last time that something came.")
    last_failed: datetime | None


class SourcesAsked(Paged):
    """Which sources: those that stand so."""

    state: State | None = None


@router.get("/sources", response=Page[SourceRow], operation_id="list_sources")
def list_sources(request: Asked, asked: Annotated[SourcesAsked, Query()]) -> dict[str, Any]:
    """출처마다 지금의 상태. How every source stands now."""
    rows = [_row(one) for one in standing(request.auth.reader, now(), zone=home_zone())]
    return page(request, [row for row in rows if asked.state in (None, row["state"])], asked, order=("id",))


def _row(one: Health) -> dict[str, Any]:
    source = {name: getattr(one.source, name) for name in ("id", "name", "cadence")}
    expected = str(one.expected) if one.expected else None
    return {**vars(one), **source, "state_name": STATES[one.state], "expected": expected}
