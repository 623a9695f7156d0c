"""A one-time code opens once. We accept the codes of the steps beside the clock's, so each is remembered that long."""

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache


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


def _once(form: AuthenticateForm, code: str) -> str:
    if form.authenticator.type != Authenticator.Type.TOTP:
        return code
    lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    if not cache.add(f"one-time:{form.user.pk}:{code.replace(' ', '')}", 1, lives):
        raise get_adapter().validation_error("incorrect_code")
    return code
