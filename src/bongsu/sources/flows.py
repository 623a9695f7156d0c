"""From what files state about flows to trade_flow records: checks, doubles, scope, an account of every row.

A statement is one flow of one raw row: a wide row that holds an import and an export makes two. Statements
are taken, added up, set aside or passed over; the four together are all of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.shapes import INSTANT, TRADE_FLOW
from bongsu.sources.account import ABSURD, Account, check, gather
from bongsu.sources.cells import Coded, Fault, constant
from bongsu.sources.doubles import one_each
from bongsu.sources.reading import known_times, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import KEYS, Positions, Statements, Terms

__all__ = ("ABSURD", "assemble")

INCOMPLETE = Text(
    "읽지 못한 행이 있어, 이 자료에 없는 기존 기록을 철회로 보지 않습니다.",
    "some rows were set aside, so earlier records that this delivery lacks are not taken as withdrawn.",
)
ODD = Text("머리글과 맞지 않거나 손상된 행입니다.", "the row does not fit the header, or is damaged.")


def assemble(
    request: ReadRequest,
    files: Sequence[Statements],
    terms: Terms,
    notes: Sequence[Text] = (),
    stated: date | None = None,
) -> Reading:
    """Records of `files`, and an account of every statement; `stated` is the day of publication that a file gives.

    `raw_rows` of the answer counts statements: taken and added up (the rows' `raw_rows`), set aside
    (`bad_rows`) and passed over are all of them. A statement for a period that had not begun is set aside.
    """
    published = vintage(request, stated)
    account = gather(files)
    check(account, published.latest.date())
    kept, counts = one_each(account, terms.duplicates)
    if terms.rounded_away:
        _unknown_where_rounded_away(account, kept)
    period = account.keys["period"]
    known = known_times({period.words[i] for i in np.unique(period.ids[kept])}, request, published)
    table = _table(account, (kept, counts), known, files, terms)
    odd = any(one.odd for one in files) or _astray(account)
    batches, notes_of_scope = _batches(account, table, kept, terms, odd=odd)
    return Reading(
        batches=batches,
        bad_rows=_bad_rows(account, files),
        published=published.published,
        published_basis="stated" if published.published else "assumed",
        raw_rows=len(account.fault) + sum(len(one.odd) for one in files),
        passed_over=_passed_over(account),
        notes=(*notes, *published.notes, *notes_of_scope),
    )


def _astray(account: Account) -> bool:
    """Was a statement set aside that may be of any part, because its flow or period cannot be read or cannot be?"""
    future = np.array([False, *(fault.reason == "future_period" for fault in account.faults)])[account.fault]
    unreadable = [
        np.array([*(isinstance(word, Fault) for word in account.keys[name].words), True])[account.keys[name].ids]
        for name in ("flow", "period")
    ]
    return bool(((account.fault > 0) & (future | unreadable[0] | unreadable[1])).any())


def _unknown_where_rounded_away(account: Account, kept: Positions) -> None:
    """What has a value has a weight: a 0 beside it stands for less than half a unit, or for what is not collected."""
    valued = account.figures["value"].values[kept] > 0
    for name in ("quantity", "weight_kg"):
        values = account.figures[name].values
        values[kept[valued & (values[kept] == 0)]] = np.nan


def _words(column: Coded, type_: pa.DataType) -> pa.Array:
    words = pa.array([None if isinstance(word, Fault) else word for word in column.words], type_)
    return words.take(pa.array(column.ids, mask=column.ids < 0))


def _table(
    account: Account,
    rows: tuple[Positions, Positions],
    known: Mapping[tuple[date, str], tuple[Any, str]],
    files: Sequence[Statements],
    terms: Terms,
) -> pa.Table:
    kept, counts = rows
    period = account.keys["period"].take(kept)
    none = (None, None)
    states = [none if isinstance(word, Fault) else known.get(word, none) for word in period.words]
    dates = [none if isinstance(word, Fault) else word for word in period.words]
    columns: dict[str, pa.Array] = {
        name: _words(account.keys[name].take(kept), pa.string()) for name in KEYS if name != "period"
    }
    columns |= {name: _words(column.take(kept), pa.string()) for name, column in account.labels.items()}
    columns |= {
        name: pa.array(figures.values[kept], mask=np.isnan(figures.values[kept]))
        for name, figures in account.figures.items()
    }
    columns |= {
        "source": _words(constant(terms.source, len(kept)), pa.string()),
        "valid": _words(Coded(period.ids, tuple(day for day, _ in dates)), pa.date32()),
        "frequency": _words(Coded(period.ids, tuple(word for _, word in dates)), pa.string()),
        "known_at": _words(Coded(period.ids, tuple(instant for instant, _ in states)), INSTANT),
        "known_basis": _words(Coded(period.ids, tuple(basis for _, basis in states)), pa.string()),
        "raw": pa.array(_per_statement(files, "raw")[kept], pa.int32()),
        "raw_row": pa.array(_per_statement(files, "raw_row")[kept], pa.int64()),
        "raw_rows": pa.array(counts, pa.int32()),
    }
    schema = TRADE_FLOW.reader_schema
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _per_statement(files: Sequence[Statements], name: str) -> Positions:
    return np.concatenate(
        [np.full(len(one.position), one.raw) if name == "raw" else one.raw_row for one in files]
    ).astype(np.int64)


def _batches(
    account: Account, table: pa.Table, kept: Positions, terms: Terms, *, odd: bool
) -> tuple[tuple[Batch, ...], tuple[Text, ...]]:
    """One batch for each part, complete only where nothing of it had to be set aside."""
    batches, broken = [], False
    part = account.part
    for number in np.unique(part.ids[kept]).tolist():
        rows = table if len(part.words) == 1 else table.filter(pa.array(part.ids[kept] == number))
        whole = not odd and not (account.fault[part.ids == number] > 0).any()
        broken |= terms.complete and not whole
        batches.append(Batch(TRADE_FLOW, rows, _scope(rows, terms, complete=terms.complete and whole)))
    return tuple(batches), (INCOMPLETE,) if broken else ()


def _scope(rows: pa.Table, terms: Terms, *, complete: bool) -> Scope:
    equals = {name: tuple(sorted(rows[name].unique().to_pylist())) for name in (*terms.listed, "frequency")}
    days = rows["valid"].unique().to_pylist()
    return Scope({"source": (terms.source,), **equals}, min(days), max(days), complete)


def _bad_rows(account: Account, files: Sequence[Statements]) -> tuple[BadRow, ...]:
    bad, begin = [], 0
    for one in files:
        at = np.flatnonzero(account.fault[begin : begin + len(one.position)])
        quoted = one.rows.take(pa.array(one.position[at])).to_pylist() if len(at) else []
        for place, row in zip(at.tolist(), quoted, strict=True):
            fault = account.faults[account.fault[begin + place] - 1]
            text = ",".join("" if cell is None else str(cell) for cell in row.values())
            bad.append(BadRow(one.raw, int(one.raw_row[place]), fault.reason, fault.detail, text))
        begin += len(one.position)
        bad += [BadRow(one.raw, row.row, row.reason, ODD, row.text) for row in one.odd]
    return tuple(bad)


def _passed_over(account: Account) -> dict[str, int]:
    ids, counts = np.unique(account.passed.ids[account.passed.ids >= 0], return_counts=True)
    return {account.passed.words[i]: n for i, n in zip(ids.tolist(), counts.tolist(), strict=True)}
