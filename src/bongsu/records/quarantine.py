"""Rows that could not be taken, kept with their reasons, each once."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from bongsu.records.delivery import BadRow, Raw
from bongsu.records.shapes import RecordType

_TEXT = pa.string()

# Not a record of the world, but a table of the lake; it shares the record types' description of columns.
QUARANTINE = RecordType(
    "quarantine",
    key=(
        pa.field("source", _TEXT, nullable=False),
        pa.field("raw_sha256", _TEXT, nullable=False),
        pa.field("raw_row", pa.int64(), nullable=False),
        pa.field("reason", _TEXT, nullable=False),
    ),
    values=(pa.field("detail_ko", _TEXT), pa.field("detail_en", _TEXT), pa.field("row", _TEXT)),
    cluster=("source", "raw_sha256"),
)
SCHEMA = pa.schema([*QUARANTINE.key, *QUARANTINE.values, pa.field("delivery", pa.int64(), nullable=False)])


def rows(bad_rows: Sequence[BadRow], *, source: str, raws: Sequence[Raw], delivery: int) -> pa.Table:
    """The quarantine's rows for one delivery; two findings in one row are two rows."""
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for bad in bad_rows:
        sha256 = raws[bad.raw].sha256 if raws else ""
        found.setdefault(
            (sha256, bad.raw_row, bad.reason),
            {
                "source": source,
                "raw_sha256": sha256,
                "raw_row": bad.raw_row,
                "reason": bad.reason,
                "detail_ko": bad.detail.ko,
                "detail_en": bad.detail.en,
                "row": bad.row,
                "delivery": delivery,
            },
        )
    return pa.Table.from_pylist(list(found.values()), schema=SCHEMA)
