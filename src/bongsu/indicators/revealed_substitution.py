"""When one code, or one supplier, falls: do the others of its heading, or its code, rise?"""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.partners import WORLD, goods_only, is_sum, is_supplier
from bongsu.indicators.structure import WHOLE
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

SERIES = ("source", "reporter", "flow", "code_system", "frequency")
WITHIN = (*SERIES, "between", "within")
KEY = (*WITHIN, "member")
CODES, SUPPLIERS = "codes", "suppliers"
HEADING, SUBHEADING = 4, 6
LEAST = {"A": 8, "M": 24}  # pairs of neighbouring periods below which nothing is said
CLEAR = 2.0  # |t| from which a co-movement is taken for more than chance
FINE = 1_000_000  # growth is counted in whole millionths: sums are then the same in whatever order
MOST = 1e15  # sums of whole numbers below this are exact
PERFECT = 1e-12


def revealed_substitution(flows: ibis.Table) -> ibis.Table:
    """Co-movement of each part of a whole with the rest of it, from one period to the next.

    Args:
        flows: `trade_flow` rows, one a fact; monthly or yearly.

    Returns:
        `KEY`: `between` "codes" (six-digit codes of one heading) or "suppliers" (of one code), `within` the heading or
        code, `member` the code or supplier. `measure`: weight_kg, or value where fewer weights are known. `pairs`,
        neighbouring periods of which both sides are known; `r`, the correlation of the member's growth with that of
        the rest; `t` of r (null where r is ±1); `moves`: "against" (t ≤ −2), "with" (t ≥ 2), "unclear". `falls`, pairs
        in which the member fell; `diverted`, the rest's change in these over what the member lost (1: all of it was
        made up elsewhere; below 0: the rest fell as well). Null with fewer than 24 pairs of months or 8 of years.
    """
    rows = goods_only(flows).filter(lambda row: row.frequency.isin(tuple(LEAST)) & ~is_sum(row.partner))
    return _judged(_summed(_paired(_filled(_measured(_by_supplier(rows).union(_by_code(rows)))))))


def _period(rows: ibis.Table) -> ibis.Column:
    """A number for each year, or month, one more than the one before."""
    year = rows.valid.year()
    return ibis.ifelse(rows.frequency == "A", year, year * 12 + rows.valid.month()).cast("int64")


def _whole_number(figure: ibis.Column) -> ibis.Column:
    """Whole kilograms or units of money, so that sums do not depend on their order; null where unknown."""
    sound = ibis.coalesce((figure >= 0) & (figure < MOST), ibis.literal(value=False))
    rounded = (ibis.ifelse(sound, figure, ibis.literal(0.0)) + 0.5).floor().cast("float64")
    return ibis.ifelse(sound, rounded, ibis.null("float64"))


def _by_supplier(rows: ibis.Table) -> ibis.Table:
    """Each supplier's amounts; null in periods of which the code's list of suppliers is not whole."""
    here = ibis.window(group_by=(*SERIES, "code", "valid"))
    supplier, known = is_supplier(rows.partner), ibis.coalesce(rows.value >= 0, ibis.literal(value=False))
    value, nothing = ibis.ifelse(known, rows.value, ibis.null("float64")), ibis.null("float64")
    world = rows.partner.isin(WORLD)
    listed = ibis.coalesce(ibis.ifelse(supplier, value, nothing).sum().over(here), 0.0)
    rest = ibis.coalesce(ibis.ifelse(supplier | world, nothing, value).sum().over(here), 0.0)
    total = ibis.coalesce(ibis.ifelse(world, value, nothing).max().over(here), listed + rest)
    marked = rows.select(
        *SERIES,
        between=ibis.literal(SUPPLIERS),
        within=rows.code.cast("string"),
        member=rows.partner.cast("string"),
        period=_period(rows),
        kg=_whole_number(rows.weight_kg),
        money=_whole_number(rows.value),
        supplier=supplier,
        currency=rows.currency.cast("string"),
        whole=listed >= WHOLE * total,
    )
    return _told(marked.filter(marked.supplier))


def _told(marked: ibis.Table) -> ibis.Table:
    nothing = ibis.null("float64")
    return marked.select(
        *KEY,
        "period",
        "currency",
        kg=ibis.ifelse(marked.whole, marked.kg, nothing),
        money=ibis.ifelse(marked.whole, marked.money, nothing),
    )


