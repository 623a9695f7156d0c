"""What runs by itself: reminders, statements that wait for the lake, and the standing checks that the catalogue asks for."""

import logging
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache

from bongsu.fusion.today import warnings_at
from bongsu.language import BongsuError
from bongsu.people.errors import RefusedError
from bongsu.people.reader import task
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.responses import actions, queries
from bongsu.responses.home import home_catalogue, home_network, home_zone
from bongsu.responses.publish import LakePublisher, Publisher
from bongsu.responses.states import TaskingState

LOG = logging.getLogger(__name__)
_PLANNED = "responses.planned"  # for which day, catalogue and network the checks were planned


@dataclass(frozen=True)
class Done:
    """What one run did.

    Args:
        reminded: taskings of which missions were reminded.
        told: reports of which the lake was told; `waiting`: those that still wait, as it could not be written.
        began, ended: standing checks.
    """

    reminded: int
    told: int
    waiting: int
    began: int
    ended: int


def run(now: datetime) -> Done:
    """All of it, once a minute; each part goes on where it stopped."""
    reminded = remind(now)
    told, waiting = publish(now, LakePublisher(settings.LAKE, uuid.uuid4().hex[:12]))
    began, ended = plan(now)
    return Done(reminded, told, waiting, began, ended)


def remind(now: datetime) -> int:
    """Send the reminders that are due; of how many taskings."""
    by, count = task(now), 0
    for tasking in queries.taskings(by.reader, state=TaskingState.OPEN):
        with suppress(RefusedError):  # it has just ended
            count += bool(actions.remind(by=by, tasking=tasking.id))
    return count


def publish(now: datetime, publisher: Publisher) -> tuple[int, int]:
    """Tell the lake of every report that waits: how many it was told of, and how many wait on."""
    by, told = task(now), 0
    waiting = queries.unpublished(by.reader)
    for report in waiting:
        try:
            actions.tell(by=by, report=report, publisher=publisher)
        except LakeBusyError:  # so it would be for the rest: they wait for the next minute
            break
        except BongsuError:  # one report is odd: no other waits for it
            LOG.warning("report %s could not be told to the lake", report)
        else:
            told += 1
    return told, len(waiting) - told


def plan(now: datetime) -> tuple[int, int]:
    """Bring the standing checks in line with the catalogue and today's grades: how many began and ended.

    Once a day, or when the catalogue or the network has changed; a cache that forgets only makes it be done again.
    """
    on = now.astimezone(ZoneInfo(home_zone())).date()
    catalogue, network = home_catalogue(), home_network()
    stamp = f"{on} {catalogue.version} {network.digest}"
    if cache.get(_PLANNED) == stamp:
        return 0, 0
    done = actions.plan_checks(by=task(now), catalogue=catalogue, network=network, on=on, grades=letters(now))
    cache.set(_PLANNED, stamp, timeout=2 * 24 * 3600)
    return done


def letters(now: datetime) -> dict[str, str | None]:
    """Each item's grade A–D as the watch gives it, by what the lake holds; None: not known."""
    lake = Lake(settings.LAKE)
    try:
        snapshot = lake.snapshot()
        found = warnings_at(snapshot, home_catalogue(), home_network(), now, home=settings.HOME, zone=home_zone())
    finally:
        lake.close()
    return {one.subject: one.grade.letter for one in found}
