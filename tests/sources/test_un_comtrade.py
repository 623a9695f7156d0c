"""Downloads of UN Comtrade: every layout, one slice of the cube, partners against their world, faults."""

import gzip
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from bongsu.language import BadInputError, Language, UsageError
from bongsu.records.delivery import Reading

Read = Callable[..., Reading]
Row = dict[str, Any]
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
NUMBERS = {"W00": 0, "ARG": 32, "BRA": 76, "CHN": 156, "USA": 842, "KOR": 410, "QAT": 634, "_X": 899, "E19": 568,
           "S19": 490, "X1": 837, "X2": 838, "X3": 839}  # fmt: skip
DESCRIPTIONS = {"W00": "World", "_X": "Areas, nes", "E19": "Other Europe, nes", "S19": "Other Asia, nes",
                "X1": "Bunkers", "X2": "Free Zones", "X3": "Special Categories", "QAT": "Qatar", "CHN": "China",
                "BRA": "Brazil", "USA": "USA", "KOR": "Rep. of Korea", "ARG": "Argentina"}  # fmt: skip


def row(partner: str = "W00", value: object = 100.0, **cells: object) -> Row:
    """One row of a monthly download, with the cells that matter; `cells` overrides any of them."""
    return {
        "typeCode": "C", "freqCode": "M", "period": "202301", "reporterCode": 410, "reporterISO": "KOR",
        "flowCode": "M", "partnerCode": NUMBERS.get(partner), "partnerISO": partner,
        "partnerDesc": DESCRIPTIONS.get(partner), "partner2Code": 0, "classificationCode": "H6",
        "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": "310210", "aggrLevel": 6,
        "customsCode": "C00", "mosCode": "0", "motCode": 0, "qtyUnitCode": 8, "qtyUnitAbbr": "kg", "qty": 10.0,
        "isQtyEstimated": False, "netWgt": 10.0, "isNetWgtEstimated": False, "primaryValue": value,
    } | cells  # fmt: skip


def csv_of(rows: Iterable[Row], *, rename: Callable[[str], str] = str, end: str = "", delimiter: str = ",") -> str:
    rows = list(rows)
    names = list(rows[0])
    lines = [delimiter.join(rename(name) for name in names)]
    for one in rows:
        cells = ("" if one.get(name) is None else str(one[name]) for name in names)
        lines.append(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells) + end)
    return "\n".join(lines) + "\n"


def book(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook, cells kept as numbers, truths and texts as the site keeps them."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as workbook:
        for number, rows in enumerate(sheets, 1):
            sheet = workbook.add_worksheet(f"Sheet{number}")
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(at, column, cell)
    return into.getvalue()


def sheet_of(rows: Sequence[Row]) -> list[list[object]]:
    return [list(rows[0]), *([one.get(name) for name in rows[0]] for one in rows)]


def facts(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for batch in reading.batches for one in batch.rows.to_pylist()]


def values(reading: Reading) -> dict[str, float | None]:
    return dict(facts(reading, "partner", "value"))


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(bad.raw_row, bad.reason) for bad in reading.bad_rows]


def notes(reading: Reading) -> list[str]:
    return [note.en for note in reading.notes if not note.en.startswith("the day of this vintage")]


def one(read: Read, *rows: Row, **said: object) -> Reading:
    return read("un_comtrade", {"TradeData.csv": csv_of(rows)}, **said)


def accounted(reading: Reading) -> int:
    taken = sum(raw_rows for (raw_rows,) in facts(reading, "raw_rows"))
    return taken + len(reading.bad_rows) + sum(reading.passed_over.values())


# ---- layouts

PAIR = (row("W00", 500.0), row("CHN", 300.0, netWgt=30.0, qty=30.0))
EXPECTED = [("KOR", "import", "W00", "HS", "310210", date(2023, 1, 1), "M", 500.0, "USD", 10.0, "kg", 10.0),
            ("KOR", "import", "CHN", "HS", "310210", date(2023, 1, 1), "M", 300.0, "USD", 30.0, "kg", 30.0)]  # fmt: skip
