"""Who may open what: `doors.yml` is kept by hand, the routes come from the code, and both must say the same."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from bongsu.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

TABLE: Mapping[str, str] = yaml.safe_load((Path(__file__).parent / "doors.yml").read_text(encoding="utf-8"))
WHO = TABLE["who"].split()
EXPECTED = {door: dict(zip(WHO, told.split(), strict=True)) for door, told in TABLE.items() if door != "who"}
STEPS = {
    "act": "note",
    "account_step": "sessions",
    "report_step": "withdraw",
    "tasking_step": "close_tasking",
    "release_step": "withdraw",
}
WRITTEN_ON_READING = ("people_auditline", "people_audithead", "django_session")
MISSING = {int: 987654, UUID: UUID(int=7), str: "no_such_one"}


def routes() -> Iterator[tuple[str, str, Any]]:
    """Every route of ours with each method that it declares."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        for method in sorted(pattern.callback.methods):  # type: ignore[attr-defined] - a view without it is found here
            yield str(pattern.name), method, pattern


DOORS = {f"{name} {method}": (name, method, pattern) for name, method, pattern in routes()}


def test_the_table_names_every_door_and_no_other() -> None:
    assert sorted(EXPECTED) == sorted(DOORS)


def _arguments(name: str, pattern: URLPattern, rows: Mapping[str, Any]) -> dict[str, Any]:
    own = {**rows, "step": STEPS.get(name)}
    if name in {"report", "report_step"}:
        own["report"] = rows["filed"]
    if name == "first":
        return {"token": "no-such-token"}
    return {each: own[each] for each in pattern.pattern.converters}


def _ask(client: Client, method: str, address: str) -> HttpResponse:
    """Ask, and leave nothing behind."""
    with transaction.atomic():
        answer: Any = client.get(address) if method == "GET" else client.post(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    done: HttpResponse = answer
    return done


def _told(answer: HttpResponse) -> str:
    login = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next=")
    return "in" if login else str(answer.status_code)


def _signed_in(world: SimpleNamespace, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(world.people[who])
    return client


def test_every_door_answers_as_the_table_says_and_looking_changes_nothing(world: SimpleNamespace) -> None:
    found: dict[str, dict[str, str]] = {door: {} for door in DOORS}
    for who in WHO:
        client = _signed_in(world, who)
        for door, (name, method, pattern) in DOORS.items():
            address = reverse(name, kwargs=_arguments(name, pattern, world.rows))
            with CaptureQueriesContext(connection) as asked:
                answer = _ask(client, method, address)
            found[door][who] = _told(answer)
            assert _nothing_inline(answer), (who, door)
            assert method != "GET" or list(_writes(asked)) == [], (who, door)
    assert found == EXPECTED


def _nothing_inline(answer: HttpResponse) -> bool:
    """Does the page hold to its own policy: no script, no style and no handler in the markup?"""
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return True
    return not re.search(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:\ssrc=|application/json))", answer.content.decode()
    )


def _writes(asked: CaptureQueriesContext) -> Iterator[str]:
    """What was written, but for what reading writes: the trail, and the session."""
    for one in asked.captured_queries:
        writes = re.match(r"\s*(INSERT|UPDATE|DELETE)", one["sql"], re.IGNORECASE)
        if writes and not any(table in one["sql"] for table in WRITTEN_ON_READING):
            yield one["sql"]


def _body(answer: HttpResponse, *shown: object) -> str:
    text: str = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    for one in shown:
        text = text.replace(f"/{one}/", "/…/")
    return text


def test_what_somebody_may_not_see_answers_like_what_is_not_there(world: SimpleNamespace) -> None:
    hidden = [(who, door) for door, told in EXPECTED.items() for who in WHO if told[who] == "404"]
    for who, door in hidden:
        client, (name, method, pattern) = _signed_in(world, who), DOORS[door]
        own = _arguments(name, pattern, world.rows)
        if name == "first":
            continue
        gone = {each: value if each == "step" else MISSING[type(value)] for each, value in own.items()}
        there = _ask(client, method, reverse(name, kwargs=own))
        missing = _ask(client, method, reverse(name, kwargs=gone))
        assert (door, missing.status_code) == (door, 404)
        assert _body(there, *own.values()) == _body(missing, *gone.values()), door


def test_a_post_needs_its_token(world: SimpleNamespace) -> None:
    for who in ("centre", "mission", "administrator", "company"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.people[who])
        for door, (name, method, pattern) in DOORS.items():
            if method == "POST":
                answer = _ask(client, method, reverse(name, kwargs=_arguments(name, pattern, world.rows)))
                assert (door, answer.status_code, "reload" in answer.content.decode()) == (door, 403, True)


def test_other_methods_are_refused(world: SimpleNamespace) -> None:
    client = _signed_in(world, "centre")
    declared: dict[str, set[str]] = {}
    for name, method, _ in DOORS.values():
        declared.setdefault(name, set()).add(method)
    for name, method, pattern in DOORS.values():
        for other in {"GET", "POST", "PUT", "DELETE", "PATCH"} - declared[name]:
            address = reverse(name, kwargs=_arguments(name, pattern, world.rows))
            assert (name, other, client.generic(other, address).status_code) == (name, other, 405), method
