"""One round of questions to a source, over real HTTP: pages, caps, quotas, conditions, failures, and what is remembered."""

import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bongsu.language import BadInputError, Language
from bongsu.records.journal import ANSWERED, FAILED, LANDED, NOT_YET, PAUSED, RECEIVED, SPLIT, UNCHANGED, Entry
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.records.shapes import PRICE
from bongsu.sources import run as run_module
from bongsu.sources.asking import Ask, OneFile, PlanRequest, fetcher, id_of
from bongsu.sources.cadence import newest_out
from bongsu.sources.outcome import Outcome, Step
from bongsu.sources.past import Answers, answers
from bongsu.sources.run import Round
from bongsu.sources.source import source

Press = Any  # made_up.Publisher, from a module that is no package
WANTS = ("coal", "urea", "zinc")


def load(name: str) -> ModuleType:
    """A module that stands beside this one."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made_up = load("made_up")
NOW, KEY = made_up.NOW, made_up.KEY


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A publisher at work, and the made-up sources in the place of all others."""
    known, end = made_up.serve()
    made_up.install(monkeypatch.setattr, known.port)
    yield known
    end()


@dataclass
class Desk:
    """Someone who asks one source on one lake."""

    lake: Lake
    press: Press
    slept: list[float] = field(default_factory=list)

    def ask(
        self, of: str = "exchange", *series: str, now: datetime = NOW, key: str = KEY, known: Answers | None = None,
        first: date | None = None, settings: Mapping[str, str] | None = None,
    ) -> list[Outcome]:  # fmt: skip
        one = made_up.made_up(self.press.port)[of]
        one = one if settings is None else replace(one, settings=settings)
        request = PlanRequest(one, now, first, {"series": series or WANTS})
        expected = newest_out(one, now)
        held = answers(self.journal(of), expected.out if expected else None) if known is None else known
        interval = float(one.settings.get("min_interval_seconds", 0))
        with made_up.door(self.press.port, self.slept, min_interval=interval) as way:
            return list(Round(self.lake, way, request, held, key, "r").run())

    def journal(self, of: str = "exchange") -> list[Entry]:
        return [entry for entry in self.lake.snapshot().journal() if entry.source == of]

    def steps(self, of: str = "exchange") -> list[str]:
        return [entry.status for entry in self.journal(of)]

    def prices(self) -> dict[str, float]:
        snapshot = self.lake.snapshot()
        rows = snapshot.arrow(snapshot.as_of(PRICE, NOW + timedelta(days=90))).to_pylist()
        return {f"{row['series']} {row['valid']:%Y-%m}": row["value"] for row in rows}


@pytest.fixture
def desk(tmp_path: Path, press: Press) -> Iterator[Desk]:
    lake = Lake(tmp_path / "lake", threads=1)
    yield Desk(lake, press)
    lake.close()


def told(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(one.step.value, one.ask.id.partition("?")[2]) for one in outcomes]


# ---- the way of an answer


