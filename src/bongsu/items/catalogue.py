"""The catalogue: all items of a home country, as it stands or as it stood on a day."""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Self

from bongsu.items.item import Designation, HsCode, Item, Use
from bongsu.items.load import load_item
from bongsu.language import BadInputError, Text, UsageError

DATA = Path(__file__).parent / "data"
HS_DIGITS = 6  # what the world shares; every further digit belongs to one country


class Fit(StrEnum):
    """How a code that was asked for lies to an item's code."""

    EXACT = "exact"  # the same code
    NARROWER = "narrower"  # the code asked for is a part of the item's
    WIDER = "wider"  # the code asked for holds the item and other goods as well
    OVERLAP = "overlap"  # the same six digits; the further ones belong to different countries


@dataclass(frozen=True)
class Match:
    """An item found by a code, by which of its own codes, and how they fit."""

    item: Item
    hs: HsCode
    fit: Fit


@dataclass(frozen=True)
class ItemUse:
    """A use together with the item that it is a use of."""

    item: Item
    use: Use


@dataclass(frozen=True)
class Tally:
    """How many facts are held, how many of them unchecked, and what is unknown of how many items."""

    facts: int
    unchecked: int
    unknown: Mapping[str, int]  # days_of_cover, designation, suppliers, substitution, domestic, importance


