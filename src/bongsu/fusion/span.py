"""Evidence for many moments: each part is laid out again only where the lake, or the day, could make it another one.

What was known at two moments differs only if some version of some record became known in between. So the moments of
publication are read once, and a part that was laid out after the same publications is the same part: nothing is
approximated, and asking day by day gives what asking once gives.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from bongsu.fusion.gather import (
    Evidence,
    Snapshot,
    ids_of,
    known_facts,
    known_measures,
    known_prices,
    known_spares,
    known_statements,
    known_streams,
    known_transits,
    places_of,
    series_of,
)
from bongsu.items.item import Item
from bongsu.records.shapes import DEPENDENCE, MEASURE, PRICE, STATEMENT, TRADE_FLOW, TRANSIT, RecordType
from bongsu.records.snapshot import Where

T = TypeVar("T")


@dataclass
class Span:
    """The evidence of a lake for one home, moment after moment.

    Args:
        snapshot: the lake.
        home: ISO alpha-3.
    """

    snapshot: Snapshot
    home: str
    _kept: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)
    _published: dict[str, list[datetime]] = field(default_factory=dict)
    _turns: list[date] | None = None

    def evidence(self, items: Sequence[Item], on: date, moment: datetime) -> Evidence:
        """What `gather` would give; the arguments are its own."""
        lake, home = self.snapshot, self.home
        series, places, ids = series_of(items), places_of(items), ids_of(items)
        month, wanted = on.replace(day=1), tuple((item.id, item.hs) for item in items)
        ours = (self._seen(TRADE_FLOW, moment, *self._ours), month, wanted)
        others = (self._seen(TRADE_FLOW, moment), month, wanted)
        return Evidence(
            prices=self._part(
                "prices", (series, self._seen(PRICE, moment)), lambda: known_prices(lake, series, moment)
            ),
            transits=self._part(
                "transits", (places, self._seen(TRANSIT, moment)), lambda: known_transits(lake, places, moment)
            ),
            measures=self._part(
                "measures", (self._seen(MEASURE, moment), self._turned(on)), lambda: known_measures(lake, on, moment)
            ),
            facts=self._part("facts", self._seen(DEPENDENCE, moment), lambda: known_facts(lake, home, moment)),
            streams=self._part("streams", ours, lambda: known_streams(lake, items, home, on, moment)),
            spares=self._part("spares", others, lambda: known_spares(lake, items, home, on, moment)),
            statements=self._part(
                "statements", (ids, self._seen(STATEMENT, moment)), lambda: known_statements(lake, ids, moment)
            ),
        )

    def _part(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """The part as it was laid out last, if that was under the same key."""
        kept = self._kept.get(name)
        if kept is None or kept[0] != key:
            kept = self._kept[name] = (key, make())
        found: T = kept[1]
        return found

    @property
    def _ours(self) -> tuple[Where, Where]:
        """The home's imports, and the others' exports to it."""
        return {"flow": "import", "reporter": self.home}, {"flow": "export", "partner": self.home}

    def _seen(self, record: RecordType, moment: datetime, *where: Where) -> int:
        """How many publications of a record type, or of these parts of it, lie before a moment."""
        name = f"{record.name} {where}"
        if name not in self._published:
            parts = [self.snapshot.versions_of(record, part).select("known_at").distinct() for part in where or ({},)]
            known = {when for part in parts for when in part.to_pyarrow()["known_at"].to_pylist()}
            self._published[name] = sorted(known)
        return bisect_right(self._published[name], moment)

    def _turned(self, on: date) -> int:
        """How many of the days lie behind on which some measure may begin to stand otherwise."""
        if self._turns is None:
            rows = self.snapshot.versions_of(MEASURE).select("valid", "effective", "until").distinct().to_pyarrow()
            self._turns = sorted({day for row in rows.to_pylist() for day in _days(row)})
        return bisect_right(self._turns, on)


def _days(row: Mapping[str, date | None]) -> list[date]:
    """The day of the event, that of taking effect, and the one after a stated end."""
    until = row["until"]
    after = None if until is None else until + timedelta(days=1)
    return [day for day in (row["valid"], row["effective"], after) if day is not None]
