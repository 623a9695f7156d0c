import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bongsu.people import actions, queries, tokens
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import ApiToken, AuditLine, User
from bongsu.people.reader import NOBODY, Actor
from bongsu.people.roles import Role
from bongsu.people.rules import TWICE_PROVEN

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Acting = Callable[..., Actor]
DAY = timedelta(days=1)


def made(by: Actor, *scopes: str, days: int = 1) -> tuple[ApiToken, str]:
    return actions.make_token(by=by, label="보고 연동", scopes=scopes or ("read",), expires_at=by.at + days * DAY)


def test_a_token_opens_for_its_owner_within_its_scopes_and_its_time(person: Person, acting: Acting) -> None:
    user = person(Role.CENTRE)
    by = acting(user)
    token, secret = made(by, "write", "read")
    assert tokens.owner_of(secret, by.at) == (user, frozenset({"read", "write"}))
    assert tokens.owner_of(secret, by.at + DAY - timedelta(seconds=1)) is not None
    assert tokens.owner_of(secret, by.at + DAY) is None
    assert tokens.owner_of(secret, by.at - timedelta(seconds=1)) is None
    assert (token.prefix, token.scopes) == (secret[:12], ["read", "write"])


def test_only_its_digest_is_kept(person: Person, acting: Acting) -> None:
    by = acting(person(Role.CENTRE))
    _, secret = made(by)
    assert re.fullmatch(r"bsu_[A-Za-z0-9_-]{43}", secret)
    assert made(by)[1] != secret
    for table in ("people_apitoken", "people_auditline"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - ours
            assert secret not in str(cursor.fetchall())
    assert "digest" in queries.tokens(by.reader)[0].get_deferred_fields()


@pytest.mark.parametrize("secret", ["", "bsu_", "bsu_" + "a" * 43, "bsu_" + "a" * 10_000, "x" * 47, "bsu_" + "\0" * 43])
def test_no_other_text_opens_anything(person: Person, acting: Acting, moment: datetime, secret: str) -> None:
    made(acting(person(Role.CENTRE)))
    assert tokens.owner_of(secret, moment) is None


def test_a_secret_with_another_letter_opens_nothing(person: Person, acting: Acting, moment: datetime) -> None:
    _, secret = made(acting(person(Role.CENTRE)))
    for place in range(len(secret)):
        other = "A" if secret[place] != "A" else "B"
        assert tokens.owner_of(secret[:place] + other + secret[place + 1 :], moment) is None
    assert tokens.owner_of(secret + "\n", moment) is None


def test_a_revoked_token_and_one_of_a_shut_account_open_nothing(person: Person, acting: Acting) -> None:
    user, keeper = person(Role.CENTRE), person(Role.ADMINISTRATOR)
    by = acting(user)
    token, secret = made(by)
    _, other = made(by)
    actions.revoke_token(by=by, token=token.pk)
    with pytest.raises(OutOfStepError):
        actions.revoke_token(by=by, token=token.pk)
    assert tokens.owner_of(secret, by.at) is None
    assert tokens.owner_of(other, by.at) is not None
    actions.shut_account(by=acting(keeper), account=user.pk)
    assert tokens.owner_of(other, by.at) is None
    assert list(AuditLine.objects.values_list("act", "actor"))[:3] == [
        ("token.make", user.pk),
        ("token.make", user.pk),
        ("token.revoke", user.pk),
    ]


@pytest.mark.parametrize("role", Role)
def test_a_token_is_no_way_around_the_second_factor(
    person: Person, acting: Acting, settings: LazySettings, role: Role
) -> None:
    user = person(role)
    by = acting(user)
    _, secret = made(by)
    settings.SECOND_FACTOR = True
    assert (tokens.owner_of(secret, by.at) is None) == (role in TWICE_PROVEN)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert tokens.owner_of(secret, by.at) is not None


RESETS: dict[str, Callable[[Actor, int], object]] = {
    "account.password": lambda by, pk: actions.reset_password(by=by, account=pk, password=None),
    "account.second_factor": lambda by, pk: actions.reset_second_factor(by=by, account=pk),
    "account.sessions": lambda by, pk: actions.end_sessions(by=by, account=pk),
    "account.change": lambda by, pk: actions.change_account(by=by, account=pk, role="duty"),
    "account.shut": lambda by, pk: actions.shut_account(by=by, account=pk),
}


@pytest.mark.parametrize("act", RESETS)
def test_no_token_outlives_a_reset(person: Person, acting: Acting, act: str) -> None:
    user, other, by = person(Role.CENTRE), person(Role.CENTRE), acting(person(Role.ADMINISTRATOR))
    (token, secret), (_, kept) = made(acting(user)), made(acting(other))
    gone, _ = made(acting(user))
    actions.revoke_token(by=acting(user), token=gone.pk)
    RESETS[act](by, user.pk)
    if act == "account.shut":
        actions.reopen_account(by=by, account=user.pk)
    token.refresh_from_db()
    assert (tokens.owner_of(secret, by.at), token.revoked_at) == (None, by.at)
    assert tokens.owner_of(kept, by.at) is not None
    assert AuditLine.objects.get(act=act).details["tokens"] == 1


def test_a_change_that_leaves_the_role_leaves_the_tokens(person: Person, acting: Acting) -> None:
    user, by = person(Role.CENTRE), acting(person(Role.ADMINISTRATOR))
    _, secret = made(acting(user))
    actions.change_account(by=by, account=user.pk, name="other", role="centre")
    assert tokens.owner_of(secret, by.at) is not None


def test_what_signs_in_is_not_changed_through_the_api(person: Person, acting: Acting) -> None:
    user, keeper = person(Role.CENTRE, email="a@example.org"), person(Role.ADMINISTRATOR)
    by = acting(keeper, via="api")
    for facts in ({"email": "b@example.org"}, {"username": "other"}, {"name": "x", "email": "b@example.org"}):
        for pk in (user.pk, keeper.pk):
            with pytest.raises(DeniedError):
                actions.change_account(by=by, account=pk, **facts)
    actions.change_account(by=by, account=user.pk, name="x", username=user.username, email="a@example.org")
    actions.change_account(by=acting(keeper), account=user.pk, email="b@example.org", username="other")
    user.refresh_from_db()
    assert (user.name, user.email, user.username) == ("x", "b@example.org", "other")


def test_its_use_is_noted_at_most_once_a_minute(person: Person, acting: Acting) -> None:
    by = acting(person(Role.CENTRE))
    token, secret = made(by)
    for seconds, noted, asked in ((0, 0, 2), (59, 0, 1), (60, 60, 2), (61, 60, 1)):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            tokens.owner_of(secret, by.at + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == by.at + timedelta(seconds=noted)
        assert len(seen) == asked


@pytest.mark.parametrize(
    ("label", "scopes", "days", "where"),
    [
        (" ", ["read"], 1, "label"),
        ("x" * 81, ["read"], 1, "label"),
        ("a\u202eb", ["read"], 1, "label"),
        ("x", [], 1, "scopes"),
        ("x", ["admin"], 1, "scopes"),
        ("x", ["read", "admin"], 1, "scopes"),
        ("x", ["read"], 0, "expires_at"),
        ("x", ["read"], -1, "expires_at"),
        ("x", ["read"], 367, "expires_at"),
    ],
)
def test_what_a_token_cannot_be_is_refused(
    person: Person, acting: Acting, label: str, scopes: list[str], days: int, where: str
) -> None:
    by = acting(person(Role.CENTRE))
    with pytest.raises(InvalidError) as refused:
        actions.make_token(by=by, label=label, scopes=scopes, expires_at=by.at + days * DAY)
    assert refused.value.where == where


def test_a_token_makes_no_token_and_nobody_has_one(person: Person, acting: Acting, moment: datetime) -> None:
    for by in (acting(person(Role.CENTRE), via="api"), Actor(reader=NOBODY, at=moment)):
        with pytest.raises(DeniedError):
            made(by)


@pytest.mark.parametrize("role", Role)
def test_people_see_their_own_tokens_and_house_keepers_all(person: Person, acting: Acting, role: Role) -> None:
    user, other = person(role), person(Role.CENTRE)
    own, foreign = made(acting(user))[0], made(acting(other))[0]
    seen = set(queries.tokens(user.reader).values_list("pk", flat=True))
    if role is Role.ADMINISTRATOR:
        assert seen == {own.pk, foreign.pk}
        actions.revoke_token(by=acting(user), token=foreign.pk)
    else:
        assert seen == {own.pk}
        with pytest.raises(NotThereError):
            actions.revoke_token(by=acting(user), token=foreign.pk)
    assert not queries.tokens(NOBODY).exists()
