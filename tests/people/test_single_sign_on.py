"""Single sign-on against a real OpenID Connect provider: `oidc-provider` from npm, on a port of this machine."""

import html
import json
import os
import re
import runpy
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from filelock import FileLock

from bongsu import settings as installation
from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "oidc"
BEGIN, BACK = "/accounts/oidc/home/login/", "/accounts/oidc/home/login/callback/"
PEOPLE = {
    "kim": {"preferred_username": "Kim.Min", "email": "kim@example.org", "email_verified": True},
    "lee": {"preferred_username": "somebody", "email": "Lee@example.org", "email_verified": True},
    "choi": {"preferred_username": "nobody", "email": "lee@example.org", "email_verified": False},
    "both": {"preferred_username": "kim.min", "email": "lee@example.org", "email_verified": True},
    "han": {"preferred_username": "nobody else", "email": "han@example.org", "email_verified": True},
}
Person = Callable[..., User]


def _installed() -> Path:
    """A folder with the provider's packages, installed once a machine."""
    named = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"bongsu-oidc-{os.getuid()}-{named}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "done").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder)
            npm = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=120)  # noqa: S603 - the lock's packages
            (folder / "done").touch()
        shutil.copy(HERE / "provider.js", folder)
    return folder


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs while this module's tests do; skipped where there is no Node or registry."""
    try:
        if not (node := shutil.which("node")):
            raise FileNotFoundError("node")
        folder = _installed()
    except (OSError, subprocess.SubprocessError) as missing:
        reason = f"no OpenID Connect provider to test against: {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    told = json.dumps({"redirect": f"http://testserver{BACK}", "people": PEOPLE})
    command = [node, "provider.js", told]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def providers(**env: str) -> Any:  # noqa: ANN401 - Django's settings
    """What our settings make of an environment."""
    with mock.patch.dict(os.environ, env):
        return runpy.run_path(str(installation.__file__))["SOCIALACCOUNT_PROVIDERS"]


@pytest.fixture
def sso(issuer: str, settings: LazySettings) -> None:
    """Single sign-on as an installation sets it."""
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        BONGSU_OIDC_URL=issuer,
        BONGSU_OIDC_CLIENT="bongsu",
        BONGSU_OIDC_SECRET="a secret for tests",  # noqa: S106 - of a provider that lives as long as this module
        BONGSU_OIDC_NAME="부처 통합 로그인",
    )
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 60  # the machine may be busy


def walk(client: Client, who: str) -> HttpResponse:
    """A whole sign-in as a browser does it: to the provider, through its pages over HTTP, and back to us."""
    begun = client.post(BEGIN)
    assert begun.status_code == 302
    with httpx.Client(follow_redirects=False, timeout=60) as browser:
        answer = browser.get(begun["Location"])
        for _ in range(20):
            if answer.is_redirect:
                to = urljoin(str(answer.url), answer.headers["location"])
                if urlsplit(to).netloc == "testserver":
                    return client.get(f"{urlsplit(to).path}?{urlsplit(to).query}")
                answer = browser.get(to)
            else:
                to, told = _filled(answer, who)
                answer = browser.post(to, data=told)
    raise AssertionError("the provider never led back")


