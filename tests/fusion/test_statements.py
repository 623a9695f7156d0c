"""Reports in the warning: they count from their review, move the level by the table, and mark what rests on them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.publisher import Publisher
from bongsu.detectors.signal import Direction, Layer, Signal, State
from bongsu.fusion.levels import CALM, level, picture
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch, watches
from bongsu.items.catalogue import catalogue
from bongsu.language import Text
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.marking import OPEN, Marking, highest
from bongsu.records.shapes import DEPENDENCE, STATEMENT, RecordType

Rows = Callable[[RecordType, list[dict[str, Any]]], pa.Table]
Watch = Callable[..., Mapping[str, Warning]]
DAY = date(2021, 10, 13)
REVIEWED = datetime(2021, 10, 13, 2, 30, tzinfo=UTC)
SAID: dict[str, Any] = {
    "source": "mission_reports", "report": "r-1", "item": "urea", "place": "CHN", "valid": DAY - timedelta(1),
    "mission": "chn-beijing", "origin": "official", "reliability": "B", "credibility": 2, "bearing": "tighter",
    "instrument": None, "direction": None, "grade": "S", "tlp": "AMBER", "known_at": REVIEWED,
}  # fmt: skip
FACT = {
    "source": "dependence_table", "reporter": "KOR", "partner": "CHN", "code_system": "HS", "code": "310210",
    "subject": "urea", "measure": "import value", "valid": date(2020, 1, 1), "valid_until": date(2020, 12, 31),
    "share": 0.66, "import_value_usd": None, "citation": "a table",
}  # fmt: skip


@pytest.fixture
def facts(records: Rows) -> Mapping[str, pa.Table]:
    return {"dependence": records(DEPENDENCE, [FACT])}


def view(warning: Warning) -> tuple[State, float]:
    (found,) = [one for one in warning.layers if one.layer is Layer.MISSION_REPORT]
    return found.state, found.strength


def test_without_reports_the_layer_is_missing_and_all_is_open(facts: Mapping[str, pa.Table], watched: Watch) -> None:
    warning = watched(facts, DAY)["urea"]
    assert view(warning) == (State.MISSING, 0.0)
    assert [one for one in warning.signals if one.layer is Layer.MISSION_REPORT] == []
    assert warning.marking == OPEN


def test_a_strong_report_raises_the_level_and_marks_the_warning(
    facts: Mapping[str, pa.Table], records: Rows, watched: Watch
) -> None:
    before, after = (
        watched(facts, DAY)["urea"],
        watched({**facts, "statement": records(STATEMENT, [SAID])}, DAY)["urea"],
    )
    assert (before.level, after.level) == (None, 3)
    assert view(after) == (State.LIVE, 0.5)
    assert after.marking == Marking("S", "AMBER")
    assert after.reasons[0].ko == "중국은 공급이 나빠진다고 공관이 보고했다(2021년 10월 12일 상황, 평가 B2)."
    assert [ref.key for ref in after.evidence if ref.record == "statement"] == [
        (("source", "mission_reports"), ("report", "r-1"), ("item", "urea"))
    ]


@pytest.mark.parametrize("grading", [("D", 3), ("F", 6), ("E", 1)])
def test_a_report_of_trouble_that_weighs_too_little_never_says_calm(
    facts: Mapping[str, pa.Table], records: Rows, watched: Watch, grading: tuple[str, int]
) -> None:
    weak = {**SAID, "reliability": grading[0], "credibility": grading[1]}
    assert watched({**facts, "statement": records(STATEMENT, [weak])}, DAY)["urea"].level is None


def test_a_believed_report_that_all_is_steady_can_be_calm(
    facts: Mapping[str, pa.Table], records: Rows, watched: Watch
) -> None:
    calm = {**SAID, "bearing": "steady"}
    assert watched({**facts, "statement": records(STATEMENT, [calm])}, DAY)["urea"].level == CALM


def test_trouble_too_weak_to_be_raised_is_no_layer_that_speaks_of_the_good() -> None:
    quiet = Signal(subject="urea", layer=Layer.PRICE, state=State.LIVE, headline=Text("", ""))
    weak = replace(quiet, layer=Layer.MISSION_REPORT, strength=0.15, direction=Direction.TIGHTER)
    assert level(picture([weak]), "A") is None
    assert level(picture([weak, quiet]), "A") == CALM


def test_statements_known_later_change_nothing_that_was_said_before(
    facts: Mapping[str, pa.Table], records: Rows, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    """Poison: reports of the gravest kind, on every item, on days before and after, reviewed one microsecond too late."""
    asked, moment = (catalogue("KOR"), network("KOR")), end_of_day(DAY, "Asia/Seoul")
    gravest = {"reliability": "A", "credibility": 1, "grade": "C", "tlp": "RED"}
    items = sorted(asked[0].as_of(DAY).items)
    late = [
        {**SAID, **gravest, "report": f"p-{item}-{back}", "item": item, "place": place, "bearing": bearing,
         "valid": DAY - timedelta(back), "known_at": moment + timedelta(microseconds=1)}
        for item in items
        for back, place, bearing in ((0, "CHN", "tighter"), (40, "USA", "easier"), (-3, "CHN", "steady"))
    ]  # fmt: skip
    clean = plain({**facts, "statement": records(STATEMENT, [SAID])})
    poisoned = plain({**facts, "statement": records(STATEMENT, [SAID, *late])})
    said = watch(clean, *asked, moment, clocks)
    assert watch(poisoned, *asked, moment, clocks) == said
    assert next(watches(poisoned, *asked, [moment], clocks)) == (moment, said)
    after = moment + timedelta(microseconds=1)
    assert watch(poisoned, *asked, after, clocks) != watch(clean, *asked, after, clocks)


def test_day_by_day_gives_what_asking_once_gives(
    facts: Mapping[str, pa.Table], records: Rows, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    asked = (catalogue("KOR"), network("KOR"))
    second = {**SAID, "report": "r-2", "mission": "chn-shanghai", "known_at": REVIEWED + timedelta(days=2)}
    lake = plain({**facts, "statement": records(STATEMENT, [SAID, second])})
    moments = [end_of_day(DAY + timedelta(days), "Asia/Seoul") for days in (-1, 0, 1, 2, 40, 100, 400)]
    found = dict(watches(lake, *asked, moments, clocks, items=["urea"]))
    assert found == {moment: watch(lake, *asked, moment, clocks, items=["urea"]) for moment in moments}
    assert [view(one[0]) for one in found.values()] == [
        (State.MISSING, 0.0),
        (State.LIVE, 0.5),
        (State.LIVE, 0.5),
        (State.LIVE, 0.75),
        (State.LIVE, 0.5),
        (State.STALE, 0.25),
        (State.MISSING, 0.0),
    ]


def test_the_highest_grade_and_the_highest_tlp_travel_each_by_itself() -> None:
    assert highest(()) == OPEN
    assert highest((Marking("S", "GREEN"), Marking("O", "RED"), Marking("S", "AMBER"))) == Marking("S", "RED")
