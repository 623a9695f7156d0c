"""`bongsu backup` and `restore`: what comes back is what was there, on either database, whole or not at all."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from bongsu.alerts.models import Alert
from bongsu.cli import archive, restore
from bongsu.cli.floor import make_keys
from bongsu.people.anchors import anchor
from bongsu.people.audit import write_line
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

Bongsu = Callable[..., Any]
NOW = datetime(2026, 11, 22, 3, 0, 0, 123456, tzinfo=UTC)


def _empty() -> None:
    """A database as `migrate` leaves it."""
    with connection.cursor() as cursor:
        for model in archive.kept_models():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - ours


@pytest.fixture
def filled(
    settings: Settings,
    turn: Callable[..., Any],
    person: Callable[..., Any],
    acting: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """A floor with people, an alert, attachments, anchors and keys."""
    make_keys(settings.FLOOR)
    keys = json.loads((settings.FLOOR / "keys.json").read_bytes())
    settings.SECRET_KEY, settings.AUDIT_KEY = keys["secret"], keys["audit"].encode()
    by = acting(person(Role.CENTRE, name="홍길동 \u202e", username="hong"), at=NOW, why="=1+1")
    write_line(by, "test.done", "test", "그 건", where={"ko": "요소", "a": [1.5, None, True]})
    turn(NOW, urea=4, tungsten=2)
    anchor(settings.ANCHORS, settings.AUDIT_KEY, NOW)
    write_line(task(NOW), "test.done", "test")
    (settings.ATTACHMENTS / "ab").mkdir(parents=True)
    (settings.ATTACHMENTS / "ab" / "file").write_bytes(bytes(range(256)))
    monkeypatch.setenv("BONGSU_FLOOR", str(settings.FLOOR))
    return settings


def tables(file: Path) -> dict[str, str]:
    """The hashes of what a backup holds but for its lake and keys."""
    with archive.unpacked(file) as (_, manifest):
        return {name: sha for name, sha in manifest["files"].items() if not name.startswith(("lake/", "keys/"))}


def process(floor: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    """`bongsu …` in a process of its own, on SQLite, with nothing of this one's settings."""
    cleared = {name: told for name, told in os.environ.items() if not name.startswith(("BONGSU", "DJANGO"))}
    env = {**cleared, "BONGSU_FLOOR": str(floor), "BONGSU_LAKE": str(floor / "lake"), "BONGSU_LANG": "en"}
    command = [sys.executable, "-m", "bongsu.cli", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours


def test_a_floor_moves_to_sqlite_and_back_with_every_row_and_file_as_it_was(
    filled: Settings, on_sample: Bongsu, bongsu: Bongsu, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / f"{name}.zip" for name in ("first", "second", "third"))
    made = on_sample("backup", first, "--with-keys", "--json")
    assert (made.code, made.json["attachments"], made.json["lake"], made.json["keys"]) == (0, 1, True, True)
    assert made.json["rows"] == sum(model._base_manager.count() for model in archive.kept_models()) > 20
    other = tmp_path / "other"
    there = process(other, "restore", first)
    assert (there.returncode, there.stderr) == (0, "")
    assert "The audit trail is whole" in there.stdout
    assert (other / "attachments" / "ab" / "file").read_bytes() == bytes(range(256))
    assert json.loads((other / "keys.json").read_bytes())["audit"].encode() == filled.AUDIT_KEY
    assert process(other, "audit", "verify").returncode == 0
    assert process(other, "backup", second, "--with-keys").returncode == 0
    assert tables(second) == tables(first)
    assert sorted(path.name for path in other.iterdir() if "restoring" in path.name) == []

    _empty()
    for path in (filled.ANCHORS, filled.ATTACHMENTS / "ab" / "file"):
        path.unlink()
    (filled.ATTACHMENTS / "ab").rmdir()
    back = bongsu("restore", second, "--json")
    assert (back.code, back.json["rows"]) == (0, made.json["rows"])
    assert bongsu("audit", "verify").code == 0
    assert bongsu("backup", third, "--without-lake").code == 0
    assert tables(third) == tables(first)
    assert "tables/alerts.job.jsonl" not in tables(first)  # leases are not kept
    User.objects.create(username="new", name="new", role=Role.DESK, joined_at=NOW)  # numbered after those restored
    assert bongsu("watch", "--json").json["table_versions"] == on_sample("watch", "--json").json["table_versions"]


@pytest.fixture
def backup(filled: Settings, on_sample: Bongsu, tmp_path: Path) -> Path:
    """A backup with its keys and without a lake; the floor is empty again, its keys stay."""
    file = tmp_path / "all.zip"
    assert on_sample("backup", file, "--with-keys", "--without-lake").code == 0
    _empty()
    filled.ANCHORS.unlink()
    (filled.ATTACHMENTS / "ab" / "file").unlink()
    (filled.ATTACHMENTS / "ab").rmdir()
    return file


def standing(settings: Settings) -> tuple[int, list[str]]:
    """Rows, and files of the floor."""
    rows = sum(model._base_manager.count() for model in archive.kept_models())
    return rows, sorted(path.name for path in settings.FLOOR.rglob("*") if path.is_file())


def test_a_backup_takes_no_name_that_is_taken_and_leaves_no_half(
    filled: Settings, on_sample: Bongsu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.zip"
    file.write_bytes(b"mine")
    ended = on_sample("backup", file)
    assert (ended.code, file.read_bytes()) == (2, b"mine")
    file.unlink()
    monkeypatch.setattr("bongsu.cli.backup._attachments", _fails)
    assert on_sample("backup", file).code == 1
    assert [path.name for path in tmp_path.iterdir() if "all.zip" in path.name] == []
    assert filled.FLOOR.is_dir()


def _fails(*_: object) -> Any:  # noqa: ANN401 - it never returns
    raise RuntimeError("the power is gone")


def test_it_is_for_its_owner_only_and_says_where_the_keys_are(
    filled: Settings, on_sample: Bongsu, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    said = on_sample("backup", file, "--without-lake", lang="ko")
    assert (said.code, str(filled.FLOOR / "keys.json") in said.out) == (0, True)
    assert sys.platform == "win32" or file.stat().st_mode & 0o077 == 0
    assert filled.AUDIT_KEY not in b"".join(
        zipfile.ZipFile(file).read(name) for name in zipfile.ZipFile(file).namelist()
    )


def test_what_stands_is_not_written_over(backup: Path, filled: Settings, bongsu: Bongsu) -> None:
    user = User.objects.create(username="there", name="there", role=Role.DESK, joined_at=NOW)
    before = standing(filled)
    ended = bongsu("restore", backup)
    assert (ended.code, standing(filled)) == (2, before)
    assert "people.user" in ended.err
    user.delete()
    filled.ANCHORS.write_text("{}\n", encoding="utf-8")
    assert bongsu("restore", backup).code == 2


def _altered(file: Path, into: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(into, "w") as out:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                out.writestr(name, content)
    return into


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: content.replace(b"hong", b"gong") if name == "tables/people.user.jsonl" else content,
        lambda name, content: None if name == "tables/alerts.alert.jsonl" else content,
        lambda name, content: None if name == "manifest.json" else content,
        lambda name, content: b"{}" if name == "manifest.json" else content,
        lambda name, content: content.replace(b'"format": 1', b'"format": 9') if name == "manifest.json" else content,
        lambda name, content: content.replace(b"people.0001", b"people.9999") if name == "manifest.json" else content,
    ],
)
def test_a_backup_that_is_not_as_it_was_written_brings_nothing(
    change: Callable[[str, bytes], bytes | None], backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    ended = bongsu("restore", _altered(backup, tmp_path / "altered.zip", change))
    assert (ended.code, standing(filled)) == (3, before)


def test_a_file_cut_short_or_none_at_all_is_told(
    backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    content = backup.read_bytes()
    for size in (0, 100, len(content) // 2, len(content) - 1):
        (tmp_path / "cut.zip").write_bytes(content[:size])
        assert (bongsu("restore", tmp_path / "cut.zip").code, standing(filled)) == (3, before)
    assert bongsu("restore", tmp_path / "missing.zip").code == 3


def _sealed(file: Path, into: Path, name: str, content: bytes) -> Path:
    """A backup altered by somebody who knows how its hashes are made."""
    import hashlib  # noqa: PLC0415 - beside its only use

    def change(one: str, held: bytes) -> bytes:
        if one != "manifest.json":
            return content if one == name else held
        manifest = json.loads(held)
        manifest["files"][name] = hashlib.sha256(content).hexdigest()
        return json.dumps(manifest).encode()

    return _altered(file, into, change)


def test_a_trail_that_was_altered_and_hashed_anew_is_still_found(
    backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    name = "tables/people.auditline.jsonl"
    content = zipfile.ZipFile(backup).read(name).replace(b"=1+1", b"=1+2")
    ended = bongsu("restore", _sealed(backup, tmp_path / "altered.zip", name, content))
    assert (ended.code, standing(filled)) == (3, before)
    assert "its audit trail is not whole" in ended.err


def test_a_name_that_leads_elsewhere_is_refused(backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path) -> None:
    altered = tmp_path / "altered.zip"
    for name in ("../outside", "attachments/../../outside", "/outside", "lake\\..\\outside", "other/outside"):
        _altered(backup, altered, lambda _, content: content)
        with zipfile.ZipFile(backup) as source, zipfile.ZipFile(altered, "w") as out:
            manifest = json.loads(source.read("manifest.json"))
            manifest["files"][name] = "0" * 64
            for one in source.namelist():
                out.writestr(one, json.dumps(manifest) if one == "manifest.json" else source.read(one))
            out.writestr(name, b"x")
        assert bongsu("restore", altered).code == 3
    assert not (tmp_path / "outside").exists()
    assert standing(filled)[0] == 0


@pytest.mark.parametrize("step", ["_filled", "_number_on", "_check_trail", "_moved"])
def test_a_restore_that_fails_anywhere_leaves_nothing(
    step: str, backup: Path, filled: Settings, bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(filled)
    real = getattr(restore, step)

    def fails(*given: object) -> None:
        real(*given)
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(restore, step, fails)
    assert bongsu("restore", backup).code == 1
    assert standing(filled) == before
    monkeypatch.undo()
    monkeypatch.setenv("BONGSU_FLOOR", str(filled.FLOOR))
    assert bongsu("restore", backup).code == 0


def test_what_a_killed_restore_had_moved_is_taken_away_by_the_next(
    backup: Path, filled: Settings, bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_undo", "_note_gone"):
        monkeypatch.setattr(restore, name, lambda *_: None)  # as if killed: nothing tidies up
    real = restore._moved

    def dies(moves: Any) -> None:  # noqa: ANN401 - as the real one
        real(moves)
        raise RuntimeError("killed")

    monkeypatch.setattr(restore, "_moved", dies)
    assert bongsu("restore", backup).code == 1
    assert filled.ANCHORS.exists()
    monkeypatch.undo()
    monkeypatch.setenv("BONGSU_FLOOR", str(filled.FLOOR))
    assert bongsu("restore", backup).code == 0
    assert Alert.objects.count() == 2
    assert AuditLine.objects.count() > 2
