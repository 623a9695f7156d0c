"""Whatever is done in whatever order: the row is what its events fold to, and any past moment is what was seen then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.fold import fold, projection
from bongsu.alerts.models import Alert, AlertEvidence, Concern, Telling
from bongsu.alerts.rules import State
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import User
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
SUBJECTS = ("one good", "another", "a third")  # of no catalogue
UNITS = ("desk:supply", "mission:chn_beijing", "mission:vnm_hanoi", "ministry:moe", "ministry:molit")
REFUSED = (DeniedError, InvalidError, NotThereError, OutOfStepError)
WALKS = 4
STEPS = 45


class Walk:
    """A random walk through all that can be done, and what each reader saw after each step."""

    def __init__(self, seed: int, people: list[User], concerned: Callable[..., Any]) -> None:
        self.chance = Random(seed)  # noqa: S311 - a test's dice
        self.people, self.concerned, self.at = people, concerned, START
        self.seen: list[tuple[datetime, dict[int, list[Any]]]] = []
        self.refused = self.done = 0

    def go(self, steps: int) -> None:
        for _ in range(steps):
            self.at += timedelta(minutes=self.chance.randrange(1, 300))
            try:
                self._act()
                self.done += 1
            except REFUSED:
                self.refused += 1
            self.seen.append((self.at, {user.pk: shown(user) for user in self.people}))

    def _act(self) -> None:
        who = self.chance.choices(self.people, [8, 8, 3, 1, 1, 1])[0]
        by = Actor(reader=who.reader, at=self.at, why="사유")
        machine, pk = task(self.at), self._any()
        level = self.chance.choice((None, 1, 2, 3, 4, 5))
        units = self.concerned(*self.chance.sample(UNITS, self.chance.randrange(len(UNITS))))
        marks = {"grade": self.chance.choice("OOOS"), "tlp": "GREEN"}
        warning = {
            "subject": self.chance.choice(SUBJECTS),
            "level": level,
            "draw": self.chance.randrange(3),
            "marks": marks,
        }
        choices: list[Callable[[], Any]] = [
            lambda: actions.raise_alert(by=machine, warning=warning, level=level, grade=0, tlp=0, concerns=units),
            lambda: actions.observe(by=machine, alert=pk, warning=warning, level=level, concerns=units),
            lambda: actions.triage(by=by, alert=pk),
            lambda: actions.issue(by=by, alert=pk),
            lambda: actions.close(by=by, alert=pk),
            lambda: actions.reopen(by=by, alert=pk),
            lambda: actions.withdraw(by=by, alert=pk),
            lambda: actions.merge(by=by, alert=pk, into=self._any()),
            lambda: actions.supersede(by=by, alert=pk, into=self._any()),
            lambda: actions.acknowledge(by=by, alert=pk),
            lambda: actions.assign(by=by, alert=pk, owner=self.chance.choice(self.people).pk),
            lambda: actions.override_level(by=by, alert=pk, level=self.chance.randrange(1, 6)),
            lambda: actions.lift_override(by=by, alert=pk),
            lambda: actions.tick(by=by, alert=pk, entry=self.chance.choice(("read_evidence", "check_stock"))),
            lambda: actions.untick(by=by, alert=pk, entry="read_evidence"),
            lambda: actions.note(by=by, alert=pk, text="메모"),
            lambda: actions.escalate(by=machine, alert=pk),
        ]
        weights = [3, 4, 4, 3, 1, 2, 0.4, 0.4, 0.4, 2, 1, 2, 2, 1, 1, 1, 2]
        self.chance.choices(choices, weights)[0]()

    def _any(self) -> UUID | None:
        rows = list(Alert.objects.order_by("raised_at", "subject"))
        rather = [row for row in rows if row.open_for] if self.chance.random() < 0.7 else rows
        return self.chance.choice(rather).pk if rather else None


def shown(user: User, **filters: Any) -> list[Any]:  # noqa: ANN401 - of the list's boxes
    """All that a list shows of each alert."""
    return [facts(row) for row in queries.alerts(user.reader, **filters)]


def facts(row: Alert) -> dict[str, Any]:
    """A row's columns, and its owner's name."""
    columns = {field.attname: getattr(row, field.attname) for field in Alert._meta.concrete_fields}
    return {**columns, "name": str(row.owner) if row.owner else None}


@pytest.fixture
def people(person: Callable[..., Any]) -> list[User]:
    return [
        person(Role.DUTY),
        person(Role.CENTRE),
        person(Role.DESK, desk="supply"),
        person(Role.MISSION, mission="chn_beijing"),
        person(Role.PARTNER, ministry="moe"),
        person(Role.COMPANY),
    ]


@pytest.mark.parametrize("seed", range(WALKS))
def test_after_any_walk_rows_and_the_past_are_what_the_events_say(
    seed: int, people: list[User], concerned: Callable[..., Any]
) -> None:
    walk = Walk(seed, people, concerned)
    walk.go(STEPS)
    assert walk.done > STEPS / 5, walk.refused
    for row in Alert.objects.all():
        _row_is_its_fold(row)
    for at, lists in walk.seen:
        for user in people:
            assert shown(user, as_of=at) == lists[user.pk]
    assert shown(people[0], as_of=START - timedelta(seconds=1)) == []


def _row_is_its_fold(row: Alert) -> None:
    events = list(row.events.order_by("seq"))
    standing = fold(events)
    assert standing is not None
    assert {name: getattr(row, name) for name in projection(row.subject, standing)} == projection(row.subject, standing)
    assert [one.seq for one in events] == list(range(1, row.version + 1))
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert dict(Concern.objects.filter(of=row).values_list("unit", "seq")) == standing.concerns
    assert dict(Telling.objects.filter(of=row).order_by("level").values_list("unit", "level")) == standing.told
    assert AlertEvidence.objects.filter(of=row).order_by("-seq")[0].digest == standing.evidence
    assert row.level is None or row.level < 3 or row.closed_at or row.owner_id  # people are there, so somebody answers
    assert row.unattended is False


def test_filters_of_the_past_are_those_of_the_present(people: list[User], concerned: Callable[..., Any]) -> None:
    walk = Walk(77, people, concerned)
    walk.go(40)
    for user in people:
        for filters in (
            {"state": "open"},
            *({"state": state} for state in State),
            *({"level": level} for level in range(1, 6)),
            {"item": SUBJECTS[0]},
            *({"unit": unit} for unit in UNITS),
            {"mine": True},
            {"mine": True, "state": State.TRIAGED, "level": 3},
        ):
            assert shown(user, as_of=walk.at, **filters) == shown(user, **filters), filters


def test_one_alert_and_all_about_it_are_had_as_of_then(people: list[User], concerned: Callable[..., Any]) -> None:
    walk = Walk(5, people, concerned)
    moments: list[tuple[datetime, Any, Any]] = []
    for _ in range(40):
        walk.go(1)
        newest = Alert.objects.order_by("-updated_at").first()
        if newest is not None:
            moments.append((walk.at, newest.pk, _all_about(people[0], newest.pk)))
    for at, pk, then in moments:
        assert _all_about(people[0], pk, as_of=at) == then


def _all_about(user: User, pk: UUID, **as_of: datetime) -> tuple[object, ...]:
    reader = user.reader
    return (
        facts(queries.alert(reader, pk, **as_of)),
        queries.timeline(reader, pk, **as_of),
        queries.evidence(reader, pk, **as_of).pk,
        queries.checklist(reader, pk, **as_of),
        [one.pk for one in queries.concerns(reader, pk, **as_of)],
        [one.pk for one in queries.tellings(reader, pk, **as_of)],
    )


def test_what_happened_is_neither_changed_nor_deleted(raised: Callable[..., Any], people: list[User]) -> None:
    row = raised(units=("desk:supply",))
    assert row.owner_id == people[0].pk
    for rows in (row.events, row.evidence, row.concerns, row.tellings):
        assert rows.count() > 0
        with pytest.raises(TypeError, match="never changed"):
            rows.update(seq=9)
        with pytest.raises(TypeError, match="never deleted"):
            rows.all().delete()
