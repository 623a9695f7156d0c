"""Every operation for every role, own and foreign mission, and nobody; what is expected stands in doors.yml, by hand."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from bongsu.alerts.models import Alert, Release
from bongsu.responses.models import Report, Tasking

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
    "draft_release": {"alert": "alert", "title_ko": "제목"},
    "edit_release": {"title_ko": "고친 제목"},
    "subscribe": {"items": ["urea"], "owner": "company"},
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
    "get_release": {"release": "approved"},
    "triage_alert": {"alert": "other_alert"},
    **{name: {"report": "filed"} for name in ("review_report", "return_report")},
    **{
        name: {"report": "reviewed"}
        for name in ("get_report", "get_report_timeline", "list_report_uses", "withdraw_report")
    },
}


def _body(operation: SimpleNamespace, world: SimpleNamespace) -> dict[str, Any]:
    told = dict(BODIES.get(operation.id, {"why": "까닭"}))
    for name in {"into", "alert"} & set(told):
        told[name] = str(world.ids[told[name]])
    for name in ("officer", "takes", "owner"):
        if name in told:
            told[name] = world.people[told[name]].pk
    return told


def ask(client: Client, operation: SimpleNamespace, world: SimpleNamespace, ids: dict[str, Any]) -> HttpResponse:
    path = operation.path
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", str(value))
    if operation.method == "get":
        return client.get(path)
    headers = {"If-Match": f'"{_version(operation, ids)}"'}
    if operation.id == "attach_file":
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
    for name, model in (("alert", Alert), ("report", Report), ("tasking", Tasking), ("release", Release)):
        if f"{{{name}}}" in operation.path:
            row = model.objects.filter(pk=ids[name]).first()
            return row.version if row else 1
    return 1


def _tried(client: Client, operation: SimpleNamespace, world: SimpleNamespace, ids: dict[str, Any]) -> HttpResponse:
    """What is answered; what was done is undone."""
    with transaction.atomic():
        answer = ask(client, operation, world, ids)
        answer.getvalue()
        transaction.set_rollback(True)
    return answer


def test_every_operation_answers_each_caller_as_the_table_says(
    calling: Callable[..., Client], world: SimpleNamespace, operations: list[SimpleNamespace]
) -> None:
    clients = {who: calling(world.people[who]) for who in TABLE["who"]} | {"nobody": Client()}
    found = {
        operation.id: [
            _tried(client, operation, world, _ids(operation, world)).status_code for client in clients.values()
        ]
        for operation in operations
    }

    assert found == TABLE["operations"]


def _ids(operation: SimpleNamespace, world: SimpleNamespace) -> dict[str, Any]:
    return {**world.ids, **{name: world.ids[other] for name, other in ON.get(operation.id, {}).items()}}


def test_anothers_entry_is_answered_like_a_missing_one(
    calling: Callable[..., Client], world: SimpleNamespace, operations: list[SimpleNamespace]
) -> None:
    client = calling(world.people["other_mission"])
    missing = {name: _missing(value) for name, value in world.ids.items()}
    for operation in operations:
        if "{" in operation.path and "404" in map(str, operation.told["responses"]):
            ids = _ids(operation, world)
            there, not_there = _tried(client, operation, world, ids), _tried(client, operation, world, missing)
            if there.status_code == 404:
                assert _plain(there, ids) == _plain(not_there, missing), operation.id


def _missing(value: object) -> object:
    if isinstance(value, int):
        return 2**40
    return "none" if isinstance(value, str) else uuid4()


def _plain(answer: HttpResponse, ids: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
    text = answer.content.decode()
    for value in ids.values():
        text = re.sub(rf"/{value}(?![\w-])", "/id", text)
    kept = {name: value for name, value in answer.items() if name not in {"X-Request-ID", "Content-Length"}}
    return answer.status_code, text, kept


def test_nobody_reaches_more_than_health_and_the_schema(client: Client) -> None:
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/api/v1/openapi.json")] == [200, 200, 200]
    assert client.get("/readyz").json() == {"ready": True}
    assert client.get("/metrics").status_code == 401
