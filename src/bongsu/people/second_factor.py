"""Until those who judge or keep the house have proven a second factor here, no page but those that ask for it answers."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from bongsu.language import Language, Text
from bongsu.people import rules
from bongsu.people.models import User
from bongsu.people.sign_in import has_second_factor
from bongsu.people.sign_in_trail import proved_second_factor

_OPEN = frozenset({"account_logout", "account_reauthenticate", "account_change_password", "speak"})
_PROVES = frozenset({"account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "speak"})
_API = "/api/"
_ENROL = Text(
    "이 역할은 이중 인증이 있어야 합니다. 인증 앱이나 패스키를 먼저 등록하십시오.",
    "This role needs a second factor. Enrol an authenticator app or a passkey first.",
)
_PROVE = Text(
    "이 세션은 아직 이중 인증을 거치지 않았습니다. 인증 앱이나 패스키로 확인하십시오.",
    "This session has not proven a second factor yet. Confirm it with your authenticator app or passkey.",
)


class SecondFactorMiddleware:
    """Stands after allauth's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """The way to the enrolment, or to the proof, for whoever must go there first."""
        user = request.user
        if not settings.SECOND_FACTOR or not isinstance(user, User) or not rules.needs_second_factor(user):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if not has_second_factor(user):
            enrols = name in _OPEN or name.startswith("mfa_")
            return None if enrols else _led(request, _ENROL, reverse("mfa_index"))
        if name in _PROVES or proved_second_factor(request, user):
            return None
        back = urlencode({"next": request.path if request.method == "GET" else "/"})
        return _led(request, _PROVE, f"{reverse('mfa_reauthenticate')}?{back}")


def _led(request: HttpRequest, why: Text, to: str) -> HttpResponse:
    if request.path.startswith(_API):
        return HttpResponseForbidden()
    messages.warning(request, why.to(Language.EN if (get_language() or "ko").startswith("en") else Language.KO))
    return HttpResponseRedirect(to)
