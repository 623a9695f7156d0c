"""What is asked of alerts. Each question knows who asks, and answers only what that reader may have.

The past is folded from events: `as_of` gives what was there then (`alerts.then`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from bongsu.alerts import rules
from bongsu.alerts.checklists import Entry, checklist_at
from bongsu.alerts.fold import Standing, Tick, fold, step
from bongsu.alerts.models import ACCOUNTABLE_FROM, Alert, AlertEvent, AlertEvidence, Concern, Telling
from bongsu.alerts.rules import ALERT, OPEN, State, Step
from bongsu.alerts.then import Asked, stood
from bongsu.language import Text
from bongsu.people.errors import InvalidError, NotThereError
from bongsu.people.models import User
from bongsu.people.reader import Reader
from bongsu.people.roles import JUDGES, Role

Alerts: TypeAlias = QuerySet[Alert] | tuple[Alert, ...]


def alerts(
    reader: Reader,
    *,
    as_of: datetime | None = None,
    state: State | str | None = None,
    level: int | None = None,
    item: str = "",
    unit: str = "",
    mine: bool = False,
) -> Alerts:
    """Alerts, the highest level first.

    Args:
        reader: who asks.
        as_of: the list as it was then; None: now.
        state: only these; `open`: all that are being handled.
        level: only of this level.
        item: only on this item.
        unit: only what concerns this unit.
        mine: only what the reader answers for.

    Raises:
        InvalidError: there is no such state.
    """
    asked = Asked(states=_states(state), level=level, item=item, unit=unit, owner=reader.user if mine else None)
    nobody = mine and reader.user is None
    foreign = bool(unit) and unit not in reader.units and not rules.handles(reader)
    if nobody or foreign or "\0" in item + unit:  # PostgreSQL takes no NUL, and nothing is named so
        return Alert.objects.none() if as_of is None else ()
    if as_of is not None:
        return stood(reader, asked, as_of)
    return Alert.objects.filter(rules.visible(reader), asked.now).select_related("owner").defer("owner__password")


def _states(state: State | str | None) -> frozenset[State]:
    if state == "open":
        return OPEN
    try:
        return frozenset({State(state)} if state else State)
    except ValueError:
        raise InvalidError(_NO_STATE, where=str(state)[:40]) from None


_NO_STATE = Text("그런 상태가 없습니다.", "there is no such state.")


def alert(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> Alert:
    """One alert, now or as it stood.

    Raises:
        NotThereError: none that this reader may see.
    """
    seen: Sequence[Alert] | QuerySet[Alert]
    if as_of is None:
        seen = Alert.objects.filter(rules.visible(reader), pk=pk).select_related("owner").defer("owner__password")[:1]
    else:
        seen = stood(reader, Asked(pk=pk), as_of)
    for found in seen:
        return found
    raise NotThereError(ALERT)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an alert's history.

    Args:
        who: the name of who did it; "": a task of ours.
        why: the reason given.
        state, level: as it left them; `was`: the level before.
        overridden: a person's level stands.
        owner: who answers for it since, where that changed; `unattended`: nobody is there.
        concerned, told, unstaffed: units.
        entry: of the checklist.
        note: its text.
        other: the other alert, of a merge or a replacement.
    """

    seq: int
    at: datetime
    kind: Step
    who: str
    via: str
    why: str
    state: State
    level: int | None
    was: int | None
    overridden: bool
    owner: str = ""
    unattended: bool = False
    concerned: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    unstaffed: tuple[str, ...] = ()
    entry: str = ""
    note: str = ""
    other: str = ""
    evidence: bool = False


