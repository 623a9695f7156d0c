"""Places known for selling on what others made: a dated prior, not a finding about any good."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from bongsu.codes.tables import rows


@dataclass(frozen=True, slots=True)
class Entrepot:
    """A place of re-export trade.

    Args:
        code: ISO alpha-3, or a group that publishers give as one partner.
        since: first day that it is taken for one; our records begin later.
        until: last day; None: open.
        source: the publication that says so.
        checked: somebody opened the source and read it there.
    """

    code: str
    since: date
    until: date | None
    source: str
    checked: bool

    def holds(self, on: date) -> bool:
        """Whether it is taken for one on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@cache
def entrepots() -> tuple[Entrepot, ...]:
    """All of them, in the table's order."""
    return tuple(
        Entrepot(
            row["alpha3"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
            row["source"],
            row["checked"] == "yes",
        )
        for row in rows("entrepots")
    )
