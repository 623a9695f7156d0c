from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bongsu.alerts.models import Alert
from bongsu.people.roles import Role
from bongsu.responses.models import Report, StandingCheck, Tasking

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Any]
QUESTION = {"question": "Are exports still cleared?", "missions": ["chn_beijing"], "grade": 0, "tlp": 1}


def _asked(client: Client, signed_in: SignedIn) -> Tasking:
    signed_in(Role.CENTRE)
    sent = client.post("/taskings/new/", {**QUESTION, "deadline": "2026-11-25T12:00", "item": "urea"})
    assert sent.status_code == 302, sent.text
    return Tasking.objects.get()


WRITTEN = {
    "title": "Clearance stopped at Tianjin",
    "body": "Two forwarders say so.",
    "items": ["urea"],
    "place": "CHN",
    "bearing": "tighter",
    "observed_on": "2026-11-21",
    "origin": "firm",
    "source_name": "A forwarder",
    "grade": 0,
    "tlp": 1,
    "measure_hs_codes": "3102.10",
}


def test_a_question_is_asked_answered_and_reviewed(client: Client, signed_in: SignedIn) -> None:
    asked = _asked(client, signed_in)
    assert "Are exports still cleared?" in client.get(f"/taskings/{asked.pk}/").text
    signed_in(Role.MISSION, mission="chn_beijing")
    assert "Are exports still cleared?" in client.get("/missions/chn_beijing/").text
    sent = client.post(f"/reports/new/?tasking={asked.pk}", {**WRITTEN, "then": "submit"})
    report = Report.objects.get()
    assert (sent.status_code, sent.headers["Location"], report.state) == (302, f"/reports/{report.pk}/", "submitted")
    assert report.measure == {"hs_codes": ["310210"]}
    signed_in(Role.CENTRE)
    assert "Clearance stopped at Tianjin" in client.get(f"/taskings/{asked.pk}/").text
    graded = {"review-seen": report.version, "review-reliability": "C", "review-credibility": 3}
    assert client.post(f"/reports/{report.pk}/review/", graded).status_code == 302
    assert "C · fairly reliable" in client.get(f"/reports/{report.pk}/").text
    assert "answered" in client.get("/taskings/board/").text


def test_a_draft_is_saved_over_a_stale_page_only_aside(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.MISSION, mission="chn_beijing")
    client.post("/reports/new/", WRITTEN)
    report = Report.objects.get()
    first = {**WRITTEN, "seen": report.version, "body": "first"}
    assert client.post(f"/reports/{report.pk}/save/", first).status_code == 302
    stale = client.post(f"/reports/{report.pk}/save/", {**first, "body": "second, typed on an older page"})
    assert (stale.status_code, "second, typed on an older page" in stale.text) == (409, True)
    report.refresh_from_db()
    assert report.body == "first"
    assert "Texts kept aside" in client.get(f"/reports/{report.pk}/").text


def test_filing_says_what_is_missing_and_keeps_the_draft(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.MISSION, mission="chn_beijing")
    sent = client.post("/reports/new/", {"title": "Only a title", "grade": 0, "tlp": 1, "then": "submit"})
    assert (sent.status_code, "it is empty." in sent.text, Report.objects.count()) == (422, True, 1)


def test_nothing_to_report_is_one_tap(client: Client, signed_in: SignedIn) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    check = StandingCheck.objects.create(
        mission="chn_beijing", item="urea", every="weekly", since=at, due_at=at + timedelta(days=14)
    )
    signed_in(Role.MISSION, mission="chn_beijing")
    assert "overdue" in client.get("/missions/chn_beijing/").text
    assert client.post(f"/mission/checks/{check.pk}/nil/").status_code == 302
    page = client.get("/missions/chn_beijing/").text
    assert ("overdue" in page, ">nothing to report</span>" in page) == (False, True)


def test_a_file_is_attached_downloaded_and_removed(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.MISSION, mission="chn_beijing")
    client.post("/reports/new/", WRITTEN)
    report = Report.objects.get()
    sent = client.post(f"/reports/{report.pk}/files/", {"file": SimpleUploadedFile("note.txt", "공고".encode())})
    assert sent.status_code == 302
    file = report.attachments.get()
    got = client.get(f"/files/{file.pk}/")
    assert b"".join(got) == "공고".encode()  # type: ignore[call-overload] - it streams
    assert got.headers["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    client.post(f"/reports/{report.pk}/files/{file.pk}/remove/")
    assert client.get(f"/files/{file.pk}/").status_code == 404


def test_a_hostile_file_is_refused_by_name(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.MISSION, mission="chn_beijing")
    client.post("/reports/new/", WRITTEN)
    report = Report.objects.get()
    sent = client.post(f"/reports/{report.pk}/files/", {"file": SimpleUploadedFile("page.html", b"<script>1</script>")})
    assert (sent.status_code, report.attachments.count()) == (422, 0)


def test_a_partner_files_a_tip(client: Client, signed_in: SignedIn) -> None:
    signed_in(Role.PARTNER, organisation="KOTRA Tianjin")
    sent = client.post("/reports/tip/", {**WRITTEN, "origin": "agency"})
    assert sent.status_code == 302, sent.text
    assert "KOTRA Tianjin" in client.get(sent.headers["Location"]).text


def test_an_alert_shows_what_was_asked_and_reported(
    client: Client, signed_in: SignedIn, raised: Callable[..., Alert]
) -> None:
    alert = raised()
    signed_in(Role.CENTRE)
    form = client.get(f"/taskings/new/?alert={alert.pk}").text
    assert '<option value="chn_beijing" selected>' in form
    sent = client.post(f"/taskings/new/?alert={alert.pk}", {**QUESTION, "deadline": "2026-11-25T12:00", "item": "urea"})
    assert sent.status_code == 302
    assert "Are exports still cleared?" in client.get(f"/alerts/{alert.pk}/").text
