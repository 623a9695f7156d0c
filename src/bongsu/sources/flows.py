"""From what files state about flows to trade_flow records: checks, doubles, scope, an account of every row.

A statement is one flow of one raw row: a wide row that holds an import and an export makes two. Statements
are taken, added up, set aside or passed over; the four together are all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.shapes import INSTANT, TRADE_FLOW
from bongsu.sources.cells import Coded, Fault, constant, together
from bongsu.sources.reading import known_times, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import FIGURES, KEYS, LABELS, Figures, Mask, Positions, Statements, Terms

ABSURD = 1e15  # more than the world trades in a year, in any currency's units that customs offices use

INCOMPLETE = Text(
    "읽지 못한 행이 있어, 이 자료에 없는 기존 기록을 철회로 보지 않습니다.",
    "some rows were set aside, so earlier records that this delivery lacks are not taken as withdrawn.",
)
ODD = Text("머리글과 맞지 않거나 손상된 행입니다.", "the row does not fit the header, or is damaged.")


@dataclass
class _Account:
    """Statements of all files together, with what became of each."""

    keys: dict[str, Coded]
    labels: dict[str, Coded]
    figures: dict[str, Figures]
    part: Coded
    passed: Coded
    fault: npt.NDArray[np.int32]  # 0 where none; else its place in `faults`, from 1
    faults: list[Fault] = field(default_factory=list)

    def mark(self, where: Mask, fault: Fault) -> None:
        self.faults.append(fault)
        self.fault[where & (self.fault == 0) & (self.passed.ids < 0)] = len(self.faults)

    def mark_words(self, column: Coded) -> None:
        """Set aside the statements whose word is a Fault."""
        place = np.zeros(len(column.words) + 1, dtype=np.int32)
        for at, word in enumerate(column.words):
            if isinstance(word, Fault):
                self.faults.append(word)
                place[at] = len(self.faults)
        found = place[column.ids]
        self.fault = np.where((self.fault == 0) & (self.passed.ids < 0), found, self.fault)

    def readable(self) -> Positions:
        return np.flatnonzero((self.fault == 0) & (self.passed.ids < 0))


def assemble(request: ReadRequest, files: Sequence[Statements], terms: Terms, notes: Sequence[Text] = ()) -> Reading:
    """Records of `files`, and an account of every statement.

    `raw_rows` of the answer counts statements: taken and added up (the rows' `raw_rows`), set aside
    (`bad_rows`) and passed over are all of them. A statement for a period that had not begun is set aside.
    """
    published = vintage(request)
    account = _gather(files)
    _check(account, published.latest.date())
    kept, counts = _one_each(account, terms.duplicates)
    period = account.keys["period"]
    known = known_times({period.words[i] for i in np.unique(period.ids[kept])}, request, published)
    table = _table(account, (kept, counts), known, files, terms)
    odd = any(one.odd for one in files)
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


def _gather(files: Sequence[Statements]) -> _Account:
    size = sum(len(one.position) for one in files)
    return _Account(
        keys={name: together([one.keys[name] for one in files]) for name in KEYS},
        labels={name: together([one.labels[name] for one in files]) for name in LABELS},
        figures={
            name: Figures(
                np.concatenate([_figures(one, name).values for one in files]),
                np.concatenate([_figures(one, name).bad for one in files]),
            )
            for name in FIGURES
        },
        part=together([one.part for one in files]),
        passed=together([one.passed for one in files]),
        fault=np.zeros(size, dtype=np.int32),
    )


def _figures(one: Statements, name: str) -> Figures:
    size = len(one.position)
    return one.figures.get(name) or Figures(np.full(size, np.nan), np.zeros(size, dtype=np.bool_))


def _check(account: _Account, today: date) -> None:
    for name, column in account.keys.items():
        missing = Fault("missing_value", Text(f"{name} 칸이 비어 있습니다.", f"{name} is empty."))
        account.mark(column.ids < 0, missing)
        account.mark_words(column)
    for column in account.labels.values():
        account.mark_words(column)
    for name, figures in account.figures.items():
        _check_figures(account, name, figures)
    # The publisher's "today" may be one day ahead of UTC.
    period = account.keys["period"]
    future = [not isinstance(word, Fault) and word[0] > today + timedelta(days=1) for word in period.words]
    account.mark(
        np.array([*future, False], dtype=np.bool_)[period.ids],
        Fault("future_period", Text("아직 시작하지 않은 기간입니다.", "the period had not begun.")),
    )


def _check_figures(account: _Account, name: str, figures: Figures) -> None:
    account.mark(figures.bad, Fault("bad_number", Text(f"{name} 칸이 수가 아닙니다.", f"{name} is not a number.")))
    account.mark(figures.values < 0, Fault("negative_value", Text(f"{name} 값이 음수입니다.", f"{name} is negative.")))
    account.mark(
        figures.values > ABSURD,
        Fault("absurd_value", Text(f"{name} 값이 있을 수 없이 큽니다.", f"{name} is impossibly large.")),
    )


def _one_each(account: _Account, duplicates: str) -> tuple[Positions, Positions]:
    """One statement a key: its position (the first of its key), and how many were added up."""
    readable = account.readable()
    number = _key_numbers([account.keys[name].take(readable) for name in KEYS])
    order = np.argsort(number, kind="stable")
    ordered = number[order]
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1 if len(ordered) else 0))
    sizes = np.diff(first, append=len(ordered))
    if not (sizes > 1).any():
        return readable, np.ones(len(readable), dtype=np.int64)
    rows, group = readable[order], np.repeat(np.arange(len(first)), sizes)
    if duplicates == "add":
        _add(account, rows, first, group)
        kept, counts = rows[first], sizes
    else:
        same = _all_same(account, rows, first, group)
        later = np.ones(len(rows), dtype=np.bool_)
        later[first] = False
        _set_aside_doubles(account, rows, later & same[group], ~same[group])
        kept = rows[first][same]
        counts = np.ones(len(kept), dtype=np.int64)
    back = np.argsort(kept, kind="stable")
    return kept[back], counts[back]


def _key_numbers(columns: Sequence[Coded]) -> Positions:
    """One number for each different combination of words."""
    number = np.zeros(len(columns[0].ids), dtype=np.int64)
    span = 1
    for column in columns:
        width = max(len(column.words), 1)
        if span * width >= 2**62:
            _, number = np.unique(number, return_inverse=True)
            span = int(number.max(initial=0)) + 1
        number = number * width + column.ids
        span *= width
    return number


def _all_same(account: _Account, rows: Positions, first: Positions, group: Positions) -> Mask:
    lead = rows[first][group]
    same = np.ones(len(rows), dtype=np.bool_)
    for figures in account.figures.values():
        here, there = figures.values[rows], figures.values[lead]
        same &= (here == there) | (np.isnan(here) & np.isnan(there))
    for label in account.labels.values():
        same &= label.ids[rows] == label.ids[lead]
    return np.asarray(np.logical_and.reduceat(same, first), dtype=np.bool_)


def _add(account: _Account, rows: Positions, first: Positions, group: Positions) -> None:
    """Sum into the first statement of each key. A sum with an unknown part, or over two units, is unknown."""
    for figures in account.figures.values():
        figures.values[rows[first]] = np.add.reduceat(figures.values[rows], first)
    lead = rows[first]
    for name, column, figure in (("quantity_unit", account.labels["quantity_unit"], "quantity"),
                                 ("currency", account.labels["currency"], "value")):  # fmt: skip
        agree = np.logical_and.reduceat(column.ids[rows] == column.ids[lead][group], first)
        account.figures[figure].values[lead[~agree]] = np.nan
        ids = column.ids.copy()
        ids[lead[~agree]] = -1
        account.labels[name] = Coded(ids, column.words)


def _set_aside_doubles(account: _Account, rows: Positions, repeated: Mask, contradictory: Mask) -> None:
    words = (*account.passed.words, "repeated")
    ids = account.passed.ids.copy()
    ids[rows[repeated]] = len(words) - 1
    account.passed = Coded(ids, words)
    where = np.zeros(len(account.fault), dtype=np.bool_)
    where[rows[contradictory]] = True
    account.mark(
        where,
        Fault(
            "duplicate_key",
            Text(
                "같은 항목이 서로 다른 값으로 두 번 이상 나옵니다.",
                "the same fact is stated more than once, with different values.",
            ),
        ),
    )


def _words(column: Coded, type_: pa.DataType) -> pa.Array:
    words = pa.array([None if isinstance(word, Fault) else word for word in column.words], type_)
    return words.take(pa.array(column.ids, mask=column.ids < 0))


def _table(
    account: _Account,
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
    account: _Account, table: pa.Table, kept: Positions, terms: Terms, *, odd: bool
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


def _bad_rows(account: _Account, files: Sequence[Statements]) -> tuple[BadRow, ...]:
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


def _passed_over(account: _Account) -> dict[str, int]:
    ids, counts = np.unique(account.passed.ids[account.passed.ids >= 0], return_counts=True)
    return {account.passed.words[i]: n for i, n in zip(ids.tolist(), counts.tolist(), strict=True)}
