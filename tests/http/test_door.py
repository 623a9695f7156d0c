"""The door against a real server on this machine; time is held by the test."""

import gzip
import hashlib
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from bongsu.http import (
    Door,
    NotAllowedError,
    NotFoundError,
    Patience,
    RefusedError,
    SourceFailedError,
    StatusError,
    TimedOutError,
    Timeouts,
    TooLargeError,
    TooManyRequestsError,
    UnreachableError,
    Validators,
)
from bongsu.language import ExitCode, Language, SourceUnavailableError

if TYPE_CHECKING:
    from tests.http.conftest import HeldClock, Replies, Server

NOW = datetime(2021, 10, 13, 9, 0, tzinfo=UTC)


def test_an_answer_carries_what_the_archive_needs(server: "Server", door: Door, reply: "Replies") -> None:
    url = server.on("/a.csv", reply(200, b"hs,value\n", content_type="text/csv", etag='"1"', last_modified="Mon"))
    answer = door.get(url)
    assert (answer.status, answer.content, answer.sha256) == (
        200,
        b"hs,value\n",
        hashlib.sha256(b"hs,value\n").hexdigest(),
    )
    assert (answer.media_type, answer.etag, answer.last_modified) == ("text/csv", '"1"', "Mon")
    assert (answer.not_modified, answer.received_at, answer.path, answer.size) == (False, NOW, None, 9)
    assert answer.url_without_secrets == url
    assert (server.headers[0]["user-agent"], server.headers[0]["host"]) == ("bongsu-test", server.host)


def test_parameters_join_a_query_that_is_there_and_a_fragment_is_dropped(
    server: "Server", door: Door, reply: "Replies"
) -> None:
    door.get(server.on("/q", reply()) + "?a=1#part", params={"b": "청양 2"})
    assert server.asked == ["/q?a=1&b=%EC%B2%AD%EC%96%91+2"]


def test_validators_are_sent_and_304_means_not_modified(server: "Server", door: Door, reply: "Replies") -> None:
    answer = door.get(server.on("/c", reply(304)), validators=Validators('"1"', "Mon, 11 Oct 2021 00:00:00 GMT"))
    assert (answer.status, answer.not_modified, answer.content, answer.sha256) == (304, True, b"", "")
    sent = server.headers[0]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"1"', "Mon, 11 Oct 2021 00:00:00 GMT")


def test_304_that_nobody_asked_for_is_an_error(server: "Server", door: Door, reply: "Replies") -> None:
    with pytest.raises(StatusError):
        door.get(server.on("/c", reply(304)))


@pytest.mark.parametrize(
    ("status", "error", "requests"),
    [
        (400, StatusError, 1),
        (401, NotAllowedError, 1),
        (403, NotAllowedError, 1),
        (404, NotFoundError, 1),
        (410, NotFoundError, 1),
        (206, StatusError, 1),
        (429, TooManyRequestsError, 4),
        (500, SourceFailedError, 4),
        (501, SourceFailedError, 1),
        (503, SourceFailedError, 4),
    ],
)
def test_each_status_has_its_error_and_only_passing_ones_are_retried(
    status: int, error: type[StatusError], requests: int, server: "Server", door: Door, reply: "Replies"
) -> None:
    with pytest.raises(StatusError) as caught:
        door.get(server.on("/e", reply(status)))
    assert (type(caught.value), caught.value.status, len(server.asked)) == (error, status, requests)
    assert caught.value.exit_code == ExitCode.SOURCE_UNAVAILABLE


def test_an_error_speaks_korean(server: "Server", door: Door, reply: "Replies") -> None:
    with pytest.raises(NotFoundError) as caught:
        door.get(server.on("/e", reply(404)))
    assert caught.value.to(Language.KO) == (
        f"{server.url('/e')}: 127.0.0.1에서 HTTP 404 응답이 왔습니다. "
        "주소가 바뀌었거나 아직 공표되지 않은 자료일 수 있습니다. 출처 누리집에서 확인해 주십시오."
    )


@pytest.mark.parametrize(
    ("retry_after", "waited"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("99999999999", 120.0),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=1), usegmt=True), 120.0),
        ("soon", 1.0),
        ("", 1.0),
    ],
)
def test_429_then_200_waits_as_asked_but_not_for_ever(
    retry_after: str, waited: float, server: "Server", door: Door, held: "HeldClock", reply: "Replies"
) -> None:
    url = server.on("/r", reply(429, retry_after=retry_after), reply(200, b"ok"))
    assert (door.get(url).content, held.slept) == (b"ok", [waited])


@pytest.mark.parametrize(("chance", "waits"), [(0.0, [1.0, 2.0, 4.0]), (1.0, [0.5, 1.0, 2.0])])
def test_waits_double_and_chance_takes_up_to_half(
    chance: float, waits: list[float], server: "Server", door: Door, held: "HeldClock", reply: "Replies"
) -> None:
    held.chance = chance
    with pytest.raises(SourceFailedError):
        door.get(server.on("/r", reply(500)))
    assert held.slept == waits


