"""The sample lake: what it holds once loaded, that a second load leaves no trace, and the story it tells."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

import bongsu
from bongsu.detectors.publisher import publishers
from bongsu.detectors.signal import Layer, State
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import catalogue
from bongsu.language import Language
from bongsu.missions.load import network
from bongsu.records.formats import read_parquet
from bongsu.records.known import end_of_day
from bongsu.records.lake import Lake
from bongsu.records.shapes import DEPENDENCE, MEASURE, PRICE, TRADE_FLOW
from bongsu.records.snapshot import Where
from bongsu.records.writer import Receipt
from bongsu.sources.sample import load as loading
from bongsu.sources.sample.load import DamagedSampleError, load
from bongsu.sources.sample.manifest import Manifest, from_yaml, sample, to_yaml
from bongsu.sources.source import sources

READ_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 9, tzinfo=UTC)
SEOUL = "Asia/Seoul"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lake, tuple[Receipt, ...]]]:
    lake = Lake(tmp_path_factory.mktemp("sample") / "lake")
    yield lake, load(lake, read_at=READ_AT, run_id="first")
    lake.close()


@pytest.fixture(scope="module")
def lake(loaded: tuple[Lake, tuple[Receipt, ...]]) -> Lake:
    return loaded[0]


@pytest.fixture(scope="module")
def urea(lake: Lake) -> Callable[[date], Warning]:
    def on(day: date) -> Warning:
        moment = end_of_day(day, SEOUL)
        clocks = publishers(sources())
        (warning,) = watch(lake.snapshot(), catalogue("KOR"), network("KOR"), moment, clocks, items=("urea",))
        return warning

    return on


def test_every_row_lands_under_the_source_that_it_came_from(loaded: tuple[Lake, tuple[Receipt, ...]]) -> None:
    receipts = loaded[1]
    assert [(receipt.source, receipt.status) for receipt in receipts] == [
        (extract.source, "landed") for extract in sample().extracts
    ]
    landed = [receipt.counts["new"] + receipt.counts["revised"] for receipt in receipts]
    assert landed == [extract.rows for extract in sample().extracts]
    assert [receipt.counts["quarantined"] for receipt in receipts] == [0] * len(receipts)


def test_a_second_load_adds_no_version(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.folder, tmp_path / "lake", ignore=shutil.ignore_patterns("scratch"))
    again = Lake(tmp_path / "lake")
    before = again.snapshot().versions
    receipts = load(again, read_at=LATER, run_id="second")
    assert {receipt.status for receipt in receipts} == {"unchanged"}
    assert again.snapshot().versions == before
    again.close()


def test_vintages_come_in_order_and_undated_deliveries_last() -> None:
    for id_ in {extract.source for extract in sample().extracts}:
        vintages = [extract.published or READ_AT for extract in sample().extracts if extract.source == id_]
        assert vintages == sorted(vintages)


def test_a_row_walks_back_to_the_packed_file_and_from_there_to_the_raw_one(lake: Lake) -> None:
    snapshot = lake.snapshot()
    (row,) = snapshot.facts(
        PRICE, end_of_day(date(2021, 10, 13), SEOUL), {"series": "UREA_EE_BULK", "valid": date(2021, 9, 1)}
    ).to_pylist()
    entry = next(entry for entry in snapshot.journal() if entry.seq == row["delivery"])
    raw = entry.raws[row["raw"]]
    assert hashlib.sha256(raw.path.read_bytes()).hexdigest() == raw.sha256
    packed = read_parquet(raw.path).slice(row["raw_row"] - 1, 1).to_pylist()[0]
    assert {name: packed[name] for name in (*PRICE.key_names, "value")} == {
        name: row[name] for name in (*PRICE.key_names, "value")
    }
    extract = next(extract for extract in sample().extracts if extract.file == raw.name)
    assert extract.originals[packed["raw"]].name == "CMO-Historical-Data-Monthly_2023M03.xlsx"
    assert packed["raw_row"] > 1


def test_the_months_that_the_second_vintage_of_exports_adds_are_not_seen_before_it(lake: Lake) -> None:
    where: Where = {"source": "us_census", "flow": "export", "partner": "CHN", "valid": date(2021, 2, 1)}
    days = (date(2021, 2, 5), date(2021, 3, 15), date(2021, 5, 15))
    seen = [lake.snapshot().facts(TRADE_FLOW, end_of_day(day, SEOUL), where).num_rows for day in days]
    assert seen == [0, 0, 73]


def test_before_a_month_is_published_the_month_before_it_is_the_newest(lake: Lake) -> None:
    where = {"source": "us_census", "flow": "export", "partner": "CHN"}
    rows = lake.snapshot().as_of(TRADE_FLOW, end_of_day(date(2021, 2, 4), SEOUL), where)
    assert rows.valid.max().to_pyarrow().as_py() == date(2020, 11, 1)


def test_the_later_edition_of_prices_changes_83_past_values(lake: Lake) -> None:
    versions = lake.snapshot().versions_of(PRICE)
    assert versions.filter(versions.version > 0).count().to_pyarrow().as_py() == 83


def test_the_matrix_of_us_imports_is_whole(lake: Lake) -> None:
    flows = lake.snapshot().as_of(TRADE_FLOW, READ_AT, {"source": "us_census", "flow": "import"})
    totals = flows.group_by("code").aggregate(total=flows.value.sum())
    assert totals.filter(totals.total > 0).count().to_pyarrow().as_py() == 18_650
    assert flows.partner.nunique().to_pyarrow().as_py() == 51


def test_all_measures_and_facts_of_our_own_tables_are_in(lake: Lake) -> None:
    snapshot = lake.snapshot()
    measures = snapshot.arrow(snapshot.as_of(MEASURE, READ_AT))
    assert measures["event"].to_pylist().count("issued") == 20
    facts = snapshot.arrow(snapshot.as_of(DEPENDENCE, READ_AT, {"reporter": "KOR"}))
    urea = [row for row in facts.to_pylist() if row["code"] == "310210" and row["subject"] == "urea, all uses"]
    assert (date(2020, 1, 1), 0.88) in [(row["valid"], row["share"]) for row in urea]


def test_urea_stands_at_four_fires_on_the_day_of_the_notice(urea: Callable[[date], Warning]) -> None:
    warning = urea(date(2021, 10, 13))
    assert (warning.level, warning.dependent, warning.known, warning.no_current_figures) == (4, True, True, False)
    assert {view.layer for view in warning.layers_in(State.LIVE)} == {Layer.MEASURE, Layer.PRICE, Layer.INPUT_PRICE}
    assert "diesel_exhaust_fluid" in {use.id for use in warning.uses}
    assert warning.dependence is not None
    assert (warning.dependence.partner, warning.dependence.share) == ("CHN", 0.88)
    assert {ref.record for ref in warning.evidence} == {"measure", "price", "dependence"}


def test_urea_stood_at_three_the_day_before_on_prices_and_dependence(urea: Callable[[date], Warning]) -> None:
    warning = urea(date(2021, 10, 12))
    assert (warning.level, warning.dependent) == (3, True)
    assert {view.layer for view in warning.layers_in(State.LIVE)} == {Layer.PRICE, Layer.INPUT_PRICE}


def test_urea_was_lower_in_february_and_nothing_later_was_seen(urea: Callable[[date], Warning]) -> None:
    day = date(2021, 2, 1)
    warning = urea(day)
    assert warning.level == 2
    dated = [view.known_at for view in warning.layers if view.known_at is not None]
    assert dated
    assert max(dated) <= end_of_day(day, SEOUL)


def test_today_the_samples_prices_are_shown_as_stale(urea: Callable[[date], Warning]) -> None:
    warning = urea(READ_AT.date())
    assert warning.no_current_figures
    assert {view.layer for view in warning.layers_in(State.STALE)} == {Layer.PRICE, Layer.INPUT_PRICE}


def test_a_damaged_file_is_named_in_both_languages_and_nothing_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *sound, last = sample().extracts
    monkeypatch.setattr(loading, "sample", lambda: Manifest((*sound, replace(last, sha256="0" * 64))))
    lake = Lake(tmp_path / "lake")
    with pytest.raises(DamagedSampleError) as refused:
        load(lake, read_at=READ_AT, run_id="damaged")
    assert (
        refused.value.to(Language.EN) == f"{last.file}: this file of the sample lake is damaged. Install Bongsu again."
    )
    assert refused.value.to(Language.KO) == f"{last.file}: 예시 기록 파일이 손상되었습니다. Bongsu를 다시 설치하십시오."
    assert lake.snapshot().versions == {}


def test_the_manifest_survives_being_written() -> None:
    assert from_yaml(to_yaml(sample())) == sample()


def test_the_manifest_adds_up_and_names_each_licence_once() -> None:
    manifest = sample()
    assert manifest.rows == sum(extract.rows for extract in manifest.extracts)
    assert manifest.size == sum(extract.size for extract in manifest.extracts)
    assert list(manifest.licences) == sorted({extract.licence for extract in manifest.extracts})
    assert manifest.licences["US public domain"] == ("U.S. Census Bureau, International Trade",)


def test_it_is_found_in_a_package_that_is_one_archive(tmp_path: Path) -> None:
    package = Path(bongsu.__file__).parent
    archive = tmp_path / "bongsu.zip"
    with ZipFile(archive, "w") as zipped:
        for path in [*package.rglob("*.py"), *(package / "sources" / "sample" / "data").iterdir()]:
            zipped.write(path, path.relative_to(package.parent))
    program = (
        f"import sys, hashlib; sys.path.insert(0, {str(archive)!r})\n"
        "from bongsu.sources.sample import manifest\n"
        "print(manifest.__file__)\n"
        "for extract in manifest.sample().extracts:\n"
        "    with extract.opened() as path: print(hashlib.sha256(path.read_bytes()).hexdigest())\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)  # noqa: S603 - our own program
    where, *hashes = ran.stdout.split()
    assert where.startswith(str(archive))
    assert hashes == [extract.sha256 for extract in sample().extracts]
