"""The words of watched items in a text: longest first, each with its place and sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bongsu.items.catalogue import Catalogue
from bongsu.texts.sentences import Sentences
from bongsu.texts.tables import rows
from bongsu.texts.tongue import Tongue, view
from bongsu.texts.words import firsts, trie

_LETTER = "0-9a-z\u00c0-\u024f\u0370-\u052f"  # the alphabets whose words stand between blanks
_HAN, _KATAKANA, _HANGUL = "\u4e00-\u9fff", "\u30a1-\u30fa\u30fc", "\uac00-\ud7a3"
# A word in one Chinese character names a good of its own only between these; within a longer word it may be a part.
_BEFORE_HAN = "对和及与或含对金属高纯将把的为、"
_AFTER_HAN = "和及与或等类的相物出进矿锭粉系、"
_PARTICLES = (
    "은|는|이|가|을|를|의|에|에는|에도|에서|와|과|도|로|으로|만|나|이나|란|이란|등|및|류|산|용|인|부터|까지|라는|보다|마저|"
    "수출|수입|가격|공급|생산|재고|품귀|대란|비료|광석|금속|제품|통관|규제|통제|검사"
)
_AFTER_ONE = "은|는|을|의|과|와|이|만|등|및"  # after a word of one syllable: 밀로, 밀도 are other words
_TRADE = re.compile(
    r"수출|수입|비료|통관|톤|품귀|대란|조달|export|import|shipment|tonne|licen[cs]e|metallurgical|fodder|oxide|potash|crude"
)
_SHORT = 2
_LANGUAGES: Mapping[Tongue, tuple[str, ...]] = {
    Tongue.ZH_HANS: ("zh", "en"),
    Tongue.ZH_HANT: ("zh", "en"),
    Tongue.JA: ("ja", "en"),
    Tongue.KO: ("ko", "en"),
    Tongue.ID: ("id", "ms", "en"),
    Tongue.EN: ("en",),
}


@dataclass(frozen=True)
class FoundWord:
    """A word of one or several items.

    Args:
        items: ids; several where the word may mean any of them.
        word: as it stands in the text.
        start, end: its place.
        sentence: the sentence or table row.
        certain: False for a part of a longer word that we do not know, and for a word that means other things too.
    """

    items: tuple[str, ...]
    word: str
    start: int
    end: int
    sentence: str
    certain: bool


def find_goods(text: str, catalogue: Catalogue, language: Tongue) -> tuple[FoundWord, ...]:
    """The items' words in `text`, in its order; () says that none of them is there.

    Args:
        text: as `plain` gives it.
        catalogue: whose names and aliases are looked for.
        language: its words and English ones; all languages where it is unknown.
    """
    languages = _LANGUAGES.get(language, catalogue.languages)
    words = _words(catalogue, languages)
    seen = _disarmed(view(text, language), languages)
    sentences = Sentences(text)
    return tuple(_found(text, seen, words, languages, sentences))


def _found(
    text: str, seen: str, words: "_Words", languages: tuple[str, ...], sentences: Sentences
) -> Iterator[FoundWord]:
    homonyms = {row["word"] for row in rows("homonyms") if row["language"] in languages}
    for match in words.pattern.finditer(seen):
        key = " ".join(match[0].split())
        items = words.items.get(key) or words.items.get(_singular(key, words.items), ())
        start, end = match.span()
        sentence = sentences.at(start, end)
        certain = _stands_alone(seen, start, end) and (
            key not in homonyms or _TRADE.search(sentence.lower()) is not None
        )
        if items:
            yield FoundWord(items, text[start:end], start, end, sentence, certain)


def _singular(key: str, known: Mapping[str, tuple[str, ...]]) -> str:
    return next((key.removesuffix(s) for s in ("s", "es") if key.endswith(s) and key.removesuffix(s) in known), key)


def _disarmed(seen: str, languages: tuple[str, ...]) -> str:
    """`seen` with the phrases struck out that hold an item's word and mean something else."""
    phrases = [row["pattern"] for row in rows("false_friends") if row["language"] in languages]
    return re.sub("|".join(phrases), lambda found: "\0" * len(found[0]), seen) if phrases else seen


def _stands_alone(seen: str, start: int, end: int) -> bool:
    before, after = seen[start - 1 : start], seen[end : end + 1]
    if end - start == 1 and re.match(f"[{_HAN}]", seen[start]):
        left = not re.match(f"[{_HAN}]", before) or before in _BEFORE_HAN
        return left and (not re.match(f"[{_HAN}]", after) or after in _AFTER_HAN)
    if re.match(f"[{_KATAKANA}]", seen[start]):
        return not re.match(f"[{_KATAKANA}]", before) and not re.match(f"[{_KATAKANA}]", after)
    return True


@dataclass(frozen=True)
class _Words:
    items: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]


@lru_cache(maxsize=16)
def _gathered(pairs: tuple[tuple[str, tuple[str, ...]], ...]) -> _Words:
    items = dict(pairs)
    return _Words(items, re.compile("|".join(_branches(items))))


def _words(catalogue: Catalogue, languages: Iterable[str]) -> _Words:
    merged: dict[str, set[str]] = {}
    for language in languages:
        for word, ids in catalogue.words(language).items():
            merged.setdefault(word, set()).update(ids)
            bare = re.sub(r"\s*\(.*?\)", "", word)  # "소다회(탄산나트륨)" is written without its gloss
            if bare and bare != word:
                merged.setdefault(bare, set()).update(ids)
    return _gathered(tuple((word, tuple(sorted(merged[word]))) for word in sorted(merged)))


def _branches(words: Iterable[str]) -> Iterator[str]:
    """One alternation for each way in which words stand in a text; a longer word is tried before its beginning."""
    kinds: dict[str, list[str]] = {"letters": [], "one": [], "short": [], "free": []}
    for word in words:
        kinds[_kind(word)].append(word)
    for kind, before, after in (
        ("letters", f"(?<![{_LETTER}])", f"(?:s|es)?(?![{_LETTER}])"),
        ("free", "", ""),
        ("short", f"(?<![{_HANGUL}])", f"(?=[^{_HANGUL}]|$|(?:{_PARTICLES})(?:[^{_HANGUL}]|$))"),
        ("one", f"(?<![{_HANGUL}])", f"(?=[^{_HANGUL}]|$|(?:{_AFTER_ONE})(?:[^{_HANGUL}]|$))"),
    ):
        if kinds[kind]:
            yield f"(?=[{firsts(kinds[kind])}]){before}(?:{trie(kinds[kind])}){after}"


def _kind(word: str) -> str:
    if re.match(f"[{_LETTER}]", word[-1]):
        return "letters"
    if re.fullmatch(f"[{_HANGUL}]+", word) and len(word) <= _SHORT:
        return "one" if len(word) == 1 else "short"
    return "free"
