"""Several at once, each on a connection of their own: nothing is lost, and nothing happens twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from bongsu.items.catalogue import catalogue
from bongsu.missions import network
from bongsu.people.errors import OutOfStepError, StaleError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import task
from bongsu.people.roles import Role
from bongsu.responses import actions, queries
from bongsu.responses.models import CheckDone, Report, StandingCheck

Together = Callable[[Sequence[Callable[[], object]]], list[object]]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="the tests' SQLite is one connection: nothing is side by side"
    ),
]
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
BEIJING, JAKARTA = "chn_beijing", "idn_jakarta"
Make = Callable[..., Any]


def test_of_four_reviewers_one_reviews(together: Together, filed: Make, person: Make, acting: Make) -> None:
    report = filed()
    judges = [acting(person(Role.CENTRE)) for _ in range(4)]
    ended = together(
        [
            lambda by=by: actions.review(by=by, report=report.pk, seen=report.version, reliability="B", credibility=2)
            for by in judges
        ]
    )
    assert sum(isinstance(one, Report) for one in ended) == 1
    assert sum(isinstance(one, StaleError | OutOfStepError) for one in ended) == 3
    assert AuditLine.objects.filter(act="report.review").count() == 1


def test_of_four_windows_one_saves_and_three_are_kept_aside(
    together: Together, draft: Make, officer: User, acting: Make
) -> None:
    report = draft()
    ended = together(
        [
            lambda body=body: actions.save_draft(by=acting(officer), report=report.pk, seen=report.version, body=body)
            for body in "가나다라"
        ]
    )
    saved = queries.report(officer.reader, report.pk).body
    aside = [one.content["body"] for one in queries.kept_aside(officer.reader, report.pk)]
    assert sorted([saved, *aside]) == list("가나다라")
    assert sum(isinstance(one, StaleError) for one in ended) == 3
    assert list(report.events.values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_missions_that_answer_at_once_have_all_answered(
    together: Together, asked: Make, draft: Make, officer: User, elsewhere: User, acting: Make
) -> None:
    tasking = asked(missions=[BEIJING, JAKARTA])
    whole = {"title": "없음", "body": "없다.", "observed_on": "2026-11-21", "origin": "own"}
    other = actions.save_draft(by=acting(elsewhere), tasking=tasking.pk, **whole)
    pairs = [(officer, draft(tasking=tasking.pk)), (elsewhere, other), (officer, draft(tasking=tasking.pk))]
    together([lambda user=user, row=row: actions.submit(by=acting(user), report=row.pk) for user, row in pairs])
    tasking.refresh_from_db()
    assert (tasking.state, tasking.asked.filter(answered_at=None).count()) == ("answered", 0)


def test_a_tap_that_is_doubled_says_nil_once(together: Together, officer: User, acting: Make) -> None:
    check = StandingCheck.objects.create(
        mission=BEIJING, item="urea", every="weekly", since=AT, due_at=AT + timedelta(days=8)
    )
    together([lambda: actions.nil_return(by=acting(officer), check=check.pk)] * 4)
    assert (CheckDone.objects.count(), AuditLine.objects.count()) == (1, 1)


def test_plans_made_at_once_make_each_check_once(together: Together) -> None:
    facts: dict[str, Any] = {"catalogue": catalogue("KOR"), "network": network("KOR"), "on": AT.date()}
    together([lambda: actions.plan_checks(by=task(AT), **facts)] * 3)
    keys = list(StandingCheck.objects.filter(ended_at=None).values_list("mission", "item"))
    assert len(keys) == len(set(keys)) > 100
