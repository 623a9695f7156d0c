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


def test_a_missing_page_is_said(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"accept-language": "en"})
    assert (response.status_code, "There is no such page" in response.text) == (404, True)
