"""Statements in a real lake: once each, and taken back; and what runs by itself each minute."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bongsu.alerts.evidence import as_json
from bongsu.alerts.models import Alert, AlertEvidence, Concern
from bongsu.fusion.today import warnings_at
from bongsu.items.catalogue import catalogue
from bongsu.language import BadInputError, Text
from bongsu.missions import network
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import task
from bongsu.records.lake import Lake
from bongsu.records.shapes import STATEMENT
from bongsu.responses import actions, queries, tasks
from bongsu.responses.models import Report, StandingCheck
from bongsu.responses.publish import LakePublisher
from bongsu.responses.schedule import EVERY
from bongsu.responses.tasks import Done
from bongsu.sources.mission_reports.publish import Statement, publish

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def statements(folder: Path, moment: datetime) -> list[dict[str, Any]]:
    lake = Lake(folder)
    try:
        snapshot = lake.snapshot()
        rows: list[dict[str, Any]] = snapshot.arrow(snapshot.as_of(STATEMENT, moment)).to_pylist()
        return rows
    finally:
        lake.close()


def test_a_reviewed_report_lands_once_and_is_taken_back(
    filed: Make, officer: User, centre: User, acting: Make, settings: Settings
) -> None:
    report = filed().pk
    reviewed = acting(centre, at=AT + timedelta(hours=1))
    actions.review(by=reviewed, report=report, reliability="B", credibility=2)
    first = tasks.run(AT + timedelta(hours=2))
    assert (first.told, first.waiting, tasks.run(AT + timedelta(hours=3))) == (1, 0, Done(0, 0, 0, 0, 0))
    delivery = Report.objects.get().statement
    publisher = LakePublisher(settings.LAKE, "again")
    Report.objects.update(statement=None)  # as if the process had died before it could note it
    assert tasks.publish(AT + timedelta(hours=4), publisher) == (1, 0)
    assert Report.objects.get().statement == delivery
    [row] = statements(settings.LAKE, AT + timedelta(hours=5))
    told = {name: row[name] for name in ("report", "item", "place", "reliability", "credibility", "bearing", "tlp")}
    assert told == {
        "report": str(report),
        "item": "urea",
        "place": "CHN",
        "reliability": "B",
        "credibility": 2,
        "bearing": "tighter",
        "tlp": "GREEN",
    }
    assert row["known_at"] == reviewed.at
    assert statements(settings.LAKE, AT) == []
    raws = b"".join(path.read_bytes() for path in (settings.LAKE / "raw").rglob("*") if path.is_file())
    assert (raws != b"", "해관총서".encode() in raws, officer.name.encode() in raws) == (True, False, False)
    actions.withdraw_report(by=acting(officer, at=AT + timedelta(hours=6), why="잘못 들음"), report=report)
    assert tasks.run(AT + timedelta(hours=7)).told == 1
    assert statements(settings.LAKE, AT + timedelta(hours=8)) == []
    assert len(statements(settings.LAKE, AT + timedelta(hours=5))) == 1
    assert queries.unpublished(task(AT).reader) == ()


def test_a_statement_becomes_a_signal_and_its_author_sees_what_rests_on_it(
    filed: Make, officer: User, centre: User, acting: Make, settings: Settings
) -> None:
    report = filed().pk
    publisher = LakePublisher(settings.LAKE, "run")
    actions.review(by=acting(centre), report=report, reliability="B", credibility=2, publisher=publisher)
    lake = Lake(settings.LAKE)
    try:
        facts: dict[str, Any] = {"home": "KOR", "zone": "Asia/Seoul", "items": ["urea"]}
        [warning] = warnings_at(lake.snapshot(), catalogue("KOR"), network("KOR"), AT + timedelta(hours=1), **facts)
    finally:
        lake.close()
    kept = as_json(warning)
    marks: dict[str, Any] = {"subject": "urea", "grade": 0, "tlp": 1, "state": "issued", "level": warning.level}
    alert = Alert.objects.create(**marks, raised_at=AT, issued_at=AT, updated_at=AT)
    Concern.objects.create(of=alert, unit=f"mission:{officer.mission}", rule="r", why_ko="까닭", why_en="why", seq=1)
    AlertEvidence.objects.create(of=alert, seq=1, at=AT, digest="0" * 64, warning=kept)
    used = queries.used_by(officer.reader, report)
    assert [(one.kind, one.ref) for one in used] == [("statement", "1"), ("alert", str(alert.pk))]


def test_a_lake_that_is_held_makes_all_wait_and_an_odd_report_holds_up_no_other(
    filed: Make, centre: User, acting: Make, settings: Settings
) -> None:
    reports = tuple(filed().pk for _ in range(3))
    for minute, report in enumerate(reports):
        by = acting(centre, at=AT + timedelta(minutes=minute))
        actions.review(by=by, report=report, reliability="B", credibility=2)
    asked: list[str] = []

    class Held(LakePublisher):
        def publish(self, statement: Statement, *, at: datetime) -> int:
            asked.append(statement.report)
            lake = Lake(self.folder)
            with lake.writing():
                return publish(lake, statement, read_at=at, run_id=self.run_id)

    class Odd(LakePublisher):
        def publish(self, statement: Statement, *, at: datetime) -> int:
            if statement.report == str(reports[0]):
                raise BadInputError(Text("이상함", "odd"))
            return super().publish(statement, at=at)

    assert tasks.publish(AT, Held(settings.LAKE, "run")) == (0, 3)
    assert asked == [str(reports[0])]
    assert queries.unpublished(centre.reader) == reports
    assert tasks.publish(AT, Odd(settings.LAKE, "run")) == (2, 1)
    assert queries.unpublished(centre.reader) == reports[:1]


def test_a_report_of_a_day_that_no_lake_can_hold_holds_up_no_other(
    filed: Make, centre: User, acting: Make, caplog: pytest.LogCaptureFixture
) -> None:
    reports = tuple(filed().pk for _ in range(2))
    for report in reports:
        actions.review(by=acting(centre), report=report, reliability="B", credibility=2)
    Report.objects.filter(pk=reports[0]).update(observed_on=date.min)
    done = tasks.run(AT)
    assert (done.told, done.waiting, queries.unpublished(centre.reader)) == (1, 1, reports[:1])
    assert [one.en for one in done.said] == ["1 reports wait for the lake."]
    assert [str(reports[0]) in line for line in caplog.messages] == [True]


def test_one_odd_tasking_and_one_part_that_fails_hold_up_nothing_else(
    asked: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    odd, plain = asked(), asked(question="황린 수출이 줄었는가?")
    remind = actions.remind

    def failing(**facts: Any) -> tuple[str, ...]:  # noqa: ANN401 - as the action
        if facts["tasking"] == odd.pk:
            raise OverflowError(odd.question)
        return remind(**facts)

    def broken(*_: object) -> tuple[int, int]:
        raise BadInputError(Text("이상함", "odd"))

    monkeypatch.setattr(actions, "remind", failing)
    monkeypatch.setattr(tasks, "publish", broken)
    done = tasks.run(AT + timedelta(days=2))
    assert (done.reminded, done.failed, done.began) == (1, 1, StandingCheck.objects.count())
    assert [one.en for one in done.said] == ["statements: odd", "1 taskings could not be reminded of."]
    assert [event.kind for event in plain.events.all()] == ["asked", "reminded"]
    assert odd.question not in "".join(caplog.messages)


def test_the_checks_are_as_often_as_the_watch_grades(sample_lake: Path, settings: Settings) -> None:
    settings.LAKE = sample_lake
    grades = tasks.letters(AT)
    assert (set(grades), grades["urea"]) == (set(catalogue("KOR").items), "C")
    assert tasks.plan(AT) == (StandingCheck.objects.count(), 0)
    for every, item in StandingCheck.objects.values_list("every", "item"):
        assert every == EVERY[grades[item]]
    assert tasks.plan(AT + timedelta(hours=1)) == (0, 0)


def test_each_minute_reminds_and_plans_once(asked: Make, centre: User) -> None:
    asked()
    early = AT + timedelta(days=2)
    first, second = tasks.run(early), tasks.run(early)
    assert (first.reminded, second) == (1, Done(0, 0, 0, 0, 0))
    assert first.began == StandingCheck.objects.count() > 100
    assert AuditLine.objects.filter(act="tasking.remind", actor=None, via="task").count() == 1
    assert queries.taskings(centre.reader)[0].version == 2
