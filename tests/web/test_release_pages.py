from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bongsu.alerts.models import Alert, Release, Subscription
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

WORDS = {
    "title_ko": "요소 수출 검사 안내",
    "title_en": "Inspection of urea exports",
    "obligation_ko": "선적 전에 검사를 받아야 합니다.",
    "obligation_en": "Shipments must be inspected beforehand.",
    "original": "https://example.org/notice",
    "items": ["urea"],
    "hs_codes": "3102.10",
    "deadline": "2026-12-01",
}


def test_a_release_is_written_by_one_approved_by_another_and_read_by_subscribers(
    client: Client, raised: Callable[..., Alert], signed_in: Callable[..., Any]
) -> None:
    alert = raised()
    writer = signed_in(Role.CENTRE)
    assert "310210" in client.get(f"/alerts/{alert.pk}/releases/new/").text
    assert client.post(f"/alerts/{alert.pk}/releases/new/", WORDS).status_code == 302
    release = Release.objects.get()
    own = client.get(f"/releases/{release.pk}/").text
    assert "nobody approves a text that they have written in." in own
    company = signed_in(Role.COMPANY, organisation="Acme")
    assert client.post("/subscriptions/", {"hs_codes": "310210"}).status_code == 302
    assert client.get(f"/releases/{release.pk}/").status_code == 404
    signed_in(Role.CENTRE)
    sent = client.post(f"/releases/{release.pk}/approve/", {"approve-seen": release.version})
    assert sent.status_code == 302
    assert "Acme" in client.get(f"/releases/{release.pk}/").text
    client.force_login(company)
    assert "Inspection of urea exports" in client.get("/releases/").text
    page = client.get(f"/releases/{release.pk}/").text
    assert ("Shipments must be inspected" in page, "fires" in page.split("<footer")[0]) == (True, False)
    assert client.get(f"/alerts/{alert.pk}/").status_code == 403
    client.force_login(writer)
    gone = {"withdraw-seen": Release.objects.get().version, "withdraw-why": "a mistake"}
    assert client.post(f"/releases/{release.pk}/withdraw/", gone).status_code == 302
    client.force_login(company)
    assert client.get(f"/releases/{release.pk}/").status_code == 404


def test_a_text_that_tells_the_level_stays_as_typed_with_the_reason(
    client: Client, raised: Callable[..., Alert], signed_in: Callable[..., Any]
) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    told = client.post(f"/alerts/{alert.pk}/releases/new/", {**WORDS, "title_en": "At 3 fires"})
    assert (told.status_code, "At 3 fires" in told.text, Release.objects.count()) == (422, True, 0)


def test_a_subscription_ends(client: Client, signed_in: Callable[..., Any]) -> None:
    signed_in(Role.COMPANY, organisation="Acme")
    client.post("/subscriptions/", {"items": ["urea"]})
    one = Subscription.objects.get()
    assert client.post(f"/subscriptions/{one.pk}/end/").status_code == 302
    assert "ended 2026-11-22" in client.get("/subscriptions/").text
