"""The false-alarm budget and the thresholds that follow from it; the record and what it says."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.signal import MARKS, RAISED, STRONG
from bongsu.fusion import budget as budgets
from bongsu.fusion import record as records
from bongsu.fusion.budget import Budget, rate
from bongsu.fusion.record import ENOUGH, Month, Probability, Record, Row, Year, read_record
from bongsu.language import BadInputError, UsageError

DAYS = 183
WHOLE = Record(
    months=(
        Month(date(2015, 1, 1), (Row(3, 2, 40, 10), Row(3, 3, 10, 5), Row(4, 2, 20, 15))),
        Month(date(2015, 2, 1), (Row(4, 2, 5, 0), Row(5, 3, 0, 0))),
    ),
    years=(Year(2015, 12, 150.0, 30.0), Year(2016, 40, 250.0, 20.0)),
    horizon_days=DAYS,
    command="bongsu backtest --fused",
    stamp={"commit": "abc", "seed": 1},
)
HELD = WHOLE.until(date(2020, 1, 1))
NOTHING = WHOLE.until(date(2015, 1, 1))


def test_the_default_budget_leaves_the_marks_where_the_scale_has_them() -> None:
    assert Budget().marks == MARKS
    assert (MARKS.raised, MARKS.strong) == (RAISED, STRONG)
    assert Budget().rates == pytest.approx((0.25, 0.10))


@pytest.mark.parametrize(("alarms", "per_item_year"), [(10, 0.13045), (5, 0.06522), (4000 / 52.178571, 1.0)])
def test_alarms_a_week_are_so_many_an_item_and_year(alarms: float, per_item_year: float) -> None:
    assert Budget(alarms).per_item_year == pytest.approx(per_item_year, abs=1e-4)


@pytest.mark.parametrize(
    ("alarms", "rates", "marks"),
    [(10, (0.25, 0.10), (0.25, 0.5)), (4, (0.10, 0.04), (0.5, 0.75)), (20, (0.5, 0.20), (0.061, 0.311))],
)
def test_the_rates_follow_the_budget_in_proportion(
    alarms: float, rates: tuple[float, float], marks: tuple[float, float]
) -> None:
    found = Budget(alarms)
    assert (found.marks.raised, found.marks.strong) == pytest.approx(marks, abs=1e-3)
    assert found.rates == pytest.approx(rates, rel=1e-3)


@given(one=st.floats(0.01, 500), other=st.floats(0.01, 500))
def test_a_smaller_budget_never_lowers_a_mark(one: float, other: float) -> None:
    small, large = sorted((one, other))
    few, many = Budget(small).marks, Budget(large).marks
    assert few.raised >= many.raised
    assert few.strong >= many.strong
    assert 0 < many.raised <= many.strong <= 1


@given(strength=st.floats(0, 1), more=st.floats(0, 1))
def test_a_stronger_signal_is_rarer(strength: float, more: float) -> None:
    assert rate(min(strength, more)) >= rate(max(strength, more))


def test_the_ends_of_the_scale_are_said() -> None:
    assert [Budget(each).reached for each in (0.1, 10, 1000)] == [False, True, False]
    told = budgets.said(Budget(0.1), None)[1]
    assert told.ko.endswith("이 예산까지는 문턱을 옮길 수 없어 눈금 끝에 두었다.")
    assert told.en.endswith("They cannot follow this budget and stand at the end of the scale.")


@pytest.mark.parametrize("alarms", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_that_is_none(alarms: float) -> None:
    with pytest.raises(UsageError, match="there is no --budget"):
        Budget(alarms)


def test_the_budget_in_words() -> None:
    assert [text.ko for text in budgets.said(Budget(), HELD)] == [
        "오경보 예산: 3거 이상 한 주 10건(품목 4,000개 기준), 곧 품목 하나에 한 해 0.130건.",
        "문턱: 강도 0.25부터 높음(계열당 한 해 오경보 0.25건), 0.50부터 강함(0.10건).",
        (
            "지금 규칙은 기본 예산에서 2015–2016년 400 품목·년에 52건, 곧 품목 4,000개에 한 주 10.0건을 냈다. "
            "살아 있는 증거 층이 하나라도 있던 50 품목·년으로만 나누면 한 주 79.7건이다."
        ),
    ]
    assert budgets.said(Budget(), HELD)[2].en == (
        "Under the default budget these rules gave 52 alarms in 400 item-years of 2015–2016, that is 10.0 a week over "
        "4,000 items; over the 50 item-years with a live layer alone, 79.7 a week."
    )
    assert budgets.said(Budget(), None)[2].en == "How many alarms the rules gave: there is no record yet."
    assert budgets.said(Budget(), NOTHING)[2] == budgets.said(Budget(), None)[2]


def test_alarms_of_a_year_count_when_it_is_over() -> None:
    assert [WHOLE.until(date(*day)).alarms for day in ((2015, 12, 31), (2016, 1, 1), (2017, 1, 1))] == [0, 12, 52]
    dead = replace(HELD, years=(Year(2015, 0, 10.0, 0.0),))
    assert (dead.alarms_per_week(4000), dead.live_alarms_per_week(4000)) == (0.0, None)
    assert "alone, – a week" in budgets.said(Budget(), dead)[2].en


def test_a_probability_is_a_ratio_of_enough_counts_and_never_made_up() -> None:
    span = (date(2015, 1, 1), date(2015, 2, 1))
    assert HELD.probability(3, 2) == Probability(0.25, 10, 40, 2, *span)
    assert HELD.probability(3, 3) == Probability(0.3, 15, 50, None, *span)  # ten are too few: all threes are counted
    assert HELD.probability(3, 7) == HELD.probability(3, 3)
    assert [HELD.probability(level, 2) for level in (None, 1, 2, 4, 5)] == [None] * 5  # of fours there are 25


@pytest.mark.parametrize(("forecasts", "told"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_so_many_forecasts_are_enough(forecasts: int, told: bool) -> None:  # noqa: FBT001 - a table's cell
    held = replace(WHOLE, months=(Month(date(2015, 1, 1), (Row(4, 2, forecasts, 1),)),)).until(date(2016, 1, 1))
    assert (held.probability(4, 2) is not None) == told


def test_a_forecast_counts_when_its_horizon_is_over() -> None:
    over = date(2015, 1, 1) + timedelta(days=DAYS)
    assert WHOLE.until(over).probability(3, 2) is None
    found = WHOLE.until(over + timedelta(days=1)).probability(3, 2)
    assert found == Probability(0.25, 10, 40, 2, date(2015, 1, 1), date(2015, 1, 1))


counts = st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(0, 60), st.integers(0, 60))
rows = counts.map(lambda told: Row(told[0], told[1], max(told[2:]), min(told[2:])))
days = st.dates(date(2015, 1, 1), date(2024, 12, 31))
many = st.lists(st.builds(Month, days, st.lists(rows, max_size=6).map(tuple)), max_size=12)


@given(months=many, later=many, on=days, level=st.integers(1, 5), layers=st.integers(0, 5))
def test_what_is_written_later_never_changes_a_probability(
    months: list[Month], later: list[Month], on: date, level: int, layers: int
) -> None:
    added = [month for month in later if month.day + timedelta(days=DAYS) >= on]
    before, after = (replace(WHOLE, months=tuple(all_)).until(on) for all_ in (months, [*added, *months]))
    assert before == after
    assert before.probability(level, layers) == after.probability(level, layers)
    assert records.said(before.probability(level, layers), before, level) == records.said(
        after.probability(level, layers), after, level
    )


@given(months=many, on=days, level=st.integers(1, 5), layers=st.integers(0, 5))
def test_a_probability_covers_nothing_that_was_not_over(months: list[Month], on: date, level: int, layers: int) -> None:
    found = replace(WHOLE, months=tuple(months)).until(on).probability(level, layers)
    if found is not None:
        assert found.forecasts >= ENOUGH
        assert found.first <= found.last < on - timedelta(days=DAYS)
        assert found.value == found.followed / found.forecasts


def test_the_record_in_words() -> None:
    told = records.said(HELD.probability(3, 2), HELD, 3)
    assert told.ko == (
        "지난 기록(2015-01–2015-02)에서 거수와 증거 층 수가 같은 판단 40번 가운데 10번(25%)은 183일 안에 공식 조치가 뒤따랐다."
    )
    assert told.en == (
        "In the record (2015-01–2015-02), 10 of 40 such levels with as many layers (25%) were followed by an official act "
        "within 183 days."
    )
    assert "such levels (30%)" in records.said(HELD.probability(3, 7), HELD, 3).en
    assert records.said(None, HELD, 4).en == "No probability: there is no record yet (25 such levels; 30 are needed)."
    assert records.said(None, HELD, 4).ko == "아직 기록이 없어 확률을 말하지 않는다(이런 거수는 25번, 30번부터 말한다)."
    for none in (None, NOTHING):
        assert records.said(None, none, 3).en == "No probability: there is no record yet."
        assert records.said(None, none, 3).ko == "아직 기록이 없어 확률을 말하지 않는다."


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    assert read_record(file) is None
    for held in (WHOLE, replace(WHOLE, months=(), years=())):
        file.write_text(held.text(), encoding="utf-8")
        assert read_record(file) == held


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"months": [["2015-01-01", [[3]]]]}), '{"months": [], "more": 1}']
)
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match="the record of warnings cannot be read") as told:
        read_record(file)
    assert told.value.where == str(file)
