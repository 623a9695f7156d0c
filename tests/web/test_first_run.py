import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.people.models import AuditLine, User
from bongsu.records.lake import Lake

pytestmark = pytest.mark.django_db

TOKEN = "a-token_of-this-test"  # noqa: S105 - it opens nothing
TOLD = {
    "begin": "own",
    "language": "en",
    "username": "admin",
    "name": "Kim Administers",
    "password": "correct horse battery",
    "analyst_username": "analyst",
    "analyst_name": "Lee Analyses",
    "analyst_password": "stable paper clip rain",
}


@pytest.fixture
def link(settings: Settings) -> str:
    """The link that `bongsu up` prints."""
    until = datetime(2026, 11, 22, 3, tzinfo=UTC) + timedelta(hours=24)
    kept = {"digest": hashlib.sha256(TOKEN.encode()).hexdigest(), "until": until.isoformat()}
    (Path(settings.FLOOR) / "first-user.json").write_text(json.dumps(kept))
    return f"/first/{TOKEN}/"


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/alerts/", "/people/", "/no-such-page/"])
def test_without_an_account_every_page_says_where_the_set_up_is(client: Client, address: str) -> None:
    page = client.get(address, headers={"accept-language": "en"})
    assert (page.status_code, "Open the address that bongsu up printed" in page.text) == (404, True)


def test_the_link_makes_two_accounts_once(client: Client, link: str) -> None:
    page = client.get(link, headers={"accept-language": "en"})
    assert (page.status_code, "South Korea" in page.text, "Administrator" in page.text) == (200, True, True)
    done = client.post(link, TOLD)
    assert (done.status_code, done.headers["Location"]) == (302, "/accounts/login/")
    assert sorted(User.objects.values_list("username", "role")) == [("admin", "administrator"), ("analyst", "centre")]
    assert [line.act for line in AuditLine.objects.all()] == ["account.add", "account.add"]
    assert client.get(link).status_code == client.post(link, TOLD).status_code == 404


def test_what_is_wrong_is_said_and_makes_nothing(client: Client, link: str) -> None:
    weak = client.post(link, {**TOLD, "analyst_password": "short"}, headers={"accept-language": "en"})
    assert (weak.status_code, "the password is too weak" in weak.text, User.objects.count()) == (422, True, 0)
    taken = client.post(link, {**TOLD, "analyst_username": "ADMIN"}, headers={"accept-language": "en"})
    assert (taken.status_code, "the sign-in name is taken" in taken.text, User.objects.count()) == (422, True, 0)


def test_another_token_or_a_late_one_opens_nothing(client: Client, link: str, settings: Settings) -> None:
    assert client.get("/first/another-token/").status_code == 404
    settings.NOW = "2026-11-23T03:00:01+00:00"
    assert client.get(link).status_code == 404


def test_the_packaged_sample_is_loaded_where_it_is_chosen(client: Client, link: str, settings: Settings) -> None:
    done = client.post(link, {**TOLD, "begin": "sample"}, headers={"accept-language": "en"})
    assert (done.status_code, User.objects.count()) == (302, 2)
    assert (Path(settings.LAKE) / "journal").is_dir()
    assert "The sample data was loaded." in client.get("/accounts/login/", headers={"accept-language": "en"}).text


def test_where_the_lake_is_busy_the_accounts_are_made_and_the_page_says_why(
    client: Client, link: str, settings: Settings
) -> None:
    lake = Lake(Path(settings.LAKE))
    with lake.writing():
        done = client.post(link, {**TOLD, "begin": "sample"}, headers={"accept-language": "en"})
    lake.close()
    assert (done.status_code, User.objects.count()) == (302, 2)
    assert "another process is writing to this lake" in client.get("/accounts/login/").text
