"""The Bank of Korea's list of items at 80 % and more: facts that it states, and nothing that it leaves out."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.language import BadInputError
from bongsu.records.delivery import Reading
from bongsu.records.lake import Lake
from bongsu.records.shapes import DEPENDENCE
from bongsu.sources.source import HERE, ReadRequest, reader, source

Read = Callable[..., Reading]
ID = "bank_of_korea"
SAMPLE = HERE / ID / "samples" / "share.csv"
HEAD = "hs10,top_supplier_iso3,share_pct,import_musd_2019,industry"
GOOD = "0101290000,JPN,91,12,semiconductor"
PUBLISHED = date(2020, 3, 31)


def listed(*rows: str, head: str = HEAD) -> dict[str, bytes | str]:
    return {"share.csv": "\n".join([head, *rows]) + "\n"}


def facts(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in pa.table(batch.rows).to_pylist()]


def bad(reading: Reading) -> list[tuple[int, str]]:
    return [(each.raw_row, each.reason) for each in reading.bad_rows]


def landed(lake: Lake, file: Path, day: date) -> dict[str, int]:
    read_at, bank = datetime(2026, 11, 20, tzinfo=UTC), source(ID)
    raw = lake.raw.keep(file, received_at=read_at)
    reading = reader(ID).read(ReadRequest(bank, (raw,), read_at, day))
    with lake.writing() as writer:
        receipt = writer.deliver(reading, source=ID, raws=[raw], read_at=read_at, run_id="test")
    return {kind: receipt.counts[kind] for kind in ("new", "revised", "withdrawn", "unchanged")}


def test_a_shorter_list_withdraws_nothing(tmp_path: Path) -> None:
    """Below 80 %, or not picked: an item that leaves the list has not been denied."""
    lake, whole, shorter = Lake(tmp_path / "lake"), tmp_path / "a.csv", tmp_path / "b.csv"
    whole.write_text(f"{HEAD}\n{GOOD}\n2501009090,AUS,100,8,petrochemical\n")
    shorter.write_text(f"{HEAD}\n{GOOD}\n")
    assert landed(lake, whole, PUBLISHED) == {"new": 2, "revised": 0, "withdrawn": 0, "unchanged": 0}
    assert landed(lake, shorter, date(2020, 6, 30)) == {"new": 0, "revised": 0, "withdrawn": 0, "unchanged": 1}
    snapshot = lake.snapshot()
    kept = snapshot.arrow(snapshot.as_of(DEPENDENCE, datetime(2020, 7, 1, tzinfo=UTC)))
    assert sorted(kept["code"].to_pylist()) == ["0101290000", "2501009090"]
    lake.close()


def test_nothing_is_said_of_an_item_that_is_not_listed(read: Read) -> None:
    reading = read(ID, listed(GOOD), published=PUBLISHED)
    assert [(batch.scope.complete, len(pa.table(batch.rows))) for batch in reading.batches] == [(False, 1)]


def test_without_a_day_the_list_counts_from_when_it_was_read(read: Read) -> None:
    reading = read(ID, listed(GOOD), read_at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    (fact,) = facts(reading)
    assert (fact["known_at"], fact["known_basis"]) == (datetime(2026, 11, 20, 3, tzinfo=UTC), "assumed")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("101290000,JPN,91,12,x", "bad_code"),  # a lost zero
        ("010129,JPN,91,12,x", "bad_code"),
        ("010129000A,JPN,91,12,x", "bad_code"),
        ("7700000000,JPN,91,12,x", "bad_code"),  # no such chapter
        ("TOTAL,CHN,91,12,x", "bad_code"),
        ("0101290000,W00,91,12,x", "bad_country"),
        ("0101290000,일본,91,12,x", "bad_country"),
        ("0101290000,,91,12,x", "empty_cell"),
        ("0101290000,JPN,-1,12,x", "bad_share"),
        ("0101290000,JPN,101,12,x", "bad_share"),
        ("0101290000,JPN,0.91,12,x", "below_threshold"),  # a fraction where per cent belong
        ("0101290000,JPN,79,12,x", "below_threshold"),
        ("0101290000,JPN,9o,12,x", "bad_number"),
        ('0101290000,JPN,91,"1,2",x', "bad_number"),
        ("0101290000,JPN,91,-12,x", "negative_value"),
        ("0101290000,JPN,91,12,x_check_source", "to_be_checked"),
        ("0101290000,JPN,91,12,x,y", "ragged_row"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reason(read: Read, row: str, reason: str) -> None:
    reading = read(ID, listed(GOOD, row), published=PUBLISHED)
    assert (bad(reading), [fact["partner"] for fact in facts(reading)]) == ([(3, reason)], ["JPN"])


@pytest.mark.parametrize("mark", ["", "…", "..", "-", "(D)", "W"])
def test_a_share_that_is_not_stated_is_unknown_and_a_value_too(read: Read, mark: str) -> None:
    reading = read(ID, listed(f"0101290000,JPN,{mark},12,x", f"2501009090,AUS,90,{mark},x"), published=PUBLISHED)
    assert dict(reading.passed_over) == {"no_figure": 1}
    assert [(fact["code"], fact["import_value_usd"]) for fact in facts(reading)] == [("2501009090", None)]


def test_a_year_that_was_not_over_is_set_aside(read: Read) -> None:
    reading = read(ID, listed(GOOD), published=date(2019, 11, 30))
    assert (bad(reading), reading.batches) == ([(2, "future_period")], ())


def test_one_item_twice_is_kept_once_and_twice_otherwise_set_aside(tmp_path: Path) -> None:
    lake, file = Lake(tmp_path / "lake"), tmp_path / "share.csv"
    twice = "2501009090,AUS,100,8,petrochemical"
    file.write_text("\n".join([HEAD, GOOD, GOOD, twice, twice.replace("100,8", "95,8"), ""]))
    assert landed(lake, file, PUBLISHED)["new"] == 1
    lake.close()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_the_bytes_may_be_in_any_encoding_and_packed(read: Read, encoding: str) -> None:
    text = listed(GOOD.replace("semiconductor", "반도체"))["share.csv"]
    packed = gzip.compress(str(text).encode(encoding), mtime=0)
    (fact,) = facts(read(ID, {"share.csv.gz": packed}, published=PUBLISHED))
    assert fact["citation"] == "Bank of Korea, items with at least 80 % of imports from one country (반도체)"


def test_a_workbook_that_lost_the_zeros_has_no_code(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "share.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        sheet.write_row(1, 0, [101290000, "JPN", 91, 12, "x"])
        sheet.write_row(2, 0, [2501009090, "AUS", 100, 8, "x"])
    reading = read(ID, file, published=PUBLISHED)
    assert (bad(reading), [fact["code"] for fact in facts(reading)]) == ([(2, "bad_code")], ["2501009090"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (listed(GOOD, head=HEAD.replace("share_pct", "share"))["share.csv"], "columns are missing: share_pct"),
        (listed(GOOD, head=HEAD.replace("_2019", ""))["share.csv"], "columns are missing: import_musd_YYYY"),
        (
            listed("0101290000,JPN,91,12,13", head=HEAD.replace("industry", "import_musd_2020"))["share.csv"],
            "columns are missing: industry, import_musd_YYYY",
        ),
        ("<!DOCTYPE html><title>로그인</title>", "web page"),
        ('{"RESULT": {"CODE": "INFO-100"}}', "columns are missing"),
        ("", "the file is empty"),
        (gzip.compress(b"hs10,share_pct\n" * 99, mtime=0)[:-9], ""),
    ],
)
def test_another_file_is_refused_by_name(read: Read, content: bytes | str, said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read(ID, {"share.csv": content}, published=PUBLISHED)
    assert said in str(refused.value)
    assert refused.value.where.startswith("share.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.integers(80, 100), st.integers(0, 10**6))
def test_per_cent_become_fractions_and_millions_dollars(read: Read, share: int, value: int) -> None:
    (fact,) = facts(read(ID, listed(f"0101290000,JPN,{share},{value},x"), published=PUBLISHED))
    assert (fact["share"] * 100, fact["import_value_usd"]) == (pytest.approx(share), value * 1e6)


@pytest.mark.realdata
def test_the_real_list_is_read_with_the_marks_of_whoever_copied_it(read: Read, realdata: Path) -> None:
    reading = read(ID, realdata / "trade" / "bank_of_korea" / "share_ge80_2025.csv", published=date(2026, 1, 31))
    found = facts(reading)
    assert (len(found), reading.raw_rows) == (122, 124)
    assert [each.reason for each in reading.bad_rows] == ["to_be_checked"] * 2
    assert sorted(fact["share"] for fact in found if fact["share"] < 0.8) == [0.44, 0.44, 0.48, 0.63, 0.65]
    assert {fact["code_system"] for fact in found} == {"HSK"}
    assert [note.en for note in reading.notes] == [
        "5 items below the list's 80 % were kept by the copier, and are recorded."
    ]
