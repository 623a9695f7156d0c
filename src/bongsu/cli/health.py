"""How each source stands, as a table for people and as JSON."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from bongsu.cli.output import Column, as_table
from bongsu.cli.session import Session
from bongsu.cli.wishes import keys_file
from bongsu.language import Text
from bongsu.sources.due import STATES, Health, State

STYLES = {State.FAILED: "red", State.PAUSED: "yellow", State.LATE: "yellow", State.SILENT: "yellow"}
COLUMNS = (
    Column("source", Text("출처", "Source"), wrap=False),
    Column("state_name", Text("상태", "State"), width=17),
    Column("read", Text("받은 날", "Last read"), wrap=False),
    Column("expected", Text("나와 있을 기간", "Expected"), wrap=False),
    Column("next", Text("다음 차례", "Next due"), wrap=False),
    Column("why", Text("설명", "Why"), width=84),
)


def table(session: Session, health: Sequence[Health], title: Text) -> None:
    """Print how the sources stand, what needs a hand first, and how many there are of each state."""
    order = list(STATES)
    ordered = sorted(health, key=lambda one: (order.index(one.state), one.source.id))
    as_table(session, COLUMNS, [_row(session, one) for one in ordered], session.say(title))
    counts = Counter(one.state for one in ordered)
    told = [f"{session.say(STATES[state])} {counts[state]}" for state in order if counts[state]]
    session.out.print(escape(" · ".join(told)))
    if counts[State.NEEDS_KEY]:
        said = Text("인증키 파일: {file} (한 줄에 '출처: 인증키')", "The key file: {file} (a line each, `source: key`)")
        session.out.print(escape(session.say(said.format(file=keys_file()))))


def document(one: Health) -> dict[str, Any]:
    """One source as JSON."""
    return {
        "source": one.source.id,
        "name": one.source.name,
        "state": one.state.value,
        "due": one.due,
        "late": one.late,
        "silent": one.silent,
        "since": one.since,
        "next_due": one.next_due,
        "expected": str(one.expected) if one.expected else None,
        "expected_since": one.expected.out if one.expected else None,
        "last_read": one.last_read,
        "last_new": one.last_new,
        "last_failed": one.last_failed,
        "cadence": one.source.cadence,
        "fetches": one.source.fetches,
        "why": one.why,
    }


def _row(session: Session, one: Health) -> dict[str, Any]:
    def day(moment: datetime | None) -> str | None:
        return moment.astimezone(ZoneInfo(session.zone)).date().isoformat() if moment else None

    return {
        "source": one.source.id,
        "state_name": STATES[one.state],
        "read": day(one.last_read),
        "expected": str(one.expected) if one.expected else None,
        "next": day(one.next_due),
        "why": one.why,
        "style": STYLES.get(one.state),
    }
