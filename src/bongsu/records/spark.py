"""The same lake on Apache Spark: Ibis compiles the expressions, Spark reads the files that the log names.

Optional (`bongsu[spark]`): nothing here is imported before an engine of this kind is asked for.
"""

import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from bongsu.language import Text, UsageError
from bongsu.records.engine import Kernel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# One shuffle partition for each core of a laptop's master; a cluster is asked for what it has.
LOCAL_PARTITIONS = 8
LOOPBACK = "127.0.0.1"
# Planning anew after each stage pays on a cluster with skewed parts; here it takes longer than the work itself.
_LOCAL = {"spark.sql.shuffle.partitions": str(LOCAL_PARTITIONS), "spark.sql.adaptive.enabled": "false"}
_QUIET = Path(__file__).parent / "log4j2.properties"


def needed() -> Path:
    """The folder of Spark's own files.

    Raises:
        UsageError: no Spark, or no Java; says how to get it.
    """
    found = find_spec("pyspark")
    if found is None or not found.submodule_search_locations:
        raise _missing(
            Text("Spark가 설치되어 있지 않습니다.", "Spark is not installed."),
            Text("pip install 'bongsu[spark]' 로 설치하십시오.", "Install it: pip install 'bongsu[spark]'."),
        )
    if shutil.which("java") is None:
        raise _missing(
            Text("Java 실행 환경이 없습니다.", "there is no Java runtime."),
            Text("Java 17 또는 21(headless)을 설치하십시오.", "Install Java 17 or 21 (headless)."),
        )
    return Path(found.submodule_search_locations[0])


