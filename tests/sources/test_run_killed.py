"""A run that is killed, anywhere, any number of times: what is held is not asked for again, and the lake ends the same."""

import importlib.util
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from bongsu.http import Door
from bongsu.records.journal import Entry, Journal
from bongsu.records.lake import Lake
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import PRICE
from bongsu.records.tables import Table
from bongsu.sources.asking import PlanRequest
from bongsu.sources.cadence import newest_out
from bongsu.sources.outcome import Step
from bongsu.sources.past import answers
from bongsu.sources.run import Round

HERE = Path(__file__).parent
Bongsu = Callable[..., Any]
Press = Any  # made_up.Publisher


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made_up = load("made_up")
SERIES = ("coal", "zinc")  # two pages, and one that is not out
QUESTIONS = {"/api?series=coal", "/api?page=2&series=coal", "/api?series=zinc"}
PRICES = {"coal 2026-10": 90.0, "coal 2026-09": 89.0}


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    known, end = made_up.serve()
    made_up.install(monkeypatch.setattr, known.port)
    made_up.with_everything(known)
    yield known
    end()


def ask(folder: Path, press: Press) -> list[Step]:
    """One round to `exchange`, with whatever the journal remembers."""
    lake = Lake(folder, threads=1)
    try:
        one = made_up.made_up(press.port)["exchange"]
        request = PlanRequest(one, made_up.NOW, wants={"series": SERIES})
        expected = newest_out(one, made_up.NOW)
        assert expected is not None
        known = answers(lake.snapshot().journal(), expected.out)
        with made_up.door(press.port) as way:
            return [outcome.step for outcome in Round(lake, way, request, known, made_up.KEY, "r").run()]
    finally:
        lake.close()


def stands(folder: Path) -> tuple[dict[str, float], list[Entry]]:
    """What a reader sees, and the journal; every raw file that it names is whole."""
    lake = Lake(folder, threads=1)
    snapshot = lake.snapshot()
    journal = snapshot.journal()
    rows = snapshot.arrow(snapshot.as_of(PRICE, made_up.NOW)).to_pylist()
    assert all(lake.raw.intact(raw.sha256) for entry in journal for raw in entry.raws)
    lake.close()
    return {f"{row['series']} {row['valid']:%Y-%m}": row["value"] for row in rows}, journal


def held(journal: list[Entry], press: Press) -> set[str]:
    """The questions whose answers, or whose bytes, the journal names."""
    base = press.url("")
    return {entry.asked["id"].removeprefix(base) for entry in journal if "id" in entry.asked}


class Killed(BaseException):
    """The end of a process, as far as one process can play it."""


# Between any two of these a run may end; before the network is asked nothing is lost.
STEPS: list[tuple[type, str]] = [
    (Door, "get"), (RawArchive, "keep"), (Table, "append"), (Journal, "append"),
]  # fmt: skip


def cut(at: int, end: Callable[[], None]) -> list[Any]:
    """Patches that end the run before step number `at` from 0 (an even number) or after it (an odd one)."""
    calls: list[int] = []

    def wrapped(whole: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: object, **named: object) -> object:
            number = len(calls)
            calls.append(number)
            if 2 * number == at:
                end()
            result = whole(*words, **named)
            if 2 * number + 1 == at:
                end()
            return result

        return call

    return [mock.patch.object(owner, name, wrapped(getattr(owner, name))) for owner, name in STEPS]


def die() -> None:
    raise Killed


def ended_at(at: int, folder: Path, press: Press) -> bool:
    """Run until step `at`; is that before its end?"""
    patches = cut(at, die)
    for patch in patches:
        patch.start()
    try:
        ask(folder, press)
    except Killed:
        return True
    finally:
        for patch in patches:
            patch.stop()
    return False


def test_a_run_that_ends_between_any_two_steps_goes_on_where_it_was(press: Press, tmp_path: Path) -> None:
    at = 0
    while ended_at(at, tmp_path / str(at), press):
        folder = tmp_path / str(at)
        before = stands(folder)[1]
        known = held(before, press)
        at += 1
        if before and before[-1].status == "answered":
            continue  # the very end: what is not out yet is for another round
        press.asked.clear()
        ask(folder, press)
        prices, journal = stands(folder)
        assert set(press.asked) & known == set(), f"asked again after an end at step {at - 1}"
        assert set(press.asked) | known == QUESTIONS
        assert (prices, journal[-1].status) == (PRICES, "answered")
    # Two answers of five steps each (asked, kept, noted, landed, delivered), one of two, and the end of the round.
    assert at == 2 * (2 * 5 + 2 + 1)


