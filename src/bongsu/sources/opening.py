"""One raw file as a table, whatever it is packed in: CSV, Parquet or workbook, plain or in gzip or zip."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import (
    Kind,
    OddRow,
    as_rows,
    numbers,
    read_csv,
    read_parquet,
    read_xlsx,
    sniff,
)
from bongsu.sources.statements import Figures

Decimal = Literal[".", ","]


@dataclass(frozen=True)
class Layout:
    """How a file is to be opened, where that cannot be seen from its bytes."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | int | None = None
    header_row: int = 1
    decimal: Decimal = "."


@dataclass(frozen=True)
class Opened:
    """A raw file as a table.

    Args:
        name: as the user or the server called it.
        table: its columns; texts for CSV and workbooks, as typed for Parquet.
        row: for each row its number in the file.
        odd: rows that do not fit the header.
        stored_as_number: column → was the cell kept as a number, so that leading zeros can have been lost.
    """

    name: str
    table: pa.Table
    row: npt.NDArray[np.int64]
    odd: tuple[OddRow, ...] = ()
    stored_as_number: Mapping[str, pa.Array] = field(default_factory=dict)


def open_table(raw: Raw, layout: Layout | None = None) -> Opened:
    """The table in `raw`.

    Raises:
        BadInputError: names the file as the user knows it, what is wrong with it, and the mend.
    """
    with called_by_name(raw):
        return _open(raw, layout or Layout())


@contextmanager
def called_by_name(raw: Raw) -> Iterator[None]:
    """Errors from within name the file as the user does: the archive keeps it under its hash."""
    try:
        yield
    except BadInputError as error:
        where = error.where.replace(raw.path.name, raw.name) if raw.path.name in error.where else raw.name
        raise type(error)(error.what, where=where, mend=error.mend) from error


def _open(raw: Raw, layout: Layout) -> Opened:
    kind = sniff(raw.path)
    if kind is Kind.PARQUET:
        table = read_parquet(raw.path)
        return Opened(raw.name, table, np.arange(1, table.num_rows + 1, dtype=np.int64))
    if kind in (Kind.XLSX, Kind.XLS):
        rows = as_rows(read_xlsx(raw.path, layout.sheet), layout.header_row)
    else:
        rows = read_csv(raw.path, encoding=layout.encoding, delimiter=layout.delimiter, header_row=layout.header_row)
    number = rows.row.to_numpy(zero_copy_only=False).astype(np.int64)
    return Opened(raw.name, rows.table, number, rows.odd, rows.stored_as_number)


def figures(column: pa.ChunkedArray, factor: float = 1.0, decimal: Decimal = ".") -> Figures:
    """A column as numbers times `factor`; empty and withheld cells are NaN."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        read = numbers(column, decimal)
        values, bad = read.values, read.bad.to_numpy(zero_copy_only=False).astype(np.bool_)
    else:
        values, bad = pc.cast(column, pa.float64(), safe=False), np.zeros(len(column), dtype=np.bool_)
    floats = pc.fill_null(values, float("nan")).to_numpy().astype(np.float64)
    return Figures(floats * factor, bad)


def require(opened: Opened, wanted: Sequence[str], said_by: Text) -> None:
    """BadInputError that names the columns which the file lacks, the nearest it has, and all of them."""
    has = opened.table.column_names
    missing = [name for name in wanted if name not in has]
    if not missing:
        return
    near = [f"{name} → {close[0]}" for name in missing if (close := get_close_matches(name, has, 1, 0.6))]
    listed = ", ".join(missing)
    raise BadInputError(
        Text(
            f"{said_by.ko} 열이 파일에 없습니다: {listed}.",
            f"the file lacks columns that {said_by.en} names: {listed}.",
        ),
        where=opened.name,
        mend=Text(
            f"파일의 열: {', '.join(has)}." + (f" 혹시: {', '.join(near)}." if near else ""),
            f"The file has: {', '.join(has)}." + (f" Did you mean: {', '.join(near)}." if near else ""),
        ),
    )
