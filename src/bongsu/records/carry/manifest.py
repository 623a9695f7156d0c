"""What a bundle says of itself: which entries of the collector's journal, which bytes, and which bundle it follows."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.journal import ANSWERED, FAILED, LANDED, NOT_YET, PAUSED, RECEIVED, SPLIT, UNCHANGED
from bongsu.records.marking import GRADES

FORMAT = 1
PIECE = 4 << 20  # bytes; what is read, checked and kept at once
DELIVERED = (LANDED, UNCHANGED)
CARRIABLE = (*DELIVERED, FAILED, RECEIVED, NOT_YET, SPLIT, PAUSED, ANSWERED)

_HASH = re.compile(r"[0-9a-f]{64}")
_RAW = {field.name for field in fields(Raw)} - {"path"}
_SOURCE = re.compile(r"[a-z0-9_]{0,80}")


@dataclass(frozen=True)
class Member:
    """One raw file: its SHA-256, its size, and the SHA-256 of each of its pieces."""

    sha256: str
    size: int
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Delivery:
    """One entry of the collector's journal, as far as the floor needs it.

    Args:
        seq: its place there.
        status, source, run_id, read_at, published, published_basis, asked, given, said: as it stands there.
        raws: its raw files, as the journal keeps them.
        rows: how many raw rows its reader saw; None for what is no delivery.
        grade: the highest grade of what it holds.
        reference: what names it where nothing else of it may be kept.
    """

    seq: int
    status: str
    source: str
    run_id: str
    read_at: datetime
    published: datetime | None
    published_basis: str | None
    asked: Mapping[str, Any]
    given: Mapping[str, Any]
    said: tuple[Mapping[str, str], ...]
    raws: tuple[Mapping[str, Any], ...]
    rows: int | None
    grade: str
    reference: str

    @property
    def delivered(self) -> bool:
        """Did it bring records?"""
        return self.status in DELIVERED

    @property
    def name(self) -> str:
        """What people call it."""
        files = ", ".join(str(raw["name"]) for raw in self.raws)
        return f"#{self.seq} {self.source}{f' ({files})' if files else ''}"


@dataclass(frozen=True)
class Manifest:
    """A bundle's table of contents.

    Args:
        collector: fingerprint of the key that signs it.
        bundle: its number, from 1.
        previous: digest of the bundle that it follows; "" for the first.
        first, last: the entries of the collector's journal that it covers.
        made_at: when.
        members: the raw files, in the order of their bytes.
        parts: how many pieces each part of the bundle holds.
        deliveries: the entries, in order.
    """

    collector: str
    bundle: int
    previous: str
    first: int
    last: int
    made_at: datetime
    members: tuple[Member, ...]
    parts: tuple[int, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members)

    def pieces(self) -> Iterator[tuple[str, int]]:
        """Hash and size of every piece, in order."""
        for member in self.members:
            for number, sha256 in enumerate(member.pieces):
                yield sha256, min(PIECE, member.size - number * PIECE)

    def of_part(self, part: int) -> list[tuple[str, int]]:
        """Hash and size of the pieces in a part, counted from 0."""
        start = sum(self.parts[:part])
        return list(self.pieces())[start : start + self.parts[part]]


def as_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is signed."""
    kept = {"format": FORMAT, "piece": PIECE, **asdict(manifest)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=_plain).encode()


def digest(data: bytes) -> str:
    """What the next bundle names this one by."""
    return hashlib.sha256(data).hexdigest()


def from_bytes(data: bytes, where: str) -> Manifest:
    """The manifest in `data`; BadInputError where it is none. Signed or not, nothing in it is taken on trust."""
    try:
        kept = json.loads(data)
        if kept.pop("format") != FORMAT or kept.pop("piece") != PIECE:
            raise _odd(where, "format")
        found = Manifest(
            **{
                **kept,
                "made_at": _moment(kept["made_at"]),
                "members": tuple(Member(one["sha256"], one["size"], tuple(one["pieces"])) for one in kept["members"]),
                "parts": tuple(kept["parts"]),
                "deliveries": tuple(map(_delivery, kept["deliveries"])),
            }
        )
        fault = next(_faults(found), None)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _odd(where, str(error)) from error
    if fault:
        raise _odd(where, fault)
    return found


def _delivery(kept: Mapping[str, Any]) -> Delivery:
    return Delivery(
        **{
            **kept,
            "read_at": _moment(kept["read_at"]),
            "published": _moment(kept["published"]) if kept["published"] else None,
            "said": tuple({"ko": str(one["ko"]), "en": str(one["en"])} for one in kept["said"]),
            "raws": tuple(dict(raw) for raw in kept["raws"]),
            "asked": dict(kept["asked"]),
            "given": dict(kept["given"]),
        }
    )


def _faults(found: Manifest) -> Iterator[str]:
    """What a manifest of ours never says."""
    counted = (found.bundle, found.first, found.last, *found.parts, *(member.size for member in found.members))
    if any(type(number) is not int or number < 0 for number in counted):
        yield "a number"
    hashes = [found.collector, *(one for member in found.members for one in (member.sha256, *member.pieces))]
    hashes += [found.previous] if found.previous else []
    if not all(map(_is_hash, hashes)):
        yield "a hash"
    if any(len(member.pieces) != -(-member.size // PIECE) for member in found.members):
        yield "pieces"
    if sum(found.parts) != sum(len(member.pieces) for member in found.members) or not found.parts:
        yield "parts"
    seqs = [one.seq for one in found.deliveries]
    if seqs != sorted(set(seqs)) or not all(type(seq) is int and found.first <= seq <= found.last for seq in seqs):
        yield "the order of deliveries"
    held = {member.sha256 for member in found.members}
    for one in found.deliveries:
        if one.status not in CARRIABLE or not _SOURCE.fullmatch(one.source) or one.grade not in GRADES:
            yield f"delivery {one.seq}"
        if not all(set(raw) == _RAW and raw["sha256"] in held for raw in one.raws):
            yield f"raw files of {one.seq}"


def _is_hash(told: object) -> bool:
    return isinstance(told, str) and _HASH.fullmatch(told) is not None


def _moment(told: str) -> datetime:
    found = datetime.fromisoformat(told)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _odd(where: str, fault: str) -> BadInputError:
    return BadInputError(
        Text(f"봉투의 목록을 읽을 수 없습니다({fault}).", f"the bundle's manifest cannot be read ({fault})."),
        where=where,
        mend=Text(
            "양쪽에 같은 판의 Bongsu를 두고 봉투를 다시 만드십시오.",
            "Install the same version of Bongsu on both sides, and make the bundle again.",
        ),
    )
