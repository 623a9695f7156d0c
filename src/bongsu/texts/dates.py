"""Days in the notices of six languages, eras included; numbers that are no day are passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january jan januari", "february feb februari", "march mar maret", "april apr", "may mei",
            "june jun juni", "july jul juli", "august aug agustus agt", "september sep sept",
            "october oct oktober okt", "november nov", "december dec desember des",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# The first year of an era less one.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911, "中華民國": 1911, "中华民国": 1911}
_N = r"[0-9〇○零元一二三四五六七八九十]{1,4}"
_PATTERNS = (
    re.compile(rf"(?:(?P<era>{'|'.join(_ERAS)})\s?)?(?P<y>{_N})\s?年\s?(?P<m>{_N})\s?月\s?(?P<d>{_N})\s?日"),
    re.compile(r"(?P<y>\d{4})\s?년\s?(?P<m>\d{1,2})\s?월\s?(?P<d>\d{1,2})\s?일"),
    re.compile(
        r"(?<![\d.\-/])(?P<y>(?:19|20)\d{2})(?P<sep>[-/.])\s?(?P<m>\d{1,2})(?P=sep)\s?(?P<d>\d{1,2})(?![\d\-/]|\.\d)"
    ),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{_MONTH})\.?,?\s+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<![a-z])(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)"),
)
_HAN_DIGITS = {"〇": 0, "○": 0, "零": 0, **{sign: n for n, sign in enumerate("一二三四五六七八九", start=1)}}


@dataclass(frozen=True)
class FoundDate:
    """A day, and where it stands."""

    day: date
    start: int
    end: int


def find_dates(seen: str) -> tuple[FoundDate, ...]:
    """The days in a text (as `tongue.view` lays it out), in its order."""
    found = sorted(_all(seen), key=lambda one: (one.start, -one.end))
    kept: list[FoundDate] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _all(seen: str) -> Iterator[FoundDate]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(seen):
            day = _day(match.groupdict())
            if day is not None:
                yield FoundDate(day, match.start(), match.end())


def _day(parts: dict[str, str | None]) -> date | None:
    year, month, day = (
        number(parts["y"]),
        _MONTHS.get(parts.get("name") or "") or number(parts.get("m")),
        number(parts["d"]),
    )
    if year is None or month is None or day is None:
        return None
    year += _ERAS[era] if (era := parts.get("era")) else 0
    try:
        return date(year, month, day) if year > 1900 else None  # noqa: PLR2004 - an era's year without its era
    except ValueError:
        return None


def number(written: str | None) -> int | None:
    """A number in Arabic or Chinese digits: 15, 十五, 二十一, 二〇二一, 元; None where it is neither."""
    if not written or written.isdecimal():
        return int(written) if written else None
    if written == "元":
        return 1
    tens, ten, ones = written.partition("十")
    if not set(tens + ones) <= set(_HAN_DIGITS) or (ten and max(len(tens), len(ones)) > 1):
        return None
    if ten:
        return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)
    return int("".join(str(_HAN_DIGITS[sign]) for sign in written))
