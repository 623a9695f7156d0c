"""What the layouts have in common: figures, each with its series and period as the file writes them."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bongsu.language import Text
from bongsu.records.delivery import BadRow
from bongsu.records.formats import Cell
from bongsu.sources.imf_pcps.series import Key

_PERIOD = re.compile(r"(\d{4})(?:[-]?M(\d{1,2})|-(\d{2})|[-]?Q([1-4]))?")


@dataclass(frozen=True)
class Statement:
    """One figure: the row it stands in, its series, its period and the cell."""

    row: int
    key: Key
    period: str
    cell: Cell


@dataclass
class Found:
    """What one file holds.

    Args:
        statements: its figures.
        bad: rows set aside whole; the statements that they would have made beyond the first are in `passed_over`.
        passed_over: reason → statements.
        columns: our words for what the user must be told of columns that could not be taken.
    """

    statements: list[Statement] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    columns: list[Text] = field(default_factory=list)

    def set_aside(self, bad: BadRow, statements: int) -> None:
        """Keep a whole row with its reason; it would have made so many statements."""
        self.bad.append(bad)
        self.passed_over["row_set_aside"] += max(statements - 1, 0)

    @property
    def seen(self) -> int:
        """How many statements the file makes."""
        return len(self.statements) + len(self.bad) + sum(self.passed_over.values())


def period(text: str) -> tuple[date, str] | None:
    """First day and frequency of "1980M1", "2026-M08", "2026-08", "2026-Q1" or "2026"; None for anything else."""
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        return None
    month = found[2] or found[3]
    if month:
        return (date(int(found[1]), int(month), 1), "M") if 1 <= int(month) <= 12 else None  # noqa: PLR2004 - months
    if found[4]:
        return date(int(found[1]), int(found[4]) * 3 - 2, 1), "Q"
    return date(int(found[1]), 1, 1), "A"


def cells_text(cells: Mapping[str, object]) -> str:
    """A row as text, for the quarantine."""
    return ",".join(str(cell) for cell in cells.values())
