"""Verdicts of true, false or "cannot be told", from figures that are known only between two bounds."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

import ibis
from ibis.expr.types import BooleanColumn, Column, Table

YES, NO = ibis.literal(value=True), ibis.literal(value=False)
CANNOT_BE_TOLD = ibis.null("boolean")


def over(low: Column, high: Column, threshold: float) -> BooleanColumn:
    """Is a figure between `low` and `high` above `threshold`: null where the bounds lie on both sides.

    A bound that is null is not known: without `low` nothing is surely above, without `high` nothing surely below.
    """
    return ibis.cases(
        (ibis.coalesce(low > threshold, NO), YES),
        (ibis.coalesce(high <= threshold, NO), NO),
        else_=CANNOT_BE_TOLD,
    )


def at_least(low: Column, high: Column, threshold: float) -> BooleanColumn:
    """Is a figure between `low` and `high` at or above `threshold`; otherwise as `over`."""
    return ibis.cases(
        (ibis.coalesce(low >= threshold, NO), YES),
        (ibis.coalesce(high < threshold, NO), NO),
        else_=CANNOT_BE_TOLD,
    )


def all_of(verdicts: Iterable[BooleanColumn]) -> BooleanColumn:
    """True if all are true, false if one is false, else null (Kleene's "and", as SQL has it)."""
    return reduce(and_, verdicts)


def in_years(rows: Table, verdict: str, series: tuple[str, ...], *, window: int, needed: int) -> Table:
    """Does a yearly verdict hold in at least `needed` of the last `window` years.

    Args:
        rows: one row a year and series, with `valid` and the column `verdict`.
        verdict: the yearly verdict's column.
        series: columns that name a series.
        window: years that count, the row's own and those before it; a year without a row cannot be told.
        needed: of these, how many must be true.

    Returns:
        `rows` with `years_true`, `years_false` (out of `window`) and `dependent`: true, false, or null while the years
        that cannot be told could still decide.
    """
    span = ibis.range_window(
        preceding=window - 1, following=0, group_by=[rows[name] for name in series], order_by=rows.valid.year()
    )
    told = rows.mutate(
        years_true=ibis.coalesce(rows[verdict].cast("int64").sum().over(span), 0),
        years_false=ibis.coalesce((~rows[verdict]).cast("int64").sum().over(span), 0),
    )
    return told.mutate(
        dependent=ibis.cases(
            (told.years_true >= needed, YES),
            (told.years_false > window - needed, NO),
            else_=CANNOT_BE_TOLD,
        )
    )
