"""`bongsu backup` and `restore`: what comes back is what was there, on either database, whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
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
    assert "The audit trail is whole. But the keys came with the backup: it vouches for itself only." in there.stdout
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
    assert (back.code, back.json["rows"], back.json["vouched_for_by"]) == (0, made.json["rows"], "floor")
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


Told = dict[str, Any]


def _forged(
    file: Path, into: Path, content: dict[str, bytes], key: bytes | None, told: Callable[[Told], Any] = lambda _: None
) -> Path:
    """A backup altered by somebody who knows how it is made; sealed anew where they have a key."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(into, "w") as out:
        held = {name: source.read(name) for name in source.namelist()} | content
        manifest = json.loads(held[archive.MANIFEST])
        manifest["files"] |= {name: hashlib.sha256(one).hexdigest() for name, one in content.items()}
        told(manifest)
        held[archive.MANIFEST] = json.dumps(manifest).encode()
        if key is not None:
            held[archive.SEAL] = archive.seal(key, held[archive.MANIFEST])
        for name, one in held.items():
            out.writestr(name, one)
    return into


def test_a_trail_that_was_altered_and_hashed_anew_is_still_found(
    backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    name = "tables/people.auditline.jsonl"
    content = zipfile.ZipFile(backup).read(name).replace(b"=1+1", b"=1+2")
    altered = _forged(backup, tmp_path / "altered.zip", {name: content}, filled.AUDIT_KEY)
    ended = bongsu("restore", altered)
    assert (ended.code, standing(filled)) == (3, before)
    assert "its audit trail is not whole" in ended.err


USERS = "tables/people.user.jsonl"


@pytest.mark.parametrize("key", [None, b"another key"])
@pytest.mark.parametrize("brings", ["keys", ""])
def test_a_backup_that_was_not_written_under_this_floors_key_brings_nothing(
    key: bytes | None, brings: str, backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    content = {USERS: zipfile.ZipFile(backup).read(USERS).replace(b"centre", b"admin")}
    if brings:
        content["keys/keys.json"] = json.dumps({"secret": "evil", "audit": "another key"}).encode()
    for unverified in ([], ["--unverified"]):
        ended = bongsu("restore", _forged(backup, tmp_path / "altered.zip", content, key), *unverified)
        assert (ended.code, standing(filled)) == (3, before)
        assert "it was not written under these keys, or it was altered" in ended.err


@pytest.mark.parametrize(
    "name",
    [
        *("keys/zz.json", "keys/keys.json/x", "anchors/other.jsonl", "tables/people.none.jsonl", "tables/a/b.jsonl"),
        *(
            "tables/people.user.txt",
            "lake/journal/1",
            "attachments",
            "attachments/./x",
            "attachments/x/",
            "new",
            "seal",
        ),
    ],
)
def test_what_a_backup_does_not_have_is_refused_by_its_name(
    name: str, backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    before = standing(filled)
    ended = bongsu("restore", _forged(backup, tmp_path / "altered.zip", {name: b"{}"}, filled.AUDIT_KEY))
    assert (ended.code, standing(filled)) == (3, before)
    assert f"it holds what is not taken: {name}" in ended.err


def test_keys_and_signing_keys_are_taken_only_where_the_manifest_says_so(
    backup: Path, filled: Settings, bongsu: Bongsu, tmp_path: Path
) -> None:
    altered = tmp_path / "altered.zip"
    _forged(backup, altered, {}, filled.AUDIT_KEY, lambda told: told.update(keys=False))
    assert "it holds what is not taken: keys/keys.json" in bongsu("restore", altered).err
    name = "lake/carry/collector.key"
    without = {"keys/keys.json": b"{}", name: b"x"}

    def says(told: Told) -> None:
        told.update(keys=False, lake=True)
        del told["files"]["keys/keys.json"]

    _forged(backup, altered, without, filled.AUDIT_KEY, says)
    ended = bongsu("restore", altered)
    assert (ended.code, "it holds what is not taken: keys/keys.json" in ended.err) == (3, True)


def test_without_keys_a_new_machine_is_given_them_first_or_takes_it_unverified(
    filled: Settings, on_sample: Bongsu, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    assert on_sample("backup", file, "--without-lake").code == 0
    bare, given = tmp_path / "bare", tmp_path / "given"
    refused = process(bare, "restore", file)
    assert (refused.returncode, bare.exists()) == (2, False)
    assert "there is no key to verify this backup with" in refused.stderr
    given.mkdir()
    (given / "keys.json").write_bytes((filled.FLOOR / "keys.json").read_bytes())
    restored = process(given, "restore", file)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "It was written under this floor's keys. The audit trail is whole." in restored.stdout
    taken = process(bare, "restore", file, "--unverified")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert "Nobody vouches for it" in taken.stdout
    assert (bare / "keys.json").is_file()
    assert process(bare, "audit", "verify").returncode != 0


@pytest.mark.parametrize(("limit", "least"), [("MOST_MANIFEST", 10), ("MOST_MEMBER", 10), ("MOST_BYTES", 1000)])
def test_what_is_larger_than_any_backup_is_refused(
    limit: str, least: int, backup: Path, filled: Settings, bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(filled)
    monkeypatch.setattr(archive, limit, least)
    ended = bongsu("restore", backup)
    assert (ended.code, standing(filled)) == (3, before)
    assert "too large" in ended.err


def test_what_does_not_fit_on_the_disk_is_refused(
    backup: Path, filled: Settings, bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(filled)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    ended = bongsu("restore", backup)
    assert (ended.code, standing(filled)) == (3, before)
    assert "there is no room" in ended.err


def _names(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as zipped:
        return {name for name in zipped.namelist() if name.startswith("lake/carry/")}


def test_private_keys_of_the_lake_are_in_it_only_with_the_keys_and_bundles_on_their_way_never(
    filled: Settings, bongsu: Bongsu, sample_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, first, second = tmp_path / "lake", tmp_path / "first.zip", tmp_path / "second.zip"
    shutil.copytree(sample_lake, lake)
    monkeypatch.setenv("BONGSU_LAKE", str(lake))
    key = b"-----BEGIN PRIVATE KEY-----\nx\n"
    files = {"collector.key": key, "old.pem": key, "collector.pub": b"-----BEGIN PUBLIC KEY-----", "sent.json": b"[]"}
    for name, content in {**files, "arriving/ab/cd.part": b"x", "arriving/ab/ef": b"x", "collector.part": key}.items():
        (lake / "carry" / name).parent.mkdir(parents=True, exist_ok=True)
        (lake / "carry" / name).write_bytes(content)
    said = bongsu("backup", first, "--lake", lake)
    assert said.code == 0
    assert _names(first) == {"lake/carry/collector.pub", "lake/carry/sent.json"}
    assert all(str(lake / "carry" / name) in said.out for name in ("collector.key", "old.pem"))
    assert "Bundles that have not arrived whole are not in it" in said.out
    with_keys = bongsu("backup", second, "--with-keys", "--lake", lake, "--json")
    assert with_keys.json["keys_left_out"] == []
    assert _names(second) == {f"lake/carry/{name}" for name in files}
    other = tmp_path / "other"
    assert process(other, "restore", second).returncode == 0
    kept = other / "lake" / "carry" / "collector.key"
    assert kept.read_bytes() == key
    assert sys.platform == "win32" or kept.stat().st_mode & 0o077 == 0
    assert filled.FLOOR.is_dir()


WRITES = """
import sqlite3, sys
from pathlib import Path
from bongsu.cli import backup
from bongsu.cli.__main__ import main
real, tables = backup._lines, []
def lines(model, rows):
    tables.append(model)
    if len(tables) == 2:
        other = sqlite3.connect(Path(sys.argv[2]).parent / "floor" / "floor.sqlite3", timeout=0)
        other.execute("DELETE FROM people_audithead")
        other.execute("INSERT INTO people_audithead (id, seq, mac, anchors, anchor) VALUES (1, 0, '', 0, '')")
        other.commit()
        print("written")
    yield from real(model, rows)
backup._lines = lines
main()
"""


def test_writers_go_on_while_sqlite_is_dumped(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    assert process(floor, "floor", "init").returncode == 0
    assert process(floor, "floor", "migrate").returncode == 0
    env = {**os.environ, "BONGSU_FLOOR": str(floor), "BONGSU_LAKE": str(floor / "lake"), "BONGSU_LANG": "en"}
    command = [sys.executable, "-c", WRITES, "backup", str(tmp_path / "all.zip"), "--without-lake"]
    for name in ("BONGSU_TEST_DATABASE_URL", "BONGSU_DATABASE_URL"):
        env.pop(name, None)
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("written")


def test_only_the_anchors_that_the_head_counts_are_kept(filled: Settings, on_sample: Bongsu, tmp_path: Path) -> None:
    file, held = tmp_path / "all.zip", filled.ANCHORS.read_bytes() + b"torn\n"
    later = json.dumps({**json.loads(held.splitlines()[0]), "number": 2}).encode() + b"\n"
    filled.ANCHORS.write_bytes(held + later)
    assert on_sample("backup", file, "--without-lake").code == 0
    assert zipfile.ZipFile(file).read(archive.ANCHORS) == held


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
