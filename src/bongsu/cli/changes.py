"""`bongsu changes`: every figure of a source that reads differently at two moments."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bongsu.cli.output import Column, as_csv, as_json, as_table
from bongsu.cli.records import source_held
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.changes import Change, changes
from bongsu.records.identity import name_of
from bongsu.records.shapes import RecordType
from bongsu.records.snapshot import Snapshot

COLUMNS = (
    Column("fact", Text("기록", "Record"), width=70),
    Column("column", Text("항목", "Column")),
    Column("before", Text("앞", "Before"), right=True),
    Column("after", Text("뒤", "After"), right=True),
    Column("known_at", Text("공개 시점", "Known at"), wrap=False),
)


def run(session: Session, source_id: str, first: str, last: str | None, *, form: str) -> ExitCode:
    """List changed cells; facts that came new or went are counted."""
    earlier, later = session.moment(first, where="--from"), session.moment(last, where="--to")
    if earlier > later:
        raise UsageError(
            Text(f"앞 시점 {first}이(가) 뒤 시점보다 늦습니다.", f"the earlier moment {first} is after the later one."),
            where="--from",
        )
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        source_held(snapshot, source_id)
        found = list(_all(snapshot, source_id, earlier, later))
    finally:
        lake.close()
    rows = [row for _, change in found for row in change.cells]
    summary = {
        "source": source_id,
        "from": earlier,
        "to": later,
        "changed_cells": len(rows),
        "changed_facts": sum(change.changed for _, change in found),
        "new_facts": sum(change.new for _, change in found),
        "withdrawn_facts": sum(change.withdrawn for _, change in found),
    }
    cells = [_cell(record, cell) for record, change in found for cell in change.cells]
    if form == "json":
        as_json(session, {**summary, "cells": cells})
    elif form == "csv":
        as_csv(session, COLUMNS, cells)
    else:
        as_table(session, COLUMNS, cells)
        told = Text(
            "바뀐 칸 {changed_cells}개 · 새 기록 {new_facts:,}개 · 거두어진 기록 {withdrawn_facts:,}개",
            "{changed_cells} cells changed · {new_facts:,} facts new · {withdrawn_facts:,} withdrawn",
        )
        session.out.print(session.say(told.format(**summary)))
    return ExitCode.DONE


def _all(snapshot: Snapshot, source_id: str, earlier: datetime, later: datetime) -> Iterator[tuple[RecordType, Change]]:
    for name, record in snapshot.record_types.items():
        if name in snapshot.versions:
            yield record, changes(snapshot, record, source_id, earlier, later)


def _cell(record: RecordType, cell: Mapping[str, Any]) -> dict[str, Any]:
    fact = name_of(record, {name: cell[name] for name in record.key_names})
    return {"fact": fact, **{name: cell[name] for name in ("column", "before", "after", "known_at")}}
