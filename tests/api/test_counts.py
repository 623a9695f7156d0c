"""As many queries for 300 rows as for one, in every list and every entry."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bongsu.alerts.models import Alert, AlertEvent, Release, Subscription, Telling
from bongsu.people.models import ApiToken, AuditLine, HandOver, Shift
from bongsu.responses.models import Asked, PastedNotice, Report, ReportEvent, StandingCheck, Tasking

pytestmark = pytest.mark.django_db

READERS = {  # who is shown the most of it
    "list_audit_lines": "auditor",
    "list_accounts": "administrator",
    "get_account": "administrator",
    "list_tokens": "administrator",
    "list_report_kept_aside": "mission",
    "list_attachments": "mission",
    "download_attachment": "mission",
    "get_notice": "mission",
    "list_notices": "mission",
    "list_subscriptions": "centre",
}


def _more(row: Model, numbers: range, **each: Callable[[int], object]) -> None:
    """Rows like `row`, but for what `each` makes of the number."""
    same = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    made = [type(row)(**{**same, **{name: make(number) for name, make in each.items()}}) for number in numbers]
    type(row)._default_manager.bulk_create(made)


def _filled(world: SimpleNamespace, numbers: range) -> None:
    """As many more entries of each kind; what hangs on an entry hangs on the first one."""
    alert, tasking = Alert.objects.get(pk=world.ids["alert"]), Tasking.objects.get(pk=world.ids["tasking"])
    filed, draft = Report.objects.get(pk=world.ids["filed"]), Report.objects.get(pk=world.ids["report"])
    at = alert.raised_at
    _more(alert, numbers, subject=lambda n: f"item_{n}", open_for=lambda n: f"item_{n}")
    note = AlertEvent(of=alert, kind="note", at=at, actor=world.people["centre"], via="web", data={"text": "메모"})
    _more(note, numbers, seq=lambda n: 1000 + n)
    Alert.objects.filter(pk=alert.pk).update(version=1000 + numbers[-1])
    _more(alert.concerns.all()[0], numbers, unit=lambda n: f"mission:m{n}")
    _more(Telling(of=alert, level=3, at=at, seq=1), numbers, unit=lambda n: f"mission:m{n}")
    _more(tasking, numbers)
    _more(Asked(of=tasking), numbers, mission=lambda n: f"m{n}")
    _more(filed, numbers)
    for report in (filed, draft):
        aside = ReportEvent(of=report, kind="kept_aside", at=at, actor=report.author, via="web", data={"content": {}})
        _more(aside, numbers, seq=lambda n: 1000 + n)
    _more(draft.attachments.all()[0], numbers, name=lambda n: f"{n}.txt")
    _more(StandingCheck.objects.all()[0], numbers, item=lambda n: f"item_{n}")
    _more(PastedNotice.objects.all()[0], numbers)
    _more(Shift.objects.all()[0], numbers)
    _more(HandOver.objects.all()[0], numbers)
    release = Release.objects.get(pk=world.ids["release"])
    _more(release, numbers)
    _more(release.events.all()[0], numbers, seq=lambda n: 1000 + n, kind=lambda _: "edit")
    _more(Subscription.objects.all()[0], numbers)
    _more(world.people["duty"], numbers, username=lambda n: f"more{n}")
    _more(ApiToken.objects.all()[0], numbers, digest=lambda n: f"{n:064}")
    _more(AuditLine.objects.all()[0], numbers, seq=lambda n: 100_000 + n)


def _counts(clients: dict[str, Client], world: SimpleNamespace, operations: list[SimpleNamespace]) -> dict[str, int]:
    found = {}
    for operation in operations:
        if operation.method == "get":
            where = operation.path
            for name, value in {**world.ids, "report": _report(operation, world)}.items():
                where = where.replace(f"{{{name}}}", str(value))
            paged = any(one["name"] == "limit" for one in operation.told["parameters"])
            client = clients[READERS.get(operation.id, "centre")]
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(f"{where}?limit=200" if paged else where)
                answer.getvalue()
            assert answer.status_code == 200, operation.id
            found[operation.id] = len(queries)
    return found


def _report(operation: SimpleNamespace, world: SimpleNamespace) -> UUID:
    return UUID(str(world.ids["report" if READERS.get(operation.id) == "mission" else "filed"]))


def test_queries_do_not_grow_with_rows(
    calling: Callable[..., Client], world: SimpleNamespace, operations: list[SimpleNamespace]
) -> None:
    clients = {who: calling(world.people[who]) for who in ("centre", "mission", "auditor", "administrator")}
    _counts(clients, world, operations)  # what is looked up once a process is looked up
    one = _counts(clients, world, operations)
    for rows, numbers in ((3, range(1, 3)), (300, range(3, 300))):
        _filled(world, numbers)
        assert _counts(clients, world, operations) == one, rows
    assert max(one.values()) <= 18
