"""The GSCPI: an index without currency, of which every edition is kept with the day on which it came out."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.records.known import period_end
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.records.writer import Receipt
from bongsu.sources.nyfed_gscpi.layout import editions, label, month
from bongsu.sources.source import HERE, ReadRequest, reader, source

Read = Callable[..., Reading]
ID = "nyfed_gscpi"
SAMPLES = HERE / ID / "samples"
TABLE = (SAMPLES / "editions.csv").read_text(encoding="utf-8")
PLAIN = "Date,Rate\n31-May-2024,-0.55\n30-Jun-2024,-0.33\n31-Jul-2024,-0.09\n"


def figures(reading: Reading) -> dict[date, float]:
    return {row["valid"]: row["value"] for row in rows(reading)}


def rows(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in pa.table(batch.rows).to_pylist()]


def test_each_column_is_an_edition_of_its_own_oldest_first(read: Read) -> None:
    reading = read(ID, SAMPLES / "editions.csv")
    told = [(one.published, one.published_basis, len(figures(one))) for one in (*reading.earlier, reading)]
    assert told == [
        (datetime(2022, 3, 31, 22, tzinfo=UTC), "lag", 3),  # before the rule: the last day of its month
        (datetime(2022, 6, 7, 22, tzinfo=UTC), "lag", 6),  # the fifth weekday of June
        (datetime(2022, 7, 7, 22, tzinfo=UTC), "lag", 7),
    ]
    assert [figures(one)[date(2022, 2, 1)] for one in (*reading.earlier, reading)] == [3.31, 3.05, 3.07]


def test_the_accounts_of_every_edition_close(read: Read) -> None:
    for one in read(ID, SAMPLES / "editions.csv").earlier:
        assert len(rows(one)) + len(one.bad_rows) + sum(one.passed_over.values()) == one.raw_rows == 7
        assert {row["known_at"] for row in rows(one)} == {one.published}


def test_the_lake_tells_each_month_as_every_edition_had_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    receipt = landed(lake, SAMPLES / "editions.csv")
    assert {kind: receipt.counts[kind] for kind in ("new", "revised", "withdrawn", "unchanged")} == {
        "new": 7, "revised": 3 + 6, "withdrawn": 0, "unchanged": 0,
    }  # fmt: skip
    seen = {
        day: as_known(lake, datetime(*day, tzinfo=UTC))
        for day in [(2022, 3, 31), (2022, 4, 1), (2022, 7, 1), (2022, 8, 1)]
    }
    assert [seen[day].get(date(2022, 2, 1)) for day in seen] == [None, 3.31, 3.05, 3.07]
    assert [len(found) for found in seen.values()] == [0, 3, 6, 7]
    lake.close()


def test_the_same_file_again_changes_nothing_and_a_new_month_adds_one_edition(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    landed(lake, SAMPLES / "editions.csv")
    again = landed(lake, SAMPLES / "editions.csv")
    assert (again.status, again.counts["new"], again.counts["revised"]) == ("unchanged", 0, 0)
    assert [entry.published for entry in lake.journal.entries()][3:] == [datetime(2022, 7, 7, 22, tzinfo=UTC)]
    lines = [
        f"{line},{figure}" for line, figure in zip(TABLE.splitlines(), ["Aug-22", 4, 3, 3, 2, 3, 2, 1], strict=False)
    ]
    (tmp_path / "next.csv").write_text("\n".join(lines) + "\n")
    receipt = landed(lake, tmp_path / "next.csv")
    assert [entry.published for entry in lake.journal.entries()][4:] == [datetime(2022, 8, 5, 22, tzinfo=UTC)]
    assert receipt.counts["revised"] == 7
    lake.close()


def landed(lake: Lake, file: Path) -> Receipt:
    read_at, gscpi = datetime(2022, 8, 20, tzinfo=UTC), source(ID)
    raw = lake.raw.keep(file, received_at=read_at)
    reading = reader(ID).read(ReadRequest(gscpi, (raw,), read_at))
    with lake.writing() as writer:
        return writer.deliver(reading, source=ID, raws=[raw], read_at=read_at, run_id="test")


def as_known(lake: Lake, moment: datetime) -> dict[date, float]:
    snapshot = lake.snapshot()
    return {row["valid"]: row["value"] for row in snapshot.arrow(snapshot.as_of(PRICE, moment)).to_pylist()}


def test_an_edition_says_nothing_of_months_outside_its_own(read: Read) -> None:
    reading = read(ID, SAMPLES / "editions.csv")
    spans = [(b.scope.valid_from, b.scope.valid_to, b.scope.complete) for one in reading.earlier for b in one.batches]
    assert spans == [(date(2021, 12, 1), date(2022, 2, 1), True), (date(2021, 12, 1), date(2022, 5, 1), True)]


def test_an_index_has_no_currency_and_zero_is_a_figure(read: Read) -> None:
    (row,) = rows(read(ID, {"gscpi_data.csv": "Date,Rate\n31-Jul-2000,0.00\n"}))
    assert (row["value"], row["currency"], row["unit"]) == (0.0, None, "standard deviations")


def test_a_file_of_one_edition_is_known_from_when_it_was_read_unless_its_day_is_given(read: Read) -> None:
    undated = read(ID, {"gscpi_data.csv": PLAIN}, read_at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    assert {(row["known_at"], row["known_basis"]) for row in rows(undated)} == {
        (datetime(2026, 11, 20, 3, tzinfo=UTC), "assumed")
    }
    dated = read(ID, {"gscpi_data.csv": PLAIN}, published=date(2024, 8, 6))
    assert {(row["known_at"], row["known_basis"]) for row in rows(dated)} == {
        (datetime(2024, 8, 6, 22, tzinfo=UTC), "stated")
    }


def test_an_edition_that_we_hold_was_out_when_we_read_it(read: Read) -> None:
    """On the day itself, before the hour that the rule allows for."""
    read_at = datetime(2022, 7, 7, 15, tzinfo=UTC)
    assert read(ID, SAMPLES / "editions.csv", read_at=read_at).published == read_at


def test_a_day_given_counts_for_the_newest_edition_and_must_be_of_its_month(read: Read) -> None:
    reading = read(ID, SAMPLES / "editions.csv", published=date(2022, 7, 8))
    assert (reading.published, reading.earlier[-1].published) == (
        datetime(2022, 7, 8, 22, tzinfo=UTC),
        datetime(2022, 6, 7, 22, tzinfo=UTC),
    )
    with pytest.raises(BadInputError, match="another month than --published 2022-08-03: Jul-22"):
        read(ID, SAMPLES / "editions.csv", published=date(2022, 8, 3))


def test_an_edition_dated_ahead_is_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="still to come: Jul-22"):
        read(ID, SAMPLES / "editions.csv", read_at=datetime(2022, 6, 30, tzinfo=UTC))


def test_a_month_that_was_not_over_is_set_aside_in_its_own_edition_alone(read: Read) -> None:
    text = TABLE.replace("31-Mar-2022,#N/A", "31-Mar-2022,2.99")
    reading = read(ID, {"editions.csv": text})
    assert [[(bad.raw_row, bad.reason) for bad in one.bad_rows] for one in (*reading.earlier, reading)] == [
        [(5, "future_period")],
        [],
        [],
    ]


def test_a_row_that_no_edition_can_use_is_in_quarantine_once_and_withdraws_nothing_anywhere(read: Read) -> None:
    reading = read(ID, {"editions.csv": TABLE + "2022-07,1,1,1\n31-Jul-2022,1\n"})
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(9, "bad_period"), (10, "ragged_row")]
    assert [(one.bad_rows, one.passed_over["row_set_aside"]) for one in reading.earlier] == [((), 2), ((), 2)]
    assert {b.scope.complete for one in (*reading.earlier, reading) for b in one.batches} == {False}


@pytest.mark.parametrize("mark", ["#N/A", "", "..", "…", "-", "n.a.", "(D)", "W"])
def test_a_mark_is_no_figure_and_never_zero(read: Read, mark: str) -> None:
    reading = read(ID, {"gscpi_data.csv": PLAIN.replace("-0.33", mark)})
    assert (len(rows(reading)), dict(reading.passed_over), reading.bad_rows) == (2, {"no_figure": 1}, ())


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1,23", "ragged_row"),
        ('"1,23"', "bad_number"),
        ("-33", "absurd_value"),
        ("1e9", "absurd_value"),
        ("0.3r", "bad_number"),
    ],
)
def test_what_can_be_no_figure_of_the_index_is_set_aside(read: Read, cell: str, reason: str) -> None:
    reading = read(ID, {"gscpi_data.csv": PLAIN.replace("-0.33", cell)})
    assert ([(bad.raw_row, bad.reason) for bad in reading.bad_rows], len(rows(reading))) == ([(3, reason)], 2)


@pytest.mark.parametrize("day", ["30-May-2024", "31-Jun-2024", "2024-05-31", "31-Mai-2024", "", "Total"])
def test_what_is_no_last_day_of_a_month_is_set_aside(read: Read, day: str) -> None:
    reading = read(ID, {"gscpi_data.csv": PLAIN.replace("31-May-2024", day)})
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(2, "bad_period")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_the_bytes_may_be_in_any_encoding(read: Read, encoding: str) -> None:
    reading = read(ID, {"gscpi_data.csv": PLAIN.encode(encoding)})
    assert figures(reading) == {date(2024, 5, 1): -0.55, date(2024, 6, 1): -0.33, date(2024, 7, 1): -0.09}


def test_the_file_may_come_packed(read: Read) -> None:
    assert figures(read(ID, {"gscpi.csv.gz": gzip.compress(PLAIN.encode(), mtime=0)}))[date(2024, 7, 1)] == -0.09


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Month,Rate\n31-May-2024,1\n", "columns are missing: Date"),
        ("Date,Value\n31-May-2024,1\n", "columns that we do not know: Value"),
        ("Date,Rate,GSCPI\n31-May-2024,1,2\n", "columns that we do not know: Rate, GSCPI"),
        ("Date,Jan-22,Revised\n31-Dec-2021,1,2\n", "columns that we do not know: Revised"),
        ("Date,Jan-21\n31-Dec-2020,1\n", "columns that we do not know: Jan-21"),
        ("Date,Jan-22,Jan-22\n31-Dec-2021,1,2\n", "column names that stand twice: Jan-22"),
        ("Date\n31-May-2024\n", "columns that we do not know: -"),
        ('{"error": "not found"}', "columns are missing: Date"),
        ("<!DOCTYPE html><title>Page not found</title>", "web page"),
        ("", "the file is empty"),
    ],
)
def test_another_file_is_refused_by_name(read: Read, text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        read(ID, {"gscpi_interactive_data.csv": text})
    assert refused.value.where.startswith("gscpi_interactive_data.csv")


def test_packed_files_that_were_cut_or_grow_without_end_are_refused(read: Read) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gscpi.csv", b"Date,Rate\n" + b"0" * (3 << 30 >> 4))
    book = (SAMPLES / "gscpi_data.xlsx").read_bytes()
    for name, content in {
        "cut.csv.gz": gzip.compress(PLAIN.encode() * 50, mtime=0)[:-9],
        "bomb.zip": bomb.getvalue(),
        "cut.xlsx": book[: len(book) // 2],
    }.items():
        with pytest.raises(BadInputError):
            read(ID, {name: content})


def test_a_workbook_without_its_sheet_or_header_is_refused(read: Read, tmp_path: Path) -> None:
    for sheet, header, said in (("Data", "GSCPI", "no sheet"), ("GSCPI Monthly Data", "Index", "no header with Date")):
        file = tmp_path / "gscpi_data.xlsx"
        with xlsxwriter.Workbook(file) as book:
            book.add_worksheet(sheet).write_row(0, 0, ["Date", header])
        with pytest.raises(BadInputError, match=said) as refused:
            read(ID, file)
        assert refused.value.where.startswith("gscpi_data.xlsx")


def test_files_come_one_at_a_time(read: Read) -> None:
    with pytest.raises(BadInputError, match="one file is read at a time"):
        read(ID, SAMPLES / "editions.csv", SAMPLES / "one-edition.csv")


def test_it_is_fetched_from_one_address_of_the_publisher() -> None:
    gscpi = source(ID)
    assert gscpi.fetches
    assert gscpi.settings["address"].startswith("https://www.newyorkfed.org/")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_last_days_are_read_as_they_are_printed_and_other_days_are_not(day: date) -> None:
    first = day.replace(day=1)
    last = period_end(first, "M")
    assert month(f"{last.day}-{last:%b}-{last.year}") == month(last) == first
    assert (month(day) is None) == (day != last)


@given(st.permutations(["Jan-22", "Dec-22", "Mar-23", "Oct-24"]))
def test_editions_stand_by_their_months_however_the_columns_stand(names: list[str]) -> None:
    assert [column.name for column in editions(names, "x.csv")] == ["Jan-22", "Dec-22", "Mar-23", "Oct-24"]
    assert label("Dec-22") == date(2022, 12, 1)


@pytest.mark.realdata
def test_the_real_file_is_read_whole(read: Read, realdata: Path) -> None:
    reading = read(ID, realdata / "trade" / "nyfed" / "gscpi_data.csv")
    found = figures(reading)
    assert (len(found), reading.raw_rows, reading.bad_rows, reading.passed_over) == (319, 319, (), {})
    assert (min(found), max(found), reading.earlier) == (date(1998, 1, 1), date(2024, 7, 1), ())
    assert (found[date(1998, 1, 1)], found[date(2000, 7, 1)], max(found.values())) == (-1.06, 0.0, 4.37)
    assert {row["unit"] for row in rows(reading)} == {"standard deviations"}
