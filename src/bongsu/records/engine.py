"""The engines that read the lake. Expressions are written once, for Ibis; DuckDB is the engine unless one asks for Spark."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from bongsu.language import Text, UsageError

MEMORY_LIMIT = "5GB"
DUCKDB = "duckdb"
_SPARK = re.compile(r"local(\[(\d+|\*)\])?|spark://[\w.-]+:\d+(,[\w.-]+:\d+)*")

Kernel = Callable[[pa.Table], pa.Table]


class Engine(Protocol):
    """What computes expressions over the lake's files."""

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """The rows of Parquet `files` as an Ibis table; an empty one of `schema` where there are none."""
        ...

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        ...

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute an expression once and keep its rows with the engine, for several others that build on it."""
        ...

    def apply(self, kernel: Kernel, rows: ir.Table, apart: Sequence[str]) -> pa.Table:
        """`kernel` over `rows`; rows that agree in the columns `apart` are never parted."""
        ...

    def close(self) -> None:
        """Give memory and files back."""
        ...


def engine_name(told: str) -> str:
    """`told`, checked: `duckdb`, `local`, `local[2]`, `local[*]` or `spark://host:port`.

    Raises:
        UsageError: it is none of these.
    """
    if told != DUCKDB and not _SPARK.fullmatch(told):
        raise UsageError(
            Text(f"'{told}' 엔진은 없습니다.", f"there is no engine '{told}'."),
            where="BONGSU_ENGINE",
            mend=Text(
                "duckdb, local[2] 또는 spark://호스트:포트 를 쓰십시오.",
                "Use duckdb, local[2] or spark://host:port.",
            ),
        )
    return told


@dataclass
class DuckEngine:
    """One in-process DuckDB.

    Args:
        scratch: folder for what does not fit in memory.
        threads: None leaves the choice to DuckDB (all cores).
        memory_limit: what DuckDB may hold before it spills to `scratch`.
    """

    scratch: Path
    threads: int | None = None
    memory_limit: str = MEMORY_LIMIT
    _memos: dict[tuple[str, ...], ir.Table] = field(default_factory=dict, repr=False)
    _held: int = field(default=0, repr=False)

    @cached_property
    def backend(self) -> Backend:
        """The Ibis backend, opened on first use."""
        settings: dict[str, Any] = {"threads": self.threads} if self.threads else {}
        backend = ibis.duckdb.connect(memory_limit=self.memory_limit, temp_directory=str(self.scratch), **settings)
        backend.con.execute("SET TimeZone = 'UTC'")
        # Rows have no order of their own in the lake; keeping one would hold whole files in memory.
        backend.con.execute("SET preserve_insertion_order = false")
        # Our joins have the smaller side on the right. DuckDB guesses at our filters and turns them round: a hash table
        # of 45 million rows instead of 0.3 million, five times the time (bench flows).
        backend.con.execute("SET disabled_optimizers = 'build_side_probe_side'")
        # No network and no extension download: DuckDB reads the files it is handed, nothing else.
        backend.con.execute("SET autoinstall_known_extensions = false")
        return backend

    def run(self, statement: str) -> None:
        """Run one statement of our own; only `records` writes SQL."""
        self.backend.con.execute(statement)

    def rows(self, query: str) -> pa.Table:
        """The rows of one query of our own."""
        table: pa.Table = self.backend.con.sql(query).to_arrow_table()
        return table

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """The rows of Parquet `files` as an Ibis table; an empty one of `schema` where there are none."""
        if not files:
            # Parquet columns read as nullable; an empty table must have the very same type.
            nullable = pa.schema([pa.field(field.name, field.type) for field in schema])
            memo: tuple[str, ...] = ("", str(nullable))
            if memo not in self._memos:  # one of our own: a bare one is computed by the engine that all threads share
                self._memos[memo] = self.hold(ibis.memtable(nullable.empty_table()))
            return self._memos[memo]
        memo = tuple(files)
        if memo not in self._memos:
            self._memos[memo] = self.backend.read_parquet(list(files), hive_partitioning=False)
        return self._memos[memo]

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self.backend.to_pyarrow(expression)

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute an expression into a temporary table, which is gone with the engine."""
        self._held += 1
        return self.backend.create_table(f"held_{self._held}", expression, temp=True)

    def apply(self, kernel: Kernel, rows: ir.Table, apart: Sequence[str]) -> pa.Table:
        """`kernel` over all of `rows` at once: in one process nothing is parted."""
        del apart
        return kernel(self.arrow(rows))

    def write(self, expression: ir.Table, file: Path) -> None:
        """Compute an expression into a Parquet file."""
        self.backend.to_parquet(expression, file, compression="zstd")

    def close(self) -> None:
        """Give memory and files back."""
        if "backend" in self.__dict__:
            self.backend.disconnect()
            del self.__dict__["backend"]
        self._memos.clear()