def timeline(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> tuple[Line, ...]:
    """What happened to an alert, the oldest first; who does not handle alerts reads what was decided, not how."""
    row = alert(reader, pk, as_of=as_of)
    events = list(row.events.filter(seq__lte=row.version).select_related("actor").order_by("seq"))
    owners = User.objects.in_bulk([one.data["owner"] for one in events if one.data.get("owner")])
    names = {user.pk: str(user) for user in owners.values()}
    lines, before = [], None
    for event in events:
        after = step(before, event)
        lines.append(_line(event, before, after, names))
        before = after
    return tuple(lines) if rules.handles(reader) else tuple(_bare(line) for line in lines if _decided(line))


def _line(event: AlertEvent, before: Standing | None, after: Standing, names: dict[int, str]) -> Line:
    data: dict[str, Any] = event.data
    return Line(
        seq=event.seq,
        at=event.at,
        kind=Step(event.kind),
        who=str(event.actor) if event.actor else "",
        via=event.via,
        why=data.get("why", ""),
        state=after.state,
        level=after.level,
        was=before.level if before else None,
        overridden=after.override is not None,
        owner=names.get(data.get("owner") or 0, ""),
        unattended="owner" in data and data["owner"] is None,
        concerned=tuple(one["unit"] for one in data.get("concerns", ())),
        told=tuple(one["unit"] for one in data.get("told", ())),
        unstaffed=tuple(data.get("unstaffed", ())),
        entry=data.get("entry", ""),
        note=data.get("text", ""),
        other=data.get("into") or data.get("source", ""),
        evidence="evidence" in data,
    )


_DECISIONS = frozenset(
    {
        Step.RAISE,
        Step.ISSUE,
        Step.CLOSE,
        Step.REOPEN,
        Step.WITHDRAW,
        Step.SUPERSEDE,
        Step.MERGE,
    }
)


def _decided(line: Line) -> bool:
    return line.kind in _DECISIONS or line.level != line.was


def _bare(line: Line) -> Line:
    """A decision without the names, notes and other units behind it; the reason only where it is one for all."""
    return Line(
        seq=line.seq,
        at=line.at,
        kind=line.kind,
        who="",
        via="",
        why=line.why if line.kind in _DECISIONS else "",
        state=line.state,
        level=line.level,
        was=line.was,
        overridden=line.overridden,
    )


def evidence(reader: Reader, pk: UUID, seq: int | None = None, *, as_of: datetime | None = None) -> AlertEvidence:
    """The warning behind an alert: the newest, or the one that event `seq` brought; 1 is the one frozen when raised.

    Raises:
        NotThereError: no such alert or evidence that this reader may see.
    """
    row = alert(reader, pk, as_of=as_of)
    kept = row.evidence.filter(seq__lte=row.version, **({} if seq is None else {"seq": seq})).order_by("-seq").first()
    if kept is None:
        raise NotThereError(ALERT)
    return kept


@dataclass(frozen=True)
class Todo:
    """An entry of an alert's checklist, who is to be reached for it, and whether it is done.

    Args:
        reach: the units concerned that the entry speaks of.
        tick: when and by whom it was done; None: not yet.
        who: the name of who did it.
        extra: it was ticked at a level that no longer holds.
    """

    entry: Entry
    reach: tuple[str, ...]
    tick: Tick | None
    who: str = ""
    extra: bool = False


def checklist(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> tuple[Todo, ...]:
    """What is to be done at an alert's level, and what was ticked at a higher one; only for those who handle alerts."""
    row = alert(reader, pk, as_of=as_of)
    if not rules.handles(reader):
        return ()
    standing = fold(row.events.filter(seq__lte=row.version).order_by("seq"))
    ticks = standing.ticks if standing else {}
    units = standing.concerns if standing else {}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[one.actor for one in ticks.values()])}
    due = checklist_at(row.level)
    extra = [entry for entry in checklist_at(max(rules.LEVELS)) if entry not in due and entry.id in ticks]
    return tuple(_todo(entry, units, ticks, names, extra=entry in extra) for entry in (*due, *extra))


def _todo(entry: Entry, units: Any, ticks: Any, names: dict[int, str], *, extra: bool) -> Todo:  # noqa: ANN401 - of the fold
    kind = entry.contact.unit
    reach = tuple(unit for unit in sorted(units) if kind and unit.startswith(f"{kind}:"))
    tick = ticks.get(entry.id)
    return Todo(entry, reach, tick, names.get(tick.actor, "") if tick else "", extra)


def concerns(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> QuerySet[Concern]:
    """Whom an alert concerns, and why; who does not handle alerts reads only their own unit."""
    row = alert(reader, pk, as_of=as_of)
    return Concern.objects.filter(_own(reader), of=row, seq__lte=row.version)


def tellings(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> QuerySet[Telling]:
    """Who was told at which level; who does not handle alerts reads only their own unit."""
    row = alert(reader, pk, as_of=as_of)
    return Telling.objects.filter(_own(reader), of=row, seq__lte=row.version)


def to_escalate(reader: Reader, now: datetime) -> tuple[UUID, ...]:
    """Alerts that nobody acknowledged in time, or that nobody answers for, the most urgent first; for the task."""
    gone = Q(owner__isnull=True) | Q(owner__is_active=False)
    blind = Q(owner__grade__lt=F("grade")) | Q(owner__tlp__lt=F("tlp"))
    handles = Q(owner__role__in=JUDGES) | (Q(owner__role=Role.DESK) & Exists(_owners_units()))
    waiting = Alert.objects.filter(rules.visible(reader), open_for__isnull=False, level__gte=ACCOUNTABLE_FROM)
    return tuple(waiting.filter(Q(due_at__lte=now) | gone | blind | ~handles).values_list("pk", flat=True))


def _owners_units() -> QuerySet[Concern]:
    """What of an alert concerns its owner, as `Reader.units` names it."""
    columns = {"mission": "owner__mission", "desk": "owner__desk", "ministry": "owner__ministry", "user": "owner"}
    units = [Concat(Value(f"{kind}:"), Cast(OuterRef(name), CharField())) for kind, name in columns.items()]
    return Concern.objects.filter(of=OuterRef("pk"), unit__in=units)


def _own(reader: Reader) -> Q:
    return Q() if rules.handles(reader) else Q(unit__in=reader.units)
