"""The largest supplier and its share."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.structure import GROUP, structure
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW


def top_supplier(flows: ibis.Table) -> ibis.Table:
    """`GROUP`, `top_supplier`, `top_share` (0–1, null where unknown), `known_fraction`, `complete`, from flows."""
    return structure(flows).select(*GROUP, "top_supplier", "top_share", "known_fraction", "complete")


INDICATOR = Indicator(
    id="top_supplier",
    name=Text("최대 공급국 의존도", "Top-supplier share"),
    unit=Text("0–1", "0–1"),
    formula="max_i v_i / Σ v_j; of equal suppliers the first in the alphabet is named",
    source="Korean practice in picking economic-security items: share of one country in imports (KITA, 2021)",
    caveats=(
        Text(
            "공개되지 않은 상대국이 최대 공급국일 수도 있다(complete = false).",
            "A withheld partner may be the largest one (complete = false).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=GROUP,
    compute=top_supplier,
)
