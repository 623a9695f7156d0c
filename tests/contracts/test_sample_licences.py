"""What ships as sample figures may be passed on: checked file by file, row by row."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from bongsu.items.catalogue import catalogue
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.formats import read_parquet
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE
from bongsu.sources.sample import extract as extracting
from bongsu.sources.sample import manifest as manifests
from bongsu.sources.sample.extract import NotOursToGiveError, Step, extract, main
from bongsu.sources.sample.manifest import NAME, Extract, from_yaml, sample
from bongsu.sources.source import HERE, sources

DATA = Path(manifests.__file__).parent / "data"
CITED = "facts; cited from a publication"
ALLOWED = {"US public domain", "CC BY 4.0", "OGL 3.0", "PDDL 1.0", "facts; own compilation", CITED}
BUDGET = 4_000_000  # bytes in the repository
READ_AT = datetime(2026, 11, 22, tzinfo=UTC)

each_extract = pytest.mark.parametrize("packed", sample().extracts, ids=[packed.file for packed in sample().extracts])


def rows_of(packed: Extract) -> pa.Table:
    return read_parquet(DATA / packed.file)


@each_extract
def test_its_licence_lets_it_be_passed_on(packed: Extract) -> None:
    origin = sources()[packed.source]
    assert packed.licence in ALLOWED
    assert packed.redistribute
    assert origin.licence.redistribute
    assert packed.record in origin.records
    assert packed.citation
    if packed.licence != CITED:
        assert (packed.licence, packed.citation) == (origin.licence.name, origin.licence.citation)


@each_extract
def test_every_row_belongs_to_its_source_and_stands_in_our_schema(packed: Extract) -> None:
    rows = rows_of(packed)
    assert rows.schema.equals(packed.record.reader_schema)
    assert rows["source"].unique().to_pylist() == [packed.source]
    assert min(rows["raw"].to_pylist()) >= 0
    assert max(rows["raw"].to_pylist()) < len(packed.originals)


@each_extract
def test_the_file_is_what_the_manifest_says(packed: Extract) -> None:
    content = (DATA / packed.file).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (packed.size, packed.sha256)
    assert rows_of(packed).num_rows == packed.rows
    assert packed.rows > 0


def test_nothing_lies_beside_the_manifest_and_all_of_it_is_small() -> None:
    assert {path.name for path in DATA.iterdir()} == {NAME, *(packed.file for packed in sample().extracts)}
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= BUDGET


def test_the_manifest_is_what_was_planned() -> None:
    planned = yaml.safe_load(extracting.PLAN.read_text(encoding="utf-8"))["extracts"]
    assert [packed.file for packed in sample().extracts] == [step["file"] for step in planned]
    assert [packed.selected for packed in sample().extracts] == [Step.of(step).selected for step in planned]


def test_cited_shares_are_those_of_watched_items_only() -> None:
    """The Bank of Korea's list is its own work; single facts of it are cited, the list is not passed on."""
    cited = [packed for packed in sample().extracts if packed.licence == CITED]
    pairs = [pair for packed in cited for pair in codes(rows_of(packed))]
    assert pairs
    assert [pair for pair in pairs if not catalogue().by_hs(pair[1], pair[0])] == []


def test_no_other_file_carries_the_cited_list() -> None:
    others = [packed for packed in sample().extracts if packed.licence != CITED]
    citations = [text for packed in others for text in texts(rows_of(packed), "citation")]
    assert citations
    assert [text for text in citations if "Bank of Korea" in text] == []


def codes(rows: pa.Table) -> Iterator[tuple[str, str]]:
    yield from zip(rows["code_system"].to_pylist(), rows["code"].to_pylist(), strict=True)


def texts(rows: pa.Table, column: str) -> Iterator[str]:
    if column in rows.column_names:
        yield from (text for text in rows[column].to_pylist() if text)


# ---- how they were made


@pytest.mark.realdata
def test_the_real_inputs_give_the_same_rows_again(realdata: Path, tmp_path: Path) -> None:
    main(["--inputs", str(realdata), "--into", str(tmp_path)])
    made = from_yaml((tmp_path / NAME).read_text(encoding="utf-8"))
    assert [_but_bytes(packed) for packed in made.extracts] == [_but_bytes(packed) for packed in sample().extracts]
    for packed in sample().extracts:
        assert read_parquet(tmp_path / packed.file).equals(rows_of(packed))


def _but_bytes(packed: Extract) -> Extract:
    """Without what depends on the library that writes Parquet."""
    return replace(packed, size=0, sha256="")


def planned(folder: Path, **step: object) -> Path:
    """A plan of one step over samples that stand in the source folders."""
    whole = {"file": "one.parquet", "selected": {"ko": "시험", "en": "test"}, "obtained": "here", **step}
    path = folder / "plan.yml"
    path.write_text(yaml.safe_dump({"read_at": READ_AT, "extracts": [whole]}), encoding="utf-8")
    return path


def test_a_source_that_may_not_be_passed_on_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = {"source": "kr_customs", "from": "kr_customs/samples/hsk10.csv"}
    monkeypatch.setattr(extracting, "PLAN", planned(tmp_path, **step))
    with pytest.raises(NotOursToGiveError, match=r"^kr_customs: this source's figures may not be passed on"):
        extract(HERE, tmp_path / "made")
    assert list((tmp_path / "made").iterdir()) == []


def test_only_codes_of_watched_items_and_later_periods_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {
        "source": "dependence_table",
        "from": "dependence_table/samples/list-by-hs10.csv",
        "published": date(2026, 1, 31),
    }
    taken = {}
    for name, select in {"all": {}, "watched": {"codes": "catalogue"}, "later": {"since": date(2030, 1, 1)}}.items():
        monkeypatch.setattr(extracting, "PLAN", planned(tmp_path, **every, select=select))
        made = extract(HERE, tmp_path / name)
        taken[name] = set(codes(read_parquet(tmp_path / name / "one.parquet")))
        assert [packed.published for packed in made.extracts] == [datetime(2026, 1, 31, 9, tzinfo=UTC)]
    assert taken["watched"] == {pair for pair in taken["all"] if catalogue().by_hs(pair[1], pair[0])}
    assert taken["watched"] != taken["all"]
    assert taken["later"] == set()


def test_a_withdrawn_fact_cannot_be_left_out_in_silence(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for months, day in ((2, datetime(2024, 4, 1, tzinfo=UTC)), (1, datetime(2024, 5, 1, tzinfo=UTC))):
        rows = [price(month) for month in range(1, months + 1)]
        scope = Scope({"source": ("worldbank_pinksheet",)})
        batch = Batch(PRICE, pa.Table.from_pylist(rows, schema=PRICE.reader_schema), scope)
        reading = Reading((batch,), published=day, published_basis="stated", raw_rows=months)
        with lake.writing() as writer:
            receipt = writer.deliver(reading, source="worldbank_pinksheet", raws=(), read_at=day, run_id="x")
    assert receipt.counts["withdrawn"] == 1
    with pytest.raises(NotOursToGiveError, match="cannot say that a fact was withdrawn"):
        extracting._delivered(lake, PRICE, receipt)
    lake.close()


def price(month: int) -> dict[str, object]:
    return {
        "source": "worldbank_pinksheet", "series": "UREA_EE_BULK", "valid": date(2024, month, 1), "frequency": "M",
        "name": "Urea", "value": 300.0, "currency": "USD", "unit": "t",
        "known_at": datetime(2024, month + 1, 2, tzinfo=UTC), "known_basis": "lag",
        "raw": 0, "raw_row": month, "raw_rows": 1,
    }  # fmt: skip
