"""From bytes to text: web pages and plain text in the encodings of the offices that we read."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from bongsu.language import BadInputError, Text
from bongsu.records.formats.kinds import HEAD, Kind, sniff_bytes

MOST_BYTES = 20 * 1024 * 1024
LITTLE = 2000  # characters: a page with a password field and no more than this is a login page
MOST_BROKEN = 0.01  # share of characters that may be broken in a page that names its encoding

_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg", "select"})
_BLOCK_NAMES = (
    "address article aside blockquote body br dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header "
    "hr html li main nav ol p pre section table tbody tfoot thead title tr ul caption"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|div|p|table|meta|span|h[1-6])\b", re.IGNORECASE | re.DOTALL
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pages name the narrow encoding and use the wide one.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "iso-8859-1": "cp1252",
}
_GUESSES = ("gb18030", "cp932", "cp949", "big5", "euc_jp")
_OFTEN_HAN = frozenset("的一是在和不了有人年月日中国國大公告关關于對对出口进進商品部署号號实實施行法定物項项自起及等第")
_OFTEN_HANGUL = frozenset("이다는의에을를가은로고지하한기수출입년월일해자부공대정사제시과및여인도서그")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fe]")
_HALF_KATAKANA = re.compile("[\uff61-\uff9f]+")


@dataclass(frozen=True)
class Plain:
    """A document as text.

    Args:
        text: lines; the cells of a table row stand between tabs; blanks are single.
        title: of a web page; "" where there is none.
        encoding: what the bytes were in.
        page: it was a web page.
    """

    text: str
    title: str
    encoding: str
    page: bool


def plain(data: bytes, *, name: str, charset: str | None = None) -> Plain:
    """The text of a document.

    Args:
        data: the whole file, at most `MOST_BYTES`.
        name: what the user calls it, for errors.
        charset: what the server said of the encoding.

    Raises:
        BadInputError: too large, empty, a PDF or another binary file, a login page, or in no encoding we know.
    """
    _refuse(data, name)
    text, encoding = decode(data, name=name, charset=charset)
    if not _PAGE.match(text[:HEAD]):
        return Plain(_tidy(text), "", encoding, page=False)
    page = _Page()
    page.feed(text)
    page.close()
    body = _tidy("".join(page.parts))
    if page.asks_password and len(body) <= LITTLE:
        raise BadInputError(
            Text("공고문이 아니라 로그인 화면입니다.", "this is a login page, not a notice."),
            where=name,
            mend=Text("로그인한 뒤 본문을 저장해 주십시오.", "Log in and save the notice itself."),
        )
    if not body:
        raise _empty(name)
    return Plain(body, " ".join(page.title.split()), encoding, page=True)


def _refuse(data: bytes, name: str) -> None:
    if len(data) > MOST_BYTES:
        raise BadInputError(
            Text(f"{len(data):,}바이트로 너무 큽니다.", f"too large: {len(data):,} bytes."),
            where=name,
            mend=Text(
                f"{MOST_BYTES // 2**20}MiB 이하로 나누어 주십시오.", f"Split it to {MOST_BYTES // 2**20} MiB or less."
            ),
        )
    kind = sniff_bytes(data[:HEAD])
    if kind is Kind.EMPTY:
        raise _empty(name)
    if kind is Kind.PDF:
        raise BadInputError(
            Text("PDF는 바로 읽지 않습니다.", "a PDF is not read directly."),
            where=name,
            mend=Text(
                "본문을 텍스트로 뽑아(예: pdftotext 공고.pdf -) 그 결과를 넣어 주십시오.",
                "Extract its text first (for example `pdftotext notice.pdf -`) and give that.",
            ),
        )
    if kind in (Kind.PARQUET, Kind.XLSX, Kind.XLS, Kind.GZIP, Kind.ZIP):
        raise BadInputError(
            Text(f"글이 아니라 {kind} 파일입니다.", f"this is a {kind} file, not a text."),
            where=name,
            mend=Text("공고문을 HTML이나 텍스트로 주십시오.", "Give the notice as HTML or plain text."),
        )


def _empty(name: str) -> BadInputError:
    return BadInputError(
        Text("읽을 글이 없습니다.", "there is no text in it."),
        where=name,
        mend=Text("주소나 파일을 확인하고 다시 받아 주십시오.", "Check the address or file, and fetch it again."),
    )


def decode(data: bytes, *, name: str, charset: str | None = None) -> tuple[str, str]:
    """The text of `data` and its encoding: by mark, by what the server or page says, UTF-8, then the likeliest.

    Raises:
        BadInputError: no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    stated = [_known(charset), _known(_declared(data))]
    for encoding in (*filter(None, stated), "utf-8"):
        if (text := _strictly(data, encoding)) is not None and "\0" not in text[:HEAD]:
            return text, encoding
    if "\0" in (data[:HEAD].decode("latin-1")):
        guesses: tuple[str, ...] = ("utf-16-le", "utf-16-be")
    else:
        guesses = _GUESSES
    found = [
        (likelihood(text, guess), guess, text) for guess in guesses if (text := _strictly(data, guess)) is not None
    ]
    best = max(found, default=None)
    if best is not None and best[0] > 0:
        return best[2], best[1]
    for encoding in filter(None, stated):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= MOST_BROKEN * len(text):
            return text, encoding
    raise BadInputError(
        Text("문자 인코딩을 알 수 없습니다.", "its encoding cannot be told."),
        where=name,
        mend=Text("UTF-8로 저장해 다시 주십시오.", "Save it as UTF-8 and try again."),
    )


