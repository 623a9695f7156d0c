"""Trade flows to series: (reporter, flow, partner, code), codes added up where the file has finer ones."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Protocol

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors.laying import Told, Versions, micros, numbered, periods_of, told
from bongsu.detectors.panel import NEVER
from bongsu.indicators.partners import NOT_CODES, WORLD, sum_codes
from bongsu.indicators.series import Places
from bongsu.records.shapes import TRADE_FLOW, RecordType
from bongsu.records.snapshot import Where

USUAL = 12  # months before, among which a month's number of facts is held against the largest
HALF = 0.5  # of it: with fewer facts the month is not out yet, only some of its codes are
FEW = 50  # facts a month: a file so small says nothing by how many it has

_AFTER_DIGITS = ":"  # sorts right after "9": where codes with a prefix end
_COLUMNS = ("partner", "code", "valid", "value", "weight_kg", "known_at", "withdrawn", "delivery")


class Lake(Protocol):
    """A snapshot of the lake."""

    def versions_of(self, record: RecordType, where: Where | None = None) -> ibis.Table:
        """Every version of every fact of `record`."""
        ...

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression."""
        ...


@dataclass(frozen=True, order=True)
class FlowSeries:
    """A series as a case or a quiet file names it; an empty partner is all of them."""

    reporter: str
    flow: str
    partner: str
    code: str


@dataclass(frozen=True)
class _Place:
    """What one source has of one reporter's flow.

    Args:
        source: its id.
        rows: those asked for, sorted by code; `codes` are theirs.
        out: by code length, month → from when it was out.
    """

    source: str
    rows: pa.Table
    codes: Sequence[str]
    out: Mapping[int, Mapping[int, int]]


def flow_told(lake: Lake, asked: Sequence[FlowSeries]) -> tuple[Told, tuple[FlowSeries, ...]]:
    """Every version of the series asked for.

    Source, published total and depth of codes are those that were known first, and they stay: what becomes known later
    adds to a series or revises it, and never changes what could be read before. Rows with a code at least as long as the
    one asked for are added up, of each month those with the shortest when it was first known, so that no trade is counted
    at two depths. A month without a row counts as nothing traded from when that source had published the reporter's month
    at the depth of codes that the series began with; before and after its months, nothing is known.

    Returns:
        the series that have figures, in the order asked for, and those that have none.
    """
    wanted = list(dict.fromkeys(asked))
    found: dict[FlowSeries, _Found] = {}
    for reporter, flow in sorted({(one.reporter, one.flow) for one in wanted}):
        here = [one for one in wanted if (one.reporter, one.flow) == (reporter, flow)]
        places = list(_places(lake, reporter, flow, here))
        found |= {one: best for one in here if (best := _best(one, places)) is not None}
    held = [one for one in wanted if one in found]
    return _joined([found[one] for one in held], held), tuple(one for one in wanted if one not in found)


@dataclass(frozen=True)
class _Found:
    """One series' rows, and when each month was out."""

    source: str
    rows: pa.Table
    out: Mapping[int, int]


def _places(lake: Lake, reporter: str, flow: str, asked: Sequence[FlowSeries]) -> Iterator[_Place]:
    where: Where = {"reporter": reporter, "flow": flow, "frequency": "M"}
    rows = lake.versions_of(TRADE_FLOW, where)
    rows = rows.filter(rows.code.notin(NOT_CODES))
    within = ibis.or_(
        *(
            rows.code.left(length).isin(sorted({one.code for one in asked if len(one.code) == length}))
            for length in sorted({len(one.code) for one in asked})
        )
    )
    chosen = lake.arrow(rows.filter(within).select("source", *_COLUMNS))
    counted = rows.mutate(digits=rows.code.length())
    first = counted.filter(counted.version == 0)
    months = lake.arrow(first.group_by(["source", "digits", "valid", "known_at"]).aggregate(facts=first.count()))
    for source in sorted(set(chosen["source"].to_pylist())):
        mine = pc.equal(chosen["source"], source)
        rows_of = chosen.filter(mine).sort_by("code")
        codes = rows_of["code"].to_pylist()
        yield _Place(source, rows_of, codes, _out(months.filter(pc.equal(months["source"], source))))


def _out(months: pa.Table) -> dict[int, dict[int, int]]:
    """By code length: month → when it was out, that is when half of the facts usual by then were known."""
    table = months.append_column("month", pa.array(periods_of(months["valid"], "M")))
    table = table.append_column("at", pa.array(micros(months["known_at"])))
    out: dict[int, dict[int, int]] = {}
    for digits in sorted(set(table["digits"].to_pylist())):
        mine = table.filter(pc.equal(table["digits"], digits)).sort_by([("month", "ascending"), ("at", "ascending")])
        out[digits] = _months_out(*(mine[name].to_pylist() for name in ("month", "at", "facts")))
    return out


def _months_out(months: Sequence[int], at: Sequence[int], facts: Sequence[int]) -> dict[int, int]:
    """Facts sorted by moment. Moment by moment, so that facts which come later weigh on no month that was out before."""
    sizes: dict[int, int] = {}
    out: dict[int, int] = {}
    for moment, said in groupby(sorted(zip(at, months, facts, strict=True)), key=itemgetter(0)):
        fresh = [(month, number) for _, month, number in said]
        for month, number in fresh:
            sizes[month] = sizes.get(month, 0) + number
        for month in {month for month, _ in fresh} - out.keys():
            usual = max(sizes.get(month - back, 0) for back in range(1, USUAL + 1))
            if usual < FEW or sizes[month] >= HALF * usual:
                out[month] = moment
    return out


