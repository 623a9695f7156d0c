"""The false-alarm budget and the thresholds that follow from it; the record and what it says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.signal import MARKS, RAISED, STRONG
from bongsu.fusion import budget as budgets
from bongsu.fusion import record as records
from bongsu.fusion.budget import Budget, rate
from bongsu.fusion.record import Probability, Record, Row, read_record
from bongsu.language import BadInputError, UsageError

HELD = Record(
    rows=(Row(3, 2, 40, 10), Row(3, 3, 10, 5), Row(4, 2, 20, 15), Row(5, 3, 0, 0)),
    alarms=52,
    item_years=400.0,
    horizon_days=183,
    command="bongsu backtest --fused",
    stamp={"commit": "abc", "seed": 1},
)


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
        "지금 규칙은 기본 예산에서 기록된 400 품목·년에 52건, 곧 품목 4,000개에 한 주 10.0건을 냈다.",
    ]
    assert budgets.said(Budget(), HELD)[2].en == (
        "Under the default budget these rules gave 52 alarms in 400 item-years on record, "
        "that is 10.0 a week over 4,000 items."
    )
    assert budgets.said(Budget(), None)[2].en == "How many alarms the rules gave: there is no record yet."
    assert budgets.said(Budget(), replace(HELD, item_years=0.0))[2] == budgets.said(Budget(), None)[2]


def test_a_probability_is_a_ratio_of_counts_and_never_made_up() -> None:
    assert HELD.probability(3, 2) == Probability(0.25, 10, 40, 2)
    assert HELD.probability(3, 7) == Probability(0.3, 15, 50, None)  # none had seven layers: all threes are counted
    assert [HELD.probability(level, 3) for level in (None, 1, 2, 5)] == [None] * 4


def test_the_record_in_words() -> None:
    told = records.said(HELD.probability(3, 2), HELD)
    assert (
        told.ko
        == "지난 기록에서 거수와 증거 층 수가 같은 판단 40번 가운데 10번(25%)은 183일 안에 공식 조치가 뒤따랐다."
    )
    assert told.en == (
        "In the record, 10 of 40 such levels with as many layers (25%) were followed by an official act within 183 days."
    )
    assert "such levels (30%)" in records.said(HELD.probability(3, 7), HELD).en
    assert records.said(None, HELD).en == "No probability: the record has no such level yet."
    assert records.said(None, None).en == "No probability: there is no record yet."
    assert records.said(None, None).ko == "아직 기록이 없어 확률을 말하지 않는다."
    assert records.said(None, HELD).ko == "기록에 이런 거수가 없어 확률을 말하지 않는다."


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    assert read_record(file) is None
    file.write_text(HELD.text(), encoding="utf-8")
    assert read_record(file) == HELD


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"rows": [{"level": 3}]}), '{"rows": [], "more": 1}'])
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match="the record of warnings cannot be read") as told:
        read_record(file)
    assert told.value.where == str(file)
