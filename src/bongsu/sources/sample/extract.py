"""Makes the sample lake's extracts from the real inputs. A build step: nothing at run time calls it.

    python -m bongsu.sources.sample.extract --inputs /path/to/data --into src/bongsu/sources/sample/data

Reads the inputs that `plan.yml` names into a lake of its own, through their sources, in the order of vintages; of
each delivery writes the rows that it added or changed and that the plan selects, and `manifest.yml` beside them.
The same inputs give the same rows.
"""

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq  # noqa: TID251 - writes what ships; the lake is read through records as ever
import yaml

from bongsu.items.catalogue import Catalogue, catalogue
from bongsu.language import BongsuError, Text
from bongsu.records.lake import Lake
from bongsu.records.shapes import RecordType
from bongsu.records.writer import Receipt
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.sample.manifest import NAME, Extract, Manifest, Original, to_yaml
from bongsu.sources.source import Source, source

PLAN = Path(__file__).parent / "plan.yml"
HIGHEST_COMPRESSION = 19
ONE_ROW_GROUP = 1 << 20


class NotOursToGiveError(BongsuError):
    """An extract would carry what may not be passed on, or could not say what its source says."""


@dataclass(frozen=True)
class Step:
    """One extract as planned; `plan.yml` says what the fields mean."""

    file: str
    source: str
    place: str
    selected: Text
    obtained: str
    published: date | None = None
    licence: str | None = None
    citation: str | None = None
    codes: str | None = None
    since: date | None = None

    @classmethod
    def of(cls, planned: Mapping[str, Any]) -> Self:
        """The step as `plan.yml` has it."""
        rest = dict(planned)
        place, selected, select = rest.pop("from"), Text(**rest.pop("selected")), rest.pop("select", {})
        return cls(place=place, selected=selected, **select, **rest)


def extract(inputs: Path, into: Path, items: Catalogue | None = None) -> Manifest:
    """Write every extract and the manifest.

    Args:
        inputs: the folder of real inputs; `trade/` stands in it.
        into: where the files go; made if need be.
        items: which codes are those of watched items; None: the catalogue that ships.

    Raises:
        NotOursToGiveError: a source's licence forbids passing its figures on, or a selected fact was withdrawn.
        BongsuError: an input is missing or cannot be read.
    """
    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        read_at = plan["read_at"]
        steps = [Step.of(planned) for planned in plan["extracts"]]
        made = [_extracted(lake, step, inputs, into, items or catalogue(), read_at) for step in steps]
        lake.close()
    manifest = Manifest(tuple(made))
    (into / NAME).write_text(to_yaml(manifest), encoding="utf-8", newline="\n")
    return manifest


def _extracted(lake: Lake, step: Step, inputs: Path, into: Path, items: Catalogue, read_at: datetime) -> Extract:
    origin = _permitted(source(step.source))
    given = Given(published=step.published)
    receipt = fetch(lake, origin, [str(inputs / step.place)], given, read_at=read_at, run_id="extract")
    (record,) = origin.records
    rows = _selected(_delivered(lake, record, receipt), step, items)
    target = into / step.file
    pq.write_table(
        rows, target, compression="zstd", compression_level=HIGHEST_COMPRESSION, row_group_size=ONE_ROW_GROUP
    )
    return _described(lake, step, origin, receipt, target, rows.num_rows)


def _permitted(origin: Source) -> Source:
    if origin.licence.redistribute:
        return origin
    raise NotOursToGiveError(
        Text("이 출처의 수치는 다시 배포할 수 없습니다.", "this source's figures may not be passed on."),
        where=origin.id,
        mend=Text("plan.yml에서 빼십시오.", "Take it out of plan.yml."),
    )


def _described(lake: Lake, step: Step, origin: Source, receipt: Receipt, target: Path, rows: int) -> Extract:
    entry = next(entry for entry in lake.snapshot().journal() if entry.seq == receipt.seq)
    basis = entry.published_basis or "assumed"
    packed = target.read_bytes()
    return Extract(
        file=target.name,
        source=origin.id,
        record=origin.records[0],
        licence=step.licence or origin.licence.name,
        citation=step.citation or origin.licence.citation,
        redistribute=True,
        published=None if basis == "assumed" else entry.published,
        published_basis=basis,
        rows=rows,
        size=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        selected=step.selected,
        obtained=step.obtained,
        originals=tuple(Original(raw.name, raw.sha256) for raw in receipt.raws),
    )


def _delivered(lake: Lake, record: RecordType, receipt: Receipt) -> pa.Table:
    """What a delivery added or changed, in the reader's columns and in an order of its own."""
    snapshot = lake.snapshot()
    rows = snapshot.versions_of(record)
    rows = rows.filter(rows.delivery == receipt.seq)
    table = snapshot.arrow(rows.select(*record.reader_schema.names, "withdrawn"))
    if pc.any(table["withdrawn"]).as_py():
        raise NotOursToGiveError(
            Text("철회된 기록은 발췌본에 담을 수 없습니다.", "an excerpt cannot say that a fact was withdrawn."),
            where=receipt.source,
        )
    order = dict.fromkeys((*record.cluster, *record.key_names))
    return (
        table.sort_by([(name, "ascending") for name in order])
        .select(record.reader_schema.names)
        .cast(record.reader_schema)
    )


def _selected(rows: pa.Table, step: Step, items: Catalogue) -> pa.Table:
    if step.since is not None:
        rows = rows.filter(pc.greater_equal(rows["valid"], pa.scalar(step.since)))
    if step.codes is None:
        return rows
    pairs = list(zip(rows["code_system"].to_pylist(), rows["code"].to_pylist(), strict=True))
    watched = {(system, code) for system, code in set(pairs) if items.by_hs(code, system)}
    return rows.filter(pa.array([pair in watched for pair in pairs], type=pa.bool_()))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the sample lake's extracts from the real inputs.")
    parser.add_argument("--inputs", type=Path, required=True, help="the folder of real inputs; trade/ stands in it")
    parser.add_argument("--into", type=Path, required=True, help="where the extracts and manifest.yml go")
    given = parser.parse_args(arguments)
    extract(given.inputs, given.into)


if __name__ == "__main__":
    main()
