"""A rule's whole curve: at each threshold, which cases are hit and how many false alarms each quiet series gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bongsu.detectors.episodes import AGAIN, Mask, start_places
from bongsu.detectors.panel import NEVER
from bongsu.fusion.backtest.ledger import PER_YEAR, Ledger, Window
from bongsu.indicators.series import Places, Values

BUDGETS = (0.10, 0.25, 0.50)  # false alarms a series and year
MOST = 400  # thresholds on a curve
AT_CASES = 250  # of them, about so many are scores of the cases in and right before their days: there hits change
BEYOND, FAR = 2.0, 40  # false alarms a series and year that no budget allows; thresholds tried beyond

Counts = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Curve:
    """What a rule gives at each threshold.

    Args:
        thresholds: from high to low.
        hits: threshold × case.
        false_alarms: threshold × quiet series, episodes that start where all is quiet.
        years: of each quiet series.
        first: threshold × case, the day of the first alarm within the case's days, as days since 1970; −1: none.
    """

    thresholds: Numbers
    hits: Mask
    false_alarms: Counts
    years: Numbers
    first: Counts

    def rates(self, quiet: Places | None = None) -> Numbers:
        """False alarms a series and year at each threshold, over some of the quiet series or all."""
        chosen = slice(None) if quiet is None else quiet
        years = self.years[chosen].sum()
        found: Numbers = (
            self.false_alarms[:, chosen].sum(axis=1) / years if years else np.full(len(self.thresholds), np.nan)
        )
        return found

    def best(self, budget: float, cases: Places | None = None, quiet: Places | None = None) -> int | None:
        """The threshold with most hits at or below a budget; of several the one with fewest false alarms."""
        rates = self.rates(quiet)
        hits = self.hits[:, slice(None) if cases is None else cases].sum(axis=1)
        within = np.flatnonzero(rates <= budget)
        if not len(within):
            return None
        return int(min(within, key=lambda place: (-hits[place], rates[place], place)))


def curve(ledger: Ledger, scores: Values, thresholds: Numbers | None = None, rows: Places | None = None) -> Curve:
    """The curve of one rule's scores.

    Args:
        ledger: what it is judged on.
        scores: series × periods, as known then.
        thresholds: which to try; None: those that matter (`thresholds_of`).
        rows: the quiet series to count on; None: all.
    """
    quiet_rows = ledger.quiet_rows if rows is None else rows
    tried = thresholds_of(ledger, scores, quiet_rows) if thresholds is None else thresholds
    quiet, step = ledger.quiet[quiet_rows], ledger.told.step
    padded = _padded(scores[quiet_rows])
    alarms = np.zeros((len(tried), len(quiet_rows)), dtype=np.int64)
    counted = np.zeros(padded.shape, dtype=np.bool_)
    counted[:, :-1] = quiet
    for place, threshold in enumerate(tried.tolist()):
        starts = start_places(padded, threshold, step)
        starts = starts[counted.reshape(-1)[starts]]
        alarms[place] = np.bincount(starts // padded.shape[1], minlength=len(quiet_rows))
    first = first_alarms(ledger, scores, tried)
    return Curve(tried, first >= 0, alarms, quiet.sum(axis=1) / PER_YEAR[step], first)


def first_alarms(ledger: Ledger, scores: Values, thresholds: Numbers) -> Counts:
    """Threshold × case: the day of the first episode that starts within the case's days; −1: none does."""
    found = np.full((len(thresholds), len(ledger.windows)), NEVER, dtype=np.int64)
    if ledger.windows:
        rows = [one.row for one in ledger.windows]
        own, days = _padded(scores[rows]), ledger.days[rows]
        inside = np.zeros(own.shape, dtype=np.bool_)
        inside[:, :-1] = [one.inside for one in ledger.windows]
        for place, threshold in enumerate(thresholds.tolist()):
            starts = start_places(own, threshold, ledger.told.step)
            case, period = np.divmod(starts[inside.reshape(-1)[starts]], own.shape[1])
            np.minimum.at(found[place], case, days[case, period])
    return np.where(found == NEVER, -1, found)


def thresholds_of(ledger: Ledger, scores: Values, quiet_rows: Places) -> Numbers:
    """The thresholds worth trying, from high to low.

    Hits change only at scores that cases reach in their days (or held right before them), so these are tried; the rest
    follow the ranks of the quiet scores, dense at the top. Where far more rings than any budget allows, a few are enough.
    """
    at_cases = [scores[one.row][_and_before(one.inside)] for one in ledger.windows]
    cases = _distinct(np.concatenate(at_cases) if at_cases else np.zeros(0))
    held = scores[quiet_rows][ledger.quiet[quiet_rows]]
    held = np.sort(held[np.isfinite(held)])[::-1]
    ranks = np.unique(np.geomspace(1, max(len(held), 1), MOST - AT_CASES).astype(np.int64)) - 1
    tried = _distinct(np.concatenate([cases, held[ranks[ranks < len(held)]]]))
    # An episode has at most so many periods: what rings in more than these allow is far beyond any budget.
    ringing = len(held) - np.searchsorted(held[::-1], tried, side="left")
    near = ringing <= BEYOND * ledger.series_years * AGAIN[ledger.told.step]
    return np.concatenate([_thinned(tried[near], MOST - FAR), _thinned(tried[~near], FAR)])


def _thinned(thresholds: Numbers, most: int) -> Numbers:
    """At most so many of them, evenly, the first and the last among them."""
    if len(thresholds) <= most:
        return thresholds
    return thresholds[np.unique(np.linspace(0, len(thresholds) - 1, most).astype(np.int64))]


def lead_days(window: Window, first: int) -> int | None:
    """Days from the first alarm to the onset; negative: the alarm came after it."""
    return None if first < 0 else (window.case.onset - day_of(first)).days


def day_of(number: int) -> date:
    """The day that lies so many days after 1 January 1970."""
    return date(1970, 1, 1) + timedelta(days=number)


def median_lead(windows: Sequence[Window], first: Places) -> float | None:
    """Median days of lead over the cases that are hit."""
    leads = [
        lead for one, day in zip(windows, first.tolist(), strict=True) if (lead := lead_days(one, day)) is not None
    ]
    return float(np.median(leads)) if leads else None


def _padded(scores: Values) -> Values:
    """One more period, never scored, so that an alarm at the end of one series does not go on in the next."""
    padded = np.full((scores.shape[0], scores.shape[1] + 1), np.nan)
    padded[:, :-1] = scores
    return padded


def _and_before(inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    before = inside.copy()
    before[:-1] |= inside[1:]
    return before


def _distinct(scores: Numbers) -> Numbers:
    """Distinct finite scores, highest first."""
    found: Numbers = np.unique(scores[np.isfinite(scores)])[::-1]
    return found
