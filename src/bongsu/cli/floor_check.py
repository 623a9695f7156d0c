"""`bongsu floor check`: is the people's side fit to run: folder, keys, database, tables, trail, worker?"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bongsu.cli.doctor import Finding, tell
from bongsu.cli.floor import answering, floor_folder, opened
from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, Language, Text

OTHERS = 0o077  # permissions of the group and of everybody
OVERDUE = timedelta(minutes=10)


def run(session: Session, *, as_json_: bool) -> ExitCode:
    """Check everything; ExitCode.OUR_FAULT where something is bad."""
    return tell(session, list(_checks(session)), as_json_=as_json_)


def _checks(session: Session) -> Iterator[Finding]:
    folder = floor_folder()
    yield _private("floor", folder, Text("폴더", "folder"))
    yield _private("keys", folder / "keys.json", Text("열쇠", "keys"))
    for check in (_opened, _database, _tables, _trail, _worker):
        try:
            yield check(session)
        except BongsuError as error:
            yield Finding(check.__name__.strip("_"), "bad", Text(error.to(Language.KO), error.to(Language.EN)), {})
            return


def _private(check: str, path: Path, name: Text) -> Finding:
    facts = {"path": str(path)}
    if not path.exists():
        from_elsewhere = check == "keys" and bool(os.environ.get("BONGSU_AUDIT_KEY"))
        said = Text(
            f"{name.ko}: {path} 이(가) 없습니다. bongsu floor init 으로 만드십시오.",
            f"{name.en}: there is no {path}. Make it with bongsu floor init.",
        )
        return Finding(check, "warning" if from_elsewhere else "bad", said, facts)
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        said = Text(f"{name.ko}: 다른 사람도 {path} 을(를) 읽을 수 있습니다.", f"{name.en}: others can read {path}.")
        return Finding(check, "bad", said, facts)
    return Finding(check, "good", Text(f"{name.ko}: {path}", f"{name.en}: {path}"), facts)


def _opened(session: Session) -> Finding:
    opened(session)
    return Finding("opened", "good", Text("사람 쪽이 설치되어 있습니다.", "The people's side is installed."), {})


def _database(_session: Session) -> Finding:
    from django.db import connection  # noqa: PLC0415 - an extra

    with answering():
        connection.ensure_connection()
    name = connection.display_name
    return Finding(
        "database", "good", Text(f"데이터베이스: {name}", f"Database: {name}"), {"engine": connection.vendor}
    )


def _tables(_session: Session) -> Finding:
    from django.db import connection  # noqa: PLC0415 - an extra
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - likewise

    with answering():
        executor = MigrationExecutor(connection)
        lacking = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if lacking:
        said = Text(
            f"표가 이 판보다 {lacking}걸음 옛것입니다. bongsu floor migrate 를 실행하십시오.",
            f"The tables are {lacking} steps behind this version. Run bongsu floor migrate.",
        )
        return Finding("tables", "bad", said, {"lacking": lacking})
    return Finding("tables", "good", Text("표가 이 판과 같습니다.", "The tables are those of this version."), {})


def _trail(_session: Session) -> Finding:
    from django.conf import settings  # noqa: PLC0415 - an extra

    from bongsu.people.verify import verify  # noqa: PLC0415 - likewise

    with answering():
        faults = verify(settings.AUDIT_KEY, settings.ANCHORS)
    if faults:
        said = Text(
            f"감사 기록에 흠이 {len(faults)}곳 있습니다. bongsu audit verify 로 보십시오.",
            f"The audit trail has {len(faults)} faults. See them with bongsu audit verify.",
        )
        return Finding("trail", "bad", said, {"faults": len(faults)})
    return Finding("trail", "good", Text("감사 기록이 온전합니다.", "The audit trail is whole."), {"faults": 0})


def _worker(session: Session) -> Finding:
    from bongsu.alerts.jobs import standing  # noqa: PLC0415 - an extra

    with answering():
        jobs = standing()
    late = [job.name for job in jobs if not job.holder and job.due_at + OVERDUE < session.now]
    facts = {job.name: {"due_at": job.due_at, "finished_at": job.finished_at, "said": job.said} for job in jobs}
    if late or "anchor" not in facts:  # which every worker does each minute
        said = Text(
            "일꾼이 돌고 있지 않습니다. bongsu floor work 를 띄우십시오.", "No worker runs. Start bongsu floor work."
        )
        return Finding("worker", "warning", said, facts)
    return Finding("worker", "good", Text("일꾼이 돌고 있습니다.", "A worker runs."), facts)