COLUMNS = ("reporter", "flow", "partner", "code_system", "code", "valid", "frequency", "value", "currency",
           "quantity", "quantity_unit", "weight_kg")  # fmt: skip
MISPRINTS = {"partner2Code": "Prtner2Code"}


def spaced(name: str) -> str:
    return "".join(f" {letter}" if letter.isupper() and not before.isupper() else letter
                   for before, letter in zip(f"x{name}", name, strict=False)).title()  # fmt: skip


def without(rows: Sequence[Row], *names: str) -> list[Row]:
    return [{name: cell for name, cell in one.items() if name not in names} for one in rows]


LAYOUTS: Mapping[str, Mapping[str, bytes | str]] = {
    "workbook": {"TradeData (1).xlsx": book(sheet_of(PAIR), [])},
    "table on the second sheet": {"TradeData (2).xlsx": book([["notes"], ["mine"]], sheet_of(PAIR))},
    "an empty first sheet": {"TradeData (3).xlsx": book([], sheet_of(PAIR))},
    "numbers everywhere": {"a.xlsx": book(sheet_of([{**each, "cmdCode": 310210, "period": 202301} for each in PAIR]))},
    "csv": {"a.csv": csv_of(PAIR)},
    "capitals and misprints": {
        "a.csv": csv_of(PAIR, rename=lambda name: MISPRINTS.get(name, name[0].upper() + name[1:]))
    },
    "a comma at the end of each row": {"a.csv": csv_of(PAIR, end=",")},
    "that comma in the header too": {"a.csv": csv_of(PAIR, end=",").replace("primaryValue", "primaryValue,", 1)},
    "names with blanks": {"a.csv": csv_of(PAIR, rename=spaced)},
    "names with underscores": {"a.csv": csv_of(PAIR, rename=lambda name: spaced(name).replace(" ", "_").lower())},
    "columns the other way round": {"a.csv": csv_of([dict(reversed(each.items())) for each in PAIR])},
    "bulk text": {"a.txt": csv_of(PAIR, delimiter="\t")},
    "packed": {"a.txt.gz": gzip.compress(csv_of(PAIR, delimiter="\t").encode(), mtime=0)},
    "semicolons and a byte order mark": {"a.csv": "\ufeff" + csv_of(PAIR, delimiter=";")},
    "numbers of countries only": {"a.csv": csv_of(without(PAIR, "partnerISO", "partnerDesc", "reporterISO"))},
    "ISO codes only": {"a.csv": csv_of(without(PAIR, "partnerCode", "partnerDesc", "reporterCode"))},
    "names only": {
        "a.csv": csv_of(
            [each | {"reporterDesc": "Rep. of Korea"} for each in
             without(PAIR, "partnerCode", "partnerISO", "reporterCode", "reporterISO")]
        )
    },
    "words for flows": {"a.csv": csv_of([each | {"flowDesc": "Import"} for each in without(PAIR, "flowCode")])},
    "no frequency": {"a.csv": csv_of(without(PAIR, "freqCode"))},
    "a first day for a period": {
        "a.csv": csv_of([each | {"refPeriodId": "20230101"} for each in without(PAIR, "period")])
    },
    "year and month for a period": {
        "a.csv": csv_of([each | {"refYear": 2023, "refMonth": 1} for each in without(PAIR, "period")])
    },
    "spreadsheet numbers as text": {
        "a.csv": csv_of([each | {"partnerCode": f"{each['partnerCode']}.0", "cmdCode": "310210.0"} for each in PAIR])
    },
    "no dimensions but partners": {
        "a.csv": csv_of(without(PAIR, "partner2Code", "customsCode", "motCode", "mosCode", "typeCode"))
    },
}  # fmt: skip


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout_reads_to_the_same_records(read: Read, files: Mapping[str, bytes | str]) -> None:
    reading = read("un_comtrade", files)
    assert facts(reading, *COLUMNS) == EXPECTED
    assert reading.bad_rows == ()
    assert notes(reading) == []


def test_a_parquet_copy_reads_to_the_same_records(read: Read, tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(list(PAIR)), tmp_path / "a.parquet")
    assert facts(read("un_comtrade", tmp_path / "a.parquet"), *COLUMNS) == EXPECTED


