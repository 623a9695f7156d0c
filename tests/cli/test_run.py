"""`bongsu run` against publishers on this machine: what it fetches, what it says, how it ends; and whose turn it is."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bongsu.cli import run as run_module
from bongsu.records.lake import Lake
from bongsu.records.lease import Holder, LeaseHeldError, lease

Bongsu = Callable[..., Any]
Press = Any  # made_up.Publisher
SOURCES = Path(__file__).resolve().parents[1] / "sources"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SOURCES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made_up = load("made_up")
KEY, NOW = made_up.KEY, made_up.NOW.isoformat()
NEXT_DAY, NEXT_MONTH = "2026-11-21T03:00:00+00:00", "2026-12-20T03:00:00+00:00"


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """A publisher at work, and the made-up sources in the place of all others."""
    known, end = made_up.serve()
    made_up.install(monkeypatch.setattr, known.port)
    made_up.with_everything(known)
    yield known
    end()


@pytest.fixture
def run(bongsu: Bongsu, tmp_path: Path) -> Bongsu:
    """`bongsu run …` with a key; whatever comes of it, the key stands nowhere."""

    def ran(*words: str, now: str = NOW, key: str = KEY, **more: str) -> Any:  # noqa: ANN401 - a finished command
        keys = {"BONGSU_KEY_EXCHANGE": key} if key else {}
        more = {"BONGSU_KEYS": str(tmp_path / "keys.yml"), **keys, **more}
        ended = bongsu("run", *words, now=now, **more)
        lake = Lake(tmp_path / "lake", threads=1)
        journal = repr(lake.snapshot().journal())
        lake.close()
        files = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
        assert KEY[-10:] not in ended.out + ended.err + journal + files.decode("latin-1")
        return ended

    return ran


def all_good(press: Press) -> None:
    press.on("/gazette.json", made_up.prices(("salt", "2026-10", 1)))
    press.on("/api?series=zinc", made_up.prices(("zinc", "2026-10", 7)))


def states(ended: Any) -> dict[str, str]:  # noqa: ANN401 - a finished command
    return {one["source"]: one["state"] for one in ended.json["health"]}


# ---- what it does, and how it ends


def test_it_fetches_what_is_due_goes_on_when_one_fails_and_ends_with_how_each_stands(run: Bongsu, press: Press) -> None:
    ended = run("--json")
    assert ended.code == 5
    told = ended.json
    assert list(told) == ["run_id", "now", "exit_code", "asked", "health"]
    assert (told["now"], told["exit_code"]) == (NOW, 5)
    assert {one["source"]: (one["asked"], {k: n for k, n in one["steps"].items() if n}) for one in told["asked"]} == {
        "bulletin": (1, {"landed": 1}),
        "exchange": (6, {"landed": 4, "split": 1, "not_yet": 1}),
        "gazette": (1, {"failed": 1}),
    }
    assert [list(one) for one in told["asked"]] == [["source", "asked", "steps", "rows", "notes", "errors"]] * 3
    assert {tuple(one) for one in told["health"]} == {(
        "source", "name", "state", "due", "late", "silent", "since", "next_due", "expected", "expected_since",
        "last_read", "last_new", "last_failed", "cadence", "fetches", "why",
    )}  # fmt: skip
    assert states(ended) == {"almanac": "by_hand", "bulletin": "not_due", "exchange": "not_yet", "gazette": "failed"}
    assert "HTTP 404" in told["asked"][2]["errors"][0]["en"]
    assert len(press.asked) == 8


def test_all_in_good_order_is_zero_and_then_nothing_is_due(run: Bongsu, press: Press) -> None:
    all_good(press)
    first = run()
    assert (first.code, first.err) == (0, "")
    assert "exchange landed 5, asked in smaller pieces 1" in first.out
    press.asked.clear()
    again = run("--json")
    assert (again.code, again.json["asked"], press.asked) == (0, [], [])
    assert set(states(again).values()) == {"by_hand", "not_due"}
    korean = run(lang="ko")
    assert korean.out.startswith("지금 받을 차례인 출처가 없습니다. 그래도 받으려면 --force 를 붙이십시오.\n")
    assert "차례 아님 3 · 직접 넣음 1\n" in korean.out


def test_the_next_day_only_what_failed_or_was_not_out_is_asked(run: Bongsu, press: Press) -> None:
    run()
    all_good(press)
    press.asked.clear()
    assert run(now=NEXT_DAY).code == 0
    assert press.asked == ["/api?series=zinc", "/gazette.json"]


def test_the_next_month_what_has_not_changed_is_not_sent(run: Bongsu, press: Press) -> None:
    all_good(press)
    run()
    press.conditions.clear()
    ended = run("--only", "bulletin", "--json", now=NEXT_MONTH)
    assert (ended.code, press.conditions) == (0, ['"v1"'])
    assert ended.json["asked"][0]["steps"]["unchanged"] == 1
    assert [(one["source"], one["state"], one["last_read"]) for one in ended.json["health"]] == [
        ("bulletin", "not_due", NEXT_MONTH)
    ]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_where_nothing_can_be_reached_it_is_the_sources(run: Bongsu, press: Press, status: int) -> None:
    for question in press.replies:
        press.on(question, made_up.fails(status))
    ended = run(lang="ko")
    assert ended.code == 4
    assert ended.out.count(f"HTTP {status} 응답이 왔습니다") == 2 * 3, "in what was done, and in how they stand"
    press.on("/bulletin.json", made_up.prices(("tin", "2026-10", 30)))
    assert run().code == 5


def test_where_no_one_listens_it_is_the_networks(run: Bongsu, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object) -> list[str]:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(run_module, "door", lambda _: made_up.door(press.port, resolve_host=nowhere))
    ended = run("--json")
    assert (ended.code, press.asked) == (4, [])
    assert {one["source"]: one["state"] for one in ended.json["health"] if one["fetches"]} == {
        "bulletin": "failed", "exchange": "failed", "gazette": "failed",
    }  # fmt: skip


def test_a_spent_quota_is_a_part_and_the_next_run_goes_on(run: Bongsu, press: Press) -> None:
    all_good(press)
    press.on("/api?series=urea", made_up.said("quota"), made_up.said("cut", parts=["a", "b"]))
    ended = run("--json", "--only", "exchange")
    assert (ended.code, states(ended)) == (5, {"exchange": "paused"})
    assert ended.json["health"][0]["why"]["en"].endswith("Today's quota is spent.")
    press.asked.clear()
    assert run("--only", "exchange", now=NEXT_DAY).code == 0
    assert press.asked == ["/api?series=urea", "/api?part=a&series=urea", "/api?part=b&series=urea", "/api?series=zinc"]


def test_rows_set_aside_are_a_part(run: Bongsu, press: Press) -> None:
    all_good(press)
    press.on("/bulletin.json", made_up.prices(("tin", "2026-10", 30), ("tin", "2026-10", 31), ("tin", "2026-09", 29)))
    ended = run("--only", "bulletin")
    assert ended.code == 5
    assert "bulletin landed 1, rows set aside 2" in ended.out
    assert run("--only", "bulletin", "--force").code == 0, "the same rows are not news"


def test_a_fault_of_ours_shows_where_it_is_and_stops_no_other_source(
    run: Bongsu, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_good(press)

    def stumble(request: object) -> None:
        message = f"{request.__class__.__name__} {KEY}"
        raise IndexError(message)

    monkeypatch.setitem(vars(sys.modules["bongsu.sources.exchange.read"]), "read", stumble)
    ended = run()
    assert ended.code == 5
    assert "in stumble" in ended.err
    assert "our own fault (IndexError: ReadRequest ***)" in ended.out
    assert "gazette landed 1" in ended.out


def test_forced_it_asks_everything_again(run: Bongsu, press: Press) -> None:
    all_good(press)
    run()
    press.asked.clear()
    press.conditions.clear()
    ended = run("--force", "--json")
    assert (ended.code, len(press.asked)) == (0, 8)
    assert set(press.conditions) == {""}
    assert {one["source"]: one["rows"].get("new", 0) for one in ended.json["asked"]} == {
        "bulletin": 0, "exchange": 0, "gazette": 0,
    }  # fmt: skip


# ---- what it would do


def test_a_dry_run_says_what_is_due_and_why_and_touches_nothing(run: Bongsu, press: Press, tmp_path: Path) -> None:
    ended = run("--dry-run")
    assert (ended.code, press.asked) == (0, [])
    assert ended.out.startswith("3 sources are due now")
    assert "It was never fetched." in ended.out
    assert "never fetched 3 · by hand 1\n" in ended.out
    assert not (tmp_path / "lake" / "journal").exists()
    run("--only", "bulletin")
    korean = run("--dry-run", "--only", "bulletin", now=NEXT_MONTH, lang="ko")
    assert korean.out.startswith("지금 받을 출처 1곳")
    assert "2026-11 자료는 2026-12-15부터 나와 있어야 합니다." in re.sub(r"\s+", " ", korean.out)
    told = run("--dry-run", "--json").json
    assert [(one["source"], one["due"]) for one in told] == [
        ("almanac", False), ("bulletin", False), ("exchange", True), ("gazette", True),
    ]  # fmt: skip


def test_again_and_again_it_looks_with_a_new_clock(run: Bongsu, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[int] = []

    def sleep(seconds: int) -> None:
        slept.append(seconds)
        if len(slept) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(run_module.time, "sleep", sleep)
    ended = run("--every", "30", "--only", "gazette")
    assert (ended.code, slept) == (1, [1800, 1800])
    assert ended.err.count("Looking again in 30 minutes.") == 2
    assert ended.err.endswith("Stopped.\n")
    assert press.asked == ["/gazette.json"] * 2, "a failure is due at once"
    assert run("--every", "30", "--once", "--only", "gazette").code == 4


@pytest.mark.parametrize(
    ("words", "ko", "en"),
    [
        (["--every", "0"], "--every: 1분 이상이어야 합니다.", "--every: it must be one minute or more."),
        (["--only", "nope"], "'nope' 출처는 없습니다.", "there is no source 'nope'."),
        (
            ["--only", "almanac"],
            "--only: almanac은(는) 자동으로 받지 않는 출처입니다. 파일을 받아 bongsu fetch almanac --from 파일 로 넣으십시오.",
            "--only: no machine fetches almanac. Get the file and give it with bongsu fetch almanac --from FILE.",
        ),
    ],
)
def test_misuse_is_told_before_anything_is_asked(run: Bongsu, press: Press, words: list[str], ko: str, en: str) -> None:
    korean, english = run(*words, lang="ko"), run(*words)
    assert (korean.code, korean.out, english.code, english.out, press.asked) == (2, "", 2, "", [])
    assert korean.err.startswith(ko)
    assert english.err.startswith(en)


# ---- one at a time

OTHER = Holder("abc123", "desk-7", 4711, "2026-11-20T02:00+00:00")


def test_while_another_runs_it_says_who_and_asks_nothing(run: Bongsu, press: Press, tmp_path: Path) -> None:
    with lease(tmp_path / "lake", OTHER):
        korean, english = run(lang="ko"), run()
        dry = run("--dry-run")
    assert (korean.code, english.code, dry.code, press.asked) == (1, 1, 0, [])
    assert (korean.out, english.out) == ("", "")
    assert english.err == (
        f"{tmp_path / 'lake'}: another run is fetching: process 4711 on desk-7 since 2026-11-20T02:00+00:00, "
        "run abc123. Run this again when it has ended.\n"
    )
    assert "desk-7 프로세스 4711" in korean.err


def test_the_lease_of_a_dead_run_is_taken_over_and_told(run: Bongsu, press: Press, tmp_path: Path) -> None:
    with lease(tmp_path / "lake", OTHER):
        left_behind = (tmp_path / "lake" / "run.json").read_text(encoding="utf-8")
    assert not (tmp_path / "lake" / "run.json").exists()
    (tmp_path / "lake" / "run.json").write_text(left_behind, encoding="utf-8")
    (tmp_path / "lake" / "asked-half.part").write_bytes(b"half")
    all_good(press)
    ended = run()
    assert ended.code == 0
    assert re.sub(r"\s+", " ", ended.err) == (
        "The run before (abc123, process 4711 on desk-7, 2026-11-20T02:00+00:00) ended without finishing; "
        "this one goes on. "
    )
    assert not (tmp_path / "lake" / "asked-half.part").exists()
    assert run().err == ""


@pytest.mark.parametrize("said", ["", "{", "[]", '{"run_id": "x"}'])
def test_a_holder_that_nobody_can_read_is_still_a_holder(tmp_path: Path, said: str) -> None:
    with lease(tmp_path, OTHER) as before:
        assert before is None
        (tmp_path / "run.json").write_text(said, encoding="utf-8")
        with pytest.raises(LeaseHeldError, match="another run is fetching into this lake"), lease(tmp_path, OTHER):
            pass
    with lease(tmp_path, OTHER) as before:
        assert before is None


CHILD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("made_up", sys.argv[1])
made_up = importlib.util.module_from_spec(spec)
sys.modules["made_up"] = made_up
spec.loader.exec_module(made_up)
made_up.install(setattr, int(sys.argv[2]))
sys.argv = ["bongsu", "run", "--json"]
from bongsu.cli import main
main()
"""


