"""The forms of second factors, held tighter than allauth's.

A one-time code opens once: codes of the steps beside the clock's are accepted too, so each is remembered that long.
What a passkey's answer holds is the sender's choice: nonsense is a wrong answer, not a fault of ours.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.cache import cache

# What reading a structure that is none runs into, in allauth and in the FIDO library.
_NONSENSE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError)


class Authenticate(AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""

    def clean_code(self) -> str:
        """The code, if it is right and was not used."""
        return _once(self, super().clean_code())


class Reauthenticate(ReauthenticateForm):  # type: ignore[misc]
    """The second factor before something delicate."""

    def clean_code(self) -> str:
        """The code, if it is right and was not used."""
        return _once(self, super().clean_code())


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey to be enrolled."""

    def clean(self) -> dict[str, Any]:
        """What was entered, if the key's answer is one."""
        told: dict[str, Any] = _sound(super().clean)
        return told


class EnterByPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    """Sign-in by passkey alone."""

    def clean_credential(self) -> Authenticator:
        """The key that answered."""
        return _sound(super().clean_credential)


class AuthenticateByPasskey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as second factor."""

    def clean_credential(self) -> Authenticator:
        """The key that answered."""
        return _sound(super().clean_credential)


class ReauthenticateByPasskey(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before something delicate."""

    def clean_credential(self) -> Authenticator:
        """The key that answered."""
        return _sound(super().clean_credential)


def _once(form: AuthenticateForm, code: str) -> str:
    if form.authenticator.type != Authenticator.Type.TOTP:
        return code
    lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    if not cache.add(f"one-time:{form.user.pk}:{''.join(code.split())}", 1, lives):
        raise get_adapter().validation_error("incorrect_code")
    return code


def _sound(clean: Callable[[], Any]) -> Any:  # noqa: ANN401 - as the form's own
    try:
        return clean()
    except _NONSENSE:
        raise get_adapter().validation_error("incorrect_code") from None
