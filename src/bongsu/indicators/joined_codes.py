"""Flows carried to one revision of the HS, so that a code means the same goods in every year, and how much cannot be.

Which revision a row is in follows from its period, unless its code system names one (`HS2012`, as UN Comtrade converts);
`codes/adoption.py` has the argument. From there:

- one code to one, or several put together: **exact**. The sums hold the same goods.
- a split, or several crossing: the smallest **family** of codes that no good leaves. Its sum is exact and coarser.
- a family of too many codes, a code that the revision does not have, one without a counterpart: **none**. The row stays
  as it is, under its own code, and its value is told.

Nothing is split by a guess. Two ways out are there for who wants them, and what they give is marked: `Way.thin` passes
over correspondences with catch-all codes (**assumed**), `Way.weights` divides single codes (**estimated**).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

import ibis

from bongsu.codes.adoption import Adoption, adoptions, in_force, starts
from bongsu.codes.concordances import REVISIONS
from bongsu.indicators.code_joins import BETWEEN, HOW, NO_REVISION, NONE, NOT_HS, NOT_IN_REVISION, WHY, Way, joins
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.partners import WORLD, goods_only, is_sum
from bongsu.indicators.rollup import strict_sum
from bongsu.indicators.structure import GROUP
from bongsu.language import Text
from bongsu.records.known import period_end
from bongsu.records.shapes import TRADE_FLOW

TO_NEWEST = Way(REVISIONS[-1])
SIX = 6
SYSTEMS = ("HS", "HTS", "SCHEDULE_B", "HSK", "CN", "JP_STAT")  # whose first six digits are the HS's
STATED = {f"HS{revision}": revision for revision in REVISIONS}  # systems that name the revision themselves
PERIOD = tuple(name for name in GROUP if name != "code")
_PARTS = (*HOW, *WHY, "by_code")


def joined_codes(flows: ibis.Table, way: Way = TO_NEWEST, adopted: Sequence[Adoption] | None = None) -> ibis.Table:
    """`flows` at six digits under the codes of one revision.

    Args:
        flows: `trade_flow` rows; those of other depths than six digits are left out (`rolled_up` makes six of ten).
        way: to which revision, and how far to go for it. Without `across` each row is joined as finely as its own
            revision allows.
        adopted: who took a revision up when, instead of `codes.adoption.adoptions()`.

    Returns:
        `GROUP`, `partner`, the value columns of `trade_flow`, and: `joined`, one of `HOW`; `why` not, one of `WHY`;
        `revision`, the oldest that a part was in; `by_code`, true where that was seen from the code because the
        revision in force does not have it; `codes` and `members`, how many codes of the target are in it and which;
        `basket_ko`, `basket_en`, the goods that share such a code, where it is known as a basket (null is no proof of
        one good). `code` is a code of the target; for a family "2012-2017:030289+3" (its span, its first code, how many
        more); for what is not joined its own code behind its revision, "2012:880000". A sum is null where a part is
        unknown, and where currencies differ; quantity and weight also where a code was divided by weights.
    """
    adopted = adoptions() if adopted is None else tuple(adopted)
    rows = _placed(flows.filter(flows.code.length() == SIX), way, adopted)
    sums = rows.group_by(*GROUP, "partner").aggregate(
        value=strict_sum(rows.value),
        currency=rows.currency.min(),
        other_currency=rows.currency.max(),
        quantity=strict_sum(rows.quantity),
        quantity_unit=rows.quantity_unit.min(),
        other_unit=rows.quantity_unit.max(),
        weight_kg=strict_sum(rows.weight_kg),
        rank=rows["rank"].max(),
        why=rows.why.min(),
        revision=rows.revision.min(),
        by_code=rows.by_code.max() > 0,
    )
    names = _tables(way, _keys(adopted))[1]
    sums = sums.left_join(names, sums.code == names.label)
    same_money = (sums.currency == sums.other_currency) | sums.currency.isnull()
    same_unit = sums.quantity_unit == sums.other_unit
    return sums.select(
        *GROUP,
        "partner",
        value=ibis.ifelse(same_money, sums.value, ibis.null("float64")),
        currency=ibis.ifelse(same_money, sums.currency, ibis.null("string")),
        quantity=ibis.ifelse(same_unit, sums.quantity, ibis.null("float64")),
        quantity_unit=ibis.ifelse(same_unit, sums.quantity_unit, ibis.null("string")),
        weight_kg=sums.weight_kg,
        joined=ibis.cases(*((sums["rank"] == place, how) for place, how in enumerate(HOW))),
        why=sums.why,
        revision=sums.revision,
        by_code=sums.by_code,
        codes=sums.codes,
        members=sums.members,
        basket_ko=sums.basket_ko,
        basket_en=sums.basket_en,
    )


def summary(flows: ibis.Table, way: Way = TO_NEWEST, adopted: Sequence[Adoption] | None = None) -> ibis.Table:
    """How much of the value is joined, and how, by source, reporter, flow, code system and period.

    Args:
        flows: `trade_flow` rows.
        way: as in `joined_codes`.
        adopted: likewise.

    Returns:
        `PERIOD` and: `value`, what is known at six digits, of the published World rows where there are any, else of all
        partners together; its shares, 0–1: `exact`, `assumed`, `estimated`, `family` and `none` add up to one, the words
        of `WHY` add up to `none`, and `by_code` is what was placed by its code; `unknown`, rows without a value, which
        are in no share; `other_depths`, rows of other depths than six digits. Shares are null where there is no value.
    """
    rows = _placed(flows, way, adoptions() if adopted is None else tuple(adopted))
    total = _sums(rows)
    by_world = total.world_value > 0

    def chosen(name: str) -> ibis.Column:
        return ibis.ifelse(by_world, total[f"world_{name}"], total[f"parts_{name}"])

    whole = chosen("value").nullif(0.0)
    return total.select(
        *PERIOD,
        value=whole,
        **{name: chosen(name) / whole for name in _PARTS},
        unknown=ibis.ifelse(by_world, total.world_unknown, total.parts_unknown),
        other_depths=total.other_depths,
    )


def _placed(flows: ibis.Table, way: Way, adopted: tuple[Adoption, ...]) -> ibis.Table:
    """Each row with where its code goes, and `six`: is it of six digits at all? Rows of other depths find nothing."""
    rows = goods_only(flows)
    rows = rows.mutate(at=_revision(rows, adopted), six=rows.code.length() == SIX)
    table, _ = _tables(way, _keys(adopted))
    placed = rows.left_join(table, [rows.at == table.in_force, rows.code == table.old])
    stranger = ~placed.code_system.isin((*SYSTEMS, *STATED))
    lost = ibis.cases((stranger, NOT_HS), (placed.at.isnull(), NO_REVISION), else_=NOT_IN_REVISION)
    own = ibis.ifelse(stranger, placed.code_system, ibis.coalesce(placed["at"], ibis.literal("?")))
    whole = placed.share.isnull() | (placed.share == 1.0)
    nothing, found = ibis.null("float64"), placed.label.notnull()
    return placed.select(
        *(name for name in GROUP if name != "code"),
        "partner",
        "currency",
        "quantity_unit",
        "six",
        code=ibis.coalesce(placed.label, own + ibis.literal(":") + placed.code),
        value=placed.value * ibis.coalesce(placed.share, ibis.literal(1.0)),
        quantity=ibis.ifelse(whole, placed.quantity, nothing),
        weight_kg=ibis.ifelse(whole, placed.weight_kg, nothing),
        rank=ibis.coalesce(placed["rank"], ibis.literal(HOW.index(NONE), type="int32")),
        why=ibis.ifelse(found, placed.why, lost),
        revision=ibis.coalesce(placed.revision, placed["at"]),
        by_code=ibis.coalesce(placed.by_code, ibis.literal(0, type="int32")),
    )


@cache
def _tables(way: Way, keys: tuple[str, ...]) -> tuple[ibis.Table, ibis.Table]:
    """Joins and names as the same two objects each time, so that an engine takes them in once, however often asked."""
    placed, names = joins(way, keys)
    return ibis.memtable(placed), ibis.memtable(names)


def _revision(rows: ibis.Table, adopted: tuple[Adoption, ...]) -> ibis.Column:
    """The revision in force in a row's period (several with `BETWEEN` where it holds the day of change), or null."""
    stated = [(rows.code_system == system, revision) for system, revision in STATED.items()]
    late = [
        ((rows.reporter == reporter) & (rows.flow == flow) & when(rows), key)
        for reporter, flow in sorted(_special(adopted))
        for when, key in _regimes(reporter, flow, adopted)
    ]
    usual = [(when(rows), key) for when, key in _regimes("", "", ())]
    known = rows.code_system.isin((*SYSTEMS, *STATED))
    return ibis.ifelse(known, ibis.cases(*stated, *late, *usual), ibis.null("string"))


