"""Reports as a reader may see them, now or as of a past moment; who used them; what waits for the lake."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bongsu.alerts.models import Alert, AlertEvidence
from bongsu.language import Text
from bongsu.people.errors import NotThereError
from bongsu.people.reader import Reader
from bongsu.people.roles import Role
from bongsu.responses import fold, rules
from bongsu.responses.models import Report, ReportEvent
from bongsu.responses.states import ReportKind, ReportState, Step

REPORT = Text("보고", "report")


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """A report in a list: everything but its text.

    Args:
        tasking, alert: what it answers and bears on; None: nothing, or what is not there for this reader.
        steps: what this reader may do with it now.
    """

    id: UUID
    mission: str
    author: str
    reviewer: str
    tasking: UUID | None
    alert: UUID | None
    items: tuple[str, ...]
    place: str
    title: str
    observed_on: date | None
    origin: str
    offered: str
    reliability: str
    credibility: int | None
    grade: int
    tlp: int
    version: int
    state: ReportState
    submitted_at: datetime | None
    reviewed_at: datetime | None
    statement: int | None
    made_at: datetime
    updated_at: datetime
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportSeen(ReportLine):
    """A whole report.

    Args:
        why: the reason of its last return, or of its withdrawal.
    """

    body: str = ""
    measure: Mapping[str, Any] = field(default_factory=dict)
    bearing: str = ""
    source_name: str = ""
    link: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened to a report, without its text."""

    seq: int
    at: datetime
    kind: ReportKind
    who: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class UsedBy:
    """Where a report was of use.

    Args:
        kind: `statement` (ref: the lake's delivery) or `alert` (ref: its id).
        name: in a sentence.
    """

    kind: str
    ref: str
    name: Text


def reports(
    reader: Reader,
    *,
    as_of: datetime | None = None,
    state: str = "",
    mission: str = "",
    item: str = "",
    tasking: UUID | None = None,
    alert: UUID | None = None,
) -> tuple[ReportLine, ...]:
    """The reports that the reader may see, the newest change first."""
    rows = _rows(reader)
    asked = {"mission": mission, "seen_tasking": tasking, "seen_alert": alert}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if as_of is None:
        back = _given_back(reader, rows)
        found = [_line(reader, row, back.get(row.pk) or _standing(row)) for row in rows.defer("body", "measure")]
    else:
        events = Prefetch("events", ReportEvent.objects.filter(at__lte=as_of).select_related("actor"))
        rows = rows.filter(made_at__lte=as_of).prefetch_related(events)
        folded = [(row, _facts(reader, list(row.events.all()))) for row in rows]
        found = [_line(reader, row, facts) for row, facts in folded if _shown(reader, row, facts)]
        found.sort(key=lambda one: one.updated_at, reverse=True)
    return tuple(one for one in found if (not state or one.state == state) and (not item or item in one.items))


def report(reader: Reader, report_id: UUID, *, as_of: datetime | None = None) -> ReportSeen:
    """One report with its text, folded from its events. Reading it is noted by `actions.open_report`.

    Raises:
        NotThereError: there is none that the reader may see, or there was none then.
    """
    row = row_of(reader, report_id)
    if as_of is not None and row.made_at > as_of:
        raise NotThereError(REPORT)
    events = row.events.all() if as_of is None else row.events.filter(at__lte=as_of)
    facts = _facts(reader, list(events))
    if as_of is not None and not _shown(reader, row, facts):
        raise NotThereError(REPORT)
    line = _line(reader, row, facts)
    kept = {name: getattr(line, name) for name in ReportLine.__dataclass_fields__}
    told = {name: getattr(facts, name) for name in ("body", "measure", "bearing", "source_name", "link", "why")}
    return ReportSeen(**kept, **told)


def report_timeline(reader: Reader, report_id: UUID) -> tuple[Happening, ...]:
    """What happened to a report, without its text.

    Raises:
        NotThereError: there is none that the reader may see.
    """
    row = row_of(reader, report_id)
    return tuple(
        Happening(
            seq=one.seq,
            at=one.at,
            kind=ReportKind(one.kind),
            who=str(one.actor or ""),
            why=one.data.get("why", ""),
        )
        for one in row.events.select_related("actor")
    )


