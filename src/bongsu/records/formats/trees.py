"""JSON and XML from outside, with no reach beyond their own bytes."""

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bongsu.language import BadInputError, Text
from bongsu.records.formats.encodings import decode
from bongsu.records.formats.kinds import HEAD, Kind, expect, refuse, sniff_bytes
from bongsu.records.formats.unpacking import DEFAULT_LIMITS, Limits, broken, open_plain, too_large

_PROLOG = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_READ_BY_EXPAT = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")


def read_json(path: Path, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Any:  # noqa: ANN401 - JSON
    """The value in a JSON file, plain or in gzip or zip; `NaN` and `Infinity`, which JSON lacks, become None.

    Raises:
        BadInputError: names the line and column where the text stops being JSON.
    """
    with open_plain(path, limits) as stream:
        data = stream.read()
    expect(sniff_bytes(data[:HEAD]), Kind.JSON, path.name)
    text, _ = decode(data, encoding, where=path.name)
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise broken(Kind.JSON, f"{path.name}:{error.lineno}:{error.colno}", error.msg) from error
    except (RecursionError, ValueError) as error:
        raise broken(Kind.JSON, path.name, error) from error


def parse_xml(data: bytes, *, where: str = "XML", limits: Limits = DEFAULT_LIMITS) -> Element:
    """The root of an XML document.

    Args:
        data: the document; Korean encodings named in its first line are understood.
        where: the file or address, for errors.
        limits: size in bytes and depth in elements.

    Raises:
        BadInputError: not XML, a web page, a document type or entities (they can read files and multiply
            text), an element nested deeper than allowed.
    """
    if len(data) > limits.size:
        raise too_large(limits.size, where)
    kind = sniff_bytes(data[:HEAD])
    refuse(kind, data, where)
    expect(kind, Kind.XML, where)
    try:
        return _tree(_readable(data, where), limits.depth, where)
    except ParseError as error:
        raise broken(Kind.XML, where, error) from error
    except DefusedXmlException as error:
        raise _unsafe(where) from error


def _readable(data: bytes, where: str) -> bytes:
    prolog = _PROLOG.match(data)
    if not prolog or prolog[1].decode().lower() in _READ_BY_EXPAT:
        return data
    encoding = prolog[1].decode().lower()
    text, _ = decode(
        data[prolog.end() :], "cp949" if encoding in ("euc-kr", "ks_c_5601-1987") else encoding, where=where
    )
    return text.encode()


def _tree(data: bytes, depth: int, where: str) -> Element:
    level = 0
    root: Element | None = None
    events = iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True)
    for event, element in events:
        root = element if root is None else root
        level += 1 if event == "start" else -1
        if level > depth:
            raise BadInputError(
                Text(f"XML이 {depth}단계보다 깊습니다.", f"the XML is nested deeper than {depth} levels."),
                where=where,
            )
    if root is None:
        raise broken(Kind.XML, where, "no element")
    return root


def _unsafe(where: str) -> BadInputError:
    return BadInputError(
        Text(
            "XML에 문서 형식 정의(DTD)나 엔티티가 들어 있어 읽지 않았습니다.",
            "the XML carries a document type or entities and was not read.",
        ),
        where=where,
        mend=Text(
            "출처가 정상이라면 이런 내용을 보내지 않습니다. 주소와 파일을 확인해 주십시오.",
            "A sound publisher does not send these: check the address and the file.",
        ),
    )
