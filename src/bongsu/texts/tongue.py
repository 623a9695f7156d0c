"""Which language a text is in, by script and stop words; and a text laid out for matching, letter by letter."""

import re
from enum import StrEnum
from functools import cache

from bongsu.texts.tables import rows

LOOKED_AT = 50_000  # characters


class Tongue(StrEnum):
    """A language of notices."""

    ZH_HANS = "zh-hans"
    ZH_HANT = "zh-hant"
    JA = "ja"
    KO = "ko"
    ID = "id"
    EN = "en"
    UNKNOWN = "und"

    @property
    def iso(self) -> str:
        """ISO 639-1, as the catalogue of items has it; "" for unknown."""
        return "" if self is Tongue.UNKNOWN else self.value.partition("-")[0]


_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]+")
_STOPS_EN = "the of and to in for shall with by on from is are be as this that which under"
_STOPS_ID = (
    "dan yang dengan untuk pada dari tentang atau ini dalam tidak sebagai mulai oleh pasal adalah ke tanggal "
    "nomor tahun ekspor impor larangan menteri peraturan"
)
_STOP_WORDS = {Tongue.EN: frozenset(_STOPS_EN.split()), Tongue.ID: frozenset(_STOPS_ID.split())}
_FEW_KANA, _FEW_HANGUL = 0.05, 0.2
_WIDE = {0xFF01 + offset: chr(0x21 + offset) for offset in range(0x5E)} | {0x3000: " ", 0x00A0: " "}


def tongue(text: str) -> Tongue:
    """The language that most of `text` is in; unknown where nothing speaks for one."""
    head = text[:LOOKED_AT]
    kana, hangul, han = (len(script.findall(head)) for script in (_KANA, _HANGUL, _HAN))
    latin = _LATIN.findall(head)
    letters = kana + hangul + han + sum(map(len, latin)) / 4  # a Latin word says as much as one or two signs
    if not letters:
        return Tongue.UNKNOWN
    if hangul > letters * _FEW_HANGUL and hangul > kana:
        return Tongue.KO
    if kana and kana > (kana + han) * _FEW_KANA and kana + han > letters * _FEW_HANGUL:
        return Tongue.JA
    if han > letters * _FEW_HANGUL:
        return _chinese(head)
    return _latin([word.lower() for word in latin])


def _chinese(text: str) -> Tongue:
    """Simplified or traditional: characters that only one of GB 2312 and Big5 has."""
    votes = sum(_vote(sign) for sign in _HAN.findall(text))
    return Tongue.ZH_HANT if votes < 0 else Tongue.ZH_HANS


@cache
def _vote(sign: str) -> int:
    simplified, traditional = (_has(sign, encoding) for encoding in ("gb2312", "big5"))
    return simplified - traditional


def _has(sign: str, encoding: str) -> int:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return 0
    return 1


def _latin(words: list[str]) -> Tongue:
    found = {language: sum(word in stops for word in words) for language, stops in _STOP_WORDS.items()}
    best = max(found, key=lambda language: found[language])
    return best if found[best] else Tongue.UNKNOWN


@cache
def _simplified() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in rows("han_variants")}


def view(text: str, language: Tongue) -> str:
    """`text` for matching, position by position: half-width, lower case, simplified where it is Chinese."""
    seen = text.translate(_WIDE)
    if language is Tongue.ZH_HANT:
        seen = seen.translate(_simplified())
    lower = seen.lower()
    if len(lower) == len(seen):
        return lower
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in seen)
