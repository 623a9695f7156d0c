"""Anchors: copies of the trail's head outside the database, so that a trail cut short is shorter than they remember.

A file of JSON lines, only ever appended to. Each anchor is sealed and names the one before it, and the database counts
them: an anchor that is forged, edited or taken out shows as well. The file belongs on another disk or machine
(`BONGSU_ANCHORS`): whoever can rewind both, and only they, can cut what came since the last copy that they cannot reach.
"""

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from bongsu.people.audit import seal
from bongsu.people.models import AuditHead

_TAIL = 4096  # bytes, more than two anchors


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """The trail's head at a moment.

    Args:
        number: 1, 2, 3 … in the file.
        seq, mac: the trail's last line then.
        at: when, ISO 8601, UTC.
        before: the seal of the anchor before, "" for the first.
        seal: HMAC-SHA256 over all of this.
    """

    number: int
    seq: int
    mac: str
    at: str
    before: str
    seal: str

    @property
    def line(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), separators=(",", ":")).encode() + b"\n"

    def is_sealed(self, key: bytes) -> bool:
        """Did somebody with the key write it?"""
        return hmac.compare_digest(self.seal, _seal(asdict(self), key))


@transaction.atomic
def anchor(file: Path, key: bytes, at: datetime) -> Anchor | None:
    """Append the trail's head to `file`, on the disk when this returns.

    Args:
        file: where; made with its folder if it is not there.
        key: the installation's audit key.
        at: now.

    Returns:
        The new anchor; None where the trail has not grown since the last one.
    """
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None or head.seq == 0:
        return None
    last = _last(file, key)
    if last and last.number >= head.anchors:
        number, before, known = last.number, last.seal, last.seq == head.seq and last.mac == head.mac
    else:  # the file is shorter than the database remembers: go on from there, and let the gap show
        number, before, known = head.anchors, head.anchor, False
    if known:
        return None
    facts: dict[str, Any] = {"number": number + 1, "seq": head.seq, "mac": head.mac, "before": before}
    facts["at"] = at.astimezone(UTC).isoformat(timespec="seconds")
    added = Anchor(**facts, seal=_seal(facts, key))
    _append(file, added.line)
    head.anchors, head.anchor = added.number, added.seal
    head.save(update_fields=("anchors", "anchor"))
    return added


def anchors_in(file: Path, size: int | None = None) -> Iterator[Anchor | None]:
    """The anchors of a file in its order; None for a line that is none, as a power cut leaves it.

    Args:
        file: where they are.
        size: how many bytes of it to read; None: all.
    """
    if not file.is_file():
        return
    with file.open("rb") as lines:
        read = 0
        for line in lines:
            read += len(line)
            if size is not None and read > size:
                return
            if line != b"\n":
                yield _read(line)


def is_torn(file: Path) -> bool:
    """Does the file end in the middle of a line? A power cut does that; the next anchor begins a new one."""
    return _tail(file)[-1:] not in {b"", b"\n"}


def _seal(facts: dict[str, Any], key: bytes) -> str:
    return seal(["anchor", {name: value for name, value in facts.items() if name != "seal"}], key)


def _read(line: bytes) -> Anchor | None:
    try:
        found = Anchor(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    typed = all(type(value) is Anchor.__annotations__[name] for name, value in asdict(found).items())
    return found if typed and found.line == line else None


def _last(file: Path, key: bytes) -> Anchor | None:
    """The last whole anchor that we sealed, among the file's last lines."""
    for line in reversed(_tail(file).splitlines(keepends=True)):
        found = _read(line)
        if found and found.is_sealed(key):
            return found
    return None


def _tail(file: Path) -> bytes:
    if not file.is_file():
        return b""
    with file.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL))
        return stream.read()


def _append(file: Path, line: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = b"\n" + line if is_torn(file) else line
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "ab") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
