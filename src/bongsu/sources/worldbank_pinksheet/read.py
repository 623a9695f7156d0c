"""Monthly prices from the Pink Sheet's workbook, under the publisher's own series codes in every edition."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.formats import Cell, NotANumber, Sheet, Unknown, cell_text, number, read_xlsx
from bongsu.records.known import period_end
from bongsu.records.shapes import PRICE
from bongsu.sources.reading import known_times, naming, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.worldbank_pinksheet.layout import SHEET, Layout, Series, find_layout, month


@dataclass
class _Yield:
    """What has been made of the cells so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    seen: int = 0


def read(request: ReadRequest) -> Reading:
    """One edition of the workbook; a statement is a cell.

    Figures are taken as the workbook keeps them, unrounded, so that two editions compare exactly.

    Raises:
        BadInputError: no workbook, not this sheet, or several editions at once.
    """
    if len(request.raws) != 1:
        raise BadInputError(
            Text("한 번에 한 판만 읽습니다.", "one edition is read at a time."),
            where=", ".join(raw.name for raw in request.raws),
            mend=Text("판마다 따로 가져오십시오.", "Fetch each edition by itself."),
        )
    (raw,) = request.raws
    with naming(raw):
        sheet = read_xlsx(raw.path, SHEET)
        layout = find_layout(sheet, request.source.settings["units"])
    published = vintage(request, layout.updated)
    made = _take(sheet, layout, published.latest.astimezone(ZoneInfo(request.source.zone)).date())
    known = known_times({(row["valid"], "M") for row in made.rows}, request, published)
    for row in made.rows:
        row["source"] = request.source.id
        row["known_at"], row["known_basis"] = known[row["valid"], "M"]
    return Reading(
        batches=_batches(made.rows, layout, request.source.id),
        bad_rows=tuple(made.bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=(*published.notes, *_new_series(layout)),
    )


def _take(sheet: Sheet, layout: Layout, latest: date) -> _Yield:
    made = _Yield()
    for place, cells in enumerate(sheet.rows[layout.first_row :], layout.first_row + 1):
        if all(cell == "" for cell in cells):
            continue
        made.seen += len(layout.series)
        valid = month(cells[0])
        if valid is None:
            detail = Text(f"월이 아닙니다: {cells[0]}", f"not a month: {cells[0]}")
            _set_row_aside(place, cells, layout, made, "bad_period", detail)
        elif period_end(valid, "M") > latest:
            detail = Text(f"아직 끝나지 않은 달입니다: {cells[0]}", f"a month not yet over: {cells[0]}")
            _set_row_aside(place, cells, layout, made, "future_period", detail)
        else:
            for series in layout.series:
                _take_cell(place, cells[series.column], series, valid, made)
    return made


def _set_row_aside(place: int, cells: Sequence[Cell], layout: Layout, made: _Yield, reason: str, detail: Text) -> None:
    made.bad.append(BadRow(0, place, reason, detail, "\t".join(map(cell_text, cells))))
    made.passed_over["row_set_aside"] += len(layout.series) - 1


def _take_cell(place: int, cell: Cell, series: Series, valid: date, made: _Yield) -> None:
    value = _figure(cell)
    if isinstance(value, Unknown):
        made.passed_over["no_figure"] += 1
        return
    if isinstance(value, NotANumber) or value <= 0:
        reason = "bad_number" if isinstance(value, NotANumber) else "zero_price" if value == 0 else "negative_value"
        detail = Text(f"{series.code}의 가격일 수 없습니다: {cell}", f"cannot be a price of {series.code}: {cell}")
        made.bad.append(BadRow(0, place, reason, detail, f"{series.code}\t{valid:%YM%m}\t{cell_text(cell)}"))
        return
    made.rows.append(
        {
            "series": series.code,
            "valid": valid,
            "frequency": "M",
            "name": series.name,
            "value": value / series.parts,
            "currency": series.currency,
            "unit": series.unit,
            "raw": 0,
            "raw_row": place,
            "raw_rows": 1,
        }
    )


def _figure(cell: Cell) -> float | Unknown | NotANumber:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else NotANumber(str(cell))
    return number(cell_text(cell))


def _batches(rows: list[dict[str, Any]], layout: Layout, source: str) -> tuple[Batch, ...]:
    if not rows:
        return ()
    months = {row["valid"] for row in rows}
    scope = Scope(
        equals={
            "source": (source,),
            "series": tuple(series.code for series in layout.series),
            "frequency": ("M",),
        },
        valid_from=min(months),
        valid_to=max(months),
    )
    return (Batch(PRICE, pa.Table.from_pylist(rows, schema=PRICE.reader_schema), scope),)


def _new_series(layout: Layout) -> tuple[Text, ...]:
    new = ", ".join(f"{series.name} ({series.code})" for series in layout.series if not series.known)
    uncounted = ", ".join(
        f"{series.code} ({series.unit})" for series in layout.series if not series.currency and "=" not in series.unit
    )
    notes = []
    if new:
        notes.append(
            Text(
                f"부호표에 없는 계열이라 이름으로 부호를 지었습니다: {new}.",
                f"series unknown to the table of codes, named after their headings: {new}.",
            )
        )
    if uncounted:
        notes.append(
            Text(f"단위를 모르는 계열입니다: {uncounted}.", f"series in a unit that we do not know: {uncounted}.")
        )
    return tuple(notes)
