"""How months, days, shares and names are said in the sentences of signals and warnings."""

from datetime import date

from bongsu.codes.groups import partner_name
from bongsu.language import Text

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28  # Hangul syllables, and how many finals each may have
_NONE, _RIEUL = 0, 8
_DIGITS_WITH_FINAL = "013678"


def josa(word: str, with_final: str, without: str) -> str:
    """`word` with the Korean particle that fits its last sound; brackets at its end are passed over."""
    bare = word.partition("(")[0].rstrip(" )」”’") or word
    last = bare[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        final = (ord(last) - _FIRST) % _FINALS
        closed = final != _NONE and not (final == _RIEUL and with_final == "으로")
    elif last.isdigit():
        closed = last in _DIGITS_WITH_FINAL and not (last in "178" and with_final == "으로")
    else:
        closed = last.lower() in "lmn" and not (last.lower() == "l" and with_final == "으로")
    return word + (with_final if closed else without)


def country(code: str) -> Text:
    """A country's or group's name; its code where nobody knows it."""
    return partner_name(code) or Text(code, code)


def mid(name: str) -> str:
    """An English name inside a sentence: its first letter small, unless it opens an abbreviation or a formula."""
    word = name.partition(" ")[0]
    return name[:1].lower() + name[1:] if word[1:].islower() else name


def day(on: date) -> Text:
    """A day in words."""
    return Text(f"{on.year}년 {on.month}월 {on.day}일", f"{on.day} {on:%B} {on.year}")


def period(first: date, frequency: str) -> Text:
    """A period in words: a day, a week, a month, a quarter or a year."""
    if frequency == "A":
        return Text(f"{first.year}년", str(first.year))
    if frequency == "Q":
        quarter = (first.month + 2) // 3
        return Text(f"{first.year}년 {quarter}분기", f"Q{quarter} {first.year}")
    if frequency == "M":
        return Text(f"{first.year}년 {first.month}월", f"{first:%B} {first.year}")
    said = day(first)
    return Text(f"{said.ko} 주간", f"the week of {said.en}") if frequency == "W" else said


def per_cent(share: float) -> str:
    """A share of 0–1 as per cent, with a decimal only where it says something."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"
