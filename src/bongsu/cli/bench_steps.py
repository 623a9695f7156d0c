"""The steps of the benchmarks, each run as a process: `python -m bongsu.cli.bench_steps STEP FOLDER SIZE …`."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from bongsu.cli import bench_backtest, bench_detect, bench_structure
from bongsu.cli.bench_clock import peak_mb, timed
from bongsu.codes.countries import countries
from bongsu.indicators.structure import structure
from bongsu.indicators.supplier_shares import supplier_shares
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.engine import DuckEngine
from bongsu.records.lake import Lake
from bongsu.records.scope import quoted
from bongsu.records.shapes import PRICE, TRADE_FLOW

# Two flows, 240 partners × 5,400 HS6 × 24 months, 73 % filled, and one key in ten in a second version: 50 million.
PARTNERS, CODES, MONTHS, FLOW_NAMES, FILLED = 240, 5_400, 24, 2, 0.73
REVISED = 0.1
THREADS, MEMORY = 2, "5GB"
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)


def _generated(partners: int, share: float) -> str:
    """SQL for generated flows: skewed values (a partner's and a good's size multiply), no clock, no chance."""
    return f"""
    WITH names AS (SELECT [{", ".join(map(quoted, list(countries())[:PARTNERS]))}] AS partners),
    grid AS (
        SELECT p.range AS p, c.range AS c, m.range AS m, f.range AS f
        FROM range({partners}) p, range({CODES}) c, range({MONTHS}) m, range({FLOW_NAMES}) f
        WHERE hash(p.range * 7919 + c.range * 104729 + f.range * 31 + m.range) % 10000 < {int(share * 10000)}
    )
    SELECT 'bench' AS source, 'KOR' AS reporter, CASE f WHEN 0 THEN 'import' ELSE 'export' END AS flow,
        partners[p + 1] AS partner, 'HS' AS code_system,
        lpad((10000 + c * 180)::VARCHAR, 6, '0') AS code,
        (DATE '2023-01-01' + to_months(m::INT))::DATE AS valid, 'M' AS frequency,
        round(exp(6 + 9 * pow((hash(p * 13 + c * 17) % 10000) / 10000.0, 3) + (hash(p + c + m + f) % 100) / 100.0), 2)
            AS value,
        'USD' AS currency, NULL::DOUBLE AS quantity, NULL::VARCHAR AS quantity_unit,
        round(exp(4 + (hash(p * 3 + c * 7 + m) % 10000) / 1000.0), 1) AS weight_kg,
        TIMESTAMPTZ '2025-01-15 09:00:00+00' AS known_at, 'lag' AS known_basis, 0::INT AS raw,
        row_number() OVER () AS raw_row, 1::INT AS raw_rows
    FROM grid, names"""  # noqa: S608 - numbers of our own


def _make(target: Path, size: int) -> int:
    """A Parquet file of about `size` generated rows; fewer rows mean fewer partners, not thinner series."""
    whole = CODES * MONTHS * FLOW_NAMES * FILLED
    partners = max(1, min(PARTNERS, round(size / whole)))
    engine = _engine(target.parent)
    chosen = _generated(partners, min(FILLED, size / (whole / FILLED)))
    engine.run(f"COPY ({chosen}) TO {quoted(str(target))} (FORMAT parquet)")
    return int(engine.rows(f"SELECT count(*) FROM {quoted(str(target))}").column(0)[0].as_py())  # noqa: S608


def _engine(folder: Path) -> DuckEngine:
    return DuckEngine(folder / "scratch", THREADS, MEMORY)


def _reader(path: Path) -> pa.RecordBatchReader:
    """The file's rows as a stream, as a source that reads a large file would hand them over."""
    query = f"SELECT * FROM {quoted(str(path))}"  # noqa: S608 - our own file
    return _engine(path.parent).backend.con.sql(query).to_arrow_reader(200_000)


def _deliver(lake: Lake, path: Path, published: datetime) -> None:
    batch = Batch(TRADE_FLOW, _reader(path), Scope(equals={"source": ("bench",)}, complete=False))
    reading = Reading((batch,), published=published, published_basis="stated")
    with lake.writing() as writer:
        writer.deliver(reading, source="bench", raws=(), read_at=READ_AT, run_id="bench")


def _lake(folder: Path) -> Lake:
    return Lake(folder / "lake", threads=THREADS, memory_limit=MEMORY)


