"""The preview says who would be told before anybody is, and routing knows who is on the floor."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bongsu.alerts import actions, releases
from bongsu.alerts.cycle import staff_at
from bongsu.alerts.models import Alert
from bongsu.alerts.routing.floor import routed, subscribed, today
from bongsu.alerts.routing.preview import Preview, preview
from bongsu.alerts.routing.shapes import Subscribed
from bongsu.alerts.rules import handles
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.models import Shift
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
SIGNAL = {"layer": "measure", "partner": "CHN", "strength": 1.0}
WARNING = {"dependence": {"partner": "CHN", "share": 0.88}, "signals": [SIGNAL], "alternatives": []}


@pytest.fixture
def alert(raised: Make) -> Alert:
    return raised(level=3, units=("ministry:mcee", "mission:gab_libreville"), **WARNING)  # type: ignore[no-any-return]


def of(found: Preview) -> dict[str, tuple[bool, int | None, bool]]:
    return {one.unit: (one.concerned, one.told, one.now) for one in found.reached}


def test_before_issuing_it_says_who_would_be_told_and_who_was(
    alert: Alert, raised: Make, person: Make, acting: Make
) -> None:
    centre = person(Role.CENTRE)
    person(Role.DESK, ministry="mafra")
    before = preview(centre.reader, alert.pk, at=MOMENT)
    units = of(before)
    assert units["ministry:mcee"] == (True, None, True)
    assert units["mission:gab_libreville"] == (True, None, False)
    assert units["ministry:molit"] == (False, None, True)
    assert {one.unit for one in before.newly_told} == {"ministry:mcee", "mission:gab_libreville"}
    assert {one.unit for one in before.to_come} == set(units) - {"ministry:mcee", "mission:gab_libreville"}
    actions.triage(by=acting(centre), alert=alert.pk)
    actions.issue(by=acting(centre), alert=alert.pk)
    after = preview(centre.reader, alert.pk, at=MOMENT)
    assert of(after)["ministry:mcee"] == (True, 3, True)
    assert after.reached[-1].told == 3
    assert after.newly_told == ()
    higher = preview(centre.reader, alert.pk, at=MOMENT, level=5)
    assert {one.unit for one in higher.newly_told} == set(of(higher))
    assert higher.to_come == ()
    unknown = raised(level=None, subject="helium", units=("ministry:mcee",))
    assert "ministry:mcee" in {one.unit for one in preview(centre.reader, unknown.pk, at=MOMENT).newly_told}
    assert {one.name.ko for one in after.reached} >= {"주중국대한민국대사관", "기후에너지환경부"}


@pytest.mark.parametrize("role", Role)
def test_those_who_handle_alerts_see_it(role: Role, alert: Alert, person: Make, acting: Make) -> None:
    actions.triage(by=acting(person(Role.CENTRE)), alert=alert.pk)
    actions.issue(by=acting(person(Role.CENTRE)), alert=alert.pk)
    reader = person(role, ministry="mcee").reader
    if handles(reader):
        assert preview(reader, alert.pk, at=MOMENT).reached
        return
    with pytest.raises(DeniedError if role in (Role.MISSION, Role.PARTNER) else NotThereError):
        preview(reader, alert.pk, at=MOMENT)
    with pytest.raises(NotThereError):
        preview(reader, uuid4(), at=MOMENT)


def test_an_item_that_is_in_no_catalogue_is_said(raised: Make, person: Make) -> None:
    alert = raised(level=3, subject="no_such_item", units=("ministry:mcee",))
    found = preview(person(Role.CENTRE).reader, alert.pk, at=MOMENT)
    assert [one.of for one in found.unreached] == ["item:no_such_item"]
    assert [one.unit for one in found.reached] == ["ministry:mcee"]


def test_where_nobody_has_an_account_it_falls_to_the_officer_on_duty(alert: Alert, person: Make) -> None:
    centre, officer = person(Role.CENTRE), person(Role.DUTY, name="김당직")
    Shift.objects.create(officer=officer, starts=MOMENT - timedelta(hours=1), ends=MOMENT + timedelta(hours=1))
    duty = [
        (one.unit, one.name.ko) for one in preview(centre.reader, alert.pk, at=MOMENT).reached if one.rule == "duty"
    ]
    assert duty == [(f"user:{officer.pk}", "김당직")]
    hole = [
        one.unit
        for one in preview(centre.reader, alert.pk, at=MOMENT + timedelta(hours=1)).reached
        if one.rule == "duty"
    ]
    assert hole == [f"user:{centre.pk}"]
    for role in (Role.PARTNER, Role.MISSION, Role.COMPANY):
        person(role, ministry="molit")  # they read what is issued, and handle nothing
    assert [one for one in preview(centre.reader, alert.pk, at=MOMENT).reached if one.rule == "duty"]
    person(Role.DESK, ministry="molit")
    assert not [one for one in preview(centre.reader, alert.pk, at=MOMENT).reached if one.rule == "duty"]


def test_companies_are_counted_and_never_reached(alert: Alert, person: Make, acting: Make) -> None:
    firms = [person(Role.COMPANY) for _ in range(3)]
    for firm, codes in zip(firms, (["3102"], ["2804"], ["31021000"]), strict=True):
        releases.subscribe(by=acting(firm), hs_codes=codes)
    releases.subscribe(by=acting(firms[0]), items=["helium", "urea"], hs_codes=["3102"])
    found = preview(person(Role.CENTRE).reader, alert.pk, at=MOMENT)
    assert found.receivers == 2
    assert not {f"user:{firm.pk}" for firm in firms} & set(of(found))
    assert subscribed() == (
        Subscribed(firms[0].pk, ("3102",), ("helium", "urea")),
        Subscribed(firms[1].pk, ("2804",), ()),
        Subscribed(firms[2].pk, ("31021000",), ()),
    )


def test_the_watch_and_the_preview_see_the_same_floor(alert: Alert, person: Make) -> None:
    for role in Role:
        person(role, ministry="molit", is_active=role is not Role.DESK)
    staff = staff_at(MOMENT)
    found = routed({**WARNING, "subject": "urea"}, level=3, at=MOMENT)
    assert staff.staffed >= {"ministry:molit"}  # an analyst who sits there
    assert not [one for one in found.concerned if one.rule == "duty"]
    assert today(datetime(2026, 11, 21, 15, tzinfo=UTC)).isoformat() == "2026-11-22"
    assert alert.pk


@pytest.mark.parametrize("count", [1, 3, 30])
def test_it_takes_as_many_queries_whatever_the_number_of_units(count: int, raised: Make, person: Make) -> None:
    centre = person(Role.CENTRE)
    alert = raised(level=3, units=tuple(f"desk:desk{n}" for n in range(count)), **WARNING)
    for _ in range(count):
        person(Role.DESK, desk="desk1")
    with CaptureQueriesContext(connection) as taken:
        preview(centre.reader, alert.pk, at=MOMENT)
    assert len(taken) == 11


def test_a_level_raised_by_hand_reaches_those_whom_it_concerns(raised: Make, person: Make, acting: Make) -> None:
    centre = person(Role.CENTRE)
    alert = raised(level=2, units=("ministry:mafra",), **WARNING)
    actions.override_level(by=acting(centre, why="현지에서 들었다"), alert=alert.pk, level=4)
    concerns = dict(alert.concerns.values_list("unit", "rule"))
    assert concerns["ministry:mafra"] == "rule"  # the first reason given stands
    assert concerns["ministry:molit"] == "ministry_hit"
    assert set(concerns) == {one.unit for one in preview(centre.reader, alert.pk, at=MOMENT).reached}
