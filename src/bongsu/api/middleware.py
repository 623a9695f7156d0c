"""Around every request, the screens' too: its id, its length, a line in the log, its count; under /api/ no answer but ours."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bongsu.api import logs, problems
from bongsu.api.bounds import ROOT, refusal
from bongsu.api.metrics import count
from bongsu.api.problems import MEDIA_TYPE, problem

log = logging.getLogger("bongsu.requests")
HEADER = "X-Request-ID"
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
            answers = partial(_api, self._respond) if request.path.startswith(ROOT) else self._respond
            response = refusal(request) or answers(request)
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
