"""The clock of a source: when its next figure is due, and from when the one we hold is stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bongsu.detectors.signal import State
from bongsu.language import Text
from bongsu.records.known import Lag, period_end
from bongsu.sources.source import Source

_STEPS = {"daily": "D", "weekly": "W", "monthly": "M", "yearly": "A"}


@dataclass(frozen=True)
class Publisher:
    """What the detectors need of a source.

    Args:
        id: the source.
        name: what people call it.
        lag: from a period's end to its figure.
        cadence: daily, weekly, monthly, yearly; irregular follows the figure's own frequency.
        reads: when it was read, oldest first, whatever came of it.
    """

    id: str
    name: Text
    lag: Lag
    cadence: str = "irregular"
    reads: tuple[datetime, ...] = ()

    def last_read(self, moment: datetime) -> datetime | None:
        """When it was last read by a moment; None: never."""
        return next((when for when in reversed(self.reads) if when <= moment), None)

    def stale_from(self, valid: date, frequency: str) -> date:
        """The day on which a figure of the period starting on `valid` is older than cadence, lag and one period.

        The cadence is the source's (irregular: the figure's own frequency), the period is the figure's, and the lag is
        that of the figure which would stand there: from then on a newer one should have been out for a whole period.
        """
        step = _STEPS.get(self.cadence, frequency)
        newer = _later(_later(valid, step), frequency)
        return self.lag.publication_day(newer, frequency) + timedelta(days=1)

    def state(self, valid: date, frequency: str, on: date) -> State:
        """Live or stale on a day."""
        return State.STALE if on >= self.stale_from(valid, frequency) else State.LIVE


@dataclass(frozen=True)
class Setting:
    """For whom and when a detector is asked.

    Args:
        home: ISO alpha-3 of the country that watches.
        on: the day, in its time zone.
        publishers: what is known of the sources.
        last_read: by source id, when it was last read by then, whatever came of it; absent: never.
    """

    home: str
    on: date
    publishers: Mapping[str, Publisher]
    last_read: Mapping[str, datetime] = field(default_factory=dict)

    def publisher(self, source: str) -> Publisher:
        """The publisher of `source`; one that nobody described is taken to publish 45 days after a period."""
        return self.publishers.get(source) or Publisher(source, Text(source, source), Lag(days=45))


def _later(first: date, frequency: str) -> date:
    """A day, one `frequency` further on."""
    if frequency in ("D", "W"):
        return period_end(first, frequency) + timedelta(days=1)
    month = period_end(first.replace(day=1), frequency) + timedelta(days=1)
    return month.replace(day=min(first.day, period_end(month, "M").day))


def publishers(
    sources: Mapping[str, Source], reads: Mapping[str, Sequence[datetime]] | None = None
) -> Mapping[str, Publisher]:
    """The publishers of the known sources, by id.

    Args:
        sources: by id.
        reads: by source id, when it was read, in any order.
    """
    read = reads or {}
    return {
        id_: Publisher(id_, one.name, one.lag, one.cadence, tuple(sorted(read.get(id_, ()))))
        for id_, one in sources.items()
    }