def test_latin_letters_of_the_sites_csv_are_read(read: Read) -> None:
    rows = [row("W00", 5.0), row("CIV", 4.0, partnerCode=None, partnerISO=None, partnerDesc="Côte d'Ivoire")]
    assert values(read("un_comtrade", {"a.csv": csv_of(rows).encode("latin-1")})) == {"W00": 5.0, "CIV": 4.0}


def test_a_comma_within_quotes_ends_no_row(read: Read) -> None:
    rows = [row("W00", 5.0), row("_X", 4.0, partnerCode=None, partnerISO=None)]
    reading = read("un_comtrade", {"a.csv": csv_of(rows, end=",") + "C,M\n"})
    assert values(reading) == {"W00": 5.0, "X00": 4.0}
    assert reasons(reading) == [(4, "ragged_row")]


def test_an_unknown_column_is_named_and_left_unread(read: Read) -> None:
    reading = one(read, row() | {"mood": "good"})
    assert notes(reading) == ["TradeData.csv: columns nobody here knows, unread: mood."]


# ---- words


@pytest.mark.parametrize(
    ("code", "cells", "expected"),
    [
        ("120190", {}, "120190"),
        ("10110", {"classificationCode": "H3"}, "010110"),  # HS 2007 has 010110
        (10110, {"classificationCode": "H3", "aggrLevel": None}, "010110"),
        ("10110", {"classificationCode": "H0"}, None),  # HS 1992 has not
        ("10110", {"classificationCode": "H3", "aggrLevel": 4}, None),
        ("101", {"aggrLevel": 4}, "0101"),
        ("1", {"aggrLevel": 2}, "01"),
        ("12019", {"aggrLevel": 6}, None),  # a digit fewer, and no zero to put back
        ("1201", {"aggrLevel": 6}, None),
        ("120190", {"aggrLevel": 4}, None),
        ("1201", {"aggrLevel": 4}, "1201"),
        ("12", {"aggrLevel": None}, "12"),
        ("12019000", {"aggrLevel": None}, None),  # eight digits are national
        ("99999A", {}, None),
    ],
)
def test_lost_zeros_come_back_where_only_one_code_can_be_meant(
    read: Read, code: object, cells: Row, expected: str | None
) -> None:
    reading = one(read, row(cmdCode=code, **cells))
    assert facts(reading, "code") == ([(expected,)] if expected else [])
    assert reasons(reading) == ([] if expected else [(2, "bad_code")])


@pytest.mark.parametrize(
    ("system", "code", "cells", "expected"),
    [
        ("S1", "001", {"aggrLevel": 3}, "001"),
        ("S3", 11, {"aggrLevel": 3}, "011"),
        ("S4", "2", {"aggrLevel": 1}, "2"),
        ("B5", "111", {"aggrLevel": 3}, "111"),
        ("S3", 11, {"aggrLevel": None}, None),  # who can tell what a number lost
    ],
)
def test_other_classifications_keep_their_own_codes(
    read: Read, system: str, code: object, cells: Row, expected: str | None
) -> None:
    cells |= {"classificationCode": system, "classificationSearchCode": system, "isOriginalClassification": False}
    reading = read("un_comtrade", {"a.xlsx": book(sheet_of([row(cmdCode=code, **cells)]))})
    systems = {"S1": "SITC1", "S3": "SITC3", "S4": "SITC4", "B5": "BEC5"}
    assert facts(reading, "code_system", "code") == ([(systems[system], expected)] if expected else [])
    assert reasons(reading) == ([] if expected else [(2, "bad_code")])


def test_what_the_un_converted_stands_apart_from_what_was_reported(read: Read) -> None:
    converted = {"classificationSearchCode": "H4", "isOriginalClassification": False}
    reading = one(
        read,
        row(value=100.0, classificationCode="H6"),
        row(value=99.0, classificationCode="H4", **converted),
        row(value=98.0, classificationCode="H0", **converted),
    )
    assert facts(reading, "code_system", "value") == [("HS", 100.0), ("HS2012", 99.0), ("HS1992", 98.0)]


