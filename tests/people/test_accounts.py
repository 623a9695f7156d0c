import unicodedata
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import identify_hasher
from hypothesis import given
from hypothesis import strategies as st

from bongsu import settings as installation
from bongsu.people import actions
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.markings import Grade, Tlp
from bongsu.people.models import AuditLine, User
from bongsu.people.names import one_line, sign_in_name
from bongsu.people.reader import NOBODY, Actor, task
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Acting = Callable[..., Actor]
GOOD = "correct horse battery staple"
DESK = "mofa_economic_security_centre"
UNITS: dict[Role, dict[str, str]] = {
    Role.DESK: {"desk": DESK, "ministry": "moti"},
    Role.MISSION: {"mission": "chn_beijing"},
    Role.PARTNER: {"ministry": "mcee"},
    Role.COMPANY: {"organisation": "요소 주식회사"},
}
ASKED = {"username": "kim", "name": "김민수"}


@pytest.fixture
def by(person: Person, acting: Acting) -> Actor:
    """An administrator."""
    return acting(person(Role.ADMINISTRATOR))


@pytest.mark.parametrize("role", Role)
def test_an_account_of_every_role_is_made_and_the_trail_says_what_it_may(by: Actor, role: Role) -> None:
    facts = {**UNITS.get(role, {}), "grade": Grade.S, "tlp": Tlp.AMBER, "email": "kim@example.org"}
    user = actions.add_account(by=by, **ASKED, role=role, password=GOOD, **facts)
    kept = User.objects.get(pk=user.pk)
    assert {name: getattr(kept, name) for name in facts} == facts
    assert (kept.username, kept.name, kept.joined_at, kept.is_active) == ("kim", "김민수", by.at, True)
    assert kept.check_password(GOOD)
    line = AuditLine.objects.get()
    assert (line.act, line.kind, line.ref, line.actor) == ("account.add", "account", str(user.pk), by.reader.user)
    empty = {"role": role.value, "mission": "", "desk": "", "ministry": "", "grade": 1, "tlp": 2}
    assert line.details == {**empty, **{name: value for name, value in facts.items() if name in empty}}


def test_without_a_password_only_single_sign_on_opens_it(by: Actor) -> None:
    assert not actions.add_account(by=by, **ASKED, role="auditor").has_usable_password()


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"role": "king"}, "role"),
        ({"role": "mission"}, "mission"),
        ({"role": "desk"}, "desk"),
        ({"role": "company"}, "organisation"),
        ({"role": "partner"}, "ministry"),
        ({"role": "mission", "mission": "chn_atlantis"}, "mission"),
        ({"role": "mission", "mission": "../etc/passwd"}, "mission"),
        ({"role": "mission", "mission": "chn_beijing", "ministry": "mcee"}, "ministry"),
        ({"role": "partner", "ministry": "me"}, "ministry"),  # which stands no more
        ({"role": "auditor", "desk": DESK}, "desk"),
        ({"role": "administrator", "mission": "chn_beijing"}, "mission"),
        ({"username": ""}, "username"),
        ({"username": "аdmin"}, "username"),  # the first letter is Cyrillic
        ({"username": "kim min"}, "username"),
        ({"username": "k" * 151}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"name": " "}, "name"),
        ({"name": "k" * 121}, "name"),
        ({"name": "kim\u202eniM"}, "name"),
        ({"name": "김\u200b민수"}, "name"),
        ({"name": "kim\nmin"}, "name"),
        ({"name": "kim\0"}, "name"),
        ({"email": "no address"}, "email"),
        ({"grade": 3}, "grade"),
        ({"tlp": -1}, "tlp"),
        ({"language": "fr"}, "language"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"is_active": False}, "is_active"),
        ({"last_login": None}, "last_login"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"name": "Kim Minsu Lee", "password": "kim minsu lee"}, "password"),
    ],
)
def test_what_an_account_cannot_hold_is_refused_by_name(
    by: Actor, person: Person, facts: dict[str, Any], where: str
) -> None:
    person(Role.CENTRE, username="taken")
    before = User.objects.count()
    with pytest.raises(InvalidError) as refused:
        actions.add_account(by=by, **{**ASKED, "role": "centre", **facts})
    assert refused.value.where == where
    assert (User.objects.count(), AuditLine.objects.count()) == (before, 0)


def test_a_home_without_a_network_knows_only_how_ids_are_written(by: Actor, settings: LazySettings) -> None:
    settings.HOME = "XYZ"
    assert actions.add_account(by=by, **ASKED, role="mission", mission="anywhere").mission == "anywhere"
    with pytest.raises(InvalidError):
        actions.add_account(by=by, username="lee", name="lee", role="mission", mission="Any Where")


def test_names_are_composed_and_on_one_line() -> None:
    assert one_line("  김\u3000민수 ", most=9, where="") == "김 민수"
    assert one_line("\u1100\u1161", most=1, where="") == "가"
    assert sign_in_name("  ＫＩＭ.min ") == "kim.min"


@given(st.text(max_size=40))
def test_no_name_holds_what_cannot_be_seen(told: str) -> None:
    try:
        name = one_line(told, most=40, where="")
    except InvalidError:
        return
    assert name == " ".join(name.split())
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


# ---- the first account


def test_whoever_comes_first_opens_the_house_and_nobody_after(moment: datetime) -> None:
    by = Actor(reader=NOBODY, at=moment, address="192.0.2.7")
    first = actions.first_account(by=by, username="one", name="one", password=GOOD)
    assert (first.role, first.check_password(GOOD)) == (Role.ADMINISTRATOR, True)
    with pytest.raises(OutOfStepError):
        actions.first_account(by=by, username="two", name="two", password=GOOD)
    with pytest.raises(DeniedError):
        actions.add_account(by=by, username="two", name="two", role="centre")
    assert User.objects.count() == 1


