"""Whole or not at all: a writer killed anywhere, a delivery that breaks half-way, a second writer at the door."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from bongsu.language import Language
from bongsu.records.delivery import Raw, Reading
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.records.shapes import PRICE
from bongsu.records.tables import Table
from bongsu.records.writer import Receipt

BENCH = Path(__file__).resolve().parents[2] / "bench" / "kill.py"
START = datetime(2021, 1, 1, tzinfo=UTC)
ROWS = 40
RAW = Raw("0" * 64, "file.csv", Path(), 0)
Deliver = Callable[..., Receipt]
Seen = Callable[..., dict[str, float | None]]


@pytest.fixture(scope="module")
def kill() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_kill", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def states(kill: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    found: tuple[list[str], Path] = kill._undisturbed(tmp_path_factory.mktemp("undisturbed"), ROWS)
    return found


def test_killed_at_twenty_random_moments_nothing_is_half_landed() -> None:
    command = [sys.executable, str(BENCH), "--rows", str(ROWS), "--kills", "20", "--seed", "11"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("killed", "readable", "half_landed", "completed")} == {
        "killed": 20,
        "readable": 20,
        "half_landed": 0,
        "completed": True,
    }


# Where a process ends: before or after the n-th call of something that the writer does.
STAGES = {
    "after the first data file": ("bongsu.records.landing", "Landing.run", "after", 1, 1),
    "after both data files, before any commit": ("bongsu.records.tables", "Table.append", "before", 1, 1),
    "after the first table's commit": ("bongsu.records.tables", "Table.append", "after", 1, 1),
    "after both tables' commits": ("bongsu.records.tables", "Table.append", "after", 2, 1),
    "before the journal row": ("bongsu.records.journal", "Journal.append", "before", 1, 1),
    "before the journal row, the quarantine written": ("bongsu.records.journal", "Journal.append", "before", 2, 2),
    "after the journal row": ("bongsu.records.journal", "Journal.append", "after", 1, 2),
    "in a compaction, one table rewritten": ("bongsu.records.tables", "Table.replace", "after", 1, 5),
    "in a compaction, before its journal row": ("bongsu.records.journal", "Journal.append", "before", 5, 5),
    "in a compaction, its journal row written": ("bongsu.records.journal", "Journal.compact", "before", 1, 5),
}
CHILD = """
import importlib, importlib.util, os, sys
from pathlib import Path
bench, folder, rows, module, name, when, nth = sys.argv[1:]
spec = importlib.util.spec_from_file_location("bench_kill", bench)
kill = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kill)
owner, method = name.split(".")
holder = getattr(importlib.import_module(module), owner)
whole, calls = getattr(holder, method), []
def cut(*args, **named):
    calls.append(1)
    if when == "before" and len(calls) == int(nth):
        os._exit(9)
    result = whole(*args, **named)
    if when == "after" and len(calls) == int(nth):
        os._exit(9)
    return result
setattr(holder, method, cut)
lake = kill.Lake(Path(folder), threads=1)
for _ in kill.land(lake, range(1, 5), int(rows)):
    pass
kill.compact(lake)
"""


@pytest.mark.parametrize("stage", STAGES)
def test_a_writer_that_ends_at_a_given_stage_leaves_a_whole_number_of_deliveries(
    stage: str, kill: ModuleType, states: tuple[list[str], Path], tmp_path: Path
) -> None:
    module, name, when, nth, standing = STAGES[stage]
    prints, base = states
    folder = tmp_path / "lake"
    kill.shutil.copytree(base, folder)
    words = [str(BENCH), str(folder), str(ROWS), module, name, when, str(nth)]
    ended = subprocess.run([sys.executable, "-c", CHILD, *words], check=False)  # noqa: S603 - our own words
    assert ended.returncode == 9
    lake = Lake(folder, threads=1)
    snapshot = lake.snapshot()
    assert prints.index(kill.fingerprint(snapshot)) == standing - 1
    assert kill.consistent(snapshot)
    found: dict[str, object] = {"readable": 0, "half_landed": 0, "completed": True}
    kill._judge(folder, ROWS, prints, found)
    assert found == {"readable": 1, "half_landed": 0, "completed": True}
    lake.close()


def rows_of(lake: Lake) -> list[dict[str, Any]]:
    table: pa.Table = lake.snapshot().arrow(lake.snapshot().versions_of(PRICE))
    rows: list[dict[str, Any]] = table.sort_by([("series", "ascending"), ("delivery", "ascending")]).to_pylist()
    return rows


def test_what_broke_before_its_journal_row_does_not_count_with_the_next_delivery(
    lake: Lake, told: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = told({"A": 1.0}, 1), told({"B": 2.0}, 2)
    with lake.writing() as writer:
        with monkeypatch.context() as patch:
            patch.setattr(lake.journal, "append", _full_disk)
            with pytest.raises(OSError, match="no space left"):
                writer.deliver(broken, source="s", raws=(RAW,), read_at=START, run_id="r")
        writer.deliver(sound, source="s", raws=(RAW,), read_at=START, run_id="r")
    assert [(row["series"], row["delivery"]) for row in rows_of(lake)] == [("B", 1)]
    assert [entry.seq for entry in lake.snapshot().journal()] == [1]


def _full_disk(*_: object) -> None:
    message = "no space left on device"
    raise OSError(message)


def test_a_batch_that_breaks_takes_the_batches_before_it_with_it(
    lake: Lake, told: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Table, "append", _full_disk)
    with pytest.raises(OSError, match="no space left"), lake.writing() as writer:
        writer.deliver(told({"A": 1.0}, 1), source="s", raws=(RAW,), read_at=START, run_id="r")
    assert rows_of(lake) == []
    assert list((lake.folder / "price").glob("*.parquet")) == [], "no data file is left behind"


HOLDER = """
import sys
from pathlib import Path
from bongsu.records.lake import Lake
with Lake(Path(sys.argv[1])).writing():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_told_so_and_readers_are_not_held_up(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0}, 1)
    command = [sys.executable, "-c", HOLDER, str(lake.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LakeBusyError) as busy, lake.writing(wait_seconds=0):
            pass
        assert seen(1) == {"A": 1.0}
        other.communicate("go on\n")
    assert busy.value.to(Language.KO) == (
        f"{lake.folder}: 다른 작업이 기록 저장소에 쓰고 있습니다. 그 작업이 끝난 뒤 다시 실행하십시오."
    )
    assert busy.value.to(Language.EN) == (
        f"{lake.folder}: another process is writing to this lake. Run this again when it has finished."
    )
    assert deliver({"A": 2.0}, 2).counts["revised"] == 1, "the lock is free again"


def test_the_holder_itself_gets_no_second_writer(lake: Lake) -> None:
    with lake.writing():
        with pytest.raises(LakeBusyError), lake.writing(wait_seconds=0):
            pass
        with pytest.raises(LakeBusyError), Lake(lake.folder).writing(wait_seconds=0):
            pass


def test_a_pinned_snapshot_sees_what_it_saw(lake: Lake, deliver: Deliver) -> None:
    deliver({"A": 1.0}, 1, bad=[5])
    pinned = lake.snapshot()
    before = [pinned.arrow(pinned.versions_of(PRICE)), pinned.arrow(pinned.quarantine()), pinned.journal()]
    deliver({"A": 2.0, "B": 1.0}, 2, bad=[6])
    with lake.writing() as writer:
        writer.compact(read_at=START, run_id="c")
    assert [pinned.arrow(pinned.versions_of(PRICE)), pinned.arrow(pinned.quarantine()), pinned.journal()] == before
    assert (pinned.seq, lake.snapshot().seq) == (1, 3)
