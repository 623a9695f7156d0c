"""Every source keeps the same promises. Sources are found by their folders; a new one needs no word here.

A source stands with `samples/` (files in the publisher's shape) and `expected/<case>.json`, one for each way
to read them:

    samples: [file, …]     read together, in this order
    read_at, published     of the request; published may be null
    mapping                null, or a file in samples/ (YAML)
    vintage                what the reading says of its own day, and why: [instant or null, basis]
    passed_over            reason → statements
    bad_rows               [[raw, raw_row, reason], …]
    batches                [{record, scope, rows}, …]; rows hold every column of the record's reader_schema

A *statement* is what one raw row can say once: a wide row makes as many as it has figures. `raw_rows` of a
reading counts statements, and each is taken, added up, set aside or passed over.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from bongsu.language import BadInputError, Language
from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.records.scope import as_json
from bongsu.records.shapes import FREQUENCIES, KNOWN_BASES
from bongsu.sources.source import HERE, Licence, ReadRequest, Source, reader, sources

PACKAGE = HERE.parent
PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"


@dataclass(frozen=True)
class Case:
    """One way to read a source's samples."""

    source: Source
    name: str
    said: dict[str, Any]

    @property
    def samples(self) -> list[Path]:
        return [HERE / self.source.id / "samples" / name for name in self.said["samples"]]

    def read(self, folder: Path, files: list[Path] | None = None) -> Reading:
        read_at = datetime.fromisoformat(self.said["read_at"])
        archive = RawArchive(folder / "raw")
        mapping = self.said.get("mapping")
        request = ReadRequest(
            source=self.source,
            raws=tuple(archive.keep(file, received_at=read_at) for file in files or self.samples),
            read_at=read_at,
            published=date.fromisoformat(self.said["published"]) if self.said.get("published") else None,
            mapping=yaml.safe_load((HERE / self.source.id / "samples" / mapping).read_text(encoding="utf-8"))
            if mapping
            else None,
        )
        return reader(self.source.id).read(request)


def _cases() -> Iterator[Case]:
    for source in sources().values():
        for path in sorted((HERE / source.id / "expected").glob("*.json")):
            yield Case(source, path.stem, json.loads(path.read_text(encoding="utf-8")))


CASES = list(_cases())
each_source = pytest.mark.parametrize("source", sources().values(), ids=sources().keys())
each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.source.id}-{case.name}" for case in CASES])


def rows_of(reading: Reading, place: int) -> pa.Table:
    rows = reading.batches[place].rows
    return rows if isinstance(rows, pa.Table) else rows.read_all()


def plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def told(reading: Reading) -> dict[str, Any]:
    """A reading in the words of an expected file."""
    return {
        "vintage": [plain(reading.published), reading.published_basis],
        "passed_over": dict(sorted(reading.passed_over.items())),
        "bad_rows": [[bad.raw, bad.raw_row, bad.reason] for bad in reading.bad_rows],
        "batches": [
            {
                "record": batch.record.name,
                "scope": as_json(batch.scope),
                "rows": [
                    {name: plain(value) for name, value in row.items()} for row in rows_of(reading, place).to_pylist()
                ],
            }
            for place, batch in enumerate(reading.batches)
        ],
    }


@each_source
def test_says_who_publishes_what_under_which_terms_in_both_languages(source: Source) -> None:
    texts = [source.name, source.owner, source.coverage, *source.caveats]
    assert [text for text in texts if not re.search("[가-힣]", text.ko) or not text.en] == []
    assert [text.en for text in texts if re.search("[가-힣]", text.en)] == []
    assert isinstance(source.licence, Licence)
    assert source.licence.name
    assert source.licence.citation
    assert source.records


@each_source
def test_has_samples_and_expected_rows_and_each_sample_is_read(source: Source) -> None:
    mine = [case.said for case in CASES if case.source.id == source.id]
    used = {name for said in mine for name in [*said["samples"], said.get("mapping")] if name}
    kept = {path.name for path in (HERE / source.id / "samples").iterdir() if path.suffix != ".md"}
    assert mine
    assert used == kept


@each_source
def test_no_other_code_knows_the_source_by_name(source: Source) -> None:
    """A list of sources elsewhere would be a second place to forget; only its own folder and data name it."""
    naming = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.parent != HERE / source.id
        and any(
            isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict)
            and any(isinstance(part, ast.Constant) and part.value == source.id for part in ast.iter_child_nodes(node))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert naming == []


