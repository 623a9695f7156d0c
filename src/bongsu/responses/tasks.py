"""What runs by itself: reminders, statements that wait for the lake, and the standing checks that the catalogue asks for."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError

from bongsu.fusion.today import warnings_at
from bongsu.language import BongsuError, Text
from bongsu.people.errors import RefusedError
from bongsu.people.reader import task
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.responses import actions, queries
from bongsu.responses.home import home_catalogue, home_network, home_zone
from bongsu.responses.publish import LakePublisher, Publisher
from bongsu.responses.states import TaskingState

LOG = logging.getLogger(__name__)
_DOWN = (OperationalError, InterfaceError)  # the database does not answer: whoever runs this waits for it
_PLANNED = "responses.planned"  # for which day, catalogue and network the checks were planned


@dataclass(frozen=True)
class Done:
    """What one run did.

    Args:
        reminded: taskings of which missions were reminded.
        told: reports of which the lake was told; `waiting`: those that still wait, as it could not be written.
        began, ended: standing checks.
        failed: taskings of which the missions could not be reminded.
        said: what a person should know of it: the parts that failed, and what waits.
    """

    reminded: int
    told: int
    waiting: int
    began: int
    ended: int
    failed: int = 0
    said: tuple[Text, ...] = ()


def run(now: datetime) -> Done:
    """All of it, once a minute; each part goes on where it stopped, and none waits for another that failed."""
    said: list[Text] = []
    reminded, failed = _part(Text("독촉", "reminders"), lambda: remind(now), said)
    publisher = LakePublisher(settings.LAKE, uuid.uuid4().hex[:12])
    told, waiting = _part(Text("보고 반영", "statements"), lambda: publish(now, publisher), said)
    began, ended = _part(Text("상시점검 계획", "standing checks"), lambda: plan(now), said)
    if failed:
        said.append(Text(f"확인요청 {failed}건은 독촉하지 못했습니다.", f"{failed} taskings could not be reminded of."))
    if waiting:
        said.append(Text(f"보고 {waiting}건이 반영을 기다립니다.", f"{waiting} reports wait for the lake."))
    return Done(reminded, told, waiting, began, ended, failed, tuple(said))


def _part(name: Text, do: Callable[[], tuple[int, int]], said: list[Text]) -> tuple[int, int]:
    try:
        return do()
    except _DOWN:
        raise
    except Exception as error:  # no other part waits for it
        LOG.exception("%s failed", name.en)  # the formatter leaves the error's words out: they may hold a row
        why = error.what if isinstance(error, BongsuError) else Text(*[type(error).__name__] * 2)
        said.append(Text(f"{name.ko}: {why.ko}", f"{name.en}: {why.en}"))
        return 0, 0


def remind(now: datetime) -> tuple[int, int]:
    """Send the reminders that are due: of how many taskings, and of how many it could not be done."""
    by, count, failed = task(now), 0, 0
    for tasking in queries.taskings(by.reader, state=TaskingState.OPEN):
        try:
            count += bool(actions.remind(by=by, tasking=tasking.id))
        except _DOWN:
            raise
        except RefusedError:
            continue  # it has just ended
        except Exception as error:  # one tasking is odd: no other waits for it  # noqa: BLE001 - counted and said
            failed += 1
            LOG.warning("tasking %s could not be reminded of (%s)", tasking.id, type(error).__name__)
    return count, failed


def publish(now: datetime, publisher: Publisher) -> tuple[int, int]:
    """Tell the lake of every report that waits: how many it was told of, and how many wait on."""
    by, told = task(now), 0
    waiting = queries.unpublished(by.reader)
    for report in waiting:
        try:
            actions.tell(by=by, report=report, publisher=publisher)
        except LakeBusyError:  # so it would be for the rest: they wait for the next minute
            break
        except _DOWN:
            raise
        except Exception as error:  # one report is odd: no other waits for it  # noqa: BLE001 - it waits on, and is said
            LOG.warning("report %s could not be told to the lake (%s)", report, type(error).__name__)
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
