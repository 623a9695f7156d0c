"""Before an alert is issued: who would be told, why, who was told already, and whom nobody could be found for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from bongsu.alerts import queries, rules
from bongsu.alerts.models import Alert
from bongsu.alerts.routing.floor import routed, today
from bongsu.alerts.routing.shapes import Routed, Unreached
from bongsu.alerts.routing.wording import unit_name
from bongsu.language import Text, UsageError
from bongsu.missions import network_for
from bongsu.people.errors import DeniedError
from bongsu.people.models import User
from bongsu.people.reader import Reader


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A unit that an alert concerns, or would.

    Args:
        unit: as routing names it; `name` as people do.
        rule: by which it is reached first.
        why: every reason.
        concerned: it stands on the alert already.
        told: the highest level at which it was told; None: not yet.
        told_at: when that was.
        now: today's rules and facts reach it; otherwise it was reached earlier, and stays.
    """

    unit: str
    name: Text
    rule: str
    why: Text
    concerned: bool
    told: int | None
    told_at: datetime | None
    now: bool

    def news(self, level: int | None) -> bool:
        """Would it hear of this level for the first time?"""
        return (-1 if self.told is None else self.told) < (level or 0)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What issuing an alert would do.

    Args:
        on: the day for which ministries and missions are looked up.
        level: the one that counts; None: it cannot be given.
        reached: units, new ones first.
        unreached: what was looked for in vain.
        receivers: how many subscribers a release would be for; they are not told of the alert.
        rises: it is asked for a level that does not stand yet: raising it by hand makes all that it reaches concerned.
    """

    on: date
    level: int | None
    reached: tuple[Reached, ...]
    unreached: tuple[Unreached, ...]
    receivers: int
    rises: bool

    @property
    def newly_told(self) -> tuple[Reached, ...]:
        """Those who would hear of it, or of this level, for the first time."""
        return tuple(one for one in self.reached if one.news(self.level) and (one.concerned or self.rises))

    @property
    def to_come(self) -> tuple[Reached, ...]:
        """Those whom today's facts reach and the alert does not name yet: the next turn of the watch adds them."""
        return tuple(one for one in self.reached if not one.concerned and not self.rises)


def preview(reader: Reader, pk: UUID, *, at: datetime, level: int | None = None) -> Preview:
    """What issuing an alert now would do, by the newest evidence.

    Args:
        reader: one of those who handle alerts.
        pk: the alert.
        at: now.
        level: what if it stood at this one; None: as it stands.

    Raises:
        NotThereError: no such alert that this reader may see.
        DeniedError: they may see it, but not how it is handled.
    """
    row = queries.alert(reader, pk)
    if not rules.handles(reader):
        raise DeniedError(_HANDLERS_ONLY)
    asked = row.level if level is None else level
    found = _routed(reader, row, asked, at)
    return Preview(
        on=today(at),
        level=asked,
        reached=tuple(sorted(_reached(reader, row, found), key=lambda one: one.told is not None)),
        unreached=found.unreached,
        receivers=len(found.receivers),
        rises=level is not None and level > (row.level or 0),
    )


def _routed(reader: Reader, row: Alert, level: int | None, at: datetime) -> Routed:
    try:
        return routed(queries.evidence(reader, row.pk).warning, level=level, at=at)
    except UsageError:
        return Routed((), unreached=(Unreached("", f"item:{row.subject}", _NO_ITEM),))


def _reached(reader: Reader, row: Alert, found: Routed) -> Iterator[Reached]:
    told = {one.unit: one for one in queries.tellings(reader, row.pk).order_by("level")}
    kept = {one.unit: one for one in queries.concerns(reader, row.pk)}
    named = {one.unit: (one.rule, one.why) for one in found.concerned}
    before = {one.unit: (one.rule, Text(one.why_ko, one.why_en)) for one in kept.values() if one.unit not in named}
    names = _people((*named, *before))
    for unit, (rule, why) in {**named, **before}.items():
        last = told.get(unit)
        yield Reached(
            unit=unit,
            name=names.get(unit) or unit_name(unit, network_for(settings.HOME)),
            rule=rule,
            why=why,
            concerned=unit in kept,
            told=last.level if last else None,
            told_at=last.at if last else None,
            now=unit in named,
        )


def _people(units: tuple[str, ...]) -> dict[str, Text]:
    """The names behind `user:17`, in one question."""
    ids = [int(unit[5:]) for unit in units if unit.startswith("user:") and unit[5:].isdigit()]
    found = User.objects.filter(pk__in=ids).only("pk", "name", "username") if ids else ()
    return {f"user:{user.pk}": Text(str(user), str(user)) for user in found}


_HANDLERS_ONLY = Text("건을 다루는 사람만 봅니다.", "this is for those who handle alerts.")
_NO_ITEM = Text(
    "품목 목록에 없는 품목이라 누가 알아야 하는지 따질 수 없다.",
    "The item is in no catalogue, and so whom it concerns cannot be said.",
)
