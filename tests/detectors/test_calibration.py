"""What a score means: rates that fall, probabilities that rise, counts by hand, and a record on series not counted."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.calibrate import counted, panels
from bongsu.detectors.calibration import (
    EDGES,
    ENOUGH,
    Calibration,
    Tally,
    isotonic,
    reference,
    rows_of,
    stayed_down,
    tally,
)
from bongsu.detectors.episodes import warmed_up
from bongsu.detectors.flow_break import CLASSES, ROUGH, STEADY, Scored, Weights, scored
from bongsu.detectors.panel import Panel
from bongsu.indicators.series import Values

SHAPE = (len(CLASSES), len(EDGES))
counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


@given(counts)
def test_isotonic_shares_never_fall_and_leave_the_mean(drawn: list[tuple[int, int]]) -> None:
    hits = np.array([[min(pair) for pair in drawn]], dtype=np.float64)
    trials = np.array([[max(pair) for pair in drawn]], dtype=np.float64)
    shares = isotonic(hits, trials)
    assert (np.diff(shares[0]) >= -1e-12).all()
    assert (shares * trials).sum() == pytest.approx(hits.sum())


def test_isotonic_by_hand() -> None:
    found = isotonic(np.array([[1.0, 0.0, 3.0, 2.0]]), np.array([[4.0, 4.0, 4.0, 4.0]]))
    assert found[0] == pytest.approx([0.125, 0.125, 0.625, 0.625])


def test_trade_that_stays_down_is_told_from_trade_that_comes_back() -> None:
    values = np.full((2, 40), 10.0)
    values[0, 20:] = 4.0
    values[1, 20:22] = 0.0
    down = stayed_down(values)
    assert down[:, 19].tolist() == [1.0, 0.0]
    assert down[:, 14].tolist() == [0.0, 0.0]
    assert np.isnan(down[:, :11]).all()
    assert np.isnan(down[:, 35:]).all()


def test_a_tally_by_hand() -> None:
    score = np.full((1, 48), -0.5)
    score[0, 39:43] = 2.05  # rings for four months: two alarms
    found = Scored(score, np.full((1, 48), STEADY, dtype=np.int8))
    judged = np.zeros((1, 48), dtype=np.bool_)
    judged[0, 36:] = True
    told = tally(found, np.full((1, 48), 5.0), judged)
    at = {edge: place for place, edge in enumerate(EDGES.tolist())}
    assert told.years.tolist() == [7 / 12, 0.0, 0.0, 0.0]  # what comes after the last five months is not known
    assert [told.episodes[STEADY, at[edge]] for edge in (-0.5, 2.0, 2.1)] == [3, 2, 0]
    assert (told.forecasts[STEADY, at[2.0]], told.forecasts.sum(), told.followed.sum()) == (4, 7, 0)
    fell = np.full((1, 48), 5.0)
    fell[0, 40:] = 1.0
    down = tally(found, fell, judged)
    assert down.followed[STEADY, at[2.0]] == 4
    assert down.episodes[STEADY, at[2.0]] == 0  # an alarm after which trade stayed down was not for no cause


def test_rates_fall_probabilities_rise_and_strength_follows() -> None:
    meaning = Calibration(reference())
    scores = np.linspace(-2, 6, 400)[None]
    for number in range(len(CLASSES)):
        classes = np.full((1, 400), number, dtype=np.int8)
        assert (np.diff(meaning.rate(scores, classes)) <= 1e-12).all()
        assert (np.diff(meaning.probability(scores, classes)) >= -1e-12).all()
        strength = meaning.strength(scores, classes)
        assert (np.diff(strength) >= -1e-12).all()
        assert (strength.min(), strength.max()) == (0.0, 1.0)


def test_strength_is_raised_at_one_alarm_in_four_years_and_strong_at_one_in_ten() -> None:
    meaning = Calibration(reference())
    for rate, strength in ((0.25, 0.25), (0.10, 0.5)):
        for number, edge in enumerate(meaning.threshold(rate)):
            at, classes = np.array([[edge]]), np.array([[number]], dtype=np.int8)
            assert meaning.rate(at, classes)[0, 0] <= rate
            assert meaning.strength(at, classes)[0, 0] >= strength
            assert meaning.strength(at - 0.1, classes)[0, 0] < strength


def test_without_a_score_there_is_no_rate_and_no_strength() -> None:
    meaning, none = Calibration(reference()), np.array([[np.nan]])
    classes = np.array([[ROUGH]], dtype=np.int8)
    assert np.isnan(meaning.rate(none, classes)).all()
    assert np.isnan(meaning.probability(none, classes)).all()
    assert meaning.strength(none, classes)[0, 0] == 0.0


def test_a_class_with_too_few_years_takes_the_reference() -> None:
    own = Tally(np.array([ENOUGH, ENOUGH - 1, 0.0, 0.0]), *(np.full(SHAPE, 7.0) for _ in range(3)))
    mixed = own.or_else(reference())
    assert mixed.years.tolist() == [ENOUGH, *reference().years.tolist()[1:]]
    assert (mixed.episodes[0] == 7).all()
    np.testing.assert_array_equal(mixed.followed[1:], reference().followed[1:])


def test_the_shipped_table_is_what_the_script_makes(realdata: Path) -> None:
    parts = [counted(values) for values in panels(realdata / "trade" / "us_census")]
    made = parts[0] + parts[1] + parts[2]
    shipped, anew = list(rows_of(reference())), list(rows_of(made))
    assert [row[:3] for row in shipped] == [row[:3] for row in anew]
    off = [
        abs(float(a) - float(b))
        for one, two in zip(shipped, anew, strict=True)
        for a, b in zip(one, two, strict=True)
        if a != b
    ]
    assert max(off, default=0.0) <= 2  # a score on an edge may fall to either side on another machine


@pytest.fixture(scope="module")
def told(realdata: Path) -> list[tuple[Values, Scored, Panel]]:
    """Figures, scores and panel of each file."""
    found = []
    for values in panels(realdata / "trade" / "us_census"):
        panel = Panel(pa.table({"series": np.arange(len(values))}), 0, "M", values, np.zeros(values.shape, np.int64))
        found.append((values, scored(values, None, Weights()), panel))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_probabilities_hold_on_series_that_were_not_counted(
    told: list[tuple[Values, Scored, Panel]], seed: int
) -> None:
    rng, halves, unseen = np.random.default_rng(seed), [], []
    for values, found, panel in told:
        order = rng.permutation(len(values))
        one, two = order[: len(order) // 2], order[len(order) // 2 :]
        judged, down = warmed_up(panel), stayed_down(values)
        halves.append(tally(Scored(found.score[one], found.volatility[one]), values[one], judged[one]))
        known = np.isfinite(down[two]) & np.isfinite(found.score[two]) & judged[two]
        unseen.append(np.stack([part[two][known] for part in (found.score, found.volatility, down)]))
    fitted = halves[0] + halves[1] + halves[2]
    score, classes, came = np.concatenate(unseen, axis=1)
    said = Calibration(fitted).probability(score[None], classes[None].astype(np.int8))[0]
    base = fitted.followed.sum() / fitted.forecasts.sum()
    assert 1 - ((said - came) ** 2).mean() / ((base - came) ** 2).mean() > 0.1
    tenths = np.minimum((said * 10).astype(np.int64), 9)
    for tenth in range(10):
        mine = tenths == tenth
        if mine.sum() >= 100:
            assert said[mine].mean() == pytest.approx(came[mine].mean(), abs=0.07)
