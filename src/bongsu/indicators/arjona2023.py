"""Arjona, Connell and Herghelegiu (2023): the Commission's logic over several years, and single points of failure."""

from ibis.expr.types import Table

from bongsu.indicators.ec2021 import criteria
from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.verdict import all_of, in_years, over
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

WINDOW, NEEDED = 4, 3
SINGLE_POINT = 0.5


def arjona2023(flows: Table, given: Ground | None = None, window: int = WINDOW, needed: int = NEEDED) -> Table:
    """The three indicators in several years, and whether one exporter carries the world.

    Args:
        flows: `trade_flow` rows of imports and exports, of all reporters that there are.
        given: `ground(flows)`, where the caller has it already.
        window: years that count, this one and those before it.
        needed: in how many of them all three must hold.

    Returns:
        `ec2021.criteria`'s columns; `this_year`, all three; `years_true`, `years_false`, `dependent`, as `geodep` has
        them; and `world_top`, `world_top_share`, `single_point`: does one exporter hold more than half of the world's
        exports (null where too little of the world is seen). A single point does not make a code dependent: it says
        which of the dependent ones cannot turn elsewhere.
    """
    supply = (given or ground(flows)).with_world()
    rows = criteria(
        supply,
        world_top=supply.world_top,
        world_top_share=supply.world_top_share,
        single_point=over(supply.world_top_share_low, supply.world_top_share_high, SINGLE_POINT),
        world_seen=supply.world_seen,
    )
    told = rows.mutate(this_year=all_of((rows.cdi1_over, rows.cdi2_over, rows.cdi3_over)))
    return in_years(told, "this_year", KEY[:-1], window=window, needed=needed)


INDICATOR = Indicator(
    id="arjona2023",
    name=Text("아르호나·코널·헤르겔레지우(2023)", "Arjona, Connell and Herghelegiu (2023)"),
    unit=Text("0–1, 0–1, 배", "0–1, 0–1, ratio"),
    formula="CDI1–3 of ec2021, all in at least 3 of 4 years; single point: one exporter > 1/2 of world exports",
    source="Arjona, Connell and Herghelegiu (2023), An enhanced methodology to monitor the EU's strategic dependencies "
    "and vulnerabilities, Single Market Economics Papers WP2023/14",
    caveats=(
        Text(
            "원저는 2017–2020년 네 해를 봅니다. 네 해 가운데 세 해라는 규칙과 절반이라는 단일 취약점의 문턱은 우리가 정한 것이며 "
            "원저의 연결망 지표를 그대로 옮긴 것이 아닙니다.",
            "The paper looks at the four years 2017 to 2020. Three years of the four, and one half for a single point of "
            "failure, are our reading: the paper's network measure is not reproduced.",
        ),
        Text(
            "발표된 204개 품목은 민감 산업 생태계에서 고른 수입니다. 네 해의 기록이 없으면 판단하지 않을 수 있습니다(null).",
            "The 204 products published were picked in sensitive ecosystems. With years missing it may not be told (null).",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=arjona2023,
    base=ground,
)
