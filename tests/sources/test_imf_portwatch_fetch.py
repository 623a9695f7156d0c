"""What is asked of PortWatch's service, and what its answers mean."""

import json
from datetime import UTC, date, datetime

import pytest

from bongsu.language import BadInputError, Language, SourceUnavailableError
from bongsu.sources.asking import Ask, NotYet, Paused, PlanRequest, Split, Whole
from bongsu.sources.imf_portwatch.fetch import judge, plan
from bongsu.sources.source import HERE, source

PORTWATCH = source("imf_portwatch")
TUESDAY = datetime(2026, 11, 3, 23, tzinfo=UTC)  # 18:00 in Washington: the week up to 1 November is out
SAMPLES = HERE / "imf_portwatch" / "samples"


def asks(now: datetime = TUESDAY, first: date | None = None) -> list[Ask]:
    return list(plan(PlanRequest(PORTWATCH, now, first)))


def test_a_month_at_a_time_newest_first_up_to_the_week_that_is_out() -> None:
    found = asks(first=date(2026, 6, 15))
    assert [(ask.params["where"], ask.once) for ask in found] == [
        ("year=2026 AND month=11 AND day>=1 AND day<=30", False),
        ("year=2026 AND month=10 AND day>=1 AND day<=31", False),
        ("year=2026 AND month=9 AND day>=1 AND day<=30", False),
        ("year=2026 AND month=8 AND day>=1 AND day<=31", False),
        ("year=2026 AND month=7 AND day>=1 AND day<=31", True),
        ("year=2026 AND month=6 AND day>=1 AND day<=30", True),
    ]
    assert found[0].params["f"] == "json"
    before = asks(datetime(2026, 11, 3, 22, 59, tzinfo=UTC))
    assert before[0].params["where"] == "year=2026 AND month=10 AND day>=1 AND day<=31"
    assert len(before) == 7 * 12 + 10, "from January 2019"


def answered(**body: object) -> bytes:
    return json.dumps(body).encode()


def test_what_an_answer_means() -> None:
    ask = asks()[0]
    page = json.loads((SAMPLES / "page-2.json").read_text(encoding="utf-8"))
    assert judge(ask, answered(**page), "here") == Whole()
    empty = judge(ask, answered(features=[]), "here")
    assert isinstance(empty, NotYet)
    assert empty.why.en == "there is nothing yet for the days asked (2026-11-01 – 2026-11-30)."
    busy = judge(ask, answered(error={"code": 429, "message": "Too many requests"}), "here")
    assert isinstance(busy, Paused)


@pytest.mark.parametrize("flag", [{"exceededTransferLimit": True}, {"properties": {"exceededTransferLimit": True}}])
def test_an_answer_cut_at_the_cap_is_asked_for_in_halves_of_days(flag: dict[str, object]) -> None:
    cut = answered(features=[{"attributes": {}}], **flag)
    waiting, days = [asks()[0]], 0
    while waiting:
        ask = waiting.pop()
        if ask.params["where"].endswith("AND day>=1 AND day<=1"):
            break
        verdict = judge(ask, cut, "here")
        assert isinstance(verdict, Split)
        assert verdict.lasting
        waiting += verdict.into[::-1]
        days += 1
    assert days == 5, "30, 15, 7, 4, 2 days and one"
    with pytest.raises(BadInputError, match="the answer for a single day was cut"):
        judge(ask, cut, "here")


def test_halves_hold_every_day_once() -> None:
    cut = answered(features=[], exceededTransferLimit=True)
    verdict = judge(asks()[1], cut, "here")
    assert isinstance(verdict, Split)
    assert [ask.params["where"] for ask in verdict.into] == [
        "year=2026 AND month=10 AND day>=1 AND day<=16",
        "year=2026 AND month=10 AND day>=17 AND day<=31",
    ]


def test_an_error_dressed_as_an_answer_is_the_sources() -> None:
    with pytest.raises(SourceUnavailableError) as refused:
        judge(asks()[0], answered(error={"code": 400, "message": "Invalid field: year"}), "here")
    assert refused.value.to(Language.EN) == (
        "here: the service answered with an error (400 Invalid field: year). Run it again later."
    )
