"""The Harmonized System of 2022: sections, chapters, headings, subheadings. A code is text, never a number."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

Level = Literal["chapter", "heading", "subheading", "national"]

# Eight digits are the EU's, nine Japan's, ten most others'.
_LEVELS: Mapping[int, Level] = {
    2: "chapter", 4: "heading", 6: "subheading", 8: "national", 9: "national", 10: "national",
}  # fmt: skip
_ASCII_DIGITS = re.compile(r"[0-9]+")
# "8112.92", "3102.10-0000", "0101 21 00 00": a first group of 2, 4 or 6 digits, then groups of 2 or 4, and perhaps a
# last one of 3 (Japan's "3818.00-100"). A number that went through a spreadsheet ("310210.0") is refused.
_GROUPED = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}(?:[.\- ][0-9]{2}(?:[0-9]{2})?)*(?:[.\- ][0-9]{2,4})")


@dataclass(frozen=True, slots=True)
class HsName(Text):
    """A name in the HS.

    Args:
        ko_known: False where we hold no Korean name, and `ko` gives the English one.
    """

    ko_known: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the HS: its Roman number and its name."""

    number: str
    name: Text


def normalise(code: str, digits: int, *, lost_zeros: bool = False) -> str | None:
    """The code as bare digits, or None where it is not one of that length.

    Args:
        code: text, with or without dots, hyphens or blanks between its groups.
        digits: the length that the source promises: 2, 4, 6, 8, 9 or 10.
        lost_zeros: the caller knows that the source wrote codes as numbers, so one digit too few is a lost zero.
            Without that knowledge it is refused: nine digits are a Korean code without its zero, or a Japanese one.

    Raises:
        UnknownCodeError: `code` is not text; as a number its leading zeros are gone.
    """
    if not isinstance(code, str):
        raise _not_text(code)
    bare = code.strip()
    if _GROUPED.fullmatch(bare):
        bare = re.sub(r"[.\- ]", "", bare)
    if not _ASCII_DIGITS.fullmatch(bare) or digits not in _LEVELS:
        return None
    if lost_zeros and len(bare) == digits - 1:
        bare = f"0{bare}"
    return bare if len(bare) == digits else None


def level(code: str) -> Level | None:
    """How deep a code lies, by its length; None where it is not a code of 2, 4, 6, 8, 9 or 10 digits."""
    return _LEVELS.get(len(code)) if _ASCII_DIGITS.fullmatch(code) else None


def hs_name(code: str) -> HsName | None:
    """The name of a chapter, heading or subheading; None where the HS has no such code (national codes included)."""
    row = _tree().get(code)
    if row is None:
        return None
    korean = _korean_chapters().get(code)
    return HsName(korean or row["name_en"], row["name_en"], ko_known=korean is not None)


def hs_codes(digits: int) -> tuple[str, ...]:
    """All codes of 2, 4 or 6 digits, in order."""
    return tuple(code for code in _tree() if len(code) == digits)


def parent(code: str) -> str | None:
    """The code one level up: 6 digits under a national code, then 4, then 2; None above a chapter or for no code."""
    if level(code) in (None, "chapter"):
        return None
    return code[: min(len(code) - 2, 6)]


def children(code: str) -> tuple[str, ...]:
    """The codes one level down, in order; empty below a subheading, whose national codes are not ours to list."""
    return _children().get(code, ())


def section(code: str) -> Section | None:
    """The section that a code of any length stands in; None where its chapter is unknown or in no section (99)."""
    row = _tree().get(code[:2])
    return _sections().get(row["section"]) if row else None


@cache
def _tree() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("hs")}


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in _tree():
        if above := parent(code):
            found[above].append(code)
    return {above: tuple(codes) for above, codes in found.items()}


@cache
def _korean_chapters() -> Mapping[str, str]:
    return {row["chapter"]: row["ko"] for row in rows("hs_chapters_ko")}


@cache
def _sections() -> Mapping[str, Section]:
    return {
        row["section"]: Section(row["section"], Text(row["name_ko"], row["name_en"])) for row in rows("hs_sections")
    }


def _not_text(code: object) -> UnknownCodeError:
    return UnknownCodeError(
        Text(f"품목번호 {code!r}이(가) 글자가 아닙니다.", f"the code {code!r} is not text."),
        mend=Text(
            "품목번호 열을 텍스트로 읽으십시오. 숫자로 읽으면 앞자리 0이 지워집니다.",
            "Read the column of codes as text: as numbers they lose their leading zeros.",
        ),
    )
