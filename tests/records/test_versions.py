"""Versions in a real lake: what is new, revised, withdrawn, repeated, contradicting, and in which order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw, Reading, Scope
from bongsu.records.journal import FAILED, LANDED, UNCHANGED
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.records.writer import Receipt

START = datetime(2021, 1, 1, tzinfo=UTC)
Deliver = Callable[..., Receipt]
Seen = Callable[..., dict[str, float | None]]


def versions(lake: Lake) -> list[dict[str, Any]]:
    snapshot = lake.snapshot()
    table: pa.Table = snapshot.arrow(snapshot.versions_of(PRICE))
    rows: list[dict[str, Any]] = table.sort_by(
        [("series", "ascending"), ("known_at", "ascending"), ("delivery", "ascending")]
    ).to_pylist()
    return rows


def quarantined(lake: Lake) -> list[dict[str, Any]]:
    snapshot = lake.snapshot()
    rows: list[dict[str, Any]] = snapshot.arrow(snapshot.quarantine()).sort_by("raw_row").to_pylist()
    return rows


def test_a_value_that_comes_back_leaves_three_versions(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    for day, value in ((1, 10.0), (2, 12.0), (3, 10.0)):
        deliver({"A": value}, day)
    assert [row["value"] for row in versions(lake)] == [10.0, 12.0, 10.0]
    assert [seen(day) for day in (1, 2, 3)] == [{"A": 10.0}, {"A": 12.0}, {"A": 10.0}]


def test_versions_of_a_fact_have_a_total_order_and_exactly_one_is_first(lake: Lake, deliver: Deliver) -> None:
    for day, value in ((3, 1.0), (3, 2.0), (1, 5.0), (2, 1.0), (3, 3.0)):
        deliver({"A": value}, day)
    rows = versions(lake)
    places = [(row["known_at"], row["delivery"]) for row in rows]
    assert len(places) == len(set(places))
    assert [row["version"] for row in rows].count(0) == 1


def test_the_same_delivery_twice_writes_nothing_and_is_journaled_as_unchanged(lake: Lake, deliver: Deliver) -> None:
    first = deliver({"A": 1.0, "B": None}, 1)
    before = versions(lake)
    again = deliver({"A": 1.0, "B": None}, 1)
    assert (first.status, again.status) == (LANDED, UNCHANGED)
    assert (first.counts["written"], again.counts["written"]) == (2, 0)
    assert versions(lake) == before
    entries = lake.snapshot().journal()
    assert entries[0].tables == entries[1].tables


def test_unknown_becomes_known_and_unknown_again(deliver: Deliver, seen: Seen) -> None:
    for day, value in ((1, None), (2, 0.0), (3, None)):
        deliver({"A": value}, day)
    assert [seen(day) for day in (1, 2, 3)] == [{"A": None}, {"A": 0.0}, {"A": None}]


def test_absence_withdraws_within_the_scope_and_nowhere_else(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 2.0, "C": 3.0}, 1)
    receipt = deliver({"A": 1.0}, 2, scope=Scope({"source": ("s",), "series": ("A", "B")}))
    assert receipt.counts["withdrawn"] == 1
    assert seen(1) == {"A": 1.0, "B": 2.0, "C": 3.0}
    assert seen(2) == {"A": 1.0, "C": 3.0}


def test_periods_outside_the_scope_are_not_withdrawn(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0}, 1)
    later = Scope({"source": ("s",)}, valid_from=datetime(2021, 1, 1, tzinfo=UTC).date())
    receipt = deliver({}, 2, scope=later)
    assert receipt.counts["withdrawn"] == 0
    assert seen(2) == {"A": 1.0}


def test_a_delivery_that_only_adds_withdraws_nothing(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 2.0}, 1)
    deliver({"A": 5.0}, 2, scope=Scope({"source": ("s",)}, complete=False))
    assert seen(2) == {"A": 5.0, "B": 2.0}


def test_a_delivery_with_bad_rows_withdraws_nothing(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 2.0}, 1)
    receipt = deliver({"A": 5.0}, 2, bad=[2])
    assert (receipt.counts["withdrawn"], receipt.counts["quarantined"]) == (0, 1)
    assert seen(2) == {"A": 5.0, "B": 2.0}
    assert [(row["raw_row"], row["reason"], row["delivery"]) for row in quarantined(lake)] == [(2, "bad_number", 2)]


def test_another_source_never_withdraws(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0}, 1, source="one")
    receipt = deliver({"B": 1.0}, 2, source="two", scope=Scope())
    assert receipt.counts["withdrawn"] == 0
    assert seen(2, "one") == {"A": 1.0}


def test_a_withdrawn_fact_comes_back(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0}, 1)
    deliver({}, 2)
    receipt = deliver({"A": 1.0}, 3)
    assert receipt.counts["revised"] == 1
    assert [seen(day) for day in (1, 2, 3)] == [{"A": 1.0}, {}, {"A": 1.0}]
    assert [row["withdrawn"] for row in versions(lake)] == [False, True, False]


def test_rows_alike_are_taken_once_and_counted(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    receipt = deliver([("A", 1.0), ("A", 1.0), ("A", 1.0), ("B", None), ("B", None)], 1)
    assert (receipt.counts["repeated"], receipt.counts["new"], receipt.counts["quarantined"]) == (3, 2, 0)
    assert seen(1) == {"A": 1.0, "B": None}
    assert {row["series"]: row["raw_row"] for row in versions(lake)} == {"A": 1, "B": 4}


def test_rows_that_contradict_each_other_are_set_aside_all_of_them(lake: Lake, deliver: Deliver, seen: Seen) -> None:
    receipt = deliver([("A", 1.0), ("A", 2.0), ("B", None), ("B", 3.0), ("C", 4.0)], 1)
    assert (receipt.counts["new"], receipt.counts["quarantined"]) == (1, 4)
    assert seen(1) == {"C": 4.0}
    assert [(row["raw_row"], row["reason"]) for row in quarantined(lake)] == [
        (number, "duplicate_key") for number in (1, 2, 3, 4)
    ]
    assert {bool(row["detail_ko"]) and bool(row["detail_en"]) for row in quarantined(lake)} == {True}


def test_contradictions_leave_what_stood_before(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 2.0}, 1)
    deliver([("A", 7.0), ("A", 8.0), ("B", 3.0)], 2)
    assert seen(2) == {"A": 1.0, "B": 3.0}


def test_the_same_bad_file_twice_adds_no_quarantine_rows(lake: Lake, deliver: Deliver) -> None:
    for _ in range(2):
        receipt = deliver([("A", 1.0), ("A", 2.0)], 1, bad=[9], raw="bad.csv")
    assert receipt.status == UNCHANGED
    assert receipt.counts["quarantined"] == 3, "the receipt still says what was wrong with the file"
    assert [row["delivery"] for row in quarantined(lake)] == [1, 1, 1]


def test_a_read_as_of_a_moment_ignores_all_that_was_known_later(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 2.0}, 1)
    before = [seen(day) for day in (0, 0.5, 1, 2)]
    deliver({"A": 9.0}, 3)
    deliver({"A": 8.0}, 2.5)
    assert [seen(day) for day in (0, 0.5, 1, 2)] == before
    assert [seen(day) for day in (2.5, 3)] == [{"A": 8.0}, {"A": 9.0}], "there is something to look ahead at"


def test_an_empty_lake_answers_with_nothing_in_the_right_shape(lake: Lake) -> None:
    snapshot = lake.snapshot()
    for read in (
        snapshot.arrow(snapshot.as_of(PRICE, START)),
        snapshot.facts(PRICE, START, {"source": "s"}),
        snapshot.arrow(snapshot.as_of(PRICE, START, {"source": "s"})),
    ):
        assert read.num_rows == 0
        assert read.schema.names == PRICE.schema.names
    assert (snapshot.seq, dict(snapshot.versions), snapshot.journal()) == (0, {}, [])
    assert snapshot.arrow(snapshot.quarantine()).num_rows == 0


def test_a_read_narrowed_by_a_value_or_without_a_zone_is_refused(lake: Lake, deliver: Deliver) -> None:
    deliver({"A": 1.0}, 1)
    snapshot = lake.snapshot()
    with pytest.raises(ValueError, match="currency"):
        snapshot.as_of(PRICE, START, {"currency": "USD"})
    with pytest.raises(ValueError, match="currency"):
        snapshot.facts(PRICE, START, {"currency": "USD"})
    with pytest.raises(ValueError, match="no time zone"):
        snapshot.as_of(PRICE, datetime(2021, 1, 1))  # noqa: DTZ001 - the point


def test_one_fact_in_two_batches_is_a_fault_of_the_reader_and_leaves_nothing(
    lake: Lake, deliver: Deliver, told: Callable[..., Reading]
) -> None:
    deliver({"A": 1.0}, 1)
    before = versions(lake)
    batch = told({"A": 2.0}, 2).batches[0]
    reading = Reading((batch, replace(batch)), published=START + timedelta(days=2), published_basis="stated")
    with pytest.raises(ValueError, match="two batches"), lake.writing() as writer:
        writer.deliver(reading, source="s", raws=(RAW,), read_at=START, run_id="r")
    assert versions(lake) == before
    assert [entry.seq for entry in lake.snapshot().journal()] == [1]


RAW = Raw("0" * 64, "file.csv", Path(), 0)


def test_never_fetched_failed_and_empty_are_different(lake: Lake, deliver: Deliver) -> None:
    deliver({}, 1, source="empty")
    error = BadInputError(Text("깨진 파일입니다.", "the file is broken."), where="a.csv")
    with lake.writing() as writer:
        writer.failed(error, source="broken", raws=(RAW,), read_at=START, run_id="r")
    states = {entry.source: entry for entry in lake.snapshot().journal()}
    assert set(states) == {"empty", "broken"}, "what was never fetched has no row"
    assert (states["empty"].status, states["broken"].status) == (UNCHANGED, FAILED)
    assert list(states["broken"].said) == [{"ko": "a.csv: 깨진 파일입니다.", "en": "a.csv: the file is broken."}]
    assert [raw.sha256 for raw in states["broken"].raws] == [RAW.sha256]
    assert states["broken"].tables == states["empty"].tables


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "reversed"])
def test_an_edition_in_two_batches_lacks_only_what_neither_states(
    lake: Lake, told: Callable[..., Reading], seen: Seen, order: tuple[int, int]
) -> None:
    def edition(day: int, *batches: dict[str, float | None]) -> Reading:
        parts = [told(part, day, scope=Scope({"source": ("s",), "series": tuple(part)})) for part in batches]
        joined = tuple(part.batches[0] for part in parts)
        return replace(parts[0], batches=joined, additions="vintage")

    editions = (edition(1, {"A": 1.0}, {"B": 2.0}), edition(3, {"A": 1.0, "C": 3.0}, {"B": 2.0}))
    for number in order:
        with lake.writing() as writer:
            writer.deliver(editions[number], source="s", raws=(RAW,), read_at=START, run_id="r")
    assert [seen(day) for day in (0, 1, 2, 3)] == [{"A": 1.0, "B": 2.0}] * 3 + [{"A": 1.0, "B": 2.0, "C": 3.0}]
    places = [(row["series"], row["known_at"], row["delivery"]) for row in versions(lake)]
    assert len(places) == len(set(places))


def test_silence_of_a_delivery_with_bad_rows_says_nothing_to_a_late_vintage(deliver: Deliver, seen: Seen) -> None:
    deliver({"A": 1.0, "B": 1.0}, 1)
    deliver({"A": 1.0}, 3, bad=[2])
    deliver({"A": 1.0, "B": 5.0}, 2)
    assert [seen(day)["B"] for day in (1, 2, 3)] == [1.0, 5.0, 5.0]
