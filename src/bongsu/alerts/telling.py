"""Who is told of an alert now, and who answers for it: what an action writes into its event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from bongsu.alerts import quiet, rules
from bongsu.alerts.fold import Standing
from bongsu.alerts.rules import State
from bongsu.people.models import User
from bongsu.people.queries import on_duty
from bongsu.people.roles import JUDGES, OFFICERS, Role

_FROM_ISSUE = frozenset({"mission", "ministry"})  # outside the house: only what was issued
_UNIT_FIELDS = ("mission", "desk", "ministry")


@dataclass(frozen=True)
class Told:
    """A unit that is to be told, at which level, and from when on."""

    unit: str
    level: int
    not_before: datetime | None

    def as_data(self) -> dict[str, Any]:
        """For the event."""
        return {"unit": self.unit, "level": self.level, "not_before": self.not_before and self.not_before.isoformat()}


def untold(standing: Standing) -> tuple[str, ...]:
    """The units concerned that must be told in this state, and were not told at this level or a higher one."""
    level = standing.level or 0
    return tuple(
        unit
        for unit in sorted(standing.concerns)
        if standing.told.get(unit, -1) < level
        and (standing.state is State.ISSUED or unit.partition(":")[0] not in _FROM_ISSUE)
    )


def tell(standing: Standing, at: datetime, also: Iterable[int] = ()) -> dict[str, Any]:
    """Tells whom this level concerns and nobody twice: `told`, and `unstaffed`, the units where nobody can read it.

    Where nobody can, whoever answers for the alert, or is on call, is told as well.

    Args:
        standing: as the event leaves it.
        at: when.
        also: accounts that were given the alert.
    """
    if not standing.open:
        return {}
    told, empty = _told(standing, untold(standing), at)
    people = (*also, *(_instead(standing, at) if empty else ()))
    own = [unit for unit in (f"user:{pk}" for pk in people) if standing.told.get(unit, -1) < (standing.level or 0)]
    told += [one for one in _told(standing, own, at)[0] if one not in told]
    return {**({"told": [one.as_data() for one in told]} if told else {}), **({"unstaffed": empty} if empty else {})}


def _told(standing: Standing, units: Iterable[str], at: datetime) -> tuple[list[Told], list[str]]:
    """The units as told, and those of them where nobody can read it; a company hears by releases, a shut account not."""
    asked = tuple(dict.fromkeys(units))
    staff = _staff(standing, asked)
    told = [
        Told(unit, standing.level or 0, _earliest(staff[unit], standing.level, at))
        for unit in asked
        if staff[unit] or not unit.startswith("user:")
    ]
    return told, [one.unit for one in told if not staff[one.unit]]


def _instead(standing: Standing, at: datetime) -> tuple[int, ...]:
    return (standing.owner,) if standing.owner is not None else on_call(standing, at)[:1]


def _earliest(staff: Sequence[User], level: int | None, at: datetime) -> datetime | None:
    """When the first of them may be told; None: at once."""
    moments = [quiet.not_before(user, level, at) for user in staff]
    return None if not moments or None in moments else min(moment for moment in moments if moment)


def _staff(standing: Standing, units: Iterable[str]) -> Mapping[str, list[User]]:
    """The people behind each unit who can read an alert of these markings."""
    staff: dict[str, list[User]] = defaultdict(list)
    asked = set(units)
    if not asked:
        return staff
    named = {kind: [unit.partition(":")[2] for unit in asked if unit.startswith(f"{kind}:")] for kind in _UNIT_FIELDS}
    ids = [int(unit[5:]) for unit in asked if unit.startswith("user:") and unit[5:].isdigit()]
    behind = Q(pk__in=ids)
    for kind, names in named.items():
        behind |= Q(**{f"{kind}__in": names})
    for user in _able(standing).filter(behind, role__in=OFFICERS).order_by("pk"):
        for unit in asked.intersection(user.reader.units):
            staff[unit].append(user)
    return staff


def _able(standing: Standing) -> Any:  # noqa: ANN401 - a query set, whose type differs between Django and its stubs
    """The accounts that are open and cleared for it."""
    return User.objects.filter(is_active=True, grade__gte=standing.grade, tlp__gte=standing.tlp).defer("password")


def on_call(standing: Standing, at: datetime) -> tuple[int, ...]:
    """Who can be made to answer, in the order in which they are called: the rota, then duty officers, then analysts."""
    able = {user.pk: user.role for user in _able(standing).filter(role__in=JUDGES).order_by("pk")}
    rota = [shift.officer_id for shift in on_duty(at) if shift.officer_id in able]
    rest = [pk for role in (Role.DUTY, Role.CENTRE) for pk, has in able.items() if has == role]
    return tuple(dict.fromkeys((*rota, *rest)))


def answers(standing: Standing) -> bool:
    """Is its owner somebody who can still see and handle it?"""
    owner = _able(standing).filter(pk=standing.owner).first() if standing.owner is not None else None
    if owner is None:
        return False
    concerned = any(unit in standing.concerns for unit in owner.reader.units)
    return owner.role in JUDGES or (owner.role == Role.DESK and concerned)


def hold(standing: Standing, at: datetime) -> dict[str, Any]:
    """Gives an alert at three fires or more somebody who answers for it: `owner`, and `due_at`.

    `owner` None says that nobody is there at all: loud on every screen, and asked again when it is due.
    """
    if not standing.accountable:
        return {}
    soon = at + rules.within(standing.level)
    if answers(standing):
        due = soon if standing.due_at is None else min(soon, standing.due_at)
        return {"due_at": due.isoformat()} if standing.awaited and due != standing.due_at else {}
    first = next(iter(on_call(standing, at)), None)
    known = first is None and standing.owner is None and standing.due_at is not None
    return {} if known else _handed(first, soon)


def call_next(standing: Standing, at: datetime) -> dict[str, Any]:
    """Hands an alert that nobody acknowledged to the next on call; after the last, to the first again."""
    soon = at + rules.within(standing.level)
    line = on_call(standing, at)
    called = standing.called if set(line) - set(standing.called) else ()
    owner = next((pk for pk in line if pk not in called), None)
    return {**_handed(owner, soon), **({} if owner is None else {"called": [*called, owner]})}


def _handed(owner: int | None, due: datetime) -> dict[str, Any]:
    return {"owner": owner, "due_at": due.isoformat(), "called": [] if owner is None else [owner]}


def complete(standing: Standing, at: datetime) -> dict[str, Any]:
    """All that follows from how an event leaves an alert: who answers, by when, and who is told."""
    if not standing.open:
        return {}
    held = hold(standing, at)
    owner: int | None = held.get("owner", standing.owner)
    asked = () if owner is None or (not standing.awaited and "owner" not in held) else (owner,)
    return {**held, **tell(replace(standing, owner=owner), at, also=asked)}
