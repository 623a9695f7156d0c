"""Subheadings that hide several goods: a calm total of gallium and germanium together says nothing of either."""

from collections.abc import Mapping
from functools import cache

from bongsu.codes.tables import rows
from bongsu.language import Text


def basket(code: str, revision: str = "2022") -> tuple[Text, ...] | None:
    """The goods that share a six-digit code; None where we know of none.

    The list is kept by hand for goods that are watched: None does not prove that a code holds one good alone. A
    national code under a basket may single one good out, so it is not answered for.

    Args:
        code: six digits.
        revision: of the HS; 811292 held hafnium and rhenium until 2017, and no germanium before 2007.
    """
    found = tuple(
        Text(row["ko"], row["en"])
        for row in _contents().get(code, ())
        if row["from_revision"] <= revision <= (row["until_revision"] or revision)
    )
    return found or None


def basket_codes() -> tuple[str, ...]:
    """All codes known to be baskets in some revision, in order."""
    return tuple(sorted(_contents()))


@cache
def _contents() -> Mapping[str, tuple[Mapping[str, str], ...]]:
    listed = rows("hs_baskets")
    return {code: tuple(row for row in listed if row["code"] == code) for code in {row["code"] for row in listed}}
