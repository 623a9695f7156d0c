"""Reporters and partners as files write them: codes of several systems, names in several languages, aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from bongsu.codes.countries import country
from bongsu.codes.groups import census_partner, comtrade_partner, find_partner
from bongsu.codes.tables import UnknownCodeError
from bongsu.language import Text
from bongsu.sources.cells import Fault


def partner_reader(kind: str = "auto", said: Mapping[str, str] | None = None) -> Callable[[Any], str | Fault]:
    """A reader of one cell.

    Args:
        kind: what the cells hold, one of KINDS; `auto` takes ISO codes, M49 and names as they come, no Census code.
        said: the user's own names for cells (`values:` of a mapping); these go first.

    Returns:
        cell → our code: ISO alpha-3, a group such as EU, W00 or X00; a Fault (bad_partner) where unknown.
    """
    own, look_up = said or {}, _LOOK_UPS[kind]

    def read(word: Any) -> str | Fault:  # noqa: ANN401 - text or a number
        text = str(word).strip()
        found = _any(own[text]) if text in own else look_up(text)
        return found or Fault("bad_partner", Text(f"알 수 없는 국가입니다: {text}", f"an unknown country: {text}"))

    return read


def _any(text: str) -> str | None:
    if text.isdecimal():
        return comtrade_partner(text)
    return find_partner(text) or _iso(text)


def _iso(text: str) -> str | None:
    try:
        return country(text).alpha3
    except UnknownCodeError:
        return None


_LOOK_UPS: Mapping[str, Callable[[str], str | None]] = {
    "auto": _any,
    "iso3": lambda text: find_partner(text.upper()),
    "iso2": _iso,
    "m49": comtrade_partner,
    "census": census_partner,
    "name": find_partner,
}
KINDS = tuple(_LOOK_UPS)
