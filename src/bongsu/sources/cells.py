"""Cells that repeat (periods, codes, countries): each distinct word is read once, however many rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.language import Text

Ids = npt.NDArray[np.int32]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Fault:
    """Why a word cannot be taken: a stable reason, and the sentence for people."""

    reason: str
    detail: Text


@dataclass(frozen=True)
class Coded:
    """A column as numbers into its distinct words; -1 where the cell is empty.

    Args:
        ids: one number a row.
        words: what each number stands for: a value, or the `Fault` that the cell is.
    """

    ids: Ids
    words: tuple[Any, ...]

    def read(self, meaning: Callable[[Any], Any]) -> "Coded":
        """Each distinct word through `meaning`, which gives a value, None for an empty cell, or a Fault."""
        values = [word if isinstance(word, Fault) else meaning(word) for word in self.words]
        lookup: dict[Any, int] = {}
        target = [-1 if value is None else lookup.setdefault(value, len(lookup)) for value in values]
        return Coded(np.array([*target, -1], dtype=np.int32)[self.ids], tuple(lookup))

    def take(self, which: npt.NDArray[Any]) -> "Coded":
        """The rows that `which` picks (a mask or positions)."""
        return Coded(self.ids[which], self.words)


def coded(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A column of any type as Python values; blanks around text are dropped, an empty text is empty."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    ids = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Coded(ids, tuple(array.dictionary.to_pylist())).read(_plain)


def constant(value: Any, rows: int) -> Coded:  # noqa: ANN401 - any word may stand in a column
    """One word for all rows; None leaves them empty."""
    return Coded(np.full(rows, -1 if value is None else 0, dtype=np.int32), () if value is None else (value,))


def together(parts: Sequence[Coded]) -> Coded:
    """Columns one below the other."""
    lookup: dict[Any, int] = {}
    ids = []
    for part in parts:
        target = [lookup.setdefault(word, len(lookup)) for word in part.words]
        ids.append(np.array([*target, -1], dtype=np.int32)[part.ids])
    return Coded(np.concatenate(ids), tuple(lookup))


def crossed(left: Coded, right: Coded) -> Coded:
    """Two columns as one of pairs; empty where either is."""
    width = len(right.words) + 1
    empty = (left.ids < 0) | (right.ids < 0)
    pair = np.where(empty, np.int64(-1), left.ids.astype(np.int64) * width + right.ids)
    found, ids = np.unique(pair, return_inverse=True)
    words = [None if one < 0 else (left.words[one // width], right.words[one % width]) for one in found.tolist()]
    return Coded(ids.astype(np.int32), tuple(words)).read(lambda word: word)


def _plain(word: Any) -> Any:  # noqa: ANN401 - a cell of any type
    if isinstance(word, str):
        return word.strip() or None
    if isinstance(word, float):
        return None if word != word else int(word) if word.is_integer() else word  # noqa: PLR0124 - NaN
    return word


def as_code(word: Any, digits: int | None, *, lost_zeros: bool) -> str | Fault:  # noqa: ANN401 - text or a number
    """A commodity code as digits. Zeros are put back only where `lost_zeros` allows it: they are never guessed.

    Args:
        word: the cell: digits, perhaps with dots, blanks or apostrophes around it, or a number.
        digits: how long every code of the file is, where the user says so. Nine digits (Japan's) are taken only then:
            unsaid, they could as well be ten that lost a zero.
        lost_zeros: does the user say that leading zeros were lost?
    """
    text = re.sub(r"\.0$", "", str(word).strip().strip("'’"))
    code = re.sub(r"[.\s-]", "", text)
    if not re.fullmatch(r"[0-9]{1,10}", code):
        return Fault("bad_code", Text(f"품목부호가 아닙니다: {word}", f"not a commodity code: {word}"))
    short = len(code) == digits - 1 if digits else len(code) % 2 == 1
    if short and lost_zeros:
        code = f"0{code}"
    if len(code) != digits if digits else len(code) % 2:
        return Fault(
            "bad_code",
            Text(
                f"품목부호의 자릿수가 맞지 않습니다: {word} (앞자리 0이 지워졌다면 lost_zeros: true, 아홉 자리 부호라면"
                " code_digits: 9)",
                f"a commodity code of the wrong length: {word} (if leading zeros were lost, say lost_zeros: true; if it"
                " has nine digits, say code_digits: 9)",
            ),
        )
    return code


def as_period(word: Any, frequency: str | None, pattern: str = "auto") -> tuple[date, str] | Fault:  # noqa: ANN401
    """The first day of a period, and its frequency (M, Q or A).

    Args:
        word: text ("2026.01", "202606", "2021M10", "2021년 10월", "2021-Q3", "2021년 3분기", "2021-10-01", "2021"), a
            number, a date, or a pair of year and month.
        frequency: what the user or the source says; a month of a yearly file means its year, one of a quarterly file
            its quarter.
        pattern: a strptime pattern, or auto.
    """
    found = _dated(word) if pattern == "auto" or not isinstance(word, str | int) else _by(str(word), pattern)
    if found is None:
        return Fault("bad_period", Text(f"기간을 읽을 수 없습니다: {word}", f"cannot read the period: {word}"))
    year, month, own = found
    if month is None and frequency in ("M", "Q"):
        return Fault("bad_period", Text(f"월이 없는 기간입니다: {word}", f"a period without a month: {word}"))
    if own == "Q" and frequency not in (None, "Q"):
        return Fault("bad_period", Text(f"분기입니다: {word}", f"a quarter is no period of this file: {word}"))
    if not 1900 <= year <= 2200 or not 1 <= (month or 1) <= 12:  # noqa: PLR2004 - a year and a month, plainly
        return Fault("bad_period", Text(f"있을 수 없는 기간입니다: {word}", f"no such period: {word}"))
    if frequency == "A" or month is None:
        return date(year, 1, 1), "A"
    quarterly = (frequency or own) == "Q"
    return (date(year, (month - 1) // 3 * 3 + 1, 1), "Q") if quarterly else (date(year, month, 1), "M")


Found = tuple[int, int | None, str | None]  # year, month, and the frequency that the word itself states


def _by(text: str, pattern: str) -> Found | None:
    try:
        found = datetime.strptime(text, pattern)  # noqa: DTZ007 - a period has no hour
    except ValueError:
        return None
    monthly = any(part in pattern for part in ("%m", "%b", "%B", "%d", "%j"))
    return found.year, found.month if monthly else None, None


_QUARTER = re.compile(r"(?P<y>\d{4})\s*(?:[-/.]?\s*[qQ]\s*(?P<q>[1-4])|년\s*(?P<k>[1-4])\s*/?\s*분기)")
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})(?P<m>\d{2})",
        r"(?P<y>\d{4})\s*[.\-/]\s*(?P<m>\d{2})\.?",
        r"(?P<y>\d{4})[-/](?P<m>\d)",
        r"(?P<y>\d{4})\s*[mM]\s*(?P<m>\d{1,2})",
        r"(?P<y>\d{4})\s*년\s*(?P<m>\d{1,2})\s*월",
        r"(?P<y>\d{4})[-./](?P<m>\d{2})[-./]\d{2}(?:[T ].*)?",
        r"(?P<y>\d{4})(?P<m>\d{2})\d{2}",
        r"(?P<y>\d{4})\s*년?",
        r"(?P<name>[A-Za-z]{3})[a-z]*\.?[ \-]+(?P<y>\d{4})",
        r"(?P<y>\d{4})[ \-]+(?P<name>[A-Za-z]{3})[a-z]*\.?",
    )
)


def _dated(word: Any) -> Found | None:  # noqa: ANN401 - see as_period
    if isinstance(word, date):
        return word.year, word.month, None
    if isinstance(word, tuple):
        year, month = str(word[0]).removesuffix("년"), _month(str(word[1]))
        return (int(year), month, None) if re.fullmatch(r"\d{4}", year) and month else None
    if quarter := _QUARTER.fullmatch(str(word)):
        return int(quarter["y"]), int(quarter["q"] or quarter["k"]) * 3, "Q"
    for shape in _SHAPES:
        found = shape.fullmatch(str(word))
        if found:
            parts = found.groupdict()
            month = _month(parts["name"]) if "name" in parts else int(parts["m"]) if "m" in parts else None
            return None if "name" in parts and month is None else (int(parts["y"]), month, None)
    return None


def _month(word: str) -> int | None:
    text = word.strip().removesuffix("월").removesuffix(".0")
    if re.fullmatch(r"\d{1,2}", text):
        return int(text)
    return MONTHS.index(text[:3].lower()) + 1 if text[:3].lower() in MONTHS else None
