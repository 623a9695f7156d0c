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

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bongsu.http.keys import SHOWN as BLOTTED
from bongsu.language import BadInputError, BongsuError, Text
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
        return _named(self.url, self.params.items(), lambda name, _: name == self.secret)

    def as_json(self) -> dict[str, Any]:
        """What the journal keeps of a question that an answer led to."""
        return {"url": self.url, "params": dict(self.params), "secret": self.secret, "once": self.once}


def asks_from(kept: Iterable[Mapping[str, Any]]) -> tuple[Ask, ...]:
    """The questions that `Ask.as_json` wrote."""
    return tuple(Ask(one["url"], one["params"], one["secret"], one["once"]) for one in kept)


def id_of(address: str) -> str:
    """The name of the question behind an address as the raw archive keeps it, with its key blotted out."""
    return _named(address, (), lambda _, value: value == BLOTTED)


def _named(address: str, params: Iterable[tuple[str, str]], hidden: Callable[[str, str], bool]) -> str:
    parts = urlsplit(address)
    own = parse_qsl(parts.query, keep_blank_values=True)
    asked = sorted(pair for pair in (*own, *params) if not hidden(*pair))
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

    @property
    def wanted(self) -> str:
        """What the user wants asked, as the journal keeps it: where it changes, the source is due again."""
        named = {name: list(values) for name, values in sorted(self.wants.items())}
        first = self.first.isoformat() if self.first else None
        return json.dumps({"first": first, "wants": named}, ensure_ascii=False)


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


@dataclass(frozen=True)
class OneFile:
    """A source whose figures stand in one file, at `settings.address`."""

    address: str

    def plan(self, request: PlanRequest) -> Iterator[Ask]:
        """Ask for that file."""
        del request
        yield Ask(self.address)

    def judge(self, ask: Ask, answer: bytes, where: str) -> Whole:
        """Whether the file is one is for the reader to say."""
        del ask, answer, where
        return Whole()


def fetcher(source: Source) -> Fetcher:
    """How `source` is asked: its `fetch.py`, or its one address.

    Raises:
        BadInputError: its `source.yml` says that it can be fetched, and nothing says from where.
    """
    if "address" in source.settings:
        return OneFile(str(source.settings["address"]))
    try:
        found = importlib.import_module(f"bongsu.sources.{source.id}.fetch")
    except ModuleNotFoundError:
        found = None
    if not source.fetches or not hasattr(found, "plan"):
        raise BadInputError(
            Text("자동으로 받는 길이 없는 출처입니다.", "no machine fetches this source."),
            where=source.id,
            mend=Text(
                f"파일을 받아 bongsu fetch {source.id} --from 파일 로 넣으십시오.",
                f"Get the file and give it with bongsu fetch {source.id} --from FILE.",
            ),
        )
    return cast("Fetcher", found)
