"""The world's exports of each good, from what exporters report and what importers report about the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import ibis
from ibis.expr.types import Table

from bongsu.codes.groups import groups as country_groups
from bongsu.indicators.exports import HARMONISED, SIX
from bongsu.indicators.hold import Hold, as_it_is
from bongsu.indicators.inside import ever_inside, is_inside
from bongsu.indicators.partners import SUPPLIER, partner_kinds
from bongsu.indicators.structure import largest_supplier

CURRENCY = "USD"
LEAST_SEEN = 0.5  # with less of the world's exports in sight nothing is said

_PLACE = ("code", "valid")


def world_exports(
    flows: Table, imports: Table, exports: Table, *, currency: str = CURRENCY, hold: Hold = as_it_is
) -> Table:
    """The world's exports by six-digit code and year.

    An exporter counts with what it reports itself where its own list is whole; else with the larger of its own report
    and what importers report about it. How much importers see is measured on the exporters that report themselves:
    `coverage` is importers' part of those exports. What only importers report is scaled by it to estimate the world's
    total, and what lies between the estimate and the sum is in nobody's name: it bounds the concentration.

    Args:
        flows: yearly `trade_flow` rows.
        imports: their imports as `structure.measured` gives them.
        exports: their `exports.told_exports`.
        currency: flows in other currencies are not seen; nothing is converted.
        hold: see `ground`.

    Returns:
        `code_system` (HS), `code` (six digits), `valid`, `hhi` (null where less than half of the world is seen),
        `hhi_low`, `hhi_high` (whatever the unseen part is), `seen` (0–1, null where it cannot be estimated),
        `coverage`, `exporters`, `reporting` (those that report themselves), `total` (what is seen), `top`,
        `top_share`, `top_share_low`, `top_share_high` (of the world's estimated total).
    """
    importers = hold(_chosen(_six(imports, currency)))
    reports = _Reports(_imports(flows, importers, currency), hold(_own(exports, currency)))
    beyond = hold(_beyond_members(reports, hold))
    sums = _sums(_exporters(reports))
    joined = sums.left_join(beyond, _PLACE)
    return _concentration(
        joined.select(
            *(name for name in sums.columns if name != "nobodys"),
            nobodys=sums.nobodys + ibis.coalesce(joined.beyond, 0.0),
        )
    )


@dataclass(frozen=True)
class _Reports:
    """What is reported of exports.

    Args:
        imports: importers' rows: the place, `exporter`, `mirror`.
        own: exporters' totals: the place, `exporter`, `own`, `own_whole`.
    """

    imports: Table
    own: Table

    def of(self, exporters: Sequence[str]) -> "_Reports":
        """Those about some exporters only."""
        return _Reports(*(rows.filter(rows.exporter.isin(exporters)) for rows in (self.imports, self.own)))

    def at(self, places: Table) -> "_Reports":
        """Those of some codes and years only."""
        return _Reports(*(rows.semi_join(places, _PLACE) for rows in (self.imports, self.own)))


def _six(table: Table, currency: str) -> Table:
    return table.filter(
        table.code_system.isin(HARMONISED) & (table.code.length() == SIX) & (table.currency == currency)
    )


def _chosen(six: Table) -> Table:
    """One source for each reporter's year, the one with the most codes: two sources must not add up."""
    place = ("reporter", "valid")
    counted = six.group_by(*place, "source").aggregate(codes=six.count())
    order = ibis.window(group_by=place, order_by=[counted.codes.desc(), counted.source])
    ranked = counted.mutate(rank=ibis.row_number().over(order))
    return ranked.filter(ranked["rank"] == 0).select(*place, "source")


def _own(exports: Table, currency: str) -> Table:
    """What exporters report: the whole where they give it, and the part that is known."""
    six = exports.filter((exports.family == "HS") & (exports.digits == SIX) & (exports.currency == currency))
    own = six.semi_join(_chosen(six), ("source", "reporter", "valid"))
    return own.select(*_PLACE, exporter=own.reporter, own=own.known, own_whole=own.whole)


def _imports(flows: Table, importers: Table, currency: str) -> Table:
    """What importers report; goods that come back home are nobody's exports."""
    rows = _six(flows, currency)
    rows = rows.filter((rows.flow == "import") & (rows.partner != rows.reporter))
    rows = rows.semi_join(importers, importers.columns)
    mirror = ibis.ifelse(rows.value > 0, rows.value, ibis.null("float64"))
    return rows.select(*_PLACE, exporter=rows.partner, mirror=mirror)


def _exporters(reports: _Reports) -> Table:
    """Each exporter's value by code and year, and where it comes from; totals and what repeats others left out."""
    nothing = ibis.null("float64")
    own = reports.own.mutate(mirror=nothing)
    seen = reports.imports.mutate(own=nothing, own_whole=nothing).select(own.columns)
    both = own.union(seen)
    one = both.group_by(*_PLACE, "exporter").aggregate(
        own=both.own.max(), own_whole=both.own_whole.max(), mirror=both.mirror.sum()
    )
    kinds = partner_kinds().rename(exporter="partner", kind="partner_kind")
    named = one.left_join(kinds, "exporter").drop("exporter_right")
    named = named.filter(named.kind.isnull() | (named.kind == SUPPLIER))
    value = ibis.coalesce(named.own_whole, ibis.greatest(named.own, named.mirror), named.own, named.mirror)
    return named.mutate(value=value, supplier=named.kind.notnull())


def _sums(exporters: Table) -> Table:
    """Sums over the countries, and what is nobody's."""
    supplier, bloc = exporters.supplier, exporters.exporter.isin(_blocs())
    nothing = ibis.null("float64")
    value = ibis.ifelse(supplier & ~bloc & (exporters.value > 0), exporters.value, nothing)
    itself = value.notnull() & exporters.own_whole.notnull()
    return exporters.group_by(*_PLACE).aggregate(
        total=value.sum(),
        squares=(value * value).sum(),
        largest=value.max(),
        top=largest_supplier(value, exporters.exporter),
        exporters=value.count(),
        reporting=itself.cast("int64").sum(),
        reported=ibis.coalesce(ibis.ifelse(itself, value, nothing).sum(), 0.0),
        mirrored=ibis.coalesce(ibis.ifelse(itself, exporters.mirror, nothing).sum(), 0.0),
        nobodys=ibis.coalesce(ibis.ifelse(~supplier, exporters.value, nothing).sum(), 0.0),
    )


def _blocs() -> tuple[str, ...]:
    """Groups that stand as one partner."""
    return tuple(code for code, one in country_groups().items() if one.partner)


def _beyond_members(reports: _Reports, hold: Hold) -> Table:
    """By code and year, what groups export beyond what their members' exports account for."""
    blocs = _exporters(reports.of(_blocs()))
    held = hold(blocs.select(*_PLACE, "exporter", "value"))
    members = sorted({code for bloc in _blocs() for code in ever_inside(bloc)} - set(_blocs()))
    # Held apart: the pass over all importers' rows must not be kept for the few that this asks for.
    within = hold(_exporters(reports.at(held).of(members)).select(*_PLACE, "exporter", "value"))
    sums = [_beyond(held.filter(held.exporter == bloc), within, bloc) for bloc in _blocs()]
    every = reduce(lambda one, other: one.union(other), sums)
    return every.group_by(*_PLACE).aggregate(beyond=every.beyond.sum())


def _beyond(groups: Table, within: Table, bloc: str) -> Table:
    members = within.filter(is_inside(within.exporter, within.valid, bloc))
    sums = members.group_by(*_PLACE).aggregate(members=members.value.sum())
    joined = groups.left_join(sums, _PLACE)
    more = joined.value - ibis.coalesce(joined.members, 0.0)
    return joined.select(*_PLACE, beyond=ibis.ifelse(more > 0, more, 0.0))


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
