"""Shares of imports: dated facts, and lists by ten-digit code."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import BadInputError, ExitCode, UsageError
from bongsu.records.delivery import Reading
from bongsu.records.known import period_end
from bongsu.sources.dependence_table.read import FACTS, _period
from bongsu.sources.source import HERE
from bongsu.sources.typed_rows import BadCellError

Read = Callable[..., Reading]
SAMPLES = HERE / "dependence_table" / "samples"
FACT = {
    "reporter": "KOR",
    "partner": "CHN",
    "hs_code": "310210",
    "item": "urea",
    "measure": "import volume",
    "share": "0.88",
    "period": "2020",
    "published": "2021-01-31",
    "known_basis": "stated",
    "source": "press",
}
LIST_HEADER = "hs10,top_supplier_iso3,share_pct,import_musd_2025,industry"


def table(folder: Path, *facts: dict[str, str], encoding: str = "utf-8") -> Path:
    columns = list(dict.fromkeys([*(facts[0] if facts else FACTS), *(name for fact in facts for name in fact)]))
    lines = [",".join(columns), *(",".join(fact.get(name, "") for name in columns) for fact in facts)]
    file = folder / "facts.csv"
    file.write_bytes("\n".join(lines).encode(encoding))
    return file


def listed(folder: Path, *rows: str, header: str = LIST_HEADER) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join([header, *rows]))
    return file


def shares(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]  # type: ignore[union-attr]


def test_an_assumption_is_marked_and_its_reason_goes_into_the_citation(read: Read, tmp_path: Path) -> None:
    (row,) = shares(read("dependence_table", table(tmp_path, FACT | {"known_basis": "assumed: yearly figures"})))
    assert (row["known_basis"], row["citation"]) == ("assumed", "press; yearly figures")
    assert row["known_at"] == datetime(2021, 1, 31, 9, tzinfo=UTC)


def test_a_share_in_per_cent_becomes_a_fraction(read: Read, tmp_path: Path) -> None:
    fact = {("share_pct" if name == "share" else name): value for name, value in FACT.items()}
    (row,) = shares(read("dependence_table", table(tmp_path, fact | {"share_pct": "97.6"})))
    assert row["share"] == 0.976


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("HS", "310210")),
        ({"hs_code": "0207.14"}, ("HS", "020714")),
        ({"hs_code": "3102101000"}, ("HSK", "3102101000")),
        ({"hs_code": "3102101000", "reporter": "USA"}, ("HTS", "3102101000")),
        ({"hs_code": "310210000", "reporter": "JPN"}, "bad_code"),
        ({"hs_code": "31021000", "reporter": "JPN"}, "bad_code"),
        ({"hs_code": "31021000", "reporter": "EU", "code_system": "CN"}, ("CN", "31021000")),
    ],
)
def test_codes_beyond_six_digits_belong_to_a_national_system(
    read: Read, tmp_path: Path, change: dict[str, str], expected: tuple[str, str] | str
) -> None:
    reading = read("dependence_table", table(tmp_path, FACT | change))
    found = [(row["code_system"], row["code"]) for row in shares(reading)] or [bad.reason for bad in reading.bad_rows]
    assert found == [expected]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"share": "1.2"}, "bad_share"),
        ({"share": "-0.1"}, "bad_share"),
        ({"share": "88%"}, "bad_number"),
        ({"hs_code": "31021"}, "bad_code"),
        ({"partner": "W00"}, "bad_country"),
        ({"reporter": ""}, "empty_cell"),
        ({"measure": "exports"}, "bad_measure"),
        ({"known_basis": "rumour"}, "bad_basis"),
        ({"period": "2021-13"}, "bad_period"),
        ({"period": "2021/2020"}, "bad_period"),
        ({"period": "2019/2020/2021"}, "bad_period"),
        ({"period": "2021"}, "future_period"),
        ({"published": "2031-01-31"}, "future_date"),
        ({"published": ""}, "empty_cell"),
        ({"import_value_usd": "-5"}, "negative_value"),
    ],
)
def test_a_fact_that_cannot_be_taken_is_set_aside(
    read: Read, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    reading = read("dependence_table", table(tmp_path, FACT, FACT | change))
    assert [row["share"] for row in shares(reading)] == [0.88]
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(3, reason)]


@pytest.mark.parametrize("mark", ["…", "-", "", "(D)"])
def test_a_mark_for_no_share_is_no_share_and_never_zero(read: Read, tmp_path: Path, mark: str) -> None:
    reading = read("dependence_table", table(tmp_path, FACT, FACT | {"share": mark}))
    assert ([row["share"] for row in shares(reading)], reading.passed_over) == ([0.88], {"no_figure": 1})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_korean_tables_are_read_in_the_encodings_that_offices_use(read: Read, tmp_path: Path, encoding: str) -> None:
    fact = FACT | {"item": "차량용 요소", "source": "산업통상자원부 보도자료"}
    (row,) = shares(read("dependence_table", table(tmp_path, fact, encoding=encoding)))
    assert (row["subject"], row["citation"]) == ("차량용 요소", "산업통상자원부 보도자료")


def test_a_list_without_its_day_asks_for_it(read: Read) -> None:
    with pytest.raises(UsageError, match="--published") as refused:
        read("dependence_table", SAMPLES / "list-by-hs10.csv")
    assert refused.value.exit_code is ExitCode.USAGE


def test_a_list_takes_its_year_from_the_header(read: Read, tmp_path: Path) -> None:
    file = listed(tmp_path, "3102101000,CHN,88,1.5,chem", header=LIST_HEADER.replace("2025", "2023"))
    (row,) = shares(read("dependence_table", file, published=date(2024, 2, 1)))
    assert (row["valid"], row["valid_until"]) == (date(2023, 1, 1), date(2023, 12, 31))
    assert (row["share"], row["import_value_usd"]) == (0.88, 1.5e6)
    assert (row["known_at"], row["known_basis"]) == (datetime(2024, 2, 1, 9, tzinfo=UTC), "stated")


def test_a_list_of_a_year_not_over_when_it_was_published_is_set_aside(read: Read, tmp_path: Path) -> None:
    reading = read("dependence_table", listed(tmp_path, "3102101000,CHN,88,1,x"), published=date(2025, 12, 1))
    assert [bad.reason for bad in reading.bad_rows] == ["future_period"]


@pytest.mark.parametrize("code", ["310210", "310210100", "31021010001"])
def test_a_list_holds_ten_digits_only(read: Read, tmp_path: Path, code: str) -> None:
    reading = read("dependence_table", listed(tmp_path, f"{code},CHN,88,1,x"), published=date(2026, 2, 1))
    assert [bad.reason for bad in reading.bad_rows] == ["bad_code"]


def test_a_list_by_another_publisher_is_cited_as_the_mapping_says(read: Read, tmp_path: Path) -> None:
    mapping = {"reporter": "JPN", "code_system": "HS", "citation": "a ministry"}
    file = listed(tmp_path, "3102101000,CHN,88,1,")
    (row,) = shares(read("dependence_table", file, published=date(2026, 2, 1), mapping=mapping))
    assert (row["reporter"], row["code_system"], row["citation"]) == ("JPN", "HS", "a ministry")


@pytest.mark.parametrize("mapping", [{"country": "JPN"}, {"measure": "exports"}])
def test_a_mapping_that_says_something_else_is_refused(read: Read, mapping: dict[str, str]) -> None:
    with pytest.raises(BadInputError, match=r"country|exports"):
        read("dependence_table", SAMPLES / "list-by-hs10.csv", published=date(2026, 2, 1), mapping=mapping)


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (LIST_HEADER.replace("import_musd_2025", "imports"), "import_musd_YYYY"),
        (LIST_HEADER.replace("share_pct", "share"), "share_pct"),
        (LIST_HEADER.replace("hs10", "code"), "reporter"),
    ],
)
def test_a_renamed_column_is_named(read: Read, tmp_path: Path, header: str, missing: str) -> None:
    with pytest.raises(BadInputError, match=f"columns are missing: {missing}"):
        read("dependence_table", listed(tmp_path, "3102101000,CHN,88,1,x", header=header))


def test_a_table_with_no_rows_is_read_and_empty(read: Read, tmp_path: Path) -> None:
    fact_header = table(tmp_path, dict.fromkeys((*FACTS, "share"), ""))
    fact_header.write_text(fact_header.read_text().splitlines()[0] + "\n")
    reading = read("dependence_table", fact_header)
    assert (reading.batches, reading.raw_rows) == ((), 0)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_periods_run_from_the_first_day_to_the_last(one: date, other: date) -> None:
    first, last = sorted((one.replace(day=1), other.replace(day=1)))
    assert _period(f"{first:%Y-%m}/{last:%Y-%m}") == (first, period_end(last, "M"))
    assert _period(f"{first:%Y}") == (date(first.year, 1, 1), date(first.year, 12, 31))


@given(st.text(max_size=12).filter(lambda text: not any(sign.isdecimal() for sign in text)))
def test_what_has_no_digits_is_no_period(text: str) -> None:
    with pytest.raises(BadCellError):
        _period(text)


@pytest.mark.realdata
def test_the_real_facts_are_read_whole(read: Read, realdata: Path) -> None:
    reading = read("dependence_table", realdata / "trade" / "dependence_facts.csv")
    rows = shares(reading)
    assert (reading.raw_rows, len(rows), reading.bad_rows) == (10, 10, ())
    assert Counter(row["known_basis"] for row in rows) == {"assumed": 4, "stated": 6}
    urea = {row["valid"]: (row["share"], row["valid_until"]) for row in rows if row["code"] == "310210"}
    assert urea[date(2020, 1, 1)] == (0.88, date(2020, 12, 31))


@pytest.mark.realdata
def test_the_real_list_of_the_bank_of_korea_is_read_whole(read: Read, realdata: Path) -> None:
    file = realdata / "trade" / "bank_of_korea" / "share_ge80_2025.csv"
    reading = read("dependence_table", file, published=date(2026, 3, 31))
    rows = shares(reading)
    assert (reading.raw_rows, len(rows), reading.bad_rows) == (124, 124, ())
    assert {row["code_system"] for row in rows} == {"HSK"}
    below = {row["code"] for row in rows if row["share"] < 0.8}
    assert below == {row["code"] for row in rows if "below80" in row["citation"]}
