"""Alerts: found, read as of any moment, and seen through their evidence. Steps stand in `alert_steps`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from bongsu.alerts import queries
from bongsu.alerts.models import Alert as Row
from bongsu.alerts.routing import preview
from bongsu.alerts.rules import OPEN, State, handles
from bongsu.api.callers import Asked
from bongsu.api.clock import now
from bongsu.api.pages import page
from bongsu.api.reading import note_reading
from bongsu.api.shapes import AsOf, GradeName, Moment, Name, Page, Paged, Person, Said, TlpName, marks
from bongsu.people.reader import Reader

router = Router(tags=["alerts"])
UnitName = Annotated[str, StringConstraints(pattern=r"^(mission|desk|ministry|user):[a-z0-9_]{1,64}$")]
StateName = Literal["open", "raised", "triaged", "issued", "closed", "withdrawn", "superseded", "merged"]
Level = Annotated[int, Field(ge=1, le=5)]


class Alert(Schema):
    """An alert. Who does not handle alerts does not see how it is handled: owner and clocks are null for them."""

    id: UUID
    version: int
    subject: str
    state: State
    open: bool
    level: int | None = Field(description="One to five fires; null: it cannot be given, which is not calm.")
    grade: GradeName
    tlp: TlpName
    raised_at: datetime
    issued_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    watch_level: int | None
    owner: Person | None
    acknowledged_at: datetime | None
    due_at: datetime | None
    into: UUID | None


class Line(Schema):
    """One line of an alert's history."""

    seq: int
    at: datetime
    kind: str
    who: str
    via: str
    why: str
    state: State
    level: int | None
    was: int | None
    overridden: bool
    owner: str
    unattended: bool
    concerned: list[str]
    told: list[str]
    unstaffed: list[str]
    entry: str
    note: str
    other: str
    evidence: bool


class Evidence(Schema):
    """The warning behind an alert, as the watch saw it."""

    seq: int
    at: datetime
    digest: str
    warning: dict[str, Any]


class Concern(Schema):
    """A unit that an alert concerns, and why."""

    unit: str
    rule: str
    why: Said
    seq: int


class Telling(Schema):
    """That a unit is told of an alert at a level."""

    unit: str
    level: int
    at: datetime
    not_before: datetime | None
    seq: int


class Contact(Schema):
    """Who is to be reached."""

    name: Said
    role: str
    unit: str


class Todo(Schema):
    """An entry of the checklist (조치사항)."""

    entry: str
    text: Said
    contact: Contact
    reach: list[str]
    done_at: datetime | None
    who: str
    extra: bool


class Reached(Schema):
    """A unit that an alert concerns, or would."""

    unit: str
    name: Said
    rule: str
    why: Said
    concerned: bool
    told: int | None
    told_at: datetime | None
    now: bool


class Unreached(Schema):
    """What a rule looked for in vain."""

    rule: str
    of: str
    why: Said


class Preview(Schema):
    """What issuing an alert would do."""

    on: date
    level: int | None
    reached: list[Reached]
    unreached: list[Unreached]
    receivers: int


class AlertsAsked(Paged):
    """Which alerts."""

    as_of: Moment | None = None
    state: StateName | None = None
    level: Level | None = None
    item: Name | None = None
    unit: UnitName | None = None
    mine: bool = False


class LinesAsked(Paged):
    """Which page, and as of which moment."""

    as_of: Moment | None = None


class EvidenceAsked(AsOf):
    """Which evidence: the newest, or the one that event `seq` brought; 1 is the one frozen when it was raised."""

    seq: int | None = Field(None, ge=1, le=2**31 - 1)


class PreviewAsked(Schema):
    """At which level; as it stands where that is left out."""

    level: Level | None = None


AlertAsked = Annotated[AsOf, Query()]
PagesAsked = Annotated[LinesAsked, Query()]


def shown(reader: Reader, row: Row) -> dict[str, Any]:
    """An alert as this reader gets it."""
    public = ("id", "version", "subject", "state", "level", "raised_at", "issued_at", "closed_at", "updated_at")
    facts = {name: getattr(row, name) for name in public}
    inside = dict.fromkeys(("watch_level", "owner", "acknowledged_at", "due_at"))
    if handles(reader):
        inside = {name: getattr(row, name) for name in inside}
    return {**facts, **marks(row.grade, row.tlp), **inside, "open": row.state in OPEN, "into": row.into_id}


