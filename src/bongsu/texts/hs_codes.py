"""HS codes in running text and tables, and nothing that only looks like one.

A number is taken for a code where it is linked to a keyword (HS, 税号, HSコード, pos tarif, 품목번호 …), stands in a
table column under one, or has the dotted shape of an existing heading and neither a price nor a date beside it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain

from bongsu.codes.hs import hs_codes, hs_name
from bongsu.texts.sentences import Sentences
from bongsu.texts.tongue import Tongue, view

HS6 = 6
LAST_CHAPTER = "98"  # 98 and 99 are national: no good of the HS stands there
MOST_IN_RANGE = 60  # headings or subheadings that "from … to …" may stand for

_KEYWORD = re.compile(
    r"(?<![a-z])(?:hs|hts|htsus|hsk|taric|h\.s\.|cn[ -]codes?|tariff[ -](?:codes?|headings?|items?|lines?|numbers?)|"
    r"(?:sub)?headings?|schedule b|harmoni[sz]ed system|pos tarif|kode pos|nomor pos|kode barang)(?![a-z])|"
    r"税则号列?|税号|税目|商品编[号码]|海关编[号码]|商品編號|稅則|稅號|貨品號列|货品号列|协调制度|"
    r"(?:hs|h\.s\.)コード|税番|税則番号|関税番号|関税率表|統計品目番号|統計番号|品目番号|"
    r"품목\s?번호|세번|관세율표|관세\s?번호|품목\s?분류|hs\s?(?:코드|부호|번호)|품목\s?코드"
)
# What may stand between a keyword and its code.
_FILLER = re.compile(
    r"[\s:：=()\[\]「」『』“”\"'、,.#-]*(?:(?:hs|hts|ex|codes?|headings?|subheadings?|numbers?|nos?\.?|items?|under|of|"
    r"tarif|nomor|kode|列|号|為|为|是|は|が|の|第|제|等|及|コード|코드|부호|번호|은|는|인)(?![a-z])[\s:：=()\[\]、,.#-]*){0,5}"
)
_SHAPES = (
    # 3102.10, 3102.10.00.10, 3102.10-000
    r"\d{4}\.\d{2}(?:[.\- ]?\d{2}(?:[.\- ]?\d{2})?|[.\- ]\d{3,4})?(?:[.\- ]\d{2})?",
    r"\d{4}(?: \d{2}){1,3}",  # 3102 10 10
    r"\d{2}\.\d{2}(?!\.?\d)",  # 31.02
    r"\d{10}|\d{9}|\d{8}|\d{6}|\d{4}",
)
_CODE = re.compile(rf"(?:{'|'.join(_SHAPES)})(?![a-z]|\.?\d|/\d{1, 2}(?!\d)|\s?[年년%])")
_BETWEEN = r"[号號項项호]?(?:項下|项下)?\s*(?:[(（][^)）\d]{0,60}[)）])?\s*"
_AND = re.compile(
    _BETWEEN + r"(?:(?:[、，,;；/·・&\s]|(?:和|及び|及|与|與|或|並びに|または|및|와|과|또는)|"
    r"(?<![a-z])(?:and|or|und|dan|atau|serta|ex|hs|nos?\.?|headings?|第|제)(?![a-z]))\s*)+"
)
_TO = re.compile(
    _BETWEEN + r"(?:-|–|—|~|〜|至|から|부터|(?<![a-z])(?:to|through|s\.?d\.?|hingga|sampai(?: dengan)?)(?![a-z]))\s*"
)
_DOTTED = re.compile(rf"(?<![\d.,/:\-a-z$€¥£₩])(?:{_SHAPES[0]})(?![a-z]|[./]?\d|,\d{{3}}(?!\d)|\s?[年년%])")
_JAPANESE = re.compile(r"第\s?(\d{2}\.\d{2}|\d{4}\.\d{2})\s?[項号]")
_BARE = re.compile(r"(?<![\d.,/:\-a-z$€¥£₩+])(?:\d{10}|\d{8}|\d{6})(?![\d\-a-z]|[./]\d|\s?[年년%])")
_DATE_LIKE = re.compile(r"(?:19|20)\d{2}\.(?:0[1-9]|1[0-2])(?:\.|$)")
_NOT_BEFORE = re.compile(
    r"(?:[$€¥£₩]|(?<![a-z])(?:rp\.?|usd|us|cny|rmb|eur|jpy|krw|idr|no\.?|nomor|telp?\.?|phone|fax|docket|notification|"
    r"announcement|order)|電話|电话|전화|传真|팩스|第|제|[〔\[]\d{4}[〕\]])[\s:：.]*$"
)
_QUANTITY = re.compile(
    r"\s?(?:[元円원吨톤%％]|トン|美元|万|億|亿|만|억|(?:usd|cny|rmb|eur|jpy|krw|idr|dollars?|yuan|yen|won|tonnes?|"
    r"tons?|mt|kg|per|people|pieces|units)(?![a-z]))"
)
_NUMBERED = re.compile(r"\s?[号號호]")
_MONEY = re.compile(
    r"(?<![a-z])(?:prices?|quote[sd]?|closing|settle(?:d|ment)?|usd|cny|rmb|cif|fob|harga|per tonne)(?![a-z])|"
    r"/mt|/t(?![a-z])|"
    r"价格|報價|报价|單價|单价|价位|元/吨|美元|価格|単価|相場|円/|가격|단가|시세|원/"
)


@dataclass(frozen=True)
class FoundCode:
    """A code as it stands in a text.

    Args:
        code: digits only, 4 to 10 of them, leading zeros kept.
        written: as it was written; for a code out of the middle of a range, the range.
        start, end: its place in the text.
        sentence: the sentence or table row.
        basis: keyword (linked to one), table (in a column under one), sentence (one is in the sentence) or shape.
    """

    code: str
    written: str
    start: int
    end: int
    sentence: str
    basis: str


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    basis: str
    codes: tuple[str, ...]


def find_codes(text: str, language: Tongue = Tongue.UNKNOWN) -> tuple[FoundCode, ...]:
    """Every code in `text`, in the order of the text; each place once.

    Args:
        text: as `plain` gives it.
        language: of the text; codes are read alike in all.
    """
    seen = view(text, language)
    sentences = Sentences(text)
    taken: list[FoundCode] = []
    held: set[int] = set()
    for hit in chain(_linked(seen), _tabled(seen), _shaped(seen, sentences, held)):
        if held.isdisjoint(range(hit.start, hit.end)):
            held.update(range(hit.start, hit.end))
            sentence = sentences.at(hit.start, hit.end)
            written = text[hit.start : hit.end]
            taken += [FoundCode(code, written, hit.start, hit.end, sentence, hit.basis) for code in hit.codes]
    return tuple(sorted(taken, key=lambda one: (one.start, one.code)))


def digits(written: str) -> str | None:
    """The bare digits of a written code, None where no such heading (or subheading) can exist.

    Six digits and more need a heading of the HS of 2022; subheadings of earlier revisions pass by their heading.
    """
    bare = re.sub(r"\D", "", written)
    return bare if bare[:4] in _headings() else None


@cache
def _headings() -> frozenset[str]:
    return frozenset(heading for heading in hs_codes(4) if heading < LAST_CHAPTER)


def _linked(seen: str) -> Iterator[_Hit]:
    """Chains of codes that follow a keyword."""
    told: set[int] = set()
    for keyword in _KEYWORD.finditer(seen):
        filler = _FILLER.match(seen, keyword.end())
        yield from _chain(seen, filler.end() if filler else keyword.end(), told)


def _chain(seen: str, position: int, told: set[int]) -> Iterator[_Hit]:
    """The codes that follow one another from `position` on, up to one that another chain has told, with all after it."""
    before: _Hit | None = None
    while position not in told and (found := _code_at(seen, position)):
        if (to := _TO.match(seen, found.end)) and (last := _code_at(seen, to.end())):
            found = _Hit(found.start, last.end, "keyword", _between(found.codes[0], last.codes[0]))
        if before is not None and _changes_shape(before, found):
            return
        told.add(position)
        yield found
        link = _AND.match(seen, found.end)
        if link is None:
            return
        before, position = found, link.end()


def _changes_shape(before: _Hit, now: _Hit) -> bool:
    """Four bare digits after a longer code are rather a year or a quantity than a heading."""
    return len(now.codes[0]) < HS6 <= len(before.codes[0])


def _code_at(seen: str, position: int) -> _Hit | None:
    found = _CODE.match(seen, position)
    if found is None or _QUANTITY.match(seen, found.end()):
        return None
    code = digits(found[0])
    return None if code is None else _Hit(found.start(), found.end(), "keyword", (code,))


def _between(first: str, last: str) -> tuple[str, ...]:
    """The codes of a range: all that exist where both ends are headings or subheadings, else the two ends."""
    if len(first) == len(last) and len(first) <= HS6 and first < last:
        known = _in_order(len(first))
        begin, end = bisect_left(known, first), bisect_right(known, last)
        if end - begin <= MOST_IN_RANGE:
            return tuple(sorted({first, *known[begin:end], last}))
    return (first, last)


@cache
def _in_order(length: int) -> tuple[str, ...]:
    return tuple(sorted(hs_codes(length)))


def _tabled(seen: str) -> Iterator[_Hit]:
    """Codes in the columns of a table whose header holds a keyword."""
    columns: tuple[int, ...] = ()
    width, position, money = 0, 0, False
    for line in seen.splitlines(keepends=True):
        cells = line.rstrip("\n").split("\t")
        if len(cells) == 1:
            columns = ()
        elif not columns:
            columns = tuple(at for at, cell in enumerate(cells) if _KEYWORD.search(cell))
            width, money = len(cells), _MONEY.search(line) is not None
        else:
            yield from _row(cells, columns, width if not money else len(cells), position)
        position += len(line)


def _row(cells: list[str], columns: tuple[int, ...], width: int, position: int) -> Iterator[_Hit]:
    """A row that lacks its first cells (they span rows above) is read from its right side; not beside prices."""
    starts = list(accumulate((len(cell) + 1 for cell in cells), initial=position))
    for column in columns:
        at = column - max(width - len(cells), 0)
        if 0 <= at < len(cells):
            yield from (
                _Hit(starts[at] + hit.start, starts[at] + hit.end, "table", hit.codes) for hit in _cell(cells[at])
            )


def _cell(cell: str) -> Iterator[_Hit]:
    lead = re.match(r"\s*(?:ex\s*)?", cell)
    yield from _chain(cell, lead.end() if lead else 0, set())


def _shaped(seen: str, sentences: Sentences, held: set[int]) -> Iterator[_Hit]:
    """Codes that no keyword leads up to: dotted ones, and bare ones whose sentence holds a keyword."""
    starts, headers = _headers(seen)
    # Remembered by sentence: one that holds ten thousand codes is looked through once, not ten thousand times.
    keyed_in = cache(lambda first, last: _KEYWORD.search(seen, first, last) is not None)
    priced_in = cache(lambda first, last: _MONEY.search(seen[first:last]) is not None)
    priced = cache(lambda header: _MONEY.search(header) is not None)
    for japanese in _JAPANESE.finditer(seen):
        if code := digits(japanese[1]):
            yield _Hit(japanese.start(1), japanese.end(1), "shape", (code,))
    for pattern in (_DOTTED, _BARE):
        for found in pattern.finditer(seen):
            code = digits(found[0])
            if found.start() in held or code is None or hs_name(code[:HS6]) is None or _disarmed(seen, found):
                continue
            first, last = sentences.span(found.start())
            keyed = keyed_in(first, last)
            header = headers[bisect_right(starts, found.start()) - 1]
            odd = pattern is _BARE or _DATE_LIKE.match(found[0]) or priced(header) or priced_in(first, last)
            if keyed or not odd:
                yield _Hit(found.start(), found.end(), "sentence" if keyed else "shape", (code,))


def _headers(seen: str) -> tuple[list[int], list[str]]:
    """Where each line starts, and the first row of the table that it is in; "" outside of tables."""
    starts, headers, header, position = [], [], "", 0
    for line in seen.splitlines(keepends=True):
        header = (header or line) if "\t" in line else ""
        starts.append(position)
        headers.append(header)
        position += len(line)
    return starts, headers


def _disarmed(seen: str, found: re.Match[str]) -> bool:
    before = seen[max(found.start() - 24, 0) : found.start()]
    return bool(_NOT_BEFORE.search(before) or _QUANTITY.match(seen, found.end()) or _NUMBERED.match(seen, found.end()))
