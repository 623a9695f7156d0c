"""The index of price anomalies, by hand, for all series, and on the Pink Sheet."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.ifpa import GAMMA, ifpa
from bongsu.language import BadInputError
from bongsu.records.shapes import PRICE

SEED = st.integers(0, 10_000)
some = settings(max_examples=25, deadline=None)


def month(number: int) -> date:
    return date(2000 + number // 12, number % 12 + 1, 1)


def prices(make: SimpleNamespace, values: Sequence[float | None], series: str = "P", frequency: str = "M") -> pa.Table:
    return make.rows(
        PRICE,
        [
            {"source": "test", "series": series, "valid": month(n), "frequency": frequency, "value": value}
            for n, value in enumerate(values)
        ],
    )


def walk(seed: int, months: int = 150) -> list[float]:
    return list(np.exp(np.random.default_rng(seed).normal(0, 0.05, months).cumsum()) * 100)


def index(table: pa.Table) -> list[float | None]:
    return ifpa(table).sort_by([("series", "ascending"), ("valid", "ascending")])["ifpa"].to_pylist()


def by_hand(values: Sequence[float], at: int) -> float:
    """The formula, one month, in plain words: no vectors."""

    def z(months: int) -> float:
        def growth(n: int) -> float:
            return (values[n] / values[n - months]) ** (1 / months) - 1

        years = [n for n in range(at % 12, at, 12) if n >= months]
        first = (at - months) // 12  # years whose growth is known before this one
        weights = [first - (at - n) // 12 + 1 for n in years]
        past = [growth(n) for n in years]
        mean = sum(w * x for w, x in zip(weights, past, strict=True)) / sum(weights)
        squares = sum(w * (x - mean) ** 2 for w, x in zip(weights, past, strict=True))
        return (growth(at) - mean) / math.sqrt(squares / (sum(weights) * (len(past) - 1) / len(past)))

    return GAMMA * z(3) + (1 - GAMMA) * z(12)


@pytest.mark.parametrize("at", [100, 119, 131, 149])
def test_the_vectors_say_what_the_formula_says(make: SimpleNamespace, at: int) -> None:
    values = walk(7)
    assert index(prices(make, values))[at] == pytest.approx(by_hand(values, at))


def test_with_too_few_years_the_answer_is_unknown(make: SimpleNamespace) -> None:
    result = ifpa(prices(make, walk(1, 70)))
    assert set(result["state"].to_pylist()) == {"unknown"}
    assert result["ifpa"].null_count == 70


def test_an_unknown_price_leaves_its_month_unknown_and_is_never_zero(make: SimpleNamespace) -> None:
    values: list[float | None] = [*walk(3)]
    values[140] = None
    found = index(prices(make, values))
    assert found[140] is None
    assert found[143] is None
    assert found[141] is not None


def test_a_price_of_zero_or_less_gives_no_growth(make: SimpleNamespace) -> None:
    values = walk(3)
    values[140] = 0.0
    assert index(prices(make, values))[140] is None


def test_a_constant_price_has_no_deviation_to_measure_by(make: SimpleNamespace) -> None:
    assert set(index(prices(make, [5.0] * 150))) == {None}


def test_states_follow_the_thresholds(make: SimpleNamespace) -> None:
    result = ifpa(prices(make, walk(11)))
    for row in result.to_pylist():
        score = row["ifpa"]
        expected = (
            "unknown" if score is None else "abnormal" if score >= 1 else "moderate" if score >= 0.5 else "normal"
        )
        assert row["state"] == expected


def test_other_frequencies_are_left_out_and_no_rows_give_no_rows(make: SimpleNamespace) -> None:
    assert ifpa(prices(make, walk(1), frequency="A")).num_rows == 0


def test_two_values_for_one_month_are_refused(make: SimpleNamespace) -> None:
    table = pa.concat_tables([prices(make, walk(1)), prices(make, walk(1))])
    with pytest.raises(BadInputError, match="more than one value"):
        ifpa(table)


def test_series_do_not_touch_each_other(make: SimpleNamespace) -> None:
    both = pa.concat_tables([prices(make, walk(1), "A"), prices(make, walk(2, 90), "B")])
    assert index(both) == pytest.approx(index(prices(make, walk(1))) + index(prices(make, walk(2, 90))), nan_ok=True)


@some
@given(seed=SEED, cut=st.integers(80, 149))
def test_later_months_never_change_an_earlier_score(make: SimpleNamespace, seed: int, cut: int) -> None:
    whole = prices(make, walk(seed))
    assert index(whole)[:cut] == index(whole.slice(0, cut))


@some
@given(seed=SEED, factor=st.sampled_from([0.001, 3.0, 1e5]))
def test_neither_the_unit_nor_the_order_matters(make: SimpleNamespace, seed: int, factor: float) -> None:
    values = walk(seed)
    table = prices(make, [value * factor for value in values])
    shuffled = table.take(np.random.default_rng(seed).permutation(table.num_rows))
    assert index(shuffled)[80:] == pytest.approx(index(prices(make, values))[80:], rel=1e-6, abs=1e-6)


@pytest.mark.realdata
def test_urea_and_coal_rang_before_october_2021(make: SimpleNamespace, realdata: Path) -> None:
    urea, coal = (pink_sheet(make, realdata, series) for series in ("UREA_EE_BULK", "COAL_AUS"))
    assert urea[2021, 2] == pytest.approx(1.18, abs=0.005)
    at_least_one = [number for number in range(2, 10) if (urea[2021, number] or 0) >= 1]
    assert at_least_one == [2, 3, 4, 6, 7, 8]
    assert [number for number in range(5, 11) if (coal[2021, number] or 0) >= 1] == [5, 6, 7, 8, 9, 10]
    base = [score for (year, _), score in urea.items() if 2000 <= year <= 2020 and score is not None]
    assert sum(score >= 1 for score in base) / len(base) == pytest.approx(0.127, abs=0.001)


def pink_sheet(make: SimpleNamespace, realdata: Path, series: str) -> dict[tuple[int, int], float | None]:
    file = realdata / "trade" / "worldbank" / "CMO-Historical-Data-Monthly_2023M03.xlsx"
    rows = python_calamine.CalamineWorkbook.from_path(file).get_sheet_by_name("Monthly Prices").to_python()
    column = rows[6].index(series)
    given_rows = [
        {
            "source": "wb", "series": series, "valid": date(int(str(row[0])[:4]), int(str(row[0])[5:]), 1),
            "frequency": "M", "value": row[column] if isinstance(row[column], float) else None,
        }
        for row in rows[7:]
    ]  # fmt: skip
    found = ifpa(make.rows(PRICE, given_rows))
    return {(row["valid"].year, row["valid"].month): row["ifpa"] for row in found.to_pylist()}
