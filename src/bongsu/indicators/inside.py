"""Who is inside a dated group of countries, year by year, as columns over whole tables."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache, reduce
from operator import or_

import ibis
from ibis.expr.types import BooleanColumn, Column

from bongsu.codes.groups import groups, memberships

Years = tuple[int, int]
_EVER = 9999


def is_inside(country: Column, valid: Column, group: str) -> BooleanColumn:
    """Is a country, or the group itself, inside `group` for most of the year that begins with `valid`.

    Args:
        country: ISO alpha-3, or a group's code.
        valid: the year's first day.
        group: one of `bongsu.codes.groups`.
    """
    spans = [
        country.isin(codes) & valid.between(ibis.literal(date(since, 1, 1)), ibis.literal(date(until, 12, 31)))
        for (since, until), codes in _spans(group).items()
    ]
    return reduce(or_, spans, country == group)


@cache
def ever_inside(group: str) -> tuple[str, ...]:
    """The group's own code and those of all that are or were inside."""
    return tuple(sorted({group, *(code for codes in _spans(group).values() for code in codes)}))


@cache
def _spans(group: str) -> Mapping[Years, tuple[str, ...]]:
    """The members by the first and last year that they were inside for most of."""
    found: dict[Years, list[str]] = defaultdict(list)
    for code, years in {**_members(group), **_wholly_inside(group)}.items():
        found[years].append(code)
    return {years: tuple(sorted(codes)) for years, codes in sorted(found.items())}


def _members(group: str) -> dict[str, Years]:
    return {one.alpha3: _years(one.since, one.until) for one in memberships() if one.group == group}


def _wholly_inside(group: str) -> dict[str, Years]:
    """Smaller groups that stand as one partner and have all their members inside (Belgium-Luxembourg in the EU)."""
    members = _members(group)
    within = {code: set(_members(code)) for code, one in groups().items() if one.partner and code != group}
    return {
        code: (max(members[one][0] for one in parts), min(members[one][1] for one in parts))
        for code, parts in within.items()
        if parts and parts <= set(members)
    }


def _years(since: date, until: date | None) -> Years:
    first = since.year + (since > date(since.year, 7, 1))
    last = _EVER if until is None else until.year - (until < date(until.year, 7, 1))
    return first, last
