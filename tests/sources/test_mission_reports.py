"""Statements go into the lake as known from their review, once, and come out of it by withdrawal alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bongsu.language import BadInputError
from bongsu.records.lake import Lake
from bongsu.records.shapes import STATEMENT
from bongsu.sources.mission_reports.publish import Statement, publish, withdraw
from bongsu.sources.mission_reports.shape import plain_kind

REVIEWED = datetime(2021, 10, 13, 2, 30, tzinfo=UTC)
LATER = REVIEWED + timedelta(days=3)
SAID = Statement(
    report="r-1",
    items=("urea", "ammonia"),
    place="CHN",
    observed=date(2021, 10, 12),
    reviewed_at=REVIEWED,
    reliability="B",
    credibility=2,
    grade="S",
    tlp="AMBER",
    mission="chn-beijing",
    origin="official",
    bearing="tighter",
)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    found = Lake(tmp_path / "lake")
    yield found
    found.close()


def rows(lake: Lake, moment: datetime) -> list[dict[str, Any]]:
    found = lake.snapshot().as_of(STATEMENT, moment).to_pyarrow().sort_by("item").to_pylist()
    return [{name: row[name] for name in ("report", "item", "reliability", "known_at")} for row in found]


def seq(lake: Lake, said: Statement, at: datetime = REVIEWED) -> int:
    return publish(lake, said, read_at=at, run_id="test")


def test_a_statement_is_known_from_its_review_and_not_before(lake: Lake) -> None:
    assert seq(lake, SAID, LATER) == 1
    assert rows(lake, REVIEWED - timedelta(microseconds=1)) == []
    assert rows(lake, REVIEWED) == [
        {"report": "r-1", "item": item, "reliability": "B", "known_at": REVIEWED} for item in ("ammonia", "urea")
    ]


def test_the_same_statement_again_changes_nothing(lake: Lake) -> None:
    assert [seq(lake, SAID), seq(lake, replace(SAID, items=("ammonia", "urea"))), seq(lake, SAID, LATER)] == [1, 1, 1]
    assert len(lake.journal.entries()) == 1


def test_a_later_statement_takes_the_place_of_the_one_before_and_drops_what_it_no_longer_names(lake: Lake) -> None:
    seq(lake, SAID)
    assert seq(lake, replace(SAID, items=("urea",), reliability="C", reviewed_at=LATER)) == 2
    assert [(row["item"], row["reliability"]) for row in rows(lake, LATER)] == [("urea", "C")]
    assert [(row["item"], row["reliability"]) for row in rows(lake, REVIEWED)] == [("ammonia", "B"), ("urea", "B")]


def test_a_withdrawn_report_was_known_until_then(lake: Lake) -> None:
    seq(lake, SAID)
    other = replace(SAID, report="r-2")
    seq(lake, other)
    assert withdraw(lake, "r-1", read_at=LATER, run_id="test") == 3
    assert {row["report"] for row in rows(lake, LATER)} == {"r-2"}
    assert {row["report"] for row in rows(lake, LATER - timedelta(microseconds=1))} == {"r-1", "r-2"}


def test_withdrawing_twice_or_what_never_was_changes_nothing(lake: Lake) -> None:
    seq(lake, SAID)
    assert withdraw(lake, "r-9", read_at=LATER, run_id="test") == 0
    assert withdraw(lake, "r-1", read_at=LATER, run_id="test") == 2
    assert withdraw(lake, "r-1", read_at=LATER + timedelta(days=1), run_id="test") == 2
    assert seq(lake, SAID, LATER) == 1
    assert rows(lake, LATER) == []
    assert len(lake.journal.entries()) == 2


def test_a_report_reviewed_anew_after_its_withdrawal_stands_again(lake: Lake) -> None:
    seq(lake, SAID)
    withdraw(lake, "r-1", read_at=LATER, run_id="test")
    again = LATER + timedelta(hours=1)
    assert seq(lake, replace(SAID, reviewed_at=again), again) == 3
    assert len(rows(lake, again)) == 2
    assert withdraw(lake, "r-1", read_at=again + timedelta(hours=1), run_id="test") == 4


def test_a_clock_that_was_set_back_puts_nothing_behind_what_was_said_before(lake: Lake) -> None:
    seq(lake, SAID)
    early = REVIEWED - timedelta(hours=2)
    again = replace(SAID, reviewed_at=early, reliability="C", observed=date(2021, 10, 12))
    assert [seq(lake, again, early), seq(lake, again, early), seq(lake, SAID, early)] == [2, 2, 1]
    assert [row["reliability"] for row in rows(lake, REVIEWED)] == ["C", "C"]
    assert withdraw(lake, "r-1", read_at=early, run_id="test") == 3
    assert rows(lake, REVIEWED) == []
    assert len(lake.journal.entries()) == 3


def test_a_clock_that_stands_still_loses_no_step(lake: Lake) -> None:
    for said, taken in ((SAID, 1), (replace(SAID, reliability="D"), 3)):
        assert seq(lake, said) == taken
        assert len(rows(lake, REVIEWED)) == 2
        assert withdraw(lake, "r-1", read_at=REVIEWED, run_id="test") == taken + 1
        assert rows(lake, REVIEWED) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("report", ""),
        ("report", "../r"),
        ("report", "a report on urea"),
        ("items", ()),
        ("items", ("urea", "urea")),
        ("items", ("요소가 부족하다",)),
        ("items", tuple(f"item{number}" for number in range(51))),
        ("place", "China"),
        ("place", ""),
        ("reliability", ""),
        ("reliability", "AB"),
        ("reliability", "G"),
        ("credibility", 0),
        ("credibility", 7),
        ("credibility", True),
        ("grade", "X"),
        ("grade", ""),
        ("tlp", "amber"),
        ("mission", "Kim Min-su"),
        ("origin", "a friend"),
        ("bearing", "worse"),
        ("instrument", "they said at lunch that…"),
        ("direction", "sideways"),
        ("reviewed_at", REVIEWED.replace(tzinfo=None)),
        ("observed", date(2021, 10, 15)),
    ],
)
def test_what_is_no_bone_of_a_report_is_refused_and_named(field: str, value: object) -> None:
    given: dict[str, Any] = {field: value}
    with pytest.raises(BadInputError, match=field):
        replace(SAID, **given)


def test_the_raw_file_holds_the_bones_and_nothing_else(lake: Lake) -> None:
    seq(lake, SAID)
    (raw,) = lake.journal.entries()[0].raws
    assert raw.name == "r-1.json"
    assert raw.path.read_text() == (
        '{\n "bearing": "tighter",\n "credibility": 2,\n "direction": "",\n "grade": "S",\n "instrument": "",\n'
        ' "items": [\n  "ammonia",\n  "urea"\n ],\n "mission": "chn-beijing",\n "observed": "2021-10-12",\n'
        ' "origin": "official",\n "place": "CHN",\n "reliability": "B",\n "report": "r-1",\n'
        ' "reviewed_at": "2021-10-13T02:30:00+00:00",\n "tlp": "AMBER"\n}\n'
    )


def test_an_acts_words_become_a_kind_and_a_direction_and_prose_becomes_nothing() -> None:
    assert plain_kind("export ban") == ("ban", "export")
    assert plain_kind("Licensing") == ("licensing", "")
    assert plain_kind("they told us over lunch") == ("", "")
