"""A published table of production, summed: its countries, its other lines, its World total, and what it leaves unsaid.

A table is one commodity, measure, stage and detail of one source in one period. `production_balance` and
`production_concentration` select from here.
"""

import ibis

from bongsu.indicators.partners import WORLD, is_supplier

TABLE = ("source", "commodity", "measure", "stage", "detail", "valid", "valid_until", "frequency")
SHARE = "share"  # a unit: parts of the whole world's output, so that the whole is 1
ELSEWHERE = "included elsewhere"  # counted in another line or another table; adds nothing here


def sums(production: ibis.Table) -> ibis.Table:
    """Sums of each table.

    Args:
        production: `production` rows, one a fact. Uses (measure "use") are no production and are left out.

    Returns:
        `TABLE` and: `unit` (null where units are mixed) and `units`, how many there are; `countries` with a positive
        figure; their `country_sum`, `squares`, `largest` and `top_country` (of equals the first in the alphabet);
        `other_sum`, the lines that are no country; `lines` that the World total counts, `lines_sum` of their figures, `low`
        (with bounds by their lower end), `high_of_bounded` (by their upper end), `open_lines` without an upper end, `unknown` without a
        figure and `first_unknown` of them; `parts_rounding`, by how much rounding can move the sum of their figures;
        `withheld`, countries without a figure, wherever they are counted, and `excluded`, countries that the total leaves
        out; `world`, `world_least`, `world_most`, `world_rounded`.
    """
    rows = _marked(production.filter(production.measure != "use"))
    # The least of (−value, country) is the largest producer, and among equals the first in the alphabet.
    rank = ibis.struct({"minus": -rows.produced, "country": rows.country})
    grouped = rows.group_by(*TABLE).aggregate(
        unit=rows.unit.min(),
        units=rows.unit.nunique(),
        countries=rows.produced.count(),
        country_sum=rows.produced.sum(),
        squares=(rows.produced * rows.produced).sum(),
        largest=rows.produced.max(),
        top_country=rows.country.argmin(rank, where=rows.produced.notnull()),
        other_sum=rows.other.sum(),
        lines=rows.line.cast("int64").sum(),
        lines_sum=rows.figure.sum(),
        low=rows.low.sum(),
        high_of_bounded=rows.high.sum(),
        open_lines=rows.open_line.cast("int64").sum(),
        unknown=rows.unknown.cast("int64").sum(),
        first_unknown=ibis.ifelse(rows.unknown, rows.country, ibis.null("string")).min(),
        parts_rounding=rows.rounding.sum(),
        withheld=rows.withheld.cast("int64").sum(),
        excluded=rows.excluded.cast("int64").sum(),
        world=rows.world.max(),
        world_least=rows.world_least.max(),
        world_most=rows.world_most.max(),
        world_rounded=rows.world_rounded.max(),
    )
    return grouped.mutate(unit=ibis.ifelse(grouped.units > 1, ibis.null("string"), grouped.unit))


def _marked(production: ibis.Table) -> ibis.Table:
    """Each row's part in its table: a producer's, another line's, the World total's; known, bounded or open."""
    rows, nothing = production, ibis.null("float64")
    world, country = rows.country.isin(WORLD), is_supplier(rows.country)
    told = ibis.coalesce(rows.stated, "") != ELSEWHERE
    counted = ~world & ibis.coalesce(rows.in_total, ibis.literal(value=True))
    line, known = counted & told, rows.value.notnull()
    return rows.select(
        *TABLE,
        "country",
        "unit",
        produced=ibis.ifelse(country & counted & (rows.value > 0), rows.value, nothing),
        other=ibis.ifelse(line & ~country, rows.value, nothing),
        line=line,
        figure=ibis.ifelse(line, rows.value, nothing),
        low=ibis.ifelse(line, ibis.coalesce(rows.value, rows.least), nothing),
        high=ibis.ifelse(line, ibis.coalesce(rows.value, rows.most), nothing),
        unknown=line & ~known,
        open_line=line & ~known & rows.most.isnull(),
        rounding=ibis.ifelse(line & (rows.value > 0), rows.rounded_to / 2, nothing),
        withheld=country & counted & ~known,
        excluded=country & ~counted,
        world=ibis.ifelse(world, rows.value, nothing),
        world_least=ibis.ifelse(world, rows.least, nothing),
        world_most=ibis.ifelse(world, rows.most, nothing),
        world_rounded=ibis.ifelse(world, rows.rounded_to, nothing),
    )
