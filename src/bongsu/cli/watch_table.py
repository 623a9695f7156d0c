"""`bongsu watch` for people: the head, the table, the foot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text as Styled

from bongsu.cli.output import Column, as_table
from bongsu.cli.session import Session
from bongsu.cli.watch_rows import day_of, few, local_day, row_of, uses
from bongsu.detectors.signal import LAYER_NAMES, State
from bongsu.fusion.budget import Budget, said
from bongsu.fusion.levels import SEVERE, fires
from bongsu.fusion.record import record_on
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.language import Language, Text
from bongsu.records.snapshot import Snapshot

FIRE = "●"
MOST_USES, MOST_MISSIONS = 2, 1  # in a table's cell; explain, JSON and sheets give all
WIDE_ENOUGH = 110  # columns from which a table reads better than lines one below the other
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


def table(
    session: Session,
    snapshot: Snapshot,
    moment: datetime,
    found: Sequence[Warning],
    shown: Sequence[Warning],
    budget: Budget,
) -> None:
    """Print the watch.

    Args:
        session: language and output.
        snapshot: the lake that was asked.
        moment: as of when.
        found: all warnings, for the counts.
        shown: those that the table lists.
        budget: the false-alarm budget in force.
    """
    session.out.print(_head(session, moment, found))
    for note in session.notes():
        session.out.print(f"[dim]{escape(session.say(note))}[/dim]")
    if not snapshot.versions:
        session.out.print(session.say(_EMPTY))
        return
    if shown and session.out.width >= WIDE_ENOUGH:
        as_table(session, COLUMNS, [_line(session, one) for one in shown])
        session.out.print(*_to_do(session, shown), sep="\n")
    elif shown:
        session.out.print(*(_entry(session, one) for one in shown), sep="\n")
    else:
        session.out.print(session.say(Text("2거 이상인 품목이 없습니다.", "No item stands at two fires or more.")))
    session.out.print(_foot(session, moment, found, shown, budget))


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
    row["reason"] = _reason(session, warning)
    row["layers"] = _layers(session, warning)
    row["uses"] = uses(session, warning, MOST_USES)
    row["missions"] = few([session.say(one) for one in row["missions"]], MOST_MISSIONS) or "?"
    row["style"] = _STYLES.get(warning.level or 0, "")
    return row


def _reason(session: Session, warning: Warning) -> str:
    return session.say(warning.reasons[0]) if warning.reasons else session.say(warning.next_step)


def _urgent(warning: Warning) -> bool:
    """Is something to be done now: at four fires, or where a question is due?"""
    return (warning.level or 0) >= SEVERE or any(question.due for question in warning.questions)


def _to_do(session: Session, shown: Sequence[Warning]) -> list[str]:
    """What is to be done now, an item a line; items with the same to do together."""
    same: dict[str, list[str]] = {}
    for one in filter(_urgent, shown):
        same.setdefault(session.say(one.next_step), []).append(session.say(one.name))
    return [f"[bold]→ {escape(', '.join(names))}[/bold]: {escape(step)}" for step, names in same.items()]


def _entry(session: Session, warning: Warning) -> Group:
    """One warning on a narrow screen: a heading, then a line for each of what the table has in columns."""
    line, style = _line(session, warning), _STYLES.get(warning.level or 0, "")
    marks = line["fires"].replace("\n", " ")
    head = Styled(f"{marks}  {session.say(warning.name)}", style=f"bold {style}".strip())
    step = [f"→ {session.say(warning.next_step)}"] if _urgent(warning) else []
    says = Text("쓰임", "Uses"), Text("증거 층", "Layers"), Text("공관", "Ask")
    told = [line["uses"], line["layers"].removeprefix("+: "), line["missions"]]
    rows = [f"{session.say(what)}: {'; '.join(cell.splitlines())}" for what, cell in zip(says, told, strict=True)]
    month = f"{session.say(Text('자료 월', 'Data'))}: {line['data_month'] or '–'}"
    body = [_reason(session, warning), *step, *rows, month]
    return Group(head, *(Padding(Styled(part), (0, 0, 0, 2)) for part in body), "")


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


def _foot(
    session: Session, moment: datetime, found: Sequence[Warning], shown: Sequence[Warning], budget: Budget
) -> Group:
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
    lines = (*said(budget, record_on(day_of(session, moment))), text)
    return Group(*(Styled(session.say(line), style="dim") for line in lines))
