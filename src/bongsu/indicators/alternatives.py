"""Other suppliers of what a home country buys, ranked by how much they sell to others."""

import ibis

from bongsu.codes.groups import groups
from bongsu.indicators.home_supply import PERIOD, HomeSupply, home_supply
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.inside import is_inside
from bongsu.indicators.mirror import CIF_MARGIN
from bongsu.indicators.spare_exports import spare_exports
from bongsu.indicators.structure import GROUP
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

MAJOR = 0.1  # from this share on a country is a supplier to be replaced, not one to turn to
KEY = (*GROUP, "supplier")
_SOLD = {"basis": "string", "currency": "string", "spare": "float64", "spare_kg": "float64", "at_least": "boolean"}
_BOUGHT = {"current_share": "float64", "bought": "float64", "bought_kg": "float64"}


def alternatives(flows: ibis.Table, home: str, major: float = MAJOR, margin: float = CIF_MARGIN) -> ibis.Table:
    """Who could sell more to `home`, of each code and period that it buys.

    Args:
        flows: `trade_flow` rows of both directions and of all reporters at hand.
        home: ISO alpha-3.
        major: share from which a current supplier is no alternative.
        margin: of imports (c.i.f.) over exports (f.o.b.).

    Returns:
        `KEY` and: `current_share` of home's imports (the group's, where home names only the group; 0 where a whole list
        does not name it; null unknown);
        `candidate`, false for the top supplier and those from `major` on; `basis` ("exports", "mirror", null where
        its exports are not seen); `currency`; `spare` and `spare_kg`, its exports to others than home (f.o.b.), and
        `at_least`, true where more may be hidden; `place`, 1 for the candidate with the most to spare; `covers`, spare
        over what the top supplier sells home, by `covers_by` (weight_kg, or value where a weight is unknown).
        Of the code as a whole: `alone`, how many candidates cover it each; `together`, how many of the first it takes
        (null: all that are seen do not, or it cannot be told); `together_covers`, what all of them cover; `unseen`,
        candidates of whose exports nothing is known.
    """
    supply = home_supply(flows, home, margin)
    bought = supply.groups
    wanted = bought.select(code=bought.traded, valid=bought.valid, frequency=bought.frequency).distinct()
    rows = _met(supply, spare_exports(flows.semi_join(wanted, PERIOD), home, margin))
    return _counted(_ranked(_judged(rows, major)))


def _met(supply: HomeSupply, sold: ibis.Table) -> ibis.Table:
    """Every current supplier and every exporter of each code, with what is known of both sides."""
    tops, shares = supply.groups.select(*GROUP, "traded"), supply.shares
    same = [tops.traded == sold.code, tops.valid == sold.valid, tops.frequency == sold.frequency]
    joined = tops.inner_join(sold, same, rname="sold_{name}")
    selling = joined.select(*GROUP, *_SOLD, supplier=joined.sold_reporter, **_empty(_BOUGHT))
    bought = {"current_share": shares.share, "bought": shares.value, "bought_kg": shares.weight_kg}
    buying = shares.select(*GROUP, supplier=shares.partner, **_empty(_SOLD), **bought)
    columns = (*KEY, *_SOLD, *_BOUGHT)
    both = selling.select(*columns).union(buying.select(*columns))
    met = both.group_by(*KEY).aggregate(**{name: both[name].max() for name in (*_SOLD, *_BOUGHT)})
    homes = supply.groups.select(*GROUP, "top_supplier", "complete", home_currency="currency")
    return met.inner_join(homes, GROUP).select(*met.columns, "top_supplier", "complete", "home_currency")


def _empty(columns: dict[str, str]) -> dict[str, ibis.Value]:
    return {name: ibis.null(kind) for name, kind in columns.items()}


def _judged(rows: ibis.Table, major: float) -> ibis.Table:
    """Who is a candidate, in which currency all is counted, and what the top supplier sells."""
    here, nothing = ibis.window(group_by=GROUP), ibis.null("float64")
    shares = [rows.current_share]
    for group in (code for code, one in groups().items() if one.partner):
        of_group = ibis.ifelse(rows.supplier == group, rows.current_share, nothing).max().over(here)
        shares.append(ibis.ifelse(is_inside(rows.supplier, rows.valid, group), of_group, nothing))
    currency = ibis.coalesce(rows.home_currency, rows.currency.min().over(here))
    # A supplier that a whole list does not name sells home nothing.
    named = ibis.coalesce(*shares, ibis.ifelse(rows.complete, ibis.literal(0.0), nothing))
    top, share = rows.supplier == rows.top_supplier, named
    main = ibis.coalesce(top, ibis.literal(value=False)) | ibis.coalesce(share >= major, ibis.literal(value=False))
    return rows.mutate(
        current_share=share,
        candidate=~main,
        currency=currency,
        spare=ibis.ifelse(rows.currency == currency, rows.spare, nothing),
        need=ibis.ifelse(top, rows.bought, nothing).max().over(here),
        need_kg=ibis.ifelse(top, rows.bought_kg, nothing).max().over(here),
    )


