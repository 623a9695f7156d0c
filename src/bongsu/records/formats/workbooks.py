"""Workbooks: cells as they are kept, so that a code stored as a number shows as one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bongsu.language import BadInputError, Text
from bongsu.records.formats.delimited import OddRow, Rows, header_names
from bongsu.records.formats.kinds import HEAD, Kind, expect, refuse, sniff
from bongsu.records.formats.unpacking import DEFAULT_LIMITS, Limits, broken, checked_archive

Cell = str | float | int | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Sheet:
    """One sheet from its first cell on; row 1 of the sheet is `rows[0]`. An empty cell is "".

    A number is a float, dates are dates: `cell_text` prints them, `as_rows` makes a table of texts.
    """

    workbook: str
    name: str
    names: tuple[str, ...]  # all sheets of the workbook
    rows: Sequence[Sequence[Cell]]


def read_xlsx(path: Path, sheet: str | int | None = None, *, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """Read one sheet of a workbook (XLSX, or the old XLS).

    Args:
        path: the file.
        sheet: its name, or its place from 0; None is the first that is not hidden.
        limits: how far the workbook may grow when unpacked; looked at before anything is parsed.

    Raises:
        BadInputError: no workbook, cut off, under a password, a bomb, or no such sheet.
    """
    kind = sniff(path)
    if kind is not Kind.XLS:
        with path.open("rb") as file:
            refuse(kind, file.read(HEAD), path.name)
        expect(kind, Kind.XLSX, path.name)
    source = io.BytesIO(path.read_bytes()) if kind is Kind.XLS else checked_archive(path, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(source)
        name = _sheet_name(workbook, sheet, path.name)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise _locked(path.name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise broken(kind, path.name, error) from error
    return Sheet(path.name, name, tuple(workbook.sheet_names), rows)


def _sheet_name(workbook: CalamineWorkbook, sheet: str | int | None, where: str) -> str:
    names = workbook.sheet_names
    if sheet is None:
        shown = [each.name for each in workbook.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return str((shown or names)[0])
    if sheet in names:
        return str(sheet)
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        return str(names[sheet])
    raise BadInputError(
        Text(f"'{sheet}' 시트가 없습니다.", f"there is no sheet '{sheet}'."),
        where=where,
        mend=Text(f"있는 시트: {', '.join(names)}.", f"There are: {', '.join(names)}."),
    )


def _locked(where: str) -> BadInputError:
    return BadInputError(
        Text("암호가 걸린 통합 문서입니다.", "the workbook is under a password."),
        where=where,
        mend=Text("암호를 풀어 다시 저장해 주십시오.", "Save it again without the password."),
    )


def cell_text(cell: Cell) -> str:
    """A cell in print: 10221.0 as "10221", a date in ISO form, true and false in lower case."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 - exact there
    if isinstance(cell, datetime):
        midnight = cell.time() == time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def as_rows(sheet: Sheet, header_row: int = 1) -> Rows:
    """A sheet as a table of texts, in the form that `read_csv` gives.

    Args:
        sheet: from `read_xlsx`.
        header_row: the row with the names, from 1. Empty columns to its right are passed over.

    Raises:
        BadInputError: no such row, or names that are missing or stand twice.
    """
    header = [cell_text(cell) for cell in sheet.rows[header_row - 1]] if len(sheet.rows) >= header_row else []
    while header and not header[-1].strip():
        header.pop()
    names = header_names(header, f"{sheet.workbook} [{sheet.name}]")
    width = len(names)
    kept: list[tuple[int, Sequence[Cell]]] = []
    odd: list[OddRow] = []
    for number, cells in enumerate(sheet.rows[header_row:], header_row + 1):
        if any(cell != "" for cell in cells[width:]):
            odd.append(OddRow(number, "\t".join(map(cell_text, cells)), "ragged_row"))
        elif any(cell != "" for cell in cells):
            kept.append((number, cells))
    columns = {name: [cells[place] for _, cells in kept] for place, name in enumerate(names)}
    return Rows(
        table=pa.table({name: pa.array(map(cell_text, cells), pa.string()) for name, cells in columns.items()}),
        row=pa.array([number for number, _ in kept], pa.int64()),
        odd=tuple(odd),
        stored_as_number={
            name: pa.array([_is_number(cell) for cell in cells], pa.bool_()) for name, cells in columns.items()
        },
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
