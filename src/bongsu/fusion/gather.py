"""Everything the detectors need, read once for all items: a few narrow reads of a snapshot, and no query in a loop."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import ibis
import pyarrow as pa

from bongsu.detectors.flow import MONTHS, Stream, earlier, stream
from bongsu.detectors.price import PriceReading, SeriesId, price_readings
from bongsu.detectors.signal import Layer
from bongsu.detectors.transit import TOTAL, TransitReading, transit_readings
from bongsu.fusion.spare import Spares, first_day, spares
from bongsu.indicators.measure_status import measure_status
from bongsu.indicators.partners import WORLD, goods_only, is_supplier
from bongsu.items.item import HsCode, Item
from bongsu.records.shapes import DEPENDENCE, MEASURE, PRICE, STATEMENT, TRADE_FLOW, TRANSIT, RecordType
from bongsu.records.snapshot import Where

HS6 = 6
KEPT = 6 * MONTHS  # months of flows that the detectors look at


class Snapshot(Protocol):
    """The lake at one state of its tables."""

    def as_of(self, record: RecordType, moment: datetime, where: Where | None = None) -> ibis.Table:
        """One row a fact of `record`, in the version known at `moment`, narrowed by key columns."""
        ...

    def versions_of(self, record: RecordType, where: Where | None = None) -> ibis.Table:
        """Every version of every fact of `record`."""
        ...


@dataclass(frozen=True)
class Evidence:
    """What is known of all items at a moment, laid out for the detectors.

    Args:
        prices: newest readings by source and series.
        transits: newest readings by chokepoint.
        measures: `measure_status` rows of the day.
        facts: `dependence` rows.
        streams: by item id, the home's customs and the mirror flows.
        spares: by item id, what other countries sell elsewhere.
        statements: `statement` rows of the items.
    """

    prices: Mapping[SeriesId, PriceReading]
    transits: Mapping[str, TransitReading]
    measures: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    streams: Mapping[str, tuple[Stream, ...]]
    spares: Spares = field(default_factory=dict)
    statements: Sequence[Mapping[str, Any]] = ()


def gather(snapshot: Snapshot, items: Sequence[Item], home: str, on: date, moment: datetime) -> Evidence:
    """Read each record type once.

    Args:
        snapshot: the lake.
        items: all that are asked for.
        home: ISO alpha-3.
        on: the day, in the home time zone.
        moment: what was known then counts, nothing later.
    """
    return Evidence(
        prices=known_prices(snapshot, series_of(items), moment),
        transits=known_transits(snapshot, places_of(items), moment),
        measures=known_measures(snapshot, on, moment),
        facts=known_facts(snapshot, home, moment),
        streams=known_streams(snapshot, items, home, on, moment),
        spares=known_spares(snapshot, items, home, on, moment),
        statements=known_statements(snapshot, ids_of(items), moment),
    )


def series_of(items: Iterable[Item]) -> tuple[str, ...]:
    """The price series of items and of their inputs."""
    return tuple(sorted({one.series for item in items for one in item.prices}))


def places_of(items: Iterable[Item]) -> tuple[str, ...]:
    """The chokepoints on items' ways home."""
    return tuple(sorted({route.chokepoint for item in items for route in item.routes}))


def ids_of(items: Iterable[Item]) -> tuple[str, ...]:
    """The ids of items."""
    return tuple(sorted(item.id for item in items))


def known_prices(snapshot: Snapshot, series: tuple[str, ...], moment: datetime) -> Mapping[SeriesId, PriceReading]:
    """The newest readings of price series."""
    return price_readings(_rows(snapshot.as_of(PRICE, moment, {"series": series})))


def known_transits(snapshot: Snapshot, places: tuple[str, ...], moment: datetime) -> Mapping[str, TransitReading]:
    """The newest readings of chokepoints."""
    return transit_readings(_rows(snapshot.as_of(TRANSIT, moment, {"chokepoint": places, "ship_class": TOTAL})))


def known_measures(snapshot: Snapshot, on: date, moment: datetime) -> list[dict[str, Any]]:
    """Where every limb of every measure stands."""
    found: list[dict[str, Any]] = _rows(measure_status(snapshot.as_of(MEASURE, moment), on)).to_pylist()
    return found


def known_facts(snapshot: Snapshot, home: str, moment: datetime) -> list[dict[str, Any]]:
    """Published shares of the home's imports."""
    found: list[dict[str, Any]] = _rows(snapshot.as_of(DEPENDENCE, moment, {"reporter": home})).to_pylist()
    return found


