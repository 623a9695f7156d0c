"""The watch: every item's warning at a moment, the gravest first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bongsu.detectors.dependence import Dependence, dependence
from bongsu.detectors.flow import Stream, Supply, flow_signals, supply
from bongsu.detectors.measure import measure_signals
from bongsu.detectors.price import SeriesId, price_signals
from bongsu.detectors.publisher import Publisher, Setting
from bongsu.detectors.signal import MARKS, Layer, Marks, Signal
from bongsu.detectors.statement import statement_signals
from bongsu.detectors.suspension import suspension_questions
from bongsu.detectors.transit import transit_signals
from bongsu.detectors.unit_value import unit_value_signals
from bongsu.fusion.fuse import Known, fuse
from bongsu.fusion.gather import Evidence, Snapshot, gather
from bongsu.fusion.span import Span
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.items.catalogue import Catalogue
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.missions.network import Network

BETWEEN = 1.5  # where an unknown level stands in the ranking: above calm, below the first real sign


def watch(  # noqa: PLR0913 - what a warning depends on, each thing by its name
    snapshot: Snapshot,
    catalogue: Catalogue,
    network: Network,
    moment: datetime,
    publishers: Mapping[str, Publisher],
    *,
    home: str = "KOR",
    zone: str = "Asia/Seoul",
    items: Collection[str] | None = None,
    marks: Marks = MARKS,
) -> tuple[Warning, ...]:
    """Warnings of all items, by level, then by movement.

    Args:
        snapshot: the lake.
        catalogue: the items, of any day; only what was public by `moment` counts.
        network: missions and ministries.
        moment: as of when.
        publishers: the sources' clocks, by source id.
        home: ISO alpha-3.
        zone: the home time zone, which says what day it is.
        items: ids; None: all. UsageError names one that does not exist.
        marks: from which strength a signal is raised or strong, by the budget.

    Returns:
        One warning an item, also where nothing is known of it.
    """
    on = moment.astimezone(ZoneInfo(zone)).date()
    chosen, names = _standing(catalogue, on, items)
    evidence = gather(snapshot, chosen, home, on, moment)
    at = setting(home, on, publishers, moment)
    return _ranked(warn(item, evidence, names, network, at, moment, marks=marks) for item in chosen)


def watches(  # noqa: PLR0913 - as for `watch`
    snapshot: Snapshot,
    catalogue: Catalogue,
    network: Network,
    moments: Iterable[datetime],
    publishers: Mapping[str, Publisher],
    *,
    home: str = "KOR",
    zone: str = "Asia/Seoul",
    items: Collection[str] | None = None,
    marks: Marks = MARKS,
) -> Iterator[tuple[datetime, tuple[Warning, ...]]]:
    """What `watch` says at each of many moments, its arguments being the same; what does not change is laid out once."""
    span = Span(snapshot, home)
    for moment in moments:
        on = moment.astimezone(ZoneInfo(zone)).date()
        chosen, names = _standing(catalogue, on, items)
        evidence = span.evidence(chosen, on, moment)
        at = setting(home, on, publishers, moment)
        yield moment, _ranked(warn(item, evidence, names, network, at, moment, marks=marks) for item in chosen)


def _standing(
    catalogue: Catalogue, on: date, items: Collection[str] | None
) -> tuple[tuple[Item, ...], Mapping[SeriesId, Text]]:
    """The items asked for as they stood on a day, and what each price series is the price of."""
    standing = catalogue.as_of(on)
    every = tuple(standing.items.values())
    return every if items is None else tuple(map(standing.item, sorted(set(items)))), series_names(every)


def setting(home: str, on: date, publishers: Mapping[str, Publisher], moment: datetime) -> Setting:
    """For whom and when the detectors are asked."""
    read = {id_: one.last_read(moment) for id_, one in publishers.items()}
    return Setting(home, on, publishers, {id_: when for id_, when in read.items() if when is not None})


def _ranked(found: Iterable[Warning]) -> tuple[Warning, ...]:
    return tuple(sorted(found, key=_rank))


def _rank(warning: Warning) -> tuple[float, float, str]:
    return -(BETWEEN if warning.level is None else warning.level), -warning.movement, warning.subject


def series_names(items: Sequence[Item]) -> Mapping[SeriesId, Text]:
    """What each price series is the price of: the first item, by id, that has it as its own."""
    names: dict[SeriesId, Text] = {}
    for item in items:
        for one in item.prices:
            if one.of == "self":
                names.setdefault((one.source, one.series), item.name)
    return names


def main_stream(streams: Sequence[Stream]) -> Stream | None:
    """The home's customs figures: of several sources the newest, then the first in the alphabet."""
    own = [one for one in streams if one.layer is Layer.OWN_CUSTOMS]
    return min(own, key=lambda one: (-one.last.toordinal(), one.source), default=None)


def warn(
    item: Item,
    evidence: Evidence,
    names: Mapping[SeriesId, Text],
    network: Network,
    at: Setting,
    moment: datetime,
    *,
    marks: Marks = MARKS,
) -> Warning:
    """The warning of one item, from what `gather` laid out."""
    streams = evidence.streams.get(item.id, ())
    own = main_stream(streams)
    imports = None if own is None else supply(own)
    depends = dependence(item, evidence.facts, imports, at)
    signals = _signals(item, evidence, names, depends, imports, at)
    known = Known(
        depends=depends,
        supply=imports,
        spare=evidence.spares.get(item.id, {}),
        asked=suspension_questions(item, evidence.measures, at.home),
    )
    return fuse(item, signals, known, network, at.on, moment=moment, marks=marks)


def _signals(
    item: Item,
    evidence: Evidence,
    names: Mapping[SeriesId, Text],
    depends: Dependence | None,
    imports: Supply | None,
    at: Setting,
) -> tuple[Signal, ...]:
    main = depends.partner if depends else None
    suppliers = {supplier.country for supplier in item.suppliers}
    suppliers |= {partner for partner, _ in imports.shares} if imports else set()
    streams = evidence.streams.get(item.id, ())
    return (
        *measure_signals(item, evidence.measures, main, suppliers, at),
        *statement_signals(item, evidence.statements, main, suppliers, at),
        *transit_signals(item, evidence.transits, at),
        *price_signals(item, evidence.prices, names, at),
        *unit_value_signals(item, streams, at),
        *flow_signals(item, streams, main, at),
    )
