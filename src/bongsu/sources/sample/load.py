"""The sample lake into any lake: each extract as a delivery of the source that it came from."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from bongsu.language import BongsuError, Text
from bongsu.records.delivery import Batch, Raw, Reading, Scope
from bongsu.records.formats import read_parquet
from bongsu.records.lake import Lake
from bongsu.records.writer import Receipt
from bongsu.sources.sample.manifest import Extract, Manifest, sample

__all__ = ["DamagedSampleError", "Manifest", "load", "sample"]

EXCERPT = Text(
    "꾸러미에 든 발췌본입니다. 출처의 자료 전체가 아닙니다.",
    "an excerpt that ships with Bongsu; not all that the source has.",
)


class DamagedSampleError(BongsuError):
    """A packed extract is not what the manifest says."""


def load(lake: Lake, *, read_at: datetime, run_id: str) -> tuple[Receipt, ...]:
    """Deliver every extract, in the order of vintages. A second time adds nothing.

    A row walks back to its row in the packed file (kept in the raw archive), and that row names the raw file
    and row which it was read from.

    Args:
        lake: any lake; what it holds already stays.
        read_at: when this is done.
        run_id: as the journal shall name the run.

    Raises:
        DamagedSampleError: a packed file is not the one that was packed; nothing has landed.
        LakeBusyError: another process writes to the lake.
    """
    extracts = sample().extracts
    raws = [_kept(lake, extract, read_at) for extract in extracts]
    with lake.writing() as writer:
        return tuple(
            writer.deliver(_reading(extract, raw), source=extract.source, raws=(raw,), read_at=read_at, run_id=run_id)
            for extract, raw in zip(extracts, raws, strict=True)
        )


def reading_of(raw: Raw) -> Reading | None:
    """What a packed file of the sample lake says; None for any other file."""
    extract = next((one for one in sample().extracts if one.sha256 == raw.sha256), None)
    return None if extract is None else _reading(extract, raw)


def _kept(lake: Lake, extract: Extract, read_at: datetime) -> Raw:
    with extract.opened() as path:
        raw = lake.raw.keep(path, received_at=read_at, name=extract.file)
    if raw.sha256 != extract.sha256:
        raise DamagedSampleError(
            Text("예시 기록 파일이 손상되었습니다.", "this file of the sample lake is damaged."),
            where=extract.file,
            mend=Text("Bongsu를 다시 설치하십시오.", "Install Bongsu again."),
        )
    return raw


def _reading(extract: Extract, raw: Raw) -> Reading:
    # An excerpt says nothing of what it leaves out, so nothing absent counts as withdrawn.
    scope = Scope({"source": (extract.source,)}, complete=False)
    return Reading(
        batches=(Batch(extract.record, _numbered(read_parquet(raw.path), extract), scope),),
        published=extract.published,
        published_basis=extract.published_basis,
        raw_rows=extract.rows,
        notes=(EXCERPT,),
    )


def _numbered(rows: pa.Table, extract: Extract) -> pa.Table:
    """The rows, walking back to the packed file: in it `raw`, `raw_row`, `raw_rows` speak of the originals."""
    schema, count = extract.record.reader_schema, rows.num_rows
    places = {
        "raw": np.zeros(count, dtype=np.int32),
        "raw_row": np.arange(1, count + 1, dtype=np.int64),
        "raw_rows": np.ones(count, dtype=np.int32),
    }
    columns = [pa.array(places[name]) if name in places else rows[name] for name in schema.names]
    return pa.table(columns, schema=schema)
