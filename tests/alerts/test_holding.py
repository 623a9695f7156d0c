"""No alert at three fires or more is without somebody who answers for it, and who does not answer is passed over."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from bongsu.alerts import actions, queries, rules
from bongsu.alerts.models import Alert, Telling
from bongsu.people.errors import DeniedError, InvalidError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import Shift, User
from bongsu.people.reader import task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
DAY = timedelta(days=1)
SYSTEM = task(MOMENT).reader


@pytest.fixture
def raised(raised: Callable[..., Any]) -> Callable[..., Any]:
    """On an item of no catalogue: nobody is concerned but whom the test names."""
    return partial(raised, subject="test good")


@pytest.fixture
def watch() -> Callable[..., Shift]:
    """Puts an officer on the rota around the moment."""
    return lambda officer, order, starts=MOMENT - DAY, ends=MOMENT + DAY: Shift.objects.create(
        officer=officer, order=order, starts=starts, ends=ends
    )


def passed_on(row: Alert, at: datetime) -> Alert:
    return actions.escalate(by=task(at), alert=row.pk)


def test_it_goes_along_the_rota_then_to_the_other_officers_then_round_again(
    raised: Callable[..., Any], person: Callable[..., Any], watch: Callable[..., Any]
) -> None:
    centre, off, second, first = (person(Role.CENTRE), person(Role.DUTY), person(Role.DUTY), person(Role.CENTRE))
    person(Role.DESK, desk="supply")
    watch(second, 2)
    watch(first, 1)
    watch(person(Role.DUTY, is_active=False), 1)
    row = raised(level=4)
    called = []
    for _ in range(6):
        called.append(row.owner_id)
        assert row.due_at is not None
        assert queries.to_escalate(SYSTEM, row.due_at - timedelta(seconds=1)) == ()
        assert passed_on(row, row.due_at - timedelta(seconds=1)).version == row.version
        assert queries.to_escalate(SYSTEM, row.due_at) == (row.pk,)
        due = row.due_at
        row = passed_on(row, due)
        assert row.due_at == due + timedelta(hours=2)
    assert called == [user.pk for user in (first, second, off, centre, first, second)]


def test_acknowledging_ends_it_and_whoever_judges_and_says_so_answers(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty, centre = person(Role.DUTY), person(Role.CENTRE)
    row = raised(level=5)
    assert (row.owner_id, row.due_at) == (duty.pk, MOMENT + timedelta(minutes=30))
    row = actions.acknowledge(by=acting(centre), alert=row.pk)
    assert (row.owner_id, row.acknowledged_at, row.due_at) == (centre.pk, MOMENT, None)
    assert queries.to_escalate(SYSTEM, MOMENT + 9 * DAY) == ()
    assert passed_on(row, MOMENT + 9 * DAY).version == row.version


def test_a_desk_officer_acknowledges_only_what_is_theirs(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty, desk, other = person(Role.DUTY), person(Role.DESK, desk="supply"), person(Role.DESK, desk="food")
    row = raised(units=("desk:supply",))
    with pytest.raises(DeniedError):
        actions.acknowledge(by=acting(desk), alert=row.pk)
    row = actions.assign(by=acting(duty), alert=row.pk, owner=desk.pk)
    assert (row.owner_id, row.acknowledged_at, row.due_at) == (desk.pk, None, MOMENT + timedelta(hours=8))
    row = actions.acknowledge(by=acting(desk), alert=row.pk)
    assert (row.owner_id, row.acknowledged_at) == (desk.pk, MOMENT)
    assert list(queries.alerts(desk.reader, mine=True)) == [row]
    shut = person(Role.CENTRE, is_active=False)
    low = person(Role.CENTRE, tlp=Tlp.CLEAR, grade=Grade.O)
    for nobody in (other, shut, person(Role.MISSION, mission="chn_beijing"), person(Role.AUDITOR)):
        with pytest.raises(InvalidError):
            actions.assign(by=acting(duty), alert=row.pk, owner=nobody.pk)
    with pytest.raises(InvalidError):
        actions.assign(by=acting(duty), alert=row.pk, owner=10**6)
    assert actions.assign(by=acting(duty), alert=row.pk, owner=low.pk).owner_id == low.pk


def test_a_rota_with_a_hole_falls_to_duty_officers_then_to_the_centre(
    raised: Callable[..., Any], person: Callable[..., Any], watch: Callable[..., Any]
) -> None:
    centre = person(Role.CENTRE)
    assert raised(subject="urea").owner_id == centre.pk
    duty = person(Role.DUTY)
    watch(centre, 1, MOMENT + timedelta(hours=1), MOMENT + DAY)  # the rota begins in an hour
    assert raised(subject="gallium").owner_id == duty.pk
    assert raised(subject="graphite", at=MOMENT + timedelta(hours=1)).owner_id == centre.pk


def test_where_nobody_is_there_it_says_so_and_goes_to_the_first_who_comes(
    raised: Callable[..., Any], person: Callable[..., Any]
) -> None:
    person(Role.DUTY, is_active=False)
    person(Role.CENTRE, grade=Grade.O, tlp=Tlp.CLEAR)  # not cleared for it
    looks = person(Role.DESK, desk="supply")
    row = raised(level=5, units=("desk:supply",), marks=(Grade.S, Tlp.AMBER))
    assert (row.owner, row.unattended, row.due_at) == (None, True, MOMENT + timedelta(minutes=30))
    assert queries.timeline(looks.reader, row.pk)[-1].unattended
    assert queries.to_escalate(SYSTEM, MOMENT) == (row.pk,)
    assert passed_on(row, MOMENT).version == row.version  # nothing to say before it is due
    row = passed_on(row, MOMENT + timedelta(minutes=30))
    assert (row.version, row.unattended, row.due_at) == (2, True, MOMENT + timedelta(hours=1))
    duty = person(Role.DUTY)
    row = passed_on(row, MOMENT + timedelta(minutes=31))
    assert (row.owner_id, row.unattended, row.due_at) == (duty.pk, False, MOMENT + timedelta(minutes=61))
    assert Telling.objects.filter(of=row, unit=f"user:{duty.pk}").count() == 1


@pytest.mark.parametrize("gone", [{"is_active": False}, {"grade": Grade.O}, {"tlp": Tlp.GREEN}, {"role": Role.AUDITOR}])
def test_an_owner_who_is_gone_or_may_no_longer_see_it_is_passed_over_at_once(
    gone: dict[str, Any], raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty, centre = person(Role.DUTY), person(Role.CENTRE)
    row = raised(marks=(Grade.S, Tlp.AMBER))
    row = actions.acknowledge(by=acting(duty), alert=row.pk)
    assert queries.to_escalate(SYSTEM, MOMENT) == ()
    User.objects.filter(pk=duty.pk).update(**gone)
    assert queries.to_escalate(SYSTEM, MOMENT) == (row.pk,)
    row = passed_on(row, MOMENT)
    assert (row.owner_id, row.acknowledged_at) == (centre.pk, None)


def test_a_desk_officer_who_moved_to_another_desk_answers_no_longer(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty, desk = person(Role.DUTY), person(Role.DESK, desk="supply", ministry="moe")
    row = raised(units=("desk:supply", "ministry:moe"))
    row = actions.assign(by=acting(duty), alert=row.pk, owner=desk.pk)
    row = actions.acknowledge(by=acting(desk), alert=row.pk)
    for facts in ({"desk": "food"}, {"desk": "supply", "ministry": ""}, {"desk": ""}):
        assert queries.to_escalate(SYSTEM, MOMENT) == ()
        User.objects.filter(pk=desk.pk).update(**facts)
    assert queries.to_escalate(SYSTEM, MOMENT) == (row.pk,)
    assert passed_on(row, MOMENT).owner_id == duty.pk


def test_when_its_marking_rises_above_its_owner_it_goes_to_somebody_who_may_see_it(
    raised: Callable[..., Any], person: Callable[..., Any]
) -> None:
    low, high = person(Role.DUTY, tlp=Tlp.GREEN), person(Role.CENTRE)
    row = raised()
    assert row.owner_id == low.pk
    row = raised(marks=(Grade.O, Tlp.AMBER), news=True)
    assert (row.owner_id, row.acknowledged_at) == (high.pk, None)


def test_a_rise_to_three_fires_finds_somebody_and_below_nobody_need_answer(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty = person(Role.DUTY)
    row = raised(level=2)
    assert (row.owner, row.due_at, row.unattended) == (None, None, False)
    assert passed_on(row, MOMENT + DAY).version == 1
    row = actions.override_level(by=acting(duty, why="사유"), alert=row.pk, level=3)
    assert (row.owner_id, row.due_at) == (duty.pk, MOMENT + timedelta(hours=8))
    row = actions.close(by=acting(duty, why="사유"), alert=actions.triage(by=acting(duty), alert=row.pk).pk)
    assert (row.due_at, queries.to_escalate(SYSTEM, MOMENT + DAY)) == (None, ())
    row = actions.reopen(by=acting(duty, why="사유"), alert=row.pk)
    assert (row.owner_id, row.acknowledged_at, row.due_at) == (duty.pk, None, MOMENT + timedelta(hours=8))


def test_quiet_hours_hold_back_for_the_first_who_wakes_and_not_from_four_fires_on(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    night = {"quiet_from": time(22), "quiet_until": time(7)}
    duty = person(Role.DUTY)
    for zone in ("America/New_York", "America/Chicago"):  # 22:00 and 21:00 there when it is noon in Seoul
        person(Role.MISSION, mission="usa_washington", zone=zone, **{**night, "quiet_from": time(21)})
    person(Role.MISSION, mission="kor_seoul", **night)
    by = acting(duty)
    row = raised(units=("mission:usa_washington", "mission:kor_seoul", "mission:empty"))
    row = actions.issue(by=by, alert=actions.triage(by=by, alert=row.pk).pk)
    row = actions.override_level(by=acting(duty, why="사유"), alert=row.pk, level=4)
    kept = Telling.objects.filter(of=row, unit__startswith="mission:").order_by("level", "unit")
    assert [(one.unit, one.level, one.not_before) for one in kept] == [
        ("mission:empty", 3, None),
        ("mission:kor_seoul", 3, None),
        ("mission:usa_washington", 3, datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("mission:empty", 4, None),
        ("mission:kor_seoul", 4, None),
        ("mission:usa_washington", 4, None),
    ]


def test_a_mission_without_staff_is_told_all_the_same_and_whoever_is_on_call_knows(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty = person(Role.DUTY)
    person(Role.MISSION, mission="chn_beijing", is_active=False)
    person(Role.MISSION, mission="chn_beijing", tlp=Tlp.CLEAR)
    by = acting(duty)
    row = raised(level=2, units=("mission:chn_beijing",), marks=(Grade.O, Tlp.GREEN))
    row = actions.issue(by=by, alert=actions.triage(by=by, alert=row.pk).pk)
    assert sorted(Telling.objects.filter(of=row).values_list("unit", flat=True)) == [
        "mission:chn_beijing",
        f"user:{duty.pk}",
    ]
    assert queries.timeline(duty.reader, row.pk)[-1].unstaffed == ("mission:chn_beijing",)


def test_a_clock_that_is_set_back_reorders_nothing(
    raised: Callable[..., Any], person: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    duty = person(Role.DUTY)
    row = raised()
    earlier = acting(duty, at=MOMENT - timedelta(hours=3))
    row = actions.triage(by=earlier, alert=row.pk)
    assert (row.updated_at, [one.at for one in row.events.all()]) == (MOMENT, [MOMENT, MOMENT])
    row = actions.issue(by=acting(duty, at=MOMENT + DAY), alert=row.pk)
    row = actions.acknowledge(by=earlier, alert=row.pk)
    assert (row.issued_at, row.acknowledged_at) == (MOMENT + DAY, MOMENT + DAY)
    assert list(queries.alerts(duty.reader, as_of=MOMENT - timedelta(hours=3))) == []


@pytest.mark.parametrize("seed", range(8))
def test_whatever_comes_somebody_answers_for_three_fires_as_long_as_one_officer_is_there(
    seed: int, raised: Callable[..., Any], person: Callable[..., Any], concerned: Callable[..., Any]
) -> None:
    chance = Random(seed)  # noqa: S311 - a test's dice
    officers = [person(chance.choice((Role.DUTY, Role.CENTRE))) for _ in range(3)]
    for officer in officers[1:]:
        begins = MOMENT + timedelta(hours=chance.randrange(-10, 40))
        Shift.objects.create(officer=officer, order=chance.randrange(1, 3), starts=begins, ends=begins + DAY)
    row, at = raised(level=chance.randrange(1, 6)), MOMENT
    for number in range(20):
        at += timedelta(minutes=chance.randrange(1, 600))
        gone = chance.choice(officers[1:])
        gone.is_active = chance.random() < 0.5
        gone.save(update_fields=("is_active",))
        level = chance.choice((None, 1, 2, 3, 4, 5))
        warning = {"subject": row.subject, "draw": number}
        row = actions.observe(by=task(at), alert=row.pk, warning=warning, level=level, concerns=concerned())
        for pk in queries.to_escalate(SYSTEM, at):
            row = actions.escalate(by=task(at), alert=pk)
        if (row.level or 0) >= rules.ACCOUNTABLE_FROM:
            assert row.owner is not None
            assert row.owner.is_active
            assert row.acknowledged_at is not None or row.due_at > at
