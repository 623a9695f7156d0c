"""The lease of a run: one run on a lake at a time, from its first question to its last, and everyone can see whose.

The lake's own lock is held only while something is written; the lease is held for hours and stops nobody but another
run. The system gives it back when its holder ends, however it ends, so that a dead process never keeps it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bongsu.language import BongsuError, Text

LEFTOVERS = "asked-*"  # answers on their way into the archive; whoever holds the lease may drop those of a dead run


class LeaseHeldError(BongsuError):
    """Another run is at work on this lake."""


@dataclass(frozen=True)
class Holder:
    """Who runs.

    Args:
        run_id: as it stands in the journal.
        host, process: where, and the number of the process there.
        since: when it began, ISO 8601.
    """

    run_id: str
    host: str
    process: int
    since: str


@contextmanager
def lease(folder: Path, holder: Holder) -> Iterator[Holder | None]:
    """Hold the lease on the lake in `folder`; yields the holder who ended without giving it back, if one did.

    Raises:
        LeaseHeldError: another run holds it, and which.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock, said = FileLock(folder / "run.lock", timeout=0), folder / "run.json"
    try:
        lock.acquire()
    except Timeout:
        raise _held(_read(said), folder) from None
    try:
        before = _read(said)
        for leftover in folder.glob(LEFTOVERS):
            leftover.unlink(missing_ok=True)
        said.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        yield before
    finally:
        said.unlink(missing_ok=True)
        lock.release()


def _read(said: Path) -> Holder | None:
    """Who wrote `said`; None where nobody did, or only half of it."""
    try:
        return Holder(**json.loads(said.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _held(holder: Holder | None, folder: Path) -> LeaseHeldError:
    mend = Text("그 실행이 끝난 뒤 다시 실행하십시오.", "Run this again when it has ended.")
    if holder is None:
        return LeaseHeldError(
            Text("다른 실행이 이 기록 저장소에서 자료를 받고 있습니다.", "another run is fetching into this lake."),
            where=str(folder),
            mend=mend,
        )
    return LeaseHeldError(
        Text(
            f"다른 실행이 자료를 받고 있습니다({holder.host} 프로세스 {holder.process}, {holder.since}부터, 실행 {holder.run_id}).",
            f"another run is fetching: process {holder.process} on {holder.host} since {holder.since}, run {holder.run_id}.",
        ),
        where=str(folder),
        mend=mend,
    )
