"""Reporters and partners as files write them: codes of several systems, names in several languages, aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from bongsu.codes import UnknownCodeError, census_country, country, find_partner
from bongsu.language import Text
from bongsu.sources.cells import Fault

KINDS = ("auto", "iso3", "iso2", "m49", "census", "name")
WORLD, NOT_SPECIFIED, EU = "W00", "X00", "EU"
OWN = (WORLD, NOT_SPECIFIED, EU)  # our own codes for what is no country
_M49_WORLD = ("0", "000")
_CENSUS = {"-": WORLD, "0003": EU}  # the other groups of Census overlap each other


def partner_reader(kind: str = "auto", said: Mapping[str, str] | None = None) -> Callable[[Any], str | Fault]:
    """A reader of one cell.

    Args:
        kind: what the cells hold, one of KINDS; `auto` takes codes and names as they come, but no Census code.
        said: the user's own names for cells (`values:` of a mapping); these go first.

    Returns:
        cell → our code: ISO alpha-3, a group such as EU, W00 or X00; a Fault (bad_partner) where unknown.
    """
    own = said or {}

    def read(word: Any) -> str | Fault:  # noqa: ANN401 - text or a number
        text = str(word).strip()
        if text in own:
            found = _any(own[text])
        elif kind == "census":
            found = _CENSUS.get(text) or census_country(text)
        elif kind == "m49":
            found = WORLD if text in _M49_WORLD else _country(text.zfill(3))
        elif kind in ("iso2", "iso3"):
            found = text if text in OWN else _country(text)
        else:
            found = find_partner(text) if kind == "name" else _any(text)
        return found or Fault("bad_partner", Text(f"알 수 없는 국가입니다: {text}", f"an unknown country: {text}"))

    return read


def _any(text: str) -> str | None:
    return text if text in OWN else (find_partner(text) or _country(text))


def _country(text: str) -> str | None:
    try:
        return country(text).alpha3
    except UnknownCodeError:
        return None
