"""Where `bongsu grade` takes its figures from: which source, which depth of the schedule, which year.

The order is total and documented (docs/develop/grade.md), so that the same lake always gives the same answer:

1. sources in which the home itself reports the year (without `--year`: a full one), and of these only those with at
   least half as many six-digit codes as the widest: four watched codes must not pass for a schedule;
2. the home's own customs before what others publish of it; then the finest codes; then the most codes; then the id;
3. of the source the newest full year, and of that year the finest full depth: one that holds nearly all of the value.

A year is full where it was published as a year, or where all twelve months are there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ibis

from bongsu.indicators.partners import goods_only, is_supplier
from bongsu.indicators.yearly import MONTHS
from bongsu.language import Text, UsageError
from bongsu.records.shapes import TRADE_FLOW
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources

SIX = 6
OWN_CUSTOMS = "own customs"
WIDE_ENOUGH = 0.5  # of the widest source's six-digit codes
WHOLE = 0.95  # of the value at the depth that holds most
DEPTHS = (2, 4, 6, 8, 9, 10)
FREQUENCIES = ("A", "M")


@dataclass(frozen=True)
class Held:
    """What a source holds of the home's imports at one depth in one year."""

    source: str
    code_system: str
    digits: int
    year: int
    annual: bool
    months: int
    codes: int
    six: int  # codes, cut to six digits
    value: float

    @property
    def full(self) -> bool:
        """Is it a whole year?"""
        return self.annual or self.months == MONTHS


@dataclass(frozen=True)
class Place:
    """The figures that are graded.

    Args:
        source: whose; "" where there are none.
        code_system: whose digits.
        digits: how deep the codes are.
        year: the calendar year.
        full: is the year whole in that source.
        months: how many months of it are there, where it is monthly.
        roll_up_from: the depth that was added up; None: as published.
    """

    source: str
    code_system: str
    digits: int
    year: int
    full: bool = True
    months: int = MONTHS
    roll_up_from: int | None = None

    @property
    def valid(self) -> date:
        """The year's first day."""
        return date(self.year, 1, 1)


def held(snapshot: Snapshot, home: str, moment: datetime, source: str | None) -> tuple[Held, ...]:
    """Every source, depth and year of the home's imports in the lake, as known at `moment`."""
    where = {"reporter": home, "flow": "import", **({"source": source} if source else {})}
    rows = goods_only(snapshot.as_of(TRADE_FLOW, moment, where))
    rows = rows.filter(rows.frequency.isin(FREQUENCIES) & (rows.code_system != "SITC"))
    rows = rows.mutate(
        digits=rows.code.length(),
        year=rows.valid.year(),
        six=rows.code.substr(0, SIX),
        value=ibis.ifelse(is_supplier(rows.partner) & (rows.value > 0), rows.value, 0.0),
    )
    found = rows.group_by("source", "code_system", "digits", "year", "frequency").aggregate(
        months=rows.valid.nunique(),
        codes=rows.code.nunique(),
        six=rows.six.nunique(),
        value=rows.value.sum(),
    )
    return _by_year(snapshot.arrow(found).to_pylist())


def _by_year(rows: Iterable[dict[str, Any]]) -> tuple[Held, ...]:
    """Years and months of one place together: a year published both ways is one year."""
    places: dict[tuple[str, str, int, int], list[dict[str, Any]]] = {}
    for row in rows:
        places.setdefault((row["source"], row["code_system"], row["digits"], row["year"]), []).append(row)
    return tuple(
        Held(
            *place,
            annual=any(row["frequency"] == "A" for row in each),
            months=max((row["months"] for row in each if row["frequency"] == "M"), default=0),
            codes=max(row["codes"] for row in each),
            six=max(row["six"] for row in each),
            value=max(row["value"] or 0.0 for row in each),
        )
        for place, each in sorted(places.items())
    )


def choose(given: Sequence[Held], year: int | None, digits: int | None, roll_up_from: int | None) -> Place | None:
    """The place to grade; None where the home reports nothing of the year.

    Raises:
        UsageError: codes of the depth asked for are not held; names those that are.
    """
    of_year = [one for one in given if year is None or one.year == year]
    if not of_year:
        return None
    depth = roll_up_from or digits
    pool = [one for one in of_year if depth is None or one.digits == depth]
    if not pool:
        raise _no_such_depth(of_year, depth or 0, adding_up=roll_up_from is not None)
    pool = [one for one in pool if one.full] or pool
    pool = [one for one in pool if one.six >= WIDE_ENOUGH * max(each.six for each in pool)]
    first = min({one.source for one in pool}, key=lambda name: _order(name, pool))
    newest = max(one.year for one in pool if one.source == first)
    chosen = _finest([one for one in pool if (one.source, one.year) == (first, newest)])
    to = (digits or SIX) if roll_up_from else chosen.digits
    return Place(first, chosen.code_system, to, newest, chosen.full, chosen.months, roll_up_from)


def _order(name: str, pool: Iterable[Held]) -> tuple[bool, int, int, str]:
    own = [one for one in pool if one.source == name]
    return not is_own_customs(name), -max(one.digits for one in own), -max(one.codes for one in own), name


def is_own_customs(source: str) -> bool:
    """Does the source give the customs' own figures? A user's own table, under whatever name, does."""
    known = sources().get(source)
    return known is None or known.layer == OWN_CUSTOMS


def _finest(levels: Sequence[Held]) -> Held:
    most = max(one.value for one in levels)
    whole = [one for one in levels if one.value >= WHOLE * most]
    return max(whole, key=lambda one: (one.digits, one.codes, one.code_system))


def _no_such_depth(given: Iterable[Held], depth: int, *, adding_up: bool) -> UsageError:
    there = sorted({one.digits for one in given})
    finer = [digits for digits in there if digits > depth]
    shown = ", ".join(map(str, there))
    mend = Text(f"있는 자릿수: {shown}.", f"There are codes of {shown} digits.")
    if finer and not adding_up:
        more = f"--digits {depth} --roll-up-from {finer[-1]}"
        mend = Text(f"{mend.ko} 더해 올리려면: {more}", f"{mend.en} To add them up: {more}")
    return UsageError(
        Text(f"{depth}자리 부호의 수입 기록이 없습니다.", f"no imports are held by codes of {depth} digits."),
        where="--roll-up-from" if adding_up else "--digits",
        mend=mend,
    )


def checked_depths(digits: int | None, roll_up_from: int | None) -> None:
    """Nothing, where the two go together.

    Raises:
        UsageError: no depth of a tariff, or nothing to add up.
    """
    for name, value in (("--digits", digits), ("--roll-up-from", roll_up_from)):
        if value is not None and value not in DEPTHS:
            raise UsageError(
                Text(f"{value}자리 부호는 없습니다.", f"there are no codes of {value} digits."),
                where=name,
                mend=Text("2, 4, 6, 8, 9, 10 가운데 고르십시오.", "Choose 2, 4, 6, 8, 9 or 10."),
            )
    if roll_up_from is not None and roll_up_from <= (digits or SIX):
        raise UsageError(
            Text(
                f"{roll_up_from}자리에서 {digits or SIX}자리로 더해 올릴 수 없습니다.",
                f"{roll_up_from} digits do not add up to {digits or SIX}.",
            ),
            where="--roll-up-from",
            mend=Text("--digits를 더 짧게 하십시오.", "Make --digits shorter."),
        )
