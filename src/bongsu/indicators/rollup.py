"""Flows at a coarser level of the tariff: HS10 added up to HS6, and the like."""

import ibis

from bongsu.indicators.structure import GROUP


def strict_sum(values: ibis.Column) -> ibis.Column:
    """The sum, or null where any part is unknown: a partial sum must not pass for the whole."""
    return ibis.ifelse(values.isnull().sum() > 0, ibis.null("float64"), values.sum())


def rolled_up(flows: ibis.Table, from_digits: int, to_digits: int) -> ibis.Table:
    """Rows of `from_digits`-digit codes added up to `to_digits` digits; rows of other depths are left out.

    A file may carry the same trade at several depths, so the depth to start from is said, never guessed.

    Args:
        flows: `trade_flow` rows.
        from_digits: length of the codes that are added up.
        to_digits: length of the codes that come out, shorter.

    Returns:
        `trade_flow`'s key and value columns. A value is null where a part of it is unknown, a quantity also where the
        units differ, and a value also where currencies do.
    """
    rows = flows.filter(flows.code.length() == from_digits).mutate(code=flows.code.substr(0, to_digits))
    sums = rows.group_by(*GROUP, "partner").aggregate(
        value=strict_sum(rows.value),
        currency=rows.currency.min(),
        other_currency=rows.currency.max(),
        quantity=strict_sum(rows.quantity),
        quantity_unit=rows.quantity_unit.min(),
        other_unit=rows.quantity_unit.max(),
        weight_kg=strict_sum(rows.weight_kg),
    )
    same_money = sums.currency == sums.other_currency
    same_unit = sums.quantity_unit == sums.other_unit
    return sums.mutate(
        value=ibis.ifelse(same_money | sums.currency.isnull(), sums.value, ibis.null("float64")),
        currency=ibis.ifelse(same_money, sums.currency, ibis.null("string")),
        quantity=ibis.ifelse(same_unit, sums.quantity, ibis.null("float64")),
        quantity_unit=ibis.ifelse(same_unit, sums.quantity_unit, ibis.null("string")),
    ).drop("other_currency", "other_unit")
