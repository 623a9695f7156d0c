"""`bongsu restore`: a backup brought back where nothing stands yet, whole or not at all.

The backup's seal must fit this floor's key; where there is none, the one that it brings, which vouches for itself only.
Files are laid beside their places first. Then, in one transaction, the rows are written, the audit trail is verified, and
the files are moved into place. A run that was killed in between left a note of what it moved, and the next one undoes it.
"""

import json
import shutil
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bongsu.cli.archive import (
    as_row,
    columns,
    kept_models,
    label,
    lines,
    migrations,
    unpacked,
    write_out,
)
from bongsu.cli.floor import answering, brought_up, floor_folder, opened, write_privately
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.cli.vouch import VOUCHED, keys_first, keys_of, vouched
from bongsu.language import BadInputError, ExitCode, Text, UsageError

if TYPE_CHECKING:
    from django.db.models import Model

CHUNK = 1000  # rows


@dataclass(frozen=True)
class Move:
    """What was laid beside its place, and its place."""

    laid: Path
    place: Path


def run(session: Session, file: Path, *, unverified: bool, as_json_: bool) -> ExitCode:
    """Bring the backup back.

    Raises:
        UsageError: something stands here already, or no key is known that could vouch for the backup.
        BadInputError: it is no backup, of another version, or it does not fit the keys.
    """
    with unpacked(file) as (zipped, manifest):
        by = vouched(zipped, manifest, file, unverified=unverified)
        with keys_first(zipped, manifest):
            opened(session)
            brought_up()
            _check_version(manifest, file)
            with answering():
                _undo_killed()
                _check_empty(session, manifest)
                _check_room(session, zipped, file)
                rows = _whole(session, zipped, manifest, trail=by is not None)
    facts = {"file": str(file), "rows": rows, "attachments": manifest["attachments"], "lake": manifest["lake"]}
    if as_json_:
        as_json(session, {**facts, "vouched_for_by": by})
    else:
        for said in (_RESTORED.format(**facts), VOUCHED[by]):
            session.out.print(session.say(said), markup=False, soft_wrap=True)
    return ExitCode.DONE


_RESTORED = Text("되살렸습니다: {rows}행, 첨부 {attachments}개.", "Restored: {rows} rows, {attachments} attachments.")

# ---- what must hold before


def _check_version(manifest: Mapping[str, Any], file: Path) -> None:
    if set(manifest["migrations"]) != set(migrations()) or set(manifest["rows"]) != {
        label(one) for one in kept_models()
    }:
        version = manifest["bongsu"]
        raise BadInputError(
            Text(f"봉수 {version} 판의 백업이라 표가 다릅니다.", f"it is of Bongsu {version}, whose tables differ."),
            where=str(file),
            mend=Text(
                f"봉수 {version} 판으로 되살린 뒤 판을 올리십시오.", f"Restore it with Bongsu {version}, then upgrade."
            ),
        )


def _check_empty(session: Session, manifest: Mapping[str, Any]) -> None:
    from django.conf import settings  # noqa: PLC0415 - an extra

    filled = [label(model) for model in kept_models() if model._base_manager.exists()]  # noqa: SLF001 - Django's documented door
    places = [settings.ATTACHMENTS, settings.ANCHORS, *([session.folder] if manifest["lake"] else [])]
    filled += [str(place) for place in places if _stands(place)]
    if filled:
        raise UsageError(
            Text(f"비어 있지 않습니다: {', '.join(filled[:3])}.", f"something stands here: {', '.join(filled[:3])}."),
            mend=Text(
                "빈 데이터베이스와 빈 폴더에만 되살립니다.", "Restore into an empty database and empty folders only."
            ),
        )


def _check_room(session: Session, zipped: zipfile.ZipFile, file: Path) -> None:
    """Refuse what would fill a disk, before anything is written there."""
    needed: Counter[int] = Counter()
    free: dict[int, int] = {}
    for one in zipped.infolist():
        place = _standing(session.folder if one.filename.startswith("lake/") else floor_folder())
        disk = place.stat().st_dev
        needed[disk] += one.file_size
        free.setdefault(disk, shutil.disk_usage(place).free)
    for disk, size in needed.items():
        if size > free[disk]:
            raise BadInputError(
                Text(
                    f"자리가 모자랍니다: {size:,}바이트가 필요하고 {free[disk]:,}바이트가 비어 있습니다.",
                    f"there is no room: it takes {size:,} bytes, and {free[disk]:,} are free.",
                ),
                where=str(file),
                mend=Text("자리를 비우고 다시 하십시오.", "Make room, and repeat."),
            )


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return folder if folder.exists() else _standing(folder.parent)


def _stands(place: Path) -> bool:
    if place.is_dir():
        return any(not one.name.endswith(".lock") for one in place.iterdir())
    return place.exists()


# ---- the restore itself


