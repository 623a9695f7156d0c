"""The door: password, second factors, lock-out, sessions. Through the pages, as a browser goes."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from bongsu.people import actions
from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role
from bongsu.people.rules import TWICE_PROVEN, needs_second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"  # noqa: S105 - of every test account
NEW = "another horse, another staple"
LOGIN, ENROL = "/accounts/login/", "/accounts/2fa/"
Person = Callable[..., User]


def sign_in(client: Client, user: User, password: str = PASSWORD, host: str = "testserver") -> HttpResponse:
    return client.post(LOGIN, {"login": user.username, "password": password}, headers={"host": host})


def is_in(client: Client) -> bool:
    """The sign-in page leads on whoever is in, and costs no rendering."""
    answer = client.get(LOGIN)
    return (answer.status_code, answer.headers.get("Location")) == (302, "/")


def prove_again(client: Client) -> None:
    """What allauth asks before it lets anyone change their factors."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def acts(prefix: str = "") -> list[str]:
    """The trail's acts, in order."""
    return list(AuditLine.objects.filter(act__startswith=prefix).order_by("seq").values_list("act", flat=True))


def test_a_password_opens_the_door_and_the_session_is_a_new_one(client: Client, person: Person) -> None:
    user = person(Role.MISSION, mission="chn_beijing")
    client.get(LOGIN)
    client.post("/language/", {"language": "en", "next": "/"})
    before = client.session.session_key
    assert before
    answer = sign_in(client, user)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert client.session.session_key != before
    line = AuditLine.objects.get(act="session.begin")
    assert (line.actor, line.ref, line.address, line.via) == (user.pk, str(user.pk), "127.0.0.1", "web")
    assert line.details == {"proofs": ["password"]}
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert acts() == ["session.begin", "session.end"]


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper(), PASSWORD + " x"])
def test_no_other_password_does(client: Client, person: Person, password: str) -> None:
    sign_in(client, person(Role.CENTRE), password)
    assert "_auth_user_id" not in client.session


def test_a_failure_names_the_account_and_never_what_was_typed(client: Client, person: Person) -> None:
    user = person(Role.CENTRE)
    sign_in(client, user, "a wrong guess")
    client.post(LOGIN, {"login": "a password typed into the wrong box", "password": "x"})
    assert list(AuditLine.objects.order_by("seq").values_list("act", "actor", "role", "ref", "facts")) == [
        ("session.fail", None, "", str(user.pk), "{}"),
        ("session.fail", None, "", "", "{}"),
    ]


