"""Pages of lists: nothing is repeated or lost while rows are added; CSV holds no formula."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.api.pages import page
from bongsu.api.shapes import Paged
from bongsu.api.sheets import BYTE_ORDER_MARK, cell, sheet
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")', "\u200b=1")


def _walk(client: Client, where: str, between: Callable[[], Any] = lambda: None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    following: str | None = where
    while following:
        told = client.get(following).json()
        rows += told["items"]
        following = told["next"]
        between()
    return rows


def test_pages_hold_every_row_once_while_rows_are_added(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    for number in range(7):
        world.alert(f"item_{number}")
    caller = calling(world.people["centre"])
    there = [row["id"] for row in _walk(caller, "/api/v1/alerts?limit=200")]
    assert len(there) == 9
    numbers = iter(range(100, 200))
    walked = [
        row["id"] for row in _walk(caller, "/api/v1/alerts?limit=2", lambda: world.alert(f"item_{next(numbers)}"))
    ]
    assert len(walked) == len(set(walked))
    assert [one for one in walked if one in there] == there


def test_pages_of_a_past_list_are_whole_too(calling: Callable[..., Client], world: SimpleNamespace) -> None:
    for number in range(5):
        world.alert(f"item_{number}")
    caller = calling(world.people["centre"])
    where = "/api/v1/alerts?as_of=2026-11-22T03:00:00Z&limit="
    assert _walk(caller, f"{where}2") == _walk(caller, f"{where}200")


def test_a_page_keeps_its_filters_and_its_cursor_is_good_for_its_list_only(
    calling: Callable[..., Client], world: SimpleNamespace
) -> None:
    caller = calling(world.people["centre"])
    world.alert("copper")
    following = caller.get("/api/v1/alerts?state=raised&limit=1").json()["next"]
    assert "state=raised" in following
    assert {row["state"] for row in caller.get(following).json()["items"]} == {"raised"}
    cursor = following.split("cursor=")[1].split("&")[0]
    assert caller.get(f"/api/v1/taskings?cursor={cursor}").status_code == 422
    assert caller.get(f"/api/v1/alerts?cursor={cursor}x").status_code == 422


@given(
    moments=st.lists(st.tuples(st.integers(0, 3), st.uuids()), unique_by=lambda one: one[1]), limit=st.integers(1, 5)
)
@settings(max_examples=60, deadline=None)
def test_any_rows_are_walked_once_in_order(moments: list[tuple[int, UUID]], limit: int) -> None:
    rows = [SimpleNamespace(at=MOMENT + timedelta(days=day), id=id_) for day, id_ in moments]
    walked, cursor = [], None
    while True:
        request = RequestFactory().get("/list", {"cursor": cursor} if cursor else {})
        told = page(request, rows, Paged(cursor=cursor, limit=limit), order=("-at", "id"))
        walked += told["items"]
        if told["next"] is None:
            break
        cursor = parse_qs(urlsplit(told["next"]).query)["cursor"][0]
    assert walked == sorted(rows, key=lambda row: (-row.at.timestamp(), row.id))


@pytest.mark.parametrize("told", FORMULAS)
def test_no_cell_is_a_formula(told: str) -> None:
    assert cell(told) == f"'{told}"


def test_a_cell_keeps_what_is_no_formula() -> None:
    assert [cell(one) for one in ("요소", "a=b", 3, -2.5, None, True, ["=1"], MOMENT)] == [
        *("요소", "a=b", 3, -2.5, "", "true", '["=1"]', "2026-11-22T03:00:00+00:00"),
    ]


def test_a_list_is_had_as_csv(calling: Callable[..., Client], person: Callable[..., Any]) -> None:
    administrator = person(Role.ADMINISTRATOR, name="=cmd|'/c calc'!A1")
    answer = calling(administrator).get("/api/v1/accounts?limit=1", headers={"Accept": "text/csv"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert text.startswith(BYTE_ORDER_MARK)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))
    assert rows[0]["name"] == "'=cmd|'/c calc'!A1"
    person(Role.CENTRE)
    following = calling(administrator).get("/api/v1/accounts?limit=1", headers={"Accept": "text/csv"})["Link"]
    assert following.endswith('>; rel="next"')


def test_texts_in_two_languages_are_two_columns() -> None:
    assert sheet([{"name": {"ko": "요소", "en": "urea"}}]).splitlines() == [
        f"{BYTE_ORDER_MARK}name.ko,name.en",
        "요소,urea",
    ]


def test_an_entry_is_never_csv(calling: Callable[..., Client], person: Callable[..., Any]) -> None:
    answer = calling(person(Role.CENTRE)).get("/api/v1/me", headers={"Accept": "text/csv"})
    assert answer["Content-Type"].startswith("application/json")
