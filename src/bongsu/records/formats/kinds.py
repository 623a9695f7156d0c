"""What a file is, by its first bytes. Names and media types are what the sender says; bytes are what came."""

import html
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from bongsu.language import BadInputError, Text

HEAD = 4096
_TITLE_WITHIN = 1 << 16
_TITLE_LENGTH = 120

_MAGIC = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
)
_WORKBOOK_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|meta)\b", re.IGNORECASE)
# Data may well have a <body> (Korea's portals do), so the first element decides, where it is no part of a page.
_FIRST_ELEMENT = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<([A-Za-z_][\w.:-]*)", re.DOTALL)
_OF_PAGES = re.compile(
    rb"(html|head|body|script|meta|title|style|link|div|span|p|h[1-6]|center|font|table|form|noscript|br|iframe)",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


class Kind(StrEnum):
    """The kinds of file that readers tell apart."""

    TEXT = "text"  # CSV, TSV and whatever else is plain text
    PARQUET = "parquet"
    XLSX = "xlsx"
    XLS = "xls"  # the old workbook; also a workbook under a password
    JSON = "json"
    XML = "xml"
    HTML = "html"
    GZIP = "gzip"
    ZIP = "zip"
    PDF = "pdf"
    EMPTY = "empty"


def sniff(path: Path) -> Kind:
    """The kind of the file at `path`, by its bytes."""
    with path.open("rb") as file:
        kind = sniff_bytes(file.read(HEAD))
    return Kind.XLSX if kind is Kind.ZIP and _holds_workbook(path) else kind


def sniff_bytes(head: bytes) -> Kind:
    """The kind of a file whose first bytes are `head` (`HEAD` of them, or all there are)."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return Kind.XLSX if name == "zip" and head[30:].startswith(_WORKBOOK_PARTS) else Kind(name)
    text = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf")
    text = text.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    if not text:
        return Kind.EMPTY
    if text.startswith(b"<"):
        return Kind.HTML if _WEB_PAGE.search(text) and not _begins_as_data(text) else Kind.XML
    return Kind.JSON if text.startswith((b"{", b"[")) else Kind.TEXT


def _begins_as_data(text: bytes) -> bool:
    first = _FIRST_ELEMENT.match(text)
    return first is not None and not _OF_PAGES.fullmatch(first[1])


def _holds_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def page_title(data: bytes) -> str:
    """The title of a web page, cut to one line; "" where it has none."""
    found = _TITLE.search(data[:_TITLE_WITHIN].replace(b"\0", b""))
    if not found:
        return ""
    for encoding in ("utf-8", "cp949", "latin-1"):
        try:
            title = found[1].decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return " ".join(html.unescape(title).split())[:_TITLE_LENGTH]


def refuse(kind: Kind, head: bytes, where: str) -> None:
    """Raise BadInputError where `kind` can hold no data: an empty file, a web page, a PDF."""
    if kind is Kind.EMPTY:
        raise BadInputError(
            Text("빈 파일입니다.", "the file is empty."),
            where=where,
            mend=Text(
                "자료가 아직 공표되지 않았거나 내려받기가 중단되었을 수 있습니다. 다시 받아 주십시오.",
                "The figures may not be out yet, or the download broke off: fetch it again.",
            ),
        )
    if kind is Kind.HTML:
        title = page_title(head)
        raise BadInputError(
            Text(
                f"자료가 아니라 웹 페이지입니다 (제목: {title or '없음'}).",
                f"this is a web page (title: {title or 'none'}), not data.",
            ),
            where=where,
            mend=Text(
                "로그인 화면이나 오류 화면이 저장된 듯합니다. 사이트에서 자료 파일을 직접 받아 주십시오.",
                "A login or error page was probably saved: download the data file itself from the site.",
            ),
        )
    if kind is Kind.PDF:
        raise BadInputError(
            Text("PDF 파일은 표로 읽을 수 없습니다.", "a PDF cannot be read as a table."),
            where=where,
            mend=Text(
                "같은 자료의 CSV, XLSX 또는 Parquet 파일을 주십시오.",
                "Give the CSV, XLSX or Parquet file of the same figures.",
            ),
        )


def expect(kind: Kind, wanted: Kind, where: str) -> None:
    """Raise BadInputError where a file is of another kind than its reader wants."""
    if kind is not wanted:
        raise BadInputError(
            Text(f"{wanted} 파일이어야 하는데 {kind} 파일입니다.", f"expected {wanted}, but this is {kind}."),
            where=where,
            mend=Text(
                "매핑의 형식 지정을 확인하거나 다른 형식으로 저장해 주십시오.",
                "Check the format named in the mapping, or save the file in the other format.",
            ),
        )
