"""Two readers in one process, each with a lake of its own, never meet on one connection."""

from pathlib import Path

from bongsu.records.engine import DuckEngine
from bongsu.records.shapes import RECORD_TYPES


def test_an_empty_table_is_its_own_engines_too(tmp_path: Path) -> None:
    """A bare one would be computed by the engine that Ibis shares among all threads, which refuses a second caller."""
    engine = DuckEngine(tmp_path)
    try:
        for record in RECORD_TYPES.values():
            table = engine.table((), record.schema)
            assert table.get_backend() is engine.backend
            assert table.to_pyarrow().num_rows == 0
            assert engine.table((), record.schema) is table
    finally:
        engine.close()
