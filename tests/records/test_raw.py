"""The raw archive: the same bytes once, never half a file, errors that name the file."""

import os
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bongsu.language import BadInputError, ExitCode, Language
from bongsu.records import raw as raw_module
from bongsu.records.raw import RawArchive

NOW = datetime(2021, 1, 1, tzinfo=UTC)
HELLO = sha256(b"hello").hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> RawArchive:
    return RawArchive(tmp_path / "raw")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(b"hello")
    return path


def kept_files(archive: RawArchive) -> list[str]:
    return sorted(path.name for path in archive.folder.rglob("*") if path.is_file())


def test_the_same_bytes_are_kept_once_under_any_name(archive: RawArchive, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.csv"
    other.write_bytes(b"hello")
    first = archive.keep(file, received_at=NOW, url="https://one.example/a", media_type="text/csv")
    second = archive.keep(other, received_at=NOW)
    assert (first.sha256, second.sha256) == (HELLO, HELLO)
    assert (first.name, second.name, first.url) == ("a.csv", "b.csv", "https://one.example/a")
    assert first.path == second.path == archive.path(HELLO)
    assert (first.path.read_bytes(), first.size) == (b"hello", 5)
    assert kept_files(archive) == [HELLO]


def test_other_bytes_under_the_same_name_are_other_files(archive: RawArchive, file: Path) -> None:
    first = archive.keep(file, received_at=NOW)
    file.write_bytes(b"other")
    second = archive.keep(file, received_at=NOW)
    assert first.path.read_bytes() == b"hello"
    assert second.path.read_bytes() == b"other"


def test_a_copy_that_breaks_leaves_nothing_to_be_seen(
    archive: RawArchive, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _full_disk)
    with pytest.raises(OSError, match="no space left"):
        archive.keep(file, received_at=NOW)
    assert kept_files(archive) == []
    monkeypatch.undo()
    assert archive.intact(archive.keep(file, received_at=NOW).sha256)


def _full_disk(_: int) -> None:
    message = "no space left on device"
    raise OSError(message)


def test_a_file_that_changes_while_it_is_copied_is_refused(
    archive: RawArchive, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = raw_module._copy_whole

    def grow_then_copy(path: Path, kept: Path, digest: str) -> None:
        path.write_bytes(b"hello, and more")
        whole(path, kept, digest)

    monkeypatch.setattr(raw_module, "_copy_whole", grow_then_copy)
    with pytest.raises(BadInputError) as error:
        archive.keep(file, received_at=NOW)
    assert error.value.to(Language.KO) == f"{file}: 읽는 동안 파일이 바뀌었습니다. 다 쓰인 뒤에 다시 실행하십시오."
    assert kept_files(archive) == []


def test_a_missing_file_is_named_with_its_mend(archive: RawArchive, tmp_path: Path) -> None:
    missing = tmp_path / "없는 파일.csv"
    with pytest.raises(BadInputError) as error:
        archive.keep(missing, received_at=NOW)
    assert error.value.exit_code is ExitCode.BAD_INPUT
    assert error.value.to(Language.EN) == f"{missing}: there is no such file. Check the path."
    assert error.value.to(Language.KO) == f"{missing}: 파일이 없습니다. 경로를 확인하십시오."


def test_a_folder_is_no_file(archive: RawArchive, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        archive.keep(tmp_path, received_at=NOW)
    assert error.value.to(Language.EN).startswith(f"{tmp_path}: cannot be read (")
    assert error.value.to(Language.KO).startswith(f"{tmp_path}: 파일을 읽을 수 없습니다(")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_that_may_not_be_read_is_named(archive: RawArchive, file: Path) -> None:
    file.chmod(0)
    with pytest.raises(BadInputError) as error:
        archive.keep(file, received_at=NOW)
    assert error.value.where == str(file)


def test_bytes_that_changed_in_the_archive_are_found_out(archive: RawArchive, file: Path) -> None:
    kept = archive.keep(file, received_at=NOW)
    assert archive.intact(kept.sha256)
    kept.path.write_bytes(b"hellO")
    assert not archive.intact(kept.sha256)
    kept.path.unlink()
    assert not archive.intact(kept.sha256)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_name_in_an_old_korean_encoding_becomes_text(archive: RawArchive, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("수입.csv".encode("cp949"))
    path.write_bytes(b"hello")
    name = archive.keep(path, received_at=NOW).name
    assert name.encode().decode() == name
    assert name.endswith(".csv")