def test_two_processes_at_once_ask_each_question_once(run: Bongsu, press: Press, tmp_path: Path) -> None:
    all_good(press)
    press.open.clear()
    environment = {
        **os.environ, "BONGSU_LAKE": str(tmp_path / "lake"), "BONGSU_NOW": NOW, "BONGSU_LANG": "en",
        "BONGSU_KEYS": str(tmp_path / "keys.yml"), "BONGSU_KEY_EXCHANGE": KEY,
    }  # fmt: skip
    words = [sys.executable, "-c", CHILD, str(SOURCES / "made_up.py"), str(press.port)]
    first = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    assert press.knocked.wait(60)
    second = run()
    press.open.set()
    _, err = first.communicate()
    assert (first.returncode, second.code) == (0, 1), err
    assert f"process {first.pid} on " in second.err
    assert len(press.asked) == len(set(press.asked)) == 8
    third = run("--json")
    assert (third.code, third.json["asked"]) == (0, [])


# ---- keys


def test_without_a_key_the_others_are_fetched_and_the_mend_is_told(run: Bongsu, press: Press, tmp_path: Path) -> None:
    all_good(press)
    ended = run("--json", key="")
    assert (ended.code, states(ended)["exchange"]) == (0, "needs_key")
    (exchange,) = [one for one in ended.json["health"] if one["source"] == "exchange"]
    assert exchange["why"]["en"] == (
        f"It needs a key: get one at {press.url('/keys')} and put it into BONGSU_KEY_EXCHANGE or the key file."
    )
    assert sorted(press.asked) == ["/bulletin.json", "/gazette.json"]
    assert run("--force", key="").code == 0, "nor can it be forced"
    assert run(key="").out.endswith(f"The key file: {tmp_path / 'keys.yml'} (a line each, `source: key`)\n")
    only = run("--only", "exchange", key="", lang="ko")
    assert (only.code, only.out) == (2, "")
    assert only.err.startswith("--only exchange: 인증키가 없습니다.")


