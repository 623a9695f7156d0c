"""`bongsu watch`: which items are in danger, why, how we know, how old each figure is, and whom to ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.markup import escape
from rich.text import Text as Styled

from bongsu.cli.output import Column, as_csv, as_json, as_table, as_xlsx, plain
from bongsu.cli.session import Session
from bongsu.detectors.publisher import publishers
from bongsu.detectors.signal import LAYER_NAMES, State
from bongsu.fusion.levels import fires
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch
from bongsu.language import ExitCode, Language, Text, UsageError
from bongsu.records.identity import name_of
from bongsu.records.shapes import RECORD_TYPES
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources

SHOWN_FROM = 2  # fires: calm items are counted, not listed
FIRE = "●"
MOST_USES, MOST_MISSIONS = 2, 1  # in a table's cell; explain, JSON and sheets give all
_STYLES = {5: "bold red", 4: "red", 3: "yellow", 2: "cyan"}

COLUMNS = (
    Column("fires", Text("봉수", "Level"), width=8),
    Column("name", Text("품목", "Item"), width=16),
    Column("uses", Text("쓰임(소관 → 영향)", "Uses at risk (in charge → hit)"), width=40),
    Column("reason", Text("이유", "Reason"), width=40),
    Column("layers", Text("증거 층", "Layers"), width=22),
    Column("data_month", Text("자료 월", "Data"), width=7),
    Column("missions", Text("확인할 공관", "Missions to ask"), width=20),
)
SHEET = (
    Column("level", Text("봉수(거)", "Level (fires)")),
    Column("item", Text("품목 ID", "Item id")),
    Column("name", Text("품목", "Item")),
    Column("hs", Text("HS 부호", "HS codes")),
    *COLUMNS[2:4],
    Column("present", Text("있는 층", "Layers present")),
    Column("stale", Text("오래된 층", "Stale layers")),
    Column("missing", Text("없는 층", "Missing layers")),
    Column("data_month", Text("자료 월", "Data month")),
    Column("known_at", Text("공개 시점", "Known at")),
    Column("missions", Text("확인할 공관", "Missions to ask"), width=30),
    Column("next_step", Text("다음 할 일", "Next step"), width=40),
    Column("citation", Text("출처 표시", "Citation"), width=30),
    Column("licence", Text("이용 조건", "Licence"), width=20),
)


def warnings_of(session: Session, snapshot: Snapshot, moment: datetime, items: Sequence[str]) -> tuple[Warning, ...]:
    """All warnings at a moment, the gravest first."""
    return watch(
        snapshot,
        session.catalogue(),
        session.network(),
        moment,
        publishers(sources()),
        home=session.home,
        zone=session.zone,
        items=list(items) or None,
    )


def run(
    session: Session,
    *,
    as_of: str | None,
    items: Sequence[str],
    level: int | None,
    everything: bool,
    form: str,
    xlsx: Path | None,
) -> ExitCode:
    """Print the watch in the form asked for."""
    moment = session.moment(as_of)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        found = warnings_of(session, snapshot, moment, items)
        _print(
            session, snapshot, moment, found, level=level, everything=everything or bool(items), form=form, xlsx=xlsx
        )
    finally:
        lake.close()
    return ExitCode.DONE


def _print(
    session: Session,
    snapshot: Snapshot,
    moment: datetime,
    found: Sequence[Warning],
    *,
    level: int | None,
    everything: bool,
    form: str,
    xlsx: Path | None,
) -> None:
    if level is not None and not 1 <= level <= max(_STYLES):
        raise UsageError(
            Text(f"--level {level} 값은 없습니다.", f"there is no --level {level}."),
            mend=Text("1에서 5까지의 수를 주십시오.", "Give a number from 1 to 5."),
        )
    chosen = [one for one in found if _wanted(one, level)]
    if xlsx:
        as_xlsx(session, xlsx, SHEET, [row_of(session, one) for one in chosen])
    elif form == "json":
        as_json(session, document(session, snapshot, moment, found, chosen))
    elif form == "csv":
        as_csv(session, SHEET, [row_of(session, one) for one in chosen])
    else:
        shown = chosen if everything or level else [one for one in chosen if (one.level or 0) >= SHOWN_FROM]
        _table(session, snapshot, moment, found, shown)


def _wanted(warning: Warning, level: int | None) -> bool:
    return level is None or (warning.level or 0) >= level


def document(
    session: Session, snapshot: Snapshot, moment: datetime, found: Sequence[Warning], chosen: Sequence[Warning]
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
    }


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
    return moment.astimezone(ZoneInfo(session.zone)).date().isoformat()


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
        "uses": _uses(session, warning),
        "reason": warning.reasons[0] if warning.reasons else None,
        "present": by_state[State.LIVE],
        "stale": by_state[State.STALE],
        "missing": by_state[State.MISSING],
        "data_month": data_month(warning),
        "known_at": newest.known_at if newest else None,
        "missions": [one.name for one in warning.missions],
        "next_step": warning.next_step,
        "citation": "; ".join(sorted({one.licence.citation for one in used})),
        "licence": "; ".join(sorted({one.licence.name for one in used})),
    }


def _uses(session: Session, warning: Warning, most: int | None = None) -> str:
    arrow, comma = " → ", ", "
    lines = [
        f"{session.say(use.name)} ({comma.join(map(session.say, use.in_charge)) or '?'}"
        f"{arrow + comma.join(map(session.say, use.hit)) if use.hit else ''})"
        for use in warning.uses
    ]
    return _few(lines, most or len(lines))


def _few(lines: Sequence[str], most: int) -> str:
    """The first lines, and how many more there are."""
    more = [f"+{len(lines) - most}"] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])


# ---- for people


def _table(
    session: Session, snapshot: Snapshot, moment: datetime, found: Sequence[Warning], shown: Sequence[Warning]
) -> None:
    session.out.print(_head(session, moment, found))
    for note in session.notes():
        session.out.print(f"[dim]{escape(session.say(note))}[/dim]")
    if not snapshot.versions:
        session.out.print(session.say(_EMPTY))
        return
    if shown:
        as_table(session, COLUMNS, [_line(session, one) for one in shown])
    else:
        session.out.print(session.say(Text("2거 이상인 품목이 없습니다.", "No item stands at two fires or more.")))
    session.out.print(_foot(session, found, shown))


_EMPTY = Text(
    "기록 저장소가 비어 있습니다. `bongsu sample`로 표본을 넣거나 `bongsu fetch 출처 --from 파일`로 자료를 넣으십시오.",
    "The lake is empty. Load the sample with `bongsu sample`, or your own with `bongsu fetch SOURCE --from FILE`.",
)


def _head(session: Session, moment: datetime, found: Sequence[Warning]) -> Group:
    blind = sum(one.no_current_figures for one in found)
    first = Text(
        f"{len(found)}개 품목 가운데 {blind}개는 현재 수치가 없습니다.",
        f"{blind} of {len(found)} items have no current figures.",
    )
    counts = {n: sum(one.level == n for one in found) for n in range(1, 6)}
    unknown = sum(one.level is None for one in found)
    second = Text(
        " · ".join([*(f"{n}거 {counts[n]}" for n in range(5, 0, -1)), f"판단 불가 {unknown}"]),
        " · ".join([*(f"{n} fires {counts[n]}" for n in range(5, 1, -1)), f"1 fire {counts[1]}", f"unknown {unknown}"]),
    )
    title = Text(
        f"봉수 {session.home} · {local_day(session, moment)} 기준",
        f"Bongsu {session.home} · as of {local_day(session, moment)}",
    )
    return Group(Styled(session.say(first)), Styled(session.say(title), style="bold"), Styled(session.say(second)))


def _line(session: Session, warning: Warning) -> dict[str, Any]:
    row = row_of(session, warning)
    marks = "".join(FIRE if n <= (warning.level or 0) else "·" for n in range(1, 6))
    row["fires"] = f"{session.say(fires(warning.level))}\n{marks if warning.level else '?'}"
    row["reason"] = _reasons(session, warning)
    row["layers"] = _layers(session, warning)
    row["uses"] = _uses(session, warning, MOST_USES)
    row["missions"] = _few([session.say(one) for one in row["missions"]], MOST_MISSIONS) or "?"
    row["style"] = _STYLES.get(warning.level or 0, "")
    return row


def _reasons(session: Session, warning: Warning) -> str:
    return session.say(warning.reasons[0]) if warning.reasons else session.say(warning.next_step)


def _layers(session: Session, warning: Warning) -> str:
    korean = session.language is Language.KO
    words = {
        State.LIVE: "+",
        State.STALE: "오래됨" if korean else "stale",
        State.MISSING: "없음" if korean else "missing",
    }
    lines = []
    for state in State:
        names = [session.say(LAYER_NAMES[view.layer]) for view in warning.layers_in(state)]
        if names:
            lines.append(f"{words[state]}: {', '.join(names)}")
    return "\n".join(lines)


def _foot(session: Session, found: Sequence[Warning], shown: Sequence[Warning]) -> Styled:
    hidden = len(found) - len(shown)
    unchecked = session.catalogue().unchecked()
    text = Text(
        (f"나머지 {hidden}개 품목은 --all 로 봅니다. " if hidden else "")
        + f"근거는 bongsu explain 품목@날짜 로 원본까지 봅니다. 품목 정보 {unchecked.facts}건 가운데 "
        f"{unchecked.unchecked}건은 아직 원문과 대조하지 않았습니다.",
        (f"{hidden} more with --all. " if hidden else "")
        + f"Walk back to the bytes with bongsu explain ITEM@DAY. Of {unchecked.facts} catalogue facts, "
        f"{unchecked.unchecked} have not been checked against their source yet.",
    )
    return Styled(session.say(text), style="dim")
