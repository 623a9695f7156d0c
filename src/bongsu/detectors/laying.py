"""Records to panels: every version of every figure, laid out by series, period and the moment it became known."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from bongsu.detectors.panel import NEVER, Moments, Panel
from bongsu.indicators.series import Places, Values

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
FOREVER = NEVER - 1  # the moment by which everything is known that ever will be


@dataclass(frozen=True)
class Told:
    """What was said of many series, and when: one entry each time a figure became known or became another.

    Args:
        series: a row a series, with the columns that name it.
        first: the first period, as NumPy's number of it.
        step: "M" or "D".
        periods: how many there are.
        row, column: the entry's series and period; entries are sorted by (row, column, at).
        at: from when it is known, in microseconds since 1970 (UTC).
        value: the figure from then on; NaN: no longer, or not stated.
        weight: likewise in kilograms or another quantity; None: not looked at.
    """

    series: pa.Table
    first: int
    step: str
    periods: int
    row: Places
    column: Places
    at: Places
    value: Numbers
    weight: Numbers | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Series × periods."""
        return self.series.num_rows, self.periods

    def first_known(self) -> Moments:
        """Series × periods: when a figure of the period was first known."""
        return _first(self.row, self.column, self.at, self.shape)

    def passed(self) -> Moments:
        """When a figure of a period, or of a later one, was first known: what comes after that comes late."""
        return np.minimum.accumulate(self.first_known()[:, ::-1], axis=1)[:, ::-1]

    def readable(self) -> Moments:
        """When a watcher had news of a period: from the first figure of it, or of a later one where it came late.

        There is no news of periods before the first that the series was known to have: `NEVER`, where nothing earlier
        became known, so that a calendar longer than the series adds nothing to it.
        """
        return np.maximum(np.minimum.accumulate(self.first_known(), axis=1), self.passed())

    def panel(self, moment: int | Places = FOREVER, rows: Places | None = None) -> Panel:
        """The panel as it was known at a moment.

        Args:
            moment: microseconds since 1970, the same for all series or one each.
            rows: only these series, in this order; None: all.
        """
        chosen = np.arange(len(self.series)) if rows is None else rows
        until = np.full(len(self.series), np.iinfo(np.int64).min)
        until[chosen] = moment
        place = np.full(len(self.series), -1)
        place[chosen] = np.arange(len(chosen))
        said = self.at <= until[self.row]
        row, column = place[self.row[said]], self.column[said]
        return Panel(
            series=self.series.take(chosen),
            first=self.first,
            step=self.step,
            values=self._laid(row, column, self.value[said], len(chosen)),
            known=_first(row, column, self.at[said], (len(chosen), self.periods)),
            weights=None if self.weight is None else self._laid(row, column, self.weight[said], len(chosen)),
        )

    def only(self, rows: Places) -> "Told":
        """The entries of these series, in this order (rising)."""
        place = np.full(len(self.series), -1)
        place[rows] = np.arange(len(rows))
        kept = place[self.row] >= 0
        return Told(
            series=self.series.take(rows),
            first=self.first,
            step=self.step,
            periods=self.periods,
            row=place[self.row[kept]],
            column=self.column[kept],
            at=self.at[kept],
            value=self.value[kept],
            weight=None if self.weight is None else self.weight[kept],
        )

    def _laid(self, row: Places, column: Places, figures: Numbers, series: int) -> Values:
        values = np.full((series, self.periods), np.nan)
        values[row, column] = figures  # sorted by moment: the last said of a cell is written last, and stays
        return values


def _first(row: Places, column: Places, at: Places, shape: tuple[int, int]) -> Moments:
    """The first moment said of each cell; `NEVER` where nothing is."""
    known = np.full(shape, NEVER, dtype=np.int64)
    np.minimum.at(known, (row, column), at)
    return known


@dataclass(frozen=True)
class Versions:
    """Versions of facts, one a row, before they are added up into series.

    Args:
        row, column: the series and the period that the fact belongs to.
        fact: its number: versions with one number are of one fact.
        at: from when the version is known; `order` breaks ties.
        value, weight: what it says; NaN: not stated.
        withdrawn: the fact is no longer stated.
    """

    row: Places
    column: Places
    fact: Places
    at: Places
    order: Places
    value: Numbers
    weight: Numbers
    withdrawn: np.ndarray[tuple[int], np.dtype[np.bool_]]


