"""API tokens: a random secret shown once, of which only the SHA-256 is kept. 256 random bits need no slow hash."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from bongsu.people import rules
from bongsu.people.models import ApiToken, User
from bongsu.people.sign_in import has_second_factor

PREFIX = "bsu_"
_SHOWN = 12
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def fresh() -> str:
    """A new secret."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What of a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown(secret: str) -> str:
    """The first letters, by which its owner tells it from others; the rest is still 208 random bits."""
    return secret[:_SHOWN]


def owner_of(secret: str, now: datetime) -> tuple[User, frozenset[str]] | None:
    """Whose token this is and what it may do; None: nobody's, or no longer.

    Looked up by its digest: how long that takes says nothing about the secret. Whose pages wait for a second factor
    has no way around it here.
    """
    if not _SECRET.fullmatch(secret):
        return None
    token = ApiToken.objects.select_related("owner").filter(digest=digest(secret)).first()
    if token is None or token.revoked_at or not token.made_at <= now < token.expires_at or not token.owner.is_active:
        return None
    if settings.SECOND_FACTOR and rules.needs_second_factor(token.owner) and not has_second_factor(token.owner):
        return None
    _note_use(token, now)
    return token.owner, frozenset(token.scopes)


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute, so that reading does not become writing."""
    if token.last_used_at is None or token.last_used_at <= now - _USE_IS_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_IS_NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