def _best(one: FlowSeries, places: Sequence[_Place]) -> _Found | None:
    """The series in the source that had it first; of several, the one with most months then, or first in the alphabet."""
    found = [each for place in places if (each := _in(one, place)) is not None]
    return min(found, key=lambda each: (*_begun(each.rows), each.source), default=None)


def _begun(rows: pa.Table) -> tuple[int, int]:
    """Since when there are such rows, and minus the months of them that were known then; lower goes first."""
    at = micros(rows["known_at"])
    first = at == at.min()
    return int(at.min()), -len(np.unique(periods_of(rows["valid"], "M")[first]))


def _in(one: FlowSeries, place: _Place) -> _Found | None:
    begin, end = (bisect_left(place.codes, word) for word in (one.code, one.code + _AFTER_DIGITS))
    rows = _of_partner(place.rows.slice(begin, end - begin), one.partner)
    if not rows.num_rows:
        return None
    digits = pc.utf8_length(rows["code"]).to_numpy()
    main = min(np.unique(digits).tolist(), key=lambda depth: (*_begun(rows.filter(pa.array(digits == depth))), depth))
    return _Found(place.source, rows.filter(pa.array(_counted(rows, digits, main))), place.out.get(main, {}))


def _counted(rows: pa.Table, digits: Places, main: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Of each month the rows of the shortest codes that it was first known by; never longer ones: they may be a part."""
    if (digits == main).all():
        return np.ones(len(digits), dtype=np.bool_)
    month, at = periods_of(rows["valid"], "M"), micros(rows["known_at"])
    month -= month.min()
    fitting = digits <= main
    since = np.full(int(month.max()) + 1, NEVER)
    np.minimum.at(since, month[fitting], at[fitting])
    first = fitting & (at == since[month])
    shortest = np.full(len(since), main)
    np.minimum.at(shortest, month[first], digits[first])
    counted: np.ndarray[tuple[int], np.dtype[np.bool_]] = digits == shortest[month]
    return counted


def _of_partner(rows: pa.Table, partner: str) -> pa.Table:
    """The partner's rows; of all partners the published total, or, where it was not known first, all that repeat nothing."""
    if partner:
        return rows.filter(pc.equal(rows["partner"], partner))
    totals = [rows.filter(pc.equal(rows["partner"], code)) for code in sorted(WORLD)]
    parts = rows.filter(pc.invert(pc.is_in(rows["partner"], pa.array([*WORLD, *sum_codes()]))))
    held = [each for each in (*totals, parts) if each.num_rows]
    return min(held, key=lambda each: pc.min(each["known_at"]).as_py(), default=parts)


def _joined(found: Sequence[_Found], series: Sequence[FlowSeries]) -> Told:
    """All series on one calendar."""
    names = {
        "reporter": [one.reporter for one in series],
        "flow": [one.flow for one in series],
        "partner": [one.partner for one in series],
        "code": [one.code for one in series],
        "source": [one.source for one in found],
    }
    table = pa.table({name: pa.array(values, pa.string()) for name, values in names.items()})
    parts = [_entries(number, one) for number, one in enumerate(found)]
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        empty = Versions(none, none, none, none, none, np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))
        return told(empty, table, 0, "M", 0, weights=True)
    whole = pa.concat_tables(parts)
    month = whole["month"].to_numpy()
    first, last = int(month.min()), int(month.max())
    versions = _versions(whole, month - first)
    return told(versions, table, first, "M", last - first + 1, weights=True)


def _versions(whole: pa.Table, column: Places) -> Versions:
    return Versions(
        row=whole["row"].to_numpy(),
        column=column,
        fact=numbered(whole, ("row", "month", "partner", "code")),
        at=whole["at"].to_numpy(),
        order=whole["delivery"].to_numpy(),
        value=whole["value"].to_numpy(),
        weight=whole["weight"].to_numpy(),
        withdrawn=whole["withdrawn"].to_numpy(zero_copy_only=False),
    )


def _entries(number: int, one: _Found) -> pa.Table:
    """The rows of one series as versions, with an entry of nothing traded for each month that was out."""
    months = np.array(sorted(one.out), dtype=np.int64)
    stated = pa.table(
        {
            "row": pa.array(np.full(one.rows.num_rows, number)),
            "month": pa.array(periods_of(one.rows["valid"], "M")),
            "partner": one.rows["partner"],
            "code": one.rows["code"],
            "at": pa.array(micros(one.rows["known_at"])),
            "delivery": one.rows["delivery"].cast(pa.int64()),
            "value": _figures(one.rows["value"]),
            "weight": _figures(one.rows["weight_kg"]),
            "withdrawn": one.rows["withdrawn"],
        }
    )
    return pa.concat_tables([stated, _nothing(number, months, [one.out[month] for month in months.tolist()])])


def _nothing(number: int, months: Places, at: Sequence[int]) -> pa.Table:
    """One fact of nought a month: what the partner's and the code's own rows add to."""
    size = len(months)
    return pa.table(
        {
            "row": pa.array(np.full(size, number)),
            "month": pa.array(months),
            "partner": pa.array([""] * size, pa.string()),
            "code": pa.array([""] * size, pa.string()),
            "at": pa.array(at, pa.int64()),
            "delivery": pa.array(np.zeros(size, dtype=np.int64)),
            "value": pa.array(np.zeros(size)),
            "weight": pa.array(np.zeros(size)),
            "withdrawn": pa.array(np.zeros(size, dtype=np.bool_)),
        }
    )


def _figures(column: pa.ChunkedArray) -> pa.Array:
    """Figures with NaN where nothing is stated."""
    return pc.fill_null(column.cast(pa.float64()), float("nan")).combine_chunks()
