"""Numbers as publishers print them: separators, brackets for minus, marks where no figure is given."""

import math
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Decimal = Literal[".", ","]

# A mark says "no figure here", each publisher in its own way: withheld, not available, not applicable. It
# is kept as printed: what it means (USGS "W" withheld, "E" net exporter) is the reader's to say.
MARKERS = frozenset(
    {
        "",
        "…",
        "...",
        "..",
        "-",
        "--",
        "–",
        "—",
        "n/a",
        "n.a.",
        "na",
        "nan",
        "null",
        "(d)",
        "d",
        "w",
        "e",
        "(s)",
        "s",
    }
    | {"xx", "x", "(x)", ":"}
)

_SPACES = " \u00a0\u202f\u2009"  # plain, no-break, narrow no-break, thin
_PLAIN = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"
_GROUPED = r"^-?[0-9]{1,3}(,[0-9]{3}){1,5}(\.[0-9]{1,18})?$"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The publisher states no figure; `marker` is what stands in its place, "" for an empty cell."""

    marker: str


@dataclass(frozen=True, slots=True)
class NotANumber:
    """The text is neither a number nor a known mark: the row goes to quarantine as `bad_number`."""

    text: str


class Numbers(NamedTuple):
    """A column of texts read as numbers; the three have the column's length.

    values: float64, null where unknown or bad.
    markers: string, the mark where the publisher states no figure, null elsewhere.
    bad: bool, true where the text is neither.
    """

    values: pa.Array
    markers: pa.Array
    bad: pa.Array


def _grammar(decimal: Decimal) -> re.Pattern[str]:
    point, comma = re.escape(decimal), "," if decimal == "." else r"\."
    groups = "|".join(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+" for mark in (comma, *_SPACES, "['’]"))
    return re.compile(rf"[+-]?(?:(?:{groups}|[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")


_GRAMMARS: dict[Decimal, re.Pattern[str]] = {".": _grammar("."), ",": _grammar(",")}


def number(text: str | None, decimal: Decimal = ".") -> float | Unknown | NotANumber:
    """What one cell says.

    Args:
        text: the cell; "1,234.5", "1 234", "(123)" for minus, or a mark of `MARKERS` in any case.
        decimal: the decimal sign; "1.234,5" is read only when told ",".

    Returns:
        The number, `Unknown` with the mark as printed, or `NotANumber`. "1,23" is `NotANumber` under ".": a
        comma that does not part thousands may be a decimal sign, and a guess could be wrong a hundredfold.
    """
    bare = (text or "").strip()
    if bare.casefold() in MARKERS:
        return Unknown(bare)
    negative = bare.startswith("(") and bare.endswith(")")
    body = (bare[1:-1].strip() if negative else bare).replace("−", "-")
    if not _GRAMMARS[decimal].fullmatch(body) or (negative and body[0] in "+-"):
        return NotANumber(text or "")
    kept = "".join(sign for sign in body if sign in "+-0123456789eE" or sign == decimal)
    value = float(kept.replace(decimal, "."))
    if math.isinf(value):
        return NotANumber(text or "")
    return -value if negative else value


def numbers(column: pa.Array | pa.ChunkedArray, decimal: Decimal = ".") -> Numbers:
    """The same for a whole column of strings, by Arrow kernels where the cells are plain.

    Args:
        column: strings; a null counts as an empty cell.
        decimal: as in `number`.
    """
    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    texts = pc.fill_null(texts.cast(pa.string()), "")
    values = pa.nulls(len(texts), pa.float64())
    rest = pa.array(np.ones(len(texts), dtype=bool))
    if decimal == ".":
        values = _cast_where(texts, pc.match_substring_regex(texts, _PLAIN))
        rest = pc.is_null(values)
        if pc.any(rest).as_py():
            grouped = pc.match_substring_regex(texts, _GROUPED)
            values = pc.coalesce(values, _cast_where(pc.replace_substring(texts, ",", ""), grouped))
            rest = pc.is_null(values)
    return _with_the_rest(texts, values, rest, decimal)


def _cast_where(texts: pa.Array, mask: pa.Array) -> pa.Array:
    return pc.if_else(mask, texts, pa.scalar(None, pa.string())).cast(pa.float64())


def _with_the_rest(texts: pa.Array, values: pa.Array, rest: pa.Array, decimal: Decimal) -> Numbers:
    """Read what the kernels left, each distinct text once."""
    left = pc.if_else(rest, texts, pa.scalar(None, pa.string())).dictionary_encode()
    read = [number(text, decimal) for text in left.dictionary.to_pylist()]
    floats = pa.array([cell if isinstance(cell, float) else None for cell in read], pa.float64())
    marks = pa.array([cell.marker if isinstance(cell, Unknown) else None for cell in read], pa.string())
    wrong = pa.array([isinstance(cell, NotANumber) for cell in read], pa.bool_())
    return Numbers(
        values=pc.coalesce(values, floats.take(left.indices)),
        markers=marks.take(left.indices),
        bad=pc.fill_null(wrong.take(left.indices), fill_value=False),
    )