def _by_code(rows: ibis.Table) -> ibis.Table:
    """Each six-digit code's total: World where it is given, else all partners; null where a part is unknown."""
    rows = rows.filter(rows.code.length() == SUBHEADING)
    rows = rows.mutate(period=_period(rows), kg=_whole_number(rows.weight_kg), money=_whole_number(rows.value))
    world = rows.partner.isin(WORLD)
    totals = rows.group_by(*SERIES, "code", "period").aggregate(
        currency=rows.currency.min(),
        other_currency=rows.currency.max(),
        kg=_total(rows.kg, world),
        money=_total(rows.money, world),
    )
    return totals.select(
        *SERIES,
        between=ibis.literal(CODES),
        within=totals.code.substr(0, HEADING),
        member=totals.code.cast("string"),
        period=totals.period,
        currency=totals.currency.cast("string"),
        kg=totals.kg,
        money=ibis.ifelse(totals.currency == totals.other_currency, totals.money, ibis.null("float64")),
    )


def _total(figure: ibis.Column, world: ibis.Column) -> ibis.Column:
    nothing = ibis.null("float64")
    lacking = (~world & figure.isnull()).cast("int64").sum()
    parts = ibis.ifelse(lacking > 0, nothing, ibis.ifelse(world, nothing, figure).sum())
    return ibis.coalesce(ibis.ifelse(world, figure, nothing).max(), parts)


def _measured(rows: ibis.Table) -> ibis.Table:
    """One measure for each whole: weights, unless more values are known; values only in one currency."""
    here = ibis.window(group_by=WITHIN)
    one = rows.currency.min().over(here) == rows.currency.max().over(here)
    priced = rows.mutate(money=ibis.ifelse(one, rows.money, ibis.null("float64")))
    chosen = priced.mutate(by_kg=priced.kg.count().over(here) >= priced.money.count().over(here))
    return chosen.select(
        *KEY,
        "period",
        amount=ibis.ifelse(chosen.by_kg, chosen.kg, chosen.money),
        measure=ibis.ifelse(chosen.by_kg, "weight_kg", "value"),
    )


def _filled(rows: ibis.Table) -> ibis.Table:
    """Every member in every period of its whole, from its first on: without a row it had nothing.

    A code that ends, as codes do when the HS is revised, has no periods after its last; a supplier that ends has.
    """
    periods = rows.select(*WITHIN, "period", "measure").distinct()
    members = rows.group_by(*KEY).aggregate(first=rows.period.min(), last=rows.period.max())
    grid = periods.inner_join(members, WITHIN).select(*KEY, "period", "measure", "first", "last")
    inside = (grid.period >= grid["first"]) & ((grid.between == SUPPLIERS) | (grid.period <= grid["last"]))
    grid = grid.filter(inside)
    held = rows.select(*KEY, "period", "amount", there=ibis.literal(value=True))
    laid = grid.left_join(held, (*KEY, "period")).select(*KEY, "period", "measure", "amount", "there")
    nothing = ibis.null("float64")
    amount = ibis.ifelse(laid.there.isnull(), ibis.literal(0.0), laid.amount)
    filled = laid.select(*KEY, "period", "measure", amount=amount)
    here = ibis.window(group_by=(*WITHIN, "period"))
    unknown = filled.amount.isnull().cast("int64").sum().over(here)
    return filled.mutate(rest=ibis.ifelse(unknown > 0, nothing, filled.amount.sum().over(here) - filled.amount))


def _paired(rows: ibis.Table) -> ibis.Table:
    """Growth from one period to the next, of the member and of the rest, in millionths; null where either is unknown."""
    order = ibis.window(group_by=KEY, order_by=[rows.period])
    lagged = rows.mutate(
        before=rows.amount.lag().over(order),
        rest_before=rows.rest.lag().over(order),
        gap=rows.period - rows.period.lag().over(order),
    )
    sums = lagged.amount + lagged.before, lagged.rest + lagged.rest_before
    pair = ibis.coalesce((lagged.gap == 1) & (sums[0] > 0) & (sums[1] > 0), ibis.literal(value=False))
    change, rest_change = lagged.amount - lagged.before, lagged.rest - lagged.rest_before
    fell = pair & (change < 0)
    return lagged.select(
        *KEY,
        "measure",
        x=ibis.ifelse(pair, _growth(change, sums[0]), ibis.null("float64")),
        y=ibis.ifelse(pair, _growth(rest_change, sums[1]), ibis.null("float64")),
        lost=ibis.ifelse(fell, -change, ibis.null("float64")),
        made_up=ibis.ifelse(fell, rest_change, ibis.null("float64")),
    )