def _special(adopted: Sequence[Adoption]) -> set[tuple[str, str]]:
    return {(one.reporter, flow) for one in adopted for flow in ("import", "export") if one.flow in ("", flow)}


class _When:
    """A condition on `valid` and `frequency`: from a day on, or one period alone."""

    def __init__(self, first: date, frequency: str = "") -> None:
        self.first, self.frequency = first, frequency

    def __call__(self, rows: ibis.Table) -> ibis.Column:
        if not self.frequency:
            return rows.valid >= ibis.literal(self.first)
        return (rows.valid == ibis.literal(self.first)) & (rows.frequency == self.frequency)


def _regimes(reporter: str, flow: str, adopted: Sequence[Adoption]) -> Iterator[tuple[_When, str]]:
    """Conditions to be tried in their order, and the revisions that hold under each."""
    begun = starts(reporter, flow, adopted)
    for day, _ in begun:
        for frequency, first in (("M", day.replace(day=1)), ("A", day.replace(month=1, day=1))):
            held = in_force(reporter, flow, first, period_end(first, frequency), adopted)
            if len(held) > 1:
                yield _When(first, frequency), BETWEEN.join(held)
    for day, revision in reversed(begun):
        yield _When(day), revision


def _keys(adopted: Sequence[Adoption]) -> tuple[str, ...]:
    """Every key that `_revision` can give."""
    places = [("", ""), *sorted(_special(adopted))]
    found = {key for reporter, flow in places for _, key in _regimes(reporter, flow, adopted)}
    return tuple(sorted({*REVISIONS, *found}))


