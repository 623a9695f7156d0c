"""Which sources are due, at any moment, from cadence, lag and journal; laws that hold for every journal, then cases."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import Language
from bongsu.records.journal import (
    ANSWERED,
    FAILED,
    LANDED,
    NOT_YET,
    PAUSED,
    RECEIVED,
    SPLIT,
    UNCHANGED,
    Entry,
)
from bongsu.records.known import Lag
from bongsu.sources.cadence import newest_out, next_out, overdue_from
from bongsu.sources.due import AGAIN, AGAIN_DAILY, IRREGULAR, Health, State, due
from bongsu.sources.source import Source, source

KR = source("kr_customs")
BARE: Mapping[str, Any] = {}
MONTHLY = replace(KR, id="m", lag=Lag(day_of_next_month=15), settings=BARE)  # Seoul: out on the 15th, 18:00 there
BY_HAND = replace(MONTHLY, id="hand", fetches=False)
ONE_FILE = replace(MONTHLY, id="file", settings={"address": "https://x.example/a.csv"})
LAGS = [
    ("daily", Lag(days=0)), ("daily", Lag(days=40)), ("daily", Lag(weekday=1, after=2)),
    ("weekly", Lag(weekday=1, after=2)), ("weekly", Lag(days=3)),
    ("monthly", Lag(day_of_next_month=15)), ("monthly", Lag(working_day_of_next_month=2)), ("monthly", Lag(days=100)),
    ("quarterly", Lag(days=60)), ("yearly", Lag(days=31)), ("yearly", Lag(days=500)), ("irregular", Lag(days=0)),
]  # fmt: skip
SOURCES = [
    replace(KR, id="s", cadence=cadence, lag=lag, zone=zone, settings=BARE)
    for cadence, lag in LAGS
    for zone in ("Asia/Seoul", "America/New_York")
]
START = datetime(2024, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

any_source = st.sampled_from(SOURCES)
any_moment = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
QUESTION = "https://x.example/?a="


def entry(status: str, at: datetime, seq: int = 1, of: str = "s", **more: Any) -> Entry:  # noqa: ANN401 - fields
    return Entry(seq, "r", status, of, more.pop("published", None), more.pop("basis", None), at, **more)


@st.composite
def journals(draw: st.DrawFn) -> list[Entry]:
    """Whatever may have befallen one source, by hand and by machine, in the order of time."""
    moments = sorted(draw(st.lists(any_moment, max_size=8)))
    found = []
    for seq, at in enumerate(moments, 1):
        status = draw(st.sampled_from([LANDED, UNCHANGED, FAILED, NOT_YET, SPLIT, PAUSED, RECEIVED, ANSWERED]))
        asked: dict[str, Any] = {"id": QUESTION + draw(st.sampled_from("12"))}
        if status == ANSWERED:
            asked = {"wants": "w", "not_yet": draw(st.integers(0, 1))}
        elif status in {LANDED, UNCHANGED, FAILED} and draw(st.booleans()):
            asked = {}  # given by hand
        old = draw(st.one_of(st.none(), st.integers(0, 400))) if status == LANDED else None
        published = at - timedelta(days=old) if old is not None else None
        found.append(entry(status, at, seq, asked=asked, published=published, basis="stated" if published else None))
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Entry], datetime]:
    """A journal, and a moment after it: soon after its end more often than not."""
    journal = draw(journals())
    last = max((entry.read_at for entry in journal), default=START)
    days = draw(st.sampled_from([0, 0, 1, 20, 500]))
    now = last + timedelta(days=draw(st.integers(0, days)), minutes=draw(st.integers(0, 24 * 60)))
    if draw(st.booleans()):
        journal.append(entry(ANSWERED, last, 90, asked={"wants": "w", "not_yet": draw(st.integers(0, 1))}))
    return journal, now


def one(of: Source, journal: Sequence[Entry], now: datetime, **more: Any) -> Health:  # noqa: ANN401 - of `due`
    (health,) = due([of], journal, now, **more)
    return health


# ---- laws


@given(of=any_source, now=any_moment)
def test_the_newest_period_is_out_and_the_next_is_not(of: Source, now: datetime) -> None:
    newest, following = newest_out(of, now), next_out(of, now)
    if of.cadence == "irregular":
        assert (newest, following, overdue_from(of, now)) == (None, None, None)
        return
    assert newest is not None
    assert following is not None
    assert newest.out <= now < following.out
    assert newest_out(of, following.out) is not None
    assert next_out(of, following.out - MINUTE) == following
    late = overdue_from(of, now)
    assert late is not None
    assert late > following.out


@given(of=any_source, history=histories(), later=st.timedeltas(timedelta(0), timedelta(days=900)))
def test_what_is_due_stays_due_until_it_is_asked(
    of: Source, history: tuple[list[Entry], datetime], later: timedelta
) -> None:
    journal, now = history
    before, after = one(of, journal, now), one(of, journal, now + later)
    assert before.due <= after.due
    assert before.late <= after.late
    assert not (after.late and after.silent), "what was not read in time is late; nobody knows whether it is silent"


@given(of=any_source, journal=journals(), now=any_moment)
def test_a_source_is_due_exactly_from_the_moment_that_it_tells(of: Source, journal: list[Entry], now: datetime) -> None:
    journal = [entry for entry in journal if entry.read_at <= now]  # a clock set back is no case for a forecast
    told = one(of, journal, now)
    assert told.due == (told.next_due is None)
    if told.next_due is not None:
        assert told.next_due > now
        assert one(of, journal, told.next_due).due
        assert not one(of, journal, told.next_due - timedelta(microseconds=1)).due


@given(of=any_source, journal=journals(), now=any_moment, not_yet=st.integers(0, 2))
def test_right_after_a_round_nothing_is_due(of: Source, journal: list[Entry], now: datetime, not_yet: int) -> None:
    done = entry(ANSWERED, now, 99, asked={"wants": "w", "not_yet": not_yet})
    told = one(of, [*journal, done], now)
    assert (told.due, told.late, told.last_read) == (False, False, max([now, *_reads(journal)]))


def _reads(journal: Sequence[Entry]) -> list[datetime]:
    return [entry.read_at for entry in journal if entry.status == ANSWERED]


@given(of=any_source, history=histories(), asked=st.sampled_from([{}, {"id": QUESTION + "1"}]))
def test_a_failure_never_makes_a_source_less_due(
    of: Source, history: tuple[list[Entry], datetime], asked: dict[str, str]
) -> None:
    journal, now = history
    before = one(of, journal, now)
    after = one(of, [*journal, entry(FAILED, now, 99, asked=asked)], now)
    assert after.state is State.FAILED
    assert after.due == (before.due or bool(asked)), "a file given by hand that failed is no question to ask"
    assert (after.late, after.last_read, after.last_failed) == (before.late, before.last_read, now)


@given(of=any_source, other=any_source, journal=journals(), now=any_moment)
def test_sources_do_not_touch_each_other(of: Source, other: Source, journal: list[Entry], now: datetime) -> None:
    renamed = replace(other, id="other")
    mixed = [*(replace(one, source="other") for one in journal), *journal, entry("compacted", now, 99, of="")]
    assert due([of, renamed], mixed, now) == [one(of, journal, now), one(renamed, mixed, now)]


@given(of=any_source, journal=journals(), now=any_moment)
def test_what_no_machine_can_ask_is_never_due(of: Source, journal: list[Entry], now: datetime) -> None:
    hand = one(replace(of, fetches=False), journal, now)
    keyless = one(replace(of, settings={"needs_key": "https://x.example/key"}), journal, now)
    assert (hand.due, hand.next_due, keyless.due, keyless.next_due) == (False, None, False, None)
    assert hand.state in {State.BY_HAND, State.FAILED, State.LATE}
    assert keyless.state is State.NEEDS_KEY


@given(of=any_source, journal=journals(), now=any_moment)
def test_every_state_has_its_sentence_in_both_languages(of: Source, journal: list[Entry], now: datetime) -> None:
    said = one(of, journal, now).why
    assert "{" not in said.ko + said.en
    assert any("가" <= letter <= "힣" for letter in said.to(Language.KO))
    assert not any("가" <= letter <= "힣" for letter in said.to(Language.EN))


# ---- cases

OCTOBER_OUT = datetime(2026, 11, 15, 9, tzinfo=UTC)  # 18:00 in Seoul
NOVEMBER_OUT = datetime(2026, 12, 15, 9, tzinfo=UTC)


def landed_round(at: datetime, **more: Any) -> list[Entry]:  # noqa: ANN401 - of ANSWERED
    return [
        entry(LANDED, at, 1, "m", asked={"id": QUESTION}),
        entry(ANSWERED, at, 2, "m", asked={"wants": "w", "not_yet": 0, **more}),
    ]


@pytest.mark.parametrize(
    ("cadence", "lag", "now", "period", "out"),
    [
        ("daily", Lag(days=1), "2026-11-22T12:00", "2026-11-21", "2026-11-22T09:00"),
        ("daily", Lag(days=1), "2026-11-22T08:59", "2026-11-20", "2026-11-21T09:00"),
        ("weekly", Lag(weekday=1, after=2), "2026-11-24T09:00", "2026-11-16", "2026-11-24T09:00"),
        ("weekly", Lag(weekday=1, after=2), "2026-11-24T08:59", "2026-11-09", "2026-11-17T09:00"),
        ("monthly", Lag(day_of_next_month=15), "2026-11-15T09:00", "2026-10", "2026-11-15T09:00"),
        ("monthly", Lag(day_of_next_month=15), "2026-11-15T08:59", "2026-09", "2026-10-15T09:00"),
        ("quarterly", Lag(days=60), "2026-11-29T09:00", "2026-Q3", "2026-11-29T09:00"),
        ("yearly", Lag(days=31), "2026-11-22T00:00", "2025", "2026-01-31T09:00"),
        ("yearly", Lag(days=500), "2026-11-22T00:00", "2024", "2026-05-15T09:00"),
    ],
)
def test_the_period_that_should_be_out(cadence: str, lag: Lag, now: str, period: str, out: str) -> None:
    newest = newest_out(replace(MONTHLY, cadence=cadence, lag=lag), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert newest is not None
    assert (str(newest), newest.out) == (period, datetime.fromisoformat(out).replace(tzinfo=UTC))


def test_never_fetched_is_due_at_once() -> None:
    told = one(MONTHLY, [], OCTOBER_OUT)
    assert (told.state, told.due, told.since, told.last_read) == (State.NEVER, True, None, None)
    assert told.why.en == "It was never fetched."


@pytest.mark.parametrize(
    ("now", "state", "since", "next_due"),
    [
        (OCTOBER_OUT - MINUTE, State.NOT_DUE, None, OCTOBER_OUT),
        (OCTOBER_OUT, State.DUE, OCTOBER_OUT, None),
        (NOVEMBER_OUT - MINUTE, State.DUE, OCTOBER_OUT, None),
        (NOVEMBER_OUT, State.LATE, OCTOBER_OUT, None),
    ],
)
def test_a_monthly_source_is_due_when_the_month_comes_out_and_late_a_month_after(
    now: datetime, state: State, since: datetime | None, next_due: datetime | None
) -> None:
    told = one(MONTHLY, landed_round(datetime(2026, 10, 20, tzinfo=UTC)), now)
    assert (told.state, told.since, told.next_due, told.late) == (state, since, next_due, state is State.LATE)
    if told.due:
        assert told.why.en.startswith(
            "Last read on 2026-10-20. Figures for 2026-10 should be out since 2026-11-15."
            if state is State.DUE
            else "Last read on 2026-10-20, a whole period behind its cadence and lag."
        )


def test_a_round_that_brought_nothing_of_the_period_is_repeated_the_next_day() -> None:
    asked_at = OCTOBER_OUT + MINUTE
    journal = [
        *landed_round(OCTOBER_OUT - timedelta(days=9)),
        entry(UNCHANGED, asked_at, 3, "m", asked={"id": QUESTION}),
        entry(ANSWERED, asked_at, 4, "m", asked={"wants": "w", "not_yet": 0}),
    ]
    told = one(MONTHLY, journal, asked_at)
    assert (told.state, told.next_due) == (State.NOT_DUE, asked_at + AGAIN)
    assert one(MONTHLY, journal, asked_at + AGAIN).state is State.DUE
    daily = replace(MONTHLY, cadence="daily", lag=Lag(days=1))
    assert one(daily, journal, asked_at).next_due == asked_at + AGAIN_DAILY


def test_not_yet_published_is_told_as_such_and_asked_again_the_next_day() -> None:
    journal = landed_round(OCTOBER_OUT + MINUTE, not_yet=3)
    told = one(MONTHLY, journal, OCTOBER_OUT + 2 * MINUTE, zone="UTC")
    assert (told.state, told.next_due) == (State.NOT_YET, OCTOBER_OUT + MINUTE + AGAIN)
    assert told.why.en == ("Asked on 2026-11-15: 3 of the answers were not out yet. To be asked again on 2026-11-16.")
    assert "3건이 아직 공표되지 않았습니다" in told.why.ko
    assert one(MONTHLY, journal, OCTOBER_OUT + MINUTE + AGAIN).state is State.DUE
    just_before = landed_round(NOVEMBER_OUT - MINUTE, not_yet=3)
    assert one(MONTHLY, just_before, NOVEMBER_OUT - MINUTE).next_due == NOVEMBER_OUT


def test_days_are_told_in_the_zone_asked_for() -> None:
    read = datetime(2026, 11, 20, 20, tzinfo=UTC)  # the 21st in Seoul
    assert "2026-11-21" in one(MONTHLY, landed_round(read), read).why.en
    assert "2026-11-20" in one(MONTHLY, landed_round(read), read, zone="UTC").why.en


def test_a_source_that_answers_but_brings_nothing_is_silent() -> None:
    first = datetime(2026, 7, 20, tzinfo=UTC)
    asked_at = OCTOBER_OUT + MINUTE
    journal = [*landed_round(first), entry(ANSWERED, asked_at, 3, "m", asked={"wants": "w", "not_yet": 0})]
    told = one(MONTHLY, journal, asked_at)
    assert (told.state, told.silent, told.late) == (State.SILENT, True, False)
    assert (told.last_new, told.last_read) == (first, asked_at)
    assert "nothing new has come since 2026-07-20" in told.why.en
    nothing_ever = [entry(ANSWERED, at, seq, "m", asked={"not_yet": 0}) for seq, at in enumerate((first, asked_at), 1)]
    assert (one(MONTHLY, nothing_ever, asked_at).silent, one(MONTHLY, nothing_ever[1:], asked_at).silent) == (
        True,
        False,
    )
    assert not one(MONTHLY, [*journal, entry(LANDED, asked_at, 4, "m", asked={"id": "x"})], asked_at).silent


def test_a_source_without_a_cadence_is_looked_at_every_week_and_is_never_late() -> None:
    feed = replace(MONTHLY, cadence="irregular")
    read = datetime(2026, 1, 1, tzinfo=UTC)
    assert one(feed, landed_round(read), read + IRREGULAR - MINUTE).state is State.NOT_DUE
    told = one(feed, landed_round(read), read + timedelta(days=300))
    assert (told.state, told.late, told.silent, told.expected) == (State.DUE, False, False, None)


def test_a_failure_is_told_until_all_is_read() -> None:
    said = {"ko": "끊겼습니다.", "en": "It broke off."}
    at = OCTOBER_OUT + MINUTE
    failed = entry(FAILED, at, 3, "m", asked={"id": QUESTION}, said=[said])
    told = one(MONTHLY, [*landed_round(OCTOBER_OUT - MINUTE), failed], at)
    assert (told.state, told.due, told.why.en) == (
        State.FAILED,
        True,
        "The attempt of 2026-11-15 failed. It broke off.",
    )
    assert told.why.ko == "2026-11-15 시도가 실패했습니다. 끊겼습니다."
    mended = [*landed_round(OCTOBER_OUT - MINUTE), failed, entry(LANDED, at, 4, "m", asked={"id": QUESTION})]
    assert one(MONTHLY, mended, at).state is State.DUE, "the question is answered, the round not at its end"
    whole = [*mended, entry(ANSWERED, at, 5, "m", asked={"wants": "w", "not_yet": 0})]
    assert (one(MONTHLY, whole, at).state, one(MONTHLY, whole, at).last_failed) == (State.NOT_DUE, at)


def test_a_pause_is_told_with_the_sources_word_and_the_next_run_goes_on() -> None:
    said = {"ko": "한도를 다 썼습니다.", "en": "The quota is spent."}
    told = one(MONTHLY, [entry(PAUSED, OCTOBER_OUT, 1, "m", said=[said])], OCTOBER_OUT)
    assert (told.state, told.due) == (State.PAUSED, True)
    assert told.why.en == "Stopped half-way; the next run goes on. The quota is spent."
    assert one(MONTHLY, [*landed_round(OCTOBER_OUT), entry(PAUSED, OCTOBER_OUT, 3, "m")], OCTOBER_OUT).due
    going_on = [entry(PAUSED, OCTOBER_OUT, 1, "m"), entry(LANDED, OCTOBER_OUT, 2, "m", asked={"id": QUESTION})]
    told = one(MONTHLY, going_on, OCTOBER_OUT)
    assert (told.state, told.why.en) == (State.DUE, "It was begun and not finished.")


def test_without_its_key_a_source_says_where_to_get_one_and_where_to_put_it() -> None:
    needy = replace(MONTHLY, id="un_x", settings={"needs_key": "https://x.example/keys"})
    told = one(needy, [], OCTOBER_OUT)
    assert (told.state, told.due) == (State.NEEDS_KEY, False)
    assert told.why.en == (
        "It needs a key: get one at https://x.example/keys and put it into BONGSU_KEY_UN_X or the key file."
    )
    assert one(needy, [], OCTOBER_OUT, keyed=["un_x"]).state is State.NEVER
    assert "BONGSU_KR_KEY" in one(KR, [], OCTOBER_OUT).why.en


def test_a_source_fetched_by_hand_says_so_and_is_late_like_any_other() -> None:
    told = one(BY_HAND, [], OCTOBER_OUT)
    assert (told.state, told.due, told.expected is not None) == (State.BY_HAND, False, True)
    assert told.why.en == ("No machine fetches it: get the file and give it with bongsu fetch hand --from FILE.")
    given_ = [entry(LANDED, datetime(2026, 10, 20, tzinfo=UTC), 1, "hand")]
    assert one(BY_HAND, given_, OCTOBER_OUT).state is State.BY_HAND
    assert one(BY_HAND, given_, NOVEMBER_OUT).state is State.LATE
    failed = [*given_, entry(FAILED, OCTOBER_OUT, 2, "hand")]
    assert one(BY_HAND, failed, OCTOBER_OUT).state is State.FAILED


def test_an_old_edition_given_today_does_not_make_a_source_current() -> None:
    old = datetime(2023, 3, 2, tzinfo=UTC)
    journal = [entry(LANDED, OCTOBER_OUT, 1, "file", published=old, basis="stated")]
    told = one(ONE_FILE, journal, OCTOBER_OUT)
    assert (told.state, told.due, told.last_read) == (State.LATE, True, old)
    fresh = [entry(LANDED, OCTOBER_OUT, 1, "file", published=OCTOBER_OUT, basis="stated")]
    assert one(ONE_FILE, fresh, OCTOBER_OUT).state is State.NOT_DUE
    again = [*journal, entry(UNCHANGED, OCTOBER_OUT, 2, "file", published=OCTOBER_OUT, basis="stated")]
    told = one(ONE_FILE, again, OCTOBER_OUT)
    assert (told.last_new, told.next_due) == (OCTOBER_OUT, NOVEMBER_OUT), "an edition that says the same is an edition"


def test_a_file_given_by_hand_is_not_all_that_a_source_of_many_questions_has() -> None:
    journal = [entry(LANDED, OCTOBER_OUT, 1, "m")]
    assert (one(MONTHLY, journal, OCTOBER_OUT).state, one(MONTHLY, journal, OCTOBER_OUT).due) == (State.DUE, True)


def test_a_user_who_wants_something_else_makes_a_source_due() -> None:
    journal = landed_round(OCTOBER_OUT)
    assert one(MONTHLY, journal, OCTOBER_OUT, wanted={"m": "w"}).state is State.NOT_DUE
    told = one(MONTHLY, journal, OCTOBER_OUT, wanted={"m": "other"})
    assert (told.state, told.why.en) == (State.DUE, "What is to be asked for has changed.")


def test_a_day_of_the_publisher_decides() -> None:
    """In Seoul it is the 15th at 18:00 before it is in New York."""
    new_york = replace(MONTHLY, zone="America/New_York")
    assert newest_out(MONTHLY, OCTOBER_OUT) != newest_out(new_york, OCTOBER_OUT)
    later = newest_out(new_york, OCTOBER_OUT + timedelta(hours=14))
    assert later is not None
    assert (later.first, later.out) == (date(2026, 10, 1), OCTOBER_OUT + timedelta(hours=14))
