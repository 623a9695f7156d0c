"""A lake of one folder, and deliveries told in a line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.records.writer import Receipt

START = datetime(2021, 1, 1, tzinfo=UTC)
Deliver = Callable[..., Receipt]
Values = Mapping[str, float | None] | Sequence[tuple[str, float | None]]
Seen = Callable[..., dict[str, float | None]]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    made = Lake(tmp_path / "lake", threads=1)
    yield made
    made.close()


def price_rows(values: Sequence[tuple[str, float | None]], source: str) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {
            "source": source,
            "series": series,
            "valid": date(2020, 12, 1),
            "frequency": "M",
            "name": None,
            "value": value,
            "currency": "USD",
            "unit": "t",
            "known_at": START,
            "known_basis": "lag",
            "raw": 0,
            "raw_row": number,
            "raw_rows": 1,
        }
        for number, (series, value) in enumerate(values, 1)
    ]
    return pa.Table.from_pylist(rows, schema=PRICE.reader_schema)


def price_reading(
    values: Values,
    day: float,
    *,
    scope: Scope | None = None,
    bad: Sequence[int] = (),
    source: str = "s",
) -> Reading:
    """Prices of one month, published on `day`, complete for all series unless the scope says otherwise."""
    pairs = list(values.items()) if isinstance(values, Mapping) else list(values)
    return Reading(
        (Batch(PRICE, price_rows(pairs, source), scope or Scope({"source": (source,)})),),
        bad_rows=tuple(BadRow(0, row, "bad_number", Text("수가 아님", "no number"), "cell") for row in bad),
        published=START + timedelta(days=day),
        published_basis="stated",
        raw_rows=len(pairs) + len(bad),
    )


@pytest.fixture
def deliver(lake: Lake) -> Deliver:
    """deliver(values, day, scope=, bad=, source=, raw=) lands one reading of prices."""

    def land(values: Values, day: float, *, raw: str = "", source: str = "s", **more: Any) -> Receipt:  # noqa: ANN401
        reading = price_reading(values, day, source=source, **more)
        name = raw or f"day {day}"
        raws = (Raw(f"{name.encode().hex():0>64}", name, Path(), 0),)
        with lake.writing() as writer:
            return writer.deliver(reading, source=source, raws=raws, read_at=START, run_id="r")

    return land


@pytest.fixture
def seen(lake: Lake) -> Seen:
    """seen(day) → series: value, as known on that day."""

    def read(day: float, source: str = "s") -> dict[str, float | None]:
        snapshot = lake.snapshot()
        moment = START + timedelta(days=day)
        table = snapshot.facts(PRICE, moment, {"source": source})
        expressed = snapshot.arrow(snapshot.as_of(PRICE, moment, {"source": source}))
        assert expressed.sort_by("series").equals(table.sort_by("series")), "both reads give one answer"
        return dict(zip(table["series"].to_pylist(), table["value"].to_pylist(), strict=True))

    return read


@pytest.fixture
def told() -> Callable[..., Reading]:
    """told(values, day, scope=, bad=, source=) → the reading that `deliver` would land."""
    return price_reading
