"""What is carried says the same on both sides, as of any moment, and comes once, in order, whole."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bongsu.records.carry.manifest import PIECE, Delivery
from bongsu.records.delivery import Raw, Reading
from bongsu.records.journal import REFUSED
from bongsu.records.lake import Lake
from bongsu.records.shapes import FLOOR_RECORDS, FLOOR_SOURCE, MEASURE, STATEMENT
from bongsu.sources.mission_reports.publish import withdraw
from bongsu.sources.source import HERE, ReadRequest, reader, source, sources

EDITIONS = HERE / "nyfed_gscpi" / "samples"
Same = Callable[[Any], None]
Halves = Any  # of the fixture


def filled(halves: Halves) -> None:
    """Every way in: a list, a table with its mapping, editions in one file, a stated day, a failure, a list of one."""
    halves.reads("notices_table", "measures.csv")
    halves.reads("flows_table", "customs.csv", mapping="customs.yml")
    halves.fails("notices_table")
    halves.reads("notices_table", "with-faults.csv", published=date(2025, 1, 15))
    halves.acts("r-1")


def test_both_sides_say_the_same_as_of_any_moment(halves: Halves, same: Same) -> None:
    filled(halves)
    found = halves.into(halves.out())
    assert (found.landed, found.missing, found.refused, found.already) == (5, (), (), False)
    same(halves)
    assert not list((halves.floor.folder / "carry" / "arriving").glob("*"))


def test_bundle_after_bundle_says_the_same_too(halves: Halves, same: Same) -> None:
    halves.reads("notices_table", "with-faults.csv", published=date(2025, 1, 15))
    halves.into(halves.out())
    halves.acts("r-1")
    halves.collector.folder.joinpath("note").touch()
    with halves.collector.writing() as writer:
        writer.compact(read_at=halves.now, run_id="compact")
    halves.into(halves.out())
    halves.reads("notices_table", "measures.csv")
    halves.into(halves.out())
    same(halves)
    assert halves.sent() is None


def unbounded(one: Delivery, raws: Sequence[Raw]) -> Reading:
    """The source's reader alone: its bounds would not take a sample of seven rows."""
    asked = ReadRequest(source(one.source), tuple(raws), one.read_at)
    return replace(reader(one.source).read(asked), additions=asked.source.additions)


def test_editions_of_one_file_land_as_they_did_and_so_does_an_old_one_that_comes_late(
    halves: Halves, same: Same
) -> None:
    for name in ("editions.csv", "one-edition.csv"):
        halves.hours += 1
        raw = halves.collector.raw.keep(EDITIONS / name, received_at=halves.now)
        told = {"source": "nyfed_gscpi", "read_at": halves.now, "run_id": f"run{halves.hours}"}
        reading = unbounded(SimpleNamespace(**told), [raw])  # type: ignore[arg-type]  # all that is looked at
        with halves.collector.writing() as writer:
            writer.deliver(reading, raws=[raw], **told)
    assert any(one.given.get("edition") for one in halves.collector.journal.entries())
    halves.into(halves.out(), read=unbounded)
    same(halves)


def test_a_late_vintage_names_its_own_files_alone(halves: Halves, same: Same) -> None:
    """What it writes again walks back to files of others, which its journal row names behind its own."""
    halves.reads("notices_table", "measures.csv", published=date(2026, 11, 19))
    late = halves.desk / "late.csv"
    late.write_text((HERE / "notices_table" / "samples" / "measures.csv").read_text().replace("exp", "Exp", 1))
    halves.reads("notices_table", str(late), published=date(2026, 11, 12))
    halves.into(halves.out())
    same(halves)


def test_the_raw_bytes_are_there_for_the_walk_back(halves: Halves) -> None:
    filled(halves)
    halves.into(halves.out())
    raws = [raw for one in halves.floor.journal.entries() for raw in one.raws]
    assert raws
    assert all(halves.floor.raw.intact(raw.sha256) and raw.path.is_file() for raw in raws)
    assert all(str(raw.path).startswith(str(halves.floor.folder)) for raw in raws)


def test_the_mapping_that_a_user_gave_travels_with_the_table(halves: Halves) -> None:
    halves.reads("flows_table", "customs.csv", mapping="customs.yml")
    halves.into(halves.out())
    given = [one.given for one in halves.floor.journal.entries() if one.source == "flows_table"]
    assert given[0]["mapping"]
    assert given[0]["carried"]["seq"] == 1


def test_the_same_bundle_twice_says_so_and_changes_nothing(halves: Halves) -> None:
    filled(halves)
    files = halves.out()
    halves.into(files)
    before = halves.floor.journal.entries()
    found = halves.into(files)
    assert (found.already, found.landed) == (True, 0)
    assert halves.floor.journal.entries() == before


