"""What a source asks of its publisher, and what an answer means: the words between `fetch.py` of a source and the run.

A source whose figures stand in one file says `fetches: true` and `settings.address` in its `source.yml` and needs no
code. One that asks many questions has a `fetch.py` with two pure functions, `plan` and `judge` (`Fetcher`, below).
They open no network, read no clock and hold no key; the run (`sources/run.py`) asks, keeps, delivers and remembers.

What the run reads from `settings` in `source.yml`, all of it optional:

    address: URL                  one file, asked for with the validators of the copy that is held
    needs_key: URL                the page where a key is issued; without a key the source is not asked
    min_interval_seconds: 2       between two requests
    wants: {reporters: [KOR]}     what is asked for unless the user says otherwise
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bongsu.language import BongsuError, Text
from bongsu.sources.source import Source


@dataclass(frozen=True)
class Ask:
    """One GET.

    Args:
        url: the address, without the user's key. It may carry a query of its own.
        params: further parameters, name → value.
        secret: the name of the parameter that carries the user's key; "" for a request without one.
        once: a question whose answer is not asked for again once it is held (a closed window of an archive). Others
            are asked anew whenever the source is due, on condition that something has changed.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""
    once: bool = False

    @property
    def id(self) -> str:
        """What names this question in the journal: the address with its parameters sorted, without the key."""
        parts = urlsplit(self.url)
        own = parse_qsl(parts.query, keep_blank_values=True)
        asked = sorted(pair for pair in (*own, *self.params.items()) if pair[0] != self.secret)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(asked), ""))


@dataclass(frozen=True)
class PlanRequest:
    """What a plan may know.

    Args:
        source: as its `source.yml` has it.
        now: the instant of the run, with its zone.
        first: the earliest period that the user wants; None leaves it to the source.
        wants: what the user narrowed it to, name → values (reporters, codes, …); where the user said nothing, the
            defaults of `settings.wants`.
        keyed: has the user given a key? A source whose key is optional may ask another address with one.
    """

    source: Source
    now: datetime
    first: date | None = None
    wants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keyed: bool = False


@dataclass(frozen=True)
class Whole:
    """The answer is data and complete: it is kept and delivered, alone.

    Args:
        more: further pages of it, to be asked next.
    """

    more: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Split:
    """The answer was cut by a cap of the publisher's: it is thrown away, and narrower questions are asked instead."""

    into: tuple[Ask, ...]


@dataclass(frozen=True)
class NotYet:
    """What was asked for has not been published. Neither failure nor data; asked again when the source is due again.

    Args:
        why: what in the answer says so.
    """

    why: Text


@dataclass(frozen=True)
class Paused:
    """The source will answer no more for now (the quota of the day is spent): the rest waits for the next run."""

    error: BongsuError


Verdict = Whole | Split | NotYet | Paused


class Fetcher(Protocol):
    """A source's `fetch.py`. Both functions are pure."""

    def plan(self, request: PlanRequest) -> Iterator[Ask]:
        """The questions, in the order in which they are asked; the same request gives the same questions."""
        ...

    def judge(self, ask: Ask, answer: bytes, where: str) -> Verdict:
        """What `answer` to `ask` means; the source's reader must be able to read what is called `Whole`.

        Args:
            ask: the question.
            answer: the bytes as received, content-encoding undone.
            where: the address without the key, for errors.

        Raises:
            BongsuError: an error in the clothes of an answer, or no answer of this publisher. The question counts as
                failed and is asked again by the next run; the others go on.
        """
        ...
