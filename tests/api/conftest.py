"""What the API's tests lean on: a caller of any role, with a token of theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.people.models import ApiToken, User
from bongsu.people.roles import Role
from bongsu.people.tokens import digest, fresh, shown

MOMENT = "2026-11-22T03:00:00+00:00"


@pytest.fixture(autouse=True)
def moment(settings: Settings) -> None:
    """The clock stands still at the moment of the fixtures."""
    from django.core.cache import cache  # noqa: PLC0415 - after the settings

    settings.NOW, settings.API_PER_MINUTE = MOMENT, 1_000_000
    cache.clear()


def token_of(owner: User, *scopes: str) -> str:
    """A token's secret."""
    secret = fresh()
    ApiToken.objects.create(
        owner=owner,
        label="시험",
        prefix=shown(secret),
        digest=digest(secret),
        scopes=list(scopes or ("read", "write")),
        made_at=owner.joined_at,
        expires_at=owner.joined_at + timedelta(days=30),
    )
    return secret


@pytest.fixture
def calling() -> Callable[..., Client]:
    """A client that calls as somebody: `calling(user)`, `calling(user, "read")`."""

    def make(owner: User, *scopes: str) -> Client:
        return Client(headers={"Authorization": f"Bearer {token_of(owner, *scopes)}"}, raise_request_exception=False)

    return make


@pytest.fixture
def people(person: Callable[..., User]) -> dict[str, User]:
    """One account of each role; missions of two countries."""
    units = {
        Role.MISSION: {"mission": "chn_beijing"},
        Role.DESK: {"desk": "mofa_economic_security_division"},
        Role.PARTNER: {"ministry": "moe"},
        Role.COMPANY: {"organisation": "요소상사"},
    }
    made = {role.value: person(role, **units.get(role, {})) for role in Role}
    made["other_mission"] = person(Role.MISSION, mission="aus_canberra")
    return made


@pytest.fixture
def tokens(people: dict[str, User]) -> dict[str, str]:
    """A token of each of them."""
    return {name: token_of(user) for name, user in people.items()}


@pytest.fixture
def ids(people: dict[str, User]) -> dict[str, list[Any]]:
    """What there is, by the name of the path's parameter."""
    return {"account": [user.pk for user in people.values()]}