def test_where_nobody_says_so_the_newest_revision_of_a_period_was_reported(read: Read) -> None:
    rows = without(
        [
            row(value=1.0, classificationCode="H5"),
            row(value=2.0, classificationCode="H4"),
            row(value=3.0, classificationCode="H4", period="201601"),
        ],
        "isOriginalClassification",
        "classificationSearchCode",
    )
    reading = one(read, *rows)
    assert facts(reading, "code_system", "value") == [("HS", 1.0), ("HS2012", 2.0), ("HS", 3.0)]
    assert notes(reading)[0].startswith("some rows do not say whether the reporter used their classification (HS 2012")


def test_a_revision_of_tomorrow_is_read_where_the_reporter_used_it(read: Read) -> None:
    assert facts(one(read, row(classificationCode="H7")), "code_system", "code") == [("HS", "310210")]
    unsure = one(read, row(classificationCode="H7", classificationSearchCode="H7", isOriginalClassification=False))
    assert reasons(unsure) == [(2, "bad_classification")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"freqCode": "A", "period": "2022"}, (date(2022, 1, 1), "A")),
        ({"freqCode": "M", "period": "202212"}, (date(2022, 12, 1), "M")),
        ({"freqCode": None, "period": "2022"}, (date(2022, 1, 1), "A")),
        ({"freqCode": "A", "period": None, "refPeriodId": "20220101"}, (date(2022, 1, 1), "A")),
        ({"freqCode": "A", "period": None, "refYear": 2022, "refMonth": 52}, (date(2022, 1, 1), "A")),
        ({"freqCode": None, "period": None, "refPeriodId": "20220101", "refMonth": 52}, (date(2022, 1, 1), "A")),
        ({"freqCode": "A", "period": "202205"}, None),  # a month among years
        ({"freqCode": "M", "period": "2022"}, None),
        ({"freqCode": "W", "period": "202205"}, None),
        ({"period": "202213"}, None),
        ({"period": "soon"}, None),
    ],
)
def test_months_and_years_are_told_apart(read: Read, cells: Row, expected: tuple[date, str] | None) -> None:
    reading = one(read, row(**cells))
    assert facts(reading, "valid", "frequency") == ([expected] if expected else [])
    assert reasons(reading) == ([] if expected else [(2, "bad_period")])


def test_only_imports_and_exports_are_recorded_and_the_other_flows_counted(read: Read) -> None:
    flows = ["M", "X", "RM", "RX", "RX", "DX", "FM", "MIP", "XOP", "ZZ"]
    reading = one(read, *(row(flowCode=flow, period=f"2022{place + 1:02}") for place, flow in enumerate(flows)))
    assert facts(reading, "flow") == [("import",), ("export",)]
    assert reading.passed_over == {
        "re_import": 1, "re_export": 2, "domestic_export": 1, "foreign_import": 1, "inward_processing": 1,
        "outward_processing": 1,
    }  # fmt: skip
    assert reasons(reading) == [(11, "bad_flow")]


def test_services_totals_and_goods_without_a_code_are_counted(read: Read) -> None:
    reading = one(
        read,
        row(typeCode="S"),
        row(classificationCode="EB02"),
        row(cmdCode="TOTAL", aggrLevel=0),
        row(cmdCode="9999AA"),
    )
    assert facts(reading) == []
    assert reading.passed_over == {"services": 2, "total": 1, "unclassified_goods": 1}


def test_partners_that_are_nobody_in_particular(read: Read) -> None:
    rows = [row(partner, float(place)) for place, partner in enumerate(("S19", "X1", "X2", "X3", "_X"), 1)]
    group = row("ASEAN", 50.0, partnerCode=975, partnerISO="R4", partnerDesc="ASEAN")
    reading = one(read, row("W00", 100.0), *rows, group)
    assert values(reading) == {"W00": 100.0, "TWN": 1.0, "X01": 2.0, "X02": 3.0, "X03": 4.0, "X00": 5.0}
    assert reading.passed_over == {"country_group": 1}


