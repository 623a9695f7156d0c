"""Quiet hours on the receiver's own clock, held against a walk through the minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bongsu.alerts.quiet import not_before


@dataclass(frozen=True)
class Who:
    """Somebody asleep."""

    zone: str = "Asia/Seoul"
    quiet_from: time | None = time(22)
    quiet_until: time | None = time(7)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "freed"),
    [
        ("2026-11-22T12:59", None),  # 21:59 in Seoul
        ("2026-11-22T13:00", "2026-11-22T22:00"),
        ("2026-11-22T21:59", "2026-11-22T22:00"),
        ("2026-11-22T22:00", None),
    ],
)
def test_a_night_in_seoul(at: str, freed: str | None) -> None:
    assert not_before(Who(), 3, _utc(at)) == (_utc(freed) if freed else None)


@pytest.mark.parametrize("level", [None, 1, 2, 3, 4, 5])
def test_four_fires_break_through(level: int | None) -> None:
    waits = not_before(Who(), level, _utc("2026-11-22T15:00")) is not None
    assert waits == ((level or 0) < 4)


def test_a_clock_that_is_set_forward_past_the_end_of_the_night() -> None:
    who = Who("America/New_York", time(22), time(2, 30))  # on 8 March 2026 it goes from 02:00 to 03:00
    assert not_before(who, 3, _utc("2026-03-08T05:00")) == _utc("2026-03-08T07:00")


def test_a_clock_that_is_set_back_shows_the_end_of_the_night_twice() -> None:
    who = Who("America/New_York", time(22), time(1, 30))  # on 1 November 2026 it goes from 02:00 to 01:00
    assert not_before(who, 3, _utc("2026-11-01T04:00")) == _utc("2026-11-01T05:30")
    assert not_before(who, 3, _utc("2026-11-01T05:40")) is None
    assert not_before(who, 3, _utc("2026-11-01T06:10")) == _utc("2026-11-01T06:30")


def test_no_hours_equal_hours_and_a_zone_that_is_none() -> None:
    at = _utc("2026-11-22T15:00")
    assert not_before(Who(quiet_from=None), 3, at) is None
    assert not_before(Who(quiet_until=None), 3, at) is None
    assert not_before(Who(quiet_from=time(7), quiet_until=time(7)), 3, at) is None
    for zone in ("Nowhere/Atlantis", "", "../etc/passwd"):
        assert not_before(Who(zone, time(14), time(16)), 3, at) == _utc("2026-11-22T16:00")


ZONES = (
    "Asia/Seoul",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
)
minutes = some.builds(time, some.integers(0, 23), some.sampled_from((0, 15, 30, 45)))

# Any minute of a year, and those around the nights in which one of the clocks is set.
NIGHTS = (
    "2026-03-08T07:00",
    "2026-11-01T06:00",
    "2026-03-29T01:00",
    "2026-10-25T01:00",
    "2026-04-04T15:00",
    "2026-10-03T15:30",
)
moments = some.one_of(
    some.integers(0, 366 * 24 * 60).map(lambda minute: _utc("2026-01-01T00:00") + timedelta(minutes=minute)),
    some.builds(
        lambda night, minute: _utc(night) + timedelta(minutes=minute),
        some.sampled_from(NIGHTS),
        some.integers(-20 * 60, 3 * 60),
    ),
)


@given(
    moments,
    some.sampled_from(ZONES),
    minutes,
    minutes,
)
@example(_utc("2026-03-08T05:00"), "America/New_York", time(22), time(2, 30))
@example(_utc("2026-11-01T05:50"), "America/New_York", time(1, 30), time(5))
@example(_utc("2026-04-04T14:50"), "Australia/Lord_Howe", time(1, 45), time(5))
def test_it_is_the_first_minute_whose_clock_is_not_quiet(at: datetime, zone: str, starts: time, ends: time) -> None:
    expected = at
    while _quiet(expected.astimezone(ZoneInfo(zone)).time(), starts, ends):
        expected += timedelta(minutes=1)
    assert (not_before(Who(zone, starts, ends), 3, at) or at) == expected


def _quiet(clock: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= clock < ends
    return not ends <= clock < starts
