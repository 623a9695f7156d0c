"""What every rule for prices and transits owes: no look-ahead, each series by itself, no false calm, no false figure."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.detectors.episodes import episode_starts
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import PRICE, TRANSIT, Rule, rules
from bongsu.detectors.rules import transit_shortfall
from bongsu.indicators.series import Values

LENGTH = {"M": 140, "D": 520}
EVERY = [*rules(PRICE).values(), *rules(TRANSIT).values()]
every = pytest.mark.parametrize("rule", EVERY, ids=[f"{rule.layer}-{rule.id}" for rule in EVERY])
every_price = pytest.mark.parametrize("rule", rules(PRICE).values(), ids=list(rules(PRICE)))
PRICE_RISE, SHORTFALL = rules(PRICE)["ours"], rules(TRANSIT)["ours"]


def step_of(rule: Rule) -> str:
    return "M" if rule.layer == PRICE else "D"


def panel(values: Values, step: str) -> Panel:
    series = pa.table({"series": [str(row) for row in range(len(values))]})
    return Panel(series, 480, step, values, np.zeros(values.shape, dtype=np.int64))


def made_up(rng: np.random.Generator, step: str, series: int = 3) -> Values:
    """Random walks or counts with gaps, late starts, and stretches that stand still."""
    shape = (series, LENGTH[step])
    walks = 100 * np.exp(rng.normal(0, 0.06, shape).cumsum(axis=1))
    values = walks if step == "M" else rng.poisson(rng.uniform(2, 80, (series, 1)), shape).astype(np.float64)
    values[0, 60:90] = values[0, 60]
    values[1, : rng.integers(0, 60)] = np.nan
    values[rng.random(shape) < rng.choice([0.0, 0.02, 0.3])] = np.nan
    return values


seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25, deadline=None)


@every
@few
@given(seed=seeds, at=st.floats(0, 1), poison=st.sampled_from([np.nan, 0.0, 1e-9, 1e9]))
def test_what_comes_later_changes_no_score(rule: Rule, seed: int, at: float, poison: float) -> None:
    step = step_of(rule)
    values = made_up(np.random.default_rng(seed), step)
    now = int(at * (values.shape[1] - 1)) + 1
    poisoned = values.copy()
    poisoned[:, now:] = poison
    before = rule.scores(panel(values, step))[:, :now]
    np.testing.assert_array_equal(rule.scores(panel(poisoned, step))[:, :now], before)
    np.testing.assert_array_equal(rule.scores(panel(values[:, :now], step)), before)


@every
@few
@given(seed=seeds)
def test_each_series_is_judged_by_itself(rule: Rule, seed: int) -> None:
    step = step_of(rule)
    values = made_up(np.random.default_rng(seed), step)
    together = rule.scores(panel(values, step))
    assert together.shape == values.shape
    for row in range(len(values)):
        np.testing.assert_array_equal(rule.scores(panel(values[row : row + 1], step))[0], together[row])


@every
@few
@given(seed=seeds)
def test_no_score_is_infinite_and_none_stands_before_the_first_figure(rule: Rule, seed: int) -> None:
    step = step_of(rule)
    values = made_up(np.random.default_rng(seed), step)
    scores = rule.scores(panel(values, step))
    assert not np.isinf(scores).any()
    unknown_yet = np.cumsum(np.isfinite(values), axis=1) == 0
    assert np.isnan(scores[unknown_yet]).all()


@every
def test_every_choice_of_its_grid_can_be_scored_and_nothing_is_no_trouble(rule: Rule) -> None:
    step = step_of(rule)
    values = made_up(np.random.default_rng(1), step)
    for choice in product(*rule.grid.values()):
        assert np.isfinite(rule.scores(panel(values, step), **dict(zip(rule.grid, choice, strict=True)))).any()
    for shape in ((0, 0), (2, 0), (0, 5), (1, 1)):
        assert rule.scores(panel(np.full(shape, np.nan), step)).shape == shape


@every_price
@few
@given(seed=seeds, unit=st.floats(1e-4, 1e4))
def test_the_unit_of_a_price_changes_nothing(rule: Rule, seed: int, unit: float) -> None:
    values = made_up(np.random.default_rng(seed), "M")
    scores = rule.scores(panel(values, "M"))
    np.testing.assert_allclose(rule.scores(panel(values * unit, "M")), scores, rtol=1e-6, atol=1e-6)


@few
@given(seed=seeds)
def test_a_month_without_a_price_has_no_score(seed: int) -> None:
    values = made_up(np.random.default_rng(seed), "M")
    scores = PRICE_RISE.scores(panel(values, "M"))
    assert np.isnan(scores[np.isnan(values)]).all()
    assert np.isnan(scores[np.cumsum(np.isfinite(values), axis=1) <= 36]).all()


def test_prices_that_stand_still_or_fall_do_not_ring() -> None:
    still = np.full(120, 100.0)
    falling = 100 * 0.98 ** np.arange(120)
    crept = 100 * 1.005 ** np.arange(120)
    dropped = np.concatenate([np.full(80, 100.0), np.full(40, 40.0)])
    scores = PRICE_RISE.scores(panel(np.stack([still, falling, crept, dropped]), "M"))
    assert np.nanmax(scores) < 1.0
    np.testing.assert_array_equal(np.unique(scores[0][36:]), [0.0])


def test_an_annual_price_that_always_rises_in_january_is_no_news() -> None:
    contract = np.repeat(100 * 1.06 ** np.arange(20), 12)
    scores = PRICE_RISE.scores(panel(contract[None, :], "M"))[0]
    assert np.nanmax(scores[120:]) < 1.58
    doubled = np.where(np.arange(240) >= 228, contract * 2, contract)
    assert PRICE_RISE.scores(panel(doubled[None, :], "M"))[0, 228] > 3.0


def test_a_series_quoted_in_steps_rings_at_its_great_step_only() -> None:
    steps = np.repeat([100, 104, 100, 98, 103, 99, 102, 100, 105, 101, 240, 240], 10).astype(np.float64)
    scores = PRICE_RISE.scores(panel(steps[None, :], "M"))
    assert np.flatnonzero(episode_starts(scores, 2.18, "M")[0]).tolist() == [100, 103]


def test_a_jump_rings_in_its_month_and_the_next_one_is_heard() -> None:
    """A score of twelve months alone rings on from the first jump and has no new start at the second."""
    rng = np.random.default_rng(11)
    logs = rng.normal(0, 0.02, 200)
    logs[[120, 127]] += 0.25
    scores = PRICE_RISE.scores(panel(np.exp(logs.cumsum())[None, :], "M"))
    assert {120, 127} <= set(np.flatnonzero(episode_starts(scores, 2.18, "M")[0]))


def dips(rng: np.random.Generator, days: int, part: float, catch_up: float = 0.0) -> Values:
    """Forty straits of 55 ships a day; from day 480 on, `part` of them is missing for `days`."""
    counts = rng.poisson(55, (40, 520)).astype(np.float64)
    counts[:, 480 : 480 + days] = np.round(counts[:, 480 : 480 + days] * (1 - part))
    counts[:, 480 + days : 482 + days] *= 1 + catch_up
    return counts


@pytest.mark.parametrize(
    ("days", "part", "catch_up", "rings"),
    [(0, 0.0, 0.0, 0.0), (2, 1.0, 0.0, 0.0), (2, 1.0, 0.9, 0.0), (5, 0.9, 0.0, 1.0), (6, 0.8, 0.0, 1.0), (40, 0.5, 0.0, 1.0)],
)  # fmt: skip
def test_a_blockade_rings_and_a_storm_does_not(days: int, part: float, catch_up: float, rings: float) -> None:
    scores = SHORTFALL.scores(panel(dips(np.random.default_rng(2), days, part, catch_up), "D"))
    assert (scores[:, 480:520] >= 3.85).any(axis=1).mean() == rings
    assert not (scores[:, 400:480] >= 3.85).any()


def test_a_decline_of_half_a_year_rings_though_no_week_falls_off_the_week_before() -> None:
    rng = np.random.default_rng(4)
    slow = rng.normal(36, 3, (20, 900)) * np.clip(1 - np.maximum(np.arange(900) - 600, 0) / 600, 0.6, 1.0)
    rings = (SHORTFALL.scores(panel(slow, "D")) >= 3.85)[:, 600:]
    assert rings.any(axis=1).all()
    naive = rules(TRANSIT)["naive"].scores(panel(slow, "D"))
    assert np.nanmax(naive) < 0.3


def test_unknown_days_are_not_days_without_ships() -> None:
    counts = np.full((1, 520), 40.0)
    holes = counts.copy()
    holes[0, [500, 503]] = np.nan
    np.testing.assert_allclose(SHORTFALL.scores(panel(holes, "D"))[0, 480:], np.zeros(40), atol=1e-9)
    blind = counts.copy()
    blind[0, 495:512] = np.nan
    scores = SHORTFALL.scores(panel(blind, "D"))[0]
    assert np.nanmax(scores[495:]) == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(scores[505])


def test_where_few_ships_pass_one_of_them_is_no_alarm() -> None:
    scores = SHORTFALL.scores(panel(np.random.default_rng(3).poisson(2, (40, 700)).astype(np.float64), "D"))
    assert np.nanmean((scores >= 3.85).any(axis=1)) < 0.1
    stopped = np.full((1, 520), 3.0)
    stopped[0, 500:] = 0.0
    assert np.nanmax(SHORTFALL.scores(panel(stopped, "D"))) > 3.85


def test_many_straits_are_judged_block_by_block_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.random.default_rng(8).poisson(30, (5, 520)).astype(np.float64)
    whole = SHORTFALL.scores(panel(counts, "D"))
    monkeypatch.setattr(transit_shortfall, "_CELLS", 2 * 52 * 520)
    np.testing.assert_array_equal(SHORTFALL.scores(panel(counts, "D")), whole)


@pytest.mark.parametrize(("layer", "step"), [(PRICE, "M"), (TRANSIT, "D")])
def test_an_alarm_that_never_stops_counts_every_three_months(layer: str, step: str) -> None:
    values = np.full((1, LENGTH[step]), 5.0)
    starts = np.flatnonzero(episode_starts(rules(layer)["always"].scores(panel(values, step)), 1.0, step)[0])
    assert starts.tolist() == list(range(0, LENGTH[step], {"M": 3, "D": 91}[step]))
