"""The ground on which every dependence method stands: one pass over the flows, then small tables only.

`ground(flows)` adds up each reporter's imports and exports of each code and year, and the world's exports of each code,
once. The methods (`ec2021`, `geodep`, …) are selections from what it gives: all of them together cost what one does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanColumn, Table

from bongsu.indicators.inside import ever_inside, is_inside
from bongsu.indicators.structure import grouped, largest_supplier, marked, measured
from bongsu.indicators.world import HARMONISED, SIX, world_exports
from bongsu.indicators.yearly import yearly

KEY = ("source", "reporter", "code_system", "code", "valid")
BLOC = "EU"
# A source that gives imports from fifty countries and exports to three gives no total of exports.
LEAST_BREADTH = 0.5

_LISTED = ("source", "reporter", "family", "digits", "valid")

Hold = Callable[[Table], Table]


@dataclass(frozen=True)
class Ground:
    """What the methods select from.

    Args:
        supply: a row for each `KEY` with imports: see `ground`.
        world: a row for each six-digit code and year: see `world.world_exports`.
    """

    supply: Table
    world: Table


def as_it_is(table: Table) -> Table:
    """Leave the table an expression, computed where it is used."""
    return table


def ground(flows: Table, *, bloc: str = BLOC, hold: Hold = as_it_is) -> Ground:
    """Imports, exports and the world's exports by code and year.

    Args:
        flows: `trade_flow` rows of imports and exports, monthly or yearly, of all reporters that may be asked.
        bloc: the dated group whose members buy from each other inside; one of `bongsu.codes.groups`.
        hold: computes a table and keeps it (Ibis's `Table.cache`), so that several methods share the pass.

    Returns:
        `supply`: `KEY` and, of the year's imports, the columns of `structure.measured` but for `known_fraction`;
        `hhi_low`, `hhi_high`, the concentration whatever is hidden; `bloc`, where the reporter is inside it;
        `outside_total`, `outside_hhi`, `outside_hhi_low`, `outside_hhi_high`, `outside_top`, `outside_top_share`:
        the same for imports from outside the bloc (from everywhere where `bloc` is null); `exports`, the total of the
        reporter's exports, and `exports_low`, `exports_high` (null: not known); `world_…`, the columns of `world`.
    """
    rows = marked(yearly(flows))
    groups = hold(measured(grouped(rows, **_outside(rows, bloc))))
    world = hold(world_exports(rows, groups))
    imports = _bounded(_with_bloc(groups.filter(groups.flow == "import"), bloc))
    return Ground(hold(_with_world(_with_exports(imports, groups), world)), world)


def family(rows: Table) -> ibis.Column:
    """The code system in which codes can be compared: six digits and fewer are the Harmonized System's in all of them."""
    common = rows.code_system.isin(HARMONISED) & (rows.code.length() <= SIX)
    return ibis.ifelse(common, ibis.literal("HS"), rows.code_system)


def _outside(rows: Table, bloc: str) -> dict[str, ibis.Value]:
    """Sums over suppliers outside the bloc, for reporters that are or were inside."""
    within = rows.reporter.isin(ever_inside(bloc)) & (rows.flow == "import")
    counted = ibis.ifelse(within, ~is_inside(rows.partner, rows.valid, bloc), ibis.literal(value=False))
    supplied = ibis.ifelse(counted, rows.supplied, ibis.null("float64"))
    return {
        "outside_sum": supplied.sum(),
        "outside_squares": (supplied * supplied).sum(),
        "outside_largest": supplied.max(),
        "outside_first": largest_supplier(rows, supplied),
    }


def _with_bloc(imports: Table, bloc: str) -> Table:
    """The sums over suppliers outside, and for reporters in no bloc over all suppliers."""
    inside = is_inside(imports.reporter, imports.valid, bloc)
    known = imports.total.notnull()
    outside = ibis.ifelse(known, ibis.coalesce(imports.outside_sum, 0.0), ibis.null("float64"))
    return imports.mutate(
        bloc=ibis.ifelse(inside, ibis.literal(bloc), ibis.null("string")),
        outside_total=ibis.ifelse(inside, outside, imports.total),
        outside_squares=ibis.ifelse(inside, imports.outside_squares, imports.squares),
        outside_largest=ibis.ifelse(inside, imports.outside_largest, imports.largest),
        outside_top=ibis.ifelse(inside, imports.outside_first, imports.top_supplier),
    )


def _bounded(rows: Table) -> Table:
    """Concentration between the bounds that what is hidden leaves open."""
    low, high = hhi_bounds(rows.total, rows.squares, rows.largest, rows.hidden)
    outside = rows.outside_total.nullif(0.0)
    outside_low, outside_high = hhi_bounds(outside, rows.outside_squares, rows.outside_largest, rows.hidden)
    return rows.mutate(
        hhi_low=low,
        hhi_high=high,
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


def _with_exports(imports: Table, groups: Table) -> Table:
    """The reporter's exports of the same code and year: known, nil, or not to be told."""
    rows = groups.mutate(family=family(groups), digits=groups.code.length())
    exports = rows.filter(rows.flow == "export")
    codes = exports.group_by(*_LISTED, "code").aggregate(
        exports_known=exports.total.max(),
        exports_whole=ibis.coalesce(
            exports.whole, ibis.ifelse(exports.complete, exports.total, ibis.null("float64"))
        ).max(),
        exports_currency=exports.currency.min(),
        exports_other_currency=exports.currency.max(),
    )
    named = imports.mutate(family=family(imports), digits=imports.code.length())
    joined = named.left_join(codes, (*_LISTED, "code")).left_join(_breadth(rows), _LISTED)
    return _exports_told(joined, imports.columns)


def _breadth(rows: Table) -> Table:
    """Of each list of a source, reporter, depth and year: are its exports as broad as its imports?"""
    imported, exported = rows.flow == "import", rows.flow == "export"
    widest = rows.group_by(*_LISTED).aggregate(
        partners=ibis.ifelse(imported, rows.suppliers, 0).max(),
        markets=ibis.ifelse(exported, rows.suppliers, 0).max(),
        totals=ibis.ifelse(exported & rows.whole.notnull(), 1, 0).max(),
        listed=ibis.ifelse(exported, 1, 0).max(),
    )
    broad = (widest.totals > 0) | (widest.markets >= widest.partners * LEAST_BREADTH)
    return widest.select(*_LISTED, broad=(widest.listed > 0) & broad)


def _exports_told(joined: Table, columns: Sequence[str]) -> Table:
    broad: BooleanColumn = ibis.coalesce(joined.broad, ibis.literal(value=False))
    nothing = ibis.null("float64")
    one_currency = (joined.exports_currency == joined.exports_other_currency) & (
        joined.exports_currency == joined.currency
    )
    listed, known = joined.exports_currency.notnull(), joined.total.notnull()
    # A list of all exports that leaves a code out says that nothing of it was sold.
    nil = ~listed & broad & known
    whole = ibis.ifelse(one_currency & broad, joined.exports_whole, nothing)
    least = ibis.ifelse(one_currency, ibis.coalesce(whole, joined.exports_known), nothing)
    return joined.select(
        *columns,
        exports=ibis.ifelse(nil, 0.0, whole),
        exports_low=ibis.cases((nil, 0.0), (listed, least), else_=ibis.ifelse(known, 0.0, nothing)),
        exports_high=ibis.ifelse(nil, 0.0, whole),
    )


def _with_world(rows: Table, world: Table) -> Table:
    """The world's exports of the code's first six digits."""
    harmonised = rows.code_system.isin(HARMONISED) & (rows.code.length() >= SIX)
    six = rows.mutate(six=ibis.ifelse(harmonised, rows.code.substr(0, SIX), ibis.null("string")))
    named = world.select(
        "valid",
        six="code",
        **{f"world_{name}": name for name in world.columns if name not in {"code_system", "code", "valid"}},
    )
    joined = six.left_join(named, ("six", "valid"))
    return joined.select(*(name for name in six.columns if name != "six"), *named.columns[2:])
