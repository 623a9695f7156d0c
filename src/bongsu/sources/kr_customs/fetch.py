"""Asking the open-data API for HSK10 × country × month, over as many days as its daily quota takes.

The plan asks chapter by chapter, newest year first. Where an answer turns out to be cut, the question is split into its
four-digit headings, and those into six-digit subheadings; six digits return the ten-digit rows below them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bongsu.codes.hs import children
from bongsu.records.known import Lag
from bongsu.sources.asking import Ask, Paused, PlanRequest, Split, Verdict, Whole
from bongsu.sources.kr_customs.answers import CutAnswerError, QuotaSpentError, read_answer

MONTHS_A_CALL = 12
LONGEST_ASKED = 6
CHAPTERS = tuple(f"{chapter:02}" for chapter in range(1, 98) if chapter != 77)  # noqa: PLR2004 - 77 is reserved


def plan(request: PlanRequest) -> Iterator[Ask]:
    """All published months from `request.first` (January of last year, if not given), for the chapters wanted."""
    today = request.now.date()
    first = request.first or date(today.year - 1, 1, 1)
    last = published_through(request.now, request.source.lag, request.source.zone)
    yield from questions(str(request.source.settings["api"]), first, last, request.wants.get("hs", ()), request.now)


def judge(ask: Ask, answer: bytes, where: str) -> Verdict:
    """Whole, cut and to be asked in smaller pieces, or the end of the day's quota.

    Raises:
        SourceUnavailableError: the key is unknown, or the service answered with another error.
        CutAnswerError: the answer was cut although its code cannot be split further.
        BadInputError: no answer of this API.
    """
    try:
        read_answer(answer, where)
    except QuotaSpentError as error:
        return Paused(error)
    except CutAnswerError:
        into = _smaller(ask)
        if not into:
            raise
        return Split(into)
    return Whole()


def questions(api: str, first: date, last: date, prefixes: Iterable[str], now: datetime) -> Iterator[Ask]:
    """All calls for the months from `first` to `last`, newest year first, so that early days bring what matters.

    The year before this one is still revised; older ones are asked once.
    """
    kept = tuple(prefixes) or CHAPTERS
    for start, end in reversed(list(windows(first, last))):
        for hs in kept:
            asked = {"strtYymm": f"{start:%Y%m}", "endYymm": f"{end:%Y%m}", "hsSgn": hs}
            yield Ask(api, asked, secret="serviceKey", once=end.year < now.year - 1)  # noqa: S106 - its name only


def published_through(now: datetime, lag: Lag, zone: str) -> date:
    """First day of the last month whose figures are out at `now`."""
    month = now.date().replace(day=1)
    while lag.known_at(month, "M", zone) > now:
        month = _months_later(month, -1)
    return month


def windows(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Calendar years, cut to the months asked for: the same windows whichever day the plan is made."""
    start = first.replace(day=1)
    while start <= last:
        end = min(date(start.year, MONTHS_A_CALL, 1), last.replace(day=1))
        yield start, end
        start = _months_later(end, 1)


def _smaller(ask: Ask) -> tuple[Ask, ...]:
    code = ask.params["hsSgn"]
    below: Sequence[str] = children(code) if len(code) < LONGEST_ASKED else ()
    return tuple(replace(ask, params={**ask.params, "hsSgn": one}) for one in below)


def _months_later(month: date, count: int) -> date:
    year, place = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, place + 1, 1)
