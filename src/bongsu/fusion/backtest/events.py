"""The true events against which the fused backtest's alarms are held: official acts abroad, written down beforehand."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

FILE = Path(__file__).parent / "data" / "events.csv"
WINDOW = timedelta(days=183)  # before an act is announced, and after it takes effect


@dataclass(frozen=True)
class Event:
    """An act that cut or threatened an item's supply.

    Args:
        item: its id.
        announced, effective: days.
        what: in a few words; `citation` names the act and its publisher.
    """

    item: str
    announced: date
    effective: date
    what: str
    citation: str

    def holds(self, day: date) -> bool:
        """Is an alarm that starts on `day` about this event?"""
        return self.announced - WINDOW <= day <= max(self.announced, self.effective) + WINDOW


def read_events(file: Path = FILE) -> tuple[Event, ...]:
    """The events of a file, as its README says."""
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(_event(row) for row in csv.DictReader(stream))


def _event(row: Mapping[str, str]) -> Event:
    announced, effective = (date.fromisoformat(row[name]) for name in ("announced", "effective"))
    return Event(row["item"], announced, effective, row["what"], row["citation"])


def by_item(events: Iterable[Event]) -> Mapping[str, tuple[Event, ...]]:
    """Events by item."""
    found: dict[str, tuple[Event, ...]] = {}
    for event in events:
        found[event.item] = (*found.get(event.item, ()), event)
    return found


def event_of(events: Iterable[Event], day: date) -> Event | None:
    """The event that an alarm on `day` is about; None: it is false."""
    return next((event for event in events if event.holds(day)), None)
