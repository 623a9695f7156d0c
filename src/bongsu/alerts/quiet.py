"""Quiet hours on the receiver's own clock: when somebody may next be told, also where that clock jumps."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bongsu.alerts.rules import BREAKS_QUIET_FROM

_DAYS = 2  # no quiet hours last longer


class Receiver(Protocol):
    """Somebody with a clock and hours in which only what cannot wait reaches them."""

    zone: str
    quiet_from: time | None
    quiet_until: time | None


def not_before(who: Receiver, level: int | None, at: datetime) -> datetime | None:
    """When `who` may be told of an alert at `level`; None: at once."""
    if (level or 0) >= BREAKS_QUIET_FROM or who.quiet_from is None or who.quiet_until is None:
        return None
    return _free_from(at, _zone(who.zone), (who.quiet_from, who.quiet_until))


def _zone(name: str) -> ZoneInfo:
    """The zone, or UTC where the name is none: an odd entry in an account keeps no warning back for ever."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _quiet(at: datetime, zone: ZoneInfo, hours: tuple[time, time]) -> bool:
    starts, ends = hours
    clock = at.astimezone(zone).time()
    return starts <= clock < ends if starts < ends else starts != ends and (clock >= starts or clock < ends)


def _free_from(at: datetime, zone: ZoneInfo, hours: tuple[time, time]) -> datetime | None:
    """The first moment from `at` on at which the clock on the wall shows no quiet hour; None: it is now."""
    if not _quiet(at, zone, hours):
        return None
    today = at.astimezone(zone).date()
    ends = [
        datetime.combine(today + timedelta(days=day), hours[1]).replace(tzinfo=zone, fold=fold).astimezone(UTC)
        for day in range(_DAYS + 1)
        for fold in (0, 1)  # where the clock is set back it shows the hour twice
    ]
    return min(end for end in (*ends, *_jumps(at, zone)) if end > at and not _quiet(end, zone, hours))


def _jumps(at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When the zone's clock is next set forward or back: it may leave the quiet hours by that."""
    start = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=hour) for hour in range(24 * _DAYS)]
    for low, high in pairwise(hours):
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            yield _change(low, high, zone)


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the clock is set, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high
