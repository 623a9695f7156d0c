"""Prices and transits to series: one a price series of a source, one a chokepoint."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.detectors.flow_laying import Lake
from bongsu.detectors.laying import Told, Versions, micros, numbered, periods_of, told
from bongsu.records.shapes import PRICE, TRANSIT

TOTAL = "total"


def price_told(lake: Lake) -> tuple[Told, Mapping[str, int]]:
    """Every version of every monthly price held, and where a series is found: by its code and by each of its names.

    Where sources share a name, the series that had it first has it: what becomes known later takes no name away. The table of series has `source`, `series`, `name`.
    """
    rows = lake.versions_of(PRICE, {"frequency": "M"})
    columns = ("source", "series", "name", "valid", "value", "known_at", "withdrawn", "delivery")
    table = lake.arrow(rows.select(*columns)).sort_by([("source", "ascending"), ("series", "ascending")])
    laid, number = _laid(table, ("source", "series"), "value", "M")
    spoken = table.append_column("row", pa.array(number)).group_by(["row", "series", "name"])
    spoken = spoken.aggregate([("known_at", "min")]).sort_by([("known_at_min", "ascending"), ("row", "ascending")])
    names: dict[str, int] = {}
    for row, series, name in zip(*(spoken[one].to_pylist() for one in ("row", "series", "name")), strict=True):
        for word in (series, name):
            if word:
                names.setdefault(word.casefold(), row)
    return laid, names


def transit_told(lake: Lake) -> tuple[Told, Mapping[str, int]]:
    """Every version of the daily transits of every chokepoint, all ships together, and where each is found."""
    rows = lake.versions_of(TRANSIT, {"frequency": "D", "ship_class": TOTAL})
    columns = ("source", "chokepoint", "valid", "transits", "capacity_dwt", "known_at", "withdrawn", "delivery")
    table = lake.arrow(rows.select(*columns)).sort_by([("source", "ascending"), ("chokepoint", "ascending")])
    laid, _ = _laid(table, ("source", "chokepoint"), "transits", "D", "capacity_dwt")
    places = laid.series["chokepoint"].to_pylist()
    return laid, {place.casefold(): row for row, place in reversed(list(enumerate(places)))}


def _laid(
    table: pa.Table, names: Sequence[str], value: str, step: str, weight: str | None = None
) -> tuple[Told, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Rows sorted by the columns that name a series, laid out; and the series of each row."""
    number = numbered(table, names)
    firsts = np.unique(number, return_index=True)[1]
    order = np.argsort(firsts)
    rank = np.argsort(order).astype(np.int64)
    row = rank[number] if len(number) else number
    period = periods_of(table["valid"], step)
    first, last = (int(period.min()), int(period.max())) if len(period) else (0, -1)
    column = period - first
    versions = Versions(
        row=row,
        column=column,
        fact=row * (last - first + 1) + column,
        at=micros(table["known_at"]),
        order=table["delivery"].cast(pa.int64()).to_numpy(),
        value=_figures(table[value]),
        weight=_figures(table[weight or value]),
        withdrawn=table["withdrawn"].to_numpy(),
    )
    series = table.select(list(names)).take(firsts[order])
    return told(versions, series, first, step, last - first + 1, weights=weight is not None), row


def _figures(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    figures: np.ndarray[tuple[int], np.dtype[np.float64]] = pc.fill_null(
        column.cast(pa.float64()), float("nan")
    ).to_numpy()
    return figures
