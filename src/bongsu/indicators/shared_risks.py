"""How much of today's supply stands in one risk with a country: its region, a group of states, a chokepoint."""

import ibis

from bongsu.codes.regions import regions
from bongsu.indicators.inside import is_inside
from bongsu.indicators.structure import GROUP
from bongsu.indicators.ways import ways
from bongsu.items.item import CHOKEPOINTS
from bongsu.items.routes import Routes

SHARED = ("shared_region", "shared_group", "shared_passage")
# Unions and agreements that act together on trade, or lie together. Not the G7: it does neither.
BLOCS = ("ASEAN", "BLX", "EAEU", "EFTA", "EU", "GCC", "SACU", "USMCA")
_COMMON = ("only", "usual")


def exposed(shares: ibis.Table, by: Routes) -> ibis.Table:
    """`GROUP` and the share of supply under each risk, from `GROUP`, `partner` and `share`; null where unknown."""
    way = ways(shares.partner, shares.valid, by)
    under = {
        **{f"region_{code}": shares.partner.isin(inside) for code, inside in regions().items()},
        **{f"group_{code}": is_inside(shares.partner, shares.valid, code) for code in BLOCS},
        **{f"passage_{place}": way.passing(place, *_COMMON) for place in CHOKEPOINTS},
    }
    return shares.group_by(*GROUP).aggregate(
        **{name: _share(shares.share, where) for name, where in under.items()}, known=shares.share.sum()
    )


def _share(share: ibis.Column, where: ibis.Column) -> ibis.Column:
    """The sum of the shares `where`: 0 where others are known, null where none is."""
    return ibis.ifelse(share.notnull(), ibis.ifelse(where, share, ibis.literal(0.0)), ibis.null("float64")).sum()


def shared(rows: ibis.Table, by: Routes) -> dict[str, ibis.Column]:
    """The columns `SHARED`, 0–1, of rows with `supplier`, `own` (its present share, 0 for none) and `exposed`'s columns.

    Each is the largest part of supply in one risk of its kind with the supplier, and never below its own share: a
    country shares every risk with itself. Null where the supplier's region, or its way home, is unknown.
    """
    way = ways(rows.supplier, rows.valid, by)
    region = ibis.cases(*((rows.supplier.isin(inside), rows[f"region_{code}"]) for code, inside in regions().items()))
    in_groups = [(is_inside(rows.supplier, rows.valid, code), rows[f"group_{code}"]) for code in BLOCS]
    passages = [(way.passing(place, *_COMMON), rows[f"passage_{place}"]) for place in CHOKEPOINTS]
    nothing = ibis.null("float64")
    return {
        "shared_region": ibis.ifelse(region.notnull(), ibis.greatest(rows.own, ibis.coalesce(region, 0.0)), nothing),
        "shared_group": ibis.ifelse(rows.known.notnull(), _largest(rows.own, in_groups), nothing),
        "shared_passage": ibis.ifelse(way.listed & rows.known.notnull(), _largest(rows.own, passages), nothing),
    }


def _largest(own: ibis.Column, risks: list[tuple[ibis.Column, ibis.Column]]) -> ibis.Column:
    return ibis.greatest(own, *(ibis.ifelse(under, part, ibis.literal(0.0)) for under, part in risks))
