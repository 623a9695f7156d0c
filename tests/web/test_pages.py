from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody(person: Callable[..., Any]) -> None:
    """An installation that was set up."""
    person(Role.ADMINISTRATOR)


def test_nobody_comes_in_without_signing_in(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_sign_in_speaks_the_browsers_language_and_the_chosen_one(client: Client) -> None:
    korean = client.get("/accounts/login/", headers={"accept-language": "ko"})
    english = client.get("/accounts/login/", headers={"accept-language": "en-GB"})
    assert ('<html lang="ko">' in korean.text, '<html lang="en">' in english.text) == (True, True)
    client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert '<html lang="en">' in client.get("/accounts/login/", headers={"accept-language": "ko"}).text


def test_going_back_leads_nowhere_else(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_every_answer_forbids_what_comes_from_elsewhere(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


def test_an_account_sees_its_own_page(client: Client, person: Callable[..., Any]) -> None:
    user = person(Role.CENTRE, language="ko", name="홍길동")
    client.force_login(user)
    assert "홍길동" in client.get("/account/").text


def test_a_token_is_made_by_who_shows_again_who_they_are(client: Client, person: Callable[..., Any]) -> None:
    user = person(Role.MISSION, mission="chn_beijing", language="en")
    client.force_login(user)
    told = {"label": "a script", "scopes": "read", "days": 9}
    answer = client.post("/account/tokens/", told)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/reauthenticate/?next=%2Faccount%2F")
    assert "make the token once more" in client.get(answer["Location"]).text
    assert not user.tokens.exists()
    again = client.post(answer["Location"], {"password": "correct horse battery staple"})
    assert again["Location"] == "/account/"
    assert "bsu_" in client.post("/account/tokens/", told).text
    assert user.tokens.count() == 1


def test_a_missing_page_is_said(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"accept-language": "en"})
    assert (response.status_code, "There is no such page" in response.text) == (404, True)


@pytest.mark.parametrize("file", ["bongsu/bongsu.css", "bongsu/beacon.svg", "mfa/js/webauthn.js"])
def test_our_own_files_are_served_by_ourselves(client: Client, file: str) -> None:
    answer = client.get(f"/static/{file}")
    assert (answer.status_code, len(b"".join(answer)) > 100) == (200, True)  # type: ignore[call-overload] - it streams


def test_a_moment_that_the_clock_skips_or_repeats_is_refused_by_name(
    client: Client, person: Callable[..., Any]
) -> None:
    user = person(Role.CENTRE, language="en", zone="America/New_York")
    client.force_login(user)
    told = {"officer": user.pk, "ends": "2027-04-01T00:00", "order": 1}
    skipped = client.post("/rota/", {**told, "starts": "2027-03-14T02:30"})
    repeated = client.post("/rota/", {**told, "starts": "2026-11-01T01:30", "ends": "2026-11-02T00:00"})
    for answer in (skipped, repeated):
        assert (answer.status_code, "couldn’t be interpreted in time zone" in answer.text) == (422, True)


def test_a_list_of_many_rows_comes_in_pages(client: Client, person: Callable[..., Any]) -> None:
    for _ in range(55):
        person(Role.COMPANY, organisation="Acme")
    client.force_login(person(Role.ADMINISTRATOR, language="en"))
    first, second = client.get("/people/"), client.get("/people/?page=2")
    assert (first.text.count("<tr>"), second.text.count("<tr>")) == (51, 8)
    assert 'href="?page=2"' in first.text
    assert client.get("/people/?page=99999999999999999999").status_code == 200


def test_an_inner_fault_is_said_without_its_insides(
    person: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.CENTRE))

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a secret inside")

    monkeypatch.setattr("bongsu.web.views.alerts.queries.alerts", breaks)
    answer = client.get("/alerts/")
    assert (answer.status_code, "a secret inside" in answer.text) == (500, False)
    assert "the fault is ours" in answer.text
