"""Concentration of the world's mines and refineries: HHI and the top producer's share, with bounds for what is hidden."""

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.production_table import SHARE, TABLE, sums
from bongsu.language import Text
from bongsu.records.shapes import PRODUCTION


def production_concentration(production: ibis.Table) -> ibis.Table:
    """Concentration of each table of production, capacity or reserves.

    The whole is the published World total; without one, 1 for shares; and the sum of the lines where that is more (totals
    are rounded down as well as up), or where nothing is stated and no line hides anything. What the named countries do
    not hold of it, "other countries" and withheld ones together, is counted once as any number of small producers (the
    least) and once as a single one (the most).

    Args:
        production: `production` rows.

    Returns:
        `TABLE`, `unit`, `whole` and `whole_by` (world_total | share | sum; null where unknown), `known_share` of the
        named countries (0–1), `top_country` of them, `top_share_least` (its share), `top_share_most` (or the hidden part's,
        were that one country), `top_sure`, `hhi_known` (of the named countries among themselves), `hhi_least`, `hhi_most`,
        `countries` with a figure, `withheld` without one, `excluded` from the total by its own word, and `complete`: no
        country withheld or excluded, and the whole known.
    """
    table = _with_whole(sums(production))
    beyond = table.whole - table.named
    hidden = ibis.ifelse(beyond < 0, 0.0, beyond)
    top_most = ibis.ifelse(hidden > table.largest, hidden, table.largest)
    complete = table.whole.notnull() & (table.withheld == 0) & (table.excluded == 0)
    return table.select(
        *TABLE,
        unit=table.unit,
        whole=table.whole,
        whole_by=table.whole_by,
        known_share=table.named / table.whole,
        top_country=ibis.ifelse(table.units <= 1, table.top_country, ibis.null("string")),
        top_share_least=table.largest / table.whole,
        top_share_most=top_most / table.whole,
        top_sure=table.largest >= hidden,
        hhi_known=table.squares / (table.named * table.named),
        hhi_least=table.squares / (table.whole * table.whole),
        hhi_most=(table.squares + hidden * hidden) / (table.whole * table.whole),
        countries=table.countries,
        withheld=table.withheld,
        excluded=table.excluded,
        complete=complete,
    )


def _with_whole(table: ibis.Table) -> ibis.Table:
    """`named`, the named countries' sum, and `whole`, which is not less than the sum of the lines but by rounding."""
    nothing = ibis.null("float64")
    named = ibis.ifelse((table.units <= 1) & (table.country_sum > 0), table.country_sum, nothing)
    stands = named + ibis.coalesce(table.other_sum, 0.0)
    by_total = ibis.coalesce(table.world > 0, ibis.literal(value=False))
    by_share = ibis.coalesce(table.unit == SHARE, ibis.literal(value=False))
    stated = ibis.ifelse(by_total, table.world, ibis.ifelse(by_share, 1.0, nothing))
    # Shares are rounded one by one: they may add up to a little more than the whole, and the whole is still 1.
    reached = ibis.ifelse(by_share & ~by_total, stated + ibis.coalesce(table.parts_rounding, 0.0), stated)
    by_sum = ibis.ifelse(stated.isnull(), table.unknown == 0, reached < stands)
    whole = ibis.ifelse(by_sum, stands, stated)
    whole_by = ibis.cases((by_sum, "sum"), (by_total, "world_total"), (by_share, "share"), else_=ibis.null("string"))
    return table.mutate(
        named=named,
        whole=ibis.ifelse(named.notnull(), whole, nothing),
        whole_by=ibis.ifelse(named.notnull(), whole_by, ibis.null("string")),
    )


INDICATOR = Indicator(
    id="production_concentration",
    name=Text("세계 생산 집중도", "Concentration of world production"),
    unit=Text("0–1", "0–1"),
    formula="Σ (p_i/W)² ≤ HHI ≤ Σ (p_i/W)² + ((W − Σ p_i)/W)²; top share max p_i/W",
    source="HHI of world supply, European Commission, Methodology for establishing the EU list of critical raw materials (2017), "
    "without its governance weight (WGI); world total as denominator as in USGS Mineral Commodity Summaries",
    caveats=(
        Text(
            "이름 없는 나라와 비공개 몫은 여럿일 수도 하나일 수도 있어 하한과 상한을 함께 보인다.",
            "What is unnamed or withheld can be many producers or one; both ends are given.",
        ),
        Text(
            "세계 합계가 뺀 나라(excluded)가 있으면 그 나라를 뺀 세계의 집중도이다.",
            "Where the World total leaves a country out (excluded), it is the concentration of the world without it.",
        ),
        Text(
            "단계·무게 기준이 다른 표(광산·제련, 총중량·함량)끼리는 견주지 않는다.",
            "Tables of other stages or weighings (mine and refinery, gross weight and content) do not compare.",
        ),
        Text(
            "한 나라의 생산은 한 기업의 것일 수도, 여러 나라 기업의 것일 수도 있다.",
            "A country's output may be one firm's or belong to firms of many countries.",
        ),
    ),
    records=(PRODUCTION,),
    key=TABLE,
    compute=production_concentration,
)
