"""`bongsu setup kr`: all of Korea Customs' open data, over as many days as its daily quota takes."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from rich.markup import escape
from rich.progress import Progress

from bongsu.cli.fetch import door
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text, UsageError
from bongsu.records.lake import Lake
from bongsu.records.lease import Holder, lease
from bongsu.sources.asking import Ask, PlanRequest, Verdict
from bongsu.sources.kr_customs import fetch as customs
from bongsu.sources.outcome import Step
from bongsu.sources.past import answers
from bongsu.sources.run import Round
from bongsu.sources.source import source


@dataclass(frozen=True)
class Everything:
    """The plan of `kr_customs` with each question asked only once, however old its answer."""

    def plan(self, request: PlanRequest) -> Iterator[Ask]:
        """Every question, once."""
        return (replace(ask, once=True) for ask in customs.plan(request))

    def judge(self, ask: Ask, answer: bytes, where: str) -> Verdict:
        """As the source judges."""
        return customs.judge(ask, answer, where)


def run(session: Session, what: str, key: str, *, first: str, prefixes: tuple[str, ...]) -> ExitCode:
    """Ask for what the lake does not hold yet; ExitCode.PARTIAL where the quota ended the day."""
    if what != "kr":
        raise UsageError(
            Text(f"'{what}' 준비는 마련되지 않았습니다.", f"there is no setup for '{what}'."),
            mend=Text("bongsu setup kr --key 서비스키", "bongsu setup kr --key SERVICE_KEY"),
        )
    request = PlanRequest(source("kr_customs"), session.now, _month(first), {"hs": prefixes}, keyed=True)
    holder = Holder(session.run_id, platform.node(), os.getpid(), session.now.isoformat(timespec="minutes"))
    with lease(session.folder, holder):
        lake = session.lake()
        try:
            return _work(session, lake, request, key)
        finally:
            lake.close()


def _work(session: Session, lake: Lake, request: PlanRequest, key: str) -> ExitCode:
    own = [entry for entry in lake.snapshot().journal() if entry.source == request.source.id]
    with door() as way, Progress(console=session.err, transient=True) as progress:
        bar = progress.add_task(session.say(Text("관세청 자료", "Korea Customs")), total=None)
        asking = Round(lake, way, request, answers(own, None), key, session.run_id, Everything())
        for number, outcome in enumerate(asking.run(), 1):
            progress.update(bar, completed=number, total=number + outcome.left)
            if outcome.step is Step.FAILED and outcome.error:
                raise outcome.error
            if outcome.step is Step.PAUSED and outcome.error:
                session.out.print(escape(outcome.error.to(session.language)))
                later = Text(
                    "여기까지 받은 것은 남아 있습니다. 내일 같은 명령을 다시 실행하십시오.",
                    "What has come is kept. Run the same command again tomorrow.",
                )
                session.out.print(session.say(later))
                return ExitCode.PARTIAL
    session.out.print(session.say(Text("모두 받았습니다.", "All is in.")))
    return ExitCode.DONE


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise UsageError(
            Text(f"'{text}' 값은 달이 아닙니다.", f"'{text}' is no month."),
            where="--from",
            mend=Text("2015-01 처럼 쓰십시오.", "Write 2015-01."),
        ) from None
