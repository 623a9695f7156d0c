"""Who sees what of alerts, and in how many queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from bongsu.alerts import actions, queries
from bongsu.alerts.models import Alert
from bongsu.alerts.rules import State, Step
from bongsu.people.errors import InvalidError, NotThereError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import User
from bongsu.people.reader import NOBODY
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
UNITS = ("desk:supply", "mission:chn_beijing", "ministry:moe")


@pytest.fixture
def duty(person: Callable[..., Any]) -> User:
    user: User = person(Role.DUTY)
    return user


@pytest.fixture
def issued(raised: Callable[..., Any], duty: User, acting: Callable[..., Any]) -> Callable[..., Alert]:
    """Raises an alert, and an hour later each triages and issues it."""

    def make(**facts: Any) -> Alert:  # noqa: ANN401 - of the raising
        row = raised(**facts)
        row = actions.triage(by=acting(duty, at=MOMENT + HOUR), alert=row.pk)
        return actions.issue(by=acting(duty, at=MOMENT + 2 * HOUR), alert=row.pk)

    return make


def _sees(user: User, **as_of: datetime) -> list[UUID]:
    return [row.pk for row in queries.alerts(user.reader, **as_of)]


@pytest.mark.parametrize("is_issued", [False, True])
def test_each_role_sees_what_it_is_named_for(
    is_issued: bool,  # noqa: FBT001 - the test's case
    person: Callable[..., Any],
    duty: User,
    raised: Callable[..., Any],
    issued: Callable[..., Alert],
) -> None:
    row = (issued if is_issued else raised)(units=UNITS)
    sees = {
        duty: True,
        person(Role.CENTRE): True,
        person(Role.DESK, desk="supply"): True,
        person(Role.DESK, ministry="moe"): True,
        person(Role.DESK, desk="food"): False,
        person(Role.DESK): False,
        person(Role.MISSION, mission="chn_beijing"): is_issued,
        person(Role.MISSION, mission="jpn_tokyo"): False,
        person(Role.PARTNER, ministry="moe"): is_issued,
        person(Role.PARTNER): False,
        person(Role.COMPANY, mission="chn_beijing"): False,
        person(Role.AUDITOR, desk="supply"): False,
        person(Role.ADMINISTRATOR, desk="supply"): False,
        person(Role.CENTRE, is_active=False): False,
    }
    for user, there in sees.items():
        assert _sees(user) == ([row.pk] if there else []), user
        assert _sees(user, as_of=MOMENT + 3 * HOUR) == _sees(user)
        asks: tuple[Callable[..., Any], ...] = (
            queries.alert,
            queries.timeline,
            queries.evidence,
            queries.checklist,
            queries.concerns,
            queries.tellings,
        )
        for ask in asks:
            if there:
                ask(user.reader, row.pk)
            else:
                with pytest.raises(NotThereError):
                    ask(user.reader, row.pk)
    assert list(queries.alerts(NOBODY)) == []


@pytest.mark.parametrize(("grade", "tlp"), [(Grade.O, Tlp.RED), (Grade.S, Tlp.AMBER), (Grade.C, Tlp.GREEN)])
def test_markings_hold_for_every_role_and_the_past_is_no_way_around_them(
    grade: Grade,
    tlp: Tlp,
    person: Callable[..., Any],
    duty: User,
    issued: Callable[..., Alert],
    acting: Callable[..., Any],
) -> None:
    row = issued(units=UNITS, marks=(Grade.S, Tlp.AMBER))
    cleared = grade >= Grade.S and tlp >= Tlp.AMBER
    for facts in (
        {"role": Role.CENTRE},
        {"role": Role.DESK, "desk": "supply"},
        {"role": Role.MISSION, "mission": "chn_beijing"},
    ):
        user = person(grade=grade, tlp=tlp, **facts)
        assert _sees(user) == ([row.pk] if cleared else [])
    low = person(Role.CENTRE, grade=Grade.O, tlp=Tlp.GREEN)
    open_one = issued(subject="gallium")
    assert _sees(low) == _sees(low, as_of=MOMENT + 2 * HOUR) == [open_one.pk]
    by = acting(duty, at=MOMENT + 3 * HOUR, why="같은 원인")
    actions.merge(by=by, alert=row.pk, into=open_one.pk)
    assert _sees(low) == _sees(low, as_of=MOMENT + 2 * HOUR) == []


def test_a_mission_saw_nothing_before_it_was_issued_and_keeps_seeing_it(
    person: Callable[..., Any], duty: User, issued: Callable[..., Alert], acting: Callable[..., Any]
) -> None:
    mission = person(Role.MISSION, mission="chn_beijing")
    row = issued(units=UNITS)
    assert _sees(mission, as_of=MOMENT + HOUR) == []
    assert _sees(mission, as_of=MOMENT + 2 * HOUR) == [row.pk]
    with pytest.raises(NotThereError):
        queries.alert(mission.reader, row.pk, as_of=MOMENT + HOUR)
    by = acting(duty, at=MOMENT + 3 * HOUR, why="끝")
    actions.reopen(by=by, alert=actions.close(by=by, alert=row.pk).pk)
    assert _sees(mission) == [row.pk]
    assert queries.alert(mission.reader, row.pk, as_of=MOMENT + 2 * HOUR).state == State.ISSUED


def test_who_does_not_handle_alerts_reads_decisions_and_their_own_unit_only(
    person: Callable[..., Any], duty: User, issued: Callable[..., Alert], acting: Callable[..., Any]
) -> None:
    mission = person(Role.MISSION, mission="chn_beijing")
    row = issued(units=(*UNITS, "mission:jpn_tokyo"))
    by = acting(duty, at=MOMENT + 3 * HOUR, why="안쪽 사정")
    actions.note(by=by, alert=row.pk, text="다른 공관이 말하기를")
    actions.tick(by=by, alert=row.pk, entry="read_evidence")
    actions.override_level(by=by, alert=row.pk, level=5)
    actions.acknowledge(by=by, alert=row.pk)
    actions.close(by=acting(duty, at=MOMENT + 4 * HOUR, why="해소됨"), alert=row.pk)
    lines = queries.timeline(mission.reader, row.pk)
    assert [(one.kind, one.level, one.why) for one in lines] == [
        (Step.RAISE, 3, ""),
        (Step.ISSUE, 3, ""),
        (Step.OVERRIDE, 5, ""),
        (Step.CLOSE, 5, "해소됨"),
    ]
    assert {(one.who, one.owner, one.note, one.concerned, one.told) for one in lines} == {("", "", "", (), ())}
    assert [one.unit for one in queries.concerns(mission.reader, row.pk)] == ["mission:chn_beijing"]
    assert {one.unit for one in queries.tellings(mission.reader, row.pk)} == {"mission:chn_beijing"}
    assert queries.checklist(mission.reader, row.pk) == ()
    assert list(queries.alerts(mission.reader, unit="mission:jpn_tokyo")) == []
    assert queries.alerts(mission.reader, unit="mission:jpn_tokyo", as_of=MOMENT + 4 * HOUR) == ()
    assert [one.pk for one in queries.alerts(mission.reader, unit="mission:chn_beijing")] == [row.pk]
    full = queries.timeline(duty.reader, row.pk)
    assert [one.kind for one in full] == [
        Step.RAISE,
        Step.TRIAGE,
        Step.ISSUE,
        Step.NOTE,
        Step.TICK,
        Step.OVERRIDE,
        Step.ACKNOWLEDGE,
        Step.CLOSE,
    ]
    assert full[3].note == "다른 공관이 말하기를"
    assert full[3].who == duty.name


def test_the_gravest_and_newest_come_first_and_what_cannot_be_given_last(
    raised: Callable[..., Any], duty: User
) -> None:
    levels = (2, None, 5, 1, 5, 3)
    for number, level in enumerate(levels):
        raised(subject=f"item{number}", level=level, at=MOMENT + number * HOUR)
    order = ["item4", "item2", "item5", "item0", "item3", "item1"]
    assert [row.subject for row in queries.alerts(duty.reader)] == order
    assert [row.subject for row in queries.alerts(duty.reader, as_of=MOMENT + 9 * HOUR)] == order


@pytest.mark.parametrize("number", [1, 3, 300])
def test_lists_and_pages_cost_the_same_whatever_the_number(
    number: int,
    person: Callable[..., Any],
    duty: User,
    raised: Callable[..., Any],
    acting: Callable[..., Any],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = person(Role.DESK, desk="supply")
    rows = [raised(subject=f"item{one}", units=("desk:supply",)) for one in range(min(number, 3))]
    _copies(rows[0], number - len(rows))
    for one in range(min(number, 40)):
        actions.note(by=acting(duty, at=MOMENT + HOUR), alert=rows[0].pk, text=str(one))
    actions.tick(by=acting(duty), alert=rows[0].pk, entry="read_evidence")
    for reader in (duty.reader, desk.reader):
        with django_assert_num_queries(1):
            assert len([(row.pk, str(row.owner), row.unattended) for row in queries.alerts(reader)]) == number
        with django_assert_num_queries(4):
            seen = queries.alerts(reader, as_of=MOMENT)
            assert len([(row.pk, str(row.owner), row.unattended) for row in seen]) == number
        with django_assert_num_queries(3):
            queries.timeline(reader, rows[0].pk)
        with django_assert_num_queries(3):
            queries.checklist(reader, rows[0].pk)
        with django_assert_num_queries(2):
            list(queries.concerns(reader, rows[0].pk))
        with django_assert_num_queries(2):
            queries.evidence(reader, rows[0].pk)


def _copies(row: Alert, number: int) -> None:
    """Many alerts as `row` is, written at once."""
    first = row.events.get(seq=1)
    unit = row.concerns.get()
    rows = []
    for one in range(number):
        copy = Alert.objects.get(pk=row.pk)
        copy.pk, copy.subject, copy.open_for = UUID(int=one + 1), f"copy{one}", f"copy{one}"
        copy.updated_at += one % 2 * HOUR  # half of them went on since
        rows.append(copy)
    Alert.objects.bulk_create(rows)
    row.events.model.objects.bulk_create(
        row.events.model(of=copy, seq=1, at=first.at, kind=first.kind, via=first.via, data=first.data) for copy in rows
    )
    row.concerns.model.objects.bulk_create(
        row.concerns.model(of=copy, unit=unit.unit, rule=unit.rule, why_ko="ㄱ", why_en="a", seq=1) for copy in rows
    )


def test_odd_filters_find_nothing_or_are_refused(raised: Callable[..., Any], duty: User) -> None:
    raised(units=("desk:supply",))
    reader = duty.reader
    for odd in ({"item": "urea\0"}, {"unit": "\0"}, {"level": 9}, {"item": "' OR 1=1"}, {"unit": "desk:%"}):
        assert list(queries.alerts(reader, **odd)) == []
        assert list(queries.alerts(reader, as_of=MOMENT, **odd)) == []
    with pytest.raises(InvalidError):
        queries.alerts(reader, state="nonsense")
    assert len(queries.alerts(reader, as_of=datetime(1, 1, 1, tzinfo=UTC))) == 0
    assert len(queries.alerts(reader, as_of=datetime(9999, 12, 31, tzinfo=UTC))) == 1
