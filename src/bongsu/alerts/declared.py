"""Official alerts about an item, from the floor's lake: read once for each state of it, not once for each who asks."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bongsu.alerts.official import NONE_ON_RECORD, OfficialAlert, official_alerts
from bongsu.codes.zones import zones
from bongsu.items.catalogue import catalogue_for
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.people.reader import Reader

log = logging.getLogger("bongsu.alerts")
_FRESH = timedelta(minutes=10)  # what becomes known between two deliveries shows within so long


class Record(StrEnum):
    """What the record says of official alerts about a subject."""

    DECLARED = "declared"
    NONE = "none"  # on record, which is not that there was none
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"  # the subject is no item of the catalogue: nothing could be looked for


WHY_NOTHING = {
    Record.NONE: NONE_ON_RECORD,
    Record.UNREADABLE: Text("기록 저장소를 읽지 못했습니다.", "The lake could not be read."),
    Record.UNKNOWN: Text(
        "품목 목록에 없는 대상이어서 공식 경보를 찾아보지 못했습니다.",
        "Its subject is not in the catalogue of items, so no official alert could be looked for.",
    ),
}


@dataclass(frozen=True)
class Declared:
    """What authorities have declared about an item, and where there is nothing, why.

    Args:
        record: what the record says.
        alerts: those in effect first.
    """

    record: Record
    alerts: tuple[OfficialAlert, ...] = ()

    @property
    def why(self) -> Text | None:
        """Why nothing is told; None: something is."""
        return WHY_NOTHING.get(self.record)


def declared(reader: Reader, item: str, moment: datetime) -> Declared:
    """What authorities have declared about an item, as known at a moment."""
    if item not in _items():
        return Declared(Record.UNKNOWN)
    asks = Reader(user=None, role=reader.role)  # all that the record looks at: officers share a reading
    try:
        told = _read(settings.LAKE, _version(settings.LAKE), item, _step(moment), asks)
    except Exception:  # whatever is wrong with the lake and its engines, the alert itself can be shown
        log.exception("official alerts could not be read")
        return Declared(Record.UNREADABLE)
    return Declared(Record.DECLARED if told else Record.NONE, told)


def _items() -> Mapping[str, Item]:
    """The home's items."""
    return catalogue_for(settings.HOME).items


def _step(moment: datetime) -> datetime:
    """The moment, rounded down, so that those who ask together share a reading."""
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
        return official_alerts(reader, lake.snapshot(), _items()[item], moment, zone=zone)
    finally:
        lake.close()
