"""How answers leave: a table for people, JSON for programs, CSV and XLSX for officers' sheets."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Any

import xlsxwriter
from rich import box
from rich.markup import escape
from rich.table import Table

from bongsu.cli.session import Session
from bongsu.language import BadInputError, Text

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Column:
    """One column: its key in JSON and CSV, its heading, and how it sits in a table."""

    key: str
    heading: Text
    right: bool = False
    width: int | None = None
    wrap: bool = True


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - what JSON can hold, one line a kind
    """`value` as JSON holds it: texts in both languages, times in ISO 8601."""
    if isinstance(value, Text):
        return {"ko": value.ko, "en": value.en}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in asdict(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def as_json(session: Session, value: object) -> None:
    """Print one JSON document."""
    session.out.file.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def as_csv(session: Session, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV with headings in the user's language; a cell never starts a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([session.say(column.heading) for column in columns])
    writer.writerows([_safe(_cell(session, row.get(column.key))) for column in columns] for row in rows)
    session.out.file.write(buffer.getvalue())


def as_xlsx(session: Session, path: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a workbook: codes as text, numbers as numbers, the heading frozen.

    Raises:
        BadInputError: the file cannot be written.
    """
    try:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("Bongsu")
            bold, top = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            for at, column in enumerate(columns):
                sheet.write_string(0, at, session.say(column.heading), bold)
                sheet.set_column(at, at, min(60, (column.width or 14) + 2), top)
            for line, row in enumerate(rows, start=1):
                for at, column in enumerate(columns):
                    _write(sheet, line, at, _cell(session, row.get(column.key)))
            sheet.freeze_panes(1, 0)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise BadInputError(
            Text("엑셀 파일을 쓸 수 없습니다.", "the workbook cannot be written."),
            where=str(path),
            mend=Text(
                "열려 있는 파일인지, 폴더가 있는지 확인하십시오.", "Close it if it is open, and check the folder."
            ),
        ) from error
    session.err.print(session.say(Text("{path}에 썼습니다.", "Written to {path}.").format(path=path)))


def _write(sheet: Any, line: int, at: int, cell: object) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if isinstance(cell, bool) or cell is None or isinstance(cell, str) or not isfinite(cell):  # type: ignore[arg-type]
        sheet.write_string(line, at, "" if cell is None else str(cell))
    else:
        sheet.write_number(line, at, cell)


def as_table(session: Session, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], title: str = "") -> None:
    """Print a table."""
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(
            session.say(column.heading),
            justify="right" if column.right else "left",
            max_width=column.width,
            no_wrap=(single := column.width is None or not column.wrap),
            overflow="ellipsis" if single else "fold",  # a figure cut short must not pass for another figure
        )
    for row in rows:
        table.add_row(*(_shown(session, row.get(column.key)) for column in columns), style=row.get("style"))
    session.out.print(table)


def _shown(session: Session, value: object) -> str:
    cell = _cell(session, value)
    if cell is None:
        return "–"
    return escape(f"{cell:,.4g}" if isinstance(cell, float) else str(cell))


def _cell(session: Session, value: object) -> str | float | int | None:
    if isinstance(value, Text):
        return session.say(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, list | tuple):
        return "; ".join(str(_cell(session, one)) for one in value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _safe(cell: str | float | None) -> str | float | None:
    """A spreadsheet that opens the CSV must not take text for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
