"""`bongsu tour`: the main job on the packaged sample, from nothing to printed warnings."""

from dataclasses import replace

from rich.rule import Rule

from bongsu.cli.session import Session
from bongsu.cli.watch import run as watch
from bongsu.language import ExitCode, Text
from bongsu.sources.sample.load import load

UREA_DAY = "2021-10-13"


def run(session: Session) -> ExitCode:
    """Load the sample into a lake of its own, print today's watch, then urea on the day of the notice."""
    session = replace(session, folder=session.folder.with_name(f"{session.folder.name}-tour"))
    lake = session.lake()
    try:
        with session.err.status(session.say(Text("표본 기록을 넣는 중…", "loading the sample …"))):
            load(lake, read_at=session.now, run_id=session.run_id)
    finally:
        lake.close()
    _say(
        session,
        Text("오늘의 상황 (표본: 오래된 것은 오래되었다고 적습니다)", "Today (on the sample: what is stale says so)"),
    )
    watch(session, as_of=None, items=(), level=None, everything=False, form="table", xlsx=None)
    _say(
        session,
        Text("2021년 10월 13일의 요소: 공고가 올라온 날", "Urea on 13 October 2021, the day the notice went online"),
    )
    watch(session, as_of=UREA_DAY, items=("urea",), level=None, everything=True, form="table", xlsx=None)
    where = Text(
        "더 보기: bongsu explain urea@2021-10-13 --lake {lake}\n자기 자료 넣기: bongsu fetch --help",
        "More: bongsu explain urea@2021-10-13 --lake {lake}\nYour own figures: bongsu fetch --help",
    )
    session.out.print(session.say(where.format(lake=f'"{session.folder}"')), soft_wrap=True)
    return ExitCode.DONE


def _say(session: Session, title: Text) -> None:
    session.out.print()
    session.out.print(Rule(session.say(title), align="left"))
