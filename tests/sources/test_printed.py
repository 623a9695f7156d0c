"""Figures as tables print them: what is a mark is taken off only where the layout proves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sources.printed import Printed, printed, rounding
from bongsu.sources.typed_rows import BadCellError

MARKS = {"": "blank", "—": "nil", "w": "withheld", "na": "not available"}


def said(text: str) -> tuple[float | None, float | None, float | None, str]:
    found = printed(text, MARKS, 2)
    return found.value, found.least, found.most, found.stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200", (1200.0, None, None, "figure")),
        (" 20.6 ", (20.6, None, None, "figure")),
        ("5900000", (5900000.0, None, None, "figure")),
        ("—", (0.0, None, None, "figure")),
        ("W", (None, None, None, "withheld")),
        ("NA", (None, None, None, "not available")),
        ("", (None, None, None, "blank")),
        (">2,000,000", (None, 2000000.0, None, "bounds")),
        ("<200,000", (None, 0.0, 200000.0, "bounds")),
        ("less than 5", (None, 0.0, 5.0, "bounds")),
        ("330 - 390", (None, 330.0, 390.0, "bounds")),
        ("10–20", (None, 10.0, 20.0, "bounds")),
        ("10,000 to 15,000", (None, 10000.0, 15000.0, "bounds")),
        ("1,200³", (1200.0, None, None, "figure")),
        ("1,200 (3)", (1200.0, None, None, "figure")),
        ("1,2003/", (1200.0, None, None, "figure")),
        ("e1,200", (1200.0, None, None, "figure")),
    ],
)
def test_a_cell_says_a_figure_bounds_or_a_mark(text: str, expected: tuple[object, ...]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,2003", "bad_number"),  # a footnote or a slip: nothing proves which
        ("1,20", "bad_number"),
        ("E", "bad_number"),  # net exporter: no figure of production
        ("12e3", "bad_number"),
        ("x9", "bad_number"),
        ("-5", "negative_value"),
        ("(5)", "negative_value"),
        ("390–330", "bad_range"),
        ("> W", "bad_number"),
    ],
)
def test_what_nothing_proves_is_set_aside(text: str, reason: str) -> None:
    with pytest.raises(BadCellError) as refused:
        printed(text, MARKS, 2)
    assert refused.value.reason == reason


def test_a_number_that_a_footnote_may_be_stuck_to_is_told_so() -> None:
    with pytest.raises(BadCellError) as refused:
        printed("1,2003", MARKS)
    assert refused.value.detail.en == "a footnote may be stuck to the number, but nothing proves it: 1,2003"


@pytest.mark.parametrize(
    ("text", "expected"), [("e1,200", True), ("er1,200", True), ("r1,200", None), ("1,200", None), ("e>5", True)]
)
def test_a_letter_before_the_digits_says_estimated(text: str, expected: bool | None) -> None:  # noqa: FBT001 - a case
    assert printed(text, MARKS).estimated is expected


@pytest.mark.parametrize(
    ("text", "significant", "expected"),
    [
        ("1,310,000", 2, 10000.0),
        ("1,000,000", 2, 100000.0),
        ("90", 2, 1.0),
        ("5", 2, 1.0),
        ("20.6", 2, 0.1),
        ("1,310,000", None, 1.0),
        ("0.10", None, 0.01),
    ],
)
def test_the_last_zeros_say_what_a_figure_is_rounded_to(text: str, significant: int | None, expected: float) -> None:
    assert rounding(text, significant) == expected


@given(st.integers(0, 10**12))
def test_any_whole_number_is_read_as_it_is_grouped_and_is_a_multiple_of_its_rounding(number: int) -> None:
    found = printed(f"{number:,}", MARKS, 2)
    assert (found.value, found.stated) == (float(number), "figure")
    assert number % (found.rounded_to or 0) == 0


@given(st.decimals(0, 100, places=1))
def test_per_cents_become_the_shares_that_are_printed(share: object) -> None:
    assert printed(str(share), MARKS).parted_by(100).value == float(f"{share}e-2")


def _read(text: str) -> Printed | str:
    try:
        return printed(text, MARKS, 2)
    except BadCellError as refused:
        return refused.reason


@given(st.text(st.sampled_from("0123456789,.-–<>eErW ()³/"), max_size=12))
def test_whatever_stands_in_a_cell_is_said_or_set_aside(text: str) -> None:
    found = _read(text)
    if isinstance(found, str):
        assert found in {"bad_number", "negative_value", "bad_range"}
    else:
        figures = [one for one in (found.value, found.least, found.most) if one is not None]
        assert min(figures, default=0.0) >= 0
        assert (found.value is None) is (found.stated != "figure")
