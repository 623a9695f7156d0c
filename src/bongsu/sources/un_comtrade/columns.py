"""The columns of a Comtrade table, whatever it was got by, under one set of names.

The site's workbook says `partnerISO`, its CSV `PartnerISO`, the old site `Partner ISO`; the site's own misprints
(`Prtner2Code`, `AtlQty`) are names too.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import Kind, OddRow, Sheet, as_rows, decode, open_plain, read_xlsx
from bongsu.records.formats.delimited import header_names
from bongsu.sources.opening import Layout, Opened, called_by_name, open_table

# Ours: the site's present names in small letters.
NAMES = (
    "typecode", "freqcode", "refperiodid", "refyear", "refmonth", "period", "reportercode", "reporteriso",
    "reporterdesc", "flowcode", "flowdesc", "partnercode", "partneriso", "partnerdesc", "partner2code", "partner2iso",
    "partner2desc", "classificationcode", "classificationsearchcode", "isoriginalclassification", "cmdcode", "cmddesc",
    "aggrlevel", "isleaf", "customscode", "customsdesc", "moscode", "motcode", "motdesc", "qtyunitcode", "qtyunitabbr",
    "qty", "isqtyestimated", "altqtyunitcode", "altqtyunitabbr", "altqty", "isaltqtyestimated", "netwgt",
    "isnetwgtestimated", "grosswgt", "isgrosswgtestimated", "cifvalue", "fobvalue", "primaryvalue",
    "legacyestimationflag", "isreported", "isaggregate",
)  # fmt: skip
_OTHER_NAMES = {
    "prtner2code": "partner2code",
    "atlqty": "altqty",
    # the site before 2023
    "classification": "classificationcode",
    "year": "refyear",
    "aggregatelevel": "aggrlevel",
    "isleafcode": "isleaf",
    "tradeflowcode": "flowcode",
    "tradeflow": "flowdesc",
    "reporter": "reporterdesc",
    "partner": "partnerdesc",
    "2ndpartnercode": "partner2code",
    "2ndpartneriso": "partner2iso",
    "2ndpartner": "partner2desc",
    "customsproccode": "customscode",
    "customs": "customsdesc",
    "modeoftransportcode": "motcode",
    "modeoftransport": "motdesc",
    "commoditycode": "cmdcode",
    "commodity": "cmddesc",
    "qtyunit": "qtyunitabbr",
    "altqtyunit": "altqtyunitabbr",
    "netweightkg": "netwgt",
    "grossweightkg": "grosswgt",
    "tradevalueus": "primaryvalue",
    "ciftradevalueus": "cifvalue",
    "fobtradevalueus": "fobvalue",
    "flag": "legacyestimationflag",
}
_PASSED_OVER = ("perioddesc", "datasetcode")
# A table must say each of these things, by one of the columns.
_SAID_BY = (
    ("reportercode", "reporteriso", "reporterdesc"),
    ("flowcode", "flowdesc"),
    ("partnercode", "partneriso", "partnerdesc"),
    ("period", "refperiodid", "refyear"),
    ("cmdcode",),
    ("primaryvalue",),
)


def open_download(raw: Raw, kind: Kind) -> tuple[Opened, tuple[Text, ...]]:
    """A download as a table under our names, and what is to be said of columns that nobody knows.

    Raises:
        BadInputError: it cannot be opened, or is no Comtrade table.
    """
    with called_by_name(raw):
        if kind is Kind.PARQUET:
            opened = open_table(raw)
        else:
            opened = _workbook(raw) if kind in (Kind.XLSX, Kind.XLS) else _text(raw)
    return named(opened)


def named(opened: Opened) -> tuple[Opened, tuple[Text, ...]]:
    """A table under our names.

    Raises:
        BadInputError: two columns mean the same, or what a flow needs is missing.
    """
    ours: dict[str, str] = {}
    unknown: list[str] = []
    for column in opened.table.column_names:
        name = _ours(column)
        if name in ours:
            raise _twice(ours[name], column, opened.name)
        if name in NAMES:
            ours[name] = column
        elif name not in _PASSED_OVER:
            unknown.append(column)
    _require(ours, opened)
    table = pa.table({name: opened.table[column] for name, column in ours.items()})
    stored = {name: opened.stored_as_number[c] for name, c in ours.items() if c in opened.stored_as_number}
    return replace(opened, table=table, stored_as_number=stored), _unread(unknown, opened.name)


def _ours(column: str) -> str:
    folded = re.sub(r"[^a-z0-9]", "", column.casefold())
    return _OTHER_NAMES.get(folded, folded)


def _unread(unknown: Sequence[str], name: str) -> tuple[Text, ...]:
    if not unknown:
        return ()
    listed = ", ".join(unknown)
    return (
        Text(
            f"{name}: 알지 못하는 열은 읽지 않았습니다: {listed}.",
            f"{name}: columns nobody here knows, unread: {listed}.",
        ),
    )


def _require(ours: Mapping[str, str], opened: Opened) -> None:
    missing = ["|".join(names) for names in _SAID_BY if not any(name in ours for name in names)]
    if not missing:
        return
    listed, has = ", ".join(missing), ", ".join(opened.table.column_names)
    raise BadInputError(
        Text(
            f"Comtrade 자료에 있어야 할 열이 없습니다: {listed}.", f"columns of a Comtrade table are missing: {listed}."
        ),
        where=opened.name,
        mend=Text(
            f"파일의 열: {has}. 내려받은 그대로의 파일을 주시고, 다른 꼴이면 flows_table과 매핑을 쓰십시오.",
            f"The file has: {has}. Give the file as it was downloaded; for another shape use flows_table with a mapping.",
        ),
    )


def _twice(one: str, other: str, where: str) -> BadInputError:
    return BadInputError(
        Text(f"같은 뜻의 열이 둘 있습니다: {one}, {other}.", f"two columns mean the same: {one}, {other}."),
        where=where,
        mend=Text("하나를 지우십시오.", "Delete one of them."),
    )


def _workbook(raw: Raw) -> Opened:
    """The sheet that holds the table: downloads carry an empty second one, and users reorder them."""
    sheet = read_xlsx(raw.path)
    for name in sheet.names:
        if _heads_a_table(sheet):
            break
        sheet = read_xlsx(raw.path, name)
    rows = as_rows(sheet if _heads_a_table(sheet) else read_xlsx(raw.path))
    return Opened(raw.name, rows.table, rows.row.to_numpy(zero_copy_only=False), rows.odd, rows.stored_as_number)


def _heads_a_table(sheet: Sheet) -> bool:
    return bool(sheet.rows) and "cmdcode" in {_ours(str(cell)) for cell in sheet.rows[0]}


def _text(raw: Raw) -> Opened:
    """A CSV or TSV; the site writes Latin-1, users save again as UTF-8."""
    with open_plain(raw.path) as stream:
        data = stream.read()
    try:
        text, encoding = decode(data, where=raw.path.name)
    except BadInputError:
        text, encoding = decode(data, "latin-1", where=raw.path.name)
    return _trailing(raw.name, text) or open_table(raw, Layout(encoding=encoding))


def _trailing(name: str, text: str) -> Opened | None:
    """A table whose every row ends in a delimiter that its header lacks, as some of the site's do; None for any other.

    Taken as they stand, such rows have one cell too many; a careless reader shifts all columns by one.
    """
    head = text[: 1 << 16].splitlines()[:2]
    delimiter = max(",;\t", key=head[0].count) if head else ","
    first = [next(csv.reader([line], delimiter=delimiter), []) for line in head]
    width = len(_bare(first[0])) if first else 0
    if len(first) < 2 or len(first[1]) != width + 1 or first[1][-1]:  # noqa: PLR2004 - a header and a row
        return None
    rows = [(n, row) for n, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1) if row]
    kept = [(n, row) for n, row in rows[1:] if len(row) == width + 1 and not row[-1]]
    odd = tuple(OddRow(n, delimiter.join(row), "ragged_row") for n, row in rows[1:] if len(row) != width + 1 or row[-1])
    names = header_names(_bare(rows[0][1]), name)
    table = pa.table([pa.array([row[at] for _, row in kept], pa.string()) for at in range(width)], names=names)
    return Opened(name, table, np.array([n for n, _ in kept], dtype=np.int64), odd)


def _bare(cells: Sequence[str]) -> Sequence[str]:
    return cells[:-1] if cells and not cells[-1].strip() else cells
