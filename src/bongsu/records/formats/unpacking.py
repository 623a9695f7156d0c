"""Unwrapping gzip and zip without trusting what they say of their size."""

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from bongsu.language import BadInputError, Text
from bongsu.records.formats.kinds import HEAD, Kind, refuse, sniff, sniff_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TRUNCATED = (
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Limits:
    """How far a file may grow when it is unwrapped.

    Args:
        size: bytes after decompression.
        ratio: bytes after per byte before, once past `ratio_from` bytes; text seldom exceeds 50.
        ratio_from: below this many bytes the ratio is not looked at.
        depth: nesting of XML and JSON.
        rows: rows of a Parquet file, whose encodings can state billions in a few bytes.
    """

    size: int = 4 << 30
    ratio: int = 300
    ratio_from: int = 16 << 20
    depth: int = 100
    rows: int = 500_000_000

    def check(self, unpacked: int, packed: int, where: str) -> None:
        """Raise BadInputError once `unpacked` bytes out of `packed` are more than is allowed."""
        if unpacked > self.size or (unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1)):
            raise too_large(self.size, where)


DEFAULT_LIMITS = Limits()


def too_large(limit: int, where: str) -> BadInputError:
    """What is said of a file that grows too far."""
    size = f"{limit / (1 << 20):,.0f} MiB"
    return BadInputError(
        Text(
            f"압축을 풀면 지나치게 커집니다 (한도 {size}). 압축 폭탄일 수 있어 읽지 않았습니다.",
            f"it grows too large when unpacked (limit {size}): perhaps a bomb; it was not read.",
        ),
        where=where,
        mend=Text(
            "믿을 수 있는 파일이면 압축을 직접 풀어서 주십시오.",
            "If you trust the file, unpack it yourself and give the result.",
        ),
    )


def broken(kind: Kind, where: str, detail: object) -> BadInputError:
    """What is said of a file that ends too early or contradicts itself."""
    return BadInputError(
        Text(
            f"{kind} 파일이 잘렸거나 손상되었습니다 ({detail}).",
            f"the {kind} file is cut off or damaged ({detail}).",
        ),
        where=where,
        mend=Text("파일을 다시 받아 주십시오.", "Fetch the file again."),
    )


class _Guarded(io.RawIOBase):
    """A decompressing stream that counts what comes out, and says what is wrong in our words."""

    def __init__(self, inner: IO[bytes], kind: Kind, packed: int, limits: Limits, where: str) -> None:
        self.inner, self.kind, self.packed, self.limits, self.where = inner, kind, packed, limits, where
        self.unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self.inner.read(len(view))
        except _TRUNCATED as error:
            raise broken(self.kind, self.where, error) from error
        self.unpacked += len(data)
        self.limits.check(self.unpacked, self.packed, self.where)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.inner.close()
        super().close()


def open_plain(path: Path, limits: Limits = DEFAULT_LIMITS) -> BinaryIO:
    """The bytes of `path`, out of its gzip or single-file zip if it is in one.

    Returns:
        A stream at its start, to be closed by the caller; reading it raises BadInputError where the wrapping
        is cut off or grows beyond `limits`.

    Raises:
        BadInputError: an empty file, a web page or a PDF, wrapped or not; several files in a zip.
    """
    kind = sniff(path)
    inner: IO[bytes]
    if kind is Kind.GZIP:
        inner = cast("IO[bytes]", gzip.open(path, "rb"))  # noqa: SIM115 - the caller closes the stream
    elif kind is Kind.ZIP:
        inner = _only_member(path)
    else:
        plain = path.open("rb")
        _refuse_early(plain, kind, path.name)
        return plain
    stream = io.BufferedReader(_Guarded(inner, kind, path.stat().st_size, limits, path.name), 1 << 20)
    _refuse_early(stream, None, path.name)
    return stream


def _refuse_early(stream: "io.BufferedReader[Any]", kind: Kind | None, where: str) -> None:
    """Look at the first bytes; close the stream where they are no data."""
    try:
        head = stream.peek(HEAD)
        refuse(sniff_bytes(head[:HEAD]) if kind is None else kind, head, where)
    except BadInputError:
        stream.close()
        raise


def _only_member(path: Path) -> IO[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _is_data(info)]
            if len(members) == 1:
                return archive.open(members[0])
    except _TRUNCATED as error:
        raise broken(Kind.ZIP, path.name, error) from error
    names = ", ".join(info.filename for info in members[:5]) or "–"
    raise BadInputError(
        Text(
            f"zip 안에 파일이 하나만 있어야 하는데 {len(members)}개입니다 ({names}).",
            f"a zip must hold one file; this one holds {len(members)} ({names}).",
        ),
        where=path.name,
        mend=Text("압축을 풀어 필요한 파일을 주십시오.", "Unpack it and give the file that you need."),
    )


def _is_data(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and not info.filename.startswith("__MACOSX/")


def checked_archive(path: Path, limits: Limits = DEFAULT_LIMITS) -> io.BytesIO:
    """A zip whose members were all unpacked under `limits` and written anew, uncompressed.

    A workbook reader in another language trusts sizes in its own way; what it gets here is what was counted.

    Raises:
        BadInputError: a bomb, a damaged or encrypted archive, or two members of one name.
    """
    counted, clean = 0, io.BytesIO()
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as copy:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise broken(Kind.XLSX, path.name, "duplicate members")
            for info in archive.infolist():
                with archive.open(info) as member, copy.open(info.filename, "w", force_zip64=True) as target:
                    while chunk := member.read(1 << 20):
                        counted += len(chunk)
                        limits.check(counted, packed, path.name)
                        target.write(chunk)
    except _TRUNCATED as error:
        raise broken(Kind.XLSX, path.name, error) from error
    clean.seek(0)
    return clean
