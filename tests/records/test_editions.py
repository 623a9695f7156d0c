"""One file that holds several editions: each lands on its own, oldest first, and tells its own day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest

from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.records.writer import Receipt, Writer

DAYS = [datetime(2024, month, 5, tzinfo=UTC) for month in (2, 3, 4)]
JANUARY = date(2024, 1, 1)


def edition(day: datetime, value: float) -> Reading:
    row = {
        "source": "s", "series": "x", "valid": JANUARY, "frequency": "M", "name": None, "value": value, "currency": None,
        "unit": "index", "known_at": day, "known_basis": "stated", "raw": 0, "raw_row": 2, "raw_rows": 1,
    }  # fmt: skip
    rows = pa.Table.from_pylist([row], schema=PRICE.reader_schema)
    batch = Batch(PRICE, rows, Scope({"source": ("s",), "series": ("x",)}, JANUARY, JANUARY))
    return Reading((batch,), published=day, published_basis="stated", raw_rows=1)


def three(*values: float) -> Reading:
    first, second, third = (edition(day, value) for day, value in zip(DAYS, values, strict=True))
    return replace(third, earlier=(first, second))


def delivered(lake: Lake, reading: Reading) -> Receipt:
    with lake.writing() as writer:
        return writer.deliver(reading, source="s", raws=[], read_at=DAYS[-1], run_id="r")


def told(lake: Lake) -> list[float | None]:
    """The figure as it was known on each of the days."""
    snapshot = lake.snapshot()
    seen = (snapshot.arrow(snapshot.as_of(PRICE, day))["value"].to_pylist() for day in DAYS)
    return [values[0] if values else None for values in seen]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    made = Lake(tmp_path / "lake")
    yield made
    made.close()


def test_each_edition_is_known_from_its_own_day_and_the_receipt_counts_them_all(lake: Lake) -> None:
    receipt = delivered(lake, three(1.0, 2.0, 1.0))
    assert told(lake) == [1.0, 2.0, 1.0]
    assert (receipt.status, receipt.counts["raw_rows"], receipt.counts["new"], receipt.counts["revised"]) == (
        "landed", 3, 1, 2,
    )  # fmt: skip
    assert [entry.published for entry in lake.journal.entries()] == DAYS


def test_the_same_file_again_writes_no_more_than_that_it_came(lake: Lake) -> None:
    delivered(lake, three(1.0, 2.0, 3.0))
    receipt = delivered(lake, three(1.0, 2.0, 3.0))
    assert (receipt.status, receipt.counts["unchanged"]) == ("unchanged", 3)
    assert [entry.status for entry in lake.journal.entries()] == ["landed"] * 3 + ["unchanged"]


def test_an_earlier_edition_that_the_publisher_mends_is_mended_here(lake: Lake) -> None:
    delivered(lake, three(1.0, 2.0, 3.0))
    receipt = delivered(lake, three(1.0, 2.5, 3.0))
    assert (told(lake), receipt.counts["revised"]) == ([1.0, 2.5, 3.0], 1)


def test_stopped_between_two_editions_the_lake_tells_history_up_to_there(lake: Lake) -> None:
    deliver, calls = Writer._deliver, iter([True, False])

    def stopped(self: Writer, *given: object, **named: object) -> Receipt:
        if next(calls):
            return deliver(self, *given, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with mock.patch.object(Writer, "_deliver", stopped), pytest.raises(KeyboardInterrupt):
        delivered(lake, three(1.0, 2.0, 3.0))
    assert told(lake) == [1.0, 1.0, 1.0]
    assert delivered(lake, three(1.0, 2.0, 3.0)).counts["revised"] == 2
    assert told(lake) == [1.0, 2.0, 3.0]
