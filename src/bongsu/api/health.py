"""Is it alive, is it ready, and what does it count: for whoever keeps it running, not for officers."""

import hmac
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

from bongsu.alerts.turns import last_turn
from bongsu.api.callers import BearerToken, SignedIn
from bongsu.api.clock import now
from bongsu.api.gauges import gauges
from bongsu.api.metrics import written
from bongsu.api.problems import DENIED, UNKNOWN_CALLER, ProblemError, problem
from bongsu.people.reader import task
from bongsu.people.roles import Role

Checks = dict[str, bool]


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of anything else: a database that is away is no reason to restart it."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Can it serve? Which part cannot is told to administrators only."""
    checks = _checks()
    ready = all(checks.values())
    said: dict[str, object] = {"ready": ready}
    if checks["database"] and checks["migrations"] and _keeps(request) == HTTPStatus.OK:
        said |= {"checks": checks, "watch": _watch()}
    return JsonResponse(said, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads: with an administrator's token, or with the installation's own."""
    status = _keeps(request)
    if status != HTTPStatus.OK:
        kind = UNKNOWN_CALLER if status == HTTPStatus.UNAUTHORIZED else DENIED
        return problem(request, kind, kind.title, headers={"WWW-Authenticate": 'Bearer realm="bongsu"'})
    return HttpResponse(written(gauges(now())), content_type=CONTENT_TYPE)


def _watch() -> dict[str, object]:
    """When the watch last looked. It is told, but does not decide: officers must come in while the watch stands still."""
    at = now()
    turn = last_turn(task(at).reader)
    last = turn.last.finished_at if turn and turn.last else None
    return {"last": last, "age_seconds": (at - last).total_seconds() if last else None}


def _checks() -> Checks:
    checks = {"database": _database(), "migrations": False, "lake": _lake()}
    if checks["database"]:
        checks["migrations"] = _migrated()
    return checks


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _lake() -> bool:
    """Its folder can be listed. An empty one is read as "nothing yet", not as a fault."""
    try:
        next(settings.LAKE.iterdir(), None)
    except FileNotFoundError:
        return settings.LAKE.parent.is_dir()
    except OSError:
        return False
    return True


def _keeps(request: HttpRequest) -> HTTPStatus:
    """Is it an administrator, or the bearer of the installation's own metrics token? OK, UNAUTHORIZED or FORBIDDEN."""
    told = request.headers.get("Authorization", "")
    secret = settings.METRICS_TOKEN
    if secret and hmac.compare_digest(told.encode("utf-8", "replace"), f"Bearer {secret}".encode()):
        return HTTPStatus.OK
    try:
        caller = BearerToken()(request) or SignedIn()(request)
    except ProblemError as error:
        return HTTPStatus.UNAUTHORIZED if error.kind is UNKNOWN_CALLER else HTTPStatus.FORBIDDEN
    if caller is None:
        return HTTPStatus.UNAUTHORIZED
    return HTTPStatus.OK if caller.reader.role is Role.ADMINISTRATOR else HTTPStatus.FORBIDDEN


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
