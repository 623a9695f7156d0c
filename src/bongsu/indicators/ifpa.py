"""FAO's indicator of price anomalies, from what was known then: each month is held against earlier years only."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.indicators.indicator import Indicator
from bongsu.indicators.series import Values, grid, shifted
from bongsu.language import Text
from bongsu.records.shapes import PRICE

QUARTER, YEAR = 3, 12  # months
GAMMA = 0.4  # weight of the quarterly part
LEAST_YEARS = 5  # earlier years a month is held against; with fewer the answer is unknown
MODERATE, ABNORMAL = 0.5, 1.0


def compound_growth(prices: Values, months: int) -> Values:
    """Growth per month over `months`, compounded; NaN where a price is unknown or not positive."""
    positive = np.where(prices > 0, prices, np.nan)
    growth: Values = (positive / shifted(positive, months)) ** (1 / months) - 1
    return growth


def past_score(growth: Values) -> tuple[Values, Values]:
    """Hold each cell against the same calendar month of all earlier years, later ones weighing more.

    The weight of a year is its rank since the series' growth begins (1, 2, 3 …), as in the published formula; the year
    itself and all later ones stand outside, so that no score ever changes when months are added.

    Returns:
        the scores (z), and how many earlier years each rests on.
    """
    if growth.size == 0:
        return growth, growth
    years = growth.shape[1] // YEAR
    start = np.argmax(np.isfinite(growth), axis=1)[:, None]
    rank = (np.arange(growth.shape[1])[None, :] - start) // YEAR + 1
    past = [shifted(growth, YEAR * back) for back in range(1, years + 1)]
    weights: list[Values] = [np.where(np.isfinite(cells), rank - back, 0.0) for back, cells in enumerate(past, start=1)]
    count: Values = sum(((weight > 0).astype(np.float64) for weight in weights), np.zeros(growth.shape))
    total = sum(weights, np.zeros(growth.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sum((w * np.nan_to_num(c) for w, c in zip(weights, past, strict=True)), 0.0) / total
        squares = sum((w * (np.nan_to_num(c) - mean) ** 2 for w, c in zip(weights, past, strict=True)), 0.0)
        deviation = np.sqrt(squares / (total * (count - 1) / count))
        score: Values = np.where((count >= LEAST_YEARS) & (deviation > 0), (growth - mean) / deviation, np.nan)
    return score, count


def anomaly(prices: Values, gamma: float = GAMMA) -> Values:
    """The index of each cell: γ of the quarterly and 1 − γ of the yearly score; NaN where either is unknown."""
    quarter, year = (past_score(compound_growth(prices, months))[0] for months in (QUARTER, YEAR))
    index: Values = gamma * quarter + (1 - gamma) * year
    return index


def ifpa(prices: pa.Table) -> pa.Table:
    """The index for each monthly price.

    Args:
        prices: `price` rows, one a fact; only frequency M is used.

    Returns:
        `price`'s key and `value`; `cqgr`, `cagr` (growth per month over 3 and 12 months), `z_quarter`, `z_year`, `ifpa`
        (standard deviations), `years` (earlier years behind it) and `state`: normal, moderate (≥0.5), abnormal (≥1) or
        unknown. Numbers are null where unknown.
    """
    monthly = prices.filter(pc.equal(prices["frequency"], "M"))
    laid = grid(monthly, ("source", "series"), "value", "M")
    quarter, year = compound_growth(laid.values, QUARTER), compound_growth(laid.values, YEAR)
    (z_quarter, n_quarter), (z_year, n_year) = past_score(quarter), past_score(year)
    index = GAMMA * z_quarter + (1 - GAMMA) * z_year
    scores = laid.pick(index)
    columns = {
        **{name: monthly[name] for name in (*PRICE.key_names, "value")},
        "cqgr": laid.pick(quarter),
        "cagr": laid.pick(year),
        "z_quarter": laid.pick(z_quarter),
        "z_year": laid.pick(z_year),
        "ifpa": scores,
        "years": laid.pick(np.minimum(n_quarter, n_year)).cast(pa.int64()),
        "state": _states(scores),
    }
    return pa.table(columns)


def _states(scores: pa.Array) -> pa.Array:
    """The word for each score: normal, moderate, abnormal or unknown."""
    known = pc.if_else(
        pc.greater_equal(scores, ABNORMAL),
        "abnormal",
        pc.if_else(pc.greater_equal(scores, MODERATE), "moderate", "normal"),
    )
    return pc.fill_null(known, "unknown")


INDICATOR = Indicator(
    id="ifpa",
    name=Text("가격이상지수(FAO IFPA)", "Indicator of price anomalies (FAO IFPA)"),
    unit=Text("표준편차", "standard deviations"),
    formula="γ·z(CQGR) + (1−γ)·z(CAGR), γ = 0.4; CnGR = (P_t/P_{t−n})^{1/n} − 1, n = 3 and 12 months; z against the "
    "same calendar month of earlier years, weights w_y = y/Σy",
    source="Baquedano, F. (2015), Developing an indicator of price anomalies as an early warning tool, FAO; "
    "SDG indicator 2.c.1 metadata (FAO)",
    caveats=(
        Text(
            "평균과 표준편차를 그 이전 해의 값만으로 구한다. 발표된 지수는 그해와 이후의 값도 쓴다.",
            "Means and deviations come from earlier years only; the published one uses all years.",
        ),
        Text("물가로 나누지 않은 명목가격이다.", "Prices are nominal, not deflated."),
        Text(
            "이전 해가 다섯 해에 못 미치면 판단하지 않는다.",
            "With fewer than five earlier years it says nothing.",
        ),
    ),
    records=(PRICE,),
    key=PRICE.key_names,
    compute=ifpa,
    series=True,
)
