"""The A–D rule for every code of a customs schedule, year by year, and damped: the letter moves when two years of three say so."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import add, or_

import ibis
from ibis.expr.types import BooleanColumn, Column, IntegerColumn, Table

from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.structure import structure
from bongsu.indicators.verdict import NO, YES
from bongsu.indicators.yearly import yearly
from bongsu.items.grade import BANDS, CUTS, VALUE_FLOOR_USD, WORST
from bongsu.items.item import LETTERS
from bongsu.items.schedule import Place, Schedule, Weights, schedule
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

WINDOW, NEEDED = 3, 2
CURRENCY = "USD"  # of the value floor
MILDEST = len(LETTERS) - 1

# What `letters` needs of a table of supply; `structure` and `Ground.supply` have it.
NEEDS = ("currency", "total", "top_supplier", "top_share", "known_fraction", "complete", "least_share")


def grades(flows: Table, home: str, on: date, given: Ground | None = None) -> Table:
    """The grade of each code and year.

    Args:
        flows: `trade_flow` rows of imports, monthly or yearly.
        home: ISO alpha-3; its codes are graded with the assessments of its own catalogue. Of other reporters nothing is
            assessed.
        on: the day of the view of the catalogue. Every year is graded with what it says of that day, so that a letter
            moves with the trade alone.
        given: `ground(flows)`, where the caller has it already.

    Returns:
        what `letters` gives.
    """
    if given is not None:
        return letters(given.supply, schedule(home, on))
    supply = structure(yearly(flows.filter(flows.flow == "import")))
    return letters(supply, schedule(home, on))


def letters(supply: Table, held: Schedule) -> Table:
    """The letters from a table of supply.

    Args:
        supply: a row for each `KEY`, with `NEEDS`.
        held: which codes belong to items, and what is assessed of those.

    Returns:
        `KEY`, `currency`, `imports`, `top_supplier`, `top_share`, `complete`; `share_low` and `share_high`, between
        which the top supplier's share lies whatever is hidden (null: cannot be told); `at_stake`, what the top supplier
        sends; `gravest` and `mildest`, the letters between which the year's lies, and `letter` where they are one;
        `at_best`, the letter that stands even if every unknown criterion turns out at its best; `damped_gravest`,
        `damped_mildest` and `damped`, the same over three years, of which a year without a letter may be any; `years`,
        how many of the three have one. An unknown share gives null, never D.
    """
    rows, worst = _bounded(supply), held.weighed()
    high = _graded(rows, rows.share_high, rows.value_high, held.home, worst)
    low = _graded(rows, rows.share_low, rows.value_low, held.home, worst)
    at_best = _graded(rows, rows.share_low, rows.value_low, held.home, held.weighed(unknown=0), unknown=0)
    # A bound that is not known leaves the whole grade open; nothing is said of it then.
    told = rows.mutate(known=rows.share_low.notnull() & rows.share_high.notnull())
    nothing = ibis.null("int64")
    ranked = told.mutate(
        first=ibis.ifelse(told.known, high, nothing),
        last=ibis.ifelse(told.known, low, nothing),
        best=ibis.ifelse(told.known, at_best, nothing),
    )
    return _named(_damped(ranked))


def _bounded(supply: Table) -> Table:
    """The bounds of the top supplier's share and of the imports' value."""
    nothing = ibis.null("float64")
    part = ibis.ifelse(supply.complete, 1.0, ibis.ifelse(supply.known_fraction < 1, supply.known_fraction, nothing))
    most = ibis.ifelse(supply.complete, supply.top_share, supply.least_share + 1 - part)
    value = ibis.ifelse(supply.currency == CURRENCY, supply.total, nothing)
    return supply.select(
        *KEY,
        *NEEDS,
        share_low=supply.least_share,
        share_high=ibis.ifelse(most > 1, 1.0, most),
        value_low=value,
        value_high=value / part.nullif(0.0),
    )


def _graded(
    rows: Table,
    share: Column,
    value: Column,
    home: str,
    weighed: Mapping[Weights, tuple[Place, ...]],
    unknown: int = WORST,
) -> IntegerColumn:
    """The place in `LETTERS` of each row's letter: of the items that its code belongs to, the gravest."""
    none = ibis.literal(MILDEST + 1, type="int64")
    each = (
        ibis.ifelse(_belongs(rows, home, places), _rank(share, value, pair), none) for pair, places in weighed.items()
    )
    found = reduce(ibis.least, each, none)
    return ibis.ifelse(found > MILDEST, _rank(share, value, (unknown, unknown)), found)


