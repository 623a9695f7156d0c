"""Korean practice as a method: half or more from one country, and enough of it to matter."""

from collections.abc import Mapping

from ibis.expr.types import Table

from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.korean_bands import BANDS, FLOORS, floor_of, in_band
from bongsu.indicators.verdict import all_of, at_least
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

HALF = BANDS[0] / 100


def korea(flows: Table, given: Ground | None = None, floors: Mapping[str, float] = FLOORS) -> Table:
    """The 50 % rule by reporter, code and year.

    Args:
        flows: `trade_flow` rows of imports.
        given: `ground(flows)`, where the caller has it already.
        floors: currency → least value of a year's imports.

    Returns:
        `KEY`; `top_share` and `half` (50 % or more from one country), `imports` and `above_floor`; `dependent`, both;
        beside them the higher bands `ge75`, `ge80`, `ge90`, and `top_supplier`, `currency`, `complete`.
    """
    supply = (given or ground(flows)).supply
    floor = floor_of(supply, floors)
    rows = supply.select(
        *KEY,
        "top_supplier",
        "top_share",
        half=in_band(supply, BANDS[0]),
        imports=supply.imports_low,
        above_floor=at_least(supply.imports_low - floor, supply.imports_high - floor, 0.0),
        **{f"ge{band}": in_band(supply, band) for band in BANDS[1:]},
        currency=supply.currency,
        complete=supply.complete,
    )
    return rows.mutate(dependent=all_of((rows.half, rows.above_floor)))


INDICATOR = Indicator(
    id="korea",
    name=Text("한국 실무(50% 이상과 기준 금액)", "Korean practice (50 % or more, and a value floor)"),
    unit=Text("0–1, 통화", "0–1, currency"),
    formula="top share ≥ 0.5 and imports ≥ floor(currency); USD 10 m",
    source="Korean government (2022), selection of early-warning items; KITA (2021)",
    caveats=(
        Text(
            "등급과 지정에 쓰는 국내 생산·대체의 어려움과 중요도는 무역 자료에 없습니다.",
            "Difficulty of domestic production or substitution and importance, which grades also ask, are not in trade data.",
        ),
        Text(
            "기준 금액이 정해지지 않은 통화에서는 판단하지 않습니다(null).",
            "In a currency without a stated floor it is not judged (null).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=korea,
    base=ground,
)
