import gzip
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.language import BadInputError, Language
from bongsu.records.delivery import Reading
from bongsu.sources.flows_table.mapping import KEYS, parse_mapping
from bongsu.sources.source import HERE

Read = Callable[..., Reading]
HEAD = "partner,code,period,value,weight"
MAPPING: dict[str, Any] = {
    "columns": {"partner": "partner", "code": "code", "period": "period", "value": "value", "weight_kg": "weight"},
    "constants": {"reporter": "KOR", "flow": "import", "code_system": "HS", "currency": "USD"},
    "lag": {"day_of_next_month": 15},
}


def table(*rows: str, head: str = HEAD) -> dict[str, bytes | str]:
    return {"flows.csv": "\n".join([head, *rows]) + "\n"}


def rows_of(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for batch in reading.batches for row in batch.rows.to_pylist()]


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(bad.raw_row, bad.reason) for bad in reading.bad_rows]


def account(reading: Reading) -> int:
    taken: int = sum(number for (number,) in rows_of(reading, "raw_rows"))
    return taken + len(reading.bad_rows) + sum(reading.passed_over.values())


def test_repeats_are_dropped_and_contradictions_all_set_aside(read: Read) -> None:
    files = table(
        "CHN,310210,202109,5,1", "CHN,310210,202109,5,1", "QAT,310210,202109,7,1", "QAT,310210,202109,8,1",
        "JPN,310210,202109,…,1", "JPN,310210,202109,3,1",
    )  # fmt: skip
    reading = read("flows_table", files, mapping=MAPPING)
    assert rows_of(reading, "partner", "value", "raw_row") == [("CHN", 5.0, 2)]
    assert reading.passed_over == {"repeated": 1}
    assert reasons(reading) == [(4, "duplicate_key"), (5, "duplicate_key"), (6, "duplicate_key"), (7, "duplicate_key")]
    assert reading.bad_rows[0].row == "QAT,310210,202109,7,1"
    assert not reading.batches[0].scope.complete


def test_duplicates_are_added_where_the_mapping_says_so_and_unknown_stays_unknown(read: Read) -> None:
    files = table("CHN,310210,202109,5,1", "QAT,310210,202109,7,1", "CHN,310210,202109,6,…")
    reading = read("flows_table", files, mapping={**MAPPING, "duplicates": "add"})
    assert rows_of(reading, "partner", "value", "weight_kg", "raw_row", "raw_rows") == [
        ("CHN", 11.0, None, 2, 2),
        ("QAT", 7.0, 1.0, 3, 1),
    ]


def test_quantities_in_two_units_are_not_added(read: Read) -> None:
    mapping = {
        **MAPPING,
        "columns": {**MAPPING["columns"], "quantity": "q", "quantity_unit": "u"},
        "duplicates": "add",
    }
    files = table("CHN,310210,202109,5,1,2,T", "CHN,310210,202109,6,1,3,NO", head=f"{HEAD},q,u")
    assert rows_of(read("flows_table", files, mapping=mapping), "value", "quantity", "quantity_unit") == [
        (11.0, None, None)
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("CHN,310210,202703,5,1", "future_period"),
        ("CHN,310210,202109,-5,1", "negative_value"),
        ("CHN,310210,202109,1e16,1", "absurd_value"),
        ("CHN,310210,202109,five,1", "bad_number"),
        ("CHN,310210,202109,5,3 t", "bad_number"),
        ("CHN,10121,202109,5,1", "bad_code"),
        ("Atlantis,310210,202109,5,1", "bad_partner"),
        ("CHN,310210,2021.1,5,1", "bad_period"),
        ("CHN,,202109,5,1", "missing_value"),
        ("CHN,310210,202109,5", "ragged_row"),
    ],
)
def test_a_row_that_cannot_be_taken_is_kept_with_its_reason(read: Read, row: str, reason: str) -> None:
    reading = read("flows_table", table("DEU,310210,202109,1,1", row), mapping=MAPPING)
    assert reasons(reading) == [(3, reason)]
    assert reading.bad_rows[0].row == row
    assert reading.bad_rows[0].detail.ko != reading.bad_rows[0].detail.en
    assert rows_of(reading, "partner") == [("DEU",)]


