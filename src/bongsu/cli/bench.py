"""`bongsu bench`: speed as ratios in one run, each side in a process of its own, so that the peaks are its own."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bongsu.cli.bench_backtest import MONTHS, SERIES, THREADS
from bongsu.cli.bench_detect import MONTHS as DETECTED_MONTHS
from bongsu.cli.bench_detect import SAMPLE
from bongsu.cli.bench_detect import SERIES as DETECTED
from bongsu.cli.bench_structure import CODES, REPORTERS, ROWS
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, Text, UsageError
from bongsu.records.engine import engine_name

FLOWS, INGEST, DELIVERIES = 50_000_000, 20_000_000, 2_000
ROUNDS = 2  # each side runs so often, in turn; the better time counts
Tell = Callable[[str], None]
Bench = Callable[[Path, int | None, Tell], Mapping[str, Any]]


def run(session: Session, name: str, *, rows: int | None, engine: str | None, as_json_: bool) -> ExitCode:
    """Run one benchmark and print its figures."""
    by_engine = partial(structure, engine=engine_name(engine or session.engine))
    benches: Mapping[str, Bench] = {
        "flows": flows,
        "ingest": ingest,
        "points": points,
        "structure": by_engine,
        "backtest": backtest,
        "detect": detect,
    }
    if name not in benches:
        raise UsageError(
            Text(f"'{name}' 측정은 없습니다.", f"there is no benchmark '{name}'."),
            mend=Text(f"있는 것: {', '.join(benches)}.", f"There are: {', '.join(benches)}."),
        )
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder, session.err.status(name) as status:
        result = benches[name](Path(folder), rows, status.update)
    if as_json_:
        as_json(session, result)
    else:
        for key, value in result.items():
            session.out.print(f"{key}: {value}")
    return ExitCode.DONE


def flows(folder: Path, rows: int | None, tell: Tell) -> Mapping[str, Any]:
    """As-of, then all share and HHI indicators, against one bare group-by, at a fifth, a half and all of `rows`.

    `ratio`, `seconds` and `peak_mb` are those of the full size; `linear` compares seconds a row, full size to fifth.
    """
    most = rows or FLOWS
    sizes = [most // 5, most // 2, most]
    steps = []
    for size in sizes:
        place = folder / str(size)
        made = _work(tell, "flows_make", place, size)
        sides = [
            (_work(tell, "flows_bare", place, size), _work(tell, "flows_ours", place, size)) for _ in range(ROUNDS)
        ]
        bare = min((one for one, _ in sides), key=lambda one: one["seconds"])
        ours = min((one for _, one in sides), key=lambda one: one["seconds"])
        steps.append({"rows": made["rows"], "bare_seconds": bare["seconds"], "ratio": _ratio(ours, bare), **ours})
        _remove(place)
    last = steps[-1]
    growth = (last["seconds"] / last["rows"]) / (steps[0]["seconds"] / steps[0]["rows"])
    return {
        "ratio": last["ratio"],
        "seconds": last["seconds"],
        "peak_mb": last["peak_mb"],
        "bare_seconds": last["bare_seconds"],
        "rows": last["rows"],
        "linear": round(growth, 2),
        "steps": steps,
    }


def ingest(folder: Path, rows: int | None, tell: Tell) -> Mapping[str, Any]:
    """A Parquet file into the lake, in process, against DuckDB's copy of the same file to Parquet."""
    size = rows or INGEST
    _work(tell, "ingest_make", folder, size)
    sides = [
        (_work(tell, "ingest_bare", folder, size), _work(tell, "ingest_ours", folder, size)) for _ in range(ROUNDS)
    ]
    bare = min((one for one, _ in sides), key=lambda one: one["seconds"])
    ours = min((one for _, one in sides), key=lambda one: one["seconds"])
    return {"ratio": _ratio(ours, bare), **ours, "bare_seconds": bare["seconds"], "rows": size}


