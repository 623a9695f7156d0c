"""Scores as they were known then: each period scored from the versions of the day on which news of it came.

A rule looks back only, so between two revisions of a series one pass scores all periods that came in: nothing that
becomes known in between lies at or before them. A revision, or an old figure that comes late, opens an epoch of its series; each
epoch is one pass over the series that have it, from the panel as it was known at the epoch's end. The result is what
asking again at every single moment would give.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from bongsu.detectors.episodes import warmed_up
from bongsu.detectors.laying import FOREVER, Told
from bongsu.detectors.panel import NEVER, Moments
from bongsu.detectors.rule import Rule
from bongsu.indicators.series import Places, Values


def scores_known_then(told: Told, rule: Rule, constants: Mapping[str, float] | None = None) -> Values:
    """Series × periods: the score of each period at the moment when news of it came; NaN where it could not be judged.

    The rule has to score each series by itself. Nothing is scored in a series' warm-up.
    """
    readable = told.readable()
    scores = np.full(told.shape, np.nan)
    if not scores.size:
        return scores
    turns = _turns(told)
    epoch = _epochs(turns, readable)
    for number in range(int(epoch.max()) + 1):
        rows = np.flatnonzero((epoch == number).any(axis=1))
        until = np.array([turns[row][number] - 1 if number < len(turns[row]) else FOREVER for row in rows])
        panel = told.panel(until, rows)
        found = np.where(warmed_up(panel), rule.scores(panel, **(constants or {})), np.nan)
        scores[rows] = np.where(epoch[rows] == number, found, scores[rows])
    return scores


def _turns(told: Told) -> list[Places]:
    """For each series, the moments at which something became known of a period that had been passed before."""
    late = told.at > told.passed()[told.row, told.column]
    pairs = np.unique(np.stack([told.row[late], told.at[late]]), axis=1)
    bounds = np.searchsorted(pairs[0], np.arange(told.shape[0] + 1))
    return [pairs[1, begin:end] for begin, end in pairwise(bounds)]


def _epochs(turns: list[Places], readable: Moments) -> Moments:
    """The epoch in which news of each period came; −1 where none ever did."""
    epoch = np.zeros(readable.shape, dtype=np.int64)
    for row, moments in enumerate(turns):
        if len(moments):
            epoch[row] = np.searchsorted(moments, readable[row], side="right")
    return np.where(readable == NEVER, -1, epoch)