def used_by(reader: Reader, report_id: UUID) -> tuple[UsedBy, ...]:
    """Where a report was of use: its statement, and the alerts that the reader may see whose evidence rests on it.

    Raises:
        NotThereError: there is none that the reader may see.
    """
    row = row_of(reader, report_id)
    alerts = Alert.objects.filter(rules.alerts_for(reader), subject__in=row.items)
    resting = {row.alert_id} if row.alert_id else set()
    if row.reviewed_at is not None:
        since = AlertEvidence.objects.filter(of__in=alerts, at__gte=row.reviewed_at)
        resting |= {one.of_id for one in since.iterator() if _cites(one.warning, str(row.pk))}
    named = Alert.objects.filter(rules.alerts_for(reader), pk__in=resting).order_by("raised_at", "pk")
    used = [
        UsedBy(kind="alert", ref=str(one.pk), name=Text(f"조기경보 건 {one.subject}", f"alert on {one.subject}"))
        for one in named
    ]
    if row.statement is not None:
        number = f"{row.statement:,}"
        name = Text(f"기록 저장소 배달 {number}", f"delivery {number} of the lake")
        used.insert(0, UsedBy(kind="statement", ref=str(row.statement), name=name))
    return tuple(used)


def unpublished(reader: Reader) -> tuple[UUID, ...]:
    """Reports of which the lake has yet to be told, the oldest first: to be published, or withdrawn."""
    rows = Report.objects.filter(rules.reports_for(reader), rules.WAITING).order_by("updated_at", "pk")
    return tuple(row.pk for row in rows.defer("body") if rules.waits(row))


def _rows(reader: Reader) -> QuerySet[Report]:
    rows = Report.objects.filter(rules.reports_for(reader)).select_related("author", "reviewer")
    return rows.annotate(seen_alert=rules.seen_alert(reader), seen_tasking=rules.seen_tasking(reader))


def row_of(reader: Reader, report_id: UUID) -> Report:
    """A report's row.

    Raises:
        NotThereError: there is none that the reader may see.
    """
    row = _rows(reader).filter(pk=report_id).first()
    if row is None:
        raise NotThereError(REPORT)
    return row


def _cites(warning: Mapping[str, Any], report_id: str) -> bool:
    return any(
        ref.get("record") == "statement" and ref.get("key", {}).get("report") == report_id
        for ref in warning.get("evidence", ())
    )


def _shown(reader: Reader, row: Report, facts: fold.ReportFacts) -> bool:
    """Would this reader have seen it then, as it was marked then?"""
    return (
        facts.grade <= reader.grade
        and facts.tlp <= reader.tlp
        and rules.shown(
            reader,
            mission=row.mission,
            author=row.author_id,
            submitted=facts.submitted_at is not None,
            reviewed=facts.reviewed_at is not None,
        )
    )


_COLUMNS = (
    *("items", "place", "title", "observed_on", "origin", "offered", "reliability", "credibility", "grade", "tlp"),
    *("version", "submitted_at", "reviewed_at", "statement", "updated_at"),
)


def _standing(row: Report) -> fold.ReportFacts:
    """The present facts that a list shows, from the columns."""
    told = {name: getattr(row, name) for name in _COLUMNS}
    told["items"] = tuple(told["items"])
    return fold.ReportFacts(**told, state=ReportState(row.state), reviewer=row.reviewer_id)


def _facts(reader: Reader, events: Sequence[ReportEvent]) -> fold.ReportFacts:
    """A report as its mission knows it, or to all others as it was last filed."""
    whole = fold.report(events)
    if reader.role is Role.MISSION:
        return whole
    return replace(fold.report(fold.filed(events)), version=whole.version, wrote=whole.wrote)


def _given_back(reader: Reader, rows: QuerySet[Report]) -> Mapping[UUID, fold.ReportFacts]:
    """The reports that may hold what was typed since they were returned, as others than their mission know them."""
    if reader.role is Role.MISSION:
        return {}
    back = rows.filter(Q(state=ReportState.RETURNED) | Q(state=ReportState.WITHDRAWN, reviewed_at=None))
    found = defaultdict(list)
    for event in ReportEvent.objects.filter(of__in=back.values("pk")):
        found[event.of_id].append(event)
    return {pk: _facts(reader, sorted(events, key=lambda one: one.seq)) for pk, events in found.items()}


def _line(reader: Reader, row: Report, facts: fold.ReportFacts) -> ReportLine:
    return ReportLine(
        id=row.pk,
        mission=row.mission,
        author=str(row.author),
        reviewer=str(row.reviewer or "") if facts.reviewer else "",
        tasking=row.seen_tasking,  # type: ignore[attr-defined]
        alert=row.seen_alert,  # type: ignore[attr-defined]
        made_at=row.made_at,
        state=facts.state,
        steps=_steps(reader, row, facts),
        **{name: getattr(facts, name) for name in _COLUMNS},
    )


def _steps(reader: Reader, row: Report, facts: fold.ReportFacts) -> tuple[Step, ...]:
    wrote = reader.user in facts.wrote
    return tuple(
        step
        for step in rules.REPORT_STEPS
        if rules.after_report(step, facts.state)
        and rules.may_report(reader, step, mission=row.mission, author=row.author_id, wrote=wrote) is None
    )
