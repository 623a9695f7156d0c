"""Series laid out on a grid: one row a series, one column a period, so that the kernels are vectorised."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.language import BadInputError, Text

Values = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Places = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Grid:
    """Values of many series over one calendar, NaN where there is none.

    Args:
        values: series × periods.
        rows: for each input row, its series.
        columns: for each input row, its period.
    """

    values: Values
    rows: Places
    columns: Places

    def pick(self, grid: Values) -> pa.Array:
        """The cells of `grid` at the input rows; null where NaN or infinite."""
        cells = grid[self.rows, self.columns]
        return pa.array(cells, mask=~np.isfinite(cells))


def _series_number(table: pa.Table, names: tuple[str, ...]) -> Places:
    """A number for each distinct combination of `names`, row by row."""
    number = np.zeros(table.num_rows, dtype=np.int64)
    for name in names:
        codes = pc.dictionary_encode(table[name].combine_chunks()).indices.to_numpy(zero_copy_only=False)
        number = number * (int(codes.max(initial=0)) + 1) + codes
    return np.unique(number, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _period_number(table: pa.Table, unit: str) -> Places:
    days = table["valid"].combine_chunks().to_numpy(zero_copy_only=False)
    return days.astype(f"datetime64[{unit}]").astype(np.int64)  # type: ignore[no-any-return]


def grid(table: pa.Table, series: tuple[str, ...], value: str, unit: str) -> Grid:
    """Lay `value` out by series and period.

    Args:
        table: rows with `valid` (date), the columns of `series` and `value`.
        series: columns that name a series.
        value: the column of figures; null is unknown.
        unit: NumPy's period: M for months, D for days.

    Raises:
        BadInputError: two rows of one series in one period.
    """
    if table.num_rows == 0:
        none = np.zeros(0, dtype=np.int64)
        return Grid(np.full((0, 0), np.nan), none, none)
    rows, periods = _series_number(table, series), _period_number(table, unit)
    columns = periods - periods.min()
    shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    if len(np.unique(rows * shape[1] + columns)) < table.num_rows:
        raise BadInputError(
            Text(
                "한 계열의 같은 기간에 값이 둘 이상입니다.",
                "a series has more than one value for the same period.",
            ),
            where=", ".join(series),
            mend=Text("기록마다 한 판만 남겨 주십시오(시점 조회).", "Give one version of each fact (an as-of read)."),
        )
    values = np.full(shape, np.nan)
    figures = pc.cast(table[value].combine_chunks(), pa.float64()).to_numpy(zero_copy_only=False)
    values[rows, columns] = figures
    return Grid(values, rows, columns)


def shifted(values: Values, periods: int) -> Values:
    """`values` as they were `periods` columns earlier; NaN before the first."""
    late = np.full_like(values, np.nan)
    if periods < values.shape[1]:
        late[:, periods:] = values[:, : values.shape[1] - periods]
    return late
