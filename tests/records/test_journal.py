"""What the journal keeps of a run's questions, and a journal that was begun before it kept any."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from bongsu.language import Text
from bongsu.records.delivery import Raw
from bongsu.records.journal import FAILED, NOT_YET, RECEIVED, SCHEMA, Entry, Journal
from bongsu.records.lake import Lake

NOW = datetime(2026, 3, 20, tzinfo=UTC)
ASKED = {"id": "https://x.example/?a=1", "next": [{"url": "https://x.example/", "params": {"a": "2"}}]}


def test_a_step_of_a_run_changes_no_table_and_keeps_its_question(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake", threads=1)
    raw = Raw("0" * 64, "a.xml", tmp_path / "lake" / "raw" / "00" / ("0" * 64), 3, "https://x.example/?a=1", NOW,
              "text/xml", '"v1"', "Fri, 20 Mar 2026 00:00:00 GMT")  # fmt: skip
    with lake.writing() as writer:
        writer.note(RECEIVED, source="s", read_at=NOW, run_id="r", raws=[raw], asked=ASKED)
        writer.note(NOT_YET, source="s", read_at=NOW, run_id="r", said=[Text("아직입니다.", "Not yet.")])
    first, second = lake.snapshot().journal()
    assert (first.status, first.raws, first.asked, first.tables) == (RECEIVED, (raw,), ASKED, {})
    assert (second.status, second.asked, list(second.said)) == (NOT_YET, {}, [{"ko": "아직입니다.", "en": "Not yet."}])
    lake.close()


def test_a_journal_without_the_column_is_read_and_gets_it_with_the_next_row(tmp_path: Path) -> None:
    older = pa.schema([field for field in SCHEMA if field.name != "asked"])
    row = Entry(1, "r", FAILED, "s", None, None, NOW).row()
    folder = tmp_path / "journal"
    del row["asked"]
    write_deltalake(str(folder), pa.Table.from_pylist([row], schema=older), description="schema version 1")
    journal = Journal(folder)
    (before,) = journal.entries()
    assert before.asked == {}
    journal.append(Entry(2, "r", NOT_YET, "s", None, None, NOW, asked=ASKED))
    assert [(entry.seq, entry.asked) for entry in journal.entries()] == [(1, {}), (2, ASKED)]
    journal.compact()
    assert [(entry.seq, entry.asked) for entry in Journal(folder).entries()] == [(1, {}), (2, ASKED)]
    last = Journal(folder).last()
    assert last is not None
    assert (last.seq, last.asked) == (2, ASKED)
