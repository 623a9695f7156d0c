"""A question goes out, a mission answers, the answer is graded and becomes a statement."""

from collections.abc import Callable
from typing import Any

import pytest

from bongsu.people.models import User
from bongsu.responses import actions, queries
from bongsu.responses.models import Report, Tasking
from bongsu.responses.states import ReportState, TaskingState

pytestmark = pytest.mark.django_db


def test_a_question_becomes_a_statement(
    asked: Callable[..., Tasking],
    filed: Callable[..., Report],
    centre: User,
    officer: User,
    acting: Callable[..., Any],
    publisher: Any,  # noqa: ANN401 - the one that remembers
) -> None:
    tasking = asked()
    assert [one.id for one in queries.taskings(officer.reader)] == [tasking.pk]
    report = filed(tasking=tasking.pk)
    assert queries.tasking(centre.reader, tasking.pk).state is TaskingState.ANSWERED
    done = actions.review(
        by=acting(centre), report=report.pk, seen=report.version, reliability="B", credibility=2, publisher=publisher
    )
    assert (done.state, done.statement, queries.unpublished(centre.reader)) == (ReportState.REVIEWED, 1, ())
    statement = publisher.standing[str(report.pk)]
    assert (statement.items, statement.place, statement.reliability, statement.tlp) == (("urea",), "CHN", "B", "GREEN")
    assert [one.kind for one in queries.used_by(officer.reader, report.pk)] == ["statement"]
