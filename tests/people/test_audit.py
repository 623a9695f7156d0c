from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from bongsu.people.audit import sealed, write_line
from bongsu.people.models import AuditHead, AuditLine
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db


def test_every_line_is_numbered_and_sealed_with_the_one_before(
    person: Callable[..., Any], acting: Callable[..., Any], settings: Settings
) -> None:
    by = acting(person(Role.CENTRE), why="봉수 시험")
    lines = [write_line(by, "test.done", "test", number, level=number, name="요소") for number in range(3)]
    kept = list(AuditLine.objects.order_by("seq"))
    assert [line.seq for line in kept] == [1, 2, 3]
    before = ""
    for line, written in zip(kept, lines, strict=True):
        assert line.mac == written.mac == sealed(line, before, settings.AUDIT_KEY)
        before = line.mac
    assert (AuditHead.objects.get().seq, AuditHead.objects.get().mac) == (3, before)


def test_lines_are_neither_changed_nor_deleted(person: Callable[..., Any], acting: Callable[..., Any]) -> None:
    write_line(acting(person(Role.CENTRE)), "test.done", "test")
    with pytest.raises(TypeError, match="never changed"):
        AuditLine.objects.update(act="other")
    with pytest.raises(TypeError, match="never deleted"):
        AuditLine.objects.all().delete()
