"""Every source that a machine fetches keeps the same promises. They are found by `fetches: true`; a new one needs no word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from urllib.parse import urlsplit

import pytest

from bongsu.language import BongsuError, Language
from bongsu.sources.asking import Ask, PlanRequest, Verdict, fetcher, one_file
from bongsu.sources.cadence import FREQUENCIES
from bongsu.sources.source import Source, sources

FETCHED = {one.id: one for one in sources().values() if one.fetches}
each = pytest.mark.parametrize("source", FETCHED.values(), ids=FETCHED)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"


def wants(source: Source) -> Mapping[str, tuple[str, ...]]:
    found = source.settings.get("wants") or {}
    return {name: tuple(map(str, values)) for name, values in found.items()}


def request(source: Source, now: datetime = NOW, first: date | None = None, *, keyed: bool = True) -> PlanRequest:
    return PlanRequest(source, now, first, wants(source), keyed=keyed)


def plan(source: Source, now: datetime = NOW, first: date | None = None) -> list[Ask]:
    return list(fetcher(source).plan(request(source, now, first)))


def test_some_sources_are_fetched() -> None:
    assert {"kr_customs", "imf_portwatch", "worldbank_pinksheet"} <= set(FETCHED)


@each
def test_its_cadence_is_a_word_that_the_clock_knows(source: Source) -> None:
    assert source.cadence in {*FREQUENCIES, "irregular"}
    assert float(source.settings.get("min_interval_seconds", 0)) >= 0


@each
def test_the_same_request_gives_the_same_questions_each_once(source: Source) -> None:
    asks = plan(source)
    assert asks
    assert plan(source) == asks
    assert len({ask.id for ask in asks}) == len(asks)


@each
def test_questions_go_to_the_publisher_in_the_open_and_encrypted(source: Source) -> None:
    asks = [*plan(source), *plan(source, first=date(2024, 3, 1))]
    assert {urlsplit(ask.url).scheme for ask in asks} == {"https"}
    assert len({urlsplit(ask.url).netloc for ask in asks}) == 1
    assert [ask for ask in asks if urlsplit(ask.url).username or urlsplit(ask.url).fragment] == []


@each
def test_a_key_is_named_and_never_part_of_a_question(source: Source) -> None:
    asks = plan(source)
    needed = bool(source.settings.get("needs_key"))
    assert {bool(ask.secret) for ask in asks} == {needed} or not needed
    assert [ask for ask in asks if ask.secret and (ask.secret in ask.params or f"{ask.secret}=" in ask.url)] == []
    if not needed:
        open_ = fetcher(source).plan(request(source, keyed=False))
        assert {ask.secret for ask in islice(open_, 1000)} == {""}


@each
def test_a_question_that_the_journal_kept_is_the_same_question(source: Source) -> None:
    for ask in plan(source):
        kept = ask.as_json()
        assert Ask(kept["url"], kept["params"], kept["secret"], kept["once"]) == ask


@each
def test_what_is_asked_once_is_over(source: Source) -> None:
    """The same question again a month later: else its answer would never grow up."""
    once = {ask.id for ask in plan(source) if ask.once}
    later = {ask.id for ask in plan(source, datetime(2027, 6, 20, tzinfo=UTC), date(2015, 1, 1)) if ask.once}
    assert once <= later


# Whether one file is one is for the reader to say, which has its own test.
ANSWERED = {id_: source for id_, source in FETCHED.items() if "address" not in source.settings}


@pytest.mark.parametrize("source", ANSWERED.values(), ids=ANSWERED)
def test_a_page_in_place_of_an_answer_is_refused_by_name(source: Source) -> None:
    asks, ask = fetcher(source), plan(source)[0]
    with pytest.raises(BongsuError) as refused:
        asks.judge(ask, PAGE, "https://publisher.example/answer")
    told = [refused.value.to(language) for language in Language]
    assert all("https://publisher.example/answer" in one for one in told)
    assert told[0] != told[1]


@each
@pytest.mark.parametrize("answer", [b"", b"\x00\xff", b"{", b"[" * 100_000, b"null", b"[]", b"{}", b"<a/>", b'""'])
def test_whatever_comes_is_judged_or_refused_and_the_same_twice(source: Source, answer: bytes) -> None:
    asks, ask = fetcher(source), plan(source)[0]

    def verdict() -> Verdict | str:
        try:
            return asks.judge(ask, answer, "here")
        except BongsuError as error:
            return error.to(Language.EN)

    assert verdict() == verdict()


def test_one_file_may_be_given_by_hand_as_well() -> None:
    told = {id_: one_file(source) for id_, source in FETCHED.items()}
    assert (told["worldbank_pinksheet"], told["kr_customs"]) == (True, False)
    assert one_file(replace(FETCHED["kr_customs"], fetches=False))
