"""Receiving a body: counted as sent and as unpacked, hashed, into memory or into a file that appears only whole."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

_CHUNK = 1 << 18
_GZIP = 31  # zlib: gzip header, 32 KiB window


class OverLimit(Exception):  # noqa: N818 - a turn of events inside this package, not a fault to show
    """More bytes than allowed."""


class CutOff(Exception):  # noqa: N818 - likewise
    """The body ends too early, or is not what its header says."""


@dataclass(frozen=True)
class Body:
    """What was received: bytes, or the path they are at."""

    content: bytes
    path: Path | None
    sha256: str
    size: int


def receive(response: httpx.Response, limit: int, into: Path | None, on_chunk: Callable[[], None]) -> Body:
    """Take in the body of `response`.

    Args:
        response: streaming.
        limit: bytes allowed, as sent and as unpacked.
        into: write here instead of into memory; the file is put in place only when it is whole.
        on_chunk: called for each piece of the network's; may raise.

    Raises:
        OverLimit, CutOff: see there.
    """
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise OverLimit
    chunks = _counted(_unpacked(_as_sent(response, limit, on_chunk), response), limit)
    return _into_memory(chunks) if into is None else _into_file(chunks, into)


def beginning(response: httpx.Response, most: int, on_chunk: Callable[[], None]) -> bytes:
    """The first bytes of a body that is no data: as many as come, for the status has told the main thing already."""
    held = b""
    with suppress(OverLimit, CutOff, TimeoutError, httpx.TransportError):
        for chunk in _unpacked(_as_sent(response, _CHUNK, on_chunk), response):
            held += chunk
            if len(held) >= most:
                break
    return held[:most]


def _as_sent(response: httpx.Response, limit: int, on_chunk: Callable[[], None]) -> Iterator[bytes]:
    sent = 0
    for chunk in response.iter_raw():
        on_chunk()
        sent += len(chunk)
        if sent > limit:
            raise OverLimit
        yield chunk


def _unpacked(chunks: Iterator[bytes], response: httpx.Response) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        yield from chunks
    elif encoding in ("gzip", "x-gzip"):
        yield from _gunzipped(chunks)
    else:
        raise CutOff(f"content-encoding {encoding[:20]!r}, which was not asked for")


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack piece by piece, so that a bomb is met at the limit and not in memory."""
    unpacker = zlib.decompressobj(_GZIP)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP)
            try:
                yield unpacker.decompress(waiting, _CHUNK)
            except zlib.error:
                raise CutOff("damaged gzip") from None
            waiting = unpacker.unconsumed_tail or unpacker.unused_data
    while not unpacker.eof:
        rest = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
        if not rest and not unpacker.eof:
            raise CutOff("gzip ends too early")
        yield rest


def _counted(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise OverLimit
        yield chunk


def _into_memory(chunks: Iterator[bytes]) -> Body:
    content = b"".join(chunks)
    return Body(content, None, hashlib.sha256(content).hexdigest(), len(content))


def _into_file(chunks: Iterator[bytes], into: Path) -> Body:
    digest, size = hashlib.sha256(), 0
    part = into.with_name(f"{into.name}.part")
    try:
        with part.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return Body(b"", into, digest.hexdigest(), size)
