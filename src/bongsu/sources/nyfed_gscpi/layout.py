"""The shapes of the GSCPI: a column for each month's edition, two columns, or the workbook with its sheet."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import Cell, Kind, OddRow, Sheet, read_csv, read_xlsx, sniff
from bongsu.sources.cells import MONTHS
from bongsu.sources.reading import naming, require_columns

DATE = "Date"
ALONE = ("Rate", "GSCPI")  # the name of the figures where a file holds one edition
SHEET = "GSCPI Monthly Data"
_LABEL = re.compile(r"([A-Z][a-z]{2})-(\d{2})")
_DAY = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
_FIRST_YEAR = 2022


@dataclass(frozen=True)
class Column:
    """One edition: its column's name, and the first day of the month in which it came out (None: not said)."""

    name: str
    month: date | None


@dataclass(frozen=True)
class Table:
    """A file as rows of cells: each row's number, the cell of its date, and one cell for each of `columns`."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[int, Cell, Sequence[Cell]]]
    odd: tuple[OddRow, ...] = ()


def open_table(raw: Raw) -> Table:
    """The table in `raw`, its editions oldest first; BadInputError where it is in none of the shapes."""
    with naming(raw):
        if sniff(raw.path) in {Kind.XLSX, Kind.XLS}:
            return _sheet(read_xlsx(raw.path, SHEET))
        rows = read_csv(raw.path)
        require_columns(rows.table.column_names, (DATE,), raw.name)
        columns = editions([name for name in rows.table.column_names if name != DATE], raw.name)
        cells = zip(*(rows.table[column.name].to_pylist() for column in columns), strict=True)
        numbered = zip(rows.row.to_pylist(), rows.table[DATE].to_pylist(), cells, strict=True)
        return Table(columns, list(numbered), rows.odd)


def editions(names: Sequence[str], where: str) -> tuple[Column, ...]:
    """The editions behind the names of the columns, oldest first; BadInputError for any other name."""
    if len(names) == 1 and names[0] in ALONE:
        return (Column(names[0], None),)
    found = {name: label(name) for name in names}
    unknown = ", ".join(name for name, month in found.items() if month is None)
    if unknown or not names:
        raise BadInputError(
            Text(f"모르는 열이 있습니다: {unknown or '-'}.", f"columns that we do not know: {unknown or '-'}."),
            where=where,
            mend=Text(
                f"{DATE} 열과 함께 {' 또는 '.join(ALONE)} 열 하나, 또는 판마다 Jan-22 같은 열이 있어야 합니다.",
                f"Beside {DATE} stands one column {' or '.join(ALONE)}, or one such as Jan-22 for each edition.",
            ),
        )
    dated = [Column(name, month) for name, month in found.items()]
    return tuple(sorted(dated, key=lambda column: column.month or date.min))


def label(name: str) -> date | None:
    """The first day of the month "Jan-22"; None for anything else, and before the index was published."""
    found = _LABEL.fullmatch(name)
    if not found or found[1].lower() not in MONTHS:
        return None
    year = 2000 + int(found[2])
    return date(year, MONTHS.index(found[1].lower()) + 1, 1) if year >= _FIRST_YEAR else None


def month(cell: Cell) -> date | None:
    """The first day of the month whose last day the cell holds ("31-Jan-1998", or a date); None for anything else."""
    day = cell if isinstance(cell, date) else _day(str(cell).strip())
    if day is None or day.day != calendar.monthrange(day.year, day.month)[1]:
        return None
    return date(day.year, day.month, 1)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if not found or found[2].lower() not in MONTHS:
        return None
    try:
        return date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return None


def _sheet(sheet: Sheet) -> Table:
    """The workbook: its two columns stand beside notes and links, and blank rows below the header."""
    where = f"{sheet.workbook} [{sheet.name}]"
    for place, cells in enumerate(sheet.rows):
        names = [str(cell).strip() for cell in cells]
        if DATE in names and ALONE[1] in names:
            at, figure = names.index(DATE), names.index(ALONE[1])
            below = [(number, row[at], (row[figure],)) for number, row in enumerate(sheet.rows[place + 1 :], place + 2)]
            return Table((Column(ALONE[1], None),), [row for row in below if row[1] != "" or row[2] != ("",)])
    raise BadInputError(
        Text(f"{DATE}와 {ALONE[1]} 열이 있는 머리글이 없습니다.", f"there is no header with {DATE} and {ALONE[1]}."),
        where=where,
        mend=Text(
            "뉴욕연준 누리집의 gscpi_data.xlsx 원본을 그대로 주십시오.",
            "Give gscpi_data.xlsx as the New York Fed published it.",
        ),
    )
