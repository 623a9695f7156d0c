"""`bongsu records`: coverage, last known, last read and quarantine per source, the journal, the rows set aside."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bongsu.cli.output import Column, as_csv, as_json, as_table
from bongsu.cli.session import Session
from bongsu.detectors.publisher import publishers
from bongsu.detectors.signal import State
from bongsu.language import ExitCode, Text
from bongsu.records.journal import (
    ANSWERED,
    CARRIED,
    COMPACTED,
    FAILED,
    LANDED,
    NOT_YET,
    PAUSED,
    RECEIVED,
    REFUSED,
    RESHAPED,
    SPLIT,
    UNCHANGED,
    Entry,
)
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import Source, source, sources

COVERAGE = (
    Column("source", Text("출처", "Source"), wrap=False),
    Column("name", Text("이름", "Name"), width=26),
    Column("record", Text("기록", "Record")),
    Column("facts", Text("사실 수", "Facts"), right=True),
    Column("from", Text("처음", "From"), wrap=False),
    Column("to", Text("끝", "To"), wrap=False),
    Column("last_known", Text("마지막 공개", "Last known"), wrap=False),
    Column("last_read", Text("마지막 입수", "Last read"), wrap=False),
    Column("state", Text("상태", "State"), width=14),
    Column("quarantined", Text("격리", "Set aside"), right=True),
    Column("licence", Text("이용 조건", "Licence"), width=24),
)
STATES = {
    "current": Text("현재", "current"),
    "late": Text("늦음", "late"),
    "empty": Text("읽었으나 없음", "read, nothing there"),
    "failed": Text("실패", "failed"),
    "never": Text("받은 적 없음", "never fetched"),
    "not_yet": Text("공표 전", "not yet published"),
    "irregular": Text("정해진 주기 없음", "no fixed cadence"),
}
BAD = (
    Column("source", Text("출처", "Source")),
    Column("raw", Text("원본", "Raw")),
    Column("raw_row", Text("행", "Row"), right=True),
    Column("reason", Text("이유", "Reason")),
    Column("detail", Text("설명", "Explained"), width=50),
    Column("row", Text("내용", "Content"), width=60),
)
OUTCOMES = {
    LANDED: Text("들어옴", "landed"),
    UNCHANGED: Text("그대로", "unchanged"),
    FAILED: Text("실패", "failed"),
    COMPACTED: Text("모음", "compacted"),
    RESHAPED: Text("새 꼴로 옮김", "reshaped"),
    RECEIVED: Text("받음(읽기 전)", "received, not yet read"),
    NOT_YET: Text("공표 전", "not yet published"),
    SPLIT: Text("잘려서 나누어 물음", "cut, asked in smaller pieces"),
    PAUSED: Text("출처가 멈추게 함", "paused by the source"),
    ANSWERED: Text("모두 물음", "all asked"),
    CARRIED: Text("봉투 반입", "bundle carried in"),
    REFUSED: Text("받지 않음", "refused"),
}
JOURNAL = (
    Column("seq", Text("순번", "Seq"), right=True),
    Column("read_at", Text("입수 시점", "Read at"), wrap=False),
    Column("source", Text("출처", "Source")),
    Column("outcome", Text("결과", "Status")),
    Column("published", Text("공표", "Published"), wrap=False),
    Column("counts", Text("행", "Rows"), width=40),
    Column("raws", Text("원본", "Raw"), width=40),
    Column("said", Text("알림", "Said"), width=50),
)


def run(session: Session, *, source: str | None, quarantine: bool, journal: bool, form: str) -> ExitCode:
    """Print what is asked for."""
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        columns: Sequence[Column]
        if quarantine:
            columns, rows = BAD, bad_rows(snapshot, source)
        elif journal:
            columns, rows = JOURNAL, journal_rows(snapshot, source)
        else:
            columns, rows = COVERAGE, coverage(session, snapshot, source)
    finally:
        lake.close()
    if form == "json":
        as_json(session, rows)
    elif form == "csv":
        as_csv(session, columns, rows)
    else:
        as_table(session, columns, rows)
        if not rows:
            session.out.print(session.say(Text("없습니다.", "None.")))
    return ExitCode.DONE


def coverage(session: Session, snapshot: Snapshot, only: str | None) -> list[dict[str, Any]]:
    """One row a source and record type, sources that were never fetched included."""
    entries = snapshot.journal()
    brought = _written_by(entries)
    chosen: Mapping[str, Source] = sources() if only is None else {only: source(brought.get(only, only))}
    held = _held(snapshot, session.now)
    bad = _bad_counts(snapshot, entries)
    rows: list[dict[str, Any]] = []
    for one in chosen.values():
        own = [entry for entry in entries if entry.source == one.id]
        names = {one.id, *(name for name, via in brought.items() if via == one.id)} if only is None else {only}
        found = [row for row in held if row["source"] in names] or [{"source": only or one.id, "record": None}]
        rows += [_row(session, one, own, row, bad.get(row["source"], 0)) for row in found]
    return rows


def _row(
    session: Session, one: Source, entries: Sequence[Entry], held: Mapping[str, Any], quarantined: int
) -> dict[str, Any]:
    read = [entry for entry in entries if entry.status in {LANDED, UNCHANGED}]
    state = _state(session, one, entries, held)
    return {
        "source": held["source"],
        "name": one.name,
        "record": held["record"] or ", ".join(record.name for record in one.records),
        "facts": held.get("facts", 0),
        "from": held.get("first"),
        "to": held.get("last"),
        "last_known": _day(held.get("known_at")),
        "last_read": _day(read[-1].read_at if read else None),
        "state": STATES[state],
        "state_id": state,
        "quarantined": quarantined,
        "citation": one.licence.citation,
        "licence": one.licence.name,
        "cadence": one.cadence,
        "proven": one.proven,
    }


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _state(session: Session, one: Source, entries: Sequence[Entry], held: Mapping[str, Any]) -> str:
    """Never fetched, failed, read and empty, late, current: different answers."""
    if not entries:
        return "never"
    if entries[-1].status == FAILED:
        return "failed"
    if not held.get("facts"):
        seen = {entry.status for entry in entries}
        return "empty" if seen & {LANDED, UNCHANGED} else "not_yet" if NOT_YET in seen else "never"
    if one.cadence == "irregular":
        return "irregular"
    publisher = publishers({one.id: one})[one.id]
    stale = publisher.state(held["last"], held["frequency"], session.today) is State.STALE
    return "late" if stale else "current"


def _held(snapshot: Snapshot, moment: datetime) -> list[dict[str, Any]]:
    """What the lake holds, by record type and source."""
    rows: list[dict[str, Any]] = []
    for name, record in snapshot.record_types.items():
        if name not in snapshot.versions:
            continue
        facts = snapshot.as_of(record, moment)
        frequency = (
            facts.frequency.max() if "frequency" in facts.columns else facts.source.max().nullif(facts.source.max())
        )
        table = snapshot.arrow(
            facts.group_by("source").aggregate(
                facts=facts.count(), first=facts.valid.min(), last=facts.valid.max(), known_at=facts.known_at.max(),
                frequency=frequency,
            )
        )  # fmt: skip
        rows += [{**row, "record": name} for row in table.sort_by("source").to_pylist()]
    return rows


def _written_by(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Source named in records → the source that brought them: a user's own table may carry a name of its own."""
    return {
        name: entry.source
        for entry in entries
        for scope in json.loads(entry.scopes)
        for name in scope["equals"].get("source", ())
        if name not in sources()
    }


