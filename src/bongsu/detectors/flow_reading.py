"""What the flow rule says of the newest month of a stream: how strong a sign, of what kind, and with which figures.

The supplier's flow is judged by `detectors.flow_break`, and so are its share of all that comes and the flows of the other
large suppliers. Strength follows from how often a series of that volatility does so for no cause. While trade stays
down, a sign stands for as long as an alarm does before it counts again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bongsu.detectors.calibration import Calibration, reference
from bongsu.detectors.flow_break import AGAIN, CLASSES, HABIT, RECENT, Parts, Weights, beside, break_parts, volatility
from bongsu.detectors.signal import RAISED
from bongsu.indicators.series import Values

if TYPE_CHECKING:
    from bongsu.detectors.flow import Stream

LOOK = 72  # months to the newest that are looked at
YEAR, QUARTER = 12, 3
LARGE = 0.1  # share of the twelve months before, from which another supplier's absence is told
STILL = 0.5  # of what the rule saw then must be there now for an earlier sign to stand


class Kind(StrEnum):
    """What was seen."""

    QUIET = "quiet"
    FELL = "fell"
    STOPPED = "stopped"
    JUMPED = "jumped"
    SHIFTED = "shifted"


@dataclass(frozen=True)
class Reading:
    """The newest month of one supplier's flow.

    Args:
        kind: what was seen; quiet where no sign stands.
        score: of the rule; None: it cannot be judged.
        strength, before: as the signal has it, for the newest month and for the month before.
        rate: alarms a series and year of this volatility at such a score, for no cause.
        probability: how often, in the reference, five months of at most 0.4 of the year before followed such a score.
        volatility: the volatility class.
        change: the newest month against the same month of the year before; None: unknown.
        recent: the last three months against the mean of the twelve before; None: unknown.
        silent: months without trade up to the newest.
        active: months with trade among the 24 before the last six.
        share, usual_share: of all suppliers' trade, in the last three months and in the twelve before; None: unknown.
        vanished: other large suppliers of whom nothing came in the last three months, with their share before.
    """

    kind: Kind
    score: float | None
    strength: float
    before: float
    rate: float | None
    probability: float | None
    volatility: str
    change: float | None
    recent: float | None
    silent: int
    active: int
    share: float | None = None
    usual_share: float | None = None
    vanished: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class _Laid:
    """A stream laid out, months × partners: the supplier first, then the other large ones."""

    partners: tuple[str, ...]
    values: Values
    weights: Values
    total: np.ndarray[tuple[int], np.dtype[np.float64]]


def read(one: "Stream", partner: str, months: Sequence[date], *, beside_others: bool) -> Reading:
    """The reading of a stream's newest month.

    Args:
        one: the stream.
        partner: whose flow.
        months: consecutive, up to the newest.
        beside_others: the stream holds all suppliers, so shares and absences can be told.
    """
    laid = _laid(one, partner, months, beside_others=beside_others)
    share = laid.values[:, :1] / np.where(laid.total > 0, laid.total, np.nan)[:, None]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        parts = break_parts(np.concatenate([laid.values, share], axis=1), Weights())
        score = parts.score.astype(np.float64)
        score[:, :1] = beside(parts.score[:, :1], laid.values[:, :1].T, laid.weights[:, :1].T, Weights())
    strengths = _standing(parts, score)
    return _reading(laid, parts, score, strengths)


def _laid(one: "Stream", partner: str, months: Sequence[date], *, beside_others: bool) -> _Laid:
    others = _others(one, partner, months[-YEAR - QUARTER : -QUARTER]) if beside_others else ()
    partners = (partner, *others)
    values = np.array([[_number(one.value(month, who)) for who in partners] for month in months])
    weights = np.array([[_number(one.weight(month, who)) for who in partners] for month in months])
    total = np.array([_total(one, month) if beside_others else np.nan for month in months])
    return _Laid(partners, values, weights, total)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _total(one: "Stream", month: date) -> float:
    """All suppliers' trade in a month; NaN where anybody's is unknown."""
    values = list(one.values.get(month, {}).values())
    whole = bool(values) and month not in one.hidden and None not in values
    return float(sum(value or 0.0 for value in values)) if whole else np.nan


def _others(one: "Stream", partner: str, months: Sequence[date]) -> tuple[str, ...]:
    """The other suppliers with a large share of these months, in alphabetical order."""
    sums: dict[str, float] = {}
    for month in months:
        for who, value in one.values.get(month, {}).items():
            sums[who] = sums.get(who, 0.0) + (value or 0.0)
    whole = sum(sums.values())
    return tuple(sorted(who for who, value in sums.items() if who != partner and value > LARGE * whole))


def _standing(parts: Parts, score: Values) -> Values:
    """Strength of each month: the month's own, or that of one of the two before while trade is still as far down."""
    own = Calibration(reference()).strength(score, volatility(parts))
    strengths = own.copy()
    for back in range(1, min(AGAIN, len(own))):
        still = parts.raw[back:] >= STILL * score[:-back]
        strengths[back:] = np.maximum(strengths[back:], np.where(still, own[:-back], 0.0))
    strengths[np.isnan(score)] = 0.0
    return strengths


