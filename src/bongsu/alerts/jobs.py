"""What runs by itself, each by one worker at a time: a lease in the database, which a dead holder stops renewing.

The lease's clock only says when a job may be taken over. That nobody writes for a job that another has taken does not
rest on clocks: whoever writes proves, in the same transaction, that the lease is still theirs (`held`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q

from bongsu.alerts.models import Job
from bongsu.language import BongsuError, Text

LAPSES = timedelta(seconds=30)  # without a renewal; three are tried in that time
Clock = Callable[[], datetime]


class LeaseLostError(BongsuError):
    """Another worker has taken the job."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"다른 일꾼이 '{name}' 일을 넘겨받았습니다.", f"another worker has taken over '{name}'."),
            mend=Text("그대로 두면 됩니다.", "Nothing need be done."),
        )


@dataclass(frozen=True)
class Lease:
    """A job that one worker has.

    Args:
        name: the job.
        holder: the worker's lane: no two are alike, and one does one job at a time.
    """

    name: str
    holder: str


def add(names: Sequence[str], now: datetime) -> None:
    """Make the jobs known; those that are, stay as they are."""
    Job.objects.bulk_create([Job(name=name, due_at=now) for name in names], ignore_conflicts=True)


def due(names: Sequence[str], holder: str, now: datetime) -> list[str]:
    """Those that are due and that nobody else has, the longest overdue first."""
    return list(_free(names, holder, now).filter(due_at__lte=now).order_by("due_at").values_list("name", flat=True))


def standing() -> tuple[Job, ...]:
    """Every job, as it stands."""
    return tuple(Job.objects.order_by("name"))


def claim(name: str, holder: str, now: datetime) -> Lease | None:
    """Take a job, due or not; None: somebody else has it."""
    add((name,), now)
    taken = _free((name,), holder, now).update(holder=holder, until=now + LAPSES)
    return Lease(name, holder) if taken else None


def _free(names: Sequence[str], holder: str, now: datetime) -> Any:  # noqa: ANN401 - a query set, whose type differs between Django and its stubs
    """Nobody else holds it, or the lease lapsed; one from a future that no clock here shows was given by a clock set wrong.

    What `holder` holds itself is left from a try that the database's end cut short: its thread is back here, asking.
    """
    lapsed = Q(holder="") | Q(holder=holder) | Q(until__isnull=True) | Q(until__lte=now) | Q(until__gt=now + 2 * LAPSES)
    return Job.objects.filter(lapsed, name__in=names)


def renew(lease: Lease, now: datetime) -> bool:
    """Hold it longer; False: it is another's."""
    return bool(_mine(lease).update(until=now + LAPSES))


def end(lease: Lease, now: datetime, *, again: datetime, said: Sequence[Text] = (), done: bool = True) -> bool:
    """Give it back, to run `again`; False: it is another's already.

    Args:
        lease: the job.
        now: when it ended.
        again: when it is due next.
        said: what went wrong.
        done: it ran to its end.
    """
    facts: dict[str, Any] = {"finished_at": now} if done else {}
    words = [{"ko": one.ko, "en": one.en} for one in said]
    return bool(_mine(lease).update(holder="", until=None, due_at=again, said=words, **facts))


def drop(lease: Lease) -> None:
    """Let a job go whose holder is known to be dead; it runs again at once."""
    _mine(lease).update(holder="", until=None)


def _mine(lease: Lease) -> Any:  # noqa: ANN401 - likewise
    return Job.objects.filter(name=lease.name, holder=lease.holder)


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """One transaction in which the lease cannot be lost: whoever would take it over waits for its end.

    Raises:
        LeaseLostError: it was lost before.
    """
    with transaction.atomic():
        if not _mine(lease).select_for_update().exists():
            raise LeaseLostError(lease.name)
        yield


@contextmanager
def renewed(lease: Lease, clock: Clock) -> Iterator[None]:
    """Renew the lease from a thread of its own while something long runs."""
    stop = Event()
    thread = Thread(target=_renew_until, args=(lease, clock, stop), name=f"renew-{lease.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _renew_until(lease: Lease, clock: Clock, stop: Event) -> None:
    """A database that does not answer is asked again: whether the lease still stands, `held` finds out."""
    try:
        while not stop.wait(LAPSES.total_seconds() / 3):
            try:
                if not renew(lease, clock()):
                    return
            except (DatabaseError, InterfaceError):
                connection.close()
    finally:
        connection.close()
