"""`bongsu compact`: join data files for speed."""

from collections.abc import Mapping

from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text
from bongsu.records.lake import Lake


def run(session: Session, *, as_json_: bool) -> ExitCode:
    """Rewrite each table in few, sorted files."""
    lake = session.lake()
    try:
        before = _compact(session, lake) if lake.snapshot().versions else {}  # nothing to join leaves no trace
        snapshot = lake.snapshot()
        after = {name: len(held.paths) for name in before if (held := snapshot.data_files(name)) is not None}
    finally:
        lake.close()
    if as_json_:
        as_json(session, {"files_before": before, "files_after": after})
        return ExitCode.DONE
    for name, files in before.items():
        session.out.print(f"{name}: {files:,} → {after[name]:,}")
    if not before:
        session.out.print(session.say(Text("기록 저장소가 비어 있습니다.", "The lake is empty.")))
    return ExitCode.DONE


def _compact(session: Session, lake: Lake) -> Mapping[str, int]:
    with session.err.status(session.say(Text("모으는 중…", "joining …"))), lake.writing() as writer:
        return writer.compact(read_at=session.now, run_id=session.run_id)
