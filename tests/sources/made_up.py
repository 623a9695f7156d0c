"""Publishers that do not exist, for the tests of runs: four sources, and a server on this machine that answers them.

`exchange` asks many questions with a key (pages, a cap, a quota, figures not out yet), `bulletin` is one file with an
ETag, `gazette` stands at an address that fails, `almanac` comes by hand. A process of its own takes them in with
`install`, so that it can be killed.
"""

import json
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Event, Lock, Thread
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa

from bongsu.http import Clock, Door, Patience
from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.formats import read_json
from bongsu.records.known import Lag
from bongsu.records.shapes import PRICE
from bongsu.sources.asking import Ask, NotYet, Paused, PlanRequest, Split, Verdict, Whole
from bongsu.sources.reading import known_times, vintage
from bongsu.sources.source import HERE, Bounds, ReadRequest, Source, load_source

KEY = "sEcReT+/key=0123456789"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
LIKE = load_source(HERE / "worldbank_pinksheet" / "source.yml")
NOT_OUT = Text("아직 공표 전입니다.", "It is not out yet.")
SPENT = Text("오늘의 한도를 다 썼습니다.", "Today's quota is spent.")

Reply = tuple[int, bytes, Mapping[str, str]]


# ---- the sources


def made_up(port: int) -> dict[str, Source]:
    """The sources, asking this machine."""
    like = replace(
        LIKE,
        bounds=Bounds(least=0),
        lag=Lag(day_of_next_month=15),
        zone="Asia/Seoul",
        fetches=True,
        settings={},
    )
    base = f"http://127.0.0.1:{port}"
    wants = {"series": ["coal", "urea", "zinc"]}
    api = {"api": f"{base}/api", "needs_key": f"{base}/keys", "wants": wants, "min_interval_seconds": 2}
    return {
        "almanac": replace(like, id="almanac", fetches=False),
        "bulletin": replace(like, id="bulletin", settings={"address": f"{base}/bulletin.json"}),
        "exchange": replace(like, id="exchange", settings=api),
        "gazette": replace(like, id="gazette", settings={"address": f"{base}/gazette.json"}),
    }


def plan(request: PlanRequest) -> Iterator[Ask]:
    """One question a series wanted."""
    for series in request.wants["series"]:
        first = {"from": request.first.isoformat()} if request.first else {}
        yield Ask(str(request.source.settings["api"]), {"series": series, **first}, secret="key")  # noqa: S106 - its name only


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """By the word in the answer."""
    body = json.loads(answer)
    said = body.get("said")
    if said == "quota":
        return Paused(SourceUnavailableError(SPENT, where=where))
    if said == "cut":
        return Split(tuple(replace(ask, params={**ask.params, "part": part}) for part in body["parts"]))
    if said == "not out":
        return NotYet(NOT_OUT)
    if said == "nonsense":
        raise BadInputError(Text("말이 안 됩니다.", "it makes no sense."), where=where)
    more = (Ask(ask.url, {**ask.params, "page": str(body["next"])}, ask.secret),) if "next" in body else ()
    return Whole(more)


def read(request: ReadRequest) -> Reading:
    """Prices in a JSON object, month → value by series."""
    published = vintage(request)
    rows = [row for place, raw in enumerate(request.raws) for row in _rows(read_json(raw.path), place, raw.name)]
    known = known_times({(row["valid"], "M") for row in rows}, request, published)
    for row in rows:
        row["source"] = request.source.id
        row["known_at"], row["known_basis"] = known[row["valid"], "M"]
    table = pa.Table.from_pylist(rows, schema=PRICE.reader_schema)
    batch = Batch(PRICE, table, Scope({"source": (request.source.id,)}, complete=False))
    return Reading(batches=(batch,), raw_rows=len(rows), published=published.published)


def _rows(body: Any, place: int, name: str) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    if not isinstance(body, dict) or "prices" not in body:
        raise BadInputError(Text("가격이 없습니다.", "there are no prices in it."), where=name)
    return [
        {
            "series": series,
            "valid": date.fromisoformat(f"{month}-01"),
            "frequency": "M",
            "name": None,
            "value": float(value),
            "currency": "USD",
            "unit": "t",
            "raw": place,
            "raw_row": number,
            "raw_rows": 1,
        }
        for number, (series, month, value) in enumerate(body["prices"], 1)
    ]


