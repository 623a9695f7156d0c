"""Asking a source: its plan walked question by question, each answer kept, judged, delivered and remembered.

Every step leaves a row in the journal before the next begins, so that a run that ends anywhere (the quota, a power cut)
goes on where it stopped: what has been answered is not asked again, and bytes that are here are not fetched again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bongsu.http import Answer, NotFoundError, StatusError, TooLargeError, Validators
from bongsu.http.keys import Keys
from bongsu.language import BadInputError, BongsuError, Text
from bongsu.records.delivery import Raw
from bongsu.records.journal import ANSWERED, NOT_YET, PAUSED, RECEIVED, SPLIT, UNCHANGED
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.sources.asking import Ask, Fetcher, NotYet, OneFile, Paused, PlanRequest, Split, Verdict, Whole, fetcher
from bongsu.sources.fetch import Given, read, said_of
from bongsu.sources.outcome import Outcome, Step, both, without_key
from bongsu.sources.past import Answers
from bongsu.sources.source import Source

MOST_QUESTIONS = 200_000  # in one round: a plan or a chain of pages that has no end is stopped here
PATIENCE = 600.0  # seconds that another writer may take
MOST_FAILURES = 5  # in a row: then it is not the question that is at fault


class Getter(Protocol):
    """The part of `bongsu.http.Door` that is needed here."""

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        into: Path | None = None,
    ) -> Answer:
        """Fetch `url` into the file `into`."""
        ...


@dataclass
class Round:
    """One round of questions to one source.

    Args:
        lake: where answers go.
        way: out.
        request: what the plan may know; its `now` is when everything counts as read.
        known: which questions have answers.
        key: the user's key; "" for none.
        run_id: of the run.
        fetcher: what to ask, and what answers mean; None takes the source's own.
    """

    lake: Lake
    way: Getter
    request: PlanRequest
    known: Answers
    key: str
    run_id: str
    fetcher: Fetcher | None = None

    @property
    def source(self) -> Source:
        """Who is asked."""
        return self.request.source

    @property
    def read_at(self) -> datetime:
        """When everything of this round counts as read."""
        return self.request.now

    def run(self) -> Iterator[Outcome]:
        """Ask what has no answer yet, in the plan's order; pages and pieces of an answer come right after it.

        A question that fails is told and the next is asked, unless the source itself is at fault. Where all have
        their answers, the journal says so.
        """
        try:
            waiting = list(self._asks().plan(self.request))[::-1]
        except Exception as error:  # noqa: BLE001 - one source's fault must not end the run of the others
            yield replace(self._failed(Ask(self.source.url), error), fatal=True)
            return
        seen: set[str] = set()
        row, failed, not_yet = 0, 0, 0
        while waiting:
            ask = waiting.pop()
            if ask.id in seen:
                continue
            seen.add(ask.id)
            outcome, more = self._endless(ask) if len(seen) > MOST_QUESTIONS else self._step(ask)
            waiting += [replace(one, once=one.once or ask.once) for one in reversed(more)]
            row = row + 1 if outcome.step is Step.FAILED else 0
            failed += outcome.step is Step.FAILED
            not_yet += outcome.step is Step.NOT_YET or ask.id in self.known.not_yet
            outcome = replace(outcome, left=len(waiting), fatal=outcome.fatal or row >= MOST_FAILURES)
            yield outcome
            if outcome.fatal:
                return
        if not failed:
            self._note(ANSWERED, {"wants": self.request.wanted, "not_yet": not_yet})

    # ---- one question

    def _asks(self) -> Fetcher:
        self.fetcher = self.fetcher or fetcher(self.source)
        return self.fetcher

    def _step(self, ask: Ask) -> tuple[Outcome, Sequence[Ask]]:
        name = ask.id
        if name in self.known.current or (ask.once and name in self.known.ever):
            return Outcome(ask, Step.HELD, asked=False), self.known.follow.get(name, ())
        here = self.known.received.get(name)
        try:
            if here is not None and here.path.exists():
                outcome, more = self._take(ask, here, self.known.follow.get(name, ()))
                return replace(outcome, asked=False), more
            return self._ask(ask)
        except Exception as error:  # noqa: BLE001 - likewise; it is journaled and told
            return self._failed(ask, error), ()

    def _ask(self, ask: Ask) -> tuple[Outcome, Sequence[Ask]]:
        held = self.known.held.get(ask.id)
        held = held if held is not None and held.path.exists() else None
        arriving = self.lake.folder / f"asked-{self.lake.token()}"
        try:
            try:
                answer = self._get(ask, held, arriving)
            except StatusError as error:
                if spent := self._spent(ask, error):
                    return self._put_off(ask, spent)
                raise
            if answer.not_modified and held is not None:
                return self._same(ask, held, answer)
            verdict = self._judged(ask, arriving, answer)
            if not isinstance(verdict, Whole):
                return self._put_off(ask, verdict)
            raw = self._kept(arriving, answer, self._keys(ask))
        finally:
            arriving.unlink(missing_ok=True)
        if held is not None and held.sha256 == raw.sha256:
            return self._same(ask, held, answer)
        self._note(RECEIVED, _asked(ask, verdict.more), raws=(raw,))
        return self._take(ask, raw, verdict.more)

    def _get(self, ask: Ask, held: Raw | None, into: Path) -> Answer:
        self.lake.folder.mkdir(parents=True, exist_ok=True)
        validators = Validators(held.etag, held.last_modified) if held else None
        secret = {ask.secret: self.key} if ask.secret else None
        return self.way.get(ask.url, params=ask.params, secret_params=secret, validators=validators, into=into)

    def _spent(self, ask: Ask, error: StatusError) -> Paused | None:
        """Does an error say that the quota is spent? Some publishers answer so with 403, as they do to a wrong key."""
        if isinstance(self._asks(), OneFile):
            return None
        with suppress(Exception):  # whatever its judge makes of words that are no answer, the status stands
            verdict = self._asks().judge(ask, error.said, error.where or "")
            return verdict if isinstance(verdict, Paused) else None
        return None

    def _judged(self, ask: Ask, arriving: Path, answer: Answer) -> Verdict:
        """What the answer means. One that repeats the key loses it first: raw is kept for ever."""
        if isinstance(self._asks(), OneFile):
            return Whole()  # one of a gigabyte need not pass through memory
        content = arriving.read_bytes()
        if ask.secret and (clean := self._keys(ask).hide_bytes(content)) != content:
            content = clean
            arriving.write_bytes(content)
        return self._asks().judge(ask, content, answer.url_without_secrets)

    def _put_off(self, ask: Ask, verdict: NotYet | Split | Paused) -> tuple[Outcome, Sequence[Ask]]:
        if isinstance(verdict, NotYet):
            self._note(NOT_YET, _asked(ask), said=(verdict.why,))
            return Outcome(ask, Step.NOT_YET, why=verdict.why), ()
        if isinstance(verdict, Paused):
            self._note(PAUSED, _asked(ask), said=(both(verdict.error),))
            return Outcome(ask, Step.PAUSED, error=verdict.error, fatal=True), ()
        if not verdict.into:
            message = f"{self.source.id}: a split into nothing would lose the answer to {ask.id}"
            raise ValueError(message)
        self._note(SPLIT, {**_asked(ask, verdict.into), **({} if verdict.lasting else {"lasting": False})})
        return Outcome(ask, Step.SPLIT), verdict.into

    def _same(self, ask: Ask, held: Raw, answer: Answer) -> tuple[Outcome, Sequence[Ask]]:
        """Nothing has changed since the copy that is held: it has been read again now."""
        more = self.known.follow.get(ask.id, ())
        hide = self._keys(ask).hide
        fresh = replace(
            held,
            etag=hide(answer.etag) or held.etag,
            last_modified=hide(answer.last_modified) or held.last_modified,
        )
        self._note(UNCHANGED, _asked(ask, more), raws=(fresh,))
        return Outcome(ask, Step.UNCHANGED), more

    def _kept(self, arriving: Path, answer: Answer, keys: Keys) -> Raw:
        address = answer.url_without_secrets
        name = address.partition("?")[0].rsplit("/", 1)[-1]
        raw = self.lake.raw.keep(
            arriving,
            received_at=answer.received_at,
            name=name or "index",
            url=address,
            media_type=keys.hide(answer.media_type),
        )
        return replace(raw, etag=keys.hide(answer.etag), last_modified=keys.hide(answer.last_modified))

    def _take(self, ask: Ask, raw: Raw, more: Sequence[Ask]) -> tuple[Outcome, Sequence[Ask]]:
        """Read the bytes that are here, and deliver what is in them."""
        try:
            reading = read(self.source, (raw,), Given(), self.read_at)
            with self.lake.writing(PATIENCE) as writer:
                receipt = writer.deliver(
                    reading,
                    source=self.source.id,
                    raws=(raw,),
                    read_at=self.read_at,
                    run_id=self.run_id,
                    asked=_asked(ask, more),
                )
        except Exception as error:  # noqa: BLE001 - likewise
            return self._failed(ask, error, (raw,)), ()
        return Outcome(ask, Step(receipt.status), receipt=receipt), more

    # ---- what is remembered

    def _failed(self, ask: Ask, error: Exception, raws: Sequence[Raw] = ()) -> Outcome:
        said = without_key(said_of(error), self._keys(ask))
        if not isinstance(error, LakeBusyError):
            with suppress(LakeBusyError), self.lake.writing(PATIENCE) as writer:
                writer.failed(
                    said,
                    source=self.source.id,
                    raws=raws,
                    read_at=self.read_at,
                    run_id=self.run_id,
                    asked=_asked(ask),
                )
        alone = isinstance(error, NotFoundError | TooLargeError | BadInputError) or type(error) is StatusError
        fault = None if isinstance(error, BongsuError) else error
        return Outcome(ask, Step.FAILED, error=said, fault=fault, fatal=not alone)

    def _endless(self, ask: Ask) -> tuple[Outcome, Sequence[Ask]]:
        error = BongsuError(
            Text(
                f"한 번에 {MOST_QUESTIONS:,}건 넘게 물으려 하여 멈췄습니다.",
                f"stopped: there are more than {MOST_QUESTIONS:,} questions in one round.",
            ),
            where=self.source.id,
            mend=Text("wants.yml에서 받을 범위를 줄이십시오.", "Narrow what is asked for in wants.yml."),
        )
        return replace(self._failed(ask, error), asked=False), ()

    def _note(
        self, status: str, asked: Mapping[str, Any], *, raws: Sequence[Raw] = (), said: Sequence[Text] = ()
    ) -> None:
        with self.lake.writing(PATIENCE) as writer:
            writer.note(
                status,
                source=self.source.id,
                read_at=self.read_at,
                run_id=self.run_id,
                raws=raws,
                asked=asked,
                said=said,
            )

    def _keys(self, ask: Ask) -> Keys:
        return Keys({ask.secret: self.key} if ask.secret and self.key else None)


def _asked(ask: Ask, more: Sequence[Ask] = ()) -> dict[str, Any]:
    """The question as the journal keeps it (`Entry.asked`)."""
    return {"id": ask.id, **({"next": [one.as_json() for one in more]} if more else {})}
