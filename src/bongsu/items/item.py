"""What an item is: a watched good, its uses, and what we hold of it, with source and first public day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Self, TypeVar

from bongsu.language import Text

CATEGORIES = (
    "agriculture",
    "energy",
    "metals",
    "chemicals",
    "semiconductors",
    "batteries",
    "medicine",
    "food",
    "materials",
    "machinery",
)
CHOKEPOINTS = ("suez", "hormuz", "malacca", "bab_el_mandeb", "panama")
CODE_SYSTEMS = ("HS", "HSK")
DIFFICULTIES = ("hard", "moderate", "easy", "unknown")
PRODUCTIONS = ("none", "little", "some", "ample", "unknown")
LEVELS = ("high", "medium", "low", "unknown")
LETTERS = ("A", "B", "C", "D")
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something we hold to be so.

    Args:
        source: the source in words; "" only where the fact is that we do not know.
        url: its address, or "".
        known_at: the first day on which the fact was public; a replay of an earlier day does not see it.
        checked: somebody opened the source and read the fact there.
    """

    source: str
    url: str = ""
    known_at: date
    checked: bool = False


@dataclass(frozen=True, kw_only=True)
class HsCode:
    """A tariff code of an item: digits as text. `basket`: the code holds other goods as well."""

    code: str
    system: str
    note: Text | None = None
    basket: bool = False


@dataclass(frozen=True, kw_only=True)
class PriceSeries:
    """A price that speaks of the item itself (`of` = "self") or of what it is made from ("input")."""

    source: str
    series: str
    of: str


@dataclass(frozen=True, kw_only=True)
class Use(Fact):
    """What an item is for.

    Args:
        id: unique within the item.
        name: the use in both languages.
        in_charge: 소관, the responsibilities (ids in `bongsu.missions`) that own it.
        hit: 영향, the responsibilities that would be hit.
        hs: the codes it hangs on; empty: all of the item's.
    """

    id: str
    name: Text
    in_charge: tuple[str, ...]
    hit: tuple[str, ...]
    hs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Input(Fact):
    """Another item that this one is made from."""

    item: str
    note: Text


@dataclass(frozen=True, kw_only=True)
class Route(Fact):
    """A chokepoint on the item's way home."""

    chokepoint: str


@dataclass(frozen=True, kw_only=True)
class Supplier(Fact):
    """A known main supplier, ISO alpha-3."""

    country: str


@dataclass(frozen=True, kw_only=True)
class Stock(Fact):
    """Days of normal use that the stock covered on a day."""

    days: float
    on: date


@dataclass(frozen=True, kw_only=True)
class DependenceFact(Fact):
    """A cited share of one partner in the home country's imports, 0–1, of a stated period."""

    partner: str
    share: float
    measure: str
    period: str


@dataclass(frozen=True, kw_only=True)
class Assessment(Fact):
    """A judgement on a scale (substitution, domestic production, importance); `unknown` is a value of it."""

    value: str = UNKNOWN
    reason: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Designation(Fact):
    """An official designation (경제안보품목 …). Not a grade of ours: an authority's act, with its own dates.

    Args:
        kind: what it is designated as, in the issuer's words.
        grade: 1–3, or None where not public.
        since: first day it holds, or None where not public.
        until: last day it holds, or None where open or not public.
        issuer: the authority.
    """

    kind: str
    grade: int | None
    since: date | None
    until: date | None
    issuer: str


@dataclass(frozen=True, kw_only=True)
class Override:
    """A person's `ews_grade` in place of the rule's, with the reason and the day it was set."""

    letter: str
    reason: Text
    by: str
    on: date


FactT = TypeVar("FactT", bound=Fact)


def _known(facts: tuple[FactT, ...], day: date) -> tuple[FactT, ...]:
    return tuple(fact for fact in facts if fact.known_at <= day)


def _assessed(assessment: Assessment, day: date) -> Assessment:
    """`assessment`, or unknown where it was not public on `day`."""
    if assessment.known_at <= day:
        return assessment
    return Assessment(source="", known_at=day)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A watched good, in the version that stands since `valid_from`. `docs`: items/data/SCHEMA.md."""

    id: str
    name: Text
    aliases: Mapping[str, tuple[str, ...]]
    hs: tuple[HsCode, ...]
    category: str
    uses: tuple[Use, ...]
    inputs: tuple[Input, ...]
    prices: tuple[PriceSeries, ...]
    routes: tuple[Route, ...]
    suppliers: tuple[Supplier, ...]
    stocks: tuple[Stock, ...]
    dependence: tuple[DependenceFact, ...]
    substitution: Assessment
    domestic: Assessment
    importance: Assessment
    designations: tuple[Designation, ...]
    override: Override | None
    valid_from: date

    def as_of(self, day: date) -> Self:
        """The item with what was public on `day`; later judgements are unknown, later overrides absent."""
        return replace(
            self,
            uses=_known(self.uses, day),
            inputs=_known(self.inputs, day),
            routes=_known(self.routes, day),
            suppliers=_known(self.suppliers, day),
            stocks=_known(self.stocks, day),
            dependence=_known(self.dependence, day),
            substitution=_assessed(self.substitution, day),
            domestic=_assessed(self.domestic, day),
            importance=_assessed(self.importance, day),
            designations=_known(self.designations, day),
            override=self.override if self.override and self.override.on <= day else None,
        )

    def facts(self) -> Iterator[Fact]:
        """Every fact of the item, unknown ones too."""
        for field in fields(self):
            value = getattr(self, field.name)
            yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Fact))

    def unknowns(self) -> Iterator[str]:
        """Names of the questions to which the item has no answer (yet, or in public)."""
        for name, facts in (
            ("days_of_cover", self.stocks),
            ("designation", self.designations),
            ("suppliers", self.suppliers),
        ):
            if not facts:
                yield name
        for name in ("substitution", "domestic", "importance"):
            if getattr(self, name).value == UNKNOWN:
                yield name

    def words(self) -> Iterator[tuple[str, str]]:
        """(language, word) of every name and alias, as written."""
        yield "ko", self.name.ko
        yield "en", self.name.en
        for language, words in self.aliases.items():
            yield from ((language, word) for word in words)
