"""Delta tables: the files of a pinned version, atomic commits, and going back to what the journal names."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, RemoveAction

# delta-rs takes no table property that it does not know; the description is free text.
_SCHEMA_VERSION = "schema version "


@dataclass(frozen=True)
class Files:
    """The data files of one table version.

    Args:
        paths: absolute paths.
        lowest, highest: column → the smallest and largest value in each file, as the log tells; None is unknown.
    """

    paths: tuple[str, ...]
    lowest: Mapping[str, pa.Array]
    highest: Mapping[str, pa.Array]
    rows: int

    def may_hold(self, column: str, least: object) -> bool:
        """May any row have a value of `column` that is at least `least`? True where the log does not tell."""
        if column not in self.highest or not self.paths:
            return bool(self.paths)
        return any(high is None or high >= least for high in self.highest[column].to_pylist())

    def within(self, ranges: Mapping[str, tuple[Any, Any]]) -> tuple[str, ...]:
        """The files that may hold a row whose columns lie in `ranges` (both ends inclusive)."""
        keep = pa.array([True] * len(self.paths), pa.bool_())
        for column, (low, high) in ranges.items():
            if column not in self.lowest:
                continue
            above = pc.less_equal(self.lowest[column], pa.scalar(high, self.lowest[column].type))
            below = pc.greater_equal(self.highest[column], pa.scalar(low, self.highest[column].type))
            keep = pc.and_(keep, pc.fill_null(pc.and_(above, below), fill_value=True))
        return tuple(path for path, kept in zip(self.paths, keep.to_pylist(), strict=True) if kept)


class Table:
    """One Delta table on a local folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._newest: DeltaTable | None = None
        self._read: dict[int, tuple[Files, int]] = {}  # a version never changes once it is written

    def exists(self) -> bool:
        """Has the table been created?"""
        return DeltaTable.is_deltatable(str(self.folder))

    def create(self, schema: pa.Schema, schema_version: int) -> None:
        """Make the empty table, version 0."""
        self.folder.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            str(self.folder),
            schema=Schema.from_arrow(schema),
            description=f"{_SCHEMA_VERSION}{schema_version}",
            mode="ignore",
        )

    def version(self) -> int:
        """The newest version in the log, landed or not."""
        if self._newest is None:
            self._newest = DeltaTable(str(self.folder))
        else:
            self._newest.update_incremental()
        return int(self._newest.version())

    def schema_version(self, version: int) -> int:
        """The record type's schema version that this table version was written with."""
        return self._known(version)[1]

    def files(self, version: int) -> Files:
        """The data files of `version`, with what the log knows of their values."""
        return self._known(version)[0]

    def _known(self, version: int) -> tuple[Files, int]:
        if version not in self._read:
            newest = self._newest if self._newest is not None and self._newest.version() == version else None
            table = newest or DeltaTable(str(self.folder), version=version)
            shape = int(table.metadata().description.removeprefix(_SCHEMA_VERSION))
            self._read[version] = (self._files(table), shape)
        return self._read[version]

    def _files(self, table: DeltaTable) -> Files:
        # Not `pa.table(…)`: that imports pandas, a second on a cold start.
        actions = pa.RecordBatchReader.from_stream(table.get_add_actions(flatten=True)).read_all()
        columns = {name: actions[name].combine_chunks() for name in actions.column_names}
        return Files(
            paths=tuple(str(self.folder / unquote(path)) for path in columns["path"].to_pylist()),
            lowest={name[4:]: values for name, values in columns.items() if name.startswith("min.")},
            highest={name[4:]: values for name, values in columns.items() if name.startswith("max.")},
            rows=sum(columns["num_records"].to_pylist()) if len(actions) else 0,
        )

    def append(self, files: Sequence[Path], schema: pa.Schema, cluster: Sequence[str]) -> int:
        """Commit data files that already stand in the folder; returns the new version."""
        return self._commit(files, schema, cluster, mode="append")

    def replace(self, files: Sequence[Path], schema: pa.Schema, cluster: Sequence[str]) -> int:
        """Commit `files` as the whole content; older versions stay readable."""
        return self._commit(files, schema, cluster, mode="overwrite")

    def reshape(self, files: Sequence[Path], schema: pa.Schema, cluster: Sequence[str], schema_version: int) -> int:
        """Commit `files`, which hold the whole content in a new shape; older versions stay readable in theirs."""
        self._commit(files, schema, cluster, mode="overwrite")
        table = DeltaTable(str(self.folder))
        table.alter.set_table_description(f"{_SCHEMA_VERSION}{schema_version}")
        return int(table.version())

    def drop_files(self, written_after: int) -> None:
        """Delete data files of deliveries after `written_after`: no version that counts names them."""
        for file in self.folder.glob("*.parquet"):
            number = file.name.partition("-")[0]
            if number.isdecimal() and int(number) > written_after:
                file.unlink(missing_ok=True)

    def go_back(self, version: int) -> int:
        """Make the content of `version` current again (a delivery that never reached the journal is dropped)."""
        table = DeltaTable(str(self.folder))
        table.restore(version)
        return int(table.version())

    def checkpoint(self) -> None:
        """Write the log's state in one file, so that opening stays quick."""
        DeltaTable(str(self.folder)).create_checkpoint()

    def _commit(self, files: Sequence[Path], schema: pa.Schema, cluster: Sequence[str], mode: str) -> int:
        table = DeltaTable(str(self.folder))
        actions: list[AddAction | RemoveAction] = [_add_action(file, cluster) for file in files]
        table.create_write_transaction(actions, mode, Schema.from_arrow(schema))
        table.update_incremental()
        return int(table.version())


def _add_action(file: Path, cluster: Sequence[str]) -> AddAction:
    """What the log says of one file; the bytes reach the disk first, so that a version never names a lost file."""
    with file.open("r+b") as stream:  # Windows flushes only what is open for writing
        os.fsync(stream.fileno())
    metadata = pq.read_metadata(file)
    lowest, highest = _ranges(metadata, cluster)
    stats = {"numRecords": metadata.num_rows, "minValues": lowest, "maxValues": highest}
    status = file.stat()
    return AddAction(file.name, status.st_size, {}, int(status.st_mtime * 1000), True, json.dumps(stats))  # noqa: FBT003


def _ranges(metadata: pq.FileMetaData, cluster: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Smallest and largest value of the columns in `cluster`, from the file's own row-group statistics."""
    lowest: dict[str, Any] = {}
    highest: dict[str, Any] = {}
    positions = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}
    for name in (name for name in cluster if name in positions):
        groups = [metadata.row_group(g).column(positions[name]).statistics for g in range(metadata.num_row_groups)]
        if groups and all(group is not None and group.has_min_max for group in groups):
            lowest[name] = _text(min(group.min for group in groups))
            highest[name] = _text(max(group.max for group in groups))
    return lowest, highest


def _text(value: object) -> str | int:
    """A value as the log's JSON holds it: numbers and booleans as they are, dates and texts as text."""
    if isinstance(value, int):
        return value
    return value.decode() if isinstance(value, bytes) else str(value)