def test_what_was_lost_can_be_carried_out_again_and_lands_once(halves: Halves, same: Same) -> None:
    halves.reads("notices_table", "measures.csv")
    first = halves.sent()
    halves.into([Path(name) for name in first.files])
    halves.acts("r-1")
    lost = halves.out()
    halves.reads("notices_table", "with-faults.csv", published=date(2025, 1, 15))
    again = halves.out(since=first.last)
    assert halves.into(again).landed == 2
    same(halves)
    halves.acts("r-9")
    assert halves.into(halves.out()).landed == 1
    same(halves)
    late = halves.into(lost)  # what was lost turns up: a bundle that brings nothing any more
    assert late.landed == 0
    same(halves)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_parts_come_in_any_order_and_missing_ones_are_named(halves: Halves, same: Same, order: tuple[int, ...]) -> None:
    big = halves.desk / "big.csv"
    columns = (HERE / "notices_table" / "samples" / "measures.csv").read_text()
    big.write_text(columns + "".join(_acts(20000)))
    halves.reads("notices_table", str(big))
    halves.reads("notices_table", "measures.csv")
    files = halves.out(part_size=PIECE)
    assert len(files) == 3
    for number in order[:-1]:
        found = halves.into([files[number]])
        assert found.missing
        assert set(found.missing) <= {"notices_table: big.csv", "notices_table: measures.csv"}
        assert halves.floor.journal.entries() == []
    assert halves.into([files[order[-1]]]).landed == 2
    same(halves)


def _acts(count: int) -> list[str]:
    filler = "x" * 250
    return [
        f'CHN,Office,No. {number},,"{filler}",2024-01-02,2024-01-03,2024-02-01,,export ban,export,2604,ore,,,,example.org\n'
        for number in range(count)
    ]


def test_an_entry_graded_above_the_floor_leaves_its_number_and_nothing_else(halves: Halves) -> None:
    halves.acts("secret-7")
    halves.acts("open-8")
    found = halves.into([halves.forged(grade="C", reference="secret-7")], grade="S")
    assert (found.landed, found.refused, found.claimed) == (1, ("secret-7",), ())
    rows = halves.floor.snapshot().as_of(MEASURE, halves.now).to_pyarrow().to_pylist()
    assert [row["number"] for row in rows] == ["No. open-8"]
    (kept,) = [one for one in halves.floor.journal.entries() if one.status == REFUSED]
    assert (kept.raws, kept.counts, kept.given["reference"]) == ((), {}, "secret-7")
    assert not holds(halves.floor, halves.collector.journal.entries()[0].raws[0])
    assert halves.into(halves.out("again", since=0), grade="C").landed == 0  # what was refused once stays refused


def holds(lake: Lake, raw: Raw) -> bool:
    """Are these bytes anywhere in the lake's folder?"""
    wanted = raw.path.read_bytes()
    return any(wanted in path.read_bytes() for path in lake.folder.rglob("*") if path.is_file())


def test_a_floor_of_that_grade_takes_it(halves: Halves, same: Same) -> None:
    halves.acts("secret-7")
    assert halves.into([halves.forged(grade="C")], grade="C").refused == ()
    same(halves)


def test_what_only_a_floor_publishes_is_never_carried_out(halves: Halves) -> None:
    halves.acts("open-8")
    halves.says("r-1")
    withdraw(halves.collector, "r-1", read_at=halves.now, run_id="back")
    found = halves.carried_out()
    assert found.left_out == 2
    files = [Path(name) for name in found.sent.files]
    statements = [one.raws[0].path.read_bytes() for one in halves.collector.journal.entries() if one.raws][1:]
    assert len(statements) == 2
    assert not any(data in file.read_bytes() for data in statements for file in files)
    assert (halves.into(files).landed, halves.floor.snapshot().versions.get(STATEMENT.name)) == (1, None)
    halves.says("r-2")
    assert (halves.carried_out().sent, halves.carried_out().left_out) == (None, 1)
    halves.acts("open-9")
    assert halves.into(halves.out()).landed == 1  # the chain goes on over what was left out


def test_the_sources_of_the_floor_are_those_that_bring_its_records() -> None:
    bring = {one.id: one.records for one in sources().values() if any(each in FLOOR_RECORDS for each in one.records)}
    assert bring == {FLOOR_SOURCE: FLOOR_RECORDS}


def test_health_and_clocks_of_sources_are_those_of_the_collector(halves: Halves) -> None:
    from bongsu.sources.due import due  # noqa: PLC0415 - beside its only test

    filled(halves)
    halves.into(halves.out())
    told = [
        [
            (one.source.id, one.state, one.last_read, one.last_failed)
            for one in due(sources().values(), lake.journal.entries(), halves.now)
        ]
        for lake in (halves.collector, halves.floor)
    ]
    assert told[0] == told[1]
