"""The Productivity Commission's steps of 2021: one source, that dominates the world, of something essential."""

from collections.abc import Collection

import ibis
from ibis.expr.types import BooleanColumn, Table

from bongsu.indicators.ground import KEY, Ground, ground
from bongsu.indicators.indicator import Indicator
from bongsu.indicators.verdict import CANNOT_BE_TOLD, NO, all_of, over
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

ONE_SOURCE, DOMINANT, HALF = 0.8, 0.5, 0.5


def productivity(flows: Table, given: Ground | None = None, essential: Collection[str] | None = None) -> Table:
    """The three steps by reporter, code and year.

    Args:
        flows: `trade_flow` rows of imports, and of all exporters that there are.
        given: `ground(flows)`, where the caller has it already.
        essential: codes of what is essential, two digits or more; a longer code is essential with its beginning. None:
            nobody has said what is essential, and nothing is ruled in or out by it.

    Returns:
        `KEY`; `top_share` and `concentrated` (more than 80 % from one country); `world_top`, `world_top_share` and
        `dominant` (that country has more than half of the world's exports); `vulnerable`, both; `essential`;
        `dependent`, all three. Beside them `imports`, `currency`, `top_supplier`, `world_hhi`, `world_seen`, `complete`.
    """
    supply = (given or ground(flows)).with_world()
    rows = supply.select(
        *KEY,
        "top_supplier",
        "top_share",
        concentrated=_one_source(supply),
        world_top=supply.world_top,
        world_top_share=supply.world_top_share,
        dominant=_dominant(supply),
        essential=_essential(supply, essential),
        imports=supply.imports_low,
        currency=supply.currency,
        world_hhi=supply.world_hhi,
        world_seen=supply.world_seen,
        complete=supply.complete,
    )
    told = rows.mutate(vulnerable=all_of((rows.concentrated, rows.dominant)))
    return told.mutate(dependent=all_of((told.vulnerable, told.essential)))


def _one_source(supply: Table) -> BooleanColumn:
    most = (supply.largest + supply.hidden) / supply.imports_high.nullif(0.0)
    return over(supply.least_share, most, ONE_SOURCE)


def _dominant(supply: Table) -> BooleanColumn:
    """Does the main supplier have more than half of the world's exports, as far as it is sure which one that is."""
    first = over(supply.world_top_share_low, supply.world_top_share_high, DOMINANT)
    other = over(ibis.literal(0.0), _second_at_most(supply), DOMINANT)
    sure = supply.top_supplier.notnull() & (supply.complete | (supply.least_share > HALF))
    # Whichever country the main supplier is, it has no more than the world's first.
    anyone = ibis.ifelse(ibis.coalesce(~first, NO), NO, CANNOT_BE_TOLD)
    return ibis.cases(
        (~ibis.coalesce(sure, NO), anyone),
        (supply.world_top == supply.top_supplier, first),
        (supply.world_top.notnull(), other),
        else_=CANNOT_BE_TOLD,
    )


def _second_at_most(supply: Table) -> ibis.Column:
    """The most that a country other than the first can have: no more than the first has, and all that is unseen."""
    unseen = supply.world_top_share_high - supply.world_top_share_low
    return ibis.least(supply.world_top_share_low, 1 - supply.world_top_share_high) + unseen


def _essential(supply: Table, essential: Collection[str] | None) -> BooleanColumn:
    if essential is None:
        return CANNOT_BE_TOLD
    found: BooleanColumn = NO
    for length in sorted({len(code) for code in essential}):
        codes = [code for code in essential if len(code) == length]
        found |= supply.code.substr(0, length).isin(codes)
    return found


INDICATOR = Indicator(
    id="productivity",
    name=Text("호주 생산성위원회(2021) 단계", "Productivity Commission (2021), steps"),
    unit=Text("0–1", "0–1"),
    formula="top share > 0.8; the same country > 1/2 of world exports; the code is essential",
    source="Productivity Commission (2021), Vulnerable Supply Chains, Study Report, Canberra",
    caveats=(
        Text(
            "무엇이 필수인지는 자료가 말해 주지 않습니다. 필수 품목의 부호를 주지 않으면 의존이라고 판단하지 않습니다(null 또는 아님).",
            "The data do not say what is essential: without a list of codes nothing is called dependent (null, or not).",
        ),
        Text(
            "보고서는 한 나라에서 압도적으로 들여오고 그 나라가 세계 공급을 지배하는 품목을 가려냅니다. 80%와 절반이라는 문턱은 "
            "우리가 읽은 값이며 보고서 부속서와 대조하지 못했습니다.",
            "The report looks for goods that come overwhelmingly from one country that dominates global supply. The "
            "thresholds of 80 % and one half are our reading and were not checked against its appendix.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=KEY,
    compute=productivity,
    base=ground,
)
