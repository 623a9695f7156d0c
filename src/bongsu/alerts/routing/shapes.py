"""What routing is made of: rules, the facts that they look at, and what comes out: who must know, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from bongsu.detectors.dependence import touches
from bongsu.detectors.signal import RAISED, Layer
from bongsu.items.item import Item
from bongsu.language import Text


class Who(StrEnum):
    """Whom a rule reaches."""

    SUPPLIER_MISSIONS = "supplier_missions"
    ALTERNATIVE_MISSIONS = "alternative_missions"
    MINISTRY_IN_CHARGE = "ministry_in_charge"
    MINISTRY_HIT = "ministry_hit"
    DESK = "desk"
    SUBSCRIBERS = "subscribers"
    DUTY = "duty"


class Countries(StrEnum):
    """Which countries' missions a rule for suppliers reaches."""

    MAIN = "main_supplier"
    MEASURE = "measure"
    KNOWN = "known_supplier"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of who must know (경로 규칙).

    Args:
        id: stable; it stands in the alert's record for ever.
        who: whom it reaches.
        from_level: fires from which on it holds.
        why: the reason, a sentence with placeholders.
        otherwise: the reason where its first choice is not there: no desk known, nobody on the rota.
        countries: of a rule for suppliers.
        most_countries, most_missions: how many countries, and how many missions in each; None: all.
        responsibilities: of a rule for desks: `in_charge`, `hit`, or ids of responsibilities.
    """

    id: str
    who: Who
    from_level: int
    why: Text
    otherwise: Text | None = None
    countries: Countries | None = None
    most_countries: int | None = None
    most_missions: int | None = None
    responsibilities: str | tuple[str, ...] = ()

    def holds(self, level: int | None, unknown_as: int) -> bool:
        """Does it hold at `level`? One that cannot be given is not calm: it is read as `unknown_as`."""
        return (unknown_as if level is None else level) >= self.from_level


@dataclass(frozen=True)
class Rules:
    """All rules, in the order in which they are told; `unknown_as`: the fires that an unknown level is read as."""

    rules: tuple[Rule, ...]
    unknown_as: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """A unit that must know, by which rule first, and why; `why` holds every rule's reason."""

    unit: str
    rule: str
    why: Text


@dataclass(frozen=True, slots=True)
class Receiver:
    """A subscriber who gets an approved release and nothing else: no unit of an alert, and never made one."""

    user: int
    rule: str
    why: Text


@dataclass(frozen=True, slots=True)
class Unreached:
    """What a rule looked for and did not find: nobody is known there, which does not mean that nobody must know.

    Args:
        rule: its id.
        of: `country:GIN`, `responsibility:feed`, `main_supplier`, `uses` or `duty`.
        why: what is not known, in a sentence.
    """

    rule: str
    of: str
    why: Text


@dataclass(frozen=True)
class Routed:
    """What routing says of a warning.

    Args:
        concerned: units that must know, each once.
        receivers: subscribers, for a release only.
        unreached: what was looked for in vain.
    """

    concerned: tuple[Concerned, ...]
    receivers: tuple[Receiver, ...] = ()
    unreached: tuple[Unreached, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """Those concerned, by unit."""
        return tuple(one.unit for one in self.concerned)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What of a warning decides who must know.

    Args:
        main: the main supplier, ISO alpha-3 or a group; None: unknown.
        share: its share of our imports, 0–1.
        measures: whose authorities have made a measure that bears on the item.
        alternatives: countries that are seen to sell it to others, most first.
    """

    main: str | None = None
    share: float | None = None
    measures: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()

    @classmethod
    def of(cls, warning: Mapping[str, Any]) -> Self:
        """The facts of a warning as it is kept (`alerts.evidence`)."""
        depends = warning.get("dependence") or {}
        return cls(
            main=depends.get("partner"),
            share=depends.get("share"),
            measures=tuple(dict.fromkeys(_authors(warning))),
            alternatives=tuple(
                one["country"]
                for one in warning.get("alternatives") or ()
                if one.get("spare") is not None or one.get("spare_kg") is not None
            ),
        )


def _authors(warning: Mapping[str, Any]) -> Iterable[str]:
    """Whose measures are raised: one that has ended or bears on others is on record, and no reason to tell anybody."""
    for signal in warning.get("signals") or ():
        if signal["layer"] == Layer.MEASURE.value and signal["strength"] >= RAISED and signal["partner"]:
            yield signal["partner"]


@dataclass(frozen=True)
class Subscribed:
    """What one subscriber asked to hear of."""

    user: int
    hs_codes: tuple[str, ...]
    items: tuple[str, ...]

    def wants(self, item: Item) -> tuple[str, ...]:
        """Which of its codes and items fit; none: it is not for them. Codes fit where one begins with the other."""
        codes = [code for code in self.hs_codes if any(touches(code, hs.code) for hs in item.hs)]
        return (*codes, *(one for one in self.items if one == item.id))
