"""The structure of supply in one pass: total, concentration, the top supplier, and how much of it all is known.

The single indicators (shares, HHI, top supplier, supplier count, bands) select from here, so that asking for all of
them costs one aggregation.
"""

from collections.abc import Sequence

import ibis
from ibis.expr.types import Column, Table, Value

from bongsu.indicators.partners import SUPPLIER, TOTAL, goods_only, partner_kinds

GROUP = ("source", "reporter", "flow", "code_system", "code", "valid", "frequency")

# Partners and World are published rounded, so a full list may fall a little short of the total.
WHOLE = 0.995


def structure(flows: Table) -> Table:
    """Supply by group of source × reporter × flow × code × period, from trade flows.

    Args:
        flows: `trade_flow` rows, one a fact.

    Returns:
        `GROUP` and: `currency`; `total`, the suppliers' known positive value (null where nothing is known, or where
        currencies are mixed); `hhi` 0–1; `top_share` 0–1; `top_supplier` (of equals, the first in the alphabet);
        `suppliers`, how many have a positive value; `withheld`, partners whose value is unknown; `known_fraction`,
        the suppliers' part of the published World total (without one: of suppliers and "not specified" together;
        null where neither is there); `complete`, false where a part of supply is known to be hidden, or where suppliers
        exceed the World total; `least_share`, the top supplier's share whatever is hidden (null where that cannot be
        told).
    """
    return measured(grouped(marked(flows))).drop("squares", "largest", "whole", "hidden", "named")


def marked(flows: Table) -> Table:
    """The columns that the aggregation needs: each row's value as a supplier's, as the total's, or as the rest's."""
    flows = goods_only(flows)
    # One join tells the kinds apart; four looks at the list of countries would cost more than the aggregation.
    rows = flows.left_join(partner_kinds(), "partner")
    supplier, nothing = rows.partner_kind == SUPPLIER, ibis.null("float64")
    return rows.select(
        *GROUP,
        "partner",
        "currency",
        supplied=ibis.ifelse(supplier & (rows.value > 0), rows.value, nothing),
        world=ibis.ifelse(rows.partner_kind == TOTAL, rows.value, nothing),
        rest=ibis.ifelse(rows.partner_kind.isnull(), rows.value, nothing),
        hidden=ibis.ifelse(supplier & (rows.value.isnull() | (rows.value < 0)), 1, 0),
        named=ibis.ifelse(supplier, 1, 0),
    )


def largest_supplier(supplied: Column, supplier: Column) -> Column:
    """The one with the greatest `supplied`; of equals the first in the alphabet."""
    # The least of (−value, supplier) is the largest supplier, and among equals the first in the alphabet.
    rank = ibis.struct({"minus": -supplied, "supplier": supplier})
    return supplier.argmin(rank, where=supplied.notnull())


def grouped(rows: Table, keys: Sequence[str] = GROUP) -> Table:
    """The sums over each group of `marked` rows.

    Currencies are told apart first and brought together on the few rows that are left: the least and the greatest of a
    text over every row would cost a fifth of the pass.
    """
    single = rows.group_by(*keys, "currency").aggregate(
        **_amounts(rows),
        squares=(rows.supplied * rows.supplied).sum(),
        largest=rows.supplied.max(),
        first=largest_supplier(rows.supplied, rows.partner),
        suppliers=rows.supplied.count(),
    )
    return single.group_by(*keys).aggregate(
        **_brought_together(single),
        squares=single.squares.sum(),
        largest=single.largest.max(),
        first=largest_supplier(single.largest, single["first"]),
        suppliers=single.suppliers.sum(),
    )


def totalled(rows: Table, keys: Sequence[str]) -> Table:
    """As `grouped` and `measured`, where only the amounts are asked for: nothing is said of who supplies.

    Returns:
        `keys`, `currency`, `total`, `whole`, `complete`, `named`, as `measured` has them.
    """
    single = rows.group_by(*keys, "currency").aggregate(**_amounts(rows))
    groups = single.group_by(*keys).aggregate(**_brought_together(single))
    parts = _parts(groups)
    return groups.select(*keys, "named", **{name: parts[name] for name in ("currency", "total", "whole", "complete")})


def _amounts(rows: Table) -> dict[str, Value]:
    return {
        "sum_": rows.supplied.sum(),
        "withheld": rows.hidden.sum(),
        "named": rows.named.sum(),
        "world": rows.world.max(),
        "rest": rows.rest.sum(),
    }


def _brought_together(single: Table) -> dict[str, Value]:
    return {
        "sum_": single.sum_.sum(),
        "withheld": single.withheld.sum(),
        "named": single.named.sum(),
        "world": single.world.max(),
        "rest": single.rest.sum(),
        "currency": single.currency.min(),
        "other_currency": single.currency.max(),
    }


def _parts(groups: Table) -> dict[str, Column]:
    """What is known of each group's whole, by name."""
    nothing = ibis.null("float64")
    one_currency = groups.currency.isnull() | (groups.currency == groups.other_currency)
    with_rest = ibis.ifelse(groups.rest > 0, groups.sum_ + groups.rest, nothing)
    whole = ibis.coalesce(ibis.ifelse(groups.world > 0, groups.world, nothing), with_rest)
    fraction = ibis.coalesce(groups.sum_, 0.0) / whole
    return {
        "one_currency": one_currency,
        "currency": ibis.ifelse(one_currency, groups.currency, ibis.null("string")),
        "total": ibis.ifelse(one_currency, groups.sum_, nothing),
        "whole": ibis.ifelse(one_currency, whole, nothing),
        "fraction": fraction,
        # More than the whole is as little to be trusted as less: two editions have met, or one partner stands twice.
        "complete": one_currency & (groups.withheld == 0) & ibis.coalesce(fraction, 1.0).between(WHOLE, 1 / WHOLE),
    }


def measured(groups: Table, keys: Sequence[str] = GROUP) -> Table:
    """What `structure` gives from the sums of `grouped`, and the sums that bounds are made of.

    Returns:
        `structure`'s columns, `squares` and `largest` of the known values, `whole` (the published total, or suppliers
        and "not specified" together; null where neither is there), `hidden` (the value that is nobody's known supply:
        0 where complete, null where it cannot be told), and `named`, how many countries the list has, with trade or not.
    """
    nothing, parts = ibis.null("float64"), _parts(groups)
    total, whole, fraction, complete = (parts[name] for name in ("total", "whole", "fraction", "complete"))
    surely = groups.largest / ibis.ifelse(fraction > 1, total, whole)
    # Partners withheld although the known ones reach the total: the table contradicts itself.
    hidden = ibis.ifelse(fraction < 1, whole - ibis.coalesce(total, 0.0), nothing)
    return groups.select(
        *keys,
        currency=parts["currency"],
        total=total,
        hhi=groups.squares / (total * total),
        top_share=groups.largest / total,
        top_supplier=ibis.ifelse(parts["one_currency"], groups["first"], ibis.null("string")),
        suppliers=groups.suppliers,
        withheld=groups.withheld,
        known_fraction=ibis.ifelse(fraction > 1, 1.0, fraction),
        complete=complete,
        least_share=ibis.ifelse(complete, groups.largest / total, surely),
        squares=groups.squares,
        largest=groups.largest,
        whole=whole,
        hidden=ibis.ifelse(complete, 0.0, hidden),
        named=groups.named,
    )
