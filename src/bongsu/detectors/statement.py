"""Mission reports: what do people on the spot say of supply, how far are they to be believed, and how old is it?

The grading that a reviewer gave (reliability of the source × credibility of what it says, the admiralty scale) is a
strength by one table. All reports on an item are one layer: the weightiest speaks for it.

| | 1 confirmed | 2 probable | 3 possible | 4 doubtful | 5 improbable | 6 cannot be judged |
|---|---|---|---|---|---|---|
| A reliable | 1.0 | 0.75 | 0.4 | 0.15 | 0 | 0.25 |
| B usually | 0.75 | 0.5 | 0.4 | 0.15 | 0 | 0.15 |
| C fairly | 0.5 | 0.4 | 0.25 | 0 | 0 | 0.15 |
| D not usually | 0.25 | 0.25 | 0.15 | 0 | 0 | 0 |
| E unreliable | 0.15 | 0.15 | 0 | 0 | 0 | 0 |
| F cannot be judged | 0.4 | 0.25 | 0.15 | 0 | 0 | 0 |

- A report of a country that is no known supplier can be raised, not strong.
- It loses a step (`STEPS`) a month; after `STALE_AFTER` days it is stale, after `FORGOTTEN` days it says nothing.
- One other live report of an independent source that is raised itself lifts it by a step.
- Where it is not said whether supply tightens, that is how it is read. A later report of the same place that is no less
  weighty and says that supply eases or is steady takes its place.
- A report of trouble that weighs nothing is no word of calm: the layer stays missing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import RAISED, Direction, Layer, Signal, State, ref_of
from bongsu.detectors.wording import country, day, josa
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.marking import Marking, highest
from bongsu.records.shapes import STATEMENT

STEPS = (0.0, 0.15, 0.25, 0.4, 0.5, 0.75, 1.0)
STRENGTHS: Mapping[str, tuple[float, ...]] = {  # by reliability; one figure for each credibility, 1–6
    "A": (1.0, 0.75, 0.4, 0.15, 0.0, 0.25),
    "B": (0.75, 0.5, 0.4, 0.15, 0.0, 0.15),
    "C": (0.5, 0.4, 0.25, 0.0, 0.0, 0.15),
    "D": (0.25, 0.25, 0.15, 0.0, 0.0, 0.0),
    "E": (0.15, 0.15, 0.0, 0.0, 0.0, 0.0),
    "F": (0.4, 0.25, 0.15, 0.0, 0.0, 0.0),
}
ELSEWHERE = 0.25  # at most, of a country that is no known supplier
MONTH, STALE_AFTER, FORGOTTEN = 30, 90, 365  # days since what was seen

_BEARINGS = {"easier": Direction.EASIER, "steady": Direction.STEADY}


@dataclass(frozen=True)
class _Told:
    """One report on one item, as it weighs on the day."""

    row: Mapping[str, Any]
    age: int
    graded: float  # by the table alone
    strength: float  # by place and age as well

    @property
    def direction(self) -> Direction:
        return _BEARINGS.get(self.row["bearing"], Direction.TIGHTER)

    @property
    def tight(self) -> bool:
        return self.direction is Direction.TIGHTER

    @property
    def live(self) -> bool:
        return self.age <= STALE_AFTER


def statement_signals(
    item: Item, statements: Sequence[Mapping[str, Any]], main: str | None, suppliers: Collection[str], at: Setting
) -> tuple[Signal, ...]:
    """The signal of the reports on an item; none where nothing of weight has been reported.

    Args:
        item: the item.
        statements: rows of `statement` that name it, as known at the moment asked for.
        main: the main supplier, where it is known.
        suppliers: countries known to supply the item.
        at: for whom and when.
    """
    places = {*suppliers, main} if main else {*suppliers}
    told = [_told(row, places, at) for row in statements if row["item"] == item.id]
    told = [one for one in told if one.age <= FORGOTTEN and _speaks(one)]
    standing = [one for one in told if not any(_answers(other, one) for other in told)]
    here = [one for one in standing if one.live] or standing
    if not here:
        return ()
    first = min(here, key=_rank)
    return (_signal(item, first, _backing(first, here), at),)


def _told(row: Mapping[str, Any], places: Collection[str], at: Setting) -> _Told:
    graded = STRENGTHS[row["reliability"]][row["credibility"] - 1]
    age = max((at.on - row["valid"]).days, 0)  # east of home it may be tomorrow already
    held = graded if not places or row["place"] in places else min(graded, ELSEWHERE)
    return _Told(row, age, graded, _step(held, -(min(age, STALE_AFTER - 1) // MONTH)))


def _speaks(one: _Told) -> bool:
    """Trouble that weighs anything, or calm from somebody whose word would have been heard."""
    return one.strength > 0 if one.tight else one.graded >= RAISED


def _answers(other: _Told, one: _Told) -> bool:
    """Does a later report of the same place, no less weighty, say that the trouble is over?"""
    later = (other.row["valid"], other.row["known_at"]) > (one.row["valid"], one.row["known_at"])
    same = other.row["place"] == one.row["place"]
    return one.tight and not other.tight and later and same and other.graded >= one.graded


def _rank(one: _Told) -> tuple[object, ...]:
    """Trouble before calm, the strongest, the newest; the number settles what is left."""
    return not one.tight, -one.strength, one.age, one.row["source"], one.row["report"]


def _backing(first: _Told, here: Sequence[_Told]) -> tuple[_Told, ...]:
    """The other reports that bear the first one out: independent of it, and raised by themselves."""
    if not first.tight:
        return ()
    return tuple(
        sorted((one for one in here if one.tight and one.strength >= RAISED and _independent(one, first)), key=_rank)
    )


def _independent(one: _Told, other: _Told) -> bool:
    """Told by another kind of source, or to another mission: two missions may have read the same paper."""
    said, heard = one.row["origin"], other.row["origin"]
    if said and heard and said != heard:
        return True
    missions = {one.row["mission"], other.row["mission"]}
    return len(missions - {None}) > 1 and said != "press"


def _step(strength: float, by: int) -> float:
    """`strength`, so many steps further up or down."""
    place = bisect_left(STEPS, strength) if by > 0 else bisect_right(STEPS, strength) - 1
    return STEPS[min(max(place + by, 0), len(STEPS) - 1)]


def _signal(item: Item, first: _Told, backing: Sequence[_Told], at: Setting) -> Signal:
    row, on = first.row, [one.row for one in (first, *backing)]
    raised = _step(first.strength, 1) if backing and first.live else first.strength
    strength = raised if first.tight else 0.0
    return Signal(
        subject=item.id,
        layer=Layer.MISSION_REPORT,
        state=State.LIVE if first.live else State.STALE,
        headline=_headline(first, len(backing)),
        strength=strength,
        direction=first.direction,
        movement=strength if first.age < MONTH else 0.0,
        valid=row["valid"],
        frequency="D",
        known_at=max(each["known_at"] for each in on),
        data_age_days=first.age,
        source=row["source"],
        source_name=at.publisher(row["source"]).name,
        partner=row["place"],
        record_refs=tuple(ref_of(STATEMENT, each) for each in on),
        marking=highest(Marking(each["grade"], each["tlp"]) for each in on),
    )


_SAID = {
    Direction.TIGHTER: Text("공급이 나빠진다", "that supply tightens"),
    Direction.EASIER: Text("공급이 나아진다", "that supply eases"),
    Direction.STEADY: Text("공급에 변화가 없다", "that supply is steady"),
}


def _headline(first: _Told, backing: int) -> Text:
    row, said = first.row, _SAID[first.direction]
    where, when = country(row["place"]), day(row["valid"])
    graded = f"{row['reliability']}{row['credibility']}"
    also = Text(
        f", 다른 보고 {backing}건이 뒷받침함" if backing else "",
        f", borne out by {backing} other {'report' if backing == 1 else 'reports'}" if backing else "",
    )
    return Text(
        f"{josa(where.ko, '은', '는')} {said.ko}고 공관이 보고했다({when.ko} 상황, 평가 {graded}{also.ko}).",
        f"A mission reports {said.en} in {where.en} ({when.en}, graded {graded}{also.en}).",
    )
