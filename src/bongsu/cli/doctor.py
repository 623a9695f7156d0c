"""`bongsu doctor`: is the installation whole, the lake readable, the raw archive complete?"""

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.markup import escape

from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, Language, Text
from bongsu.records.snapshot import Snapshot

ROOM = 1 << 30  # bytes that should be free
LEAST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One check and its outcome: good, warning or bad."""

    check: str
    state: str
    said: Text
    facts: dict[str, Any]


def run(session: Session, *, as_json_: bool) -> ExitCode:
    """Check everything; ExitCode.OUR_FAULT where something is bad."""
    return tell(session, list(_checks(session)), as_json_=as_json_)


def tell(session: Session, findings: Sequence[Finding], *, as_json_: bool) -> ExitCode:
    """Print the findings; ExitCode.OUR_FAULT where one is bad."""
    if as_json_:
        as_json(session, findings)
    else:
        marks = {"good": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}
        for one in findings:
            session.out.print(f"{marks[one.state]} {escape(session.say(one.said))}")
    return ExitCode.OUR_FAULT if any(one.state == "bad" for one in findings) else ExitCode.DONE


def _checks(session: Session) -> Iterator[Finding]:
    version = importlib.metadata.version("bongsu")
    python = platform.python_version()
    yield Finding(
        "version",
        "good" if sys.version_info >= LEAST_PYTHON else "bad",
        Text(
            f"봉수 {version}, 파이썬 {python}, {platform.system()}",
            f"Bongsu {version}, Python {python}, {platform.system()}",
        ),
        {"bongsu": version, "python": python, "system": platform.system()},
    )
    yield _room(session)
    yield _catalogue(session)
    yield _network(session)
    lake = session.lake()
    try:
        snapshot = lake.snapshot()
        yield _lake(snapshot)
        yield _raw(snapshot)
    except BongsuError as error:
        yield Finding("lake", "bad", Text(error.to(Language.KO), error.to(Language.EN)), {})
    finally:
        lake.close()


def _room(session: Session) -> Finding:
    folder = next((one for one in (session.folder, *session.folder.parents) if one.exists()), session.folder)
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk",
        "good" if free >= ROOM else "warning",
        Text(
            f"디스크 여유 {free / ROOM:,.1f} GiB ({session.folder})", f"{free / ROOM:,.1f} GiB free ({session.folder})"
        ),
        {"free_bytes": free, "lake": str(session.folder)},
    )


def _catalogue(session: Session) -> Finding:
    catalogue = session.catalogue()
    tally = catalogue.unchecked()
    return Finding(
        "catalogue",
        "good",
        Text(
            f"품목 {len(catalogue.items)}개, 사실 {tally.facts}건 (원문과 대조하지 않은 것 {tally.unchecked}건)",
            f"{len(catalogue.items)} items, {tally.facts} facts ({tally.unchecked} not checked against their source)",
        ),
        {
            "items": len(catalogue.items),
            "facts": tally.facts,
            "unchecked": tally.unchecked,
            "version": catalogue.version,
        },
    )


def _network(session: Session) -> Finding:
    network = session.network()
    unchecked = network.unchecked()
    return Finding(
        "network",
        "good" if network.missions else "warning",
        Text(
            f"공관 {len(network.missions)}곳, 부처 {len(network.ministries)}개 (대조하지 않은 것 {unchecked.total}건)",
            f"{len(network.missions)} missions, {len(network.ministries)} ministries ({unchecked.total} rows not checked)",
        ),
        {"missions": len(network.missions), "unchecked": unchecked.total, "version": network.version},
    )


def _lake(snapshot: Snapshot) -> Finding:
    if not snapshot.versions:
        return Finding(
            "lake",
            "warning",
            Text("기록 저장소가 비어 있습니다: bongsu sample", "the lake is empty: bongsu sample"),
            {"seq": snapshot.seq},
        )
    files = {name: len(found.paths) for name in snapshot.versions if (found := snapshot.data_files(name)) is not None}
    many = max(files.values(), default=0) > 200  # noqa: PLR2004 - from here on reads slow down
    hint = Text(" (bongsu compact 권장)", " (run bongsu compact)") if many else Text("", "")
    return Finding(
        "lake",
        "warning" if many else "good",
        Text(
            f"기록 저장소: 일지 {snapshot.seq}건, 파일 {sum(files.values())}개{hint.ko}",
            f"lake: {snapshot.seq} journal entries, {sum(files.values())} files{hint.en}",
        ),
        {"seq": snapshot.seq, "files": files, "tables": dict(snapshot.versions)},
    )


def _raw(snapshot: Snapshot) -> Finding:
    """Every raw file the journal names is there, and its bytes still have its hash."""
    raws = {raw.sha256: raw for entry in snapshot.journal() for raw in entry.raws}
    lost = [raw.name for raw in raws.values() if not raw.path.exists()]
    changed = [raw.name for raw in raws.values() if raw.path.exists() and _hash(raw.path) != raw.sha256]
    facts = {"raw": len(raws), "lost": lost, "changed": changed}
    if lost or changed:
        names = ", ".join([*lost, *changed][:5])
        said = Text(
            f"원본 {len(lost)}개가 없고 {len(changed)}개가 바뀌었습니다: {names}",
            f"{len(lost)} raw files are lost and {len(changed)} altered: {names}",
        )
        return Finding("raw", "bad", said, facts)
    return Finding(
        "raw", "good", Text(f"원본 {len(raws)}개, 해시 모두 일치", f"{len(raws)} raw files, every hash right"), facts
    )


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
