"""The flow rule gives the same signals by DuckDB and, through `mapInArrow`, by Spark."""

import shutil
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest

from bongsu.detectors.calibration import reference
from bongsu.detectors.flow_table import APART, SCHEMA, flow_scores, with_span
from bongsu.records.lake import Lake
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import source

READ_AT = datetime(2026, 11, 22, tzinfo=UTC)
IMPORTS = {"reporter": "KOR", "flow": "import", "frequency": "M"}


@pytest.mark.skipif(not (find_spec("pyspark") and shutil.which("java")), reason="needs pyspark and a Java runtime")
def test_flow_signals_are_the_same_on_both_engines(realdata: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    fetch(
        lake, source("kr_customs"), [str(realdata / "trade" / "kr_customs" / "hsk10_country_month.csv")], Given(),
        read_at=READ_AT, run_id="flows",
    )  # fmt: skip
    lake.close()
    found = []
    for engine in ("duckdb", "local[2]"):
        lake = Lake(tmp_path / "lake", engine=engine)
        try:
            snapshot = lake.snapshot()
            rows = with_span(snapshot.as_of(TRADE_FLOW, READ_AT, IMPORTS))
            found.append(snapshot.engine.apply(partial(flow_scores, held=reference()), rows, APART))
        finally:
            lake.close()
    duck, spark = (in_order(table) for table in found)
    assert duck.num_rows > 1000
    assert spark.equals(duck)


def in_order(table: pa.Table) -> pa.Table:
    """The rows in one order, in one chunk."""
    ordered = table.select(SCHEMA.names).sort_by([(name, "ascending") for name in (*APART, "valid")])
    return ordered.cast(SCHEMA).combine_chunks()
