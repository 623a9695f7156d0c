"""The flow rule as table in, table out: for `Engine.apply`, so that DuckDB and Spark give the same signals.

engine.apply(partial(flow_scores, held=tally), with_span(flows), APART)
"""

import ibis
import numpy as np
import pyarrow as pa

from bongsu.detectors.calibration import Calibration, Tally, reference
from bongsu.detectors.flow_break import CLASSES, Classes, Weights, scored
from bongsu.detectors.laying import numbered, periods_of
from bongsu.indicators.series import Places, Values
from bongsu.language import BadInputError, Text

APART = ("source", "reporter", "flow", "partner", "code_system", "code")  # a series; its rows are never parted
PUBLISHED = ("source", "reporter", "flow")  # what is published together: a month in which it has any row is out

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in APART),
        ("valid", pa.date32()),
        ("score", pa.float64()),
        ("volatility", pa.string()),
        ("rate", pa.float64()),  # alarms a series and year of this class, if the score were the threshold
        ("probability", pa.float64()),  # that the next five months bring at most 0.4 of the year before
    ]
)


def with_span(flows: ibis.Table) -> ibis.Table:
    """Monthly `trade_flow` rows with `span_from` and `span_to`: the months that their reporter has published.

    A series has no row in a month without trade, so only the span tells such a month from one that is not out.
    """
    months = flows.filter(flows.frequency == "M")
    published = ibis.window(group_by=PUBLISHED)
    spanned = months.mutate(span_from=months.valid.min().over(published), span_to=months.valid.max().over(published))
    return spanned.select(*APART, "valid", "value", "weight_kg", "span_from", "span_to")


def flow_scores(rows: pa.Table, held: Tally | None = None) -> pa.Table:
    """Scores of every series in `rows`, one row for each month of its span that can be judged.

    Args:
        rows: of `with_span`; one row a series and month, null where withheld.
        held: the pooled counts that give a score its meaning; None: the shipped ones.

    Raises:
        BadInputError: two rows of one series in one month.
    """
    if rows.num_rows == 0:
        return SCHEMA.empty_table()
    row, firsts = _numbered(rows)
    spans = [periods_of(rows[name], "M")[firsts] for name in ("span_from", "span_to")]
    first, width = int(spans[0].min()), int(spans[1].max() - spans[0].min()) + 1
    column = periods_of(rows["valid"], "M") - first
    if len(np.unique(row * width + column)) < rows.num_rows:
        raise _twice()
    calendar = np.arange(width)[None, :] + first
    out = (calendar >= spans[0][:, None]) & (calendar <= spans[1][:, None])
    values, weights = (_laid(rows, name, row, column, out) for name in ("value", "weight_kg"))
    found = scored(values, weights, Weights())
    return _told(rows.take(firsts), first, found.score, found.volatility, Calibration(held or reference()))


def _numbered(rows: pa.Table) -> tuple[Places, Places]:
    """The series of each row, and for each series its first row."""
    numbers, row = np.unique(numbered(rows, APART), return_inverse=True)
    firsts = np.full(len(numbers), rows.num_rows, dtype=np.int64)
    np.minimum.at(firsts, row, np.arange(rows.num_rows))
    return row.astype(np.int64), firsts


def _laid(
    rows: pa.Table, name: str, row: Places, column: Places, out: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> Values:
    """Series × months: 0 in a month that is out and has no row, NaN where withheld or not out."""
    values = np.where(out, 0.0, np.nan)
    values[row, column] = rows[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _told(series: pa.Table, first: int, scores: Values, classes: Classes, meaning: Calibration) -> pa.Table:
    row, column = np.nonzero(np.isfinite(scores))
    told = scores[row, column][None, :], classes[row, column][None, :]
    months = (np.arange(scores.shape[1]) + first).astype("datetime64[M]").astype("datetime64[D]")
    columns = [series[name].take(row).cast(pa.string()).combine_chunks() for name in APART]
    return pa.table(
        [
            *columns,
            pa.array(months[column], pa.date32()),
            pa.array(told[0][0]),
            pa.array(np.array(CLASSES)[told[1][0]], pa.string()),
            pa.array(meaning.rate(*told)[0]),
            pa.array(meaning.probability(*told)[0]),
        ],
        schema=SCHEMA,
    )


def _twice() -> BadInputError:
    return BadInputError(
        Text("한 계열의 같은 달에 값이 둘 이상입니다.", "a series has more than one value for the same month."),
        where=", ".join(APART),
        mend=Text("기록마다 한 판만 남겨 주십시오(시점 조회).", "Give one version of each fact (an as-of read)."),
    )