def test_an_account_that_was_shut_stays_outside_and_is_thrown_out(
    client: Client, person: Person, acting: Callable[..., Any]
) -> None:
    by, user = acting(person(Role.ADMINISTRATOR)), person(Role.DESK, desk="x")
    sign_in(client, user)
    assert is_in(client)
    actions.shut_account(by=by, account=user.pk)
    assert not is_in(client)
    assert sign_in(client, user)["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert not is_in(client)


def test_five_failures_lock_the_account_even_for_the_right_password(client: Client, person: Person) -> None:
    user, other = person(Role.MISSION, mission="m"), person(Role.MISSION, mission="m")
    for _ in range(5):
        sign_in(client, user, "wrong")
    sign_in(client, user)
    sign_in(client, user)
    assert not is_in(client)
    assert acts() == [*["session.fail"] * 5, "session.lock"]
    sign_in(client, other)
    assert is_in(client)


@pytest.mark.parametrize("dodge", ["host", "case", "letters"])
def test_the_lock_knows_the_account_by_any_host_and_spelling(
    client: Client, person: Person, dodge: str, settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    user = person(Role.MISSION, mission="m", username="kim.min")
    spelt = {"case": ["KIM.min", "Kim.Min", "kim.MIN", "kIM.min", "kiM.min"], "letters": ["kim.min"] * 5}
    for turn in range(5):
        login = spelt.get(dodge, ["kim.min"] * 5)[turn]
        host = f"localhost:{8000 + turn}" if dodge == "host" else "testserver"
        client.post(LOGIN, {"login": login, "password": "wrong"}, headers={"host": host})
    assert sign_in(client, user, host="localhost:9000").status_code == 200
    assert acts("session.lock") == ["session.lock"]


@pytest.mark.parametrize("typed", ["a password, in the wrong box", "\u202e" * 150, "x" * 150, "가" * 150, "a:b\tc"])
def test_a_name_that_nobody_has_is_locked_alike(client: Client, person: Person, typed: str) -> None:
    person(Role.CENTRE)
    for _ in range(7):
        assert client.post(LOGIN, {"login": typed, "password": "wrong"}).status_code == 200
    assert acts() == [*["session.fail"] * 5, "session.lock"]
    assert typed not in str(list(AuditLine.objects.values()))
    assert typed.lower() not in str(list(AuditLine.objects.values()))


def test_the_lock_opens_by_itself(client: Client, person: Person) -> None:
    user = person(Role.MISSION, mission="m")
    for _ in range(6):
        sign_in(client, user, "wrong")
    cache.clear()  # what five minutes do
    sign_in(client, user)
    assert is_in(client)


def test_failures_from_one_address_are_counted_over_all_accounts(client: Client, person: Person) -> None:
    users = [person(Role.MISSION, mission="m") for _ in range(8)]
    for turn in range(30):
        sign_in(client, users[turn % 7], "wrong")
    sign_in(client, users[7])
    assert not is_in(client)


def test_who_asks_too_often_is_told_to_wait(client: Client, person: Person, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    user = person(Role.MISSION, mission="m")
    sign_in(client, user, "wrong")
    answer = sign_in(client, user)
    assert answer.status_code == 429
    assert "몇 분 뒤에 다시 하십시오." in answer.content.decode()


@pytest.mark.parametrize(
    "door",
    ["signup/", "email/", "confirm-email/", "password/set/", "login/code/confirm/", "3rdparty/",
     "3rdparty/signup/", "social/signup/", "password/reset/key/1-x/", "confirm-email/x/"],
)  # fmt: skip
def test_doors_that_we_do_not_keep_are_not_there(client: Client, person: Person, door: str) -> None:
    for _ in range(2):
        assert client.get(f"/accounts/{door}").status_code == 404
        assert client.post(f"/accounts/{door}").status_code == 404
        client.force_login(person(Role.CENTRE))


def test_whoever_lost_their_password_is_told_whom_to_ask(client: Client, person: Person) -> None:
    user = person(Role.CENTRE, email="someone@example.org")
    told = client.get("/accounts/password/reset/").content.decode()
    assert "비밀번호나 이중 인증을 잃었을 때" in told
    assert "someone" not in client.post("/accounts/password/reset/", {"email": user.email}).content.decode()


# ---- sessions


def test_sessions_are_listed_and_ended_one_by_one(person: Person) -> None:
    user = person(Role.MISSION, mission="m")
    here, there = Client(headers={"user-agent": "here"}), Client(headers={"user-agent": "there"})
    for client in (here, there):
        sign_in(client, user)
    page = here.get("/accounts/sessions/")
    assert page.status_code == 200
    assert {"here", "there"} == {one.user_agent for one in UserSession.objects.filter(user=user)}
    here.post("/accounts/sessions/")
    assert (is_in(here), is_in(there)) == (True, False)
    assert acts("session.revoke") == ["session.revoke"]


def test_a_changed_password_ends_the_other_sessions(person: Person) -> None:
    user, here, there = person(Role.MISSION, mission="m"), Client(), Client()
    for client in (here, there):
        sign_in(client, user)
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditLine.objects.get(act="account.own_password").details == {"sessions": 1}
    assert [one.session_key for one in UserSession.objects.filter(user=user)] == [here.session.session_key]


def test_an_administrator_ends_sessions_and_resets_what_opens(person: Person, acting: Callable[..., Any]) -> None:
    by, user, client = acting(person(Role.ADMINISTRATOR)), person(Role.CENTRE), Client()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    for act in (
        lambda: actions.end_sessions(by=by, account=user.pk),
        lambda: actions.reset_second_factor(by=by, account=user.pk),
        lambda: actions.reset_password(by=by, account=user.pk, password=NEW),
    ):
        client.force_login(user)
        assert is_in(client)
        UserSession.objects.create(user=user, ip="192.0.2.1", session_key=client.session.session_key, user_agent="")
        act()
        assert not is_in(client)
    assert not Authenticator.objects.exists()
    assert acts("account.") == ["account.sessions", "account.second_factor", "account.password"]
    sign_in(client, user)
    assert not is_in(client)
    sign_in(client, user, NEW)
    assert is_in(client)


# ---- second factors


@pytest.fixture
def twice(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = True


@pytest.mark.parametrize("role", Role)
@pytest.mark.usefixtures("twice")
def test_who_judges_or_keeps_the_house_enrols_before_anything_else(client: Client, person: Person, role: Role) -> None:
    user = person(role)
    assert needs_second_factor(user) == (role in TWICE_PROVEN)
    client.force_login(user)
    page, api = client.get("/account/"), client.get("/api/v1/accounts")
    if role in TWICE_PROVEN:
        assert (page.status_code, page["Location"], api.status_code) == (302, ENROL, 403)
        assert client.get(ENROL).status_code == 200
        assert client.post("/accounts/logout/").status_code == 302
    else:
        assert page.status_code == 200
        assert api.status_code != 302


@pytest.mark.usefixtures("twice")
def test_a_one_time_code_is_enrolled_asked_for_and_opens_once(
    client: Client, person: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    user = person(Role.CENTRE)
    sign_in(client, user)
    assert client.get("/account/")["Location"] == ENROL
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    prove_again(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session[totp.SECRET_SESSION_KEY]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert is_in(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()

    first, second = Client(), Client()
    for browser in (first, second):
        assert sign_in(browser, user)["Location"] == "/accounts/2fa/authenticate/"
        assert not is_in(browser)
    cache.clear()  # of the code that enrolled it
    code = code_of(secret)
    for browser in (first, second):
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    assert AuditLine.objects.filter(act="session.begin").latest("seq").details == {"proofs": ["password", "mfa"]}
    assert acts("factor.") == ["factor.add", "factor.add", "factor.fail"]


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1]))


@pytest.mark.usefixtures("twice")
def test_the_first_factor_ends_the_sessions_that_a_password_alone_opened(
    person: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    user, here, there = person(Role.MISSION, mission="m"), Client(), Client()
    for client in (here, there):
        sign_in(client, user)
    enrol(here, django_capture_on_commit_callbacks)
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditLine.objects.filter(act="factor.add").earliest("seq").details == {"factor": "totp", "sessions": 1}
    user.role = Role.CENTRE
    user.save()
    assert (here.get("/account/").status_code, here.get("/api/v1/accounts").status_code) == (200, 200)


def enrol(client: Client, on_commit: Callable[..., Any]) -> str:
    """Enrol a one-time code through the pages; its secret."""
    prove_again(client)
    client.get("/accounts/2fa/totp/activate/")
    secret: str = client.session[totp.SECRET_SESSION_KEY]
    with on_commit(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("role", sorted(TWICE_PROVEN))
def test_a_session_that_proved_no_factor_gets_nothing_though_the_account_has_one(person: Person, role: Role) -> None:
    user, browser = person(role), Client()
    sign_in(browser, user)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)  # elsewhere
    prove_again(browser)
    to = "/accounts/2fa/reauthenticate/?next="
    for address in ("/account/", "/", ENROL, "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        answer = browser.get(address)
        assert (answer.status_code, answer["Location"].startswith(to)) == (302, True)
    assert browser.post("/accounts/password/change/", {"oldpassword": PASSWORD})["Location"].startswith(to)
    assert browser.get("/api/v1/accounts").status_code == 403
    assert browser.get(f"{to}/account/").status_code == 200
    browser.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    assert browser.get("/account/").status_code == 200
    assert browser.get("/api/v1/accounts").status_code != 403


@pytest.mark.usefixtures("twice")
def test_wrong_codes_are_written_down_and_locked(client: Client, person: Person) -> None:
    user = person(Role.CENTRE)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    sign_in(client, user)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "abcdef"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_in(client)
    assert acts("factor.") == ["factor.fail"] * 5


@pytest.mark.usefixtures("twice")
def test_a_recovery_code_stands_in_once(person: Person) -> None:
    user = person(Role.CENTRE)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (True, False):
        browser = Client()
        sign_in(browser, user)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(browser) is expected


@pytest.mark.usefixtures("twice")
def test_a_factor_sealed_under_another_key_fits_no_code(client: Client, person: Person, settings: LazySettings) -> None:
    user = person(Role.CENTRE)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    settings.SECRET_KEY = settings.SECRET_KEY[::-1]
    sign_in(client, user)
    for code in (code_of(secret), codes[0]):
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert not is_in(client)


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(("role", "kept"), [(Role.CENTRE, True), (Role.MISSION, False)])
def test_the_last_factor_of_who_needs_one_stays(client: Client, person: Person, role: Role, kept: bool) -> None:  # noqa: FBT001
    user = person(role)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    sign_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)
    prove_again(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists() is kept
