"""Alerts as they stood at a past moment, in four queries whatever their number.

What has not changed since is as its row says; only the others are folded from their events. Who may look is judged twice: by
the markings that an alert carries today and by what concerns the reader today, so that the past is no way around them; and by
what was issued, and concerned them, then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from bongsu.alerts import rules
from bongsu.alerts.fold import Standing, fold, projection
from bongsu.alerts.models import Alert, AlertEvent, Concern
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

    @property
    def lasting(self) -> Q:
        """The rows that it is about, whatever happens to them."""
        about = Q(pk=self.pk) if self.pk else Q()
        return about & Q(subject=self.item) if self.item else about

    @property
    def now(self) -> Q:
        """The rows that fit as they are."""
        wanted = self.lasting
        if self.states != frozenset(State):
            wanted &= Q(state__in=sorted(self.states))
        if self.level is not None:
            wanted &= Q(level=self.level)
        if self.unit:
            wanted &= Q(pk__in=Concern.objects.filter(unit=self.unit).values("of"))
        return wanted & Q(owner=self.owner) if self.owner is not None else wanted

    def fits(self, then: Standing) -> bool:
        """Did it fit, as it stood then?"""
        return (
            then.state in self.states
            and (self.level is None or then.level == self.level)
            and (not self.unit or self.unit in then.concerns)
            and (self.owner is None or then.owner == self.owner)
        )


class _Event(NamedTuple):
    """An event without the weight of a model: there are tens of thousands."""

    seq: int
    at: datetime
    kind: str
    actor_id: int | None
    data: Any


def stood(reader: Reader, asked: Asked, at: datetime) -> tuple[Alert, ...]:
    """The alerts that `alerts` showed this reader at `at`, as they were."""
    seen = Alert.objects.filter(rules.visible(reader), raised_at__lte=at).order_by()
    same = seen.filter(asked.now, updated_at__lte=at).select_related("owner").defer("owner__password")
    moved = seen.filter(asked.lasting, updated_at__gt=at)
    events: dict[UUID, list[_Event]] = defaultdict(list)
    kept = AlertEvent.objects.filter(of__in=moved.values("pk"), at__lte=at).order_by("of", "seq")
    for pk, *event in kept.values_list("of", *_Event._fields):
        events[pk].append(_Event(*event))
    folded = [(row, fold(events[row.pk])) for row in moved]
    found = [_as_it_was(row, then) for row, then in folded if then and _saw(reader, then) and asked.fits(then)]
    _named(found)
    return tuple(sorted((*same, *found), key=_order))


def _saw(reader: Reader, then: Standing) -> bool:
    """The same as `rules.visible`, of a standing."""
    if reader.judges:
        return True
    concerned = any(unit in then.concerns for unit in reader.units)
    return concerned and (reader.role is Role.DESK or then.issued_at is not None)


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
