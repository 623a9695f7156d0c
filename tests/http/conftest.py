"""A real server on this machine, and a clock that a test holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bongsu.http import Clock, Door

Reply = Callable[[BaseHTTPRequestHandler], None]
Replies = Callable[..., Reply]
NOW = datetime(2021, 10, 13, 9, 0, tzinfo=UTC)


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Reply:
    """A plain answer; header names with _ for -, and "" for none."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"content-length": str(len(body)), **named}.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


@dataclass
class Server:
    """Answers each path by its list of replies in turn; the last one stays."""

    port: int
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # request targets, as they stood on the wire
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def on(self, path: str, *replies: Reply) -> str:
        self.replies[path] = list(replies)
        return self.url(path)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            known.headers.append({name.lower(): value for name, value in self.headers.items()})
            waiting = known.replies[self.path.partition("?")[0]]
            (waiting.pop(0) if len(waiting) > 1 else waiting[0])(self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that hangs up is what some tests are about

    listening = Quiet(("127.0.0.1", 0), Handler)
    known = Server(listening.server_address[1])
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield known
    listening.shutdown()
    listening.server_close()
    thread.join()


@dataclass
class HeldClock:
    """Time stands still, but for sleeps and for `tick` at each look."""

    seconds: float = 0.0
    tick: float = 0.0
    chance: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        self.seconds += self.tick
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW, monotonic=self.monotonic, sleep=self.sleep, random=lambda: self.chance)


@pytest.fixture
def held() -> HeldClock:
    return HeldClock()


@pytest.fixture
def door(server: Server, held: HeldClock) -> Iterator[Door]:
    with Door("bongsu-test", clock=held.clock(), allow_private=frozenset({server.host})) as opened:
        yield opened


@pytest.fixture(name="reply")
def reply_fixture() -> Replies:
    return reply
