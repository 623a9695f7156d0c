import html
import io
import json
import logging
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.http import Clock, Door, StatusError
from bongsu.http.keys import Keys, plain_key
from bongsu.language import BongsuError, Language, UsageError

if TYPE_CHECKING:
    from tests.http.conftest import Replies, Server

KEY = "aB3+xY/z9Qw=="


def spelled(text: str, key: str) -> bool:
    """Does `text` show the key in any of the forms that a careless program would print?"""
    forms = {key, quote(key), quote(key, safe=""), quote_plus(key), quote(quote(key, safe=""), safe="")}
    return any(form.casefold() in text.casefold() for form in forms)


@pytest.mark.parametrize("given_key", [KEY, quote(KEY, safe=""), quote(KEY, safe="/"), "aB3%2bxY%2fz9Qw%3d%3d"])
def test_a_key_goes_out_encoded_exactly_once_however_it_was_given(
    given_key: str, server: "Server", door: Door, reply: "Replies"
) -> None:
    door.get(server.on("/data", reply(200, b"ok")), params={"hsSgn": "310210"}, secret_params={"serviceKey": given_key})
    assert server.asked == ["/data?hsSgn=310210&serviceKey=aB3%2BxY%2Fz9Qw%3D%3D"]


@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=8, max_size=40))
def test_encoding_a_key_before_giving_it_changes_nothing(key: str) -> None:
    if plain_key(key) == key:
        assert plain_key(quote(key, safe="")) == key


class _Refusing(httpx.BaseTransport):
    """Answers as a hostile or careless server: the address, key and all, comes back in headers and words."""

    def __init__(self, fate: int) -> None:
        self.fate = fate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = str(request.url)
        logging.getLogger("httpcore.http11").debug("receive_response_headers %s", asked)
        if self.fate == 0:
            raise httpx.ConnectError(f"cannot reach {asked}", request=request)
        if self.fate == 1:
            raise httpx.ReadTimeout(f"timed out: {asked}", request=request)
        if self.fate == 2:
            return httpx.Response(302, headers={"location": f"ftp://elsewhere.example/{asked}"})
        return httpx.Response(self.fate, headers={"location": asked}, stream=httpx.ByteStream(asked.encode()))


printable = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=8, max_size=60)
base64 = st.text("ABCxyz019+/=", min_size=12, max_size=60)


@given(
    key=st.one_of(printable, base64),
    fate=st.sampled_from([0, 1, 2, 200, 302, 401, 404, 429, 500]),
    encoded=st.booleans(),
)
def test_no_key_is_ever_printed(key: str, fate: int, encoded: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    seen = io.StringIO()
    handler = logging.StreamHandler(seen)
    root = logging.getLogger()
    clock = Clock(
        now=lambda: datetime(2021, 10, 13, tzinfo=UTC), monotonic=lambda: 0.0, sleep=lambda _: None, random=lambda: 0.0
    )
    before = root.level
    hangs_on = None
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    door = Door("t", clock=clock, resolve_host=lambda *_: ["1.1.1.1"], transport=_Refusing(fate))
    try:
        answer = door.get("http://h.kr/a", secret_params={"k": quote(key, safe="") if encoded else key})
        seen.write(f"{answer!r} {answer.url_without_secrets}")
    except UsageError:
        assert len(plain_key(key)) < 8
    except BongsuError as error:
        seen.write("".join(traceback.format_exception(error)) + repr(error) + error.to(Language.KO))
        hangs_on = error.__context__
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert hangs_on is None
    frame = '  File "'  # source lines of the traceback are ours, not the key's
    shown = "\n".join(line for line in seen.getvalue().splitlines() if not line.startswith((frame, "    ")))
    assert not spelled(shown, key)


def test_the_address_that_comes_back_has_the_key_blotted_out(server: "Server", door: Door, reply: "Replies") -> None:
    answer = door.get(server.on("/d", reply(200, b"ok")), params={"a": "1"}, secret_params={"serviceKey": KEY})
    assert answer.url_without_secrets == server.url("/d?a=1&serviceKey=***")


def test_an_error_names_host_status_and_mend_but_not_the_key(server: "Server", door: Door, reply: "Replies") -> None:
    with pytest.raises(StatusError) as caught:
        door.get(server.on("/d", reply(403)), secret_params={"serviceKey": KEY})
    assert caught.value.to(Language.EN) == (
        f"{server.url('/d?serviceKey=***')}: 127.0.0.1 answered HTTP 403. "
        "Check that the key is right and approved for this service."
    )
    assert urlsplit(caught.value.where).query == "serviceKey=***"


@pytest.mark.parametrize("key", ["", "short", "%2B%2B%2B"])
def test_what_is_no_key_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        Keys({"serviceKey": key})
    assert caught.value.to(Language.EN) == (
        "serviceKey: the key is missing or too short. Enter the whole key as it was issued."
    )


def test_the_repr_of_keys_names_parameters_only() -> None:
    assert repr(Keys({"serviceKey": KEY})) == "Keys(serviceKey)"


@given(
    key=st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    around=st.binary(max_size=20),
)
def test_bytes_that_repeat_the_key_lose_it_in_every_form_and_nothing_else(key: str, around: bytes) -> None:
    keys = Keys({"key": key})
    plain = plain_key(key)
    forms = {plain, quote(plain, safe=""), quote_plus(plain), json.dumps(plain)[1:-1], html.escape(plain),
             json.dumps(plain)[1:-1].replace("/", "\\/")}  # fmt: skip
    for form in forms:
        assert keys.hide_bytes(b"\xff\x00<" + form.encode() + b">\xff") == b"\xff\x00<***>\xff"
    if len(around) < len(key):
        assert keys.hide_bytes(around) == around
    assert Keys(None).hide_bytes(around) is around
