"""Files written on the spot, read as a source reads them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.sources.source import ReadRequest, reader, source

READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """read(source id, *paths, or one mapping of name → bytes or text; published, mapping, urls, read_at) → Reading."""

    def read_files(
        source_id: str,
        *files: Path | Sequence[Path] | Mapping[str, bytes | str],
        published: date | None = None,
        mapping: Mapping[str, Any] | None = None,
        urls: Mapping[str, str] | None = None,
        read_at: datetime = READ_AT,
    ) -> Reading:
        archive = RawArchive(tmp_path / "raw")
        paths = [path for given in files for path in _paths(given, tmp_path)]
        raws = tuple(archive.keep(path, received_at=read_at, url=(urls or {}).get(path.name, "")) for path in paths)
        return reader(source_id).read(ReadRequest(source(source_id), raws, read_at, published, mapping))

    return read_files


def _paths(given: Path | Sequence[Path] | Mapping[str, bytes | str], folder: Path) -> Sequence[Path]:
    if isinstance(given, Mapping):
        return _written(given, folder)
    return [given] if isinstance(given, Path) else given


def _written(files: Mapping[str, bytes | str], folder: Path) -> list[Path]:
    paths = [folder / name for name in files]
    for path in paths:
        content = files[path.name]
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths
