"""Shares of supply and of use from the EU's assessment of critical raw materials.

Where each table goes, and why:

- **Global supply** becomes `production`, with the unit "share": it says how the world's output is divided among
  countries, which is what USGS and BGS say in tonnes. So one indicator of concentration reads all three, and they can be
  held side by side. No World line is made up; a share is of the whole by its unit.
- **EU supply** becomes `dependence`, reporter EU, measure "supply": it says on whom one market leans, the EU's own
  producers among them. As production it would read as if Germany mined a quarter of the world's aggregates.
- **Uses** become `production` of measure "use" with country EU: the last link of the same chain, one line an application.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from bongsu.codes.tables import rows as table_rows
from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.shapes import DEPENDENCE, PRODUCTION
from bongsu.sources.printed import Printed, printed
from bongsu.sources.producers import edition_vintage, odd_row, producer, production_rows, slug, western_rows
from bongsu.sources.reading import Vintage, naming
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError

SUPPLY = ("Material", "Stage", "Country", "Share", "t")
USES = ("Material", "Application", "Share", "NACE sector")
SYSTEM = "EU_CRM"
_SECTOR = re.compile(r"^(?P<code>[A-U]\d{2})\b")
_BOTH_CONGOS = "congo, d.r."


@dataclass(frozen=True)
class _Terms:
    """What holds for all rows of a delivery."""

    source: str
    first: date
    last: date
    supply: str | None  # global or eu, where the user says it
    stages: Mapping[str, str]
    published: Vintage


@dataclass
class _Made:
    production: list[dict[str, Any]] = field(default_factory=list)
    dependence: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    strange: set[str] = field(default_factory=set)
    seen: int = 0


@dataclass(frozen=True)
class _Row:
    raw: int
    number: int
    cells: Mapping[str, str]
    beside: frozenset[str]  # the countries, in small letters, that share its material and stage


def read(request: ReadRequest) -> Reading:
    """Any of the three tables; a statement is a row. An extract of a study withdraws nothing.

    Raises:
        BadInputError: none of the tables, or one of supply that does not say whose.
    """
    terms = _terms(request)
    made = _Made()
    for place, raw in enumerate(request.raws):
        _read_one(place, raw, terms, made)
    return Reading(
        batches=tuple(_batches(made, terms)),
        bad_rows=tuple(made.bad),
        published=terms.published.published,
        published_basis=terms.published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=(*terms.published.notes, *_notes(made)),
    )


def _terms(request: ReadRequest) -> _Terms:
    settings, given = request.source.settings, dict(request.mapping or {})
    period = {name: given.pop(name, settings["period"][name]) for name in ("first", "last")}
    supply = given.pop("supply", None)
    years = all(isinstance(year, int) and 1900 < year < 2200 for year in period.values())  # noqa: PLR2004 - years
    if given or not years or period["first"] > period["last"] or supply not in {None, "global", "eu"}:
        raise BadInputError(
            Text("매핑에 모르는 항목이나 값이 있습니다.", "the mapping holds what is not known here."),
            mend=Text(
                "쓸 수 있는 항목: first, last(연도), supply(global 또는 eu).",
                "It may hold first and last (years) and supply (global or eu).",
            ),
        )
    return _Terms(
        source=request.source.id,
        first=date(period["first"], 1, 1),
        last=date(period["last"], 12, 31),
        supply=supply,
        stages=settings["stages"],
        published=edition_vintage(request, period["last"]),
    )


def _read_one(place: int, raw: Raw, terms: _Terms, made: _Made) -> None:
    with naming(raw):
        rows = western_rows(raw)
    take = _taker(rows.table.column_names, raw, terms)
    made.seen += rows.table.num_rows + len(rows.odd)
    made.bad += [odd_row(place, odd) for odd in rows.odd]
    cells = [{name: " ".join(cell.split()) for name, cell in row.items()} for row in rows.table.to_pylist()]
    beside: dict[tuple[str, str | None], set[str]] = {}
    for row in cells:
        beside.setdefault((row["Material"], row.get("Stage")), set()).add(row.get("Country", "").casefold())
    for number, row in zip(rows.row.to_pylist(), cells, strict=True):
        try:
            take(_Row(place, number, row, frozenset(beside[row["Material"], row.get("Stage")])), terms, made)
        except BadCellError as error:
            made.bad.append(BadRow(place, number, error.reason, error.detail, ",".join(row.values())))


def _taker(names: Sequence[str], raw: Raw, terms: _Terms) -> Callable[[_Row, _Terms, _Made], None]:
    if set(USES) <= set(names):
        return _take_use
    if set(SUPPLY) <= set(names):
        return {"global": _take_global, "eu": _take_eu}[terms.supply or _whose(raw)]
    raise BadInputError(
        Text("공급 비중이나 용도 비중 표가 아닙니다.", "no table of shares of supply or of use."),
        where=raw.name,
        mend=Text(
            f"공급 비중의 열: {', '.join(SUPPLY)}. 용도 비중의 열: {', '.join(USES)}. 파일의 열: {', '.join(names)}.",
            f"Supply has {', '.join(SUPPLY)}; uses have {', '.join(USES)}. The file has {', '.join(names)}.",
        ),
    )


def _whose(raw: Raw) -> str:
    """Both tables of supply have the same columns; only the name says whose supply it is."""
    name = raw.name.casefold()
    said = [whose for whose, word in (("global", "globalsupply"), ("eu", "eusupply")) if word in name]
    if len(said) == 1:
        return said[0]
    raise BadInputError(
        Text("세계 공급인지 EU 공급인지 알 수 없습니다.", "it does not say whether this is world supply or EU supply."),
        where=raw.name,
        mend=Text(
            "파일 이름을 그대로 두거나 매핑에 supply: global 또는 supply: eu 를 적으십시오.",
            "Keep the file's name, or say supply: global or supply: eu in the mapping.",
        ),
    )


def _take_global(row: _Row, terms: _Terms, made: _Made) -> None:
    said = {
        "stage": _stage(row, terms),
        "country": _country(row),
        **_shares(_share(row)),
        "note": _factor(row),
    }
    made.production.append({**_fact(row, terms, made), "measure": "production", "detail": "", **said})


def _take_use(row: _Row, terms: _Terms, made: _Made) -> None:
    application, sector = row.cells["Application"], row.cells["NACE sector"]
    if not application:
        raise BadCellError("empty_cell", Text("Application 칸이 비었습니다.", "Application is empty."))
    code = _SECTOR.match(sector)
    said = {
        "stage": "",
        "detail": f"{application} ({code['code']})" if code else application,
        "country": "EU",
        **_shares(_share(row)),
        "note": sector or None,
    }
    made.production.append({**_fact(row, terms, made), "measure": "use", **said})


def _take_eu(row: _Row, terms: _Terms, made: _Made) -> None:
    share, stage = _share(row), _stage(row, terms)
    if share.value is None:
        made.passed_over["no_figure"] += 1
        return
    fact = _fact(row, terms, made)
    made.dependence.append(
        {
            "source": terms.source,
            "reporter": "EU",
            "partner": _country(row),
            "code_system": SYSTEM,
            "code": fact["commodity"],
            "subject": f"{row.cells['Material']}, {stage}",
            "measure": "supply",
            "valid": terms.first,
            "valid_until": terms.last,
            "share": share.value,
            "citation": _factor(row),
            "known_at": terms.published.latest,
            "known_basis": terms.published.latest_basis,
            "raw": row.raw,
            "raw_row": row.number,
            "raw_rows": 1,
        }
    )


def _fact(row: _Row, terms: _Terms, made: _Made) -> dict[str, Any]:
    material = row.cells["Material"].casefold()
    if not material:
        raise BadCellError("empty_cell", Text("Material 칸이 비었습니다.", "Material is empty."))
    commodity = _materials().get(material)
    if commodity is None:
        commodity = slug(material)
        made.strange.add(f"{row.cells['Material']} ({commodity})")
    return {
        "commodity": commodity,
        "valid": terms.first,
        "valid_until": terms.last,
        "unit": "share",
        "raw": row.raw,
        "raw_row": row.number,
        "raw_rows": 1,
    }


def _stage(row: _Row, terms: _Terms) -> str:
    stage = terms.stages.get(row.cells["Stage"])
    if stage is None:
        letter = row.cells["Stage"]
        raise BadCellError("unknown_stage", Text(f"모르는 단계입니다: {letter}", f"an unknown stage: {letter}"))
    return stage


def _country(row: _Row) -> str:
    """The country; "Congo" is the Republic only where the same table names the Democratic Republic as well."""
    name = row.cells["Country"]
    if name.casefold() == "congo" and _BOTH_CONGOS in row.beside:
        return "COG"
    return producer(name).code


def _share(row: _Row) -> Printed:
    text = row.cells["Share"]
    if text and not text.endswith("%"):
        raise BadCellError("bad_number", Text(f"퍼센트 기호가 없습니다: {text}", f"there is no per cent sign: {text}"))
    found = printed(text.removesuffix("%"), {"": "blank"})
    if max(found.value or 0.0, found.least or 0.0, found.most or 0.0) > 100:  # noqa: PLR2004 - per cent
        raise BadCellError("bad_share", Text(f"100%를 넘는 비중입니다: {text}", f"a share above 100 %: {text}"))
    return found.parted_by(100)


def _shares(cell: Printed) -> dict[str, Any]:
    return {
        "value": cell.value,
        "least": cell.least,
        "most": cell.most,
        "rounded_to": cell.rounded_to,
        "stated": cell.stated,
        "mark": f"{cell.mark}%" if cell.mark else None,
    }


def _factor(row: _Row) -> str | None:
    return f"t = {row.cells['t']}" if row.cells["t"] else None


@cache
def _materials() -> Mapping[str, str]:
    return {row["words"]: row["commodity"] for row in table_rows("materials", Path(__file__).parent)}


def _batches(made: _Made, terms: _Terms) -> Iterable[Batch]:
    scope = Scope({"source": (terms.source,)}, complete=False)
    if made.production:
        known = {(terms.first, terms.last): (terms.published.latest, terms.published.latest_basis)}
        yield Batch(PRODUCTION, production_rows(made.production, terms.source, known), scope)
    if made.dependence:
        yield Batch(DEPENDENCE, pa.Table.from_pylist(made.dependence, schema=DEPENDENCE.reader_schema), scope)


def _notes(made: _Made) -> tuple[Text, ...]:
    if not made.strange:
        return ()
    listed = ", ".join(sorted(made.strange))
    return (
        Text(
            f"부호표에 없는 원자재라 이름으로 부호를 지었습니다: {listed}.",
            f"materials unknown to the table of commodities, named after their headings: {listed}.",
        ),
    )
