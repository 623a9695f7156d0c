"""CSV and its kin, every cell as text: leading zeros live, odd rows are set aside with their number."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from bongsu.language import BadInputError, Text
from bongsu.records.formats.encodings import decode
from bongsu.records.formats.kinds import Kind, expect, sniff_bytes
from bongsu.records.formats.unpacking import DEFAULT_LIMITS, Limits, open_plain

_DELIMITERS = ",;\t|"
_BLOCK = 16 << 20
_SHOWN = 10_000  # characters of an odd row that are kept; the raw archive has them all


@dataclass(frozen=True)
class OddRow:
    """A row that does not fit the header."""

    row: int  # as a spreadsheet counts: the first row of the file is 1
    text: str
    reason: str  # ragged_row | nul_byte


@dataclass(frozen=True)
class Rows:
    """A table of texts as it stood in the file.

    Args:
        table: one string column for each name of the header; an empty cell is "".
        row: int64, for each row of `table` its row in the file, counted from 1 with the header; a line break
            inside quotes starts no row.
        odd: rows that were set aside.
        encoding, delimiter: how the file was read; "" for a workbook.
        stored_as_number: column → bool for each row, true where a workbook keeps the cell as a number, so
            that leading zeros of a code can have been lost.
    """

    table: pa.Table
    row: pa.Array
    odd: tuple[OddRow, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    stored_as_number: dict[str, pa.Array] = field(default_factory=dict)


def read_csv(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int = 1,
    limits: Limits = DEFAULT_LIMITS,
) -> Rows:
    """Read a delimited file, plain or in gzip or zip.

    Args:
        path: the file.
        encoding: see `decode`.
        delimiter: one character; without it the one of `, ; tab |` that parts the header most often.
        header_row: the row with the names, from 1; rows above it are passed over.
        limits: how far the file may grow when unwrapped.

    Raises:
        BadInputError: not a text file, undecodable, with an unclosed quote, or with a header that is unusable
            or that no row fits.
    """
    with open_plain(path, limits) as stream:
        data = stream.read()
    kind = sniff_bytes(data[:64])
    if kind not in (Kind.JSON, Kind.XML):  # a table's first cell may well begin with [ or <
        expect(kind, Kind.TEXT, path.name)
    text, encoding = decode(data, encoding, where=path.name)
    if encoding != "utf-8":
        data = text.encode("utf-8", "surrogatepass")
    del text
    delimiter = delimiter or _delimiter(data, header_row)
    names = header_names(_header(data, delimiter, header_row, path.name), path.name)
    table, row, odd = _parse(data, delimiter, header_row, names)
    _check_quotes(data, table, row, odd, path.name)
    if odd and not table.num_rows:
        raise _fits_no_row(names, odd[0], path.name)
    table, row = _without_blank_rows(table, row)
    table, row, nul = _without_nul(data, table, row)
    return Rows(table, row, tuple(sorted((*odd, *nul), key=lambda each: each.row)), encoding, delimiter)


def _head(data: bytes) -> str:
    return data[: 1 << 20].decode("utf-8", "ignore")


def _delimiter(data: bytes, header_row: int) -> str:
    lines = _head(data).splitlines()[header_row - 1 : header_row]
    line = lines[0] if lines else ""
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _header(data: bytes, delimiter: str, header_row: int, where: str) -> list[str]:
    reader = csv.reader(io.StringIO(_head(data), newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            if number == header_row:
                return cells
    except csv.Error as error:
        raise _bad_header(str(error), str(error), where) from error
    raise _bad_header(f"{header_row}행이 없습니다", f"there is no row {header_row}", where)


def header_names(cells: Sequence[str], where: str) -> list[str]:
    """The names of the columns, stripped; BadInputError where one is missing or stands twice."""
    names = [" ".join(str(cell).split()) for cell in cells]
    missing = [str(position) for position, name in enumerate(names, 1) if not name]
    if missing or not names:
        listed = ", ".join(missing)
        raise _bad_header(f"이름 없는 열이 있습니다: {listed}", f"columns without a name: {listed}", where)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        listed = ", ".join(twice)
        raise _bad_header(f"이름이 겹치는 열이 있습니다: {listed}", f"column names that stand twice: {listed}", where)
    return names


def _bad_header(ko: str, en: str, where: str) -> BadInputError:
    return BadInputError(
        Text(f"머리글을 읽을 수 없습니다 ({ko}).", f"cannot use the header ({en})."),
        where=where,
        mend=Text(
            "열 이름이 있는 행을 매핑의 header_row에 적거나 파일의 머리글을 고쳐 주십시오.",
            "Name the row that holds the column names (`header_row:` in the mapping), or mend the header.",
        ),
    )


def _fits_no_row(names: list[str], first: OddRow, where: str) -> BadInputError:
    return _bad_header(
        f"열 이름은 {len(names)}개인데 {first.row}행부터 칸 수가 모두 다릅니다",
        f"{len(names)} names, but every row from row {first.row} on has another number of cells",
        where,
    )


def _parse(
    data: bytes, delimiter: str, header_row: int, names: list[str]
) -> tuple[pa.Table, pa.Array, tuple[OddRow, ...]]:
    odd: list[OddRow] = []

    def set_aside(row: Any) -> str:  # noqa: ANN401 - pyarrow's InvalidRow has no public type
        odd.append(OddRow(row.number, row.text[:_SHOWN], "ragged_row"))
        return "skip"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(data),
            # One thread, because only then does Arrow know the number of an odd row.
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=names, skip_rows_after_names=header_row
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return _parse_slowly(data, delimiter, header_row, names)
    counted = np.arange(header_row + 1, header_row + 1 + table.num_rows + len(odd))
    places = np.array([each.row for each in odd], dtype=np.int64) - header_row - 1
    return table, pa.array(np.delete(counted, places), pa.int64()), tuple(odd)


def _parse_slowly(
    data: bytes, delimiter: str, header_row: int, names: list[str]
) -> tuple[pa.Table, pa.Array, tuple[OddRow, ...]]:
    """Python's own reader, for what Arrow does not take: no row below the header, or a giant one."""
    odd: list[OddRow] = []
    kept: list[list[str]] = []
    row: list[int] = []
    csv.field_size_limit(max(csv.field_size_limit(), len(data) + 1))
    for number, cells in enumerate(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter), 1):
        if number <= header_row or not cells:
            continue
        if len(cells) == len(names):
            kept.append(cells)
            row.append(number)
        else:
            odd.append(OddRow(number, delimiter.join(cells)[:_SHOWN], "ragged_row"))
    columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)] or [pa.array([], pa.string())]
    columns = columns if kept else columns * len(names)
    return pa.table(columns, names=names), pa.array(row, pa.int64()), tuple(odd)


