"""`bongsu floor work` and `once`: what is due is claimed and done, until the process is told to end.

Two lanes: the watch, which may take hours to fetch, and the short jobs, which must not wait for it. Whatever happens to
this process or to the database, a job's lease lapses and the job is done again; each can be repeated.
"""

import logging
import os
import platform
import signal
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bongsu.cli.floor import answering, opened
from bongsu.cli.output import as_json
from bongsu.cli.run import Asked, fetch_due
from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, Text
from bongsu.records.lease import LeaseHeldError

if TYPE_CHECKING:
    from bongsu.alerts.jobs import Lease
    from bongsu.alerts.tasks import Watched

LOG = logging.getLogger("bongsu.work")
LOOKS = 1.0  # seconds from one look at what is due to the next
LONGEST_PAUSE = 10.0  # seconds between two tries at a database that does not answer
SOON = timedelta(seconds=15)  # after a failure
LINGERS = 20.0  # seconds that the watch is given to come to a stop

Do = Callable[["Lease"], Sequence[Text]]  # what went wrong
Stop = threading.Event


@dataclass(frozen=True)
class Duty:
    """A job that this worker can do."""

    every: timedelta
    do: Do


def run(session: Session, *, every: int, fetch: bool) -> ExitCode:
    """Work until told to end."""
    opened(session)
    LOG.setLevel(logging.INFO)
    stop = Stop()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    watched = watching(session, fetch=fetch, stop=stop)
    lane = threading.Thread(
        target=work, args=({"watch": _watch_duty(watched, session, every)}, session, stop), name="watch", daemon=True
    )
    lane.start()
    work(short_duties(session), session, stop, parent=_parent())
    lane.join(LINGERS)
    LOG.info("ended")
    return ExitCode.DONE


def once(session: Session, *, fetch: bool, as_json_: bool) -> ExitCode:
    """One turn of the watch, here and now.

    Raises:
        BongsuError: a worker is at it.
    """
    opened(session)
    from bongsu.alerts import jobs  # noqa: PLC0415 - an extra
    from bongsu.alerts.tasks import turn  # noqa: PLC0415 - likewise

    clock = partial(_now, session)
    watched = watching(session, fetch=fetch, stop=Stop())
    with answering():
        lease = jobs.claim("watch", _holder(session), clock())
        if lease is None:
            raise _AT_IT
        done = False
        try:
            with jobs.renewed(lease, clock):
                turns = turn(watched, lease, clock)
            done = True
        finally:
            jobs.end(lease, clock(), again=clock() + SOON, done=done)
    counts = {name: number for name, number in turns[-1].counts.items() if name != "levels"}
    said = [Text(**one) for one in turns[-1].said]
    if as_json_:
        as_json(session, {"run_id": session.run_id, "moment": turns[-1].moment, "counts": counts, "said": said})
    else:
        told = ", ".join(f"{session.say(COUNTED[name])} {number}" for name, number in counts.items())
        session.out.print(told or session.say(Text("달라진 것이 없습니다.", "Nothing has changed.")))
        for one in said:
            session.out.print(session.say(one), markup=False, soft_wrap=True)
    return ExitCode.PARTIAL if said else ExitCode.DONE


COUNTED = {
    "raised": Text("새로 제기", "raised"),
    "risen": Text("오름", "risen"),
    "fallen": Text("내림", "fallen"),
    "observed": Text("새 증거", "new evidence"),
    "unchanged": Text("그대로", "unchanged"),
    "left": Text("해당 없음", "nothing to raise"),
    "refused": Text("받아들이지 못함", "refused"),
}
_AT_IT = BongsuError(
    Text("일꾼이 지금 감시하고 있습니다.", "a worker is watching just now."),
    mend=Text("잠시 뒤 다시 하십시오.", "Try again in a moment."),
)


# ---- the loop


def work(duties: Mapping[str, Duty], session: Session, stop: Stop, *, parent: int | None = None) -> None:
    """Claim and do what is due until `stop` is set; a database that does not answer is waited for."""
    from django.db import Error, connection  # noqa: PLC0415 - an extra

    pause = LOOKS
    while not stop.wait(pause):
        if parent is not None and os.getppid() != parent:
            LOG.info("whoever started this worker is gone")
            stop.set()
            break
        try:
            _look(duties, session, stop)
            pause = LOOKS
        except Error as error:
            connection.close()
            pause = min(2 * pause, LONGEST_PAUSE)
            LOG.warning("the database does not answer (%s); again in %.0f s", type(error).__name__, pause)
    connection.close()


