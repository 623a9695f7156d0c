import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bongsu.language import BadInputError, Language
from bongsu.records.delivery import Reading

Read = Callable[..., Reading]
LATER = datetime(2026, 7, 1, tzinfo=UTC)
NAMES = ["I_COMMODITY", "CTY_CODE", "GEN_VAL_MO", "time"]


def answer(*rows: Sequence[str | None], names: Sequence[str] = NAMES) -> dict[str, str]:
    return {"answer.json": json.dumps([names, *rows])}


def rows_of(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for batch in reading.batches for row in batch.rows.to_pylist()]


def test_the_total_of_all_codes_and_overlapping_groups_never_enter_the_sums(read: Read) -> None:
    files = answer(
        ["3102100000", "5700", "100", "2021-09"],
        ["3102100000", "0020", "100", "2021-09"],
        ["3102100000", "1XXX", "100", "2021-09"],
        ["3102100000", "0003", "70", "2021-09"],
        ["3102100000", "-", "300", "2021-09"],
        ["-", "-", "300", "2021-09"],
    )
    reading = read("us_census", files)
    assert rows_of(reading, "partner", "value") == [("CHN", 100.0), ("EU", 70.0), ("W00", 300.0)]
    assert reading.passed_over == {"country_group": 2, "total": 1}


