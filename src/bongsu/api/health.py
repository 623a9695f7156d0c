"""Is it alive, is it ready, and what does it count: for whoever keeps it running, not for officers."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bongsu.api.callers import BearerToken, SignedIn
from bongsu.api.problems import ProblemError
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
    if checks["database"] and _keeps(request):
        said["checks"] = checks
    return JsonResponse(said, status=200 if ready else 503)


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


def _keeps(request: HttpRequest) -> bool:
    """Is it an administrator, or the bearer of the installation's own metrics token?"""
    told = request.headers.get("Authorization", "")
    secret = settings.METRICS_TOKEN
    if secret and hmac.compare_digest(told.encode(), f"Bearer {secret}".encode()):
        return True
    try:
        caller = BearerToken()(request) or SignedIn()(request)
    except ProblemError:
        return False
    return caller is not None and caller.reader.role is Role.ADMINISTRATOR


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
