"""`bongsu backup`: database, attachments, anchors and lake in one file, whole or not at all, while everything runs on."""

import importlib.metadata
import json
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bongsu.cli.archive import (
    ANCHORS,
    FORMAT,
    KEYS,
    MANIFEST,
    SEAL,
    Packer,
    as_line,
    columns,
    is_private,
    kept_models,
    label,
    migrations,
    of_lake,
    seal,
)
from bongsu.cli.floor import answering, floor_folder, opened
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.carry.packing import FOLDER as CARRY

if TYPE_CHECKING:
    from django.db.models import Model

CHUNK = 2000  # rows
LARGEST_KEY = 1 << 16  # bytes


def run(session: Session, file: Path, *, keys: bool, lake: bool, as_json_: bool) -> ExitCode:
    """Write the backup.

    Raises:
        UsageError: the file is there already.
    """
    opened(session)
    if file.exists():
        raise UsageError(
            Text("이미 있는 파일입니다.", "it is there already."),
            where=str(file),
            mend=Text("다른 이름을 주십시오.", "Give another name."),
        )
    with _whole(file) as zipped:
        packer = Packer(zipped)
        manifest = {
            "format": FORMAT,
            "bongsu": importlib.metadata.version("bongsu"),
            "made_at": session.now.isoformat(),
            "rows": _database(packer),
            "migrations": migrations(),
            "keys": keys and _keys(packer),
            "attachments": _attachments(packer),
            "lake": lake and _lake(session, packer, keys=keys),
        }
        _sealed(zipped, {**manifest, "files": packer.hashes})
    _tell(session, file, manifest, as_json_=as_json_)
    return ExitCode.DONE


