"""How a batch lands: which of its rows are new, changed, unchanged or gone, in the order of vintages.

A vintage is the moment a delivery was published. A fact's first version is known from its own `known_at` (the lag
after its period), a later one from its vintage. A vintage that arrives late is put where it belongs (`history`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Scope
from bongsu.records.engine import DuckEngine
from bongsu.records.late import Later, LateWriter
from bongsu.records.scope import condition, edition, quoted
from bongsu.records.tables import Files

_REPEATED = Text(
    ko="같은 기록이 서로 다른 값으로 두 번 이상 있습니다.",
    en="the same fact stands here more than once, with different values.",
)


@dataclass(frozen=True)
class Landed:
    """What became of one batch.

    `counts` has new, revised, withdrawn, unchanged, repeated and replaced (written again behind a late vintage).
    """

    files: tuple[Path, ...]
    counts: dict[str, int]
    bad_rows: tuple[BadRow, ...] = ()
    borrowed: tuple[tuple[int, int], ...] = ()  # (delivery, raw): what rows written again walk back to


@dataclass(frozen=True)
class Landing:
    """One batch on its way into one table. Runs under the writer's lock, on the writer's own engine.

    Args:
        engine: where the work is done.
        batch: the rows and their scope.
        vintage: when they were published (UTC).
        basis: how sure that is: stated, lag or assumed.
        delivery: the journal sequence they will stand under.
        folder: the table's folder; data files are written there and count only when committed.
        table: what stands in the pinned version.
        later: deliveries of the same source with a later vintage, oldest first.
        whole: no row of the delivery was set aside, so that absence may mean withdrawal.
        raws: how many raw files the delivery names so far; borrowed ones count from there.
        token: makes file names unique.
        editions: scopes of earlier editions: what they lack and this one adds is known from this one's vintage.
        additions: editions matter to this source at all (`Reading.additions`).
        beside: other batches of the same delivery and record type; what one of them states is not gone.
        done: scopes of those that landed before this one; their editions have been looked through.
    """

    engine: DuckEngine
    batch: Batch
    vintage: datetime
    basis: str
    delivery: int
    folder: Path
    table: Files
    later: Sequence[Later]
    whole: bool
    raws: int
    token: str
    editions: Sequence[Scope] = ()
    additions: bool = False
    beside: Sequence[pa.Table] = ()
    done: Sequence[Scope] = ()

    def run(self) -> Landed:
        """Write the data files, without committing them."""
        staged = self._stage()
        try:
            self._check_beside(staged)
            bad_rows, repeated = self._set_contradictions_aside(staged)
            rows = self._checked_count(staged)
            standing = self._standing_files(staged)
            if not (standing or bad_rows or repeated or self.later or self.editions):
                if not rows:
                    staged.unlink()
                return Landed((staged,) if rows else (), {"new": rows, "written": rows})
            landed = self._compare(staged, standing)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        staged.unlink()
        return replace(landed, counts={**landed.counts, "repeated": repeated}, bad_rows=bad_rows)

    def _stage(self) -> Path:
        """Write the rows as they would stand if all of them were new: as a rule that is the final file."""
        connection = self.engine.backend.con
        connection.register("incoming", self.batch.rows)
        target = self._path("new")
        self.engine.run(
            f"""COPY (SELECT {self._facts()}, least(known_at, {self._instant()}) AS known_at, known_basis, raw, raw_row,
                raw_rows, {self._instant()} AS vintage, 0::INT AS version, FALSE AS late, FALSE AS withdrawn,
                {self.delivery}::BIGINT AS delivery FROM incoming)
            TO {quoted(str(target))} (FORMAT parquet, COMPRESSION snappy)"""
        )
        connection.unregister("incoming")
        return target

    def _set_contradictions_aside(self, staged: Path) -> tuple[tuple[BadRow, ...], int]:
        """Rows that share a key: alike, one is kept; unlike, all are set aside. Hashes find suspects in one pass."""
        keys, source = self._keys(), _file(staged)
        suspects = f"SELECT hash({keys}) AS h FROM {source} GROUP BY h HAVING count(*) > 1"
        self.engine.run(
            f"""CREATE OR REPLACE TEMP TABLE shared_keys AS
            SELECT {keys}, count(*) AS times, count(DISTINCT row({self._values()})) AS ways FROM {source}
            WHERE hash({keys}) IN ({suspects}) GROUP BY {keys} HAVING count(*) > 1"""
        )
        repeated = self._number("SELECT coalesce(sum(times - 1), 0)::BIGINT FROM shared_keys WHERE ways = 1")
        rows = self.engine.rows(
            f"""SELECT {self._facts("s.")}, s.raw, s.raw_row FROM {source} s JOIN shared_keys k USING ({keys})
            WHERE k.ways > 1 ORDER BY s.raw, s.raw_row"""
        )
        return tuple(_bad_row(row) for row in rows.to_pylist()), repeated

    def _check_beside(self, staged: Path) -> None:
        """A fact in two batches of one delivery would have two versions in one place: a fault of the reader."""
        for rows in self.beside:
            self.engine.backend.con.register("rows_beside", rows)
            both = self._number(f"SELECT count(*) FROM {_file(staged)} SEMI JOIN rows_beside USING ({self._keys()})")
            self.engine.backend.con.unregister("rows_beside")
            if both:
                message = f"{self.batch.record.name}: {both} rows state facts that stand in two batches of one delivery"
                raise ValueError(message)

    def _checked_count(self, staged: Path) -> int:
        """How many rows came; a null key or a row outside the declared scope is a fault of the reader."""
        nulls = " OR ".join(f'"{name}" IS NULL' for name in self.batch.record.key_names)
        within = condition(self.batch.scope, self.batch.record)
        found = self.engine.rows(
            f"""SELECT count(*) AS n, count(*) FILTER ({nulls}) AS nulls,
                count(*) FILTER (({within}) IS NOT TRUE) AS outside FROM {_file(staged)}"""
        ).to_pylist()[0]
        if found["nulls"] or found["outside"]:
            message = f"{self.batch.record.name}: {found['nulls']} null keys, {found['outside']} rows outside the scope"
            raise ValueError(message)
        return int(found["n"])

    def _standing_files(self, staged: Path) -> tuple[str, ...]:
        """The table's files that may hold a fact of this batch, by the ranges in the log."""
        ranges = self._scope_ranges()
        if not self._may_withdraw():
            names = [field.name for field in self.batch.record.key]
            ends = ", ".join(f'min("{n}") AS "min.{n}", max("{n}") AS "max.{n}"' for n in names)
            found = self.engine.rows(f"SELECT {ends} FROM {_file(staged)}").to_pylist()[0]
            ranges = {n: (found[f"min.{n}"], found[f"max.{n}"]) for n in names if found[f"min.{n}"] is not None}
        return self.table.within(ranges)

    def _scope_ranges(self) -> dict[str, tuple[Any, Any]]:
        return {column: (min(values), max(values)) for column, values in self.batch.scope.equals.items() if values}

    def _compare(self, staged: Path, standing: Sequence[str]) -> Landed:
        """Write what differs from what stands."""
        self._gather(staged, standing)
        kinds = self.engine.rows("SELECT kind, count(*) AS n FROM changes GROUP BY kind").to_pylist()
        counts = {row["kind"]: row["n"] for row in kinds}
        replaced, borrowed = self._rewrite_late() if self.later else (None, ())
        target = self._path("changed")
        self._write(replaced, target)
        written = self._number(f"SELECT count(*) FROM {_file(target)}")
        counts["written"] = written
        if not written:
            target.unlink()
        return Landed((target,) if written else (), counts, (), borrowed)

    def _gather(self, staged: Path, files: Sequence[str]) -> None:
        """Temp tables: `clean` incoming rows, `standing` rows within the scope, `before` them, and `changes`."""
        keys, run = self._keys(), self.engine.run
        within = condition(self.batch.scope, self.batch.record)
        run(
            f"""CREATE OR REPLACE TEMP TABLE clean AS SELECT s.* FROM {_file(staged)} s
            ANTI JOIN shared_keys k USING ({keys})
            UNION ALL SELECT s.* FROM {_file(staged)} s
            SEMI JOIN (SELECT * FROM shared_keys WHERE ways = 1) k USING ({keys})
            QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY raw, raw_row) = 1"""
        )
        only = "" if self._may_withdraw() else f"SEMI JOIN clean USING ({keys})"
        standing = _files(files) if files else "(SELECT * FROM clean LIMIT 0)"
        run(f"CREATE OR REPLACE TEMP TABLE standing AS SELECT t.* FROM {standing} t {only} WHERE {within}")
        # Most facts have one version; only those that have more need an order.
        earlier = f"SELECT * FROM standing WHERE vintage <= {self._instant()}"
        run(f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT {keys} FROM ({earlier}) WHERE version > 0")
        run(
            f"""CREATE OR REPLACE TEMP TABLE before AS
            SELECT e.* FROM ({earlier}) e ANTI JOIN touched USING ({keys})
            UNION ALL SELECT e.* FROM ({earlier}) e SEMI JOIN touched USING ({keys})
            QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY vintage DESC, delivery DESC, known_at DESC) = 1"""
        )
        added = f"b.delivery IS NOT NULL OR ({self._added('c.')})"
        run(
            f"""CREATE OR REPLACE TEMP TABLE changes AS
            SELECT c.* REPLACE (CASE WHEN {added} THEN {self._instant()} ELSE c.known_at END AS known_at,
                CASE WHEN {added} THEN {quoted(self.basis)} ELSE c.known_basis END AS known_basis,
                coalesce(b.version + 1, 0)::INT AS version),
                CASE WHEN b.delivery IS NULL THEN 'new'
                     WHEN NOT b.withdrawn AND row({self._values("b.")}) IS NOT DISTINCT FROM row({self._values("c.")})
                     THEN 'unchanged' ELSE 'revised' END AS kind
            FROM clean c LEFT JOIN before b USING ({keys})"""
        )
        if self._may_withdraw():
            self._withdraw()

    def _withdraw(self) -> None:
        """Facts that stood and are absent now, within the scope that the delivery is complete for."""
        keys = self._keys()
        self._gather_keys()
        nothing = ", ".join(f'NULL AS "{name}"' for name in self.batch.record.value_names)
        self.engine.run(
            f"""INSERT INTO changes BY NAME SELECT b.* REPLACE ({nothing}, {self._instant()} AS known_at,
                {quoted(self.basis)} AS known_basis, {self._instant()} AS vintage,
                0 AS raw_row, 0 AS raw, 0 AS raw_rows,
                (b.version + 1)::INT AS version, FALSE AS late, TRUE AS withdrawn, {self.delivery}::BIGINT AS delivery), 'withdrawn' AS kind
            FROM before b ANTI JOIN clean_keys USING ({keys}) ANTI JOIN shared_keys USING ({keys})
            WHERE NOT b.withdrawn"""
        )

    def _gather_keys(self) -> None:
        """Temp table `clean_keys`: the facts that this delivery states, in this batch or in one beside it."""
        keys = self._keys()
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE clean_keys AS SELECT {keys} FROM clean")
        for rows in self.beside:
            self.engine.backend.con.register("rows_beside", rows)
            self.engine.run(f"INSERT INTO clean_keys SELECT {keys} FROM rows_beside")
            self.engine.backend.con.unregister("rows_beside")

    def _may_withdraw(self) -> bool:
        return self.batch.scope.complete and self.whole

    # ---- a vintage that arrives late

    def _rewrite_late(self) -> tuple[pa.Table, tuple[tuple[int, int], ...]]:
        """Rows that keep history straight; they stand for all that `changes` would have written."""
        keys = self._keys()
        covering = ", ".join(self._covered(later) for later in self.later)
        late = self.engine.rows(
            f"""SELECT *, list_filter([{covering}], lambda x: x IS NOT NULL) AS covering FROM changes
            WHERE kind <> 'unchanged'"""
        ).to_pylist()
        self.engine.run("CREATE OR REPLACE TEMP TABLE changed AS SELECT * FROM changes WHERE kind <> 'unchanged'")
        standing = self.engine.rows(f"SELECT s.* FROM standing s SEMI JOIN changed USING ({keys})").to_pylist()
        early = self._too_early() if self.additions else []
        writer = LateWriter(self.batch.record, [*standing, *early], self.vintage, self.delivery, self.raws)
        for row in late:
            writer.write(row)
        for row in (row for row in early if row["version"] == 0):
            writer.write({**row, "withdrawn": True, "covering": [], "known_basis": self.basis})
        return pa.Table.from_pylist(writer.rows, schema=self.batch.record.schema), tuple(writer.borrowed)

    def _too_early(self) -> list[dict[str, Any]]:
        """All versions of facts that a later edition added, known by their lag so far, which this edition lacks."""
        files = self.table.within(
            {name: ends for name, ends in self._scope_ranges().items() if name in self._edition()}
        )
        if not files:
            return []
        self._gather_keys()
        done = " OR ".join(f"({edition(scope, self.batch.record)})" for scope in self.done) or "FALSE"
        own = edition(self.batch.scope, self.batch.record)
        table = f"(SELECT * FROM {_files(files)} WHERE {own} AND NOT ({done}))"
        rows: list[dict[str, Any]] = self.engine.rows(
            f"""SELECT t.* FROM {table} t SEMI JOIN (SELECT {self._keys()} FROM {table}
                ANTI JOIN clean_keys USING ({self._keys()})
                WHERE version = 0 AND vintage > {self._instant()} AND known_at < vintage) USING ({self._keys()})"""
        ).to_pylist()
        return rows

    def _edition(self) -> tuple[str, ...]:
        return self.batch.record.edition

    def _added(self, prefix: str) -> str:
        """SQL: an earlier edition of the same table is held, so it lacked what is new here."""
        del prefix
        return " OR ".join(f"({edition(scope, self.batch.record)})" for scope in self.editions) or "FALSE"

    def _covered(self, later: Later) -> str:
        record = self.batch.record
        within = " OR ".join(f"({condition(scope, record)})" for scope in later.scopes if scope.complete) or "FALSE"
        return f"CASE WHEN {within} THEN TIMESTAMPTZ {quoted(later.vintage.isoformat())} END"

    def _write(self, replaced: pa.Table | None, target: Path) -> None:
        columns = ", ".join(f'"{name}"' for name in self.batch.record.schema.names)
        query = f"SELECT {columns} FROM changes WHERE kind <> 'unchanged'"
        if replaced is not None:
            self.engine.backend.con.register("replaced", replaced)
            query = f"SELECT {columns} FROM replaced"
        self.engine.run(f"COPY ({query}) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION snappy)")

    # ---- pieces of SQL

    def _keys(self, prefix: str = "") -> str:
        return ", ".join(f'{prefix}"{name}"' for name in self.batch.record.key_names)

    def _values(self, prefix: str = "") -> str:
        return ", ".join(f'{prefix}"{name}"' for name in self.batch.record.value_names)

    def _facts(self, prefix: str = "") -> str:
        return f"{self._keys(prefix)}, {self._values(prefix)}"

    def _instant(self) -> str:
        return f"TIMESTAMPTZ {quoted(self.vintage.isoformat())}"

    def _path(self, part: str) -> Path:
        return self.folder / f"{self.delivery:08d}-{part}-{self.token}.parquet"

    def _number(self, query: str) -> int:
        return int(self.engine.rows(query).column(0)[0].as_py())


def _file(path: Path) -> str:
    return _files([str(path)])


def _files(paths: Sequence[str]) -> str:
    return f"read_parquet([{', '.join(map(quoted, paths))}], hive_partitioning = false)"


def _bad_row(row: dict[str, object]) -> BadRow:
    raw, raw_row = int(str(row.pop("raw"))), int(str(row.pop("raw_row")))
    return BadRow(raw, raw_row, "duplicate_key", _REPEATED, ", ".join(f"{k}={v}" for k, v in row.items()))
