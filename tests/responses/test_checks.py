"""Standing checks: due on the mission's own clock, and never nil for want of an answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bongsu.items.catalogue import catalogue
from bongsu.missions import network
from bongsu.people.errors import DeniedError, NotThereError, OutOfStepError
from bongsu.people.models import AuditLine, User
from bongsu.people.reader import task
from bongsu.people.roles import Role
from bongsu.responses import actions, queries
from bongsu.responses.actions.checks import duties
from bongsu.responses.models import CheckDone, StandingCheck
from bongsu.responses.schedule import EVERY, Answer, due_after, period, state_of
from bongsu.responses.states import CheckState

Make = Callable[..., Any]
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)  # a Sunday, everywhere but in the far east of the Pacific
BEIJING = "chn_beijing"
EVERIES = sorted(set(EVERY.values()))
ZONES = sorted({mission.zone for mission in network("KOR").missions.values()})
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


# ---- periods


@given(every=st.sampled_from(EVERIES), zone=st.sampled_from(ZONES), moment=MOMENTS)
@example(every="weekly", zone="Africa/Cairo", moment=datetime(2026, 4, 24, tzinfo=UTC))  # midnight is skipped there
@example(every="weekly", zone="Asia/Beirut", moment=datetime(2026, 3, 29, tzinfo=UTC))
@example(every="monthly", zone="America/Santiago", moment=datetime(2026, 9, 6, 4, tzinfo=UTC))
@example(every="weekly", zone="America/Havana", moment=datetime(2026, 11, 1, 5, tzinfo=UTC))  # midnight comes twice
@example(every="monthly", zone="Pacific/Apia", moment=datetime(2011, 12, 30, 10, tzinfo=UTC))  # a day that never was
def test_periods_follow_one_another_without_a_gap_on_any_clock(every: str, zone: str, moment: datetime) -> None:
    here = period(every, moment, zone)
    assert here.starts <= moment < here.ends
    assert period(every, here.starts, zone) == here
    assert period(every, here.ends - timedelta(microseconds=1), zone) == here
    following = period(every, here.ends, zone)
    assert following.starts == here.ends < following.ends
    first = local(here.starts, zone)
    assert (first - timedelta(seconds=1)).date() < first.date() or local(here.starts, zone).fold == 1


@pytest.mark.parametrize(
    ("every", "zone", "starts", "ends"),
    [
        ("weekly", "Asia/Shanghai", "2026-11-16T00:00+08:00", "2026-11-23T00:00+08:00"),
        ("fortnightly", "Asia/Shanghai", "2026-11-16T00:00+08:00", "2026-11-30T00:00+08:00"),
        ("monthly", "America/New_York", "2026-11-01T00:00-04:00", "2026-12-01T00:00-05:00"),
        ("quarterly", "Europe/Brussels", "2026-10-01T00:00+02:00", "2027-01-01T00:00+01:00"),
    ],
)
def test_a_period_is_whole_days_of_the_mission(every: str, zone: str, starts: str, ends: str) -> None:
    found = period(every, AT, zone)
    assert (found.starts, found.ends) == (datetime.fromisoformat(starts), datetime.fromisoformat(ends))


@given(
    every=st.sampled_from(EVERIES),
    zone=st.sampled_from(ZONES),
    since=MOMENTS,
    answers=st.lists(st.tuples(st.timedeltas(timedelta(0), timedelta(days=400)), st.booleans()), max_size=5),
    after=st.timedeltas(timedelta(0), timedelta(days=500)),
)
def test_what_is_known_of_a_check_is_one_of_four_and_overdue_is_never_nil(
    every: str, zone: str, since: datetime, answers: list[tuple[timedelta, bool]], after: timedelta
) -> None:
    now = since + after
    given_ = [Answer(since + when, nil) for when, nil in answers]
    state, due = state_of(every, since, given_, zone, now)
    known = [one for one in given_ if one.at <= now]
    last = max(known, key=lambda one: one.at, default=None)
    assert due == due_after(every, last.at if last else since, zone)
    assert (state is CheckState.OVERDUE) == (now >= due)
    if state in (CheckState.NIL, CheckState.REPORTED):
        assert last is not None
        assert period(every, last.at, zone) == period(every, now, zone)
    if not known:
        assert state in (CheckState.DUE, CheckState.OVERDUE)
    # an answer that comes later changes nothing that could be read before
    assert state_of(every, since, known, zone, now) == (state, due)


# ---- the plan


def test_every_item_is_looked_at_in_its_supplier_countries_by_the_first_mission() -> None:
    on = date(2026, 11, 22)
    home = network("KOR")
    found = duties(catalogue("KOR"), home, on, {"urea": "A"})
    urea = {mission: every for (mission, item), every in found.items() if item == "urea"}
    assert urea[BEIJING] == "weekly"
    assert set(urea.values()) == {"weekly"}
    assert all(home.missions[mission].stands_on(on) for mission, _ in found)
    assert {EVERY[letter] for letter in ("A", "B", "C", "D")} == set(EVERIES)
    assert EVERY[None] == "monthly"


@pytest.mark.django_db
def test_planning_twice_changes_nothing_and_a_new_grade_begins_anew() -> None:
    on = date(2026, 11, 22)
    facts: dict[str, Any] = {"catalogue": catalogue("KOR"), "network": network("KOR"), "on": on}
    began, ended = actions.plan_checks(by=task(AT), **facts, grades={"urea": "A"})
    assert (began, ended) == (StandingCheck.objects.count(), 0)
    assert actions.plan_checks(by=task(AT + timedelta(days=1)), **facts, grades={"urea": "A"}) == (0, 0)
    assert AuditLine.objects.count() == 1
    later = AT + timedelta(days=2)
    here = StandingCheck.objects.filter(item="urea").count()
    assert actions.plan_checks(by=task(later), **facts, grades={"urea": "C"}) == (here, here)
    reader = task(AT).reader
    then, now = (queries.checks(reader, as_of=moment, item="urea") for moment in (AT, later))
    assert ({one.every for one in then}, {one.every for one in now}) == ({"weekly"}, {"monthly"})
    assert (len(then), len(now)) == (here, here)


@pytest.mark.django_db
def test_a_new_grade_makes_nothing_overdue_young_and_nobody_s_answer_undone(person: Make, acting: Make) -> None:
    facts: dict[str, Any] = {"catalogue": catalogue("KOR"), "network": network("KOR"), "on": date(2026, 11, 22)}
    actions.plan_checks(by=task(AT), **facts, grades={"activated_carbon": "B"})
    late = AT + timedelta(days=60)
    answered = StandingCheck.objects.filter(item="activated_carbon", mission=BEIJING).get()
    by = acting(person(Role.MISSION, mission=BEIJING), at=late - timedelta(days=1))
    actions.nil_return(by=by, check=answered.pk)
    actions.plan_checks(by=task(late), **facts, grades={"activated_carbon": "A"})
    reader = task(AT).reader
    [here] = queries.checks(reader, as_of=late, item="activated_carbon", mission=BEIJING)
    assert (here.every, here.since, here.state) == ("weekly", late, CheckState.DUE)
    others = [
        one.state for one in queries.checks(reader, as_of=late, item="activated_carbon") if one.mission != BEIJING
    ]
    assert set(others) == {CheckState.OVERDUE}
    assert StandingCheck.objects.get(pk=here.id).due_at == here.due_at


@pytest.mark.django_db
def test_a_mission_that_closes_is_asked_no_more() -> None:
    home = network("KOR")
    facts: dict[str, Any] = {"catalogue": catalogue("KOR"), "on": date(2026, 11, 22)}
    actions.plan_checks(by=task(AT), network=home, **facts)
    closed = replace(home.missions[BEIJING], valid_until=date(2026, 1, 1))
    fewer = replace(home, missions={**home.missions, BEIJING: closed})
    actions.plan_checks(by=task(AT), network=fewer, **facts)
    assert not StandingCheck.objects.filter(mission=BEIJING, ended_at=None).exists()
    assert StandingCheck.objects.filter(mission=BEIJING).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CENTRE, Role.DUTY}])
def test_only_judges_and_tasks_plan(person: Make, acting: Make, role: Role) -> None:
    with pytest.raises(DeniedError):
        actions.plan_checks(
            by=acting(person(role)), catalogue=catalogue("KOR"), network=network("KOR"), on=date(2026, 11, 22)
        )


# ---- answers


@pytest.fixture
def check(db: None) -> StandingCheck:  # noqa: ARG001 - it opens the database
    due = due_after("weekly", AT, "Asia/Shanghai")
    return StandingCheck.objects.create(mission=BEIJING, item="urea", every="weekly", since=AT, due_at=due)


def states(reader: Any, *days: float) -> list[str]:  # noqa: ANN401 - a reader
    return [queries.checks(reader, as_of=AT + timedelta(days=day))[0].state.value for day in days]


def test_one_tap_says_nil_once_a_period(check: StandingCheck, officer: User, acting: Make) -> None:
    assert states(officer.reader, 0, 7, 7.5, 7.6) == ["due", "due", "due", "overdue"]
    by = acting(officer, at=AT + timedelta(days=2))
    for _ in range(2):
        actions.nil_return(by=by, check=check.pk)
    assert (CheckDone.objects.count(), AuditLine.objects.count()) == (1, 1)
    assert states(officer.reader, 1, 3, 7.5, 7.6, 14.5, 15) == ["due", "done_nil", "done_nil", "due", "due", "overdue"]
    check.refresh_from_db()
    [seen] = queries.checks(officer.reader, as_of=AT + timedelta(days=3))
    assert (check.due_at, seen.last_at, seen.last_report) == (seen.due_at, by.at, None)


def test_a_report_on_the_item_answers_and_nil_may_not_contradict_it(
    check: StandingCheck, filed: Make, officer: User, acting: Make
) -> None:
    report = filed()
    assert states(officer.reader, 0.1) == ["done_report"]
    [seen] = queries.checks(officer.reader, as_of=AT + timedelta(hours=1))
    assert seen.last_report == report.pk
    with pytest.raises(OutOfStepError):
        actions.nil_return(by=acting(officer), check=check.pk)
    later = acting(officer, at=AT + timedelta(hours=2), why="잘못 들음")
    actions.withdraw_report(by=later, report=report.pk)
    assert states(officer.reader, 0.05, 0.1) == ["done_report", "due"]
    check.refresh_from_db()
    assert check.due_at == due_after("weekly", AT, "Asia/Shanghai")
    actions.nil_return(by=later, check=check.pk)
    assert states(officer.reader, 0.1) == ["done_nil"]


def test_a_check_is_its_mission_s_alone_to_answer(
    check: StandingCheck, officer: User, elsewhere: User, centre: User, person: Make, acting: Make
) -> None:
    for user, error in ((elsewhere, NotThereError), (centre, DeniedError), (person(Role.PARTNER), NotThereError)):
        with pytest.raises(error):
            actions.nil_return(by=acting(user), check=check.pk)
    with pytest.raises(NotThereError):
        actions.nil_return(by=acting(officer), check=check.pk + 1)
    counts = [len(queries.checks(one.reader, as_of=AT)) for one in (officer, elsewhere, centre)]
    assert (counts, CheckDone.objects.count()) == ([1, 0, 1], 0)


def test_one_that_ended_is_answered_no_more(check: StandingCheck, officer: User, acting: Make) -> None:
    check.ended_at = AT
    check.save()
    with pytest.raises(OutOfStepError):
        actions.nil_return(by=acting(officer), check=check.pk)
    assert queries.checks(officer.reader, as_of=AT) == ()


def test_filters_narrow(check: StandingCheck, centre: User) -> None:
    found = {
        key: len(queries.checks(centre.reader, as_of=AT, **told))
        for key, told in {
            "mission": {"mission": BEIJING},
            "item": {"item": "urea"},
            "state": {"state": "due"},
            "other": {"mission": str(uuid4())},
            "overdue": {"state": "overdue"},
        }.items()
    }
    assert found == {"mission": 1, "item": 1, "state": 1, "other": 0, "overdue": 0}
    assert check.due_at > AT
