"""Every role × everything there is to do and to see among people. What is not granted here is not granted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bongsu.people import actions, queries
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, NotThereError
from bongsu.people.models import ApiToken, AuditLine, HandOver, Shift, User
from bongsu.people.reader import NOBODY, Actor, Reader
from bongsu.people.roles import JUDGES, Role

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Acting = Callable[..., Actor]
HOUR = timedelta(hours=1)
KEEPER = frozenset({Role.ADMINISTRATOR})
PLANNERS = JUDGES | KEEPER
ANYBODY = frozenset(Role)
SEE_ALL = KEEPER | {Role.AUDITOR}
Act = Callable[[Actor, Any], object]

# Who may do it to somebody else's entry; those who may not, and do not see the entry, are told that there is none.
ACTS: dict[str, tuple[frozenset[Role], Act]] = {
    "add_account": (
        KEEPER,
        lambda by, _: actions.add_account(by=by, username="new", name="new", role="centre"),
    ),
    "change_account": (KEEPER, lambda by, there: actions.change_account(by=by, account=there.user.pk, name="other")),
    "change_language": (KEEPER, lambda by, there: actions.change_account(by=by, account=there.user.pk, language="en")),
    "shut_account": (KEEPER, lambda by, there: actions.shut_account(by=by, account=there.user.pk)),
    "reopen_account": (KEEPER, lambda by, there: actions.reopen_account(by=by, account=there.shut.pk)),
    "reset_password": (KEEPER, lambda by, there: actions.reset_password(by=by, account=there.user.pk, password=None)),
    "reset_second_factor": (KEEPER, lambda by, there: actions.reset_second_factor(by=by, account=there.user.pk)),
    "end_sessions": (KEEPER, lambda by, there: actions.end_sessions(by=by, account=there.user.pk)),
    "make_token": (
        ANYBODY,
        lambda by, _: actions.make_token(by=by, label="x", scopes=["read"], expires_at=by.at + HOUR),
    ),
    "revoke_token": (KEEPER, lambda by, there: actions.revoke_token(by=by, token=there.token.pk)),
    "plan_shift": (
        PLANNERS,
        lambda by, there: actions.plan_shift(by=by, officer=there.duty.pk, starts=by.at + HOUR, ends=by.at + 2 * HOUR),
    ),
    "drop_shift": (PLANNERS, lambda by, there: actions.drop_shift(by=by, shift=there.shift.pk)),
    "give_watch": (JUDGES, lambda by, there: actions.give_watch(by=by, takes=there.duty.pk, note="")),
    "take_watch": (frozenset(), lambda by, there: actions.take_watch(by=by, hand_over=there.hand_over.pk)),
    "noted_read": (ANYBODY, lambda by, _: actions.noted_read(by=by, kind="report", ref=1)),
}


@pytest.fixture
def there(person: Person, acting: Acting, moment: datetime) -> SimpleNamespace:
    """Somebody else's entries, one of each."""
    user, duty = person(Role.MISSION, mission="jpn_tokyo"), person(Role.DUTY)
    token, _ = actions.make_token(by=acting(user), label="x", scopes=["read"], expires_at=moment + HOUR)
    return SimpleNamespace(
        user=user,
        duty=duty,
        shut=person(Role.MISSION, mission="jpn_tokyo", is_active=False),
        token=token,
        shift=Shift.objects.create(officer=duty, starts=moment, ends=moment + HOUR),
        hand_over=HandOver.objects.create(gives=person(Role.DUTY), takes=duty, note="", given_at=moment),
    )


@pytest.fixture(params=[*Role, None], ids=lambda role: role or "nobody")
def by(request: pytest.FixtureRequest, person: Person, acting: Acting, moment: datetime) -> Actor:
    """One of each role, of another mission than the entries, and somebody who has not signed in."""
    units = {Role.MISSION: {"mission": "chn_beijing"}, Role.DESK: {"desk": "mofa_economic_security_centre"}}
    role = request.param
    return acting(person(role, **units.get(role, {}))) if role else Actor(reader=NOBODY, at=moment)


@pytest.mark.parametrize("named", [*sorted(set(actions.__all__) - {"first_account"}), "change_language"])
def test_an_action_is_done_by_who_may_and_by_nobody_else(there: SimpleNamespace, by: Actor, named: str) -> None:
    may, act = ACTS[named]
    before = _state()
    if by.reader.role in may:
        act(by, there)
        assert AuditLine.objects.latest("seq").actor == by.reader.user
        return
    with pytest.raises((DeniedError, NotThereError)):
        act(by, there)
    assert _state() == before


def _state() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (User, ApiToken, Shift, HandOver, AuditLine)]