def test_several_numbers_for_nobody_add_up_to_one_partner(read: Read) -> None:
    reading = one(read, row("W00", 100.0), row("_X", 7.0), row("E19", 5.0, qtyUnitCode=5, qtyUnitAbbr="u"))
    found = facts(reading, "partner", "value", "weight_kg", "quantity", "quantity_unit", "raw_rows")
    assert found == [("W00", 100.0, 10.0, 10.0, "kg", 1), ("X00", 12.0, 20.0, None, None, 2)]


def test_one_unreadable_part_of_nobody_leaves_it_unknown(read: Read) -> None:
    reading = one(read, row("W00", 100.0), row("_X", 7.0), row("E19", "seven"))
    assert values(reading) == {"W00": 100.0}
    assert reasons(reading) == [(3, "incomplete_detail"), (4, "bad_number")]


@pytest.mark.parametrize(
    ("cells", "weight", "quantity"),
    [
        ({"netWgt": 0, "qty": 0}, None, (None, "kg")),
        ({"netWgt": None, "qty": None}, None, (None, "kg")),
        ({"netWgt": 5, "qtyUnitCode": -1, "qtyUnitAbbr": "N/A", "qty": 0}, 5.0, (None, None)),
        ({"qtyUnitCode": 5, "qtyUnitAbbr": "u", "qty": 3}, 10.0, (3.0, "piece")),
        ({"qtyUnitCode": 21, "qtyUnitAbbr": "1000 KG", "qty": 3}, 10.0, (3.0, "t")),
        ({"qtyUnitCode": None, "qtyUnitAbbr": "m³", "qty": 3}, 10.0, (3.0, "m3")),
        ({"qtyUnitCode": 12, "qtyUnitAbbr": None, "qty": 3}, 10.0, (3.0, "m3")),
        ({"qtyUnitCode": 10, "qtyUnitAbbr": "jeu/pack", "qty": 3}, 10.0, (3.0, "jeu/pack")),
        ({"value": 0, "netWgt": 0, "qty": 0}, 0.0, (0.0, "kg")),
    ],
)
def test_a_weight_of_nothing_beside_a_value_is_unknown(
    read: Read, cells: Row, weight: float | None, quantity: tuple[float | None, str | None]
) -> None:
    reading = one(read, row(**cells))
    assert facts(reading, "weight_kg", "quantity", "quantity_unit") == [(weight, *quantity)]


def test_estimates_of_the_un_are_told(read: Read) -> None:
    estimated = {"isQtyEstimated": True, "isNetWgtEstimated": True}
    reading = one(read, row("W00", 9.0, **estimated), row("CHN", 3.0, isNetWgtEstimated=True), row("USA", 3.0))
    assert notes(reading) == ["not reported but estimated by the UN: weights 2, quantities 1."]
    flags = without([row("W00", 9.0, legacyEstimationFlag=6), row("CHN", 3.0, legacyEstimationFlag=4)],
                    "isQtyEstimated", "isNetWgtEstimated")  # fmt: skip
    assert notes(one(read, *flags)) == notes(reading)


def test_a_month_is_known_half_a_year_later_and_a_year_a_year_later(read: Read) -> None:
    rows = [row(), row(freqCode="A", period="2022")]
    known = [(datetime(2023, 7, 30, 22, tzinfo=UTC), "lag"), (datetime(2023, 12, 31, 23, tzinfo=UTC), "lag")]
    assert facts(one(read, *rows), "known_at", "known_basis") == known
    stated = one(read, *rows, published=date(2023, 5, 2))
    assert set(facts(stated, "known_at", "known_basis")) == {(datetime(2023, 5, 2, 22, tzinfo=UTC), "stated")}


