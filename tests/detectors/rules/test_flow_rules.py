"""What every rule for flows owes: no look-ahead, each series by itself, no unit, no false calm; and what ours does."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.detectors import flow_break
from bongsu.detectors.episodes import episode_starts
from bongsu.detectors.flow_break import INTERMITTENT, ROUGH, STEADY, Weights, break_parts, scored
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, Rule, rules
from bongsu.indicators.series import Values

MONTHS = 96
EVERY = list(rules(FLOW).values())
every = pytest.mark.parametrize("rule", EVERY, ids=[rule.id for rule in EVERY])
OURS = rules(FLOW)["ours"]
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=20, deadline=None)


def panel(values: Values, weights: Values | None = None) -> Panel:
    series = pa.table({"series": [str(row) for row in range(len(values))]})
    return Panel(series, 480, "M", values, np.zeros(values.shape, dtype=np.int64), weights)


def made_up(rng: np.random.Generator, series: int = 5) -> Values:
    """Seasonal trade with noise, gaps, late starts, silent months and one that never trades."""
    months = np.arange(MONTHS)
    season = 1 + rng.uniform(0, 0.9, (series, 1)) * np.sin(2 * np.pi * (months + rng.integers(0, 12, (series, 1))) / 12)
    values = season * np.exp(rng.normal(10, 1, (series, 1)) + rng.normal(0, 0.5, (series, MONTHS)))
    values[rng.random(values.shape) < rng.choice([0.0, 0.1, 0.7], (series, 1))] = 0.0
    values[0, : rng.integers(0, 40)] = np.nan
    values[1] = 0.0
    values[rng.random(values.shape) < rng.choice([0.0, 0.05])] = np.nan
    return values


@every
@few
@given(seed=seeds, at=st.floats(0, 1), poison=st.sampled_from([np.nan, np.inf, 0.0, 1e-9, 1e15]))
def test_what_comes_later_changes_no_score(rule: Rule, seed: int, at: float, poison: float) -> None:
    values = made_up(np.random.default_rng(seed))
    now = int(at * (MONTHS - 1)) + 1
    poisoned = values.copy()
    poisoned[:, now:] = poison
    before = rule.scores(panel(values))[:, :now]
    np.testing.assert_array_equal(rule.scores(panel(poisoned))[:, :now], before)
    np.testing.assert_array_equal(rule.scores(panel(values[:, :now])), before)


@every
@few
@given(seed=seeds)
def test_each_series_is_judged_by_itself_and_in_any_order(rule: Rule, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = made_up(rng)
    together, order = rule.scores(panel(values)), rng.permutation(len(values))
    np.testing.assert_array_equal(rule.scores(panel(values[order])), together[order])
    for row in range(len(values)):
        np.testing.assert_array_equal(rule.scores(panel(values[row : row + 1]))[0], together[row])


@every
@few
@given(seed=seeds, unit=st.sampled_from([1e-3, 1e3, 1350.0]))
def test_the_unit_changes_nothing(rule: Rule, seed: int, unit: float) -> None:
    values = made_up(np.random.default_rng(seed))
    np.testing.assert_allclose(rule.scores(panel(values * unit)), rule.scores(panel(values)), rtol=2e-4, atol=2e-4)


@every
@few
@given(seed=seeds)
def test_an_unknown_month_is_not_judged_and_never_calm(rule: Rule, seed: int) -> None:
    values = made_up(np.random.default_rng(seed))
    scores = rule.scores(panel(values))
    assert scores.shape == values.shape
    assert np.isnan(scores[np.isnan(values)]).all()
    assert not np.isinf(scores).any()


@every
def test_every_choice_of_its_grid_can_be_scored_and_nothing_is_no_trouble(rule: Rule) -> None:
    values = made_up(np.random.default_rng(1))
    for choice in product(*rule.grid.values()):
        assert np.isfinite(rule.scores(panel(values), **dict(zip(rule.grid, choice, strict=True)))).any()
    for shape in ((0, 0), (2, 0), (0, 5), (1, 1)):
        assert rule.scores(panel(np.full(shape, np.nan))).shape == shape


def test_the_rules_are_those_that_the_backtest_names() -> None:
    assert list(rules(FLOW)) == [
        "ours", "always", "cusum", "ewma", "mean_of_three", "naive", "robust_z", "ses", "trailing_median", "yoy",
    ]  # fmt: skip


def test_the_rules_of_others_by_hand() -> None:
    values = np.full((1, 48), 100.0)
    values[0, 40] = 25.0
    one = panel(values)
    assert rules(FLOW)["yoy"].scores(one)[0, 39:42] == pytest.approx([0.0, 0.75, 0.0])
    assert rules(FLOW)["naive"].scores(one)[0, 39:42] == pytest.approx([0.0, 0.75, -3.0])
    assert set(rules(FLOW)["always"].scores(one)[0]) == {1.0}
    floor = 0.05 * 100
    fall = np.log(100 + floor) - np.log(25 + 0.05 * (35 * 100 + 25) / 36)
    least = 0.3  # the yardstick of what never moved is the least there is
    for id_ in ("robust_z", "trailing_median", "ses"):
        assert rules(FLOW)[id_].scores(one, least=least)[0, 40] == pytest.approx(fall / least, rel=0.02)
    month, slack, weight = min(fall / least, 6.0), 0.25, 0.15
    cusum = rules(FLOW)["cusum"].scores(one, least=least, slack=slack)[0, 40]
    assert cusum == pytest.approx(month - slack, rel=0.05)
    ewma = rules(FLOW)["ewma"].scores(one, least=least, weight=weight)[0, 40]
    assert ewma == pytest.approx(month * np.sqrt(weight * (2 - weight)), rel=0.05)


def test_a_large_break_by_hand() -> None:
    values = np.full((1, 60), 100.0)
    values[0, 50:] = 10.0
    parts = break_parts(values.T, Weights())
    assert parts.score[36:50, 0] == pytest.approx(np.zeros(14), abs=1e-6)

    def fall(months: int, low: int) -> float:
        now, floor = (100.0 * (months - low) + 10.0 * low) / months, 0.05 * (100 * (36 - low) + 10 * low) / 36
        return float(np.log((100 + floor) / (now + floor)))

    still = np.sqrt(36 / (36 + 42))  # 42 months before it could be compared, and none had moved
    assert parts.large[50, 0] == pytest.approx((fall(2, 1) + fall(3, 1)) / 2 / still, rel=1e-4)
    assert parts.drift[50, 0] == pytest.approx(0.3 * fall(1, 1) / still, rel=1e-4)
    assert parts.swing[50, 0] == pytest.approx(0.5 * np.sqrt(6 / (6 + 42)))
    assert parts.sudden[50, 0] == pytest.approx(0.3 * 9)  # the most that one month counts
    assert parts.score[50, 0] == pytest.approx(parts.sudden[50, 0])
    assert parts.large[51, 0] > 2


def test_one_month_far_below_both_pasts_rings_where_trade_hardly_moved() -> None:
    rng = np.random.default_rng(2)
    values = 100 * np.exp(rng.normal(0, [[0.1], [1.5]], (2, 80)))
    values[:, -1] = 20.0
    parts = break_parts(values.T, Weights())
    last = parts.sudden[-1]
    lower = np.minimum(values[:, -2 - 11 : -1].mean(axis=1), values[:, -13])
    floor = 0.05 * values[:, -36:].mean(axis=1)
    assert last[0] == pytest.approx(0.3 * np.log((lower + floor) / (20 + floor))[0] / parts.swing[-1, 0], rel=1e-4)
    assert last[0] > 1.4 > last[1]


def test_an_alarm_that_rang_is_news_only_once() -> None:
    values = np.full((1, 72), 100.0)
    values[0, 48:] = 10.0
    parts = break_parts(values.T, Weights())
    raw, score = parts.raw[:, 0], parts.score[:, 0]
    assert score[50] == pytest.approx(raw[50])
    assert score[54] == pytest.approx(raw[54] - 0.5 * max(raw[48:52]), rel=1e-5)
    assert len(np.flatnonzero(episode_starts(OURS.scores(panel(values)), 2.0, "M")[0])) == 1


def test_a_seasonal_trade_does_not_ring_in_its_low_season() -> None:
    months = np.arange(96)
    values = (100 * (1.05 + np.cos(2 * np.pi * months / 12)))[None]
    late = OURS.scores(panel(values))[0, 36:]
    assert late.max() < 0.7
    stopped = values.copy()
    stopped[0, 80:] *= 0.1
    assert OURS.scores(panel(stopped))[0, 80:86].max() > 1.8


def test_a_steady_series_rings_at_a_smaller_fall_than_a_rough_one() -> None:
    rng = np.random.default_rng(0)
    calm = 100 * np.exp(rng.normal(0, 0.1, (20, 90)))
    rough = 100 * np.exp(rng.normal(0, 2.0, (20, 90)))
    for values in (calm, rough):
        values[:, 80:] *= 0.3
    found = scored(np.concatenate([calm, rough]), None, Weights())
    assert set(found.volatility[:20, 79]) == {STEADY}
    assert set(found.volatility[20:, 79]) == {ROUGH}
    assert np.median(found.score[:20, 80:84].max(axis=1)) > 1.0


def test_an_intermittent_series_rings_by_its_silence_against_its_own_habit() -> None:
    values = np.zeros((2, 84))
    values[:, ::3] = 50.0  # one month in three
    values[1, 61:] = 0.0  # and no more
    found = scored(values, None, Weights())
    assert set(found.volatility[:, 50]) == {INTERMITTENT}
    assert np.nanmax(found.score[0, 40:]) < 0.5
    parts, habit = break_parts(values.T, Weights()), (8 + 1) / (24 + 2)
    assert parts.raw[66, 1] == pytest.approx(0.8 * habit * np.sqrt(6 / (habit * (1 - habit))), rel=1e-5)
    assert found.score[1, 66] > 1


def test_a_series_that_never_traded_cannot_be_judged() -> None:
    assert np.isnan(OURS.scores(panel(np.zeros((1, 60))))).all()


def test_goods_that_rush_ahead_of_a_control_ring_before_the_stop() -> None:
    values = np.full((1, 60), 100.0)
    values[0, 50] = 100_000.0
    score = OURS.scores(panel(values))[0]
    assert score[49] == pytest.approx(0, abs=1e-6)
    assert score[50] > 1


def test_a_fall_of_price_alone_counts_half() -> None:
    values, tonnes = np.full((1, 60), 100.0), np.full((1, 60), 7.0)
    values[0, 50:] = 20.0
    alone = OURS.scores(panel(values))[0, 51]
    assert OURS.scores(panel(values, tonnes))[0, 51] == pytest.approx(alone / 2, rel=1e-5)
    tonnes[0, 50:] = 1.4
    assert OURS.scores(panel(values, tonnes))[0, 51] == pytest.approx(alone, rel=1e-4)
    unknown = np.full((1, 60), np.nan)
    np.testing.assert_array_equal(OURS.scores(panel(values, unknown)), OURS.scores(panel(values)))


@few
@given(seed=seeds, deeper=st.floats(0.05, 0.9))
def test_a_deeper_fall_never_scores_less(seed: int, deeper: float) -> None:
    values = made_up(np.random.default_rng(seed))[2:]
    lower = values.copy()
    lower[:, -1] *= deeper
    score, more = OURS.scores(panel(values), jump=0.0)[:, -1], OURS.scores(panel(lower), jump=0.0)[:, -1]
    known = np.isfinite(score)
    assert (more[known] >= score[known] - 1e-4).all()


@pytest.mark.parametrize(("constant", "sign"), [("told", -1), ("floor", -1)])
def test_constants_move_scores_one_way(constant: str, sign: int) -> None:
    values = np.full((1, 60), 100.0)
    values[0, 40:] = 20.0  # one fall after another
    values[0, 50:] = 2.0
    low, high = (OURS.scores(panel(values), **{constant: at})[0, 52] for at in (0.05, 0.5))
    assert sign * (high - low) > 0


def test_series_are_judged_alike_in_every_chunk_and_by_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    values = made_up(np.random.default_rng(5), 50)
    whole = scored(values, None, Weights(), threads=1)
    monkeypatch.setattr(flow_break, "CHUNK", 7)
    parts = scored(values, None, Weights(), threads=3)
    np.testing.assert_array_equal(parts.score, whole.score)
    np.testing.assert_array_equal(parts.volatility, whole.volatility)
