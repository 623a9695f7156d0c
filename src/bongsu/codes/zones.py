"""The time zone that a country's publications and days are dated in: that of its capital."""

from functools import cache

from bongsu.codes.tables import rows


@cache
def zones() -> dict[str, str]:
    """ISO alpha-3 or group → IANA time zone (the EU's is that of Brussels)."""
    return {row["jurisdiction"]: row["zone"] for row in rows("zones")}
