"""A record type changes its shape: read as the new one, moved once before the next append, old versions as they were."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from bongsu.language import Language
from bongsu.records.delivery import Batch, Raw, Reading, Scope
from bongsu.records.journal import RESHAPED
from bongsu.records.lake import Lake
from bongsu.records.shapes import RecordType
from bongsu.records.upgrade import NewerShapeError, Step

START = datetime(2021, 1, 1, tzinfo=UTC)
TEXT = pa.string()
RAW = Raw("0" * 64, "file.csv", Path(), 0)
KEY = (pa.field("source", TEXT, nullable=False), pa.field("station", TEXT, nullable=False))
DAY = pa.field("valid", pa.date32(), nullable=False)
V1 = RecordType("gauge", (*KEY, DAY), (pa.field("level", pa.int32()),), ("station",))
V2 = RecordType(
    "gauge", (*KEY, DAY), (pa.field("height", pa.float64()), pa.field("unit", TEXT)), ("station",), schema_version=2
)


def to_v2(rows: ir.Table) -> ir.Table:
    """A value renamed and widened, a column added, and a key spelled anew."""
    return rows.mutate(
        station=rows.station.re_replace("^", "st-"), height=rows.level.cast("float64"), unit=rows.level.cast("string")
    ).mutate(unit=None)


STEPS: Mapping[tuple[str, int], Step] = {("gauge", 1): to_v2}


def open_lake(folder: Path, record: RecordType, steps: Mapping[tuple[str, int], Step] = STEPS) -> Lake:
    return Lake(folder, threads=1, record_types={"gauge": record}, steps=steps)


def land(lake: Lake, record: RecordType, day: int, values: Mapping[str, Any]) -> dict[str, int]:
    column = record.value_names[0]
    rows = [
        {
            "source": "s",
            "station": station,
            "valid": date(2021, 1, 1),
            column: value,
            "known_at": START + timedelta(days=day),
            "known_basis": "stated",
            "raw": 0,
            "raw_row": 1,
            "raw_rows": 1,
        }
        for station, value in values.items()
    ]
    batch = Batch(record, pa.Table.from_pylist(rows, schema=record.reader_schema), Scope({"source": ("s",)}))
    reading = Reading((batch,), published=START + timedelta(days=day), published_basis="stated")
    with lake.writing() as writer:
        receipt = writer.deliver(reading, source="s", raws=(RAW,), read_at=START, run_id=f"run {day}")
    return dict(receipt.counts)


def seen(lake: Lake, record: RecordType, day: int, **where: str) -> dict[str, Any]:
    snapshot, moment = lake.snapshot(), START + timedelta(days=day)
    table = snapshot.facts(record, moment, where)
    expressed = snapshot.arrow(snapshot.as_of(record, moment, where))
    assert expressed.sort_by("station").equals(table.sort_by("station"))
    assert table.schema.names == record.schema.names
    return dict(zip(table["station"].to_pylist(), table[record.value_names[0]].to_pylist(), strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lake of the first shape, with two deliveries."""
    lake = open_lake(tmp_path / "lake", V1)
    land(lake, V1, 1, {"a": 1, "b": 2})
    land(lake, V1, 2, {"a": 5})
    lake.close()
    return tmp_path / "lake"


def test_old_rows_read_as_the_new_shape(folder: Path) -> None:
    lake = open_lake(folder, V2)
    assert seen(lake, V2, 1) == {"st-a": 1.0, "st-b": 2.0}
    assert seen(lake, V2, 2) == {"st-a": 5.0}
    assert seen(lake, V2, 1, station="st-b") == {"st-b": 2.0}, "a filter means the new spelling"
    assert seen(lake, V2, 1, station="b") == {}


