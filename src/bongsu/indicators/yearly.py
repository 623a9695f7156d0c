"""Years from months: whole years only, and no year twice."""

import ibis

from bongsu.indicators.partners import SUPPLIER, partner_kinds, suppliers
from bongsu.indicators.rollup import strict_sum

CODE_YEAR = ("source", "reporter", "flow", "code_system", "code", "valid")  # `valid` is the year's first day
MONTHS = 12
_MEASURES = ("value", "currency", "quantity", "quantity_unit", "weight_kg")


def yearly(flows: ibis.Table) -> ibis.Table:
    """Yearly figures of every partner: years as they are, months added up where all twelve are there.

    Twelve months are there if the code has rows in each, with whatever partner. Publishers leave out partners that
    traded nothing, so a partner without a row in such a month traded nothing; but a month in which the code has no row
    at all may be one that nobody has fetched, and the year is then unknown, not smaller.
    Where a code's year is given both ways the published years count, unless only the months name suppliers.

    Args:
        flows: `trade_flow` rows, one a fact. Frequencies other than A and M are left out.

    Returns:
        `trade_flow`'s key and value columns with `frequency` A, and `months`: null for a year as published, else how
        many months of the code are there. With fewer than twelve, or where a month's figure is unknown, the figures are
        null; a value also where currencies differ, a quantity also where units do.
    """
    years = flows.filter(flows.frequency == "A")
    months = flows.filter(flows.frequency == "M").mutate(
        month=lambda row: row.valid.truncate("M"), valid=lambda row: row.valid.truncate("Y")
    )
    calendar = _calendar(months)
    # The calendar is empty in most lakes, and both joins are then free: nothing is asked of the published years.
    beside = years.semi_join(calendar, CODE_YEAR)
    naming = beside.semi_join(suppliers(), "partner").select(*CODE_YEAR).distinct()
    passed = calendar.filter(calendar.named).anti_join(naming, CODE_YEAR).select(*CODE_YEAR)
    held = beside.select(*CODE_YEAR).distinct().anti_join(passed, CODE_YEAR)
    columns = (*CODE_YEAR, "partner", "frequency", *_MEASURES, "months")
    published = years.anti_join(passed, CODE_YEAR).mutate(months=ibis.null("int64"))
    added = _added(months, calendar).anti_join(held, CODE_YEAR)
    return published.select(*columns).union(added.select(*columns))


def _calendar(months: ibis.Table) -> ibis.Table:
    """Of each code's year: how many months there are, and whether any row names a supplier."""
    kinds = months.left_join(partner_kinds(), "partner")
    single = kinds.group_by(*CODE_YEAR, "month").aggregate(
        supplies=ibis.ifelse(kinds.partner_kind == SUPPLIER, 1, 0).max()
    )
    return single.group_by(*CODE_YEAR).aggregate(months=single.count(), named=single.supplies.max() > 0)


def _added(months: ibis.Table, calendar: ibis.Table) -> ibis.Table:
    """Twelve months of each partner added up."""
    sums = months.group_by(*CODE_YEAR, "partner").aggregate(
        value=strict_sum(months.value),
        currency=months.currency.min(),
        other_currency=months.currency.max(),
        quantity=strict_sum(months.quantity),
        quantity_unit=months.quantity_unit.min(),
        other_unit=months.quantity_unit.max(),
        weight_kg=strict_sum(months.weight_kg),
    )
    rows = sums.inner_join(calendar.select(*CODE_YEAR, "months"), CODE_YEAR)
    whole, nothing = rows.months == MONTHS, ibis.null("float64")
    one_currency = rows.currency.isnull() | (rows.currency == rows.other_currency)
    one_unit = rows.quantity_unit.isnull() | (rows.quantity_unit == rows.other_unit)
    return rows.mutate(
        frequency=ibis.literal("A"),
        value=ibis.ifelse(whole & one_currency, rows.value, nothing),
        currency=ibis.ifelse(one_currency, rows.currency, ibis.null("string")),
        quantity=ibis.ifelse(whole & one_unit, rows.quantity, nothing),
        quantity_unit=ibis.ifelse(one_unit, rows.quantity_unit, ibis.null("string")),
        weight_kg=ibis.ifelse(whole, rows.weight_kg, nothing),
    )
