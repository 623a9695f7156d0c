"""Many series over one calendar, each figure with the moment from which it could be known."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bongsu.indicators.series import Values

Moments = np.ndarray[tuple[int, int], np.dtype[np.int64]]
NEVER = np.iinfo(np.int64).max  # the moment at which a figure that is not held becomes known


@dataclass(frozen=True)
class Panel:
    """Series × periods, as known at one moment; what a rule scores.

    Args:
        series: a row a series, with the columns that name it.
        first: the first period, as NumPy's number of it (months or days since 1970).
        step: "M" or "D".
        values: figures; NaN where unknown. Nothing traded in a month that was published is 0, not NaN.
        known: when each figure could be known, in microseconds since 1970 (UTC); `NEVER` where there is none.
        weights: the same trade in kilograms or another quantity; NaN where unknown. None: not looked at.
    """

    series: pa.Table
    first: int
    step: str
    values: Values
    known: Moments
    weights: Values | None = None

    @property
    def periods(self) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
        """The first day of each column's period."""
        return np.arange(self.first, self.first + self.values.shape[1]).astype(f"datetime64[{self.step}]")

    def reached(self) -> Moments:
        """When all figures up to and with each column were known: a score of that column could not be had earlier."""
        held = np.where(self.known == NEVER, np.iinfo(np.int64).min, self.known)
        return np.where(self.known == NEVER, NEVER, np.maximum.accumulate(held, axis=1))
