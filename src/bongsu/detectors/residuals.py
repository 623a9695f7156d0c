"""Falls of monthly trade below what its past leads to expect, for the rules that ours is held against.

Series × months throughout, logarithms with a floor for months without trade, and a robust yardstick from earlier months.
"""

from functools import reduce

import numpy as np

from bongsu.indicators.series import Values, shifted

YEAR, LONG = 12, 36
FLOOR = 0.05  # of the mean of three years: what is added before the logarithm is taken
LEAST = 8  # earlier residuals, without which there is no yardstick
NORMAL = 1.4826  # median absolute deviation to standard deviation


def trailing(values: Values, months: int, least: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    """For each month the `months` before it, NaN before the first: series × months × `months`."""
    padded = np.pad(values, ((0, 0), (months, 0)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, months, axis=1)[:, : values.shape[1]]
    enough = np.isfinite(windows).sum(axis=2) >= least
    return np.where(enough[:, :, None], windows, np.nan)


def _median(windows: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]) -> Values:
    """Median of what is known in each window; NaN where nothing is."""
    ordered = np.sort(windows, axis=2)  # NaN last
    count = np.isfinite(windows).sum(axis=2)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, windows.shape[2] - 1)
    pair = [np.take_along_axis(ordered, place[:, :, None], axis=2)[:, :, 0] for place in (low, high)]
    median: Values = np.where(count > 0, (pair[0] + pair[1]) / 2, np.nan)
    return median


def logs(values: Values) -> Values:
    """ln(v + f), f a share of the mean of the three years to each month; NaN where nothing was traded in them."""
    seen = np.isfinite(values)
    filled = np.where(seen, values, 0.0)
    total = reduce(np.add, (np.nan_to_num(shifted(filled, back)) for back in range(LONG)))
    count = reduce(np.add, (np.nan_to_num(shifted(seen.astype(np.float64), back)) for back in range(LONG)))
    floor = FLOOR * total / np.maximum(count, 1)
    logged: Values = np.log(np.where(seen & (floor > 0), values + floor, np.nan))
    return logged


def standardised(residuals: Values, least: float) -> Values:
    """Residuals in robust standard deviations of the 36 before, each at least `least`."""
    windows = np.abs(trailing(residuals, LONG, LEAST))
    yardstick = np.maximum(NORMAL * _median(windows), least)
    scaled: Values = residuals / yardstick
    return scaled


def below_season(values: Values, years: int) -> Values:
    """Logarithm of the median of the same month of up to `years` years before, less this month's."""
    now = logs(values)
    past = np.stack([shifted(now, YEAR * back) for back in range(1, years + 1)], axis=2)
    fall: Values = _median(past) - now
    return fall


def below_level(values: Values, months: int) -> Values:
    """Logarithm of the median of the `months` before, less this month's."""
    now = logs(values)
    fall: Values = _median(trailing(now, months, months // 2)) - now
    return fall


def below_smoothed(values: Values, alpha: float, gamma: float) -> Values:
    """What additive seasonal exponential smoothing of the logarithms expected, less this month's; NaN in the first year."""
    now = logs(values)
    level = np.full(len(now), np.nan)
    season = np.zeros((len(now), YEAR))
    fall = np.full_like(now, np.nan)
    for month in range(now.shape[1]):
        told, of = now[:, month], month % YEAR
        wrong = np.where(np.isnan(level), 0.0, told - level - season[:, of])
        held = np.isfinite(told)
        if month >= YEAR:
            fall[:, month] = np.where(np.isnan(level), np.nan, -wrong)
        level = np.where(held, np.where(np.isnan(level), told, level + alpha * wrong), level)
        season[:, of] += np.where(held, gamma * wrong, 0.0)
    return fall
