"""Japan's trade statistics in their published shapes; every figure is made up, as no real file is at hand."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.language import BadInputError, Language, UsageError
from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources.asking import Ask, NotYet, PlanRequest, Split, Whole
from bongsu.sources.jp_customs.answers import ApiRefusedError, CutAnswerError, KeyRefusedError
from bongsu.sources.jp_customs.fetch import judge, plan
from bongsu.sources.source import HERE, ReadRequest, reader, source

Read = Callable[..., Reading]
SAMPLES = HERE / "jp_customs" / "samples"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KEYS = "Exp or Imp,Year,HS,Country,Unit1,Unit2"
HEAD = f"{KEYS},Quantity1-Year,Quantity2-Year,Value-Year," + ",".join(
    f"Quantity1-{month},Quantity2-{month},Value-{month}" for month in MONTHS
)


def line(flow: int = 1, year: int = 2026, code: str = "'381800100'", country: str = "103",
         units: str = "  ,KG", months: dict[int, tuple[Any, Any, Any]] | None = None) -> str:  # fmt: skip
    cells = [(0, 0, 0) for _ in MONTHS]
    for month, figures in (months or {1: (0, 12, 580)}).items():
        cells[month - 1] = figures
    whole = [tuple(sum(c[slot] for c in cells if isinstance(c[slot], int)) for slot in range(3))]
    return f"{flow},{year},{code},{country},{units}," + ",".join(
        str(cell) for group in [*whole, *cells] for cell in group
    )


def table(*lines: str, head: str = HEAD) -> dict[str, bytes | str]:
    return {"exports.csv": "\r\n".join([head, *lines]) + "\r\n"}


def rows_of(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for batch in reading.batches for one in batch.rows.to_pylist()]


def reasons(reading: Reading) -> set[tuple[int, str]]:
    return {(bad.raw_row, bad.reason) for bad in reading.bad_rows}


def test_an_unpublished_month_is_unknown_and_not_zero(read: Read) -> None:
    files = table(line(months={1: (0, 12, 580), 3: (0, 1, 9)}), line(country="105", months={2: (0, 4, 70)}))
    reading = read("jp_customs", files)
    assert rows_of(reading, "partner", "valid", "value") == [
        ("KOR", date(2026, 1, 1), 580000.0), ("CHN", date(2026, 1, 1), 0.0),
        ("KOR", date(2026, 2, 1), 0.0), ("CHN", date(2026, 2, 1), 70000.0),
        ("KOR", date(2026, 3, 1), 9000.0), ("CHN", date(2026, 3, 1), 0.0),
    ]  # fmt: skip
    assert reading.passed_over == {"unpublished": 18}
    (scope,) = [batch.scope for batch in reading.batches]
    assert (scope.valid_from, scope.valid_to, scope.complete) == (date(2026, 1, 1), date(2026, 3, 1), True)


def test_each_flow_year_and_file_has_its_own_last_month(read: Read) -> None:
    files = {
        "a.csv": table(line(months={4: (0, 1, 9)}), line(flow=2, months={2: (0, 1, 9)}))["exports.csv"],
        "b.csv": table(line(code="'310210000'", months={1: (0, 1, 9)}), line(year=2025, months={12: (0, 1, 9)}))[
            "exports.csv"
        ],
    }
    reading = read("jp_customs", files)
    spans = [(b.scope.equals["flow"], b.scope.valid_from, b.scope.valid_to) for b in reading.batches]
    assert sorted(spans) == [
        (("export",), date(2025, 1, 1), date(2025, 12, 1)), (("export",), date(2026, 1, 1), date(2026, 1, 1)),
        (("export",), date(2026, 1, 1), date(2026, 4, 1)), (("import",), date(2026, 1, 1), date(2026, 2, 1)),
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=6))
def test_no_month_after_the_last_with_a_figure_is_ever_taken(read: Read, given_: list[tuple[int, int]]) -> None:
    known = ("103", "105", "106", "110", "111", "112")
    lines = [
        line(year=2025, country=known[n], months={month: (0, 0, value)}) for n, (month, value) in enumerate(given_)
    ]
    reading = read("jp_customs", table(*lines))
    last = max((month for month, value in given_ if value), default=0)
    assert {day.month for (day,) in rows_of(reading, "valid")} == set(range(1, last + 1))


def test_known_at_the_end_of_the_next_month_or_with_the_edition(read: Read) -> None:
    files = table(line(months={1: (0, 12, 580), 2: (0, 1, 9)}))
    assert rows_of(read("jp_customs", files, published=date(2026, 3, 27)), "known_at", "known_basis") == [
        (datetime(2026, 2, 28, 9, tzinfo=UTC), "lag"),
        (datetime(2026, 3, 27, 9, tzinfo=UTC), "stated"),
    ]


@pytest.mark.parametrize(
    ("units", "figures", "weight", "quantity", "unit"),
    [
        ("  ,KG", (0, 12, 5), 12.0, None, None),
        ("  ,MT", (0, 12, 5), 12000.0, None, None),
        ("  ,NO", (0, 12, 5), None, 12.0, "NO"),
        ("NO,KG", (3, 12, 5), 12.0, 3.0, "NO"),
        ("KG,NO", (3, 12, 5), 3.0, 12.0, "NO"),
        ("KG,MT", (3, 12, 5), 3.0, None, None),
        ("DZ,NO", (3, 12, 5), None, 3.0, "DZ"),
        ("  ,  ", (0, 0, 5), None, None, None),
        ("  ,KG", (0, 0, 5), None, None, None),
        ("  ,NO", (0, 0, 5), None, None, "NO"),
        ("  ,GR", (0, 12, 5), 0.012, None, None),
    ],
)
def test_weights_in_kilograms_and_quantities_in_their_unit(
    read: Read,
    units: str,
    figures: tuple[int, int, int],
    weight: float | None,
    quantity: float | None,
    unit: str | None,
) -> None:
    reading = read("jp_customs", table(line(units=units, months={1: figures})))
    assert rows_of(reading, "weight_kg", "quantity", "quantity_unit") == [(weight, quantity, unit)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "'10121000'"}, "bad_code"),
        ({"code": "3818001000"}, "bad_code"),
        ({"code": "'TOTAL'"}, "bad_code"),
        ({"code": ""}, "missing_value"),
        ({"country": "999"}, "bad_partner"),
        ({"country": "KR"}, "bad_partner"),
        ({"country": ""}, "missing_value"),
        ({"flow": 3}, "bad_flow"),
        ({"year": 20}, "bad_period"),
        ({"year": 2027}, "future_period"),
        ({"months": {1: (0, 1, "…x")}}, "bad_number"),
        ({"months": {1: (0, 1, "10-20")}}, "bad_number"),
        ({"months": {1: (0, 1, "5 (2)")}}, "bad_number"),
        ({"months": {1: (0, 1, -5)}}, "negative_value"),
        ({"months": {1: (0, 1, 10**13)}}, "absurd_value"),
    ],
)
def test_a_row_that_cannot_be_taken_is_kept_with_its_reason(read: Read, changes: dict[str, Any], reason: str) -> None:
    reading = read("jp_customs", table(line(country="105"), line(**changes)))
    assert reasons(reading) == {(3, reason)}
    assert rows_of(reading, "partner") == [("CHN",)]
    assert [batch.scope.complete for batch in reading.batches] == [False] * len(reading.batches)
    assert reading.bad_rows[0].detail.ko != reading.bad_rows[0].detail.en


@pytest.mark.parametrize("marker", ["…", "..", "(D)", "W", "-", ":"])
def test_a_withheld_figure_is_unknown_not_zero(read: Read, marker: str) -> None:
    reading = read("jp_customs", table(line(months={1: (0, 12, marker)})))
    assert rows_of(reading, "value", "weight_kg") == [(None, 12.0)]


def test_an_empty_cell_is_no_figure_and_thousands_are_parted(read: Read) -> None:
    files = table(line(months={1: (0, 12, ""), 2: (0, '"1,200"', '"58,000"')}))
    reading = read("jp_customs", files)
    assert rows_of(reading, "valid", "value", "weight_kg") == [(date(2026, 2, 1), 58000000.0, 1200.0)]
    assert reading.passed_over == {"no_figure": 1, "unpublished": 10}


def test_codes_of_a_chapter_that_the_hs_has_not_are_counted(read: Read) -> None:
    reading = read("jp_customs", table(line(code="'000000100'"), line()))
    assert rows_of(reading, "code", "code_system") == [("381800100", "JP_STAT")]
    assert reading.passed_over == {"special_code": 12, "unpublished": 11}


def test_leading_zeros_come_back_only_where_the_user_says_so(read: Read) -> None:
    files = table(line(code="10121000"), line())
    assert reasons(read("jp_customs", files)) == {(2, "bad_code")}
    assert rows_of(read("jp_customs", files, mapping={"lost_zeros": True}), "code") == [("010121000",), ("381800100",)]
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", files, mapping={"columns": {}})
    assert "may only say lost_zeros" in refused.value.to(Language.EN)


def test_a_row_that_stands_twice_counts_once_two_that_differ_are_set_aside_and_parts_of_a_country_are_added(
    read: Read,
) -> None:
    files = table(line(), line(), line(country="105"), line(country="105", months={1: (0, 1, 1)}),
                  line(country="217"), line(country="216"))  # fmt: skip
    reading = read("jp_customs", files)
    assert rows_of(reading, "partner", "value", "weight_kg", "raw_rows") == [
        ("KOR", 580000.0, 12.0, 1),
        ("PRT", 1160000.0, 24.0, 2),
    ]
    assert reading.passed_over == {"repeated": 1, "unpublished": 66}
    assert reasons(reading) == {(4, "duplicate_key"), (5, "duplicate_key")}


def test_the_same_file_twice_does_not_double_and_two_editions_that_differ_are_set_aside(read: Read) -> None:
    first, revised = table(line())["exports.csv"], table(line(months={1: (0, 12, 581)}))["exports.csv"]
    again = read("jp_customs", {"a.csv": first, "b.csv": first})
    assert (rows_of(again, "value"), again.passed_over) == ([(580000.0,)], {"repeated": 1, "unpublished": 22})
    apart = read("jp_customs", {"a.csv": first, "b.csv": revised})
    assert (rows_of(apart, "value"), {bad.reason for bad in apart.bad_rows}) == ([], {"duplicate_key"})


def test_months_that_do_not_add_up_to_the_year_are_told(read: Read) -> None:
    text = str(table(line())["exports.csv"]).replace(",580,0,12,580", ",999,0,12,580")
    notes = [note.en for note in read("jp_customs", {"x.csv": text}).notes]
    assert "x.csv: in 1 rows the months do not add up to the year." in notes


def test_only_a_file_with_the_worlds_countries_speaks_for_those_it_lacks(read: Read) -> None:
    from bongsu.codes.tables import rows  # noqa: PLC0415 - of one test

    everyone = [line(country=row["code"]) for row in rows("japan_countries") if not row["until"]]
    whole, part = read("jp_customs", table(*everyone)), read("jp_customs", table(*everyone[:20]))
    assert ["partner" in reading.batches[0].scope.equals for reading in (whole, part)] == [False, True]
    assert "code" in whole.batches[0].scope.equals


def test_a_table_without_countries_is_of_the_world(read: Read) -> None:
    head = HEAD.replace(",Country", "")
    reading = read("jp_customs", table(line().replace(",103,", ",", 1), head=head))
    assert rows_of(reading, "partner", "value") == [("W00", 580000.0)]


def test_sums_of_the_year_alone_are_taken_once_the_year_is_over(read: Read) -> None:
    head = f"{KEYS},Quantity1-Year,Quantity2-Year,Value-Year"
    files = table("2,2025,'381800010',106,  ,KG,0,310,15200", "2,2026,'381800010',106,  ,KG,0,31,1520", head=head)
    reading = read("jp_customs", files)
    assert rows_of(reading, "valid", "frequency", "flow", "value") == [(date(2025, 1, 1), "A", "import", 15200000.0)]
    assert reading.passed_over == {"year_to_date": 1}


def test_the_old_spelling_of_april(read: Read) -> None:
    files = table(line(months={4: (0, 12, 580)}), head=HEAD.replace("-Apr", "-Apl"))
    assert [day.month for day, value in rows_of(read("jp_customs", files), "valid", "value") if value] == [4]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932", "cp949", "euc-kr"])
def test_encodings(read: Read, encoding: str) -> None:
    files = {"x.csv": str(table(line())["exports.csv"]).encode(encoding)}
    assert rows_of(read("jp_customs", files), "partner") == [("KOR",)]


def test_the_same_table_in_every_wrapping(read: Read) -> None:
    text = str(table(line(code="'010121000'"))["exports.csv"]).encode()
    zipped, parquet, book = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("ik.csv", text)
    lines = [each.split(",") for each in text.decode().splitlines()]
    pq.write_table(pa.table({name: [cell] for name, cell in zip(*lines, strict=True)}), parquet)
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)
    wrapped = {
        "a.csv": text,
        "a.csv.gz": gzip.compress(text),
        "a.zip": zipped.getvalue(),
        "a.parquet": parquet.getvalue(),
    }
    for name, content in {**wrapped, "a.xlsx": book.getvalue()}.items():
        assert rows_of(read("jp_customs", {name: content}), "code", "value") == [("010121000", 580000.0)]


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "a.parquet", "a.xlsx", "a.json"])
def test_a_file_cut_in_half_is_refused(read: Read, name: str) -> None:
    text = str(table(line())["exports.csv"]).encode()
    made = io.BytesIO()
    if name.endswith("gz"):
        made.write(gzip.compress(text))
    elif name.endswith("zip"):
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("a.csv", text)
    elif name.endswith("parquet"):
        pq.write_table(pa.table({"HS": ["1"]}), made)
    elif name.endswith("json"):
        made.write((SAMPLES / "answer.json").read_bytes())
    else:
        with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
            workbook.add_worksheet().write_row(0, 0, HEAD.split(","))
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", {name: made.getvalue()[: len(made.getvalue()) // 2]})
    assert name in refused.value.where


def test_a_bomb_is_not_unpacked(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", {"bomb.csv.gz": gzip.compress(HEAD.encode() + b"\n" + b"0" * (64 << 20))})
    assert "bomb.csv.gz" in refused.value.where


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("HS", "Item"),
        HEAD.replace("Year,HS", "HS"),
        HEAD.replace("Value", "Amount"),
        HEAD.replace("Country", "Custom,Country"),
    ],
    ids=["renamed", "missing", "no values", "by customs house"],
)
def test_another_table_is_told_what_is_expected(read: Read, head: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", {"x.csv": f"{head}\n{',' * head.count(',')}\n"})
    for language in Language:
        assert "Exp or Imp, Year, HS, Country, Unit1, Unit2, Quantity1-Jan" in refused.value.to(language)
    assert refused.value.where == "x.csv"


def test_an_added_column_changes_nothing(read: Read) -> None:
    wider = read("jp_customs", table(line() + ",x", head=f"{HEAD},Remark"))
    assert wider.batches[0].rows.equals(read("jp_customs", table(line())).batches[0].rows)


CELLS: dict[str, list[Any]] = {
    "flow": [1, 2, 3],
    "year": [2025, 2026, 2027, 1],
    "code": ["'381800100'", "'000000100'", "'1'", ""],
    "country": ["103", "216", "217", "999", ""],
    "months": [{1: (0, 1, 5)}, {2: (0, "x", 5)}, {3: (0, 1, -1)}, {1: (0, 1, "")}, {12: (0, 1, 5)}],
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), min_size=1, max_size=8
    )
)
def test_nothing_is_lost_whatever_the_rows_say(read: Read, cells: list[dict[str, Any]]) -> None:
    reading = read("jp_customs", table(*(line(**one) for one in cells)))
    taken = sum(number for (number,) in rows_of(reading, "raw_rows"))
    assert taken + len(reading.bad_rows) + sum(reading.passed_over.values()) == reading.raw_rows == 12 * len(cells)
    kept = rows_of(reading, *TRADE_FLOW.key_names)
    assert len(set(kept)) == len(kept)


# Answers of the API

ANSWER = json.loads((SAMPLES / "answer.json").read_text(encoding="utf-8"))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, bytes | str]:
    made = deepcopy(ANSWER)
    change(made["GET_STATS_DATA"])
    return {"answer.json": json.dumps(made, ensure_ascii=False)}


def test_an_answer_says_what_the_file_of_the_same_figures_says(read: Read) -> None:
    lines = [
        line(flow=2, code="'381800010'", country="106", months={1: ("", 310, 15200), 2: ("", 0, 0)}),
        line(flow=2, code="'381800010'", country="304", months={1: ("", ":", 8800), 2: ("", 0, 0)}),
    ]
    names = (*TRADE_FLOW.key_names, *TRADE_FLOW.value_names, "known_at", "known_basis")
    assert rows_of(read("jp_customs", {"answer.json": json.dumps(ANSWER)}), *names) == rows_of(
        read("jp_customs", table(*lines)), *names
    )


def test_an_answer_speaks_for_nothing_that_it_lacks(read: Read) -> None:
    assert [batch.scope.complete for batch in read("jp_customs", [SAMPLES / "answer.json"]).batches] == [False]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["STATISTICAL_DATA"]["RESULT_INF"].update(NEXT_KEY=13), "holds 12 of 12"),
        (lambda data: data["STATISTICAL_DATA"]["RESULT_INF"].update(TOTAL_NUMBER=99), "holds 12 of 99"),
        (lambda data: data["STATISTICAL_DATA"]["DATA_INF"]["VALUE"].pop(), "holds 11 of 12"),
        (lambda data: data["STATISTICAL_DATA"]["TABLE_INF"].update(STATISTICS_NAME="概況品別国別表 輸入"), "概況品別国別表"),
        (lambda data: data["STATISTICAL_DATA"]["TABLE_INF"].update(STATISTICS_NAME="国勢調査", TITLE="人口"), "国勢調査"),
        (lambda data: data["STATISTICAL_DATA"]["DATA_INF"]["VALUE"][2].update({"@unit": "円"}), "but in 円"),
        (lambda data: data["STATISTICAL_DATA"]["CLASS_INF"]["CLASS_OBJ"][1]["CLASS"][3].update({"@name": "重量"}), "'重量'"),
        (lambda data: data["STATISTICAL_DATA"].pop("CLASS_INF"), "not an answer of the e-Stat API"),
        (lambda data: data["STATISTICAL_DATA"]["DATA_INF"]["VALUE"][2].update({"@cat02": "160"}), "not an answer"),
        (lambda data: data.pop("RESULT"), "not an answer of the e-Stat API"),
    ],
)  # fmt: skip
def test_an_answer_that_is_cut_or_of_another_table_is_refused(
    read: Read, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", changed(change))
    assert said in refused.value.to(Language.EN)
    assert refused.value.where == "answer.json"
    assert refused.value.to(Language.KO) != refused.value.to(Language.EN)


def error(status: int) -> str:
    return json.dumps(
        {"GET_STATS_DATA": {"RESULT": {"STATUS": status, "ERROR_MSG": "認証に失敗しました。", "DATE": "x"}}}
    )


def test_an_error_is_no_data(read: Read) -> None:
    with pytest.raises(KeyRefusedError) as unknown:
        read("jp_customs", {"answer.json": error(100)})
    assert unknown.value.to(Language.EN).startswith("answer.json: e-Stat does not know the application id.")
    with pytest.raises(ApiRefusedError) as refused:
        read("jp_customs", {"answer.json": error(300)})
    assert refused.value.to(Language.EN) == "answer.json: e-Stat's API refused (300: 認証に失敗しました。)."


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"GET_STATS_DATA": null}', '{"GET_STATS_DATA": {"RESULT": []}}', "[" * 5000]
)
def test_other_json_is_refused(read: Read, text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", {"x.json": text})
    assert refused.value.where == "x.json"


def test_files_and_answers_do_not_go_together(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("jp_customs", [SAMPLES / "exports.csv", SAMPLES / "answer.json"])
    assert refused.value.where == "exports.csv, answer.json"


@pytest.mark.parametrize(
    ("place", "cells", "reason"),
    [("@area", "50999", "bad_partner"), ("@area", "XX", "bad_partner"), ("@cat01", "3818000", "bad_code"),
     ("@time", "2026001212", "bad_period")],
)  # fmt: skip
def test_a_cell_of_an_answer_that_nobody_knows_sets_its_row_aside(
    read: Read, place: str, cells: str, reason: str
) -> None:
    def change(data: dict[str, Any]) -> None:
        for one in data["STATISTICAL_DATA"]["DATA_INF"]["VALUE"][6:]:
            one[place] = cells

    reading = read("jp_customs", changed(change))
    assert {bad.reason for bad in reading.bad_rows} == {reason}
    assert rows_of(reading, "partner") == [("TWN",)]


# Asking


def asked(first: date | None = None, **wants: tuple[str, ...]) -> list[Ask]:
    return list(plan(PlanRequest(source("jp_customs"), NOW, first, wants, keyed=True)))


def test_the_plan_goes_by_year_flow_and_chapter_and_shows_no_key() -> None:
    asks = asked(date(2025, 1, 1), codes=("31", "3818"), partners=("KOR", "PRT"))
    assert [(one.params["cdTime"], one.params["statsDataId"], one.params["cdCat01From"], one.params["cdCat01To"], one.once)
            for one in asks] == [
        ("2026000000", "0004049306", "310000000", "319999999", False),
        ("2026000000", "0004049306", "381800000", "381899999", False),
        ("2026000000", "0004049326", "310000000", "319999999", False),
        ("2026000000", "0004049326", "381800000", "381899999", False),
        ("2025000000", "0003425293", "310000000", "319999999", True),
        ("2025000000", "0003425293", "381800000", "381899999", True),
        ("2025000000", "0003425294", "310000000", "319999999", True),
        ("2025000000", "0003425294", "381800000", "381899999", True),
    ]  # fmt: skip
    assert {(one.secret, one.params["cdArea"], one.url) for one in asks} == {
        ("appId", "50103,50216,50217", "https://api.e-stat.go.jp/rest/3.0/app/json/getStatsData")
    }
    assert [one.id for one in asks if "appId" in one.id] == []


def test_without_wants_every_chapter_of_the_last_years_is_asked_for() -> None:
    asks = asked()
    assert len(asks) == 5 * 2 * 97
    early = plan(PlanRequest(source("jp_customs"), datetime(2026, 2, 10, tzinfo=UTC), date(2026, 1, 1)))
    assert list(early) == []  # January is out at the end of February


@pytest.mark.parametrize(
    "wants", [{"flows": ("transit",)}, {"codes": ("3",)}, {"codes": ("38x",)}, {"partners": ("Atlantis",)},
              {"partners": ("LIE",)}, {"reporters": ("JPN",)}],
)  # fmt: skip
def test_wants_that_nobody_knows_are_told(wants: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError):
        list(plan(PlanRequest(source("jp_customs"), NOW, None, wants)))


def test_an_answer_is_judged_by_what_it_says() -> None:
    (ask,) = asked(date(2026, 1, 1), codes=("381800010",), flows=("import",))
    fixed = Ask(ask.url, ask.params, ask.secret, once=True)
    whole, empty = ((SAMPLES / name).read_bytes() for name in ("answer.json", "empty.json"))
    assert judge(ask, whole, "a") == judge(fixed, empty, "a") == Whole()
    assert isinstance(judge(ask, empty, "a"), NotYet)
    for kind, status in ((KeyRefusedError, 100), (ApiRefusedError, 101)):
        with pytest.raises(kind):
            judge(ask, error(status).encode(), "a")
    for other in (b"<html></html>", b"", b"[]", whole[:-9]):
        with pytest.raises(BadInputError):
            judge(ask, other, "a")


def test_an_answer_that_is_cut_is_asked_for_in_ten_parts_down_to_one_item() -> None:
    cut = str(changed(lambda data: data["STATISTICAL_DATA"]["RESULT_INF"].update(NEXT_KEY=13))["answer.json"]).encode()
    (ask,) = asked(date(2026, 1, 1), codes=("3818",), flows=("import",))
    verdict = judge(ask, cut, "a")
    assert isinstance(verdict, Split)
    ranges = [(one.params["cdCat01From"], one.params["cdCat01To"]) for one in verdict.into]
    assert (len(ranges), ranges[0], ranges[9]) == (10, ("381800000", "381809999"), ("381890000", "381899999"))
    assert {(one.url, one.secret, one.once) for one in verdict.into} == {(ask.url, "appId", False)}
    (single,) = asked(date(2026, 1, 1), codes=("381800010",), flows=("import",))
    with pytest.raises(CutAnswerError):
        judge(single, cut, "a")


def test_what_the_judge_calls_whole_the_reader_reads(tmp_path: Path) -> None:
    (ask,) = asked(date(2026, 1, 1), codes=("381800010",), flows=("import",))
    fixed = Ask(ask.url, ask.params, ask.secret, once=True)
    for name in ("answer.json", "empty.json"):
        data = (SAMPLES / name).read_bytes()
        assert judge(fixed, data, "a") == Whole()
        (tmp_path / "getStatsData").write_bytes(data)
        raw = RawArchive(tmp_path / "raw").keep(tmp_path / "getStatsData", received_at=NOW)
        reading = reader("jp_customs").read(ReadRequest(source("jp_customs"), (raw,), NOW))
        assert bool(reading.batches) == (name == "answer.json")
