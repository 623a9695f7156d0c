"""A floor whose worker, web and database are killed at random moments of a watch: no warning lost, none raised twice.

A PostgreSQL of its own is started where the binaries are found (SQLite and processes only where they are not, which CI
does not accept). BONGSU_KILLS=20 for the whole measurement; `-s` shows the figures.
"""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals end processes otherwise on Windows")

KILLS = int(os.environ.get("BONGSU_KILLS", "3"))
SEED = int(os.environ.get("BONGSU_SEED", "20211013"))
BACK = 60.0  # seconds: the bar
EMPTIED = ("telling", "concern", "alertevidence", "alertevent", "alert", "cycle")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for `done`; how long it took."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.1)
    return time.monotonic() - began


class Postgres:
    """A cluster of this test's own."""

    def __init__(self, bin_: Path) -> None:
        self._bin = bin_
        self._user = "postgres" if os.getuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="bongsu-pg-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", f"{self._folder}/data")
        self.start()
        self.sql("CREATE DATABASE floor", database="postgres")

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/floor"

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(  # noqa: S603 - of the distribution
            [str(self._bin / name), *words], check=True, user=self._user, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_connections=40"
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", "-m", "immediate", "stop")  # as a power cut would

    def restart(self) -> None:
        self.stop()
        self.start()

    def sql(self, statement: str, database: str = "floor") -> list[Any]:
        import psycopg  # noqa: PLC0415 - an extra

        place = {"host": "127.0.0.1", "port": self.port, "user": "postgres", "dbname": database}
        with psycopg.connect(**place, autocommit=True) as connection:  # type: ignore[arg-type] # by name
            cursor = connection.execute(statement)  # type: ignore[call-overload] # our own words
            return cursor.fetchall() if cursor.description else []

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)


class Sqlite:
    """The laptop's database: a file, which nothing can restart."""

    url = ""

    def __init__(self, file: Path) -> None:
        self._file = file

    def sql(self, statement: str) -> list[Any]:
        with sqlite3.connect(self._file, timeout=30) as connection:
            return connection.execute(statement).fetchall()

    def end(self) -> None:
        """Nothing runs."""


class Floor:
    """Worker and web on a database, each begun again after it is killed, as systemd does."""

    def __init__(self, folder: Path, lake: Path, database: Postgres | Sqlite) -> None:
        self.database = database
        self.port = free_port()
        cleared = {name: told for name, told in os.environ.items() if not name.startswith(("BONGSU", "DJANGO"))}
        mine = {"BONGSU_FLOOR": str(folder), "BONGSU_LAKE": str(lake), "BONGSU_DATABASE_URL": database.url}
        self._env = {**cleared, **mine, "BONGSU_LANG": "en"}
        self._log = (folder.parent / "log").open("ab")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for verb in ("init", "migrate"):
            subprocess.run([*self._command(verb)], check=True, env=self._env, stdout=self._log)  # noqa: S603 - ours

    def _command(self, verb: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "bongsu.cli", "floor", verb, *words]

    def start(self, name: str) -> None:
        words = {
            "work": ("--no-fetch", "--every", "600"),
            "web": ("--port", str(self.port), "--workers", "1", "--threads", "2"),
        }[name]
        self.processes[name] = subprocess.Popen(  # noqa: S603 - ours
            self._command(name, *words), env=self._env, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """The process and all that it started, outright."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def answers(self) -> bool:
        """Is the web ready? What ended by itself is begun again, as systemd does."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.start(name)
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def raised(self) -> Mapping[str, int]:
        rows = self.database.sql(
            "SELECT a.subject FROM alerts_alertevent e JOIN alerts_alert a ON a.id = e.of_id WHERE e.kind = 'raise'"
        )
        return Counter(subject for (subject,) in rows)

    def whole(self) -> bool:
        """Has a turn been finished, and is none open?"""
        (done,), (open_,) = (
            self.database.sql(f"SELECT count(*) FROM alerts_cycle WHERE finished_at IS {which} NULL")[0]  # noqa: S608 - ours
            for which in ("NOT", "")
        )
        return bool(done and not open_)

    def watch_again(self) -> None:
        """From nothing: no alerts, no turns, and a watch that is due."""
        for table in EMPTIED:
            self.database.sql(f"DELETE FROM alerts_{table}")  # noqa: S608 - ours
        self.database.sql("UPDATE alerts_job SET due_at = '2020-01-01T00:00:00+00:00' WHERE name = 'watch'")

    def verify(self) -> int:
        words = [sys.executable, "-m", "bongsu.cli", "audit", "verify"]
        return subprocess.run(words, env=self._env, check=False, stdout=self._log).returncode  # noqa: S603 - ours

    def end(self) -> dict[str, int]:
        """Told to end, both end well."""
        for process in self.processes.values():
            process.terminate()
        codes = {name: process.wait(60) for name, process in self.processes.items()}
        self._log.close()
        return codes


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Postgres | Sqlite]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if not found and os.environ.get("CI") == "true":
        pytest.fail("there is no initdb under /usr/lib/postgresql")
    one = Postgres(found[-1].parent) if found else Sqlite(tmp_path / "floor" / "floor.sqlite3")
    yield one
    one.end()


def test_killed_at_random_moments_it_loses_no_warning_and_raises_none_twice(
    tmp_path: Path, sample_lake: Path, database: Postgres | Sqlite
) -> None:
    floor = Floor(tmp_path / "floor", sample_lake, database)
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    kinds = ["work", "web", *(["database"] if isinstance(database, Postgres) else [])]
    order = [kinds[number % len(kinds)] for number in range(KILLS)]
    chance.shuffle(order)
    try:
        for name in ("web", "work"):
            floor.start(name)
        until(lambda: floor.answers() and floor.whole(), 120, "it never came up")
        expected = set(floor.raised())
        floor.watch_again()
        length = until(floor.whole, 60, "no turn")
        assert len(expected) > 10
        assert floor.raised() == dict.fromkeys(expected, 1)
        backs = [_killed(floor, kind, chance.uniform(0, length), expected) for kind in order]
        assert floor.verify() == 0
    finally:
        codes = floor.end()
    assert codes == {"web": 0, "work": 0}
    print(json.dumps({"kills": order, "turn_seconds": round(length, 1), "back_seconds": backs, "worst": max(backs)}))  # noqa: T201 - the measurement
    assert max(backs) <= BACK


def _killed(floor: Floor, kind: str, after: float, expected: set[str]) -> float:
    """Kill one in the middle of a turn; how long until the web is ready and the turn is whole."""
    floor.watch_again()
    time.sleep(after)
    began = time.monotonic()
    if kind == "database":
        assert isinstance(floor.database, Postgres)
        floor.database.restart()
    else:
        floor.kill(kind)
        floor.start(kind)
    until(lambda: floor.answers() and floor.whole(), 2 * BACK, f"not back after {kind} was killed")
    back = time.monotonic() - began
    assert floor.raised() == dict.fromkeys(expected, 1), f"{kind} killed after {after:.2f} s"
    return round(back, 1)
