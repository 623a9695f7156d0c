"""One record for each fact: what happens to statements that speak of the same one."""

from collections.abc import Sequence

import numpy as np

from bongsu.language import Text
from bongsu.sources.account import Account
from bongsu.sources.cells import Coded, Fault
from bongsu.sources.statements import KEYS, Mask, Numbers, Positions


def one_each(account: Account, duplicates: str) -> tuple[Positions, Positions]:
    """One statement a key: its position (the first of its key), and how many raw rows it stands for.

    `duplicates` is as in `Terms`; what a statement says is put into the first of its key.
    """
    readable = account.readable()
    columns = [account.keys[name].take(readable) for name in KEYS]
    if duplicates == "add_parts":
        columns.append(account.part.take(readable))
    number = key_numbers(columns)
    order = np.argsort(number, kind="stable")
    ordered = number[order]
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1 if len(ordered) else 0))
    sizes = np.diff(first, append=len(ordered))
    if not (sizes > 1).any() and duplicates != "add_parts":
        return readable, np.ones(len(readable), dtype=np.int64)
    rows, group = readable[order], np.repeat(np.arange(len(first)), sizes)
    if duplicates == "add":
        _add(account, rows, first, group)
        kept, counts = rows[first], sizes
    elif duplicates == "add_parts":
        _add(account, rows, first, group)
        single = _once_over_parts(account, rows, first, group)
        kept, counts = rows[first][single], sizes[single]
    elif duplicates == "join":
        agree = _join(account, rows, first)
        _set_aside_doubles(account, rows, np.zeros(len(rows), dtype=np.bool_), ~agree[group])
        kept, counts = rows[first][agree], sizes[agree]
    else:
        same = _all_same(account, rows, first, group)
        later = np.ones(len(rows), dtype=np.bool_)
        later[first] = False
        _set_aside_doubles(account, rows, later & same[group], ~same[group])
        kept = rows[first][same]
        counts = np.ones(len(kept), dtype=np.int64)
    back = np.argsort(kept, kind="stable")
    return kept[back], counts[back]


def _once_over_parts(account: Account, rows: Positions, first: Positions, group: Positions) -> Mask:
    """Of sums that several parts give of one key, the first where they agree and none where they do not."""
    leads = rows[first]
    number = key_numbers([account.keys[name].take(leads) for name in KEYS])
    order = np.argsort(number, kind="stable")
    ordered = number[order]
    start = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1 if len(ordered) else 0))
    key = np.repeat(np.arange(len(start)), np.diff(start, append=len(ordered)))
    if not len(start):
        return np.ones(0, dtype=np.bool_)
    same = _all_same(account, leads[order], start, key)
    later = np.ones(len(order), dtype=np.bool_)
    later[start] = False
    repeated, contradictory = np.zeros((2, len(order)), dtype=np.bool_)
    repeated[order], contradictory[order] = later & same[key], ~same[key]
    _set_aside_doubles(account, rows, repeated[group], contradictory[group])
    return np.asarray(~(repeated | contradictory), np.bool_)


def _join(account: Account, rows: Positions, first: Positions) -> Mask:
    """Put what each statement of a key gives into the first; for each key, do they agree where two give the same?"""
    agree = np.ones(len(first), dtype=np.bool_)
    if not len(first):
        return agree
    for figures in account.figures.values():
        here = figures.values[rows]
        least, most = np.fmin.reduceat(here, first), np.fmax.reduceat(here, first)  # both leave the unknown out
        agree &= ~(most > least)
        figures.values[rows[first]] = least
    for name, label in account.labels.items():
        words = label.ids[rows]
        last = np.maximum.reduceat(words, first)
        agree &= np.minimum.reduceat(np.where(words < 0, np.iinfo(np.int32).max, words), first) >= last
        ids = label.ids.copy()
        ids[rows[first]] = last
        account.labels[name] = Coded(ids, label.words)
    return agree


CONTRADICTION = Fault(
    "duplicate_key",
    Text(
        "같은 항목이 서로 다른 값으로 두 번 이상 나옵니다.",
        "the same fact is stated more than once, with different values.",
    ),
)


def doubled_rows(names: Sequence[Coded], figures: Sequence[Numbers]) -> tuple[Mask, Mask]:
    """Of rows that a file says are one: those that repeat an earlier one, and those that contradict another.

    For files whose rows are added up, where a row that stands twice would count twice.

    Args:
        names: the columns that together name a row.
        figures: what the rows say.
    """
    number = key_numbers(names)
    order = np.argsort(number, kind="stable")
    ordered = number[order]
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = ordered[1:] == ordered[:-1]
    repeated, contradictory = np.zeros((2, len(order)), dtype=np.bool_)
    if not again.any():
        return repeated, contradictory
    group = np.cumsum(~again) - 1
    lead = order[np.flatnonzero(~again)][group]
    same = np.ones(len(order), dtype=np.bool_)
    for values in figures:
        here, there = values[order], values[lead]
        same &= (here == there) | (np.isnan(here) & np.isnan(there))
    apart = np.zeros(int(group[-1]) + 1, dtype=np.bool_)
    apart[group[~same]] = True
    contradictory[order] = apart[group]
    repeated[order] = again & ~apart[group]
    return repeated, contradictory


def marked(column: Coded, contradictory: Mask) -> Coded:
    """The column with `CONTRADICTION` in the rows that contradict another, so that they are set aside."""
    ids = np.where(contradictory, len(column.words), column.ids).astype(np.int32)
    return Coded(ids, (*column.words, CONTRADICTION))


def key_numbers(columns: Sequence[Coded]) -> Positions:
    """One number a row, the same for the same combination of words; the columns are of one length."""
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


def _all_same(account: Account, rows: Positions, first: Positions, group: Positions) -> Mask:
    lead = rows[first][group]
    same = np.ones(len(rows), dtype=np.bool_)
    for figures in account.figures.values():
        here, there = figures.values[rows], figures.values[lead]
        same &= (here == there) | (np.isnan(here) & np.isnan(there))
    for label in account.labels.values():
        same &= label.ids[rows] == label.ids[lead]
    return np.asarray(np.logical_and.reduceat(same, first), dtype=np.bool_)


def _add(account: Account, rows: Positions, first: Positions, group: Positions) -> None:
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


def _set_aside_doubles(account: Account, rows: Positions, repeated: Mask, contradictory: Mask) -> None:
    words = (*account.passed.words, "repeated")
    ids = account.passed.ids.copy()
    ids[rows[repeated]] = len(words) - 1
    account.passed = Coded(ids, words)
    where = np.zeros(len(account.fault), dtype=np.bool_)
    where[rows[contradictory]] = True
    account.mark(where, CONTRADICTION)
