"""The duty rota: watches, and how they are handed over."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.pages import page
from bongsu.api.shapes import Given, Id, Moment, Page, PageAsked, Paged, Person, Prose
from bongsu.people import actions, queries
from bongsu.people.models import HandOver as HandOverRow
from bongsu.people.models import Shift as Row

router = Router(tags=["rota"])
AHEAD = timedelta(days=31)


class Shift(Schema):
    """A watch."""

    id: int
    officer: Person
    starts: datetime
    ends: datetime
    order: int


class NewShift(Given):
    """A watch to plan."""

    officer: Id
    starts: Moment
    ends: Moment
    order: int = Field(1, ge=1, le=9)


class HandOver(Schema):
    """What the one who leaves told the one who comes."""

    id: int
    gives: Person
    takes: Person
    note: str
    given_at: datetime
    taken_at: datetime | None


class NewHandOver(Given):
    """A hand-over to give."""

    takes: Id
    note: Prose


class RotaAsked(Paged):
    """Which watches: those that touch the time from `since` until `until`; the month ahead where they are left out."""

    since: Moment | None = None
    until: Moment | None = None


@router.get("/shifts", response=Page[Shift], operation_id="list_shifts")
def list_shifts(request: Asked, asked: Annotated[RotaAsked, Query()]) -> dict[str, Any]:
    """당직표. The duty rota."""
    since = asked.since or now()
    rows = queries.rota(request.auth.reader, since, asked.until or since + AHEAD)
    return page(request, rows, asked, order=("starts", "order", "pk"))


@router.post("/shifts", response={201: Shift}, operation_id="plan_shift")
def plan_shift(request: Asked, body: NewShift) -> Status[Row]:
    """당직을 넣는다. Put somebody on watch."""
    return Status(201, actions.plan_shift(by=request.auth.acting(request), **body.model_dump()))


@router.post("/shifts/{shift}/steps/drop", response={204: None}, operation_id="drop_shift")
def drop_shift(request: Asked, shift: Id) -> Status[None]:
    """당직을 뺀다. Take a watch off the rota; one that runs ends now."""
    actions.drop_shift(by=request.auth.acting(request), shift=shift)
    return Status(204, None)


@router.get("/hand-overs", response=Page[HandOver], operation_id="list_hand_overs")
def list_hand_overs(request: Asked, asked: PageAsked) -> dict[str, Any]:
    """인수인계 목록. Hand-overs, the newest first."""
    return page(request, queries.hand_overs(request.auth.reader), asked, order=("-pk",))


@router.post("/hand-overs", response={201: HandOver}, operation_id="give_watch")
def give_watch(request: Asked, body: NewHandOver) -> Status[HandOverRow]:
    """당직을 넘긴다. Hand the watch over."""
    return Status(201, actions.give_watch(by=request.auth.acting(request), takes=body.takes, note=body.note))


@router.post("/hand-overs/{hand_over}/steps/take", response=HandOver, operation_id="take_watch")
def take_watch(request: Asked, hand_over: Id) -> HandOverRow:
    """당직을 넘겨받는다. Take the watch over; only whom it was given to can."""
    return actions.take_watch(by=request.auth.acting(request), hand_over=hand_over)
