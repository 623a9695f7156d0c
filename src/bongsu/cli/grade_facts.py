"""Published shares of one country (records `dependence`) for codes whose flows the lake does not hold.

A list of items at 80 % or more says nothing of the items that it leaves out: these stay unknown, never safe.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bongsu.codes.hs import level
from bongsu.indicators.grades import NEEDED, WINDOW
from bongsu.items.grade import letter
from bongsu.items.item import LETTERS, Item
from bongsu.items.schedule import Schedule, criteria, gravest
from bongsu.language import Text
from bongsu.records.identity import name_of
from bongsu.records.shapes import DEPENDENCE
from bongsu.records.snapshot import Snapshot

HALF = 0.5
BY_VALUE = "import value"
MILDEST = len(LETTERS) - 1
Row = dict[str, Any]
Code = tuple[str, str]  # code system and code


@dataclass(frozen=True)
class Stated:
    """What one published share says of a code and a year.

    Args:
        fact: the record.
        low, high: between which the top supplier's share lies. Half or more is the top supplier's own; of less the
            partner may not be the top one, and no other can have more than the rest.
    """

    fact: Row
    low: float
    high: float

    @property
    def year(self) -> int:
        """The year in which the fact's period ends."""
        ended: date = self.fact["valid_until"]
        return ended.year

    def bounds(self, items: Iterable[Item]) -> tuple[int, int]:
        """The places in `LETTERS` between which the grade lies."""
        held, value = tuple(items), self.fact["import_value_usd"]
        first, last = (letter(gravest(held, share, value)) for share in (self.high, self.low))
        return LETTERS.index(first or LETTERS[0]), LETTERS.index(last or LETTERS[-1])

    def at_best(self, items: Iterable[Item]) -> str | None:
        """The letter that stands even if every unknown criterion turns out at its best."""
        value = self.fact["import_value_usd"]
        each = [criteria(item, self.low, value) for item in items] or [criteria(None, self.low, value)]
        return min((letter(one, unknown=0) or LETTERS[-1] for one in each), key=LETTERS.index)


def stated(snapshot: Snapshot, home: str, moment: datetime, source: str | None) -> Mapping[Code, Mapping[int, Stated]]:
    """Published shares by code and year, as known at `moment`: of each year the one that counts (`_order`)."""
    where = {"reporter": home, **({"source": source} if source else {})}
    found: dict[Code, dict[int, Stated]] = {}
    rows = snapshot.arrow(snapshot.as_of(DEPENDENCE, moment, where)).to_pylist()
    for row in sorted((one for one in rows if _of_a_code(one)), key=_order, reverse=True):
        one = _stated(row)
        found.setdefault((row["code_system"], row["code"]), {})[one.year] = one
    return found


def _of_a_code(row: Mapping[str, Any]) -> bool:
    return row["share"] is not None and level(row["code"]) is not None


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The first of a year counts: ending last, longest, by value before volume, the larger share, then the names."""
    days = (row["valid_until"] - row["valid"]).days
    by_volume = row["measure"] != BY_VALUE
    return (
        -row["valid_until"].toordinal(),
        -days,
        by_volume,
        -row["share"],
        row["source"],
        row["partner"],
        row["subject"],
    )


def _stated(row: Row) -> Stated:
    share = row["share"]
    return Stated(row, share, share if share >= HALF else 1 - share)


def graded(of_years: Mapping[int, Stated], items: Sequence[Item], year: int) -> Row:
    """A row as `grades.letters` has it, from a code's published shares; the year's own one must be among them."""
    now = of_years[year]
    first, last = now.bounds(items)
    spans = [of_years[one].bounds(items) for one in range(year - WINDOW + 1, year + 1) if one in of_years]
    damped = damp(spans)
    fact = now.fact
    sure = now.low == now.high
    return {
        "source": fact["source"],
        "code_system": fact["code_system"],
        "code": fact["code"],
        "valid": date(year, 1, 1),
        "currency": "USD" if fact["import_value_usd"] is not None else None,
        "imports": fact["import_value_usd"],
        "top_supplier": fact["partner"] if sure else None,
        "top_share": fact["share"] if sure else None,
        "complete": sure,
        "share_low": now.low,
        "share_high": now.high,
        "at_stake": fact["share"] * fact["import_value_usd"] if fact["import_value_usd"] is not None else None,
        "letter": LETTERS[first] if first == last else None,
        "gravest": LETTERS[first],
        "mildest": LETTERS[last],
        "at_best": now.at_best(items),
        "damped": LETTERS[damped[0]] if damped[0] == damped[1] else None,
        "damped_gravest": LETTERS[damped[0]],
        "damped_mildest": LETTERS[damped[1]],
        "years": len(spans),
    }


def damp(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """`grades.letters`' damping of the letters of one code, for a handful: the gravest reached in two of three years.

    Args:
        spans: the years that are known, as first and last place in `LETTERS`; a missing year may be any.
    """
    missing = WINDOW - len(spans)
    first = sorted([*(span[0] for span in spans), *[0] * missing])
    last = sorted([*(span[1] for span in spans), *[MILDEST] * missing])
    return first[NEEDED - 1], last[NEEDED - 1]


def told(one: Stated, publisher: Text) -> Text:
    """The published share in a sentence, with its date and source."""
    fact = one.fact
    period = _period(fact["valid"], fact["valid_until"])
    by = Text("물량", "volume") if fact["measure"] != BY_VALUE else Text("금액", "value")
    of = Text(f" 대상: {fact['subject']}.", f" It is about: {fact['subject']}.") if fact["subject"] else Text("", "")
    known = f"{fact['known_at']:%Y-%m-%d}"
    cited = fact["citation"] or ""
    return Text(
        f"수입 통계가 아니라 공표된 비중({period} 수입 {by.ko}의 {fact['share']:.1%}, {publisher.ko}, {known} 공개)으로 "
        f"매겼습니다.{of.ko}{f' 출처: {cited}.' if cited else ''}",
        f"Graded from a published share, not from flows: {fact['share']:.1%} of imports by {by.en} in {period} "
        f"({publisher.en}, known {known}).{of.en}{f' Cited: {cited}.' if cited else ''}",
    )


def _period(first: date, last: date) -> str:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    return f"{first:%Y-%m}/{last:%Y-%m}"


def name(one: Stated) -> str:
    """What `bongsu explain` takes."""
    return name_of(DEPENDENCE, one.fact)


def newest(facts: Mapping[Code, Mapping[int, Stated]]) -> int | None:
    """The newest year that any published share is about."""
    return max((year for years in facts.values() for year in years), default=None)


def belonging(held: Schedule, code: Code) -> tuple[Item, ...]:
    """The items that a code belongs to."""
    return held.of(code[1], code[0])


def each(
    facts: Mapping[Code, Mapping[int, Stated]], held: Schedule, year: int, digits: int | None
) -> Iterator[tuple[Stated, Row]]:
    """Every code with a published share of the year, at the depth asked for, with its row; in the order of codes."""
    for code, years in sorted(facts.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        if year in years and digits in {None, len(code[1])}:
            yield years[year], graded(years, belonging(held, code), year)
