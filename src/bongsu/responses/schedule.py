"""Standing checks: how often, by when on the mission's own clock, and what is known of one at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bongsu.responses.home import mission_zone
from bongsu.responses.models import CheckDone, StandingCheck
from bongsu.responses.states import CheckState

# By the item's grade. One whose grade is not known is looked at each month: unknown is not safe, and not an alarm either.
EVERY: Mapping[str | None, str] = {"A": "weekly", "B": "fortnightly", "C": "monthly", "D": "quarterly", None: "monthly"}
_A_MONDAY = date(2001, 1, 1)  # fortnights are counted from it
_WEEKS = {"weekly": 1, "fortnightly": 2}
_MONTHS = {"monthly": 1, "quarterly": 3}


@dataclass(frozen=True)
class Period:
    """A period of a standing check: its beginning belongs to it, its end does not."""

    starts: datetime
    ends: datetime


def period(every: str, moment: datetime, zone: str) -> Period:
    """The week, fortnight, month or quarter that `moment` lies in, on the clock of a zone.

    A period begins with a day's first instant there. Where the clock skips midnight, the day begins after the gap.
    """
    local = moment.astimezone(ZoneInfo(zone)).date()
    first, following = _weeks(local, _WEEKS[every]) if every in _WEEKS else _months(local, _MONTHS[every])
    return Period(_begins(first, zone), _begins(following, zone))


def _weeks(day: date, weeks: int) -> tuple[date, date]:
    first = day - timedelta(days=(day - _A_MONDAY).days % (7 * weeks))
    return first, first + timedelta(weeks=weeks)


def _months(day: date, months: int) -> tuple[date, date]:
    number = day.year * 12 + day.month - 1
    first = number - number % months
    return tuple(date(at // 12, at % 12 + 1, 1) for at in (first, first + months))  # type: ignore[return-value]


def _begins(day: date, zone: str) -> datetime:
    """The first instant of a day: midnight, the earlier of two, or what comes after a midnight that the clock skips."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due_after(every: str, last: datetime, zone: str) -> datetime:
    """By when the next answer is due after one at `last`: the end of the period that follows.

    So nobody is late before a whole period was theirs; it holds for the day on which a check begins as well.
    """
    return period(every, period(every, last, zone).ends, zone).ends


@dataclass(frozen=True)
class Answer:
    """An answer: when, and whether it was 특이동향 없음."""

    at: datetime
    nil: bool


def state_of(
    every: str, begun: datetime, answers: Iterable[Answer], zone: str, now: datetime
) -> tuple[CheckState, datetime]:
    """What is known of a check at `now`, and by when the next answer is due.

    Args:
        every: how often.
        begun: from when an answer is awaited.
        answers: those that count, in any order; later ones than `now` are not seen.
        zone: the mission's.
        now: as of when.
    """
    last = max((one for one in answers if one.at <= now), key=lambda one: one.at, default=None)
    due = due_after(every, begun if last is None else last.at, zone)
    if now >= due:
        return CheckState.OVERDUE, due
    if last is not None and last.at >= period(every, now, zone).starts:
        return CheckState.NIL if last.nil else CheckState.REPORTED, due
    return CheckState.DUE, due


def counts(done: CheckDone, now: datetime) -> bool:
    """Does an answer count at `now`? One by a report that was withdrawn by then does not."""
    withdrawn_at = done.report.withdrawn_at if done.report else None
    return done.at <= now and (withdrawn_at is None or withdrawn_at > now)


def folded(check: StandingCheck) -> None:
    """Write what folds from a check's answers into its row."""
    standing = check.done.exclude(report__withdrawn_at__isnull=False)
    last = max((one.at for one in standing), default=check.counted_from or check.since)
    check.due_at = due_after(check.every, last, mission_zone(check.mission))
    check.save(update_fields=("due_at",))
