"""What the words of Japan's trade statistics mean: codes, countries, units, and the months that are not out yet."""

from datetime import date
from typing import Any

import numpy as np

from bongsu.codes.partner_codes import japan_partner
from bongsu.codes.units import find_unit
from bongsu.language import Text
from bongsu.sources.cells import Coded, Fault, as_code
from bongsu.sources.statements import Numbers

DIGITS = 9
SYSTEM = "JP_STAT"  # the export and the import schedule part the same HS code differently
THOUSAND_YEN = 1000.0
FLOWS = {"1": "export", "2": "import"}
NO_GOODS = "00"  # re-imports, small consignments and the like stand under codes of a chapter that the HS has not
UNPUBLISHED = "unpublished"
MASS = "mass"
WORLD = "000"


def code(word: Any, *, lost_zeros: bool) -> str | Fault:  # noqa: ANN401 - text or a number
    """A statistical code of nine digits, '010121000' in single quotes."""
    return as_code(word, DIGITS, lost_zeros=lost_zeros)


def flow(word: Any) -> str | Fault:  # noqa: ANN401 - text or a number
    """1 is an export, 2 an import."""
    return FLOWS.get(str(word)) or Fault("bad_flow", Text(f"알 수 없는 값: {word}", f"unknown: {word}"))


def partner(pair: tuple[Any, date]) -> str | Fault:
    """A country code of three digits on a day; a number that lost no zero, as none begins with one."""
    word, on = pair
    if str(word) == WORLD:
        return "W00"
    return japan_partner(str(word), on) or Fault(
        "bad_partner", Text(f"알 수 없는 국가입니다: {word}", f"an unknown country: {word}")
    )


def kilograms(unit: Any) -> float:  # noqa: ANN401 - a word, or None
    """How many kilograms one of a unit is; NaN where it is no unit of mass."""
    found = find_unit(str(unit)) if unit else None
    return found.factor if found and found.dimension == MASS else float("nan")


def masses(units: Coded) -> Numbers:
    """For each row the kilograms in its unit; NaN where it has none or one of another kind."""
    return np.array([*(kilograms(word) for word in units.words), np.nan])[units.ids]
