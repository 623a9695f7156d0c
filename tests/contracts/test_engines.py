"""Every engine gives the same records and the same indicators: DuckDB against Spark, order included."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from ibis.expr.types import Table

from bongsu.indicators.indicator import Indicator, indicators
from bongsu.language import UsageError
from bongsu.records.engine import engine_name
from bongsu.records.lake import Lake
from bongsu.records.shapes import RECORD_TYPES, RecordType
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import source

MASTER = "local[2]"
RELATIVE = 1e-9
READ_AT = datetime(2026, 11, 22, tzinfo=UTC)
ARGUMENTS: Mapping[str, object] = {"on": date(2024, 6, 1), "home": "KOR"}
# Korea's own figures at hand have ten digits, and two sides are compared on six: there the United States is asked for.
OTHERWISE: Mapping[str, Mapping[str, object]] = {"mirror_flows": {"home": "USA"}}
# source, places under the real inputs, day of publication
DELIVERIES: tuple[tuple[str, str, date | None], ...] = (
    ("kr_customs", "trade/kr_customs/hsk10_country_month.csv", None),
    ("us_census", "trade/us_census/exports_china_hs6_to_2020-12.parquet", date(2021, 2, 5)),
    ("us_census", "trade/us_census/exports_china_hs6_to_2021-02.parquet", date(2021, 4, 7)),
    ("us_census", "trade/us_census/imports_hs10_2024", None),
    ("worldbank_pinksheet", "trade/worldbank/*2024*", date(2024, 10, 2)),
    ("worldbank_pinksheet", "trade/worldbank/*2023*", date(2023, 4, 4)),  # after the later one: its rows came late
    ("imf_portwatch", "trade/imf_portwatch/*.json", None),
    ("notices_table", "trade/notices_dev.csv", None),
    ("dependence_table", "trade/dependence_facts.csv", None),
    ("un_comtrade", "trade/un_comtrade/soybeans", None),
    ("usgs_mcs", "trade/usgs/MCS2025_World_Data.csv", date(2025, 2, 3)),
    ("usgs_mcs", "trade/usgs/MCS2026_Commodities_Data.csv", date(2026, 2, 2)),
    ("bgs_production", "trade/bgs", None),
    ("eu_crm", "trade/eu_crm", None),
    ("nyfed_gscpi", "trade/nyfed", None),
    ("bank_of_korea", "trade/bank_of_korea", None),
)
every = pytest.mark.parametrize("indicator", indicators().values(), ids=list(indicators()))


@dataclass
class Side:
    """One lake by one engine; what several indicators build on is held with it and computed once."""

    lake: Lake
    held: dict[Any, Table] = field(default_factory=dict)

    def hold(self, table: Table) -> Table:
        if table.op() not in self.held:
            self.held[table.op()] = self.lake.snapshot().engine.hold(table)
        return self.held[table.op()]

    def run(self, indicator: Indicator) -> pa.Table:
        snapshot = self.lake.snapshot()
        return indicator.run(
            *(self.hold(snapshot.as_of(record, READ_AT)) for record in indicator.records),
            apply=snapshot.engine.apply,
            hold=self.hold,
            **{name: {**ARGUMENTS, **OTHERWISE.get(indicator.id, {})}[name] for name in indicator.asks},
        )


@pytest.fixture(scope="session")
def spark() -> str:
    """A Spark master on this machine; skips where there is no Spark or no Java, fails where CI demands them."""
    lacking = [
        name
        for name, there in (("pyspark", find_spec("pyspark")), ("a Java runtime", shutil.which("java")))
        if not there
    ]
    if not lacking:
        return MASTER
    reason = f"not on this machine: {', '.join(lacking)}; see docs/guide/en/spark.md"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_lake(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the real inputs. Its folder is named so that an engine that reads paths would read a column there."""
    folder = tmp_path_factory.mktemp("engines") / "code=01"
    lake = Lake(folder)
    try:
        for name, place, published in DELIVERIES:
            given = Given(published=published)
            fetch(lake, source(name), [str(realdata / place)], given, read_at=READ_AT, run_id="engines")
    finally:
        lake.close()
    return folder


