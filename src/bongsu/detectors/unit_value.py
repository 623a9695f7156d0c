"""Unit values: does a kilogram of the item cost the home much more than it used to, by its own customs?

The score of a month is the logarithm of its unit value (imports from all partners, value by weight) less the median of
the twelve months before, held against the same difference of the two years before in robust standard deviations
(median and 1.4826 · median absolute deviation, at least `LEAST_SPREAD`: a price list that never moved is not certain).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, isfinite, log, nan
from warnings import catch_warnings, simplefilter

import numpy as np

from bongsu.detectors.flow import Stream, earlier
from bongsu.detectors.ladder import strength_on
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import Direction, Layer, Signal, State, missing
from bongsu.detectors.wording import josa, mid, per_cent, period
from bongsu.indicators.series import Values, shifted
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.known import period_end

USUAL, PAST = 12, 24  # months: what is usual, and the past that it is held against
LEAST_USUAL, LEAST_PAST = 6, 12  # known months among these; with fewer the month cannot be judged
LEAST_SPREAD = 0.05  # of the logarithm, about five per cent
TO_SIGMA = 1.4826  # from the median absolute deviation to the standard deviation of a normal spread
# The lowest scores that real unit values reached at the rates of `ladder.RATES`: Korean imports, four HSK10 codes ×
# country, the 39 series with ten years of months or more, 481 series-years (docs/decisions/0010-levels.md).
LADDER = (1.99, 3.02, 4.84, 6.89, 12.32)


def scores(unit_values: Values) -> Values:
    """The score of every month of many series.

    Args:
        unit_values: series × months; NaN where unknown, or where nothing came.

    Returns:
        robust standard deviations above what was usual; NaN where it cannot be judged. Column t rests on columns up to
        t only.
    """
    logs = np.log(np.where(unit_values > 0, unit_values, nan))
    above = logs - _median(logs, USUAL, LEAST_USUAL)
    middle = _median(above, PAST, LEAST_PAST)
    spread = TO_SIGMA * _median(above, PAST, LEAST_PAST, around=middle)
    found: Values = (above - middle) / np.maximum(spread, LEAST_SPREAD)
    return found


def _median(values: Values, months: int, least: int, around: Values | None = None) -> Values:
    """The median of the months before each one, of their distance from `around` where given; NaN of fewer than `least`."""
    past = np.stack([shifted(values, back) for back in range(1, months + 1)])
    held = past if around is None else np.abs(past - around)
    known = np.isfinite(held).sum(axis=0) >= least
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # of a month without any past, which `known` leaves out
        return np.where(known, np.nanmedian(held, axis=0), nan)


@dataclass(frozen=True)
class _Reading:
    """The newest month: what a kilogram cost against what was usual, and how strong a sign it is."""

    change: float | None
    score: float | None
    before: float | None


def unit_value_signals(item: Item, streams: Sequence[Stream], at: Setting) -> tuple[Signal, ...]:
    """One signal for each of the home's customs streams; a missing one where none holds weights.

    Args:
        item: the item.
        streams: its own customs and mirror flows, with weights where they have them.
        at: for whom and when.
    """
    return tuple(_signals(item, streams, at))


def _signals(item: Item, streams: Sequence[Stream], at: Setting) -> Iterator[Signal]:
    own = [one for one in streams if one.layer is Layer.OWN_CUSTOMS]
    if not own:
        why = Text("자국 통관 자료를 받은 적이 없다.", "No customs figures of our own have been received.")
        yield missing(item.id, Layer.UNIT_VALUE, why)
    for one in own:
        yield _signal(item, one, at)


def monthly(one: Stream) -> Mapping[date, float]:
    """What a kilogram cost in each month, over the partners whose value and weight are both known; absent where none."""
    found = {}
    for month, values in one.values.items():
        weights = one.weights.get(month, {})
        pairs = [(value, weights.get(partner)) for partner, value in values.items()]
        known = [(value, weight) for value, weight in pairs if value and weight]
        if known:
            found[month] = sum(value for value, _ in known) / sum(weight for _, weight in known)
    return found


def _read(one: Stream) -> _Reading:
    by_month = monthly(one)
    months = [earlier(one.last, back) for back in reversed(range(USUAL + PAST + 2))]
    laid = np.array([[by_month.get(month, nan) for month in months]])
    found = scores(laid)[0]
    usual = _median(np.log(laid), USUAL, LEAST_USUAL)[0, -1]
    change = exp(log(laid[0, -1]) - usual) - 1 if isfinite(found[-1]) else None
    return _Reading(change, _number(found[-1]), _number(found[-2]))


def _number(score: float) -> float | None:
    return float(score) if isfinite(score) else None


def _signal(item: Item, one: Stream, at: Setting) -> Signal:
    read, by = _read(one), at.publisher(one.source)
    strength, judged = strength_on(LADDER, read.score), read.change is not None
    return Signal(
        subject=item.id,
        layer=Layer.UNIT_VALUE,
        state=by.state(one.last, "M", at.on) if judged else State.MISSING,
        headline=_headline(item, one, read, by),
        strength=strength,
        direction=Direction.TIGHTER if strength else Direction.STEADY if judged else Direction.UNKNOWN,
        movement=strength - strength_on(LADDER, read.before),
        valid=one.last,
        known_at=one.known_at,
        data_age_days=(at.on - period_end(one.last, "M")).days,
        source=one.source,
        source_name=by.name,
        basket=one.basket,
        record_refs=tuple(ref for refs in one.refs.values() for ref in refs),
    )


def _headline(item: Item, one: Stream, read: _Reading, by: Publisher) -> Text:
    month = period(one.last, "M")
    mixed = Text(
        " 다른 물품이 섞인 품목번호라 구성이 바뀐 것일 수 있다.",
        " The code holds other goods: the mix may have changed.",
    )
    tail = mixed if one.basket else Text("", "")
    if read.change is None:
        return Text(
            f"{item.name.ko}의 {month.ko} 수입 단가는 무게나 지난 수치가 모자라 판단할 수 없다({by.name.ko}).{tail.ko}",
            f"Import unit values of {mid(item.name.en)} in {month.en} cannot be judged: weights or a past are missing "
            f"({by.name.en}).{tail.en}",
        )
    amount, rose = per_cent(abs(read.change)), read.change >= 0
    return Text(
        f"{josa(item.name.ko, '은', '는')} {month.ko} 수입 단가가 앞선 열두 달보다 {amount} "
        f"{'올랐다' if rose else '내렸다'}({by.name.ko}).{tail.ko}",
        f"The import unit value of {mid(item.name.en)} stood {amount} {'above' if rose else 'below'} its past twelve "
        f"months in {month.en} ({by.name.en}).{tail.en}",
    )
