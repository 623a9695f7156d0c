"""Everything the detectors need, read once for all items: five reads of a snapshot, and no query in a loop."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import ibis
import pyarrow as pa

from bongsu.detectors.flow import MONTHS, Stream, earlier, stream
from bongsu.detectors.price import PriceReading, SeriesId, price_readings
from bongsu.detectors.signal import Layer
from bongsu.detectors.transit import TransitReading, transit_readings
from bongsu.indicators.measure_status import measure_status
from bongsu.indicators.partners import goods_only, is_supplier
from bongsu.items.item import HsCode, Item
from bongsu.records.shapes import DEPENDENCE, MEASURE, PRICE, TRADE_FLOW, TRANSIT, RecordType

HS6 = 6
KEPT = 3 * MONTHS  # months of flows that the detectors look at


class Snapshot(Protocol):
    """The lake at one state of its tables."""

    def as_of(self, record: RecordType, moment: datetime) -> ibis.Table:
        """One row a fact of `record`, in the version known at `moment`."""
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
    """

    prices: Mapping[SeriesId, PriceReading]
    transits: Mapping[str, TransitReading]
    measures: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    streams: Mapping[str, tuple[Stream, ...]]


def gather(snapshot: Snapshot, items: Sequence[Item], home: str, on: date, moment: datetime) -> Evidence:
    """Read each record type once.

    Args:
        snapshot: the lake.
        items: all that are asked for.
        home: ISO alpha-3.
        on: the day, in the home time zone.
        moment: what was known then counts, nothing later.
    """
    series = sorted({one.series for item in items for one in item.prices})
    places = sorted({route.chokepoint for item in items for route in item.routes})
    prices, transits = snapshot.as_of(PRICE, moment), snapshot.as_of(TRANSIT, moment)
    facts = snapshot.as_of(DEPENDENCE, moment)
    return Evidence(
        prices=price_readings(_rows(prices.filter(prices.series.isin(series)))),
        transits=transit_readings(_rows(transits.filter(transits.chokepoint.isin(places)))),
        measures=_rows(measure_status(snapshot.as_of(MEASURE, moment), on)).to_pylist(),
        facts=_rows(facts.filter(facts.reporter == home)).to_pylist(),
        streams=_streams(snapshot.as_of(TRADE_FLOW, moment), items, home, on),
    )


def _rows(table: ibis.Table) -> pa.Table:
    fetched: pa.Table = table.to_pyarrow()
    return fetched.sort_by([(name, "ascending") for name in fetched.column_names if _sorts(fetched, name)])


def _sorts(table: pa.Table, name: str) -> bool:
    return not pa.types.is_nested(table.schema.field(name).type)


def _relevant(flows: ibis.Table, home: str, on: date) -> ibis.Table:
    """The home's imports and the others' exports to it, by month, of the last years."""
    flows = goods_only(flows)
    own = (flows.reporter == home) & (flows.flow == "import") & is_supplier(flows.partner)
    mirror = (flows.flow == "export") & (flows.partner == home)
    return flows.filter((own | mirror) & (flows.frequency == "M") & (flows.valid >= earlier(on, KEPT)))


def _streams(flows: ibis.Table, items: Sequence[Item], home: str, on: date) -> Mapping[str, tuple[Stream, ...]]:
    """The streams of each item: two queries, whatever the number of items."""
    relevant = _relevant(flows, home, on)
    held = relevant.select("source", "reporter", "code_system", "code").distinct().to_pyarrow().to_pylist()
    chosen = {item.id: tuple(_chosen(item, held)) for item in items}
    codes = sorted({code for pairs in chosen.values() for *_, code in pairs})
    if not codes:
        return {}
    rows = _rows(relevant.filter(relevant.code.isin(codes))).to_pylist()
    by_code: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_code[row["source"], row["reporter"], row["code"]].append(row)
    return {item.id: tuple(_of(item, chosen[item.id], by_code, home)) for item in items}


Place = tuple[str, str, str]  # source, reporter, code


def _of(
    item: Item, places: Sequence[Place], by_code: Mapping[Place, list[dict[str, Any]]], home: str
) -> Iterator[Stream]:
    basket = all(hs.basket for hs in item.hs)
    for source, reporter in sorted({place[:2] for place in places}):
        rows = [row for place in places if place[:2] == (source, reporter) for row in by_code[place]]
        layer = Layer.OWN_CUSTOMS if reporter == home else Layer.MIRROR_FLOW
        found = stream(rows, layer, basket=basket)
        if found is not None:
            yield found


def _chosen(item: Item, held: Iterable[Mapping[str, str]]) -> Iterator[Place]:
    """The codes to add up for an item, by source: each of its codes itself, or else its shallowest parts.

    A file may carry one trade at several depths; taking only one depth keeps it from counting twice.
    """
    by_source: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in held:
        by_source[row["source"], row["reporter"]].append(row)
    for (source, reporter), rows in by_source.items():
        taken: set[str] = set()
        for hs in item.hs:
            parts = [row["code"] for row in rows if _part_of(row, hs)]
            depth = min(map(len, parts), default=0)
            taken |= {code for code in parts if len(code) == depth}
        yield from ((source, reporter, code) for code in sorted(taken))


def _part_of(row: Mapping[str, str], hs: HsCode) -> bool:
    """Is the row's code the item's, or a part of it? Past six digits, a code belongs to its own country."""
    foreign = len(hs.code) > HS6 and row["code_system"] != hs.system
    return not foreign and row["code"].startswith(hs.code)
