"""Both sides of a trade: one source for each reporter, and the partner's word where a reporter is silent."""

import ibis

from bongsu.indicators.partners import goods_only, is_sum, is_supplier

SIDE = ("reporter", "flow", "code", "valid", "frequency")
COLUMNS = (*SIDE, "source", "code_system", "partner", "supplier", "value", "currency", "weight_kg")
SHARED_DIGITS = 6  # the world shares six digits; every further one belongs to one country
NOT_HS = ("SITC",)
MIRROR = "mirror"  # stands where a source's id would: nobody's own word, but the partners'
CIF_MARGIN = 0.06  # freight and insurance on top of the f.o.b. value: IMF, Direction of Trade Statistics (2017)


def one_source(flows: ibis.Table) -> ibis.Table:
    """`COLUMNS` of the one source that speaks for each reporter, flow, code and period.

    Of several, the one that names most suppliers with a value, then the first in the alphabet: two publishers' figures
    for one trade are two words for it, never two trades. `supplier`: the partner is a country or a whole group. Codes
    of systems other than the HS's family, and rows that repeat others, are left out.
    """
    rows = goods_only(flows)
    rows = rows.filter(rows.code_system.notin(NOT_HS) & ~is_sum(rows.partner))
    rows = rows.mutate(supplier=is_supplier(rows.partner))
    named = (rows.supplier & rows.value.notnull()).cast("int64")
    counted = rows.group_by(*SIDE, "source", "code_system").aggregate(named=named.sum())
    order = ibis.window(group_by=SIDE, order_by=[counted.named.desc(), counted.source, counted.code_system])
    placed = counted.mutate(place=ibis.row_number().over(order))
    chosen = placed.filter(placed.place == 0).select(*SIDE, "source", "code_system")
    return rows.semi_join(chosen, (*SIDE, "source", "code_system")).select(*COLUMNS)


def between_countries(rows: ibis.Table) -> ibis.Table:
    """Rows of `one_source` that two reporters may both state: countries or whole groups, of six digits at most."""
    two = rows.supplier & is_supplier(rows.reporter) & (rows.reporter != rows.partner)
    return rows.filter(two & (rows.code.length() <= SHARED_DIGITS))


def with_mirror(flows: ibis.Table, flow: str, margin: float = CIF_MARGIN) -> ibis.Table:
    """One direction of trade as its reporters state it, or as their partners do where they are silent.

    Args:
        flows: `trade_flow` rows of both directions.
        flow: import or export.
        margin: what imports (c.i.f.) cost more than exports (f.o.b.) for being carried and insured, 0–1.

    Returns:
        `COLUMNS`. A reporter without any row of a code and period has its partners' rows, turned round, `source`
        "mirror": their exports raised by the margin as its imports, or their imports lowered by it as its exports.
        These are never the whole: partners that do not report are missing.
    """
    rows = one_source(flows)
    own = rows.filter(rows.flow == flow)
    others = between_countries(rows.filter(rows.flow != flow))
    factor = 1 + margin if flow == "import" else 1 / (1 + margin)
    turned = others.mutate(
        reporter=others.partner,
        partner=others.reporter,
        flow=ibis.literal(flow),
        source=ibis.literal(MIRROR),
        code_system=ibis.literal("HS"),
        value=others.value * factor,
    )
    silent = turned.anti_join(own.select(*SIDE).distinct(), SIDE)
    return own.select(*COLUMNS).union(silent.select(*COLUMNS))
