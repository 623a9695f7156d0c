"""Do the lines of a published table of production add up to the World total that stands below them?"""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.production_table import TABLE, sums
from bongsu.language import Text
from bongsu.records.shapes import PRODUCTION

EXACT = 1e-9  # relative: sums of floating point numbers


def production_balance(production: ibis.Table) -> ibis.Table:
    """Each table's sum against its own World total.

    Args:
        production: `production` rows.

    Returns:
        `TABLE`, `unit`, `world_total` (null where it is no single figure), `total_rounding` (half of what the total is
        rounded to), `lines` counted, `lines_sum` of those with a figure, `difference` (sum minus total), `parts_rounding`
        (how far the lines' own rounding can move the sum), `unknown` lines without a figure and `first_unknown` of them,
        `hidden_least` and `hidden_most` (what those can hold by the total, where that is all that hides them), and `verdict`:

        - `agrees`: the sum rounds to the total;
        - `agrees_in_rounding`: it does not, but the rounding of the lines explains it;
        - `disagrees`: nothing explains it, whatever the unknown lines hold;
        - `cannot_tell`: a line is withheld or not available, or units are mixed;
        - `no_total`: the table states none; `no_lines`: a total and no line of a country.
    """
    table = _ends(sums(production))
    one_unit = table.units <= 1
    exact, slack = table.scale * EXACT, ibis.coalesce(table.parts_rounding, 0.0)
    above, below = ibis.coalesce(table.above, 0.0), ibis.coalesce(table.below, 0.0)
    gap = ibis.ifelse(above > below, above, below)
    verdict = ibis.cases(
        (~table.has_total, "no_total"),
        (table.lines == 0, "no_lines"),
        (~one_unit, "cannot_tell"),
        (above > slack + exact, "disagrees"),
        (table.open_lines > 0, "cannot_tell"),
        (gap <= exact, "agrees"),
        (gap <= slack + exact, "agrees_in_rounding"),
        else_="disagrees",
    )
    nothing = ibis.null("float64")
    hiding = (verdict == "cannot_tell") & one_unit
    return table.select(
        *TABLE,
        unit=table.unit,
        world_total=table.world,
        total_rounding=table.world_rounded / 2,
        lines=table.lines,
        lines_sum=table.lines_sum,
        difference=ibis.ifelse(one_unit, table.lines_sum - table.world, nothing),
        parts_rounding=table.parts_rounding,
        unknown=table.unknown,
        first_unknown=table.first_unknown,
        hidden_least=ibis.ifelse(hiding, _not_below_zero(table.total_low - table.known), nothing),
        hidden_most=ibis.ifelse(hiding, _not_below_zero(table.total_high - table.known), nothing),
        verdict=verdict,
    )


def summary(production: ibis.Table) -> ibis.Table:
    """How many tables agree with their own World total: `source`, `measure`, `verdict` and `tables`, in this order."""
    counted = production_balance(production).group_by("source", "measure", "verdict").aggregate(tables=ibis._.count())
    return counted.order_by("source", "measure", "verdict")


def _ends(table: ibis.Table) -> ibis.Table:
    """The ends between which total and sum lie; null is no end."""
    half = ibis.coalesce(table.world_rounded, 0.0) / 2
    total_low = ibis.coalesce(table.world - half, table.world_least)
    total_high = ibis.coalesce(table.world + half, table.world_most)
    known = ibis.coalesce(table.low, 0.0)
    sum_high = ibis.ifelse(table.open_lines > 0, ibis.null("float64"), ibis.coalesce(table.high_of_bounded, 0.0))
    return table.mutate(
        known=known,
        total_low=total_low,
        total_high=total_high,
        has_total=total_low.notnull() | total_high.notnull(),
        scale=ibis.coalesce(total_low, total_high, 0.0).abs(),
        above=known - total_high,
        below=total_low - sum_high,
    )


def _not_below_zero(column: ibis.Column) -> ibis.Column:
    return ibis.ifelse(column < 0, 0.0, column)


INDICATOR = Indicator(
    id="production_balance",
    name=Text("생산표 합계 대조", "Balance of a production table"),
    unit=Text("판정(agrees 등)", "verdict"),
    formula="|Σ lines − W| ≤ r(W)/2 agrees; ≤ r(W)/2 + Σ r(line)/2 agrees in rounding; r = what a figure is rounded to",
    source="USGS Mineral Commodity Summaries: most data are rounded to no more than three significant figures and may not add",
    caveats=(
        Text(
            "반올림 단위는 끝자리 0에서 읽으며, 앞의 두 자리는 반올림되지 않았다고 본다.",
            "What a figure is rounded to is read from its last zeros; its first two digits are taken as not rounded.",
        ),
        Text(
            "비공개 행이 있으면 맞는지 알 수 없고, 합계로 본 숨은 양의 범위만 말한다.",
            "With a line withheld it cannot be told; only the range that the total leaves for it is stated.",
        ),
        Text(
            "합계가 스스로 뺐다고 밝힌 나라(in_total = false)와 다른 행에 든 나라는 더하지 않는다.",
            "Countries that the total says it leaves out, or that another line includes, are not added.",
        ),
    ),
    records=(PRODUCTION,),
    key=TABLE,
    compute=production_balance,
)
