"""A first walk through an alert's life."""

from collections.abc import Callable
from typing import Any

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.routing.shapes import Concerned
from bongsu.language import Text
from bongsu.people.markings import Grade, Tlp
from bongsu.people.reader import task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db


def test_walk(person: Callable[..., Any], acting: Callable[..., Any]) -> None:
    duty, mission = person(Role.DUTY), person(Role.MISSION, mission="chn_beijing")
    by = acting(duty, why="시험")
    row = actions.raise_alert(
        by=task(by.at),
        warning={"subject": "urea"},
        level=3,
        grade=Grade.O,
        tlp=Tlp.CLEAR,
        concerns=[Concerned("mission:chn_beijing", "supplier", Text("공급국", "supplier"))],
    )
    assert row.owner_id == duty.pk
    assert list(queries.alerts(mission.reader)) == []
    row = actions.triage(by=by, alert=row.id, seen=row.version)
    row = actions.issue(by=by, alert=row.id, seen=row.version)
    assert [one.pk for one in queries.alerts(mission.reader)] == [row.pk]
    assert [line.kind for line in queries.timeline(mission.reader, row.id)] == ["raise", "issue"]
    row = actions.override_level(by=by, alert=row.id, level=5)
    row = actions.acknowledge(by=by, alert=row.id)
    row = actions.tick(by=by, alert=row.id, entry="read_evidence")
    assert [one.entry.id for one in queries.checklist(duty.reader, row.id) if one.tick] == ["read_evidence"]
    row = actions.close(by=by, alert=row.id)
    row = actions.reopen(by=by, alert=row.id)
    assert row.state == "triaged"
    assert [one.state for one in queries.alerts(duty.reader, as_of=by.at)] == ["triaged"]
