"""What drives the watch: fetch → records → indicators → detectors → fusion → raise, one turn at a time, each alert once."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from bongsu.alerts import actions, cycle
from bongsu.alerts.evidence import as_json
from bongsu.alerts.jobs import Clock, Lease, LeaseLostError, held
from bongsu.alerts.models import Cycle
from bongsu.alerts.queries import to_escalate
from bongsu.alerts.routing import route
from bongsu.fusion.today import warnings_at
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.items.catalogue import Catalogue
from bongsu.language import BongsuError, Text
from bongsu.missions.network import Network
from bongsu.people.anchors import anchor as note_head
from bongsu.people.errors import RefusedError
from bongsu.people.reader import task
from bongsu.records.lake import Lake

Fetch = Callable[[], Sequence[Text]]
MOST_TRIES = 3  # of one turn; then the present moment matters more
LOG = logging.getLogger("bongsu.alerts")


class StoppedError(BongsuError):
    """The worker was told to end; the turn is gone over again by the next one."""

    def __init__(self) -> None:
        super().__init__(Text("끝내라는 말을 듣고 멈추었습니다.", "it was told to stop."))


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is watched, and for whom.

    Args:
        lake: opens it.
        catalogue: the home's items; asked anew each turn, as an officer may have changed them.
        network: missions, ministries and desks.
        home: ISO alpha-3; `zone`: its time zone.
        run_id: of the worker's run.
        fetch: asks the sources that are due, and says what went wrong; None: this machine fetches nothing.
        stopping: was the worker told to end?
    """

    lake: Callable[[], Lake]
    catalogue: Callable[[], Catalogue]
    network: Network
    home: str
    zone: str
    run_id: str
    fetch: Fetch | None = None
    stopping: Callable[[], bool] = field(default=lambda: False)


def turn(watched: Watched, lease: Lease, clock: Clock) -> tuple[Cycle, ...]:
    """One turn under the lease; a dead one is gone over again first, if there is one, but not for ever.

    Raises:
        LeaseLostError: another worker has taken over.
        StoppedError: the worker was told to end.
    """
    turns: list[Cycle] = []
    lost: list[Text] = []
    while (dead := cycle.dead_turn()) is not None:
        lost += _tried(watched, lease, dead, clock, ())
        turns.append(dead)
    started = clock()
    said = watched.fetch() if watched.fetch else ()
    with held(lease):
        new = cycle.begin(clock(), started, watched.run_id)
    _tried(watched, lease, new, clock, (*lost, *said))
    return (*turns, new)


def _tried(watched: Watched, lease: Lease, turn_: Cycle, clock: Clock, said: Sequence[Text]) -> tuple[Text, ...]:
    """Judge a turn; one that fails time and again is given up, so that it holds up no later one. What it says then."""
    try:
        _judged(watched, lease, turn_, clock, said)
    except (StoppedError, LeaseLostError):
        raise
    except Exception as error:
        with held(lease):
            tries = cycle.failed(turn_)
        if tries < MOST_TRIES:
            raise
        given_up = _GIVEN_UP.format(at=f"{turn_.moment:%Y-%m-%d %H:%M} UTC", kind=type(error).__name__)
        with held(lease):
            cycle.give_up(turn_, clock(), [*said, given_up])
        LOG.exception("a turn was given up")
        return (given_up,)
    return ()


def _judged(watched: Watched, lease: Lease, turn_: Cycle, clock: Clock, said: Sequence[Text]) -> Cycle:
    """Every warning as of the turn's moment, taken up; each in a transaction of its own, so that none waits for another."""
    catalogue = watched.catalogue()
    found = _warnings(watched, catalogue, turn_.moment)
    eyes = _Eyes(watched, catalogue, turn_.moment, cycle.before(turn_, [one.subject for one in found]))
    done: Counter[str] = Counter()
    wrong = list(said)
    for warning in found:
        if watched.stopping():
            raise StoppedError
        with held(lease):
            try:
                done[eyes.take_up(warning)] += 1
            except RefusedError as error:  # one that cannot be taken up holds up no other
                done["refused"] += 1
                wrong.append(Text(f"{warning.subject}: {error.what.ko}", f"{warning.subject}: {error.what.en}"))
    with held(lease):
        cycle.finish(turn_, clock(), cycle.counted(done, {one.subject: one.level for one in found}), wrong)
    return turn_


def _warnings(watched: Watched, catalogue: Catalogue, moment: datetime) -> tuple[Warning, ...]:
    lake = watched.lake()
    try:
        snapshot = lake.snapshot()
        return warnings_at(snapshot, catalogue, watched.network, moment, home=watched.home, zone=watched.zone)
    finally:
        lake.close()


_GIVEN_UP = Text(
    "{at} 시점의 감시가 거듭 실패하여 포기하고 지금으로 넘어갔습니다({kind}).",
    "the turn as of {at} failed time and again, and was given up for the present one ({kind}).",
)


class _Eyes:
    """Takes up the warnings of one moment, each with those whom it concerns."""

    def __init__(self, watched: Watched, catalogue: Catalogue, moment: datetime, stood: cycle.Before) -> None:
        self._by = task(moment)
        self._on = moment.astimezone(ZoneInfo(watched.zone)).date()
        self._items = catalogue.as_of(self._on)
        self._network = watched.network
        self._staff = cycle.staff_at(moment)
        self._stood = stood

    def take_up(self, warning: Warning) -> str:
        """Raise, observe or leave it."""
        kept = as_json(warning)
        if not self._stood.matters(warning.subject, warning.level):
            return "left"
        routed = route(
            self._items.item(warning.subject),
            kept,
            network=self._network,
            on=self._on,
            level=warning.level,
            on_duty=self._staff.on_duty,
            centre=self._staff.centre,
            staffed=self._staff.staffed,
        )
        return cycle.take_up(self._by, kept, routed.concerned, self._stood)


def escalate(now: datetime) -> int:
    """Hand on every alert that nobody acknowledged in time; how many."""
    waiting = to_escalate(task(now).reader, now)
    for alert in waiting:
        with suppress(RefusedError):  # somebody has just closed it, or taken it
            actions.escalate(by=task(now), alert=alert)
    return len(waiting)


def anchor(now: datetime) -> None:
    """Note the audit trail's head outside the database."""
    note_head(settings.ANCHORS, settings.AUDIT_KEY, now)