def flows_make(folder: Path, size: int) -> dict[str, Any]:
    """A lake with the first versions, and then one key in ten again with another value."""
    folder.mkdir(parents=True)
    first, second = folder / "first.parquet", folder / "second.parquet"
    rows = _make(first, round(size / (1 + REVISED)))
    chosen = f"SELECT * REPLACE (value * 1.1 AS value) FROM {quoted(str(first))} WHERE hash(raw_row) % 10 = 0"  # noqa: S608
    _engine(folder).run(f"COPY ({chosen}) TO {quoted(str(second))} (FORMAT parquet)")
    lake = _lake(folder)
    _deliver(lake, first, FIRST)
    _deliver(lake, second, SECOND)
    first.unlink()
    second.unlink()
    lake.close()
    return {"rows": rows + rows // 10}


def flows_bare(folder: Path, _size: int) -> dict[str, Any]:
    """One bare group-by over the lake's own files."""
    found = _lake(folder).snapshot().data_files("trade_flow")
    files = ", ".join(map(quoted, found.paths if found else ()))
    query = f"""SELECT count(*), sum(v) FROM (SELECT reporter, flow, valid, code, partner, sum(value) AS v
        FROM read_parquet([{files}]) GROUP BY reporter, flow, valid, code, partner)"""  # noqa: S608
    engine = _engine(folder)
    return _timed(lambda: engine.rows(query))


def flows_ours(folder: Path, _size: int) -> dict[str, Any]:
    """As-of, then structure (top supplier, shares of it, HHI, number of suppliers, total) and every supplier's share."""
    snapshot = _lake(folder).snapshot()

    def work() -> object:
        flows = snapshot.as_of(TRADE_FLOW, READ_AT)
        supply = structure(flows)
        groups = snapshot.arrow(supply)
        shares = supplier_shares(flows, ibis.memtable(groups))
        return snapshot.arrow(shares.aggregate(n=shares.count(), sum_=shares.share.sum()))

    return _timed(work)


def ingest_make(folder: Path, size: int) -> dict[str, Any]:
    """The file that both sides take in."""
    return {"rows": _make(folder / "ingest.parquet", size)}


def ingest_bare(folder: Path, _size: int) -> dict[str, Any]:
    """DuckDB's copy, Parquet to Parquet."""
    source, target = quoted(str(folder / "ingest.parquet")), folder / "copy.parquet"
    engine = _engine(folder)
    copy = f"COPY (SELECT * FROM {source}) TO {quoted(str(target))} (FORMAT parquet)"  # noqa: S608 - our own file
    done = _timed(lambda: engine.run(copy))
    target.unlink()
    return done


def ingest_ours(folder: Path, _size: int) -> dict[str, Any]:
    """The same file into an empty lake: checked for nulls, repeated keys and scope, journaled, committed."""
    lake = Lake(folder / f"lake-{time.monotonic_ns()}", threads=THREADS, memory_limit=MEMORY)
    return _timed(lambda: _deliver(lake, folder / "ingest.parquet", FIRST))


def points(folder: Path, size: int) -> dict[str, Any]:
    """`size` deliveries of one month of one of fifty series, then the read of one of them."""
    lake = _lake(folder)
    with lake.writing() as writer:
        for number in range(size):
            reading = _small(number)
            writer.deliver(reading, source="bench", raws=(), read_at=READ_AT, run_id="bench")
    before, ms_before = _point(lake)
    with lake.writing() as writer:
        writer.compact(read_at=READ_AT, run_id="bench")
    after, ms_after = _point(lake)
    return {
        "ratio": round(ms_after / ms_before, 3),
        "seconds": ms_after / 1000,
        "peak_mb": peak_mb(),
        "ms_before": ms_before,
        "ms_after": ms_after,
        "equal": bool(before.equals(after)),
        "deliveries": size,
        "rows_read": after.num_rows,
    }


def _small(number: int) -> Reading:
    series, month = f"S{number % 50:02}", number // 50
    valid = date(1980 + month // 12, month % 12 + 1, 1)
    row = {
        "source": "bench", "series": series, "valid": valid, "frequency": "M", "name": None, "value": number / 7,
        "currency": "USD", "unit": "t", "known_at": FIRST, "known_basis": "lag", "raw": 0, "raw_row": number,
        "raw_rows": 1,
    }  # fmt: skip
    batch = Batch(PRICE, pa.Table.from_pylist([row], schema=PRICE.reader_schema), Scope(complete=False))
    return Reading((batch,), published=FIRST + timedelta(minutes=number), published_basis="stated")


def _point(lake: Lake) -> tuple[pa.Table, float]:
    """The series, and the best of five times in milliseconds, opening the lake included."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        table = lake.snapshot().facts(PRICE, READ_AT, {"source": "bench", "series": "S07"})
        times.append((time.perf_counter() - start) * 1000)
    return table.sort_by("valid"), round(min(times), 1)


def _timed(work: Callable[[], object]) -> dict[str, Any]:
    return timed(work)[0]


STEPS: Mapping[str, Callable[..., dict[str, Any]]] = {
    **{step.__name__: step for step in (flows_make, flows_bare, flows_ours)},
    **{step.__name__: step for step in (ingest_make, ingest_bare, ingest_ours, points)},
    **bench_structure.STEPS,
    **bench_backtest.STEPS,
    **bench_detect.STEPS,
}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])))  # noqa: T201 - read by `bench`
