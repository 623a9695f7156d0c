"""Compaction makes files fewer and changes no answer; sixty small deliveries, as a year of weekly fetches leaves them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Batch, Raw, Reading, Scope
from bongsu.records.journal import COMPACTED, Entry
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.records.snapshot import Snapshot

START = datetime(2021, 1, 1, tzinfo=UTC)
DELIVERIES, SERIES = 60, 5


def reading(number: int, draw: random.Random) -> Reading:
    rows = [
        {
            "source": "s",
            "series": f"S{series}",
            "valid": date(2020, 12, 1),
            "frequency": "M",
            "name": None,
            "value": draw.choice([None, 1.0, 2.0, 3.0]),
            "currency": "USD",
            "unit": "t",
            "known_at": START,
            "known_basis": "lag",
            "raw": 0,
            "raw_row": 1,
            "raw_rows": 1,
        }
        for series in range(SERIES)
        if draw.random() < 0.7
    ]
    batch = Batch(PRICE, pa.Table.from_pylist(rows, schema=PRICE.reader_schema), Scope({"source": ("s",)}))
    return Reading((batch,), published=START + timedelta(days=number), published_basis="stated", raw_rows=len(rows))


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshot, Snapshot]]:
    """The same lake, pinned before and after its compaction."""
    lake = Lake(tmp_path_factory.mktemp("compaction"), threads=1)
    draw = random.Random(5)  # noqa: S311 - a drawn story, no secret
    days = list(range(DELIVERIES))
    days[40], days[41] = days[41], days[40]  # one edition comes late
    with lake.writing() as writer:
        for number in days:
            raws = (Raw(f"{number:064x}", f"{number}.csv", Path(), 0),)
            writer.deliver(reading(number, draw), source="s", raws=raws, read_at=START, run_id=f"{number}")
    before = lake.snapshot()
    with lake.writing() as writer:
        writer.compact(read_at=START, run_id="c")
    yield before, lake.snapshot()
    lake.close()


def facts(snapshot: Snapshot, moment: datetime) -> list[dict[str, object]]:
    read = snapshot.arrow(snapshot.as_of(PRICE, moment))
    rows: list[dict[str, object]] = read.sort_by("series").to_pylist()
    return rows


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(datetime(2020, 12, 31), datetime(2021, 3, 3)), st.integers(0, SERIES))  # noqa: DTZ001 - zone below
def test_compaction_changes_no_answer(sides: tuple[Snapshot, Snapshot], moment: datetime, series: int) -> None:
    before, after = sides
    known = moment.replace(tzinfo=UTC)
    assert facts(before, known) == facts(after, known)
    where = {"source": "s", "series": f"S{series}"}
    assert before.facts(PRICE, known, where).equals(after.facts(PRICE, known, where))


def test_every_version_stays_and_the_files_are_few(sides: tuple[Snapshot, Snapshot]) -> None:
    order = [(name, "ascending") for name in ("series", "known_at", "delivery")]
    before, after = (one.arrow(one.versions_of(PRICE)).sort_by(order) for one in sides)
    assert before.equals(after)
    many, few = (one.data_files("price") for one in sides)
    assert many is not None
    assert few is not None
    assert (len(many.paths) > 30, len(few.paths), few.rows) == (True, 1, many.rows)


def test_the_journal_keeps_its_entries_and_gains_one(sides: tuple[Snapshot, Snapshot]) -> None:
    before, after = sides[0].journal(), sides[1].journal()
    assert after[:-1] == before
    last: Entry = after[-1]
    assert (last.status, last.seq, last.source) == (COMPACTED, DELIVERIES + 1, "")
    assert last.counts["price"] == len(sides[0].data_files("price").paths)  # type: ignore[union-attr]


def test_a_writer_joins_the_journal_where_its_files_have_become_many(tmp_path: Path) -> None:
    lake = Lake(tmp_path, threads=1)
    error = BadInputError(Text("깨진 파일입니다.", "the file is broken."))
    with lake.writing() as writer:
        for number in range(65):
            writer.failed(error, source="s", raws=(), read_at=START, run_id=f"{number}")
    before, pinned = lake.journal.entries(), lake.snapshot()
    with lake.writing():
        pass
    table = lake.journal.table
    assert len(table.files(table.version()).paths) == 1
    assert lake.journal.entries() == before == pinned.journal()
    assert lake.journal.last() == before[-1]


def test_a_second_compaction_rewrites_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path, threads=1)
    draw = random.Random(6)  # noqa: S311 - a drawn story, no secret
    with lake.writing() as writer:
        for number in range(3):
            raws = (Raw("0" * 64, "a", Path(), 0),)
            writer.deliver(reading(number, draw), source="s", raws=raws, read_at=START, run_id="r")
        writer.compact(read_at=START, run_id="c")
        once = lake.snapshot()
        writer.compact(read_at=START, run_id="c")
    assert dict(lake.snapshot().versions) == dict(once.versions)
    lake.close()


def test_deliveries_after_a_compaction_build_on_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path, threads=1)
    draw = random.Random(7)  # noqa: S311 - a drawn story, no secret
    stories = [reading(number, draw) for number in range(4)]
    raws = (Raw("0" * 64, "a", Path(), 0),)
    with lake.writing() as writer:
        for told in stories[:3]:
            writer.deliver(told, source="s", raws=raws, read_at=START, run_id="r")
        writer.compact(read_at=START, run_id="c")
    with lake.writing() as writer:
        again = [writer.deliver(told, source="s", raws=raws, read_at=START, run_id="r") for told in stories]
    assert [receipt.counts["written"] for receipt in again[:3]] == [0, 0, 0]
    assert again[3].counts["written"] > 0
    lake.close()
