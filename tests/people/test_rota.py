from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bongsu.people import actions, queries, watch
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import AuditLine, Shift, User
from bongsu.people.reader import NOBODY, Actor
from bongsu.people.roles import JUDGES, Role

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Acting = Callable[..., Actor]
HOUR = timedelta(hours=1)
PLANNERS = JUDGES | {Role.ADMINISTRATOR}


@pytest.fixture
def by(person: Person, acting: Acting) -> Actor:
    """A duty officer."""
    return acting(person(Role.DUTY))


@pytest.fixture
def plan(by: Actor, person: Person) -> Callable[..., Shift]:
    """Plans a watch by hours from the moment: `plan(0, 8)`."""

    def planned(starts: int, ends: int, order: int = 1, officer: User | None = None) -> Shift:
        stands = officer or person(Role.DUTY)
        begin, end = by.at + starts * HOUR, by.at + ends * HOUR
        return actions.plan_shift(by=by, officer=stands.pk, starts=begin, ends=end, order=order)

    return planned


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_a_watch_in_a_far_year_is_refused(by: Actor, person: Person, year: int) -> None:
    begin = datetime(year, 12, 31, tzinfo=UTC)
    with pytest.raises(InvalidError):
        actions.plan_shift(by=by, officer=person(Role.DUTY).pk, starts=begin, ends=begin + HOUR)


def test_the_watch_is_called_in_its_order(plan: Callable[..., Shift], by: Actor) -> None:
    second, first = plan(0, 8, order=2), plan(0, 4)
    third = plan(4, 8)
    assert queries.on_duty(by.at) == (first, second)
    assert queries.on_duty(by.at + 4 * HOUR) == (third, second)
    assert queries.on_duty(by.at + 8 * HOUR) == ()
    with CaptureQueriesContext(connection) as asked:
        assert [shift.officer.name for shift in queries.on_duty(by.at)]
    assert len(asked) == 1


def test_an_officer_who_was_shut_or_moved_is_not_called(plan: Callable[..., Shift], by: Actor, person: Person) -> None:
    keeper, shift = person(Role.CENTRE), plan(0, 8)
    plan(0, 8, order=2, officer=keeper)
    shift.officer.is_active = False
    shift.officer.save()
    assert [one.officer for one in queries.on_duty(by.at)] == [keeper]
    keeper.role = Role.MISSION
    keeper.save()
    assert queries.on_duty(by.at) == ()
    assert watch.holes(by.at, by.at + HOUR) == (watch.Hole(by.at, by.at + HOUR),)


def test_two_do_not_have_the_same_watch(plan: Callable[..., Shift]) -> None:
    plan(0, 8)
    for starts, ends in ((0, 8), (7, 9), (-1, 1), (3, 4), (-1, 9)):
        with pytest.raises(OutOfStepError):
            plan(starts, ends)
    plan(8, 9)
    plan(-1, 0)
    plan(3, 4, order=2)


@pytest.mark.parametrize(("starts", "ends", "order"), [(1, 1, 1), (2, 1, 1), (0, 24 * 32, 1), (0, 1, 0), (0, 1, 10)])
def test_what_is_no_watch_is_refused(plan: Callable[..., Shift], starts: int, ends: int, order: int) -> None:
    with pytest.raises(InvalidError):
        plan(starts, ends, order)


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_all_stands_watch(plan: Callable[..., Shift], person: Person, role: Role) -> None:
    if role in JUDGES:
        assert plan(0, 8, officer=person(role)).pk
        return
    with pytest.raises(InvalidError):
        plan(0, 8, officer=person(role))


def test_a_watch_is_dropped_before_it_is_over_and_what_was_stood_stays(plan: Callable[..., Shift], by: Actor) -> None:
    to_come, under_way, over = plan(1, 8), plan(-4, 1), plan(-8, -4)
    actions.drop_shift(by=by, shift=to_come.pk)
    actions.drop_shift(by=by, shift=under_way.pk)
    for gone in (to_come.pk, 0):
        with pytest.raises(NotThereError):
            actions.drop_shift(by=by, shift=gone)
    with pytest.raises(OutOfStepError):
        actions.drop_shift(by=by, shift=over.pk)
    under_way.refresh_from_db()
    assert (under_way.ends, Shift.objects.count()) == (by.at, 2)
    assert list(AuditLine.objects.order_by("-seq").values_list("act", flat=True)[:2]) == ["shift.drop", "shift.drop"]


