"""The watch over time: where nobody stands it, and what stands on the one page that is handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.people.models import HandOver, Shift
from bongsu.people.queries import HAND_OVER, hand_overs, on_duty
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES

LOOK_AHEAD = timedelta(days=14)
_PAGE = timedelta(days=2)  # of the coming watches, what a printed page has room for
_NOTES = 3


@dataclass(frozen=True)
class Hole:
    """A time in which nobody is called first."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Page:
    """A hand-over on one printed page; the alerts that are open are added by whoever prints it.

    Args:
        hand_over: who gives, who takes, the note.
        standing: who had the watch when it was given.
        coming: the watches of the next two days.
        holes: the times in the coming fourteen days in which nobody has it.
        before: the hand-overs before this one, the newest first.
    """

    hand_over: HandOver
    standing: tuple[Shift, ...]
    coming: tuple[Shift, ...]
    holes: tuple[Hole, ...]
    before: tuple[HandOver, ...]


def holes(since: datetime, until: datetime) -> tuple[Hole, ...]:
    """When between `since` and `until` nobody stands watch; an account that was shut stands none."""
    return tuple(_gaps(((one.starts, one.ends) for one in _shifts(since, until)), since, until))


def page(reader: Reader, hand_over: int) -> Page:
    """What stands on the hand-over's page.

    Raises:
        NotThereError: there is none that this reader may see.
    """
    there = hand_overs(reader).filter(pk=hand_over).first()
    if there is None:
        raise NotThereError(HAND_OVER)
    at = there.given_at
    earlier = hand_overs(reader).filter(Q(given_at__lt=at) | Q(given_at=at, pk__lt=there.pk))
    return Page(
        hand_over=there,
        standing=on_duty(at),
        coming=tuple(one for one in _shifts(at, at + _PAGE) if one.starts > at),
        holes=holes(at, at + LOOK_AHEAD),
        before=tuple(earlier[:_NOTES]),
    )


def told(hole: Hole) -> Text:
    """A hole in words, in UTC; screens show it in their reader's own time."""
    span = f"{hole.starts:%Y-%m-%d %H:%M}–{hole.ends:%Y-%m-%d %H:%M} UTC"
    return Text(f"{span}: 당직이 없습니다.", f"{span}: nobody has the watch.")


def _shifts(since: datetime, until: datetime) -> tuple[Shift, ...]:
    standing = Shift.objects.filter(starts__lt=until, ends__gt=since, officer__is_active=True, officer__role__in=JUDGES)
    return tuple(standing.select_related("officer").order_by("starts", "order", "pk"))


def _gaps(spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime) -> Iterable[Hole]:
    """What `spans`, ascending, leave uncovered."""
    covered = since
    for starts, ends in spans:
        if starts > covered:
            yield Hole(covered, min(starts, until))
        covered = max(covered, ends)
    if covered < until:
        yield Hole(covered, until)