@pytest.mark.parametrize("marker", ["…", "..", "(D)", "W", "-", ""])
def test_a_withheld_figure_is_unknown_not_zero(read: Read, marker: str) -> None:
    reading = read("flows_table", table(f"CHN,310210,202109,{marker},0"), mapping=MAPPING)
    assert rows_of(reading, "value", "weight_kg") == [(None, 0.0)]
    assert reading.bad_rows == ()


def test_thousands_separators_and_units(read: Read) -> None:
    mapping = {**MAPPING, "units": {"value": 1000, "weight": "lb"}}
    reading = read("flows_table", table('CHN,310210,202109,"1,234.5","2,000"'), mapping=mapping)
    assert rows_of(reading, "value", "weight_kg") == [(1234500.0, 907.18474)]


def test_each_weight_in_its_own_unit(read: Read) -> None:
    mapping = {**MAPPING, "columns": {**MAPPING["columns"], "weight_unit": "unit"}}
    files = table(
        "CHN,310210,202109,5,2,t", "QAT,310210,202109,5,2,KG", "JPN,310210,202109,5,2,cask", head=f"{HEAD},unit"
    )
    reading = read("flows_table", files, mapping=mapping)
    assert rows_of(reading, "partner", "weight_kg") == [("CHN", 2000.0), ("QAT", 2.0)]
    assert reasons(reading) == [(4, "bad_number")]


def test_a_mapping_may_name_its_own_source_and_this_one() -> None:
    assert parse_mapping(MAPPING).source == parse_mapping({**MAPPING, "source": "flows_table"}).source == "flows_table"
    assert parse_mapping({**MAPPING, "source": "my_us_census"}).source == "my_us_census"


def test_quarters_are_known_after_the_quarter(read: Read) -> None:
    files = table("CHN,310210,2021-Q3,5,1", "QAT,310210,2021년 4분기,6,1")
    reading = read("flows_table", files, mapping=MAPPING)
    assert rows_of(reading, "partner", "valid", "frequency", "known_at") == [
        ("CHN", date(2021, 7, 1), "Q", datetime(2021, 10, 15, 9, tzinfo=UTC)),
        ("QAT", date(2021, 10, 1), "Q", datetime(2022, 1, 15, 9, tzinfo=UTC)),
    ]
    assert reading.batches[0].scope.equals["frequency"] == ("Q",)


def test_a_column_may_say_what_each_period_is(read: Read) -> None:
    mapping = {**MAPPING, "columns": {**MAPPING["columns"], "frequency": "freq"}, "values": {"frequency": {"7": "Q"}}}
    rows = ["CHN,310210,202109,5,1,monthly", "CHN,310210,202109,9,1,7", "CHN,310210,2021,30,1,A",
            "QAT,310210,202109,5,1,weekly", "JPN,310210,2021,5,1,M", "DEU,310210,202109,5,1,"]  # fmt: skip
    reading = read("flows_table", table(*rows, head=f"{HEAD},freq"), mapping=mapping)
    assert rows_of(reading, "valid", "frequency", "value") == [
        (date(2021, 9, 1), "M", 5.0), (date(2021, 7, 1), "Q", 9.0), (date(2021, 1, 1), "A", 30.0)
    ]  # fmt: skip
    assert reasons(reading) == [(5, "bad_period"), (6, "bad_period"), (7, "missing_value")]


def test_currencies_are_those_of_iso_4217(read: Read) -> None:
    mapping = {
        **MAPPING,
        "columns": {**MAPPING["columns"], "currency": "cur"},
        "constants": {key: word for key, word in MAPPING["constants"].items() if key != "currency"},
        "values": {"currency": {"US$": "USD"}},
    }
    rows = ["CHN,310210,202109,5,1,eur", "QAT,310210,202109,5,1,410", "JPN,310210,202109,5,1,US$",
            "DEU,310210,202109,5,1,Taler", "FRA,310210,202109,5,1,"]  # fmt: skip
    reading = read("flows_table", table(*rows, head=f"{HEAD},cur"), mapping=mapping)
    assert rows_of(reading, "partner", "currency") == [("CHN", "EUR"), ("QAT", "KRW"), ("JPN", "USD"), ("FRA", None)]
    assert reasons(reading) == [(5, "bad_currency")]


