from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bongsu.alerts.models import Alert
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

Raised = Callable[..., Alert]
SignedIn = Callable[..., Any]


def test_an_empty_list_tells_that_the_watch_never_ran(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.CENTRE)
    assert "the watch has not run" in client.get("/alerts/").text


def test_the_page_tells_what_an_officer_needs(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    page = client.get(f"/alerts/{alert.pk}/")
    assert page.status_code == 200
    for told in (
        "3 fires",
        "China supplied 88%",
        "Ministry of Environment",
        "2021-09",
        "1 of 30 such levels (3%)",
        "Embassy of the Republic of Korea to China",
        "88% comes from China.",
    ):
        assert told in page.text, told


def test_both_languages_stand_on_their_own(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE, language="ko")
    korean = client.get(f"/alerts/{alert.pk}/").text
    assert ("봉수 3거" in korean, "3 fires" in korean) == (True, False)


def test_triage_and_issue_lead_on_and_are_told(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    for step in ("triage", "issue"):
        alert.refresh_from_db()
        sent = client.post(f"/alerts/{alert.pk}/{step}/", {f"{step}-seen": alert.version})
        assert (sent.status_code, sent.headers["Location"]) == (302, f"/alerts/{alert.pk}/")
    alert.refresh_from_db()
    assert alert.state == "issued"


def test_a_stale_act_shows_what_changed_and_keeps_what_was_typed(
    client: Client, raised: Raised, signed_in: SignedIn
) -> None:
    alert = raised()
    signed_in(Role.CENTRE, name="Kim")
    seen = alert.version
    client.post(f"/alerts/{alert.pk}/note/", {"note-seen": seen, "note-text": "called the embassy"})
    stale = client.post(f"/alerts/{alert.pk}/withdraw/", {"withdraw-seen": seen, "withdraw-why": "a duplicate"})
    assert stale.status_code == 409
    assert "somebody has changed it since you looked" in stale.text
    assert "a duplicate</textarea>" in stale.text
    alert.refresh_from_db()
    assert alert.state == "raised"
    again = client.post(
        f"/alerts/{alert.pk}/withdraw/", {"withdraw-seen": alert.version, "withdraw-why": "a duplicate"}
    )
    assert again.status_code == 302


def test_a_reason_left_out_is_asked_for(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    page = client.post(f"/alerts/{alert.pk}/withdraw/", {"withdraw-seen": alert.version})
    assert (page.status_code, "This field is required." in page.text) == (422, True)


def test_what_cannot_be_done_says_why(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    text = client.get(f"/alerts/{alert.pk}/").text
    assert "an alert that is raised does not allow this: issue." in text


def test_the_checklist_is_ticked_and_unticked(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    from bongsu.alerts.checklists import checklist_at  # noqa: PLC0415 - the words stand in data

    alert = raised()
    signed_in(Role.CENTRE, name="Kim")
    entry = checklist_at(3)[0].id
    client.post(f"/alerts/{alert.pk}/tick/", {"tick-seen": alert.version, "tick-entry": entry})
    assert "☑" in client.get(f"/alerts/{alert.pk}/").text
    alert.refresh_from_db()
    client.post(f"/alerts/{alert.pk}/untick/", {"untick-seen": alert.version, "untick-entry": entry})
    assert "☑" not in client.get(f"/alerts/{alert.pk}/").text


def test_the_list_and_the_page_can_be_had_as_of_a_day(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    assert "No alert matches" in client.get("/alerts/?as_of=2026-11-01").text
    assert str(alert.pk) in client.get("/alerts/?as_of=2026-11-22").text
    assert client.get(f"/alerts/{alert.pk}/?as_of=2026-11-01").status_code == 404
    then = client.get(f"/alerts/{alert.pk}/?as_of=2026-11-22")
    assert ("as it stood at" in then.text, "What to do" in then.text) == (True, False)


def test_a_mission_sees_an_alert_only_once_it_is_issued(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert = raised()
    signed_in(Role.MISSION, mission="chn_beijing")
    assert client.get(f"/alerts/{alert.pk}/").status_code == 404
    signed_in(Role.CENTRE)
    client.post(f"/alerts/{alert.pk}/triage/", {"triage-seen": alert.version})
    alert.refresh_from_db()
    client.post(f"/alerts/{alert.pk}/issue/", {"issue-seen": alert.version})
    signed_in(Role.MISSION, mission="chn_beijing")
    page = client.get(f"/alerts/{alert.pk}/")
    assert (page.status_code, "Why it came to us" in page.text, "What to do" in page.text) == (200, True, False)


def test_who_answers_is_chosen_on_a_page_of_its_own(client: Client, raised: Raised, signed_in: SignedIn) -> None:
    alert, other = raised(), raised("gallium")
    duty = signed_in(Role.DUTY, name="Lee")
    signed_in(Role.CENTRE)
    assert f'href="/alerts/{alert.pk}/assign/"' in client.get(f"/alerts/{alert.pk}/").text
    assert "Lee" in client.get(f"/alerts/{alert.pk}/assign/").text
    told = {"assign-seen": alert.version, "assign-owner": duty.pk}
    assert client.post(f"/alerts/{alert.pk}/assign/", told).status_code == 302
    assert str(other.pk) in client.get(f"/alerts/{alert.pk}/merge/").text
    alert.refresh_from_db()
    told = {"merge-seen": alert.version, "merge-into": str(other.pk), "merge-why": "the same matter"}
    assert client.post(f"/alerts/{alert.pk}/merge/", told).status_code == 302
    assert "It goes on in another alert." in client.get(f"/alerts/{alert.pk}/").text
    gone = client.get(f"/alerts/{alert.pk}/merge/")
    assert (gone.status_code, "does not allow this" in gone.text) == (409, True)
