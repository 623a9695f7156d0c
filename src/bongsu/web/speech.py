"""In which language a page speaks, and how our texts are said in it."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import lazy

from bongsu.language import Language, Text
from bongsu.people.models import User

CHOSEN = "language"  # the session's key


def spoken() -> Language:
    """The language of this request; Korean where nobody chose."""
    return Language.EN if (translation.get_language() or "ko").startswith("en") else Language.KO


def said(told: object) -> str:
    """A `Text`, a {"ko", "en"} of stored JSON, or anything else as it is, in the language of this request."""
    if isinstance(told, Text):
        return told.to(spoken())
    if isinstance(told, Mapping):
        return str(told.get(spoken().value) or told.get("ko") or told.get("en") or "")
    return "" if told is None else str(told)


def _label(ko: str, en: str) -> str:
    return en if spoken() is Language.EN else ko


_lazy_label = lazy(_label, str)


def label(ko: str, en: str) -> str:
    """A word for a form's field, said when it is shown."""
    return _lazy_label(ko, en)


def language_of(request: HttpRequest) -> str:
    """What was chosen in this session, else what the account says, else what the browser asks for."""
    told = request.session.get(CHOSEN)
    if told in tuple(Language):
        return str(told)
    return request.user.language if isinstance(request.user, User) else translation.get_language_from_request(request)


class LanguageMiddleware:
    """Speaks to whoever asks in their language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
