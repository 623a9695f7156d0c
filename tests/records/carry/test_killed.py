"""Killed anywhere, on either side, the next call goes on, and both sides say the same."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bongsu.records.carry import packing, staging
from bongsu.records.journal import Journal
from bongsu.records.lake import Lake
from bongsu.records.raw import RawArchive

Halves = Any  # of the fixture
Same = Callable[[Any], None]
CARRY = """
import sys
from datetime import datetime
from pathlib import Path
from bongsu.cli.carry import read_again
from bongsu.records.carry.landing import carry_in
from bongsu.records.lake import Lake
lake = Lake(Path(sys.argv[1]))
print("ready", flush=True)
now = datetime.fromisoformat(sys.argv[3])
carry_in(lake, [Path(sys.argv[2])], read_again, grade="S", now=now, run_id="in")
print("done", flush=True)
"""


class Killed(BaseException):
    """The process ends here."""


def dying(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, number: int, *, after: bool) -> None:
    """Let the process end before or after the n-th call of something."""
    true, calls = getattr(owner, name), [0]

    def call(*args: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == number and not after:
            raise Killed
        found = true(*args, **named)
        if calls[0] == number:
            raise Killed
        return found

    monkeypatch.setattr(owner, name, call)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "name", "number"),
    [(staging, "_keep", 2), (RawArchive, "keep", 1), (RawArchive, "keep", 2), (Journal, "append", 1),
     (Journal, "append", 2), (Journal, "append", 3)],
)  # fmt: skip
def test_a_floor_that_is_killed_goes_on(  # noqa: PLR0917 - where it is killed
    halves: Halves,
    same: Same,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    number: int,
    after: bool,  # noqa: FBT001
) -> None:
    halves.reads("notices_table", "measures.csv")
    halves.acts("r-1")
    files = halves.out()
    with monkeypatch.context() as patched:
        dying(patched, owner, name, number, after=after)
        with pytest.raises(Killed):
            halves.into(files)
    halves.floor = Lake(halves.floor.folder)
    landed = len([one for one in halves.floor.journal.entries() if one.source])
    done = any(one.status == "carried" for one in halves.floor.journal.entries())
    found = halves.into(files)
    assert (found.landed, found.already) == (0 if done else 2 - landed, done)
    same(halves)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["write", "_note", "_finish"])
def test_a_collector_that_is_killed_goes_on_and_the_chain_holds(
    halves: Halves,
    same: Same,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    after: bool,  # noqa: FBT001
) -> None:
    halves.reads("notices_table", "measures.csv")
    number = 2 if name == "_finish" else 1  # the first call is for the bundle before
    with monkeypatch.context() as patched:
        dying(patched, packing, name, number, after=after)
        with pytest.raises(Killed):
            halves.out("first")
    halves.acts("r-1")
    later = halves.out("second")
    first = halves.desk / "first"
    for files in ([first] if first.exists() else [], later):
        if files:
            halves.into(files)
    same(halves)


def test_a_real_kill_at_any_moment_leaves_whole_entries(halves: Halves, same: Same) -> None:
    for source, file in (("notices_table", "measures.csv"), ("flows_table", "customs.csv")):
        halves.reads(source, file, mapping="customs.yml" if source == "flows_table" else "")
    halves.acts("r-1")
    halves.acts("r-2")
    (bundle,) = halves.out()
    command = [sys.executable, "-c", CARRY, str(halves.floor.folder), str(bundle), halves.now.isoformat()]
    for patience in (0.01, 0.15, 0.4):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own script
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
    halves.floor = Lake(halves.floor.folder)
    halves.into([Path(bundle)])
    same(halves)
    assert [one.given["carried"]["seq"] for one in halves.floor.journal.entries() if one.source] == [1, 2, 3, 4]
