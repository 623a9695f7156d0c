"""Sums, means and maxima over the months up to each, for many series at once.

Arrays are months × series, so that a month of all series lies together. A window looks back only, and its sums are built
from sums of half its length: a month that has left the window leaves no rounding behind.
"""

from collections.abc import Callable

import numpy as np

Months = np.ndarray[tuple[int, int], np.dtype[np.float32]]  # months × series
Flags = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def later(values: Months, months: int, empty: float) -> Months:
    """`values` as they were `months` rows earlier; `empty` before the first."""
    if months == 0:
        return values
    moved = np.full_like(values, empty)
    if months < len(values):
        moved[months:] = values[:-months]
    return moved


def _folded(values: Months, months: int, fold: Callable[..., Months], empty: float) -> Months:
    """`fold` over the last `months` rows, doubling the length of the window at each step."""
    whole, offset, power, size = None, 0, values, 1
    while True:
        if months & size:
            part = later(power, offset, empty)
            whole = part if whole is None else fold(whole, part)
            offset += size
        if size * 2 > months:
            return values if whole is None else whole
        power = fold(power, later(power, size, empty))
        size *= 2


def sums(values: Months, months: int) -> Months:
    """Sums of the last `months` rows, each row itself included."""
    return _folded(values, months, np.add, 0.0)


def highest(values: Months, months: int) -> Months:
    """Maxima of the last `months` rows, each row itself included."""
    return _folded(values, months, np.maximum, -np.inf)


def means(filled: Months, known: Months, months: int, least: int) -> Months:
    """Means of the known figures among the last `months` rows; NaN where fewer than `least` are known.

    Args:
        filled: figures, 0 where unknown.
        known: 1 where known, 0 where not; one column that stands for all series where they agree.
        months: how many, each row itself included.
        least: how many of them must be known.
    """
    count = sums(known, months)
    mean: Months = np.divide(sums(filled, months), np.maximum(count, 1))
    mean[np.broadcast_to(count < least, mean.shape)] = np.nan
    return mean
