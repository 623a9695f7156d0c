"""Passkeys, through the pages, with an authenticator in software: what a browser and a key would answer."""

import hashlib
import json
import re
import struct
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role

pytestmark = pytest.mark.django_db
ADD, ENTER, SECOND = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/", "/accounts/2fa/authenticate/"
PASSWORD = "correct horse battery staple"  # noqa: S105 - of every test account
ORIGIN = "https://testserver"
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary().map(websafe_encode),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """A security key: one credential, for one account of one site."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.owner, self.count = b"", 0

    def register(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED) -> dict[str, Any]:
        """What `navigator.credentials.create` gives."""
        self.owner = websafe_decode(options["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        proof = self._proof(options["rp"]["id"], flags | ATTESTED) + credential
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": proof})
        told = {"attestationObject": attested, "clientDataJSON": _client("webauthn.create", options, ORIGIN)}
        return {**self._answer(told), "clientExtensionResults": {"credProps": {"rk": True}}}

    def sign(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, origin: str = ORIGIN) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        client = _client("webauthn.get", options, origin)
        proof = self._proof(options["rpId"], flags)
        signature = self.secret.sign(proof + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"authenticatorData": proof, "clientDataJSON": client, "signature": signature, "userHandle": self.owner}
        return {**self._answer(told), "clientExtensionResults": {}}

    def _proof(self, site: str, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, told: dict[str, bytes]) -> dict[str, Any]:
        named = websafe_encode(self.id)
        response = {name: websafe_encode(value) for name, value in told.items()}
        return {"id": named, "rawId": named, "type": "public-key", "response": response}


def _client(kind: str, options: dict[str, Any], origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin}).encode()


def options_of(page: HttpResponse, name: str) -> dict[str, Any]:
    """The options that our page hands to the browser."""
    told = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert told
    found: dict[str, Any] = json.loads(told[1])[name]["publicKey"]
    return found


def entering(client: Client) -> dict[str, Any]:
    """The options of a sign-in by passkey alone."""
    found: dict[str, Any] = client.get(ENTER, headers={"accept": "application/json"}).json()["request_options"][
        "publicKey"
    ]
    return found


def is_in(client: Client) -> int | None:
    told = client.session.get("_auth_user_id")
    return told and int(told)


@pytest.fixture
def user(person: Callable[..., User], settings: LazySettings) -> User:
    settings.SECOND_FACTOR = True
    return person(Role.CENTRE)


@pytest.fixture
def key(user: User) -> SoftKey:
    """A passkey of the user's, enrolled through the pages."""
    client, made = Client(), SoftKey()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    options = options_of(client.get(ADD), "creation_options")
    assert options["authenticatorSelection"]["userVerification"] == "required"
    credential = json.dumps(made.register(options))
    client.post(ADD, {"name": "열쇠", "credential": credential, "passwordless": "on"})
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    assert client.get("/account/").status_code == 200
    return made


def test_a_passkey_opens_the_door_alone_and_counts_as_both_factors(client: Client, user: User, key: SoftKey) -> None:
    options = entering(client)
    assert options["userVerification"] == "required"
    client.post(ENTER, {"credential": json.dumps(key.sign(options))})
    assert is_in(client) == user.pk
    assert client.get("/account/").status_code == 200
    line = AuditLine.objects.filter(act="session.begin").latest("seq")
    assert (line.actor, line.details) == (user.pk, {"proofs": ["mfa"]})


def test_it_is_a_second_factor_after_the_password(client: Client, user: User, key: SoftKey) -> None:
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert is_in(client) is None
    options = options_of(client.get(SECOND), "request_options")
    client.post(SECOND, {"credential": json.dumps(key.sign(options))})
    assert is_in(client) == user.pk


def test_an_answer_opens_once(client: Client, key: SoftKey) -> None:
    answer = json.dumps(key.sign(entering(client)))
    client.post(ENTER, {"credential": answer})
    client.post("/accounts/logout/")
    client.post(ENTER, {"credential": answer})
    entering(client)
    client.post(ENTER, {"credential": answer})
    assert is_in(client) is None


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://testserver", "https://testserver.example"])
def test_an_answer_meant_for_another_site_opens_nothing(client: Client, key: SoftKey, origin: str) -> None:
    client.post(ENTER, {"credential": json.dumps(key.sign(entering(client), origin=origin))})
    assert is_in(client) is None


def test_a_key_that_did_not_ask_who_holds_it_opens_nothing(client: Client, key: SoftKey) -> None:
    client.post(ENTER, {"credential": json.dumps(key.sign(entering(client), flags=PRESENT))})
    assert is_in(client) is None


def test_another_key_that_names_the_same_owner_opens_nothing(client: Client, key: SoftKey) -> None:
    other = SoftKey()
    other.owner = key.owner
    client.post(ENTER, {"credential": json.dumps(other.sign(entering(client)))})
    other.id = key.id
    client.post(ENTER, {"credential": json.dumps(other.sign(entering(client)))})
    assert is_in(client) is None


@given(data=st.data())
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_answer_in_any_disorder_is_a_wrong_one(key: SoftKey, data: st.DataObject) -> None:
    client = Client()
    answer = key.sign(entering(client))
    part = data.draw(st.sampled_from([answer, answer["response"]]))
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JUNK)
    client.post(ENTER, {"credential": json.dumps(answer)})
    if "clientExtensionResults" in part and isinstance(answer["response"], dict):
        return  # what the browser tells of extensions is not signed, and opens nothing by itself
    assert is_in(client) is None


@pytest.mark.parametrize("told", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": "!"}}', "x" * 5000])
@pytest.mark.usefixtures("user")
def test_nonsense_is_refused(client: Client, told: str) -> None:
    entering(client)
    assert client.post(ENTER, {"credential": told}).status_code in {200, 302}
    assert is_in(client) is None
