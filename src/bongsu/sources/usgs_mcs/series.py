"""Which of our series a printed table is: one id over all editions, whatever a chapter is called this year."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bongsu.codes.tables import rows
from bongsu.sources.producers import slug

HERE = Path(__file__).parent
_STAGES = (
    (r"refiner", "refinery"),
    (r"smelter", "smelter"),
    (r"\bmine\b", "mine"),
    (r"\bprimary\b", "primary"),
    (r"\bplant\b", "plant"),
)


@dataclass(frozen=True, order=True)
class Series:
    """What is counted: `commodity`, `measure`, `stage` and `detail` as in a production record."""

    commodity: str
    measure: str
    stage: str
    detail: str = ""


@dataclass(frozen=True)
class Named:
    """A series, and whether our tables name its commodity and its table."""

    series: Series
    known: bool
    listed: bool


@dataclass(frozen=True)
class Erratum:
    """A slip of an edition that another one shows.

    Args:
        unit: the unit that holds, in the publisher's word.
        series: where the figures belong.
        why: what shows it.
    """

    unit: str
    series: Series
    why: str


def series_of(goods: str, measure: str, table: str) -> Named:
    """The series of a table; a commodity that no table of ours knows goes by its own name."""
    known = goods in _commodities()
    commodity = _commodities().get(goods) or slug(goods)
    for rule in _rules():
        if rule["of"] == commodity and rule["measure"] in {"", measure} and re.fullmatch(rule["words"], table):
            stage = "" if measure == "reserves" else rule["stage"]
            return Named(Series(rule["commodity"], measure, stage, rule["detail"]), known, listed=True)
    return Named(Series(commodity, measure, _stage(measure, table)), known, listed=False)


def _stage(measure: str, table: str) -> str:
    if measure == "reserves":
        return ""
    return next((stage for word, stage in _STAGES if re.search(word, table)), "")


def parted(tables: Mapping[tuple[str, str, str], Sequence[str]]) -> dict[tuple[str, str, str], Named]:
    """The series of all tables of an edition; two that would be one and name the same country keep their own words.

    Args:
        tables: (goods, measure, table) → the codes of its producers.
    """
    found = {key: series_of(*key) for key in tables}
    sharing: dict[Series, list[tuple[str, str, str]]] = {}
    for key, named in found.items():
        sharing.setdefault(named.series, []).append(key)
    for keys in sharing.values():
        codes = [code for key in keys for code in set(tables[key])]
        if len(codes) == len(set(codes)):
            continue
        for key in keys:
            if not found[key].listed:
                own = found[key].series
                series = Series(own.commodity, own.measure, own.stage, key[2])
                found[key] = Named(series, found[key].known, listed=False)
    return found


def erratum(edition: int | None, series: Series, unit: str) -> Erratum | None:
    """What is known to be wrong with a table of an edition, as long as it is printed as it was when that was found."""
    for row in _errata():
        if (row["edition"], row["commodity"], row["measure"], row["printed_unit"]) == (
            str(edition), series.commodity, series.measure, unit,
        ):  # fmt: skip
            right = Series(series.commodity, row["as_measure"], row["as_stage"]) if row["as_measure"] else series
            return Erratum(row["unit"], right, row["why"])
    return None


@cache
def _commodities() -> Mapping[str, str]:
    return {words: row["commodity"] for row in rows("commodities", HERE) for words in row["words"].split("|")}


@cache
def _rules() -> Sequence[Mapping[str, str]]:
    return rows("tables", HERE)


@cache
def _errata() -> Sequence[Mapping[str, str]]:
    return rows("errata", HERE)
