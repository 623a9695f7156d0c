"""A snapshot of plain Arrow tables, and one of the real inputs as the sources read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from bongsu.detectors.publisher import Publisher, publishers
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import catalogue
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import RECORD_TYPES, RecordType
from bongsu.records.snapshot import Where
from bongsu.sources.source import ReadRequest, reader, source, sources

Watch = Callable[..., Mapping[str, Warning]]
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


@dataclass
class Plain:
    """A lake without versions: every row counts from its `known_at`. Counts its reads."""

    tables: Mapping[str, pa.Table]
    reads: int = 0

    def as_of(self, record: RecordType, moment: datetime, where: Where | None = None) -> ibis.Table:
        self.reads += 1
        rows = self.versions_of(record)
        return self._narrowed(rows.filter(rows.known_at <= ibis.literal(moment, type="timestamp('UTC')")), where)

    def versions_of(self, record: RecordType, where: Where | None = None) -> ibis.Table:
        rows = self.tables.get(record.name, record.reader_schema.empty_table())
        return self._narrowed(ibis.memtable(rows), where)

    def _narrowed(self, table: ibis.Table, where: Where | None) -> ibis.Table:
        for column, value in (where or {}).items():
            if isinstance(value, tuple) and value and isinstance(value[0], date):
                table = table.filter(table[column].between(value[0], value[-1]))
            else:
                table = table.filter(table[column].isin(value if isinstance(value, tuple) else (value,)))
        return table


def filled_rows(record: RecordType, given: Sequence[Mapping[str, Any]]) -> pa.Table:
    """`given` in the reader's schema; what it leaves out is null, known from its first day."""
    filled = [
        {
            "known_at": datetime.combine(one["valid"], datetime.min.time(), UTC),
            "known_basis": "stated",
            "raw": 0,
            "raw_row": number,
            "raw_rows": 1,
            **one,
        }
        for number, one in enumerate(given, start=1)
    ]
    return pa.Table.from_pylist(filled, schema=record.reader_schema)


@pytest.fixture(scope="session")
def records() -> Callable[[RecordType, Sequence[Mapping[str, Any]]], pa.Table]:
    return filled_rows


@pytest.fixture(scope="session")
def plain() -> type[Plain]:
    return Plain


@pytest.fixture(scope="session")
def clocks() -> Mapping[str, Publisher]:
    return publishers(sources())


@pytest.fixture
def watched(clocks: Mapping[str, Publisher]) -> Watch:
    """watched(tables, day, items=("urea",)) → warnings by item, as of the end of the day in Seoul."""

    def watching(
        tables: Mapping[str, pa.Table], day: date, items: Sequence[str] | None = ("urea",)
    ) -> Mapping[str, Warning]:
        moment = end_of_day(day, "Asia/Seoul")
        found = watch(Plain(tables), catalogue("KOR"), network("KOR"), moment, clocks, items=items)
        return {warning.subject: warning for warning in found}

    return watching


@pytest.fixture(scope="session")
def real_tables(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, pa.Table]:
    """Prices of March 2023, measures, dependence facts and transits, as their sources read them."""
    trade, archive = realdata / "trade", RawArchive(tmp_path_factory.mktemp("raw"))
    files = {
        "worldbank_pinksheet": trade / "worldbank" / "CMO-Historical-Data-Monthly_2023M03.xlsx",
        "notices_table": trade / "notices_dev.csv",
        "dependence_table": trade / "dependence_facts.csv",
        "imf_portwatch": trade / "imf_portwatch" / "chokepoint-transit-to-2023-09.json",
    }
    tables: dict[str, list[pa.Table]] = {name: [] for name in RECORD_TYPES}
    for id_, file in files.items():
        raw = archive.keep(file, received_at=READ_AT)
        reading = reader(id_).read(ReadRequest(source(id_), (raw,), READ_AT))
        for batch in reading.batches:
            got = batch.rows if isinstance(batch.rows, pa.Table) else batch.rows.read_all()
            tables[batch.record.name].append(got)
    return {name: pa.concat_tables(parts) for name, parts in tables.items() if parts}
