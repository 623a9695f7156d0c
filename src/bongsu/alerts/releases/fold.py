"""A release from its events: the present row, and the row as it stood at any moment."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bongsu.alerts.models import Release, ReleaseEvent
from bongsu.alerts.releases.rules import EDGES, State, Step

TEXTS = ("title_ko", "title_en", "obligation_ko", "obligation_en", "alternatives_ko", "alternatives_en")
WORDS = (*TEXTS, "items", "hs_codes", "deadline", "original")  # what is written in a release


def fold(release: Release, events: Iterable[ReleaseEvent]) -> Release:
    """`release` with every column that its events say; they come in order, from the first on."""
    for event in events:
        apply(release, event)
    return release


def apply(release: Release, event: ReleaseEvent) -> None:
    """What one event makes of the row."""
    step = Step(event.kind)
    if step in (Step.DRAFT, Step.EDIT):
        for name, value in written(event.data["text"]).items():
            setattr(release, name, value)
    if step is Step.DRAFT:
        release.state, release.author_id = State.DRAFT, event.actor_id or 0
    else:
        release.state = EDGES[State(release.state), step]
    if step is Step.APPROVE:
        release.published_at = event.at
    release.version, release.updated_at = event.seq, event.at


def written(text: Mapping[str, Any]) -> dict[str, Any]:
    """An event's text as the columns hold it."""
    deadline = text["deadline"]
    return {**text, "deadline": date.fromisoformat(deadline) if isinstance(deadline, str) else deadline}


def writers(events: Iterable[ReleaseEvent]) -> frozenset[int | None]:
    """Who has written in it."""
    return frozenset(event.actor_id for event in events if event.kind in (Step.DRAFT, Step.EDIT))


def as_it_stood(events: Iterable[ReleaseEvent], at: datetime) -> tuple[Release, ...]:
    """The releases that were there at a moment; `events` of any number of releases, each one's in order."""
    found: dict[Any, Release] = {}
    for event in events:
        if event.at <= at:
            row = found.setdefault(event.of_id, Release(pk=event.of_id, alert_id=event.of.alert_id))
            apply(row, event)
    return tuple(sorted(found.values(), key=lambda row: (-row.updated_at.timestamp(), str(row.pk))))
