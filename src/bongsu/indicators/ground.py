"""The ground on which every dependence method stands: one pass over the flows, then small tables only.

`ground(flows)` adds up each reporter's imports and exports of each code and year, and the world's exports of each code,
once. The methods (`ec2021`, `geodep`, …) are selections from what it gives: all of them together cost what one does.
"""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from bongsu.indicators.exports import (
    HARMONISED,
    LISTED,
    PLACE,
    SIX,
    export_lists,
    export_totals,
    in_family,
    told_exports,
)
from bongsu.indicators.hold import Hold, as_it_is
from bongsu.indicators.inside import ever_inside, is_inside
from bongsu.indicators.structure import grouped, largest_supplier, marked, measured
from bongsu.indicators.world import world_exports
from bongsu.indicators.yearly import yearly

KEY = PLACE
BLOC = "EU"


@dataclass(frozen=True)
class Ground:
    """What the methods select from.

    Args:
        supply: a row for each `KEY` with imports: see `ground`.
        world: a row for each six-digit code and year: see `world.world_exports`.
    """

    supply: Table
    world: Table

    def with_world(self) -> Table:
        """`supply` and, as `world_…`, the columns of `world` for the first six digits of each code."""
        rows, place = self.supply, ("code_system", "code", "valid")
        harmonised = rows.code_system.isin(HARMONISED) & (rows.code.length() >= SIX)
        six = rows.mutate(six=ibis.ifelse(harmonised, rows.code.substr(0, SIX), ibis.null("string")))
        names = {f"world_{name}": name for name in self.world.columns if name not in place}
        named = self.world.select("valid", six="code", **names)
        return six.left_join(named, ("six", "valid")).select(*rows.columns, *names)


def ground(flows: Table, *, bloc: str = BLOC, hold: Hold = as_it_is) -> Ground:
    """Imports, exports and the world's exports by code and year.

    Args:
        flows: `trade_flow` rows of imports and exports, monthly or yearly, of all reporters that may be asked.
        bloc: the dated group whose members buy from each other inside; one of `bongsu.codes.groups`.
        hold: computes a table and keeps it (`Engine.hold`), so that several methods share the pass.

    Returns:
        `supply`: `KEY` and, of the year's imports, the columns of `structure.measured` but for `known_fraction`;
        `imports_low`, `imports_high`, `hhi_low`, `hhi_high`, all imports and their concentration whatever is hidden;
        `bloc`, where the reporter is inside it; `outside_total`, `outside_imports_low`, `outside_imports_high`,
        `outside_hhi`, `outside_hhi_low`, `outside_hhi_high`, `outside_top`, `outside_top_share`: the same for imports
        from outside the bloc (from everywhere where `bloc` is null); `exports`, the total of the
        reporter's exports, and `exports_low`, `exports_high` (null: not known).
    """
    years = yearly(flows)
    rows = marked(years)
    imports = hold(measured(grouped(rows.filter(rows.flow == "import"), KEY), KEY))
    totals = hold(export_totals(rows))
    lists = export_lists(totals, imports)
    exports = told_exports(totals, lists)
    world = hold(world_exports(years, imports, exports, hold=hold))
    return Ground(hold(_with_exports(_bounded(_with_bloc(imports, rows, bloc)), lists, exports)), world)


def _with_bloc(imports: Table, rows: Table, bloc: str) -> Table:
    """The sums over suppliers outside, and for reporters in no bloc over all suppliers."""
    named = imports.mutate(
        bloc=ibis.ifelse(is_inside(imports.reporter, imports.valid, bloc), ibis.literal(bloc), ibis.null("string")),
        top=imports.top_supplier,
    )
    joined = named.left_join(_outside(rows, bloc), KEY)
    within = {
        "total": ibis.ifelse(joined.total.notnull(), ibis.coalesce(joined.outside_sum, 0.0), ibis.null("float64")),
        "squares": joined.outside_squares,
        "largest": joined.outside_largest,
        "top": joined.outside_first,
    }
    return joined.select(
        *imports.columns,
        "bloc",
        **{f"outside_{name}": ibis.ifelse(joined.bloc.notnull(), within[name], joined[name]) for name in within},
    )


def _outside(rows: Table, bloc: str) -> Table:
    """Sums over suppliers outside the bloc, for reporters that are or were inside."""
    bought = rows.filter(rows.reporter.isin(ever_inside(bloc)) & (rows.flow == "import"))
    bought = bought.filter(~is_inside(bought.partner, bought.valid, bloc))
    return bought.group_by(*KEY).aggregate(
        outside_sum=bought.supplied.sum(),
        outside_squares=(bought.supplied * bought.supplied).sum(),
        outside_largest=bought.supplied.max(),
        outside_first=largest_supplier(bought.supplied, bought.partner),
    )


def _bounded(rows: Table) -> Table:
    """Imports and their concentration between the bounds that what is hidden leaves open."""
    low, high = hhi_bounds(rows.total, rows.squares, rows.largest, rows.hidden)
    outside = rows.outside_total.nullif(0.0)
    outside_low, outside_high = hhi_bounds(outside, rows.outside_squares, rows.outside_largest, rows.hidden)
    # Nobody's known supply is bought all the same; in a bloc it may have been bought inside.
    imports = ibis.coalesce(rows.total, 0.0) + rows.hidden
    most_outside = rows.outside_total + rows.hidden
    return rows.mutate(
        imports_low=ibis.coalesce(imports, rows.total),
        imports_high=imports,
        hhi_low=low,
        hhi_high=high,
        outside_imports_low=ibis.ifelse(rows.bloc.isnull(), ibis.coalesce(imports, rows.total), rows.outside_total),
        outside_imports_high=ibis.ifelse(rows.bloc.isnull(), imports, most_outside),
        outside_hhi=rows.outside_squares / (outside * outside),
        outside_hhi_low=outside_low,
        outside_hhi_high=outside_high,
        outside_top_share=rows.outside_largest / outside,
    )


def hhi_bounds(
    total: ibis.Column, squares: ibis.Column, largest: ibis.Column, hidden: ibis.Column
) -> tuple[ibis.Column, ibis.Column]:
    """The least and the greatest that Σ s² can be where `hidden` belongs to nobody known.

    Spread over many it adds nothing to the squares; given to the largest it adds most. Null where `hidden` is.
    """
    whole = (total + hidden) * (total + hidden)
    most = squares - largest * largest + (largest + hidden) * (largest + hidden)
    return squares / whole, most / whole


def _with_exports(imports: Table, lists: Table, exports: Table) -> Table:
    """The reporter's exports of the same code and year: known, nil, or not to be told."""
    renamed = exports.rename(exports_known="known", exports_whole="whole", exports_currency="currency")
    joined = in_family(imports).left_join(renamed, (*LISTED, "code")).left_join(lists, LISTED)
    nothing, known = ibis.null("float64"), joined.total.notnull()
    listed = joined.exports_known.notnull() | joined.exports_whole.notnull() | joined.exports_currency.notnull()
    # A list of all exports that leaves a code out says that nothing of it was sold.
    nil = ~listed & ibis.coalesce(joined.broad, ibis.literal(value=False)) & known
    comparable = joined.exports_currency == joined.currency
    whole = ibis.ifelse(comparable, joined.exports_whole, nothing)
    least = ibis.ifelse(comparable, joined.exports_known, nothing)
    return joined.select(
        *imports.columns,
        exports=ibis.ifelse(nil, 0.0, whole),
        exports_low=ibis.cases((nil, 0.0), (listed, least), else_=ibis.ifelse(known, 0.0, nothing)),
        exports_high=ibis.ifelse(nil, 0.0, whole),
    )
