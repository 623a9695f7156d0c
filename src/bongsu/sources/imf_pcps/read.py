"""Monthly prices and indices of the IMF, under the publisher's codes in whatever layout they come."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.codes.units import PriceUnit
from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.formats import (
    Cell,
    Kind,
    NotANumber,
    Unknown,
    cell_text,
    number,
    read_csv,
    read_json,
    read_xlsx,
    sniff,
)
from bongsu.records.known import period_end
from bongsu.records.shapes import FREQUENCIES, PRICE
from bongsu.sources.imf_pcps.found import Found, Statement, period
from bongsu.sources.imf_pcps.portal import LONG, WIDE, read_long, read_sdmx_json, read_wide
from bongsu.sources.imf_pcps.republished import header, is_republished, read_republished
from bongsu.sources.imf_pcps.series import INDEX, MONTHLY, UNSCALED, WORLD, Key, counted_in, name_of
from bongsu.sources.imf_pcps.series import PRICE as USD
from bongsu.sources.imf_pcps.workbook import read_workbook
from bongsu.sources.reading import known_times, naming, require_columns, vintage
from bongsu.sources.source import ReadRequest

_SPAN = tuple[date, date]


@dataclass
class _Yield:
    """What has been made of the statements so far; `spans` has the months that the files speak of, by series."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    spans: dict[str, _SPAN] = field(default_factory=dict)
    units: dict[Key, PriceUnit | None] = field(default_factory=dict)


