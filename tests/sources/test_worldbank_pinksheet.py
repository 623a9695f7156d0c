"""The Pink Sheet: two layouts, one set of series, and revisions that compare exactly."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.sources.source import HERE, ReadRequest, reader, source
from bongsu.sources.worldbank_pinksheet.layout import codes, month, names, price_unit

Read = Callable[..., Reading]
SAMPLES = HERE / "worldbank_pinksheet" / "samples"
UNITS = source("worldbank_pinksheet").settings["units"]
HEAD: tuple[Sequence[Any], ...] = (
    ("World Bank Commodity Price Data (The Pink Sheet)",),
    ("Updated on October 02, 2024",),
    ("date", "Urea ", "Gold"),
    ("", "($/mt)", "($/troy oz)"),
)


def workbook(folder: Path, *rows: Sequence[Any], head: Sequence[Sequence[Any]] = HEAD) -> Path:
    file = folder / "CMO-Historical-Data-Monthly.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Monthly Prices")
        for place, row in enumerate([*head, *rows]):
            sheet.write_row(place, 0, row)
    return file


def figures(reading: Reading) -> dict[tuple[str, date], dict[str, Any]]:
    return {
        (row["series"], row["valid"]): row
        for batch in reading.batches
        for row in batch.rows.to_pylist()  # type: ignore[union-attr]
    }


def test_both_layouts_give_one_series_one_id_and_one_name(read: Read) -> None:
    old = figures(read("worldbank_pinksheet", SAMPLES / "with-codes.xlsx"))
    new = figures(read("worldbank_pinksheet", SAMPLES / "without-codes.xlsx"))
    named = {(row["series"], row["name"], row["unit"]) for row in old.values()}
    assert named == {(row["series"], row["name"], row["unit"]) for row in new.values()} - {
        ("LITHIUM_NEW_SERIES", "Lithium, new series", "t")
    }


def test_a_series_that_no_table_knows_is_kept_and_told(read: Read) -> None:
    reading = read("worldbank_pinksheet", SAMPLES / "without-codes.xlsx")
    assert [note.en for note in reading.notes] == [
        "series unknown to the table of codes, named after their headings: Lithium, new series (LITHIUM_NEW_SERIES)."
    ]


def test_the_day_in_the_sheet_is_the_vintage_and_a_day_from_the_user_goes_before_it(read: Read) -> None:
    file = SAMPLES / "with-codes.xlsx"
    assert read("worldbank_pinksheet", file).published == datetime(2023, 4, 4, 22, tzinfo=UTC)
    given_day = read("worldbank_pinksheet", file, published=date(2023, 4, 6))
    assert given_day.published == datetime(2023, 4, 6, 22, tzinfo=UTC)


def test_a_sheet_without_its_day_is_read_and_says_so(read: Read, tmp_path: Path) -> None:
    file = workbook(tmp_path, ("2024M09", 337.5, 2570), head=(HEAD[0], *HEAD[2:]))
    reading = read("worldbank_pinksheet", file)
    assert reading.published is None
    assert [note.en[:30] for note in reading.notes] == ["the day of this vintage is unk"]


def test_no_figure_was_known_before_the_second_working_day_of_the_next_month(read: Read, tmp_path: Path) -> None:
    rows = figures(read("worldbank_pinksheet", workbook(tmp_path, ("2024M05", 285.5, 2351), ("2024M08", 340, 2470))))
    assert {valid: (row["known_at"], row["known_basis"]) for (_, valid), row in rows.items()} == {
        date(2024, 5, 1): (datetime(2024, 6, 4, 22, tzinfo=UTC), "lag"),
        date(2024, 8, 1): (datetime(2024, 9, 3, 22, tzinfo=UTC), "lag"),
    }


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("n.k.", "bad_number"), (0, "zero_price"), (-3.5, "negative_value"), (True, "bad_number")],
)
def test_a_cell_that_can_be_no_price_is_set_aside(read: Read, tmp_path: Path, cell: object, reason: str) -> None:
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", cell, 2470)))
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(5, reason)]
    assert list(figures(reading)) == [("GOLD", date(2024, 8, 1))]


@pytest.mark.parametrize("mark", ["…", "..", "...", "-", "", "n.a."])
def test_a_mark_for_no_figure_is_no_figure_and_never_zero(read: Read, tmp_path: Path, mark: str) -> None:
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", mark, 2470)))
    assert (list(figures(reading)), dict(reading.passed_over)) == (
        [("GOLD", date(2024, 8, 1))],
        {"no_figure": 1},
    )


@pytest.mark.parametrize(
    ("label", "reason"), [("2024M10", "future_period"), ("2024M13", "bad_period"), ("Source:", "bad_period")]
)
def test_a_row_of_no_month_or_one_to_come_is_set_aside(read: Read, tmp_path: Path, label: str, reason: str) -> None:
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", 340, 2470), (label, 1, 2)))
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(6, reason)]
    assert (len(figures(reading)), reading.raw_rows) == (2, 4)


def test_a_sheet_of_marks_alone_gives_no_batch(read: Read, tmp_path: Path) -> None:
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", "…", "..")))
    assert (reading.batches, reading.passed_over, reading.raw_rows) == ((), {"no_figure": 2}, 2)


def test_blank_rows_are_nothing(read: Read, tmp_path: Path) -> None:
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M07", 1, 2), (), ("2024M08", 3, 4)))
    assert (len(figures(reading)), reading.raw_rows) == (4, 4)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD[:3], "no row of units"),
        ((*HEAD[:2], ("date", "Urea", ""), HEAD[3]), "without a name, or named twice: 3"),
        ((*HEAD[:2], ("date", "Urea", "Urea **"), HEAD[3]), "named twice: UREA_EE_BULK"),
    ],
)
def test_a_header_that_cannot_be_trusted_is_refused(
    read: Read, tmp_path: Path, head: Sequence[Sequence[Any]], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", 340, 2470), head=head))


def test_a_sheet_without_months_is_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no month such as 1960M01"):
        read("worldbank_pinksheet", workbook(tmp_path, ("2024-08", 340, 2470)))


def test_another_workbook_is_refused_and_its_sheets_are_told(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "annual.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Annual Prices (Nominal)")
    with pytest.raises(BadInputError, match="Annual Prices") as refused:
        read("worldbank_pinksheet", file)
    assert refused.value.where == "annual.xlsx"


def test_two_editions_at_once_are_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="one edition"):
        read("worldbank_pinksheet", SAMPLES / "with-codes.xlsx", SAMPLES / "without-codes.xlsx")


def test_a_unit_that_we_do_not_know_is_kept_in_the_publishers_words(read: Read, tmp_path: Path) -> None:
    head = (*HEAD[:3], ("", "($/short ton)", "($/troy oz)"))
    reading = read("worldbank_pinksheet", workbook(tmp_path, ("2024M08", 340, 2470), head=head))
    row = figures(reading)["UREA_EE_BULK", date(2024, 8, 1)]
    assert (row["currency"], row["unit"], row["value"]) == (None, "$/short ton", 340)
    assert [note.en for note in reading.notes] == ["series in a unit that we do not know: UREA_EE_BULK ($/short ton)."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("($/mt)", ("USD", "t", 1.0)),
        ("(cents/sheet)", ("USD", "sheet", 100.0)),
        ("($/cubic meter)", ("USD", "m3", 1.0)),
        ("(2010=100)", (None, "2010=100", 1.0)),
        ("(€/mt)", (None, "€/mt", 1.0)),
    ],
)
def test_units_as_printed(text: str, expected: tuple[str | None, str, float]) -> None:
    assert price_unit(text, UNITS) == expected


def test_every_name_in_the_table_of_codes_leads_to_a_named_code() -> None:
    assert set(codes().values()) == set(names())
    assert names()["RUBBER1_MYSG"] == "Rubber, RSS3"


@given(st.dates(min_value=date(1900, 1, 1)))
def test_months_are_read_as_they_are_printed(day: date) -> None:
    assert month(f"{day:%Y}M{day:%m}") == day.replace(day=1)


@pytest.mark.realdata
def test_the_two_real_editions_differ_in_83_figures(read: Read, realdata: Path) -> None:
    """The rule: same series code and month, a figure in both, not equal as the floats that the workbooks keep."""
    folder = realdata / "trade" / "worldbank"
    first = read("worldbank_pinksheet", folder / "CMO-Historical-Data-Monthly_2023M03.xlsx")
    second = read("worldbank_pinksheet", folder / "CMO-Historical-Data-Monthly_2024M09.xlsx")
    old, new = figures(first), figures(second)
    assert (first.published, second.published) == (
        datetime(2023, 4, 4, 22, tzinfo=UTC),
        datetime(2024, 10, 2, 22, tzinfo=UTC),
    )
    assert (len(old), len(new)) == (47579, 48809)
    assert (first.passed_over, second.passed_over) == ({"no_figure": 6306}, {"no_figure": 6358})
    assert {(bad.reason, bad.row) for bad in first.bad_rows} == {
        ("zero_price", f"RICE_25\t2008M{month_}\t0") for month_ in ("03", "04", "05", "06")
    }
    assert second.bad_rows == ()
    changed = [
        key for key in old.keys() & new.keys() if any(old[key][name] != new[key][name] for name in PRICE.value_names)
    ]
    assert len(changed) == 83
    assert old.keys() - new.keys() == set()
    assert new["UREA_EE_BULK", date(2024, 9, 1)]["value"] == 337.5


@pytest.mark.realdata
def test_the_lake_finds_the_same_83_and_nothing_when_they_come_again(realdata: Path, tmp_path: Path) -> None:
    lake, read_at = Lake(tmp_path / "lake"), datetime(2026, 11, 20, tzinfo=UTC)
    found = []
    for edition in ("2023M03", "2024M09", "2023M03", "2024M09"):
        file = realdata / "trade" / "worldbank" / f"CMO-Historical-Data-Monthly_{edition}.xlsx"
        raw = lake.raw.keep(file, received_at=read_at)
        pinksheet = source("worldbank_pinksheet")
        reading = reader(pinksheet.id).read(ReadRequest(pinksheet, (raw,), read_at))
        with lake.writing() as writer:
            receipt = writer.deliver(reading, source=pinksheet.id, raws=[raw], read_at=read_at, run_id=edition)
        found.append(tuple(receipt.counts[name] for name in ("new", "revised", "withdrawn")))
    lake.close()
    assert found == [(47579, 0, 0), (1230, 83, 0), (0, 0, 0), (0, 0, 0)]