def _whole(session: Session, zipped: zipfile.ZipFile, manifest: Mapping[str, Any], *, trail: bool) -> int:
    from django.db import connection, transaction  # noqa: PLC0415 - an extra

    moves = _laid(session, zipped)
    try:
        with transaction.atomic():
            rows = sum(_filled(zipped, model, manifest) for model in kept_models())
            _number_on()
            connection.check_constraints()
            if trail:
                _check_trail(zipped, manifest, moves)
            _moved(moves)
    except BaseException:
        _undo(moves)
        raise
    finally:
        _note_gone()
    return rows


def _laid(session: Session, zipped: zipfile.ZipFile) -> list[Move]:
    """Every part's files beside their place, on the same disk: a rename then moves them at once."""
    from django.conf import settings  # noqa: PLC0415 - an extra

    places = {
        "attachments": settings.ATTACHMENTS,
        "anchors": settings.ANCHORS,
        "lake": session.folder,
        "keys": floor_folder() / "keys.json",
    }
    mark = f".restoring-{uuid.uuid4().hex[:8]}"
    moves = {part: Move(place.with_name(place.name + mark), place) for part, place in places.items()}
    for name in zipped.namelist():
        part, *rest = PurePosixPath(name).parts
        if part in moves:
            laid = moves[part].laid
            write_out(zipped, name, laid.joinpath(*rest) if part in ("attachments", "lake") else laid)
            laid.chmod(0o700 if laid.is_dir() else 0o600)
    return [move for move in moves.values() if move.laid.exists()]


def _filled(zipped: zipfile.ZipFile, model: "type[Model]", manifest: Mapping[str, Any]) -> int:
    """One table's rows, as they were; how many."""
    fields, name = columns(model), f"tables/{label(model)}.jsonl"
    rows = (model(**as_row(line, fields)) for line in lines(zipped, name))
    count = 0
    with _own_times(model):
        while chunk := list(islice(rows, CHUNK)):
            model._base_manager.bulk_create(chunk)  # noqa: SLF001 - likewise
            count += len(chunk)
    if count != manifest["rows"][label(model)]:
        raise BadInputError(Text(f"{name}: 행이 모자랍니다.", f"{name}: rows are missing."))
    return count


@contextmanager
def _own_times(model: "type[Model]") -> Iterator[None]:
    """Columns that Django fills with the clock keep what they held."""
    clocked: list[Any] = [
        one for one in columns(model).values() if getattr(one, "auto_now", False) or getattr(one, "auto_now_add", False)
    ]
    were = [(one.auto_now, one.auto_now_add) for one in clocked]
    for one in clocked:
        one.auto_now = one.auto_now_add = False
    try:
        yield
    finally:
        for one, (now, add) in zip(clocked, were, strict=True):
            one.auto_now, one.auto_now_add = now, add


def _number_on() -> None:
    """New rows are numbered after those restored."""
    from django.core.management.color import no_style  # noqa: PLC0415 - an extra
    from django.db import connection  # noqa: PLC0415 - likewise

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


def _check_trail(zipped: zipfile.ZipFile, manifest: Mapping[str, Any], moves: list[Move]) -> None:
    from django.conf import settings  # noqa: PLC0415 - an extra

    from bongsu.people.verify import verify  # noqa: PLC0415 - likewise

    key = keys_of(zipped)["audit"].encode() if manifest["keys"] else settings.AUDIT_KEY
    anchors = next((move.laid for move in moves if move.place == settings.ANCHORS), settings.ANCHORS)
    if faults := verify(key, anchors):
        first = faults[0]
        raise BadInputError(
            Text(
                f"감사 기록이 이 열쇠로 온전하지 않습니다({first.seq}: {first.what.ko}).",
                f"its audit trail is not whole under these keys ({first.seq}: {first.what.en}).",
            ),
            mend=Text(
                "백업한 곳의 keys.json 을 이 폴더에 두고 다시 하십시오.",
                "Put the keys.json of the floor that was backed up into this one, and repeat.",
            ),
        )


# ---- files into their places, and back


def _note() -> Path:
    return floor_folder() / "restoring.json"


def _note_gone() -> None:
    _note().unlink(missing_ok=True)


def _moved(moves: list[Move]) -> None:
    note = [{"laid": str(one.laid), "place": str(one.place)} for one in moves]
    write_privately(_note(), json.dumps(note).encode())
    for one in moves:
        if one.place.is_dir():
            shutil.rmtree(one.place)  # nothing but locks, as was checked
        one.laid.replace(one.place)


def _undo(moves: list[Move]) -> None:
    """Take away what was laid or moved; keys that stood here before are replaced last and by a rename, and so stay."""
    for one in moves:
        gone = one.laid if one.laid.exists() else one.place if one.place.name != "keys.json" else None
        if gone is not None and gone.is_dir():
            shutil.rmtree(gone)
        elif gone is not None:
            gone.unlink(missing_ok=True)


def _undo_killed() -> None:
    """What a killed restore had moved, where its rows never came."""
    if not _note().is_file():
        return
    if not any(model._base_manager.exists() for model in kept_models()):  # noqa: SLF001 - likewise
        _undo([Move(Path(one["laid"]), Path(one["place"])) for one in json.loads(_note().read_text(encoding="utf-8"))])
    _note_gone()
