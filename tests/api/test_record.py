"""What the API tells from the lake: official alerts beside an alert, and how the sources stand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.alerts.actions import raise_alert
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import AuditLine
from bongsu.people.reader import task
from bongsu.people.roles import Role
from bongsu.records.lake import Lake
from bongsu.sources.due import STATES, State
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import HERE, sources

pytestmark = pytest.mark.django_db
SOURCE = "official_alerts_table"
ALERTS = HERE / SOURCE / "samples" / "alerts.csv"
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
OFFICIAL = {
    *("jurisdiction", "law", "issuer", "topic", "stage", "stands", "stands_name", "since", "until", "ended_on"),
    *("items", "hs_codes", "areas", "published", "known_at", "citation", "refs"),
}


@pytest.fixture
def lake(settings: Settings) -> None:
    """The floor's lake, with what authorities have declared."""
    made = Lake(settings.LAKE)
    fetch(made, sources()[SOURCE], [str(ALERTS)], Given(), read_at=READ_AT, run_id="t")
    made.close()


@pytest.fixture
def centre(calling: Callable[..., Client], world: SimpleNamespace) -> Client:
    return calling(world.people["centre"])


def _official(client: Client, alert: object, **asked: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/alerts/{alert}/official", asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.usefixtures("lake")
def test_official_alerts_stand_beside_an_alert(centre: Client, world: SimpleNamespace) -> None:
    told = _official(centre, world.ids["alert"])
    assert (told["record"], told["why"], len(told["alerts"])) == ("declared", None, 1)
    one = told["alerts"][0]
    assert one.keys() == OFFICIAL
    assert (one["stage"], one["stands"], one["stands_name"]) == ("stage 2", "ended", {"ko": "해제됨", "en": "ended"})
    assert (one["since"], one["ended_on"], one["items"]) == ("2021-11-09", "2021-12-20", ["urea"])
    assert [(ref["record"], ref["key"]["event"]) for ref in one["refs"]] == [
        ("official_alert", "declared"),
        ("official_alert", "ended"),
    ]
    assert AuditLine.objects.filter(kind="alert", ref=str(world.ids["alert"]), act__contains="read").count() == 1


@pytest.mark.usefixtures("lake")
def test_official_alerts_are_told_as_of_a_moment(calling: Callable[..., Client], people: dict[str, Any]) -> None:
    centre = calling(people["centre"])
    facts = {"warning": {"subject": "urea"}, "level": 3, "grade": Grade.O, "tlp": Tlp.GREEN, "concerns": []}
    alert = raise_alert(by=task(datetime(2021, 11, 1, tzinfo=UTC)), **facts).pk
    found = [
        _official(centre, alert, as_of=moment) for moment in ("2021-11-02T08:00:00+00:00", "2021-11-10T00:00:00+00:00")
    ]
    assert [(one["record"], [each["stands"] for each in one["alerts"]]) for one in found] == [
        ("none", []),
        ("declared", ["standing"]),
    ]
    early = centre.get(f"/api/v1/alerts/{alert}/official", {"as_of": "2021-10-01T00:00:00+00:00"})
    assert early.status_code == 404  # the alert itself was not there


@pytest.mark.usefixtures("lake")
def test_why_nothing_is_told(centre: Client, world: SimpleNamespace, settings: Settings) -> None:
    found = [_official(centre, world.alert("no_such_item")), _official(centre, world.ids["other_alert"])]
    for log in (settings.LAKE / "journal" / "_delta_log").glob("*.json"):
        log.write_text("no journal", encoding="utf-8")
    found.append(_official(centre, world.ids["other_alert"]))
    assert [(one["record"], one["alerts"]) for one in found] == [("unknown", []), ("none", []), ("unreadable", [])]
    assert len({one["why"]["en"] for one in found}) == 3


@pytest.mark.usefixtures("lake")
def test_every_source_is_told_as_it_stands(centre: Client) -> None:
    found = centre.get("/api/v1/sources", {"limit": 200}).json()["items"]
    assert [one["id"] for one in found] == sorted(sources())
    by_id = {one["id"]: one for one in found}
    read = by_id[SOURCE]
    assert (read["state"], datetime.fromisoformat(read["last_read"])) == ("by_hand", READ_AT)
    assert {one["state"] for one in found} <= set(State)
    assert all(one["state_name"]["ko"] == STATES[State(one["state"])].ko and one["why"]["ko"] for one in found)


def test_sources_are_chosen_by_state_page_by_page(centre: Client) -> None:
    whole = centre.get("/api/v1/sources", {"limit": 200}).json()["items"]
    expected = [one["id"] for one in whole if one["state"] == "never"]
    assert len(expected) > 2
    where, found = "/api/v1/sources?state=never&limit=2", []
    while where:
        page = centre.get(where).json()
        found += [one["id"] for one in page["items"]]
        where = page["next"]
    assert found == expected
    assert centre.get("/api/v1/sources?state=sleepy").status_code == 422


def test_the_api_tells_of_the_sources_what_the_page_tells(
    calling: Callable[..., Client], person: Callable[..., Any], settings: Settings
) -> None:
    keeper, signed_in = person(Role.ADMINISTRATOR), Client()
    signed_in.force_login(keeper)
    made = Lake(settings.LAKE)
    fetch(made, sources()[SOURCE], [str(ALERTS)], Given(), read_at=READ_AT - timedelta(days=900), run_id="t")
    made.close()
    text = signed_in.get("/sources/").text
    for one in calling(keeper).get("/api/v1/sources", {"limit": 200}).json()["items"]:
        assert f'{one["id"]}</small></th><td><span class="tag' in text
        assert f">{one['state_name'][keeper.language]}</span>" in text
