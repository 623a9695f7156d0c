"""Each supplier's share of a reporter's trade in a code and period."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.partners import goods_only, is_supplier
from bongsu.indicators.structure import GROUP, structure
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW


def supplier_shares(flows: ibis.Table, supply: ibis.Table | None = None) -> ibis.Table:
    """Shares of the suppliers' positive known total.

    Args:
        flows: `trade_flow` rows.
        supply: `structure(flows)`, where the caller has it already.

    Returns:
        `GROUP`, `partner`, `value`, `share` (0–1; null where the value or the total is unknown), `complete`, and, where
        the publisher states a World total, `world_share` (0–1 of that) and `not_specified` (0–1): what is left of it
        beside the suppliers. World shares and `not_specified` add up to 1.
    """
    supply = structure(flows) if supply is None else supply
    totals = supply.select(*GROUP, "total", "complete", "known_fraction")
    rows = goods_only(flows)
    rows = rows.filter(is_supplier(rows.partner)).select(*GROUP, "partner", "value")
    joined = rows.inner_join(totals, GROUP)
    known = ibis.ifelse(joined.value >= 0, joined.value, ibis.null("float64"))
    share = known / joined.total
    return joined.select(
        *GROUP,
        "partner",
        "value",
        share=share,
        complete=joined.complete,
        world_share=share * joined.known_fraction,
        not_specified=1.0 - joined.known_fraction,
    )


INDICATOR = Indicator(
    id="supplier_shares",
    name=Text("공급국별 비중", "Supplier shares"),
    unit=Text("0–1", "0–1"),
    formula="s_i = v_i / Σ v_j over suppliers j with v_j > 0",
    source="Korean practice in picking economic-security items: share of one country in imports (KITA, 2021)",
    caveats=(
        Text(
            "공개되지 않은 상대국이 있으면 비중은 알려진 몫 가운데의 비중이다(complete = false).",
            "Where a partner is withheld, shares are of the known part only (complete = false).",
        ),
        Text(
            "세계·미상·합계는 상대국으로 세지 않는다.",
            "World, not specified and totals are never partners.",
        ),
        Text(
            "세계 합계에서 공급국의 합을 뺀 나머지는 not_specified로 보인다. 자료에 싣지 않은 나라의 몫도 여기에 든다.",
            "What the suppliers leave of the World total is shown as not_specified; countries that the file leaves out are in it.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=(*GROUP, "partner"),
    compute=supplier_shares,
)
