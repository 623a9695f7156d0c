"""Units of quantity and of prices, converted only within a dimension: a barrel is no tonne without a density."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bongsu.codes.currencies import currencies
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

# The same letters mean a metric ton to one publisher and a million of them to the next.
_AMBIGUOUS = frozenset({"Mt", "ML", "Ml", "ton", "tons", "cwt", "TON", "TONS"})
_MONEY = {"$": ("USD", 1.0), "US$": ("USD", 1.0), "¢": ("USD", 0.01), "US¢": ("USD", 0.01)}
_MONEY |= {"cents": ("USD", 0.01), "US cents": ("USD", 0.01), "€": ("EUR", 1.0), "₩": ("KRW", 1.0), "£": ("GBP", 1.0)}
_PRICE = re.compile(r"^\(?\s*(?P<money>[^/()]+?)\s*(?:/|\s+per\s+)\s*(?P<unit>[^()]+?)\s*\)?$", re.IGNORECASE)
_INDEX = re.compile(r"^\(?\s*(?P<base>\d{4}(?:-\d{2,4})?)\s*=\s*100\s*\)?$")

INDEX = "index"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of quantity.

    Args:
        code: ours.
        dimension: mass, volume, energy, count, pair, area, length, sheet or dmtu; units convert only within one.
        factor: how many of the dimension's base units (kg, m3, MJ, piece …) one of it is.
        name: in daily use.
    """

    code: str
    dimension: str
    factor: float
    name: Text


class PriceUnit(NamedTuple):
    """What a price is given in.

    Args:
        currency: ISO 4217; None for an index.
        unit: a unit's code, or "index".
        factor: what the printed number is multiplied with to be in `currency`: 0.01 for cents.
        base: an index's base period ("2010"), else "".
    """

    currency: str | None
    unit: str
    factor: float = 1.0
    base: str = ""


@cache
def units() -> Mapping[str, Unit]:
    """All units by code."""
    return {
        row["code"]: Unit(row["code"], row["dimension"], float(row["factor"]), Text(row["name_ko"], row["name_en"]))
        for row in rows("units")
    }


def find_unit(text: str) -> Unit | None:
    """The unit of a label as files write it ("MT", "kgs", "cubic meter", "톤").

    None where unknown, and where the label is ambiguous: "Mt" (metric ton or megatonne), "ton" (metric, short, long).
    """
    label = " ".join(text.split())
    if label in _AMBIGUOUS:
        return None
    return _labels().get(label) or _folded().get(label.casefold())


def unit(text: str) -> Unit:
    """As `find_unit`.

    Raises:
        UnknownCodeError: the unit is unknown or ambiguous.
    """
    found = find_unit(text)
    if found is None:
        raise UnknownCodeError(
            Text(f"'{text}' 단위를 알 수 없습니다.", f"the unit '{text}' is unknown or ambiguous."),
            mend=Text(f"쓸 수 있는 단위: {', '.join(units())}.", f"Use one of: {', '.join(units())}."),
        )
    return found


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """A quantity in another unit of the same dimension.

    Raises:
        UnknownCodeError: a unit is unknown or ambiguous, or the two measure different things.
    """
    source, target = unit(from_unit), unit(to_unit)
    if source == target:
        return value
    if source.dimension != target.dimension:
        raise UnknownCodeError(
            Text(
                f"{source.code}을(를) {target.code}(으)로 바꿀 수 없습니다. 서로 다른 양입니다.",
                f"{source.code} cannot become {target.code}: they measure different things.",
            ),
            mend=Text("같은 종류의 단위를 쓰십시오.", "Use units of the same kind."),
        )
    return value * source.factor / target.factor


def price_unit(text: str) -> PriceUnit | None:
    """What a price column is given in: "($/mt)", "(¢/kg)", "(cents/sheet)", "US$ per barrel", "(2010=100)".

    None where it is neither a known currency over a known unit nor an index with its base.
    """
    label = " ".join(text.split())
    if index := _INDEX.match(label):
        return PriceUnit(None, INDEX, base=index["base"])
    price = _PRICE.match(label)
    if price is None:
        return None
    money, quantity = _money(price["money"]), find_unit(price["unit"])
    if money is None or quantity is None:
        return None
    return PriceUnit(money[0], quantity.code, money[1])


def _money(label: str) -> tuple[str, float] | None:
    folded = {name.casefold(): known for name, known in _MONEY.items()}
    if known := folded.get(label.casefold()):
        return known
    return (label.upper(), 1.0) if label.upper() in currencies() else None


@cache
def _labels() -> Mapping[str, Unit]:
    found = {name: units()[row["code"]] for row in rows("units") for name in row["aliases"].split("|")}
    return found | dict(units())


@cache
def _folded() -> Mapping[str, Unit]:
    # A label in other letters counts only where every unit that it could be is the same one.
    found: dict[str, set[str]] = {}
    for label, one in _labels().items():
        found.setdefault(label.casefold(), set()).add(one.code)
    return {label: units()[next(iter(codes))] for label, codes in found.items() if len(codes) == 1}
