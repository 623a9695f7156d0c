"""Codes and words of a text put together: which watched goods it speaks of, how sure that is, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bongsu.codes.baskets import basket
from bongsu.items.catalogue import Catalogue, Fit, Match
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.texts.goods import FoundWord
from bongsu.texts.hs_codes import FoundCode

HS6, HEADING = 6, 4


class Confidence(StrEnum):
    """How far a finding is to be trusted: word and code agree; one of them, clearly; one of them, hardly."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class FoundGood:
    """A good in a notice.

    Args:
        item: the watched item; None: a code of something that we do not watch.
        word: the first word that names it, as it stands in the text; "" where only codes do.
        codes: the codes in the text that it lies under, or that lie under its own.
        why: the reason, one sentence.
        sentence: the first sentence or table row that speaks of it.
        confidence: high, medium or low.
    """

    item: Item | None
    word: str
    codes: tuple[str, ...]
    why: Text
    sentence: str
    confidence: Confidence


def findings(
    text: str,
    codes: Sequence[FoundCode],
    words: Sequence[FoundWord],
    catalogue: Catalogue,
    system: str,
    *,
    acts: bool,
) -> tuple[FoundGood, ...]:
    """The goods of a text, the most trusted first, then the codes of what is not watched.

    Args:
        text: as the codes' and words' places count in it.
        codes: found there.
        words: found there.
        catalogue: the watched items.
        system: whose digits the codes have past the sixth.
        acts: the text is an act that controls trade; a word alone says little elsewhere.
    """
    matches = {one.code: _matches(one.code, catalogue, system) for one in codes}
    named = {id_ for word in words for id_ in word.items if word.certain}
    distinct = tuple({one.code: one for one in reversed(codes)}.values())
    rows = _on_the_row(text, codes, words)
    found = []
    for id_ in _ids(codes, words, matches):
        links = _links(id_, distinct, matches, named, rows)
        good = _good(catalogue.item(id_), links, [word for word in words if id_ in word.items], acts=acts)
        found += [good] if good else []
    order = list(Confidence)
    found.sort(key=lambda good: (order.index(good.confidence), good.item.id if good.item else ""))
    return (*found, *_unwatched(distinct, matches))


def _matches(code: str, catalogue: Catalogue, system: str) -> tuple[Match, ...]:
    """Items by a code of the notice's country: past six digits its codes meet only its own."""
    return catalogue.by_hs(code[:10], system if len(code) > HS6 else "HS")


def _ids(
    codes: Iterable[FoundCode], words: Iterable[FoundWord], matches: Mapping[str, tuple[Match, ...]]
) -> tuple[str, ...]:
    by_code = (match.item.id for code in codes for match in matches[code.code])
    return tuple(dict.fromkeys((*by_code, *(id_ for word in words for id_ in word.items))))


@dataclass(frozen=True)
class _Link:
    """A code of the text that leads to an item, and whether it leads there by itself."""

    found: FoundCode
    match: Match
    alone: bool


def _links(
    item_id: str,
    codes: Iterable[FoundCode],
    matches: Mapping[str, tuple[Match, ...]],
    named: set[str],
    rows: Mapping[str, set[str]],
) -> tuple[_Link, ...]:
    """The item's codes; a shared code counts for what the text names under it, and for all where it names none."""
    links = []
    for code in codes:
        match = next((match for match in matches[code.code] if match.item.id == item_id), None)
        if match is None:
            continue
        shared = match.hs.basket or match.fit is Fit.OVERLAP
        rivals = {other.item.id for other in matches[code.code]}
        row = rows.get(code.code, set())
        others = (rivals & row if item_id not in row else set()) or (rivals & named if item_id not in named else set())
        if not (shared and others):
            links.append(_Link(code, match, alone=not shared))
    return tuple(sorted(links, key=lambda link: link.found.start))


def _on_the_row(text: str, codes: Iterable[FoundCode], words: Iterable[FoundWord]) -> Mapping[str, set[str]]:
    """For each code that stands in a table: the items that its rows name."""
    lines: dict[int, set[str]] = {}
    for word in words:
        if word.certain:
            lines.setdefault(text.rfind("\n", 0, word.start), set()).update(word.items)
    named: dict[str, set[str]] = {}
    for code in codes:
        if code.basis == "table":
            named.setdefault(code.code, set()).update(lines.get(text.rfind("\n", 0, code.start), ()))
    return named