def test_the_first_delivery_of_a_new_shape_moves_the_table_once(folder: Path) -> None:
    lake = open_lake(folder, V2)
    before = lake.snapshot()
    counts = land(lake, V2, 3, {"st-a": 5.0, "st-c": 7.0})
    assert (counts["new"], counts["unchanged"], counts["withdrawn"]) == (1, 1, 0), "old rows compare in the new shape"
    assert [seen(lake, V2, day) for day in (1, 2, 3)] == [
        {"st-a": 1.0, "st-b": 2.0},
        {"st-a": 5.0},
        {"st-a": 5.0, "st-c": 7.0},
    ]
    land(lake, V2, 4, {"st-a": 6.0})
    entries = lake.snapshot().journal()
    assert [entry.status for entry in entries] == ["landed", "landed", RESHAPED, "landed", "landed"]
    assert list(entries[2].said) == [
        {"ko": "gauge 표를 1판에서 2판 꼴로 옮겼습니다.", "en": "gauge moved from shape 1 to 2."}
    ]
    table = lake.tables["gauge"]
    assert [table.schema_version(entry.tables["gauge"]) for entry in entries] == [1, 1, 2, 2, 2]
    assert before.arrow(before.versions_of(V2)).num_rows == 4, "a snapshot from before reads what it read"


def test_rows_keep_their_delivery_and_times_when_they_move(folder: Path) -> None:
    old = open_lake(folder, V1)
    names = ["known_at", "known_basis", "vintage", "withdrawn", "delivery", "raw", "raw_row", "raw_rows"]
    order = [("known_at", "ascending"), ("station", "ascending")]
    was = old.snapshot().arrow(old.snapshot().versions_of(V1)).sort_by(order).select(names)
    old.close()
    lake = open_lake(folder, V2)
    with lake.writing() as writer:
        writer.compact(read_at=START, run_id="c")
    snapshot = lake.snapshot()
    assert snapshot.arrow(snapshot.versions_of(V2)).sort_by(order).select(names).equals(was)
    assert lake.tables["gauge"].schema_version(snapshot.versions["gauge"]) == 2


def test_an_empty_table_moves_too(tmp_path: Path) -> None:
    lake = open_lake(tmp_path, V1)
    land(lake, V1, 1, {})
    lake.close()
    newer = open_lake(tmp_path, V2)
    assert seen(newer, V2, 1) == {}
    land(newer, V2, 2, {"st-a": 1.5})
    assert seen(newer, V2, 2) == {"st-a": 1.5}


def test_a_move_that_breaks_leaves_the_old_shape(folder: Path) -> None:
    lake = open_lake(folder, V2, steps={})
    with pytest.raises(KeyError):
        land(lake, V2, 3, {"st-a": 1.0})
    lake.close()
    old = open_lake(folder, V1)
    assert seen(old, V1, 2) == {"a": 5}
    assert land(old, V1, 3, {"a": 6})["revised"] == 1


def test_a_move_that_never_reached_the_journal_is_taken_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = open_lake(folder, V2)
    with monkeypatch.context() as patch:
        patch.setattr(lake.journal, "append", _cut)
        with pytest.raises(OSError, match="cut"):
            land(lake, V2, 3, {"st-a": 1.0})
    assert seen(lake, V2, 2) == {"st-a": 5.0}
    land(lake, V2, 3, {"st-a": 1.0})
    assert [seen(lake, V2, day) for day in (1, 2, 3)] == [{"st-a": 1.0, "st-b": 2.0}, {"st-a": 5.0}, {"st-a": 1.0}]
    statuses = [entry.status for entry in lake.snapshot().journal()]
    assert statuses == ["landed", "landed", RESHAPED, "landed"]


def _cut(*_: object) -> None:
    message = "cut"
    raise OSError(message)


def test_an_older_bongsu_neither_reads_nor_writes_what_a_newer_one_wrote(folder: Path) -> None:
    newer = open_lake(folder, V2)
    land(newer, V2, 3, {"st-a": 1.0})
    newer.close()
    older = open_lake(folder, V1)
    with pytest.raises(NewerShapeError) as reading:
        older.snapshot().as_of(V1, START)
    with pytest.raises(NewerShapeError):
        land(older, V1, 4, {"a": 1})
    assert reading.value.to(Language.EN) == (
        "gauge: a newer Bongsu wrote this table (shape 2; this one knows up to 1). Update Bongsu."
    )
    assert "최신판으로 올리십시오" in reading.value.to(Language.KO)
    assert older.snapshot().seq == 4, "a refused delivery is no journal row"