def structure(folder: Path, rows: int | None, tell: Tell, *, engine: str) -> Mapping[str, Any]:
    """All dependence methods against one bare group-by, with a quarter, a half and all of eight reporters.

    `ratio` is against the group-by of `bench flows`, by every key with the partner; `ratio_short` is against the one that
    leaves the partner out, which has a hundredth of its groups. `linear` compares seconds a row, full size to quarter.
    """
    codes = max(1, round(CODES * (rows or ROWS) / ROWS))
    steps: list[Mapping[str, Any]] = []
    have = 0
    for reporters in (len(REPORTERS) // 4, len(REPORTERS) // 2, len(REPORTERS)):
        _work(tell, "structure_make", folder, codes, str(have), str(reporters))
        have = reporters
        steps.append({"reporters": reporters, **_structure_step(folder, codes, tell, engine)})
    last = steps[-1]
    growth = (last["seconds"] / last["rows"]) / (steps[0]["seconds"] / steps[0]["rows"])
    chosen = ("ratio", "seconds", "peak_mb", "bare_seconds", "ratio_short", "bare_short_seconds", "rows")
    return {**{name: last[name] for name in chosen}, "linear": round(growth, 2), "engine": engine, "steps": steps}


def _structure_step(folder: Path, codes: int, tell: Tell, engine: str) -> Mapping[str, Any]:
    sides = [
        (
            _work(tell, "structure_bare", folder, codes),
            _work(tell, "structure_bare_short", folder, codes),
            _work(tell, "structure_ours", folder, codes, engine),
        )
        for _ in range(ROUNDS)
    ]
    bare, short, ours = (min(side, key=lambda one: one["seconds"]) for side in zip(*sides, strict=True))
    return {
        "rows": bare["rows"],
        "groups": bare["groups"],
        "ratio": _ratio(ours, bare),
        "ratio_short": _ratio(ours, short),
        "bare_seconds": bare["seconds"],
        "bare_peak_mb": bare["peak_mb"],
        "bare_short_seconds": short["seconds"],
        **ours,
    }


def points(folder: Path, rows: int | None, tell: Tell) -> Mapping[str, Any]:
    """The read of one series after many small deliveries, before and after compaction; answers must be the same."""
    return _work(tell, "points", folder, rows or DELIVERIES)


def backtest(folder: Path, rows: int | None, tell: Tell) -> Mapping[str, Any]:
    """Series of ten years through the whole backtest; `ratio` is against one year-on-year pass over the same rows in SQL."""
    size = max(1, (rows or SERIES * MONTHS) // MONTHS)
    made = _work(tell, "backtest_make", folder / "series", size)
    bare = _work(tell, "backtest_bare", folder / "series", size)
    ours = _work(tell, "backtest_ours", folder / "series", size)
    return {"ratio": _ratio(ours, bare), **ours, "bare_seconds": bare["seconds"], "series": size, **made}


def detect(folder: Path, rows: int | None, tell: Tell) -> Mapping[str, Any]:
    """A million series of ten years through our flow rule, beside statsforecast on a sample.

    `ratio` is AutoETS's seconds a series over ours, with its own divided by our two threads as if it shared work out without
    loss; null where statsforecast is not installed (`make bench` brings it).
    """
    size = max(1, (rows or DETECTED * DETECTED_MONTHS) // DETECTED_MONTHS)
    ours = _work(tell, "detect_ours", folder, size)
    rivals = _work(tell, "detect_rivals", folder, min(SAMPLE, size))
    times = {name: round(one["per_series_us"] / THREADS, 1) for name, one in rivals.items() if name != "missing"}
    ratio = round(times["auto_ets"] / ours["per_series_us"], 1) if times else None
    return {"ratio": ratio, **ours, "series": size, "rivals_per_series_us": times or None, "sample": min(SAMPLE, size)}


def _ratio(ours: Mapping[str, Any], bare: Mapping[str, Any]) -> float:
    return round(float(ours["seconds"]) / float(bare["seconds"]), 2)


def _work(tell: Tell, step: str, folder: Path, size: int, *more: str) -> dict[str, Any]:
    tell(f"{step} {size:,} {' '.join(more)}")
    command = [sys.executable, "-W", "ignore", "-m", "bongsu.cli.bench_steps", step, str(folder), str(size), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise BongsuError(
            Text(f"측정이 실패했습니다: {done.stderr[-500:]}", f"the step failed: {done.stderr[-500:]}"), where=step
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _remove(folder: Path) -> None:

    shutil.rmtree(folder, ignore_errors=True)
