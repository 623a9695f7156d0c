"""Who counts as a supplier: a country, or a group such as the EU where the file has it as one; never an aggregate."""

import ibis

from bongsu.codes.groups import AGGREGATES

WORLD = ("W00", "WLD")  # the published total, against which the known partners are held
NOT_SUPPLIERS = tuple(sorted({*AGGREGATES, *WORLD}))
NOT_CODES = ("TOTAL",)  # a total over all goods, where a file carries one


def is_supplier(partner: ibis.Column) -> ibis.Column:
    """True for countries and groups, false for World, not specified, bunkers and their like."""
    return partner.notin(NOT_SUPPLIERS)


def goods_only(flows: ibis.Table) -> ibis.Table:
    """`flows` without the rows that total over all goods."""
    return flows.filter(flows.code.notin(NOT_CODES))