@pytest.mark.parametrize("role", [*Role, None])
def test_who_plans_and_who_sees_the_rota(
    plan: Callable[..., Shift], person: Person, moment: datetime, role: Role | None
) -> None:
    shift, reader = plan(0, 8), person(role).reader if role else NOBODY
    mine = Actor(reader=reader, at=moment)
    sees = role in PLANNERS | {Role.DESK, Role.MISSION}
    assert list(queries.rota(reader, moment, moment + HOUR)) == ([shift] if sees else [])
    if role in PLANNERS:
        actions.drop_shift(by=mine, shift=shift.pk)
        return
    with pytest.raises(DeniedError):
        actions.drop_shift(by=mine, shift=shift.pk)
    with pytest.raises(DeniedError):
        actions.plan_shift(by=mine, officer=shift.officer_id, starts=moment + 9 * HOUR, ends=moment + 10 * HOUR)


def test_the_rota_shows_the_watches_that_touch_the_time_asked_for(plan: Callable[..., Shift], by: Actor) -> None:
    shifts = [plan(0, 8), plan(8, 16), plan(16, 24)]
    asked = lambda since, until: list(queries.rota(by.reader, by.at + since * HOUR, by.at + until * HOUR))  # noqa: E731
    assert asked(0, 24) == shifts
    assert asked(8, 16) == shifts[1:2]
    assert asked(7, 9) == shifts[:2]


@given(
    spans=st.lists(st.tuples(st.integers(-5, 40), st.integers(1, 20)), max_size=8),
    hours=st.sets(st.integers(0, 47), min_size=8, max_size=8),
)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_time_is_in_a_hole_exactly_when_nobody_has_the_watch(
    by: Actor, spans: list[tuple[int, int]], hours: set[int]
) -> None:
    Shift.objects.all().delete()
    Shift.objects.bulk_create(
        Shift(officer_id=by.reader.user, starts=by.at + begin * HOUR, ends=by.at + (begin + length) * HOUR, order=order)
        for order, (begin, length) in enumerate(spans)
    )
    holes = watch.holes(by.at, by.at + 48 * HOUR)
    for hour in hours:
        at = by.at + hour * HOUR
        assert bool(queries.on_duty(at)) != any(hole.starts <= at < hole.ends for hole in holes)
    assert all(one.ends < other.starts for one, other in pairwise(holes))


# ---- hand-over


def test_the_watch_is_given_and_taken_over_once_by_whom_it_was_given_to(
    by: Actor, person: Person, acting: Acting
) -> None:
    taker, other = person(Role.CENTRE), person(Role.DUTY)
    given = actions.give_watch(by=by, takes=taker.pk, note="요소 건 확인 중\n내일 10시 회신")
    with pytest.raises(DeniedError):
        actions.take_watch(by=acting(other), hand_over=given.pk)
    later = by.at + HOUR
    taken = actions.take_watch(by=acting(taker, at=later), hand_over=given.pk)
    assert (taken.given_at, taken.taken_at, taken.note) == (by.at, later, "요소 건 확인 중\n내일 10시 회신")
    with pytest.raises(OutOfStepError):
        actions.take_watch(by=acting(taker), hand_over=given.pk)
    with pytest.raises(NotThereError):
        actions.take_watch(by=acting(taker), hand_over=given.pk + 1)
    lines = AuditLine.objects.order_by("seq").values_list("act", "facts")
    assert list(lines) == [("watch.give", f'{{"takes":{taker.pk}}}'), ("watch.take", "{}")]


def test_a_hand_over_that_cannot_be_is_refused(by: Actor, person: Person) -> None:
    assert by.reader.user
    for takes in (by.reader.user, person(Role.MISSION).pk, person(Role.DUTY, is_active=False).pk):
        with pytest.raises(InvalidError):
            actions.give_watch(by=by, takes=takes, note="")
    with pytest.raises(NotThereError):
        actions.give_watch(by=by, takes=0, note="")
    with pytest.raises(InvalidError):
        actions.give_watch(by=by, takes=person(Role.DUTY).pk, note="x" * 20_001)


@pytest.mark.parametrize("role", [*Role, None])
def test_hand_overs_stay_with_who_judges(by: Actor, person: Person, moment: datetime, role: Role | None) -> None:
    taker = person(Role.DUTY)
    there = actions.give_watch(by=by, takes=taker.pk, note="")
    reader = person(role).reader if role else NOBODY
    mine = Actor(reader=reader, at=moment)
    if role in JUDGES:
        assert list(queries.hand_overs(reader)) == [there]
        assert actions.give_watch(by=mine, takes=taker.pk, note="").gives_id == reader.user
        return
    assert not queries.hand_overs(reader).exists()
    with pytest.raises(NotThereError):
        actions.take_watch(by=mine, hand_over=there.pk)
    with pytest.raises(DeniedError):
        actions.give_watch(by=mine, takes=taker.pk, note="")
