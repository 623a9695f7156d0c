"""`bongsu indicators`: what can be computed, and computing it from the lake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import ibis

from bongsu.cli.home_flows import HOME, is_asked, of_all, up_to
from bongsu.cli.output import Column, as_csv, as_json, as_table, as_xlsx
from bongsu.cli.records import source_held
from bongsu.cli.session import Session, country_code
from bongsu.indicators import hhi, joined_codes, korean_bands, production_balance
from bongsu.indicators.indicator import Indicator, indicators
from bongsu.indicators.rollup import rolled_up
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.shapes import PRODUCTION, TRADE_FLOW
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources

SUMMARIES: Mapping[str, Callable[[ibis.Table], ibis.Table]] = MappingProxyType({
    "korean_bands": lambda flows: korean_bands.summary(korean_bands.korean_bands(flows)),
    "hhi": hhi.summary,
    "joined_codes": joined_codes.summary,
    "production_balance": production_balance.summary,
})  # fmt: skip
MOST_LINES = 200  # of a table on a screen; the other forms give all

LIST = (
    Column("id", Text("지표", "Indicator")),
    Column("name", Text("이름", "Name"), width=34),
    Column("unit", Text("단위", "Unit"), width=18),
    Column("formula", Text("식", "Formula"), width=44),
    Column("source", Text("식의 출처", "Source of the formula"), width=44),
)


@dataclass(frozen=True)
class Asked:
    """What the user narrowed the records to."""

    reporter: str
    flow: str
    source: str | None
    valid: str | None
    codes: tuple[str, ...]
    digits: int | None
    roll_up_from: int | None
    as_of: str | None


def run(session: Session, name: str | None, asked: Asked, *, summary: bool, form: str, xlsx: Path | None) -> ExitCode:
    """List the indicators, or compute one."""
    if name is None:
        rows: list[dict[str, Any]] = [_described(one) for one in indicators().values()]
        columns: Sequence[Column] = LIST
    else:
        rows = _computed(session, indicator(name), asked, by_band=summary)
        columns = _columns(rows)
    if xlsx:
        as_xlsx(session, xlsx, columns, rows)
    elif form == "json":
        as_json(session, rows)
    elif form == "csv":
        as_csv(session, columns, rows)
    else:
        as_table(session, columns, islice(rows, MOST_LINES))
        _foot(session, name, rows)
    return ExitCode.DONE


def indicator(name: str) -> Indicator:
    """The indicator called `name`; UsageError names those there are."""
    try:
        return indicators()[name]
    except KeyError:
        raise UsageError(
            Text(f"'{name}' 지표는 없습니다.", f"there is no indicator '{name}'."),
            mend=Text(f"있는 지표: {', '.join(indicators())}.", f"There are: {', '.join(indicators())}."),
        ) from None


def _described(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "unit": one.unit,
        "formula": one.formula,
        "source": one.source,
        "caveats": one.caveats,
        "records": [record.name for record in one.records],
    }


def _computed(session: Session, one: Indicator, asked: Asked, *, by_band: bool) -> list[dict[str, Any]]:
    if by_band and one.id not in SUMMARIES:
        names = ", ".join(SUMMARIES)
        raise UsageError(Text(f"--summary가 있는 지표: {names}.", f"--summary is there for: {names}."), where=one.id)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        tables = _tables(session, snapshot, one, asked)
        if by_band:
            table = snapshot.arrow(SUMMARIES[one.id](tables[0]))
        else:
            table = one.run(
                *tables, apply=snapshot.engine.apply, hold=snapshot.engine.hold, **_arguments(session, one, asked)
            )
    finally:
        lake.close()
    rows: list[dict[str, Any]] = table.to_pylist()
    if HOME in one.asks:
        rows = [row for row in rows if is_asked(row, asked.codes, _period(asked.valid).get("valid"))]
    return [{**row, **_cited(row)} for row in rows]


def _cited(row: Mapping[str, Any]) -> dict[str, Any]:
    source = sources().get(str(row.get("source")))
    return {"citation": source.licence.citation, "licence": source.licence.name} if source else {}


def _arguments(session: Session, one: Indicator, asked: Asked) -> dict[str, Any]:
    day = session.moment(asked.as_of).astimezone(ZoneInfo(session.zone)).date()
    return {name: country_code(asked.reporter, "--reporter") if name == HOME else day for name in one.asks}


def _tables(session: Session, snapshot: Snapshot, one: Indicator, asked: Asked) -> list[ibis.Table]:
    moment = session.moment(asked.as_of)
    tables = []
    for record in one.records:
        where: dict[str, Any] = {}
        if asked.source:
            source_held(snapshot, asked.source)
            where["source"] = asked.source
        if record is TRADE_FLOW and HOME in one.asks:
            flows = snapshot.as_of(record, moment, {**where, **up_to(_last(asked), asked.flow)})
            tables.append(_of_all(flows, asked))
            continue
        if record is TRADE_FLOW:
            where |= {
                "reporter": country_code(asked.reporter, "--reporter"),
                "flow": _direction(asked.flow),
                **_period(asked.valid),
            }
        elif record is PRODUCTION:
            where |= {**_period(asked.valid), **({"commodity": asked.codes} if asked.codes else {})}
        table = snapshot.as_of(record, moment, where)
        tables.append(_flows(table, asked) if record is TRADE_FLOW else table)
    return tables


def _by_year(asked: Asked) -> bool:
    return asked.valid is not None and len(asked.valid) == len("2024")


def _last(asked: Asked) -> date | None:
    """The last first day of the periods to read; a year is made of its months where it is not given as one."""
    first: date | None = _period(asked.valid).get("valid")
    return first.replace(month=12) if first and _by_year(asked) else first


def _of_all(flows: ibis.Table, asked: Asked) -> ibis.Table:
    """The rows of all reporters, where `--reporter` is the home that is asked for."""
    home = country_code(asked.reporter, "--reporter")
    return of_all(flows, home, asked.codes, by_year=_by_year(asked), depths=(asked.roll_up_from, asked.digits))


def _flows(flows: ibis.Table, asked: Asked) -> ibis.Table:
    if _by_year(asked):
        yearly = flows.filter(flows.frequency == "A")
        flows = yearly
    if asked.roll_up_from and asked.digits:
        flows = rolled_up(flows, asked.roll_up_from, asked.digits)
    elif asked.digits:
        flows = flows.filter(flows.code.length() == asked.digits)
    return flows.filter(flows.code.isin(asked.codes)) if asked.codes else flows


def _period(valid: str | None) -> dict[str, Any]:
    """`--valid`: a year means its yearly figures, a month its monthly ones."""
    if valid is None:
        return {}
    try:
        first = date.fromisoformat(f"{valid}-01-01" if len(valid) == len("2024") else f"{valid}-01")
    except ValueError:
        raise UsageError(
            Text(f"'{valid}' 값은 기간이 아닙니다.", f"'{valid}' is no period."),
            where="--valid",
            mend=Text("2024 또는 2024-03 처럼 쓰십시오.", "Write 2024 or 2024-03."),
        ) from None
    return {"valid": first}


def _direction(flow: str) -> str:
    if flow not in {"import", "export"}:
        raise UsageError(
            Text(f"'{flow}' 방향은 없습니다.", f"there is no flow '{flow}'."),
            where="--flow",
            mend=Text("import(수입) 또는 export(수출)를 쓰십시오.", "Use import or export."),
        )
    return flow


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    names = list(rows[0]) if rows else []
    shown = [name for name in names if name not in {"citation", "licence"}]
    kept = [Column(name, Text(name, name), right=not isinstance(rows[0][name], str)) for name in shown]
    return [*kept, *(Column(name, Text(name, name), width=20) for name in ("citation", "licence") if name in names)]


def _foot(session: Session, name: str | None, rows: Sequence[object]) -> None:
    if name is None:
        return
    if not rows:
        none = Text(
            "해당하는 기록이 없습니다. bongsu records 로 무엇이 있는지 보십시오.",
            "No such records: bongsu records shows what is held.",
        )
        session.out.print(session.say(none))
    elif len(rows) > MOST_LINES:
        more = Text(
            "{n:,}행 가운데 {most}행. 모두 보려면 --csv, --json, --xlsx.",
            "{most} of {n:,} rows; --csv, --json or --xlsx give all.",
        )
        session.out.print(session.say(more.format(n=len(rows), most=MOST_LINES)))
