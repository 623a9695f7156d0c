"""The lake: the store of all records, append-only. One writer at a time, any number of readers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from bongsu.language import BongsuError, Text, UsageError
from bongsu.records import quarantine
from bongsu.records.engine import DUCKDB, DuckEngine, Engine, engine_name
from bongsu.records.journal import Journal
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import RECORD_TYPES, RecordType
from bongsu.records.snapshot import Snapshot
from bongsu.records.tables import Table
from bongsu.records.upgrade import STEPS, Step
from bongsu.records.writer import Writer

# The table format keeps folders as addresses, and the engine reads patterns: these characters do not survive both.
UNFIT = frozenset("[]%*?")


class LakeBusyError(BongsuError):
    """Another process writes to this lake."""


class Lake:
    """A folder with one Delta table for each record type, the journal, the quarantine and the raw archive.

    Args:
        folder: made on first use.
        threads, memory_limit: what DuckDB may take.
        engine: what computes indicators: `duckdb`, or a Spark master such as `local[2]` or `spark://host:port`.
            Writing and point reads are DuckDB's in any case.
        record_types: those that this lake knows.
        token: gives each data file a name of its own.
        steps: how rows of older shapes become rows of the present ones.

    Raises:
        UsageError: the folder's path has a character that cannot be used, or there is no such engine.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int | None = None,
        memory_limit: str = "5GB",
        engine: str = DUCKDB,
        record_types: Mapping[str, RecordType] = RECORD_TYPES,
        token: Callable[[], str] = lambda: uuid4().hex,
        steps: Mapping[tuple[str, int], Step] = STEPS,
    ) -> None:
        _check_fit(folder)
        self.folder = folder
        self.steps = steps
        self.record_types: Mapping[str, RecordType] = {
            **record_types,
            quarantine.QUARANTINE.name: quarantine.QUARANTINE,
        }
        self.engine = DuckEngine(folder / "scratch", threads, memory_limit)
        self.analysis: Engine = self.engine if engine_name(engine) == DUCKDB else _spark(engine, folder / "scratch")
        self.raw = RawArchive(folder / "raw")
        self.token = token
        self.journal = Journal(folder / "journal")
        self.tables: Mapping[str, Table] = {name: Table(folder / name) for name in self.record_types}
        self._lock = FileLock(folder / "writer.lock", timeout=0)

    def snapshot(self) -> Snapshot:
        """The lake as it stands now."""
        entry = self.journal.last()
        kept = (self.tables, self.journal, entry, self.record_types)
        return Snapshot(self.analysis, *kept, points=self.engine, steps=self.steps)

    @contextmanager
    def writing(self, wait_seconds: float = 60.0) -> Iterator[Writer]:
        """Hold the writer's lock. What an interrupted writer left behind is dropped first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._lock.is_locked:  # by this very lake object: the lock itself would let its holder in again
            raise self._busy()
        try:
            self._lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise self._busy() from None
        try:
            yield Writer(self)
        finally:
            self._lock.release()

    def _busy(self) -> LakeBusyError:
        return LakeBusyError(
            Text("다른 작업이 기록 저장소에 쓰고 있습니다.", "another process is writing to this lake."),
            where=str(self.folder),
            mend=Text("그 작업이 끝난 뒤 다시 실행하십시오.", "Run this again when it has finished."),
        )

    def close(self) -> None:
        """Give the engines' memory back."""
        self.analysis.close()
        self.engine.close()


def _spark(master: str, scratch: Path) -> Engine:
    from bongsu.records.spark import SparkEngine  # noqa: PLC0415 - optional, and Java takes seconds to start

    return SparkEngine(master, scratch)


def _check_fit(folder: Path) -> None:
    unfit = sorted(UNFIT & set(str(folder)))
    if unfit:
        raise UsageError(
            Text(
                f"기록 저장소의 경로에 쓸 수 없는 문자가 있습니다: {' '.join(unfit)}",
                f"the lake's path has a character that cannot be used: {' '.join(unfit)}",
            ),
            where=str(folder),
            mend=Text("다른 폴더를 고르십시오.", "Choose another folder."),
        )
