"""The structure of supply in one pass: total, concentration, the top supplier, and how much of it all is known.

The single indicators (shares, HHI, top supplier, supplier count, bands) select from here, so that asking for all of
them costs one aggregation.
"""

import ibis

from bongsu.indicators.partners import WORLD, goods_only, is_sum, is_supplier

GROUP = ("source", "reporter", "flow", "code_system", "code", "valid", "frequency")

# Partners and World are published rounded, so a full list may fall a little short of the total.
WHOLE = 0.995


def structure(flows: ibis.Table) -> ibis.Table:
    """Supply by group of source × reporter × flow × code × period, from trade flows.

    Args:
        flows: `trade_flow` rows, one a fact.

    Returns:
        `GROUP` and: `currency`; `total`, the suppliers' known positive value (null where nothing is known, or where
        currencies are mixed); `hhi` 0–1; `top_share` 0–1; `top_supplier` (of equals, the first in the alphabet);
        `suppliers`, how many have a positive value; `withheld`, partners whose value is unknown; `known_fraction`,
        the suppliers' part of the published World total (without one: of suppliers and "not specified" together;
        null where neither is there); `complete`, false where a part of supply is known to be hidden; `least_share`, the
        top supplier's share whatever is hidden (null where that cannot be told).
    """
    return measured(grouped(marked(flows))).drop("squares", "largest", "whole", "hidden")


def marked(flows: ibis.Table) -> ibis.Table:
    """The columns that the aggregation needs: each row's value as a supplier's, as the total's, or as the rest's."""
    flows = goods_only(flows)
    supplier, world = is_supplier(flows.partner), flows.partner.isin(WORLD)
    nothing = ibis.null("float64")
    return flows.select(
        *GROUP,
        "partner",
        "currency",
        supplied=ibis.ifelse(supplier & (flows.value > 0), flows.value, nothing),
        world=ibis.ifelse(world, flows.value, nothing),
        rest=ibis.ifelse(~supplier & ~world & ~is_sum(flows.partner), flows.value, nothing),
        hidden=(supplier & (flows.value.isnull() | (flows.value < 0))).cast("int64"),
    )


def largest_supplier(rows: ibis.Table, supplied: ibis.Column) -> ibis.Column:
    """The partner with the greatest `supplied`; of equals the first in the alphabet."""
    # The least of (−value, partner) is the largest supplier, and among equals the first in the alphabet.
    rank = ibis.struct({"minus": -supplied, "partner": rows.partner})
    return rows.partner.argmin(rank, where=supplied.notnull())


def grouped(rows: ibis.Table, **more: ibis.Value) -> ibis.Table:
    """The sums over each group of `marked` rows, with `more` sums where the caller needs them."""
    return rows.group_by(*GROUP).aggregate(
        sum_=rows.supplied.sum(),
        squares=(rows.supplied * rows.supplied).sum(),
        largest=rows.supplied.max(),
        first=largest_supplier(rows, rows.supplied),
        suppliers=rows.supplied.count(),
        withheld=rows.hidden.sum(),
        world=rows.world.max(),
        rest=rows.rest.sum(),
        currency=rows.currency.min(),
        other_currency=rows.currency.max(),
        **more,
    )


def measured(groups: ibis.Table) -> ibis.Table:
    """What `structure` gives from the sums of `grouped`, and the sums that bounds are made of.

    Returns:
        `structure`'s columns, `squares` and `largest` of the known values, `whole` (the published total, or suppliers
        and "not specified" together; null where neither is there), `hidden` (the value that is nobody's known supply:
        0 where complete, null where it cannot be told), and whatever else `groups` has beside `GROUP`.
    """
    nothing = ibis.null("float64")
    one_currency = groups.currency.isnull() | (groups.currency == groups.other_currency)
    total = ibis.ifelse(one_currency, groups.sum_, nothing)
    with_rest = ibis.ifelse(groups.rest > 0, groups.sum_ + groups.rest, nothing)
    whole = ibis.coalesce(ibis.ifelse(groups.world > 0, groups.world, nothing), with_rest)
    fraction = ibis.coalesce(groups.sum_, 0.0) / whole
    complete = one_currency & (groups.withheld == 0) & (ibis.coalesce(fraction, 1.0) >= WHOLE)
    surely = groups.largest / ibis.ifelse(fraction > 1, total, whole)
    # Partners withheld although the known ones reach the total: the table contradicts itself.
    hidden = ibis.ifelse(fraction < 1, whole - ibis.coalesce(total, 0.0), nothing)
    taken = {"sum_", "world", "rest", "first", "other_currency", "currency", "suppliers", "withheld"}
    more = [name for name in groups.columns if name not in taken and name not in {*GROUP, "squares", "largest"}]
    return groups.select(
        *GROUP,
        currency=ibis.ifelse(one_currency, groups.currency, ibis.null("string")),
        total=total,
        hhi=groups.squares / (total * total),
        top_share=groups.largest / total,
        top_supplier=ibis.ifelse(one_currency, groups["first"], ibis.null("string")),
        suppliers=groups.suppliers,
        withheld=groups.withheld,
        known_fraction=ibis.ifelse(fraction > 1, 1.0, fraction),
        complete=complete,
        least_share=ibis.ifelse(complete, groups.largest / total, ibis.ifelse(one_currency, surely, nothing)),
        squares=groups.squares,
        largest=groups.largest,
        whole=ibis.ifelse(one_currency, whole, nothing),
        hidden=ibis.ifelse(complete, 0.0, ibis.ifelse(one_currency, hidden, nothing)),
        **{name: groups[name] for name in more},
    )