def _check_quotes(data: bytes, table: pa.Table, row: pa.Array, odd: tuple[OddRow, ...], where: str) -> None:
    """An unclosed quote swallows all that follows into one cell: an odd count, a break in the last row."""
    if data.count(b'"') % 2 == 0:
        return
    last = max([*([row[-1].as_py()] if len(row) else []), *(each.row for each in odd)], default=0)
    shut_in = [each.text for each in odd if each.row == last] or [
        str(column[-1].as_py()) for column in table.columns if len(row)
    ]
    if any("\n" in text or "\r" in text for text in shut_in):
        raise BadInputError(
            Text(
                f"{last}행에서 열린 따옴표가 닫히지 않았습니다.",
                f"a quote opened in row {last} is never closed.",
            ),
            where=where,
            mend=Text(
                "파일이 잘렸을 수 있습니다. 다시 받거나 그 행의 따옴표를 고쳐 주십시오.",
                "The file may be cut off: fetch it again, or mend the quote in that row.",
            ),
        )


def _without_blank_rows(table: pa.Table, row: pa.Array) -> tuple[pa.Table, pa.Array]:
    blank = pa.array(np.ones(table.num_rows, dtype=bool))
    for column in table.columns:
        if not pc.any(blank).as_py():
            return table, row
        blank = pc.and_(blank, pc.equal(column, "")).combine_chunks()
    return table.filter(pc.invert(blank)), row.filter(pc.invert(blank))


def _without_nul(data: bytes, table: pa.Table, row: pa.Array) -> tuple[pa.Table, pa.Array, tuple[OddRow, ...]]:
    """A NUL inside text is damage (a disk that wrote zeros); such a row is set aside."""
    if b"\0" not in data:
        return table, row, ()
    struck = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        struck |= pc.match_substring(column, "\0").to_numpy()
    places = np.flatnonzero(struck)
    odd = tuple(
        OddRow(row[place].as_py(), ",".join(table.slice(place, 1).to_pylist()[0].values())[:_SHOWN], "nul_byte")
        for place in places.tolist()
    )
    kept = pa.array(~struck)
    return table.filter(kept), row.filter(kept), odd
