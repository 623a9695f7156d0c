"""Korean items that come from one country at 80 % or more: a list, so what it leaves out it does not deny.

The Bank of Korea's ECOS API is not read: its key is a part of the path (`/StatisticSearch/<key>/json/…`), and the door
keeps secret only what stands in the query. A key in a path would be seen in the journal, in errors and in logs.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.codes.hs import hs_name
from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.shapes import DEPENDENCE
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest, Source
from bongsu.sources.typed_rows import BadCellError, TypedRow, as_hs, typed_rows

COLUMNS = ("hs10", "top_supplier_iso3", "share_pct", "industry")
_VALUE = re.compile(r"import_musd_((?:19|20)\d{2})")
_DIGITS = 10
_WHOLE = 100.0
_MILLION = 1e6


def read(request: ReadRequest) -> Reading:
    """Any number of lists (CSV or XLSX); a statement is a row. Shares become fractions from 0 to 1.

    Raises:
        BadInputError: no table, or one without the list's columns.
    """
    published = vintage(request)
    typed, odd = typed_rows(request.raws, _columns)
    rows: list[dict[str, Any]] = []
    bad = list(odd)
    unknown = 0
    for row in typed:
        try:
            fact = _fact(row, request.source, published)
        except BadCellError as error:
            bad.append(BadRow(row.raw, row.row, error.reason, error.detail, str(row)))
            continue
        unknown += fact["share"] is None
        rows += [fact] if fact["share"] is not None else []
    return Reading(
        batches=_batches(rows, request.source.id),
        bad_rows=tuple(bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=len(typed) + len(odd),
        passed_over={"no_figure": unknown} if unknown else {},
        notes=(*published.notes, *_below_note(rows, request.source)),
    )


def _columns(header: Sequence[str]) -> tuple[str, ...]:
    dated = [name for name in header if _VALUE.fullmatch(name)]
    return (*COLUMNS, dated[0] if len(dated) == 1 else "import_musd_YYYY")


def _fact(row: TypedRow, source: Source, published: Vintage) -> dict[str, Any]:
    terms = source.settings
    industry = row.text("industry") or ""
    if industry.endswith(terms["doubted"]):
        raise BadCellError(
            "to_be_checked",
            Text("옮긴 사람이 원문을 확인하라고 표시한 행입니다.", "the copier marked this row to be checked."),
        )
    year = _year(row, published, source.zone)
    kept_below = industry.endswith(terms["below"])
    share = _share(row, terms["threshold_pct"], kept_below=kept_below)
    return {
        "source": source.id,
        "reporter": terms["reporter"],
        "partner": row.place("top_supplier_iso3"),
        "code_system": terms["code_system"],
        "code": _code(row),
        "subject": "",
        "measure": terms["measure"],
        "valid": date(year, 1, 1),
        "valid_until": date(year, 12, 31),
        "share": share,
        "import_value_usd": _value(row),
        "citation": _citation(source, industry, kept_below=kept_below),
        "known_at": published.latest,
        "known_basis": published.latest_basis,
        "raw": row.raw,
        "raw_row": row.row,
        "raw_rows": 1,
    }


def _value_column(cells: Mapping[str, str]) -> str:
    return next(name for name in cells if _VALUE.fullmatch(name))


def _year(row: TypedRow, published: Vintage, zone: str) -> int:
    """The list's year; a year that was not over when the list came out cannot be one."""
    year = int(_value_column(row.cells)[-4:])
    if date(year, 12, 31) >= published.latest.astimezone(ZoneInfo(zone)).date():
        raise BadCellError(
            "future_period",
            Text(f"공표 당시 끝나지 않은 해입니다: {year}", f"a year not over when it was published: {year}"),
        )
    return year


def _code(row: TypedRow) -> str:
    code = as_hs(row.needed("hs10"), _DIGITS)
    if len(code) != _DIGITS or hs_name(code[:2]) is None:
        raise BadCellError("bad_code", Text(f"HSK 10단위 부호가 아닙니다: {code}", f"not an HSK code: {code}"))
    return code


def _share(row: TypedRow, threshold: float, *, kept_below: bool) -> float | None:
    figure = row.figure("share_pct")
    if figure is None:
        return None
    if not 0 <= figure <= _WHOLE:
        raise BadCellError(
            "bad_share",
            Text(f"비중은 0과 100 사이여야 합니다: {figure:g}", f"a share is from 0 to 100, not {figure:g}"),
        )
    if figure < threshold and not kept_below:
        raise BadCellError(
            "below_threshold",
            Text(
                f"{threshold:g}% 이상만 싣는 목록에 {figure:g}%인 행이 표시 없이 있습니다.",
                f"{figure:g} % without a mark, in a list of {threshold:g} % and more.",
            ),
        )
    return figure / _WHOLE


def _value(row: TypedRow) -> float | None:
    figure = row.figure(_value_column(row.cells))
    if figure is not None and figure < 0:
        raise BadCellError(
            "negative_value", Text(f"수입액이 음수입니다: {figure:g}", f"imports below zero: {figure:g}")
        )
    return None if figure is None else figure * _MILLION


def _citation(source: Source, industry: str, *, kept_below: bool) -> str:
    bare = industry.removesuffix(source.settings["below"])
    named = source.licence.citation + (f" ({bare})" if bare else "")
    return f"{named}; below 80 %, kept by whoever copied the list" if kept_below else named


def _below_note(rows: Sequence[Mapping[str, Any]], source: Source) -> tuple[Text, ...]:
    below = sum(row["share"] < source.settings["threshold_pct"] / _WHOLE for row in rows)
    if not below:
        return ()
    return (
        Text(
            f"기준(80%)에 못 미치지만 남겨 둔 품목 {below}개도 기록했습니다.",
            f"{below} items below the list's 80 % were kept by the copier, and are recorded.",
        ),
    )


def _batches(rows: list[dict[str, Any]], source: str) -> tuple[Batch, ...]:
    """A list adds: `complete=False`, for what it does not name it does not deny."""
    if not rows:
        return ()
    table = pa.Table.from_pylist(rows, schema=DEPENDENCE.reader_schema)
    return (Batch(DEPENDENCE, table, Scope({"source": (source,)}, complete=False)),)
