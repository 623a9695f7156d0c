"""Health, metrics and logs: for whoever keeps it running; no personal data in any of them."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from bongsu.alerts.models import Cycle, Job
from bongsu.api import health
from bongsu.api.logs import JsonLines, request_id
from bongsu.people.models import User
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db


def test_alive_asks_nothing_of_anything_else(client: Client, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"ok": True}
    assert client.post("/healthz").status_code == 405


def test_ready_says_no_more_than_that_to_who_is_nobody(
    client: Client, calling: Callable[..., Client], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").json() == calling(people["centre"]).get("/readyz").json() == {"ready": True}
    told = calling(people["administrator"]).get("/readyz").json()
    assert told["checks"] == {"database": True, "migrations": True, "lake": True}
    assert told["watch"] == {"last": None, "age_seconds": None}
    monkeypatch.setattr(health, "_migrated", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_a_database_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(health.connection, "cursor", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_a_lake_that_cannot_be_read_is_not_ready(client: Client, settings: Settings) -> None:
    settings.LAKE.write_text("no folder")
    assert client.get("/readyz").status_code == 503
    settings.LAKE = settings.LAKE.parent / "none" / "lake"
    assert client.get("/readyz").status_code == 503


def _metrics(client: Client, **headers: str) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_metrics_count_what_stands(
    calling: Callable[..., Client], world: SimpleNamespace, client: Client, settings: Settings
) -> None:
    at = world.by("centre").at
    Cycle.objects.create(
        moment=at, run_id="x", started_at=at - timedelta(minutes=9), finished_at=at - timedelta(minutes=5)
    )
    Job.objects.create(name="watch", due_at=at - timedelta(seconds=30))
    caller = calling(world.people["administrator"])
    caller.get(f"/api/v1/accounts/{world.people['administrator'].pk}")
    told = _metrics(caller)
    assert told["bongsu_alerts", "3", "issued"] == told["bongsu_alerts", "3", "raised"] == 1
    assert told["bongsu_watch_age_seconds",] == 300
    assert told["bongsu_job_late_seconds", "watch"] == 30
    assert told["bongsu_waiting", "statements"] == 1
    assert told["bongsu_requests_total", "GET", "/api/v1/accounts/<account>", "200"] >= 1
    assert client.get("/metrics").status_code == 401
    assert calling(world.people["centre"]).get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "a token of the installation"  # noqa: S105 - a test's
    assert _metrics(client, Authorization="Bearer a token of the installation")
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401


def test_metrics_name_routes_and_never_addresses(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    caller = calling(world.people["administrator"])
    caller.get(f"/api/v1/alerts/{world.ids['alert']}")
    caller.get("/api/v1/nowhere/secret-word")
    caller.generic("BREW", "/api/v1/me")
    told = caller.get("/metrics").content.decode()
    assert str(world.ids["alert"]) not in told
    assert "secret-word" not in told
    assert "BREW" not in told


def test_a_request_is_one_line_without_personal_data(
    calling: Callable[..., Client], person: Callable[..., User], caplog: pytest.LogCaptureFixture
) -> None:
    caller = calling(person(Role.ADMINISTRATOR, name="김철수"))
    with caplog.at_level(logging.INFO, logger="bongsu.requests"):
        answer = caller.get("/api/v1/accounts?cursor=secret", headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    (record,) = [one for one in caplog.records if one.name == "bongsu.requests"]
    line = json.loads(JsonLines().format(record))
    assert line.pop("at")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "logger": "bongsu.requests",
        "said": "request",
        "method": "GET",
        "route": "/api/v1/accounts",
        "status": 422,
    }


def test_a_failure_is_logged_by_its_place_and_not_by_its_words() -> None:
    token = request_id.set("abc")
    with pytest.raises(ValueError, match="비밀") as raised:
        raise ValueError("김철수의 비밀")
    facts = {"name": "bongsu.api", "level": logging.ERROR, "pathname": "", "lineno": 1, "args": ()}
    record = logging.LogRecord(**facts, msg="unexpected", exc_info=(ValueError, raised.value, raised.tb))
    line = json.loads(JsonLines().format(record))
    request_id.reset(token)
    assert (line["raised"], line["request"]) == ("builtins.ValueError", "abc")
    assert line["where"][0].startswith("test_health.py:")
    assert "김철수" not in json.dumps(line, ensure_ascii=False)


def test_of_others_loggers_only_the_sentence_is_kept() -> None:
    facts = {"level": logging.ERROR, "pathname": "", "lineno": 1, "exc_info": None}
    record = logging.LogRecord(name="django.request", msg="Not Found: %s", args=("/김철수",), **facts)
    assert json.loads(JsonLines().format(record))["said"] == "Not Found: %s"
