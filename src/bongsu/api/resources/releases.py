"""Releases (기업 배포문), and what companies subscribe to. A company reads approved texts, and nothing else of an alert."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from bongsu.alerts import releases
from bongsu.alerts.models import Release as Row
from bongsu.alerts.models import Subscription as SubscriptionRow
from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.shapes import AsOf, Day, Given, Id, Moment, Name, Page, PageAsked, Paged, Person, Seen, Why
from bongsu.people.reader import Reader
from bongsu.people.roles import Role

router = Router(tags=["releases"])
StateName = Literal["draft", "approved", "withdrawn"]
Title = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Body = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://[!-~]+)?$")]
Code = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}){1,5}$")]


class Release(Schema):
    """A release. For a company everything from `alert` on is null."""

    id: UUID
    title_ko: str
    title_en: str
    obligation_ko: str
    obligation_en: str
    alternatives_ko: str
    alternatives_en: str
    items: list[str]
    hs_codes: list[str]
    deadline: date | None
    original: str
    published_at: datetime | None
    alert: UUID | None = None
    author: Person | None = None
    state: StateName | None = None
    version: int | None = None
    updated_at: datetime | None = None


class Words(Given):
    """What a release says; what is left out stays as it is."""

    title_ko: Title = ""
    title_en: Title = ""
    obligation_ko: Body = ""
    obligation_en: Body = ""
    alternatives_ko: Body = ""
    alternatives_en: Body = ""
    items: list[Name] = Field(default=[], max_length=50)
    hs_codes: list[Code] = Field(default=[], max_length=200)
    deadline: Day | None = None
    original: Link = ""


class NewRelease(Words):
    """A text to begin, on an alert."""

    alert: UUID


class Reason(Given):
    """Why."""

    why: Why = ""


class Happened(Schema):
    """One line of a release's history."""

    seq: int
    at: datetime
    kind: str
    who: str
    why: str


class Subscription(Schema):
    """What a company asked to hear of."""

    id: int
    owner: Person
    hs_codes: list[str]
    items: list[str]
    made_at: datetime
    ended_at: datetime | None


class NewSubscription(Given):
    """What to hear of: of codes and items at least one; `owner` for a company that is not the caller."""

    hs_codes: list[Code] = Field(default=[], max_length=200)
    items: list[Name] = Field(default=[], max_length=50)
    owner: Id | None = None


class ReleasesAsked(Paged):
    """Which releases."""

    as_of: Moment | None = None
    alert: UUID | None = None
    state: StateName | None = None


UNSAID = Reason()


def shown(reader: Reader, row: Row) -> dict[str, Any]:
    """A release as this reader gets it."""
    public = {name: getattr(row, name) for name in releases.PUBLIC}
    if reader.role is Role.COMPANY:
        return public
    inside = ("author", "state", "version", "updated_at")
    return {**public, "alert": row.alert_id, **{name: getattr(row, name) for name in inside}}


@router.get("/releases", response=Page[Release], operation_id="list_releases")
def list_releases(request: Asked, asked: Annotated[ReleasesAsked, Query()]) -> dict[str, Any]:
    """배포문 목록. Releases; for a company the approved ones that it subscribes to, the newest first."""
    reader = request.auth.reader
    rows = releases.releases(reader, as_of=asked.as_of, alert=asked.alert, state=asked.state)
    order = ("-published_at", "pk") if reader.role is Role.COMPANY else ("pk",)
    return page(request, rows, asked, order=order, each=lambda row: shown(reader, row))


@router.post("/releases", response={201: Release}, operation_id="draft_release")
def draft_release(request: Asked, body: NewRelease) -> Status[Any]:
    """배포문을 쓰기 시작한다. Begin a text for companies."""
    made = releases.draft_release(by=request.auth.acting(request), **body.model_dump(exclude_unset=True))
    return Status(201, shown(request.auth.reader, made))


@router.get("/releases/{uuid:release}", response=Release, operation_id="get_release")
def get_release(request: Asked, release: UUID, asked: Annotated[AsOf, Query()]) -> dict[str, Any]:
    """배포문 하나. One release."""
    reader = request.auth.reader
    return shown(reader, releases.release(reader, release, as_of=asked.as_of))


@router.patch("/releases/{uuid:release}", response=Release, operation_id="edit_release")
def edit_release(request: Asked, release: UUID, seen: Seen, body: Words) -> dict[str, Any]:
    """초안을 고친다. Change a draft."""
    words = body.model_dump(exclude_unset=True)
    made = releases.edit_release(by=request.auth.acting(request), release=release, seen=seen, **words)
    return shown(request.auth.reader, made)


@router.get("/releases/{uuid:release}/timeline", response=Page[Happened], operation_id="get_release_timeline")
def get_timeline(request: Asked, release: UUID, asked: PageAsked) -> dict[str, Any]:
    """지난 일. Who wrote, approved and withdrew it; for those who write releases."""
    return page(request, releases.history(request.auth.reader, release), asked, order=("seq",))


@router.post("/releases/{uuid:release}/steps/approve", response=Release, operation_id="approve_release")
def approve_release(request: Asked, release: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """승인한다: 쓰지 않은 사람이. Send it out; never by anybody who has written in it."""
    by = request.auth.acting(request, body.why)
    return shown(by.reader, releases.approve_release(by=by, release=release, seen=seen))


@router.post("/releases/{uuid:release}/steps/withdraw", response=Release, operation_id="withdraw_release")
def withdraw_release(request: Asked, release: UUID, seen: Seen, body: Reason = UNSAID) -> dict[str, Any]:
    """까닭을 적고 거둔다. Take it back, saying why."""
    by = request.auth.acting(request, body.why)
    return shown(by.reader, releases.withdraw_release(by=by, release=release, seen=seen))


@router.get("/subscriptions", response=Page[Subscription], operation_id="list_subscriptions")
def list_subscriptions(request: Asked, asked: PageAsked) -> dict[str, Any]:
    """구독 목록. Subscriptions, ended ones too."""
    return page(request, releases.subscriptions(request.auth.reader), asked, order=("-pk",))


@router.post("/subscriptions", response={201: Subscription}, operation_id="subscribe")
def subscribe(request: Asked, body: NewSubscription) -> Status[SubscriptionRow]:
    """구독한다. Note what a company wants to hear of."""
    return Status(201, releases.subscribe(by=request.auth.acting(request), **body.model_dump(exclude_unset=True)))


@router.post("/subscriptions/{subscription}/steps/end", response=Subscription, operation_id="end_subscription")
def end_subscription(request: Asked, subscription: Id) -> SubscriptionRow:
    """구독을 끝낸다. End it; it stays on record."""
    return releases.end_subscription(by=request.auth.acting(request), subscription=subscription)