def _sums(rows: ibis.Table) -> ibis.Table:
    """By period: known values in total and by what became of them, of World rows and of the other partners."""
    world = rows.partner.isin(WORLD)
    classes = {"world": rows.six & world, "parts": rows.six & ~world & ~is_sum(rows.partner)}
    became = {
        "value": ibis.literal(value=True),
        **{how: rows["rank"] == place for place, how in enumerate(HOW)},
        **{why: rows.why == why for why in WHY},
        "by_code": rows.by_code > 0,
    }
    zero = ibis.literal(0.0)
    sums = {
        f"{name}_{part}": ibis.ifelse(of & ibis.coalesce(is_so, ibis.literal(value=False)), rows.value, zero).sum()
        for name, of in classes.items()
        for part, is_so in became.items()
    }
    unknown = {f"{name}_unknown": (of & rows.value.isnull()).cast("int64").sum() for name, of in classes.items()}
    return rows.group_by(*PERIOD).aggregate(**sums, **unknown, other_depths=(~rows.six).cast("int64").sum())


INDICATOR = Indicator(
    id="joined_codes",
    name=Text("개정판을 이은 품목별 교역", "Flows joined through the HS revisions"),
    unit=Text("자료의 통화", "the currency of the figures"),
    formula="Σ v over the codes of the smallest group that no good leaves between two revisions",
    source="UN Statistics Division, correlation tables of the HS; Pierce and Schott (2012), families of codes over time",
    caveats=(
        Text(
            "개정판은 기간에서 정한다(그해 1월 1일, 늦은 나라는 따로). 부호가 그 개정판에 없으면 바로 앞뒤 개정판에서 찾고 by_code로 표시한다.",
            "The revision follows from the period (1 January of its year; latecomers apart). A code that it lacks is "
            "sought in the revision before and after, and marked by_code.",
        ),
        Text(
            "나뉘거나 엇갈린 부호는 쪼개지 않고 묶음(family)으로 더한다. 묶음은 한 품목이 아니다.",
            "Codes that were split or crossed are not divided but added up as a family; a family is no single good.",
        ),
        Text(
            "이을 수 없는 교역(none)은 제 부호로 남는다. 그 비중은 summary가 말한다. 2022년 개정은 전자 폐기물 부호가 천 개 부호에서 나와 "
            "그 비중이 크다.",
            "What cannot be joined (none) keeps its own code; `summary` tells its share. It is large for 2022, whose codes "
            "of electronic waste came out of a thousand others.",
        ),
        Text(
            "basket은 여러 물자가 함께 든 것으로 알려진 부호이며, 비어 있다고 한 물자라는 뜻은 아니다.",
            "A basket is a code known to hold several goods; an empty cell does not prove that it holds one.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=(*GROUP, "partner"),
    compute=joined_codes,
)
