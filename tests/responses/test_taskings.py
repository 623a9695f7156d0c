"""Taskings: who may ask whom, when missions are reminded, and what the board says at any moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError, StaleError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import NOBODY, task
from bongsu.people.roles import Role
from bongsu.responses import actions, queries
from bongsu.responses.fold import TaskingFacts
from bongsu.responses.models import Report, Tasking
from bongsu.responses.queries import Cell
from bongsu.responses.reminders import AFTER_DEADLINE, Reminder, reminders_due
from bongsu.responses.states import TASKING_EDGES, Step, TaskingState

pytestmark = pytest.mark.django_db

BEIJING, JAKARTA = "chn_beijing", "idn_jakarta"
ASKED_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
Make = Callable[..., Any]


def test_it_is_answered_when_each_mission_has_filed(
    asked: Make, filed: Make, centre: User, elsewhere: User, acting: Make
) -> None:
    tasking = asked(missions=[BEIJING, JAKARTA, BEIJING])
    filed(tasking=tasking.pk)
    half = queries.tasking(centre.reader, tasking.pk)
    assert (half.state, half.answers) == (TaskingState.OPEN, ((BEIJING, ASKED_AT), (JAKARTA, None)))
    late = acting(elsewhere, at=ASKED_AT + timedelta(days=6))
    whole = {"title": "이상 없음", "body": "없다.", "observed_on": "2026-11-21", "origin": "own"}
    actions.submit(by=late, report=actions.save_draft(by=late, tasking=tasking.pk, **whole).pk)
    done = queries.tasking(centre.reader, tasking.pk)
    assert (done.state, done.late(BEIJING), done.late(JAKARTA)) == (TaskingState.ANSWERED, False, True)
    [line] = queries.board(centre.reader, as_of=late.at)
    assert [(cell.mission, cell.state, cell.staffed) for cell in line.cells] == [
        (BEIJING, Cell.ANSWERED, True),
        (JAKARTA, Cell.LATE, True),
    ]
    [then] = queries.board(centre.reader, as_of=ASKED_AT + timedelta(days=5))
    assert [cell.state for cell in then.cells] == [Cell.ANSWERED, Cell.OVERDUE]


def test_a_mission_sees_its_own_line_only(asked: Make, officer: User, elsewhere: User) -> None:
    shared, foreign = asked(missions=[BEIJING, JAKARTA]), asked(missions=[JAKARTA])
    assert [(one.id, one.answers) for one in queries.taskings(officer.reader)] == [(shared.pk, ((BEIJING, None),))]
    assert {one.id for one in queries.taskings(elsewhere.reader)} == {shared.pk, foreign.pk}
    with pytest.raises(NotThereError) as other:
        queries.tasking(officer.reader, foreign.pk)
    with pytest.raises(NotThereError) as missing:
        queries.tasking(officer.reader, uuid4())
    assert other.value.what == missing.value.what


def test_an_answer_that_is_withdrawn_leaves_the_question_open_again(
    asked: Make, filed: Make, officer: User, centre: User, acting: Make
) -> None:
    tasking = asked()
    first, second = filed(tasking=tasking.pk), filed(tasking=tasking.pk)
    by = acting(officer, why="잘못 보냄", at=ASKED_AT + timedelta(hours=1))
    actions.withdraw_report(by=by, report=first.pk)
    assert queries.tasking(centre.reader, tasking.pk).state is TaskingState.ANSWERED
    actions.withdraw_report(by=by, report=second.pk)
    assert queries.tasking(centre.reader, tasking.pk).state is TaskingState.OPEN
    assert queries.tasking(centre.reader, tasking.pk, as_of=ASKED_AT).state is TaskingState.ANSWERED
    assert [one.answers for one in queries.taskings(officer.reader)] == [((BEIJING, None),)]


def test_an_answer_to_what_was_not_asked_of_the_mission_answers_nothing(
    asked: Make, officer: User, acting: Make
) -> None:
    foreign = asked(missions=[JAKARTA])
    with pytest.raises(NotThereError):
        actions.save_draft(by=acting(officer), tasking=foreign.pk, title="x")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"missions": []}, "missions"),
        ({"missions": ["atlantis"]}, "missions"),
        ({"missions": ["<b>chn</b>\u202e"]}, "missions"),
        ({"question": " \n"}, "question"),
        ({"question": "a\0b"}, "question"),
        ({"question": "\ud800"}, "question"),
        ({"question": "a" * 10_001}, "question"),
        ({"item": "unobtainium"}, "item"),
        ({"deadline": ASKED_AT}, "deadline"),
        ({"deadline": datetime(9999, 12, 31, tzinfo=UTC)}, "deadline"),
        ({"deadline": ASKED_AT + timedelta(days=733)}, "deadline"),
        ({"deadline": datetime(2027, 1, 1)}, "deadline"),  # noqa: DTZ001 - that is what is wrong
        ({"grade": "C"}, "grade"),
        ({"grade": 9}, "grade"),
        ({"tlp": "PURPLE"}, "tlp"),
    ],
)
def test_what_cannot_be_asked_is_named(asked: Make, wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidError) as refused:
        asked(**wrong)
    assert (refused.value.where, Tasking.objects.count(), AuditLine.objects.count()) == (where, 0, 0)


def test_nobody_asks_above_what_they_may_read(person: Make, acting: Make, settings: Settings) -> None:
    settings.GRADE = 2
    low = acting(person(Role.CENTRE, grade=0, tlp=1))
    facts: dict[str, Any] = {"question": "?", "missions": [BEIJING], "deadline": ASKED_AT + timedelta(days=1)}
    for marks in ({"grade": "S"}, {"tlp": "AMBER"}):
        with pytest.raises(InvalidError):
            actions.ask(by=low, **facts, **marks)
    assert actions.ask(by=low, **facts).tlp == 1


def test_a_question_beyond_a_mission_s_clearance_is_not_there_for_it(asked: Make, person: Make) -> None:
    asked(grade="S", tlp="AMBER")
    for low in ({"grade": 0}, {"tlp": 1}):
        assert queries.taskings(person(Role.MISSION, mission=BEIJING, **low).reader) == ()


@pytest.mark.parametrize("state", TaskingState)
@pytest.mark.parametrize("step", TASKING_EDGES)
def test_each_step_is_taken_from_its_states_and_from_no_other(
    asked: Make, filed: Make, centre: User, acting: Make, state: TaskingState, step: Step
) -> None:
    take = {Step.CLOSE_TASKING: actions.close_tasking, Step.WITHDRAW_TASKING: actions.withdraw_tasking}
    by = acting(centre, why="확인됨")
    tasking = asked()
    if state is TaskingState.ANSWERED:
        filed(tasking=tasking.pk)
    if state in (TaskingState.CLOSED, TaskingState.WITHDRAWN):
        take[Step.CLOSE_TASKING if state is TaskingState.CLOSED else Step.WITHDRAW_TASKING](by=by, tasking=tasking.pk)
    before = queries.tasking(centre.reader, tasking.pk)
    assert before.state is state
    assert (step in before.steps) == (state in TASKING_EDGES[step])
    if state not in TASKING_EDGES[step]:
        with pytest.raises(OutOfStepError):
            take[step](by=by, tasking=tasking.pk)
        return
    with pytest.raises(StaleError):
        take[step](by=by, tasking=tasking.pk, seen=before.version - 1)
    after = take[step](by=by, tasking=tasking.pk, seen=before.version)
    assert after.state == TASKING_EDGES[step][state]
    assert AuditLine.objects.last().act == f"tasking.{after.state}"


def test_a_withdrawal_says_why(asked: Make, centre: User, acting: Make) -> None:
    tasking = asked()
    with pytest.raises(InvalidError):
        actions.withdraw_tasking(by=acting(centre), tasking=tasking.pk)
    actions.withdraw_tasking(by=acting(centre), tasking=tasking.pk, reason="품목을 잘못 적음")
    assert queries.tasking(centre.reader, tasking.pk).why == "품목을 잘못 적음"


def test_a_late_report_on_a_closed_tasking_is_filed_and_changes_it_no_more(
    asked: Make, filed: Make, centre: User, acting: Make
) -> None:
    tasking = asked()
    actions.close_tasking(by=acting(centre), tasking=tasking.pk)
    assert filed(tasking=tasking.pk).state == "submitted"
    assert queries.tasking(centre.reader, tasking.pk).answers == ((BEIJING, None),)


# ---- reminders


def test_reminders_go_out_once_each_and_stop_with_the_answer(asked: Make, filed: Make, centre: User) -> None:
    tasking = asked()
    sent = [
        actions.remind(by=task(ASKED_AT + timedelta(hours=hours)), tasking=tasking.pk)
        for hours in (0, 47, 48, 49, 96, 96, 120, 121, 143, 144, 500)
    ]
    assert [one for told in sent for one in told] == list(Reminder)
    assert [len(one) for one in sent] == [0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0]
    assert queries.tasking(centre.reader, tasking.pk).reminded == tuple(Reminder)
    other = asked()
    filed(tasking=other.pk)
    assert actions.remind(by=task(ASKED_AT + timedelta(days=4)), tasking=other.pk) == ()


@given(
    notice=st.timedeltas(timedelta(minutes=1), timedelta(days=10)),
    looks=st.lists(st.timedeltas(timedelta(days=-1), timedelta(days=15)), max_size=12),
)
def test_however_often_and_in_whatever_order_one_looks_no_reminder_goes_out_twice_or_backwards(
    notice: timedelta, looks: list[timedelta]
) -> None:
    deadline = ASKED_AT + notice
    sent: list[str] = []
    for look in looks:  # a clock that jumps is only another order
        facts = TaskingFacts(asked_at=ASKED_AT, deadline=deadline, answers={BEIJING: None}, reminded=tuple(sent))
        due = reminders_due(facts, ASKED_AT + look)
        assert len(due) <= 1
        assert all(ASKED_AT < deadline + AFTER_DEADLINE[one] <= ASKED_AT + look for one in due)
        sent += due
    ranks = [list(Reminder).index(Reminder(one)) for one in sent]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("state", [state for state in TaskingState if state is not TaskingState.OPEN])
def test_what_is_not_open_is_not_reminded(state: TaskingState) -> None:
    facts = TaskingFacts(state=state, asked_at=ASKED_AT, deadline=ASKED_AT + timedelta(hours=1))
    assert reminders_due(facts, ASKED_AT + timedelta(days=9)) == ()


def test_a_deadline_at_the_end_of_time_reminds_nobody_and_breaks_nothing() -> None:
    for deadline in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        assert reminders_due(TaskingFacts(deadline=deadline, asked_at=ASKED_AT), ASKED_AT) == ()


def test_a_mission_without_staff_shows_on_the_board(asked: Make, centre: User) -> None:
    asked(missions=[JAKARTA])
    [line] = queries.board(centre.reader, as_of=ASKED_AT)
    assert [(cell.state, cell.staffed) for cell in line.cells] == [(Cell.WAITING, False)]


def test_nobody_sees_nothing(asked: Make) -> None:
    asked()
    assert queries.taskings(NOBODY) == ()
    assert queries.board(NOBODY, as_of=ASKED_AT) == ()


def test_only_its_asker_and_those_of_its_alert_find_a_desk_s_question(person: Make, acting: Make) -> None:
    one, other = person(Role.DESK, desk="a"), person(Role.DESK, desk="b")
    facts: dict[str, Any] = {"question": "?", "missions": [BEIJING], "deadline": ASKED_AT + timedelta(days=1)}
    tasking = actions.ask(by=acting(one), **facts)
    assert [len(queries.taskings(each.reader)) for each in (one, other)] == [1, 0]
    with pytest.raises(NotThereError):
        actions.close_tasking(by=acting(other), tasking=tasking.pk)


def test_a_mission_may_not_end_what_it_is_asked(asked: Make, officer: User, acting: Make) -> None:
    with pytest.raises(DeniedError):
        actions.close_tasking(by=acting(officer), tasking=asked().pk)


def test_filters_narrow(asked: Make, centre: User) -> None:
    one, two = asked(item="urea"), asked(missions=[JAKARTA])
    found = {
        "item": queries.taskings(centre.reader, item="urea"),
        "mission": queries.taskings(centre.reader, mission=JAKARTA),
        "state": queries.taskings(centre.reader, state=TaskingState.CLOSED),
        "alert": queries.taskings(centre.reader, alert=uuid4()),
    }
    assert {key: [each.id for each in rows] for key, rows in found.items()} == {
        "item": [one.pk],
        "mission": [two.pk],
        "state": [],
        "alert": [],
    }
    assert queries.taskings(centre.reader, as_of=ASKED_AT - timedelta(seconds=1)) == ()
    assert Report.objects.count() == 0
