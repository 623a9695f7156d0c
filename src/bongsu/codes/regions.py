"""Regions of the world, as the United Nations' M49 divides it."""

from collections.abc import Mapping
from functools import cache

from bongsu.codes.tables import rows


@cache
def regions() -> Mapping[str, tuple[str, ...]]:
    """Each M49 region with the alpha-3 codes in it, both in order; a country stands in the finest region it has."""
    found: dict[str, list[str]] = {}
    for row in rows("regions"):
        found.setdefault(row["region"], []).append(row["alpha3"])
    return {region: tuple(sorted(found[region])) for region in sorted(found)}
