"""The real inputs in a real lake: two vintages, two Pink Sheets, everything twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bongsu.records.changes import changes
from bongsu.records.journal import LANDED, UNCHANGED
from bongsu.records.known import end_of_day
from bongsu.records.lake import Lake
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import PRICE, RECORD_TYPES, TRADE_FLOW, RecordType
from bongsu.records.snapshot import Snapshot
from bongsu.sources.fetch import Given, fetch, read
from bongsu.sources.source import source

pytestmark = pytest.mark.realdata
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CHINA = (
    ("us_census/exports_china_hs6_to_2020-12.parquet", date(2021, 2, 5)),
    ("us_census/exports_china_hs6_to_2021-02.parquet", date(2021, 4, 7)),
)
SHEETS = (
    "worldbank/CMO-Historical-Data-Monthly_2023M03.xlsx",
    "worldbank/CMO-Historical-Data-Monthly_2024M09.xlsx",
)
Edition = tuple[str, date | None]
FACT = ("code", "valid", "value", "quantity")


def load(folder: Path, real: Path, name: str, editions: Sequence[Edition]) -> Lake:
    lake = Lake(folder, threads=2)
    for file, published in editions:
        fetch(lake, source(name), [str(real / "trade" / file)], Given(published=published), read_at=NOW, run_id="r")
    return lake


def as_of(snapshot: Snapshot, record: RecordType, day: date) -> pa.Table:
    return snapshot.arrow(snapshot.as_of(record, end_of_day(day, "Asia/Seoul")))


def facts(table: pa.Table) -> pa.Table:
    nullable = pa.schema([pa.field(name, table.schema.field(name).type) for name in FACT])
    return table.select(FACT).cast(nullable).sort_by([(name, "ascending") for name in FACT])


@pytest.fixture(scope="module")
def exports(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshot, Snapshot]]:
    """US exports to China, the two vintages in order of publication, and the other way round."""
    folder = tmp_path_factory.mktemp("exports")
    ahead = load(folder / "in-order", realdata, "us_census", CHINA)
    back = load(folder / "reversed", realdata, "us_census", CHINA[::-1])
    yield ahead.snapshot(), back.snapshot()
    ahead.close()
    back.close()


@pytest.fixture(scope="module")
def stated(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    """What each of the two files states, rows of one fact added up, without any lake."""
    archive = RawArchive(tmp_path_factory.mktemp("raw"))
    tables = []
    for file, published in CHINA:
        raw = archive.keep(realdata / "trade" / file, received_at=NOW)
        reading = read(source("us_census"), (raw,), Given(published=published), NOW)
        tables.append(pa.concat_tables([batch.rows for batch in reading.batches]))
    return tables


def hs6(table: pa.Table) -> pa.Table:
    return table.filter(pc.equal(pc.utf8_length(table["code"]), 6))


def test_as_of_mid_march_the_first_file_is_what_was_known(
    exports: tuple[Snapshot, Snapshot], stated: list[pa.Table]
) -> None:
    known = as_of(exports[0], TRADE_FLOW, date(2021, 3, 15))
    assert known.num_rows == 357_310
    assert facts(known).equals(facts(stated[0]))


def test_as_of_mid_may_the_second_file_is_what_was_known_at_hs6(
    exports: tuple[Snapshot, Snapshot], stated: list[pa.Table]
) -> None:
    known, newest = facts(hs6(as_of(exports[0], TRADE_FLOW, date(2021, 5, 15)))), facts(hs6(stated[1]))
    assert only_in(newest, known) == []
    assert facts(known.join(newest, list(FACT[:2]), join_type="left semi")).equals(newest), "in its very values"
    # The first file gives December 2020 by the codes of an agreement's list, some of them HS6 sums of other codes.
    assert {row["valid"] for row in only_in(known, newest)} == {date(2020, 12, 1)}
    assert only_in(known, facts(stated[0])) == only_in(newest, facts(stated[0])), "and nothing from elsewhere"


def only_in(one: pa.Table, other: pa.Table) -> list[dict[str, object]]:
    unmatched = one.join(other, list(FACT[:2]), join_type="left anti")
    rows: list[dict[str, object]] = unmatched.sort_by([("code", "ascending"), ("valid", "ascending")]).to_pylist()
    return rows


def test_the_second_vintage_adds_months_and_revises_nothing_at_hs6(exports: tuple[Snapshot, Snapshot]) -> None:
    rows = exports[0].arrow(exports[0].versions_of(TRADE_FLOW))
    assert pc.max(hs6(rows)["version"]).as_py() == 0
    assert not pc.any(rows["withdrawn"]).as_py()


def test_rows_that_carry_only_an_hs4_stay_hs4(exports: tuple[Snapshot, Snapshot]) -> None:
    known = as_of(exports[0], TRADE_FLOW, date(2021, 3, 15))
    four = known.filter(pc.equal(pc.utf8_length(known["code"]), 4))
    assert four.num_rows == 525
    assert set(four["valid"].to_pylist()) == {date(2020, 12, 1)}
    assert set(four["code_system"].to_pylist()) == {"HS"}


def test_rows_of_one_month_and_code_are_added(exports: tuple[Snapshot, Snapshot], realdata: Path) -> None:
    known = hs6(as_of(exports[0], TRADE_FLOW, date(2021, 5, 15)))
    several = known.filter(pc.greater(known["raw_rows"], 1))
    file = realdata / "trade" / CHINA[1][0]
    expected = duckdb.execute(
        """SELECT hs6 AS code, time::DATE AS valid, sum(china_exports) AS value FROM read_parquet(?)
        WHERE hs6 IS NOT NULL GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL""",
        [str(file)],
    ).fetchall()
    found = several.select(["code", "valid", "value"]).sort_by([("code", "ascending"), ("valid", "ascending")])
    rows = {(row["code"], row["valid"]): row["value"] for row in found.to_pylist()}
    assert len(expected) == 156
    assert {(code, valid): rows.get((code, valid)) for code, valid, _ in expected} == {
        (code, valid): value for code, valid, value in expected
    }


@pytest.mark.parametrize(
    "day",
    [date(2015, 1, 1), date(2021, 2, 5), date(2021, 2, 6), date(2021, 3, 15), date(2021, 4, 6), date(2021, 4, 8)],
)
def test_the_order_of_arrival_does_not_matter_for_exports(exports: tuple[Snapshot, Snapshot], day: date) -> None:
    ahead, back = (facts(as_of(one, TRADE_FLOW, day)) for one in exports)
    assert ahead.equals(back)


@pytest.fixture(scope="module")
def sheets(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshot, Snapshot]]:
    folder = tmp_path_factory.mktemp("sheets")
    ahead = load(folder / "in-order", realdata, "worldbank_pinksheet", [(sheet, None) for sheet in SHEETS])
    back = load(folder / "reversed", realdata, "worldbank_pinksheet", [(sheet, None) for sheet in SHEETS[::-1]])
    yield ahead.snapshot(), back.snapshot()
    ahead.close()
    back.close()


@pytest.mark.parametrize("side", [0, 1], ids=["in order", "reversed"])
def test_the_two_pink_sheets_differ_in_eighty_three_cells(sheets: tuple[Snapshot, Snapshot], side: int) -> None:
    first, second = end_of_day(date(2023, 4, 5), "Asia/Seoul"), end_of_day(date(2024, 10, 3), "Asia/Seoul")
    found = changes(sheets[side], PRICE, "worldbank_pinksheet", first, second)
    assert len([cell for cell in found.cells if cell["column"] == "value"]) == 83


@pytest.mark.parametrize("year", range(2019, 2026))
def test_the_order_of_arrival_does_not_matter_for_prices(sheets: tuple[Snapshot, Snapshot], year: int) -> None:
    order = [("series", "ascending"), ("valid", "ascending")]
    columns = ["series", "valid", "value", "unit", "name"]
    for day in (date(year, 1, 15), date(year, 4, 4), date(year, 4, 5), date(year, 10, 3)):
        ahead, back = (as_of(one, PRICE, day).select(columns).sort_by(order) for one in sheets)
        assert ahead.equals(back), day


EVERYTHING: tuple[tuple[str, str, date | None], ...] = (
    ("us_census", "us_census/imports_hs10_2024", None),
    ("us_census", "us_census/exports_hs10_4190_ireland.parquet", None),
    ("us_census", "us_census/exports_hs10_5520_vietnam.parquet", None),
    ("us_census", "us_census/imports_hs2_top20_monthly.parquet", None),
    ("kr_customs", "kr_customs/hsk10_country_month.csv", None),
    ("worldbank_pinksheet", SHEETS[1], None),
    ("imf_portwatch", "imf_portwatch/chokepoint-transit-to-2023-09.json", None),
    ("notices_table", "notices_dev.csv", None),
    ("dependence_table", "dependence_facts.csv", None),
    ("dependence_table", "bank_of_korea/share_ge80_2025.csv", date(2026, 1, 31)),
)


@pytest.fixture(scope="module")
def everything(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """All other real inputs, twice, the second time a day later."""
    lake = Lake(tmp_path_factory.mktemp("everything"), threads=2)
    for days in (0, 1):
        for name, file, published in EVERYTHING:
            place = str(realdata / "trade" / file)
            moment = NOW + timedelta(days=days)
            fetch(lake, source(name), [place], Given(published=published), read_at=moment, run_id="r")
    yield lake
    lake.close()


def test_everything_twice_writes_no_version(everything: Lake) -> None:
    entries = everything.snapshot().journal()
    half = len(EVERYTHING)
    assert [entry.status for entry in entries] == [LANDED] * half + [UNCHANGED] * half
    assert [entry.counts["written"] for entry in entries[half:]] == [0] * half
    assert dict(entries[-1].tables) == dict(entries[half - 1].tables)


@pytest.mark.parametrize("name", ["trade_flow", "price", "transit", "measure", "dependence"])
def test_both_reads_give_one_answer_for_every_record_type(everything: Lake, name: str) -> None:
    snapshot, record = everything.snapshot(), RECORD_TYPES[name]
    some = snapshot.arrow(snapshot.versions_of(record).limit(1)).to_pylist()[0]
    where = {column: some[column] for column in record.key_names if column in {"source", "code", "series", "partner"}}
    order = [(column, "ascending") for column in record.key_names]
    for day in (date(2019, 6, 30), date(2021, 10, 13), date(2027, 1, 1)):
        moment = end_of_day(day, "Asia/Seoul")
        expressed = snapshot.arrow(snapshot.as_of(record, moment, where)).sort_by(order)
        assert snapshot.facts(record, moment, where).sort_by(order).equals(expressed)
    assert expressed.num_rows > 0
