"""What `bongsu watch` says of each item: as JSON, and as a row of a sheet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.cli.output import Column, plain
from bongsu.cli.session import Session
from bongsu.detectors.signal import LAYER_NAMES, State
from bongsu.fusion.budget import DEFAULT, FROM_LEVEL, ITEMS, Budget, said
from bongsu.fusion.levels import fires
from bongsu.fusion.record import record_on
from bongsu.fusion.warning import LayerView, Question, Warning  # noqa: A004 - the design's word
from bongsu.language import Text
from bongsu.records.identity import name_of
from bongsu.records.shapes import RECORD_TYPES
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources

SHEET = (
    Column("level", Text("봉수(거)", "Level (fires)")),
    Column("item", Text("품목 ID", "Item id")),
    Column("name", Text("품목", "Item")),
    Column("hs", Text("HS 부호", "HS codes")),
    Column("uses", Text("쓰임(소관 → 영향)", "Uses at risk (in charge → hit)"), width=40),
    Column("reason", Text("이유", "Reason"), width=40),
    Column("present", Text("있는 층", "Layers present")),
    Column("stale", Text("오래된 층", "Stale layers")),
    Column("missing", Text("없는 층", "Missing layers")),
    Column("data_month", Text("자료 월", "Data month")),
    Column("known_at", Text("공개 시점", "Known at")),
    Column("clocks", Text("층별 자료와 공개일", "Data and publication by layer"), width=40),
    Column("missions", Text("확인할 공관", "Missions to ask"), width=30),
    Column("next_step", Text("다음 할 일", "Next step"), width=40),
    Column("grade", Text("등급", "Grade")),
    Column("cover", Text("재고(일)", "Days of cover")),
    Column("alternatives", Text("다른 공급국", "Other suppliers"), width=30),
    Column("questions", Text("물을 날과 물음", "Questions and their days"), width=40),
    Column("calibration", Text("확률과 그 기록", "Probability and its record"), width=40),
    Column("citation", Text("출처 표시", "Citation"), width=30),
    Column("licence", Text("이용 조건", "Licence"), width=20),
)


def document(
    session: Session,
    snapshot: Snapshot,
    moment: datetime,
    found: Sequence[Warning],
    chosen: Sequence[Warning],
    budget: Budget,
) -> Mapping[str, Any]:
    """The watch as JSON; the keys are stable."""
    return {
        "as_of": moment,
        "home": session.home,
        "items": len(found),
        "no_current_figures": sum(one.no_current_figures for one in found),
        "catalogue_version": session.catalogue().version,
        "network_version": session.network().version,
        "table_versions": dict(snapshot.versions),
        "unchecked_facts": session.catalogue().unchecked().unchecked,
        "notes": session.notes(),
        "warnings": [as_document(session, one) for one in chosen],
        "budget": budget_document(budget, day_of(session, moment)),
        "questions": [question_document(one) for one in sorted(_questions(chosen), key=lambda one: (one.on, one.item))],
    }


def as_document(session: Session, warning: Warning) -> Mapping[str, Any]:
    """One warning as JSON."""
    zone_day = session.catalogue().as_of(warning.on.date()).item(warning.subject)
    return {
        "id": warning_id(session, warning),
        "item": warning.subject,
        "name": warning.name,
        "hs": [code.code for code in zone_day.hs],
        "level": warning.level,
        "fires": fires(warning.level),
        "known": warning.known,
        "dependent": warning.dependent,
        "no_current_figures": warning.no_current_figures,
        "reasons": warning.reasons,
        "dependence": _dependence(warning),
        "uses": warning.uses,
        "layers": warning.layers,
        "layers_present": [view.layer for view in warning.layers_in(State.LIVE)],
        "layers_stale": [view.layer for view in warning.layers_in(State.STALE)],
        "layers_missing": [view.layer for view in warning.layers_in(State.MISSING)],
        "data_month": data_month(warning),
        "missions": [{"id": one.id, "name": one.name, "host": one.host} for one in warning.missions],
        "alternatives": warning.alternatives,
        "days_of_cover": warning.days_of_cover,
        "raise_if": warning.raise_if,
        "lower_if": warning.lower_if,
        "next_step": warning.next_step,
        "evidence": evidence_of(warning),
        "grade": warning.grade,
        "probability": warning.probability,
        "calibration": warning.calibration,
        "questions": [question_document(one) for one in warning.questions],
    }


def budget_document(budget: Budget, on: date) -> Mapping[str, Any]:
    """The false-alarm budget as JSON: what was asked for, what follows, what the rules gave in the record before `on`."""
    held = record_on(on)
    raised, strong = budget.rates
    return {
        "alarms_per_week": budget.alarms,
        "default": DEFAULT,
        "from_level": FROM_LEVEL,
        "items": ITEMS,
        "per_item_year": budget.per_item_year,
        "marks": budget.marks,
        "false_alarms_per_series_year": {"raised": raised, "strong": strong},
        "follows": budget.reached,
        "alarms_per_week_in_record": held.alarms_per_week(ITEMS) if held else None,
        "item_years_in_record": held.item_years if held else None,
        "alarms_per_week_in_record_where_live": held.live_alarms_per_week(ITEMS) if held else None,
        "live_item_years_in_record": held.live_item_years if held else None,
        "said": said(budget, held),
    }


def _questions(warnings: Sequence[Warning]) -> list[Question]:
    return [question for warning in warnings for question in warning.questions]


def question_document(question: Question) -> Mapping[str, Any]:
    """One question as JSON."""
    who = question.mission
    return {
        "mission": {"id": who.id, "name": who.name, "host": who.host} if who else None,
        "item": question.item,
        "on": question.on,
        "due": question.due,
        "because": question.because,
    }


def asked(session: Session, question: Question) -> str:
    """One question in a line: its day, whom, and what."""
    who = question.mission.name if question.mission else Text("관할 공관", "the mission in charge")
    day = question.on.isoformat()
    if question.due:
        day = session.say(Text(f"{day} (물을 때가 됨)", f"{day} (due)"))
    return f"{day} {session.say(who)}: {session.say(question.because)}"


def _dependence(warning: Warning) -> Any:  # noqa: ANN401 - JSON
    if warning.dependence is None:
        return None
    kept = plain(warning.dependence)
    kept.pop("refs", None)
    return kept


def evidence_of(warning: Warning) -> list[str]:
    """The names of the records behind a warning."""
    return [name_of(RECORD_TYPES[ref.record], ref.key) for ref in warning.evidence]


def warning_id(session: Session, warning: Warning) -> str:
    """What `bongsu explain` takes: the item and the day."""
    return f"{warning.subject}@{local_day(session, warning.on)}"


def local_day(session: Session, moment: datetime) -> str:
    """The day of `moment` at home."""
    return day_of(session, moment).isoformat()


def day_of(session: Session, moment: datetime) -> date:
    """The same as a date."""
    return moment.astimezone(ZoneInfo(session.zone)).date()


def data_month(warning: Warning) -> str | None:
    """The month of the newest figure."""
    view = warning.newest
    if view is None or view.valid is None:
        return None
    return f"{view.valid:%Y}" if view.frequency == "A" else f"{view.valid:%Y-%m}"


def row_of(session: Session, warning: Warning) -> dict[str, Any]:
    """One warning as a row of a sheet, with citation and licence."""
    used = [sources()[view.source] for view in warning.layers if view.source in sources() and view.valid is not None]
    item = session.catalogue().item(warning.subject)
    by_state = {state: [LAYER_NAMES[view.layer] for view in warning.layers_in(state)] for state in State}
    newest = warning.newest
    return {
        "level": warning.level,
        "fires": fires(warning.level),
        "item": warning.subject,
        "name": warning.name,
        "hs": "; ".join(code.code for code in item.hs),
        "uses": uses(session, warning),
        "reason": warning.reasons[0] if warning.reasons else None,
        "present": by_state[State.LIVE],
        "stale": by_state[State.STALE],
        "missing": by_state[State.MISSING],
        "data_month": data_month(warning),
        "known_at": newest.known_at if newest else None,
        "clocks": [_clock(session, view) for view in warning.layers if view.valid is not None],
        "missions": [one.name for one in warning.missions],
        "next_step": warning.next_step,
        "grade": warning.grade.letter,
        "cover": warning.days_of_cover.days if warning.days_of_cover else None,
        "alternatives": [one.name for one in warning.alternatives],
        "questions": [asked(session, one) for one in warning.questions],
        "calibration": warning.calibration,
        "citation": "; ".join(sorted({one.licence.citation for one in used})),
        "licence": "; ".join(sorted({one.licence.name for one in used})),
    }


def _clock(session: Session, view: LayerView) -> str:
    """A layer's newest figure: of which period, and public since when."""
    known = local_day(session, view.known_at) if view.known_at else "?"
    words = Text("{layer}: {valid} 자료, {known} 공개", "{layer}: of {valid}, public {known}")
    return session.say(words.format(layer=LAYER_NAMES[view.layer], valid=str(view.valid), known=known))


def uses(session: Session, warning: Warning, most: int | None = None) -> str:
    """The uses at risk, each with the ministries in charge and hit."""
    arrow, comma = " → ", ", "
    lines = [
        f"{session.say(use.name)} ({comma.join(map(session.say, use.in_charge)) or '?'}"
        f"{arrow + comma.join(map(session.say, use.hit)) if use.hit else ''})"
        for use in warning.uses
    ]
    return few(lines, most or len(lines))


def few(lines: Sequence[str], most: int) -> str:
    """The first lines, and how many more there are."""
    more = [f"+{len(lines) - most}"] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])
