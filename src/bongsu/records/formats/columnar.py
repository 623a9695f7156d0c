"""Parquet files given by others."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bongsu.records.formats.kinds import HEAD, Kind, expect, refuse, sniff
from bongsu.records.formats.unpacking import DEFAULT_LIMITS, Limits, broken, too_large


def read_parquet(path: Path, *, columns: Sequence[str] | None = None, limits: Limits = DEFAULT_LIMITS) -> pa.Table:
    """The table of a Parquet file; column types as they stand in it.

    Raises:
        BadInputError: not Parquet, cut off or damaged, or larger than `limits` once decoded.
    """
    kind = sniff(path)
    with path.open("rb") as file:
        refuse(kind, file.read(HEAD), path.name)
    expect(kind, Kind.PARQUET, path.name)
    try:
        with pq.ParquetFile(path) as file:
            groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
            if sum(group.total_byte_size for group in groups) > limits.size or file.metadata.num_rows > limits.rows:
                raise too_large(limits.size, path.name)
            return file.read(columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError) as error:
        raise broken(Kind.PARQUET, path.name, error) from error
