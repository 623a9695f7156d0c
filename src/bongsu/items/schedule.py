"""The grade's rule for every code of a customs schedule: which codes belong to items, and the reasons in a sentence.

A code belongs to an item where it is one of the item's codes or lies within one (`Fit.EXACT`, `Fit.NARROWER`); it is then
graded with the item's assessments. A code that belongs to several items is graded with each, and the gravest letter
stands: a basket is as grave as what hides in it. A code that belongs to none has three unknown criteria, which count as
the worst ones, as the rule has it. A code that is wider than an item's (`Fit.WIDER`) holds other goods as well: it names
the item and is graded without it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from bongsu.items.catalogue import HS_DIGITS, Catalogue, catalogue
from bongsu.items.grade import DOMESTIC, IMPORTANCE, NAMES, SUBSTITUTION, WORST, Criteria, letter, lowered, weights
from bongsu.items.item import LETTERS, UNKNOWN, Item
from bongsu.language import Text, UsageError

Weights = tuple[int, int]  # points of difficulty and of importance
Place = tuple[str, str]  # code system ("" up to six digits, which all share) and code

CRITERIA_NAMES: Mapping[str, Text] = {
    "substitution": Text("대체", "substitution"),
    "domestic": Text("국내 생산", "domestic production"),
    "importance": Text("중요도", "importance"),
}


@dataclass(frozen=True)
class Schedule:
    """A home's items by their codes, for questions by the thousand; `Catalogue.by_hs` answers the same one by one.

    Args:
        home: ISO alpha-3.
        items: the catalogue's items as they stood on the day of the view.
        version: the catalogue's, printed beside the figures; "" where the home has none.
    """

    home: str
    items: tuple[Item, ...] = ()
    version: str = ""

    def of(self, code: str, system: str) -> tuple[Item, ...]:
        """Items that the code is one of, or a part of; by id."""
        shared = (("", code[:digits]) for digits in range(min(len(code), HS_DIGITS) + 1))
        own = ((system, code[:digits]) for digits in range(HS_DIGITS + 1, len(code) + 1))
        return _named(chain.from_iterable(self._by_place.get(place, ()) for place in (*shared, *own)))

    def within(self, code: str, system: str) -> tuple[Item, ...]:
        """Items with a code inside this wider one, and those of another country's code under the same six digits."""
        inside = self._above.get(_place(code, system), ())
        beside = [item for own, item in self._national.get(code[:HS_DIGITS], ()) if own != system]
        belonging = self.of(code, system)
        return tuple(
            item for item in _named((*inside, *(beside if len(code) > HS_DIGITS else ()))) if item not in belonging
        )

    def weighed(self, *, unknown: int = WORST) -> Mapping[Weights, tuple[Place, ...]]:
        """The items' codes by the points that the rule gives their items; `unknown` as `grade.letter` has it."""
        found: dict[Weights, set[Place]] = defaultdict(set)
        for place, items in self._by_place.items():
            for item in items:
                found[weights(criteria(item, None, None), unknown=unknown)].add(place)
        return {pair: tuple(sorted(found[pair])) for pair in sorted(found)}

    @cached_property
    def _by_place(self) -> Mapping[Place, tuple[Item, ...]]:
        found: dict[Place, list[Item]] = defaultdict(list)
        for item in self.items:
            for hs in item.hs:
                found[_place(hs.code, hs.system)].append(item)
        return {place: tuple(items) for place, items in found.items()}

    @cached_property
    def _above(self) -> Mapping[Place, tuple[Item, ...]]:
        """The items by every code that holds one of theirs."""
        found: dict[Place, list[Item]] = defaultdict(list)
        for (own, listed), items in self._by_place.items():
            for digits in range(1, len(listed) + 1):
                found[_place(listed[:digits], own)] += items
        return {place: tuple(items) for place, items in found.items()}

    @cached_property
    def _national(self) -> Mapping[str, tuple[tuple[str, Item], ...]]:
        """The items with codes of one country, by their first six digits; two countries' codes only overlap."""
        found: dict[str, list[tuple[str, Item]]] = defaultdict(list)
        for (own, listed), items in self._by_place.items():
            if own:
                found[listed[:HS_DIGITS]] += [(own, item) for item in items]
        return {six: tuple(pairs) for six, pairs in found.items()}


