"""What a reader sees: one moment of the lake, pinned to the table versions that the journal names."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from bongsu.records.asof import as_of
from bongsu.records.engine import DuckEngine, Engine
from bongsu.records.journal import Entry, Journal
from bongsu.records.quarantine import QUARANTINE
from bongsu.records.quarantine import SCHEMA as QUARANTINE_SCHEMA
from bongsu.records.scope import quoted
from bongsu.records.shapes import RecordType
from bongsu.records.tables import Files, Table
from bongsu.records.upgrade import STEPS, Step, upgraded

# A filter on key columns: one value, several, or a (from, to) pair of dates.
Where = Mapping[str, str | date | tuple[str, ...] | tuple[date, date]]


class Snapshot:
    """A consistent view of all tables. Deliveries that land later are not seen."""

    def __init__(
        self,
        engine: Engine,
        tables: Mapping[str, Table],
        journal: Journal,
        entry: Entry | None,
        record_types: Mapping[str, RecordType],
        *,
        points: DuckEngine,
        steps: Mapping[tuple[str, int], Step] = STEPS,
    ) -> None:
        self._points = points
        self.engine = engine
        self._tables = tables
        self._journal = journal
        self._entry = entry
        self._record_types = record_types
        self._steps = steps

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each table, as printed beside published figures."""
        return dict(self._entry.tables) if self._entry else {}

    @property
    def record_types(self) -> Mapping[str, RecordType]:
        """The record types that readers may ask for, by name."""
        return {name: record for name, record in self._record_types.items() if record is not QUARANTINE}

    @property
    def seq(self) -> int:
        """The journal sequence that the view is pinned to; 0 for an empty lake."""
        return self._entry.seq if self._entry else 0

    def journal(self) -> list[Entry]:
        """The journal up to the pinned row, oldest first."""
        return [entry for entry in self._journal.entries() if entry.seq <= self.seq]

    def versions_of(self, record: RecordType, where: Where | None = None) -> ir.Table:
        """Every version of every fact, withdrawals included."""
        pinned = self.versions.get(record.name)
        if pinned is None:
            return self.engine.table((), record.schema)
        table, where = self._tables[record.name], where or {}
        written_as = table.schema_version(pinned)
        # The log's ranges of an older shape say nothing of values that a step may change.
        ranges = _ranges(where) if written_as == record.schema_version else {}
        files = table.files(pinned).within(ranges)
        rows = self.engine.table(files, record.schema)
        return _filtered(upgraded(rows, record, written_as, self._steps) if files else rows, where)

    def as_of(self, record: RecordType, moment: datetime, where: Where | None = None) -> ir.Table:
        """The facts as they were known at `moment`; `where` narrows by key columns before anything is read.

        Raises:
            ValueError: `where` names a column outside the key (that would pick versions, not facts), or `moment`
                has no zone.
        """
        _check(record, moment, where or {})
        held = self.data_files(record.name)
        return as_of(
            self.versions_of(record, where),
            record,
            moment,
            revised=held is not None and held.may_hold("version", 1),
            late=held is not None and held.may_hold("late", least=True),
        )

    def facts(self, record: RecordType, moment: datetime, where: Where) -> pa.Table:
        """What `as_of` gives, for a handful of facts: the same rule without building an expression (a point read)."""
        _check(record, moment, where)
        pinned = self.versions.get(record.name)
        table = self._tables[record.name]
        files = table.files(pinned).within(_ranges(where)) if pinned is not None else ()
        if not files or table.schema_version(pinned or 0) != record.schema_version:
            return self.arrow(self.as_of(record, moment, where))
        return self._points.rows(
            f"""SELECT * FROM (SELECT * FROM read_parquet([{", ".join(map(quoted, files))}], hive_partitioning = false)
                WHERE known_at <= TIMESTAMPTZ {quoted(moment.isoformat())} AND {_sql(where)}
                QUALIFY row_number() OVER (PARTITION BY {", ".join(f'"{name}"' for name in record.key_names)}
                    ORDER BY known_at DESC, delivery DESC) = 1) WHERE NOT withdrawn"""
        )

    def history(self, record: RecordType, key: Where) -> list[dict[str, Any]]:
        """Every version of the facts with `key`, in the order in which they count."""
        versions = self.arrow(self.versions_of(record, key))
        ordered: list[dict[str, Any]] = versions.sort_by(
            [("known_at", "ascending"), ("delivery", "ascending")]
        ).to_pylist()
        return ordered

    def quarantine(self) -> ir.Table:
        """The rows set aside, with their reasons."""
        pinned = self.versions.get(QUARANTINE.name)
        files = self._tables[QUARANTINE.name].files(pinned).paths if pinned is not None else ()
        return self.engine.table(files, QUARANTINE_SCHEMA)

    def data_files(self, table: str) -> Files | None:
        """The pinned data files of a table; None where there is no such table yet."""
        pinned = self.versions.get(table)
        return None if pinned is None else self._tables[table].files(pinned)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression on the lake's engine."""
        return self.engine.arrow(expression)


def _check(record: RecordType, moment: datetime, where: Where) -> None:
    strange = set(where) - set(record.key_names)
    if strange:
        message = f"{record.name} has no key column {sorted(strange)}"
        raise ValueError(message)
    if moment.utcoffset() is None:
        message = f"{moment} has no time zone"
        raise ValueError(message)


def _ranges(where: Where) -> dict[str, tuple[Any, Any]]:
    return {
        column: (min(value), max(value)) if isinstance(value, tuple) else (value, value)
        for column, value in where.items()
        if value != ()
    }


def _filtered(rows: ir.Table, where: Where) -> ir.Table:
    for column, value in where.items():
        if not isinstance(value, tuple):
            rows = rows.filter(rows[column] == value)
        elif value and isinstance(value[0], date):
            rows = rows.filter(rows[column].between(value[0], value[-1]))
        else:
            rows = rows.filter(rows[column].isin(value))
    return rows


def _sql(where: Where) -> str:
    """`_filtered` as SQL."""
    parts = ["TRUE"]
    for column, value in where.items():
        if not isinstance(value, tuple):
            parts.append(f'"{column}" = {quoted(str(value))}')
        elif value and isinstance(value[0], date):
            parts.append(f'"{column}" BETWEEN {quoted(str(value[0]))} AND {quoted(str(value[-1]))}')
        else:
            parts.append(f'"{column}" IN ({", ".join(quoted(str(one)) for one in value) or "NULL"})')
    return " AND ".join(parts)
