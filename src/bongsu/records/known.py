"""When the world could know a fact: publication lags, and dates without an hour (docs/decisions/0003)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# An office publishes within its working day. A day without an hour counts from then, in the publisher's zone.
CLOSE_OF_DAY = time(18, 0)


def close_of_day(day: date, zone: str) -> datetime:
    """The instant from which something published on `day`, hour unknown, counts as known (UTC)."""
    return datetime.combine(day, CLOSE_OF_DAY, ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The last microsecond of `day` in `zone` (UTC): what `--as-of DATE` means in the home zone."""
    return (datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone))).astimezone(UTC) - timedelta(
        microseconds=1
    )


def period_end(first: date, frequency: str) -> date:
    """Last day of the period that starts on `first`; frequency is D, W, M, Q or A."""
    if frequency == "D":
        return first
    if frequency == "W":
        return first + timedelta(days=6)
    months = {"M": 1, "Q": 3, "A": 12}[frequency]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


@dataclass(frozen=True)
class Lag:
    """How long after a period's end its figure is published. Exactly one of the fields is given.

    Args:
        days: calendar days after the period's last day.
        day_of_next_month: that day of the month after the period's last day.
        working_day_of_next_month: the n-th Monday-to-Friday of that month (holidays are not known here).
        weekday: figures come once a week, on this day (0 Monday … 6 Sunday), at least `after` days past the period.
    """

    days: int | None = None
    day_of_next_month: int | None = None
    working_day_of_next_month: int | None = None
    weekday: int | None = None
    after: int = 1

    def __post_init__(self) -> None:
        given = [self.days, self.day_of_next_month, self.working_day_of_next_month, self.weekday]
        if sum(one is not None for one in given) != 1:
            message = "a lag has exactly one of days, day_of_next_month, working_day_of_next_month, weekday"
            raise TypeError(message)

    def publication_day(self, first: date, frequency: str) -> date:
        """The day on which the figure of the period starting on `first` is published."""
        end = period_end(first, frequency)
        if self.weekday is not None:
            earliest = end + timedelta(days=self.after)
            return earliest + timedelta(days=(self.weekday - earliest.weekday()) % 7)
        next_month = period_end(end.replace(day=1), "M") + timedelta(days=1)
        if self.day_of_next_month is not None:
            return min(next_month + timedelta(days=self.day_of_next_month - 1), period_end(next_month, "M"))
        if self.working_day_of_next_month is not None:
            return _working_day(next_month, self.working_day_of_next_month)
        return end + timedelta(days=self.days or 0)

    def known_at(self, first: date, frequency: str, zone: str) -> datetime:
        """When the figure counts as known (UTC)."""
        return close_of_day(self.publication_day(first, frequency), zone)


def _working_day(first_of_month: date, nth: int) -> date:
    day, seen = first_of_month, 0
    while True:
        seen += day.weekday() < 5  # noqa: PLR2004 - Saturday is 5
        if seen == nth:
            return day
        day += timedelta(days=1)
