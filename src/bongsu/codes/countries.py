"""Countries and areas: their ISO 3166-1, M49, FIPS 10-4 and US Census codes, and names in many spellings."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

# Latin accents only: Japanese and Korean letters must not lose their marks.
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
_SPELLED = {
    "st": "saint",
    "ste": "saint",
    "the": "",
    "is": "island",
    "isds": "island",
    "rep": "republic",
    "dem": "democratic",
    "fmr": "former",
}
_QUOTES = str.maketrans("", "", "'’‘`´")
_INVERTED = re.compile(r"^([^,(]+?)\s*[,(]\s*([^)]+?)\)?\s*$")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area of ISO 3166-1, or Kosovo (XKX, user-assigned).

    Args:
        alpha3: ISO alpha-3, our own code everywhere.
        alpha2: ISO alpha-2 (NA is Namibia).
        m49: UN M49, three characters with their zeros; "" where there is none.
        fips: FIPS 10-4, the first where there are two; "" where there is none.
        name: short names in daily use.
        until: its last day, for one that is no more.
    """

    alpha3: str
    alpha2: str
    m49: str
    fips: str
    name: Text
    until: date | None = None


@cache
def countries() -> Mapping[str, Country]:
    """Today's countries and areas by alpha-3, in its order."""
    return {
        row["alpha3"]: Country(
            row["alpha3"],
            row["alpha2"],
            row["m49"],
            row["fips"].partition(" ")[0],
            Text(row["name_ko"], row["name_en"]),
        )
        for row in rows("countries")
    }


@cache
def former_areas() -> Mapping[str, Country]:
    """Areas that are no more but stand in old figures (the Soviet Union …), by their former alpha-3."""
    return {
        row["alpha3"]: Country(
            row["alpha3"],
            row["alpha2"],
            row["m49"],
            "",
            Text(row["name_ko"], row["name_en"]),
            date.fromisoformat(row["until"]),
        )
        for row in rows("former_areas")
    }


def country(code: str) -> Country:
    """The country of an ISO alpha-2, alpha-3 or M49 code, in any case.

    Args:
        code: text; M49 with its zeros ("004", never "4"). Former areas answer to their alpha-3 only.

    Raises:
        UnknownCodeError: no country has the code; for a number that lost its zeros the mend says so.
    """
    known = _by_code().get(code.strip().upper())
    if known is None:
        raise _unknown(code)
    return known


def fips_country(code: str) -> str | None:
    """The alpha-3 of a FIPS 10-4 code; both Gaza (GZ) and the West Bank (WE) are PSE."""
    return _by_fips().get(code.strip().upper())


def census_country(code: str) -> str | None:
    """The alpha-3 of a US Census Schedule C code such as "5800"; None for totals, groups and codes we do not know."""
    return _by_census().get(code)


def census_codes(alpha3: str) -> tuple[str, ...]:
    """The US Census codes of a country: one as a rule, two for Palestine, none where unknown."""
    return tuple(code for code, known in _by_census().items() if known == alpha3)


def find_country(name: str) -> str | None:
    """The alpha-3 of a name as files write it, in English, Korean, Chinese or Japanese.

    Case, blanks, accents and punctuation do not matter, nor does the order in "Korea, Republic of". Former areas are
    found too. None where the name is unknown or could be several ("Korea", "Congo", "Virgin Islands").
    """
    known = _names()
    for spelling in _spellings(name):
        if found := known.get(spelling):
            return next(iter(found)) if len(found) == 1 else None
    return None


def ambiguous_names() -> Mapping[str, frozenset[str]]:
    """Name keys that more than one country answers to; `find_country` refuses them."""
    return {key: found for key, found in _names().items() if len(found) > 1}


def name_key(name: str) -> str:
    """A name without what does not matter: case, accents, blanks, punctuation, "the"; "&" is "and", "St" "Saint"."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).translate(_QUOTES).replace("&", " and ")
    words = _WORD.findall(unicodedata.normalize("NFC", bare).casefold())
    # Files join words ("ChristmasIsland"), so the plural goes last.
    return "".join(_SPELLED.get(word, word) for word in words).replace("islands", "island")


def _spellings(name: str) -> Iterator[str]:
    yield name_key(name)
    yield name_key(name).removeprefix("the")
    # "Korea, Republic of" and "Iran (Islamic Republic of)": the same words, turned round.
    if turned := _INVERTED.match(name):
        yield name_key(f"{turned[2]} {turned[1]}")


@cache
def _names() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for alpha3, name in _written_names():
        found[name_key(name)].add(alpha3)
    return {key: frozenset(known) for key, known in found.items()}


def _written_names() -> Iterable[tuple[str, str]]:
    for table in ("country_names", "country_variants"):
        yield from ((row["alpha3"], row["name"]) for row in rows(table))
    for known in (*countries().values(), *former_areas().values()):
        yield from ((known.alpha3, known.name.ko), (known.alpha3, known.name.en))
    for row in rows("former_areas"):
        yield from ((row["alpha3"], name) for name in row["other_names"].split("|"))


@cache
def _by_code() -> Mapping[str, Country]:
    found = dict(former_areas())
    for known in countries().values():
        found |= {code: known for code in (known.alpha3, known.alpha2, known.m49) if code}
    return found


@cache
def _by_fips() -> Mapping[str, str]:
    return {code: row["alpha3"] for row in rows("countries") for code in row["fips"].split()}


@cache
def _by_census() -> Mapping[str, str]:
    return {row["code"]: row["alpha3"] for row in rows("census_countries")}


def _unknown(code: str) -> UnknownCodeError:
    what = Text(f"'{code}'에 해당하는 국가 코드가 없습니다.", f"no country has the code '{code}'.")
    padded = code.strip().zfill(3)
    if padded != code.strip() and padded in _by_code():
        mend = Text(
            f"앞자리 0이 지워졌다면 '{padded}'로 적으십시오.",
            f"If its leading zeros were lost, write '{padded}'.",
        )
        return UnknownCodeError(what, mend=mend)
    mend = Text(
        "ISO 두 자리·세 자리 코드나 M49 세 자리 코드를 쓰십시오.",
        "Use an ISO alpha-2 or alpha-3 code, or M49 with three digits.",
    )
    return UnknownCodeError(what, mend=mend)
