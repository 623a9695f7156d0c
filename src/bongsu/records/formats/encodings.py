"""From bytes to text, strictly: a wrong guess turns names into other names without a sound."""

import codecs
import re

from bongsu.language import BadInputError, Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = re.compile(r"[\x00-\x7f]+")
_EVERYDAY = 0xA1


def decode(data: bytes, encoding: str | None = None, *, where: str = "") -> tuple[str, str]:
    """The text of `data` and the encoding that it was in.

    Args:
        data: the whole file.
        encoding: what the mapping says; without it a byte-order mark, then UTF-8, then cp949 is tried, each
            strictly. Latin-1 accepts any bytes at all and is therefore used only when asked for.
        where: the file's name, for the error.

    Raises:
        BadInputError: names the offset of the first byte that does not fit.
    """
    failure = UnicodeDecodeError("utf-8", data, 0, 0, "")
    for candidate in [encoding] if encoding else _candidates(data):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError as error:
            failure = failure if candidate == "cp949" and not encoding else error  # UTF-8 says more
        except LookupError:
            raise _unknown_encoding(candidate, where) from None
        else:
            if candidate == "cp949" and not encoding and not _reads_as_korean(text):
                continue
            return text.removeprefix("﻿"), candidate
    raise _undecodable(failure, where)


def _candidates(data: bytes) -> list[str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return [name]
    if quiet := _utf16_without_mark(data[:4096]):
        return [quiet]
    return ["utf-8", "cp949"]


def _utf16_without_mark(head: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte; nothing else does."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or not odd:  # noqa: PLR2004 - two characters
        return ""
    if odd.count(0) > len(odd) * 0.6 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) * 0.6 and not odd.count(0) else ""


def _reads_as_korean(text: str) -> bool:
    """Western bytes can pass as cp949, but then mostly outside of the everyday set (KS X 1001, high bytes only)."""
    pairs = _ASCII.sub("", text).encode("cp949")
    everyday = sum(min(lead, trail) >= _EVERYDAY for lead, trail in zip(pairs[::2], pairs[1::2], strict=True))
    return everyday * 4 >= len(pairs)


def _unknown_encoding(encoding: str, where: str) -> BadInputError:
    return BadInputError(
        Text(f"'{encoding}'라는 문자 인코딩은 없습니다.", f"there is no encoding called '{encoding}'."),
        where=where,
        mend=Text(
            "매핑의 encoding 값을 utf-8, cp949, utf-16, latin-1 등으로 고쳐 주십시오.",
            "Set `encoding:` in the mapping to utf-8, cp949, utf-16, latin-1 or another one.",
        ),
    )


def _undecodable(failure: UnicodeDecodeError, where: str) -> BadInputError:
    byte = failure.object[failure.start]
    return BadInputError(
        Text(
            f"{failure.start}번째 바이트(0x{byte:02X})를 {failure.encoding} 문자로 읽을 수 없습니다.",
            f"byte {failure.start} (0x{byte:02X}) is not {failure.encoding} text.",
        ),
        where=where,
        mend=Text(
            "파일의 문자 인코딩을 매핑의 encoding에 적어 주십시오 (예: encoding: cp1252).",
            "Name the file's encoding in the mapping (for example `encoding: cp1252`).",
        ),
    )
