"""The backtest: every rule on every layer, from cases and quiet series to curves, summaries, halves and ratios."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bongsu.detectors.flow_laying import Lake
from bongsu.detectors.rule import Rule, rules
from bongsu.fusion.backtest.curve import BUDGETS, Curve
from bongsu.fusion.backtest.files import Case, Quiet
from bongsu.fusion.backtest.forecasts import Judged, forecasts, judged
from bongsu.fusion.backtest.ledger import Ledger, ledgers
from bongsu.fusion.backtest.tuning import Half, Tuner
from bongsu.indicators.series import Values
from bongsu.language import Text, UsageError

NAMED = ("ours", "yoy", "robust_z", "ses", "ewma", "cusum", "always", "naive")
SEED = 20211013
Tell = Callable[[str], None]
RulesOf = Callable[[str], Mapping[str, Rule]]


@dataclass(frozen=True)
class Outcome:
    """One rule on one layer.

    Args:
        ledger: what it was judged on.
        rule: the rule.
        scores: series × periods, as known then, with the rule's own constants.
        curve: the whole curve.
        judged: its scores as forecasts.
        halves: chosen on one half, judged on the other.
    """

    ledger: Ledger
    rule: Rule
    scores: Values
    curve: Curve
    judged: Judged
    halves: tuple[Half, ...]

    @property
    def cases(self) -> int:
        """All cases of the layer; one without figures is a case that is missed."""
        return len(self.ledger.windows) + len(self.ledger.missing_cases)


def backtest(
    lake: Lake,
    cases: Sequence[Case],
    quiet: Sequence[Quiet] = (),
    *,
    span: tuple[date, date] | None = None,
    chosen: Collection[str] = NAMED,
    seed: int = SEED,
    rules_of: RulesOf = rules,
    tell: Tell = lambda _: None,
) -> Iterator[Outcome]:
    """Replay the lake as it was known, layer by layer and rule by rule.

    Args:
        lake: a snapshot.
        cases: what an alarm is right for.
        quiet: where it is wrong.
        span: known days to count false alarms in; None: those of the quiet file, and the layer's own.
        chosen: ids of rules; a layer is judged by those of them that it has.
        seed: of the halves.
        rules_of: a layer's rules.
        tell: is told what is being done.
    """
    tell("read")
    for ledger in ledgers(lake, cases, quiet, span):
        for rule in chosen_rules(rules_of(ledger.layer), chosen):
            tell(f"{ledger.layer} · {rule.id}")
            yield outcome(ledger, rule, seed)


def outcome(ledger: Ledger, rule: Rule, seed: int = SEED) -> Outcome:
    """One rule on one ledger."""
    tuner = Tuner(ledger, rule, seed)
    scores = tuner.scores()
    found = judged(forecasts(ledger, scores), seed)
    return Outcome(ledger, rule, scores, tuner.curve(), found, tuple(tuner.halves(BUDGETS)))


def chosen_rules(held: Mapping[str, Rule], chosen: Collection[str]) -> list[Rule]:
    """A layer's rules among those asked for; with the usual ones, a layer's own beside them."""
    usual = set(chosen) == set(NAMED)
    return [rule for rule in held.values() if usual or rule.id in chosen]


def check_rules(chosen: Collection[str], layers: Collection[str], rules_of: RulesOf = rules) -> None:
    """Is any rule asked for, and is each one that some layer has?

    Raises:
        UsageError: naming those there are.
    """
    known = sorted({id_ for layer in layers for id_ in rules_of(layer)} | set(NAMED))
    strange = sorted(set(chosen) - set(known))
    if strange or not chosen:
        what = Text(f"'{strange[0]}' 규칙은 없습니다.", f"there is no rule '{strange[0]}'.") if strange else _NO_RULE
        mend = Text(f"있는 것: {', '.join(known)}.", f"There are: {', '.join(known)}.")
        raise UsageError(what, where="--rules", mend=mend)


_NO_RULE = Text("규칙을 하나도 적지 않았습니다.", "no rule is named.")
