"""A backup's file: a zip of tables as JSON lines, attachments, anchors, keys and lake, with a manifest of hashes.

`tables/<app>.<model>.jsonl` holds one row a line by column, as the models see it: the same on SQLite and PostgreSQL.
The manifest names every member with its hash, and is sealed under the audit key of the floor that wrote it.
"""

import base64
import hashlib
import hmac
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
from bongsu.records.carry.packing import FOLDER as CARRY

if TYPE_CHECKING:
    from django.db.models import Field, Model

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.seal"
KEYS, ANCHORS = "keys/keys.json", "anchors/anchors.jsonl"
CHUNK = 1 << 20
MOST_MANIFEST, MOST_MEMBER, MOST_BYTES = 256 << 20, 64 << 30, 256 << 30
NOT_LAKE = ("scratch", f"{CARRY}/arriving")  # what the lake makes anew, and bundles that have not arrived whole
NOT_LAKE_FILES = (".lock", "run.json")
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


def of_lake(path: PurePosixPath) -> bool:
    """Is a file of the lake's, by its path there, kept? Locks, scratch and what is half written are not."""
    half = path.parts[0] == CARRY and path.suffix == ".part"
    apart = any(path.is_relative_to(one) for one in NOT_LAKE)
    return not half and not apart and not path.name.endswith(NOT_LAKE_FILES)


def is_private(path: PurePosixPath) -> bool:
    """Does a file of the lake's hold a key that nobody else may have: the one that signs what is carried out?"""
    return path.parts[0] == CARRY and ".key" in path.suffixes


def seal(key: bytes, manifest: bytes) -> bytes:
    """What only who has the audit key can write beside a manifest; of no use for the trail, whose seals are others."""
    own = hmac.digest(key, b"bongsu backup manifest", "sha256")
    return hmac.new(own, manifest, "sha256").hexdigest().encode()


def is_sealed(file: zipfile.ZipFile, key: bytes) -> bool:
    """Was this backup written by a floor with this key?"""
    given = file.read(SEAL) if SEAL in file.namelist() else b""
    return hmac.compare_digest(given, seal(key, file.read(MANIFEST)))


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
        BadInputError: it is no backup, not the one that was written, or larger than any.
    """
    try:
        with zipfile.ZipFile(path) as file:
            _check_sizes(file, path)
            manifest = json.loads(file.read(MANIFEST))
            _check(file, manifest, path)
            yield file, manifest
    except (
        OSError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        RecursionError,
    ) as error:
        raise _bad(path, Text("백업 파일이 아니거나 손상되었습니다.", "it is no backup, or it is damaged.")) from error


def _check_sizes(file: zipfile.ZipFile, path: Path) -> None:
    """No more is read of a member than what its header tells."""
    for one in file.infolist():
        if one.file_size > (MOST_MANIFEST if one.filename in (MANIFEST, SEAL) else MOST_MEMBER):
            raise _bad(path, Text(f"{one.filename}: 너무 큽니다.", f"{one.filename}: it is too large."))
    if sum(one.file_size for one in file.infolist()) > MOST_BYTES:
        raise _bad(path, Text("너무 큽니다.", "it is too large."))


def _check(file: zipfile.ZipFile, manifest: Mapping[str, Any], path: Path) -> None:
    if manifest["format"] != FORMAT:
        raise _bad(path, Text("이 판이 모르는 형식입니다.", "its format is not known to this version."))
    names = [one for one in file.namelist() if one not in (MANIFEST, SEAL)]
    for name in (*names, *manifest["files"]):
        if not _fit(name, manifest):
            raise _bad(path, Text(f"받지 않는 것이 들어 있습니다: {name}", f"it holds what is not taken: {name}"))
    if len(file.namelist()) != len(set(file.namelist())) or set(names) != set(manifest["files"]):
        odd = ", ".join(sorted(set(names) ^ set(manifest["files"]))[:3])
        raise _bad(path, Text(f"들어 있어야 할 것과 다릅니다: {odd}", f"it does not hold what it should: {odd}"))
    for name in names:
        if hashed(file, name) != manifest["files"][name]:
            raise _bad(path, Text(f"{name}: 쓴 그대로가 아닙니다.", f"{name}: it is not as it was written."))


def hashed(file: zipfile.ZipFile, name: str) -> str:
    """A member's SHA-256."""
    seal = hashlib.sha256()
    with file.open(name) as member:
        for chunk in iter(lambda: member.read(CHUNK), b""):
            seal.update(chunk)
    return seal.hexdigest()


def _fit(name: str, manifest: Mapping[str, Any]) -> bool:
    """Is it one of the members that a backup has, and does it stay in its own part on every system?"""
    path = PurePosixPath(name)
    if str(path) != name or path.is_absolute() or ".." in path.parts or any(one in name for one in "\\:\0"):
        return False
    match path.parts:
        case ("tables", table):
            return table.removesuffix(".jsonl") in manifest["rows"] and table.endswith(".jsonl")
        case ("lake", *rest) if rest:
            inner = PurePosixPath(*rest)
            return manifest["lake"] is True and of_lake(inner) and (manifest["keys"] is True or not is_private(inner))
        case ("attachments", *rest) if rest:
            return True
    return name == ANCHORS or (name == KEYS and manifest["keys"] is True)


def lines(file: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A table's lines."""
    with file.open(name) as member:
        yield from member


def write_out(file: zipfile.ZipFile, name: str, target: Path) -> None:
    """Put a member where it belongs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open(name) as member, target.open("wb") as out:
        if is_private(PurePosixPath(*PurePosixPath(name).parts[1:])):
            target.chmod(0o600)
        _copy(member, out)


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    for chunk in iter(lambda: source.read(CHUNK), b""):
        out.write(chunk)


def _bad(path: Path, what: Text) -> BadInputError:
    return BadInputError(
        what, where=str(path), mend=Text("다른 백업 파일로 다시 하십시오.", "Try again with another backup.")
    )
