"""The Global Supply Chain Pressure Index: every edition that a file holds, each known from the day it came out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.formats import Cell, NotANumber, Unknown, cell_text, number
from bongsu.records.known import close_of_day, period_end
from bongsu.records.shapes import PRICE
from bongsu.sources.nyfed_gscpi.layout import Column, Table, month, open_table
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest, Source

SERIES, NAME = "GSCPI", "Global Supply Chain Pressure Index"
UNIT = "standard deviations"  # from the index's own historical average; no currency
_NOT_YET = "#N/A"  # how the publisher's table says that an edition does not reach so far
_ODD = Text("열 수가 머리글과 다르거나 글자가 깨진 행입니다.", "a row that does not fit the header, or is damaged.")


@dataclass
class _Yield:
    """What has been made of one edition."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Edition:
    """One column of the table, and when it came out."""

    table: Table
    place: int
    time: Vintage
    source: Source

    @property
    def column(self) -> Column:
        return self.table.columns[self.place]

    @property
    def newest(self) -> bool:
        return self.place == len(self.table.columns) - 1

    @property
    def out(self) -> date:
        """The first day on which it can have come out: no month that was not over by then stands in it."""
        return self.column.month or self.time.latest.astimezone(ZoneInfo(self.source.zone)).date()


def read(request: ReadRequest) -> Reading:
    """One file; a statement is a cell of an edition. The newest edition is the reading, the others stand in `earlier`.

    Every figure of an edition is known from that edition on and not before, for each edition estimates all anew.

    Raises:
        BadInputError: no table of the index, several files, an edition of a month to come, or a day given with
            `--published` that is not in the month of the newest edition.
    """
    raw = _one(request.raws)
    table = open_table(raw)
    editions = [
        _Edition(table, place, _vintage(column, request, column is table.columns[-1], raw.name), request.source)
        for place, column in enumerate(table.columns)
    ]
    made = [_reading(edition) for edition in editions]
    newest = replace(made[-1], notes=(*made[-1].notes, *_told(editions)))
    return replace(newest, earlier=tuple(one for one in made[:-1] if one.batches or one.bad_rows))


def _one(raws: Sequence[Raw]) -> Raw:
    if len(raws) == 1:
        return raws[0]
    raise BadInputError(
        Text("한 번에 한 파일만 읽습니다.", "one file is read at a time."),
        where=", ".join(raw.name for raw in raws),
        mend=Text("파일마다 따로 가져오십시오.", "Fetch each file by itself."),
    )


def _vintage(column: Column, request: ReadRequest, newest: bool, where: str) -> Vintage:  # noqa: FBT001 - of two
    """When an edition came out: as the user says of the newest, by the publisher's rule, or when it was read."""
    if column.month is None:
        return vintage(request)
    if column.month > request.read_at.astimezone(ZoneInfo(request.source.zone)).date():
        raise _odd_month(
            column,
            where,
            Text("아직 오지 않은 달의 판입니다", "an edition of a month still to come"),
        )
    if newest and request.published is not None:
        if request.published.replace(day=1) != column.month:
            said = Text(
                f"가장 새로운 판의 달이 --published {request.published}와 다릅니다",
                f"the newest edition is of another month than --published {request.published}",
            )
            raise _odd_month(column, where, said)
        return vintage(request)
    by_rule = column.month >= request.source.settings["by_rule_from"]
    instant = (
        request.source.lag.known_at(_month_before(column.month), "M", request.source.zone)
        if by_rule
        else close_of_day(period_end(column.month, "M"), request.source.zone)
    )
    # What we hold has been published, whatever the rule says of this month's day.
    instant = min(instant, request.read_at.astimezone(UTC))
    return Vintage(instant, instant, "lag")


