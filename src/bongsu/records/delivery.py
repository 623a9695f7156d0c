"""What a source hands to the lake: batches of rows with the scope they are complete for, and the rows set aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from bongsu.language import Text
from bongsu.records.shapes import RecordType


@dataclass(frozen=True)
class Raw:
    """One file as received, kept under its SHA-256 in the raw archive."""

    sha256: str
    name: str  # as the user or the server called it
    path: Path  # where the archive keeps the bytes
    size: int
    url: str = ""
    received_at: datetime | None = None
    media_type: str = ""
    etag: str = ""  # what the server said of this version, to be sent back with the next request
    last_modified: str = ""


@dataclass(frozen=True)
class Scope:
    """What a batch is complete for: within it, and only there, a fact that is absent is withdrawn.

    Args:
        equals: column → the values that the scope covers; every key column not named is covered whole.
        valid_from, valid_to: the periods covered, both inclusive by first day; None is open.
        complete: False for a batch that only adds (a reply to one question, a hand-typed table's extract).
    """

    equals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    complete: bool = True


@dataclass(frozen=True)
class BadRow:
    """A row that could not be taken, kept with its reason (invariant 7)."""

    raw: int
    raw_row: int
    reason: str  # a stable word: duplicate_key, bad_number, bad_code, future_period, …
    detail: Text
    row: str  # the row as text, as it stood


@dataclass(frozen=True)
class Batch:
    """Rows of one record type, in `record.reader_schema`."""

    record: RecordType
    rows: pa.Table | pa.RecordBatchReader
    scope: Scope


@dataclass(frozen=True)
class Reading:
    """What a reader made of raw files."""

    batches: tuple[Batch, ...]
    bad_rows: tuple[BadRow, ...] = ()
    published: datetime | None = None  # the vintage, where the files or the user state it
    published_basis: str = "assumed"  # stated | lag | assumed
    # When a figure that a later edition adds counts as known: by its own `known_at` ("lag"), or, where an earlier
    # edition of the same table is held and lacks it, from the later edition's publication ("vintage").
    additions: str = "lag"
    raw_rows: int = 0  # data rows seen: taken, added up, set aside and passed over
    passed_over: Mapping[str, int] = field(default_factory=dict)  # reason → rows: totals, empty cells, …
    notes: tuple[Text, ...] = ()
    # Editions published before this one that the same files hold too, oldest first (a column for each month's
    # estimate). Each has a `published` of its own and lands as a delivery of its own, before this one.
    earlier: tuple["Reading", ...] = ()
