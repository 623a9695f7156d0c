"""What the tests of the pages lean on: a warning as the watch gave it, an alert raised from it, and who is signed in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.alerts import actions
from bongsu.alerts.models import Alert
from bongsu.alerts.releases import actions as release_actions
from bongsu.alerts.routing import Concerned
from bongsu.language import Text
from bongsu.people import actions as people_actions
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import task
from bongsu.people.roles import Role
from bongsu.responses import actions as responses
from bongsu.responses.models import PastedNotice, StandingCheck

NOW = "2026-11-22T03:00:00+00:00"
HERE = Path(__file__).parent
UNITS = ("mission:chn_beijing", "desk:mofa_economic_security_division", "ministry:mcee")


@pytest.fixture(autouse=True)
def _clock(settings: Settings) -> None:
    """The pages' clock stands still."""
    settings.NOW = NOW


@pytest.fixture(scope="session")
def urea() -> dict[str, Any]:
    """The warning on urea as of 2021-10-13, from the packaged sample, as `alerts.evidence` keeps it."""
    told: dict[str, Any] = json.loads((HERE / "urea.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture
def raised(urea: dict[str, Any], db: None) -> Callable[..., Alert]:  # noqa: ARG001 - it opens the database
    """Raises an alert: `raised("urea", level=3, units=("mission:chn_beijing",))`."""

    def make(subject: str = "urea", *, level: int = 3, units: tuple[str, ...] = UNITS, **facts: Any) -> Alert:  # noqa: ANN401
        why = Text("중국에서 88%를 들여온다.", "88% comes from China.")
        return actions.raise_alert(
            by=task(facts.get("at", datetime(2026, 11, 22, 2, tzinfo=UTC))),
            warning={**urea, "subject": subject},
            level=level,
            grade=facts.get("grade", Grade.O),
            tlp=facts.get("tlp", Tlp.GREEN),
            concerns=[Concerned(unit, "supplier_missions", why) for unit in units],
        )

    return make


@pytest.fixture
def signed_in(client: Client, person: Callable[..., Any]) -> Callable[..., Any]:
    """Signs somebody in: `signed_in(Role.CENTRE)`."""

    def make(role: str, **facts: Any) -> Any:  # noqa: ANN401
        user = person(role, **{"language": "en", **facts})
        client.force_login(user)
        return user

    return make


FOREIGN = "jpn_tokyo"


@pytest.fixture
def world(raised: Callable[..., Alert], person: Callable[..., Any], acting: Callable[..., Any]) -> SimpleNamespace:
    """One row of everything, and a person of every role; `foreign` is the officer of a mission that has none of it."""
    who = {role.value: person(role, language="en", **_UNITS.get(role, {})) for role in Role}
    who["foreign"] = person(Role.MISSION, language="en", mission=FOREIGN)
    by = {name: acting(user, at=datetime(2026, 11, 22, 2, 30, tzinfo=UTC)) for name, user in who.items()}
    alert = raised(units=UNITS)
    actions.triage(by=by["centre"], alert=alert.pk)
    actions.issue(by=by["centre"], alert=alert.pk)
    late = datetime(2026, 11, 25, tzinfo=UTC)
    tasking = responses.ask(
        by=by["centre"], question="Are exports cleared?", missions=["chn_beijing"], deadline=late, alert=alert.pk
    )
    report = _report(by["mission"], tasking.pk)
    filed = _report(by["mission"], tasking.pk)
    responses.submit(by=by["mission"], report=filed.pk)
    responses.review(by=by["centre"], report=filed.pk, reliability="C", credibility=3)
    file = responses.attach(by=by["mission"], report=report.pk, name="note.txt", content=b"a note")
    notice = PastedNotice.objects.create(
        mission="chn_beijing", author=who["mission"], at=by["mission"].at, text="公告", answer=_ANSWER
    )
    check = StandingCheck.objects.create(
        mission="chn_beijing", item="urea", every="weekly", since=alert.raised_at, due_at=late
    )
    subscription = release_actions.subscribe(by=by["company"], hs_codes=["310210"])
    release = release_actions.draft_release(by=by["centre"], alert=alert.pk, **_RELEASE)
    release_actions.approve_release(by=by["desk"], release=release.pk)
    shift = people_actions.plan_shift(by=by["administrator"], officer=who["duty"].pk, starts=alert.raised_at, ends=late)
    hand_over = people_actions.give_watch(by=by["duty"], takes=who["centre"].pk, note="look at urea")
    token, _ = people_actions.make_token(by=by["mission"], label="a script", scopes=["read"], expires_at=late)
    rows = {
        "alert": alert.pk,
        "tasking": tasking.pk,
        "report": report.pk,
        "filed": filed.pk,
        "attachment": file.pk,
        "notice": notice.pk,
        "check": check.pk,
        "subscription": subscription.pk,
        "release": release.pk,
        "shift": shift.pk,
        "hand_over": hand_over.pk,
        "token": token.pk,
        "account": who["mission"].pk,
        "item": "urea",
        "mission": "chn_beijing",
    }
    return SimpleNamespace(people=who, rows=rows)


def _report(by: Any, tasking: Any) -> Any:  # noqa: ANN401 - an actor, an id
    return responses.save_draft(
        by=by,
        tasking=tasking,
        title="Clearance stopped",
        body="Two forwarders say so.",
        place="CHN",
        origin="firm",
        source_name="A forwarder",
        observed_on="2026-11-21",
    )


_UNITS = {
    Role.MISSION: {"mission": "chn_beijing"},
    Role.DESK: {"desk": UNITS[1].removeprefix("desk:")},
    Role.PARTNER: {"ministry": UNITS[2].removeprefix("ministry:"), "organisation": "KOTRA"},
    Role.COMPANY: {"organisation": "Acme"},
}
_RELEASE = {
    "title_ko": "요소 수출 검사 안내",
    "title_en": "Inspection of urea exports",
    "obligation_ko": "선적 전에 검사를 받아야 합니다.",
    "obligation_en": "Shipments must be inspected beforehand.",
    "original": "https://example.org/notice",
    "items": ["urea"],
    "hs_codes": ["310210"],
}
_NOTHING = {"issuer": None, "number": None, "dates": {"announced": None}}
_ANSWER = {
    "answer": {"ko": "감시 품목 없음", "en": "no watched item"},
    "country": "CHN",
    "items": [],
    "notes": [],
    "ministries_in_charge": [],
    "ministries_hit": [],
    "notice": {**_NOTHING, "title": "公告", "hs_codes": [], "instrument": None, "direction": None},
}