def told(versions: Versions, series: pa.Table, first: int, step: str, periods: int, *, weights: bool = False) -> Told:
    """Add facts up into series: after each change, a cell holds the sum of what its facts say then.

    A cell with a fact whose figure is not stated is unknown; one whose facts are all withdrawn is empty.
    """
    order = np.lexsort((versions.order, versions.at, versions.fact))
    before = _before(versions.fact[order])
    changes = _Changes(versions, order, before)
    sorted_ = np.lexsort((versions.at[order], versions.column[order], versions.row[order]))
    cell = versions.row[order][sorted_] * periods + versions.column[order][sorted_]
    at = versions.at[order][sorted_]
    last = _last_of_each(cell, at)
    kept = order[sorted_][last]
    return Told(
        series=series,
        first=first,
        step=step,
        periods=periods,
        row=versions.row[kept],
        column=versions.column[kept],
        at=versions.at[kept],
        value=changes.sums(versions.value, sorted_, cell)[last],
        weight=changes.sums(versions.weight, sorted_, cell)[last] if weights else None,
    )


def _before(fact: Places) -> Places:
    """For each version in order, the place of the fact's version before it; −1: there is none."""
    places = np.arange(len(fact)) - 1
    if len(fact):
        places[1:][fact[1:] != fact[:-1]] = -1
        places[0] = -1
    return places


def _last_of_each(cell: Places, at: Places) -> Places:
    """Places of the last change of each cell at each moment: what changes together is seen together."""
    if not len(cell):
        return np.zeros(0, dtype=np.int64)
    differs = (cell[1:] != cell[:-1]) | (at[1:] != at[:-1])
    return np.flatnonzero(np.append(differs, True))


@dataclass(frozen=True)
class _Changes:
    """Versions in the order (fact, moment), and which one each supersedes."""

    versions: Versions
    order: Places
    before: Places

    def sums(self, figures: Numbers, sorted_: Places, cell: Places) -> Numbers:
        """The cell's sum after each change, in the order (cell, moment).

        Where a cell has one live fact its figure is taken as it stands: differences would leave rounding behind.
        """
        live = ~self.versions.withdrawn[self.order]
        stated = np.isfinite(figures[self.order])
        amount = np.where(live & stated, figures[self.order], 0.0)
        alive = _running(self._steps(live.astype(np.float64))[sorted_], cell)
        unstated = _running(self._steps((live & ~stated).astype(np.float64))[sorted_], cell)
        total = _running(self._steps(amount)[sorted_], cell)
        total = np.where((alive == 1) & (live & stated)[sorted_], amount[sorted_], total)
        return np.where((alive > 0) & (unstated == 0), total, np.nan)

    def _steps(self, now: Numbers) -> Numbers:
        return now - np.where(self.before >= 0, now[self.before], 0.0)


def _running(steps: Numbers, cell: Places) -> Numbers:
    """Running sums that begin anew in each cell; one over all cells would drown the small in the large's rounding."""
    sums = steps.copy()
    opens = np.flatnonzero(np.diff(cell, prepend=-1))
    place = np.arange(len(cell)) - np.repeat(opens, np.diff(np.append(opens, len(cell))))
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(1, int(place.max(initial=0)) + 2))
    for begin, end in pairwise(bounds):
        at = order[begin:end]
        sums[at] += sums[at - 1]
    return sums


def micros(column: pa.ChunkedArray) -> Places:
    """A column of moments as microseconds since 1970."""
    moments: Places = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    return moments


def periods_of(column: pa.ChunkedArray, step: str) -> Places:
    """A column of days as NumPy's numbers of their periods."""
    days = column.cast(pa.date32()).cast(pa.int32()).to_numpy().astype("datetime64[D]")
    return days.astype(f"datetime64[{step}]").astype(np.int64)  # type: ignore[no-any-return]


def numbered(table: pa.Table, names: Sequence[str]) -> Places:
    """A number for each distinct combination of `names`, row by row."""
    number = np.zeros(table.num_rows, dtype=np.int64)
    for name in names:
        codes = table[name].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
        number = number * (int(codes.max(initial=0)) + 1) + codes
        number = np.unique(number, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return number