# ---- faults


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"primaryValue": "n/k"}, "bad_number"),
        ({"primaryValue": -1}, "negative_value"),
        ({"primaryValue": 1e16}, "absurd_value"),
        ({"netWgt": -1}, "negative_value"),
        ({"period": "203001"}, "future_period"),
        ({"partnerCode": 998, "partnerISO": "QQQ", "partnerDesc": "Nowhere"}, "bad_partner"),
        ({"partnerCode": None, "partnerISO": None, "partnerDesc": None}, "missing_value"),
        ({"partnerCode": 156, "partnerISO": "USA"}, "contradictory_place"),
        ({"partnerCode": 0, "partnerISO": "CHN"}, "contradictory_place"),
        ({"reporterCode": 0, "reporterISO": "W00"}, "bad_reporter"),
        ({"reporterCode": 998, "reporterISO": "QQQ"}, "bad_reporter"),
        ({"typeCode": "M"}, "bad_type"),  # all columns shifted by one
        ({"classificationCode": "Z9"}, "bad_classification"),
        ({"cmdCode": None}, "missing_value"),
        ({"cmdCode": "3102AB"}, "bad_code"),
        ({"flowCode": None}, "missing_value"),
        ({"period": None}, "missing_value"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reason(read: Read, cells: Row, reason: str) -> None:
    reading = one(read, row("CHN", 1.0, **cells), row("USA", 1.0))
    assert values(reading) == {"USA": 1.0}
    assert reasons(reading) == [(2, reason)]
    assert accounted(reading) == reading.raw_rows == 2


@pytest.mark.parametrize("marker", ["", "..", "N/A", "null"])
def test_a_value_that_is_not_given_is_unknown_and_not_zero(read: Read, marker: str) -> None:
    assert values(one(read, row("CHN", marker))) == {"CHN": None}


def test_a_column_that_is_missing_is_named(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        one(read, *without([row()], "cmdCode", "partnerCode", "partnerISO", "partnerDesc"))
    assert refused.value.where == "TradeData.csv"
    assert refused.value.what.en == (
        "columns of a Comtrade table are missing: partnercode|partneriso|partnerdesc, cmdcode."
    )
    assert "flows_table" in refused.value.to(Language.KO)


def test_a_mapping_is_refused_and_never_ignored(read: Read) -> None:
    with pytest.raises(UsageError) as refused:
        one(read, row(), mapping={"columns": {"value": "fobvalue"}})
    assert refused.value.what.en == "this source takes no mapping."


def test_two_columns_of_one_meaning_are_refused(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        one(read, row() | {"Partner ISO": "CHN"})
    assert refused.value.what.en == "two columns mean the same: partnerISO, Partner ISO."


def test_a_header_without_rows_is_not_read_as_nothing_traded(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("un_comtrade", {"TradeData.xlsx": book([list(row())], [])})
    assert refused.value.to(Language.EN) == (
        "TradeData.xlsx: there are names of columns, but no row of data. The period may not be out yet, or nothing was "
        "traded: see Data Availability on the site."
    )


@pytest.mark.parametrize("size", [499, 500, 501])
def test_a_file_of_exactly_as_many_rows_as_the_site_gives_may_have_been_cut(read: Read, size: int) -> None:
    reading = one(read, *(row("CHN", 1.0, cmdCode=f"{100000 + place}") for place in range(size)))
    said = ["TradeData.csv: exactly 500 rows, as many as a limit allows; it may have been cut: get it in parts."]
    assert notes(reading) == (said if size == 500 else [])


def test_what_a_download_lacks_is_not_withdrawn(read: Read) -> None:
    assert [batch.scope.complete for batch in one(read, row()).batches] == [False]


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked"])
def test_what_is_no_table_is_refused(read: Read, content: bytes) -> None:
    with pytest.raises(BadInputError) as refused:
        read("un_comtrade", {"TradeData (1).xlsx": content})
    assert refused.value.where.startswith("TradeData (1).xlsx")


def test_rows_that_fit_no_header_and_damaged_cells_are_set_aside(read: Read) -> None:
    text = csv_of([row("CHN", 1.0), row("USA", 2.0), row("BRA", 3.0)])
    lines = text.splitlines()
    lines[2] += ",9,9"
    lines[3] = lines[3].replace("BRA", "B\0A")
    reading = read("un_comtrade", {"a.csv": "\n".join(lines) + "\n"})
    assert values(reading) == {"CHN": 1.0}
    assert sorted(reasons(reading)) == [(3, "ragged_row"), (4, "nul_byte")]
