"""The day of a moment, at home."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bongsu.api.clock import now
from bongsu.responses.home import home_zone


def day_of(as_of: datetime | None) -> date:
    """Today at home, or the day that `as_of` was there."""
    return (as_of or now()).astimezone(ZoneInfo(home_zone())).date()
