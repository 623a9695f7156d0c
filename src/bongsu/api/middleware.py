"""Around every request, the screens' too: its id, one line in the log, its count; and under /api/ no answer but ours."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bongsu.api import logs, problems
from bongsu.api.metrics import count
from bongsu.api.problems import MEDIA_TYPE, problem

log = logging.getLogger("bongsu.requests")
HEADER = "X-Request-ID"
ROOT = "/api/"
SPARE = 1 << 20  # what a multipart body needs beside its file
_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
Respond = Callable[[HttpRequest], HttpResponseBase]


class Requests:
    """The outermost middleware."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say in one line that it was done."""
        told = request.headers.get(HEADER, "")
        name = told if _ID.fullmatch(told) else uuid.uuid4().hex
        token, began = logs.request_id.set(name), time.perf_counter()
        try:
            response = _api(self._respond, request) if request.path.startswith(ROOT) else self._respond(request)
            _note(request, response, time.perf_counter() - began)
        finally:
            logs.request_id.reset(token)
        response[HEADER] = name
        return response


def _note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """The log's line and the count, by the route's pattern: addresses hold ids and searches."""
    match = request.resolver_match
    route = f"/{match.route}" if match else "none"
    method = (
        request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
    )
    facts = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1000)}
    log.info("request", extra=facts)
    count(str(method), route, response.status_code, seconds)


def _api(respond: Respond, request: HttpRequest) -> HttpResponseBase:
    """Whatever refuses, Django's own pages included, refuses with a problem document."""
    if _length(request) > settings.MOST_ATTACHMENT + SPARE:
        return problem(request, problems.TOO_LARGE, problems.TOO_LARGE.title)
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    response = respond(request)
    request.method = asked
    kind = problems.OF_STATUS.get(response.status_code)
    if response.status_code >= 400 and not response.get("Content-Type", "").startswith(MEDIA_TYPE):  # noqa: PLR2004 - HTTP's
        kind = kind or problems.UNREADABLE
        kept = {name: value for name, value in response.items() if not name.startswith("Content-")}
        response = problem(request, kind, kind.title, headers=kept)
    return _bare(response) if asked == "HEAD" else response


def _bare(response: HttpResponseBase) -> HttpResponseBase:
    """The answer to HEAD: what GET would say, without its body."""
    if isinstance(response, StreamingHttpResponse):
        response.close()
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""
    return response


def _length(request: HttpRequest) -> int:
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0  # noqa: PLR2004 - digits of a 64-bit number
