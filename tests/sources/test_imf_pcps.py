"""IMF commodity prices: five layouts, one set of series; what no file says is never guessed."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.units import PriceUnit, price_unit
from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.sources.imf_pcps.found import period
from bongsu.sources.imf_pcps.series import counted_in, key, table
from bongsu.sources.source import HERE, source

Read = Callable[..., Reading]
ID = "imf_pcps"
SAMPLES = HERE / ID / "samples"
SETTINGS = source(ID).settings
LONG = (SAMPLES / "sdmx.csv").read_text(encoding="utf-8")
HEAD = LONG.splitlines()[0]
JSON = json.loads((SAMPLES / "sdmx.json").read_text(encoding="utf-8"))
CODES = {"columns": ["PALLFNF.INDEX", "PINDU.INDEX", "PALUM.USD", "-", "PURAN.USD"]}
ABOVE = (
    ("Commodity", "PALUM", "PTIN"),
    ("Commodity.Description", "Aluminum, LME, US$ per metric ton", "Tin, LME, US$ per metric ton"),
    ("Data Type", "USD", "USD"),
    ("Frequency", "Monthly", "Monthly"),
)


def workbook(folder: Path, *rows: Sequence[Any], above: Sequence[Sequence[Any]] = ABOVE) -> Path:
    file = folder / "external-data.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("External")
        for place, row in enumerate([*above, *rows]):
            sheet.write_row(place, 0, row)
    return file


def long(*rows: str) -> dict[str, bytes | str]:
    return {"PCPS.csv": "\n".join([HEAD, *(f"IMF.RES:PCPS(9.0.0),G001,{row}" for row in rows)]) + "\n"}


def figures(reading: Reading) -> dict[tuple[str, date], dict[str, Any]]:
    return {(row["series"], row["valid"]): row for batch in reading.batches for row in pa.table(batch.rows).to_pylist()}


def bad(reading: Reading) -> list[tuple[int, str]]:
    return [(each.raw_row, each.reason) for each in reading.bad_rows]


@pytest.mark.realdata
def test_the_republished_file_is_refused_and_says_how_it_came_to_be(read: Read, realdata: Path) -> None:
    file = realdata / "trade" / "imf_pcps" / "commodity-prices.csv"
    with pytest.raises(BadInputError, match="64 column names stand over 95 cells a row") as refused:
        read(ID, file)
    assert refused.value.where == "commodity-prices.csv"


@pytest.mark.realdata
def test_the_names_of_the_real_file_do_not_belong_to_the_columns_below(read: Read, realdata: Path) -> None:
    """The column called Aluminum is not the world price of aluminium, which another publisher states too."""
    names, *rows = (realdata / "trade" / "imf_pcps" / "commodity-prices.csv").read_text(encoding="utf-8").splitlines()
    called = names.split(",").index("Aluminum")
    months = {line[:7]: float(line.split(",")[called] or "nan") for line in rows}
    pinksheet = figures(
        read("worldbank_pinksheet", realdata / "trade" / "worldbank" / "CMO-Historical-Data-Monthly_2024M09.xlsx")
    )
    ratios = [pinksheet["ALUMINUM", date(year, 1, 1)]["value"] / months[f"{year}-01"] for year in range(2010, 2025)]
    assert [ratio for ratio in ratios if ratio < 5] == []


@pytest.mark.realdata
def test_under_the_codes_of_its_edition_the_real_file_is_read_whole(read: Read, realdata: Path) -> None:
    """With stand-ins for the codes, which nobody here has: every cell is accounted for."""
    mapping = {"columns": [f"X{place}.{'INDEX' if place <= 18 else 'USD'}" for place in range(1, 95)]}
    reading = read(ID, realdata / "trade" / "imf_pcps" / "commodity-prices.csv", mapping=mapping)
    assert reading.raw_rows == 429 * 94
    assert {each.reason for each in reading.bad_rows} == {"zero_price"}
    assert len(figures(reading)) + len(reading.bad_rows) + reading.passed_over["no_figure"] == reading.raw_rows


def test_names_over_the_right_number_of_columns_prove_nothing_either(read: Read) -> None:
    """The script writes its list of names whatever stands below them."""
    text = "Date,All Commodity Price Index,Aluminum\n2016-01-01,50.5,1500\n"
    with pytest.raises(BadInputError, match="beside the day no column can be told"):
        read(ID, {"commodity-prices.csv": text})


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"columns": CODES["columns"][:-1]}, "6 cells a row"),
        ({"columns": "PALUM.USD"}, "does not name each column"),
        ({**CODES, "unit": "t"}, "does not name each column"),
        ({"columns": ["PALLFNF", *CODES["columns"][1:]]}, "no name of a series: PALLFNF"),
        ({"columns": ["PALLFNF.EUR", *CODES["columns"][1:]]}, "no name of a series: PALLFNF.EUR"),
    ],
)
def test_codes_that_do_not_fit_are_refused(read: Read, mapping: Mapping[str, Any], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read(ID, SAMPLES / "republished.csv", mapping=mapping)


def test_one_series_has_one_name_in_every_layout(read: Read, tmp_path: Path) -> None:
    book = read(ID, workbook(tmp_path, ("2026M8", 2700, 30000)))
    answer = read(ID, long("PALUM,USD,M,2026-M08,2700,0", "PTIN,USD,M,2026-M08,30000,0"))
    wide = read(ID, {"p.csv": "SERIES_CODE,2026-M08\nG001.PALUM.USD.M,2700\nG001.PTIN.USD.M,30000\n"})
    told = [
        {where: (row["value"], row["currency"], row["unit"], row["name"]) for where, row in figures(one).items()}
        for one in (book, answer, wide)
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]["PALUM.USD", date(2026, 8, 1)] == (2700, "USD", "t", "Aluminum")


def test_a_price_and_an_index_of_one_code_are_two_series(read: Read) -> None:
    reading = read(ID, long("PALUM,USD,M,2026-M08,2700,0", "PALUM,INDEX,M,2026-M08,160,0"))
    assert {series: (row["currency"], row["unit"]) for (series, _), row in figures(reading).items()} == {
        "PALUM.USD": ("USD", "t"),
        "PALUM.INDEX": (None, "index"),
    }


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Aluminum, CIF UK ports, US$ per metric ton", ("USD", "t", 1.0)),
        ("Beef, CIF U.S. import price, US cents per pound.", ("USD", "lb", 0.01)),
        ("Tea, Mombasa, U.S. cents per kilogram", ("USD", "kg", 0.01)),
        ("Silver, London Bullion Market Association, USD/troy ounce", ("USD", "troy oz", 1.0)),
        ("Natural Gas, Henry Hub, US$ per Million Metric British Thermal Unit", ("USD", "mmbtu", 1.0)),
        ("Cocoa, US dollars per metric tonne", ("USD", "t", 1.0)),
        ("Something new, US$ per flask", None),
        ("Something new, US$ 5 rebate, per tonne", None),
        ("Something new", None),
    ],
)
def test_the_unit_stands_at_the_end_of_a_description(label: str, expected: tuple[str, str, float] | None) -> None:
    assert counted_in(key("PNEWX", "USD", "M", label), SETTINGS) == (PriceUnit(*expected) if expected else None)


def test_a_unit_in_the_file_goes_before_our_table_of_codes(read: Read, tmp_path: Path) -> None:
    above = (ABOVE[0], ("", "Aluminum, US cents per pound", "Tin, US$ per flask"), *ABOVE[2:])
    reading = read(ID, workbook(tmp_path, ("2026M8", 120, 9), above=above))
    told = {series: (row["value"], row["currency"], row["unit"]) for (series, _), row in figures(reading).items()}
    assert told == {"PALUM.USD": (1.2, "USD", "lb"), "PTIN.USD": (9.0, None, None)}
    assert [note.en for note in reading.notes][1:] == ["series in a unit that we do not know: PTIN.USD."]


def test_the_table_of_codes_has_units_that_are_known() -> None:
    assert {code for code, (unit, _) in table().items() if price_unit(unit) is None} == set()


def test_quarters_years_and_changes_are_counted_and_never_mixed_with_months(read: Read, tmp_path: Path) -> None:
    above = (*ABOVE[:3], ("Frequency", "Monthly", "Quarterly"))
    book = read(ID, workbook(tmp_path, ("2026M8", 1, 2), ("2026Q2", 3, 4), ("2026", 5, 6), above=above))
    assert (list(figures(book)), dict(book.passed_over)) == ([("PALUM.USD", date(2026, 8, 1))], {"derived_period": 5})
    answer = read(ID, long("PALUM,USD,M,2026-M08,2700,0", "PALUM,PCH,M,2026-M08,1.5,0", "PALUM,INDEX_PCHY,A,2025,3,0"))
    assert (len(figures(answer)), dict(answer.passed_over)) == (1, {"change": 2})


def test_a_column_without_a_code_is_passed_over_and_told(read: Read, tmp_path: Path) -> None:
    above = (("Commodity", "PALUM", ""), *ABOVE[1:])
    reading = read(ID, workbook(tmp_path, ("2026M7", 1, 2), ("2026M8", 3, 4), above=above))
    assert (len(figures(reading)), dict(reading.passed_over), reading.raw_rows) == (2, {"no_code": 2}, 4)
    assert [note.en for note in reading.notes][1:] == [
        "columns passed over for want of a code or a data type: Tin, LME, US$ per metric ton."
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("PALUM,USD,M,2026-M13,1,0", "bad_period"),
        ("PALUM,USD,M,Aug 2026,1,0", "bad_period"),
        ("PALUM,USD,M,2026-M12,1,0", "future_period"),
        ("PALUM,USD,M,2026-M08,-1,0", "negative_value"),
        ("PALUM,USD,M,2026-M08,0,0", "zero_price"),
        ("PALUM,USD,M,2026-M08,1.5r,0", "bad_number"),
        ('PALUM,USD,M,2026-M08,"1,5",0', "bad_number"),
        ("PALUM,EUR,M,2026-M08,1,0", "bad_transformation"),
        ("PALUM,USD,B,2026-M08,1,0", "bad_frequency"),
        ("PALUM,USD,M,2026-M08,1,6", "unknown_scale"),
        (",USD,M,2026-M08,1,0", "bad_code"),
        ("PALUM,USD,M,2026-M08", "ragged_row"),
    ],
)
def test_what_can_be_no_price_is_set_aside_with_its_reason(read: Read, row: str, reason: str) -> None:
    reading = read(ID, long("PTIN,USD,M,2026-M08,30000,0", row))
    assert (bad(reading), list(figures(reading))) == ([(3, reason)], [("PTIN.USD", date(2026, 8, 1))])


def test_another_area_than_the_world_is_no_world_price(read: Read) -> None:
    text = HEAD + "\nIMF.RES:PCPS(9.0.0),KOR,PTIN,USD,M,2026-M08,1,0\n"
    assert bad(read(ID, {"PCPS.csv": text})) == [(2, "bad_country")]


@pytest.mark.parametrize("mark", ["", "..", "…", "-", "n.a.", "(D)", "W"])
def test_a_mark_is_no_figure_and_never_zero(read: Read, mark: str) -> None:
    reading = read(ID, long("PTIN,USD,M,2026-M07,30000,0", f"PTIN,USD,M,2026-M08,{mark},0"))
    assert (len(figures(reading)), dict(reading.passed_over), reading.bad_rows) == (1, {"no_figure": 1}, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_bytes_may_be_in_any_encoding_and_packed(read: Read, encoding: str) -> None:
    packed = gzip.compress(LONG.encode(encoding), mtime=0)
    assert len(figures(read(ID, {"PCPS.csv.gz": packed}))) == len(figures(read(ID, SAMPLES / "sdmx.csv")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + "\n", "the answer holds no figure at all"),
        (HEAD.replace("OBS_VALUE", "VALUE") + "\nx,G001,PTIN,USD,M,2026-M08,1,0\n", "columns are missing: OBS_VALUE"),
        ("Date,Price\n2026-08-01,1\n", "columns are missing: TIME_PERIOD"),
        ("SERIES_CODE,INDICATOR\nG001.PTIN.USD.M,Tin\n", "columns are missing: 2020-M01"),
        ('{"errors": [{"code": 404, "title": "NoResultsFound"}]}', "NoResultsFound"),
        ('[{"series": 1}]', "not SDMX-JSON"),
        ('<?xml version="1.0"?><message:StructureSpecificData/>', "SDMX-ML"),
        ("<!DOCTYPE html><title>IMF login</title>", "web page"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_data_is_refused_by_name(read: Read, content: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        read(ID, {"PCPS.csv": content})
    assert refused.value.where.startswith("PCPS.csv")


@pytest.mark.parametrize("change", ["empty", "place", "dimension"])
def test_an_answer_in_json_that_does_not_hold_together_is_refused(read: Read, change: str) -> None:
    body = json.loads(json.dumps(JSON))
    if change == "empty":
        body["data"]["dataSets"][0]["series"] = {}
    elif change == "place":
        body["data"]["dataSets"][0]["series"]["0:9:0:0"] = {"observations": {"0": ["1"]}}
    else:
        del body["data"]["structures"][0]["dimensions"]["series"][2]
    with pytest.raises(BadInputError, match="no figure at all" if change == "empty" else "not SDMX-JSON"):
        read(ID, {"answer.json": json.dumps(body)})


@pytest.mark.parametrize(
    ("above", "said"),
    [
        (ABOVE[1:], "no rows of codes"),
        ((("Commodity", "PALUM", "PALUM"), *ABOVE[1:]), "stand twice: PALUM.USD"),
        ((("Commodity", "", ""), *ABOVE[1:]), "no codes"),
    ],
)
def test_a_workbook_whose_head_cannot_be_trusted_is_refused(
    read: Read, tmp_path: Path, above: Sequence[Sequence[Any]], said: str
) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        read(ID, workbook(tmp_path, ("2026M8", 1, 2), above=above))
    assert refused.value.where == "external-data.xlsx [External]"


def test_known_at_is_the_13th_of_the_next_month_and_never_after_the_edition(read: Read) -> None:
    rows = figures(
        read(
            ID,
            long("PTIN,USD,M,2026-M06,1,0", "PTIN,USD,M,2026-M07,1,0"),
            published=date(2026, 8, 10),
        )
    )
    assert [(row["known_at"], row["known_basis"]) for row in rows.values()] == [
        (datetime(2026, 7, 13, 22, tzinfo=UTC), "lag"),
        (datetime(2026, 8, 10, 22, tzinfo=UTC), "stated"),
    ]


def test_answers_series_by_series_make_one_delivery_and_speak_only_of_their_own_months(read: Read) -> None:
    one = long("PTIN,USD,M,2026-M06,1,0", "PTIN,USD,M,2026-M07,1,0")["PCPS.csv"]
    other = long("PALUM,USD,M,2026-M07,1,0", "PALUM,USD,M,2026-M08,-1,0")["PCPS.csv"]
    reading = read(ID, {"tin.csv": one, "aluminium.csv": other})
    spans = [(batch.scope.equals["series"], batch.scope.valid_from, batch.scope.valid_to) for batch in reading.batches]
    assert spans == [
        (("PTIN.USD",), date(2026, 6, 1), date(2026, 7, 1)),
        (("PALUM.USD",), date(2026, 7, 1), date(2026, 8, 1)),
    ]
    assert [(each.raw, each.reason) for each in reading.bad_rows] == [(1, "negative_value")]


@given(st.dates(min_value=date(1900, 1, 1)))
def test_months_are_read_in_every_form_and_never_as_quarters(day: date) -> None:
    first = day.replace(day=1)
    for text in (f"{day:%Y}M{day.month}", f"{day:%Y}-M{day:%m}", f"{day:%Y-%m}"):
        assert period(text) == (first, "M")
    assert period(f"{day:%Y}-Q{(day.month + 2) // 3}") == (date(day.year, (day.month - 1) // 3 * 3 + 1, 1), "Q")
    assert period(f"{day:%Y}") == (date(day.year, 1, 1), "A")
