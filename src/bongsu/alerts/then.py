"""Alerts as they stood at a past moment, in three queries whatever their number.

Who may look is judged twice: by the markings that an alert carries today and by what concerns the reader today, so that the
past is no way around them; and by what was issued, and concerned them, then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bongsu.alerts import rules
from bongsu.alerts.fold import Standing, fold, projection
from bongsu.alerts.models import Alert, AlertEvent
from bongsu.alerts.rules import State
from bongsu.people.models import User
from bongsu.people.reader import Reader
from bongsu.people.roles import Role


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list was asked for."""

    states: frozenset[State] = frozenset(State)
    level: int | None = None
    item: str = ""
    unit: str = ""
    owner: int | None = None
    pk: UUID | None = None


def stood(reader: Reader, asked: Asked, at: datetime) -> tuple[Alert, ...]:
    """The alerts that `alerts` showed this reader at `at`, as they were."""
    named = {**({"subject": asked.item} if asked.item else {}), **({"pk": asked.pk} if asked.pk else {})}
    rows = Alert.objects.filter(rules.visible(reader), raised_at__lte=at, **named)
    events: dict[UUID, list[AlertEvent]] = defaultdict(list)
    for event in AlertEvent.objects.filter(of__in=rows.order_by().values("pk"), at__lte=at).order_by("of", "seq"):
        events[event.of_id].append(event)
    found = []
    for row in rows:
        standing = fold(events[row.pk])
        if standing is not None and _saw(reader, standing) and _fits(asked, standing):
            found.append(_as_it_was(row, standing))
    _named(found)
    return tuple(sorted(found, key=_order))


def _saw(reader: Reader, then: Standing) -> bool:
    """The same as `rules.visible`, of a standing."""
    if reader.judges:
        return True
    concerned = any(unit in then.concerns for unit in reader.units)
    return concerned and (reader.role is Role.DESK or then.issued_at is not None)


def _fits(asked: Asked, then: Standing) -> bool:
    return (
        then.state in asked.states
        and (asked.level is None or then.level == asked.level)
        and (not asked.unit or asked.unit in then.concerns)
        and (asked.owner is None or then.owner == asked.owner)
    )


def _as_it_was(row: Alert, then: Standing) -> Alert:
    for name, value in projection(row.subject, then).items():
        setattr(row, name, value)
    return row


def _named(rows: Iterable[Alert]) -> None:
    """Brings the owners of then, in one query."""
    held = [row for row in rows if row.owner_id is not None]
    owners = User.objects.defer("password").in_bulk({row.owner_id for row in held})
    for row in held:
        row.owner = owners[row.owner_id]


def _order(row: Alert) -> tuple[bool, int, float, UUID]:
    """The order of `Alert.Meta`."""
    return (row.level is None, -(row.level or 0), -row.updated_at.timestamp(), row.pk)
