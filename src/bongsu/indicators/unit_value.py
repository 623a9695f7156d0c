"""What a kilogram, or a unit, of the traded goods cost."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW


def _ratio(value: ibis.Column, amount: ibis.Column) -> ibis.Column:
    known = (value > 0) & (amount > 0)
    return ibis.ifelse(known, value / amount.nullif(0), ibis.null("float64"))


def unit_value(flows: ibis.Table) -> ibis.Table:
    """`trade_flow`'s key, `currency`, `quantity_unit`, `per_kg` and `per_unit`; null where unknown or zero."""
    return flows.select(
        *TRADE_FLOW.key_names,
        "currency",
        "quantity_unit",
        per_kg=_ratio(flows.value, flows.weight_kg),
        per_unit=_ratio(flows.value, flows.quantity),
    )


INDICATOR = Indicator(
    id="unit_value",
    name=Text("수입(수출) 단가", "Unit value"),
    unit=Text("통화/kg, 통화/수량단위", "currency per kg, currency per quantity unit"),
    formula="value / weight_kg; value / quantity",
    source="UN IMTS 2010, Compilers Manual: unit values",
    caveats=(
        Text(
            "한 코드에 여러 물품이 섞이면 단가는 가격이 아니라 구성의 변화일 수 있다.",
            "Where a code holds several goods, a change may be of the mix, not of the price.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=TRADE_FLOW.key_names,
    compute=unit_value,
)