def _sealed(zipped: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    from django.conf import settings  # noqa: PLC0415 - an extra

    written = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    zipped.writestr(MANIFEST, written)
    zipped.writestr(SEAL, seal(settings.AUDIT_KEY, written))


@contextmanager
def _whole(file: Path) -> Iterator[zipfile.ZipFile]:
    """A zip that takes its name only when it is complete and on the disk; for its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
                yield zipped
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _database(packer: Packer) -> dict[str, int]:
    """Every table as of one moment; how many rows of each."""
    from django.conf import settings  # noqa: PLC0415 - an extra
    from django.db import connection, transaction  # noqa: PLC0415 - likewise

    rows: Counter[str] = Counter()
    within = connection.in_atomic_block  # somebody's transaction: it is as of one moment already, or theirs to make so
    with answering(), _reading(), transaction.atomic():
        if connection.vendor == "postgresql" and not within:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        models = kept_models()
        for model in sorted(models, key=lambda one: label(one) != "people.audithead"):
            packer.add(f"tables/{label(model)}.jsonl", _lines(model, rows))
            if label(model) == "people.audithead" and settings.ANCHORS.is_file():
                packer.add(ANCHORS, _anchors(settings.ANCHORS), squeeze=False)  # at once: they must fit the head
    return dict(rows)


@contextmanager
def _reading() -> Iterator[None]:
    """SQLite's transactions lock others out from their first statement on; this one only reads, and lets them write."""
    from django.db import connection  # noqa: PLC0415 - an extra

    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()  # which is when it takes its mode from the settings
    one: Any = connection
    mode, one.transaction_mode = one.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        one.transaction_mode = mode


def _anchors(file: Path) -> Iterator[bytes]:
    """The anchors that the head of this moment counts: whoever writes meanwhile adds others."""
    from bongsu.people.models import AuditHead  # noqa: PLC0415 - an extra

    counted = AuditHead.objects.filter(pk=1).values_list("anchors", flat=True).first() or 0
    with file.open("rb") as anchors:
        yield from (line for line in anchors if _number(line) <= counted)


def _number(line: bytes) -> int:
    """Which anchor it is; 0 where a power cut tore it."""
    try:
        return int(json.loads(line)["number"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0


def _lines(model: "type[Model]", rows: Counter[str]) -> Iterator[bytes]:
    names = list(columns(model))
    rows[label(model)] = 0
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):  # noqa: SLF001 - Django's documented door
        rows[label(model)] += 1
        yield as_line(row)


def _keys(packer: Packer) -> bool:
    from django.conf import settings  # noqa: PLC0415 - an extra

    held = {"secret": settings.SECRET_KEY, "audit": settings.AUDIT_KEY.decode()}
    packer.add(KEYS, [json.dumps(held).encode()])
    return True


def _attachments(packer: Packer) -> int:
    from django.conf import settings  # noqa: PLC0415 - an extra

    return _folder(packer, "attachments", settings.ATTACHMENTS)


def _lake(session: Session, packer: Packer, *, keys: bool) -> bool:
    """The lake, while nobody writes to it."""
    if not (session.folder / "journal").is_dir():
        return False
    lake = session.lake()
    try:
        with lake.writing(wait_seconds=600):
            _folder(packer, "lake", session.folder, lambda path: of_lake(path) and (keys or not _is_key(session, path)))
    finally:
        lake.close()
    return True


def _folder(
    packer: Packer, part: str, folder: Path, wanted: Callable[[PurePosixPath], bool] = lambda _path: True
) -> int:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    names = [PurePosixPath(path.relative_to(folder).as_posix()) for path in files]
    chosen = [name for name in names if wanted(name)]
    for name in chosen:
        packer.add_file(f"{part}/{name}", folder / name)
    return len(chosen)


def _tell(session: Session, file: Path, manifest: dict[str, Any], *, as_json_: bool) -> None:
    rows = sum(manifest["rows"].values())
    facts = {"file": str(file), "bytes": file.stat().st_size, "rows": rows, "attachments": manifest["attachments"]}
    left = [] if manifest["keys"] else [str(path) for path in _keys_kept_out(session)]
    if as_json_:
        as_json(session, {**facts, "lake": manifest["lake"], "keys": manifest["keys"], "keys_left_out": left})
        return
    said = [_WHAT.format(**facts)]
    said += [_NO_KEYS.format(keys=", ".join(left))] if left else [_GUARD]
    said += [] if manifest["lake"] else [_NO_LAKE]
    said += [_ARRIVING] if manifest["lake"] and (session.folder / CARRY / "arriving").is_dir() else []
    for one in said:
        session.out.print(session.say(one), markup=False, soft_wrap=True)


def _keys_kept_out(session: Session) -> Iterator[Path]:
    """The keys that somebody has to keep elsewhere."""
    yield floor_folder() / "keys.json"
    for path in sorted((session.folder / CARRY).rglob("*")):
        name = PurePosixPath(path.relative_to(session.folder).as_posix())
        if path.is_file() and of_lake(name) and _is_key(session, name):
            yield path


def _is_key(session: Session, path: PurePosixPath) -> bool:
    """A private key of those that carry, whatever somebody has called it."""
    if is_private(path) or path.parts[0] != CARRY:
        return is_private(path)
    with (session.folder / path).open("rb") as file:
        return b"PRIVATE KEY" in file.read(LARGEST_KEY)


_WHAT = Text(
    "{file}: {rows}행, 첨부 {attachments}개, {bytes}바이트.",
    "{file}: {rows} rows, {attachments} attachments, {bytes} bytes.",
)
_NO_KEYS = Text(
    "열쇠는 들어 있지 않습니다. {keys} 을(를) 따로 보관하십시오. 없으면 되살릴 수 없습니다.",
    "The keys are not in it. Keep {keys} elsewhere: nothing is restored without them.",
)
_GUARD = Text(
    "열쇠가 들어 있습니다. 이 파일을 열쇠처럼 지키십시오.", "The keys are in it: guard this file as you guard them."
)
_NO_LAKE = Text("기록 저장소는 들어 있지 않습니다.", "The lake is not in it.")
_ARRIVING = Text("반입이 끝나지 않은 봉투는 들어 있지 않습니다.", "Bundles that have not arrived whole are not in it.")
