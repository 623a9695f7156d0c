"""`bongsu backtest`: what the rules would have said, and when, on data as it was known at the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape

from bongsu.cli.backtest_document import document, summary_rows
from bongsu.cli.backtest_found import Found
from bongsu.cli.backtest_report import report
from bongsu.cli.output import Column, as_json, as_table
from bongsu.cli.session import Session
from bongsu.cli.stamp import stamp, stamped
from bongsu.codes.zones import zones
from bongsu.detectors.publisher import publishers
from bongsu.fusion.backtest.events import read_events
from bongsu.fusion.backtest.files import FUSED, Case, known_span, read_cases, read_quiet
from bongsu.fusion.backtest.fused import HORIZON, Fused, FusedCase, Tell, fused, fused_case
from bongsu.fusion.backtest.run import NAMED, SEED, backtest, check_rules
from bongsu.fusion.backtest.walk import Watching
from bongsu.fusion.record import Record
from bongsu.fusion.today import reads_of
from bongsu.items.catalogue import catalogue_for
from bongsu.language import BadInputError, ExitCode, Language, Text, UsageError
from bongsu.missions import network_for
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources

COLUMNS = (
    Column("layer", Text("증거 층", "Layer")),
    Column("rule", Text("규칙", "Rule")),
    Column("budget", Text("예산", "Budget"), right=True),
    Column("caught", Text("적중", "Hits"), right=True),
    Column("rate", Text("오경보/계열·년", "False/series-year"), right=True),
    Column("lead", Text("앞선 날(중앙값)", "Lead days (median)"), right=True),
    Column("unseen", Text("못 본 절반의 적중률", "Recall, unseen half")),
    Column("ap", Text("평균정밀도", "Avg. precision"), right=True),
    Column("skill", Text("브라이어 기술", "Brier skill"), right=True),
)


@dataclass(frozen=True)
class Asked:
    """What the user asks for."""

    cases: Path
    quiet: Path | None
    first: str | None
    last: str | None
    rules: str | None
    all_items: bool
    record: Path | None
    report: Path | None


def run(session: Session, asked: Asked, *, as_json_: bool) -> ExitCode:
    """Run the backtest, and print it in the form asked for."""
    cases = read_cases(asked.cases)
    quiet = read_quiet(asked.quiet) if asked.quiet else ()
    chosen = _rules(asked.rules, cases)
    span = _span(asked)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        marks = stamp(session, snapshot, SEED)  # of the code that runs, not of what it has become by the end
        with session.err.status("") as status:
            tell: Tell = status.update
            outcomes = tuple(backtest(snapshot, cases, quiet, span=span, chosen=chosen, tell=tell))
            judged = tuple(_fused_cases(session, snapshot, cases, tell)) if "ours" in chosen else ()
            whole = _whole(session, snapshot, asked, tell)
        found = Found(outcomes, judged, whole, marks, span, len(quiet))
    finally:
        lake.close()
    _leave(session, asked, found, as_json_=as_json_)
    return ExitCode.DONE


def _leave(session: Session, asked: Asked, found: Found, *, as_json_: bool) -> None:
    if asked.record and found.whole:
        _write(session, asked.record, _record(found.whole, found.stamp).text())
    if asked.report:
        _write(session, asked.report, report(session, found))
    if as_json_:
        as_json(session, document(found))
    else:
        _print(session, found)


def _rules(told: str | None, cases: Sequence[Case]) -> tuple[str, ...]:
    chosen = NAMED if told is None else tuple(word.strip().casefold() for word in told.split(",") if word.strip())
    check_rules(chosen, {case.layer for case in cases if case.layer != FUSED})
    return chosen


def _span(asked: Asked) -> Any:  # noqa: ANN401 - two days, or None
    try:
        return known_span(asked.first, asked.last)
    except BadInputError as error:
        raise UsageError(error.what, where=error.where, mend=error.mend) from None


def watching(session: Session, snapshot: Snapshot, home: str) -> Watching:
    """The watch of a home country; Korea's catalogue where it has brought none."""
    own = session.catalogue() if home == session.home else catalogue_for(home)
    return Watching(
        snapshot,
        own,
        session.network() if home == session.home else network_for(home),
        publishers(sources(), reads_of(snapshot)),
        home,
        zones().get(home, "UTC"),
    )


