"""`bongsu setup kr` against a real server on this machine; no answer and no failure ever shows the key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bongsu.http import Clock, Door
from bongsu.sources.source import source

Bongsu = Callable[..., Any]
KEY = "sEcReT+/key=0123456789"
NOW = "2026-03-20T03:00:00+00:00"


def item(hs: str, value: int, month: str = "2026.01", country: str = "CN") -> str:
    return (
        f"<item><year>{month}</year><statCd>{country}</statCd><hsCd>{hs}</hsCd><expDlr>0</expDlr><expWgt>0</expWgt>"
        f"<impDlr>{value:,}</impDlr><impWgt>7</impWgt></item>"
    )


def answer(total: int, *items: str) -> bytes:
    rows = "".join([item("-", total, "총계", "-"), *items])
    return (
        "<response><header><resultCode>00</resultCode><resultMsg>정상서비스.</resultMsg></header>"
        f"<body><items>{rows}</items></body></response>"
    ).encode()


def refusal(code: int, words: str) -> bytes:
    return (
        f"<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>{words}</returnAuthMsg>"
        f"<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
    ).encode()


@dataclass
class Customs:
    """What the server answers to each commodity code in turn, the last answer staying; and what it was asked."""

    answers: dict[str, list[tuple[int, bytes, dict[str, str]]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def on(self, hs: str, *bodies: bytes, status: int = 200, **headers: str) -> None:
        self.answers[hs] = [(status, body, headers) for body in bodies]


@pytest.fixture
def customs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Customs]:
    known = Customs()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            known.asked.append(asked["hsSgn"])
            known.keys.add(asked["serviceKey"])
            waiting = known.answers[asked["hsSgn"]]
            status, body, headers = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    host = f"127.0.0.1:{server.server_address[1]}"
    still = Clock(now=lambda: datetime(2026, 3, 20, tzinfo=UTC), monotonic=lambda: 0.0, sleep=lambda _: None,
                  random=lambda: 0.0)  # fmt: skip
    monkeypatch.setattr(
        "bongsu.cli.setup.door", lambda: Door("bongsu-test", clock=still, allow_private=frozenset({host}))
    )
    monkeypatch.setitem(source("kr_customs").settings, "api", f"http://{host}/getNitemtradeList")  # type: ignore[arg-type] # a dict
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def setup(bongsu: Bongsu, tmp_path: Path) -> Bongsu:
    """`bongsu setup kr` for 2026-01 and the chapters given; whatever comes of it, the key stands nowhere."""

    def run(*words: str, **more: str) -> Any:  # noqa: ANN401 - a finished command
        ended = bongsu("setup", "kr", "--key", KEY, "--from", "2026-01", *words, now=NOW, **more)
        written = [path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file()]
        everything = b"".join([ended.out.encode(), ended.err.encode(), *written])
        assert b"sEcReT" not in everything
        assert b"sEcReT" not in unquote(everything.decode("latin-1")).encode("latin-1")
        return ended

    return run


def flows(bongsu: Bongsu) -> Any:  # noqa: ANN401 - JSON
    (row,) = bongsu("records", "--source", "kr_customs", "--json", now=NOW).json
    return row["facts"], row["state_id"]


def test_all_is_asked_once_and_the_total_row_is_no_country(setup: Bongsu, bongsu: Bongsu, customs: Customs) -> None:
    customs.on("31", answer(1500, item("3102101000", 1000), item("3102101000", 500, country="QA")))
    customs.on("25", answer(0))
    first = setup("--hs", "31", "--hs", "25")
    assert (first.code, first.out) == (0, "All is in.\n")
    assert (customs.asked, customs.keys) == (["31", "25"], {KEY})
    shares = bongsu("indicators", "supplier_shares", "--valid", "2026-01", "--json", now=NOW).json
    assert sorted((row["partner"], round(row["share"], 4)) for row in shares) == [("CHN", 0.6667), ("QAT", 0.3333)]
    again = setup("--hs", "31", "--hs", "25", lang="ko")
    assert (again.code, again.out) == (0, "모두 받았습니다.\n")
    assert customs.asked == ["31", "25"]


def test_a_spent_quota_stops_the_day_and_the_next_goes_on(setup: Bongsu, bongsu: Bongsu, customs: Customs) -> None:
    customs.on("31", answer(1000, item("3102101000", 1000)))
    spent = refusal(22, "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR")
    customs.on("25", spent, answer(5, item("2504101000", 5)))
    stopped = setup("--hs", "31", "--hs", "25", lang="ko")
    assert stopped.code == 5
    assert "오늘의 호출 한도를 다 썼습니다" in stopped.out
    assert "내일 같은 명령을 다시 실행하십시오." in stopped.out
    landed, state = flows(bongsu)
    assert landed > 0
    assert state == "current"
    assert setup("--hs", "31", "--hs", "25").code == 0
    assert customs.asked == ["31", "25", "25"]


def test_a_cut_answer_is_asked_again_in_smaller_pieces(setup: Bongsu, bongsu: Bongsu, customs: Customs) -> None:
    customs.on("01", answer(9_999_999, item("0101210000", 5)))
    whole = {"0101": 5}
    for heading in ("0102", "0103", "0104", "0105", "0106"):
        whole[heading] = 0
    for heading, value in whole.items():
        customs.on(heading, answer(value, *([item("0101210000", value)] if value else [])))
    assert setup("--hs", "01").code == 0
    assert customs.asked[0] == "01"
    assert sorted(customs.asked[1:]) == sorted(whole)
    steps = [row["status"] for row in bongsu("records", "--journal", "--json", now=NOW).json]
    assert (steps.count("split"), steps.count("landed"), steps.count("unchanged")) == (1, 1, 5)
    asked = list(customs.asked)
    assert (setup("--hs", "01").code, customs.asked) == (0, asked), "the journal knows the pieces"


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        ((30, "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), ("등록되지 않은 인증키입니다", "the key is not registered")),
        ((99, "UNKNOWN_ERROR"), ("관세청 API가 오류를 답했습니다", "the API answered with an error")),
    ],
)
def test_a_refusal_is_told_and_lands_nothing(
    setup: Bongsu, bongsu: Bongsu, customs: Customs, refused: tuple[int, str], told: tuple[str, str]
) -> None:
    customs.on("31", refusal(*refused))
    korean, english = setup("--hs", "31", lang="ko"), setup("--hs", "31")
    assert (korean.code, english.code) == (4, 4)
    assert told[0] in korean.err
    assert told[1] in english.err
    assert flows(bongsu) == (0, "failed")


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (401, {}, "HTTP 401"),
        (403, {}, "HTTP 403"),
        (404, {}, "HTTP 404"),
        (429, {}, "HTTP 429"),
        (500, {}, "HTTP 500"),
        (302, {"location": "http://10.0.0.1/login"}, ""),
        (302, {"location": "file:///etc/passwd"}, ""),
    ],
)
def test_a_failing_service_is_no_fault_of_ours(
    setup: Bongsu, bongsu: Bongsu, customs: Customs, status: int, headers: dict[str, str], said: str
) -> None:
    customs.on("31", f"<html>{KEY}</html>".encode(), status=status, **headers)
    korean, english = setup("--hs", "31", lang="ko"), setup("--hs", "31")
    assert (korean.code, korean.out, english.code, english.out) == (4, "", 4, "")
    assert said in english.err
    assert korean.err != english.err
    assert "Traceback" not in korean.err + english.err
    assert flows(bongsu) == (0, "failed")


def test_a_login_page_in_place_of_an_answer_is_bad_input(setup: Bongsu, bongsu: Bongsu, customs: Customs) -> None:
    customs.on("31", b"<!DOCTYPE html><html><head><title>Login</title></head></html>")
    ended = setup("--hs", "31", lang="ko")
    assert (ended.code, ended.out) == (3, "")
    assert "웹 페이지" in ended.err
    assert flows(bongsu) == (0, "failed")


def test_the_key_may_come_from_the_environment(bongsu: Bongsu, customs: Customs) -> None:
    customs.on("31", answer(0))
    ended = bongsu("setup", "kr", "--from", "2026-01", "--hs", "31", now=NOW, BONGSU_KR_KEY=KEY)
    assert (ended.code, customs.keys) == (0, {KEY})


def test_only_what_is_there_can_be_set_up(bongsu: Bongsu) -> None:
    ended = bongsu("setup", "jp", "--key", KEY, lang="ko")
    assert (ended.code, ended.out) == (2, "")
    assert KEY not in ended.err
