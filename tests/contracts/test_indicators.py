"""What every indicator owes: both languages, a cited formula, purity, one answer whatever the order of rows."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from bongsu.indicators.indicator import Indicator, indicators
from bongsu.records.shapes import MEASURE, PRICE, PRODUCTION, TRADE_FLOW, TRANSIT, RecordType

ARGUMENTS: Mapping[str, object] = {"on": date(2024, 6, 1), "home": "KOR"}
every = pytest.mark.parametrize("indicator", indicators().values(), ids=list(indicators()))
KNOWN = datetime(2024, 1, 1, tzinfo=UTC)


def flows() -> list[dict[str, Any]]:
    values = {"CHN": 60.0, "USA": 40.0, "DEU": None, "W00": 120.0}
    base = {
        "source": "t",
        "reporter": "KOR",
        "flow": "import",
        "code_system": "HS",
        "frequency": "M",
        "currency": "USD",
    }
    monthly = [
        {**base, "partner": partner, "code": code, "valid": date(2024, month, 1), "value": value, "weight_kg": 2.0}
        for code in ("010221", "310210")
        for month in (1, 2)
        for partner, value in values.items()
    ]
    return [*monthly, *yearly_flows(base)]


def yearly_flows(base: Mapping[str, str]) -> list[dict[str, Any]]:
    """Four years of two reporters that trade both ways, with ties and a partner withheld."""
    values = {"CHN": 90e6, "KOR": 4e6, "USA": 4e6, "DEU": None, "W00": 99e6}
    return [
        {
            **base, "reporter": reporter, "flow": flow, "frequency": "A", "partner": partner, "code": "010221",
            "valid": date(year, 1, 1), "value": value if value is None or flow == "import" else value / 3,
            "weight_kg": 2.0,
        }
        for year in (2020, 2021, 2022, 2023)
        for reporter in ("KOR", "USA")
        for flow in ("import", "export")
        for partner, value in values.items()
        if partner != reporter
    ]  # fmt: skip


def prices() -> list[dict[str, Any]]:
    walk = np.exp(np.random.default_rng(5).normal(0, 0.05, 130).cumsum())
    return [
        {
            "source": "t", "series": series, "valid": date(2010 + n // 12, n % 12 + 1, 1), "frequency": "M",
            "value": None if n == 40 else float(price),
        }
        for series in ("01", "02")
        for n, price in enumerate(walk)
    ]  # fmt: skip


def transits() -> list[dict[str, Any]]:
    counts = np.random.default_rng(5).poisson(20, 300)
    return [
        {
            "source": "t", "chokepoint": "suez", "ship_class": "total", "valid": date(2023, 1, 1) + timedelta(n),
            "frequency": "D", "transits": None if n == 250 else float(count),
        }
        for n, count in enumerate(counts)
    ]  # fmt: skip


def measures() -> list[dict[str, Any]]:
    limb = {"source": "t", "jurisdiction": "CHN", "issuer": "M", "number": "1", "limb": "", "hs_codes": ["0102"]}
    later = {**limb, "limb": "b"}
    return [
        {**limb, "event": "issued", "valid": date(2024, 1, 1), "effective": date(2024, 2, 1)},
        {**limb, "event": "suspended", "valid": date(2024, 3, 1), "until": date(2024, 5, 1)},
        {**later, "event": "issued", "valid": date(2024, 1, 1)},
    ]


def production() -> list[dict[str, Any]]:
    lines = {"CHN": 60.0, "RUS": 25.0, "USA": None, "X00": 10.0, "W00": 97.0}
    year = {"valid": date(2024, 1, 1), "valid_until": date(2024, 12, 31), "frequency": "A"}
    mine = {"source": "t", "measure": "production", "stage": "mine", "detail": "", "rounded_to": 1.0, **year}
    return [
        {**mine, "commodity": goods, "country": country, "value": value, "unit": unit, "stated": stated}
        for goods, unit, parts in (("gallium", "kg", 1.0), ("graphite", "share", 100.0))
        for country, figure in lines.items()
        for value, stated in [(figure / parts, "figure") if figure else (None, "withheld")]
    ]


SAMPLES: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
    TRADE_FLOW.name: flows,
    PRICE.name: prices,
    TRANSIT.name: transits,
    MEASURE.name: measures,
    PRODUCTION.name: production,
}


def sample(record: RecordType) -> pa.Table:
    stated = {"known_at": KNOWN, "known_basis": "stated", "raw": 0, "raw_row": 1, "raw_rows": 1}
    rows = [{**stated, **row} for row in SAMPLES[record.name]()]
    return pa.Table.from_pylist(rows, schema=record.reader_schema)


def run(indicator: Indicator, tables: list[pa.Table]) -> list[dict[str, Any]]:
    given = {name: ARGUMENTS[name] for name in indicator.asks}
    return indicator.run(*map(ibis.memtable, tables), **given).to_pylist()


def rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sums of floats differ in their last bit with the order of rows; nothing else may."""
    return [
        {name: float(f"{value:.9g}") if isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]


@every
def test_it_says_in_both_languages_what_it_is(indicator: Indicator) -> None:
    texts = (indicator.name, indicator.unit, *indicator.caveats)
    assert all(text.ko and text.en and text.ko != text.en for text in texts if text.ko != "0–1")
    assert all(any("가" <= letter <= "힣" for letter in text.ko) for text in (indicator.name, *indicator.caveats))


@every
def test_it_cites_its_formula_and_states_a_caveat(indicator: Indicator) -> None:
    assert all((indicator.formula, indicator.source, indicator.caveats, indicator.records, indicator.key))


@every
def test_its_id_is_its_file(indicator: Indicator) -> None:
    assert indicator.compute.__module__ == f"bongsu.indicators.{indicator.id}"


@every
def test_its_key_names_each_row_once_and_codes_stay_text(indicator: Indicator) -> None:
    tables = [sample(record) for record in indicator.records]
    rows = run(indicator, tables)
    assert len({tuple(row[name] for name in indicator.key) for row in rows}) == len(rows) > 0
    codes = {row["code"] for row in rows if "code" in row}
    assert codes <= {"010221", "310210"}


@every
def test_the_order_of_rows_changes_nothing(indicator: Indicator) -> None:
    tables = [sample(record) for record in indicator.records]
    mixed = [table.take(np.random.default_rng(1).permutation(table.num_rows)) for table in tables]
    assert rounded(run(indicator, mixed)) == rounded(run(indicator, tables))


@every
def test_it_leaves_its_input_alone_and_answers_twice_alike(indicator: Indicator) -> None:
    tables = [sample(record) for record in indicator.records]
    first = run(indicator, tables)
    assert tables == [sample(record) for record in indicator.records]
    assert rounded(run(indicator, tables)) == rounded(first)


@every
def test_no_rows_give_no_rows(indicator: Indicator) -> None:
    assert run(indicator, [record.reader_schema.empty_table() for record in indicator.records]) == []


@every
def test_numbers_are_known_or_null_never_not_a_number(indicator: Indicator) -> None:
    for row in run(indicator, [sample(record) for record in indicator.records]):
        assert all(math.isfinite(value) for value in row.values() if isinstance(value, float))


@every
def test_values_unknown_all_through_stay_unknown(indicator: Indicator) -> None:
    """No number comes out of tables without one."""
    tables = []
    for record in indicator.records:
        table = sample(record)
        for field in record.values:
            if pa.types.is_floating(field.type):
                place = table.schema.get_field_index(field.name)
                table = table.set_column(place, field, pa.nulls(table.num_rows, field.type))
        tables.append(table)
    for row in run(indicator, tables):
        assert [name for name, value in row.items() if isinstance(value, float)] == []
