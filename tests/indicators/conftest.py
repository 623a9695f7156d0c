"""Small Ibis tables of records."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bongsu.codes.countries import census_country, find_country
from bongsu.codes.groups import census_partner
from bongsu.records.formats import read_xlsx
from bongsu.records.shapes import TRADE_FLOW, RecordType

KNOWN = datetime(2021, 1, 1, tzinfo=UTC)


def rows(record: RecordType, given: Sequence[Mapping[str, Any]]) -> pa.Table:
    filled = [
        {"known_at": KNOWN, "known_basis": "stated", "raw": 0, "raw_row": n, "raw_rows": 1, **one}
        for n, one in enumerate(given, start=1)
    ]
    return pa.Table.from_pylist(filled, schema=record.reader_schema)


def table(record: RecordType, given: Sequence[Mapping[str, Any]]) -> ibis.Table:
    return ibis.memtable(rows(record, given))


def flow(partner: str, value: float | None, **more: object) -> dict[str, Any]:
    return {
        "source": "test", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HS",
        "code": "010221", "valid": date(2024, 1, 1), "frequency": "A", "value": value, "currency": "USD", **more,
    }  # fmt: skip


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Records from a few values; what is not said is filled in the same way each time: rows, table, flow."""
    return SimpleNamespace(rows=rows, table=table, flow=flow)


@pytest.fixture(scope="session")
def soybeans(realdata: Path) -> list[dict[str, Any]]:
    """Comtrade's monthly soybean downloads as flows; the reader of that source has tests of its own."""
    found = []
    for path in sorted((realdata / "trade" / "un_comtrade" / "soybeans").glob("*.xlsx")):
        header, *lines = read_xlsx(path).rows
        for line in lines:
            row = dict(zip(header, line, strict=True))
            found.append({
                "source": "un_comtrade", "reporter": row["reporterISO"], "partner": row["partnerISO"],
                "flow": {"M": "import", "X": "export"}[str(row["flowCode"])], "code_system": "HS",
                "code": row["cmdCode"], "valid": date(int(str(row["period"])[:4]), int(str(row["period"])[4:]), 1),
                "frequency": "M", "value": row["primaryValue"], "currency": "USD", "weight_kg": row["netWgt"] or None,
            })  # fmt: skip
    return found


@pytest.fixture(scope="session")
def korean_imports(realdata: Path) -> list[dict[str, Any]]:
    """Korea's imports of four HSK codes by country and month, as flows."""
    path = realdata / "trade" / "kr_customs" / "hsk10_country_month.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                "source": "kr_customs", "reporter": "KOR", "flow": "import", "code_system": "HSK", "code": row["Item"],
                "partner": find_country(row["Country"]) or row["Country"],
                "valid": date(int(row["Year"]), int(row["Month"]), 1), "frequency": "M", "currency": "USD",
                "value": float(row["Import_dollar"]), "weight_kg": float(row["Import_weight"]),
            }
            for row in csv.DictReader(file)
        ]  # fmt: skip


@pytest.fixture(scope="session")
def us_2024(realdata: Path) -> ibis.Table:
    """US imports of 2024 by HS10 and partner, the EU as one; the reader of that source has tests of its own."""
    files = sorted((realdata / "trade" / "us_census" / "imports_hs10_2024").glob("*.parquet"))
    raw = pa.concat_tables([pq.read_table(file, columns=["CTY_CODE", "I_COMMODITY", "imports"]) for file in files])
    names: Mapping[str, str] = {code: _census_name(code) for code in raw["CTY_CODE"].unique().to_pylist()}
    count = raw.num_rows
    filled: dict[str, Any] = {
        "source": "us", "reporter": "USA", "flow": "import", "code_system": "HTS", "valid": date(2024, 1, 1),
        "frequency": "A", "currency": "USD", "quantity": None, "quantity_unit": None, "weight_kg": None,
    }  # fmt: skip
    columns = {name: pa.repeat(pa.scalar(value, TRADE_FLOW.reader_schema.field(name).type), count)
               for name, value in filled.items()}  # fmt: skip
    partners = pa.array([names[code] for code in raw["CTY_CODE"].to_pylist()])
    return ibis.memtable(
        pa.table({**columns, "partner": partners, "code": raw["I_COMMODITY"], "value": raw["imports"]})
    )


def _census_name(code: str) -> str:
    found = census_country(code) or census_partner(code)
    assert found is not None
    return found