def test_codes_of_nine_digits_are_read_where_the_mapping_says_so(read: Read) -> None:
    files = table("CHN,'381800100',202109,5,1", "QAT,3818001000,202109,5,1")
    reading = read("flows_table", files, mapping={**MAPPING, "code_digits": 9})
    assert rows_of(reading, "code") == [("381800100",)]
    assert reasons(reading) == [(3, "bad_code")]
    assert reasons(read("flows_table", files, mapping=MAPPING)) == [(2, "bad_code")]


def test_totals_are_counted_and_passed_over_but_world_stays_a_row(read: Read) -> None:
    files = table(
        "World,310210,202109,9,1", "CHN,TOTAL,202109,9,1", "합,310210,202109,9,1", ",,,,", "CHN,310210,202109,9,1"
    )
    reading = read("flows_table", files, mapping={**MAPPING, "totals": {"partner": ["합"]}})
    assert rows_of(reading, "partner") == [("W00",), ("CHN",)]
    assert reading.passed_over == {"total": 2}


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
def test_encodings_of_korean_offices(read: Read, encoding: str) -> None:
    text = "국가,품목부호,년월,금액,중량\n중국,310210,2021.09,5,1\n"
    mapping = {
        **MAPPING,
        "columns": {"partner": "국가", "code": "품목부호", "period": "년월", "value": "금액", "weight_kg": "중량"},
    }
    assert rows_of(read("flows_table", {"세관.csv": text.encode(encoding)}, mapping=mapping), "partner", "value") == [
        ("CHN", 5.0)
    ]


def test_the_same_table_in_every_wrapping(read: Read) -> None:
    text = f"{HEAD}\nCHN,010121,202109,5,1\n"
    parquet = io.BytesIO()
    pq.write_table(
        pa.table({
            "partner": ["CHN"], "code": ["010121"], "period": pa.array([datetime(2021, 9, 1)], pa.timestamp("us")),  # noqa: DTZ001
            "value": [5.0], "weight": pa.array([1], pa.int64()),
        }),
        parquet,
    )  # fmt: skip
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([HEAD.split(","), ["CHN", "010121", 202109, 5, 1]]):
            sheet.write_row(number, 0, row)
    expected = [("CHN", "010121", date(2021, 9, 1), 5.0, 1.0, datetime(2021, 10, 15, 9, tzinfo=UTC))]
    wrapped = {"a.csv": text, "a.csv.gz": gzip.compress(text.encode()), "a.parquet": parquet.getvalue()}
    for name, content in {**wrapped, "a.xlsx": book.getvalue()}.items():
        reading = read("flows_table", {name: content}, mapping=MAPPING)
        assert rows_of(reading, "partner", "code", "valid", "value", "weight_kg", "known_at") == expected


def test_no_figure_is_known_later_than_its_vintage(read: Read) -> None:
    files = table("CHN,310210,202108,5,1", "CHN,310210,202109,5,1")
    reading = read("flows_table", files, mapping=MAPPING, published=date(2021, 10, 1))
    assert rows_of(reading, "known_at", "known_basis") == [
        (datetime(2021, 9, 15, 9, tzinfo=UTC), "lag"),
        (datetime(2021, 10, 1, 9, tzinfo=UTC), "stated"),
    ]