def test_requests_to_one_host_keep_their_distance(server: "Server", held: "HeldClock", reply: "Replies") -> None:
    url = server.on("/a", reply(200))
    with Door("t", clock=held.clock(), allow_private=frozenset({server.host}), min_interval=2.5) as door:
        door.get(url)
        held.seconds += 1.0
        door.get(url)
        held.seconds += 9.0
        door.get(url)
    assert held.slept == [1.5, 0.0]


# Addresses


def test_without_leave_this_machine_is_not_contacted(server: "Server", held: "HeldClock", reply: "Replies") -> None:
    url = server.on("/a", reply(200))
    for address in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "2130706433")):
        with Door("t", clock=held.clock()) as door, pytest.raises(RefusedError):
            door.get(address)
    assert server.asked == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "//10.0.0.1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "file:///etc/passwd",
        "ftp://1.1.1.1/",
        "http://user:word@1.1.1.1/",
        "http://1.1.1.1:99999/",
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(
    location: str, server: "Server", door: Door, reply: "Replies"
) -> None:
    with pytest.raises(RefusedError):
        door.get(server.on("/r", reply(302, location=location)))
    assert server.asked == ["/r"]


def test_redirects_are_followed_up_to_five(server: "Server", door: Door, reply: "Replies") -> None:
    for step in range(6):
        server.on(f"/{step}", reply(301, location=f"/{step + 1}"))
    server.on("/6", reply(200, b"there"))
    answer = door.get(server.url("/1"))
    assert (answer.content, answer.url_without_secrets) == (b"there", server.url("/6"))
    with pytest.raises(RefusedError):
        door.get(server.url("/0"))


class _Recording(httpx.BaseTransport):
    def __init__(self, *responses: httpx.Response | Exception) -> None:
        self.responses = list(responses)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        return response


def _ok() -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(b"ok"))


def test_the_connection_goes_to_the_address_that_was_checked(held: "HeldClock") -> None:
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])  # a name server that changes its mind
    transport = _Recording(_ok())
    door = Door("t", clock=held.clock(), resolve_host=lambda *_: next(answers), transport=transport)
    door.get("https://data.example.kr:8443/x")
    request = transport.requests[0]
    assert (request.url.host, request.headers["host"]) == ("1.1.1.1", "data.example.kr:8443")
    assert request.extensions["sni_hostname"] == "data.example.kr"
    with pytest.raises(RefusedError):
        door.get("https://data.example.kr:8443/x")


def test_one_private_address_among_public_ones_is_enough_to_refuse(held: "HeldClock") -> None:
    door = Door("t", clock=held.clock(), resolve_host=lambda *_: ["1.1.1.1", "10.0.0.1"], transport=_Recording())
    with pytest.raises(RefusedError):
        door.get("http://data.example.kr/")


def test_where_one_address_is_dead_the_next_is_asked(held: "HeldClock") -> None:
    transport = _Recording(httpx.ConnectError("no route"), _ok())
    door = Door("t", clock=held.clock(), resolve_host=lambda *_: ["2606:4700::1", "1.1.1.1"], transport=transport)
    assert door.get("http://data.example.kr/").content == b"ok"
    assert [request.url.host for request in transport.requests] == ["2606:4700::1", "1.1.1.1"]


def test_https_does_not_lead_down_to_http(held: "HeldClock") -> None:
    transport = _Recording(httpx.Response(302, headers={"location": "http://data.example.kr/"}))
    door = Door("t", clock=held.clock(), resolve_host=lambda *_: ["1.1.1.1"], transport=transport)
    with pytest.raises(RefusedError):
        door.get("https://data.example.kr/")
    assert len(transport.requests) == 1


def test_a_list_of_hosts_holds_for_redirects_too(held: "HeldClock") -> None:
    transport = _Recording(httpx.Response(302, headers={"location": "https://other.example/"}))
    allowed = frozenset({"data.example.kr"})
    door = Door("t", clock=held.clock(), allow_hosts=allowed, resolve_host=lambda *_: ["1.1.1.1"], transport=transport)
    with pytest.raises(RefusedError):
        door.get("https://data.example.kr/")
    assert len(transport.requests) == 1


@pytest.mark.parametrize(
    "url", ["", "data.csv", "file:///etc/passwd", "http://", "http://[", "javascript:1", "http://a\0b/"]
)
def test_what_is_no_address_is_refused(url: str, door: Door) -> None:
    with pytest.raises(RefusedError):
        door.get(url)


