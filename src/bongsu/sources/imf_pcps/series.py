"""What a series of the IMF is: its code, price or index, and what a figure of it is counted in."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bongsu.codes.units import PriceUnit, price_unit

PRICE, INDEX = "USD", "INDEX"
MONTHLY = "M"
WORLD = ("", "G001", "W00", "WORLD")
UNSCALED = ("", "0", "UNITS")
# Words and codes of one thing: the workbook's data types, the portal's labels, the codes of the API.
_TRANSFORMATIONS = {"USD": PRICE, "US DOLLARS": PRICE, "US DOLLAR": PRICE, "INDEX": INDEX}
_FREQUENCIES = {"MONTHLY": "M", "QUARTERLY": "Q", "ANNUAL": "A", "M": "M", "Q": "Q", "A": "A"}
_CHANGE = re.compile(r"PERCENT CHANGE|(?:^|_)PCHY?$")
_TAIL = re.compile(
    r"(?P<money>US\$|USD|\$|(?:US|U\.S\.) (?:dollars?|cents))\s*(?:per\b|/)\s*(?P<unit>[a-z][a-z .]*)$", re.IGNORECASE
)
_MONEY = re.compile(r"\$|\bUSD\b|\bdollars?\b|\bcents\b", re.IGNORECASE)
_BASE = re.compile(r"\b((?:19|20)\d{2})\s*=\s*100\b")


@dataclass(frozen=True)
class Key:
    """What a file says of a series beside its figures.

    Args:
        code: the publisher's.
        transformation: PRICE, INDEX, "change" for changes in per cent, or the file's word where we do not know it.
        frequency: M, Q, A, or the file's word.
        label: the publisher's description, with the unit at its end; "" where the file has none.
        country: the publisher's code of the area; prices are the world's.
        scale: the power of ten that figures are to be multiplied with, as the file writes it.
    """

    code: str
    transformation: str
    frequency: str
    label: str = ""
    country: str = ""
    scale: str = ""

    @property
    def id(self) -> str:
        """Our name of the series, the same in every layout: the code and what it is."""
        return f"{self.code}.{self.transformation}"


def key(code: str, transformation: str, frequency: str, label: str = "", country: str = "", scale: str = "") -> Key:
    """A key from the cells of a file, with the known words of transformation and frequency made one."""
    what, often = transformation.strip().upper(), frequency.strip().upper()
    known = _TRANSFORMATIONS.get(what) or ("change" if _CHANGE.search(what) else transformation.strip())
    return Key(code.strip(), known, _FREQUENCIES.get(often, often), label.strip(), country.strip(), scale.strip())


def counted_in(of: Key, settings: Mapping[str, Mapping[str, str]]) -> PriceUnit | None:
    """Currency, unit and factor of a series: from its description, else from the table of codes; None where unknown."""
    if of.transformation == INDEX:
        base = _BASE.search(of.label)
        return PriceUnit(None, f"{base[1]}=100" if base else "index")
    found = _TAIL.search(of.label.strip().rstrip("."))
    if found:
        money = settings["money"].get(found["money"].casefold(), found["money"])
        unit = " ".join(found["unit"].split()).rstrip(".")
        return price_unit(f"{money}/{settings['quantities'].get(unit.casefold(), unit)}")
    # A description that names money in another place than its end has been misread, not left out.
    return None if _MONEY.search(of.label) or of.code not in table() else price_unit(table()[of.code][0])


def name_of(of: Key) -> str | None:
    """The series' name: ours where the table has the code, else the first words of the description."""
    known = table().get(of.code)
    if known and of.transformation == PRICE:
        return known[1]
    return of.label.partition(",")[0].strip() or (f"{known[1]}, index" if known else None)


@cache
def table() -> Mapping[str, tuple[str, str]]:
    """Code → its unit as `price_unit` reads it, and its name.

    Codes and units are facts from the publisher's descriptions as they were republished in 2016 and since; a code whose
    description was not seen is not in it.
    """
    with (Path(__file__).parent / "series.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["unit"], row["en"]) for row in csv.DictReader(file)}
