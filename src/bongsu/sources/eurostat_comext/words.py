"""What the words of Comext mean: products, procedures, kinds of trade, indicators, periods, reporters and partners."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bongsu.codes.groups import partner_kind
from bongsu.codes.partner_codes import (
    EURO_AREA,
    UNION,
    composition_in_force,
    eurostat_area,
    eurostat_partner,
)
from bongsu.language import Text
from bongsu.sources.cells import Fault, as_code, as_period

CN_DIGITS = 8
HS_DIGITS = 6
NO_UNIT = ("NO_SU", "-")
ALL_PRODUCTS = "TOTAL"
FLOWS = {"1": "import", "2": "export"}
RE_EXPORT = "3"
# I within the EU, E outside, K with the United Kingdom from February 2020, L and M with its parts XI and XU.
TRADE_TYPES = ("I", "E", "K", "L", "M")
# Normal, inward and outward processing, not recorded; the older files tell processing in more kinds.
PROCEDURES = ("1", "2", "3", "5", "6", "7", "9")
ALL_PROCEDURES = ("4", "0", "TOTAL")
# Indicator → the figure of a record, and what it is multiplied with.
INDICATORS: Mapping[str, tuple[str, float]] = {
    "VALUE_EUR": ("value", 1.0),
    "VALUE_IN_EUROS": ("value", 1.0),
    "QUANTITY_KG": ("weight_kg", 1.0),
    "QUANTITY_IN_KG": ("weight_kg", 1.0),
    "QUANTITY_IN_100KG": ("weight_kg", 100.0),
}
UNITLESS = ("SUPPLEMENTARY_QUANTITY", "SUP_QUANTITY", "QUANTITY_SUPPL_UNIT")  # their unit is not in the answer
OTHER_INDICATORS = ("VALUE_NAC", "VALUE_IN_NAC", "PERCENTAGE_OF_TOTAL")
# Q codes whose trade Comext also gives in two: within the EU, and outside.
IN_TWO: Mapping[str, tuple[str, str]] = {"QQ": ("QR", "QS"), "QU": ("QV", "QW"), "QX": ("QY", "QZ")}
REPEATED = "repeated"  # in place of a partner: the row adds up others, in another composition than theirs
_HIDDEN = re.compile(r"[0-9]{0,7}X{1,8}")
_SPECIAL = re.compile(r"99[0-9A-Z]{2,6}")
FREQUENCIES = ("M", "Q", "A")


def confidential(word: str) -> bool:
    """Is a product code hidden in part (0902XXXX) because it would show one trader?"""
    return _HIDDEN.fullmatch(word) is not None and len(word) in (2, 4, 6, 8)


def special(word: str) -> bool:
    """Is it one of the letters-and-digits codes of chapter 99 (99SSS999), which name no goods?"""
    return _SPECIAL.fullmatch(word) is not None and not word.isdecimal()


def product(word: Any, *, lost_zeros: bool) -> str | Fault:  # noqa: ANN401 - text or a number
    """A code of the HS (2, 4 or 6 digits) or of the Combined Nomenclature (8)."""
    code = as_code(word, None, lost_zeros=lost_zeros)
    if isinstance(code, str) and len(code) > CN_DIGITS:
        return Fault("bad_code", Text(f"여덟 자리보다 깁니다: {word}", f"longer than eight digits: {word}"))
    return code


def code_system(code: str) -> str:
    """Eight digits are the Combined Nomenclature's, fewer the HS's."""
    return "CN" if len(code) > HS_DIGITS else "HS"


def known(words: tuple[str, ...], reason: str) -> Any:  # noqa: ANN401 - a reader of cells
    """A reader of cells that must be one of `words`."""

    def read(word: str) -> str | Fault:
        return word if word in words else Fault(reason, Text(f"알 수 없는 값: {word}", f"unknown: {word}"))

    return read


def bulk_period(word: str) -> tuple[date, str] | Fault:
    """202401 is a month; 202452 the year."""
    year = re.fullmatch(r"(\d{4})52", word)
    return as_period(year[1], "A") if year else as_period(word, "M")


def long_period(pair: tuple[Any, str]) -> tuple[date, str] | Fault:
    """TIME_PERIOD with its frequency: 2024-01 and M, 2024-Q1 and Q, 2024 and A."""
    word, frequency = pair
    if frequency not in FREQUENCIES:
        return Fault("bad_period", Text(f"알 수 없는 주기: {frequency}", f"an unknown frequency: {frequency}"))
    return as_period(word, frequency)


def reporter(pair: tuple[str, date]) -> str | Fault:
    """A member state, the EU (with the members of the day) or the EU as composed once (EU-2020); euro areas repeat."""
    word, on = pair
    if area := eurostat_area(word):
        if area.relation != "union":
            return _nobody(word)
        return REPEATED if area.composition == EURO_AREA else _composed(area.composition, on)
    found = eurostat_partner(word, on)
    return found if found and partner_kind(found) == "country" else _nobody(word)


def _composed(composition: str, on: date) -> str:
    return UNION if composition in (UNION, composition_in_force(on)) else composition


def partner(pair: tuple[tuple[str, str], date]) -> str | Fault:
    """A partner as a reporter sees it on a day; rows that add up another union than the reporter's own repeat."""
    (word, of), on = pair
    if area := eurostat_area(word):
        whose = eurostat_area(of)
        own = _composed(whose.composition, on) if whose else UNION
        if area.composition == EURO_AREA or _composed(area.composition, on) != own:
            return REPEATED
        return "EXT-EU" if area.relation == "outside" else "INT-EU"
    return eurostat_partner(word, on) or _nobody(word)


def _nobody(word: str) -> Fault:
    return Fault("bad_partner", Text(f"알 수 없는 국가입니다: {word}", f"an unknown country: {word}"))