def test_pages_pieces_and_what_is_not_out_follow_the_plan_in_order(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    found = desk.ask()
    assert told(found) == [
        ("landed", "series=coal"),
        ("landed", "page=2&series=coal"),
        ("split", "series=urea"),
        ("landed", "part=a&series=urea"),
        ("landed", "part=b&series=urea"),
        ("not_yet", "series=zinc"),
    ]
    assert [one.left for one in found] == [3, 2, 3, 2, 1, 0]
    assert press.asked == [
        "/api?series=coal", "/api?page=2&series=coal", "/api?series=urea", "/api?part=a&series=urea",
        "/api?part=b&series=urea", "/api?series=zinc",
    ]  # fmt: skip
    assert set(press.keys) == {KEY}
    assert desk.steps() == [
        RECEIVED, LANDED, RECEIVED, LANDED, SPLIT, RECEIVED, LANDED, RECEIVED, LANDED, NOT_YET, ANSWERED,
    ]  # fmt: skip
    assert desk.prices() == {"coal 2026-10": 90, "coal 2026-09": 89, "urea a 2026-10": 400, "urea b 2026-10": 410}
    (end,) = [entry for entry in desk.journal() if entry.status == ANSWERED]
    assert end.asked == {"wants": '{"first": null, "wants": {"series": ["coal", "urea", "zinc"]}}', "not_yet": 1}


def test_each_answer_is_a_delivery_of_its_own_that_walks_back_to_its_bytes(desk: Desk, press: Press) -> None:
    press.on("/api?series=coal", made_up.prices(("coal", "2026-10", 90)))
    (outcome,) = desk.ask("exchange", "coal")
    (landed,) = [entry for entry in desk.journal() if entry.status == LANDED]
    (raw,) = landed.raws
    assert outcome.receipt is not None
    assert (outcome.receipt.seq, landed.asked) == (landed.seq, {"id": press.url("/api?series=coal")})
    assert raw.path.read_bytes() == made_up.prices(("coal", "2026-10", 90))[1]
    assert (raw.url, raw.name) == (press.url("/api?series=coal&key=***"), "api")
    assert id_of(raw.url) == landed.asked["id"], "the address names the question, whether the journal says so or not"
    assert (landed.read_at, raw.received_at) == (NOW, NOW)


def test_the_second_round_asks_only_what_was_not_out(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask()
    press.asked.clear()
    press.on("/api?series=zinc", made_up.prices(("zinc", "2026-10", 7)))
    assert told(desk.ask(now=NOW + timedelta(days=1))) == [
        ("held", "series=coal"),
        ("held", "page=2&series=coal"),
        ("held", "series=urea"),
        ("held", "part=a&series=urea"),
        ("held", "part=b&series=urea"),
        ("landed", "series=zinc"),
    ]
    assert press.asked == ["/api?series=zinc"]


def test_the_next_period_asks_all_of_it_again_but_what_is_cut(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask()
    press.asked.clear()
    found = desk.ask(now=NOW + timedelta(days=30))
    assert [one for one in told(found) if one[0] != "unchanged"] == [
        ("held", "series=urea"),
        ("not_yet", "series=zinc"),
    ]
    assert len(press.asked) == 5


def test_a_question_asked_once_is_not_asked_in_the_next_period(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)

    def once(request: PlanRequest) -> Iterator[Ask]:
        return (replace(ask, once=True) for ask in made_up.plan(request))

    asks = sys.modules["bongsu.sources.exchange.fetch"]
    vars(asks)["plan"] = once
    desk.ask()
    press.asked.clear()
    desk.ask(now=NOW + timedelta(days=30))
    assert press.asked == ["/api?series=zinc"], "and pages and pieces of it neither"


def test_where_nothing_came_everything_is_asked_again(desk: Desk, press: Press) -> None:
    press.on("/api?series=coal", made_up.prices(("coal", "2026-09", 90)))
    desk.ask("exchange", "coal", now=NOW - timedelta(days=30))
    for _ in range(2):
        press.asked.clear()
        assert told(desk.ask("exchange", "coal")) == [("unchanged", "series=coal")]
        assert press.asked == ["/api?series=coal"]


def test_what_proved_unchanged_beside_something_new_is_not_asked_again_for_this_period(
    desk: Desk, press: Press
) -> None:
    press.on("/api?series=coal", made_up.prices(("coal", "2026-09", 90)))
    press.on("/api?series=urea", made_up.said("not out"), made_up.prices(("urea", "2026-10", 400)))
    press.on("/api?series=zinc", made_up.said("not out"))
    desk.ask(now=NOW - timedelta(days=30))
    assert [step for step, _ in told(desk.ask())] == ["unchanged", "landed", "not_yet"]
    press.asked.clear()
    assert [step for step, _ in told(desk.ask(now=NOW + timedelta(days=1)))] == ["held", "held", "not_yet"]
    assert press.asked == ["/api?series=zinc"]


# ---- a file that moves


def moving(press: Press) -> dict[str, str]:
    return {"linked_from": press.url("/page"), "link": r"http://127\.0\.0\.1:\d+/[\w/]+\.json"}


def page(*links: str) -> tuple[int, bytes, dict[str, str]]:
    return 200, "".join(f'<a href="{link}">Monthly prices</a>' for link in links).encode(), {}


def test_a_file_that_moves_is_found_by_the_page_that_links_to_it_in_every_round(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    press.on("/page", page(press.url("/bulletin.json"), press.url("/bulletin.json")))
    asked = moving(press)
    assert [step for step, _ in told(desk.ask("bulletin", settings=asked))] == ["split", "landed"]
    assert [step for step, _ in told(desk.ask("bulletin", settings=asked, now=NOW + timedelta(days=30)))] == [
        "split",
        "unchanged",
    ]
    assert press.conditions == ["", "", "", '"v1"'], "the page is looked at whole, the file on condition"
    press.on("/new/bulletin.json", made_up.prices(("tin", "2026-11", 31)))
    press.on("/page", page(press.url("/new/bulletin.json").replace("/", "\\/")))
    desk.ask("bulletin", settings=asked, now=NOW + timedelta(days=60))
    assert press.asked[-2:] == ["/page", "/new/bulletin.json"]
    assert desk.prices() == {"tin 2026-10": 30, "tin 2026-11": 31}


def test_the_real_workbook_comes_by_its_page_and_its_next_edition_by_another_link(
    desk: Desk, press: Press, realdata: Path
) -> None:
    pink = replace(made_up.LIKE, settings={**made_up.LIKE.settings, **moving(press), "link": r"http\S+?\.xlsx"})
    for edition, now in (("2023M03", datetime(2023, 3, 3, tzinfo=UTC)), ("2024M09", datetime(2024, 9, 5, tzinfo=UTC))):
        file = realdata / "trade" / "worldbank" / f"CMO-Historical-Data-Monthly_{edition}.xlsx"
        press.on(f"/{edition}.xlsx", (200, file.read_bytes(), {"etag": f'"{edition}"'}))
        press.on("/page", page(press.url(f"/{edition}.xlsx")))
        with made_up.door(press.port, desk.slept) as way:
            known = answers(desk.journal(pink.id), None)
            found = list(Round(desk.lake, way, PlanRequest(pink, now), known, "", "r").run())
        assert [one.step for one in found] == [Step.SPLIT, Step.LANDED]
    first, second = [entry for entry in desk.journal(pink.id) if entry.status == LANDED]
    assert (first.counts["new"], second.counts["new"], second.counts["revised"]) == (47_579, 1_230, 83)
    assert [raw.name for raw in second.raws[:1]] == ["2024M09.xlsx"]
    assert [raw.sha256 for raw in second.raws[:1]] == [hashlib.sha256(file.read_bytes()).hexdigest()]


def test_a_round_that_was_ended_between_page_and_file_goes_on_with_the_file(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    press.on("/page", page(press.url("/bulletin.json")))
    status, body, headers = press.replies["/bulletin.json"][0]
    press.on("/bulletin.json", made_up.fails(404), (status, body, headers))
    asked = moving(press)
    assert [step for step, _ in told(desk.ask("bulletin", settings=asked))] == ["split", "failed"]
    assert [step for step, _ in told(desk.ask("bulletin", settings=asked))] == ["held", "landed"]
    assert press.asked == ["/page", "/bulletin.json", "/bulletin.json"]


@pytest.mark.parametrize("count", [0, 2])
def test_a_page_that_leads_nowhere_or_to_several_files_is_told(desk: Desk, press: Press, count: int) -> None:
    press.on("/page", page(*(press.url(f"/bulletin{number}.json") for number in range(count))))
    (outcome,) = desk.ask("bulletin", settings=moving(press))
    assert outcome.error is not None
    assert outcome.error.to(Language.EN).startswith(
        f"{press.url('/page')}: the page should link to one file of figures and links to {count}."
    )
    assert press.asked == ["/page"]


def test_told_to_ask_all_again_it_does(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask()
    press.asked.clear()
    assert {step for step, _ in told(desk.ask(known=Answers()))} == {"unchanged", "split", "not_yet"}
    assert len(press.asked) == 6


def test_what_failed_when_asked_again_is_asked_by_the_next_run(desk: Desk, press: Press) -> None:
    press.on("/api?series=coal", made_up.prices(("coal", "2026-10", 90)), made_up.fails(404), made_up.prices())
    desk.ask("exchange", "coal")
    assert told(desk.ask("exchange", "coal", known=Answers())) == [("failed", "series=coal")]
    assert told(desk.ask("exchange", "coal")) == [("unchanged", "series=coal")]


def test_a_first_period_and_a_narrower_wish_reach_the_plan(desk: Desk, press: Press) -> None:
    press.on("/api?from=2015-01-01&series=coal", made_up.prices())
    assert told(desk.ask("exchange", "coal", first=date(2015, 1, 1))) == [("unchanged", "from=2015-01-01&series=coal")]


# ---- conditions


def test_a_file_that_has_not_changed_is_not_sent_again_and_counts_as_read_now(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    assert told(desk.ask("bulletin")) == [("landed", "")]
    later = NOW + timedelta(days=30)
    (outcome,) = desk.ask("bulletin", now=later)
    assert (outcome.step, outcome.receipt, press.conditions) == (Step.UNCHANGED, None, ["", '"v1"'])
    assert desk.steps("bulletin") == [RECEIVED, LANDED, ANSWERED, UNCHANGED, ANSWERED]
    again = desk.journal("bulletin")[3]
    assert (again.read_at, again.raws) == (later, desk.journal("bulletin")[1].raws)


def test_a_changed_file_comes_with_a_new_mark_and_both_are_kept(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask("bulletin")
    status, body, _ = made_up.prices(("tin", "2026-10", 31))
    press.on("/bulletin.json", (status, body, {"etag": '"v2"', "last-modified": "Fri, 20 Nov 2026 00:00:00 GMT"}))
    assert told(desk.ask("bulletin", now=NOW + timedelta(days=30))) == [("landed", "")]
    assert desk.prices() == {"tin 2026-10": 31}
    landed = [entry.raws[0] for entry in desk.journal("bulletin") if entry.status == LANDED]
    assert [(raw.etag, raw.last_modified) for raw in landed] == [
        ('"v1"', ""),
        ('"v2"', "Fri, 20 Nov 2026 00:00:00 GMT"),
    ]
    assert all(desk.lake.raw.intact(raw.sha256) for raw in landed)
    desk.ask("bulletin", now=NOW + timedelta(days=60))
    assert press.conditions == ["", '"v1"', '"v2"']


def test_the_same_bytes_without_a_mark_are_not_read_again(
    desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.on("/bulletin.json", made_up.prices(("tin", "2026-10", 30)))
    desk.ask("bulletin")
    monkeypatch.setattr("bongsu.sources.run.read", lambda *_: pytest.fail("read again"))
    assert told(desk.ask("bulletin", now=NOW + timedelta(days=30))) == [("unchanged", "")]


def test_a_file_whose_bytes_are_gone_is_fetched_whole(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask("bulletin")
    (raw,) = desk.journal("bulletin")[0].raws
    raw.path.unlink()
    assert told(desk.ask("bulletin", now=NOW + timedelta(days=30))) == [("unchanged", "")]
    assert press.conditions == ["", ""]
    assert desk.lake.raw.intact(raw.sha256)


# ---- trouble


def test_a_spent_quota_ends_the_day_and_the_next_goes_on(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    press.on("/api?part=a&series=urea", made_up.said("quota"), made_up.prices(("urea a", "2026-10", 400)))
    found = desk.ask()
    assert told(found)[-1] == ("paused", "part=a&series=urea")
    assert (found[-1].fatal, found[-1].error and found[-1].error.what) == (True, made_up.SPENT)
    (pause,) = [entry for entry in desk.journal() if entry.status == PAUSED]
    assert "오늘의 한도를 다 썼습니다." in pause.said[0]["ko"]
    assert ANSWERED not in desk.steps()
    press.asked.clear()
    assert [step for step, _ in told(desk.ask(now=NOW + timedelta(hours=1)))] == [
        "held", "held", "held", "landed", "landed", "not_yet",
    ]  # fmt: skip
    assert press.asked == ["/api?part=a&series=urea", "/api?part=b&series=urea", "/api?series=zinc"]


@pytest.mark.parametrize("status", [403, 429])
def test_a_quota_told_with_an_error_status_pauses_as_one_told_with_200(desk: Desk, press: Press, status: int) -> None:
    """A gateway answers a spent quota and a wrong key alike with 403; only its words tell them apart."""
    made_up.with_everything(press)
    press.on("/api?series=coal", (status, made_up.said("quota")[1], {}))
    (outcome,) = desk.ask()
    assert (outcome.step, outcome.error and outcome.error.what) == (Step.PAUSED, made_up.SPENT)


@pytest.mark.parametrize("words", [b"", b"<html>Forbidden</html>", b"[]", b'{"said": "nonsense"}'])
def test_an_error_in_other_words_stays_an_error(desk: Desk, press: Press, words: bytes) -> None:
    made_up.with_everything(press)
    press.on("/api?series=coal", (403, words, {}))
    (outcome,) = desk.ask()
    assert (outcome.step, outcome.fatal, outcome.fault) == (Step.FAILED, True, None)
    assert "HTTP 403" in (outcome.error.what.en if outcome.error else "")


def test_requests_keep_their_distance(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    desk.ask()
    assert desk.slept == [2.0] * 5


def test_429_waits_as_told_and_500_is_tried_again(desk: Desk, press: Press) -> None:
    good = made_up.prices(("tin", "2026-10", 30))
    press.on("/bulletin.json", made_up.fails(429, retry_after="7"), made_up.fails(500), good)
    assert told(desk.ask("bulletin")) == [("landed", "")]
    assert (len(press.asked), desk.slept) == (3, [7.0, 2.0])


def test_a_source_in_trouble_is_asked_no_more(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    press.on("/api?series=coal", made_up.fails(503))
    (outcome,) = desk.ask()
    assert (outcome.step, outcome.fatal, len(press.asked)) == (Step.FAILED, True, 3)
    (entry,) = desk.journal()
    assert (entry.status, entry.asked) == (FAILED, {"id": press.url("/api?series=coal")})
    assert "HTTP 503" in entry.said[0]["en"]


def test_one_bad_answer_does_not_hold_the_others_up_and_is_asked_again(desk: Desk, press: Press) -> None:
    made_up.with_everything(press)
    press.on("/api?series=coal", made_up.said("nonsense"), made_up.prices(("coal", "2026-10", 90)))
    press.on("/api?part=a&series=urea", made_up.fails(404), made_up.prices(("urea a", "2026-10", 400)))
    assert [step for step, _ in told(desk.ask())] == ["failed", "split", "failed", "landed", "not_yet"]
    assert ANSWERED not in desk.steps()
    press.asked.clear()
    assert [step for step, _ in told(desk.ask(now=NOW + timedelta(hours=1)))] == [
        "landed", "held", "landed", "held", "held",
    ]  # fmt: skip
    assert press.asked == ["/api?series=coal", "/api?part=a&series=urea"]
    assert desk.steps()[-1] == ANSWERED
    assert desk.journal()[-1].asked["not_yet"] == 1, "what is held and not out counts"


def test_bytes_that_cannot_be_read_stay_on_record_and_are_fetched_anew(desk: Desk, press: Press) -> None:
    press.on("/bulletin.json", (200, b"<html>Please sign in</html>", {"etag": '"page"'}))
    (outcome,) = desk.ask("bulletin")
    assert (outcome.step, outcome.fatal) == (Step.FAILED, False)
    assert isinstance(outcome.error, BadInputError)
    received, failed = desk.journal("bulletin")
    assert (received.status, failed.status, failed.raws) == (RECEIVED, FAILED, received.raws)
    made_up.with_everything(press)
    assert told(desk.ask("bulletin")) == [("landed", "")]
    assert press.conditions == ["", ""], "no one holds what failed"


def test_five_failures_in_a_row_are_the_sources_fault(desk: Desk, press: Press) -> None:
    names = [f"s{number}" for number in range(9)]
    for name in names:
        press.on(f"/api?series={name}", made_up.said("nonsense"))
    press.on("/api?series=s2", made_up.prices(("s2", "2026-10", 1)))
    found = desk.ask("exchange", *names)
    assert [one.step.value for one in found] == ["failed", "failed", "landed", *["failed"] * 5]
    assert [one.fatal for one in found] == [False] * 7 + [True]


def test_a_fault_of_ours_is_journaled_and_handed_on(desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.with_everything(press)

    def stumble(*_: object) -> None:
        message = "out of range"
        raise IndexError(message)

    monkeypatch.setattr("bongsu.sources.run.read", stumble)
    (outcome,) = desk.ask("bulletin")
    assert isinstance(outcome.fault, IndexError)
    assert (outcome.fatal, outcome.error and outcome.error.to(Language.EN)) == (
        True,
        "our own fault (IndexError: out of range).",
    )
    assert desk.journal("bulletin")[-1].said[0]["ko"] == "내부 오류로 읽지 못했습니다(IndexError: out of range)."


def test_a_lake_that_another_writes_to_ends_the_round_and_loses_nothing(
    desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up.with_everything(press)
    monkeypatch.setattr(run_module, "PATIENCE", 0.05)
    other = Lake(desk.lake.folder, threads=1)
    with other.writing():
        (outcome,) = desk.ask("bulletin")
    other.close()
    assert (type(outcome.error), outcome.fatal) == (LakeBusyError, True)
    assert told(desk.ask("bulletin")) == [("landed", "")]


def test_a_plan_that_fails_ends_the_round(desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: PlanRequest) -> Iterator[Ask]:
        raise BadInputError(made_up.NOT_OUT, where=request.source.id)

    monkeypatch.setitem(vars(sys.modules["bongsu.sources.exchange.fetch"]), "plan", refuse)
    (outcome,) = desk.ask()
    assert (outcome.step, outcome.fatal, press.asked, desk.steps()) == (Step.FAILED, True, [], [FAILED])


def test_pages_in_a_ring_are_asked_once(desk: Desk, press: Press) -> None:
    press.on("/api?series=coal", made_up.prices(("coal", "2026-10", 90), next=2))
    press.on("/api?page=2&series=coal", made_up.prices(("coal", "2026-09", 89), next=2))
    assert [step for step, _ in told(desk.ask("exchange", "coal"))] == ["landed", "landed"]
    assert len(press.asked) == 2


def test_pages_without_an_end_are_stopped(desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "MOST_QUESTIONS", 3)
    press.on("/api?series=coal", made_up.prices(next=1))
    for page in range(1, 9):
        press.on(f"/api?page={page}&series=coal", made_up.prices(next=page + 1))
    found = desk.ask("exchange", "coal")
    assert [one.step.value for one in found] == ["unchanged"] * 3 + ["failed"]
    assert (found[-1].fatal, len(press.asked)) == (True, 3)
    assert found[-1].error is not None
    assert "more than 3 questions" in found[-1].error.to(Language.EN)


def test_a_split_into_nothing_is_a_fault_and_loses_no_answer(desk: Desk, press: Press) -> None:
    press.on("/api?series=coal", made_up.said("cut", parts=[]))
    (outcome,) = desk.ask("exchange", "coal")
    assert isinstance(outcome.fault, ValueError)
    assert desk.steps() == [FAILED]


# ---- the key


def everything_written(folder: Path) -> str:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode("latin-1")


@pytest.mark.parametrize(
    "echoed",
    [KEY, "sEcReT%2B%2Fkey%3D0123456789", r"sEcReT+\/key=0123456789", "SECRET%2b/key%3D0123456789"],
)
def test_a_key_that_a_service_repeats_is_kept_nowhere(desk: Desk, press: Press, echoed: str) -> None:
    body = f'{{"prices": [["coal", "2026-10", 90]], "you asked": "key={echoed}"}}'.encode()
    press.on("/api?series=coal", (200, body, {"etag": f'"{echoed}"', "content-type": f"text/{echoed}"}))
    press.on("/api?series=urea", (200, f'{{"said": "nonsense", "key": "{echoed}"}}'.encode(), {}))
    found = desk.ask("exchange", "coal", "urea")
    assert [one.step.value for one in found] == ["landed", "failed"]
    written = everything_written(desk.lake.folder) + repr(found) + repr(desk.journal())
    assert KEY[-10:] not in written, "no form of it changes its digits"
    assert desk.prices() == {"coal 2026-10": 90}


def test_a_key_in_the_words_of_a_failure_is_blotted_out(
    desk: Desk, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.on("/api?series=coal", made_up.prices())

    def blab(_: Ask, __: bytes, where: str) -> None:
        raise BadInputError(made_up.Text(f"{KEY}은 틀렸습니다.", f"{KEY} is wrong."), where=f"{where}&{KEY}",
                            mend=made_up.Text(KEY, KEY))  # fmt: skip

    monkeypatch.setitem(vars(sys.modules["bongsu.sources.exchange.fetch"]), "judge", blab)
    (outcome,) = desk.ask("exchange", "coal")
    assert type(outcome.error) is BadInputError
    assert outcome.error.to(Language.EN) == f"{press.url('/api?series=coal&key=***')}&***: *** is wrong. ***"
    assert KEY[-10:] not in everything_written(desk.lake.folder) + repr(outcome.error) + str(outcome.error.args)


def test_without_its_key_a_question_fails_and_says_so(desk: Desk, press: Press) -> None:
    (outcome,) = desk.ask(key="")
    assert (outcome.step, outcome.fatal, press.asked) == (Step.FAILED, True, [])
    assert outcome.error is not None
    assert outcome.error.to(Language.EN).startswith("key: the key is missing or too short.")


# ---- names


def test_a_question_has_one_name_however_it_is_spelled() -> None:
    plain = Ask("https://x.example/a?b=2", {"a": "1", "c": "가"})
    assert plain.id == "https://x.example/a?a=1&b=2&c=%EA%B0%80"
    assert Ask("https://x.example/a", {"c": "가", "b": "2", "a": "1"}).id == plain.id
    assert Ask("https://x.example/a?key=k&a=1", {}, "key").id == "https://x.example/a?a=1"
    assert id_of("https://x.example/a?b=2&a=1&key=***") == "https://x.example/a?a=1&b=2"
    assert id_of("https://x.example/a?b=") == "https://x.example/a?b="


def test_a_source_without_a_way_says_so() -> None:
    with pytest.raises(BadInputError) as refused:
        fetcher(source("notices_table"))
    assert refused.value.to(Language.EN) == (
        "notices_table: no machine fetches this source. "
        "Get the file and give it with bongsu fetch notices_table --from FILE."
    )
    assert isinstance(fetcher(replace(source("notices_table"), settings={"address": "https://x.example/"})), OneFile)