def _settings(master: str, scratch: Path, memory: str) -> dict[str, str]:
    """What we ask of Spark, each with its reason."""
    local = master.startswith("local")
    return {
        "spark.master": master,
        "spark.app.name": "bongsu",
        "spark.driver.memory": memory,
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_QUIET.as_uri()}",
        "spark.driver.maxResultSize": "0",  # a table that we ask for is a table that we want
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),  # or Spark makes a folder where the user stands
        "spark.ui.enabled": "false",  # no port that nobody asked for
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.constraintPropagation.enabled": "false",  # inferring filters through our many columns takes minutes
        "spark.sql.ansi.enabled": "true",  # a division by zero or a cast that fails is an error here, never a silent null
        **(_LOCAL if local else {}),
        **({"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK} if _here(master) else {}),
    }


def _here(master: str) -> bool:
    """Is the master on this machine? Only such a one can reach a driver that listens on the loopback address."""
    return master.startswith("local") or f"//{LOOPBACK}:" in master


def _open(master: str, scratch: Path, memory: str) -> "SparkSession":
    """The session of this process; Spark allows one, so a second engine shares it.

    Raises:
        UsageError: no Spark, no Java, no such master; or another master is at work in this process.
    """
    needed()
    from pyspark.errors import PySparkException  # noqa: PLC0415 - optional
    from pyspark.sql import SparkSession  # noqa: PLC0415 - optional

    active = SparkSession.getActiveSession()
    if active is not None and active.sparkContext.master != master:
        held = active.sparkContext.master
        raise _missing(
            Text(f"이 프로세스는 이미 {held}에 붙어 있습니다.", f"this process is already at {held}."),
            Text("새 프로세스에서 여십시오.", "Open it in a new process."),
        )
    builder = SparkSession.builder
    for name, value in _settings(master, scratch, memory).items():
        builder = builder.config(name, value)
    try:
        opened = builder.getOrCreate()
        if _here(master):  # elsewhere the workers' own Python is meant, as PYSPARK_PYTHON names it
            opened.sparkContext.pythonExec = sys.executable
    except (PySparkException, OSError, RuntimeError) as error:
        raise _missing(
            Text(f"Spark를 열지 못했습니다({master}).", f"Spark does not open ({master})."),
            Text(f"까닭: {error}", f"It says: {error}"),
        ) from error
    return opened


def _missing(what: Text, mend: Text) -> UsageError:
    return UsageError(what, where="BONGSU_ENGINE", mend=mend)


@dataclass
class SparkEngine:
    """One Spark session.

    Args:
        master: `local[2]`, `local[*]` or `spark://host:port`.
        scratch: folder for what does not fit in memory.
        memory: what the driver may hold; with a local master the driver does the work.
    """

    master: str
    scratch: Path
    memory: str = "4g"
    _memos: dict[tuple[str, ...], ir.Table] = field(default_factory=dict, repr=False)
    _views: list[str] = field(default_factory=list, repr=False)

    @cached_property
    def session(self) -> "SparkSession":
        """The Spark session, opened on first use."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        return _open(self.master, self.scratch.resolve(), self.memory)

    @cached_property
    def backend(self) -> Any:  # noqa: ANN401 - the class is made when Spark is there
        """The Ibis backend over the session."""
        backend = _backend_class()()
        backend.do_connect(self.session)
        return backend

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """The rows of Parquet `files` as an Ibis table; an empty one of `schema` where there are none.

        Names and types come from `schema`, never from the paths: Spark would read a folder `code=01` as a column of
        whole numbers.
        """
        memo = tuple(files) or ("", str(schema))  # empty tables are told apart by their columns
        if memo not in self._memos:
            self._memos[memo] = self._view(self._frame(tuple(files), schema), schema)
        return self._memos[memo]

    def _frame(self, files: tuple[str, ...], schema: pa.Schema) -> "DataFrame":
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - optional

        typed = from_arrow_schema(schema)
        if not files:
            return self.session.createDataFrame([], typed)
        reader = self.session.read.schema(typed).option("recursiveFileLookup", "true")
        return reader.parquet(*(str(Path(file).resolve()) for file in files))

    def _view(self, frame: "DataFrame", schema: pa.Schema) -> ir.Table:
        name = f"bongsu_{id(self)}_{len(self._views)}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        nullable = pa.schema([pa.field(one.name, one.type) for one in schema])
        # Ibis would ask Spark for the types; Spark's timestamps have lost their zone by then.
        typed = ibis.Schema.from_pyarrow(nullable)
        table: ir.Table = ops.DatabaseTable(name=name, schema=typed, source=self.backend).to_expr()
        return table

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self.backend.to_pyarrow(expression)

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute an expression now and keep its rows in the workers' memory, or on their disks.

        The rows come without the plan that they came from (`localCheckpoint`): a frame that is only persisted carries its
        whole plan into every later one, and planning then takes minutes.
        """
        self.backend.known_here(expression)
        frame = self.session.sql(self.backend.compile(expression)).localCheckpoint()
        return self._view(frame, expression.schema().to_pyarrow())

    def apply(self, kernel: Kernel, rows: ir.Table, apart: Sequence[str]) -> pa.Table:
        """`kernel` over `rows`, spread over the workers by the columns `apart`, each of whose values stays together."""
        given = rows.schema().to_pyarrow()
        made = kernel(given.empty_table()).schema

        def whole(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            held = list(batches)
            if held:
                yield from kernel(pa.Table.from_batches(held).cast(given)).cast(made).to_batches()

        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - optional

        self.backend.known_here(rows)
        frame = self.session.sql(self.backend.compile(rows)).repartition(*apart)
        return _fetched(frame.mapInArrow(whole, from_arrow_schema(made))).cast(made)

    def close(self) -> None:
        """Forget the tables. The session is the process's and ends with it: opening one takes seconds."""
        for name in self._views:
            self.session.catalog.dropTempView(name)
        self._views.clear()
        self._memos.clear()


def _fetched(frame: "DataFrame") -> pa.Table:
    """The rows of `frame`. PySpark 4.0 drops the socket that they come through without closing it: not ours to mend."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
        return frame.toArrow()


def _backend_class() -> Any:  # noqa: ANN401 - made when Spark is there
    """Ibis's backend for Spark, with Arrow in and out: by way of pandas an integer with a null becomes a float."""
    from ibis.backends.pyspark import Backend  # noqa: PLC0415 - optional

    class ArrowBackend(Backend):  # type: ignore[misc]
        def to_pyarrow(self, expr: ir.Expr, /, **options: object) -> pa.Table:
            self._run_pre_execute_hooks(expr)
            table = expr.as_table()
            rows = _fetched(self._session.sql(self.compile(table, **options)))
            return expr.__pyarrow_result__(rows.cast(table.schema().to_pyarrow()))

        def known_here(self, expr: ir.Expr) -> None:
            """Tables in memory that an expression names are made known to Spark, as Ibis does before it computes."""
            self._run_pre_execute_hooks(expr)

        def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
            rows = op.data.to_pyarrow(op.schema)
            self._session.createDataFrame(rows).createOrReplaceTempView(op.name)

    ArrowBackend.register_options()
    return ArrowBackend
