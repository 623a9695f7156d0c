"""`bongsu up` as a newcomer runs it: it comes up, gives the first user's link, and leaves nothing behind, however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ends with its parent on Linux only")
PATIENCE = 120.0  # seconds


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(done: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < PATIENCE, what
        time.sleep(0.1)


def status(address: str) -> int:
    """What the web answers; 0: nothing listens."""
    try:
        return httpx.get(address, timeout=PATIENCE).status_code
    except httpx.TransportError:
        return 0


def children(process: int) -> set[int]:
    """Everything that a process started and that still runs."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        state, parent = rest.split()[:2]
        if state != "Z":
            parents.setdefault(int(parent), []).append(int(stat.parent.name))
    found, asked = set(), [process]
    while asked:
        for one in parents.get(asked.pop(), ()):
            found.add(one)
            asked.append(one)
    return found


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_it_comes_up_and_ends_whole(end: signal.Signals, tmp_path: Path, sample_lake: Path) -> None:
    cleared = {name: told for name, told in os.environ.items() if not name.startswith(("BONGSU", "DJANGO"))}
    env = {**cleared, "BONGSU_FLOOR": str(tmp_path / "floor"), "BONGSU_LAKE": str(sample_lake), "BONGSU_LANG": "en"}
    address, said = f"http://127.0.0.1:{free_port()}", tmp_path / "said"
    words = [sys.executable, "-m", "bongsu.cli", "up", "--no-fetch", "--port", address.rpartition(":")[2]]
    with said.open("wb") as out:
        process = subprocess.Popen(words, env=env, stdout=out, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        until(lambda: status(f"{address}/readyz") == httpx.codes.OK, "it never came up")
        until(lambda: "/first/" in said.read_text(encoding="utf-8"), "it never said so")
        (link,) = re.findall(rf"{address}/first/\S+", said.read_text(encoding="utf-8"))
        assert status(link) == httpx.codes.OK
        assert status(f"{address}/first/{'x' * 43}/") == httpx.codes.NOT_FOUND
        begun = children(process.pid)
        assert len(begun) > 2
    finally:
        process.send_signal(end)
        code = process.wait(60)
    assert code == (0 if end is signal.SIGTERM else -signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in begun), "something was left behind")
    assert status(f"{address}/healthz") == 0
