"""As many queries for 300 rows as for one, in every list and every entry."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bongsu.alerts import actions as alert_actions
from bongsu.people.models import User
from bongsu.people.roles import Role
from bongsu.responses import actions
from bongsu.responses.models import PastedNotice

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


def _filled(world: SimpleNamespace, number: int) -> None:
    """One more entry of each kind; what hangs on an entry hangs on the first one."""

    world.alert(f"item_{number}")
    world.tasking(alert=world.ids["alert"])
    world.report(state="filed", alert=world.ids["alert"])
    world.check(f"item_{number}")
    world.shift(number + 1)
    world.hand_over()
    world.release(world.ids["alert"])
    alert_actions.note(by=world.by("centre"), alert=world.ids["alert"], text="메모")
    user = User(username=f"new{number}", name=f"사람 {number}", role=Role.CENTRE, joined_at=world.by("centre").at)
    user.save()
    author = world.people["mission"]
    PastedNotice.objects.create(mission="chn_beijing", author=author, at=world.by("mission").at, text="공고", answer={})
    if number < 15:
        content = f"공고 {number}".encode()
        actions.attach(by=world.by("mission"), report=world.ids["report"], name=f"{number}.txt", content=content)
        actions.save_draft(by=world.by("mission"), report=world.ids["report"], title=f"제목 {number}")


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
    done = 0
    for rows in (3, 300):
        while done < rows:
            _filled(world, done)
            done += 1
        assert _counts(clients, world, operations) == one, rows
    assert max(one.values()) <= 16
