from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from bongsu.people.models import User
from bongsu.people.roles import Role
from bongsu.people.tasks import tidy

pytestmark = pytest.mark.django_db


def _signed_in(user: User, seconds: int) -> str:
    """A session of so many seconds; its key."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": "correct horse battery staple"})
    session = client.session
    session.set_expiry(seconds)
    session.save()
    key: str = session.session_key
    return key


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bongsu_cache")
        found: tuple[int] = cursor.fetchone()
    return found[0]


def test_sessions_and_counts_that_are_over_are_forgotten(person: Callable[..., User]) -> None:
    users = [person(Role.MISSION, mission="m") for _ in range(2)]
    _, long = _signed_in(users[0], 60), _signed_in(users[1], 9000)
    cache.clear()
    cache.set("short", 1, 60)
    cache.set("long", 2, 9000)
    tidy(timezone.now())
    assert (Session.objects.count(), UserSession.objects.count(), _counted()) == (2, 2, 2)
    tidy(timezone.now() + timedelta(hours=1))
    assert [one.session_key for one in Session.objects.all()] == [long]
    assert [(one.session_key, one.user) for one in UserSession.objects.all()] == [(long, users[1])]
    assert (_counted(), cache.get("long")) == (1, 2)
