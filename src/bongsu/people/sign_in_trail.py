"""The audit lines of coming in and going out: what allauth tells of by its signals, and what our adapters note."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from bongsu.people import rules
from bongsu.people.audit import write_line
from bongsu.people.models import User
from bongsu.people.reader import NOBODY, Actor

_ENROLLED = "people_enrolled_factor"  # in the session that enrolled a factor: whose it is


def note(request: HttpRequest, user: User | None, act: str, *, by_nobody: bool = False, **details: Any) -> None:  # noqa: ANN401 - JSON
    """Write what happened to an account at the door.

    Args:
        request: after our middleware: it knows its moment.
        user: whose account; None: nobody's.
        act: `session.begin`.
        by_nobody: it was not shown that the account's owner did it.
        details: JSON, no secrets.
    """
    reader = NOBODY if by_nobody or user is None else user.reader
    at = request.now  # type: ignore[attr-defined]
    by = Actor(reader=reader, at=at, address=get_adapter().get_client_ip(request), via="web")
    write_line(by, act, "account", user.pk if user else "", **details)


def connect() -> None:
    """Listen; called once, when the app is ready."""
    mfa.authenticator_added.connect(_added, dispatch_uid="people")
    mfa.authenticator_removed.connect(_removed, dispatch_uid="people")
    mfa.authenticator_reset.connect(_reset, dispatch_uid="people")
    mfa.authentication_failed.connect(_failed, dispatch_uid="people")
    password_changed.connect(_password, dispatch_uid="people")
    user_logged_out.connect(_out, dispatch_uid="people")


def proved_second_factor(request: HttpRequest, user: User) -> bool:
    """Did this very session prove a second factor, or enrol one itself? A password alone opened it otherwise."""
    proofs = {one["method"] for one in get_authentication_records(request, user)}
    return "mfa" in proofs or request.session.get(_ENROLLED) == user.pk


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: object) -> None:
    """The first factor ends the sessions that a password alone had opened elsewhere."""
    told: dict[str, Any] = {}
    if authenticator.type in rules.FACTORS:
        request.session[_ENROLLED] = user.pk
        request.session.save()  # told on commit, which may come after the answer
        factors = Authenticator.objects.filter(user=user, type__in=rules.FACTORS)
        if not factors.exclude(pk=authenticator.pk).exists():
            told = {"sessions": _end_others(request, user)}
    note(request, user, "factor.add", factor=authenticator.type, **told)


def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: object) -> None:
    note(request, user, "factor.remove", factor=authenticator.type)


def _reset(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: object) -> None:
    note(request, user, "factor.reset", factor=authenticator.type)


def _failed(request: HttpRequest, user: User, authenticator: Authenticator, **_rest: object) -> None:
    note(request, user, "factor.fail", by_nobody=True, factor=authenticator.type)


def _password(request: HttpRequest, user: User, **_rest: object) -> None:
    """Whoever changes their password is in at one place: here."""
    note(request, user, "account.own_password", sessions=_end_others(request, user))


def _end_others(request: HttpRequest, user: User) -> int:
    """End every session of theirs but this one; how many there were."""
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    there = [session for session in others if session.exists()]  # the own one may just have changed its key
    for session in others:
        session.end()
    return len(there)


def _out(request: HttpRequest, user: User | None, **_rest: object) -> None:
    if user is not None:
        note(request, user, "session.end")
