"""Tables of producing countries as publishers print them: western encodings, names with remarks, totals, the rest."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bongsu.codes.groups import NOT_SPECIFIED, WORLD, find_partner
from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Raw, Scope
from bongsu.records.formats import OddRow, Rows, decode, open_plain, read_csv
from bongsu.records.shapes import PRODUCTION
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError

WESTERN = "cp1252"
JOINT = "+"  # stands between the countries of a line that states several together
_REMARK = re.compile(r"^(?P<name>[^(]+?)\s*\((?P<remark>[^()]*)\)\s*(?P<footnote>\d{1,2})?$")
_TOTAL = re.compile(r"^world total\b(?P<rest>.*)$", re.IGNORECASE)
_REST = re.compile(r"^other countries\b(?P<rest>.*)$", re.IGNORECASE)
# What is left when UTF-8 was read as cp1252: "Ã´" for ô, "â€™" for ’.
_MANGLED = re.compile(r"[ÂÃâ][\u0080-\u00bf\u0152-\u2122]")


@dataclass(frozen=True)
class Producer:
    """Who a line is about: a country, the World total (W00), other countries (X00) or several together (CAN+USA).

    Args:
        code: ours; only a plain alpha-3 or group is a country.
        remark: what the publisher says of the line in brackets, "" for nothing.
    """

    code: str
    remark: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """The countries of a line that states several together, else none."""
        return tuple(self.code.split(JOINT)) if JOINT in self.code else ()


def western_rows(raw: Raw) -> Rows:
    """A CSV in UTF-8 or, where it is none, in cp1252; names mangled by a wrong decoding are mended.

    Raises:
        BadInputError: as `read_csv`.
    """
    with open_plain(raw.path) as stream:
        data = stream.read()
    rows = read_csv(raw.path, encoding=_encoding(data, raw.path.name))
    columns = [_mended(column) for column in rows.table.columns]
    table = pa.table(columns, names=[mended(name) for name in rows.table.column_names])
    return Rows(table, rows.row, rows.odd, rows.encoding, rows.delimiter)


def _encoding(data: bytes, where: str) -> str | None:
    """None leaves the choice to `decode`; cp1252 accepts nearly all bytes and therefore comes last."""
    try:
        decode(data, where=where)
    except BadInputError:
        return WESTERN
    return None


def _mended(column: pa.ChunkedArray) -> pa.ChunkedArray:
    struck = pc.match_substring_regex(column, "[ÂÃâ]")
    if not pc.any(struck).as_py():
        return column
    return pa.chunked_array([pa.array([mended(cell) for cell in column.to_pylist()], pa.string())])


def mended(text: str) -> str:
    """`text`, with UTF-8 that was once read as cp1252 read again: only where all of it is UTF-8 then."""
    if not _MANGLED.search(text):
        return text
    try:
        return b"".join(_byte(letter) for letter in text).decode("utf-8")
    except UnicodeError:
        return text


def _byte(letter: str) -> bytes:
    """cp1252 has no letter for five bytes; a reader who met them passed them through."""
    return bytes([ord(letter)]) if "\u0080" <= letter <= "\u009f" else letter.encode(WESTERN)


def producer(text: str) -> Producer:
    """Who a line is about.

    Raises:
        BadCellError: `bad_country`: unknown, or a name that two countries answer to ("Congo").
    """
    bare = " ".join(text.split())
    for pattern, aggregate in ((_TOTAL, WORLD), (_REST, NOT_SPECIFIED)):
        if found := pattern.match(bare):
            return Producer(aggregate, _remark_of(found["rest"]))
    if code := find_partner(bare):
        return Producer(code)
    if (said := _REMARK.match(bare)) and (code := find_partner(said["name"])):
        return Producer(code, said["remark"].strip())
    together = [find_partner(part) for part in re.split(r",? and |, ", bare)]
    if len(together) > 1 and None not in together:
        return Producer(JOINT.join(sorted(str(code) for code in together)))
    raise BadCellError(
        "bad_country",
        Text(f"모르는 나라이거나 어느 나라인지 모호한 이름입니다: {bare}", f"an unknown or ambiguous country: {bare}"),
    )


def _remark_of(rest: str) -> str:
    """What stands behind "World total": "(rounded)", a footnote and brackets say nothing of what is counted."""
    parts = (part.strip(" ()0123456789") for part in rest.split(","))
    return ", ".join(part for part in parts if part and part.casefold() != "rounded")


def slug(text: str) -> str:
    """A word of ours for goods that no table knows: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def odd_row(raw: int, odd: OddRow) -> BadRow:
    """A row that does not fit the header, for the quarantine."""
    detail = Text(
        "열 수가 머리글과 다르거나 글자가 깨진 행입니다.", "a row that does not fit the header, or is damaged."
    )
    return BadRow(raw, odd.row, odd.reason, detail, odd.text)


def edition_vintage(request: ReadRequest, year: int) -> Vintage:
    """The vintage of a yearly edition: as the user says, else the source's lag after its latest year.

    A file that was read before that day counts from when it was read: it cannot have come out later.
    """
    if request.published is None:
        instant = request.source.lag.known_at(date(year, 1, 1), "A", request.source.zone)
        if instant <= request.read_at:
            return Vintage(instant, instant, "lag")
    return vintage(request)


def production_rows(
    facts: Iterable[Mapping[str, Any]], source: str, known: Mapping[tuple[date, date], tuple[datetime, str]]
) -> pa.Table:
    """Facts as records; what a fact does not say is null. `known` gives (known_at, basis) for (valid, valid_until)."""
    rows = []
    for fact in facts:
        known_at, basis = known[fact["valid"], fact["valid_until"]]
        rows.append({"source": source, "frequency": "A", "known_at": known_at, "known_basis": basis, **fact})
    return pa.Table.from_pylist(rows, schema=PRODUCTION.reader_schema)


def year_batches(rows: pa.Table, source: str) -> tuple[Batch, ...]:
    """Whole tables of one edition: complete for their goods in each measure, stage and year, and for nothing else.

    A later edition that no longer names a country counts it among the others; the old line must not stand beside it.
    """
    parts: dict[tuple[str, str, date], list[int]] = {}
    keys = zip(*(rows[name].to_pylist() for name in ("measure", "stage", "valid")), strict=True)
    for place, key in enumerate(keys):
        parts.setdefault(key, []).append(place)
    return tuple(_year_batch(rows.take(places), source, *key) for key, places in sorted(parts.items()))


def _year_batch(rows: pa.Table, source: str, measure: str, stage: str, valid: date) -> Batch:
    goods: Sequence[str] = sorted(set(rows["commodity"].to_pylist()))
    scope = {"source": (source,), "measure": (measure,), "stage": (stage,), "commodity": tuple(goods)}
    return Batch(PRODUCTION, rows, Scope(scope, valid, valid))