def _look(duties: Mapping[str, Duty], session: Session, stop: Stop) -> None:
    from bongsu.alerts import jobs  # noqa: PLC0415 - an extra

    now = _now(session)
    jobs.add(tuple(duties), now)
    for job in jobs.standing():
        if job.holder and _gone(job.holder, session):
            jobs.drop(jobs.Lease(job.name, job.holder))
    for name in jobs.due(tuple(duties), _holder(session), now):
        lease = None if stop.is_set() else jobs.claim(name, _holder(session), _now(session))
        if lease is not None:
            _done(duties[name], lease, session)


def _done(duty: Duty, lease: "Lease", session: Session) -> None:
    """Do one job; whatever it raises but a database's error is logged, and the job tried again soon."""
    from django.db import Error  # noqa: PLC0415 - an extra

    from bongsu.alerts import jobs  # noqa: PLC0415 - likewise

    clock = partial(_now, session)
    began = time.monotonic()
    said: Sequence[Text] = ()
    done = False
    try:
        with jobs.renewed(lease, clock):
            said = duty.do(lease)
        done = True
    except Error:
        raise
    except BongsuError as error:
        said = (error.what,)
    except Exception as error:  # one job's fault stops no other
        LOG.exception("%s failed", lease.name)  # the formatter leaves the error's words out: they may hold a row
        said = (Text(f"봉수의 오류({type(error).__name__})", f"a fault of ours ({type(error).__name__})"),)
    now = clock()
    jobs.end(lease, now, again=now + (duty.every if done else min(SOON, duty.every)), said=said, done=done)
    LOG.info("%s %s in %.1f s", lease.name, "done" if done else "not done", time.monotonic() - began)


# ---- the duties


def short_duties(session: Session) -> Mapping[str, Duty]:
    """What is done besides the watch."""
    from bongsu.alerts import tasks  # noqa: PLC0415 - an extra
    from bongsu.people import tasks as people  # noqa: PLC0415 - likewise
    from bongsu.responses import tasks as responses  # noqa: PLC0415 - likewise

    minute = timedelta(minutes=1)

    def timed(do: Callable[[datetime], object]) -> Do:
        def done(_lease: "Lease") -> Sequence[Text]:
            do(_now(session))
            return ()

        return done

    def tidied(_lease: "Lease") -> Sequence[Text]:
        people.tidy(datetime.now(UTC))
        return ()

    return {
        "escalate": Duty(minute, timed(tasks.escalate)),
        "anchor": Duty(minute, timed(tasks.anchor)),
        "responses": Duty(minute, lambda _lease: responses.run(_now(session)).said),
        "tidy": Duty(timedelta(days=1), tidied),
    }


def _watch_duty(watched: "Watched", session: Session, every: int) -> Duty:
    from bongsu.alerts.tasks import turn  # noqa: PLC0415 - an extra

    def watch(lease: "Lease") -> Sequence[Text]:
        turns = turn(watched, lease, partial(_now, session))
        return [Text(**one) for one in turns[-1].said]

    return Duty(timedelta(minutes=every), watch)


def watching(session: Session, *, fetch: bool, stop: Stop) -> "Watched":
    """What this worker watches."""
    from bongsu.alerts.tasks import Watched  # noqa: PLC0415 - an extra

    return Watched(
        lake=session.lake,
        catalogue=session.catalogue,
        network=session.network(),
        home=session.home,
        zone=session.zone,
        run_id=session.run_id,
        fetch=partial(_fetched, session) if fetch else None,
        stopping=stop.is_set,
    )


def _fetched(session: Session) -> Sequence[Text]:
    """Fetch what is due; what went wrong, by source. Where another run is fetching, the watch goes on without it."""
    now = replace(session, now=_now(session), run_id=uuid.uuid4().hex[:12])
    try:
        tallies, _ = fetch_due(now, Asked())
    except LeaseHeldError as error:
        return (error.what,)
    return [
        Text(f"{tally.source.id}: {error.what.ko}", f"{tally.source.id}: {error.what.en}")
        for tally in tallies
        for error in tally.errors
    ]


def _now(session: Session) -> datetime:
    """The clock; an exercise's stands still."""
    return session.now if os.environ.get("BONGSU_NOW") else datetime.now(UTC)


def _holder(session: Session) -> str:
    return f"{session.run_id}@{platform.node()[:40]}:{os.getpid()}"


def _gone(holder: str, session: Session) -> bool:
    """Is this the process of a worker of this machine that is no more? Its lease need not be waited for.

    Where another machine has this one's name the answer is wrong, and costs that worker a turn, which is gone over again.
    """
    here, _, process = holder.partition("@")[2].rpartition(":")
    if os.name != "posix" or here != platform.node()[:40] or holder == _holder(session) or not process.isdecimal():
        return False
    if int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _parent() -> int | None:
    """Who started this worker and must outlive it (`bongsu up`); None: nobody."""
    told = os.environ.get("BONGSU_PARENT", "")
    return int(told) if told.isdecimal() else None
