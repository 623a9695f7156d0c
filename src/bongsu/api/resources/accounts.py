"""Accounts. What opens one (password, second factor) is set on the screens only: no token may hand an account over."""

from datetime import datetime, time
from typing import Annotated, Any

from ninja import Router, Schema, Status
from pydantic import StringConstraints

from bongsu.api.callers import Asked
from bongsu.api.pages import page
from bongsu.api.shapes import (
    Given,
    GradeName,
    Id,
    LanguageName,
    Line,
    Page,
    PageAsked,
    TlpName,
    Unit,
    given,
    marks,
)
from bongsu.people import actions, queries
from bongsu.people.models import User
from bongsu.people.roles import Role

router = Router(tags=["accounts"])
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$")]
Address = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Account(Schema):
    """An account."""

    id: int
    username: str
    name: str
    email: str
    role: Role
    mission: str
    desk: str
    ministry: str
    organisation: str
    grade: GradeName
    tlp: TlpName
    language: LanguageName
    zone: str
    quiet_from: time | None
    quiet_until: time | None
    active: bool
    joined_at: datetime


class AccountChanges(Given):
    """What of an account changes; what is left out stays."""

    username: Line | None = None
    name: Line | None = None
    email: Address | None = None
    role: Role | None = None
    mission: Unit | None = None
    desk: Unit | None = None
    ministry: Unit | None = None
    organisation: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    grade: GradeName | None = None
    tlp: TlpName | None = None
    language: LanguageName | None = None
    zone: Zone | None = None
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None


class NewAccount(AccountChanges):
    """An account to make. It opens by single sign-on, until a password is set on the screens."""

    username: Line
    name: Line
    role: Role


def shown(user: User) -> dict[str, Any]:
    """An account as sent."""
    same = ("id", "username", "name", "email", "role", "mission", "desk", "ministry", "organisation")
    more = ("language", "zone", "quiet_from", "quiet_until", "joined_at")
    facts = {name: getattr(user, name) for name in (*same, *more)}
    return {**facts, **marks(user.grade, user.tlp), "active": user.is_active}


def _told(body: AccountChanges) -> dict[str, Any]:
    """What was said; null says nothing, but for quiet hours, which it ends."""
    hours = ("quiet_from", "quiet_until")
    return {name: value for name, value in given(body).items() if value is not None or name in hours}


@router.get("/accounts", response=Page[Account], operation_id="list_accounts")
def list_accounts(request: Asked, asked: PageAsked) -> dict[str, Any]:
    """계정 목록. Accounts that you may see."""
    return page(request, queries.accounts(request.auth.reader), asked, order=("pk",), each=shown)


@router.post("/accounts", response={201: Account}, operation_id="add_account")
def add_account(request: Asked, body: NewAccount) -> Status[Any]:
    """계정을 만든다. Make an account."""
    return Status(201, shown(actions.add_account(by=request.auth.acting(request), **_told(body))))


@router.get("/accounts/{account}", response=Account, operation_id="get_account")
def get_account(request: Asked, account: Id) -> dict[str, Any]:
    """계정 하나. One account."""
    return shown(queries.account(request.auth.reader, account))


@router.patch("/accounts/{account}", response=Account, operation_id="change_account")
def change_account(request: Asked, account: Id, body: AccountChanges) -> dict[str, Any]:
    """계정을 고친다. Change an account; people set their own language, time zone and quiet hours."""
    return shown(actions.change_account(by=request.auth.acting(request), account=account, **_told(body)))


@router.post("/accounts/{account}/steps/shut", response=Account, operation_id="shut_account")
def shut_account(request: Asked, account: Id) -> dict[str, Any]:
    """계정을 닫는다. Let an account in no more; its sessions and tokens end."""
    return shown(actions.shut_account(by=request.auth.acting(request), account=account))


@router.post("/accounts/{account}/steps/reopen", response=Account, operation_id="reopen_account")
def reopen_account(request: Asked, account: Id) -> dict[str, Any]:
    """닫은 계정을 다시 연다. Let a shut account in again."""
    return shown(actions.reopen_account(by=request.auth.acting(request), account=account))
