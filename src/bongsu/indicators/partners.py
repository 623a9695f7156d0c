"""Who counts as a supplier: a country, or a group that a file has as one partner (the EU); never an aggregate."""

from functools import cache

import ibis
import pyarrow as pa

from bongsu.codes.countries import countries, former_areas
from bongsu.codes.groups import aggregates, groups, residuals

WORLD = ("W00", "WLD")  # the published total, against which the known partners are held
NOT_CODES = ("TOTAL",)  # a total over all goods, where a file carries one


@cache
def supplier_codes() -> tuple[str, ...]:
    """Partner codes that may stand for one supplier, as `bongsu.codes.groups.is_partner` has it."""
    whole = (code for code, group in groups().items() if group.partner)
    return tuple(sorted({*countries(), *former_areas(), *whole}))


def is_supplier(partner: ibis.Column) -> ibis.Column:
    """True for countries and whole groups; false for World, not specified, bunkers and codes nobody knows."""
    return partner.isin(supplier_codes())


@cache
def sum_codes() -> tuple[str, ...]:
    """Partner codes whose rows repeat what other rows hold: regions, the EU's inside and outside, parts of a country."""
    repeating = (code for code, group in groups().items() if not group.partner)
    return tuple(sorted({*aggregates(), *repeating} - residuals() - set(WORLD)))


def is_sum(partner: ibis.Column) -> ibis.Column:
    """True for rows that repeat others beside them; they are neither suppliers nor trade with nobody named."""
    return partner.isin(sum_codes())


SUPPLIER, TOTAL, REPEATED = "supplier", "total", "repeated"


@cache
def partner_kinds() -> ibis.Table:
    """What each partner code stands for, to be joined to rows by `partner`: `SUPPLIER`, `TOTAL` (the world) or `REPEATED`.

    A code that is not here names nobody: what its rows hold is somebody's, and nobody knows whose.
    """
    kinds = {SUPPLIER: supplier_codes(), TOTAL: WORLD, REPEATED: sum_codes()}
    pairs = [(code, kind) for kind, codes in kinds.items() for code in codes]
    codes, names = zip(*pairs, strict=True)
    return ibis.memtable(pa.table({"partner": pa.array(codes), "partner_kind": pa.array(names)}))


def suppliers() -> ibis.Table:
    """Partner codes that may stand for one supplier, as a table: for joins, where `is_supplier` would be said often."""
    kinds = partner_kinds()
    return kinds.filter(kinds.partner_kind == SUPPLIER).select("partner")


def goods_only(flows: ibis.Table) -> ibis.Table:
    """`flows` without the rows that total over all goods."""
    return flows.filter(flows.code.notin(NOT_CODES))
