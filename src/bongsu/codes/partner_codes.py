"""Partner codes of single publishers, where they differ from ISO: Eurostat's Comext, and Japan's customs.

A code can change hands (CS was Czechoslovakia, then Serbia and Montenegro), so each look-up is for a day.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from bongsu.codes.countries import country
from bongsu.codes.groups import groups
from bongsu.codes.tables import UnknownCodeError, rows

UNION = "EU"  # with the members of the day
EURO_AREA = "EURO"
_ALPHA2, _ALPHA3 = 2, 3

Relation = Literal["union", "inside", "outside"]


class EuArea(NamedTuple):
    """What a Comext code such as EXT_EU27_2020 stands for.

    Args:
        relation: the union itself, its members as partners ("inside"), or all others ("outside").
        composition: a group's code: EU with the members of the day, EU-2020 with those of 2020 in every year, or EURO.
    """

    relation: Relation
    composition: str


def eurostat_partner(code: str, on: date) -> str | None:
    """The partner code of a two-letter code of Comext on a day; None where unknown, and for areas of the EU.

    Comext writes ISO alpha-2 with exceptions (XS is Serbia), and Q codes for partners that it does not name: stores
    and provisions X01, not specified X00, confidential X03, high seas X04. The United Kingdom is GB; its parts XI and
    XU, given beside it from 2021 on, have codes of their own (GBR-NIR, GBR-XNI) that are never partners.
    """
    wanted = code.strip().upper()
    if known := _on(_eurostat(), wanted, on):
        return known
    try:
        return country(wanted).alpha3 if len(wanted) == _ALPHA2 and wanted.isalpha() else None
    except UnknownCodeError:
        return None


def eurostat_area(code: str) -> EuArea | None:
    """What a Comext code for the EU, the euro area or their outside stands for; None for any other code."""
    return _areas().get(code.strip().upper())


def composition_in_force(on: date) -> str | None:
    """The fixed composition that was the EU on a day: EU-2013 on 31 January 2020. None before 1995."""
    made = [code for code in groups() if code.startswith(f"{UNION}-") and _begun(code) <= on]
    return max(made, key=_begun, default=None)


def japan_partner(code: str, on: date) -> str | None:
    """The partner code of a three-digit code of Japan's trade statistics on a day; None where unknown.

    Parts that Japan gives apart go to their country: the Azores to PRT, the Canary Islands to ESP.
    """
    wanted = code.strip()
    return _on(_japan(), wanted, on) if len(wanted) == _ALPHA3 else None


# The days on which a new composition took effect; each holds until the next.
_BEGUN: Mapping[str, date] = {
    "EU-1995": date(1995, 1, 1),
    "EU-2004": date(2004, 5, 1),
    "EU-2007": date(2007, 1, 1),
    "EU-2013": date(2013, 7, 1),
    "EU-2020": date(2020, 2, 1),
}


def _begun(code: str) -> date:
    return _BEGUN[code]


class _Meaning(NamedTuple):
    partner: str
    since: date
    until: date


def _on(table: Mapping[str, tuple[_Meaning, ...]], code: str, on: date) -> str | None:
    return next((one.partner for one in table.get(code, ()) if one.since <= on <= one.until), None)


def _meanings(name: str) -> Mapping[str, tuple[_Meaning, ...]]:
    found: dict[str, list[_Meaning]] = defaultdict(list)
    for row in rows(name):
        since = date.fromisoformat(row["from"]) if row["from"] else date.min
        until = date.fromisoformat(row["until"]) if row["until"] else date.max
        found[row["code"]].append(_Meaning(row["partner"], since, until))
    return {code: tuple(each) for code, each in found.items()}


@cache
def _eurostat() -> Mapping[str, tuple[_Meaning, ...]]:
    return _meanings("eurostat_partners")


@cache
def _japan() -> Mapping[str, tuple[_Meaning, ...]]:
    return _meanings("japan_countries")


@cache
def _areas() -> Mapping[str, EuArea]:
    relations: Mapping[str, Relation] = {"union": "union", "inside": "inside", "outside": "outside"}
    return {row["code"]: EuArea(relations[row["relation"]], row["composition"]) for row in rows("eurostat_areas")}
