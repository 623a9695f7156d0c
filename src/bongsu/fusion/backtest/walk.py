"""The watch, day after day: the same code with another clock."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import ibis

from bongsu.detectors.flow_laying import Lake
from bongsu.detectors.publisher import Publisher
from bongsu.fusion.gather import Snapshot
from bongsu.fusion.span import Span
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import series_names, setting, warn
from bongsu.items.catalogue import Catalogue
from bongsu.missions.network import Network
from bongsu.records.known import end_of_day
from bongsu.records.shapes import DEPENDENCE, MEASURE, PRICE, TRADE_FLOW, TRANSIT

AGAIN = timedelta(days=91)  # after which an alarm that rings on counts again
RESTED_ON = (PRICE, TRANSIT, MEASURE, DEPENDENCE, TRADE_FLOW)


class View(Snapshot, Lake, Protocol):
    """A snapshot of the lake, as the watch and the backtest read it."""


class _Levels(Span):
    """Evidence without what other countries sell elsewhere: it bears on no level, and is the dearest to read."""

    def _part(self, name: str, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - as its base has it
        return {} if name == "spares" else super()._part(name, key, make)


@dataclass(frozen=True)
class Watching:
    """All that the watch of one home rests on, but for the moment.

    Args:
        snapshot: the lake.
        catalogue, network: the home's.
        publishers: the sources' clocks.
        home: ISO alpha-3; `zone` is its time zone.
    """

    snapshot: View
    catalogue: Catalogue
    network: Network
    publishers: Mapping[str, Publisher]
    home: str = "KOR"
    zone: str = "Asia/Seoul"

    def on(
        self, days: Iterable[date], items: Collection[str] | None = None
    ) -> Iterator[tuple[date, tuple[Warning, ...]]]:
        """What the watch says at the end of each day, the items in alphabetical order; alternatives are not looked for."""
        span = _Levels(self.snapshot, self.home)
        for day in days:
            moment = end_of_day(day, self.zone)
            standing = self.catalogue.as_of(day)
            every = tuple(standing.items.values())
            chosen = every if items is None else tuple(map(standing.item, sorted({*items} & {*standing.items})))
            names, at = series_names(every), setting(self.home, day, self.publishers, moment)
            evidence = span.evidence(chosen, day, moment)
            yield day, tuple(warn(item, evidence, names, self.network, at, moment) for item in chosen)

    def turning_days(self, first: date, last: date) -> list[date]:
        """Days in a span on which the watch may say something else than the day before.

        These are the days of publications, those on which an act begins or ends, and the first of each month; and the
        day before each of them, on which a layer that has gone stale in between shows it.
        """
        turns = {first, last} | self._published() | self._acts() | _first_days(first, last)
        both = turns | {day - timedelta(days=1) for day in turns}
        return sorted(day for day in both if first <= day <= last)

    def _published(self) -> set[date]:
        zone, days = ZoneInfo(self.zone), set()
        for record in RESTED_ON:
            known = self.snapshot.versions_of(record).select("known_at").distinct()
            moments: list[datetime] = self.snapshot.arrow(known)["known_at"].to_pylist()
            days |= {moment.astimezone(zone).date() for moment in moments}
        return days

    def _acts(self) -> set[date]:
        columns = ("valid", "effective", "until")
        rows: ibis.Table = self.snapshot.versions_of(MEASURE).select(*columns).distinct()
        cells = [row[name] for row in self.snapshot.arrow(rows).to_pylist() for name in columns]
        days = {day for day in cells if day is not None}
        return days | {day + timedelta(days=1) for day in days}


def _first_days(first: date, last: date) -> set[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return {date(month // 12, month % 12 + 1, 1) for month in months}


def starts(states: Sequence[tuple[date, bool]]) -> list[date]:
    """Days on which episodes start, from days and whether an alarm rings from then on to the next.

    An alarm that rings on counts again every three months; one that rings on the first day counts as beginning there.
    """
    found: list[date] = []
    ringing = False
    for day, rings in states:
        while ringing and (found[-1] + AGAIN < day or (rings and found[-1] + AGAIN == day)):
            found.append(found[-1] + AGAIN)
        if rings and not ringing:
            found.append(day)
        ringing = rings
    return found
