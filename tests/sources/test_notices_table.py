"""Measures: each event in a record of its own, so that no day sees a later one."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from bongsu.codes.countries import countries
from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.sources.notices_table.read import COLUMNS, zones
from bongsu.sources.source import HERE

Read = Callable[..., Reading]
SAMPLE = HERE / "notices_table" / "samples" / "measures.csv"
ACT = {
    "jurisdiction": "CHN",
    "issuer": "Office",
    "number": "No. 1",
    "title": "Something needs a licence",
    "announced": "2024-01-02",
    "published": "2024-01-03",
    "effective": "2024-02-01",
    "instrument": "export licensing",
    "direction": "export",
    "hs_codes": "2604",
    "source": "example.org; lifted in May",
}


def table(folder: Path, *acts: dict[str, str], encoding: str = "utf-8", name: str = "acts.csv") -> Path:
    columns = list(dict.fromkeys([*COLUMNS, *(column for act in acts for column in act)]))
    lines = [",".join(columns), *(",".join(act.get(column, "") for column in columns) for act in acts)]
    file = folder / name
    file.write_bytes("\n".join(lines).encode(encoding))
    return file


def events(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]  # type: ignore[union-attr]


def test_the_issue_carries_nothing_of_what_came_later(read: Read) -> None:
    rows = events(read("notices_table", SAMPLE))
    issued = [row for row in rows if row["event"] == "issued"]
    assert len(issued) == 16
    assert {(row["until"], row["by"]) for row in issued} == {(None, None)}
    later = [(row["number"], text) for row in issued for text in _texts(row) if _tells_later(text, row)]
    assert later == []


def _texts(row: dict[str, Any]) -> list[str]:
    return [value for value in row.values() if isinstance(value, str)]


def _tells_later(text: str, row: dict[str, Any]) -> bool:
    years = {int(year) for year in re.findall(r"20\d\d", text)}
    return max(years, default=0) > row["published"].year + 1 or "lifted" in text


def test_an_act_put_online_after_its_date_is_known_from_the_evening_it_was_online(read: Read) -> None:
    urea = next(row for row in events(read("notices_table", SAMPLE)) if row["hs_codes"] and "3102" in row["hs_codes"])
    assert (urea["announced"], urea["published"]) == (date(2021, 10, 11), date(2021, 10, 13))
    assert urea["known_at"] == datetime(2021, 10, 13, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert urea["known_basis"] == "stated"


def test_a_suspension_states_its_end_and_the_act_behind_it(read: Read) -> None:
    rows = [row for row in events(read("notices_table", SAMPLE)) if row["event"] == "suspended"]
    assert {(row["valid"], row["until"], row["by"], row["known_basis"]) for row in rows} == {
        (date(2025, 11, 7), date(2026, 11, 10), "No. 70 of 2025", "assumed")
    }
    assert {row["known_at"] for row in rows} == {datetime(2025, 11, 7, 10, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("said", "known", "basis"),
    [({}, date(2024, 6, 1), "assumed"), ({"ended_published": "2024-05-20"}, date(2024, 5, 20), "stated")],
)
def test_an_end_is_known_on_its_day_unless_the_table_says_when(
    read: Read, tmp_path: Path, said: dict[str, str], known: date, basis: str
) -> None:
    rows = events(read("notices_table", table(tmp_path, ACT | {"ended": "2024-06-01"} | said)))
    assert [(row["event"], row["valid"]) for row in rows] == [
        ("issued", date(2024, 1, 3)),
        ("ended", date(2024, 6, 1)),
    ]
    assert rows[1]["known_at"] == datetime(known.year, known.month, known.day, 10, tzinfo=UTC)
    assert rows[1]["known_basis"] == basis
    assert [row["citation"] for row in rows] == ["example.org", "example.org; lifted in May"]


def test_a_suspension_published_before_it_begins_is_known_then(read: Read, tmp_path: Path) -> None:
    act = ACT | {"suspended_from": "2024-03-01", "suspended_published": "2024-02-20", "suspended_by": "No. 2"}
    suspended = events(read("notices_table", table(tmp_path, act)))[1]
    assert (suspended["known_at"], suspended["known_basis"]) == (datetime(2024, 2, 20, 10, tzinfo=UTC), "stated")


def test_an_end_still_to_come_is_known_when_the_table_was_read(read: Read, tmp_path: Path) -> None:
    read_at = datetime(2024, 2, 1, tzinfo=UTC)
    ended = events(read("notices_table", table(tmp_path, ACT | {"ended": "2024-06-01"}), read_at=read_at))[1]
    assert (ended["valid"], ended["known_at"]) == (date(2024, 6, 1), read_at)


@pytest.mark.parametrize(("cell", "expected"), [("", None), ("all", []), ("KOR", ["KOR"]), ("KOR; EU", ["KOR", "EU"])])
def test_affected_countries_are_unknown_unless_stated(
    read: Read, tmp_path: Path, cell: str, expected: list[str] | None
) -> None:
    (row,) = events(read("notices_table", table(tmp_path, ACT | {"affected": cell})))
    assert row["affected"] == expected


def test_codes_keep_their_leading_zeros(read: Read, tmp_path: Path) -> None:
    (row,) = events(read("notices_table", table(tmp_path, ACT | {"hs_codes": "0207; 0207.14;02071410"})))
    assert row["hs_codes"] == ["0207", "020714", "02071410"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"jurisdiction": "CN"}, "bad_country"),
        ({"jurisdiction": "ASEAN"}, "no_zone"),
        ({"issuer": ""}, "empty_cell"),
        ({"published": ""}, "empty_cell"),
        ({"published": "3 January 2024"}, "bad_date"),
        ({"announced": "2024-01-04"}, "wrong_order"),
        ({"ended": "2024-01-01"}, "wrong_order"),
        ({"suspended_from": "2024-05-01", "suspended_until": "2024-04-01"}, "wrong_order"),
        ({"suspended_by": "No. 2"}, "empty_cell"),
        ({"suspended_until": "2024-05-01"}, "empty_cell"),
        ({"hs_codes": "310"}, "bad_code"),
        ({"hs_codes": "graphite"}, "bad_code"),
        ({"hs_codes": "3102,3103"}, "ragged_row"),
        ({"affected": "Korea"}, "bad_country"),
        ({"published": "2030-01-03"}, "future_date"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_whole(
    read: Read, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    good = ACT | {"number": "No. 0"}
    reading = read("notices_table", table(tmp_path, good, ACT | change))
    assert [row["number"] for row in events(reading)] == ["No. 0"]
    assert [(bad.raw_row, bad.reason) for bad in reading.bad_rows] == [(3, reason)]


def test_in_effect_before_it_was_published_is_allowed_and_told(read: Read, tmp_path: Path) -> None:
    reading = read("notices_table", table(tmp_path, ACT | {"effective": "2024-01-01"}), published=date(2024, 2, 1))
    assert len(events(reading)) == 1
    assert [note.en for note in reading.notes] == ["in effect before it was published: CHN No. 1."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_tables_are_read_in_the_encodings_that_offices_use(read: Read, tmp_path: Path, encoding: str) -> None:
    act = ACT | {"title": "흑연 수출허가 대상 지정", "issuer": "상무부 해관총서", "subject": "흑연 제품"}
    (row,) = events(read("notices_table", table(tmp_path, act, encoding=encoding)))
    assert (row["title"], row["issuer"]) == ("흑연 수출허가 대상 지정", "상무부 해관총서")


def test_a_workbook_of_the_same_form_is_read(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "acts.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, [ACT.get(column, "") for column in COLUMNS])
        sheet.write_datetime(
            1,
            COLUMNS.index("published"),
            date(2024, 1, 3),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
    (row,) = events(read("notices_table", file))
    assert (row["published"], row["hs_codes"]) == (date(2024, 1, 3), ["2604"])


def test_a_renamed_column_is_named(read: Read, tmp_path: Path) -> None:
    file = table(tmp_path, ACT)
    file.write_text(file.read_text().replace("published", "online", 1))
    with pytest.raises(BadInputError, match="columns are missing: published") as refused:
        read("notices_table", file)
    assert refused.value.where == "acts.csv"


def test_a_table_with_no_rows_is_read_and_empty(read: Read, tmp_path: Path) -> None:
    reading = read("notices_table", table(tmp_path))
    assert (reading.batches, reading.raw_rows) == ((), 0)


def test_every_country_has_a_time_zone_that_exists_but_two_uninhabited_islands() -> None:
    assert set(countries()) - set(zones()) <= {"BVT", "HMD", "XKX"}
    assert {zone for zone in zones().values() if not ZoneInfo(zone).key} == set()
    assert (zones()["IDN"], zones()["USA"], zones()["RUS"], zones()["EU"]) == (
        "Asia/Jakarta",
        "America/New_York",
        "Europe/Moscow",
        "Europe/Brussels",
    )


@pytest.mark.realdata
def test_the_real_list_is_read_whole(read: Read, realdata: Path) -> None:
    reading = read("notices_table", realdata / "trade" / "notices_dev.csv")
    rows = events(reading)
    assert reading.bad_rows == ()
    assert Counter(row["event"] for row in rows) == {"issued": 20, "suspended": 7, "ended": 5}
    assert reading.raw_rows == 32
    assert len({(row["jurisdiction"], row["number"]) for row in rows}) == 17
    assert {row["affected"] for row in rows} == {None}
