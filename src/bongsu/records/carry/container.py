"""The file of a bundle, or each of its parts: the signed manifest in front, then pieces of raw files and nothing else.

    magic | length of the manifest, 4 bytes | manifest | signature, 64 bytes | number of the part, 4 bytes | pieces

No name in it is ever a path: pieces are known by their hashes. Every part can be checked by itself, in any order, and
nothing is taken from it before its signature has been found true.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bongsu.language import BadInputError, Text
from bongsu.records.carry.keys import SIGNATURE, Sign, Verify
from bongsu.records.carry.manifest import PIECE, Manifest, digest, from_bytes

MAGIC = b"BONGSU-CARRY-1\n"
MOST_MANIFEST = 256 << 20
_COUNT = 4  # bytes of a number


@dataclass(frozen=True)
class Part:
    """One file of a bundle, its signature found true."""

    path: Path
    manifest: Manifest
    digest: str
    number: int
    start: int  # where its pieces begin

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """The pieces that are here whole, in order; it ends where the file has been cut.

        Raises:
            BadInputError: a piece is not what the manifest says, or something follows the last one.
        """
        with self.path.open("rb") as file:
            file.seek(self.start)
            for sha256, size in self.manifest.of_part(self.number):
                data = file.read(size)
                if len(data) < size:
                    return
                if hashlib.sha256(data).hexdigest() != sha256:
                    raise forged(self.path)
                yield sha256, data
            if file.read(1):
                raise forged(self.path)


def write(path: Path, data: bytes, signature: bytes, number: int, pieces: Iterator[bytes]) -> None:
    """Write one part, whole and on the disk."""
    with path.open("wb") as file:
        file.write(MAGIC + len(data).to_bytes(_COUNT, "big") + data + signature + number.to_bytes(_COUNT, "big"))
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def signed(data: bytes, sign: Sign) -> bytes:
    """The signature of a manifest."""
    return sign(MAGIC + data)


def opened(path: Path, trusted: Mapping[str, Verify]) -> Part:
    """A part of a bundle that a trusted collector signed.

    Raises:
        BadInputError: it is none, or was changed on its way, or nobody here trusts its collector.
    """
    try:
        with path.open("rb") as file:
            data, signature, number = _head(file, path)
            start = file.tell()
    except OSError as error:
        raise BadInputError(
            Text("봉투를 열 수 없습니다.", "the bundle cannot be opened."),
            where=str(path),
            mend=Text("경로를 확인하십시오.", "Check the path."),
        ) from error
    if not any(verify(signature, MAGIC + data) for verify in trusted.values()):
        raise forged(path)
    manifest = from_bytes(data, str(path))
    verify_own = trusted.get(manifest.collector)
    if verify_own is None or not verify_own(signature, MAGIC + data) or number >= len(manifest.parts):
        raise forged(path)
    return Part(path, manifest, digest(data), number, start)


def pieces_of(path: Path) -> Iterator[bytes]:
    """A raw file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def forged(path: Path) -> BadInputError:
    """Somebody else made it, or it was changed on its way."""
    return BadInputError(
        Text(
            "봉투의 서명이 맞지 않습니다. 믿는 수집기가 만든 것이 아니거나 도중에 바뀌었습니다. 아무것도 풀지 않았습니다.",
            "the signature does not hold: no trusted collector made this, or it was changed on its way. "
            "Nothing was unpacked.",
        ),
        where=str(path),
        mend=Text(
            "수집기에서 다시 받고, 공개 열쇠가 맞는지 확인하십시오.",
            "Get it again from the collector, and check the public key that is installed here.",
        ),
    )


def _head(file: BinaryIO, path: Path) -> tuple[bytes, bytes, int]:
    """Manifest, signature and number of a part."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BadInputError(
            Text("Bongsu의 봉투가 아닙니다.", "this is no bundle of Bongsu."),
            where=str(path),
            mend=Text("bongsu carry out 이 만든 파일을 주십시오.", "Give a file that bongsu carry out made."),
        )
    length = int.from_bytes(file.read(_COUNT), "big")
    if length > MOST_MANIFEST:
        raise BadInputError(
            Text("봉투의 목록이 너무 큽니다.", "the bundle's manifest is too large."),
            where=str(path),
            mend=Text("--since 로 나누어 반출하십시오.", "Carry out less at once."),
        )
    data, signature, number = file.read(length), file.read(SIGNATURE), file.read(_COUNT)
    if len(number) < _COUNT:
        raise BadInputError(
            Text("봉투가 목록 안에서 잘렸습니다. 담긴 것을 알 수 없습니다.", "the bundle is cut within its manifest."),
            where=str(path),
            mend=Text("다시 옮겨 오십시오.", "Carry it over again."),
        )
    return data, signature, int.from_bytes(number, "big")