def install(set_: Callable[[object, str, object], None], port: int) -> None:
    """Put the sources in the place of all others, with `set_` (as `setattr`)."""
    found = made_up(port)
    for name in found:
        reader = ModuleType(f"bongsu.sources.{name}.read")
        vars(reader).update(read=read)
        sys.modules[reader.__name__] = reader
    asks = ModuleType("bongsu.sources.exchange.fetch")
    vars(asks).update(plan=plan, judge=judge)
    sys.modules[asks.__name__] = asks
    # Before anything is set: a module first loaded now would keep the made-up sources for all that comes after.
    for loaded in pkgutil.iter_modules(import_module("bongsu.cli").__path__, "bongsu.cli."):
        import_module(loaded.name)
    for module in ("bongsu.sources.source", "bongsu.cli.run", "bongsu.cli.records"):
        set_(sys.modules[module], "sources", lambda: found)
    set_(sys.modules["bongsu.cli.run"], "door", lambda _: door(port))


def door(port: int, slept: list[float] | None = None, **more: Any) -> Door:  # noqa: ANN401 - of `Door`
    """A door that may ask this machine, and never really waits."""
    waits = slept if slept is not None else []
    clock = Clock(now=lambda: NOW, monotonic=lambda: sum(waits), sleep=waits.append, random=lambda: 0.0)
    host = f"127.0.0.1:{port}"
    return Door("bongsu-test", clock=clock, allow_private=frozenset({host}), patience=Patience(attempts=3), **more)


# ---- the server


def prices(*rows: tuple[str, str, float], **more: Any) -> Reply:  # noqa: ANN401 - JSON
    """An answer with figures."""
    return 200, json.dumps({"prices": rows, **more}).encode(), {}


def said(word: str, **more: Any) -> Reply:  # noqa: ANN401 - JSON
    """An answer without any."""
    return 200, json.dumps({"said": word, **more}).encode(), {}


def fails(status: int, **headers: str) -> Reply:
    """An HTTP error."""
    return status, b"<html>no</html>", {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass
class Publisher:
    """Answers each question (a path with its parameters in order, without the key) by its replies in turn.

    The last reply stays. What was asked is remembered.
    """

    port: int = 0
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    open: Event = field(default_factory=Event)  # no one is answered while it is not set
    knocked: Event = field(default_factory=Event)  # set once someone has asked

    def on(self, question: str, *replies: Reply) -> None:
        """Answer `question` so."""
        self.replies[question] = list(replies)

    def url(self, question: str) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}{question}"


def question(target: str) -> tuple[str, str]:
    """The path with its parameters in order, and the key."""
    parts = urlsplit(target)
    params = dict(parse_qsl(parts.query))
    key = params.pop("key", "")
    query = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
    return parts.path + (f"?{query}" if query else ""), key


def serve() -> tuple[Publisher, Callable[[], None]]:
    """A publisher at work, and what ends it."""
    known = Publisher()
    known.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked, key = question(self.path)
            known.knocked.set()
            known.open.wait(60)
            with known.lock:
                known.asked.append(asked)
                known.keys.append(key)
                known.conditions.append(self.headers.get("if-none-match", ""))
                waiting = known.replies[asked]
                status, body, headers = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if status == 200 and headers.get("etag") and headers["etag"] == self.headers.get("if-none-match"):
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that is killed hangs up

    server = Quiet(("127.0.0.1", 0), Handler)
    known.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return known, end


def with_everything(known: Publisher) -> None:
    """Two pages of coal, urea cut into two, zinc not out, a file with an ETag, and an address that fails."""
    known.on("/api?series=coal", prices(("coal", "2026-10", 90), next=2))
    known.on("/api?page=2&series=coal", prices(("coal", "2026-09", 89)))
    known.on("/api?series=urea", said("cut", parts=["a", "b"]))
    known.on("/api?part=a&series=urea", prices(("urea a", "2026-10", 400)))
    known.on("/api?part=b&series=urea", prices(("urea b", "2026-10", 410)))
    known.on("/api?series=zinc", said("not out"))
    status, body, _ = prices(("tin", "2026-10", 30))
    known.on("/bulletin.json", (status, body, {"etag": '"v1"'}))
    known.on("/gazette.json", fails(404))
