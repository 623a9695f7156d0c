"""Where things stand in the sheet "Monthly Prices". Editions differ: some carry a row of codes, some do not."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bongsu.language import BadInputError, Text
from bongsu.records.formats import Cell, Sheet
from bongsu.sources.cells import MONTHS

SHEET = "Monthly Prices"
_MONTH = re.compile(r"(\d{4})M(\d{1,2})")
_UPDATED = re.compile(r"updated on\s+([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Series:
    """One column: its code, our name for it, and what a figure is counted in."""

    column: int
    code: str
    name: str
    currency: str | None
    unit: str
    parts: float  # of the printed money in one of `currency`: 100 where cents are printed
    known: bool  # does the table of codes hold it?


@dataclass(frozen=True)
class Layout:
    """The sheet's series, the rows of figures (from 0) and the day it states."""

    series: tuple[Series, ...]
    first_row: int
    updated: date | None


@cache
def codes() -> Mapping[str, str]:
    """The publisher's name, in small letters and without its footnote stars → its code."""
    return {name.casefold(): code for name, code in _table()}


@cache
def names() -> Mapping[str, str]:
    """Code → the name that we give the series in every edition."""
    return {code: name for name, code in reversed(_table())}


@cache
def _table() -> tuple[tuple[str, str], ...]:
    with (Path(__file__).parent / "series.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["name"], row["code"]) for row in csv.DictReader(file))


def month(cell: Cell) -> date | None:
    """The first day of "1960M01"; None for anything else."""
    found = _MONTH.fullmatch(str(cell).strip())
    return date(int(found[1]), int(found[2]), 1) if found and 1 <= int(found[2]) <= 12 else None  # noqa: PLR2004 - months


def find_layout(sheet: Sheet, units: Mapping[str, str]) -> Layout:
    """The layout of `sheet`; BadInputError where names, units or months are not where they could be."""
    first = next((place for place, row in enumerate(sheet.rows) if row and month(row[0])), None)
    if first is None:
        raise _odd(sheet, Text("1960M01과 같은 월이 없습니다.", "there is no month such as 1960M01."))
    above = [[_clean(cell) for cell in row] for row in sheet.rows[:first]]
    unit_row = next((place for place in reversed(range(first)) if _is_unit_row(above[place])), 0)
    if not unit_row:
        raise _odd(sheet, Text("단위 행($/mt 등)이 없습니다.", "there is no row of units such as ($/mt)."))
    code_row = next((row for row in above[unit_row + 1 :] if any(row[1:])), [""] * len(above[unit_row]))
    series = tuple(
        _series(column, above[unit_row - 1][column], unit, code_row[column], units)
        for column, unit in enumerate(above[unit_row])
        if column and (unit or above[unit_row - 1][column])
    )
    _check(series, sheet)
    return Layout(series, first, _updated(row[0] for row in above[:unit_row] if row))


def _series(column: int, name: str, unit: str, code: str, units: Mapping[str, str]) -> Series:
    code = code or codes().get(name.casefold(), "") or re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    currency, counted, parts = price_unit(unit, units)
    return Series(column, code, names().get(code, name), currency, counted, parts, code in names())


def price_unit(text: str, units: Mapping[str, str]) -> tuple[str | None, str, float]:
    """Currency, unit and parts of "($/mt)" or "(cents/sheet)"; an index such as "(2010=100)" has no currency."""
    bare = text.strip().removeprefix("(").removesuffix(")").strip()
    money, _, counted = (part.strip() for part in bare.partition("/"))
    parts = {"$": 1.0, "US$": 1.0, "cents": 100.0, "¢": 100.0}.get(money)
    if parts is None or counted not in units:
        return None, bare, 1.0
    return "USD", units[counted], parts


def _check(series: Sequence[Series], sheet: Sheet) -> None:
    nameless = [str(each.column + 1) for each in series if not each.code]
    found = [each.code for each in series]
    twice = sorted({code for code in found if code and found.count(code) > 1})
    if nameless or twice:
        listed = ", ".join([*nameless, *twice])
        raise _odd(
            sheet,
            Text(
                f"이름이 없거나 겹치는 계열이 있습니다: {listed}.",
                f"series without a name, or named twice: {listed}.",
            ),
        )


def _is_unit_row(row: Sequence[str]) -> bool:
    filled = [cell for cell in row[1:] if cell]
    return bool(filled) and sum(cell.startswith("(") for cell in filled) * 2 > len(filled)


def _clean(cell: Cell) -> str:
    return " ".join(str(cell).replace("*", "").split())


def _updated(cells: Iterable[str]) -> date | None:
    found = _UPDATED.search(" ".join(cells))
    if not found or found[1][:3].lower() not in MONTHS:
        return None
    return date(int(found[3]), MONTHS.index(found[1][:3].lower()) + 1, int(found[2]))


def _odd(sheet: Sheet, what: Text) -> BadInputError:
    return BadInputError(
        what,
        where=f"{sheet.workbook} [{sheet.name}]",
        mend=Text(
            "세계은행의 CMO-Historical-Data-Monthly.xlsx 원본을 그대로 주십시오.",
            "Give the World Bank's CMO-Historical-Data-Monthly.xlsx as it was published.",
        ),
    )
