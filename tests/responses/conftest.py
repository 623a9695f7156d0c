"""People of the responses' stories, and a publisher that remembers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bongsu.people.models import User
from bongsu.people.roles import Role
from bongsu.responses import actions
from bongsu.responses.models import Report, Tasking
from bongsu.sources.mission_reports.publish import Statement

BEIJING, JAKARTA = "chn_beijing", "idn_jakarta"


@dataclass
class Remembering:
    """A lake that only remembers: the same statement again gives the same delivery."""

    standing: dict[str, Statement] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def publish(self, statement: Statement, *, at: datetime) -> int:  # noqa: ARG002 - the publisher's signature
        if self.standing.get(statement.report) != statement:
            self.count += 1
            self.standing[statement.report] = statement
            self.deliveries[statement.report] = self.count
        return self.deliveries[statement.report]

    def withdraw(self, report: str, *, at: datetime) -> int:  # noqa: ARG002 - likewise
        if self.standing.pop(report, None):
            self.count += 1
            self.deliveries[report] = self.count
        return self.deliveries.get(report, 0)


@pytest.fixture
def publisher() -> Remembering:
    return Remembering()


@pytest.fixture
def centre(person: Callable[..., User]) -> User:
    return person(Role.CENTRE)


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person(Role.MISSION, mission=BEIJING)


@pytest.fixture
def elsewhere(person: Callable[..., User]) -> User:
    return person(Role.MISSION, mission=JAKARTA)


WHOLE: dict[str, Any] = {
    "title": "요소 수출 검사 강화",
    "body": "해관총서가 요소 수출 검사를 강화한다고 공고했다.",
    "items": ["urea"],
    "place": "CHN",
    "observed_on": date(2026, 11, 20),
    "origin": "official",
    "measure": {"instrument": "inspection", "direction": "export", "hs_codes": ["3102.10"]},
    "bearing": "tighter",
}


@pytest.fixture
def draft(officer: User, acting: Callable[..., Any]) -> Callable[..., Report]:
    """Makes a whole draft of the mission in Beijing."""
    return lambda **facts: actions.save_draft(by=acting(officer), **{**WHOLE, **facts})


@pytest.fixture
def filed(officer: User, acting: Callable[..., Any], draft: Callable[..., Report]) -> Callable[..., Report]:
    """Makes a filed report of the mission in Beijing."""
    return lambda **facts: actions.submit(by=acting(officer), report=draft(**facts).pk)


@pytest.fixture
def asked(centre: User, acting: Callable[..., Any]) -> Callable[..., Tasking]:
    """Makes a tasking to Beijing, due in five days."""

    def make(**facts: Any) -> Tasking:  # noqa: ANN401 - by field
        by = acting(centre)
        given = {"question": "요소 수출이 줄었는가?", "missions": [BEIJING], "deadline": by.at + timedelta(days=5)}
        return actions.ask(by=by, **{**given, **facts})

    return make
