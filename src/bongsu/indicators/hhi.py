"""Herfindahl–Hirschman index of a reporter's suppliers."""

from collections.abc import Mapping

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.korean_bands import FLOORS, above_floor
from bongsu.indicators.structure import GROUP, structure
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

CONCENTRATED = 0.4  # the European Commission's threshold


def hhi(flows: ibis.Table) -> ibis.Table:
    """`GROUP`, `hhi` (1/n–1, null where nothing is known), `known_fraction`, `complete`, from flows."""
    return structure(flows).select(*GROUP, "hhi", "known_fraction", "complete")


def summary(flows: ibis.Table, floors: Mapping[str, float] = FLOORS) -> ibis.Table:
    """How many codes are concentrated, by source, reporter, flow, code system and period.

    Args:
        flows: `trade_flow` rows.
        floors: currency → least total of a code for `gt40_floor`.

    Returns:
        the grouping columns, `codes` (those with a positive total), `incomplete` (where a part of supply is hidden),
        `gt40` (HHI above 0.4, surely so where a part is hidden), and `gt40_floor` (of these, at or above the floor).
    """
    supply = structure(flows)
    traded = supply.filter(supply.total > 0)
    # What is hidden can lower the index, but never below the square of the top supplier's least share.
    least = ibis.ifelse(traded.complete, traded.hhi, traded.least_share * traded.least_share)
    above = ibis.coalesce(least > CONCENTRATED, ibis.literal(value=False))
    return traded.group_by(*(name for name in GROUP if name != "code")).aggregate(
        codes=traded.count(),
        incomplete=(~traded.complete).cast("int64").sum(),
        gt40=above.cast("int64").sum(),
        gt40_floor=(above & ibis.coalesce(above_floor(traded, floors), ibis.literal(value=False))).cast("int64").sum(),
    )


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
