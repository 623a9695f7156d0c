"""How people come in, where django-allauth asks us: nobody signs up, each failure is counted and written down.

Whoever comes by single sign-on must be somebody an administrator made an account for: found by the sign-in name or the
verified address that the ministry's provider states, once; from then on by the provider's own id for them.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import get_user_by_username
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.people import rules
from bongsu.people.models import User
from bongsu.people.sign_in_trail import note

LOCKED_FOR = 300  # seconds, as ACCOUNT_RATE_LIMITS has it
PRODUCT = "Bongsu"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by password, and what follows every sign-in."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """No: an administrator makes accounts."""
        return False

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:  # noqa: ANN401 - allauth's
        """Somebody is in, both factors proven."""
        response: HttpResponse = super().post_login(request, user, **facts)
        proofs = [one["method"] for one in request.session.get("account_authentication_methods", ())]
        note(request, user, "session.begin", proofs=proofs)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 - allauth's
        """Refuse whoever failed too often, and write that down once."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tried = self._get_login_attempts_cache_key(request, **credentials).encode()
            if cache.add(f"locked:{hashlib.sha256(tried).hexdigest()}", 1, LOCKED_FOR):
                note(request, self._meant(credentials), "session.lock", by_nobody=True)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 - allauth's
        """Write down whom it was tried for, if there is such an account; what was typed could be a password."""
        note(request, self._meant(credentials), "session.fail", by_nobody=True)

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401 - allauth's
        """Failures are counted by account: not by host and port, nor by spelling, which the one who tries may choose."""
        meant = self._meant(credentials)
        return f"account:{meant.pk}" if meant else f"name:{credentials.get('username', '').lower()}"

    @staticmethod
    def _meant(credentials: dict[str, Any]) -> User | None:
        user = get_user_by_username(credentials.get("username", ""))
        return user if isinstance(user, User) else None


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on by OpenID Connect."""

    def is_open_for_signup(self, _request: HttpRequest, _login: SocialLogin) -> bool:
        """No: whoever is unknown here stays outside."""
        return False

    def pre_social_login(self, request: HttpRequest, login: SocialLogin) -> None:
        """Find whose account this is; link it at the first time."""
        if login.state.get("process") == AuthProcess.CONNECT:
            _refuse(request, login)
        if login.is_existing:
            return
        user = _whose(login)
        if user is None:
            _refuse(request, login)
        login.connect(request, user)
        note(request, user, "account.link", provider=login.account.provider)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors. Their secrets are encrypted under the installation's key, not beside it in the database."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was; what another key encrypted is lost, and no code ever fits it."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever needs a second factor keeps one."""
        if not rules.needs_second_factor(authenticator.user) or authenticator.type not in rules.FACTORS:
            return True
        return bool(has_second_factor(authenticator.user, besides=authenticator.pk))

    def _get_site_name(self) -> str:
        return PRODUCT


class UserSessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Sessions that their owner ends."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        """End them, and write it down."""
        super().end_sessions(sessions)
        if sessions:
            note(self.request, sessions[0].user, "session.revoke", sessions=len(sessions))


def has_second_factor(user: User, besides: int | None = None) -> bool:
    """Did they enrol one? Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=rules.FACTORS).exclude(pk=besides).exists())


def _whose(login: SocialLogin) -> User | None:
    """The one open account that the provider's claims name; None where they name none, several, or one that is taken."""
    data = login.account.extra_data
    claims, proven = data.get("userinfo", {}), data.get("id_token", {})
    if claims and proven and claims.get("sub") != proven.get("sub"):
        return None
    claims = {**proven, **claims}
    there: set[User] = set()
    if "username" in settings.OIDC_MATCH and isinstance(claims.get("preferred_username"), str):
        there |= set(User.objects.filter(username__iexact=claims["preferred_username"])[:2])
    if "email" in settings.OIDC_MATCH and claims.get("email") and claims.get("email_verified") is True:
        there |= set(User.objects.filter(email__iexact=claims["email"])[:2])
    taken = SocialAccount.objects.filter(provider=login.account.provider, user__in=there).exists()
    found = there.pop() if len(there) == 1 and not taken else None
    return found if found and found.is_active else None


def _refuse(request: HttpRequest, login: SocialLogin) -> NoReturn:
    note(request, None, "session.refuse", by_nobody=True, provider=login.account.provider)
    raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", status=403))


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
