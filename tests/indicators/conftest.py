"""Small Ibis tables of records."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pytest

from bongsu.records.shapes import RecordType

KNOWN = datetime(2021, 1, 1, tzinfo=UTC)


def rows(record: RecordType, given: Sequence[Mapping[str, Any]]) -> pa.Table:
    filled = [
        {"known_at": KNOWN, "known_basis": "stated", "raw": 0, "raw_row": n, "raw_rows": 1, **one}
        for n, one in enumerate(given, start=1)
    ]
    return pa.Table.from_pylist(filled, schema=record.reader_schema)


def table(record: RecordType, given: Sequence[Mapping[str, Any]]) -> ibis.Table:
    return ibis.memtable(rows(record, given))


def flow(partner: str, value: float | None, **more: object) -> dict[str, Any]:
    return {
        "source": "test", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HS",
        "code": "010221", "valid": date(2024, 1, 1), "frequency": "A", "value": value, "currency": "USD", **more,
    }  # fmt: skip


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Records from a few values; what is not said is filled in the same way each time: rows, table, flow."""
    return SimpleNamespace(rows=rows, table=table, flow=flow)
