"""Standing checks as a reader may see them at a moment: nothing there, reported, due, or overdue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery, UUIDField

from bongsu.people.reader import Reader
from bongsu.responses import rules
from bongsu.responses.home import mission_zone
from bongsu.responses.models import CheckDone, StandingCheck
from bongsu.responses.schedule import Answer, state_of
from bongsu.responses.states import CheckState


@dataclass(frozen=True, kw_only=True)
class CheckSeen:
    """A standing check at a moment.

    Args:
        due_at: by when the next answer is due.
        last_at: of the last answer; None: there was none.
        last_report: the report that it was; None: 특이동향 없음, or none.
    """

    id: int
    mission: str
    item: str
    every: str
    since: datetime
    due_at: datetime
    state: CheckState
    last_at: datetime | None
    last_report: UUID | None


def checks(
    reader: Reader, *, as_of: datetime, state: str = "", mission: str = "", item: str = ""
) -> tuple[CheckSeen, ...]:
    """The standing checks that stood at a moment, the next due first.

    Args:
        reader: who asks.
        as_of: now, or a past moment.
        state: one of `CheckState`; "" for all.
        mission: whose; "" for all.
        item: of what; "" for all.
    """
    standing = Q(since__lte=as_of) & (Q(ended_at=None) | Q(ended_at__gt=as_of))
    rows = StandingCheck.objects.filter(rules.checks_for(reader), standing)
    if mission:
        rows = rows.filter(mission=mission)
    if item:
        rows = rows.filter(item=item)
    valid = Q(report__withdrawn_at=None) | Q(report__withdrawn_at__gt=as_of)
    last = CheckDone.objects.filter(valid, of=OuterRef("pk"), at__lte=as_of).order_by("-at", "-pk")
    rows = rows.annotate(
        last_at=Subquery(last.values("at")[:1]),
        last_nil=Subquery(last.values("nil")[:1]),
        last_report=Subquery(last.values("report")[:1], output_field=UUIDField()),
    )
    found = (_seen(row, as_of) for row in rows)
    return tuple(
        sorted((one for one in found if not state or one.state == state), key=lambda one: (one.due_at, one.id))
    )


def _seen(row: StandingCheck, now: datetime) -> CheckSeen:
    last_at, last_nil, last_report = row.last_at, row.last_nil, row.last_report  # type: ignore[attr-defined]
    answers = () if last_at is None else (Answer(last_at, last_nil),)
    state, due = state_of(row.every, row.counted_from or row.since, answers, mission_zone(row.mission), now)
    return CheckSeen(
        id=row.pk,
        mission=row.mission,
        item=row.item,
        every=row.every,
        since=row.since,
        due_at=due,
        state=state,
        last_at=last_at,
        last_report=last_report,
    )
