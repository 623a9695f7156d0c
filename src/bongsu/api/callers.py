"""Who calls: a bearer of a token, or somebody signed in on the screens (then with the CSRF token for what changes)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie
from ninja.utils import check_csrf

from bongsu.api.budget import spend
from bongsu.api.clock import now
from bongsu.api.parsing import check_names
from bongsu.api.problems import DENIED, UNKNOWN_CALLER, ProblemError
from bongsu.language import Text
from bongsu.people import tokens
from bongsu.people.addresses import address_of
from bongsu.people.models import User
from bongsu.people.reader import Actor, Reader

SAFE = frozenset({"GET", "HEAD"})
BOTH = frozenset({"read", "write"})


@dataclass(frozen=True)
class Caller:
    """Whoever sent a request, as one of our accounts."""

    reader: Reader
    language: str
    scopes: frozenset[str]
    key: str

    def acting(self, request: HttpRequest, why: str = "") -> Actor:
        """Their one act, for the trail."""
        return Actor(reader=self.reader, at=now(), address=address_of(request), via="api", why=why)


class Asked(HttpRequest):
    """A request that came through the door."""

    auth: Caller
    operation: Any


class BearerToken(HttpBearer):
    """`Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The token's owner, with no more than the token's scopes."""
        at = now()
        digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        found = tokens.owner_of(token, at) if token.isascii() and token else None
        if found is None:
            spend(f"unknown:{address_of(request)}", at)
            raise _unknown("invalid_token")
        owner, scopes = found
        return _admit(request, Caller(owner.reader, owner.language, frozenset(scopes), f"token:{digest}"))


class SignedIn(APIKeyCookie):
    """A session of the screens. What changes needs the CSRF token in `X-CSRFToken`."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below: nobody who is not signed in hears of it

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Who is signed in; nobody where a token was tried, or nothing was sent."""
        if "Authorization" in request.headers or not key:
            return None
        user = request.user
        if not isinstance(user, User) or user.reader.role is None:
            return None
        if request.method not in SAFE and check_csrf(request):
            raise ProblemError(
                DENIED,
                Text("CSRF 토큰이 없거나 맞지 않습니다.", "the CSRF token is missing or wrong."),
            )
        return _admit(request, Caller(user.reader, user.language, BOTH, f"user:{user.pk}"))


def _admit(request: HttpRequest, caller: Caller) -> Caller:
    """Let the caller in: a role, the scope that the method needs, the minute's budget, and a query that we know."""
    if caller.reader.role is None:
        raise _unknown("invalid_token")
    request.auth = caller  # type: ignore[attr-defined] # ninja sets it too, but a refusal below is said in their language
    spend(caller.key, now())
    needed = "read" if request.method in SAFE else "write"
    if needed not in caller.scopes:
        raise ProblemError(
            DENIED,
            Text(f"이 토큰에는 '{needed}' 권한이 없습니다.", f"this token's scopes lack '{needed}'."),
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
        )
    check_names(request, getattr(request, "query_names", set()))
    return caller


def _unknown(error: str = "") -> ProblemError:
    told = f'Bearer realm="bongsu", error="{error}"' if error else 'Bearer realm="bongsu"'
    return ProblemError(
        UNKNOWN_CALLER,
        Text("누가 보낸 요청인지 알 수 없습니다.", "nobody knows who sent this request."),
        headers={"WWW-Authenticate": told},
    )
