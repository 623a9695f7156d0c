"""A page asks the database as often for one row as for three hundred."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bongsu.alerts.models import Alert, AlertEvent, Concern, Cycle, Release, Subscription, Telling
from bongsu.people.models import ApiToken, AuditLine, HandOver, Shift, User
from bongsu.responses.models import Asked, PastedNotice, Report, ReportEvent, StandingCheck, Tasking, TaskingEvent

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 2, 45, tzinfo=UTC)
LATER = AT + timedelta(days=3)
MARKS = {"grade": 0, "tlp": 1}
PAGES = {
    "centre": (
        *(
            "/alerts/?state=all",
            "/alerts/?as_of=2026-11-22",
            "/taskings/",
            "/taskings/board/",
            "/reports/",
            "/releases/",
        ),
        *("/subscriptions/", "/rota/", "/rota/hand-over/", "/items/urea/", "/missions/chn_beijing/", "{alert}"),
    ),
    "mission": ("/alerts/", "/missions/chn_beijing/", "/taskings/", "/reports/", "/account/"),
    "desk": ("/alerts/", "/taskings/", "/reports/"),
    "partner": ("/alerts/", "/reports/"),
    "company": ("/releases/", "/subscriptions/"),
    "administrator": ("/people/", "/people/{account}/", "/rota/", "/subscriptions/"),
    "auditor": ("/audit/", "/people/"),
}


def _alerts(world: SimpleNamespace, number: int) -> None:
    rows = [
        Alert(
            subject="urea", state="closed", level=2, raised_at=AT, issued_at=AT, updated_at=AT, version=1,
            owner=world.people["duty"], **MARKS,
        )
        for _ in range(number)
    ]  # fmt: skip
    Alert.objects.bulk_create(rows)
    born = {"level": 2, **MARKS}
    AlertEvent.objects.bulk_create(
        AlertEvent(of=row, seq=1, at=AT, kind="raise", via="task", data=born) for row in rows
    )
    units = ("mission:chn_beijing", "desk:mofa_economic_security_division", "ministry:mcee")
    Concern.objects.bulk_create(
        Concern(of=row, unit=unit, rule="r", why_ko="가", why_en="a", seq=1) for row in rows for unit in units
    )
    one = Alert.objects.get(pk=world.rows["alert"])
    last = one.version
    AlertEvent.objects.bulk_create(
        AlertEvent(
            of=one, seq=last + n + 1, at=AT, kind="note", via="web", data={"text": "x"}, actor=world.people["duty"]
        )
        for n in range(number)
    )
    Alert.objects.filter(pk=one.pk).update(version=last + number)
    known = Concern.objects.filter(of=one).count()
    extra = [f"user:{n + 1000 * known}" for n in range(number)]
    Concern.objects.bulk_create(Concern(of=one, unit=unit, rule="r", why_ko="가", why_en="a", seq=1) for unit in extra)
    Telling.objects.bulk_create(Telling(of=one, unit=unit, level=3, at=AT, seq=1) for unit in extra)


def _responses(world: SimpleNamespace, number: int) -> None:
    by, alert = world.people, Alert.objects.get(pk=world.rows["alert"])
    told = {"question": "?", "item": "", "deadline": LATER.isoformat(), "missions": ["chn_beijing"], **MARKS}
    taskings = [
        Tasking(
            alert=alert, question="?", asked_by=by["centre"], asked_at=AT, deadline=AT, state="open", version=1,
            updated_at=AT, **MARKS,
        )
        for _ in range(number)
    ]  # fmt: skip
    Tasking.objects.bulk_create(taskings)
    TaskingEvent.objects.bulk_create(
        TaskingEvent(of=row, seq=1, at=AT, kind="asked", via="web", data=told) for row in taskings
    )
    Asked.objects.bulk_create(Asked(of=row, mission="chn_beijing") for row in taskings)
    reports = [
        Report(
            mission="chn_beijing", author=by["mission"], alert=alert, title="t", state="submitted", version=1, made_at=AT,
            submitted_at=AT, reviewed_at=AT, updated_at=AT, items=["urea"], **MARKS,
        )
        for _ in range(number)
    ]  # fmt: skip
    Report.objects.bulk_create(reports)
    ReportEvent.objects.bulk_create(
        ReportEvent(of=row, seq=1, at=AT, kind="drafted", via="web", data={"content": {}}) for row in reports
    )
    answer = PastedNotice.objects.get(pk=world.rows["notice"]).answer
    PastedNotice.objects.bulk_create(
        PastedNotice(mission="chn_beijing", author=by["mission"], at=AT, text="x", answer=answer) for _ in range(number)
    )
    have = StandingCheck.objects.count()
    StandingCheck.objects.bulk_create(
        StandingCheck(mission="chn_beijing", item=f"i{have + n}", every="weekly", since=AT, due_at=LATER)
        for n in range(number)
    )


def _people(world: SimpleNamespace, number: int) -> None:
    by, have = world.people, User.objects.count()
    User.objects.bulk_create(
        User(username=f"u{have + n}", name="n", role="mission", mission="chn_beijing", joined_at=AT)
        for n in range(number)
    )
    Shift.objects.bulk_create(Shift(officer=by["duty"], starts=AT, ends=LATER, order=2) for _ in range(number))
    HandOver.objects.bulk_create(
        HandOver(gives=by["duty"], takes=by["centre"], note="n", given_at=AT) for _ in range(number)
    )
    ApiToken.objects.bulk_create(
        ApiToken(
            owner=by["mission"],
            label="l",
            prefix="p",
            digest=uuid4().hex,
            scopes=["read"],
            made_at=AT,
            expires_at=LATER,
        )
        for _ in range(number)
    )
    Cycle.objects.bulk_create(
        Cycle(moment=AT, run_id="r", started_at=AT, finished_at=AT, said=[{"ko": "가", "en": "a"}])
        for _ in range(number)
    )
    Subscription.objects.bulk_create(
        Subscription(owner=by["company"], hs_codes=["310210"], made_at=AT) for _ in range(number)
    )
    Release.objects.bulk_create(
        Release(
            alert_id=world.rows["alert"], author=by["centre"], title_ko="가", title_en="a", state="approved",
            hs_codes=["310210"], published_at=AT, updated_at=AT, version=1,
        )
        for _ in range(number)
    )  # fmt: skip
    seq = AuditLine.objects.count() + 1000 + number
    AuditLine.objects.bulk_create(
        AuditLine(seq=seq + n, at=AT, actor=by["duty"].pk, via="web", act="a", kind="k", mac="m") for n in range(number)
    )


FILL: tuple[Callable[[SimpleNamespace, int], None], ...] = (_alerts, _responses, _people)


def _asked(world: SimpleNamespace) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for who, pages in PAGES.items():
        client: Any = Client()
        client.force_login(world.people[who])
        for page in pages:
            address = page.replace("{alert}", f"/alerts/{world.rows['alert']}/").replace(
                "{account}", str(world.rows["account"])
            )
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert (page, answer.status_code) == (page, 200)
            found[who, page] = len(asked)
    return found


def test_the_number_of_questions_does_not_grow_with_the_rows(world: SimpleNamespace) -> None:
    for fill in FILL:
        fill(world, 1)
    one = _asked(world)
    for more in (2, 297):
        for fill in FILL:
            fill(world, more)
        assert _asked(world) == one
    assert max(one.values()) <= MOST


MOST = 40  # questions for any page
