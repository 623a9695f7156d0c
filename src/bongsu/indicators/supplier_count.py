"""How many suppliers a reporter has."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.structure import GROUP, structure
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW


def supplier_count(flows: ibis.Table) -> ibis.Table:
    """`GROUP`, `suppliers` (a positive known value), `withheld` (value unknown), `complete`, from flows.

    `suppliers` is null where nothing but withheld partners is there.
    """
    supply = structure(flows)
    unknown = (supply.suppliers == 0) & (supply.withheld > 0)
    count = ibis.ifelse(unknown, ibis.null("int64"), supply.suppliers)
    return supply.select(*GROUP, "withheld", "complete", suppliers=count)


INDICATOR = Indicator(
    id="supplier_count",
    name=Text("공급국 수", "Number of suppliers"),
    unit=Text("개국", "countries"),
    formula="#{i : v_i > 0}",
    source="count",
    caveats=(
        Text(
            "많다고 분산된 것은 아니다. 집중도와 함께 본다.",
            "Many suppliers are not diversification: read it with the concentration.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=GROUP,
    compute=supplier_count,
)
