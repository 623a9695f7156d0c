"""What folds from the events is what stands in the columns, whatever people do and in whatever order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bongsu.people.errors import RefusedError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role
from bongsu.responses import actions, fold, queries
from bongsu.responses.models import Report, ReportEvent, Tasking, TaskingEvent
from bongsu.responses.states import ReportKind, ReportState

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
BEIJING = "chn_beijing"
WHOLE: dict[str, Any] = {
    "title": "제목",
    "body": "본문",
    "items": ["urea"],
    "place": "CHN",
    "origin": "own",
    "observed_on": "2026-11-20",
}
STEPS: dict[str, tuple[str, Callable[[Actor, Report], object]]] = {
    "save": ("writer", lambda by, row: actions.save_draft(by=by, report=row.pk, seen=row.version, body=str(by.at))),
    "stale": ("writer", lambda by, row: actions.save_draft(by=by, report=row.pk, seen=0, body="옛 창")),
    "submit": ("writer", lambda by, row: actions.submit(by=by, report=row.pk)),
    "withdraw": ("writer", lambda by, row: actions.withdraw_report(by=by, report=row.pk, reason="까닭")),
    "return": ("judge", lambda by, row: actions.return_report(by=by, report=row.pk, reason="까닭")),
    "review": ("judge", lambda by, row: actions.review(by=by, report=row.pk, reliability="B", credibility=2)),
    "close": ("judge", lambda by, row: actions.close_tasking(by=by, tasking=row.tasking_id)),
    "tell": ("task", lambda by, row: actions.tell(by=by, report=row.pk, publisher=_Counting())),
}


class _Counting:
    def publish(self, _statement: object, *, at: datetime) -> int:
        return int(at.timestamp())

    def withdraw(self, _report: str, *, at: datetime) -> int:
        return int(at.timestamp())


class TestWhateverIsDone(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
    def test_columns_are_what_folds_and_every_past_stays_as_it_was(self, steps: list[str]) -> None:
        people = {name: self._person(name, role) for name, role in (("writer", Role.MISSION), ("judge", Role.CENTRE))}
        judge = Actor(reader=people["judge"].reader, at=AT)
        deadline = AT + timedelta(minutes=6)
        tasking = actions.ask(by=judge, question="?", missions=[BEIJING], deadline=deadline)
        report = actions.save_draft(by=Actor(reader=people["writer"].reader, at=AT), tasking=tasking.pk, **WHOLE)
        past = [(AT, self._stands(people["writer"], report, tasking))]
        for minute, step in enumerate(steps, 1):
            who, act = STEPS[step]
            at = AT + timedelta(minutes=minute)
            by = task(at) if who == "task" else Actor(reader=people[who].reader, at=at)
            with suppress(RefusedError):
                act(by, Report.objects.get(pk=report.pk))
            past.append((at, self._stands(people["writer"], report, tasking)))
        self._columns(report, tasking)
        for at, stood in past:
            assert self._stands(people["writer"], report, tasking, at) == stood
        assert sorted(AuditLine.objects.values_list("seq", flat=True)) == list(range(1, AuditLine.objects.count() + 1))

    def _person(self, name: str, role: Role) -> User:
        mission = BEIJING if role is Role.MISSION else ""
        return User.objects.create(username=name, name=name, role=role, mission=mission, grade=2, tlp=4, joined_at=AT)

    def _stands(self, user: User, report: Report, tasking: Tasking, at: datetime | None = None) -> tuple[Any, ...]:
        one = queries.report(user.reader, report.pk, as_of=at)
        asked = queries.tasking(user.reader, tasking.pk, as_of=at)
        [line] = queries.reports(user.reader, as_of=at)
        assert (line.state, line.version, line.title) == (one.state, one.version, one.title)
        return one, asked

    def _columns(self, report: Report, tasking: Tasking) -> None:
        row, asked = Report.objects.get(pk=report.pk), Tasking.objects.get(pk=tasking.pk)
        facts, told = fold.report(row.events.all()), fold.tasking(asked.events.all())
        for name in (*fold.CONTENT, "version", "state", "statement", "taken_back", "submitted_at", "withdrawn_at"):
            value = getattr(facts, name)
            assert getattr(row, name) == (list(value) if isinstance(value, tuple) else value)
        assert (row.reviewer_id, row.updated_at) == (facts.reviewer, facts.updated_at)
        assert (asked.version, asked.state, asked.updated_at) == (told.version, told.state, told.updated_at)
        assert dict(asked.asked.values_list("mission", "answered_at")) == told.answers
        for events in (ReportEvent.objects.filter(of=row), TaskingEvent.objects.filter(of=asked)):
            assert [one.seq for one in events] == list(range(1, len(events) + 1))
        kept = [one.data["content"]["body"] for one in row.events.all() if one.kind == ReportKind.KEPT_ASIDE]
        assert set(kept) <= {"옛 창", *(str(AT + timedelta(minutes=minute)) for minute in range(13))}
        assert row.state in set(ReportState)


def test_events_are_neither_changed_nor_deleted(db: None) -> None:  # noqa: ARG001 - it opens the database
    for events in (ReportEvent, TaskingEvent):
        with pytest.raises(TypeError, match="never changed"):
            events.objects.update(kind="x")
        with pytest.raises(TypeError, match="never deleted"):
            events.objects.all().delete()
