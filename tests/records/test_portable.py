"""The analytic half runs on Windows: no call there that only POSIX has, no clock, no environment."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "bongsu"
PEOPLE_SIDE = {"people", "alerts", "responses", "web", "api"}
MODULES = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "posix", "syslog", "crypt", "readline"}
NAMES = {
    ("os", name)
    for name in (
        "fork", "forkpty", "setsid", "setpgid", "killpg", "geteuid", "getuid", "chown", "mkfifo", "nice", "uname",
        "getloadavg", "sched_getaffinity", "pread", "pwrite", "fdatasync", "fchmod", "statvfs", "wait3", "wait4",
    )
} | {("signal", name) for name in ("SIGKILL", "SIGHUP", "SIGUSR1", "SIGALRM", "alarm", "pause", "setitimer")} | {
    ("time", "tzset"), ("socket", "AF_UNIX"),
}  # fmt: skip
FILES = sorted(path for path in SRC.rglob("*.py") if path.relative_to(SRC).parts[0] not in PEOPLE_SIDE)


def posix_only(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name in MODULES]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module in MODULES else []
            found += [f"{node.module}.{alias.name}" for alias in node.names if (node.module, alias.name) in NAMES]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [f"{node.value.id}.{node.attr}"] if (node.value.id, node.attr) in NAMES else []
    return found


def guarded(tree: ast.AST) -> set[str]:
    """Modules imported where their absence is handled."""
    return {
        alias.name
        for attempt in ast.walk(tree)
        if isinstance(attempt, ast.Try)
        and any(isinstance(handler.type, ast.Name) and "Error" in handler.type.id for handler in attempt.handlers)
        for node in ast.walk(attempt)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def test_the_analytic_half_calls_nothing_that_only_posix_has() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    found = {
        str(path.relative_to(SRC)): calls
        for path, tree in trees.items()
        if (calls := [call for call in posix_only(tree) if call not in guarded(tree)])
    }
    assert found == {}
    assert SRC / "records" / "lake.py" in trees


@pytest.mark.parametrize("line", ["import fcntl", "import os\nos.fork()", "from signal import SIGKILL"])
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert posix_only(ast.parse(line))


def test_text_is_opened_with_its_encoding() -> None:
    """On Windows the default is the old code page, and Korean would come out broken."""
    bare = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {"read_text", "write_text"} and "encoding" not in {key.arg for key in node.keywords}:
                bare.append(f"{path.relative_to(SRC)}:{node.lineno}")
    assert bare == []
