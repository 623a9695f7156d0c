"""Who may open which page. Every view declares it; a view that does not is found by a test."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_http_methods

from bongsu.language import Text
from bongsu.people.errors import DeniedError
from bongsu.people.models import User
from bongsu.people.roles import Role
from bongsu.web.acting import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
EVERY_ROLE = tuple(Role)

_CLOSED = Text("이 화면은 다른 역할이 쓰는 곳입니다.", "this page is for other roles.")
_CLOSED_MEND = Text("필요하면 관리자에게 역할을 확인하십시오.", "Ask your administrator if you need it.")


def open_to(*roles: Role, methods: str = "GET") -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """The page opens to these roles, by these methods; others are told so, and nobody unknown comes in.

    Args:
        roles: those who may.
        methods: `GET`, `POST` or `GET POST`; HEAD comes with GET.
    """
    allowed = methods.split()

    def declared(view: View[P]) -> Callable[..., HttpResponseBase]:
        @require_http_methods([*allowed, *(["HEAD"] if "GET" in allowed else [])])
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return cast("HttpResponse", redirect_to_login(request.get_full_path()))
            if request.user.reader.role not in roles:
                raise DeniedError(_CLOSED, mend=_CLOSED_MEND)
            return view(cast("Request", request), *args, **kwargs)

        opened.doors = frozenset(roles)  # type: ignore[attr-defined]
        opened.methods = frozenset(allowed)  # type: ignore[attr-defined]
        return opened

    return declared


def open_to_all(methods: str = "GET") -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """The page opens to whoever comes, signed in or not: sign-in, language, set-up."""
    allowed = methods.split()

    def declared(view: View[P]) -> Callable[..., HttpResponseBase]:
        @require_http_methods([*allowed, *(["HEAD"] if "GET" in allowed else [])])
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return view(cast("Request", request), *args, **kwargs)

        opened.doors = None  # type: ignore[attr-defined]
        opened.methods = frozenset(allowed)  # type: ignore[attr-defined]
        return opened

    return declared
