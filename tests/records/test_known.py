"""When a figure counts as known: lags, days without an hour, zones whose clocks jump."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.records.known import Lag, close_of_day, end_of_day, period_end

# Zones that jump at midnight, by half an hour, over a whole day, or never.
ZONES = (
    "Asia/Seoul", "America/New_York", "Europe/Brussels", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/Havana", "UTC",
)  # fmt: skip
DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 30))
MICROSECOND = timedelta(microseconds=1)


@given(DAYS, st.sampled_from(ZONES))
def test_a_day_ends_where_the_next_begins(day: date, zone: str) -> None:
    last = end_of_day(day, zone)
    assert last.tzinfo is UTC
    assert last.astimezone(ZoneInfo(zone)).date() <= day, "never a moment of the next day: that would be a look-ahead"
    assert (last + MICROSECOND).astimezone(ZoneInfo(zone)).date() > day


@given(DAYS, st.sampled_from(ZONES))
def test_days_end_one_after_the_other(day: date, zone: str) -> None:
    assert end_of_day(day, zone) <= end_of_day(day + timedelta(days=1), zone)


@given(DAYS, st.sampled_from(ZONES))
def test_the_close_of_a_day_lies_within_it(day: date, zone: str) -> None:
    closing = close_of_day(day, zone)
    assert closing.tzinfo is UTC
    local = closing.astimezone(ZoneInfo(zone))
    skipped = (zone, day) == ("Pacific/Apia", date(2011, 12, 30))  # a day that Samoa never had
    assert skipped or (local.date(), local.hour) == (day, 18)
    assert skipped or closing <= end_of_day(day, zone)


def test_closing_and_ending_by_hand() -> None:
    assert close_of_day(date(2021, 10, 13), "Asia/Shanghai") == datetime(2021, 10, 13, 10, tzinfo=UTC)
    assert end_of_day(date(2021, 10, 13), "Asia/Seoul") == datetime(2021, 10, 13, 14, 59, 59, 999999, tzinfo=UTC)
    # Clocks go forward on 14 March 2021: the same wall hour is an hour earlier in UTC.
    assert close_of_day(date(2021, 3, 13), "America/New_York") == datetime(2021, 3, 13, 23, tzinfo=UTC)
    assert close_of_day(date(2021, 3, 14), "America/New_York") == datetime(2021, 3, 14, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "frequency", "last"),
    [
        (date(2021, 5, 3), "D", date(2021, 5, 3)),
        (date(2021, 5, 3), "W", date(2021, 5, 9)),
        (date(2024, 2, 1), "M", date(2024, 2, 29)),
        (date(2023, 12, 1), "M", date(2023, 12, 31)),
        (date(2023, 10, 1), "Q", date(2023, 12, 31)),
        (date(2023, 1, 1), "A", date(2023, 12, 31)),
    ],
)
def test_periods_end(first: date, frequency: str, last: date) -> None:
    assert period_end(first, frequency) == last


def test_an_unknown_frequency_is_no_period() -> None:
    with pytest.raises(KeyError):
        period_end(date(2021, 1, 1), "X")


@pytest.mark.parametrize(
    ("lag", "first", "frequency", "day"),
    [
        (Lag(days=36), date(2020, 12, 1), "M", date(2021, 2, 5)),
        (Lag(days=0), date(2021, 5, 3), "D", date(2021, 5, 3)),
        (Lag(day_of_next_month=15), date(2021, 12, 1), "M", date(2022, 1, 15)),
        (Lag(day_of_next_month=31), date(2021, 1, 1), "M", date(2021, 2, 28)),
        (Lag(working_day_of_next_month=2), date(2021, 4, 1), "M", date(2021, 5, 4)),  # 1 May 2021 is a Saturday
        (Lag(working_day_of_next_month=1), date(2021, 9, 1), "M", date(2021, 10, 1)),
        (Lag(weekday=1, after=2), date(2021, 3, 21), "D", date(2021, 3, 23)),  # Sunday → the Tuesday two days on
        (Lag(weekday=1, after=2), date(2021, 3, 22), "D", date(2021, 3, 30)),  # Monday → a week later
        (Lag(weekday=1), date(2021, 3, 23), "D", date(2021, 3, 30)),
    ],
)
def test_a_figure_is_published_after_its_lag(lag: Lag, first: date, frequency: str, day: date) -> None:
    assert lag.publication_day(first, frequency) == day
    assert lag.known_at(first, frequency, "Asia/Seoul") == close_of_day(day, "Asia/Seoul")


LAGS = st.one_of(
    st.builds(Lag, days=st.integers(0, 400)),
    st.builds(Lag, day_of_next_month=st.integers(1, 31)),
    st.builds(Lag, working_day_of_next_month=st.integers(1, 15)),
    st.builds(Lag, weekday=st.integers(0, 6), after=st.integers(1, 10)),
)


@given(LAGS, DAYS, st.sampled_from("DWMQA"))
def test_no_figure_is_published_before_its_period_has_ended(lag: Lag, day: date, frequency: str) -> None:
    first = day if frequency in "DW" else day.replace(day=1)
    published = lag.publication_day(first, frequency)
    assert published >= period_end(first, frequency)
    if lag.weekday is not None:
        waited = (published - period_end(first, frequency)).days
        assert (published.weekday(), lag.after <= waited < lag.after + 7) == (lag.weekday, True)
    if lag.working_day_of_next_month is not None:
        days = [published.replace(day=number) for number in range(1, published.day + 1)]
        assert sum(one.weekday() < 5 for one in days) == lag.working_day_of_next_month
        assert published.weekday() < 5


def test_a_lag_says_exactly_one_thing() -> None:
    with pytest.raises(TypeError, match="exactly one"):
        Lag()
    with pytest.raises(TypeError, match="exactly one"):
        Lag(days=3, weekday=1)
