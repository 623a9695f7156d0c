"""One layer's ledger: its series, the days on which news came, what counts as quiet, and the cases' windows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np

from bongsu.detectors.episodes import Mask, warmed_up
from bongsu.detectors.flow_laying import FlowSeries, Lake, flow_told
from bongsu.detectors.laying import Told
from bongsu.detectors.panel import NEVER, Moments
from bongsu.detectors.rule import FLOW, PRICE, TRANSIT
from bongsu.detectors.series_laying import price_told, transit_told
from bongsu.fusion.backtest.files import Case, Quiet, named
from bongsu.indicators.series import Places

_WORD = re.compile(r"[^\W_]+")
MICROS_A_DAY = 86_400_000_000
PER_YEAR = {"M": 12.0, "D": 365.25}
KNOWN = (
    date(2000, 1, 1),
    date(2020, 12, 31),
)  # days within which alarms on prices count as false, unless told otherwise


@dataclass(frozen=True)
class Window:
    """A case on its series.

    Args:
        case: the case.
        row: the series.
        inside: which of its periods are known within the case's days.
    """

    case: Case
    row: int
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Ledger:
    """What a layer is judged on.

    Args:
        layer: flow, price or transit.
        told: every version of its series.
        days: series × periods, the day on which news of the period came, as days since 1970; `NEVER` where none did.
        quiet: where an alarm is false.
        windows: the cases.
        no_figures: cases and quiet series of which the lake has nothing, or nothing in their days, by name.
    """

    layer: str
    told: Told
    days: Moments
    quiet: Mask
    windows: tuple[Window, ...]
    no_figures: tuple[str, ...] = ()
    missing_cases: tuple[Case, ...] = field(default=())

    @property
    def quiet_rows(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The series with any quiet period."""
        return np.flatnonzero(self.quiet.any(axis=1))

    @property
    def series_years(self) -> float:
        """Years over which false alarms are counted, all series together."""
        return float(self.quiet.sum()) / PER_YEAR[self.told.step]

    @property
    def budgeted(self) -> bool:
        """Is there any quiet to count false alarms in? Without it no threshold can be held to a budget."""
        return bool(self.quiet.any())

    def only(self, quiet: Places) -> "Ledger":
        """The ledger of the cases and of these quiet series alone."""
        rows = np.unique(np.concatenate([quiet, [one.row for one in self.windows]]).astype(np.int64))
        counted = np.isin(rows, quiet)[:, None]
        place = {row: number for number, row in enumerate(rows.tolist())}
        windows = tuple(Window(one.case, place[one.row], one.inside) for one in self.windows)
        told, quiet_there = self.told.only(rows), self.quiet[rows] & counted
        return Ledger(self.layer, told, self.days[rows], quiet_there, windows, self.no_figures, self.missing_cases)

    def name(self, row: int) -> str:
        """A series in one word."""
        one = {name: self.told.series[name][row].as_py() for name in self.told.series.column_names}
        if self.layer == FLOW:
            return named(FlowSeries(*(one[part] for part in ("reporter", "flow", "partner", "code"))))
        return str(one.get("series") or one.get("chokepoint"))


def flow_ledger(lake: Lake, cases: Sequence[Case], quiet: Sequence[Quiet], span: tuple[date, date] | None) -> Ledger:
    """The flows that cases and quiet files name."""
    mine = [case for case in cases if case.layer == FLOW]
    asked = [*(case.flow for case in mine if case.flow), *(one.flow for one in quiet)]
    told, absent = flow_told(lake, asked)
    names = ("reporter", "flow", "partner", "code")
    held = zip(*(told.series[name].to_pylist() for name in names), strict=True)
    rows = {FlowSeries(*one): row for row, one in enumerate(held)}
    days = _days(told)
    mask = np.zeros(told.shape, dtype=np.bool_)
    lost = list(map(named, absent))
    for one in (one for one in quiet if one.flow in rows):
        row, own = rows[one.flow], (one.scored_from, one.scored_to)
        mask[row] |= _within(days[row], _narrowed(own, span))
        lost += [] if _within(days[row], own).any() else [named(one.flow)]
    places = {case.id: rows[case.flow] for case in mine if case.flow in rows}
    _leave_out(mask, days, mine, places)
    return _ledger(FLOW, told, mask, mine, places, lost)


def _leave_out(quiet: Mask, days: Moments, cases: Sequence[Case], places: Mapping[str, int]) -> None:
    """An alarm within a case's days is right: they are not quiet on its series."""
    for case in cases:
        if case.id in places:
            row = places[case.id]
            quiet[row] &= ~_within(days[row], (case.counts_from, case.counts_to))


def series_ledger(lake: Lake, layer: str, cases: Sequence[Case], span: tuple[date, date] | None) -> Ledger:
    """All prices, or all chokepoints, that the lake has: outside the cases' days every alarm of theirs is false.

    Their years count from the end of each series' warm-up; those of flows are the months that the quiet file states.
    """
    told, names = price_told(lake) if layer == PRICE else transit_told(lake)
    mine = [case for case in cases if case.layer == layer]
    days = _days(told)
    mask = _within(days, span or (KNOWN if layer == PRICE else (date.min, date.max))) & warmed_up(told.panel())
    find = names.get if layer == PRICE else partial(chokepoint, names)
    places = {case.id: row for case in mine if (row := find(case.series.casefold())) is not None}
    _leave_out(mask, days, mine, places)
    lost = [case.series for case in mine if case.id not in places]
    return _ledger(layer, told, mask, mine, places, lost)


def chokepoint(names: Mapping[str, int], word: str) -> int | None:
    """The chokepoint of a name as people write it: "Suez Canal" is suez where no other fits."""
    if word in names:
        return names[word]
    said = set(_WORD.findall(word))
    fitting = {row for name, row in names.items() if said and (parts := set(_WORD.findall(name))) and parts <= said}
    return fitting.pop() if len(fitting) == 1 else None


def ledgers(
    lake: Lake, cases: Sequence[Case], quiet: Sequence[Quiet], span: tuple[date, date] | None
) -> tuple[Ledger, ...]:
    """The ledgers of the layers that there are cases of, or quiet series."""
    wanted = {case.layer for case in cases}
    made = [flow_ledger(lake, cases, quiet, span)] if FLOW in wanted or quiet else []
    made += [series_ledger(lake, layer, cases, span) for layer in (PRICE, TRANSIT) if layer in wanted]
    return tuple(made)


def _ledger(
    layer: str, told: Told, quiet: Mask, cases: Sequence[Case], places: Mapping[str, int], lost: Sequence[str]
) -> Ledger:
    days = _days(told)
    windows = tuple(
        Window(case, places[case.id], _within(days, (case.counts_from, case.counts_to))[places[case.id]])
        for case in cases
        if case.id in places
    )
    absent = tuple(case for case in cases if case.id not in places)
    nothing = [one.case.named for one in windows if not one.inside.any()]
    return Ledger(layer, told, days, quiet, windows, tuple(dict.fromkeys([*lost, *nothing])), absent)


def _days(told: Told) -> Moments:
    readable = told.readable()
    return np.where(readable == NEVER, NEVER, readable // MICROS_A_DAY)


def _within(days: Moments, span: tuple[date, date]) -> Mask:
    """Which days lie within a span, both ends included."""
    epoch = date(1970, 1, 1).toordinal()
    inside: Mask = (days >= span[0].toordinal() - epoch) & (days <= span[1].toordinal() - epoch)
    return inside


def _narrowed(own: tuple[date, date], span: tuple[date, date] | None) -> tuple[date, date]:
    return own if span is None else (max(own[0], span[0]), min(own[1], span[1]))