def test_a_renamed_column_is_named_with_the_nearest(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("flows_table", table(head="partner,code,period,values,weight"), mapping=MAPPING)
    for language in Language:
        assert "value → values" in refused.value.to(language)
        assert "partner, code, period, values, weight" in refused.value.to(language)
    assert refused.value.where == "flows.csv"


def test_an_added_column_changes_nothing(read: Read) -> None:
    plain = read("flows_table", table("CHN,310210,202109,5,1"), mapping=MAPPING)
    wider = read("flows_table", table("CHN,310210,202109,5,1,x", head=f"{HEAD},remark"), mapping=MAPPING)
    assert wider.batches[0].rows.equals(plain.batches[0].rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lags": {"days": 3}}, "lags → lag"),
        ({"columns": {"partnr": "partner"}}, "partnr → partner"),
        ({"columns": {"partner": "partner", "period": "period", "value": "value"}}, "does not say: code"),
        ({"units": {"weight": "stone"}}, "stone"),
        ({"duplicates": "drop"}, "add, quarantine"),
        ({"code_digits": 7}, "one of 2, 4, 6, 8, 9, 10"),
        ({"code_digits": True}, "one of 2, 4, 6, 8, 9, 10"),
        ({"source": "us_census"}, "source: 'us_census' is the name of a source that exists"),
        ({"constants": {**MAPPING["constants"], "frequency": "W"}}, "frequency: 'W' is none of: M, Q, A"),
        ({"constants": {**MAPPING["constants"], "currency": "EURO"}}, "constants: currency: there is no currency"),
        ({"lost_zeros": "yes"}, "true or false"),
        ({"published": "soon"}, "2021-10-13"),
        ({"complete": "maybe"}, "complete"),
        ({"columns": ["partner"]}, "name: value"),
        ({"header_row": "first"}, "header_row"),
        ({"header_row": 0}, "header_row"),
        ({"delimiter": ";;"}, "one character"),
        ({"encoding": 949}, "encoding must be a word"),
        ({"source": ""}, "source must be a word"),
        ({"source": ["x"]}, "source must be a word"),
        ({"zone": "Nowhere/City"}, "no time zone 'Nowhere/City'"),
        ({"zone": 9}, "zone must be a word"),
        ({"values": {"partner": "Germany"}}, "name: value"),
        ({"units": {"weight": ["t"]}}, "neither a positive number"),
        ({"lag": {"days": "x"}}, "lag: days"),
        ({"lag": {"days": -5}}, "lag: days"),
        ({"lag": {"weekday": 9}}, "lag: weekday"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_mapping({**MAPPING, **change})
    assert said in refused.value.to(Language.EN)


def test_every_key_of_a_mapping_is_documented() -> None:
    text = (HERE / "flows_table" / "MAPPING.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text] == []


def test_columns_that_do_not_tell_end_in_a_mapping_to_copy(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("flows_table", table("CHN,310210,202109,5,1"))
    message = refused.value.to(Language.EN)
    assert "the column names do not tell: reporter, flow." in message
    assert "columns:\n  partner: partner\n  code: code\n  period: period\n  value: value\n" in message
    assert "  reporter: …\n  flow: …\n" in message


CELLS = {
    "partner": ["CHN", "QAT", "Atlantis", "", "World"],
    "code": ["310210", "31021", "TOTAL", "", "010121"],
    "period": ["202109", "2021-10", "209901", "", "x"],
    "value": ["5", "6", "-1", "(D)", "x", "", "1e20"],
    "weight": ["1", "1,5", "…", ""],
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1, max_size=12),
    st.sampled_from(["add", "quarantine"]),
)
def test_nothing_is_lost_whatever_the_rows_say(read: Read, cells: list[tuple[str, ...]], duplicates: str) -> None:
    rows = [",".join(f'"{cell}"' for cell in row) for row in cells]
    reading = read("flows_table", table("DEU,310210,202108,1,1", *rows), mapping={**MAPPING, "duplicates": duplicates})
    blank = sum(not any(row) for row in cells)  # the opening of the file drops those
    assert reading.raw_rows == len(cells) + 1 - blank
    assert account(reading) == reading.raw_rows
    kept = rows_of(reading, *reading.batches[0].record.key_names)
    assert len(set(kept)) == len(kept)


def test_comtrade_downloads_are_recognised(read: Read, realdata: Path) -> None:
    files = sorted((realdata / "trade" / "un_comtrade" / "soybeans").glob("*.xlsx"))
    assert len(files) == 8
    readings = [read("flows_table", [file], read_at=datetime(2026, 1, 1, tzinfo=UTC)) for file in files]
    assert [reading.bad_rows for reading in readings] == [()] * 8
    assert [account(reading) for reading in readings] == [reading.raw_rows for reading in readings]
    partners = {partner for reading in readings for (partner,) in rows_of(reading, "partner")}
    assert partners == {"ARG", "BRA", "CHN", "USA", "W00"}