@pytest.fixture(scope="session")
def lakes(real_lake: Path, spark: str) -> Iterator[tuple[Lake, Lake]]:
    """One lake, by DuckDB and by Spark."""
    both = Lake(real_lake), Lake(real_lake, engine=spark)
    yield both
    for lake in both:
        lake.close()


@pytest.fixture(scope="session")
def sides(lakes: tuple[Lake, Lake]) -> tuple[Side, Side]:
    """The two lakes, with what has been computed on each."""
    return Side(lakes[0]), Side(lakes[1])


def assert_same(one: pa.Table, other: pa.Table) -> None:
    """The same columns and rows in the same order; numbers equal to 1e-9 relative."""
    assert other.schema.names == one.schema.names
    for name in one.schema.names:
        left, right = one[name].combine_chunks(), other[name].combine_chunks()
        if pa.types.is_list(left.type):  # the engines call the part of a list by different names
            left = left.cast(pa.list_(left.type.value_type))
        assert right.type == left.type, name
        if not pa.types.is_floating(left.type):
            assert left.equals(right), name
            continue
        assert pc.is_null(left).equals(pc.is_null(right)), name
        known = pc.drop_null(left).to_numpy(zero_copy_only=False), pc.drop_null(right).to_numpy(zero_copy_only=False)
        np.testing.assert_allclose(known[1], known[0], rtol=RELATIVE, atol=0, err_msg=name)


@every
def test_an_indicator_is_the_same_on_both_engines(indicator: Indicator, sides: tuple[Side, Side]) -> None:
    duck, spark = (side.run(indicator) for side in sides)
    assert_same(duck, spark)


@pytest.mark.parametrize("record", RECORD_TYPES.values(), ids=list(RECORD_TYPES))
@pytest.mark.parametrize("moment", [datetime(2021, 3, 15, tzinfo=UTC), READ_AT], ids=str)
def test_what_was_known_is_the_same_on_both_engines(
    record: RecordType, moment: datetime, lakes: tuple[Lake, Lake]
) -> None:
    tables = [lake.snapshot() for lake in lakes]
    keys = [(name, "ascending") for name in record.key_names]
    duck, spark = (one.arrow(one.as_of(record, moment)).sort_by(keys) for one in tables)
    assert_same(duck, spark.select(duck.schema.names))


def test_an_empty_lake_has_every_record_type_in_its_own_shape_on_both_engines(tmp_path: Path, spark: str) -> None:
    for engine in ("duckdb", spark):
        lake = Lake(tmp_path / "lake", engine=engine)
        view = lake.snapshot()
        shapes = {name: view.arrow(view.as_of(record, READ_AT)).schema.names for name, record in RECORD_TYPES.items()}
        lake.close()
        assert {name: set(record.key_names) - set(shapes[name]) for name, record in RECORD_TYPES.items()} == {
            name: set() for name in RECORD_TYPES
        }


def test_the_real_lake_puts_every_indicator_to_work(sides: tuple[Side, Side]) -> None:
    """Or the two engines would agree on nothing at all."""
    assert [one.id for one in indicators().values() if sides[0].run(one).num_rows == 0] == []


def test_what_is_held_or_computed_in_parts_may_name_a_table_in_memory(lakes: tuple[Lake, Lake]) -> None:
    """The look-up tables of partners and codes stand in memory; Spark must be told of them."""
    listed = pa.table({"code": ["01", "02"], "n": [1, 2]})
    for lake in lakes:
        engine = lake.snapshot().engine
        assert engine.arrow(engine.hold(ibis.memtable(listed))).sort_by("code").equals(listed)
        assert engine.apply(lambda rows: rows, ibis.memtable(listed), ["code"]).sort_by("code").equals(listed)


@pytest.mark.parametrize(
    "told", ["duckdb", "local", "local[2]", "local[*]", "spark://10.0.0.1:7077", "spark://a:1,b:2"]
)
def test_an_engine_has_a_name(told: str) -> None:
    assert engine_name(told) == told


@pytest.mark.parametrize("told", ["", "Local[2]", "local[0x2]", "yarn", "spark://", "spark://a", "sqlite"])
def test_another_name_is_refused_with_the_ones_there_are(told: str) -> None:
    with pytest.raises(UsageError, match="spark://host:port"):
        engine_name(told)
