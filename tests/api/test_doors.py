"""Every operation for every role, own and foreign mission, and nobody; what is expected stands in doors.yml, by hand."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.django_db
TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "doors.yml").read_text(encoding="utf-8"))
EVERYBODY = (*TABLE["who"], "nobody")

BODIES: dict[str, Any] = {
    "add_account": {"username": "new", "name": "새 사람", "role": "centre"},
    "change_account": {"language": "en"},
    "plan_shift": {"officer": "duty", "starts": "2026-12-01T00:00:00Z", "ends": "2026-12-02T00:00:00Z"},
    "give_watch": {"takes": "duty", "note": "조용했다"},
    "supersede_alert": {"into": "other_alert", "why": "같은 일"},
    "merge_alert": {"into": "other_alert", "why": "같은 일"},
    "override_alert": {"level": 4, "why": "현지 확인"},
    "assign_alert": {"owner": "duty"},
    "tick_alert": {"entry": "read_evidence"},
    "untick_alert": {"entry": "read_evidence"},
    "note_alert": {"text": "메모"},
    "ask_missions": {"question": "줄었는가?", "missions": ["chn_beijing"], "deadline": "2026-12-01T00:00:00Z"},
    "begin_report": {"title": "보고"},
    "save_report": {"title": "고친 제목"},
    "take_tip": {
        "origin": "firm",
        "source_name": "상사",
        "title": "제보",
        "body": "들었다",
        "place": "CHN",
        "observed_on": "2026-11-20",
    },
    "review_report": {"reliability": "B", "credibility": 2},
    "paste_notice": {"text": "关于尿素出口检验的公告", "country": "CHN"},
}
# Which entry a step is tried on, where the first one of its kind is not yet, or no longer, there for it.
ON = {
    "triage_alert": {"alert": "other_alert"},
    **{name: {"report": "filed"} for name in ("review_report", "return_report")},
    **{
        name: {"report": "reviewed"}
        for name in ("get_report", "get_report_timeline", "list_report_uses", "withdraw_report")
    },
}


def _body(operation: SimpleNamespace, world: Any) -> dict[str, Any]:
    told = dict(BODIES.get(operation.id, {"why": "까닭"}))
    for name in ("into",):
        if name in told:
            told[name] = str(world.ids[told[name]])
    for name in ("officer", "takes", "owner"):
        if name in told:
            told[name] = world.people[told[name]].pk
    return told


def ask(client: Client, operation: SimpleNamespace, world: Any, ids: dict[str, Any]) -> HttpResponse:
    path = operation.path
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", str(value))
    if operation.method == "get":
        return client.get(path)
    headers = {"If-Match": f'"{_version(operation, ids)}"'}
    if operation.id == "attach_file":
        from django.core.files.uploadedfile import SimpleUploadedFile

        return client.post(path, {"file": SimpleUploadedFile("a.txt", b"text")}, headers=headers)
    body = _body(operation, world) if "requestBody" in operation.told else None
    return client.generic(
        operation.method.upper(),
        path,
        json.dumps(body) if body is not None else "",
        "application/json",
        headers=headers,
    )


def _version(operation: SimpleNamespace, ids: dict[str, Any]) -> int:
    from bongsu.alerts.models import Alert
    from bongsu.responses.models import Report, Tasking

    for name, model in (("alert", Alert), ("report", Report), ("tasking", Tasking)):
        if f"{{{name}}}" in operation.path:
            row = model.objects.filter(pk=ids[name]).first()
            return row.version if row else 1
    return 1


def _tried(client: Client, operation: SimpleNamespace, world: Any, ids: dict[str, Any]) -> HttpResponse:
    """What is answered; what was done is undone."""
    with transaction.atomic():
        answer = ask(client, operation, world, ids)
        answer.getvalue()
        transaction.set_rollback(True)
    return answer


def test_every_operation_answers_each_caller_as_the_table_says(
    calling: Any, world: Any, operations: list[SimpleNamespace]
) -> None:
    clients = {who: calling(world.people[who]) for who in TABLE["who"]} | {"nobody": Client()}
    found = {
        operation.id: [
            _tried(client, operation, world, _ids(operation, world)).status_code for client in clients.values()
        ]
        for operation in operations
    }
    import json as j

    Path("/tmp/api-doors.json").write_text(j.dumps(found))
    assert found == TABLE["operations"]


def _ids(operation: SimpleNamespace, world: Any) -> dict[str, Any]:
    return {**world.ids, **{name: world.ids[other] for name, other in ON.get(operation.id, {}).items()}}