def _belongs(rows: Table, home: str, places: tuple[Place, ...]) -> BooleanColumn:
    """Is the code one of `places`, or a part of one? Of the home's own rows only."""
    by_kind: dict[tuple[str, int], list[str]] = defaultdict(list)
    for system, code in places:
        by_kind[system, len(code)].append(code)
    each = (
        rows.code.substr(0, digits).isin(codes) & ((rows.code_system == system) if system else YES)
        for (system, digits), codes in sorted(by_kind.items())
    )
    return (rows.reporter == home) & reduce(or_, each, NO)


def _rank(share: Column, value: Column, weights: Weights) -> IntegerColumn:
    """`items.grade.letter` as a column: 0 for A … 3 for D."""
    difficulty, importance = weights
    fixed = difficulty + importance
    ranks = [(share >= floor, _cut(points + fixed)) for floor, points in BANDS]
    rank = ibis.cases(*((held, ibis.literal(place, type="int64")) for held, place in ranks))
    if importance >= WORST:
        return rank
    small = ibis.coalesce(value < VALUE_FLOOR_USD, NO)
    return ibis.ifelse(small & (rank < MILDEST), rank + 1, rank)


def _cut(points: int) -> int:
    return LETTERS.index(next(grade for least, grade in CUTS if points >= least))


def _damped(rows: Table) -> Table:
    """A letter or a graver one stands where it did so in two of the last three years; a missing year may be any."""
    span = ibis.range_window(
        preceding=WINDOW - 1,
        following=0,
        group_by=[rows[name] for name in KEY if name != "valid"],
        order_by=rows.valid.year(),
    )
    milder = [_in_years(rows["first"] > place, span) for place in range(MILDEST)]
    graver = [_in_years(rows["last"] <= place, span) for place in range(MILDEST)]
    counted = rows.mutate(
        damped_first=reduce(add, ((count > WINDOW - NEEDED).cast("int64") for count in milder)),
        damped_last=MILDEST - reduce(add, ((count >= NEEDED).cast("int64") for count in graver)),
        years=_in_years(rows["first"].notnull(), span),
    )
    nothing = ibis.null("int64")
    told = counted.years > 0
    return counted.mutate(
        damped_first=ibis.ifelse(told, counted.damped_first, nothing),
        damped_last=ibis.ifelse(told, counted.damped_last, nothing),
    )


def _in_years(held: BooleanColumn, span: object) -> IntegerColumn:
    return ibis.coalesce(held.cast("int64").sum().over(span), 0)


def _named(rows: Table) -> Table:
    def called(place: Column) -> Column:
        return ibis.cases(*((place == number, letter) for number, letter in enumerate(LETTERS)))

    def sure(one: Column, other: Column) -> Column:
        return ibis.ifelse(one == other, called(one), ibis.null("string"))

    return rows.select(
        *KEY,
        "currency",
        imports=rows.total,
        top_supplier=rows.top_supplier,
        top_share=rows.top_share,
        complete=rows.complete,
        share_low=rows.share_low,
        share_high=rows.share_high,
        at_stake=rows.top_share * rows.total,
        letter=sure(rows["first"], rows["last"]),
        gravest=called(rows["first"]),
        mildest=called(rows["last"]),
        at_best=called(rows.best),
        damped=sure(rows.damped_first, rows.damped_last),
        damped_gravest=called(rows.damped_first),
        damped_mildest=called(rows.damped_last),
        years=rows.years,
    )


INDICATOR = Indicator(
    id="grades",
    name=Text("세번 전체의 등급(A–D)과 3년 완충", "Grades A–D of every code, and damped over three years"),
    unit=Text("등급 A–D", "grades A to D"),
    formula="points(top share) + difficulty + importance, cut at 8, 6, 4; one step lower under USD 10 m; "
    "damped = the gravest letter reached in 2 of 3 years",
    source="Bongsu, docs/develop/grade.md, on the criteria stated for Korea's early-warning items; damping after "
    "the 2-of-3-years rule of CEPII, Working Paper 2023-41 and Policy Brief 47 (2024)",
    caveats=(
        Text(
            "품목 목록에 없는 부호는 대체·국내 생산의 어려움과 중요도를 몰라 가장 나쁜 값으로 셉니다. at_best는 모르는 기준이 모두 "
            "가장 좋은 값이어도 남는 등급입니다.",
            "For a code of no item, difficulty and importance are unknown and count as the worst; `at_best` is the letter "
            "that stands even if they all turn out at their best.",
        ),
        Text(
            "비중을 모르면 등급도 모릅니다(null). 공개되지 않은 상대국이 있으면 어느 쪽이어도 같은 등급일 때만 등급을 매깁니다.",
            "An unknown share gives an unknown grade (null). With partners withheld there is a letter only where it is the "
            "same whoever they are.",
        ),
        Text(
            "통화가 달러가 아니면 금액 하한을 적용하지 않습니다. 정부의 지정 등급이 아닙니다.",
            "In a currency other than the dollar the value floor is not applied. These are not the state's designations.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=grades,
    base=ground,
    asks=("home", "on"),
)
