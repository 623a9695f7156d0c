"""Loading all of HSK10 × country × month from the open-data API, over as many days as its daily quota takes.

The plan asks chapter by chapter, newest year first. Where an answer turns out to be cut, the step is split into its
four-digit headings, and those into six-digit subheadings. The caller keeps each answer and then writes the step's id
into its journal; a run that was stopped goes on with what is not there.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bongsu.http import Answer
from bongsu.language import SourceUnavailableError
from bongsu.records.known import Lag
from bongsu.sources.kr_customs.answers import CutAnswerError, QuotaSpentError, read_answer
from bongsu.sources.source import Source

MONTHS_A_CALL = 12
LONGEST_ASKED = 6  # six digits return the ten-digit rows below them
CHAPTERS = tuple(f"{chapter:02}" for chapter in range(1, 98) if chapter != 77)  # noqa: PLR2004 - 77 is reserved
Children = Callable[[str], Sequence[str]]


class Getter(Protocol):
    """The part of `bongsu.http.Door` that is needed here."""

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, secret_params: Mapping[str, str] | None = None
    ) -> Answer:
        """Fetch `url`."""
        ...


@dataclass(frozen=True)
class Step:
    """One call: all countries, all ten-digit codes under `hs`, from `start` to `end` (YYYYMM, at most 12 months)."""

    hs: str
    start: str
    end: str

    @property
    def id(self) -> str:
        """What the journal keeps when the answer is in."""
        return f"{self.hs}:{self.start}:{self.end}"

    @property
    def split_id(self) -> str:
        """What the journal keeps when the step was replaced by smaller ones."""
        return f"{self.id}:split"

    @property
    def params(self) -> dict[str, str]:
        """The query, without the key; no `cntyCd` means all countries."""
        return {"strtYymm": self.start, "endYymm": self.end, "hsSgn": self.hs}


@dataclass(frozen=True)
class Fetched:
    """A whole answer: keep it, then journal `done`."""

    step: Step
    answer: Answer

    @property
    def done(self) -> str:
        """The id for the journal."""
        return self.step.id


@dataclass(frozen=True)
class Split:
    """The answer was cut; the smaller steps follow. Journal `done`."""

    step: Step
    into: tuple[Step, ...]

    @property
    def done(self) -> str:
        """The id for the journal."""
        return self.step.split_id


@dataclass(frozen=True)
class Paused:
    """The day's quota is spent; nothing is lost, and the next run goes on from here."""

    step: Step
    error: SourceUnavailableError


def published_through(now: datetime, lag: Lag, zone: str) -> date:
    """First day of the last month whose figures are out at `now`."""
    month = now.date().replace(day=1)
    while lag.known_at(month, "M", zone) > now:
        month = _months_later(month, -1)
    return month


def plan(first: date, last: date, prefixes: Iterable[str] = CHAPTERS) -> Iterator[Step]:
    """All calls for the months from `first` to `last`, newest year first, so that early days bring what matters."""
    kept = tuple(prefixes)
    for start, end in reversed(list(windows(first, last))):
        yield from (Step(hs, f"{start:%Y%m}", f"{end:%Y%m}") for hs in kept)


def windows(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Calendar years, cut to the months asked for: the same windows whichever day the plan is made."""
    start = first.replace(day=1)
    while start <= last:
        end = min(date(start.year, MONTHS_A_CALL, 1), last.replace(day=1))
        yield start, end
        start = _months_later(end, 1)


def fetch(
    door: Getter, source: Source, key: str, steps: Iterable[Step], done: Container[str], children: Children
) -> Iterator[Fetched | Split | Paused]:
    """Carry out the steps that the journal does not hold yet.

    Args:
        door: the way out.
        source: whose `settings["api"]` is the address.
        key: the service key, plain or percent-encoded; it is never shown.
        steps: see `plan`.
        done: ids that the journal holds; the caller adds each outcome's `done` once it is safely kept.
        children: the codes directly below a code in the HS tree.

    Yields:
        Outcomes in order. After `Paused` there are no more.

    Raises:
        SourceUnavailableError: the key is unknown, or the service is down; what was yielded before stays good.
        CutAnswerError: an answer was cut although its code could not be split further.
    """
    waiting = list(steps)[::-1]
    while waiting:
        step = waiting.pop()
        if step.id in done:
            continue
        if step.split_id in done:
            waiting += _smaller(step, children)[::-1]
            continue
        outcome = _ask(door, source, key, step, children)
        yield outcome
        if isinstance(outcome, Paused):
            return
        if isinstance(outcome, Split):
            waiting += outcome.into[::-1]


def _ask(door: Getter, source: Source, key: str, step: Step, children: Children) -> Fetched | Split | Paused:
    answer = door.get(str(source.settings["api"]), params=step.params, secret_params={"serviceKey": key})
    try:
        read_answer(answer.content, answer.url_without_secrets)
    except QuotaSpentError as error:
        return Paused(step, error)
    except CutAnswerError:
        into = _smaller(step, children)
        if not into:
            raise
        return Split(step, into)
    return Fetched(step, answer)


def _smaller(step: Step, children: Children) -> tuple[Step, ...]:
    below = children(step.hs) if len(step.hs) < LONGEST_ASKED else ()
    return tuple(Step(code, step.start, step.end) for code in below)


def _months_later(month: date, count: int) -> date:
    year, place = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, place + 1, 1)
