"""`bongsu fetch`: bring a source's figures into the lake."""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.markup import escape

from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.http import Clock, Door
from bongsu.language import BadInputError, ExitCode, Text, UsageError
from bongsu.records.writer import Receipt
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import source

USER_AGENT = "Bongsu/0.1 (early-warning reader)"

_KINDS = {
    "raw_rows": Text("원본 행", "rows read"),
    "new": Text("새 기록", "new"),
    "revised": Text("바뀐 기록", "revised"),
    "withdrawn": Text("거두어진 기록", "withdrawn"),
    "unchanged": Text("그대로", "unchanged"),
    "repeated": Text("되풀이된 행", "repeated"),
    "replaced": Text("늦게 온 판 때문에 다시 쓴 기록", "written again behind a late vintage"),
    "quarantined": Text("격리", "quarantined"),
}


def run(
    session: Session,
    source_id: str,
    places: Sequence[str],
    *,
    published: str | None,
    mapping: Path | None,
    as_json_: bool,
) -> ExitCode:
    """Fetch and tell what became of it; ExitCode.PARTIAL where rows were set aside."""
    given = Given(published=_day(published, session.now), mapping=_mapping(mapping))
    lake = session.lake()
    try:
        with session.err.status(session.say(Text("읽는 중…", "reading …"))):
            receipt = fetch(
                lake,
                source(source_id),
                places,
                given,
                read_at=session.now,
                run_id=session.run_id,
                download=download,
            )
    finally:
        lake.close()
    if as_json_:
        as_json(session, receipt_document(receipt))
    else:
        print_receipt(session, receipt)
    return ExitCode.PARTIAL if receipt.counts.get("quarantined") else ExitCode.DONE


def door(*, min_interval: float = 0.0) -> Door:
    """The way to the network, with the real clock and `min_interval` seconds between two requests to a host."""
    clock = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep, random.random)
    return Door(USER_AGENT, clock=clock, min_interval=min_interval)


def download(url: str, into: Path) -> str:
    """One file through the door."""
    with door() as way:
        return way.get(url, into=into).media_type


def receipt_document(receipt: Receipt) -> Mapping[str, Any]:
    """The receipt as JSON."""
    return {
        "seq": receipt.seq,
        "source": receipt.source,
        "status": receipt.status,
        "counts": receipt.counts,
        "notes": receipt.notes,
        "raws": [{"name": raw.name, "sha256": raw.sha256, "bytes": raw.size} for raw in receipt.raws],
    }


def print_receipt(session: Session, receipt: Receipt) -> None:
    """What a delivery changed, in words."""
    say = session.say
    status = {
        "landed": Text("들어왔습니다", "landed"),
        "unchanged": Text("바뀐 것이 없습니다", "nothing new"),
    }[receipt.status]
    session.out.print(f"[bold]{receipt.source}[/bold] #{receipt.seq}: {say(status)}")
    for kind, name in _KINDS.items():
        if receipt.counts.get(kind):
            session.out.print(f"  {say(name)}: {receipt.counts[kind]:,}")
    for kind, number in receipt.counts.items():
        if kind.startswith("passed_over.") and number:
            reason = kind.partition(".")[2]
            session.out.print(f"  {say(Text('건너뜀', 'passed over'))} ({reason}): {number:,}")
    for note in receipt.notes:
        session.out.print(f"  [dim]{escape(say(note))}[/dim]")
    if receipt.counts.get("quarantined"):
        look = Text(
            "격리된 행은 bongsu records --quarantine 으로 봅니다.", "See the rows with bongsu records --quarantine."
        )
        session.out.print(f"  {say(look)}")


def _day(text: str | None, now: datetime) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            Text(f"'{text}' 값은 날짜가 아닙니다.", f"'{text}' is not a date."),
            where="--published",
            mend=Text("2026-11-15 처럼 쓰십시오.", "Write it as 2026-11-15."),
        ) from None
    # East of UTC it may already be tomorrow. What is dated later would stay unseen until then.
    if day is not None and day > now.date() + timedelta(days=1):
        raise UsageError(
            Text(f"{day}은 아직 오지 않은 날입니다.", f"{day} has not come yet."),
            where="--published",
            mend=Text("파일이 공표된 날을 쓰십시오.", "Give the day on which the file came out."),
        )
    return day


def _mapping(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            Text("대응표를 읽을 수 없습니다.", "the mapping cannot be read."),
            where=str(path),
            mend=Text("경로와 UTF-8 인코딩을 확인하십시오.", "Check the path, and that it is UTF-8."),
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day such as 2024-13-45
        mark = getattr(error, "problem_mark", None)
        raise BadInputError(
            Text("대응표의 YAML이 잘못되었습니다.", "the mapping is not valid YAML."),
            where=f"{path}:{mark.line + 1}" if mark else str(path),
            mend=Text("그 줄의 들여쓰기와 쌍점을 확인하십시오.", "Check that line's indentation and colons."),
        ) from error
    if not isinstance(found, dict):
        raise BadInputError(
            Text("대응표는 '이름: 값' 꼴이어야 합니다.", "a mapping is made of `name: value` lines."),
            where=str(path),
            mend=Text("MAPPING.md의 예를 따르십시오.", "Follow the examples in MAPPING.md."),
        )
    return found
