"""Where alarms start, held against the rule read out loud."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bongsu.detectors.episodes import AGAIN, WARM_UP, episode_starts, start_places, warmed_up
from bongsu.detectors.panel import Panel

SCORES = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 30)),
    elements=st.one_of(st.integers(0, 3).map(float), st.just(float("nan"))),
)


def out_loud(row: list[float], threshold: float, again: int) -> list[bool]:
    starts, ringing = [], 0
    for score in row:
        ringing = ringing + 1 if score >= threshold else 0
        starts.append(ringing > 0 and (ringing - 1) % again == 0)
    return starts


@settings(deadline=None)
@given(scores=SCORES, threshold=st.integers(-1, 4).map(float), step=st.sampled_from(["M", "D"]))
def test_an_episode_starts_from_below_and_again_every_three_months(
    scores: np.ndarray[tuple[int, int], np.dtype[np.float64]], threshold: float, step: str
) -> None:
    expected = [out_loud(row, threshold, AGAIN[step]) for row in scores.tolist()]
    starts = episode_starts(scores, threshold, step)
    assert starts.tolist() == expected
    assert np.flatnonzero(starts).tolist() == start_places(scores, threshold, step).tolist()


def test_what_always_rings_has_four_episodes_a_year() -> None:
    assert int(episode_starts(np.ones((2, 120)), 1.0, "M").sum()) == 2 * 40


def test_nothing_at_all_has_no_episodes() -> None:
    assert episode_starts(np.zeros((0, 0)), 0.0, "M").shape == (0, 0)
    assert episode_starts(np.full((3, 5), np.nan), 0.0, "M").any() == np.False_


@pytest.mark.parametrize("step", ["M", "D"])
def test_a_series_warms_up_from_its_own_first_figure(step: str) -> None:
    periods = WARM_UP[step] + 6
    values = np.ones((3, periods))
    values[1, :4], values[2] = np.nan, np.nan
    known = np.zeros(values.shape, dtype=np.int64)
    mask = warmed_up(Panel(pa.table({"n": [1, 2, 3]}), 0, step, values, known))
    assert mask.sum(axis=1).tolist() == [6, 2, 0]
    none = Panel(pa.table({"n": [1]}).slice(1), 0, step, np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int64))
    assert warmed_up(none).shape == (0, 0)