def source_held(snapshot: Snapshot, source_id: str) -> None:
    """Nothing, if `source_id` is a source of ours or a name that a user's own table brought.

    Raises:
        UsageError: neither.
    """
    if source_id not in _written_by(snapshot.journal()):
        source(source_id)


def _bad_counts(snapshot: Snapshot, entries: Sequence[Entry]) -> Mapping[str, int]:
    """Rows set aside, by the source named in the records of their delivery."""
    table = snapshot.quarantine()
    counted = snapshot.arrow(table.group_by("delivery").aggregate(n=table.count()))
    by_seq = {entry.seq: entry for entry in entries}
    counts: dict[str, int] = {}
    for row in counted.to_pylist():
        entry = by_seq[row["delivery"]]
        own = [name for name, via in _written_by([entry]).items() if via == entry.source]
        counts[own[0] if own else entry.source] = counts.get(own[0] if own else entry.source, 0) + row["n"]
    return counts


def bad_rows(snapshot: Snapshot, only: str | None) -> list[dict[str, Any]]:
    """The rows set aside, with file, row and reason."""
    table = snapshot.quarantine()
    if only:
        via = _written_by(snapshot.journal()).get(only)
        table = table.filter(table.source == (via or source(only).id))
    names = {raw.sha256: raw.name for entry in snapshot.journal() for raw in entry.raws}
    rows = snapshot.arrow(table).sort_by(
        [("source", "ascending"), ("raw_sha256", "ascending"), ("raw_row", "ascending")]
    )
    return [
        {
            **{key: row[key] for key in ("source", "raw_sha256", "raw_row", "reason", "row")},
            "raw": names.get(row["raw_sha256"], row["raw_sha256"][:12]),
            "detail": Text(row["detail_ko"], row["detail_en"]),
        }
        for row in rows.to_pylist()
    ]


def journal_rows(snapshot: Snapshot, only: str | None) -> list[dict[str, Any]]:
    """The journal, newest first."""
    return [
        {
            "seq": entry.seq,
            "run_id": entry.run_id,
            "read_at": entry.read_at,
            "source": entry.source,
            "status": entry.status,
            "outcome": OUTCOMES.get(entry.status, Text(entry.status, entry.status)),
            "published": entry.published.date() if entry.published else None,
            "counts": ", ".join(f"{name} {number:,}" for name, number in entry.counts.items() if number),
            "raws": ", ".join(f"{raw.name} {raw.sha256[:12]}" for raw in entry.raws[:5]),
            "said": [Text(one["ko"], one["en"]) for one in entry.said],
            "tables": dict(entry.tables),
        }
        for entry in reversed(snapshot.journal())
        if only is None or only in {entry.source, *_written_by([entry])}
    ]
