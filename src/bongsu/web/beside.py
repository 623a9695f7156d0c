"""Official alerts beside ours: read from the lake once for each state of it, not once for each page that is opened."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bongsu.alerts.official import NONE_ON_RECORD, STANDS_NAMES, OfficialAlert, official_alerts
from bongsu.codes.zones import zones
from bongsu.language import BongsuError, Text
from bongsu.people.reader import Reader
from bongsu.people.roles import OFFICERS
from bongsu.web import names

_UNREADABLE = Text("기록 저장소를 읽지 못했습니다.", "The lake could not be read.")
_FRESH = timedelta(minutes=10)  # what becomes known between two deliveries shows within so long


def official(reader: Reader, item: str, moment: datetime) -> tuple[list[tuple[OfficialAlert, Text]], Text | None]:
    """What authorities have declared about an item, and where there is nothing, why."""
    found = names.home_catalogue().items.get(item)
    if reader.role not in OFFICERS or found is None:
        return [], NONE_ON_RECORD
    try:
        told = _read(settings.LAKE, _version(settings.LAKE), item, _step(moment), Reader(user=None, role=reader.role))
    except (BongsuError, OSError):
        return [], _UNREADABLE
    return [(one, STANDS_NAMES[one.stands]) for one in told], None if told else NONE_ON_RECORD


def _step(moment: datetime) -> datetime:
    """The moment, rounded down, so that pages opened together share a reading."""
    return moment - timedelta(seconds=moment.timestamp() % _FRESH.total_seconds())


def _version(folder: Path) -> int:
    """The number of the lake's last delivery; -1: there is no lake yet."""
    from bongsu.records.journal import Journal  # noqa: PLC0415 - its engine takes a second to import

    last = Journal(folder / "journal").last()
    return -1 if last is None else last.seq


@lru_cache(maxsize=512)
def _read(folder: Path, version: int, item: str, moment: datetime, reader: Reader) -> tuple[OfficialAlert, ...]:
    if version < 0:
        return ()
    from bongsu.records.lake import Lake  # noqa: PLC0415 - its engine takes a second to import

    lake, zone = Lake(folder, threads=1), zones().get(settings.HOME, "UTC")
    try:
        return official_alerts(reader, lake.snapshot(), names.home_catalogue().items[item], moment, zone=zone)
    finally:
        lake.close()
