"""How much of a home's imports passes a chokepoint, at least and at most."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.partners import goods_only, is_supplier
from bongsu.indicators.structure import GROUP, structure
from bongsu.indicators.ways import ways
from bongsu.items.item import CHOKEPOINTS
from bongsu.items.routes import Routes, routes
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

KEY = (*GROUP, "chokepoint")


def chokepoint_exposure(flows: ibis.Table, home: str, by: Routes | None = None) -> ibis.Table:
    """Bounds of each chokepoint's part in the imports of `home`.

    Args:
        flows: `trade_flow` rows; the home's own imports count.
        home: ISO alpha-3.
        by: its ways; None: those that ship for it (`items.routes`).

    Returns:
        `KEY` and shares of the imports' value, 0–1: `least`, from suppliers whose goods have no other way; `usual`,
        from these and those that commonly come that way; `most`, all that is not known to come otherwise: suppliers
        that may, those whose way nobody has told, and what is withheld or not specified; `listed`, from suppliers
        whose way is known. Null where the imports' total is unknown, or nobody's way is.
    """
    way_of = routes(home) if by is None else by
    ours = flows.filter((flows.flow == "import") & (flows.reporter == home))
    supply = structure(ours)
    passing = _passing(ours, way_of)
    names = [name for name in passing.columns if name not in GROUP]
    groups = supply.inner_join(passing, GROUP).select(*supply.columns, *names)
    each = groups.mutate(chokepoint=ibis.literal(list(CHOKEPOINTS), type="array<string>").unnest())
    return _shares(each)


def _passing(flows: ibis.Table, by: Routes) -> ibis.Table:
    """`GROUP` and the value of what may pass, usually passes or must pass each chokepoint, and of what is listed."""
    rows = goods_only(flows)
    supplied = ibis.ifelse(is_supplier(rows.partner) & (rows.value > 0), rows.value, ibis.literal(0.0))
    held = ways(rows.partner, rows.valid, by)
    where = {"listed": held.listed}
    for place in CHOKEPOINTS:
        where |= {
            f"only_{place}": held.passing(place, "only"),
            f"usual_{place}": held.passing(place, "only", "usual"),
            f"may_{place}": ~held.passing(place, "never"),
        }
    return rows.group_by(*GROUP).aggregate(
        **{name: ibis.ifelse(passes, supplied, ibis.literal(0.0)).sum() for name, passes in where.items()}
    )


def _shares(each: ibis.Table) -> ibis.Table:
    # What is hidden follows from how much of the published total is known; 0 where the list is whole.
    part = ibis.ifelse(each.known_fraction < 1, each.known_fraction.nullif(0), ibis.null("float64"))
    whole = ibis.ifelse(each.complete, each.total, each.total / part)
    hidden = ibis.ifelse(each.complete, ibis.literal(0.0), whole - each.total)
    known = (whole > 0) & (each.listed > 0)

    def share(amount: ibis.Column) -> ibis.Column:
        return ibis.ifelse(known, amount / whole.nullif(0), ibis.null("float64"))

    def of(name: str) -> ibis.Column:
        return ibis.cases(*((each.chokepoint == place, each[f"{name}_{place}"]) for place in CHOKEPOINTS))

    return each.select(
        *KEY,
        least=share(of("only")),
        usual=share(of("usual")),
        most=share(of("may") + hidden),
        listed=share(each.listed),
    )


INDICATOR = Indicator(
    id="chokepoint_exposure",
    name=Text("해협·운하 노출도", "Exposure to a chokepoint"),
    unit=Text("0–1(수입액 가운데 비중, 최소·보통·최대)", "0–1 (share of imports: least, usual, most)"),
    formula="least = Σ v_i[only] / V; usual = Σ v_i[only, usual] / V; most = (Σ v_i[not never] + H) / V; V all imports, H hidden",
    source=(
        "share of trade through a chokepoint: Pratson (2023), Communications in Transportation Research 3, 100083; "
        "Bailey & Wellesley (2017), Chatham House. The table of ways is ours (items/data/<home>/routes.yml), the bounds too"
    ),
    caveats=(
        Text(
            "나라와 나라 사이의 보통 바닷길로 본다. 실제 선박의 길이 아니며, 항공·육로·관로로 온 물품도 바닷길로 친다.",
            "By the common sea way between two countries, not by the ships' own: goods by air, rail and pipe count as if by sea.",
        ),
        Text(
            "길을 모르는 공급국과 감춘 물량은 최대치에 넣고 최소치에는 넣지 않는다. 경로표가 없는 나라는 모름이다.",
            "Suppliers of unknown way, and what is withheld, count in the most and never in the least; a home without a "
            "table of ways is unknown.",
        ),
        Text(
            "중계지에서 온 물품은 중계지부터의 길로 센다.",
            "What comes through a hub is counted from the hub on.",
        ),
        Text(
            "2023년 12월 15일부터 홍해를 돌아가는 배가 많아, 유럽의 물품은 수에즈를 지날 수도 있는 것으로 본다.",
            "From 15 December 2023 ships have gone round the Red Sea: from then on, goods of Europe only may pass Suez.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=chokepoint_exposure,
    asks=("home",),
)
