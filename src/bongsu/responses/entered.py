"""What people enter, checked before it is kept: names, prose, dates, codes, markings.

A name or a title is shown in lists beside others', so it may hold nothing that is unseen or turns the text around it:
control characters, bidirectional controls and zero-width characters are **refused**, and the error says so. Prose is
kept as it was typed and is escaped where it is shown; only NUL and broken characters, which no database can hold, are
refused.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from bongsu.codes.countries import country
from bongsu.codes.groups import groups
from bongsu.language import BadInputError, BongsuError, Text
from bongsu.people.errors import InvalidError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import Reader
from bongsu.responses.home import home_catalogue
from bongsu.responses.states import ORIGINS, RELIABILITY
from bongsu.texts.acts import INSTRUMENTS

MOST_PROSE = 100_000  # characters
MOST_NAME = 200
MOST_ITEMS = 50
MOST_LINK = 500
EARLIEST = date(1900, 1, 1)  # nothing that is seen today is older, and every clock can hold it
MEASURE = ("issuer", "number", "instrument", "direction", "announced", "effective", "until", "hs_codes")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_CODE = re.compile(r"[0-9]{2,10}")
_LINK = re.compile(r"https?://[^\s<>\"'\\]+")


def _off(where: str, ko: str, en: str, mend: Text | None = None) -> InvalidError:
    return InvalidError(Text(ko, en), where=where, mend=mend)


def _is_text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _off(where, "글자가 아닙니다.", "it is not text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _off(where, "깨진 글자가 있습니다.", "it holds a broken character.") from None
    if "\0" in value:
        raise _off(where, "NUL 문자가 있습니다.", "it holds a NUL character.")
    return value


def name(value: object, where: str, *, most: int = MOST_NAME) -> str:
    """A title or a name: one line, composed (NFC), with nothing unseen in it.

    Raises:
        InvalidError: it is too long, or holds control, bidirectional or zero-width characters.
    """
    text = unicodedata.normalize("NFC", _is_text(value, where)).strip()
    unseen = next((one for one in text if unicodedata.category(one) in _UNSEEN), None)
    if unseen is not None:
        raise _off(
            where,
            f"보이지 않는 문자(U+{ord(unseen):04X})가 있습니다.",
            f"it holds a character that cannot be seen (U+{ord(unseen):04X}).",
            Text("지우고 다시 쓰십시오.", "Remove it."),
        )
    if len(text) > most:
        raise _off(where, f"{most}자를 넘습니다.", f"it is longer than {most} characters.")
    return text


def seen(text: str, *, most: int = MOST_NAME) -> str:
    """What of a foreign text can be seen, on one line: for a title that we fill in, not for one that is typed."""
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    return "".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN).strip()[:most].strip()


def prose(value: object, where: str, *, most: int = MOST_PROSE) -> str:
    """Prose, verbatim.

    Raises:
        InvalidError: it is too long, or holds what no database can keep.
    """
    text = _is_text(value, where)
    if len(text) > most:
        raise _off(where, f"{most:,}자를 넘습니다.", f"it is longer than {most:,} characters.")
    return text


def needed(text: str, where: str) -> str:
    """A text that may not be empty."""
    if not text.strip():
        raise _off(where, "비어 있습니다.", "it is empty.", Text("내용을 적으십시오.", "Write something."))
    return text


def items(value: object, where: str = "items") -> list[str]:
    """Ids of watched items, each once, in order.

    Raises:
        InvalidError: there is no such item, or there are too many.
    """
    told = _sequence(value, where)
    known = home_catalogue().items
    for one in told:
        if one not in known:
            raise _off(where, f"'{seen(one)}' 품목은 없습니다.", f"there is no item '{seen(one)}'.")
    if len(told) > MOST_ITEMS:
        raise _off(where, f"{MOST_ITEMS}개를 넘습니다.", f"there are more than {MOST_ITEMS}.")
    return list(dict.fromkeys(told))


def _sequence(value: object, where: str) -> list[str]:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise _off(where, "목록이 아닙니다.", "it is not a list.")
    return [_is_text(one, where) for one in value]


def place(value: object, where: str = "place") -> str:
    """ISO alpha-3 of a country, or a group's code; "" for none.

    Raises:
        InvalidError: there is no such country.
    """
    told = _is_text(value, where).strip().upper()
    if not told or told in groups():
        return told
    try:
        return country(told).alpha3
    except BongsuError:
        raise _off(where, f"'{seen(told)}': 그런 나라가 없습니다.", f"there is no country '{seen(told)}'.") from None


def link(value: object, where: str = "link") -> str:
    """An address on the web, or "".

    Raises:
        InvalidError: it is anything else, a script for one.
    """
    told = _is_text(value, where).strip()
    if told and (len(told) > MOST_LINK or not _LINK.fullmatch(told)):
        raise _off(
            where,
            "웹 주소가 아닙니다.",
            "it is no web address.",
            Text("https:// 로 시작합니다.", "It begins with https://."),
        )
    return told


def day(value: object, where: str) -> date | None:
    """A day, or None for none.

    Raises:
        InvalidError: it is no day, or one before `EARLIEST`.
    """
    if value is None or value == "":
        return None
    told = value if isinstance(value, date) and not isinstance(value, datetime) else _day(value, where)
    if told < EARLIEST:
        raise _off(where, f"{EARLIEST.year}년보다 이른 날입니다.", f"it is before {EARLIEST.year}.")
    return told


def _day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(_is_text(value, where))
    except ValueError:
        raise _off(
            where, "날짜가 아닙니다.", "it is not a date.", Text("2021-10-13 처럼 쓰십시오.", "Write 2021-10-13.")
        ) from None


def choice(value: object, where: str, among: Sequence[str]) -> str:
    """One of a list of words, or "".

    Raises:
        InvalidError: it is another word.
    """
    told = _is_text(value, where).strip()
    if told and told not in among:
        there = ", ".join(among)
        raise _off(
            where, "쓸 수 없는 값입니다.", "it is no such word.", Text(f"있는 것: {there}.", f"There are: {there}.")
        )
    return told


def origin(value: object) -> str:
    """Who said so."""
    return choice(value, "origin", tuple(ORIGINS))


def reliability(value: object, where: str = "reliability") -> str:
    """A–F, or ""."""
    return choice(value, where, tuple(RELIABILITY))


def measure(value: object, where: str = "measure") -> dict[str, Any]:
    """What was seen of a measure, as JSON: only what was filled in, each of its own kind.

    Raises:
        InvalidError: a name that is not one of `MEASURE`, or a value of another kind.
    """
    if not isinstance(value, Mapping):
        raise _off(where, "항목과 값의 묶음이 아닙니다.", "it is not a mapping.")
    strange = [one for one in value if one not in MEASURE]
    if strange:
        raise _off(
            where,
            f"'{seen(str(strange[0]))}' 항목은 없습니다.",
            f"there is no field '{seen(str(strange[0]))}'.",
            Text(f"있는 것: {', '.join(MEASURE)}.", f"There are: {', '.join(MEASURE)}."),
        )
    kept = {key: _MEASURED[key](value[key], f"{where}.{key}") for key in MEASURE if value.get(key) is not None}
    return {key: one.isoformat() if isinstance(one, date) else one for key, one in kept.items() if one}


def is_code(told: str) -> bool:
    """Is it 2 to 10 digits?"""
    return _CODE.fullmatch(told) is not None


def _codes(value: object, where: str) -> list[str]:
    told = [one.replace(".", "").replace(" ", "") for one in _sequence(value, where)]
    if len(told) > MOST_PROSE // 100 or not all(map(is_code, told)):
        raise _off(
            where, "HS 부호가 아닙니다.", "it is no HS code.", Text("숫자 2–10자리로 쓰십시오.", "Give 2 to 10 digits.")
        )
    return list(dict.fromkeys(told))


_MEASURED: Mapping[str, Any] = {
    "issuer": name,
    "number": name,
    "instrument": lambda value, where: choice(value, where, INSTRUMENTS),
    "direction": lambda value, where: choice(value, where, ("export", "import")),
    "announced": day,
    "effective": day,
    "until": day,
    "hs_codes": _codes,
}


def grade(value: object, reader: Reader) -> Grade:
    """A grade that this installation may hold and that the writer may read.

    Raises:
        InvalidError: it is above either; only a reference number may be kept here.
    """
    told: Grade = _marking(Grade, value, "grade")
    if told > settings.GRADE:
        raise _off(
            "grade",
            f"{told.name}등급 내용은 이곳에 넣을 수 없습니다.",
            f"this installation may not hold entries of grade {told.name}.",
            Text("그 문서의 번호만 적으십시오.", "Enter only the reference number of that document."),
        )
    if told > reader.grade:
        raise _off("grade", "자신이 볼 수 있는 등급보다 높습니다.", "it is above what you may read.")
    return told


def tlp(value: object, reader: Reader) -> Tlp:
    """A sharing that the writer is part of.

    Raises:
        InvalidError: it is narrower than that.
    """
    told: Tlp = _marking(Tlp, value, "tlp")
    if told > reader.tlp:
        raise _off("tlp", "자신이 볼 수 있는 공유 범위보다 좁습니다.", "it is narrower than what you may read.")
    return told


def _marking(kind: Any, value: object, where: str) -> Any:  # noqa: ANN401 - either of the two
    try:
        return kind.read(value) if isinstance(value, str) else kind(value)
    except BadInputError as error:
        raise InvalidError(error.what, where=where, mend=error.mend) from None
    except ValueError:
        raise _off(where, "없는 표시입니다.", "there is no such marking.") from None
