"""Who vouches for a backup: the keys of the floor that it comes back to, those that it brings with it, or nobody."""

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bongsu.cli.archive import KEYS, is_sealed
from bongsu.cli.floor import KEYS as NAMES
from bongsu.cli.floor import floor_folder, make_keys, write_privately
from bongsu.language import BadInputError, Text, UsageError

FLOOR, ITSELF = "floor", "itself"
VOUCHED = {
    FLOOR: Text(
        "이곳의 열쇠로 쓴 백업이며, 감사 기록이 온전합니다.",
        "It was written under this floor's keys. The audit trail is whole.",
    ),
    ITSELF: Text(
        "감사 기록이 온전합니다. 다만 열쇠가 백업에 들어 있던 것이므로, 이 백업은 스스로를 보증할 뿐입니다.",
        "The audit trail is whole. But the keys came with the backup: it vouches for itself only.",
    ),
    None: Text(
        "아무도 보증하지 않은 백업입니다. 봉인도 감사 기록도 검증하지 않았으며, 새 열쇠를 만들었습니다.",
        "Nobody vouches for it: neither seal nor audit trail was verified, and new keys were made.",
    ),
}


def vouched(zipped: zipfile.ZipFile, manifest: Mapping[str, Any], file: Path, *, unverified: bool) -> str | None:
    """Who vouches for the backup: this floor's key where it has one, or else the one that it brings; None: nobody."""
    known = _known_key()
    if known is None and not manifest["keys"]:
        if unverified:
            return None
        raise UsageError(
            Text("이 백업을 검증할 열쇠가 없습니다.", "there is no key to verify this backup with."),
            where=str(floor_folder()),
            mend=Text(
                "백업한 곳의 keys.json 을 이 폴더에 두거나 BONGSU_AUDIT_KEY 를 주고 다시 하십시오. 열쇠를 잃었다면 "
                "--unverified 로 검증 없이 되살립니다.",
                "Put the keys.json of the floor that was backed up into this folder, or give BONGSU_AUDIT_KEY, and repeat. "
                "If the keys are lost, --unverified restores it unverified.",
            ),
        )
    if is_sealed(zipped, known or keys_of(zipped)["audit"].encode()):
        return FLOOR if known else ITSELF
    raise BadInputError(
        Text("이 열쇠로 쓴 백업이 아니거나 고쳐졌습니다.", "it was not written under these keys, or it was altered."),
        where=str(file),
        mend=Text(
            "백업한 곳의 열쇠로 다시 하십시오. 이곳의 keys.json 이 갓 만든 것이면 치우고 백업한 곳의 것을 두십시오.",
            "Repeat it with the keys of the floor that was backed up: if keys.json here was only just made, put that one in "
            "its place.",
        ),
    )


def _known_key() -> bytes | None:
    """This floor's audit key, as settings will have it."""
    if told := os.environ.get("BONGSU_AUDIT_KEY"):
        return told.encode()
    place = floor_folder() / "keys.json"
    return str(json.loads(place.read_bytes())["audit"]).encode() if place.is_file() else None


def keys_of(zipped: zipfile.ZipFile) -> dict[str, str]:
    """The keys that a backup brings."""
    held = json.loads(zipped.read(KEYS))
    return {name: str(held[name]) for name in NAMES}


@contextmanager
def keys_first(zipped: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Where this floor has no keys: the backup's, or new ones, before anything that needs them is opened."""
    place = floor_folder() / "keys.json"
    if place.exists() or (not manifest["keys"] and _known_key() is not None):
        yield
        return
    make_keys(place.parent)
    if manifest["keys"]:
        write_privately(place, json.dumps(keys_of(zipped)).encode())
    try:
        yield
    except BaseException:
        place.unlink(missing_ok=True)
        raise
