"""Figures as statistical tables print them: marks, bounds, ranges, letters for "estimated", footnotes, rounding.

A mark is taken off a figure only where the layout proves that it is one. `1,2003` may be 1,200 with a footnote or a slip of
the pen; it is no figure, and the row goes to quarantine: a wrong figure is worse than none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bongsu.language import Text
from bongsu.records.formats import NotANumber, Unknown, number
from bongsu.sources.typed_rows import BadCellError

# Letters before the digits: e estimated, r revised. No number begins with a letter.
_LETTERS = re.compile(r"^(?P<letters>e|r|er|re)\s*(?=[\d>.])")
# Footnotes after the digits: raised figures, "(3)" after a blank, or the old "3/" behind a full group of thousands.
_FOOTNOTE = re.compile(r"(?<=\d)(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\s+\(\d{1,2}\)|\s+\d{1,2}/)$|(?<=,\d{3})\d{1,2}/$")
_BOUND = re.compile(r"^(?P<side>>|≥|<|≤|(?i:more than|less than))\s*(?P<figure>.+)$")
_RANGE = re.compile(r"^(?P<low>\d[\d,.]*)\s*(?:-|–|—|\bto\b)\s*(?P<high>\d[\d,.]*)$")
_STUCK = re.compile(r"^\d{1,3}(,\d{3})*,\d{4,5}$")


@dataclass(frozen=True)
class Printed:
    """What one cell states.

    Args:
        value: the figure; None where no single one is stated.
        least, most: bounds, where the cell prints those instead.
        rounded_to: the figure is printed to multiples of this; None where that is not known.
        stated: one of `records.shapes.STATED`.
        mark: what is printed in place of a figure.
        estimated: True where a letter says so.
    """

    value: float | None = None
    least: float | None = None
    most: float | None = None
    rounded_to: float | None = None
    stated: str = "figure"
    mark: str | None = None
    estimated: bool | None = None

    def parted_by(self, parts: int) -> "Printed":
        """The same in another unit: 100 makes shares of per cent."""
        figures = (self.value, self.least, self.most, self.rounded_to)
        value, least, most, rounded_to = (None if one is None else _parted(one, parts) for one in figures)
        return replace(self, value=value, least=least, most=most, rounded_to=rounded_to)


def printed(text: str, marks: Mapping[str, str], significant: int | None = None) -> Printed:
    """What a cell states.

    Args:
        text: the cell.
        marks: in small letters, mark → one of STATED, or "nil" for a mark that means zero.
        significant: how many leading digits the publisher never rounds away; None where zeros at the end are digits.

    Raises:
        BadCellError: `bad_number`, `negative_value` or `bad_range`; the row goes to quarantine.
    """
    bare = " ".join(text.split())
    said = marks.get(bare.casefold())
    if said == "nil":
        return Printed(0.0, mark=bare)
    if said is not None:
        return Printed(stated=said, mark=bare or None)
    letters = _LETTERS.match(bare)
    body = _FOOTNOTE.sub("", bare[letters.end() :] if letters else bare)
    found = _figure(body, significant)
    return replace(found, estimated=True) if letters and "e" in letters["letters"] else found


def _figure(body: str, significant: int | None) -> Printed:
    bound, span = _BOUND.match(body), _RANGE.match(body)
    if span:
        low, high = _plain(span["low"], body), _plain(span["high"], body)
        if low >= high:
            raise BadCellError("bad_range", Text(f"범위가 거꾸로입니다: {body}", f"a range turned round: {body}"))
        return Printed(least=low, most=high, stated="bounds", mark=body)
    if bound:
        figure = _plain(bound["figure"], body)
        lower = bound["side"].casefold() in {">", "≥", "more than"}
        return Printed(least=figure if lower else 0.0, most=None if lower else figure, stated="bounds", mark=body)
    return Printed(_plain(body, body), rounded_to=rounding(body, significant))


def _parted(figure: float, parts: int) -> float:
    """4.1 % is 0.041 and not 0.040999…: the digits are divided, not the binary number."""
    return float(Decimal(repr(figure)) / parts)


def rounding(body: str, significant: int | None) -> float:
    """The multiple that a figure is printed to: "20.6" to 0.1; "1,310,000" to 10,000 by a publisher who rounds to digits.

    Zeros at the end can be digits as well: only those behind the first `significant` digits count as rounded away.
    """
    digits = re.sub(r"[,\s]", "", body)
    whole, _, decimals = digits.partition(".")
    if decimals or significant is None:
        return 10.0 ** -len(decimals)
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10.0 ** min(zeros, max(len(whole) - significant, 0))


def _plain(text: str, cell: str) -> float:
    found = NotANumber(text) if re.search("[eE]", text) else number(text)  # tables print no exponents
    if isinstance(found, Unknown | NotANumber):
        raise BadCellError("bad_number", _stuck(cell) if _STUCK.match(text) else _unread(cell))
    if found < 0:
        raise BadCellError("negative_value", Text(f"음수일 수 없습니다: {cell}", f"cannot be below zero: {cell}"))
    return found


def _unread(cell: str) -> Text:
    return Text(f"수도 아니고 아는 표지도 아닙니다: {cell}", f"neither a number nor a mark that we know: {cell}")


def _stuck(cell: str) -> Text:
    return Text(
        f"각주 번호가 수에 붙은 듯하나 단정할 수 없습니다: {cell}",
        f"a footnote may be stuck to the number, but nothing proves it: {cell}",
    )
