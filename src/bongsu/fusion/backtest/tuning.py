"""Chosen on one half, judged on the other: thresholds, and the constants that a rule leaves open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from bongsu.detectors.known_then import scores_known_then
from bongsu.detectors.rule import Rule
from bongsu.fusion.backtest.curve import Curve, curve
from bongsu.fusion.backtest.forecasts import SEEDS, halves
from bongsu.fusion.backtest.ledger import Ledger
from bongsu.indicators.series import Places, Values

SAMPLE = 500  # quiet series among which constants are compared; thresholds are then chosen on the whole half

Constants = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Half:
    """What was chosen on one half, and what it gave on the other.

    Args:
        seed: which half.
        constants, threshold: chosen.
        hits, cases, false_alarms, series_years: on the unseen half.
    """

    seed: int
    budget: float
    constants: Mapping[str, float]
    threshold: float | None
    hits: int
    cases: int
    false_alarms: int
    series_years: float


@dataclass
class Tuner:
    """A rule with its choices on a ledger; curves are computed once for each choice.

    Where there are many quiet series, constants are compared on a sample of them: on the `sampled` ledger.
    """

    ledger: Ledger
    rule: Rule
    seed: int
    _scores: dict[Constants, Values] = field(default_factory=dict)
    _curves: dict[tuple[Constants, bool], Curve] = field(default_factory=dict)

    def scores(self, constants: Constants = ()) -> Values:
        """The scores as known then."""
        if constants not in self._scores:
            self._scores[constants] = scores_known_then(self.ledger.told, self.rule, dict(constants))
        return self._scores[constants]

    def curve(self, constants: Constants = (), *, sampled: bool = False) -> Curve:
        """The curve, on all quiet series or on a sample of them."""
        key = (constants, sampled and self._sample is not None)
        if key not in self._curves:
            self._curves[key] = self._sampled_curve(constants) if key[1] else curve(self.ledger, self.scores(constants))
        return self._curves[key]

    def _sampled_curve(self, constants: Constants) -> Curve:
        return curve(self._small, scores_known_then(self._small.told, self.rule, dict(constants)))

    @cached_property
    def _small(self) -> Ledger:
        rows = self.ledger.quiet_rows
        return self.ledger.only(rows if self._sample is None else rows[self._sample])

    def choices(self) -> Iterator[Constants]:
        """The constants as the rule is used, and all that its grid allows instead."""
        grid = self.rule.grid
        yield ()
        for values in product(*grid.values()) if grid else ():
            chosen = tuple(zip(grid, values, strict=True))
            if any(self.rule.constants.get(name) != value for name, value in chosen):
                yield chosen

    def halves(self, budgets: Sequence[float]) -> list[Half]:
        """Each budget on each of `SEEDS` halves."""
        return [self._half(self.seed + k, budget) for budget in budgets for k in range(SEEDS)]

    @cached_property
    def _sample(self) -> Places | None:
        rows = len(self.ledger.quiet_rows)
        return None if rows <= SAMPLE else np.sort(np.random.default_rng(self.seed).permutation(rows)[:SAMPLE])

    def _half(self, seed: int, budget: float) -> Half:
        cases, quiet = len(self.ledger.windows), len(self.ledger.quiet_rows)
        first = halves(cases + quiet, cases, seed)
        seen_cases, seen_quiet = np.flatnonzero(first[:cases]), np.flatnonzero(first[cases:])
        chosen = self._chosen(budget, seen_cases, seen_quiet)
        found = self.curve(chosen)
        place = found.best(budget, seen_cases, seen_quiet)
        unseen_cases, unseen_quiet = np.flatnonzero(~first[:cases]), np.flatnonzero(~first[cases:])
        return Half(
            seed=seed,
            budget=budget,
            constants={**self.rule.constants, **dict(chosen)},
            threshold=None if place is None else float(found.thresholds[place]),
            hits=0 if place is None else int(found.hits[place, unseen_cases].sum()),
            cases=len(unseen_cases),
            false_alarms=0 if place is None else int(found.false_alarms[place, unseen_quiet].sum()),
            series_years=float(found.years[unseen_quiet].sum()),
        )

    def _chosen(self, budget: float, cases: Places, quiet: Places) -> Constants:
        """The constants with most hits at or below the budget on the seen half; of equals, those as used."""
        if self._sample is not None:
            quiet = np.flatnonzero(np.isin(self._sample, quiet))
        ranked = []
        for number, constants in enumerate(self.choices()):
            found = self.curve(constants, sampled=True)
            place = found.best(budget, cases, quiet)
            hits = -1 if place is None else int(found.hits[place, cases].sum())
            ranked.append((-hits, number, constants))
        return min(ranked)[2]
