"""The years in which anything here may lie: others are mistakes, and some clocks and databases cannot hold them."""

from datetime import UTC, date, datetime

FIRST_YEAR, LAST_YEAR = 1900, 2200


def within(day: date) -> bool:
    """Does a day, or a moment on its own clock, lie in them?"""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def exercise(told: str) -> datetime | None:
    """The fixed moment of an exercise (`settings.NOW`), UTC; None: none is set, and the clock goes on."""
    if not told:
        return None
    moment = datetime.fromisoformat(told)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
