"""Kill a writer at random moments of an ingest, and look at what it left behind.

    python bench/kill.py [--rows 20000] [--kills 20] [--seed 7]

A child process lands four deliveries (revisions, withdrawals, rows to quarantine, two record types) on top of a first
one, and compacts. It is killed at a moment drawn from the measured length of an undisturbed run. Each time the lake
must be readable and stand exactly as it stood after a whole number of deliveries; then the same deliveries are given
again, and the lake must end as the undisturbed one did. Prints one line of JSON; exit code 1 where anything is off.
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.journal import LANDED
from bongsu.records.lake import Lake
from bongsu.records.shapes import INSTANT, PRICE, TRANSIT, RecordType
from bongsu.records.snapshot import Snapshot

START = datetime(2021, 1, 1, tzinfo=UTC)
DELIVERIES = 5
LAST_OWN = ("delivery",)  # a repeated delivery takes a journal number of its own


def readings(rows: int) -> list[Reading]:
    """Five deliveries of `rows` prices and a tenth as many transits; each changes a tenth and drops a tenth."""
    return [_reading(rows, number) for number in range(DELIVERIES)]


def _reading(rows: int, number: int) -> Reading:
    prices = np.arange(rows)
    # Withdrawals need whole deliveries, and quarantine needs bad rows: odd ones have the first, even ones the second.
    kept = prices[prices % 10 != number] if number % 2 else prices
    value = kept.astype(float) + np.where(kept % 10 == number + 1, number, 0)
    bad = () if number % 2 else (BadRow(0, rows + 1, "bad_number", Text("수가 아님", "no number"), f"row of {number}"),)
    price = _table(PRICE, kept, {"series": "S", "value": value, "currency": "USD"})
    some = np.arange(max(rows // 10, 1))
    transit = _table(TRANSIT, some, {"chokepoint": "C", "ship_class": "total", "transits": some + float(number)})
    scope = Scope({"source": ("bench",)})
    return Reading(
        (Batch(PRICE, price, scope), Batch(TRANSIT, transit, scope)),
        bad_rows=bad,
        published=START + timedelta(days=30 * number),
        published_basis="stated",
        raw_rows=rows,
    )


def _table(record: RecordType, places: np.ndarray, given: dict[str, object]) -> pa.Table:
    count = len(places)
    columns: dict[str, object] = {
        "source": "bench",
        "frequency": "D",
        "known_basis": "lag",
        "raw": 0,
        "raw_rows": 1,
        **given,
    }
    arrays = []
    for field in record.reader_schema:
        if field.name == "valid":
            days = (np.datetime64("1900-01-01") + places.astype("timedelta64[D]")).astype("datetime64[D]")
            arrays.append(pa.array(days, pa.date32()))
        elif field.name == "known_at":
            arrays.append(pa.array([START] * count, INSTANT))
        elif field.name == "raw_row":
            arrays.append(pa.array(places + 1, pa.int64()))
        elif isinstance(columns.get(field.name), np.ndarray):
            arrays.append(pa.array(columns[field.name], field.type))
        else:
            arrays.append(pa.array([columns.get(field.name)] * count, field.type))
    return pa.table(arrays, schema=record.reader_schema)


def land(lake: Lake, numbers: range, rows: int) -> Iterator[Snapshot]:
    """Land deliveries one by one, each under a lock of its own."""
    for number, reading in enumerate(readings(rows)):
        if number in numbers:
            raw = Raw(hashlib.sha256(bytes([number])).hexdigest(), f"{number}.csv", Path(), 1)
            with lake.writing() as writer:
                writer.deliver(reading, source="bench", raws=(raw,), read_at=START, run_id=f"run-{number}")
            yield lake.snapshot()


def compact(lake: Lake) -> None:
    """Compact under a lock of its own."""
    with lake.writing() as writer:
        writer.compact(read_at=START, run_id="compact")


def fingerprint(snapshot: Snapshot) -> str:
    """One hash of everything a reader can see, in any order of rows."""
    digest = hashlib.sha256()
    for table in (
        snapshot.arrow(snapshot.versions_of(PRICE)),
        snapshot.arrow(snapshot.versions_of(TRANSIT)),
        snapshot.arrow(snapshot.quarantine()),
    ):
        plain = table.drop_columns(list(LAST_OWN)).to_pylist()
        for row in sorted(repr(sorted(row.items(), key=lambda item: item[0])) for row in plain):
            digest.update(row.encode())
    return digest.hexdigest()


def consistent(snapshot: Snapshot) -> bool:
    """Does every row walk back to a journal row, and does every journal row count its rows?"""
    entries = {entry.seq: entry for entry in snapshot.journal()}
    counted = dict.fromkeys(entries, 0)
    tables = [snapshot.arrow(snapshot.versions_of(record)) for record in (PRICE, TRANSIT)]
    for seq in [seq for table in tables for seq in table["delivery"].to_pylist()]:
        if seq not in entries or entries[seq].status != LANDED:
            return False
        counted[seq] += 1
    aside = snapshot.arrow(snapshot.quarantine())["delivery"].to_pylist()
    return all(seq in entries for seq in aside) and all(
        counted[seq] == entry.counts.get("written", 0) for seq, entry in entries.items() if entry.status == LANDED
    )


class Child:
    """A process that has loaded everything and waits for the word to begin."""

    def __init__(self, folder: Path, rows: int) -> None:
        command = [sys.executable, __file__, "--child", str(folder), "--rows", str(rows)]
        # Our own file, our own words.
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603

    def begin(self) -> float:
        """Wait until it is ready, let it go; returns the moment."""
        assert self.process.stdin  # noqa: S101 - pipes were asked for
        assert self.process.stdout  # noqa: S101
        if self.process.stdout.readline().strip() != "ready":
            message = "the child did not start"
            raise RuntimeError(message)
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return time.monotonic()

    def kill_after(self, seconds: float) -> bool:
        """Kill it (SIGKILL; TerminateProcess on Windows) unless it has ended by then; was it killed?"""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        killed = self.process.wait() != 0
        self.close()
        return killed

    def close(self) -> None:
        """Give its pipes back."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def child(folder: Path, rows: int) -> None:
    """The work that is interrupted."""
    lake = Lake(folder, threads=1)
    prepared = land(lake, range(1, DELIVERIES), rows)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in prepared:
        pass
    compact(lake)


