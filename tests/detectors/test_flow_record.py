"""What the flow rules catch of the visible cases: 30 onsets, 334 quiet series, scored as the inputs' README says."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bongsu.detectors.calibrate import figures
from bongsu.detectors.episodes import episode_starts
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, Rule, rules
from bongsu.indicators.series import Places, Values
from bongsu.records.formats import read_parquet

LAG = 2  # US figures of a month are known in the second month after
WARM_UP = 36
BUDGETS = (0.10, 0.25, 0.50)
# Hits of 30 at each budget. Whoever changes a rule changes these, and docs/develop/flow-detector.md.
HITS = {
    "ours": (25, 29, 30),
    "yoy": (20, 25, 27),
    "cusum": (21, 25, 27),
    "ewma": (18, 28, 30),
    "trailing_median": (16, 24, 28),
    "ses": (16, 19, 25),
    "mean_of_three": (13, 24, 27),
    "robust_z": (16, 20, 23),
    "naive": (15, 19, 22),
    "always": (0, 0, 0),
}


@dataclass(frozen=True)
class Trial:
    """The panel, its cases (rows, first and last column that count) and its quiet series (rows, columns)."""

    panel: Panel
    rows: Places
    windows: tuple[tuple[int, int], ...]
    quiet: Places
    span: slice

    @property
    def series_years(self) -> float:
        months: int = self.span.stop - self.span.start
        return len(self.quiet) * months / 12

    def outcome(self, scores: Values, threshold: float) -> tuple[Values, Values]:
        """Cases that are hit, and false alarms of each quiet series."""
        starts = episode_starts(scores, threshold, "M")
        hits = [starts[row, first : last + 1].any() for row, (first, last) in zip(self.rows, self.windows, strict=True)]
        return np.array(hits), starts[self.quiet, self.span].sum(axis=1)


@pytest.fixture(scope="module")
def trial(realdata: Path) -> Trial:
    trade = realdata / "trade"
    rows = read_parquet(trade / "us_census" / "exports_china_hs6_to_2021-02.parquet")
    values, first, codes = named(rows)
    cases = [case for case in table(trade / "cases_dev.csv") if case["layer"] == "flow"]
    quiet = table(trade / "quiet_dev.csv")

    def column(month: str) -> int:
        return int(np.datetime64(month).astype("datetime64[M]").astype(np.int64)) - int(first.astype(np.int64)) - LAG

    chosen = [codes[one["code"]] for one in (*cases, *quiet)]
    laid = values[chosen]
    (span,) = {(one["scored_from"], one["scored_to"]) for one in quiet}
    return Trial(
        Panel(pa.table({"series": np.arange(len(laid))}), 0, "M", laid, np.zeros(laid.shape, np.int64)),
        np.arange(len(cases)),
        tuple((column(case["counts_from"]), column(case["counts_to"])) for case in cases),
        np.arange(len(cases), len(laid)),
        slice(column(span[0]), column(span[1]) + 1),
    )


def named(rows: pa.Table) -> tuple[Values, np.datetime64, Mapping[str, int]]:
    """Figures, their first month and the row of each code, in the order in which `figures` lays them."""
    values, first = figures(rows, "hs6", "china_exports")
    order = [code for code in dict.fromkeys(rows["hs6"].to_pylist()) if code]
    return values, first, {code: place for place, code in enumerate(order)}


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def best(trial: Trial, scores: Values, cases: Places, quiet: Places) -> tuple[list[int], list[float]]:
    """Most hits at or below each budget among some cases and quiet series, and the threshold that has them."""
    scores = scores.copy()
    scores[:, :WARM_UP] = np.nan
    years = trial.series_years * len(quiet) / len(trial.quiet)
    thresholds = np.unique(scores[np.isfinite(scores)])
    thresholds = np.append(np.quantile(thresholds, np.linspace(0.5, 1, 1200), method="nearest"), np.inf)
    outcomes = [trial.outcome(scores, float(at)) for at in thresholds]
    rates = np.array([alarms[quiet].sum() / years for _, alarms in outcomes])
    hits = np.array([hit[cases].sum() for hit, _ in outcomes])
    places = [max(np.flatnonzero(rates <= budget), key=lambda at: (hits[at], -rates[at])) for budget in BUDGETS]
    return [int(hits[at]) for at in places], [float(thresholds[at]) for at in places]


@pytest.mark.parametrize("rule", rules(FLOW).values(), ids=list(rules(FLOW)))
def test_hits_at_each_budget(trial: Trial, rule: Rule) -> None:
    scores = rule.scores(trial.panel)
    found, _ = best(trial, scores, trial.rows, np.arange(len(trial.quiet)))
    slack = 0 if rule.id in ("ours", "yoy") else 1  # those of others are read off the backtest's own thresholds
    assert found == pytest.approx(list(HITS[rule.id]), abs=slack)


@pytest.mark.parametrize("seed", range(5))
def test_what_one_half_chooses_holds_on_the_other(trial: Trial, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cases, quiet = rng.permutation(len(trial.rows)), rng.permutation(len(trial.quiet))
    half, other = (cases[:15], quiet[:167]), (cases[15:], quiet[167:])
    recall = {}
    for id_ in ("ours", "yoy"):
        scores = rules(FLOW)[id_].scores(trial.panel)
        scores[:, :WARM_UP] = np.nan
        for budget, at in zip(BUDGETS, best(trial, scores, *half)[1], strict=True):
            recall[id_, budget] = float(trial.outcome(scores, at)[0][other[0]].mean())
    for budget in (0.10, 0.25):
        assert recall["ours", budget] >= recall["yoy", budget]
    assert recall["ours", 0.25] >= 0.75


def test_breaks_put_into_seasonal_series_of_another_file_are_found(realdata: Path) -> None:
    rows = read_parquet(realdata / "trade" / "us_census" / "imports_hs2_top20_monthly.parquet")
    rows = rows.filter(pc.not_equal(rows["CTY_NAME"], "TOTAL FOR ALL COUNTRIES"))
    named_so = pc.binary_join_element_wise(rows["I_COMMODITY"], rows["CTY_NAME"], "|")
    values, _ = figures(rows.append_column("series", named_so), "series", "imports")
    values = values[(values > 0).mean(axis=1) > 0.9][::5]
    rng = np.random.default_rng(1)
    onset, left = rng.integers(50, values.shape[1] - 8, len(values)), rng.uniform(0.1, 0.5, len(values))
    broken = values.copy()
    for row, (at, share) in enumerate(zip(onset, left, strict=True)):
        broken[row, at:] *= share
    found: dict[tuple[str, float], float] = {}
    for id_ in ("ours", "yoy"):
        quiet, hit = (
            rules(FLOW)[id_].scores(Panel(pa.table({}), 0, "M", laid, np.zeros((0, 0), np.int64)))
            for laid in (values, broken)
        )
        quiet[:, :WARM_UP] = np.nan
        years = len(values) * (values.shape[1] - WARM_UP) / 12
        for budget in (0.10, 0.25):
            levels = np.quantile(quiet[np.isfinite(quiet)], np.linspace(0.7, 1, 150))
            at = next(level for level in levels if episode_starts(quiet, level, "M").sum() <= budget * years)
            starts = episode_starts(hit, at, "M")
            found[id_, budget] = float(np.mean([starts[row, m - 1 : m + 4].any() for row, m in enumerate(onset)]))
    assert found["ours", 0.10] > max(0.5, found["yoy", 0.10] + 0.3)
    assert found["ours", 0.25] > max(0.8, found["yoy", 0.25] + 0.2)


@pytest.mark.parametrize(("budget", "ahead"), [(0, 4), (1, 1)])
def test_how_far_ours_is_ahead_of_the_best_other(budget: int, ahead: int) -> None:
    """At 0.10 by more than the ten points asked for; at 0.25 the tuned EWMA comes within one hit, and we say so."""
    others = max(hits[budget] for name, hits in HITS.items() if name != "ours")
    assert HITS["ours"][budget] - others == ahead