def _place(code: str, system: str) -> Place:
    return "" if len(code) <= HS_DIGITS else system, code


def _named(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple({item.id: item for item in sorted(items, key=lambda item: item.id)}.values())


def schedule(home: str, on: date) -> Schedule:
    """The schedule of the catalogue that ships for `home`, as it stood on `on`; without items where there is none.

    Another country's catalogue is no answer: what is hard to make there may be plentiful at home.
    """
    try:
        return schedule_of(catalogue(home), on)
    except UsageError:
        return Schedule(home)


def schedule_of(held: Catalogue, on: date) -> Schedule:
    """The schedule of a catalogue as it stood on `on`."""
    seen = held.as_of(on)
    return Schedule(seen.home, tuple(seen.items.values()), held.version)


def criteria(item: Item | None, share: float | None, value_usd: float | None) -> Criteria:
    """What the rule looks at for a code of `item`; None: a code of no item."""
    if item is None:
        return Criteria(share, value_usd, UNKNOWN, UNKNOWN, UNKNOWN)
    return Criteria(share, value_usd, item.substitution.value, item.domestic.value, item.importance.value)


def gravest(items: Iterable[Item], share: float | None, value_usd: float | None) -> Criteria:
    """The criteria that stand for a code of `items`: those that give the gravest letter, of equals the first item's."""
    each = [criteria(item, share, value_usd) for item in items] or [criteria(None, share, value_usd)]
    return min(each, key=lambda one: (LETTERS.index(letter(one) or LETTERS[-1]), -sum(weights(one))))


def unknown_criteria(given: Criteria) -> tuple[str, ...]:
    """Names of the criteria that nobody has assessed."""
    scales = {"substitution": SUBSTITUTION, "domestic": DOMESTIC, "importance": IMPORTANCE}
    return tuple(name for name, scale in scales.items() if getattr(given, name) not in scale)


def in_short(given: Criteria, partner: Text | None) -> Text:
    """Why a code of known share has its letter, in one sentence.

    Args:
        given: the criteria, with a share.
        partner: the top supplier; None where it cannot be told which it is.
    """
    shown = f"{given.share:.1%}"
    head = (
        Text("최대 공급국은 {partner}({share})", "Top supplier {partner} ({share})").format(
            partner=partner, share=shown
        )
        if partner
        else Text(f"최대 공급국 비중은 {shown}", f"Top supplier's share {shown}")
    )
    parts = [*_assessed(given), *_not_assessed(given), *_floor(given)]
    ko = ", ".join([*(part.on for part in parts[:-1]), parts[-1].end])
    return Text(f"{head.ko}이고, {ko}.", f"{head.en}; {', '.join(part.en for part in parts)}.")


@dataclass(frozen=True)
class _Part:
    """A part of a sentence: in Korean where the sentence goes on and where it ends, and in English."""

    on: str
    end: str
    en: str


def _assessed(given: Criteria) -> Iterator[_Part]:
    known = [name for name in CRITERIA_NAMES if name not in unknown_criteria(given)]
    said = [(CRITERIA_NAMES[name], NAMES[getattr(given, name)]) for name in known]
    if said:
        ko = ", ".join(f"{name.ko} {value.ko}" for name, value in said)
        en = ", ".join(f"{name.en} {value.en}" for name, value in said)
        yield _Part(f"{ko}이며", f"{ko}입니다", en)


def _not_assessed(given: Criteria) -> Iterator[_Part]:
    names = [CRITERIA_NAMES[name] for name in unknown_criteria(given)]
    if names:
        ko = f"모르는 기준({', '.join(name.ko for name in names)})은 가장 나쁜 값으로 "
        en = f"{_listed([name.en for name in names])} unknown, counted as the worst"
        yield _Part(f"{ko}셌고", f"{ko}셌습니다", en)


def _listed(words: list[str]) -> str:
    """English words in a row: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _floor(given: Criteria) -> Iterator[_Part]:
    if lowered(given):
        ko = "연간 수입액이 1천만 달러보다 적어 한 등급 "
        yield _Part(f"{ko}낮췄고", f"{ko}낮췄습니다", "imports under USD 10 million, one step lower")