def likelihood(text: str, encoding: str) -> float:
    """How much decoded text looks like the language that writes in `encoding`, −2 to 1 a character.

    EUC-JP and GB 2312 share their kana, so that kana speaks for Japanese encodings only.
    """
    foreign = [sign for sign in text[:20000] if sign > "\x7f"]
    if not foreign:
        return 0.0
    japanese = encoding in {"cp932", "euc_jp", "utf-16-le", "utf-16-be"}
    weights = (_everyday(sign) if japanese or not _KANA.match(sign) else 0.0 for sign in foreign)
    return sum(weights) / len(foreign)


def _everyday(sign: str) -> float:
    if "\u3041" <= sign <= "\u3096":
        return 1.0
    if "\u30a1" <= sign <= "\u30fe":
        return 0.8
    if "\uac00" <= sign <= "\ud7a3":
        return (1.0 if sign in _OFTEN_HANGUL else 0.5) if _fits(sign, "euc_kr") else -1.0
    if "\u4e00" <= sign <= "\u9fff":
        return 1.0 if sign in _OFTEN_HAN else 0.4 if _first_level(sign) else 0.0
    if "\u3000" <= sign <= "\u303f" or "\uff01" <= sign <= "\uff5e" or sign in "“”‘’—…·±×":
        return 0.5
    return -2.0 if "\ue000" <= sign <= "\uf8ff" else -0.5


def _first_level(sign: str) -> bool:
    """Is a Chinese character among the everyday ones of GB 2312, Big5 or JIS X 0208?"""
    try:
        return sign.encode("gb2312")[0] <= 0xD7  # noqa: PLR2004 - the last row of the first level
    except UnicodeEncodeError:
        return _lead(sign, "big5") <= 0xC6 or _lead(sign, "cp932") <= 0x98  # noqa: PLR2004 - likewise


def _lead(sign: str, encoding: str) -> int:
    """The first byte; one past all of them where the sign is not in `encoding`."""
    return sign.encode(encoding)[0] if _fits(sign, encoding) else 0x100


def _fits(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _declared(data: bytes) -> str | None:
    if not data.lstrip().startswith(b"<"):
        return None
    found = _CHARSET.search(data[:HEAD])
    return found[1].decode("ascii") if found else None


def _known(charset: str | None) -> str | None:
    if not charset:
        return None
    wider = _WIDER.get(charset.strip().lower(), charset.strip())
    try:
        return codecs.lookup(wider).name
    except LookupError:
        return None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _tidy(text: str) -> str:
    """Single blanks, no invisible signs, full-width katakana; line and cell ends stay."""
    text = _HALF_KATAKANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _INVISIBLE.sub("", text))
    lines = (re.sub(r"[^\S\t\n]+", " ", line) for line in text.replace("\xa0", " ").splitlines())
    return "\n".join(_rows(lines))


def _rows(lines: Iterator[str]) -> Iterator[str]:
    """Lines that hold something; a table's empty cells keep their tabs."""
    for line in lines:
        if line.strip():
            yield "\t".join(cell.strip() for cell in line.split("\t"))


class _Page(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title = ""
        self.asks_password = False
        self._skipped: list[str] = []
        self._in_title = False
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag == "title":
            self._in_title = True
        elif tag == "input":
            self.asks_password |= ("type", "password") in [(key, (value or "").lower()) for key, value in attrs]
        elif tag in _CELLS:
            self.parts.append("\t" if self._cells else "")
            self._cells += 1
        elif tag in _BLOCKS:
            self._break(tag)

    def _break(self, tag: str) -> None:
        """A new line, except for blocks within a cell, which stay on their row."""
        if tag in {"tr", "table"}:
            self._cells = 0
        self.parts.append(" " if self._cells else "\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        elif tag == "title":
            self._in_title = False
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._skipped:
            self.parts.append(data.replace("\n", " ").replace("\t", " "))
