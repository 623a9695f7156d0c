"""AutoETS and the seasonal naive forecast as detectors, judged as `bongsu backtest` judges ours.

    python bench/rivals.py --lake LAKE --cases cases.csv --quiet quiet.csv [--sample 334]

Needs statsforecast (the dependency group `bench`). A forecaster's score of a month is how far its logarithm fell below the
forecast made one month ahead, in standard deviations of its own earlier errors (the first three years'
changes stand in where there are few). Their logarithms' floor is taken over all months, in their favour. AutoETS is fitted once on the first three years and then brought up to date month
by month. Prints one line of JSON: hits at each budget, and the quiet series taken.
"""

import argparse
import json
import random
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bongsu.cli.bench_detect import WARM_UP, YEAR, logs, one_ahead
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, OURS, Rule, rules
from bongsu.fusion.backtest.curve import BUDGETS
from bongsu.fusion.backtest.files import read_cases, read_quiet
from bongsu.fusion.backtest.run import SEED, backtest
from bongsu.indicators.series import Values
from bongsu.language import Text
from bongsu.records.lake import Lake

LEAST = 6  # errors, before which a series' own say little


def fallen(panel: Panel, model: object) -> Values:
    """How far each month fell below the forecast, in standard deviations of the errors before it."""
    held = np.isfinite(panel.values)
    values = np.where(held, panel.values, 0.0)
    errors = one_ahead(model, values) - logs(values)
    before = np.cumsum(np.nan_to_num(errors) ** 2, axis=1) - np.nan_to_num(errors) ** 2
    count = np.cumsum(np.isfinite(errors), axis=1) - np.isfinite(errors)
    usual = np.nanstd(np.diff(logs(values)[:, :WARM_UP], axis=1), axis=1, keepdims=True)
    spread = np.sqrt((before + LEAST * usual**2) / (count + LEAST))
    score: Values = np.where(held & (spread > 0), errors / spread, np.nan)
    return score


def rivals() -> dict[str, Rule]:
    """Ours, and the two forecasters as rules."""
    from statsforecast.models import AutoETS, SeasonalNaive  # noqa: PLC0415 - the benchmark's own

    models = {"auto_ets": AutoETS(season_length=YEAR), "seasonal_naive": SeasonalNaive(season_length=YEAR)}
    made = {
        name: Rule(name, FLOW, Text(name, name), "", "statsforecast", partial(fallen, model=model))
        for name, model in models.items()
    }
    return {OURS: rules(FLOW)[OURS], **made}


def judged(lake: Path, cases: Path, quiet: Path, sample: int) -> dict[str, Any]:
    """Hits of each rule at each budget, over all flow cases and a sample of the quiet series."""
    told = [case for case in read_cases(cases) if case.layer == FLOW]
    series = read_quiet(quiet)
    taken = random.Random(SEED).sample(series, min(sample, len(series)))  # noqa: S311 - a sample, not a secret
    found = rivals()
    opened = Lake(lake)
    outcomes = list(backtest(opened.snapshot(), told, taken, chosen=tuple(found), rules_of=lambda _: found))
    opened.close()
    hits = {
        one.rule.id: {
            str(budget): 0 if (at := one.curve.best(budget)) is None else int(one.curve.hits[at].sum())
            for budget in BUDGETS
        }
        for one in outcomes
    }
    return {"cases": len(told), "quiet": len(taken), "hits": hits}


def main() -> None:
    """Read the words, judge, print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--lake", "--cases", "--quiet"):
        words.add_argument(name, type=Path, required=True)
    words.add_argument("--sample", type=int, default=334)
    given = words.parse_args()
    warnings.simplefilter("ignore")
    print(json.dumps(judged(given.lake, given.cases, given.quiet, given.sample)))


if __name__ == "__main__":
    main()
