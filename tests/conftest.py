"""What every test may lean on."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest import mock

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real inputs; skips where it is absent, fails where CI demands it."""
    folder = Path(os.environ.get("BONGSU_REALDATA", HERE.parent.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    reason = "the real inputs are not on this machine: set BONGSU_REALDATA to their folder"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Standard output as the one JSON document that it is."""
        return json.loads(self.out)


Bongsu = Callable[..., Ended]
NOW = "2026-11-22T03:00:00+00:00"


def run_bongsu(
    *words: str | Path, lake: Path, lang: str | None = "en", now: str = NOW, stdin: bytes = b"", **env: str
) -> Ended:
    """`bongsu *words` in this process, with its own environment, clock and streams."""
    from bongsu.cli import main  # noqa: PLC0415 - other rooms' tests need no command line

    environment = {"BONGSU_LAKE": str(lake), "BONGSU_NOW": now, "LANG": "C.UTF-8", **env}
    if lang:
        environment["BONGSU_LANG"] = lang
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["bongsu", *map(str, words)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        for name in {"LC_ALL", "LC_MESSAGES", "COLUMNS", *(() if lang else ("BONGSU_LANG",))} - set(env):
            os.environ.pop(name, None)
        try:
            main()
        except SystemExit as ended:
            return Ended(int(ended.code or 0), out.getvalue(), err.getvalue())
    raise AssertionError("the command never said how it ended")


@pytest.fixture(scope="session")
def sample_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that holds the packaged sample; not to be written to."""
    folder = tmp_path_factory.mktemp("sample") / "lake"
    assert run_bongsu("sample", lake=folder).code == 0
    return folder


@pytest.fixture(scope="session")
def on_sample(sample_lake: Path) -> Bongsu:
    """`bongsu …` on the sample lake, for verbs that only read."""
    return partial(run_bongsu, lake=sample_lake)


@pytest.fixture
def bongsu(tmp_path: Path) -> Bongsu:
    """`bongsu …` on a lake of this test's own, empty at first."""
    return partial(run_bongsu, lake=tmp_path / "lake")


@pytest.fixture
def on_copy(sample_lake: Path, tmp_path: Path) -> Bongsu:
    """`bongsu …` on a copy of the sample lake, for tests that change it; the copy is `tmp_path / "lake"`."""
    shutil.copytree(sample_lake, tmp_path / "lake")
    return partial(run_bongsu, lake=tmp_path / "lake")


# ---- the people's side


@pytest.fixture(autouse=True)
def floor(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """A floor and a lake of its own for every test of the people's side; keys, attachments and anchors stand there."""
    of_people = request.path.relative_to(HERE).parts[0] in {"people", "alerts", "responses", "web", "api"}
    uses_database = {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker(
        "django_db"
    )
    if not of_people and not uses_database:
        return None
    settings = request.getfixturevalue("settings")
    folder = tmp_path / "floor"
    folder.mkdir()
    settings.FLOOR, settings.ATTACHMENTS, settings.ANCHORS = folder, folder / "attachments", folder / "anchors.jsonl"
    settings.LAKE = tmp_path / "lake"
    settings.SECRET_KEY, settings.AUDIT_KEY = "a key for tests, and for tests only", b"another key for tests"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests need no slow hash
    settings.SECOND_FACTOR = False  # only tests of sign-in enrol one
    return folder


MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def person(db: None) -> Callable[..., Any]:  # noqa: ARG001 - it opens the database
    """Makes an account: `person(Role.MISSION, mission="chn_beijing")`; cleared for everything unless told otherwise."""
    from bongsu.people.models import User  # noqa: PLC0415 - the analytic half's tests need no Django

    def make(role: str, **facts: Any) -> User:  # noqa: ANN401 - a column's value
        number = User.objects.count() + 1
        given = {"username": f"{role}{number}", "name": f"{role} {number}", "grade": 2, "tlp": 4, "joined_at": MOMENT}
        user = User(role=role, **{**given, **facts})
        user.set_password("correct horse battery staple")
        user.save()
        return user

    return make


@pytest.fixture
def acting() -> Callable[..., Any]:
    """Makes the actor of one act: `acting(user)`, or `acting(user, at=…, why="…")`."""
    from bongsu.people.reader import Actor  # noqa: PLC0415 - likewise

    return lambda user, **facts: Actor(reader=user.reader, **{"at": MOMENT, "address": "192.0.2.7", **facts})


@pytest.fixture
def together() -> Callable[[Sequence[Callable[[], object]]], list[object]]:
    """Does several acts side by side, each on a connection of its own: what each gave, or the refusal that it met."""
    from django.db import connections  # noqa: PLC0415 - likewise

    from bongsu.people.errors import RefusedError  # noqa: PLC0415 - likewise

    def run(acts: Sequence[Callable[[], object]]) -> list[object]:
        begin = Barrier(len(acts))

        def one(act: Callable[[], object]) -> object:
            try:
                begin.wait(timeout=30)
                return act()
            except RefusedError as refused:
                return refused
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(one, acts))

    return run
