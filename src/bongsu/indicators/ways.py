"""Which chokepoints a supplier's goods pass on the way home, as columns."""

from dataclasses import dataclass

import ibis

from bongsu.items.routes import Routes, WayHome


@dataclass(frozen=True)
class Ways:
    """The way home of each row's supplier in each row's period.

    Args:
        number: which of the home's ways, from 0; null where no row of its table speaks of the supplier then.
        routes: the home's ways.
    """

    number: ibis.Column
    routes: Routes

    @property
    def listed(self) -> ibis.Column:
        """True where the supplier's way is known."""
        return self.number.notnull()

    def passing(self, chokepoint: str, *how: str) -> ibis.Column:
        """True where the goods pass `chokepoint` in one of the ways `how` (`items.routes.PASSES`)."""
        numbers = tuple(place for place, way in enumerate(self.routes.ways) if way.passes[chokepoint] in how)
        known = self.number.isin(numbers) if numbers else ibis.literal(value=False)
        return ibis.coalesce(known, ibis.literal(value=False))


def ways(supplier: ibis.Column, on: ibis.Column, routes: Routes) -> Ways:
    """The ways of `supplier`, as they were on the day `on`, the first of the period."""
    if not routes.ways:
        return Ways(ibis.null("int64"), routes)
    named = ((_named(supplier, on, way), ibis.literal(place, "int64")) for place, way in enumerate(routes.ways))
    return Ways(ibis.cases(*named), routes)


def _named(supplier: ibis.Column, on: ibis.Column, way: WayHome) -> ibis.Column:
    named = supplier.isin(way.suppliers)
    if way.since is not None:
        named &= on >= way.since
    if way.until is not None:
        named &= on <= way.until
    return named