def test_a_key_may_stand_in_the_users_file_and_a_variable_goes_before_it(
    run: Bongsu, press: Press, tmp_path: Path
) -> None:
    all_good(press)
    file = tmp_path / "keys.yml"
    file.write_text(f"exchange: {KEY}\n", encoding="utf-8")
    file.chmod(0o600)
    assert run("--only", "exchange", key="").code == 0
    assert set(press.keys) == {KEY}
    file.write_text("exchange: another0key\n", encoding="utf-8")
    press.keys.clear()
    assert run("--only", "exchange", "--force").code == 0
    assert set(press.keys) == {KEY}


@pytest.mark.skipif(os.name != "posix", reason="other systems have other permissions")
def test_a_file_that_others_can_read_is_pointed_out(run: Bongsu, press: Press, tmp_path: Path) -> None:
    file = tmp_path / "keys.yml"
    file.write_text(f"exchange: {KEY}\n", encoding="utf-8")
    file.chmod(0o644)
    ended = run("--dry-run", key="")
    assert (ended.code, press.asked) == (0, [])
    assert "others can read it. Close it with chmod 600." in re.sub(r"\s+", " ", ended.err)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (f"nope: {KEY}\n", 3, "there is no source nope."),
        ("exchange: short\n", 2, "the key is too short to be one."),
        (f"exchange: [{KEY}]\n", 2, "the key is too short to be one."),
        (f"- {KEY}\n", 3, "it must be made of `source: …` lines."),
        (f"exchange: '{KEY}\n", 3, "it is no YAML that can be read."),
        (f"exchange: {KEY}\n\tx: {KEY}\n", 3, "it is no YAML that can be read."),
    ],
)
def test_a_bad_key_file_is_told_without_its_content(
    run: Bongsu, press: Press, tmp_path: Path, content: str, code: int, said: str
) -> None:
    file = tmp_path / "keys.yml"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    ended = run(key="")
    assert (ended.code, ended.out, press.asked) == (code, "", [])
    assert said in ended.err
    assert str(file) in ended.err