def test_who_sees_whose_account(there: SimpleNamespace, by: Actor) -> None:
    seen = set(queries.accounts(by.reader).values_list("pk", flat=True))
    if by.reader.role in SEE_ALL:
        assert seen == set(User.objects.values_list("pk", flat=True))
    elif by.reader.role in JUDGES:
        assert seen == set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    else:
        assert seen == ({by.reader.user} if by.reader.role else set())
    for account in User.objects.all():
        if account.pk in seen:
            assert queries.account(by.reader, account.pk).get_deferred_fields() == {"password"}
        else:
            with pytest.raises(NotThereError):
                queries.account(by.reader, account.pk)
    assert (there.user.pk in seen) == (by.reader.role in SEE_ALL | JUDGES)


@pytest.mark.parametrize(("role", "unit"), [(Role.MISSION, "mission"), (Role.DESK, "desk")])
def test_colleagues_see_each_other(person: Person, role: Role, unit: str) -> None:
    me, colleague = person(role, **{unit: "here"}), person(role, **{unit: "here"})
    for other in ({unit: "elsewhere"}, {unit: "here", "is_active": False}, {unit: ""}):
        person(role, **other)
    person(Role.CENTRE, **{unit: "here"})
    assert set(queries.accounts(me.reader)) == {me, colleague}


def test_whose_unit_is_empty_has_no_colleagues(person: Person) -> None:
    me = person(Role.MISSION)
    person(Role.MISSION)
    assert list(queries.accounts(me.reader)) == [me]


def test_the_trail_is_read_by_auditors_alone(there: SimpleNamespace, by: Actor) -> None:
    assert there.token
    lines = list(queries.audit_lines(by.reader).values_list("act", flat=True))
    assert lines == (["token.make"] if by.reader.role is Role.AUDITOR else [])


def test_the_trail_is_asked_by_act_entry_person_and_time(person: Person, acting: Acting, moment: datetime) -> None:
    reader, one, two = person(Role.AUDITOR).reader, person(Role.CENTRE), person(Role.DUTY)
    write_line(acting(one), "alert.issue", "alert", "a")
    write_line(acting(two, at=moment + HOUR), "alert.close", "alert", "a")
    write_line(acting(two, at=moment + 2 * HOUR), "report.read", "report", "a")

    def asked(**by: Any) -> Iterator[int]:  # noqa: ANN401 - what is asked
        return queries.audit_lines(reader, **by).values_list("seq", flat=True)

    assert list(asked()) == [3, 2, 1]
    assert list(asked(kind="alert")) == [2, 1]
    assert list(asked(kind="alert", ref="b")) == []
    assert list(asked(act="alert.close")) == [2]
    assert list(asked(actor=two.pk)) == [3, 2]
    assert list(asked(since=moment + HOUR)) == [3, 2]
    assert list(asked(since=moment, until=moment + HOUR)) == [1]


def test_what_was_read_is_written_down(person: Person, acting: Acting) -> None:
    user = person(Role.DESK, desk="x")
    actions.noted_read(by=acting(user, via="api"), kind="report", ref="7")
    line = AuditLine.objects.get()
    assert (line.act, line.kind, line.ref, line.actor, line.via) == ("report.read", "report", "7", user.pk, "api")


QUERIES: dict[str, Callable[[Reader, datetime], Any]] = {
    "accounts": lambda reader, _: [one.name for one in queries.accounts(reader)],
    "tokens": lambda reader, _: [one.owner.name for one in queries.tokens(reader)],
    "rota": lambda reader, at: [one.officer.name for one in queries.rota(reader, at, at + 999 * HOUR)],
    "hand_overs": lambda reader, _: [one.gives.name + one.takes.name for one in queries.hand_overs(reader)],
    "audit_lines": lambda reader, _: [one.details for one in queries.audit_lines(reader)],
}


@pytest.mark.parametrize("named", QUERIES)
def test_a_list_of_any_length_is_one_query(person: Person, moment: datetime, named: str) -> None:
    roles = {"hand_overs": Role.DUTY, "audit_lines": Role.AUDITOR}
    reader, duty = person(roles.get(named, Role.ADMINISTRATOR)).reader, person(Role.DUTY)
    for wanted in (1, 3, 300):
        numbers = range(AuditLine.objects.count(), wanted)
        user = [User(username=f"u{n}", name="x", role=Role.CENTRE, joined_at=moment) for n in numbers]
        User.objects.bulk_create(user)
        span = {"made_at": moment, "expires_at": moment}
        ApiToken.objects.bulk_create(ApiToken(owner=duty, label="x", digest=str(n), **span) for n in numbers)
        starts = [moment + n * HOUR for n in numbers]
        Shift.objects.bulk_create(Shift(officer=duty, starts=at, ends=at + HOUR) for at in starts)
        HandOver.objects.bulk_create(HandOver(gives=duty, takes=duty, note="", given_at=at) for at in starts)
        AuditLine.objects.bulk_create(AuditLine(seq=n + 1, at=moment, via="web", act="x", kind="x") for n in numbers)
        with CaptureQueriesContext(connection) as asked:
            there = QUERIES[named](reader, moment)
        assert (len(asked), len(there)) == (1, wanted + (2 if named == "accounts" else 0))
