"""Small tables that people type: one row at a time, each cell read strictly, a bad row set aside with its reason."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bongsu.codes.countries import countries, former_areas
from bongsu.codes.groups import groups
from bongsu.language import Text
from bongsu.records.delivery import BadRow, Raw
from bongsu.records.formats import Kind, NotANumber, OddRow, Rows, Unknown, as_rows, number, read_csv, read_xlsx, sniff
from bongsu.sources.reading import naming, require_columns

_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?")
_ODD = Text("열 수가 머리글과 다르거나 글자가 깨진 행입니다.", "a row that does not fit the header, or is damaged.")


class BadCellError(Exception):
    """A cell that cannot be taken: the row goes to quarantine.

    Args:
        reason: a stable word.
        detail: the sentence for people.
    """

    def __init__(self, reason: str, detail: Text) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


@dataclass(frozen=True)
class TypedRow:
    """One row as it stood: column → text, blanks around it dropped; an empty cell is ""."""

    raw: int
    row: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """The cell; None where it is empty or the table has no such column."""
        return self.cells.get(column) or None

    def needed(self, column: str) -> str:
        """The cell; BadCellError where it is empty."""
        found = self.text(column)
        if found is None:
            raise BadCellError("empty_cell", Text(f"{column} 칸이 비었습니다.", f"{column} is empty."))
        return found

    def day(self, column: str) -> date | None:
        """The cell as a day, None where it is empty; BadCellError where it is no day of the calendar."""
        text = self.text(column)
        found = _DAY.fullmatch(text) if text else None
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
        if text is None:
            return None
        raise BadCellError(
            "bad_date", Text(f"{column} 칸의 값이 날짜가 아닙니다: {text}", f"{column} is no date: {text}")
        )

    def needed_day(self, column: str) -> date:
        """The cell as a day; BadCellError where it is empty or none."""
        self.needed(column)
        found = self.day(column)
        assert found is not None  # noqa: S101 - `needed` has seen to it
        return found

    def place(self, column: str) -> str:
        """The cell as a country's alpha-3 or a group's code; BadCellError for anything else."""
        return as_place(self.needed(column), column)

    def figure(self, column: str) -> float | None:
        """The cell as a number, None for an empty cell or a mark; BadCellError where it is neither."""
        found = number(self.text(column))
        if isinstance(found, NotANumber):
            raise BadCellError(
                "bad_number",
                Text(f"{column} 칸의 값이 수가 아닙니다: {found.text}", f"{column} is no number: {found.text}"),
            )
        return None if isinstance(found, Unknown) else found

    def __str__(self) -> str:
        return ",".join(self.cells.values())


def as_place(text: str, column: str) -> str:
    """A country's alpha-3 or a group's code as it stands; BadCellError for anything else."""
    if text in countries() or text in former_areas() or text in groups():
        return text
    raise BadCellError(
        "bad_country",
        Text(
            f"{column}에 ISO 국가부호(영문 3자)가 아닌 값이 있습니다: {text}",
            f"{column} holds what is no ISO alpha-3 code: {text}",
        ),
    )


def as_hs(text: str, longest: int = 6) -> str:
    """An HS code as digits with its leading zeros; BadCellError for an odd number of digits or too many."""
    code = re.sub(r"[.\s]", "", text)
    if re.fullmatch(r"[0-9]+", code) and 2 <= len(code) <= longest and len(code) % 2 == 0:  # noqa: PLR2004 - a chapter
        return code
    raise BadCellError(
        "bad_code",
        Text(
            f"HS 부호의 자릿수가 맞지 않거나 숫자가 아닙니다: {text} (앞자리 0이 지워졌는지 보십시오.)",
            f"not an HS code, or one of the wrong length: {text} (was a leading zero lost?)",
        ),
    )


def typed_rows(
    raws: Sequence[Raw], columns: Callable[[Sequence[str]], Iterable[str]]
) -> tuple[list[TypedRow], list[BadRow]]:
    """All rows of the files, and those that fit no header.

    Args:
        raws: CSV or XLSX files, each with a header.
        columns: given a file's header, the columns that it must have.

    Raises:
        BadInputError: a file that is no table, or lacks columns.
    """
    taken: list[TypedRow] = []
    bad: list[BadRow] = []
    for place, raw in enumerate(raws):
        with naming(raw):
            rows = _table(raw)
            require_columns(rows.table.column_names, tuple(columns(rows.table.column_names)), raw.name)
        bad.extend(_odd(place, each) for each in rows.odd)
        for row, cells in zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True):
            taken.append(TypedRow(place, row, {name: cell.strip() for name, cell in cells.items()}))
    return taken, bad


def _table(raw: Raw) -> Rows:
    if sniff(raw.path) in {Kind.XLSX, Kind.XLS}:
        return as_rows(read_xlsx(raw.path))
    return read_csv(raw.path)


def _odd(place: int, odd: OddRow) -> BadRow:
    return BadRow(place, odd.row, odd.reason, _ODD, odd.text)
