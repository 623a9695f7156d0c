"""Reading files the way `bongsu fetch SOURCE --from FILE` does, without the lake."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.sources.source import ReadRequest, reader, source

Read = Callable[..., Reading]
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """read(source_id, *files, published=None, read_at=READ_AT, mapping=None) → Reading."""

    def reading(
        source_id: str,
        *files: Path,
        published: date | None = None,
        read_at: datetime = READ_AT,
        mapping: Mapping[str, Any] | None = None,
    ) -> Reading:
        archive = RawArchive(tmp_path / "raw-archive")
        raws = tuple(archive.keep(file, received_at=read_at) for file in files)
        return reader(source_id).read(ReadRequest(source(source_id), raws, read_at, published, mapping))

    return reading
