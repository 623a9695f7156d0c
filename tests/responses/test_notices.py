"""A mission's box for notices: answered as `bongsu read` answers, and one tap from a report."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from bongsu.people.errors import DeniedError, InvalidError, NotThereError
from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role
from bongsu.responses import actions, queries
from bongsu.responses.models import PastedNotice, Report

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
THEN = datetime(2021, 10, 13, 3, tzinfo=UTC)
NOTICE = (
    "海关总署公告2021年第81号\n关于调整必须实施检验的进出口商品目录的公告\n"
    "对尿素（海关商品编号 3102100010）实施出口商品检验，自2021年10月15日起实施。\n"
)
ANSWER: dict[str, Any] = {
    "answer": {"ko": "걸리는 품목이 없다.", "en": "Nothing is touched."},
    "country": None,
    "items": [],
    "notice": {
        "title": "",
        "issuer": None,
        "number": None,
        "instrument": None,
        "direction": None,
        "dates": {"announced": None, "effective": None, "until": None},
        "hs_codes": [],
    },
}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, Any]], None]:
    """Answers every notice with one document, without a lake."""
    return lambda told: monkeypatch.setattr(
        "bongsu.responses.actions.notices.answered", lambda _text, _country, _moment: {**ANSWER, **told}
    )


def test_it_is_answered_as_the_command_line_answers(
    officer: User, acting: Make, on_sample: Callable[..., Any], sample_lake: Path, settings: Settings
) -> None:
    settings.LAKE = sample_lake
    told = actions.paste(by=acting(officer, at=THEN), text=NOTICE).answer
    printed = on_sample("read", "-", "--json", "--as-of", THEN.isoformat(), stdin=NOTICE.encode()).json
    printed["notice"]["name"] = told["notice"]["name"]
    assert told == printed
    assert [one["item"] for one in told["items"]] == ["urea"]


def test_one_tap_makes_a_draft_and_the_next_gives_the_same(
    officer: User, elsewhere: User, acting: Make, sample_lake: Path, settings: Settings
) -> None:
    settings.LAKE = sample_lake
    notice = actions.paste(by=acting(officer, at=THEN), text=NOTICE)
    report = actions.report_from_notice(by=acting(officer, at=THEN), notice=notice.pk)
    assert (report.state, report.items, report.place, report.origin) == ("draft", ["urea"], "CHN", "official")
    assert report.title == "海关总署公告2021年第81号"
    assert {key: report.measure[key] for key in ("instrument", "direction", "effective", "hs_codes")} == {
        "instrument": "inspection",
        "direction": "export",
        "effective": "2021-10-15",
        "hs_codes": ["3102100010"],
    }
    assert actions.report_from_notice(by=acting(officer, at=THEN), notice=notice.pk).pk == report.pk
    assert (Report.objects.count(), queries.notice(officer.reader, notice.pk).report) == (1, report.pk)
    with pytest.raises(NotThereError):
        actions.report_from_notice(by=acting(elsewhere), notice=notice.pk)
    later = acting(officer, at=THEN + timedelta(hours=1))
    actions.save_draft(by=later, report=report.pk, seen=report.version, observed_on="2021-10-11", body="읽었다.")
    assert actions.submit(by=later, report=report.pk).state == "submitted"


def test_a_past_moment_knows_nothing_of_the_draft_that_came_of_it(
    officer: User, acting: Make, answering: Callable[..., None]
) -> None:
    answering({})
    notice = actions.paste(by=acting(officer, at=THEN), text="x")
    later = THEN + timedelta(hours=1)
    report = actions.report_from_notice(by=acting(officer, at=later), notice=notice.pk)
    seen = [queries.notices(officer.reader, as_of=at) for at in (THEN, later, None)]
    assert [[one.report for one in found] for found in seen] == [[None], [report.pk], [report.pk]]


def test_what_a_hostile_notice_says_of_itself_is_filled_in_without_what_cannot_be_seen(
    officer: User, acting: Make, answering: Callable[[Mapping[str, Any]], None]
) -> None:
    title = "=cmd\u202e<script>alert(1)</script>\u200b\n" + "긴" * 300
    issuer = {**ANSWER["notice"], "title": title, "issuer": "\u2066관청\u2069", "hs_codes": ["3102.10", "310210"]}
    answering({"notice": issuer})
    notice = actions.paste(by=acting(officer), text="x")
    report = actions.report_from_notice(by=acting(officer), notice=notice.pk)
    assert (report.title[:29], len(report.title)) == ("=cmd<script>alert(1)</script>", 200)
    assert (report.source_name, report.measure) == ("관청", {"issuer": "관청", "hs_codes": ["310210"]})
    assert "\u202e" not in report.title + json.dumps(report.measure, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\0", "a\ud800", "a" * ((2 << 20) + 1), "한" * (1 << 20), "글 " * 150_000, "<p></p>"],
    ids=["empty", "blank", "nul", "broken", "large", "large in bytes", "long", "no text"],
)
def test_what_is_no_notice_is_refused(officer: User, acting: Make, text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        actions.paste(by=acting(officer), text=text)
    assert (refused.value.where, PastedNotice.objects.count(), AuditLine.objects.count()) == ("text", 0, 0)


def test_a_country_that_there_is_not_is_refused(officer: User, acting: Make) -> None:
    with pytest.raises(InvalidError) as refused:
        actions.paste(by=acting(officer), text="x", country="Atlantis")
    assert refused.value.where == "country"


def test_an_empty_lake_answers_as_well(officer: User, acting: Make) -> None:
    assert actions.paste(by=acting(officer), text="Export of palm oil is prohibited.", country="IDN").answer["items"]


def test_the_box_is_its_mission_s(
    officer: User,
    elsewhere: User,
    centre: User,
    person: Make,
    acting: Make,
    answering: Callable[[Mapping[str, Any]], None],
) -> None:
    answering({})
    notice = actions.paste(by=acting(officer), text="비밀 아님")
    counts = [len(queries.notices(one.reader)) for one in (officer, elsewhere, centre, person(Role.DESK))]
    assert (counts, queries.notices(officer.reader)[0].text) == ([1, 0, 1, 0], "")
    assert queries.notices(officer.reader, as_of=notice.at - timedelta(seconds=1)) == ()
    assert queries.notice(officer.reader, notice.pk).text == "비밀 아님"
    with pytest.raises(NotThereError):
        queries.notice(elsewhere.reader, notice.pk)
    for role in (role for role in Role if role is not Role.MISSION):
        with pytest.raises(DeniedError):
            actions.paste(by=acting(person(role)), text="x")
    with pytest.raises(DeniedError):
        actions.report_from_notice(by=acting(centre), notice=notice.pk)
