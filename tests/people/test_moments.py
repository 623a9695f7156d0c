from datetime import UTC, datetime

import pytest

from bongsu.people.moments import exercise


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("", None),
        ("2021-10-13T09:00+09:00", datetime(2021, 10, 13, tzinfo=UTC)),
        ("2021-10-13T09:00", datetime(2021, 10, 13, 9, tzinfo=UTC)),
    ],
)
def test_an_exercise_has_one_clock_whatever_the_machines_zone(told: str, moment: datetime | None) -> None:
    assert exercise(told) == moment