def read(request: ReadRequest) -> Reading:
    """One edition, in one file or several (an API answers series by series); a statement is a figure's cell.

    Prices in cents become dollars. Quarters, years and changes in per cent are reckoned from the months by the
    publisher; they are counted and passed over.

    Raises:
        BadInputError: none of the layouts, an error or an empty answer of the service, or the republished CSV
            without a mapping.
    """
    found = [_found(raw, request.mapping) for raw in request.raws]
    published = vintage(request)
    latest = published.latest.astimezone(ZoneInfo(request.source.zone)).date()
    made = _Yield()
    for place, one in enumerate(found):
        made.bad += [replace(bad, raw=place) for bad in one.bad]
        made.passed_over += one.passed_over
        for statement in one.statements:
            _take(place, statement, request.source.settings, latest, made)
    known = known_times({(row["valid"], MONTHLY) for row in made.rows}, request, published)
    for row in made.rows:
        row["source"] = request.source.id
        row["known_at"], row["known_basis"] = known[row["valid"], MONTHLY]
    return Reading(
        batches=tuple(_batches(made, request.source.id)),
        bad_rows=tuple(made.bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=sum(one.seen for one in found),
        passed_over=dict(+made.passed_over),
        notes=(*published.notes, *(note for one in found for note in one.columns), *_uncounted(made)),
    )


def _found(raw: Raw, mapping: Mapping[str, Any] | None) -> Found:
    with naming(raw):
        kind = sniff(raw.path)
        if kind in {Kind.XLSX, Kind.XLS}:
            return read_workbook(read_xlsx(raw.path))
        if kind is Kind.JSON:
            return read_sdmx_json(read_json(raw.path), raw.name)
        if kind is Kind.XML:
            raise _xml(raw)
        if kind is Kind.TEXT and is_republished(header(raw)):
            return read_republished(raw, mapping)
        rows = read_csv(raw.path)
        names = rows.table.column_names
        if WIDE in names:
            return read_wide(rows, raw.name)
        require_columns(names, (LONG,), raw.name)
        return read_long(rows, raw.name)


def _take(place: int, of: Statement, settings: Mapping[str, Any], latest: date, made: _Yield) -> None:
    fault = _fault(of.key)
    when = period(of.period)
    if of.key.transformation == "change":
        made.passed_over["change"] += 1
    elif fault is None and (of.key.frequency != MONTHLY or (when and when[1] != MONTHLY)):
        made.passed_over["derived_period"] += 1
    elif fault is not None or when is None or period_end(*when) > latest:
        reason, detail = fault or _bad_period(of, when)
        made.bad.append(BadRow(place, of.row, reason, detail, _said(of)))
    else:
        _extend(made.spans, of.key.id, when[0])
        _take_figure(place, of, when[0], settings, made)


def _fault(of: Key) -> tuple[str, Text] | None:
    if not of.code:
        return "bad_code", Text("품목부호가 없습니다.", "there is no code.")
    if of.country.upper() not in WORLD:
        return "bad_country", Text(f"세계 가격이 아닙니다: {of.country}", f"not a world price: {of.country}")
    if of.frequency not in FREQUENCIES:
        said = of.frequency
        return "bad_frequency", Text(f"주기를 모릅니다: {said}", f"a frequency that we do not know: {said}")
    if of.transformation not in (USD, INDEX, "change"):
        said = of.transformation
        return "bad_transformation", Text(f"가격도 지수도 아닙니다: {said}", f"neither a price nor an index: {said}")
    if of.scale.upper() not in UNSCALED:
        return "unknown_scale", Text(f"자릿수 배율을 모릅니다: {of.scale}", f"a scale that we do not know: {of.scale}")
    return None


def _bad_period(of: Statement, when: tuple[date, str] | None) -> tuple[str, Text]:
    if when is None:
        return "bad_period", Text(f"기간이 아닙니다: {of.period}", f"not a period: {of.period}")
    return "future_period", Text(f"아직 끝나지 않은 달입니다: {of.period}", f"a month not yet over: {of.period}")


def _take_figure(place: int, of: Statement, valid: date, settings: Mapping[str, Any], made: _Yield) -> None:
    value = _figure(of.cell)
    if isinstance(value, Unknown):
        made.passed_over["no_figure"] += 1
        return
    if isinstance(value, NotANumber) or value <= 0:
        reason = "bad_number" if isinstance(value, NotANumber) else "zero_price" if value == 0 else "negative_value"
        detail = Text(f"{of.key.id}의 값일 수 없습니다: {of.cell}", f"cannot be a figure of {of.key.id}: {of.cell}")
        made.bad.append(BadRow(place, of.row, reason, detail, _said(of)))
        return
    if of.key not in made.units:
        made.units[of.key] = counted_in(of.key, settings)
    unit = made.units[of.key]
    made.rows.append(
        {
            "series": of.key.id,
            "valid": valid,
            "frequency": MONTHLY,
            "name": name_of(of.key),
            "value": value / (1 / unit.factor) if unit else value,  # a division by 100 rounds as print does
            "currency": unit.currency if unit else None,
            "unit": unit.unit if unit else None,
            "raw": place,
            "raw_row": of.row,
            "raw_rows": 1,
        }
    )


def _figure(cell: Cell) -> float | Unknown | NotANumber:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else NotANumber(str(cell))
    return number(cell_text(cell))


def _said(of: Statement) -> str:
    return f"{of.key.id}\t{of.period}\t{cell_text(of.cell)}"


def _extend(spans: dict[str, _SPAN], series: str, month: date) -> None:
    first, last = spans.get(series, (month, month))
    spans[series] = min(first, month), max(last, month)


def _batches(made: _Yield, source: str) -> Iterable[Batch]:
    """One batch for the series that cover the same months: only there does absence mean something."""
    held = {row["series"] for row in made.rows}
    spoken = sorted(held, key=lambda series: (made.spans[series], series))
    for span, group in groupby(spoken, key=made.spans.__getitem__):
        covered = tuple(group)
        rows = [row for row in made.rows if row["series"] in covered]
        scope = Scope({"source": (source,), "series": covered, "frequency": (MONTHLY,)}, *span)
        yield Batch(PRICE, pa.Table.from_pylist(rows, schema=PRICE.reader_schema), scope)


def _uncounted(made: _Yield) -> tuple[Text, ...]:
    listed = ", ".join(sorted({of.id for of, unit in made.units.items() if unit is None}))
    if not listed:
        return ()
    return (Text(f"단위를 모르는 계열입니다: {listed}.", f"series in a unit that we do not know: {listed}."),)


def _xml(raw: Raw) -> BadInputError:
    return BadInputError(
        Text("SDMX-ML(XML) 응답은 읽지 않습니다.", "an answer in SDMX-ML (XML) is not read."),
        where=raw.name,
        mend=Text(
            "Accept: application/vnd.sdmx.data+csv 로 다시 받아 주십시오.",
            "Ask again with Accept: application/vnd.sdmx.data+csv.",
        ),
    )