def test_an_answer_without_rows_is_not_an_answer_of_nothing(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("us_census", answer())
    assert refused.value.where == "answer.json"
    assert "unknown codes give no error" in refused.value.to(Language.EN)


def test_an_error_in_json_is_refused(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("us_census", {"answer.json": '{"error": "unknown variable"}'})
    assert refused.value.to(Language.EN) == "answer.json: this is not an answer of the Census API."


def test_a_predicate_asked_for_twice_does_no_harm(read: Read) -> None:
    files = answer(["3102100000", "5700", "100", "2021-09", "2021-09"], names=[*NAMES, "time"])
    assert rows_of(read("us_census", files), "partner", "valid", "value") == [("CHN", date(2021, 9, 1), 100.0)]


def test_levels_of_codes_stay_apart(read: Read) -> None:
    files = answer(*([code, "5700", "100", "2021-09"] for code in ("31", "3102", "310210", "3102100000", "310210000")))
    reading = read("us_census", files)
    assert rows_of(reading, "code_system", "code") == [
        ("HS", "31"),
        ("HS", "3102"),
        ("HS", "310210"),
        ("HTS", "3102100000"),
    ]
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(5, "bad_code")]


def test_unknown_columns_are_told_what_is_expected(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("us_census", {"x.csv": "hs,country,val\n310210,5700,1\n"})
    assert "monthly imports: I_COMMODITY, time, CTY_CODE, GEN_VAL_MO | CON_VAL_MO" in refused.value.to(Language.EN)
    assert refused.value.where == "x.csv"


def test_two_shapes_do_not_mix(read: Read) -> None:
    files = {
        "a.csv": "I_COMMODITY,CTY_CODE,GEN_VAL_MO,time\n3102100000,5700,1,2021-09\n",
        "b.csv": "E_COMMODITY,CTY_CODE,ALL_VAL_MO,time\n3102100000,5700,1,2021-09\n",
    }
    with pytest.raises(BadInputError) as refused:
        read("us_census", files)
    assert refused.value.where == "a.csv, b.csv"


def test_a_file_given_twice_under_two_names_counts_once(read: Read) -> None:
    head = "I_COMMODITY,CTY_CODE,GEN_VAL_MO,time\n"
    files = {"a.csv": f"{head}3102100000,5700,1,2021-09\n", "b.csv": f"{head}3102100000,5700,1,2021-09\n\n"}
    reading = read("us_census", files)
    assert rows_of(reading, "raw", "raw_row", "value") == [(0, 2, 1.0)]
    assert reading.passed_over == {"repeated": 1}


def test_a_truncated_parquet_names_itself(read: Read) -> None:
    whole = io.BytesIO()
    pq.write_table(pa.table({name: ["1"] for name in NAMES}), whole)
    with pytest.raises(BadInputError) as refused:
        read("us_census", {"cut.parquet": whole.getvalue()[:-20]})
    assert refused.value.where == "cut.parquet"


def china(read: Read, realdata: Path, name: str, published: date) -> Reading:
    return read("us_census", [realdata / "trade" / "us_census" / name], published=published, read_at=LATER)


def test_two_vintages_of_exports_to_china(read: Read, realdata: Path) -> None:
    first = china(read, realdata, "exports_china_hs6_to_2020-12.parquet", date(2021, 2, 5))
    second = china(read, realdata, "exports_china_hs6_to_2021-02.parquet", date(2021, 4, 7))
    one, two = (pa.concat_tables(batch.rows for batch in reading.batches) for reading in (first, second))
    for number, reading in enumerate((first, second)):
        assert reading.bad_rows == ()
        assert reading.passed_over == ({"restated": 6}, {})[number]
        added = [batch.rows.filter(batch.rows["raw_rows"].to_numpy() > 1).num_rows for batch in reading.batches]
        assert added == [[154, 0], [156, 0]][number]
    database = duckdb.connect()
    database.register("one", one)
    database.register("two", two)
    # It adds months and revises nothing: each HS6 figure of the first stands unchanged in the second.
    changed = """
        select count(*), count(*) filter (two.code is null), count(*) filter (two.value is distinct from one.value)
        from own as one left join two using (code_system, code, valid)
    """
    database.register("own", first.batches[0].rows)
    assert database.sql(changed).fetchall() == [(356762, 0, 0)]
    # The last month stands under the codes of an agreement's list, each kept at its own length.
    lengths = "select length(code), code_system, count(*), max(valid) from two where valid > '2021-01-31' group by all"
    assert sorted(database.sql(lengths).fetchall()) == [
        (4, "HS", 525, date(2021, 2, 1)),
        (6, "HS", 27, date(2021, 2, 1)),
        (10, "SCHEDULE_B", 2, date(2021, 2, 1)),
    ]
    assert pc.max(one["known_at"]).as_py() == datetime(2021, 2, 5, 23, tzinfo=UTC)
    assert pc.max(two["known_at"]).as_py() == datetime(2021, 4, 5, 22, tzinfo=UTC)
    # No batch's scope takes back what the other vintage's agreement codes said.
    assert [(batch.scope.valid_from, batch.scope.valid_to, batch.scope.complete) for batch in second.batches] == [
        (date(2013, 1, 1), date(2021, 1, 1), True),
        (date(2021, 2, 1), date(2021, 2, 1), True),
    ]


def test_the_matrix_of_2024(read: Read, realdata: Path) -> None:
    files = sorted((realdata / "trade" / "us_census" / "imports_hs10_2024").glob("*.parquet"))
    reading = read("us_census", files, published=date(2025, 2, 5), read_at=LATER)
    (batch,) = reading.batches
    assert (batch.rows.num_rows, reading.bad_rows, reading.passed_over) == (209616, (), {})
    assert len(batch.scope.equals["partner"]) == 51
    database = duckdb.connect()
    database.register("flows", batch.rows)
    tops = """
        select count(*), count(*) filter (top >= .5), count(*) filter (top >= .5 and total >= 1e7),
            count(*) filter (top >= .8 and total >= 1e7)
        from (select max(value) / sum(value) as top, sum(value) as total from flows group by code having total > 0)
    """
    assert database.sql(tops).fetchall() == [(18650, 12152, 4912, 1739)]
    concentrated = """
        select count(*) from (
            select sum(value * value) / sum(value) ** 2 as hhi, sum(value) as total
            from (select code[:6] as hs6, partner, sum(value) as value from flows group by all) group by hs6
            having total > 0
        ) where hhi > .4 and total >= 1e7
    """
    assert database.sql(concentrated).fetchall() == [(1525,)]


def test_the_other_files(read: Read, realdata: Path) -> None:
    folder = realdata / "trade" / "us_census"
    found = {}
    for name in ("exports_hs10_4190_ireland", "exports_hs10_5520_vietnam", "imports_hs2_top20_monthly"):
        reading = read("us_census", [folder / f"{name}.parquet"], read_at=LATER)
        partners = reading.batches[0].scope.equals["partner"]
        found[name] = (reading.batches[0].rows.num_rows, len(reading.bad_rows), reading.passed_over, len(partners))
    assert found == {
        "exports_hs10_4190_ireland": (438215, 0, {}, 1),
        "exports_hs10_5520_vietnam": (482961, 0, {}, 1),
        "imports_hs2_top20_monthly": (201032, 0, {"repeated": 1879}, 21),
    }
