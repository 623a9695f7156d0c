"""Numbers as publishers print them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.records.formats import NotANumber, Unknown, number, numbers

PRINTED = {
    "0": 0.0,
    "-5": -5.0,
    "−5": -5.0,
    "+5": 5.0,
    "007": 7.0,
    " 12 ": 12.0,
    "1,234.5": 1234.5,
    "12,345,678": 12345678.0,
    "1 234": 1234.0,
    "1\u00a0234\u00a0567.8": 1234567.8,
    "1\u202f234": 1234.0,
    "1'234": 1234.0,
    "(123)": -123.0,
    "(1,234.5)": -1234.5,
    ".5": 0.5,
    "5.": 5.0,
    "1.5e3": 1500.0,
    "1.234": 1.234,
}
BAD = [
    "1,23",
    "12,34,567",
    "1,234 567",
    "1.234,5",
    "1.2.3",
    "abc",
    "1,",
    "--5",
    "(-5)",
    "()",
    "(W)",
    "5%",
    "$5",
    "1e999",
]
BAD += ["inf", "0x10", "1_000", "１２", "12a", "1 2", "٣"]
MARKS = ["", "…", "...", "..", "-", "–", "—", "n/a", "N/A", "NA", "(D)", "W", "E", "(S)", "XX", "NaN", ":"]


@pytest.mark.parametrize(("text", "value"), PRINTED.items())
def test_a_printed_number_is_read(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", BAD)
def test_what_could_be_misread_is_not_read(text: str) -> None:
    assert number(text) == NotANumber(text)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_unknown_and_kept_as_printed(mark: str) -> None:
    assert number(f" {mark} ") == Unknown(mark)


def test_an_absent_cell_is_unknown() -> None:
    assert number(None) == Unknown("")


@pytest.mark.parametrize(
    ("text", "value"), [("1.234,5", 1234.5), ("1,234", 1.234), ("1.234", 1234.0), ("1 234,5", 1234.5), ("(0,5)", -0.5)]
)
def test_a_decimal_comma_is_read_only_when_told(text: str, value: float) -> None:
    assert number(text, decimal=",") == value


def test_a_decimal_comma_makes_points_part_thousands() -> None:
    assert number("1.23", decimal=",") == NotANumber("1.23")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_printed_by_python_comes_back(value: float) -> None:
    assert number(repr(value)) == value


@given(st.integers(-(10**15), 10**15))
def test_thousands_separators_change_nothing(value: int) -> None:
    spaced = f"{value:,}".replace(",", "\u00a0")
    assert [number(f"{value:,}"), number(spaced), number(str(value))] == [float(value)] * 3
    assert number(f"{value:,}".replace(",", "."), decimal=",") == float(value)


@given(st.floats(0, 10**12))
def test_brackets_are_a_minus(value: float) -> None:
    assert number(f"({value:,.3f})") == -float(f"{value:.3f}")


like_numbers = st.text("0123456789.,()-+e '\u00a0−", max_size=12)
cells = st.one_of(st.none(), like_numbers, st.text(max_size=6), st.sampled_from([*PRINTED, *BAD, *MARKS]))


@given(st.lists(cells, max_size=30), st.sampled_from([".", ","]), st.booleans())
def test_a_column_says_the_same_as_its_cells(texts: list[str | None], decimal: str, chunked: bool) -> None:  # noqa: FBT001
    column = pa.array(texts, pa.string())
    read = numbers(pa.chunked_array([column[:3], column[3:]]) if chunked else column, decimal)
    one_by_one = [number(text, decimal) for text in texts]
    assert read.values.to_pylist() == [each if isinstance(each, float) else None for each in one_by_one]
    assert read.markers.to_pylist() == [each.marker if isinstance(each, Unknown) else None for each in one_by_one]
    assert read.bad.to_pylist() == [isinstance(each, NotANumber) for each in one_by_one]


def test_a_column_of_dictionaries_is_a_column_too() -> None:
    read = numbers(pa.array(["1", "(D)", "q", None]).dictionary_encode())
    assert (read.values.to_pylist(), read.markers.to_pylist()) == ([1.0, None, None, None], [None, "(D)", None, ""])
    assert read.bad.to_pylist() == [False, False, True, False]