def run(rows: int, kills: int, seed: int, room: Path) -> dict[str, object]:
    """Kill `kills` times; what was found."""
    states, base = _undisturbed(room, rows)
    seconds = _length(room, base, rows)
    draw = random.Random(seed).uniform  # noqa: S311 - a drawn moment, no secret
    found: dict[str, object] = {"readable": 0, "half_landed": 0, "completed": True}
    killed = 0
    trial = 0
    next_up = _prepared(room, base, rows, trial)
    while killed < kills:
        folder, going = next_up
        going.begin()
        trial += 1
        next_up = _prepared(room, base, rows, trial)
        if going.kill_after(draw(0.0, seconds)):
            killed += 1
            _judge(folder, rows, states, found)
        shutil.rmtree(folder)
    next_up[1].process.kill()
    next_up[1].process.wait()
    next_up[1].close()
    return {"killed": killed, **found, "rows": rows, "seconds_undisturbed": round(seconds, 3)}


def _undisturbed(room: Path, rows: int) -> tuple[list[str], Path]:
    """The fingerprint after each delivery, and a lake that holds the first one alone."""
    base, reference = room / "base", Lake(room / "reference", threads=1)
    first = Lake(base, threads=1)
    _each(land(first, range(1), rows))
    first.close()
    states = [fingerprint(snapshot) for snapshot in land(reference, range(DELIVERIES), rows)]
    compact(reference)
    if fingerprint(reference.snapshot()) != states[-1] or len(set(states)) != DELIVERIES:
        message = "the reference is off: compaction changed an answer, or two states look alike"
        raise RuntimeError(message)
    reference.close()
    return states, base


def _each(snapshots: Iterator[Snapshot]) -> None:
    for _ in snapshots:
        pass


def _length(room: Path, base: Path, rows: int) -> float:
    """How long the work takes when nothing stops it."""
    folder, going = _prepared(room, base, rows, -1)
    begun = going.begin()
    going.kill_after(3600)
    shutil.rmtree(folder)
    return time.monotonic() - begun


def _prepared(room: Path, base: Path, rows: int, trial: int) -> tuple[Path, Child]:
    folder = room / f"trial-{trial}"
    shutil.copytree(base, folder)
    return folder, Child(folder, rows)


def _judge(folder: Path, rows: int, states: list[str], found: dict[str, object]) -> None:
    lake = Lake(folder, threads=1)
    after_kill = _look(lake, lambda snapshot: fingerprint(snapshot) in states and consistent(snapshot))
    found["readable"] += after_kill is not None  # type: ignore[operator]
    found["half_landed"] += after_kill is False  # type: ignore[operator]
    _each(land(lake, range(DELIVERIES), rows))
    compact(lake)
    again = _look(lake, lambda snapshot: fingerprint(snapshot) == states[-1] and consistent(snapshot))
    left_over = [file for file in folder.rglob("*.parquet") if not _named(lake, file)]
    found["completed"] = bool(found["completed"] and again and not left_over)
    lake.close()


def _look(lake: Lake, judge: Callable[[Snapshot], bool]) -> bool | None:
    """What `judge` says of the lake; None where it could not be read at all."""
    try:
        return judge(lake.snapshot())
    except Exception as error:  # noqa: BLE001 - whatever it is, the lake was not readable
        print(f"not readable: {error!r}", file=sys.stderr)
        return None


def _named(lake: Lake, file: Path) -> bool:
    """Is a data file named by a version that counts? The journal's own files always are."""
    if file.parent.name not in lake.tables or file.parent == lake.folder / "journal" or "_delta_log" in file.parts:
        return True
    table = lake.tables[file.parent.name]
    versions = {entry.tables[file.parent.name] for entry in lake.journal.entries() if file.parent.name in entry.tables}
    return any(str(file.absolute()) in table.files(version).paths for version in versions)


def main() -> int:
    """Parse the command's words, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--child", type=Path)
    words = parser.parse_args()
    if words.child:
        child(words.child, words.rows)
        return 0
    with tempfile.TemporaryDirectory() as room:
        found = run(words.rows, words.kills, words.seed, Path(room))
    print(json.dumps(found))
    good = found["readable"] == found["killed"] and not found["half_landed"] and found["completed"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
