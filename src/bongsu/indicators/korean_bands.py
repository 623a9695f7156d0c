"""Korean practice: does the top supplier hold 50, 75, 80, 90 %, and is the trade above the value floor?"""

from collections.abc import Mapping
from types import MappingProxyType

import ibis
from ibis.expr.types import BooleanColumn

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.structure import GROUP, structure
from bongsu.indicators.verdict import at_least
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

BANDS = (50, 75, 80, 90)  # per cent
FLOORS: Mapping[str, float] = MappingProxyType({"USD": 10_000_000.0})  # a group's total, in its own currency


def floor_of(supply: ibis.Table, floors: Mapping[str, float] = FLOORS) -> ibis.Column:
    """The floor of each group's currency; null for a currency without one."""
    return supply.currency.cases(*floors.items(), else_=ibis.null("float64"))


def above_floor(supply: ibis.Table, floors: Mapping[str, float] = FLOORS) -> ibis.Column:
    """Is the known total at or above its currency's floor; null for a currency without one."""
    return supply.total >= floor_of(supply, floors)


def in_band(supply: ibis.Table, band: int) -> BooleanColumn:
    """Is the top share in the band: null where what is hidden could decide it either way."""
    open_part = ibis.ifelse(supply.known_fraction < 1, 1 - supply.known_fraction, ibis.null("float64"))
    most = ibis.ifelse(supply.complete, supply.top_share, supply.least_share + open_part)
    return at_least(supply.least_share, most, band / 100)


def korean_bands(flows: ibis.Table, floors: Mapping[str, float] = FLOORS) -> ibis.Table:
    """Bands by group.

    Args:
        flows: `trade_flow` rows.
        floors: currency → least total of a group for the `_floor` columns.

    Returns:
        `GROUP`, `total`, `currency`, `top_supplier`, `top_share`, `complete`, `above_floor`, and for each band `ge50` …
        and `ge50_floor` …: true, false, or null for "cannot be told from what is published".
    """
    supply = structure(flows)
    bands = {f"ge{band}": in_band(supply, band) for band in BANDS}
    above = above_floor(supply, floors)
    return supply.select(
        *GROUP,
        "total",
        "currency",
        "top_supplier",
        "top_share",
        "complete",
        above_floor=above,
        **bands,
        **{f"{name}_floor": column & above for name, column in bands.items()},
    )


def summary(bands: ibis.Table) -> ibis.Table:
    """How many codes stand in each band, by source, reporter, flow, code system and period.

    Returns:
        the grouping columns, `codes` (those with a positive total), `incomplete`, and a count for each band column.
    """
    keys = [name for name in GROUP if name != "code"]
    names = [f"ge{band}" for band in BANDS] + [f"ge{band}_floor" for band in BANDS]
    traded = bands.filter(bands.total > 0)
    return traded.group_by(*keys).aggregate(
        codes=traded.count(),
        incomplete=(~traded.complete).cast("int64").sum(),
        **{name: ibis.coalesce(traded[name].cast("int64").sum(), 0) for name in names},
    )


INDICATOR = Indicator(
    id="korean_bands",
    name=Text("특정국 의존 구간(50·75·80·90%)", "Bands of dependence on one country (50, 75, 80, 90 %)"),
    unit=Text("해당 여부", "yes, no or unknown"),
    formula="top_share ≥ b and total ≥ floor(currency), b ∈ {50, 75, 80, 90} %",
    source="KITA 2021 (≥80 %); Korean government 2022 (≥75 % and ≥USD 10 m; ≥50 % with a value floor)",
    caveats=(
        Text(
            "기준 금액이 정해지지 않은 통화에서는 금액 기준을 판단하지 않는다.",
            "In a currency without a stated floor, the floor is not judged.",
        ),
    ),
    records=(TRADE_FLOW,),
    key=GROUP,
    compute=korean_bands,
)
