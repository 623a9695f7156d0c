"""The European Commission's three core dependency indicators of 2021."""

import ibis
from ibis.expr.types import BooleanColumn, Column, Table

from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.verdict import all_of, over
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

CONCENTRATED, OUTSIDE, BEYOND_EXPORTS = 0.4, 0.5, 1.0


def ec2021(flows: Table, given: Ground | None = None) -> Table:
    """CDI1–3 by reporter, code and year.

    Args:
        flows: `trade_flow` rows of imports and exports.
        given: `ground(flows)`, where the caller has it already.

    Returns:
        `KEY`, `bloc` (whose members buy inside; null: every partner is outside), `cdi1`, `cdi2`, `cdi3` with a verdict
        each (`cdi1_over` …), `dependent`; and of the imports from outside `imports`, `top_supplier`, `top_share`; and
        `exports`, `currency`, `complete`. `cdi3` is null where nothing is exported; its verdict is then true.
    """
    rows = criteria((given or ground(flows)).supply)
    return rows.mutate(dependent=all_of((rows.cdi1_over, rows.cdi2_over, rows.cdi3_over)))


def criteria(supply: Table, **more: Column) -> Table:
    """The three indicators of each year with their verdicts, from `Ground.supply`, and `more` of its columns."""
    return supply.select(
        *KEY,
        "bloc",
        cdi1=supply.outside_hhi,
        cdi1_over=_concentrated(supply),
        cdi2=supply.outside_total / supply.total.nullif(0.0),
        cdi2_over=_mostly_outside(supply),
        cdi3=supply.outside_imports_low / supply.exports.nullif(0.0),
        cdi3_over=beyond_exports(supply, supply.outside_imports_low, supply.outside_imports_high),
        imports=supply.outside_imports_low,
        exports=supply.exports,
        currency=supply.currency,
        top_supplier=supply.outside_top,
        top_share=supply.outside_top_share,
        complete=supply.complete,
        **more,
    )


def _concentrated(supply: Table) -> BooleanColumn:
    """Nothing bought outside is no concentration."""
    told = over(supply.outside_hhi_low, supply.outside_hhi_high, CONCENTRATED)
    return ibis.ifelse(supply.outside_imports_high == 0, ibis.literal(value=False), told)


def _mostly_outside(supply: Table) -> BooleanColumn:
    """What is hidden may come from inside or from outside."""
    whole = supply.imports_high.nullif(0.0)
    told = over(supply.outside_imports_low / whole, supply.outside_imports_high / whole, OUTSIDE)
    return ibis.ifelse(supply.bloc.isnull(), supply.total > 0, told)


def beyond_exports(supply: Table, low: Column, high: Column) -> BooleanColumn:
    """Do imports between `low` and `high` exceed exports: by differences, so that no exports need no division."""
    return over(low - BEYOND_EXPORTS * supply.exports_high, high - BEYOND_EXPORTS * supply.exports_low, 0.0)


INDICATOR = Indicator(
    id="ec2021",
    name=Text("집행위 2021 핵심 의존 지표(CDI1–3)", "European Commission 2021, core dependency indicators CDI1–3"),
    unit=Text("0–1, 0–1, 배", "0–1, 0–1, ratio"),
    formula="CDI1 = Σ s_i² over suppliers outside > 0.4; CDI2 = outside / all imports > 0.5; "
    "CDI3 = imports from outside / exports > 1; dependent = all three",
    source="European Commission, SWD(2021) 352 final, Strategic dependencies and capacities (5 May 2021)",
    caveats=(
        Text(
            "유럽연합 회원국과 유럽연합은 역외 상대국만 셉니다. 다른 나라는 모든 상대국이 역외이므로 CDI2가 언제나 1이고 "
            "판단에 보태는 것이 없습니다.",
            "For the European Union and its members only partners outside count. For any other country every partner is "
            "outside: CDI2 is always 1 and adds nothing.",
        ),
        Text(
            "발표된 137개 품목은 민감 산업 생태계의 품목만 고른 수이며, 이 지표는 품목을 미리 고르지 않습니다.",
            "The 137 products published are those in sensitive ecosystems; no products are picked here beforehand.",
        ),
        Text(
            "수출 자료가 없거나 몇 나라 앞 수출만 있으면 CDI3을 판단하지 않습니다(null).",
            "Without a list of exports, or with exports to a few countries only, CDI3 is not judged (null).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=ec2021,
    base=ground,
)
