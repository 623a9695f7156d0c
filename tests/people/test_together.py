"""Several at once, each on a connection of their own: on PostgreSQL, where they truly run side by side."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from bongsu.people import actions
from bongsu.people.anchors import anchor, anchors_in
from bongsu.people.audit import write_line
from bongsu.people.errors import OutOfStepError
from bongsu.people.models import AuditLine, Shift, User
from bongsu.people.reader import Actor, task
from bongsu.people.roles import Role
from bongsu.people.verify import verify

Together = Callable[[Sequence[Callable[[], object]]], list[object]]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="the tests' SQLite is one connection: nothing is side by side"
    ),
]
KEY = b"another key for tests"
Person = Callable[..., User]
Acting = Callable[..., Actor]


def test_lines_written_at_once_make_one_chain_and_reading_meanwhile_finds_it_whole(
    together: Together, moment: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.jsonl"

    def write() -> None:
        for turn in range(10):
            write_line(task(moment), "test.done", "test", turn)

    def copy() -> list[object]:
        for _ in range(10):
            anchor(file, KEY, moment)
        return []

    def look() -> list[object]:
        return [fault for _ in range(10) for fault in verify(KEY, file)]

    told = together([write, write, write, copy, copy, look])
    assert told[3:] == [[], [], []]
    assert list(AuditLine.objects.values_list("seq", flat=True)) == list(range(1, 31))
    assert verify(KEY, file) == ()
    numbers = [one and one.number for one in anchors_in(file)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_two_administrators_who_shut_each_other_leave_one(together: Together, person: Person, acting: Acting) -> None:
    one, two = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    told = together(
        [
            lambda: actions.shut_account(by=acting(one), account=two.pk),
            lambda: actions.shut_account(by=acting(two), account=one.pk),
        ]
    )
    assert sorted(type(each).__name__ for each in told) == ["OutOfStepError", "User"]
    assert User.objects.filter(is_active=True).count() == 1


def test_one_of_those_who_come_first_at_once_opens_the_house(together: Together, moment: datetime) -> None:
    by = Actor(reader=task(moment).reader, at=moment)
    facts = {"name": "x", "password": "correct horse battery staple"}
    told = together([lambda n=n: actions.first_account(by=by, username=f"u{n}", **facts) for n in range(3)])
    assert sum(isinstance(each, User) for each in told) == 1
    assert User.objects.count() == 1


def test_one_watch_has_one_officer_though_four_plan_it_at_once(
    together: Together, person: Person, acting: Acting
) -> None:
    by = acting(person(Role.ADMINISTRATOR))
    span = {"starts": by.at, "ends": by.at + timedelta(hours=8)}
    officers = [person(Role.DUTY).pk for _ in range(4)]
    told = together([lambda pk=pk: actions.plan_shift(by=by, officer=pk, **span) for pk in officers])
    assert sum(isinstance(each, OutOfStepError) for each in told) == 3
    assert Shift.objects.count() == 1
