"""Herfindahl–Hirschman index of a reporter's suppliers."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.structure import GROUP, structure
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW


def hhi(flows: ibis.Table) -> ibis.Table:
    """`GROUP`, `hhi` (1/n–1, null where nothing is known), `known_fraction`, `complete`, from flows."""
    return structure(flows).select(*GROUP, "hhi", "known_fraction", "complete")


INDICATOR = Indicator(
    id="hhi",
    name=Text("수입 집중도(HHI)", "Concentration of suppliers (HHI)"),
    unit=Text("0–1", "0–1"),
    formula="Σ v_i² / (Σ v_i)²",
    source="Hirschman (1945); European Commission SWD(2021) 352, indicator CDI1 (threshold 0.4)",
    caveats=(
        Text(
            "공개되지 않은 상대국이 있으면 분산된 것처럼 보일 수 있다(complete = false이면 판단하지 않는다).",
            "With partners withheld, supply can look diversified when it is not: do not judge where complete = false.",
        ),
        Text(
            "유럽연합을 한 상대로 싣는 자료에서는 한 공급국으로 센다.",
            "Where a file has the European Union as one partner, it counts as one supplier.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=GROUP,
    compute=hhi,
)
