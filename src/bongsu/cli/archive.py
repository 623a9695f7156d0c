"""A backup's file: a zip of tables as JSON lines, attachments, anchors, keys and lake, with a manifest of hashes.

`tables/<app>.<model>.jsonl` holds one row a line by column, as the models see it: the same on SQLite and PostgreSQL.
"""

import base64
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from bongsu.language import BadInputError, Text

if TYPE_CHECKING:
    from django.db.models import Field, Model

FORMAT = 1
MANIFEST = "manifest.json"
PARTS = ("tables", "attachments", "anchors", "keys", "lake")
CHUNK = 1 << 20
# What a restored floor makes anew, or has no use for: who is signed in, who holds which job, what Django derives from code.
NOT_KEPT = frozenset(
    {"contenttypes.contenttype", "auth.permission", "sessions.session", "usersessions.usersession", "alerts.job"}
)


def kept_models() -> "list[type[Model]]":
    """The models whose rows a backup holds, by name."""
    from django.apps import apps  # noqa: PLC0415 - an extra

    every = (one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy)  # noqa: SLF001 - Django's documented door
    return sorted((one for one in every if label(one) not in NOT_KEPT), key=label)


def label(model: "type[Model]") -> str:
    """`people.user`."""
    return str(model._meta.label_lower)  # noqa: SLF001 - likewise


def columns(model: "type[Model]") -> "dict[str, Field[Any, Any]]":
    """Column's attribute → field."""
    return {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 - likewise


def migrations() -> list[str]:
    """The steps that the database has gone through."""
    from django.db import connection  # noqa: PLC0415 - an extra
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415 - likewise

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def as_line(row: Iterable[Any]) -> bytes:
    """One row."""
    return (
        json.dumps(
            [_stored(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        + b"\n"
    )


def _stored(value: Any) -> Any:  # noqa: ANN401 - a column's value
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case uuid.UUID() | Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
    return value


def as_row(line: bytes, fields: "Mapping[str, Field[Any, Any]]") -> dict[str, Any]:
    """The row behind a line, by column."""
    from django.db.models import JSONField  # noqa: PLC0415 - an extra

    values = json.loads(line)
    return {
        name: value if isinstance(field, JSONField) or value is None else field.to_python(value)
        for (name, field), value in zip(fields.items(), values, strict=True)
    }


class Packer:
    """Writes members, and remembers their hashes."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.hashes: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes], *, squeeze: bool = True) -> None:
        """One member from its bytes."""
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        seal = hashlib.sha256()
        with self._file.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                seal.update(chunk)
                member.write(chunk)
        self.hashes[name] = seal.hexdigest()

    def add_file(self, name: str, path: Path, *, squeeze: bool = False) -> None:
        """One member from a file."""
        with path.open("rb") as source:
            self.add(name, iter(lambda: source.read(CHUNK), b""), squeeze=squeeze)


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """A backup's file with its manifest; every member is there, is named there, and has its hash.

    Raises:
        BadInputError: it is no backup, or not the one that was written.
    """
    try:
        with zipfile.ZipFile(path) as file:
            manifest = json.loads(file.read(MANIFEST))
            _check(file, manifest, path)
            yield file, manifest
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise _bad(path, Text("백업 파일이 아니거나 손상되었습니다.", "it is no backup, or it is damaged.")) from error


def _check(file: zipfile.ZipFile, manifest: Mapping[str, Any], path: Path) -> None:
    if manifest["format"] != FORMAT:
        raise _bad(path, Text("이 판이 모르는 형식입니다.", "its format is not known to this version."))
    names = [one for one in file.namelist() if one != MANIFEST]
    if sorted(names) != sorted(manifest["files"]):
        raise _bad(path, Text("들어 있어야 할 것과 다릅니다.", "it does not hold what it should."))
    for name in names:
        if not _fit(name):
            raise _bad(path, Text(f"둘 수 없는 이름이 있습니다: {name}", f"a name in it leads elsewhere: {name}"))
        if hashed(file, name) != manifest["files"][name]:
            raise _bad(path, Text(f"{name}: 쓴 그대로가 아닙니다.", f"{name}: it is not as it was written."))


def hashed(file: zipfile.ZipFile, name: str) -> str:
    """A member's SHA-256."""
    seal = hashlib.sha256()
    with file.open(name) as member:
        for chunk in iter(lambda: member.read(CHUNK), b""):
            seal.update(chunk)
    return seal.hexdigest()


def _fit(name: str) -> bool:
    """Does it stay in its own part, on every system?"""
    parts = PurePosixPath(name).parts
    plain = not name.startswith("/") and ".." not in parts and "\\" not in name and ":" not in name
    return plain and bool(parts) and parts[0] in PARTS


def lines(file: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A table's lines."""
    with file.open(name) as member:
        yield from member


def write_out(file: zipfile.ZipFile, name: str, target: Path) -> None:
    """Put a member where it belongs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open(name) as member, target.open("wb") as out:
        _copy(member, out)


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    for chunk in iter(lambda: source.read(CHUNK), b""):
        out.write(chunk)


def _bad(path: Path, what: Text) -> BadInputError:
    return BadInputError(
        what, where=str(path), mend=Text("다른 백업 파일로 다시 하십시오.", "Try again with another backup.")
    )
