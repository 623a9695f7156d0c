"""One line of a printed table for one year, whichever shape the file has."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bongsu.language import Text
from bongsu.records.delivery import BadRow
from bongsu.sources.printed import Printed, printed
from bongsu.sources.producers import Producer
from bongsu.sources.typed_rows import BadCellError

DIGITS = 2  # USGS rounds to two or three significant digits; what lies before the second is never rounded away

MARKS = {
    "": "blank",
    "—": "nil",
    "w": "withheld",
    "na": "not available",
    "xx": "not applicable",
    "s": "see note",
    **dict.fromkeys(("large", "moderate", "moderate to large", "small", "small to moderate", "very small"), "words"),
}
_HALF_A_UNIT = re.compile(r"\bless than (½|1/2)\s*unit\b", re.IGNORECASE)
_IN_TOTAL = re.compile(r"\bincluded (in|with) .?world total", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\bincluded (in|with) ", re.IGNORECASE)
_ESTIMATED = re.compile(r"(?:^|-- |[;,] ?)estimated\b", re.IGNORECASE)
_REPORTED = re.compile(r"(?:^|-- |[;,] ?)reported\b", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """What one cell says of one producer.

    Args:
        row: its row in the file.
        goods: the commodity's name, normalised.
        table: the words that tell the table from others of the commodity, normalised.
        measure: production, capacity or reserves.
        year: the year it is for.
        who: the producer.
        cell: what is stated.
        unit: as printed; "" where the cell is empty.
        note: the publisher's.
        text: the row as it stood, to be quoted.
    """

    row: int
    goods: str
    table: str
    measure: str
    year: int
    who: Producer
    cell: Printed
    unit: str
    note: str
    text: str


@dataclass
class Lines:
    """All that a file says, and what had to be left."""

    edition: int | None = None  # the year in the edition's name, where the file says it
    lines: list[Line] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    seen: int = 0

    def set_aside(self, row: int, error: BadCellError, text: str, statements: int = 1) -> None:
        """Keep a row that cannot be taken; each of its other statements is counted."""
        self.bad.append(BadRow(0, row, error.reason, error.detail, text))
        if statements > 1:
            self.passed_over["row_set_aside"] += statements - 1


def words(text: str) -> str:
    """Printed words without what does not tell tables apart: case, blanks, "(rounded)", "estimated", a last stop."""
    bare = " ".join(text.replace("’", "'").split()).casefold()
    return re.sub(r"(?:[:,]\s*|\s)\(?rounded\)?$|,\s*estimated\b|[.,:;\s]+$", "", bare).strip()


def cell_of(text: str, note: str) -> Printed:
    """What a cell states, with its note: a symbol in a cell is explained there.

    Raises:
        BadCellError: as `printed`, or `unexplained_mark`.
    """
    found = printed(text, MARKS, DIGITS)
    if found.stated == "see note":
        found = explained(note, found.mark or "")
    if found.value is None and found.stated != "bounds":
        return found
    return replace(found, estimated=estimated(note) if found.estimated is None else found.estimated)


def explained(note: str, mark: str) -> Printed:
    """What a note says in a figure's place; BadCellError where it says nothing that we know."""
    if _HALF_A_UNIT.search(note):
        return Printed(least=0.0, most=0.5, stated="bounds", mark=mark)
    if _IN_TOTAL.search(note):
        return Printed(stated="included in total", mark=mark)
    if _ELSEWHERE.search(note):
        return Printed(stated="included elsewhere", mark=mark)
    raise BadCellError(
        "unexplained_mark",
        Text(f"'{mark}' 표지의 뜻이 주석에 없습니다.", f"the note does not explain the mark '{mark}'."),
    )


def estimated(note: str) -> bool | None:
    """Does the note call the figure estimated (True) or reported (False)? None where it does not say."""
    return True if _ESTIMATED.search(note) else False if _REPORTED.search(note) else None


def quoted(cells: Sequence[str]) -> str:
    """A row as text."""
    return ",".join(cell.replace("\n", " ") for cell in cells)
