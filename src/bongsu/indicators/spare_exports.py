"""What each exporter sells to others than one home: how much of it is surely not going there already."""

from dataclasses import dataclass

import ibis

from bongsu.codes.groups import groups
from bongsu.indicators.inside import is_inside
from bongsu.indicators.mirror import CIF_MARGIN, MIRROR, with_mirror
from bongsu.indicators.partners import WORLD, is_supplier
from bongsu.indicators.structure import WHOLE

SELLER = ("reporter", "code", "valid", "frequency")


@dataclass(frozen=True)
class _Sums:
    """One measure of an exporter's sales, added up by where they go."""

    world: ibis.Column
    listed: ibis.Column
    elsewhere: ibis.Column
    rest: ibis.Column
    home: ibis.Column
    hidden: ibis.Column


def spare_exports(flows: ibis.Table, home: str, margin: float = CIF_MARGIN) -> ibis.Table:
    """Sales of all exporters but `home` to others than `home`.

    Args:
        flows: `trade_flow` rows of both directions and of all reporters at hand.
        home: ISO alpha-3.
        margin: of imports over exports, for exporters that only their customers speak of.

    Returns:
        `SELLER`, for those of whom anything is known, and: `basis` ("exports": its own records, or "mirror": its customers'); `currency` (null where mixed);
        `spare` (f.o.b. value) and `spare_kg`, total exports less what goes home, null where unknown;
        `at_least` and `at_least_kg`: the figure is a lower bound, for what is hidden may be more. A group (the EU)
        stands only where none of its members does.
    """
    rows = with_mirror(flows, "export", margin)
    rows = rows.filter((rows.reporter != home) & is_supplier(rows.reporter))
    summed = rows.group_by(*SELLER, "source").aggregate(
        currency=rows.currency.min(),
        other_currency=rows.currency.max(),
        named=(rows.partner == home).cast("int64").sum(),
        totals=rows.partner.isin(WORLD).cast("int64").sum(),
        **_added(rows, rows.value, home, "value"),
        **_added(rows, rows.weight_kg, home, "kg"),
    )
    summed = _members_or_group(summed)
    own, nothing = summed.source != MIRROR, ibis.null("float64")
    one = summed.currency.isnull() | (summed.currency == summed.other_currency)
    spare, least = _spare(summed, _sums(summed, "value"), own)
    spare_kg, least_kg = _spare(summed, _sums(summed, "kg"), own)
    told = summed.select(
        *SELLER,
        basis=ibis.ifelse(own, "exports", MIRROR),
        currency=ibis.ifelse(one, summed.currency, ibis.null("string")),
        spare=ibis.ifelse(one, spare, nothing),
        spare_kg=spare_kg,
        at_least=least,
        at_least_kg=least_kg,
    )
    # Whoever is only seen to sell to home itself shows nothing that could be spared.
    return told.filter(told.spare.notnull() | told.spare_kg.notnull())


def _added(rows: ibis.Table, figure: ibis.Column, home: str, name: str) -> dict[str, ibis.Column]:
    supplier, world = rows.supplier, rows.partner.isin(WORLD)
    to_home, known, nothing = rows.partner == home, figure >= 0, ibis.null("float64")
    return {
        f"{name}_world": ibis.ifelse(world & known, figure, nothing).max(),
        f"{name}_listed": ibis.ifelse(supplier & known, figure, nothing).sum(),
        f"{name}_elsewhere": ibis.ifelse(supplier & known & ~to_home, figure, nothing).sum(),
        f"{name}_rest": ibis.ifelse(~supplier & ~world & known, figure, nothing).sum(),
        f"{name}_home": ibis.ifelse(to_home & known, figure, nothing).max(),
        f"{name}_hidden": (supplier & ~ibis.coalesce(known, ibis.literal(value=False))).cast("int64").sum(),
    }


def _sums(table: ibis.Table, name: str) -> _Sums:
    parts = ("world", "listed", "elsewhere", "rest", "home", "hidden")
    return _Sums(*(table[f"{name}_{part}"] for part in parts))


def _spare(rows: ibis.Table, sums: _Sums, own: ibis.Column) -> tuple[ibis.Column, ibis.Column]:
    """The spare amount, and whether it is a lower bound.

    All that is sold less what goes home, where both are known: a home that a full list does not name gets nothing.
    Else what is seen to go to others, which at least is not going home. What goes to nobody in particular may go home.
    """
    listed, rest = ibis.coalesce(sums.listed, 0.0), ibis.coalesce(sums.rest, 0.0)
    # A total without a figure: how much of it the list holds cannot be told.
    blind = (rows.totals > 0) & sums.world.isnull()
    full = (sums.hidden == 0) & (listed >= WHOLE * ibis.coalesce(sums.world, listed + rest))
    nothing = ibis.null("float64")
    home = ibis.coalesce(sums.home, ibis.ifelse((rows.named == 0) & full, ibis.literal(0.0), nothing))
    total = ibis.coalesce(sums.world - rest, sums.listed)
    less = ibis.ifelse(own & ~blind, total - home, nothing)
    exact = less.notnull() & (rest == 0) & (sums.world.notnull() | (sums.hidden == 0))
    spare = ibis.coalesce(less, sums.elsewhere)
    return ibis.ifelse(spare < 0, ibis.literal(0.0), spare), ~exact


def _members_or_group(sellers: ibis.Table) -> ibis.Table:
    """`sellers` without a group where a member has a row of the same code and period: its sales would count twice."""
    here = ibis.window(group_by=("code", "valid", "frequency"))
    whole = [code for code, group in groups().items() if group.partner]
    beside = {
        f"in_{group}": (is_inside(sellers.reporter, sellers.valid, group) & (sellers.reporter != group))
        .cast("int64")
        .max()
        .over(here)
        for group in whole
    }
    marked = sellers.mutate(**beside)
    for group in whole:
        marked = marked.filter((marked.reporter != group) | (marked[f"in_{group}"] == 0))
    return marked.drop(*beside)
