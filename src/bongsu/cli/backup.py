"""`bongsu backup`: database, attachments, anchors and lake in one file, whole or not at all, while everything runs on."""

import importlib.metadata
import json
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bongsu.cli.archive import FORMAT, MANIFEST, Packer, as_line, columns, kept_models, label, migrations
from bongsu.cli.floor import answering, floor_folder, opened
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text, UsageError

if TYPE_CHECKING:
    from django.db.models import Model

NOT_LAKE = frozenset({"scratch"})  # what the lake makes anew
NOT_LAKE_FILES = (".lock", "run.json")
CHUNK = 2000  # rows


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
            "lake": lake and _lake(session, packer),
        }
        zipped.writestr(MANIFEST, json.dumps({**manifest, "files": packer.hashes}, ensure_ascii=False, indent=1))
    _tell(session, file, manifest, as_json_=as_json_)
    return ExitCode.DONE


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
    with answering(), transaction.atomic():
        if connection.vendor == "postgresql" and not within:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        models = kept_models()
        for model in sorted(models, key=lambda one: label(one) != "people.audithead"):
            packer.add(f"tables/{label(model)}.jsonl", _lines(model, rows))
            if label(model) == "people.audithead" and settings.ANCHORS.is_file():
                packer.add_file("anchors/anchors.jsonl", settings.ANCHORS)  # at once: they must fit the head
    return dict(rows)


def _lines(model: "type[Model]", rows: Counter[str]) -> Iterator[bytes]:
    names = list(columns(model))
    rows[label(model)] = 0
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):  # noqa: SLF001 - Django's documented door
        rows[label(model)] += 1
        yield as_line(row)


def _keys(packer: Packer) -> bool:
    from django.conf import settings  # noqa: PLC0415 - an extra

    held = {"secret": settings.SECRET_KEY, "audit": settings.AUDIT_KEY.decode()}
    packer.add("keys/keys.json", [json.dumps(held).encode()])
    return True


def _attachments(packer: Packer) -> int:
    from django.conf import settings  # noqa: PLC0415 - an extra

    return _folder(packer, "attachments", settings.ATTACHMENTS)


def _lake(session: Session, packer: Packer) -> bool:
    """The lake, while nobody writes to it."""
    if not (session.folder / "journal").is_dir():
        return False
    lake = session.lake()
    try:
        with lake.writing(wait_seconds=600):
            _folder(packer, "lake", session.folder)
    finally:
        lake.close()
    return True


def _folder(packer: Packer, part: str, folder: Path) -> int:
    files = (
        sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        if folder.is_dir()
        else []
    )
    chosen = [path for path in files if part != "lake" or _of_lake(path.relative_to(folder))]
    for path in chosen:
        packer.add_file(f"{part}/{path.relative_to(folder).as_posix()}", path)
    return len(chosen)


def _of_lake(path: Path) -> bool:
    return path.parts[0] not in NOT_LAKE and not path.name.endswith(NOT_LAKE_FILES)


def _tell(session: Session, file: Path, manifest: dict[str, Any], *, as_json_: bool) -> None:
    rows = sum(manifest["rows"].values())
    facts = {"file": str(file), "bytes": file.stat().st_size, "rows": rows, "attachments": manifest["attachments"]}
    if as_json_:
        as_json(session, {**facts, "lake": manifest["lake"], "keys": manifest["keys"]})
        return
    said = Text(
        "{file}: {rows}행, 첨부 {attachments}개, {bytes}바이트.",
        "{file}: {rows} rows, {attachments} attachments, {bytes} bytes.",
    )
    session.out.print(session.say(said.format(**facts)), markup=False, soft_wrap=True)
    if not manifest["keys"]:
        said = Text(
            "열쇠는 들어 있지 않습니다. {keys} 을(를) 따로 보관하십시오.",
            "The keys are not in it. Keep {keys} elsewhere.",
        )
        session.out.print(session.say(said.format(keys=floor_folder() / "keys.json")), markup=False, soft_wrap=True)
