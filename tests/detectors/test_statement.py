"""Mission reports: how far they are believed, where they are from, how old they are, and who bears them out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bongsu.detectors.publisher import Setting
from bongsu.detectors.signal import RAISED, STRONG, Direction, Layer, Signal, State
from bongsu.detectors.statement import ELSEWHERE, FORGOTTEN, STALE_AFTER, STRENGTHS, statement_signals
from bongsu.items.item import Item
from bongsu.records.marking import Marking

At = Callable[[date], Setting]
DAY = date(2021, 10, 13)
ROW: dict[str, Any] = {
    "source": "list", "report": "r-1", "item": "urea", "place": "CHN", "valid": DAY, "mission": "chn-beijing",
    "origin": "official", "reliability": "B", "credibility": 2, "bearing": "tighter", "instrument": None,
    "direction": None, "grade": "S", "tlp": "AMBER", "known_at": datetime(2021, 10, 13, 2, tzinfo=UTC),
}  # fmt: skip
EVERY = [(letter, number) for letter in STRENGTHS for number in range(1, 7)]


def signals(urea: Item, at: Setting, *changes: dict[str, object], main: str | None = "CHN") -> tuple[Signal, ...]:
    return statement_signals(urea, [{**ROW, **change} for change in changes], main, {"QAT"}, at)


def test_a_report_is_one_signal_of_its_layer_that_carries_its_markings(urea: Item, at: At) -> None:
    (signal,) = signals(urea, at(DAY), {})
    assert (signal.layer, signal.state, signal.strength) == (Layer.MISSION_REPORT, State.LIVE, 0.5)
    assert (signal.direction, signal.movement, signal.decisive) == (Direction.TIGHTER, 0.5, False)
    assert (signal.partner, signal.valid, signal.data_age_days) == ("CHN", DAY, 0)
    assert signal.marking == Marking("S", "AMBER")
    assert signal.headline.ko == "중국은 공급이 나빠진다고 공관이 보고했다(2021년 10월 13일 상황, 평가 B2)."
    assert signal.headline.en == "A mission reports that supply tightens in China (13 October 2021, graded B2)."
    assert signal.record_refs[0].key == (("source", "list"), ("report", "r-1"), ("item", "urea"))


@pytest.mark.parametrize(("reliability", "credibility"), EVERY)
def test_every_grading_gives_what_the_table_says(urea: Item, at: At, reliability: str, credibility: int) -> None:
    found = signals(urea, at(DAY), {"reliability": reliability, "credibility": credibility})
    assert [one.strength for one in found] == [one for one in [STRENGTHS[reliability][credibility - 1]] if one]


def test_the_table_falls_with_reliability_and_with_credibility() -> None:
    assert (STRENGTHS["A"][0], STRENGTHS["F"][5]) == (1.0, 0.0)
    assert all(row[place] >= row[place + 1] for row in STRENGTHS.values() for place in range(4))
    assert all(
        a >= b for one, other in pairwise("ABCDE") for a, b in zip(STRENGTHS[one], STRENGTHS[other], strict=True)
    )
    strong = {f"{letter}{number}" for letter, number in EVERY if STRENGTHS[letter][number - 1] >= STRONG}
    assert strong == {"A1", "A2", "B1", "B2", "C1"}


def test_nothing_reported_or_of_another_item_or_of_no_weight_is_no_signal(urea: Item, at: At) -> None:
    assert signals(urea, at(DAY)) == ()
    assert signals(urea, at(DAY), {"item": "ammonia"}) == ()
    assert signals(urea, at(DAY), {"reliability": "F", "credibility": 6}) == ()


@pytest.mark.parametrize(
    ("age", "strength", "state"),
    [
        (0, 1.0, State.LIVE),
        (29, 1.0, State.LIVE),
        (30, 0.75, State.LIVE),
        (59, 0.75, State.LIVE),
        (60, 0.5, State.LIVE),
        (STALE_AFTER, 0.5, State.LIVE),
        (STALE_AFTER + 1, 0.5, State.STALE),
        (FORGOTTEN, 0.5, State.STALE),
    ],
)
def test_a_report_fades_on_its_own_clock(urea: Item, at: At, age: int, strength: float, state: State) -> None:
    (signal,) = signals(urea, at(DAY + timedelta(age)), {"reliability": "A", "credibility": 1})
    assert (signal.strength, signal.state, signal.data_age_days) == (strength, state, age)
    assert signal.movement == (strength if age < 30 else 0.0)


def test_a_report_is_forgotten_in_the_end(urea: Item, at: At) -> None:
    assert signals(urea, at(DAY + timedelta(FORGOTTEN + 1)), {"reliability": "A", "credibility": 1}) == ()


@pytest.mark.parametrize(("place", "main", "most"), [
    ("CHN", "CHN", 1.0), ("QAT", "CHN", 1.0), ("FRA", "CHN", ELSEWHERE), ("FRA", None, ELSEWHERE), ("QAT", None, 1.0),
])  # fmt: skip
def test_only_a_suppliers_country_counts_fully(urea: Item, at: At, place: str, main: str | None, most: float) -> None:
    (signal,) = signals(urea, at(DAY), {"place": place, "reliability": "A", "credibility": 1}, main=main)
    assert signal.strength == most


def test_where_no_supplier_is_known_nobody_is_known_to_be_none(urea: Item, at: At) -> None:
    (signal,) = statement_signals(urea, [{**ROW, "place": "FRA"}], None, (), at(DAY))
    assert signal.strength == 0.5


OTHER = {"report": "r-2", "reliability": "C", "credibility": 2, "grade": "C", "tlp": "GREEN"}


@pytest.mark.parametrize(
    ("other", "strength"),
    [
        ({"mission": "chn-shanghai"}, 0.75),
        ({"mission": "chn-shanghai", "origin": None}, 0.75),
        ({"origin": "firm"}, 0.75),
        ({}, 0.5),  # the same mission asked the same office
        ({"origin": None, "mission": None}, 0.5),
        ({"mission": "chn-shanghai", "reliability": "D", "credibility": 3}, 0.5),  # not raised itself
        ({"mission": "chn-shanghai", "bearing": "steady", "valid": DAY - timedelta(1)}, 0.5),
    ],
)
def test_an_independent_report_lifts_by_one_step(urea: Item, at: At, other: dict[str, object], strength: float) -> None:
    (signal,) = signals(urea, at(DAY), {}, {**OTHER, **other})
    assert signal.strength == strength
    both = strength > STRONG
    assert len(signal.record_refs) == 1 + both
    assert signal.marking == (Marking("C", "AMBER") if both else Marking("S", "AMBER"))
    assert signal.headline.en.endswith("graded B2, borne out by 1 other report)." if both else "graded B2).")


def test_two_missions_that_read_the_same_paper_are_one(urea: Item, at: At) -> None:
    press = {"origin": "press"}
    (signal,) = signals(urea, at(DAY), press, {**OTHER, **press, "mission": "chn-shanghai"})
    assert signal.strength == 0.5


def test_any_number_of_reports_lifts_by_one_step_only(urea: Item, at: At) -> None:
    many = [{**OTHER, "report": f"r-{number}", "mission": f"m-{number}"} for number in range(2, 9)]
    (signal,) = signals(urea, at(DAY), {}, *many)
    assert signal.strength == 0.75
    assert len(signal.record_refs) == 8


LATER = DAY + timedelta(5)


@pytest.mark.parametrize(
    ("answer", "strength", "direction"),
    [
        ({"bearing": "easier", "valid": LATER}, 0.0, Direction.EASIER),
        ({"bearing": "steady", "valid": LATER}, 0.0, Direction.STEADY),
        ({"bearing": "easier", "valid": LATER, "reliability": "D"}, 0.5, Direction.TIGHTER),  # less weighty
        ({"bearing": "easier", "valid": LATER, "place": "QAT"}, 0.5, Direction.TIGHTER),  # of another place
        ({"bearing": "easier", "valid": DAY - timedelta(1)}, 0.5, Direction.TIGHTER),  # older
    ],
)
def test_a_later_report_that_is_no_less_weighty_takes_the_place_of_trouble(
    urea: Item, at: At, answer: dict[str, object], strength: float, direction: Direction
) -> None:
    (signal,) = signals(urea, at(LATER), {}, {"report": "r-2", **answer})
    assert (signal.strength, signal.direction, signal.state) == (strength, direction, State.LIVE)


def test_calm_from_whom_nobody_believes_is_no_signal(urea: Item, at: At) -> None:
    assert signals(urea, at(DAY), {"bearing": "easier", "reliability": "E"}) == ()
    (signal,) = signals(urea, at(DAY), {"bearing": "easier", "reliability": "D"})
    assert signal.strength == 0.0


def test_what_is_not_said_is_read_as_tighter(urea: Item, at: At) -> None:
    (signal,) = signals(urea, at(DAY), {"bearing": None})
    assert (signal.direction, signal.strength) == (Direction.TIGHTER, 0.5)


def test_a_fresh_report_speaks_before_a_stale_one_that_was_stronger(urea: Item, at: At) -> None:
    old = {"report": "r-0", "valid": DAY - timedelta(STALE_AFTER + 1), "reliability": "A", "credibility": 1}
    (signal,) = signals(urea, at(DAY), old, {"reliability": "D"})
    assert (signal.state, signal.strength) == (State.LIVE, RAISED)


def test_the_order_of_the_rows_changes_nothing(urea: Item, at: At) -> None:
    told = [{}, {**OTHER, "mission": "a"}, {**OTHER, "report": "r-3", "origin": "firm"}]
    assert signals(urea, at(DAY), *told) == signals(urea, at(DAY), *reversed(told))
