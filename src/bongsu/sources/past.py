"""What the journal says of one source: when it was last read, what failed since, and which questions have answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bongsu.records.delivery import Raw
from bongsu.records.journal import ANSWERED, FAILED, LANDED, NOT_YET, PAUSED, RECEIVED, SPLIT, UNCHANGED, Entry
from bongsu.sources.asking import Ask, asks_from, id_of

_GOOD = (LANDED, UNCHANGED)


@dataclass
class Past:
    """What has become of a source so far.

    Args:
        read: the last time that all of it was read.
        first_read: the first time.
        new: the last time that something came.
        not_yet: questions of the last round whose figures were not out.
        wanted: what the last round asked for, see `asking.digest`; None where nobody noted it.
        begun: a round was begun and not brought to its end.
        failures: what failed since all was read, by question ("" for a file given by hand).
        failed_at: the last failure ever.
        pause: the source's word that it answers no more for now, if that was the last it said.
    """

    read: datetime | None = None
    first_read: datetime | None = None
    new: datetime | None = None
    not_yet: int = 0
    wanted: str | None = None
    begun: bool = False
    failures: dict[str, Entry] = field(default_factory=dict)
    failed_at: datetime | None = None
    pause: Entry | None = None

    @property
    def untouched(self) -> bool:
        """Was nothing ever tried?"""
        return not (self.read or self.begun or self.failed_at or self.pause)


def past(entries: Sequence[Entry], *, one_file: bool = True) -> Past:
    """The history of one source.

    Args:
        entries: of the source, oldest first.
        one_file: a file given by hand is all there is to read; False for a source with many questions.
    """
    found = Past()
    for entry in entries:
        if entry.status == ANSWERED:
            _all_read(found, entry.read_at)
            found.not_yet, found.wanted = int(entry.asked.get("not_yet", 0)), entry.asked.get("wants")
        elif entry.status in _GOOD and not entry.asked and one_file:
            _all_read(found, holds_until(entry))
        elif entry.status == FAILED:
            found.failures[str(entry.asked.get("id", ""))] = entry
            found.failed_at = entry.read_at
        elif entry.status == PAUSED:
            found.pause, found.begun = entry, True
        elif entry.status in {*_GOOD, RECEIVED, NOT_YET, SPLIT}:
            found.begun, found.pause = True, None
            found.failures.pop(str(entry.asked.get("id", "")), None)
        if entry.status == LANDED or (entry.status == UNCHANGED and entry.published_basis == "stated"):
            found.new = _later(found.new, holds_until(entry))
    return found


def _all_read(found: Past, moment: datetime) -> None:
    found.read = _later(found.read, moment)
    found.first_read = found.first_read or moment
    found.begun, found.pause = False, None
    found.failures.clear()


def holds_until(entry: Entry) -> datetime:
    """What was published after this instant is not in the delivery: an old edition read today is old still."""
    return min(entry.read_at, entry.published) if entry.published else entry.read_at


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)


# ---- questions


@dataclass(frozen=True)
class Answers:
    """Which questions of a source have answers.

    Args:
        current: those that are not asked again now.
        not_yet: those of them whose figures were not out.
        ever: those whose answer landed at any time.
        follow: question → the questions that its newest answer led to (pages, narrower ones).
        received: question → bytes that are here and not yet read.
        held: question → the newest bytes that landed.
    """

    current: frozenset[str] = frozenset()
    not_yet: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()
    follow: Mapping[str, tuple[Ask, ...]] = field(default_factory=dict)
    received: Mapping[str, Raw] = field(default_factory=dict)
    held: Mapping[str, Raw] = field(default_factory=dict)


def answers(entries: Sequence[Entry], awaited_since: datetime | None) -> Answers:
    """The answers in one source's `entries`, oldest first.

    Args:
        entries: of one source, oldest first.
        awaited_since: when the figures of the newest period should have come out; None without a cadence. What landed
            since then is not asked again, nor what proved unchanged beside it. What was not out is asked again in the
            next round, and so is everything where nothing has come. What was cut once is cut for good.
    """
    ends = [entry.seq for entry in entries if entry.status == ANSWERED]
    this_round = ends[-1] if ends else 0
    since = [entry for entry in entries if awaited_since is None or entry.read_at >= awaited_since]
    came = any(entry.status == LANDED for entry in since)
    lasting = set() if awaited_since is None else {LANDED, UNCHANGED} if came else {LANDED}
    counting = {entry.seq for entry in since if entry.seq > this_round or entry.status in lasting}
    return _gathered(entries, counting)


def _gathered(entries: Sequence[Entry], counting: set[int]) -> Answers:
    current: dict[str, str] = {}  # question → the status that answers it
    follow: dict[str, tuple[Ask, ...]] = {}
    received: dict[str, Raw] = {}
    held: dict[str, Raw] = {}
    for entry in entries:
        for name, raw in _questions(entry):
            received.pop(name, None)
            if entry.status in {*_GOOD, RECEIVED, SPLIT}:
                follow[name] = asks_from(entry.asked.get("next", ()))
            if entry.status in _GOOD and raw:
                held[name] = raw
            if entry.status == RECEIVED and raw and entry.seq in counting:
                received[name] = raw
            if entry.status in {*_GOOD, NOT_YET, SPLIT} and (entry.seq in counting or _for_good(entry)):
                current[name] = entry.status
            elif entry.status in {RECEIVED, FAILED}:
                current.pop(name, None)
    not_yet = frozenset(name for name, status in current.items() if status == NOT_YET)
    return Answers(frozenset(current), not_yet, frozenset(held), follow, received, held)


def _for_good(entry: Entry) -> bool:
    return entry.status == SPLIT and bool(entry.asked.get("lasting", True))


def _questions(entry: Entry) -> Iterator[tuple[str, Raw | None]]:
    """The questions that an entry is about; a delivery from before runs asked questions is known by its addresses."""
    if "id" in entry.asked:
        yield str(entry.asked["id"]), entry.raws[0] if entry.raws else None
    elif entry.status in _GOOD:
        yield from ((id_of(raw.url), raw) for raw in entry.raws if raw.url)
