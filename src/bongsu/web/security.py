"""What every answer carries: nothing from elsewhere may run in our pages, and nobody's browser keeps them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # the second factor's picture is drawn by us, into the page
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _providers() -> tuple[str, ...]:
    """Where a sign-in by the ministry's own provider leads: a form's answer may redirect there and nowhere else."""
    told: dict[str, Any] = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {})
    apps = [app for each in told.values() for app in (*each.get("APPS", ()), each.get("APP", {}))]
    addresses = (urlsplit(str(app.get("settings", {}).get("server_url", ""))) for app in apps)
    return tuple(f"{one.scheme}://{one.netloc}" for one in addresses if one.scheme in {"http", "https"} and one.netloc)


class SecurityMiddleware:
    """Adds the headers; an answer that brings its own policy keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        response = self.get_response(request)
        forms = " ".join(("'self'", *_providers()))
        policy = "; ".join(f"{name} {value}" for name, value in {**_POLICY, "form-action": forms}.items())
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
