"""A reporter's exports of each code and year, and whether its list of them is a list of all.

Some sources give imports from everywhere and exports to a few countries only. Such a list must not pass for all exports:
it counts as a list of all where a World total says so, or where it is broad enough beside the reporter's imports.
"""

import ibis
from ibis.expr.types import Table

from bongsu.indicators.structure import totalled

HARMONISED = ("HS", "HTS", "SCHEDULE_B", "HSK")  # systems whose first six digits are the Harmonized System's
SIX = 6
PLACE = ("source", "reporter", "code_system", "code", "valid")
LISTED = ("source", "reporter", "family", "digits", "valid")
LEAST_BREADTH = 0.5  # of the partners that the widest code of imports lists, with or without trade
LEAST_MARKETS = 2


def in_family(rows: Table) -> Table:
    """`rows` with `digits` and `family`, the code system in which codes can be compared.

    Up to six digits are the Harmonized System's in all national systems that build on it.
    """
    common = rows.code_system.isin(HARMONISED) & (rows.code.length() <= SIX)
    return rows.mutate(family=ibis.ifelse(common, ibis.literal("HS"), rows.code_system), digits=rows.code.length())


def export_totals(rows: Table) -> Table:
    """Total exports by code, as each list has them.

    Args:
        rows: yearly flows as `structure.marked` gives them.

    Returns:
        `LISTED`, `code`, `known` (what is known at least), `whole` (what the list says is all; null where it leaves
        something open), `currency` (null where two are mixed), `named` (how many countries it names), `published`
        (is there a World total).
    """
    exports = rows.filter(rows.flow == "export")
    codes = in_family(totalled(exports, PLACE))
    complete = ibis.ifelse(codes.complete, codes.total, ibis.null("float64"))
    both = codes.group_by(*LISTED, "code").aggregate(
        known=ibis.coalesce(codes.whole, codes.total).max(),
        whole=ibis.coalesce(codes.whole, complete).max(),
        currency=codes.currency.min(),
        other_currency=codes.currency.max(),
        named=codes.named.max(),
        published=codes.whole.notnull().cast("int64").max(),
    )
    one_currency = both.currency == both.other_currency
    return both.mutate(
        known=ibis.ifelse(one_currency, both.known, ibis.null("float64")),
        whole=ibis.ifelse(one_currency, both.whole, ibis.null("float64")),
        currency=ibis.ifelse(one_currency, both.currency, ibis.null("string")),
    ).drop("other_currency")


def export_lists(totals: Table, imports: Table) -> Table:
    """Which lists are lists of all exports.

    Args:
        totals: `export_totals`.
        imports: the reporters' imports as `structure.measured` gives them.

    Returns:
        `LISTED` and `broad`: is it a list of all exports.
    """
    lists = totals.group_by(*LISTED).aggregate(markets=totals.named.max(), published=totals.published.max())
    widest = imports.group_by("source", "reporter").aggregate(suppliers=imports.named.max())
    joined = lists.left_join(widest, ("source", "reporter"))
    beside = joined.markets >= ibis.coalesce(joined.suppliers, 0) * LEAST_BREADTH
    broad = (joined.published > 0) | (beside & (joined.markets >= LEAST_MARKETS))
    return joined.select(*LISTED, broad=broad)


def told_exports(totals: Table, lists: Table) -> Table:
    """`export_totals` with `whole` null where the list is not one of all exports."""
    joined = totals.inner_join(lists, LISTED)
    whole = ibis.ifelse(joined.broad, joined.whole, ibis.null("float64"))
    return joined.select(*LISTED, "code", "known", "currency", whole=whole)
