"""What a step took: seconds, and the most memory that its process held."""

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")


def timed(work: Callable[[], Result], *, children: bool = False) -> tuple[dict[str, Any], Result]:
    """`seconds` and `peak_mb` of some work, and what it gave; with `children`, their memory counts too."""
    gc.collect()
    start = time.perf_counter()
    result = work()
    seconds = round(time.perf_counter() - start, 2)
    return {"seconds": seconds, "peak_mb": peak_mb(children=children)}, result


def peak_mb(*, children: bool = False) -> float | None:
    """The process's peak of resident memory; None where the system does not tell.

    Args:
        children: add the peaks of the processes that it started and that still run (Spark's).
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    own = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    if not children:
        return round(own, 1)
    started = _started(os.getpid())
    peaks = [_peak_of(process) for process in started]
    return None if None in peaks or not started else round(own + sum(one or 0.0 for one in peaks), 1)


def _started(process: int) -> list[int]:
    """Processes below this one, where the system keeps them as files (Linux)."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        direct = [int(one) for task in tasks for one in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []
    return [*direct, *(below for one in direct for below in _started(one))]


def _peak_of(process: int) -> float | None:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [line for line in lines if line.startswith("VmHWM:")]
    return int(found[0].split()[1]) / 1024 if found else None