def _reading(laid: _Laid, parts: Parts, score: Values, strengths: Values) -> Reading:
    """Put together what the supplier's flow, its share and the other suppliers say."""
    flow, classes = laid.values[:, 0], volatility(parts)
    shifted, vanished = float(strengths[-1, -1]) >= RAISED, _vanished(laid, strengths)
    own, last = float(strengths[-1, 0]), score[-1:, :1]
    floor = RAISED if shifted or vanished else 0.0
    judged, meaning = bool(np.isfinite(last[0, 0])), Calibration(reference())
    shares = _shares(laid)
    jumped = bool(parts.jump[-1, 0] >= parts.score[-1, 0])
    return Reading(
        kind=_kind(flow, own, jumped=jumped, shifted=shifted),
        score=float(last[0, 0]) if judged else None,
        strength=max(own, floor) if judged else 0.0,
        before=max(float(strengths[-2, 0]), floor * (strengths[-2, -1] >= RAISED)) if len(score) > 1 else 0.0,
        rate=float(meaning.rate(last, classes[-1:, :1])[0, 0]) if judged else None,
        probability=float(meaning.probability(last, classes[-1:, :1])[0, 0]) if judged else None,
        volatility=CLASSES[int(classes[-1, 0])],
        change=_ratio(flow[-1:], flow[-YEAR - 1 : -YEAR]),
        recent=_ratio(flow[-QUARTER:], flow[-YEAR - QUARTER : -QUARTER]),
        silent=_silent(flow),
        active=int((flow[-HABIT - RECENT : -RECENT] > 0).sum()),
        share=shares[0],
        usual_share=shares[1],
        vanished=vanished,
    )


def _kind(flow: np.ndarray[tuple[int], np.dtype[np.float64]], own: float, *, jumped: bool, shifted: bool) -> Kind:
    if own == 0:
        return Kind.SHIFTED if shifted else Kind.QUIET
    if jumped:
        return Kind.JUMPED
    return Kind.STOPPED if flow[-1] == 0 else Kind.FELL


def _ratio(
    now: np.ndarray[tuple[int], np.dtype[np.float64]], then: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float | None:
    """Mean now against mean then, less one; None where either is unknown or the earlier one is zero."""
    if not len(then) or np.isnan(now).any() or np.isnan(then).any() or not then.any():
        return None
    return float(now.mean() / then.mean() - 1)


def _silent(flow: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    traded = np.flatnonzero(flow[::-1] != 0)
    return int(traded[0]) if len(traded) else len(flow)


def _shares(laid: _Laid) -> tuple[float | None, float | None]:
    """The supplier's share in the last three months and in the twelve before; None where anything is unknown."""
    spans = slice(-QUARTER, None), slice(-YEAR - QUARTER, -QUARTER)
    pairs = [(laid.values[span, 0].sum(), laid.total[span].sum(), len(laid.total[span])) for span in spans]
    told = [float(part / whole) if size and whole > 0 else None for part, whole, size in pairs]
    return told[0], told[1]


def _vanished(laid: _Laid, strengths: Values) -> tuple[tuple[str, float], ...]:
    """Other large suppliers of whom nothing came in the last three months, where that is a sign by their own past."""
    before = laid.total[-YEAR - QUARTER : -QUARTER].sum()
    found = []
    for place, who in enumerate(laid.partners[1:], start=1):
        gone = not laid.values[-QUARTER:, place].any() and strengths[-1, place] >= RAISED
        if gone and before > 0:
            found.append((who, float(laid.values[-YEAR - QUARTER : -QUARTER, place].sum() / before)))
    return tuple(found)
