"""The watch over time: where nobody stands it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bongsu.people.models import Shift
from bongsu.people.roles import JUDGES

LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Hole:
    """A time in which nobody is called."""

    starts: datetime
    ends: datetime


def holes(since: datetime, until: datetime) -> tuple[Hole, ...]:
    """When between `since` and `until` nobody stands watch; an account that was shut stands none."""
    shifts = Shift.objects.filter(starts__lt=until, ends__gt=since, officer__is_active=True, officer__role__in=JUDGES)
    spans = shifts.order_by("starts").values_list("starts", "ends")
    return tuple(_gaps(spans, since, until))


def _gaps(spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime) -> Iterable[Hole]:
    """What `spans`, ascending, leave uncovered."""
    covered = since
    for starts, ends in spans:
        if starts > covered:
            yield Hole(covered, min(starts, until))
        covered = max(covered, ends)
    if covered < until:
        yield Hole(covered, until)
