"""Who else sells an item's goods, and how much of it to others than home."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from bongsu.codes.entrepots import entrepots
from bongsu.detectors.wording import country
from bongsu.indicators.spare_exports import spare_exports
from bongsu.indicators.yearly import yearly
from bongsu.items.item import Item
from bongsu.language import Text

YEARS = 3  # how far back a whole year of exports may lie
_DIGITS = 6
_TONNE = 1000.0
_FEW = 10  # tonnes below which kilograms are said


@dataclass(frozen=True)
class Spare:
    """A country's exports of an item's goods to others than home in a year.

    Args:
        year: the newest whole one that is held.
        value: f.o.b., in `currency`; None: unknown.
        currency: ISO 4217.
        kg: their weight; None: unknown.
        at_least: more may be hidden.
    """

    year: int
    value: float | None
    currency: str | None
    kg: float | None
    at_least: bool


Spares = Mapping[str, Mapping[str, Spare]]  # item id → country → what it could spare


def first_day(on: date) -> date:
    """From when on flows are read."""
    return date(on.year - YEARS, 1, 1)


def codes_of(item: Item) -> tuple[str, ...]:
    """The item's codes that all countries share and that hold nothing else."""
    return tuple(hs.code for hs in item.hs if len(hs.code) == _DIGITS and not hs.basket)


def spares(flows: ibis.Table, items: Sequence[Item], home: str) -> Spares:
    """What each country could spare of each item.

    Args:
        flows: `trade_flow` rows of all reporters, both directions, from `first_day` on.
        items: all that are asked for.
        home: ISO alpha-3.
    """
    wanted = {item.id: codes_of(item) for item in items}
    codes = sorted({code for each in wanted.values() for code in each})
    near = flows.filter(flows.code.isin(codes) & (flows.reporter != home)) if codes else None
    if near is None or not _anyone(near, home):
        return {}
    rows = spare_exports(yearly(flows.filter(flows.code.isin(codes))), home).to_pyarrow().to_pylist()
    by_code: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_code[row["code"]].append(row)
    found = {id_: _of(row for code in each for row in by_code[code]) for id_, each in wanted.items()}
    return {id_: each for id_, each in found.items() if each}


def _anyone(flows: ibis.Table, home: str) -> bool:
    """Is any sale between others held? Most lakes hold none, and the question below is long."""
    return bool(flows.filter(flows.partner != home).limit(1).count().to_pyarrow().as_py())


def _of(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Spare]:
    """Of each country its newest year; the item's codes of that year added up."""
    held: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        held[row["reporter"]].append(row)
    return {who: _newest(held[who]) for who in sorted(held)}


def _newest(rows: Sequence[Mapping[str, Any]]) -> Spare:
    year = max(row["valid"] for row in rows)
    these = sorted((row for row in rows if row["valid"] == year), key=lambda row: str(row["code"]))
    currencies = {row["currency"] for row in these}
    value = _sum([row["spare"] for row in these]) if len(currencies) == 1 else None
    return Spare(
        year=year.year,
        value=value,
        currency=currencies.pop() if value is not None else None,
        kg=_sum([row["spare_kg"] for row in these]),
        at_least=any(row["at_least"] for row in these),
    )


def _sum(figures: Sequence[float | None]) -> float | None:
    """The sum; None where a part is unknown."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known and len(known) == len(figures) else None


def ranked(spare: Mapping[str, Spare]) -> tuple[str, ...]:
    """Countries by what they sell to others, most first: by value where all have it in one currency, else by weight."""
    currencies = {one.currency for one in spare.values()}
    by_value = len(currencies) == 1 and None not in currencies

    def amount(code: str) -> float:
        return (spare[code].value if by_value else spare[code].kg) or 0.0

    return tuple(sorted(spare, key=lambda code: (-amount(code), code)))


def is_hub(code: str, on: date) -> bool:
    """Is it a place known for re-exports? What comes from there may be another's."""
    return any(one.code == code and one.holds(on) for one in entrepots())


def notes(code: str, spare: Spare | None, on: date) -> tuple[Text, ...]:
    """What to know of a supplier: what it sells to others, and whether it may be a hub."""
    name = country(code)
    hub = Text(f"{name.ko}: 중계지일 수 있음", f"{name.en} may be a re-export hub") if is_hub(code, on) else None
    said = None if spare is None else _said(spare)
    return tuple(one for one in (said, hub) if one is not None)


def _said(spare: Spare) -> Text | None:
    if spare.kg is not None:
        tonnes = spare.kg / _TONNE
        ko, en = (f"{tonnes:,.0f}톤", f"{tonnes:,.0f} tonnes") if tonnes >= _FEW else (f"{spare.kg:,.0f}kg",) * 2
    elif spare.value is not None:
        ko = en = f"{spare.value:,.0f} {spare.currency or ''}".rstrip()
    else:
        return None
    least = ("적어도 ", "at least ") if spare.at_least else ("", "")
    return Text(
        f"{spare.year}년에 다른 나라로 {least[0]}{ko} 수출",
        f"sold {least[1]}{en} to others in {spare.year}",
    )
