"""The ingest journal: one row for each thing done to the lake. A delivery counts once its row stands here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake

from bongsu.records.delivery import Raw
from bongsu.records.shapes import INSTANT
from bongsu.records.tables import Table

# Deliveries, and what was done to the lake.
LANDED, UNCHANGED, FAILED, COMPACTED, RESHAPED = "landed", "unchanged", "failed", "compacted", "reshaped"
# Steps of a run: the bytes are here but not yet read; not published yet; cut, and asked for in smaller pieces; the
# source answers no more for now; every question of the source's plan has its answer.
RECEIVED, NOT_YET, SPLIT, PAUSED, ANSWERED = "received", "not_yet", "split", "paused", "answered"
# Between separated networks: a bundle has been carried in whole; an entry of it was refused.
CARRIED, REFUSED = "carried", "refused"

_MANY = 64  # files

SCHEMA = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),  # one of the words above
        pa.field("source", pa.string(), nullable=False),  # "" for what concerns the lake as a whole
        pa.field("published", INSTANT),  # the vintage
        pa.field("published_basis", pa.string()),
        pa.field("read_at", INSTANT, nullable=False),
        pa.field("raws", pa.string(), nullable=False),  # JSON: hash, name, size, URL, time, media type
        pa.field("scopes", pa.string(), nullable=False),  # JSON: record type and scope of each batch
        pa.field("tables", pa.string(), nullable=False),  # JSON: the version of every table after this row
        pa.field("counts", pa.string(), nullable=False),  # JSON: rows by what became of them
        pa.field("said", pa.string(), nullable=False),  # JSON: notes, or the failure, in both languages
        pa.field("asked", pa.string()),  # JSON: the question of a run, and those that its answer leads to
        pa.field("given", pa.string()),  # JSON: what it takes to read the raw files once more, and where they came by
    ]
)


@dataclass(frozen=True)
class Entry:
    """One row of the journal.

    `given` holds what the user said beside the files (`published`, `mapping`), `edition` for an earlier edition that
    came in the files of a later delivery, `raws` where more raws are named than were read, and `carried`, the entry's
    place in the journal of the collector that it was carried from.
    """

    seq: int
    run_id: str
    status: str
    source: str
    published: datetime | None
    published_basis: str | None
    read_at: datetime
    raws: tuple[Raw, ...] = ()
    scopes: str = "[]"
    tables: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    said: Sequence[Mapping[str, str]] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The entry as the journal's table holds it."""
        return {
            **{name: getattr(self, name) for name in ("seq", "run_id", "status", "source", "published")},
            "published_basis": self.published_basis,
            "read_at": self.read_at,
            "raws": _json([raw_as_json(raw) for raw in self.raws]),
            "scopes": self.scopes,
            "tables": _json(dict(self.tables)),
            "counts": _json(dict(self.counts)),
            "said": _json([dict(text) for text in self.said]),
            "asked": _json(dict(self.asked)) if self.asked else None,
            "given": _json(dict(self.given)) if self.given else None,
        }


class Journal:
    """The journal of one lake."""

    def __init__(self, folder: Path) -> None:
        self.table = Table(folder)
        self._parsed: dict[
            str, tuple[Entry, ...]
        ] = {}  # a file never changes; a run opens the journal thousands of times

    def create(self) -> None:
        """Make it, empty."""
        self.table.create(SCHEMA, 1)

    def append(self, entry: Entry) -> None:
        """Write the row that makes a delivery count."""
        rows = pa.Table.from_pylist([entry.row()], schema=SCHEMA)
        # "merge": a journal begun before runs asked questions gets its last columns now.
        write_deltalake(str(self.table.folder), rows, mode="append", schema_mode="merge")

    def last(self) -> Entry | None:
        """The newest entry, read from its own file alone."""
        if not self.table.exists():
            return None
        files = self.table.files(self.table.version())
        if not files.paths:
            return None
        newest = max(range(len(files.paths)), key=files.highest["seq"].to_pylist().__getitem__)
        rows = pq.ParquetFile(files.paths[newest]).read()
        # Of a joined file only the last row is wanted; two thousand rows of JSON take longer than all the rest.
        last = rows.filter(pc.equal(rows["seq"], pc.max(rows["seq"])))
        return _entry(last.to_pylist()[0], self.table.folder)

    def entries(self) -> list[Entry]:
        """Every entry, oldest first."""
        if not self.table.exists():
            return []
        paths = self.table.files(self.table.version()).paths
        self._parsed = {path: self._parsed.get(path) or _rows(path, self.table.folder) for path in paths}
        return sorted((entry for path in paths for entry in self._parsed[path]), key=lambda entry: entry.seq)

    def tidy(self) -> None:
        """Compact where there are many small files: a writer reads them all, and each costs a millisecond."""
        if len(self.table.files(self.table.version()).paths) > _MANY:
            self.compact()

    def compact(self) -> None:
        """Join the small files and write a checkpoint; the entries stay as they are."""
        table = DeltaTable(str(self.table.folder))
        table.optimize.compact()
        table.create_checkpoint()


def _rows(file: str, folder: Path) -> tuple[Entry, ...]:
    """The entries in one file."""
    return tuple(_entry(row, folder) for row in pq.ParquetFile(file).read().to_pylist())


def _entry(row: dict[str, Any], folder: Path) -> Entry:
    archive = folder.parent / "raw"
    return Entry(
        **{name: row[name] for name in ("seq", "run_id", "status", "source", "published", "published_basis")},
        read_at=row["read_at"],
        raws=tuple(raw_from_json(raw, archive) for raw in json.loads(row["raws"])),
        scopes=row["scopes"],
        tables=json.loads(row["tables"]),
        counts=json.loads(row["counts"]),
        said=json.loads(row["said"]),
        asked=json.loads(row.get("asked") or "{}"),
        given=json.loads(row.get("given") or "{}"),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def raw_as_json(raw: Raw) -> dict[str, Any]:
    """A raw file as the journal keeps it."""
    kept = asdict(raw)
    del kept["path"]  # the archive's folder may move; the hash says where the bytes stand
    return {**kept, "received_at": raw.received_at.isoformat() if raw.received_at else None}


def raw_from_json(kept: Mapping[str, Any], archive: Path) -> Raw:
    """The raw file that `raw_as_json` wrote, in the archive's folder."""
    received = datetime.fromisoformat(kept["received_at"]) if kept["received_at"] else None
    path = archive / kept["sha256"][:2] / kept["sha256"]
    return Raw(**{**kept, "path": path, "received_at": received})
