"""What the tests of the pages lean on: a warning as the watch gave it, an alert raised from it, and who is signed in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bongsu.alerts import actions
from bongsu.alerts.models import Alert
from bongsu.alerts.routing import Concerned
from bongsu.language import Text
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import task

NOW = "2026-11-22T03:00:00+00:00"
HERE = Path(__file__).parent
UNITS = ("mission:chn_beijing", "desk:kor_mofa_economic_security", "ministry:kor_me_2025")


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