# ---- a process that is really killed; the numbers are those of `cut`, of which the bulletin takes the first twelve

CHILD = """
import importlib.util, os, sys
from unittest import mock
path, port, at = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
spec = importlib.util.spec_from_file_location("test_run_killed", path)
killed = importlib.util.module_from_spec(spec)
sys.modules["test_run_killed"] = killed
spec.loader.exec_module(killed)
killed.made_up.install(setattr, port)
for patch in killed.cut(at, lambda: os._exit(9)):
    patch.start()
sys.argv = ["bongsu", "run", "--json"]
from bongsu.cli import main
print("asking", flush=True)
main()
"""
ALL = {
    "/api?series=coal", "/api?page=2&series=coal", "/api?series=urea", "/api?part=a&series=urea",
    "/api?part=b&series=urea", "/api?series=zinc", "/bulletin.json", "/gazette.json",
}  # fmt: skip
EVERYTHING = {**PRICES, "urea a 2026-10": 400.0, "urea b 2026-10": 410.0, "tin 2026-10": 30.0}
NEVER = -1


def keys(folder: Path) -> dict[str, str]:
    return {"BONGSU_KEYS": str(folder / "none.yml"), "BONGSU_KEY_EXCHANGE": made_up.KEY}


def start(folder: Path, press: Press, at: int = NEVER) -> subprocess.Popen[str]:
    environment = {
        **os.environ, "BONGSU_LAKE": str(folder), "BONGSU_NOW": made_up.NOW.isoformat(), "BONGSU_LANG": "en",
        **keys(folder),
    }  # fmt: skip
    words = [str(HERE / "test_run_killed.py"), str(press.port), str(at)]
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", CHILD, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(bongsu: Bongsu, folder: Path, press: Press) -> None:
    """Run to the end, and hold the run to what the journal knew before it."""
    known = held(stands(folder)[1], press) - {"/gazette.json"}  # whose failure is no answer
    press.asked.clear()
    ended = bongsu("run", "--json", now=made_up.NOW.isoformat(), **keys(folder))
    assert ended.code == 5, ended.err
    assert set(press.asked) & known == set()
    assert set(press.asked) | known == ALL
    prices, journal = stands(folder)
    assert prices == EVERYTHING
    assert [entry.source for entry in journal if entry.status == "answered"] == ["bulletin", "exchange"]
    assert {path.name for path in folder.iterdir()} & {"run.json"} == set()
    assert list(folder.glob("asked-*")) == []
    assert {one["state"] for one in ended.json["health"]} == {
        "by_hand",
        "failed",
        "not_due",
        "not_yet",
    }


@pytest.mark.parametrize("at", [5, 19, 21, 35])
def test_a_process_killed_at_a_step_is_taken_over_by_the_next(
    bongsu: Bongsu, press: Press, tmp_path: Path, at: int
) -> None:
    folder = tmp_path / "lake"
    _, err = (run := start(folder, press, at)).communicate()
    assert run.returncode == 9, err
    said = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert said["process"] == run.pid, "it never gave its lease back"
    finish(bongsu, folder, press)


def test_killed_at_random_moments_again_and_again_it_comes_to_its_end(
    bongsu: Bongsu, press: Press, tmp_path: Path
) -> None:
    """When it strikes depends on the machine; what must hold does not."""
    folder, chance = tmp_path / "lake", random.Random(7)  # noqa: S311 - no secret
    known: set[str] = set()
    for _ in range(3):
        press.asked.clear()
        run = start(folder, press)
        assert run.stdout is not None
        assert run.stdout.readline() == "asking\n"
        time.sleep(chance.uniform(0.0, 1.5))
        run.kill()
        run.communicate()
        assert set(press.asked) & known == set()
        known = held(stands(folder)[1], press) - {"/gazette.json"} if folder.exists() else set()
    finish(bongsu, folder, press)
