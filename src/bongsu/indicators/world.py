"""The world's exports of each good, from what exporters report and what importers report about the others."""

from functools import reduce
from operator import add

import ibis
from ibis.expr.types import Column, Table

from bongsu.codes.groups import groups as country_groups
from bongsu.indicators.inside import is_inside
from bongsu.indicators.partners import WORLD, is_supplier

HARMONISED = ("HS", "HTS", "SCHEDULE_B", "HSK")  # systems whose first six digits are the Harmonized System's
SIX = 6
CURRENCY = "USD"
LEAST_SEEN = 0.5  # with less of the world's exports in sight nothing is said

_PLACE = ("code", "valid")


def world_exports(rows: Table, groups: Table, currency: str = CURRENCY) -> Table:
    """The world's exports by six-digit code and year.

    An exporter counts with what it reports itself where its own list is whole; else with the larger of its own report
    and what importers report about it. How much importers see is measured on the exporters that report themselves:
    `coverage` is importers' part of those exports. What only importers report is scaled by it to estimate the world's
    total, and what lies between the estimate and the sum is in nobody's name: it bounds the concentration.

    Args:
        rows: yearly rows as `structure.marked` gives them.
        groups: their `structure.measured` sums.
        currency: flows in other currencies are not seen; nothing is converted.

    Returns:
        `code_system` (HS), `code` (six digits), `valid`, `hhi` (null where less than half of the world is seen),
        `hhi_low`, `hhi_high` (whatever the unseen part is), `seen` (0–1, null where it cannot be estimated),
        `coverage`, `exporters`, `reporting` (those that report themselves), `total` (what is seen), `top`,
        `top_share`, `top_share_low`, `top_share_high` (of the world's estimated total).
    """
    chosen = _chosen(groups, currency)
    exporters = _exporters(_own(groups, chosen, currency), _mirror(rows, chosen, currency))
    return _concentration(_sums(exporters))


def _six(table: Table, currency: str) -> Table:
    return table.filter(
        table.code_system.isin(HARMONISED) & (table.code.length() == SIX) & (table.currency == currency)
    )


def _chosen(groups: Table, currency: str) -> Table:
    """One source for each reporter's year, the one with the most codes: two sources must not add up."""
    place = ("reporter", "flow", "valid")
    six = _six(groups, currency)
    counted = six.group_by(*place, "source", "code_system").aggregate(codes=six.count())
    order = ibis.window(group_by=place, order_by=[counted.codes.desc(), counted.source, counted.code_system])
    ranked = counted.mutate(rank=ibis.row_number().over(order))
    return ranked.filter(ranked["rank"] == 0).select(*place, "source", "code_system")


def _own(groups: Table, chosen: Table, currency: str) -> Table:
    """What exporters report: the whole where they give it, and the part that is known."""
    own = _six(groups, currency)
    own = own.filter(own.flow == "export").semi_join(chosen, chosen.columns)
    whole = ibis.coalesce(own.whole, ibis.ifelse(own.complete, own.total, ibis.null("float64")))
    return own.select(*_PLACE, exporter=own.reporter, own=own.total, own_whole=whole)


def _mirror(rows: Table, chosen: Table, currency: str) -> Table:
    """What importers report of each supplier; what comes from nobody known stands under the name ""."""
    rows = _six(rows, currency)
    rows = rows.filter((rows.flow == "import") & (rows.partner != rows.reporter) & rows.partner.notin(WORLD))
    rows = rows.semi_join(chosen, chosen.columns)
    value = ibis.coalesce(rows.supplied, ibis.ifelse(rows.rest > 0, rows.rest, ibis.null("float64")))
    exporter = ibis.ifelse(is_supplier(rows.partner), rows.partner, ibis.literal(""))
    named = rows.select(*_PLACE, exporter=exporter, value=value)
    return named.group_by(*_PLACE, "exporter").aggregate(mirror=named.value.sum())


