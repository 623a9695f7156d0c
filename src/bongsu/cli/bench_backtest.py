"""The benchmark of the backtest: generated monthly series through every rule of the flow layer, as known then."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bongsu.cli.bench_clock import timed
from bongsu.detectors.flow_laying import FlowSeries
from bongsu.detectors.rule import FLOW, rules
from bongsu.fusion.backtest.files import Case, Quiet
from bongsu.fusion.backtest.run import backtest
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.engine import DuckEngine
from bongsu.records.lake import Lake
from bongsu.records.scope import quoted
from bongsu.records.shapes import TRADE_FLOW

SERIES, MONTHS = 5_000, 120
BROKEN = 100  # one series in so many falls to nothing in June 2018, and is a case
FALLS_IN, FIRST_YEAR = 65, 2013  # months after January 2013
THREADS, MEMORY = 2, "5GB"


def _code(number: int) -> str:
    return f"{100_000 + number * 7:06}"


def _series(number: int) -> FlowSeries:
    return FlowSeries("USA", "export", "CHN", _code(number))


def _generated(size: int) -> str:
    """SQL for seasonal series with noise, each month known 36 days after its end."""
    return f"""
    SELECT 'bench' AS source, 'USA' AS reporter, 'export' AS flow, 'CHN' AS partner, 'HS' AS code_system,
        (100000 + s.range * 7)::VARCHAR AS code, (DATE '{FIRST_YEAR}-01-01' + to_months(m.range::INT))::DATE AS valid,
        'M' AS frequency,
        CASE WHEN s.range % {BROKEN} = 0 AND m.range >= {FALLS_IN} THEN 0 ELSE
            round(exp(10 + (hash(s.range) % 400) / 100.0 + 0.3 * sin(m.range * 0.5236 + s.range)
                + (hash(s.range * 7919 + m.range) % 1000) / 1000.0 - 0.5)) END AS value,
        'USD' AS currency, NULL::DOUBLE AS quantity, NULL::VARCHAR AS quantity_unit, NULL::DOUBLE AS weight_kg,
        (DATE '{FIRST_YEAR}-01-01' + to_months(m.range::INT + 1) + INTERVAL 36 DAY)::TIMESTAMPTZ AS known_at,
        'lag' AS known_basis, 0::INT AS raw, row_number() OVER () AS raw_row, 1::INT AS raw_rows
    FROM range({size}) s, range({MONTHS}) m"""  # noqa: S608 - numbers of our own


def backtest_make(folder: Path, size: int) -> dict[str, Any]:
    """A lake of `size` series."""
    folder.mkdir(parents=True)
    engine = DuckEngine(folder / "scratch", THREADS, MEMORY)
    rows = engine.backend.con.sql(_generated(size)).to_arrow_reader(200_000)
    batch = Batch(TRADE_FLOW, rows, Scope(equals={"source": ("bench",)}, complete=False))
    published = datetime(2023, 3, 1, tzinfo=UTC)
    with _lake(folder).writing() as writer:
        reading = Reading((batch,), published=published, published_basis="stated")
        writer.deliver(reading, source="bench", raws=(), read_at=published, run_id="bench")
    return {"rows": size * MONTHS}


def backtest_bare(folder: Path, _size: int) -> dict[str, Any]:
    """The same rows read once, with each month's ratio to the year before: one rule, one threshold, no replay."""
    found = _lake(folder).snapshot().data_files(TRADE_FLOW.name)
    files = ", ".join(map(quoted, found.paths if found else ()))
    query = f"""SELECT count(*) FILTER (value <= 0.5 * before) FROM (SELECT value, lag(value, 12) OVER
        (PARTITION BY code ORDER BY valid) AS before FROM read_parquet([{files}]))"""  # noqa: S608 - our own files
    engine = DuckEngine(folder / "scratch", THREADS, MEMORY)
    return timed(lambda: engine.rows(query))[0]


def backtest_ours(folder: Path, size: int) -> dict[str, Any]:
    """All rules of the flow layer, at every threshold, with halves and calibration."""
    snapshot = _lake(folder).snapshot()
    cases = [_case(number) for number in range(0, size, BROKEN)]
    quiet = [Quiet(_series(number), date(2016, 1, 1), date(2022, 12, 31)) for number in range(size) if number % BROKEN]
    chosen = tuple(rules(FLOW))
    done, _ = timed(lambda: sum(1 for _ in backtest(snapshot, cases, quiet, chosen=chosen)))
    return {**done, "rules": len(chosen)}


def _case(number: int) -> Case:
    onset = date(FIRST_YEAR + FALLS_IN // 12, FALLS_IN % 12 + 1, 1)
    return Case(f"case-{number}", FLOW, _series(number), "", onset, onset, date(onset.year, onset.month + 5, 28))


def _lake(folder: Path) -> Lake:
    return Lake(folder / "lake", threads=THREADS, memory_limit=MEMORY)


STEPS: Mapping[str, Callable[..., dict[str, Any]]] = {
    step.__name__: step for step in (backtest_make, backtest_bare, backtest_ours)
}
