"""What a file is, by its bytes: only what is on the list is taken, and nothing in it is ever run or unpacked to disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.responses import entered

MOST_ENTRIES = 2_000
MOST_LISTED = 1 << 20  # bytes of the list of its entries
MOST_UNPACKED = 200 << 20  # bytes
MOST_RATIO = 200  # unpacked to packed, of any entry that is not small
SMALL = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HWP = b"HWP Document File"
_NESTED = (
    "zip",
    "rar",
    "7z",
    "gz",
    "bz2",
    "xz",
    "tar",
    "jar",
    "docx",
    "xlsx",
    "pptx",
    "docm",
    "xlsm",
    "hwpx",
    "exe",
    "dll",
)
_MACROS = ("vbaproject", "vbadata", "activex")
_SCRIPTS = (".js", ".vbs", ".ps1", ".bat", ".cmd", ".hta")


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken.

    Args:
        media_type: what it is served as.
        endings: of its name; the first is its own.
    """

    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("application/pdf", ("pdf",))
PNG = Kind("image/png", ("png",))
JPEG = Kind("image/jpeg", ("jpg", "jpeg"))
WEBP = Kind("image/webp", ("webp",))
TEXT = Kind("text/plain; charset=utf-8", ("txt", "csv"))
DOCX = Kind(f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = Kind(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
HWPX = Kind("application/hwp+zip", ("hwpx",))
HWP = Kind("application/x-hwp", ("hwp",))
KINDS = (PDF, PNG, JPEG, WEBP, TEXT, DOCX, XLSX, HWPX, HWP)


def _off(ko: str, en: str) -> InvalidError:
    known = ", ".join(kind.endings[0] for kind in KINDS)
    mend = Text(f"받는 형식: {known}.", f"Types that are taken: {known}.")
    return InvalidError(Text(ko, en), where="file", mend=mend)


def checked(name: str, content: bytes, most: int) -> tuple[str, Kind]:
    """The cleaned name of a file and what it is.

    Raises:
        InvalidError: it is empty, too large, of a type that is not taken, or not what its name says.
    """
    if not content:
        raise _off("빈 파일입니다.", "the file is empty.")
    if len(content) > most:
        raise _off(f"{most >> 20} MiB보다 큽니다.", f"the file is larger than {most >> 20} MiB.")
    clean = _name(name)
    kind = _kind(content)
    ending = PurePosixPath(clean).suffix.lstrip(".").lower()
    if ending not in kind.endings:
        raise _off(
            f"이름의 확장자가 내용({kind.endings[0]})과 다릅니다.",
            f"its name does not end as its content ({kind.endings[0]}) does.",
        )
    return clean, kind


def _name(told: str) -> str:
    """The last part of the path that was told, without anything unseen in it."""
    clean = entered.name(told.replace("\\", "/").rsplit("/", 1)[-1], "file").strip(". ")
    stem, *endings = clean.split(".")
    known = {ending for kind in KINDS for ending in kind.endings} | set(_NESTED) | {"hta", "js", "bat", "cmd", "html"}
    if not stem or any(one.lower() in known for one in endings[:-1]):
        raise _off("파일 이름을 쓸 수 없습니다.", "the file's name cannot be used.")
    return "".join("_" if one in '<>:"|?*' else one for one in clean)


def _kind(content: bytes) -> Kind:
    guessed = filetype.guess(content)
    mime = guessed.mime if guessed else ""
    for told, kind, whole in _BY_BYTES:
        if mime == told:
            if not whole(content):
                raise _off(
                    "파일이 잘렸거나 다른 것이 섞여 있습니다.", "the file is cut, or holds something else besides."
                )
            return kind
    if content.startswith(_OLE):
        return _ole(content)
    if content.startswith(b"PK"):
        return _zip(content)
    if not mime and _is_text(content):
        return TEXT
    raise _off("받지 않는 형식입니다.", "files of this type are not taken.")


# ---- whole: a file that is one thing only, from its first byte to its last


def _pdf(content: bytes) -> bool:
    tail = content[-1024:]
    return content.startswith(b"%PDF-") and b"%%EOF" in tail and b"PK\x05\x06" not in content[-65_557:]


def _png(content: bytes) -> bool:
    at, size = 8, len(content)
    while at + 12 <= size:
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at == size
    return False


def _jpeg(content: bytes) -> bool:
    return content.rstrip(b"\0").endswith(b"\xff\xd9") and b"PK\x05\x06" not in content[-65_557:]


def _webp(content: bytes) -> bool:
    length = int.from_bytes(content[4:8], "little")
    return len(content) == length + 8 + length % 2


_BY_BYTES: tuple[tuple[str, Kind, Callable[[bytes], bool]], ...] = (
    ("application/pdf", PDF, _pdf),
    ("image/png", PNG, _png),
    ("image/jpeg", JPEG, _jpeg),
    ("image/webp", WEBP, _webp),
)


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters; a page that a browser would run is no text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    head = text[:1024].lstrip().lower()
    runs = head.startswith(("#!", "<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "mz"))
    return not runs and not any(one < " " and one not in "\t\r\n" for one in text) and "\x7f" not in text


def _ole(content: bytes) -> Kind:
    """A document of Hangul 5, opaque to us; any other OLE file may hold macros and is not taken."""
    if _HWP in content and "FileHeader".encode("utf-16-le") in content:
        return HWP
    raise _off("옛 오피스 형식은 받지 않습니다.", "old office files are not taken.")


# ---- archives


def _zip(content: bytes) -> Kind:
    """Which office file a zip is, read in memory and within bounds; nothing may stand behind its end."""
    if content[-22:-18] != b"PK\x05\x06":
        raise _off("파일이 잘렸거나 다른 것이 섞여 있습니다.", "the file is cut, or holds something else besides.")
    count, listed = struct.unpack("<HL", content[-12:-6])  # as it says itself, before its list is read
    if (
        count > MOST_ENTRIES or listed > MOST_LISTED or content[-42:-38] == b"PK\x06\x07"
    ):  # the last: the list is elsewhere
        raise _off("풀면 너무 커지는 파일입니다.", "it would be too large when unpacked.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _bounded(entries)
            _unpacked(archive, entries)
            return _office(archive, {one.filename for one in entries})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error) as error:
        raise _off("압축 구조가 깨졌거나 암호가 걸려 있습니다.", "the archive is broken or encrypted.") from error


def _bounded(entries: list[zipfile.ZipInfo]) -> None:
    if len({one.filename for one in entries}) < len(entries):
        raise _off("같은 이름이 두 번 든 파일입니다.", "it holds one name twice.")
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise _off("풀면 너무 커지는 파일입니다.", "it would be too large when unpacked.")
    for one in entries:
        parts = one.filename.replace("\\", "/").split("/")
        if ".." in parts or one.filename.startswith(("/", "\\")):
            raise _off("파일 안의 경로가 수상합니다.", "it holds a path that leads outside.")
        if one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise _off("풀면 너무 커지는 파일입니다.", "it would be too large when unpacked.")
        lower = one.filename.lower()
        if lower.endswith(_SCRIPTS) or any(word in lower for word in _MACROS):
            raise _off("매크로가 든 파일은 받지 않습니다.", "files with macros are not taken.")
        if PurePosixPath(lower).suffix.lstrip(".") in _NESTED or "/embeddings/" in f"/{lower}":
            raise _off("안에 다른 파일이 든 파일은 받지 않습니다.", "files that hold other files are not taken.")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read each entry through, so that one whose stated size lies is found; nothing is kept."""
    left = MOST_UNPACKED
    for one in entries:
        with archive.open(one) as stream:
            first = stream.read(8)
            left -= len(first)
            if first.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\x7fELF", _OLE)):
                raise _off("안에 다른 파일이 든 파일은 받지 않습니다.", "files that hold other files are not taken.")
            while piece := stream.read(1 << 16):
                left -= len(piece)
                if left < 0:
                    raise _off("풀면 너무 커지는 파일입니다.", "it would be too large when unpacked.")


def _office(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    if "mimetype" in names and archive.read("mimetype").strip() == HWPX.media_type.encode():
        return HWPX
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml").lower()
        if b"macroenabled" in types or b"vba" in types:
            raise _off("매크로가 든 파일은 받지 않습니다.", "files with macros are not taken.")
        for kind, part in _MAIN.items():
            if part in names and f"{kind.media_type}.main+xml".encode() in types:
                return kind
    raise _off("받지 않는 형식입니다.", "files of this type are not taken.")


_MAIN: Mapping[Kind, str] = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
