"""Two at once: exactly one wins, the other is told so, and nothing is lost."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from bongsu.alerts import actions, queries
from bongsu.alerts.fold import fold, projection
from bongsu.alerts.models import Alert, AlertEvent, Telling
from bongsu.people.audit import write_line
from bongsu.people.errors import OutOfStepError, RefusedError, StaleError
from bongsu.people.models import AuditLine
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Runs each act in a thread and a connection of its own, all starting together; how they ended, by name."""
    ended: list[str] = []
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
            ended.append("done")
        except RefusedError as refused:
            ended.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ended)


@pytest.fixture(autouse=True)
def _on_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:  # noqa: ARG001 - it opens the database
    """SQLite as it is installed: a file, not the memory of one process, whose tables no two connections can wait for."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name, file = connection.connection, connection.settings_dict["NAME"], tmp_path / "floor.sqlite3"
    with closing(sqlite3.connect(file)) as copy:
        memory.backup(copy)
    connection.settings_dict["NAME"], connection.connection = str(file), None
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, memory


@pytest.fixture
def by(person: Callable[..., Any]) -> Actor:
    """A duty officer with a reason; the first line of the trail is there, so that no one waits for it to be made."""
    actor = Actor(reader=person(Role.DUTY).reader, at=MOMENT, why="사유")
    write_line(actor, "test.begin", "test")
    return actor


def _whole(row: Alert) -> None:
    row.refresh_from_db()
    standing = fold(row.events.order_by("seq"))
    assert standing is not None
    assert {name: getattr(row, name) for name in projection(row.subject, standing)} == projection(row.subject, standing)


def test_two_who_raise_make_one_alert_and_lose_no_evidence(by: Actor, concerned: Callable[..., Any]) -> None:
    def raising(level: int, unit: str) -> Callable[[], Any]:
        warning = {"subject": "urea", "level": level}
        return lambda: actions.raise_alert(
            by=task(MOMENT), warning=warning, level=level, grade=0, tlp=0, concerns=concerned(unit)
        )

    assert at_once(*(raising(level, f"desk:{level}") for level in (2, 3, 4, 5))) == {"done": 4}
    row = Alert.objects.get()
    assert {one.warning["level"] for one in row.evidence.all()} == {2, 3, 4, 5}
    assert set(row.concerns.values_list("unit", flat=True)) == {"desk:2", "desk:3", "desk:4", "desk:5"}
    assert Telling.objects.filter(of=row, unit=f"user:{by.reader.user}").exists()
    _whole(row)


def test_a_double_issue_is_issued_once(by: Actor, raised: Callable[..., Any]) -> None:
    row = actions.triage(by=by, alert=raised(units=("mission:chn_beijing",)).pk)
    ended = at_once(*[lambda: actions.issue(by=by, alert=row.pk, seen=row.version)] * 4)
    assert ended == {"done": 1, StaleError.__name__: 3}
    assert AlertEvent.objects.filter(of=row, kind="issue").count() == 1
    assert AuditLine.objects.filter(act="alert.issue").count() == 1
    _whole(row)


def test_without_a_version_the_second_issue_is_out_of_step(by: Actor, raised: Callable[..., Any]) -> None:
    row = actions.triage(by=by, alert=raised().pk)
    ended = at_once(*[lambda: actions.issue(by=by, alert=row.pk)] * 3)
    assert ended == {"done": 1, OutOfStepError.__name__: 2}


def test_of_two_who_close_and_reopen_at_once_one_acts_on_what_they_saw(by: Actor, raised: Callable[..., Any]) -> None:
    row = actions.triage(by=by, alert=raised().pk)
    seen = row.version
    ended = at_once(
        *[lambda: actions.close(by=by, alert=row.pk, seen=seen)] * 2,
        *[lambda: actions.reopen(by=by, alert=row.pk, seen=seen)] * 2,
    )
    assert (ended["done"], ended.total()) == (1, 4)
    row.refresh_from_db()
    assert (row.state, row.version) == ("closed", seen + 1)
    ended = at_once(*[lambda: actions.reopen(by=by, alert=row.pk, seen=row.version)] * 3)
    assert ended == {"done": 1, StaleError.__name__: 2}
    _whole(row)


def test_reopening_while_another_is_raised_leaves_one_open(
    by: Actor, raised: Callable[..., Any], concerned: Callable[..., Any]
) -> None:
    row = actions.close(by=by, alert=actions.triage(by=by, alert=raised().pk).pk)
    warning = {"subject": "urea", "level": 4, "new": True}
    ended = at_once(
        lambda: actions.reopen(by=by, alert=row.pk),
        lambda: actions.raise_alert(
            by=task(MOMENT), warning=warning, level=4, grade=0, tlp=0, concerns=concerned("desk:supply")
        ),
    )
    assert ended in ({"done": 2}, {"done": 1, OutOfStepError.__name__: 1})
    assert Alert.objects.filter(open_for="urea").count() == 1
    for one in Alert.objects.all():
        _whole(one)


def test_no_note_is_lost_and_events_are_numbered_without_a_gap(by: Actor, raised: Callable[..., Any]) -> None:
    row = raised()
    acts = [lambda text=str(number): actions.note(by=by, alert=row.pk, text=text) for number in range(8)]
    assert at_once(*acts) == {"done": 8}
    lines = queries.timeline(by.reader, row.pk)
    assert [line.seq for line in lines] == list(range(1, 10))
    assert sorted(line.note for line in lines[1:]) == [str(number) for number in range(8)]
    _whole(row)


def test_two_who_merge_crosswise_do_not_hang(by: Actor, raised: Callable[..., Any]) -> None:
    one, other = raised(subject="urea"), raised(subject="ammonia")
    ended = at_once(
        lambda: actions.merge(by=by, alert=one.pk, into=other.pk),
        lambda: actions.merge(by=by, alert=other.pk, into=one.pk),
    )
    assert ended == {"done": 1, OutOfStepError.__name__: 1}
    assert Alert.objects.filter(open_for__isnull=False).count() == 1
