"""What no honest client sends: each is refused with a 4xx problem document, and nothing is written."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from bongsu.people.models import User

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def caller(calling: Callable[..., Client], people: dict[str, User]) -> Client:
    return calling(people["administrator"])


def _refused(answer: HttpResponse, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"


BODIES = {
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "nested whole": b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}",
    "not json": b"{",
    "nothing": b"",
    "invalid utf-8": b'{"name": "\xff\xfe"}',
    "utf-16": '{"name": "x"}'.encode("utf-16"),
    "a name twice": b'{"name": "a", "name": "b"}',
    "NaN": b'{"name": NaN}',
    "infinite": b'{"name": 1e999}',
    "a long integer": b'{"name": ' + b"9" * 5000 + b"}",
    "beyond 64 bits": b'{"name": 9223372036854775808}',
    "NUL": b'{"username": "x", "name": "a\\u0000b", "role": "centre"}',
    "half a pair": b'{"username": "x", "name": "\\ud800", "role": "centre"}',
    "half a pair in a name": b'{"\\udfff": "x"}',
    "not an object": b'"text"',
    "a list": b"[]",
    "extra": b'{"username": "x", "name": "x", "role": "centre", "is_superuser": true}',
    "a wrong type": b'{"username": ["x"], "name": {}, "role": 3}',
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
def test_a_hostile_body_is_refused(caller: Client, body: bytes) -> None:
    before = User.objects.count()
    _refused(caller.post("/api/v1/accounts", body, content_type=JSON), 400, 422)
    assert User.objects.count() == before


def test_a_huge_body_is_refused(caller: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    _refused(caller.post("/api/v1/accounts", b'{"name": "' + b"x" * 2000 + b'"}', content_type=JSON), 413)
    _refused(caller.post("/api/v1/accounts", b"{}", content_type=JSON, headers={"Content-Length": str(10**9)}), 413)


QUERIES = [
    "limit=0",
    "limit=201",
    "limit=99999999999999999999",
    "limit=x",
    "cursor=x",
    "cursor=%00",
    "cursor=%ff",
    "cursor=" + "x" * 600,
    "cursor=W10:abc",
    "limit=1&limit=2",
    "unknown=1",
    "actor=9223372036854775808",
    "actor=-1",
    "since=2026-13-01T00:00:00Z",
    "since=2026-01-01",
    "since=2026-01-01T00:00:00",
    "since=0001-01-01T00:00:00%2B23:59",
    "since=9999-12-31T23:59:59-23:59",
    "since=1234567890",
    "since=2026-01-01T00:00:00%2B99:99",
    "kind=%00",
    "ref=%ed%a0%80",
    "act=%27;DROP TABLE",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_hostile_query_is_refused(calling: Callable[..., Client], people: dict[str, User], query: str) -> None:
    _refused(calling(people["auditor"]).get(f"/api/v1/audit-lines?{query}"), 400, 422)


PATHS = [
    "/api/v1/alerts/not-a-uuid",
    "/api/v1/alerts/00000000-0000-0000-0000-000000000000",
    "/api/v1/accounts/9223372036854775808",
    "/api/v1/accounts/99999999999999999999999999",
    "/api/v1/accounts/-1",
    "/api/v1/accounts/%00",
    "/api/v1/items/%00",
    "/api/v1/items/..%2f..%2fetc",
    "/api/v1/items/%ff",
    "/api/v1/missions/%F0%9F%94%A5",
    "/api/v1/attachments/../../etc/passwd",
]


@pytest.mark.parametrize("where", PATHS)
def test_a_hostile_path_is_refused(calling: Callable[..., Client], people: dict[str, User], where: str) -> None:
    _refused(calling(people["centre"]).get(where), 404, 422)


HEADERS = [
    {"Accept": "text/csv;q=x, */*;q=;"},
    {"Accept-Language": "x" * 5000},
    {"Accept-Language": "ko;q=9,en;q=-1"},
    {"If-None-Match": '"' * 500},
    {"X-Request-ID": "a\tb" * 50},
    {"Cookie": "sessionid=" + "x" * 3000},
]


@pytest.mark.parametrize("headers", HEADERS)
def test_a_hostile_header_changes_nothing(caller: Client, headers: dict[str, str]) -> None:
    answer = caller.get("/api/v1/accounts", headers=headers)
    assert answer.status_code == 200
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.parametrize("told", ["", "7", '"x"', '"-1"', '"99999999999999999999"', '"1" "2"', "*"])
def test_a_version_that_is_none_is_refused(calling: Callable[..., Client], world: SimpleNamespace, told: str) -> None:
    caller = calling(world.people["centre"])
    answer = caller.post(
        f"/api/v1/alerts/{world.ids['alert']}/steps/close",
        '{"why": "x"}',
        content_type=JSON,
        headers={"If-Match": told},
    )
    _refused(answer, 422, 428)


def test_a_broken_upload_is_refused(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller = calling(world.people["mission"])
    where = f"/api/v1/reports/{world.ids['report']}/attachments"
    _refused(caller.post(where, b"--x\r\nnothing", content_type="multipart/form-data; boundary=x"), 400, 422)
    _refused(caller.post(where, b"nothing", content_type="multipart/form-data"), 400, 422)
    _refused(caller.post(where, json.dumps({"file": "x"}), content_type=JSON), 400, 415, 422)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\x00.txt"\r\n\r\ntext\r\n--x--\r\n'
    answer = caller.post(where, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in {201, 400, 422}
