"""CEPII's GeoDep: concentrated imports, concentrated world exports, more imports than exports, and it lasts."""

from ibis.expr.types import Table

from bongsu.indicators.ec2021 import BEYOND_EXPORTS, beyond_exports
from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.verdict import all_of, in_years, over
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

CONCENTRATED, WORLD_CONCENTRATED = 0.4, 0.4
WINDOW, NEEDED = 3, 2

__all__ = ["BEYOND_EXPORTS", "CONCENTRATED", "INDICATOR", "NEEDED", "WINDOW", "WORLD_CONCENTRATED", "geodep"]


def geodep(flows: Table, given: Ground | None = None) -> Table:
    """GeoDep's four criteria by reporter, code and year.

    Args:
        flows: `trade_flow` rows of imports and exports, of all reporters that there are.
        given: `ground(flows)`, where the caller has it already.

    Returns:
        `KEY`; `hhi`, `world_hhi`, `ratio` (imports over exports; null where nothing is exported, and then true) with a
        verdict each (`hhi_over` …); `this_year`, all three; `years_true`, `years_false` of the three years that end
        with this one; `dependent`, true in two of them. Beside them `imports`, `exports`, `currency`, `top_supplier`,
        `top_share`, `world_seen`, `complete`.
    """
    supply = (given or ground(flows)).with_world()
    rows = supply.select(
        *KEY,
        "hhi",
        hhi_over=over(supply.hhi_low, supply.hhi_high, CONCENTRATED),
        world_hhi=supply.world_hhi,
        world_over=over(supply.world_hhi_low, supply.world_hhi_high, WORLD_CONCENTRATED),
        ratio=supply.imports_low / supply.exports.nullif(0.0),
        ratio_over=beyond_exports(supply, supply.imports_low, supply.imports_high),
        imports=supply.imports_low,
        exports=supply.exports,
        currency=supply.currency,
        top_supplier=supply.top_supplier,
        top_share=supply.top_share,
        world_seen=supply.world_seen,
        complete=supply.complete,
    )
    told = rows.mutate(this_year=all_of((rows.hhi_over, rows.world_over, rows.ratio_over)))
    return in_years(told, "this_year", KEY[:-1], window=WINDOW, needed=NEEDED)


INDICATOR = Indicator(
    id="geodep",
    name=Text("CEPII GeoDep(2024) 수입 의존", "CEPII GeoDep (2024) import dependence"),
    unit=Text("0–1, 0–1, 배", "0–1, 0–1, ratio"),
    formula="Σ s_i² > 0.4; world-export HHI > 0.4; imports / exports > 1; all three in at least 2 of 3 years",
    source="Lefebvre and Wibaux (2024), Import dependencies: where does the EU stand?, CEPII Policy Brief 47",
    caveats=(
        Text(
            "앞선 두 해의 기록이 없으면 올해의 세 기준이 모두 참이어도 판단하지 않습니다(null).",
            "Without the two years before, it cannot be told (null), even where all three hold this year.",
        ),
        Text(
            "원저는 BACI 자료를 씁니다. 여기서는 신고된 값을 그대로 씁니다. 세계 수출 집중도는 보이는 만큼만 압니다(world_seen).",
            "The original uses BACI's reconciled flows, this one the figures as reported; the world's concentration is "
            "known as far as it is seen (world_seen).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=geodep,
    base=ground,
)