def test_proxies_of_the_environment_are_ignored(
    server: "Server", door: Door, reply: "Replies", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert door.get(server.on("/a", reply(200, b"ok"))).content == b"ok"


def test_a_name_that_does_not_resolve_and_a_closed_port_are_unreachable(held: "HeldClock") -> None:
    def fails(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with Door("t", clock=held.clock(), resolve_host=fails) as door, pytest.raises(UnreachableError):
        door.get("http://nowhere.example/")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else can answer there
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        with Door("t", clock=held.clock(), allow_private=frozenset({host})) as door, pytest.raises(UnreachableError):
            door.get(f"http://{host}/")
    assert held.slept == [1.0, 2.0, 4.0] * 2


# Time and size


def test_a_server_that_says_nothing_is_given_up(server: "Server", held: "HeldClock") -> None:
    over = Event()
    url = server.on("/silent", lambda _: over.wait())
    patience, timeouts = Patience(attempts=2), Timeouts(read=0.05)
    leave = frozenset({server.host})
    with Door("t", clock=held.clock(), allow_private=leave, patience=patience, timeouts=timeouts) as door:
        with pytest.raises(TimedOutError):
            door.get(url)
        over.set()
    assert (len(server.asked), held.slept) == (2, [1.0])


def test_a_server_that_drips_meets_the_deadline(server: "Server", held: "HeldClock", reply: "Replies") -> None:
    held.tick = 10.0
    url = server.on("/drip", reply(200, b"x" * (8 << 20)))
    leave, patience = frozenset({server.host}), Patience(attempts=1)
    with (
        Door("t", clock=held.clock(), allow_private=leave, patience=patience) as door,
        pytest.raises(TimedOutError),
    ):
        door.get(url)
    assert held.seconds > 300.0


@pytest.mark.parametrize("declared", [{}, {"content_length": ""}])
def test_an_answer_beyond_the_limit_is_stopped(
    declared: dict[str, str], server: "Server", door: Door, reply: "Replies"
) -> None:
    with pytest.raises(TooLargeError):
        door.get(server.on("/big", reply(200, b"x" * 101, **declared)), max_bytes=100)
    assert door.get(server.on("/fits", reply(200, b"x" * 100)), max_bytes=100).size == 100
    assert len(server.asked) == 2


def test_gzip_is_undone_and_hashed_as_the_publisher_wrote_it(server: "Server", door: Door, reply: "Replies") -> None:
    packed = gzip.compress(b"one,", mtime=0) + gzip.compress(b"two")
    answer = door.get(server.on("/z", reply(200, packed, content_encoding="gzip")))
    assert (answer.content, answer.sha256) == (b"one,two", hashlib.sha256(b"one,two").hexdigest())
    assert server.headers[0]["accept-encoding"] == "gzip"


def test_a_bomb_is_met_at_the_limit(server: "Server", door: Door, reply: "Replies") -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    with pytest.raises(TooLargeError):
        door.get(server.on("/bomb", reply(200, bomb, content_encoding="gzip")), max_bytes=1 << 20)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"only a part", {"content_length": "100"}),
        (gzip.compress(b"figures" * 1000, mtime=0)[:-12], {"content_encoding": "gzip"}),
        (b"not gzip", {"content_encoding": "gzip"}),
        (b"", {"content_encoding": "gzip"}),
        (b"figures", {"content_encoding": "br"}),
    ],
)
def test_a_body_that_is_not_whole_is_no_answer_and_leaves_no_file(
    body: bytes, headers: dict[str, str], server: "Server", door: Door, reply: "Replies", tmp_path: Path
) -> None:
    with pytest.raises(UnreachableError):
        door.get(server.on("/cut", reply(200, body, **headers)), into=tmp_path / "a.csv")
    assert (len(server.asked), list(tmp_path.iterdir())) == (4, [])


def test_a_file_appears_whole_and_replaces_the_one_before(
    server: "Server", door: Door, reply: "Replies", tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    answer = door.get(server.on("/a", reply(200, b"new")), into=target)
    assert (answer.path, answer.content, target.read_bytes()) == (target, b"", b"new")
    assert (answer.sha256, answer.size) == (hashlib.sha256(b"new").hexdigest(), 3)
    assert list(tmp_path.iterdir()) == [target]


def test_a_broken_fetch_leaves_the_old_file_alone(
    server: "Server", door: Door, reply: "Replies", tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with pytest.raises(SourceUnavailableError):
        door.get(server.on("/a", reply(200, b"ne", content_length="3")), into=target)
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"old", [target])


@pytest.mark.parametrize(
    ("status", "body", "encoding", "said"),
    [
        (403, b"Out of call volume quota.", "", b"Out of call volume quota."),
        (403, b"x" * 100_000, "", b"x" * 4096),
        (429, gzip.compress(b"later"), "gzip", b"later"),
        (403, b"no gzip at all", "gzip", b""),
        (404, b"", "", b""),
        (401, b"the key s3cret/= is unknown", "", b"the key *** is unknown"),
    ],
    ids=["short", "long", "packed", "damaged", "empty", "with the key"],
)
def test_an_error_keeps_how_its_answer_begins(  # noqa: PLR0917 - three fixtures
    server: "Server", door: Door, reply: "Replies", status: int, body: bytes, encoding: str, said: bytes
) -> None:
    url = server.on("/q", reply(status, body, content_encoding=encoding))
    with pytest.raises(StatusError) as caught:
        door.get(url, secret_params={"key": "s3cret/="})
    assert (caught.value.status, caught.value.said) == (status, said)
