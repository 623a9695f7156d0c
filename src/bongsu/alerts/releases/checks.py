"""What may stand in a release: plain text in two languages, and nothing that only officers may know."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn
from urllib.parse import urlsplit

from bongsu.alerts.actions.acting import said
from bongsu.alerts.releases.fold import TEXTS, WORDS
from bongsu.items.catalogue import Catalogue
from bongsu.language import Text
from bongsu.people.errors import InvalidError

MOST_TITLE, MOST_LINK, MOST_CODES = 200, 500, 200
NAMES = {
    "title_ko": Text("제목(한국어)", "title in Korean"),
    "title_en": Text("제목(영어)", "title in English"),
    "obligation_ko": Text("의무 사항(한국어)", "obligation in Korean"),
    "obligation_en": Text("의무 사항(영어)", "obligation in English"),
    "alternatives_ko": Text("대안(한국어)", "alternatives in Korean"),
    "alternatives_en": Text("대안(영어)", "alternatives in English"),
    "items": Text("품목", "list of items"),
    "hs_codes": Text("HS 부호", "list of HS codes"),
    "deadline": Text("기한", "deadline"),
    "original": Text("원문 링크", "link to the original"),
}
_NEEDED = ("title_ko", "title_en", "obligation_ko", "obligation_en", "hs_codes", "original")

_PARTICLES = "로|에|의|이|가|는|은|를|을|까지|부터|와|과|도|만|라|였|인"
_LEVEL = re.compile(
    rf"봉수|[1-5삼사오]\s?거(?:(?![가-힣])|(?={_PARTICLES}))"
    r"|\b(?:[1-5]|one|two|three|four|five)[\s-]+fires?\b|\bbeacon\b"
)
_PER_CENT = r"\d[\d.,]*\s*(?:%|퍼센트|프로|per\s?cent)"
_PROBABILITY = re.compile(
    rf"확률|개연성|\bprobabilit|\blikelihood\b|\bodds\b|가능성[^.]{{0,20}}{_PER_CENT}|{_PER_CENT}[^.]{{0,12}}(?:가능성|chance|likely)"
    rf"|\bchances?\b[^.]{{0,20}}{_PER_CENT}"
)
# As many characters in a row as no two people write by chance: of Hangul or Han, and of letters.
_RUN_HAN, _RUN_LETTERS = 24, 60
_HAN = re.compile(r"[가-힣㐀-鿿ぁ-ヿ]")
_MOSTLY = 0.7


def checked(words: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """What was entered, as it is kept.

    Raises:
        InvalidError: naming the field.
    """
    odd = sorted(set(words) - set(WORDS))
    if odd:
        raise TypeError(f"no such part of a release: {', '.join(odd)}")
    given = {"items": (), "hs_codes": (), "deadline": None, "original": "", **dict.fromkeys(TEXTS, ""), **words}
    kept = {name: _text(name, given[name]) for name in TEXTS}
    _check_words(kept)
    return {
        **kept,
        "items": _items(given["items"], catalogue),
        "hs_codes": list(codes(given["hs_codes"])),
        "deadline": _day(given["deadline"]),
        "original": _link(given["original"]),
    }


def check_whole(kept: Mapping[str, Any]) -> None:
    """Is it fit to go out: both languages, its codes, and the original?"""
    for name in _NEEDED:
        if not kept[name]:
            _off(name, Text("비어 있습니다", "is empty"), Text("채운 뒤 승인하십시오.", "Fill it in before approval."))
    if bool(kept["alternatives_ko"]) != bool(kept["alternatives_en"]):
        name = "alternatives_en" if kept["alternatives_ko"] else "alternatives_ko"
        _off(name, Text("비어 있습니다", "is empty"), Text("두 말로 다 적으십시오.", "Write it in both languages."))


def check_apart(kept: Mapping[str, Any], reports: Iterable[str]) -> None:
    """Does it repeat what missions have reported on the alert? What they wrote is never quoted here either."""
    secret = {run for report in reports for run in _runs(report)}
    for name in TEXTS:
        if any(run in secret for run in _runs(kept[name])):
            _off(name, Text("공관보고의 문장을 옮겼습니다", "repeats the text of a mission report"), _OWN_WORDS)


def codes(told: Iterable[str]) -> tuple[str, ...]:
    """HS codes as digits: 2 to 10, an even number of them.

    Raises:
        InvalidError: one is none.
    """
    kept = tuple(dict.fromkeys(re.sub(r"[\s.-]", "", one) for one in told))
    bad = next((one for one in kept if not re.fullmatch(r"(?:[0-9]{2}){1,5}", one)), None)
    if bad is not None:
        _off("hs_codes", Text(f"HS 부호가 아닙니다: {bad[:20]}", f"holds no HS code: {bad[:20]}"), _DIGITS)
    if len(kept) > MOST_CODES:
        _off("hs_codes", Text("너무 많습니다", "is too long"), _DIGITS)
    return kept


def known_items(told: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of items that there are.

    Raises:
        InvalidError: one is not there.
    """
    kept = tuple(dict.fromkeys(told))
    bad = next((one for one in kept if one not in catalogue.items), None)
    if bad is not None:
        mend = Text("품목 목록에서 고르십시오.", "Choose it from the list of items.")
        _off("items", Text(f"없는 품목입니다: {bad[:40]}", f"names no item: {bad[:40]}"), mend)
    return kept


