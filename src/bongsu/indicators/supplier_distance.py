"""How far a possible supplier stands from the risks of the present ones, and whether it has supplied before."""

import ibis

from bongsu.indicators.home_supply import HomeSupply, home_supply
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.mirror import CIF_MARGIN, between_countries, one_source
from bongsu.indicators.shared_risks import SHARED, exposed, shared
from bongsu.indicators.structure import GROUP
from bongsu.items.routes import Routes, routes
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

KEY = (*GROUP, "supplier")
DIGITS = 12  # of the distance: what is past them is the sums' own noise
_SERIES = ("code", "frequency", "supplier")


def supplier_distance(flows: ibis.Table, home: str, by: Routes | None = None, margin: float = CIF_MARGIN) -> ibis.Table:
    """Distance of every possible supplier from the present ones, by code and period.

    Args:
        flows: `trade_flow` rows of both directions and of all reporters at hand; earlier periods are its memory.
        home: ISO alpha-3.
        by: its ways; None: those that ship for it (`items.routes`).
        margin: of imports (c.i.f.) over exports (f.o.b.).

    Returns:
        `KEY` for present suppliers, past ones, and whoever is seen to export the good; `current_share` (0 where home's
        own list is whole and does not name it; null unknown). `shared_region`, `shared_group`, `shared_passage`: the
        largest part of today's supply that stands in one region, group of states or common chokepoint with it, 0–1;
        `distance`, 1 less the mean of those known; `dimensions`, how many are known; `nearest`, the kind that is shared
        most (null: none is). `supplied_before` (null: no earlier period is held, or one is not whole), `last_supplied`, `last_share`;
        `looked_from`, the first period held. `complete`: nothing of the supply is known to be hidden.
    """
    way_of = routes(home) if by is None else by
    supply = home_supply(flows, home, margin)
    rows = _remembered(_possible(supply, flows, home), supply)
    risks = exposed(supply.shares, way_of)
    rows = rows.inner_join(risks, GROUP).select(*rows.columns, *(name for name in risks.columns if name not in GROUP))
    return _measured(rows.mutate(**shared(rows, way_of)))


def _possible(supply: HomeSupply, flows: ibis.Table, home: str) -> ibis.Table:
    """`KEY` and what `_periods` says: each period of home's with all who ever supplied the code, and all who export it then."""
    periods = _periods(supply)
    shares, kept = supply.shares, [name for name in periods.columns if name != "traded"]
    ever = shares.select("code", "frequency", supplier="partner").distinct()
    known = periods.inner_join(ever, ["code", "frequency"]).select(*kept, "supplier")
    sold = _exporters(flows, home)
    same = [periods.traded == sold.sold, periods.valid == sold.on, periods.frequency == sold.each]
    seen = periods.inner_join(sold, same).select(*kept, "supplier")
    return known.union(seen, distinct=True)


def _periods(supply: HomeSupply) -> ibis.Table:
    """Home's periods of each code, with how many come before and how many of these are not whole."""
    rows = supply.groups
    series = ("code", "frequency")
    past = ibis.window(group_by=series, order_by=[rows.valid], rows=(None, -1))
    return rows.select(
        *GROUP,
        "traded",
        "complete",
        looked_from=rows.valid.min().over(ibis.window(group_by=series)),
        broken_before=(~rows.complete).cast("int64").sum().over(past),
    )


def _exporters(flows: ibis.Table, home: str) -> ibis.Table:
    """Who sells a code in a period to anybody, by its own word or its customers'."""
    rows = between_countries(one_source(flows)).filter(lambda row: row.value > 0)
    seller = ibis.ifelse(rows.flow == "export", rows.reporter, rows.partner)
    named = rows.select(sold=rows.code, on=rows.valid, each=rows.frequency, supplier=seller)
    return named.filter(named.supplier != home).distinct()


