"""What `bench detect` measures: generated trade of the size that it says, and every month after the third year scored."""

from pathlib import Path

import numpy as np
import pytest

from bongsu.cli import bench_detect
from bongsu.cli.bench_detect import MONTHS, SERIES, WARM_UP, detect_ours, detect_rivals, panel
from bongsu.detectors.rule import FLOW, OURS, rules


def test_it_is_a_million_series_of_ten_years() -> None:
    assert (SERIES, MONTHS) == (1_000_000, 120)


def test_the_series_are_the_same_each_time_and_no_two_alike() -> None:
    one, again = panel(24).values, panel(24).values
    assert np.array_equal(one, again)
    assert len(np.unique(one.sum(axis=1))) == 24
    assert [(row == 0).any() for row in one] == [number % 8 == 0 for number in range(24)]


def test_our_rule_is_made_to_judge_every_month_after_the_third_year() -> None:
    scores = rules(FLOW)[OURS].scores(panel(24))
    assert np.isfinite(scores[:, WARM_UP:]).all()
    assert set(detect_ours(Path(), 24)) == {"seconds", "peak_mb", "given_mb", "per_series_us"}


def test_without_the_forecasters_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_detect, "find_spec", lambda _: None)
    assert detect_rivals(Path(), 2) == {"missing": "statsforecast"}