# ---- what is wanted


def test_what_is_wanted_is_shown_and_changed_in_a_file(run: Bongsu, press: Press, tmp_path: Path) -> None:
    all_good(press)
    shown = run("--wants")
    assert shown.out == (
        f"# What is asked for. Change it and put it at {tmp_path / 'lake' / 'wants.yml'}; the next run follows it. "
        "`first` is the first period (2015-01).\nexchange:\n  series: [coal, urea, zinc]\n"
    )
    run("--only", "exchange")
    (tmp_path / "lake" / "wants.yml").write_text("exchange: {series: [coal, '0101']}\n", encoding="utf-8")
    press.on("/api?series=0101", made_up.prices(("0101", "2026-10", 5)))
    press.asked.clear()
    changed = run("--only", "exchange", "--dry-run", "--json").json[0]
    assert (changed["due"], changed["why"]["en"]) == (True, "What is to be asked for has changed.")
    assert run("--only", "exchange").code == 0
    assert press.asked == ["/api?series=0101"], "what is held is not asked again"
    assert run("--wants", "--json").json == {"exchange": {"first": None, "series": ["coal", "0101"]}}
    assert run("--only", "exchange", "--json").json["asked"] == []


def test_codes_keep_their_zeros_and_a_first_period_reaches_the_plan(run: Bongsu, press: Press, tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "wants.yml").write_text("exchange: {series: 0101, first: 2015}\n", encoding="utf-8")
    press.on("/api?from=2015-01-01&series=0101", made_up.prices(("0101", "2026-10", 5)))
    assert run("--only", "exchange").code == 0
    assert "first: '2015-01-01'" in run("--wants").out
    assert "series: ['0101']" in run("--wants", lang="ko").out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nope: {series: [a]}\n", "there is no source nope."),
        ("exchange: {sries: [a]}\n", "there is no sries to choose. There are: first, series."),
        ("exchange: {first: soon}\n", "first: 'soon' is no date."),
        ("exchange: {first: 2015-13}\n", "first: '2015-13' is no date."),
        ("exchange: [a]\n", "it must be made of `name: value` lines."),
        ("- exchange\n", "it must be made of `source: …` lines."),
        ("exchange: {\n", "it is no YAML that can be read."),
    ],
)
def test_a_bad_list_of_wants_is_told_before_anything_is_asked(
    run: Bongsu, press: Press, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "wants.yml").write_text(content, encoding="utf-8")
    ended = run()
    assert (ended.code, ended.out, press.asked) == (3, "", [])
    assert said in ended.err
    assert "wants.yml" in ended.err


# ---- what the other verbs make of it


@pytest.mark.usefixtures("press")
def test_the_journal_tells_each_step_in_both_languages(run: Bongsu, bongsu: Bongsu) -> None:
    run()
    rows = bongsu("records", "--journal", "--json", now=NOW).json
    outcomes = {row["status"]: row["outcome"] for row in rows}
    assert outcomes == {
        "landed": {"ko": "들어옴", "en": "landed"},
        "failed": {"ko": "실패", "en": "failed"},
        "received": {"ko": "받음(읽기 전)", "en": "received, not yet read"},
        "not_yet": {"ko": "공표 전", "en": "not yet published"},
        "split": {"ko": "잘려서 나누어 물음", "en": "cut, asked in smaller pieces"},
        "answered": {"ko": "모두 물음", "en": "all asked"},
    }


def test_not_yet_published_is_not_read_and_nothing_there(run: Bongsu, bongsu: Bongsu, press: Press) -> None:
    for series in ("coal", "urea"):
        press.on(f"/api?series={series}", made_up.said("not out"))
    run("--only", "exchange")
    (row,) = bongsu("records", "--source", "exchange", "--json", now=NOW).json
    assert (row["state_id"], row["state"]["ko"]) == ("not_yet", "공표 전")