def _odd_month(column: Column, where: str, what: Text) -> BadInputError:
    return BadInputError(
        Text(f"{what.ko}: {column.name}.", f"{what.en}: {column.name}."),
        where=where,
        mend=Text("파일과 날짜를 확인해 주십시오.", "Check the file and the day."),
    )


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _reading(edition: _Edition) -> Reading:
    """One edition as a reading of its own."""
    made = _Yield()
    for row, day, cells in edition.table.rows:
        _take(edition, row, day, cells[edition.place], made)
    for odd in edition.table.odd:
        _set_row_aside(edition, BadRow(0, odd.row, odd.reason, _ODD, odd.text), made)
    whole = not made.bad and not made.passed_over["row_set_aside"]
    return Reading(
        batches=_batches(made.rows, edition.source.id, whole=whole),
        bad_rows=tuple(made.bad),
        published=edition.time.published,
        published_basis=edition.time.latest_basis,
        raw_rows=len(edition.table.rows) + len(edition.table.odd),
        passed_over=dict(+made.passed_over),
        notes=edition.time.notes,
    )


def _take(edition: _Edition, row: int, day: Cell, cell: Cell, made: _Yield) -> None:
    said, valid = f"{edition.column.name}\t{cell_text(day)}\t{cell_text(cell)}", month(day)
    if valid is None:
        detail = Text(f"월말 날짜가 아닙니다: {day}", f"not the last day of a month: {day}")
        _set_row_aside(edition, BadRow(0, row, "bad_period", detail, said), made)
        return
    figure = _figure(cell)
    if isinstance(figure, Unknown):
        made.passed_over["no_figure"] += 1
        return
    fault = _fault(figure, valid, edition)
    if isinstance(figure, NotANumber) or fault is not None:
        reason, detail = fault or ("bad_number", Text(f"수가 아닙니다: {cell}", f"not a number: {cell}"))
        made.bad.append(BadRow(0, row, reason, detail, said))
        return
    made.rows.append(_fact(edition, row, valid, figure))


def _fault(figure: float | NotANumber, valid: date, edition: _Edition) -> tuple[str, Text] | None:
    if period_end(valid, "M") > edition.out:
        return "future_period", Text(
            f"그 판이 나올 때 끝나지 않은 달입니다: {valid:%Y-%m}",
            f"a month that was not over when the edition came out: {valid:%Y-%m}",
        )
    most = float(edition.source.settings["most_deviations"])
    if isinstance(figure, float) and abs(figure) > most:
        return "absurd_value", Text(
            f"표준편차 {most:g}배를 넘는 지수는 없습니다: {figure:g}",
            f"no index lies more than {most:g} standard deviations out: {figure:g}",
        )
    return None


def _set_row_aside(edition: _Edition, bad: BadRow, made: _Yield) -> None:
    """A row that no edition can use is in quarantine once, with the newest; the others only count it."""
    if edition.newest:
        made.bad.append(bad)
    else:
        made.passed_over["row_set_aside"] += 1


def _figure(cell: Cell) -> float | Unknown | NotANumber:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else NotANumber(str(cell))
    text = cell_text(cell)
    return Unknown(_NOT_YET) if text.strip() == _NOT_YET else number(text)


def _fact(edition: _Edition, row: int, valid: date, value: float) -> dict[str, Any]:
    return {
        "source": edition.source.id,
        "series": SERIES,
        "valid": valid,
        "frequency": "M",
        "name": NAME,
        "value": value,
        "currency": None,
        "unit": UNIT,
        "known_at": edition.time.latest,
        "known_basis": edition.time.latest_basis,
        "raw": 0,
        "raw_row": row,
        "raw_rows": 1,
    }


def _batches(rows: list[dict[str, Any]], source: str, *, whole: bool) -> tuple[Batch, ...]:
    """An edition is complete for the months from its first to its last; outside them it says nothing."""
    if not rows:
        return ()
    months = [row["valid"] for row in rows]
    scope = Scope({"source": (source,), "series": (SERIES,), "frequency": ("M",)}, min(months), max(months), whole)
    return (Batch(PRICE, pa.Table.from_pylist(rows, schema=PRICE.reader_schema), scope),)


def _told(editions: Sequence[_Edition]) -> tuple[Text, ...]:
    if len(editions) == 1:
        return ()
    first, last = editions[0].column.name, editions[-1].column.name
    return (
        Text(
            f"이 파일에는 {first}부터 {last}까지 판 {len(editions)}개가 있어 판마다 따로 기록합니다.",
            f"the file holds {len(editions)} editions, {first} to {last}; each is recorded on its own.",
        ),
    )