def _items(told: Iterable[str], catalogue: Catalogue) -> list[str]:
    return list(known_items(told, catalogue))


def _text(name: str, told: str) -> str:
    """A text as kept; "" where nothing is written yet."""
    if not told.strip():
        return ""
    kept = said(told, NAMES[name])
    if name.startswith("title"):
        kept = " ".join(kept.split())
        if len(kept) > MOST_TITLE:
            _off(
                name,
                Text("너무 깁니다", "is too long"),
                Text("200자 안으로 줄이십시오.", "Shorten it to 200 characters."),
            )
    return kept


def _check_words(kept: Mapping[str, str]) -> None:
    for name in TEXTS:
        plain = _plain(kept[name])
        if _LEVEL.search(plain):
            _off(name, Text("봉수를 적었습니다", "tells the level"), _NOT_FOR_COMPANIES)
        if _PROBABILITY.search(plain):
            _off(name, Text("확률을 적었습니다", "tells a probability"), _NOT_FOR_COMPANIES)


def _plain(text: str) -> str:
    """As it reads, whatever it is written with: full-width digits, invisible characters, capitals."""
    shown = unicodedata.normalize("NFKC", "".join(one for one in text if unicodedata.category(one) != "Cf"))
    return " ".join(shown.casefold().split())


def _runs(text: str) -> Iterator[str]:
    """Every run of characters long enough to have been copied; blanks and marks do not count."""
    bare = "".join(one for one in _plain(text) if one.isalnum())
    for start in range(len(bare) - _RUN_HAN + 1):
        run = bare[start : start + _RUN_HAN]
        if len(_HAN.findall(run)) >= _MOSTLY * _RUN_HAN:
            yield run
        elif start + _RUN_LETTERS <= len(bare):
            yield bare[start : start + _RUN_LETTERS]


def _day(told: object) -> str | None:
    if told is None or told == "":
        return None
    try:
        return (told if isinstance(told, date) else date.fromisoformat(str(told))).isoformat()[:10]
    except ValueError:
        _off("deadline", Text("날짜가 아닙니다", "is no date"), Text("2026-12-31처럼 적으십시오.", "As in 2026-12-31."))


def _link(told: str) -> str:
    """An address that a reader may safely follow: http or https, a host, and nobody's password."""
    link = told.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        fits = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.password
    except ValueError:
        fits = False
    if not fits or len(link) > MOST_LINK or any(one.isspace() or not one.isprintable() for one in link) or "\\" in link:
        _off("original", Text("따라갈 수 있는 주소가 아닙니다", "is no address to follow"), _HTTPS)
    return link


def _off(name: str, what: Text, mend: Text) -> NoReturn:
    field = NAMES[name]
    raise InvalidError(Text(f"{field.ko}: {what.ko}.", f"the {field.en} {what.en}."), where=name, mend=mend)


_DIGITS = Text("숫자 2–10자리로, 200개까지 적으십시오.", "Give codes of 2 to 10 digits, 200 at most.")
_HTTPS = Text("https://로 시작하는 원문 주소를 적으십시오.", "Give the original's address; it begins with https://.")
_NOT_FOR_COMPANIES = Text(
    "기업에는 의무와 기한만 알립니다. 지우고 다시 저장하십시오.",
    "Companies are told their obligations and deadlines only: take it out and save again.",
)
_OWN_WORDS = Text(
    "공개된 원문을 보고 자기 말로 다시 쓰십시오.", "Write it in your own words, from the published original."
)
