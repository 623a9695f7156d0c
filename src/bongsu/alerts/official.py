"""Official alerts (공식 경보) beside an alert: what authorities have declared by law, in their words, as known at a moment.

They are records and stand in the lake. A stage changes no level of ours, and no level changes a stage.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.detectors.dependence import touches
from bongsu.detectors.signal import RecordRef, ref_of
from bongsu.fusion.gather import Snapshot
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.people.reader import Reader
from bongsu.people.roles import OFFICERS
from bongsu.records.shapes import OFFICIAL_ALERT

NONE_ON_RECORD = Text(
    "기록된 공식 경보가 없다. 발령되지 않았다는 뜻은 아니다.",
    "No official alert is on record, which does not mean that none was declared.",
)


class Stands(StrEnum):
    """Where a declared stage stands on a day."""

    STANDING = "standing"
    ANNOUNCED = "announced"  # its first day is still to come
    OVER = "over"  # its stated last day has passed, and nobody has said that it ended
    ENDED = "ended"


STANDS_NAMES = {
    Stands.ANNOUNCED: Text("예고됨", "announced"),
    Stands.STANDING: Text("발령 중", "in effect"),
    Stands.OVER: Text("기한이 지남", "past its stated end"),
    Stands.ENDED: Text("해제됨", "ended"),
}


@dataclass(frozen=True, kw_only=True)
class OfficialAlert:
    """A stage that an authority has declared, by the newest word on its topic.

    Args:
        jurisdiction, law, issuer, topic: whose, and about what.
        stage: in the issuer's words; None where the law knows none.
        stands: where it stands on the day.
        since, until: its first day, and the stated last one.
        ended_on: the day on which it was ended; None: not.
        items, hs_codes, areas: what it names; empty: it does not say.
        published, known_at: when.
        citation: where it was announced.
        refs: the way back to the records.
    """

    jurisdiction: str
    law: str
    issuer: str
    topic: str
    stage: str | None
    stands: Stands
    since: date
    until: date | None
    ended_on: date | None
    items: tuple[str, ...]
    hs_codes: tuple[str, ...]
    areas: tuple[str, ...]
    published: date | None
    known_at: datetime
    citation: str | None
    refs: tuple[RecordRef, ...]


def official_alerts(
    reader: Reader, snapshot: Snapshot, subject: Item | str, moment: datetime, *, zone: str = "Asia/Seoul"
) -> tuple[OfficialAlert, ...]:
    """What authorities have declared about an item or an area, as known at a moment; those in effect first.

    Args:
        reader: officers only.
        snapshot: the lake.
        subject: an item, found by its id and codes; or an area's ISO alpha-3.
        moment: as of when.
        zone: the home time zone, which says what day it is.
    """
    if reader.role not in OFFICERS:
        return ()
    on = moment.astimezone(ZoneInfo(zone)).date()
    rows = snapshot.as_of(OFFICIAL_ALERT, moment).to_pyarrow().to_pylist()
    threads: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        threads.setdefault(tuple(row[name] for name in _THREAD), []).append(row)
    found = [one for each in threads.values() if any(_about(row, subject) for row in each) for one in _said(each, on)]
    order = list(Stands)
    return tuple(sorted(found, key=lambda one: (order.index(one.stands), -one.since.toordinal(), one.topic)))


_THREAD = ("source", "jurisdiction", "law", "issuer", "topic")


def _about(row: Mapping[str, Any], subject: Item | str) -> bool:
    if isinstance(subject, str):
        return subject in (row["areas"] or ())
    codes = [hs.code for hs in subject.hs]
    named = subject.id in (row["items"] or ())
    return named or any(touches(code, own) for code in row["hs_codes"] or () for own in codes)


def _said(rows: Sequence[Mapping[str, Any]], on: date) -> Iterator[OfficialAlert]:
    """Of one topic: the last stage that has begun on the day, with what ended it, and those that are still to come."""
    declared = sorted((row for row in rows if row["event"] == "declared"), key=lambda row: row["valid"])
    begun = [row for row in declared if row["valid"] <= on]
    for row in (*begun[-1:], *(row for row in declared if row["valid"] > on)):
        yield _stage(row, [end for end in rows if end["event"] == "ended" and row["valid"] <= end["valid"] <= on], on)


def _stage(row: Mapping[str, Any], ends: Sequence[Mapping[str, Any]], on: date) -> OfficialAlert:
    last = max(ends, key=lambda end: end["valid"], default=None)
    return OfficialAlert(
        **{name: row[name] for name in ("jurisdiction", "law", "issuer", "topic", "stage", "published", "until")},
        items=tuple(row["items"] or ()),
        hs_codes=tuple(row["hs_codes"] or ()),
        areas=tuple(row["areas"] or ()),
        stands=_stands(row, on, ended=last is not None),
        since=row["valid"],
        ended_on=last["valid"] if last else None,
        known_at=row["known_at"],
        citation=row["citation"],
        refs=tuple(_refs(row, last)),
    )


def _refs(*rows: Mapping[str, Any] | None) -> Iterator[RecordRef]:
    yield from (ref_of(OFFICIAL_ALERT, row) for row in rows if row is not None)


def _stands(row: Mapping[str, Any], on: date, *, ended: bool) -> Stands:
    if ended:
        return Stands.ENDED
    if row["valid"] > on:
        return Stands.ANNOUNCED
    return Stands.OVER if row["until"] is not None and row["until"] < on else Stands.STANDING
