"""What tests of alerts lean on: raising one, and who is concerned."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def concerned() -> Callable[..., Any]:
    """Makes those concerned: `concerned("mission:chn_beijing", "desk:supply")`."""
    from bongsu.alerts.routing.shapes import Concerned  # noqa: PLC0415 - the analytic half's tests need no Django
    from bongsu.language import Text  # noqa: PLC0415 - likewise

    return lambda *units: [Concerned(unit, "rule", Text(f"{unit} 때문에", f"for {unit}")) for unit in units]


@pytest.fixture
def raised(concerned: Callable[..., Any]) -> Callable[..., Any]:
    """Raises an alert: `raised(level=3, units=("desk:supply",))`."""
    from bongsu.alerts import actions  # noqa: PLC0415 - likewise
    from bongsu.people.markings import Grade, Tlp  # noqa: PLC0415 - likewise
    from bongsu.people.reader import task  # noqa: PLC0415 - likewise

    def make(
        *,
        subject: str = "urea",
        level: int | None = 3,
        units: Sequence[str] = (),
        at: datetime = MOMENT,
        marks: tuple[int, int] = (Grade.O, Tlp.CLEAR),
        **warning: Any,  # noqa: ANN401 - JSON
    ) -> Any:  # noqa: ANN401 - an alert
        return actions.raise_alert(
            by=task(at),
            warning={"subject": subject, "level": level, **warning},
            level=level,
            grade=Grade(marks[0]),
            tlp=Tlp(marks[1]),
            concerns=concerned(*units),
        )

    return make
