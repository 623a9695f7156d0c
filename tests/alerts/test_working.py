"""The checklist of a level, ticked and logged, and notes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bongsu.alerts import actions, queries
from bongsu.alerts.checklists import FILE, checklist_at, entries
from bongsu.language import BadInputError
from bongsu.people.errors import InvalidError, StaleError
from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def raised(raised: Callable[..., Any]) -> Callable[..., Any]:
    """On an item of no catalogue: nobody is concerned but whom the test names."""
    return partial(raised, subject="test good")


def test_every_level_has_its_list_and_a_graver_one_has_more() -> None:
    lists = [checklist_at(level) for level in range(1, 6)]
    for less, more in pairwise(lists):
        assert set(less) < set(more)
    assert checklist_at(None) == checklist_at(2)


def test_every_entry_is_said_in_both_languages_and_names_a_contact() -> None:
    roles = {role.value for role in Role}
    for entry in entries():
        assert entry.text.ko
        assert entry.text.en
        assert entry.text.ko != entry.text.en
        assert entry.contact.name.ko
        assert (entry.contact.role in roles) != (entry.contact.unit in {"desk", "mission", "ministry"})


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("id: check_same", "id: read_evidence"),
        ("contact: desk", "contact: nobody"),
        ("from: 5", "from: 6"),
        ("    from: 2\n", ""),
    ],
)
def test_a_list_that_is_not_whole_names_the_entry(was: str, becomes: str, tmp_path: Path) -> None:
    file = tmp_path / "checklists.yml"
    text = FILE.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"checklists\.yml: "):
        entries(file)


@pytest.fixture
def duty(person: Callable[..., Any]) -> User:
    user: User = person(Role.DUTY)
    return user


def _ticked(user: User, pk: Any) -> list[tuple[str, str, bool]]:  # noqa: ANN401 - an alert's key
    return [(one.entry.id, one.who, one.extra) for one in queries.checklist(user.reader, pk) if one.tick]


@pytest.mark.django_db
def test_ticks_say_who_and_stay_when_the_level_changes(
    duty: User, raised: Callable[..., Any], acting: Callable[..., Any], person: Callable[..., Any]
) -> None:
    desk = person(Role.DESK, desk="supply")
    row = raised(level=4, units=("desk:supply", "mission:chn_beijing"))
    row = actions.tick(by=acting(duty), alert=row.pk, entry="read_evidence", seen=row.version)
    row = actions.tick(by=acting(desk), alert=row.pk, entry="call_meeting")
    assert actions.tick(by=acting(duty), alert=row.pk, entry="call_meeting").version == row.version
    assert _ticked(duty, row.pk) == [("read_evidence", duty.name, False), ("call_meeting", desk.name, False)]
    row = actions.override_level(by=acting(duty, why="사유"), alert=row.pk, level=2)
    assert _ticked(duty, row.pk) == [("read_evidence", duty.name, False), ("call_meeting", desk.name, True)]
    assert [one.entry for one in queries.checklist(duty.reader, row.pk) if not one.extra] == list(checklist_at(2))
    row = actions.untick(by=acting(duty), alert=row.pk, entry="read_evidence")
    assert actions.untick(by=acting(duty), alert=row.pk, entry="read_evidence").version == row.version
    assert _ticked(duty, row.pk) == [("call_meeting", desk.name, True)]
    reach = {one.entry.id: one.reach for one in queries.checklist(duty.reader, row.pk)}
    assert (reach["ask_missions"], reach["tell_desk"], reach["read_evidence"]) == (
        ("mission:chn_beijing",),
        ("desk:supply",),
        (),
    )
    assert list(AuditLine.objects.filter(act="alert.tick").values_list("actor", flat=True)) == [duty.pk, desk.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("entry", ["", "nothing of ours", "x" * 500])
def test_an_entry_that_is_not_there_is_refused(
    entry: str, duty: User, raised: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    with pytest.raises(InvalidError):
        actions.tick(by=acting(duty), alert=raised().pk, entry=entry)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # kept as typed; whoever shows it escapes it
        ("  요소\r\n\t둘째 줄  ", "요소\n\t둘째 줄"),
        ("안\u202eab\u2066c\x00\x1b[31m", "안abc[31m"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that Persian needs
    ],
)
def test_a_note_is_kept_as_typed_but_for_what_would_make_it_read_otherwise(
    typed: str, kept: str, duty: User, raised: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = actions.note(by=acting(duty), alert=raised().pk, text=typed)
    assert queries.timeline(duty.reader, row.pk)[-1].note == kept
    assert kept not in AuditLine.objects.get(act="alert.note").facts


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " \n\t", "\x00\u202e", "ㄱ" * 4001])
def test_a_note_of_nothing_or_too_much_is_refused(
    typed: str, duty: User, raised: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    with pytest.raises(InvalidError):
        actions.note(by=acting(duty), alert=raised().pk, text=typed)


@pytest.mark.django_db
def test_a_second_act_on_a_version_that_moved_on_is_refused(
    duty: User, raised: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = raised()
    actions.triage(by=acting(duty), alert=row.pk, seen=1)
    for act in (actions.issue, actions.triage, actions.acknowledge):
        with pytest.raises(StaleError) as refused:
            act(by=acting(duty), alert=row.pk, seen=1)
        assert (refused.value.seen, refused.value.version) == (1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "kept"), [("끝\x00났다\u202e", "끝났다"), ("\x00", "")])
def test_a_reason_is_kept_alike_in_the_event_and_the_trail(
    typed: str, kept: str, duty: User, raised: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    row = actions.triage(by=acting(duty, why=typed), alert=raised().pk)
    assert queries.timeline(duty.reader, row.pk)[-1].why == kept
    assert AuditLine.objects.get(act="alert.triage").why == kept
