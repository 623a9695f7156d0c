"""`bongsu setup kr`: all of Korea Customs' open data, over as many days as its daily quota takes."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from rich.markup import escape
from rich.progress import Progress

from bongsu.cli.fetch import door
from bongsu.cli.session import Session
from bongsu.codes.hs import children
from bongsu.language import BongsuError, ExitCode, Text, UsageError
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.kr_customs.fetch import CHAPTERS, Fetched, Paused, Split, Step, plan, published_through
from bongsu.sources.kr_customs.fetch import fetch as ask
from bongsu.sources.source import Source, source


def run(session: Session, what: str, key: str, *, first: str, prefixes: tuple[str, ...]) -> ExitCode:
    """Ask for what the lake does not hold yet; ExitCode.PARTIAL where the quota ended the day."""
    if what != "kr":
        raise UsageError(
            Text(f"'{what}' 준비는 마련되지 않았습니다.", f"there is no setup for '{what}'."),
            mend=Text("bongsu setup kr --key 서비스키", "bongsu setup kr --key SERVICE_KEY"),
        )
    customs = source("kr_customs")
    start = _month(first)
    last = published_through(session.now, customs.lag, customs.zone)
    steps = list(plan(start, last, prefixes or CHAPTERS))
    lake = session.lake()
    try:
        return _work(session, lake, customs, key, steps)
    finally:
        lake.close()


def _work(session: Session, lake: Lake, customs: Source, key: str, steps: list[Step]) -> ExitCode:
    splits = lake.folder / "setup-kr-splits.json"
    done = _done(lake) | set(_kept(splits))
    with door() as way, Progress(console=session.err, transient=True) as progress:
        bar = progress.add_task(session.say(Text("관세청 자료", "Korea Customs")), total=len(steps))
        progress.advance(bar, sum(step.id in done for step in steps))
        for outcome in _journaled(session, lake, ask(way, customs, key, steps, done, children)):
            if isinstance(outcome, Paused):
                session.out.print(escape(outcome.error.to(session.language)))
                later = Text(
                    "여기까지 받은 것은 남아 있습니다. 내일 같은 명령을 다시 실행하십시오.",
                    "What has come is kept. Run the same command again tomorrow.",
                )
                session.out.print(session.say(later))
                return ExitCode.PARTIAL
            if isinstance(outcome, Fetched):
                _deliver(session, lake, customs, outcome)
                progress.advance(bar)
            else:
                _keep(splits, outcome.done)
            done.add(outcome.done)
    session.out.print(session.say(Text("모두 받았습니다.", "All is in.")))
    return ExitCode.DONE


def _journaled(
    session: Session, lake: Lake, outcomes: Iterator[Fetched | Split | Paused]
) -> Iterator[Fetched | Split | Paused]:
    """The outcomes; a failure goes into the journal, for failed is not the same as never fetched."""
    try:
        yield from outcomes
    except BongsuError as error:
        with suppress(LakeBusyError), lake.writing() as writer:
            writer.failed(error, source="kr_customs", raws=(), read_at=session.now, run_id=session.run_id)
        raise


def _deliver(session: Session, lake: Lake, customs: Source, outcome: Fetched) -> None:
    """One answer into the lake, its bytes and its address without the key in the raw archive."""
    content = outcome.answer.content

    def arrived(url: str, into: Path) -> str:
        del url  # the answer is already here
        into.write_bytes(content)
        return outcome.answer.media_type

    address = outcome.answer.url_without_secrets
    fetch(lake, customs, [address], Given(), read_at=session.now, run_id=session.run_id, download=arrived)


def _done(lake: Lake) -> set[str]:
    """The steps whose answers the lake holds, by the addresses in its journal."""
    found: set[str] = set()
    for entry in lake.snapshot().journal():
        if entry.source == "kr_customs" and entry.status != "failed":
            found |= {_step_id(raw.url) for raw in entry.raws if raw.url}
    return found


def _step_id(url: str) -> str:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return Step(asked.get("hsSgn", ""), asked.get("strtYymm", ""), asked.get("endYymm", "")).id


def _kept(path: Path) -> list[str]:
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _keep(path: Path, split: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([*_kept(path), split]), encoding="utf-8")


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise UsageError(
            Text(f"'{text}' 값은 달이 아닙니다.", f"'{text}' is no month."),
            where="--from",
            mend=Text("2015-01 처럼 쓰십시오.", "Write 2015-01."),
        ) from None
