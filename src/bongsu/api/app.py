"""The API as a whole: who comes in, how answers are told apart, how refusals are said. Resources stand in `resources`."""

import functools
import hashlib
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bongsu.api import problems
from bongsu.api.callers import BearerToken, SignedIn
from bongsu.api.documents import described
from bongsu.api.parsing import StrictParser
from bongsu.api.problems import ProblemError, problem
from bongsu.api.resources import (
    accounts,
    alerts,
    checks,
    items,
    me,
    missions,
    notices,
    releases,
    reports,
    rota,
    sources,
    taskings,
    tokens,
    trail,
)
from bongsu.api.saying import places
from bongsu.api.sheets import sheet
from bongsu.language import Text
from bongsu.people.errors import RefusedError, StaleError

log = logging.getLogger("bongsu.api")
RESOURCES = (
    me,
    alerts,
    items,
    missions,
    sources,
    taskings,
    reports,
    checks,
    notices,
    releases,
    rota,
    accounts,
    tokens,
    trail,
)
_NOT_FOUND = Text("그런 것이 없습니다.", "there is no such thing.")


class Api(NinjaAPI):
    """Ninja, with our way to answer: entity tags, CSV where it is asked for, and a schema that names its refusals."""

    def create_response(
        self,
        request: HttpRequest,
        data: Any,  # noqa: ANN401 - JSON
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """What was found, with its entity tag; 304 where the caller has it already."""
        if _is_list(data) and request.get_preferred_type(["application/json", "text/csv"]) == "text/csv":
            response = _as_sheet(data)
        else:
            response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if response.status_code >= 300:  # noqa: PLR2004 - what is no success
            return response
        version = data.get("version") if isinstance(data, dict) else None
        digest = hashlib.sha256(response.content).hexdigest()[:16]
        tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
        if request.method in {"GET", "HEAD"} and tag in _tags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        response["ETag"] = tag
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    def get_openapi_schema(self, **facts: Any) -> Any:  # noqa: ANN401 - JSON
        """The schema, with every refusal that an operation may give."""
        return described(super().get_openapi_schema(**facts))


def _is_list(data: object) -> bool:
    return isinstance(data, dict) and data.keys() == {"items", "next"}


def _as_sheet(data: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(sheet(data["items"]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bongsu.csv"'
    if data["next"]:
        response["Link"] = f'<{data["next"]}>; rel="next"'
    return response


def _tags(told: str) -> set[str]:
    """The entity tags of a header; weak ones compare as if they were strong (RFC 9110, 13.1.2)."""
    return {one.strip().removeprefix("W/") for one in told.split(",")}


api = Api(
    title="Bongsu",
    version="1",
    description="봉수 REST API. People's side of Bongsu: alerts, reports, taskings. Errors are problem documents (RFC 9457).",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=[BearerToken(), SignedIn()],
    parser=StrictParser(),
)


def _naming(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the door which query names the operation knows."""
    operation: Any = run.__self__  # type: ignore[attr-defined] # ninja gives the bound method
    names = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }

    @functools.wraps(run)
    def named(request: HttpRequest, **path: Any) -> HttpResponse:  # noqa: ANN401 - ninja's
        request.query_names = names  # type: ignore[attr-defined]
        return run(request, **path)

    return named


api.add_decorator(_naming, mode="view")

Handler = Callable[[HttpRequest, Any], HttpResponse]


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """An action said no. Who named a stale version in If-Match gets HTTP's own word for it."""
    kind = (
        problems.STALE if isinstance(error, StaleError) else problems.OF_STATUS.get(error.status, problems.UNREADABLE)
    )
    errors = [{"where": error.where, "what": error.what.to(problems.language(request))}] if error.where else []
    return problem(request, kind, error.what, mend=error.mend, errors=errors)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = places(error.errors, problems.language(request))
    if any(one["where"] == "header.If-Match" and one["kind"] == "missing" for one in wrong):
        detail = Text("어느 판을 보고 하는 일인지 밝히지 않았습니다.", "which version you saw is not said.")
        return problem(request, problems.VERSION_NEEDED, detail)
    return problem(
        request, problems.INVALID, Text("받을 수 없는 값이 있습니다.", "some values cannot be taken."), errors=wrong
    )


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own refusals. It wraps what our parser raises."""
    if isinstance(error.__cause__, ProblemError):
        return _problem(request, error.__cause__)
    kind = problems.OF_STATUS.get(error.status_code, problems.UNREADABLE)
    return problem(request, kind, kind.title)


def _problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return problem(request, error.kind, error.detail, mend=error.mend, headers=error.headers)


def _nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    detail = Text("누가 보낸 요청인지 알 수 없습니다.", "nobody knows who sent this request.")
    return problem(request, problems.UNKNOWN_CALLER, detail, headers={"WWW-Authenticate": 'Bearer realm="bongsu"'})


def _ours(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw: the log has where, the caller has the request's id."""
    log.error("unexpected", exc_info=error)
    detail = Text(
        "예상하지 못한 오류가 났습니다. 한 일은 없습니다.", "something unexpected happened. Nothing was done."
    )
    return problem(request, problems.OUR_FAULT, detail)


def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("database away", exc_info=error)
    detail = Text("데이터베이스가 응답하지 않습니다.", "the database does not answer.")
    return problem(request, problems.AWAY, detail, headers={"Retry-After": "5"})


def _always(kind: problems.Kind, detail: Text) -> Handler:
    return lambda request, _error: problem(request, kind, detail)


HANDLERS: dict[type[Exception], Handler] = {
    Exception: _ours,
    OperationalError: _away,
    InterfaceError: _away,
    RefusedError: _refused,
    ProblemError: _problem,
    ValidationError: _invalid,
    HttpError: _http,
    AuthenticationError: _nobody,
    Http404: _always(problems.NOT_THERE, _NOT_FOUND),
    RequestDataTooBig: _always(problems.TOO_LARGE, Text("본문이 너무 큽니다.", "the body is too large.")),
    SuspiciousOperation: _always(problems.UNREADABLE, Text("읽을 수 없는 요청입니다.", "the request cannot be read.")),
    MultiPartParserError: _always(
        problems.UNREADABLE, Text("multipart 본문을 읽을 수 없습니다.", "the multipart body cannot be read.")
    ),
    UnreadablePostError: _always(problems.UNREADABLE, Text("본문이 끊겼습니다.", "the body was cut.")),
}
for raised, handler in HANDLERS.items():
    api.add_exception_handler(raised, handler)

for resource in RESOURCES:
    api.add_router("", resource.router)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def get_schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document itself; anybody may read it."""
    return JsonResponse(api.get_openapi_schema(path_prefix=request.path.removesuffix("openapi.json")))