def test_a_task_of_ours_may_make_one(moment: datetime) -> None:
    assert actions.add_account(by=task(moment), **ASKED, role="administrator", password=GOOD).pk


def test_a_mission_that_has_closed_since_stops_nothing_else(person: Person, by: Actor) -> None:
    user = person(Role.PARTNER, ministry="me")
    actions.change_account(by=by, account=user.pk, name="새 이름", grade=0)
    with pytest.raises(InvalidError):
        actions.change_account(by=by, account=user.pk, role="mission")


# ---- changing, shutting, opening


def test_a_change_is_kept_and_the_trail_names_fields_not_persons(by: Actor, person: Person) -> None:
    user = person(Role.CENTRE)
    actions.change_account(by=by, account=user.pk, name="이름", email="a@example.org", role="duty", desk=DESK)
    actions.change_account(by=by, account=user.pk, name="이름")
    line = AuditLine.objects.get()
    told = {"role": "duty", "desk": DESK, "tokens": 0}
    assert line.details == {"fields": ["desk", "email", "name", "role"], **told}
    user.refresh_from_db()
    assert (user.name, user.email, user.role, user.desk) == ("이름", "a@example.org", "duty", DESK)


def test_people_set_their_own_language_clock_and_quiet_hours_and_no_more(person: Person, acting: Acting) -> None:
    user = person(Role.MISSION, mission="chn_beijing")
    own = {"language": "en", "zone": "Asia/Shanghai", "quiet_from": "22:00", "quiet_until": time(6)}
    actions.change_account(by=acting(user), account=user.pk, **own)
    user.refresh_from_db()
    assert (user.language, user.zone, user.quiet_from, user.quiet_until) == ("en", "Asia/Shanghai", time(22), time(6))
    for name, value in (("name", "x"), ("role", "centre"), ("grade", 2), ("mission", "jpn_tokyo"), ("email", "")):
        with pytest.raises(DeniedError):
            actions.change_account(by=acting(user), account=user.pk, language="ko", **{name: value})
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.parametrize("change", [{"role": "centre"}, {"grade": 0}, {"tlp": 0}])
def test_nobody_changes_their_own_role_or_clearance(by: Actor, person: Person, change: dict[str, Any]) -> None:
    person(Role.ADMINISTRATOR)
    assert by.reader.user
    with pytest.raises(DeniedError):
        actions.change_account(by=by, account=by.reader.user, **change)


def test_the_last_administrator_stays(by: Actor, person: Person, moment: datetime) -> None:
    me = by.reader.user
    assert me
    with pytest.raises(OutOfStepError):
        actions.shut_account(by=by, account=me)
    with pytest.raises(OutOfStepError):
        actions.change_account(by=task(moment), account=me, role="centre")
    person(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(OutOfStepError):
        actions.shut_account(by=by, account=me)
    another = person(Role.ADMINISTRATOR)
    actions.shut_account(by=by, account=another.pk)
    assert list(User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).values_list("pk", flat=True)) == [me]


def test_an_account_is_shut_once_and_opened_again(by: Actor, person: Person) -> None:
    user = person(Role.CENTRE)
    assert not actions.shut_account(by=by, account=user.pk).is_active
    with pytest.raises(OutOfStepError):
        actions.shut_account(by=by, account=user.pk)
    assert User.objects.get(pk=user.pk).reader.role is None
    assert actions.reopen_account(by=by, account=user.pk).is_active
    with pytest.raises(OutOfStepError):
        actions.reopen_account(by=by, account=user.pk)
    assert list(AuditLine.objects.values_list("act", flat=True)) == ["account.shut", "account.reopen"]


def test_an_account_that_is_not_there_is_not_there(by: Actor) -> None:
    for act in (actions.shut_account, actions.reopen_account, actions.change_account, actions.reset_second_factor):
        with pytest.raises(NotThereError):
            act(by=by, account=999_999_999_999)


def test_a_weak_password_is_not_set_for_anyone(by: Actor, person: Person) -> None:
    user = person(Role.CENTRE)
    with pytest.raises(InvalidError):
        actions.reset_password(by=by, account=user.pk, password="short")  # noqa: S106 - it is refused
    actions.reset_password(by=by, account=user.pk, password=None)
    user.refresh_from_db()
    assert not user.has_usable_password()


# ---- how passwords are kept


@pytest.mark.parametrize(
    ("named", "algorithm"), [("argon2", "argon2"), ("pbkdf2", "pbkdf2_sha256"), ("scrypt", "scrypt")]
)
def test_the_installation_chooses_its_hasher_and_keeps_reading_the_others(
    person: Person, settings: LazySettings, named: str, algorithm: str
) -> None:
    hashers = installation._HASHERS
    settings.PASSWORD_HASHERS = [hashers[named], *(one for one in hashers.values() if one != hashers[named])]
    user = person(Role.CENTRE)
    assert identify_hasher(user.password).algorithm == algorithm
    assert GOOD not in user.password
    settings.PASSWORD_HASHERS = [*reversed(settings.PASSWORD_HASHERS)]
    assert user.check_password(GOOD)
    assert not user.check_password(GOOD + " ")
    assert identify_hasher(User.objects.get(pk=user.pk).password).algorithm != algorithm  # hashed anew at sign-in
