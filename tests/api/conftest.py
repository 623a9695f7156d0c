"""What the API's tests lean on: a caller of any role with a token, and a world with entries of every kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from bongsu.alerts import actions as alert_actions
from bongsu.alerts import releases
from bongsu.alerts.routing.shapes import Concerned
from bongsu.api.app import api
from bongsu.language import Text
from bongsu.people import actions as people_actions
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import ApiToken, User
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role
from bongsu.people.tokens import digest, fresh, shown
from bongsu.responses import actions
from bongsu.responses.models import StandingCheck

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
UNITS = ("mission:chn_beijing", "desk:mofa_economic_security_division", "ministry:moe")
ACCOUNTS: dict[str, dict[str, str]] = {
    Role.MISSION: {"mission": "chn_beijing"},
    Role.DESK: {"desk": "mofa_economic_security_division"},
    Role.PARTNER: {"ministry": "moe"},
    Role.COMPANY: {"organisation": "요소상사"},
}
REPORT: dict[str, Any] = {
    "title": "요소 수출 검사 강화",
    "body": "해관총서가 요소 수출 검사를 강화한다고 공고했다.",
    "items": ["urea"],
    "place": "CHN",
    "observed_on": date(2026, 11, 20),
    "origin": "official",
}


@pytest.fixture(autouse=True)
def moment(settings: Settings) -> None:
    """The clock stands still, and everybody's minute is new and endless."""
    settings.NOW, settings.API_PER_MINUTE = MOMENT.isoformat(), 1_000_000
    caches["budget"].clear()


def token_of(owner: User, *scopes: str) -> str:
    """A token's secret."""
    secret = fresh()
    ApiToken.objects.create(
        owner=owner,
        label="시험",
        prefix=shown(secret),
        digest=digest(secret),
        scopes=list(scopes or ("read", "write")),
        made_at=MOMENT,
        expires_at=MOMENT + timedelta(days=30),
        last_used_at=MOMENT,
    )
    return secret


@pytest.fixture
def calling() -> Callable[..., Client]:
    """A client that calls as somebody: `calling(user)`, `calling(user, "read")`."""
    return lambda owner, *scopes: Client(headers={"Authorization": f"Bearer {token_of(owner, *scopes)}"})


@pytest.fixture
def people(person: Callable[..., User]) -> dict[str, User]:
    """One account of each role, and an officer of another mission."""
    made = {role.value: person(role, **ACCOUNTS.get(role, {})) for role in Role}
    made["other_mission"] = person(Role.MISSION, mission="aus_canberra")
    return made


@dataclass
class World:
    """Entries of every kind, which concern the mission in Beijing and not the one in Canberra."""

    people: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)

    def by(self, who: str, why: str = "", minutes: int = 0) -> Actor:
        """One act."""
        return Actor(reader=self.people[who].reader, at=MOMENT + timedelta(minutes=minutes), via="web", why=why)

    def alert(self, subject: str, *, state: str = "raised", grade: Grade = Grade.O) -> UUID:
        """An alert that has come so far."""
        row = alert_actions.raise_alert(
            by=task(MOMENT),
            warning={"subject": subject, "level": 3, "marks": {"grade": grade.name, "tlp": "GREEN"}},
            level=3,
            grade=grade,
            tlp=Tlp.GREEN,
            concerns=[Concerned(unit, "rule", Text(f"{unit} 때문에", f"for {unit}")) for unit in UNITS],
        )
        if state != "raised":
            alert_actions.triage(by=self.by("centre"), alert=row.pk)
        if state == "issued":
            alert_actions.issue(by=self.by("centre"), alert=row.pk)
        return row.pk

    def tasking(self, **facts: object) -> UUID:
        """A question to Beijing."""
        given = {
            "question": "요소 수출이 줄었는가?",
            "missions": ["chn_beijing"],
            "deadline": MOMENT + timedelta(days=5),
        }
        return actions.ask(by=self.by("centre"), **{**given, **facts}).pk

    def report(self, *, state: str = "draft", **facts: object) -> UUID:
        """A report of Beijing that has come so far."""
        row = actions.save_draft(by=self.by("mission"), **{**REPORT, **facts})
        if state != "draft":
            actions.submit(by=self.by("mission"), report=row.pk)
        if state == "reviewed":
            actions.review(by=self.by("centre"), report=row.pk, reliability="B", credibility=2)
        return row.pk

    def notice(self) -> UUID:
        """A notice that Beijing pasted."""
        return actions.paste(by=self.by("mission"), text="关于尿素出口检验的公告", country="CHN").pk

    def release(self, alert: UUID, *, state: str = "draft") -> UUID:
        """A text for companies, written by the centre, that has come so far."""
        both = {"title": "요소 수출 검사", "obligation": "수출자는 검사를 받는다."}
        words = {f"{name}_{language}": text for name, text in both.items() for language in ("ko", "en")}
        words |= {"hs_codes": ["310210"], "original": "https://example.org/notice"}
        row = releases.draft_release(by=self.by("centre"), alert=alert, **words)
        if state != "draft":
            releases.approve_release(by=self.by("desk"), release=row.pk)
        return row.pk

    def check(self, item: str = "urea") -> int:
        """A standing check of Beijing."""
        facts = {"every": "weekly", "since": MOMENT - timedelta(days=3), "due_at": MOMENT + timedelta(days=4)}
        return StandingCheck.objects.create(mission="chn_beijing", item=item, **facts).pk

    def shift(self, day: int = 0) -> int:
        """A watch."""
        starts = MOMENT + timedelta(days=day)
        facts = {"officer": self.people["duty"].pk, "starts": starts, "ends": starts + timedelta(hours=12)}
        return people_actions.plan_shift(by=self.by("centre"), **facts).pk

    def hand_over(self) -> int:
        """A watch that is given to the duty officer."""
        return people_actions.give_watch(by=self.by("centre"), takes=self.people["duty"].pk, note="조용했다").pk


@pytest.fixture
def world(people: dict[str, User]) -> World:
    """One entry of each kind; `ids` by the name of the path's parameter."""
    made = World(people)
    alert = made.alert("urea", state="issued", grade=Grade.S)
    report = made.report(alert=alert)
    file = actions.attach(by=made.by("mission"), report=report, name="공고.txt", content="公告".encode())
    made.ids = {
        "alert": alert,
        "other_alert": made.alert("nickel"),
        "tasking": made.tasking(alert=alert),
        "report": report,
        "filed": made.report(state="filed", alert=alert),
        "reviewed": made.report(state="reviewed", alert=alert),
        "attachment": file.pk,
        "subscription": releases.subscribe(by=made.by("company"), hs_codes=["3102"]).pk,
        "release": made.release(alert),
        "approved": made.release(alert, state="approved"),
        "notice": made.notice(),
        "check": made.check(),
        "shift": made.shift(),
        "hand_over": made.hand_over(),
        "account": people["mission"].pk,
        "token": ApiToken.objects.get(digest=digest(token_of(people["mission"]))).pk,
        "item": "urea",
        "mission": "chn_beijing",
    }
    return made


@pytest.fixture
def operations() -> list[SimpleNamespace]:
    """Every operation that the schema names: its id, method and path."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return [
        SimpleNamespace(id=one["operationId"], method=method, path=path, told=one)
        for path, item in document["paths"].items()
        for method, one in item.items()
    ]


@pytest.fixture
def tokens(people: dict[str, User]) -> dict[str, str]:
    """A token of each of them."""
    return {name: token_of(user) for name, user in people.items()}
