"""Which sources are due, and how each of them stands: from its cadence, its lag and the journal alone, at any moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bongsu.language import Text
from bongsu.records.journal import Entry
from bongsu.sources.asking import one_file
from bongsu.sources.cadence import Period, newest_out, next_out, overdue_from
from bongsu.sources.past import Past, past
from bongsu.sources.source import Source

IRREGULAR = timedelta(days=7)  # a source without a cadence is looked at so often
# When to ask again after a round that brought nothing of the period awaited. Less than a day (a sixth of one), so that
# a run at the same hour each day does not miss every second one.
AGAIN, AGAIN_DAILY = timedelta(hours=20), timedelta(hours=4)


class State(StrEnum):
    """How a source stands. The first that applies is told; `Health` holds the others as well."""

    BY_HAND = "by_hand"  # no machine fetches it
    NEEDS_KEY = "needs_key"
    FAILED = "failed"  # since all of it was read
    PAUSED = "paused"  # the source answers no more for now
    NEVER = "never"  # fetched
    LATE = "late"  # last read longer ago than cadence and lag allow, by a whole period
    SILENT = "silent"  # read in time, but nothing new has come for as long
    NOT_YET = "not_yet"  # asked in time, but the publisher has not brought it out
    DUE = "due"
    NOT_DUE = "not_due"


# In the order in which a reader should see them: what needs a hand first.
STATES = {
    State.FAILED: Text("실패", "failed"),
    State.PAUSED: Text("멈춤", "paused"),
    State.LATE: Text("늦음", "late"),
    State.SILENT: Text("새 자료 없음", "silent"),
    State.NEVER: Text("받은 적 없음", "never fetched"),
    State.NEEDS_KEY: Text("인증키 필요", "needs a key"),
    State.DUE: Text("받을 차례", "due"),
    State.NOT_YET: Text("공표 전", "not yet published"),
    State.NOT_DUE: Text("차례 아님", "not due"),
    State.BY_HAND: Text("직접 넣음", "by hand"),
}


@dataclass(frozen=True)
class Health:
    """How one source stands at a moment.

    Args:
        source: which.
        state: what is told first.
        due: would a run ask it now?
        late, silent: see `State`; either may be true of a source whose last attempt failed.
        why: one sentence.
        since: since when it has been due; None where it is not, or has always been.
        next_due: when it will be; None where it is due, or nobody can say.
        expected: the newest period whose figures should be out; None without a cadence.
        last_read: the last time that all of it was read.
        last_new: the last time that something came.
        last_failed: the last attempt that failed.
    """

    source: Source
    state: State
    due: bool
    late: bool
    silent: bool
    why: Text
    since: datetime | None
    next_due: datetime | None
    expected: Period | None
    last_read: datetime | None
    last_new: datetime | None
    last_failed: datetime | None


def due(
    sources: Iterable[Source],
    journal: Sequence[Entry],
    now: datetime,
    *,
    keyed: Iterable[str] = (),
    wanted: Mapping[str, str] | None = None,
    zone: str | None = None,
) -> list[Health]:
    """How each of `sources` stands at `now`, in their order.

    Args:
        sources: which.
        journal: oldest first.
        now: the moment, with its zone.
        keyed: ids of the sources for which the user has a key.
        wanted: source id → what the user wants asked (`PlanRequest.wanted`); where it has changed, the source is due.
        zone: whose days `Health.why` tells; the publisher's where none is given.
    """
    keys, wants = frozenset(keyed), wanted or {}
    own: dict[str, list[Entry]] = {}
    for entry in journal:
        own.setdefault(entry.source, []).append(entry)
    return [
        _health(
            _Case(
                source=one,
                known=past(own.get(one.id, ()), one_file=one_file(one)),
                now=now,
                has_key=one.id in keys,
                wanted=wants.get(one.id),
                zone=zone or one.zone,
            )
        )
        for one in sources
    ]


@dataclass(frozen=True)
class _Case:
    """One source at one moment."""

    source: Source
    known: Past
    now: datetime
    has_key: bool
    wanted: str | None
    zone: str

    @property
    def lacks_key(self) -> bool:
        return bool(self.source.settings.get("needs_key")) and not self.has_key

    @property
    def changed(self) -> bool:
        """Does the user want something else than was asked for?"""
        return self.known.wanted is not None and self.wanted is not None and self.known.wanted != self.wanted

    def overdue(self, moment: datetime | None) -> bool:
        """Is what was read at `moment` behind by a whole period?"""
        limit = overdue_from(self.source, moment) if moment else None
        return limit is not None and limit <= self.now

    def day(self, moment: datetime | None) -> str:
        return moment.astimezone(ZoneInfo(self.zone)).date().isoformat() if moment else "–"


def _health(case: _Case) -> Health:
    source, known = case.source, case.known
    expected = newest_out(source, case.now)
    late = case.overdue(known.read)
    silent = not late and case.overdue(known.new or known.first_read)
    since, next_due = _turn(case, expected)
    asks = source.fetches and not case.lacks_key
    is_due = asks and (next_due is None or next_due <= case.now)
    state = _state(case, late=late, silent=silent, is_due=is_due)
    return Health(
        source=source,
        state=state,
        due=is_due,
        late=late,
        silent=silent,
        why=_why(case, state, expected, next_due),
        since=since if is_due else None,
        next_due=next_due if asks and not is_due else None,
        expected=expected,
        last_read=known.read,
        last_new=known.new,
        last_failed=known.failed_at,
    )


def _turn(case: _Case, expected: Period | None) -> tuple[datetime | None, datetime | None]:
    """Since when the source has been due, and when it will be next; None for the second where it is due."""
    source, known = case.source, case.known
    unfinished = known.begun or any(known.failures)  # a file given by hand that failed ("") is no question to ask
    if known.read is None or unfinished or case.changed:
        return known.read, None
    if expected is None:
        return known.read + IRREGULAR, known.read + IRREGULAR
    following = next_out(source, known.read)
    out = following.out if following else case.now
    if known.read < expected.out:
        return out, None
    if known.not_yet or known.new is None or known.new < expected.out:
        again = known.read + (AGAIN_DAILY if source.cadence == "daily" else AGAIN)
        return min(again, out), min(again, out)
    return out, out


def _state(case: _Case, *, late: bool, silent: bool, is_due: bool) -> State:  # noqa: PLR0911 - one line a state
    known = case.known
    if not case.source.fetches:
        return State.FAILED if known.failures else State.LATE if late else State.BY_HAND
    if case.lacks_key:
        return State.NEEDS_KEY
    if known.failures:
        return State.FAILED
    if known.pause:
        return State.PAUSED
    if known.untouched:
        return State.NEVER
    if late or silent:
        return State.LATE if late else State.SILENT
    if known.not_yet and not is_due:
        return State.NOT_YET
    return State.DUE if is_due else State.NOT_DUE


# ---- in words


def _why(case: _Case, state: State, expected: Period | None, next_due: datetime | None) -> Text:
    """One sentence on the state, with the days and periods behind it."""
    known = case.known
    failure = next(reversed(known.failures.values()), None)
    awaited = _AWAITED.format(period=str(expected), out=case.day(expected.out)) if expected else _IRREGULAR
    return _WHY[_sentence(case, state)].format(
        read=case.day(known.read),
        new=case.day(known.new or known.first_read),
        failed=case.day(failure.read_at if failure else None),
        next=case.day(next_due),
        awaited=awaited,
        count=known.not_yet,
        said=_said(failure or known.pause),
        key=str(case.source.settings.get("needs_key", "")),
        id=case.source.id,
        variable=key_variable(case.source),
    )


def _sentence(case: _Case, state: State) -> str:
    """Which sentence of `_WHY` tells it."""
    if state is State.BY_HAND and case.known.read is None:
        return "unread by hand"
    if state is State.DUE and (case.known.begun or case.known.read is None):
        return "unfinished"
    return "changed" if state is State.DUE and case.changed else state


def key_variable(source: Source) -> str:
    """The environment variable in which a user gives the key of `source`."""
    return str(source.settings.get("key_variable") or f"BONGSU_KEY_{source.id.upper()}")


def _said(entry: Entry | None) -> Text:
    words = entry.said[0] if entry and entry.said else {"ko": "", "en": ""}
    return Text(words["ko"], words["en"])


_AWAITED = Text("{period} 자료는 {out}부터 나와 있어야 합니다.", "Figures for {period} should be out since {out}.")
_IRREGULAR = Text("정해진 주기가 없어 이레마다 확인합니다.", "It has no cadence; it is looked at every seven days.")
_WHY: Mapping[str, Text] = {
    "unread by hand": Text(
        "자동으로 받지 않는 출처입니다. 파일을 받아 bongsu fetch {id} --from 파일 로 넣으십시오.",
        "No machine fetches it: get the file and give it with bongsu fetch {id} --from FILE.",
    ),
    State.BY_HAND: Text(
        "자동으로 받지 않는 출처입니다({read} 자료까지 넣음). 새 파일은 bongsu fetch {id} --from 파일 로 넣으십시오.",
        "No machine fetches it (given up to {read}): new files come with bongsu fetch {id} --from FILE.",
    ),
    State.NEEDS_KEY: Text(
        "인증키가 없습니다. {key} 에서 발급받아 환경 변수 {variable} 또는 인증키 파일에 넣으십시오.",
        "It needs a key: get one at {key} and put it into {variable} or the key file.",
    ),
    State.FAILED: Text("{failed} 시도가 실패했습니다. {said}", "The attempt of {failed} failed. {said}"),
    State.PAUSED: Text(
        "도중에 멈췄고 다음 실행에서 이어 갑니다. {said}", "Stopped half-way; the next run goes on. {said}"
    ),
    State.NEVER: Text("아직 한 번도 받지 않았습니다.", "It was never fetched."),
    State.LATE: Text(
        "{read}에 받은 뒤로 주기와 공표 시차를 한 기간 넘겼습니다. {awaited}",
        "Last read on {read}, a whole period behind its cadence and lag. {awaited}",
    ),
    State.SILENT: Text(
        "제때 확인했으나 {new} 뒤로 새 자료가 없습니다. {awaited}",
        "Read in time (last on {read}), but nothing new has come since {new}. {awaited}",
    ),
    State.NOT_YET: Text(
        "{read}에 물었으나 {count}건이 아직 공표되지 않았습니다. {next}에 다시 묻습니다.",
        "Asked on {read}: {count} of the answers were not out yet. To be asked again on {next}.",
    ),
    "unfinished": Text("받기 시작했으나 끝나지 않았습니다.", "It was begun and not finished."),
    "changed": Text("받을 범위가 바뀌었습니다.", "What is to be asked for has changed."),
    State.DUE: Text("{read}에 받았습니다. {awaited}", "Last read on {read}. {awaited}"),
    State.NOT_DUE: Text("{read}에 받았고 다음은 {next}입니다.", "Last read on {read}; next due on {next}."),
}
