"""Carry out: what the collector's journal tells since the last bundle, into the next one."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bongsu.language import BadInputError, Text, UsageError
from bongsu.records.carry.container import pieces_of, signed, write
from bongsu.records.carry.keys import Sign, signing
from bongsu.records.carry.manifest import (
    CARRIABLE,
    DELIVERED,
    PIECE,
    Delivery,
    Manifest,
    Member,
    as_bytes,
    digest,
)
from bongsu.records.journal import Entry, raw_as_json
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.records.marking import GRADES
from bongsu.records.shapes import FLOOR_SOURCE

FOLDER = "carry"  # in the lake's: keys, what was sent, what is being carried in
LEDGER = "sent.json"
MOST_PARTS = 999


@dataclass(frozen=True)
class Sent:
    """One bundle that was carried out."""

    bundle: int
    first: int
    last: int
    digest: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Out:
    """What became of carrying out.

    Args:
        sent: the bundle; None where nothing to carry has come since the last one.
        left_out: entries of what a floor publishes itself, which is never carried.
    """

    sent: Sent | None
    left_out: int = 0


def carry_out(
    lake: Lake, bundle: Path, *, now: datetime, since: int | None = None, part_size: int | None = None
) -> Out:
    """Write the next bundle, if anything has come since the last one.

    Args:
        lake: the collector's.
        bundle: the file to write; of several parts, their names end in .001, .002, …
        now: the moment.
        since: the last entry of an earlier bundle, to carry out again what followed it; None: the last bundle.
        part_size: bytes of raw files in one part, for media that hold no more; None: one file.

    Raises:
        UsageError: no key, no such place to begin at, or the file is there already.
        BadInputError: a raw file has been damaged.
        LakeBusyError: another process carries out.
    """
    folder = lake.folder / FOLDER
    collector, sign = signing(folder)
    with only_one(folder, "out.lock"):
        ledger = _ledger(folder)
        finished = _finish(ledger)
        before = _before(ledger, since)
        entries = [one for one in lake.snapshot().journal() if one.seq > (before.last if before else 0)]
        told = [one for one in entries if one.status in CARRIABLE and not one.given.get("edition")]
        public = [one for one in told if one.source != FLOOR_SOURCE]
        left_out = len(told) - len(public)
        if not public:
            return Out(ledger[-1] if finished else None, left_out)
        deliveries = tuple(map(_delivery, public))
        members = tuple(_members(lake, deliveries))
        manifest = Manifest(
            collector=collector,
            bundle=before.bundle + 1 if before else 1,
            previous=before.digest if before else "",
            first=entries[0].seq,
            last=entries[-1].seq,
            made_at=now,
            members=members,
            parts=_parts(sum(len(member.pieces) for member in members), part_size or 0),
            deliveries=deliveries,
        )
        return Out(_written(lake, bundle, manifest, sign, ledger), left_out)


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """One process at a time carries."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / name, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LakeBusyError(
            Text("다른 작업이 봉투를 옮기고 있습니다.", "another process carries bundles of this lake."),
            where=str(folder),
            mend=Text("그 작업이 끝난 뒤 다시 실행하십시오.", "Run this again when it has finished."),
        ) from None
    try:
        yield
    finally:
        lock.release()


def _before(ledger: Sequence[Sent], since: int | None) -> Sent | None:
    """The bundle that the next one follows."""
    if since is None:
        return ledger[-1] if ledger else None
    if since == 0:
        return None
    for sent in reversed(ledger):
        if sent.last == since:
            return sent
    ends = ", ".join(str(sent.last) for sent in ledger) or "0"
    raise UsageError(
        Text(f"순번 {since}에서 끝난 봉투가 없습니다.", f"no bundle ends at entry {since}."),
        where="--since",
        mend=Text(f"0 또는 봉투가 끝난 순번을 주십시오: {ends}.", f"Give 0, or where a bundle ended: {ends}."),
    )


def _delivery(entry: Entry) -> Delivery:
    own = entry.raws[: entry.given.get("raws", len(entry.raws))]
    return Delivery(
        **{name: getattr(entry, name) for name in ("seq", "status", "source", "run_id", "read_at", "published")},
        published_basis=entry.published_basis,
        asked=entry.asked,
        given={name: entry.given[name] for name in ("published", "mapping") if name in entry.given},
        said=tuple(entry.said),
        raws=tuple(raw_as_json(raw) for raw in own),
        rows=entry.counts.get("raw_rows") if entry.status in DELIVERED else None,
        grade=GRADES[0],  # a collector reads public sources only
        reference=f"{entry.source}#{entry.seq}",
    )


