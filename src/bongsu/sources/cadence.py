"""When a source's figures are expected: its cadence and lag, at any instant. Pure; the clock is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bongsu.records.known import period_end
from bongsu.sources.source import Source

FREQUENCIES = {"daily": "D", "weekly": "W", "monthly": "M", "quarterly": "Q", "yearly": "A"}


@dataclass(frozen=True)
class Period:
    """A period, and the instant from which its figures are expected."""

    first: date
    frequency: str
    out: datetime

    def __str__(self) -> str:
        """As people write it: 2026-10, 2026-Q3, 2026, or the first day."""
        year, month = self.first.year, self.first.month
        forms = {"M": f"{year}-{month:02}", "Q": f"{year}-Q{(month + 2) // 3}", "A": str(year)}
        return forms.get(self.frequency, self.first.isoformat())


def newest_out(source: Source, now: datetime) -> Period | None:
    """The newest period whose figures should be out at `now`; None for a source without a cadence."""
    frequency = FREQUENCIES.get(source.cadence)
    if frequency is None:
        return None
    first = period_of(now.astimezone(ZoneInfo(source.zone)).date(), frequency)
    while (out := source.lag.known_at(first, frequency, source.zone)) > now:
        first = period_of(first - timedelta(days=1), frequency)
    return Period(first, frequency, out)


def next_out(source: Source, after: datetime) -> Period | None:
    """The first period whose figures are expected later than the instant `after`; None without a cadence."""
    newest = newest_out(source, after)
    if newest is None:
        return None
    first = period_end(newest.first, newest.frequency) + timedelta(days=1)
    return Period(first, newest.frequency, source.lag.known_at(first, newest.frequency, source.zone))


def overdue_from(source: Source, read: datetime) -> datetime | None:
    """From when a source read at `read` is behind by a whole period and its lag; None without a cadence."""
    missed = next_out(source, read)
    following = next_out(source, missed.out) if missed else None
    return following.out if following else None


def period_of(day: date, frequency: str) -> date:
    """First day of the period that holds `day`; weeks begin on Monday."""
    if frequency == "D":
        return day
    if frequency == "W":
        return day - timedelta(days=day.weekday())
    months = {"M": 1, "Q": 3, "A": 12}[frequency]
    return date(day.year, day.month - (day.month - 1) % months, 1)