def _exporters(own: Table, mirror: Table) -> Table:
    """Each exporter's value by code and year, and where it comes from."""
    place = (*_PLACE, "exporter")
    nothing = ibis.null("float64")
    reported = own.mutate(mirror=nothing)
    seen = mirror.mutate(own=nothing, own_whole=nothing).select(reported.columns)
    both = reported.union(seen)
    one = both.group_by(*place).aggregate(own=both.own.max(), own_whole=both.own_whole.max(), mirror=both.mirror.max())
    return one.mutate(value=ibis.coalesce(one.own_whole, ibis.greatest(one.own, one.mirror), one.own, one.mirror))


def _sums(exporters: Table) -> Table:
    """Sums over the countries, and what groups and "not specified" hold beyond them."""
    blocs = {code: (exporters.exporter == code) for code, one in country_groups().items() if one.partner}
    nobody = exporters.exporter == ""
    country = ~nobody & ~reduce(lambda one, other: one | other, blocs.values())
    nothing = ibis.null("float64")
    value = ibis.ifelse(country & (exporters.value > 0), exporters.value, nothing)
    itself = value.notnull() & exporters.own_whole.notnull()
    rank = ibis.struct({"minus": -value, "exporter": exporters.exporter})
    sums = exporters.group_by(*_PLACE).aggregate(
        total=value.sum(),
        squares=(value * value).sum(),
        largest=value.max(),
        top=exporters.exporter.argmin(rank, where=value.notnull()),
        exporters=value.count(),
        reporting=itself.cast("int64").sum(),
        reported=ibis.coalesce(ibis.ifelse(itself, value, nothing).sum(), 0.0),
        mirrored=ibis.coalesce(ibis.ifelse(itself, exporters.mirror, nothing).sum(), 0.0),
        nobodys=ibis.coalesce(ibis.ifelse(nobody, exporters.value, nothing).sum(), 0.0),
        **{f"of_{code}": ibis.ifelse(is_it, exporters.value, nothing).sum() for code, is_it in blocs.items()},
        **{
            f"in_{code}": ibis.ifelse(
                country & is_inside(exporters.exporter, exporters.valid, code), value, nothing
            ).sum()
            for code in blocs
        },
    )
    beyond = [_beyond(sums[f"of_{code}"], sums[f"in_{code}"]) for code in blocs]
    return sums.mutate(nobodys=reduce(add, beyond, sums.nobodys))


def _beyond(bloc: Column, members: Column) -> Column:
    """A group's exports that its members' do not account for."""
    more = ibis.coalesce(bloc, 0.0) - ibis.coalesce(members, 0.0)
    return ibis.ifelse(more > 0, more, 0.0)


def _concentration(sums: Table) -> Table:
    """Concentration of what is seen, and between what bounds it lies in the world as estimated."""
    nothing = ibis.null("float64")
    coverage = sums.mirrored / sums.reported.nullif(0.0)
    coverage = ibis.ifelse(coverage > 1, 1.0, coverage.nullif(0.0))
    world = sums.reported + (sums.total - sums.reported) / coverage + sums.nobodys
    told = sums.mutate(coverage=coverage, world=ibis.ifelse(world < sums.total, sums.total, world))
    unseen = told.world - told.total
    seen = told.total / told.world
    enough = ibis.coalesce(seen >= LEAST_SEEN, ibis.literal(value=False))
    most = told.squares - told.largest * told.largest + (told.largest + unseen) * (told.largest + unseen)
    return told.select(
        *_PLACE,
        code_system=ibis.literal("HS"),
        hhi=ibis.ifelse(enough, told.squares / (told.total * told.total), nothing),
        hhi_low=ibis.ifelse(enough, told.squares / (told.world * told.world), nothing),
        hhi_high=ibis.ifelse(enough, most / (told.world * told.world), nothing),
        seen=seen,
        coverage=told.coverage,
        exporters=told.exporters,
        reporting=told.reporting,
        total=told.total,
        top=told.top,
        top_share=ibis.ifelse(enough, told.largest / told.total, nothing),
        top_share_low=ibis.ifelse(enough, told.largest / told.world, nothing),
        top_share_high=ibis.ifelse(enough, (told.largest + unseen) / told.world, nothing),
    )
