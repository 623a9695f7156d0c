"""A reviewed report on its way into the lake, and out of it: through the door that every source uses."""

from dataclasses import replace
from datetime import datetime

from bongsu.records.delivery import Raw
from bongsu.records.journal import FAILED, Entry
from bongsu.records.lake import Lake
from bongsu.records.writer import Writer
from bongsu.sources.mission_reports.read import read
from bongsu.sources.mission_reports.shape import Statement, Withdrawal, as_bytes
from bongsu.sources.source import ReadRequest, source

SOURCE = "mission_reports"

__all__ = ["SOURCE", "Statement", "publish", "withdraw"]


def publish(lake: Lake, statement: Statement, *, read_at: datetime, run_id: str) -> int:
    """Put what a reviewed report says into the lake.

    Args:
        lake: where to.
        statement: what it says; of a report that was published before, this is what it says now.
        read_at: the moment of the publication.
        run_id: of the run, as it stands in the journal.

    Returns:
        The delivery's sequence in the journal. The same statement again changes nothing and gives the same sequence.
    """
    with lake.writing() as writer:
        last = _last(lake, statement.report)
        # A clock that was set back must not put what is said now behind what was said before.
        at = max(statement.reviewed_at, (last and last.published) or statement.reviewed_at)
        for told in (statement, replace(statement, reviewed_at=at)):
            raw = _kept(lake, told, read_at)
            same = _same(lake, raw)
            if same is not None:
                return same
        return _delivered(writer, raw, read_at, run_id)


def withdraw(lake: Lake, report_id: str, *, read_at: datetime, run_id: str) -> int:
    """Take back what a report said, from `read_at` on; until then it was known.

    Returns:
        The sequence of the delivery that took it back; of a report that stands no more, the one that did so before;
        0 where nothing of it was ever published.
    """
    with lake.writing() as writer:
        last = _last(lake, report_id)
        if last is None or last.counts.get("passed_over.withdrawal"):
            return 0 if last is None else last.seq
        at = max(read_at, last.published or read_at)  # likewise
        raw = _kept(lake, Withdrawal(report=report_id, withdrawn_at=at), read_at)
        return _delivered(writer, raw, read_at, run_id)


def _delivered(writer: Writer, raw: Raw, read_at: datetime, run_id: str) -> int:
    reading = read(ReadRequest(source(SOURCE), (raw,), read_at))
    return writer.deliver(reading, source=SOURCE, raws=(raw,), read_at=read_at, run_id=run_id).seq


def _kept(lake: Lake, told: Statement | Withdrawal, read_at: datetime) -> Raw:
    arrived = lake.folder / f"arriving-{lake.token()}.part"
    try:
        arrived.write_bytes(as_bytes(told))
        return lake.raw.keep(arrived, received_at=read_at, name=f"{told.report}.json", media_type="application/json")
    finally:
        arrived.unlink(missing_ok=True)


def _same(lake: Lake, raw: Raw) -> int | None:
    """The delivery that these very bytes came with."""
    return next((entry.seq for entry in _entries(lake) if entry.raws[0].sha256 == raw.sha256), None)


def _entries(lake: Lake) -> list[Entry]:
    """Deliveries of statements, oldest first."""
    return [one for one in lake.journal.entries() if one.source == SOURCE and one.raws and one.status != FAILED]


def _last(lake: Lake, report: str) -> Entry | None:
    """The newest delivery of a report."""
    mine = [one for one in _entries(lake) if one.raws[0].name == f"{report}.json"]
    return mine[-1] if mine else None
