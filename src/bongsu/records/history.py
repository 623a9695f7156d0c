"""The history of one fact when a vintage arrives late: what to write so that order of arrival does not matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What a publisher states of a fact: its values, or None where the fact is withdrawn or not stated.
State = tuple[Any, ...] | None


@dataclass(frozen=True)
class Version:
    """One stored version of a fact."""

    known_at: datetime
    vintage: datetime
    delivery: int
    state: State


def insert(
    versions: Sequence[Version],
    *,
    claim: State,
    known_at: datetime,
    vintage: datetime,
    delivery: int,
    covering: Sequence[datetime],
) -> list[Version]:
    """The versions to write so that `versions` tell the fact's history with one more vintage in it.

    Args:
        versions: what stands, in any order.
        claim: what the arriving delivery states.
        known_at: the row's own `known_at`; it counts if no earlier vintage states the fact.
        vintage: when the arriving delivery was published.
        delivery: its journal sequence, greater than any that stands.
        covering: vintages of the later deliveries that are complete for this fact, or state it, oldest first.
    """
    first = all(version.vintage > vintage for version in versions)
    start = min(known_at, vintage) if first else vintage
    wanted = [(start, vintage, claim)]
    wanted += [(later, later, _stated_by(versions, later)) for later in sorted(covering)]
    moments = sorted({moment for moment, _, _ in wanted} | {v.known_at for v in versions if v.known_at > start})
    opens = {moment for moment, _, _ in wanted}
    written: list[Version] = []
    for moment in moments:
        _, said_in, state = max((want for want in wanted if want[0] <= moment), key=lambda want: want[0])
        # An edition leaves a trace even where reads already give its word (a later edition, landed before, says the
        # same from an earlier moment on): without it, an edition that arrives still later would find it silent.
        untold = moment in opens and _stated_by([*versions, *written], said_in) != state
        if untold or _read([*versions, *written], moment) != state:
            written.append(Version(moment, said_in, delivery, state))
    return written


def _stated_by(versions: Sequence[Version], vintage: datetime) -> State:
    """What the publisher stated as of `vintage`."""
    said = [version for version in versions if version.vintage <= vintage]
    return max(said, key=lambda version: (version.vintage, version.delivery)).state if said else None


def _read(versions: Sequence[Version], moment: datetime) -> State:
    """What an as-of read sees."""
    known = [version for version in versions if version.known_at <= moment]
    return max(known, key=lambda version: (version.known_at, version.delivery)).state if known else None