def _filled(page: httpx.Response, who: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and with what."""
    assert page.status_code == 200, page.text
    action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    prompt = re.search(r'name="prompt" value="([^"]+)"', page.text)
    assert action
    assert prompt
    told = {"prompt": prompt[1], **({"login": who, "password": "any"} if prompt[1] == "login" else {})}
    return urljoin(str(page.url), html.unescape(action[1])), told


def is_in(client: Client) -> int | None:
    told = client.session.get("_auth_user_id")
    return told and int(told)


@pytest.mark.usefixtures("sso")
def test_a_whole_sign_in_links_the_account_of_that_name_once(client: Client, person: Person) -> None:
    user = person(Role.MISSION, mission="m", username="kim.min")
    assert "부처 통합 로그인" in client.get("/accounts/login/").text
    answer = walk(client, "kim")
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/", user.pk)
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.provider, linked.uid) == (user.pk, "home", "kim")
    assert SocialToken.objects.count() == 0
    assert list(AuditLine.objects.values_list("act", "ref")) == [
        ("account.link", str(user.pk)),
        ("session.begin", str(user.pk)),
    ]
    user.username = "renamed"
    user.save()
    again = Client()
    walk(again, "kim")
    assert is_in(again) == user.pk
    assert SocialAccount.objects.count() == 1


@pytest.mark.usefixtures("sso")
def test_a_verified_address_finds_its_account_and_an_unverified_one_does_not(client: Client, person: Person) -> None:
    user = person(Role.MISSION, mission="m", email="lee@example.org")
    assert walk(client, "choi").status_code == 403
    assert is_in(client) is None
    walk(client, "lee")
    assert is_in(client) == user.pk


@pytest.mark.usefixtures("sso")
def test_whoever_is_unknown_stays_outside_and_is_told_so(client: Client, person: Person) -> None:
    person(Role.CENTRE)
    answer = walk(client, "han")
    assert answer.status_code == 403
    assert "이 사람의 계정이 여기에 없습니다." in answer.content.decode()
    assert (is_in(client), User.objects.count(), SocialAccount.objects.count()) == (None, 1, 0)
    line = AuditLine.objects.get()
    assert (line.act, line.actor, line.ref, line.details) == ("session.refuse", None, "", {"provider": "home"})


@pytest.mark.usefixtures("sso")
def test_claims_that_name_two_accounts_or_one_that_is_taken_or_shut_open_none(client: Client, person: Person) -> None:
    kim = person(Role.MISSION, mission="m", username="kim.min")
    lee = person(Role.MISSION, mission="m", email="lee@example.org", is_active=False)
    assert walk(client, "both").status_code == 403
    assert walk(client, "lee").status_code == 403
    walk(client, "kim")
    assert is_in(client) == kim.pk
    lee.email = ""
    lee.save()
    other = Client()
    assert walk(other, "both").status_code == 403  # the name is kim's, and so is another identity already
    assert is_in(other) is None


@pytest.mark.usefixtures("sso")
def test_only_the_claims_that_the_installation_trusts_count(
    client: Client, person: Person, settings: LazySettings
) -> None:
    settings.OIDC_MATCH = frozenset({"email"})
    person(Role.MISSION, mission="m", username="kim.min")
    assert walk(client, "kim").status_code == 403


@pytest.mark.usefixtures("sso")
def test_a_linked_account_that_was_shut_stays_outside(client: Client, person: Person) -> None:
    user = person(Role.MISSION, mission="m", username="kim.min")
    walk(client, "kim")
    user.is_active = False
    user.save()
    again = Client()
    assert walk(again, "kim")["Location"] == "/accounts/inactive/"
    assert is_in(again) is None


@pytest.mark.usefixtures("sso")
def test_single_sign_on_does_not_stand_in_for_the_second_factor(
    client: Client, person: Person, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR = True
    user = person(Role.CENTRE, username="kim.min")
    walk(client, "kim")
    assert is_in(client) == user.pk
    assert client.get("/account/")["Location"] == "/accounts/2fa/"


@pytest.mark.usefixtures("sso")
def test_an_answer_that_we_did_not_ask_for_opens_nothing(client: Client, person: Person) -> None:
    person(Role.CENTRE, username="kim.min")
    for query in ("", "?code=x", "?code=x&state=y", "?error=access_denied&state=y"):
        assert client.get(BACK + query).status_code in {200, 401}
        assert is_in(client) is None
    assert client.get(BEGIN).status_code == 200  # a link leads nowhere by itself: the page asks first


def test_without_a_provider_there_is_no_such_door(client: Client, person: Person) -> None:
    person(Role.CENTRE)
    for address in (BEGIN, BACK):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_a_provider_that_does_not_answer_is_told_of(client: Client, person: Person, settings: LazySettings) -> None:
    person(Role.CENTRE)
    settings.SOCIALACCOUNT_PROVIDERS = providers(BONGSU_OIDC_URL="http://127.0.0.1:9")
    answer = client.post(BEGIN)
    assert "기관의 로그인이 끝나지 않았습니다." in answer.content.decode()
