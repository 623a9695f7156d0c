"""The raw archive: bytes as received, kept under their SHA-256, never changed."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw

_CHUNK = 1 << 20


class RawArchive:
    """A folder of received files. The same bytes are kept once, whatever they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash stand."""
        return self.folder / sha256[:2] / sha256

    def keep(self, file: Path, *, received_at: datetime, name: str = "", url: str = "", media_type: str = "") -> Raw:
        """Keep a copy of `file`; the same bytes again change nothing."""
        try:
            sha256 = _hash(file)
            kept = self.path(sha256)
            if not kept.exists():
                _copy_whole(file, kept, sha256)
        except FileNotFoundError:
            raise BadInputError(
                Text("파일이 없습니다.", "there is no such file."),
                where=str(file),
                mend=Text("경로를 확인하십시오.", "Check the path."),
            ) from None
        except (IsADirectoryError, PermissionError) as error:
            raise BadInputError(
                Text(f"파일을 읽을 수 없습니다({error.strerror}).", f"cannot be read ({error.strerror})."),
                where=str(file),
            ) from error
        return Raw(sha256, _as_text(name or file.name), kept, kept.stat().st_size, url, received_at, media_type)

    def intact(self, sha256: str) -> bool:
        """Are the bytes kept under this hash still those bytes?"""
        kept = self.path(sha256)
        return kept.is_file() and _hash(kept) == sha256


def _as_text(name: str) -> str:
    """A file's name as text: bytes that are no UTF-8 (an old Korean archive's names) become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _copy_whole(file: Path, kept: Path, sha256: str) -> None:
    """Copy beside the target, then rename: a reader never sees half a file."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}.part")
    try:
        with file.open("rb") as source, partial.open("wb") as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if _hash(partial) != sha256:
            raise BadInputError(
                Text("읽는 동안 파일이 바뀌었습니다.", "the file changed while it was read."),
                where=str(file),
                mend=Text("다 쓰인 뒤에 다시 실행하십시오.", "Run this again when it is complete."),
            )
        partial.replace(kept)
    finally:
        partial.unlink(missing_ok=True)
