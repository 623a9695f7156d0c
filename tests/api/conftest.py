"""What the API's tests lean on: a caller of any role, with a token of theirs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.people.models import ApiToken, User
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
