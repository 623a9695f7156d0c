"""How far a chokepoint's last seven days fall short of the year before, by ship class."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.series import Values, grid, shifted
from bongsu.language import Text
from bongsu.records.shapes import TRANSIT

WEEK = 7
SPARED_WEEKS = 1  # the week right before stands outside, or a break that began there would hide itself
BASELINE_WEEKS = 52
LEAST_WEEKS = 26
NORMAL = 1.4826  # the median absolute deviation of a normal distribution, times this, is its standard deviation
FEWEST = 1.0  # transits: the least spread assumed, so that a series without any does not ring at one ship


def week_sums(daily: Values) -> Values:
    """Sum of the last seven days; NaN where a day of them is unknown."""
    return sum((shifted(daily, back) for back in range(1, WEEK)), daily.copy())


def _baseline(sums: Values) -> tuple[Values, Values, Values]:
    """Median, robust spread and number of the 7-day sums that end on the same weekday of the 52 weeks before."""
    weeks = range(SPARED_WEEKS + 1, SPARED_WEEKS + 1 + BASELINE_WEEKS)
    past = np.stack([shifted(sums, WEEK * back) for back in weeks])
    count = np.isfinite(past).sum(axis=0).astype(np.float64)
    median, spread = np.full(sums.shape, np.nan), np.full(sums.shape, np.nan)
    enough = count >= LEAST_WEEKS
    median[enough] = np.nanmedian(past[:, enough], axis=0)
    away = np.abs(past[:, enough] - median[enough])
    spread[enough] = np.maximum(NORMAL * np.nanmedian(away, axis=0), FEWEST)
    return median, spread, count


def week_deficit(daily: Values) -> Values:
    """Part of the usual week's ships missing in the week to each day (negative: more than usual); NaN where unknown."""
    sums = week_sums(daily)
    median, _, _ = _baseline(sums)
    return 1 - sums / np.where(median > 0, median, np.nan)


def transit_deficit(transits: pa.Table) -> pa.Table:
    """Deficit of each day's trailing week.

    Args:
        transits: `transit` rows, one a fact; only frequency D is used.

    Returns:
        `transit`'s key; `week`, the 7-day sum; `normal`, the median of the weeks before; `deficit`, 1 − week/normal
        (negative: more than usual); `z`, robust standard deviations (negative: fewer ships); `weeks` behind the median.
        Null where unknown.
    """
    daily = transits.filter(pc.equal(transits["frequency"], "D"))
    laid = grid(daily, ("source", "chokepoint", "ship_class"), "transits", "D")
    sums = week_sums(laid.values)
    median, spread, count = _baseline(sums)
    usual = np.where(median > 0, median, np.nan)
    return pa.table(
        {
            **{name: daily[name] for name in TRANSIT.key_names},
            "week": laid.pick(sums),
            "normal": laid.pick(median),
            "deficit": laid.pick(1 - sums / usual),
            "z": laid.pick((sums - median) / spread),
            "weeks": laid.pick(count).cast(pa.int64()),
        }
    )


INDICATOR = Indicator(
    id="transit_deficit",
    name=Text("해협·운하 통항 부족률", "Transit deficit of a chokepoint"),
    unit=Text("0–1(부족 비율), 강건 표준편차", "0–1 (fraction missing), robust standard deviations"),
    formula="1 − S_t / med(S_{t−7k}), k = 2 … 53, S the 7-day sum; z = (S_t − med) / max(1.4826·MAD, 1)",
    source="median and MAD scores: Rousseeuw & Croux (1993), JASA 88; weekly sums as IMF PortWatch shows them",
    caveats=(
        Text(
            "지난 한 해의 같은 요일까지 7일 합과 견준다. 계절 차이는 따로 빼지 않는다.",
            "Held against weeks ending on the same weekday in the year before; the season is not taken out.",
        ),
        Text(
            "선박의 수이지 화물의 양이 아니다. 위성 신호가 끊기면 적게 잡힌다.",
            "Ships, not cargo; where satellite signals fail, too few are counted.",
        ),
    ),
    records=(TRANSIT,),
    key=TRANSIT.key_names,
    compute=transit_deficit,
    series=True,
)