@dataclass(frozen=True)
class Catalogue:
    """Items of `home` (ISO alpha-3), every version of each.

    Args:
        home: whose catalogue it is.
        versions: all versions of all items.
        version: SHA-256 of the files it was read from, printed with every figure that rests on it.
        day: what it is the view of; None: everything held.
    """

    home: str
    versions: tuple[Item, ...]
    version: str
    day: date | None = None
    designations: tuple[tuple[str, Designation], ...] = field(default=())

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """By id, in alphabetical order: the version that stands (on `day`), with what was public by then."""
        standing: dict[str, Item] = {}
        for item in sorted(self.versions, key=lambda item: (item.id, item.valid_from)):
            if self.day is None or item.valid_from <= self.day:
                standing[item.id] = item
        return {id_: self._view(item) for id_, item in standing.items()}

    def _view(self, item: Item) -> Item:
        imported = tuple(designation for id_, designation in self.designations if id_ == item.id)
        whole = replace(item, designations=item.designations + imported)
        return whole if self.day is None else whole.as_of(self.day)

    def as_of(self, day: date) -> Self:
        """The catalogue with the versions that stood on `day` and no fact that became public later."""
        return replace(self, day=day if self.day is None else min(day, self.day))

    def item(self, item_id: str) -> Item:
        """The item called `item_id`; UsageError where there is none (on that day)."""
        try:
            return self.items[item_id]
        except KeyError:
            raise UsageError(
                Text(f"'{item_id}' 품목은 없습니다.", f"there is no item '{item_id}'."),
                mend=Text("'bongsu items'로 품목을 보십시오.", "See the items with 'bongsu items'."),
            ) from None

    def by_hs(self, code: str, system: str = "HS") -> tuple[Match, ...]:
        """Items whose codes hold `code` or lie within it, exact ones first.

        Args:
            code: 2 to 10 digits as text.
            system: whose digits they are past the sixth (HSK, HTS …); those meet only their own system.

        Raises:
            BadInputError: `code` is not 2 to 10 digits.
        """
        if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 10):  # noqa: PLR2004 - chapter to HS10
            raise BadInputError(
                Text(f"'{code}': HS 부호가 아닙니다.", f"'{code}' is not an HS code."),
                mend=Text("숫자 2–10자리로 쓰십시오.", "Give 2 to 10 digits."),
            )
        found = [
            Match(item, hs, fit)
            for item in self.items.values()
            for hs in item.hs
            if (fit := _fit(code, system, hs)) is not None
        ]
        return tuple(sorted(found, key=lambda match: (list(Fit).index(match.fit), match.item.id, match.hs.code)))

    @cached_property
    def uses(self) -> tuple[ItemUse, ...]:
        """Every use of every item."""
        return tuple(ItemUse(item, use) for item in self.items.values() for use in item.uses)

    def words(self, language: str | None = None) -> Mapping[str, tuple[str, ...]]:
        """Names and aliases, as `folded`, to the ids of the items they may mean.

        Args:
            language: ISO 639-1; None: all languages together.
        """
        ids: dict[str, set[str]] = defaultdict(set)
        for item in self.items.values():
            for spoken, word in item.words():
                if language in (None, spoken):
                    ids[folded(word)].add(item.id)
        return {word: tuple(sorted(ids[word])) for word in sorted(ids)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages in which `words` knows something."""
        return tuple(sorted({spoken for item in self.items.values() for spoken, _ in item.words()}))

    def unchecked(self) -> Tally:
        """How much of the catalogue rests on sources that nobody has opened, and how much is unknown."""
        facts = [fact for item in self.items.values() for fact in item.facts() if fact.source]
        unknown = Counter(question for item in self.items.values() for question in item.unknowns())
        return Tally(len(facts), sum(not fact.checked for fact in facts), dict(sorted(unknown.items())))

    def with_designations(self, rows: Iterable[tuple[str, Designation]]) -> Self:
        """The catalogue with an imported list of (item id, designation); its version tells the difference."""
        added = self.designations + tuple(rows)
        for item_id, _ in added:
            self.item(item_id)
        digest = hashlib.sha256(f"{self.version}{added!r}".encode()).hexdigest()
        return replace(self, designations=added, version=digest)


def folded(word: str) -> str:
    """`word` as `Catalogue.words` keeps it: NFKC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def _fit(code: str, system: str, hs: HsCode) -> Fit | None:
    """How `code` lies to `hs`; None where they have nothing in common."""
    foreign = system != hs.system
    asked = code[:HS_DIGITS] if foreign else code
    own = hs.code[:HS_DIGITS] if foreign else hs.code
    if asked == own:
        cut = (len(asked) < len(code), len(own) < len(hs.code))
        return {
            (False, False): Fit.EXACT,
            (True, False): Fit.NARROWER,
            (False, True): Fit.WIDER,
            (True, True): Fit.OVERLAP,
        }[cut]
    if asked.startswith(own):
        return Fit.NARROWER
    return Fit.WIDER if own.startswith(asked) else None


def load_catalogue(folder: Path, home: str) -> Catalogue:
    """The catalogue in the YAML files of `folder`; BadInputError names the file and the field that is off."""
    paths = sorted(folder.glob("*.yml"))
    versions = tuple(load_item(path) for path in paths)
    ids = {item.id for item in versions}
    for path, item in zip(paths, versions, strict=True):
        for needed in item.inputs:
            if needed.item not in ids:
                raise BadInputError(
                    Text(f"'{needed.item}' 품목은 목록에 없습니다.", f"there is no item '{needed.item}'."),
                    where=f"{path.name}: inputs",
                    mend=Text("품목 파일을 먼저 만드십시오.", "Write that item's file first."),
                )
    _check_versions(versions)
    return Catalogue(home, versions, _digest(paths))


def _check_versions(versions: tuple[Item, ...]) -> None:
    seen: set[tuple[str, date]] = set()
    for item in versions:
        if (item.id, item.valid_from) in seen:
            raise BadInputError(
                Text(
                    f"{item.valid_from}부터의 판이 두 개입니다.",
                    f"two versions stand since {item.valid_from}.",
                ),
                where=f"{item.id}: valid_from",
                mend=Text("하나의 날짜를 고치십시오.", "Correct the date of one."),
            )
        seen.add((item.id, item.valid_from))


def _digest(paths: list[Path]) -> str:
    """SHA-256 over names and contents, the same whatever a checkout does to line ends."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def catalogue_for(home: str) -> Catalogue:
    """What an installation in `home` watches: its own catalogue; Korea's where it has brought none."""
    try:
        return catalogue(home)
    except UsageError:
        return catalogue("KOR")


@cache
def catalogue(home: str = "KOR") -> Catalogue:
    """The catalogue that ships for `home`; UsageError where there is none."""
    folder = DATA / home.lower() / "items"
    if not folder.is_dir():
        raise UsageError(
            Text(f"'{home}'의 품목 목록이 없습니다.", f"there is no catalogue for '{home}'."),
            mend=Text("items/data 아래에 폴더를 만드십시오.", "Make its folder under items/data."),
        )
    return load_catalogue(folder, home)