@each_case
def test_samples_read_to_exactly_the_expected_rows(case: Case, tmp_path: Path) -> None:
    made = told(case.read(tmp_path))
    assert made == {key: case.said[key] for key in made}


@each_case
def test_rows_have_the_readers_schema_and_no_holes_where_none_may_be(case: Case, tmp_path: Path) -> None:
    reading = case.read(tmp_path)
    for place, batch in enumerate(reading.batches):
        rows = rows_of(reading, place)
        assert rows.schema.equals(batch.record.reader_schema)
        holes = [field.name for field in rows.schema if not field.nullable and rows[field.name].null_count]
        assert holes == []
        assert batch.record in case.source.records
        assert set(rows["source"].to_pylist()) <= {case.source.id}


@each_case
def test_every_statement_is_accounted_for(case: Case, tmp_path: Path) -> None:
    reading = case.read(tmp_path)
    taken = sum(sum(rows_of(reading, place)["raw_rows"].to_pylist()) for place in range(len(reading.batches)))
    assert taken + len(reading.bad_rows) + sum(reading.passed_over.values()) == reading.raw_rows


@each_case
def test_no_fact_is_known_before_it_began_or_after_it_was_published(case: Case, tmp_path: Path) -> None:
    reading = case.read(tmp_path)
    latest = reading.published or datetime.fromisoformat(case.said["read_at"])
    for place in range(len(reading.batches)):
        for row in rows_of(reading, place).to_pylist():
            announced = "event" in row and row["published"]  # an act can tell of what it will do
            begun = announced or row["valid"]
            assert row["known_at"] >= datetime.combine(begun, datetime.min.time(), UTC) - timedelta(hours=14)
            assert row["known_at"] <= latest
            assert row["known_basis"] in KNOWN_BASES
            assert row.get("frequency", "M") in FREQUENCIES


@each_case
def test_rows_lie_within_the_declared_scope(case: Case, tmp_path: Path) -> None:
    reading = case.read(tmp_path)
    for place, batch in enumerate(reading.batches):
        scope, rows = batch.scope, rows_of(reading, place)
        assert set(scope.equals) <= set(batch.record.key_names)
        for column, values in scope.equals.items():
            assert set(rows[column].to_pylist()) <= set(values)
        days = rows["valid"].to_pylist()
        assert all((scope.valid_from or day) <= day <= (scope.valid_to or day) for day in days)


@each_case
def test_reading_twice_says_the_same(case: Case, tmp_path: Path) -> None:
    first, second = case.read(tmp_path), case.read(tmp_path)
    assert told(first) == told(second)
    assert first.bad_rows == second.bad_rows
    assert first.notes == second.notes


@each_case
@pytest.mark.parametrize("content", [PAGE, "", "\n \n"], ids=["page", "empty", "blank"])
def test_what_is_no_data_is_refused_in_both_languages(case: Case, content: str, tmp_path: Path) -> None:
    files = [tmp_path / path.name for path in case.samples]
    for file in files:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        case.read(tmp_path, files)
    check_message(refused.value, files[0].name)


@each_case
def test_a_file_that_was_cut_off_is_refused_or_its_last_row_set_aside(case: Case, tmp_path: Path) -> None:
    whole = case.samples[-1].read_bytes()
    cut = tmp_path / case.samples[-1].name
    cut.write_bytes(_cut(whole, cut.suffix))
    files = [*case.samples[:-1], cut]
    try:
        reading = case.read(tmp_path, files)
    except BadInputError as refused:
        check_message(refused, cut.name)
    else:
        assert cut.suffix in {".csv", ".tsv"}
        assert "ragged_row" in {bad.reason for bad in reading.bad_rows}


def _cut(data: bytes, suffix: str) -> bytes:
    if suffix in {".csv", ".tsv"}:  # within the last row: a table that ends between rows looks whole
        start = data.rstrip().rfind(b"\n")
        return data[: start + 3]
    return data[: len(data) // 2]


def check_message(error: BadInputError, name: str) -> None:
    assert name in error.where
    ko, en = error.to(Language.KO), error.to(Language.EN)
    assert re.search("[가-힣]", ko)
    assert not re.search("[가-힣]", en)
    assert ko != en
