"""The watch as it runs by itself and on the command line: under a budget, with the sources' clocks read off the lake's journal."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bongsu.detectors.publisher import publishers
from bongsu.fusion.budget import Budget
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import Catalogue
from bongsu.missions.network import Network
from bongsu.records.journal import LANDED, UNCHANGED
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import sources


def warnings_at(
    snapshot: Snapshot,
    catalogue: Catalogue,
    network: Network,
    moment: datetime,
    *,
    home: str,
    zone: str,
    items: Collection[str] | None = None,
    budget: Budget | None = None,
) -> tuple[Warning, ...]:
    """All warnings at a moment, the gravest first, under the default budget where none is given."""
    clocks = publishers(sources(), reads_of(snapshot))
    marks = (budget or Budget()).marks
    return watch(snapshot, catalogue, network, moment, clocks, home=home, zone=zone, items=items, marks=marks)


def reads_of(snapshot: Snapshot) -> Mapping[str, Sequence[datetime]]:
    """When each source was read, by the journal: every delivery that was looked at, also one that brought nothing new."""
    reads: dict[str, list[datetime]] = {}
    for entry in snapshot.journal():
        if entry.status in (LANDED, UNCHANGED):
            reads.setdefault(entry.source, []).append(entry.read_at)
    return reads
