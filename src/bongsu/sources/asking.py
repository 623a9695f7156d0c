"""What a source asks of its publisher, and what an answer means: the words between `fetch.py` of a source and the run.

A source whose figures stand in one file says `fetches: true` and `settings.address` in its `source.yml` and needs no
code. One that asks many questions has a `fetch.py` with two pure functions, `plan` and `judge` (`Fetcher`, below).
They open no network, read no clock and hold no key; the run (`sources/run.py`) asks, keeps, delivers and remembers.

What the run reads from `settings` in `source.yml`, all of it optional:

    address: URL                  one file, asked for with the validators of the copy that is held
    linked_from: URL, link: REGEX     one file whose address moves: the page that links to it, and what the link looks like
    needs_key: URL                the page where a key is issued; without a key the source is not asked
    min_interval_seconds: 2       between two requests
    wants: {reporters: [KOR]}     what is asked for unless the user says otherwise
"""

import importlib
import json
import re
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
    """The answer is thrown away, and others are asked instead: it was cut by a cap of the publisher's, or only leads on.

    Args:
        into: narrower questions that together ask the same; or, of a list of files, the files.
        lasting: what was cut once is cut for good, and is not asked again. False for a list, which may change: it is
            looked at in every round.
    """

    into: tuple[Ask, ...]
    lasting: bool = True


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


@dataclass(frozen=True)
class LinkedFile:
    """A source whose figures stand in one file that moves: `settings.linked_from` links to it.

    Args:
        page: looked at in every round, and thrown away.
        link: what the file's address looks like; only such an address is followed.
    """

    page: str
    link: str

    def plan(self, request: PlanRequest) -> Iterator[Ask]:
        """Ask for the page."""
        del request
        yield Ask(self.page)

    def judge(self, ask: Ask, answer: bytes, where: str) -> Verdict:
        """The page leads on to the file; whether that is one is for the reader to say.

        Raises:
            BadInputError: the page links to no such file, or to several.
        """
        if ask.url != self.page:
            return Whole()
        text = answer.decode("utf-8", "replace").replace("\\/", "/")  # in a script's JSON slashes are escaped
        found = tuple(dict.fromkeys(match[0] for match in re.finditer(self.link, text)))
        if len(found) == 1:
            return Split((Ask(found[0]),), lasting=False)
        raise BadInputError(
            Text(
                f"이 쪽에서 자료 파일의 주소를 하나로 알아낼 수 없습니다({len(found)}개).",
                f"the page should link to one file of figures and links to {len(found)}.",
            ),
            where=where,
            mend=Text(
                "쪽이 바뀌었을 수 있습니다. 파일을 직접 받아 bongsu fetch 출처 --from 파일 로 넣으십시오.",
                "It may have been redesigned: get the file, and give it with bongsu fetch SOURCE --from FILE.",
            ),
        )


def one_file(source: Source) -> bool:
    """Is a single file all that there is to read? Then one given by hand is as good as one fetched."""
    return not source.fetches or not {"address", "linked_from"}.isdisjoint(source.settings)


def fetcher(source: Source) -> Fetcher:
    """How `source` is asked: its `fetch.py`, its one address, or the page that links to it.

    Raises:
        BadInputError: its `source.yml` says that it can be fetched, and nothing says from where.
    """
    if "address" in source.settings:
        return OneFile(str(source.settings["address"]))
    if "linked_from" in source.settings:
        return LinkedFile(str(source.settings["linked_from"]), str(source.settings["link"]))
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