def seen(request: Asked, alert: UUID, as_of: datetime | None) -> Row:
    """An alert as of a moment; that it was read is noted where it is sensitive."""
    row = queries.alert(request.auth.reader, alert, as_of=as_of)
    note_reading(request, "alert", row.pk, row.grade)
    return row


@router.get("/alerts", response=Page[Alert], operation_id="list_alerts")
def list_alerts(request: Asked, asked: Annotated[AlertsAsked, Query()]) -> dict[str, Any]:
    """조기경보 건 목록, 새로 제기된 것부터. Alerts, the newest first."""
    reader = request.auth.reader
    filters: dict[str, Any] = {"item": asked.item or "", "unit": asked.unit or "", "mine": asked.mine}
    rows = queries.alerts(reader, as_of=asked.as_of, state=asked.state, level=asked.level, **filters)
    return page(request, rows, asked, order=("-raised_at", "pk"), each=lambda row: shown(reader, row))


@router.get("/alerts/{uuid:alert}", response=Alert, operation_id="get_alert")
def get_alert(request: Asked, alert: UUID, asked: AlertAsked) -> dict[str, Any]:
    """조기경보 건 하나. One alert."""
    return shown(request.auth.reader, seen(request, alert, asked.as_of))


@router.get("/alerts/{uuid:alert}/timeline", response=Page[Line], operation_id="get_alert_timeline")
def get_timeline(request: Asked, alert: UUID, asked: PagesAsked) -> dict[str, Any]:
    """지난 일. What happened to it, the oldest first."""
    seen(request, alert, asked.as_of)
    lines = queries.timeline(request.auth.reader, alert, as_of=asked.as_of)
    return page(request, lines, asked, order=("seq",))


@router.get("/alerts/{uuid:alert}/evidence", response=Evidence, operation_id="get_alert_evidence")
def get_evidence(request: Asked, alert: UUID, asked: Annotated[EvidenceAsked, Query()]) -> Any:  # noqa: ANN401 - the row
    """증거: 제기할 때와 지금. The warning behind it; its `evidence` leads back to the raw bytes."""
    seen(request, alert, asked.as_of)
    return queries.evidence(request.auth.reader, alert, asked.seq, as_of=asked.as_of)


@router.get("/alerts/{uuid:alert}/concerns", response=Page[Concern], operation_id="list_alert_concerns")
def list_concerns(request: Asked, alert: UUID, asked: PagesAsked) -> dict[str, Any]:
    """누가 왜 알아야 하는가. Whom it concerns, and why."""
    rows = queries.concerns(request.auth.reader, alert, as_of=asked.as_of)
    return page(request, rows, asked, order=("seq", "unit"), each=_concern)


def _concern(row: Any) -> dict[str, Any]:  # noqa: ANN401 - the row
    return {"unit": row.unit, "rule": row.rule, "why": {"ko": row.why_ko, "en": row.why_en}, "seq": row.seq}


@router.get("/alerts/{uuid:alert}/tellings", response=Page[Telling], operation_id="list_alert_tellings")
def list_tellings(request: Asked, alert: UUID, asked: PagesAsked) -> dict[str, Any]:
    """누구에게 어느 봉수로 알렸는가. Who was told, at which level."""
    rows = queries.tellings(request.auth.reader, alert, as_of=asked.as_of)
    return page(request, rows, asked, order=("seq", "unit", "level"))


@router.get("/alerts/{uuid:alert}/checklist", response=list[Todo], operation_id="get_alert_checklist")
def get_checklist(request: Asked, alert: UUID, asked: AlertAsked) -> list[dict[str, Any]]:
    """조치사항. What is to be done at its level, and what is done."""
    return [_todo(one) for one in queries.checklist(request.auth.reader, alert, as_of=asked.as_of)]


def _todo(one: queries.Todo) -> dict[str, Any]:
    entry = one.entry
    facts = {"entry": entry.id, "text": entry.text, "contact": entry.contact, "reach": one.reach}
    return {**facts, "done_at": one.tick.at if one.tick else None, "who": one.who, "extra": one.extra}


@router.get("/alerts/{uuid:alert}/preview", response=Preview, operation_id="preview_alert")
def preview_alert(request: Asked, alert: UUID, asked: Annotated[PreviewAsked, Query()]) -> preview.Preview:
    """발령하면 누가 왜 알게 되는가. Who would be told if it were issued now, and why."""
    seen(request, alert, None)
    return preview.preview(request.auth.reader, alert, at=now(), level=asked.level)