def _good(item: Item, links: Sequence[_Link], words: Sequence[FoundWord], *, acts: bool) -> FoundGood | None:
    sure = [word for word in words if word.certain]
    best = next(iter(sure or words), None)
    if not links and best is None:
        return None
    confidence = _confidence(links, words, acts=acts)
    first = links[0].found.sentence if links and (best is None or links[0].found.start < best.start) else ""
    return FoundGood(
        item=item,
        word=best.word if best else "",
        codes=tuple(dict.fromkeys(link.found.code for link in links)),
        why=_why(item, links, best),
        sentence=first or (best.sentence if best else links[0].found.sentence),
        confidence=confidence,
    )


def _confidence(links: Sequence[_Link], words: Sequence[FoundWord], *, acts: bool) -> Confidence:
    if links and words:
        return Confidence.HIGH
    if links:
        clear = any(link.alone and len(link.found.code) >= HEADING for link in links)
        return Confidence.MEDIUM if clear else Confidence.LOW
    single = any(word.certain and len(word.items) == 1 for word in words)
    return Confidence.MEDIUM if acts and single else Confidence.LOW


_BASES = {
    "keyword": Text("품목번호로 표시된", "given as a tariff code"),
    "table": Text("표의 품목번호 칸에 있는", "in the table's column of codes"),
    "sentence": Text("품목번호를 말하는 문장에 있는", "in a sentence about tariff codes"),
    "shape": Text("품목번호 모양의", "in the shape of a tariff code"),
}
_FITS = {
    Fit.EXACT: Text("이 품목의 번호와 같다", "is the item's code"),
    Fit.NARROWER: Text("이 품목 번호의 일부다", "is a part of the item's code"),
    Fit.WIDER: Text("이 품목을 포함하는 번호다", "holds the item"),
    Fit.OVERLAP: Text("앞 여섯 자리만 이 품목과 같다", "agrees with the item's in six digits only"),
}


def _why(item: Item, links: Sequence[_Link], word: FoundWord | None) -> Text:
    parts = []
    if word is not None:
        parts.append(_why_word(item, word))
    if links:
        parts.append(_why_code(links[0], len(links)))
    return Text(" ".join(part.ko for part in parts), " ".join(part.en for part in parts))


def _why_word(item: Item, word: FoundWord) -> Text:
    if not word.certain:
        return Text(
            f"원문에 '{word.word}' 표현이 있으나 다른 뜻일 수 있다.",
            f"It has the word '{word.word}', which may mean something else.",
        )
    if len(word.items) > 1:
        return Text(
            f"원문에 '{word.word}' 표현이 있다. {item.name.ko} 외의 품목일 수도 있다.",
            f"It has the word '{word.word}', which may also mean another item.",
        )
    return Text(f"원문에 '{word.word}' 표현이 있다.", f"It has the word '{word.word}'.")


def _why_code(link: _Link, count: int) -> Text:
    basis, fit = _BASES[link.found.basis], _FITS[link.match.fit]
    shared = basket(link.match.hs.code[:HS6]) or ()
    goods = Text(", ".join(good.ko for good in shared), ", ".join(good.en for good in shared))
    more = Text(f" 이런 번호가 {count}개 있다.", f" There are {count} such codes.") if count > 1 else Text("", "")
    mixed = Text("", "")
    if link.match.hs.basket:
        mixed = Text(
            f" 다른 물품도 함께 잡히는 번호다{f'({goods.ko})' if shared else ''}.",
            f" The code holds other goods as well{f' ({goods.en})' if shared else ''}.",
        )
    return Text(
        f"{basis.ko} '{link.found.written}': {fit.ko}({link.match.hs.code}).{mixed.ko}{more.ko}",
        f"'{link.found.written}', {basis.en}, {fit.en} ({link.match.hs.code}).{mixed.en}{more.en}",
    )


def _unwatched(codes: Iterable[FoundCode], matches: Mapping[str, tuple[Match, ...]]) -> Iterator[FoundGood]:
    """The codes of goods that we do not watch, each once."""
    for code in sorted(codes, key=lambda one: one.start):
        if not matches[code.code]:
            why = Text(
                f"품목번호 '{code.written}'에 걸리는 감시 품목이 없다.",
                f"No watched item lies under the code '{code.written}'.",
            )
            sure = Confidence.LOW if code.basis == "shape" else Confidence.MEDIUM
            yield FoundGood(None, "", (code.code,), why, code.sentence, sure)