def _growth(change: ibis.Column, both: ibis.Column) -> ibis.Column:
    """The change over the mean of both periods, from −2 (ends) to 2 (begins)."""
    return (2 * FINE * change / both.nullif(0) + 0.5).floor().cast("float64")


def _summed(rows: ibis.Table) -> ibis.Table:
    return rows.group_by(*KEY).aggregate(
        measure=rows.measure.max(),
        pairs=rows.x.count(),
        x=rows.x.sum(),
        y=rows.y.sum(),
        xx=(rows.x * rows.x).sum(),
        yy=(rows.y * rows.y).sum(),
        xy=(rows.x * rows.y).sum(),
        falls=rows.lost.count(),
        lost=rows.lost.sum(),
        made_up=rows.made_up.sum(),
    )


def _judged(sums: ibis.Table) -> ibis.Table:
    nothing, n = ibis.null("float64"), sums.pairs
    enough = ibis.cases(*((sums.frequency == frequency, n >= least) for frequency, least in LEAST.items()))
    spread = (n * sums.xx - sums.x * sums.x), (n * sums.yy - sums.y * sums.y)
    varies = enough & (spread[0] > 0) & (spread[1] > 0)
    joint = n * sums.xy - sums.x * sums.y
    r = ibis.ifelse(varies, joint / (_root(spread[0]) * _root(spread[1])), nothing)
    told = sums.mutate(r=ibis.ifelse(r > 1, 1.0, ibis.ifelse(r < -1, -1.0, r)), enough=enough)
    left = 1 - told.r * told.r
    t = ibis.ifelse(left > PERFECT, told.r * _root((told.pairs - 2) / left.nullif(0)), nothing)
    clear = ibis.coalesce(t.abs() >= CLEAR, told.r.notnull())
    return told.select(
        *KEY,
        "measure",
        "pairs",
        "r",
        t=t,
        moves=ibis.cases((told.r.isnull(), None), (clear & (told.r < 0), "against"), (clear, "with"), else_="unclear"),
        falls=told.falls,
        diverted=ibis.ifelse(told.enough & (told.lost > 0), told.made_up / told.lost.nullif(0), nothing),
    )


def _root(figure: ibis.Column) -> ibis.Column:
    return ibis.ifelse(figure > 0, figure, ibis.literal(0.0)).sqrt()


INDICATOR = Indicator(
    id="revealed_substitution",
    name=Text("드러난 대체(부호·공급국 사이)", "Revealed substitution between codes and suppliers"),
    unit=Text("상관계수 −1–1, 줄어든 양에 대한 비율", "correlation −1 to 1; fraction of what was lost"),
    formula="g = 2(x_t − x_{t−1})/(x_t + x_{t−1}); r = corr(g_member, g_rest); diverted = Σ_{falls} Δrest / Σ_{falls} (−Δx)",
    source=(
        "growth rate that bears entry and exit: Davis, Haltiwanger & Schuh (1996), Job Creation and Destruction; "
        "diversion: Conlon & Mortimer (2021), RAND J. of Economics 52(4). Reading imports so is ours; it is no elasticity"
    ),
    caveats=(
        Text(
            "함께 움직이는지만 본다. 수요가 늘고 주는 것도 함께 움직이게 하므로 '대체되지 않음'의 증거는 아니다.",
            "It sees co-movement only. Demand moves all together, so 'with' does not prove that nothing substitutes.",
        ),
        Text(
            "월 자료에서는 배가 언제 닿았는지에 따라서도 엇갈린다. t는 달마다 서로 무관하다고 보고 낸 값이어서 후하다.",
            "By month, arrivals alone make parts move apart; t takes the months as independent and so is generous.",
        ),
        Text(
            "쌍이 모자라면(월 24, 연 8 미만) 모름이다. HS가 바뀐 해에는 부호 사이에 물품이 옮겨 다닌다.",
            "With too few pairs (24 months, 8 years) it is unknown. When the HS is revised, goods move between codes.",
        ),
        Text(
            "같은 4단위 안의 무게를 더한다. 순도가 다른 물품의 무게는 서로 바꿀 수 있는 양이 아닐 수 있다.",
            "Weights within a heading are added: goods of other purity need not replace one another kilogram by kilogram.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=revealed_substitution,
)
