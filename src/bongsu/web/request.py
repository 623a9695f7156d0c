"""What a request gets before a view sees it: its moment, its clock's zone, and refusals said as pages."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bongsu.people.errors import RefusedError
from bongsu.people.models import User
from bongsu.web.clock import read_clock

HOME_ZONE = "Asia/Seoul"


class MomentMiddleware:
    """Reads the clock once, shows times on the clock of whoever looks, and answers what was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        request.now = read_clock()  # type: ignore[attr-defined]
        with timezone.override(_zone(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says why something was not done, and what to do instead."""
        if not isinstance(error, RefusedError):
            return None
        return render(request, "refused.html", {"error": error}, status=error.status)


def _zone(request: HttpRequest) -> ZoneInfo:
    told = request.user.zone if isinstance(request.user, User) else HOME_ZONE
    try:
        return ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(HOME_ZONE)
