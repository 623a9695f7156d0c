from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.sources.cells import Fault, as_code, as_period, coded, crossed, together


@pytest.mark.parametrize(
    ("word", "frequency", "expected"),
    [
        ("2026.01", None, (date(2026, 1, 1), "M")),
        ("202606", None, (date(2026, 6, 1), "M")),
        (202606, "M", (date(2026, 6, 1), "M")),
        ("2021-10", None, (date(2021, 10, 1), "M")),
        ("2021/9", None, (date(2021, 9, 1), "M")),
        ("2021M10", None, (date(2021, 10, 1), "M")),
        ("2021년 10월", None, (date(2021, 10, 1), "M")),
        ("2021-10-31", None, (date(2021, 10, 1), "M")),
        ("2021-10-01 00:00:00", None, (date(2021, 10, 1), "M")),
        ("20211001", None, (date(2021, 10, 1), "M")),
        ("Oct 2021", None, (date(2021, 10, 1), "M")),
        ("2021-October", None, (date(2021, 10, 1), "M")),
        ("2021", None, (date(2021, 1, 1), "A")),
        (2021, "A", (date(2021, 1, 1), "A")),
        ("2024-12-01", "A", (date(2024, 1, 1), "A")),
        (datetime(2021, 10, 5), None, (date(2021, 10, 1), "M")),  # noqa: DTZ001 - as a Parquet file gives it
        (("2021", "9"), "M", (date(2021, 9, 1), "M")),
        ((2021, "9월"), None, (date(2021, 9, 1), "M")),
        ("2024-Q1", None, (date(2024, 1, 1), "Q")),
        ("2024Q4", "Q", (date(2024, 10, 1), "Q")),
        ("2024 q3", None, (date(2024, 7, 1), "Q")),
        ("2024년 2분기", None, (date(2024, 4, 1), "Q")),
        ("2024년 2/분기", None, (date(2024, 4, 1), "Q")),
        ("202405", "Q", (date(2024, 4, 1), "Q")),
        (datetime(2024, 12, 31), "Q", (date(2024, 10, 1), "Q")),  # noqa: DTZ001
    ],
)
def test_periods_are_read_as_files_write_them(word: object, frequency: str | None, expected: object) -> None:
    assert as_period(word, frequency) == expected


@pytest.mark.parametrize("word", ["2021.1", "2021.13", "202113", "총계", "2021Q3", "13", ("2021", "13"), 2021.1])
def test_a_period_that_could_be_another_is_not_guessed(word: object) -> None:
    found = as_period(word, "M")
    assert isinstance(found, Fault)
    assert found.reason == "bad_period"


@pytest.mark.parametrize(
    ("word", "frequency"),
    [("2024-Q5", "Q"), ("0000-Q1", "Q"), ("2024", "Q"), ("2024-Q1", "A"), ("2024-Q1", "M"), ("1분기", None)],
)
def test_a_quarter_is_no_month_no_year_and_never_made_of_a_year(word: str, frequency: str | None) -> None:
    found = as_period(word, frequency)
    assert isinstance(found, Fault)
    assert found.reason == "bad_period"


def test_a_pattern_reads_what_no_rule_could() -> None:
    assert as_period("10|21", None, "%m|%y") == (date(2021, 10, 1), "M")
    assert as_period("A21", None, "A%y") == (date(2021, 1, 1), "A")
    assert isinstance(as_period("2021", None, "%Y-%m"), Fault)


@pytest.mark.parametrize(
    ("word", "digits", "lost", "code"),
    [
        ("0101210000", 10, False, "0101210000"),
        ("8542.32.1010", None, False, "8542321010"),
        ("'0101", None, False, "0101"),
        (101210000, 10, True, "0101210000"),
        ("10121.0", None, True, "010121"),
        ("1", None, True, "01"),
        (310210, None, False, "310210"),
        ("'010121000'", 9, False, "010121000"),
        ("3818.00-100", 9, False, "381800100"),
        (10121000, 9, True, "010121000"),
    ],
)
def test_codes_keep_their_zeros(word: object, digits: int | None, lost: bool, code: str) -> None:  # noqa: FBT001
    assert as_code(word, digits, lost_zeros=lost) == code


@pytest.mark.parametrize(
    ("word", "digits", "lost"),
    [
        ("10121", None, False),
        ("10121", 6, False),
        ("1012", 6, True),
        ("TOTAL", None, True),
        ("3102100000", 6, True),
        ("101210000", None, False),
        ("101210000", 10, False),
        ("10121000", 9, False),
    ],
)
def test_zeros_are_never_put_back_unasked(word: str, digits: int | None, lost: bool) -> None:  # noqa: FBT001
    found = as_code(word, digits, lost_zeros=lost)
    assert isinstance(found, Fault)
    assert found.reason == "bad_code"


@settings(deadline=None)
@given(st.lists(st.sampled_from([" a", "a", "b", "", None, " "])), st.lists(st.sampled_from(["c", "a", None])))
def test_coded_columns_hold_what_the_cells_say(left: list[str | None], right: list[str | None]) -> None:
    both = together([coded(pa.array(left, pa.string())), coded(pa.array(right, pa.string()))])
    plain = [(cell or "").strip() or None for cell in [*left, *right]]
    assert [both.words[number] if number >= 0 else None for number in both.ids] == plain


def test_a_pair_is_empty_where_either_is() -> None:
    pairs = crossed(coded(pa.array(["2021", None, "2020"])), coded(pa.array(["1", "2", None])))
    assert [pairs.words[number] if number >= 0 else None for number in pairs.ids] == [("2021", "1"), None, None]
    assert pairs.ids.dtype == np.int32