def _members(lake: Lake, deliveries: Sequence[Delivery]) -> Iterator[Member]:
    """The raw files, each once."""
    for sha256 in dict.fromkeys(str(raw["sha256"]) for one in deliveries for raw in one.raws):
        yield _member(lake.raw.path(sha256), sha256)


def _member(file: Path, sha256: str) -> Member:
    """Size and pieces of a raw file, its bytes checked against their name."""
    whole, pieces, size = hashlib.sha256(), [], 0
    for piece in pieces_of(file) if file.is_file() else ():
        whole.update(piece)
        pieces.append(hashlib.sha256(piece).hexdigest())
        size += len(piece)
    if whole.hexdigest() != sha256 or not file.is_file():
        raise BadInputError(
            Text(
                "원본이 없거나 손상되어 반출하지 않았습니다.", "a raw file is gone or damaged; nothing was carried out."
            ),
            where=str(file),
            mend=Text("백업에서 되살리십시오.", "Restore it from a backup."),
        )
    return Member(sha256, size, tuple(pieces))


def _parts(pieces: int, part_size: int) -> tuple[int, ...]:
    """How many pieces each part takes; at least one."""
    if not part_size:
        return (pieces,)
    each = max(part_size // PIECE, 1)
    counts = tuple(min(each, pieces - start) for start in range(0, pieces, each)) or (0,)
    if len(counts) > MOST_PARTS:
        raise UsageError(
            Text(f"부분이 {len(counts)}개가 됩니다.", f"that makes {len(counts)} parts."),
            where="--part-size",
            mend=Text("더 큰 값을 주십시오.", "Give a larger size."),
        )
    return counts


def _written(lake: Lake, bundle: Path, manifest: Manifest, sign: Sign, ledger: Sequence[Sent]) -> Sent:
    """Write beside the target, note what was made, and only then give it its name: killed anywhere, the chain holds."""
    names = [bundle] if len(manifest.parts) == 1 else [_part(bundle, n) for n in range(len(manifest.parts))]
    taken = [str(name) for name in names if name.exists()]
    if taken:
        raise UsageError(
            Text("파일이 이미 있습니다.", "the file is there already."),
            where=taken[0],
            mend=Text("다른 이름을 주십시오.", "Give another name."),
        )
    data = as_bytes(manifest)
    signature, pieces = signed(data, sign), _all_pieces(lake, manifest)
    bundle.parent.mkdir(parents=True, exist_ok=True)
    for number, (name, count) in enumerate(zip(names, manifest.parts, strict=True)):
        write(_partial(name), data, signature, number, (next(pieces) for _ in range(count)))
    files = tuple(str(name.resolve()) for name in names)
    sent = Sent(manifest.bundle, manifest.first, manifest.last, digest(data), files)
    _note(lake.folder / FOLDER, (*(one for one in ledger if one.bundle < sent.bundle), sent))
    _finish((sent,))
    return sent


def _all_pieces(lake: Lake, manifest: Manifest) -> Iterator[bytes]:
    for member in manifest.members:
        yield from pieces_of(lake.raw.path(member.sha256))


def _part(bundle: Path, number: int) -> Path:
    return bundle.with_name(f"{bundle.name}.{number + 1:03d}")


def _partial(name: Path) -> Path:
    return name.with_name(f".{name.name}.part")


def _finish(ledger: Sequence[Sent]) -> bool:
    """Give the newest bundle its name, where an earlier call was killed before it could. Was there anything to do?"""
    waiting = [Path(name) for name in (ledger[-1].files if ledger else ()) if _partial(Path(name)).exists()]
    for name in waiting:
        _partial(name).replace(name)
    return bool(waiting)


def _ledger(folder: Path) -> tuple[Sent, ...]:
    file = folder / LEDGER
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return tuple(Sent(**{**one, "files": tuple(one["files"])}) for one in kept)


def _note(folder: Path, ledger: Sequence[Sent]) -> None:
    partial = folder / f"{LEDGER}.part"
    with partial.open("w", encoding="utf-8") as file:
        json.dump([asdict(one) for one in ledger], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / LEDGER)
