"""Which revision of the HS a country counts its trade by, from when.

A record of trade names its code, not the revision that the code belongs to. **The revision follows from the period**:
a revision enters into force on 1 January of its year (HS Convention, article 16), countries write it into their tariffs
for that day, and a tariff in force is one revision, not two. The alternative, a revision in the key of every record,
would be honest only where the publisher states it; most do not, and a value that we had made up would look like a fact
of theirs. So nothing is stored, the rule is applied on reading, and it can be overruled without touching a record.

The rule fails in two ways, and both can be seen. A country may be late: the days that we know of stand in
`data/hs_adoption.csv`, and a caller who knows others gives them. A period may hold the day of change: then two revisions
were in force, and `in_force` gives both. What a wrong rule leaves behind are codes that the revision does not have;
`indicators/joined_codes.py` tells their share.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from bongsu.codes.concordances import REVISIONS
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

ANY_FLOW = ""
_BEGAN = date(1988, 1, 1)  # the HS itself; the first revision's tables are called 1992


@dataclass(frozen=True, slots=True)
class Adoption:
    """A reporter that took a revision up on another day than the first of its year.

    Args:
        reporter: ISO alpha-3, or a group.
        flow: import, export, or ANY_FLOW.
        revision: one of `REVISIONS`.
        day: the first day on which its trade was counted by it; None if never.
        source: who says so.
    """

    reporter: str
    flow: str
    revision: str
    day: date | None
    source: str = ""


@cache
def adoptions() -> tuple[Adoption, ...]:
    """The days that we know of; a reporter that is not here is taken to have been in time."""
    return tuple(
        Adoption(row["reporter"], row["flow"], row["revision"], date.fromisoformat(row["from"]), row["source"])
        for row in rows("hs_adoption")
    )


def starts(reporter: str, flow: str, adopted: Iterable[Adoption]) -> tuple[tuple[date, str], ...]:
    """(first day, revision) of a reporter's revisions in the order of their days.

    Raises:
        UnknownCodeError: `adopted` names a revision that there is none of.
    """
    days: dict[str, date | None] = {revision: date(int(revision), 1, 1) for revision in REVISIONS}
    days[REVISIONS[0]] = _BEGAN
    for one in adopted:
        if one.revision not in days:
            raise _no_revision(one.revision)
        if one.reporter == reporter and one.flow in (ANY_FLOW, flow):
            days[one.revision] = one.day
    return tuple(sorted((day, revision) for revision, day in days.items() if day is not None))


def in_force(
    reporter: str, flow: str, first: date, last: date, adopted: Iterable[Adoption] | None = None
) -> tuple[str, ...]:
    """The revisions in force on any day from `first` to `last`, oldest first; none before 1988.

    Args:
        reporter: whose trade.
        flow: import or export.
        first: first day of the period.
        last: last day of the period.
        adopted: days to go by instead of `adoptions()`.
    """
    begun = starts(reporter, flow, adoptions() if adopted is None else adopted)
    before = [revision for day, revision in begun if day <= first]
    during = [revision for day, revision in begun if first < day <= last]
    return (*before[-1:], *during)


def _no_revision(revision: str) -> UnknownCodeError:
    return UnknownCodeError(
        Text(f"HS {revision} 개정판은 없습니다.", f"there is no HS revision of {revision}."),
        mend=Text(f"있는 개정판: {', '.join(REVISIONS)}.", f"There are: {', '.join(REVISIONS)}."),
    )
