"""The steps of `bongsu bench structure`: the flows of eight reporters in ten years, a bare group-by, and all methods.

Run by `bench_steps`, each in a process of its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bongsu.cli.bench_clock import timed
from bongsu.codes.countries import countries
from bongsu.indicators.ground import ground
from bongsu.indicators.methods import assessed
from bongsu.indicators.world_export_hhi import world_export_hhi
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.engine import DUCKDB, DuckEngine
from bongsu.records.lake import Lake
from bongsu.records.scope import quoted
from bongsu.records.shapes import TRADE_FLOW
from bongsu.records.snapshot import Snapshot

REPORTERS = ("KOR", "USA", "CHN", "DEU", "JPN", "FRA", "GBR", "VNM")
PARTNERS, CODES, YEARS, FLOWS, FILLED = 240, 5_400, 10, 2, 0.5
THREADS, MEMORY = 2, "5GB"
ROWS = len(REPORTERS) * PARTNERS * CODES * YEARS  # half of the cells of two flows: 103,680,000
PUBLISHED, READ_AT = datetime(2025, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def _generated(reporter: int, codes: int) -> str:
    """SQL for one reporter's flows: few partners sell most of it, large ones nearly every good; no clock, no chance.

    One value in a thousand is withheld.
    """
    partners = ", ".join(map(quoted, list(countries())[:PARTNERS]))
    return f"""
    WITH names AS (SELECT [{partners}] AS partners),
    grid AS (
        SELECT p.range AS p, c.range AS c, y.range AS y, f.range AS f
        FROM range({PARTNERS}) p, range({codes}) c, range({YEARS}) y, range({FLOWS}) f
        WHERE hash(p.range * 7919 + c.range * 104729 + f.range * 31 + y.range * 13 + {reporter}) % 10000
            < 20000 * {FILLED} * (1 - (p.range * 97 % {PARTNERS} + 0.5) / {PARTNERS})
    )
    SELECT 'bench' AS source, '{REPORTERS[reporter]}' AS reporter, CASE f WHEN 0 THEN 'import' ELSE 'export' END AS flow,
        partners[p + 1] AS partner, 'HS' AS code_system, lpad((10000 + c * 180)::VARCHAR, 6, '0') AS code,
        (DATE '2015-01-01' + to_years(y::INT))::DATE AS valid, 'A' AS frequency,
        CASE WHEN hash(p + c * 3 + y * 7 + f) % 1000 > 0 THEN round(exp(6 + 12
            * pow((hash(p * 13 + c * 17 + f * 5 + {reporter}) % 10000) / 10000.0, 3) + (hash(p + c + y) % 100) / 100.0), 2)
        END AS value,
        'USD' AS currency, NULL::DOUBLE AS quantity, NULL::VARCHAR AS quantity_unit, NULL::DOUBLE AS weight_kg,
        TIMESTAMPTZ '2025-01-15 09:00:00+00' AS known_at, 'lag' AS known_basis, 0::INT AS raw,
        row_number() OVER () AS raw_row, 1::INT AS raw_rows
    FROM grid, names"""  # noqa: S608 - numbers of our own


def structure_make(folder: Path, codes: int, first: str, last: str) -> dict[str, Any]:
    """The flows of the reporters from `first` up to `last`, one delivery each, added to the lake."""
    folder.mkdir(parents=True, exist_ok=True)
    lake = _lake(folder)
    for number in range(int(first), int(last)):
        _deliver(lake, folder / f"{number}.parquet", _generated(number, codes))
    lake.close()
    return {}


def _deliver(lake: Lake, file: Path, chosen: str) -> None:
    engine = DuckEngine(file.parent / "scratch", THREADS, MEMORY)
    engine.run(f"COPY ({chosen}) TO {quoted(str(file))} (FORMAT parquet)")
    rows = engine.backend.con.sql(f"SELECT * FROM {quoted(str(file))}").to_arrow_reader(200_000)  # noqa: S608
    batch = Batch(TRADE_FLOW, rows, Scope(equals={"source": ("bench",)}, complete=False))
    with lake.writing() as writer:
        reading = Reading((batch,), published=PUBLISHED, published_basis="stated")
        writer.deliver(reading, source="bench", raws=(), read_at=READ_AT, run_id="bench")
    engine.close()
    file.unlink()


def _lake(folder: Path, engine: str = DUCKDB) -> Lake:
    return Lake(folder / "lake", threads=THREADS, memory_limit=MEMORY, engine=engine)


def structure_bare(folder: Path, _codes: int) -> dict[str, Any]:
    """One bare group-by over the lake's own files, by every key, as `bench flows` has it."""
    return _bare(folder, "reporter, flow, valid, code, partner")


def structure_bare_short(folder: Path, _codes: int) -> dict[str, Any]:
    """The harsher yardstick: a bare group-by that leaves the partner out, a hundredth of the groups."""
    return _bare(folder, "reporter, flow, valid, code")


def _bare(folder: Path, keys: str) -> dict[str, Any]:
    found = _lake(folder).snapshot().data_files("trade_flow")
    files = ", ".join(map(quoted, found.paths if found else ()))
    query = f"""SELECT sum(n)::BIGINT AS rows, count(*) AS groups, sum(v) AS value FROM (
        SELECT {keys}, count(*) AS n, sum(value) AS v FROM read_parquet([{files}]) GROUP BY {keys})"""  # noqa: S608
    engine = DuckEngine(folder / "scratch", THREADS, MEMORY)
    done, table = timed(lambda: engine.rows(query))
    return {**done, "rows": table["rows"][0].as_py(), "groups": table["groups"][0].as_py()}


def structure_ours(folder: Path, _codes: int, engine: str = DUCKDB) -> dict[str, Any]:
    """As-of, the pass, and the rows of every method and of the world's concentration, fetched whole."""
    snapshot = _lake(folder, engine).snapshot()
    done, rows = timed(lambda: _all_methods(snapshot), children=engine != DUCKDB)
    return {**done, "judged": rows}


def _all_methods(snapshot: Snapshot) -> dict[str, int]:
    flows = snapshot.as_of(TRADE_FLOW, READ_AT)
    given = ground(flows, hold=snapshot.engine.hold)
    tables = {**assessed(flows, given=given), "world_export_hhi": world_export_hhi(flows, given=given)}
    return {name: snapshot.arrow(rows).num_rows for name, rows in tables.items()}


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    step.__name__: step for step in (structure_make, structure_bare, structure_bare_short, structure_ours)
}