def _ranked(rows: ibis.Table) -> ibis.Table:
    """Places among candidates with something to spare, and how much of the need each covers."""
    ranked = rows.candidate & ibis.coalesce(rows.spare > 0, ibis.literal(value=False))
    order = ibis.window(
        group_by=GROUP, order_by=[ranked.cast("int64").desc(), rows.spare.desc(nulls_first=False), rows.supplier]
    )
    by_kg = _over(rows.spare_kg, rows.need_kg)
    by_value = _over(rows.spare, rows.need)
    return rows.mutate(
        place=ibis.ifelse(ranked, ibis.row_number().over(order) + 1, ibis.null("int64")),
        covers=ibis.coalesce(by_kg, by_value),
        covers_by=ibis.cases((by_kg.notnull(), "weight_kg"), (by_value.notnull(), "value")),
    )


def _over(spare: ibis.Column, need: ibis.Column) -> ibis.Column:
    return ibis.ifelse(need > 0, spare / need.nullif(0), ibis.null("float64"))


def _counted(rows: ibis.Table) -> ibis.Table:
    """Of each code: how many could stand in alone, and how many of the first together."""
    here, counts = ibis.window(group_by=GROUP), rows.place.notnull() & rows.covers.notnull()
    amount = ibis.ifelse(counts, rows.covers, ibis.null("float64"))
    upto = ibis.window(group_by=GROUP, order_by=[rows.place.asc(), rows.supplier], rows=(None, 0))
    running = rows.mutate(sum_=ibis.coalesce(amount, 0.0).sum().over(upto))
    enough = running.place.notnull() & (running.sum_ >= 1)
    alone = ibis.ifelse(amount.notnull(), (amount >= 1).cast("int64"), ibis.null("int64"))
    return running.select(
        *KEY,
        *("current_share", "candidate", "basis", "currency", "spare", "spare_kg", "at_least"),
        *("place", "covers", "covers_by"),
        alone=alone.sum().over(here),
        together=ibis.ifelse(enough, running.place, ibis.null("int64")).min().over(here),
        together_covers=amount.sum().over(here),
        unseen=(rows.candidate & rows.spare.isnull()).cast("int64").sum().over(here),
    )


INDICATOR = Indicator(
    id="alternatives",
    name=Text("대체 공급국(여유 수출 순)", "Alternative suppliers by spare exports"),
    unit=Text(
        "통화(FOB), kg, 최대 공급국 물량에 대한 배수", "currency (f.o.b.), kg, multiples of the top supplier's volume"
    ),
    formula="spare_k = X_k − x_{k→home}; covers_k = spare_k / m_{home←top}; ranked by spare_k, of equals by the alphabet",
    source=(
        "the question of substitutes outside the main supplier: European Commission SWD(2021) 352; Korean criterion of "
        "difficulty of substitution (2024). The measure, its bounds and the counts are ours"
    ),
    caveats=(
        Text(
            "여유 수출은 이미 다른 나라로 가는 물량이다. 살 사람이 있는 물량이므로 돌릴 수 있는 몫의 위쪽 끝이지 남는 물량이 아니다.",
            "Spare exports already go to somebody: they bound what could be turned round from above, and are nobody's surplus.",
        ),
        Text(
            "수출국의 수출 통계가 없으면 수입국들의 통계로 본다(basis = mirror). 보고하지 않은 나라의 몫은 빠진다. 어느 쪽도 없으면 모름이지 0이 아니다.",
            "Without an exporter's own records its customers' are used (basis = mirror), less those that do not report. "
            "Where neither is seen it is unknown, not zero.",
        ),
        Text(
            "여섯 자리로 본다. 그 부호에 다른 물품이 섞여 있으면 대체할 수 없는 수출까지 센다. 품질·규격·계약은 보지 않는다.",
            "Seen at six digits: where the code holds other goods, exports that replace nothing count too. Quality, "
            "specification and contracts are not seen.",
        ),
        Text(
            "중계지는 남의 물건을 판다. reexport_hubs를 함께 보아야 한다.",
            "A hub sells what others make: read it beside reexport_hubs.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=alternatives,
    asks=("home",),
)
