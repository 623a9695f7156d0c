"""Single-country shares of imports: a table of dated facts, or a list of national codes with their top supplier."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.language import BadInputError, Text, UsageError
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.known import close_of_day, period_end
from bongsu.records.shapes import DEPENDENCE, KNOWN_BASES
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError, TypedRow, as_hs, as_place, typed_rows

FACTS = ("reporter", "partner", "hs_code", "item", "measure", "period", "published", "known_basis", "source")
LIST = ("hs10", "top_supplier_iso3", "share_pct", "industry")
MEASURES = ("import value", "import volume")
_VALUE_COLUMN = re.compile(r"import_musd_(\d{4})")
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_MILLION = 1e6
_NATIONAL = {"KOR": "HSK", "USA": "HTS"}


@dataclass(frozen=True)
class _Context:
    """What holds for all rows of a delivery."""

    terms: Mapping[str, str]
    published: Vintage
    zone: str


def read(request: ReadRequest) -> Reading:
    """Any number of tables (CSV or XLSX), each in one of the two layouts; a statement is a row.

    Shares become fractions from 0 to 1: a column `share` holds them, a column `share_pct` holds per cent.

    Raises:
        BadInputError: no table, or neither layout.
        UsageError: a list by national code without `--published`: it does not say its own day.
    """
    typed, odd = typed_rows(request.raws, _columns)
    context = _Context(_terms(request), vintage(request), request.source.zone)
    if any("hs10" in row.cells for row in typed) and request.published is None:
        raise _undated(request)
    rows: list[dict[str, Any]] = []
    bad = list(odd)
    for row in typed:
        try:
            rows.append({"source": request.source.id, **_record(row, context)})
        except BadCellError as error:
            bad.append(BadRow(row.raw, row.row, error.reason, error.detail, str(row)))
    passed_over = Counter[str]()
    known = [row for row in rows if row["share"] is not None]
    if len(known) < len(rows):
        passed_over["no_figure"] = len(rows) - len(known)
    return Reading(
        batches=_batches(known, request.source.id),
        bad_rows=tuple(bad),
        published=context.published.published,
        published_basis=context.published.latest_basis,
        raw_rows=len(typed) + len(odd),
        passed_over=dict(passed_over),
        notes=context.published.notes,
    )


def _terms(request: ReadRequest) -> dict[str, str]:
    """What a list does not say of itself: the source's settings, and the user's mapping before them."""
    settings: dict[str, str] = request.source.settings["list_by_hs10"]
    given = request.mapping or {}
    unknown = ", ".join(str(key) for key in given if key not in settings)
    if unknown or given.get("measure", MEASURES[0]) not in MEASURES:
        raise BadInputError(
            Text(
                f"매핑에 모르는 항목이나 값이 있습니다: {unknown or given['measure']}.",
                f"the mapping holds what is not known here: {unknown or given['measure']}.",
            ),
            mend=Text(
                f"쓸 수 있는 항목: {', '.join(settings)}. measure는 {', '.join(MEASURES)} 중 하나.",
                f"It may hold {', '.join(settings)}; measure is one of {', '.join(MEASURES)}.",
            ),
        )
    return {**settings, **{key: str(value) for key, value in given.items()}}


def _columns(header: Sequence[str]) -> tuple[str, ...]:
    if "hs10" in header:
        dated = [name for name in header if _VALUE_COLUMN.fullmatch(name)]
        return (*LIST, dated[0] if len(dated) == 1 else "import_musd_YYYY")
    return (*FACTS, "share_pct" if "share_pct" in header else "share")


def _undated(request: ReadRequest) -> UsageError:
    return UsageError(
        Text(
            "이 목록에는 공표일이 없어 언제 알려졌는지 알 수 없습니다.",
            "this list does not say when it was published.",
        ),
        where=", ".join(raw.name for raw in request.raws),
        mend=Text("--published 날짜를 함께 주십시오.", "Give the day with --published DATE."),
    )


def _record(row: TypedRow, context: _Context) -> dict[str, Any]:
    make: Callable[[TypedRow, _Context], dict[str, Any]] = _listed if "hs10" in row.cells else _fact
    record = make(row, context)
    if record["valid_until"] >= _day_of(record["known_at"], context):
        raise BadCellError(
            "future_period",
            Text(
                f"공표 당시 끝나지 않은 기간입니다: {record['valid_until']}까지",
                f"a period not over when it was published: until {record['valid_until']}",
            ),
        )
    return {**record, "raw": row.raw, "raw_row": row.row, "raw_rows": 1}


def _day_of(instant: datetime, context: _Context) -> date:
    day: date = instant.astimezone(ZoneInfo(context.zone)).date()
    return day


def _fact(row: TypedRow, context: _Context) -> dict[str, Any]:
    reporter, measure = row.place("reporter"), row.needed("measure")
    if measure not in MEASURES:
        known = ", ".join(MEASURES)
        raise BadCellError(
            "bad_measure", Text(f"기준은 {known} 중 하나여야 합니다: {measure}", f"{measure} is none of: {known}")
        )
    first, last = _period(row.needed("period"))
    basis, _, why = (part.strip() for part in row.needed("known_basis").partition(":"))
    if basis not in KNOWN_BASES:
        raise BadCellError("bad_basis", Text(f"모르는 근거입니다: {basis}", f"an unknown basis: {basis}"))
    code = as_hs(row.needed("hs_code"), 10)
    return {
        "reporter": reporter,
        "partner": row.place("partner"),
        "code_system": row.text("code_system") or _system(code, reporter),
        "code": code,
        "subject": row.text("item") or "",
        "measure": measure,
        "valid": first,
        "valid_until": last,
        "share": _share(row),
        "import_value_usd": _value(row, "import_value_usd", 1.0),
        "citation": "; ".join(part for part in (row.text("source"), why) if part) or None,
        "known_at": _known(row.needed_day("published"), context),
        "known_basis": basis,
    }


def _listed(row: TypedRow, context: _Context) -> dict[str, Any]:
    column = next(name for name in row.cells if _VALUE_COLUMN.fullmatch(name))
    first, last = _period(column[-4:])
    industry = row.text("industry")
    code = as_hs(row.needed("hs10"), 10)
    if len(code) != 10:  # noqa: PLR2004 - the column's own name
        raise BadCellError("bad_code", Text(f"HS 10단위가 아닙니다: {code}", f"not ten digits: {code}"))
    return {
        "reporter": as_place(context.terms["reporter"], "reporter"),
        "partner": row.place("top_supplier_iso3"),
        "code_system": context.terms["code_system"],
        "code": code,
        "subject": "",
        "measure": context.terms["measure"],
        "valid": first,
        "valid_until": last,
        "share": _share(row),
        "import_value_usd": _value(row, column, _MILLION),
        "citation": context.terms["citation"] + (f" ({industry})" if industry else ""),
        "known_at": context.published.latest,
        "known_basis": context.published.latest_basis,
    }


def _system(code: str, reporter: str) -> str:
    if len(code) <= 6:  # noqa: PLR2004 - the digits that all countries share
        return "HS"
    if reporter in _NATIONAL:
        return _NATIONAL[reporter]
    raise BadCellError(
        "bad_code",
        Text(
            f"{reporter}의 부호체계를 모르는 {len(code)}단위 부호입니다. code_system 열을 두십시오.",
            f"{len(code)} digits of a national system of {reporter}: name it in a column code_system.",
        ),
    )


def _share(row: TypedRow) -> float | None:
    column, whole = ("share_pct", 100.0) if "share_pct" in row.cells else ("share", 1.0)
    figure = row.figure(column)
    if figure is not None and not 0 <= figure <= whole:
        raise BadCellError(
            "bad_share",
            Text(
                f"비중은 0과 {whole:g} 사이여야 합니다: {figure:g}", f"a share is from 0 to {whole:g}, not {figure:g}"
            ),
        )
    return None if figure is None else figure / whole


def _value(row: TypedRow, column: str, unit: float) -> float | None:
    figure = row.figure(column)
    if figure is not None and figure < 0:
        raise BadCellError(
            "negative_value", Text(f"수입액이 음수입니다: {figure:g}", f"imports below zero: {figure:g}")
        )
    return None if figure is None else figure * unit


def _known(day: date, context: _Context) -> datetime:
    instant = close_of_day(day, context.zone)
    if day > _day_of(context.published.latest, context):
        raise BadCellError(
            "future_date",
            Text(f"입수한 날보다 늦은 공표일입니다: {day}", f"published later than it was read: {day}"),
        )
    return min(instant, context.published.latest)


def _period(text: str) -> tuple[date, date]:
    """First and last day of "2020", "2021-10" or "2021-01/2021-09"; BadCellError for anything else."""
    found = [_MONTH.fullmatch(part.strip()) for part in text.split("/")]
    try:
        if len(found) <= 2 and all(found):  # noqa: PLR2004 - from and to
            spans = [(date(int(m[1]), int(m[2] or 1), 1), "M" if m[2] else "A") for m in found if m]
            first, last = spans[0][0], period_end(*spans[-1])
            if first <= last:
                return first, last
    except ValueError:
        pass
    raise BadCellError("bad_period", Text(f"기간을 읽을 수 없습니다: {text}", f"cannot read the period: {text}"))


def _batches(rows: list[dict[str, Any]], source: str) -> tuple[Batch, ...]:
    """A table that people keep adds; what it no longer names has not been taken back."""
    if not rows:
        return ()
    table = pa.Table.from_pylist(rows, schema=DEPENDENCE.reader_schema)
    return (Batch(DEPENDENCE, table, Scope({"source": (source,)}, complete=False)),)
