"""Taskings (확인요청): what headquarters asks missions, who answered, and who is late."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.pages import page
from bongsu.api.reading import note_reading
from bongsu.api.shapes import AsOf, Given, GradeName, Moment, Name, Page, Paged, Seen, TlpName, Why, given, marks
from bongsu.responses import actions, queries

router = Router(tags=["taskings"])
StateName = Literal["open", "answered", "closed", "withdrawn"]
Question = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Answer(Schema):
    """A mission that is asked, and when it answered."""

    mission: str
    answered_at: datetime | None


class Tasking(Schema):
    """A tasking."""

    id: UUID
    version: int
    alert: UUID | None
    item: str
    question: str
    asked_by: str
    asked_at: datetime
    deadline: datetime
    grade: GradeName
    tlp: TlpName
    state: StateName
    updated_at: datetime
    answers: list[Answer]
    reminded: list[str]
    why: str
    steps: list[str]


class Cell(Schema):
    """Where one mission stands with a tasking."""

    mission: str
    state: str
    answered_at: datetime | None
    staffed: bool


class BoardLine(Schema):
    """One tasking on the board."""

    id: UUID
    asked_at: datetime
    deadline: datetime
    item: str
    state: StateName
    cells: list[Cell]


class NewTasking(Given):
    """A question to send. Its markings are the alert's where none are given."""

    question: Question
    missions: list[Name] = Field(min_length=1, max_length=250)
    deadline: Moment
    item: Name | None = None
    alert: UUID | None = None
    grade: GradeName | None = None
    tlp: TlpName | None = None


class Reason(Given):
    """Why."""

    why: Why = ""


class TaskingsAsked(Paged):
    """Which taskings."""

    as_of: Moment | None = None
    state: StateName | None = None
    mission: Name | None = None
    item: Name | None = None
    alert: UUID | None = None


class BoardAsked(Paged):
    """As of which moment."""

    as_of: Moment | None = None


UNSAID = Reason()


def shown(row: queries.TaskingSeen) -> dict[str, Any]:
    """A tasking as sent."""
    facts = {name: getattr(row, name) for name in type(row).__dataclass_fields__}
    answers = [{"mission": mission, "answered_at": at} for mission, at in row.answers]
    return {**facts, **marks(row.grade, row.tlp), "answers": answers}


@router.get("/taskings", response=Page[Tasking], operation_id="list_taskings")
def list_taskings(request: Asked, asked: Annotated[TaskingsAsked, Query()]) -> dict[str, Any]:
    """확인요청 목록, 새것부터. Taskings, the newest first."""
    filters: dict[str, Any] = {name: getattr(asked, name) or "" for name in ("state", "mission", "item")}
    rows = queries.taskings(request.auth.reader, as_of=asked.as_of, alert=asked.alert, **filters)
    return page(request, rows, asked, order=("-asked_at", "id"), each=shown)


@router.post("/taskings", response={201: Tasking}, operation_id="ask_missions")
def ask_missions(request: Asked, body: NewTasking) -> Status[Any]:
    """공관에 묻는다. Send missions a question."""
    told = {name: value for name, value in given(body).items() if value is not None}
    made = actions.ask(by=request.auth.acting(request), **told)
    return Status(201, shown(queries.tasking(request.auth.reader, made.pk)))


@router.get("/taskings/board", response=Page[BoardLine], operation_id="get_tasking_board")
def get_board(request: Asked, asked: Annotated[BoardAsked, Query()]) -> dict[str, Any]:
    """현황판: 확인요청 × 공관. Who answered, who is late, where nobody would read it."""
    lines = queries.board(request.auth.reader, as_of=asked.as_of or now())
    rows = [{**shown(line.tasking), "cells": line.cells} for line in lines]
    return page(request, rows, asked, order=("-asked_at", "id"))


@router.get("/taskings/{uuid:tasking}", response=Tasking, operation_id="get_tasking")
def get_tasking(request: Asked, tasking: UUID, asked: Annotated[AsOf, Query()]) -> dict[str, Any]:
    """확인요청 하나. One tasking."""
    row = queries.tasking(request.auth.reader, tasking, as_of=asked.as_of)
    note_reading(request, "tasking", row.id, row.grade)
    return shown(row)


@router.post("/taskings/{uuid:tasking}/steps/close", response=Tasking, operation_id="close_tasking")
def close_tasking(request: Asked, tasking: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """종결한다: 답이 충분하다. Close it: what came is enough."""
    actions.close_tasking(by=request.auth.acting(request, body.why), tasking=tasking, seen=seen)
    return shown(queries.tasking(request.auth.reader, tasking))


@router.post("/taskings/{uuid:tasking}/steps/withdraw", response=Tasking, operation_id="withdraw_tasking")
def withdraw_tasking(request: Asked, tasking: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """까닭을 적고 철회한다. Withdraw it, saying why."""
    actions.withdraw_tasking(by=request.auth.acting(request, body.why), tasking=tasking, seen=seen)
    return shown(queries.tasking(request.auth.reader, tasking))
