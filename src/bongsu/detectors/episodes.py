"""Where alarms start: a score reaches its threshold from below; while it rings on, it counts again every three months.

An alarm that never stops ringing must not win over one that rings once. So what counts is the episode, and a rule that
always rings has one every three months.
"""

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.indicators.series import Places, Values

AGAIN = {"M": 3, "D": 91}  # periods after which an alarm that rings on counts again
WARM_UP = {"M": 36, "D": 365}  # periods of a series before anything is scored

Mask = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def episode_starts(scores: Values, threshold: float, step: str) -> Mask:
    """Where episodes start.

    Args:
        scores: series × periods; NaN cannot ring.
        threshold: an alarm rings where the score is at least this.
        step: "M" or "D".

    Returns:
        series × periods, true at the first period of an alarm and at every third month that it goes on.
    """
    starts = np.zeros(scores.shape, dtype=np.bool_)
    if scores.size:
        starts.reshape(-1)[start_places(scores, threshold, step)] = True
    return starts


def start_places(scores: Values, threshold: float, step: str) -> Places:
    """The same as places in the matrix read row by row: much the cheaper where few cells ring."""
    width = scores.shape[1]
    ringing = np.flatnonzero(scores >= threshold)
    if not len(ringing):
        return ringing
    broken = np.ones(len(ringing), dtype=np.bool_)
    broken[1:] = (np.diff(ringing) != 1) | (ringing[1:] % width == 0)
    since = ringing - np.maximum.accumulate(np.where(broken, ringing, 0))
    places: Places = ringing[since % AGAIN[step] == 0]
    return places


def warmed_up(panel: Panel) -> Mask:
    """Where a series is past its first 36 months (daily: 365 days), counted from its first figure."""
    held = np.isfinite(panel.values)
    if not held.size:
        return held
    first = np.where(held.any(axis=1), held.argmax(axis=1), panel.values.shape[1])
    mask: Mask = np.arange(panel.values.shape[1])[None, :] >= first[:, None] + WARM_UP[panel.step]
    return mask