def _fused_cases(session: Session, snapshot: Snapshot, cases: Sequence[Case], tell: Tell) -> list[FusedCase]:
    found = []
    for case in cases:
        if case.layer == FUSED and case.flow is not None:
            tell(f"{FUSED} · {case.id}")
            found.append(fused_case(watching(session, snapshot, case.flow.reporter), case))
    return found


def _whole(session: Session, snapshot: Snapshot, asked: Asked, tell: Tell) -> Fused | None:
    if not (asked.all_items or asked.record):
        return None
    return fused(watching(session, snapshot, session.home), read_events(), tell=tell)


def _record(whole: Fused, marks: Mapping[str, Any]) -> Record:
    return Record(
        months=whole.months,
        years=whole.years,
        horizon_days=HORIZON.days,
        command="bongsu backtest --cases FILE --record FILE",
        stamp=marks,
    )


def _write(session: Session, path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            Text(f"파일을 쓸 수 없습니다({error.strerror}).", f"the file cannot be written ({error.strerror})."),
            where=str(path),
            mend=Text("폴더가 있는지 확인하십시오.", "Check that its folder is there."),
        ) from error
    session.err.print(session.say(Text("{path}에 썼습니다.", "Written to {path}.").format(path=path)))


# ---- for people


def _print(session: Session, found: Found) -> None:
    as_table(session, COLUMNS, [_line(row) for row in summary_rows(found) if row["layer"] != FUSED])
    for line in lines(found):
        session.out.print(escape(session.say(line)))
    session.out.print(f"[dim]{escape(stamped(found.stamp))}[/dim]")


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    unseen = row["unseen_recall"]
    return {
        **row,
        "budget": f"{row['budget']:.2f}",
        "caught": f"{'–' if row['hits'] is None else row['hits']}/{row['cases']}",
        "rate": _figure(row["false_alarms_per_series_year"]),
        "lead": row["median_lead_days"],
        "unseen": None if unseen is None else f"{unseen['mean']:.0%} ({unseen['least']:.0%}–{unseen['most']:.0%})",
        "ap": _figure(row["average_precision"]),
        "skill": _figure(row["brier_skill"]),
        "style": "bold" if row["rule"] == "ours" else "",
    }


def _figure(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def lines(found: Found) -> list[Text]:
    """What is said beneath the table: cases of fusion, its false alarms, what had no figures, what was assumed."""
    said = [_case_line(one) for one in found.fused_cases]
    if found.whole:
        said.append(_whole_line(found.whole))
    absent = found.no_figures
    if absent:
        shown = ", ".join(absent[:5]) + (" …" if len(absent) > 5 else "")  # noqa: PLR2004 - enough to see which
        said.append(
            Text(
                f"수치가 없는 계열 {len(absent)}개(그 기간에만 없는 것도 셈, 사례이면 놓친 사례): {shown}.",
                f"{len(absent)} series without figures, or without any in their days (a case among them counts as missed): "
                f"{shown}.",
            )
        )
    return [*said, *found.not_found, *found.assumptions]


def _case_line(one: FusedCase) -> Text:
    if one.first is None:
        return Text(f"{one.case.id}: 기간 안에 3거에 이르지 않았다.", f"{one.case.id}: not at three fires in its days.")
    uses_ko, uses_en = (", ".join(name.to(lang) for _, name in one.uses) for lang in Language)
    return Text(
        f"{one.case.id}: {one.first}부터 3거 이상(최고 {one.level}거). 쓰임: {uses_ko}.",
        f"{one.case.id}: three fires or more from {one.first} (at most {one.level}). Uses: {uses_en}.",
    )


def _whole_line(whole: Fused) -> Text:
    rate = "–" if whole.per_item_year is None else f"{whole.per_item_year:.4f}"
    years = f"{whole.first.year}–{whole.last.year}"
    return Text(
        f"융합 {years}: 4거 이상 {len(whole.episodes)}번, 그 가운데 거짓 {len(whole.false_alarms)}번 / "
        f"{whole.item_years} 품목·년 = {rate} (살아 있는 증거 층 2개 이상; 전체 {whole.all_item_years} 품목·년). "
        f"사건 {whole.events}건 가운데 {whole.caught}건.",
        f"Fused {years}: {len(whole.episodes)} episodes at four fires or more, {len(whole.false_alarms)} of them false, "
        f"/ {whole.item_years} item-years = {rate} (two live layers or more; {whole.all_item_years} item-years in all). "
        f"{whole.caught} of {whole.events} events.",
    )