def _remembered(possible: ibis.Table, supply: HomeSupply) -> ibis.Table:
    """The possible suppliers with their present share, and what the earlier periods say of them."""
    shares = supply.shares.select(*GROUP, "share", supplier=supply.shares.partner, named=ibis.literal(value=True))
    rows = possible.left_join(shares, KEY).select(*possible.columns, "share", "named")
    none = rows.named.isnull() & rows.complete
    rows = rows.mutate(current_share=ibis.coalesce(rows.share, ibis.ifelse(none, 0.0, ibis.null("float64"))))
    past = ibis.window(group_by=_SERIES, order_by=[rows.valid], rows=(None, -1))
    supplied = ibis.ifelse(rows.current_share > 0, rows.valid, ibis.null("date"))
    rows = rows.mutate(own=ibis.coalesce(rows.current_share, 0.0), last_supplied=supplied.max().over(past))
    then = supply.shares.select(
        "code", "frequency", supplier=supply.shares.partner, then=supply.shares.valid, last_share=supply.shares.share
    )
    same = [*(rows[name] == then[name] for name in _SERIES), rows.last_supplied == then.then]
    return rows.left_join(then, same).select(*rows.columns, "last_share")


def _measured(rows: ibis.Table) -> ibis.Table:
    known = {name: rows[name].notnull().cast("int64") for name in SHARED}
    count = sum(known.values(), start=ibis.literal(0))
    total = sum((ibis.coalesce(rows[name], 0.0) for name in SHARED), start=ibis.literal(0.0))
    distance = (1 - total / count.nullif(0)).round(DIGITS)
    most = ibis.greatest(*(ibis.coalesce(rows[name], -1.0) for name in SHARED))
    before = ibis.cases(
        (rows.last_supplied.notnull(), ibis.literal(value=True)),
        (rows.broken_before == 0, ibis.literal(value=False)),
    )
    return rows.select(
        *KEY,
        "current_share",
        *SHARED,
        distance=ibis.ifelse(distance < 0, ibis.literal(0.0), distance),
        dimensions=count,
        nearest=ibis.cases(*(((rows[name] == most) & (most > 0), name.removeprefix("shared_")) for name in SHARED)),
        supplied_before=before,
        last_supplied=rows.last_supplied,
        last_share=rows.last_share,
        looked_from=rows.looked_from,
        complete=rows.complete,
    )


INDICATOR = Indicator(
    id="supplier_distance",
    name=Text("현재 공급국의 위험과의 거리", "Distance from the present suppliers' risks"),
    unit=Text("0–1(클수록 위험을 나누지 않음)", "0–1 (the larger, the fewer risks in common)"),
    formula="d_k = 1 − mean over kinds of max_r Σ_j s_j [j and k under r]; kinds: region, group of states, chokepoint",
    source=(
        "the idea that suppliers apart in place and politics diversify: Aiyar et al. (2023), IMF SDN/2023/001; "
        "Bailey, Strezhnev & Voeten (2017), JCR 61(2), whose voting distance it does not use. The formula is ours"
    ),
    caveats=(
        Text(
            "식은 봉수가 정한 것이며 검증된 지수가 아니다. 순위를 보는 데 쓰고, 값 자체를 인용하지 않는다.",
            "The formula is our own and no tested index: read it as an order, do not quote the figure.",
        ),
        Text(
            "지역(M49), 통상에서 함께 움직이는 국가군(EU·ASEAN·GCC 등), 해협만 본다. 정치적 거리, 같은 기업, 같은 원료에 기대는지는 보지 않는다.",
            "Only region (M49), groups that act together on trade (EU, ASEAN, GCC …) and chokepoints are seen: not "
            "politics, nor a common owner or raw material.",
        ),
        Text(
            "과거 공급은 보관한 기간 안에서만 말한다. 온전하지 않은 기간이 있으면 '공급한 적 없음'이라고 하지 않는다.",
            "Past supply speaks of the periods held; where one of them is not whole, nothing is said to have never been supplied.",
        ),
        Text(
            "비중은 알려진 공급 가운데의 비중이다(complete = false).",
            "Shares are of the known supply (complete = false).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=supplier_distance,
    asks=("home",),
)