def known_statements(snapshot: Snapshot, items: tuple[str, ...], moment: datetime) -> list[dict[str, Any]]:
    """What missions have reported of items."""
    found: list[dict[str, Any]] = _rows(snapshot.as_of(STATEMENT, moment, {"item": items})).to_pylist()
    return found


def known_streams(
    snapshot: Snapshot, items: Sequence[Item], home: str, on: date, moment: datetime
) -> Mapping[str, tuple[Stream, ...]]:
    """The home's customs and the mirror flows, by item; of one month, the day of it changes nothing."""
    return _streams(snapshot, items, home, on, moment)


def known_spares(snapshot: Snapshot, items: Sequence[Item], home: str, on: date, moment: datetime) -> Spares:
    """What other countries sell elsewhere, by item."""
    return spares(snapshot.as_of(TRADE_FLOW, moment, {"valid": (first_day(on), on)}), items, home)


def _rows(table: ibis.Table) -> pa.Table:
    fetched: pa.Table = table.to_pyarrow()
    return fetched.sort_by([(name, "ascending") for name in fetched.column_names if _sorts(fetched, name)])


def _sorts(table: pa.Table, name: str) -> bool:
    return not pa.types.is_nested(table.schema.field(name).type)


def _relevant(snapshot: Snapshot, home: str, on: date, moment: datetime) -> tuple[ibis.Table, ...]:
    """The home's imports and the others' exports to it, by month, of the last years."""
    months: Where = {"frequency": "M", "valid": (earlier(on, KEPT), on)}
    own = goods_only(snapshot.as_of(TRADE_FLOW, moment, {**months, "flow": "import", "reporter": home}))
    mirror = goods_only(snapshot.as_of(TRADE_FLOW, moment, {**months, "flow": "export", "partner": home}))
    return own.filter(is_supplier(own.partner) | own.partner.isin(WORLD)), mirror


def _streams(
    snapshot: Snapshot, items: Sequence[Item], home: str, on: date, moment: datetime
) -> Mapping[str, tuple[Stream, ...]]:
    """The streams of each item: two queries for the home and two for the others, whatever the number of items."""
    flows = _relevant(snapshot, home, on, moment)
    held = [row for table in flows for row in _places(table)]
    chosen = {item.id: _chosen(item, held) for item in items}
    codes = sorted({code for places in chosen.values() for *_, code in places})
    by_code: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for table in flows if codes else ():
        for row in _rows(table.filter(table.code.isin(codes))).to_pylist():
            by_code[row["source"], row["reporter"], row["code"]].append(row)
    return {item.id: tuple(_of(chosen[item.id], by_code, home)) for item in items}


def _places(flows: ibis.Table) -> list[dict[str, str]]:
    found = flows.select("source", "reporter", "code_system", "code").distinct().to_pyarrow()
    return sorted(found.to_pylist(), key=lambda row: tuple(row.values()))


Place = tuple[str, str, str]  # source, reporter, code


def _of(places: Mapping[Place, HsCode], by_code: Mapping[Place, list[dict[str, Any]]], home: str) -> Iterator[Stream]:
    for source, reporter in sorted({place[:2] for place in places}):
        here = [place for place in sorted(places) if place[:2] == (source, reporter)]
        rows = [row for place in here for row in by_code[place]]
        layer = Layer.OWN_CUSTOMS if reporter == home else Layer.MIRROR_FLOW
        found = stream(rows, layer, basket=all(places[place].basket for place in here))
        if found is not None:
            yield found


def _chosen(item: Item, held: Iterable[Mapping[str, str]]) -> Mapping[Place, HsCode]:
    """The codes to add up for an item, by source, each with the item's code that it is, or is a part of.

    A file may carry one trade at several depths; of each of the item's codes only the shallowest depth is taken, and
    none at all where the item names a finer code within it that the file has: the finer one holds fewer other goods.
    """
    by_source: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in held:
        by_source[row["source"], row["reporter"]].append(row)
    chosen: dict[Place, HsCode] = {}
    for (source, reporter), rows in by_source.items():
        parts = {hs: [row["code"] for row in rows if _part_of(row, hs)] for hs in item.hs}
        for hs, codes in parts.items():
            finer = any(other.code.startswith(hs.code) and parts[other] for other in item.hs if other.code != hs.code)
            depth = min(map(len, codes), default=0)
            taken = () if finer else (code for code in codes if len(code) == depth)
            chosen.update({(source, reporter, code): hs for code in taken})
    return chosen


def _part_of(row: Mapping[str, str], hs: HsCode) -> bool:
    """Is the row's code the item's, or a part of it? Past six digits, a code belongs to its own country."""
    foreign = len(hs.code) > HS6 and row["code_system"] != hs.system
    return not foreign and row["code"].startswith(hs.code)
