"""Indicators that ask for a home: all reporters are read, both ways, and only what was asked for is shown."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import ibis
import pyarrow as pa
import pytest

from bongsu.cli.home_flows import is_asked, of_all, up_to
from bongsu.language import ExitCode, UsageError
from bongsu.records.shapes import TRADE_FLOW

Bongsu = Callable[..., Any]
CHIPS = "8542310001"


def table(rows: Sequence[tuple[str, str, str, date, str, float]]) -> ibis.Table:
    stated = {
        "source": "t", "flow": "import", "code_system": "HS", "currency": "USD", "known_basis": "stated", "raw": 0,
        "raw_row": 1, "raw_rows": 1, "known_at": datetime(2025, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    names = ("reporter", "partner", "code", "valid", "frequency", "value")
    filled = [{**stated, **dict(zip(names, row, strict=True))} for row in rows]
    schema = pa.schema([field.with_nullable(True) for field in TRADE_FLOW.reader_schema])  # noqa: FBT003 - as a lake gives it
    return ibis.memtable(pa.Table.from_pylist(filled, schema=schema))


def told(flows: ibis.Table) -> list[tuple[str, str, float]]:
    return sorted((row["reporter"], row["code"], row["value"]) for row in flows.to_pyarrow().to_pylist())


def test_only_the_homes_own_codes_are_added_up() -> None:
    """Or another reporter's ten digits would stand beside its six, and its trade twice."""
    year = (date(2024, 1, 1), "A")
    flows = table([
        ("KOR", "CHN", "0102210001", *year, 1.0), ("KOR", "CHN", "0102210002", *year, 2.0),
        ("USA", "CHN", "0102210001", *year, 5.0), ("USA", "CHN", "010221", *year, 7.0),
    ])  # fmt: skip
    assert told(of_all(flows, "KOR", (), by_year=False, depths=(10, 6))) == [
        ("KOR", "010221", 3.0),
        ("USA", "010221", 7.0),
    ]
    assert told(of_all(flows, "KOR", (), by_year=False, depths=(None, 6))) == [("USA", "010221", 7.0)]
    one = of_all(flows, "KOR", ("0102210001",), by_year=False, depths=(None, None))
    assert told(one) == [("KOR", "0102210001", 1.0), ("USA", "010221", 7.0), ("USA", "0102210001", 5.0)]


def test_a_year_is_made_of_its_months() -> None:
    flows = table([("KOR", "CHN", "010221", date(2024, month, 1), "M", 1.0) for month in range(1, 13)])
    assert told(of_all(flows, "KOR", (), by_year=True, depths=(None, None))) == [("KOR", "010221", 12.0)]
    assert len(told(of_all(flows, "KOR", (), by_year=False, depths=(None, None)))) == 12


def test_what_only_helped_is_not_shown() -> None:
    row = {"code": "010221", "valid": date(2024, 1, 1)}
    assert is_asked(row, (), None)
    assert is_asked(row, ("010221",), date(2024, 1, 1))
    assert is_asked({"within": "0102"}, ("010221",), date(2024, 1, 1))
    assert not is_asked(row, ("0102210000",), None)
    assert not is_asked(row, (), date(2023, 1, 1))


def test_one_direction_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="imports and exports together"):
        up_to(None, "export")


def test_hubs_in_the_united_states_imports_of_chips(on_sample: Bongsu) -> None:
    asked = ("indicators", "reexport_hubs", "--reporter", "USA", "--valid", "2024", "--code", CHIPS, "--json")
    rows = on_sample(*asked).json
    assert {(row["reporter"], row["code"], row["valid"]) for row in rows} == {("USA", CHIPS, "2024-01-01")}
    # The file has the Union as one partner, so the Netherlands and Belgium do not stand in it.
    assert {row["supplier"] for row in rows if row["hub"]} == {"ARE", "HKG", "SGP"}
    assert {row["ground"] for row in rows} == {"list", None}
    assert {row["citation"] for row in rows} == {"U.S. Census Bureau, International Trade"}


def test_a_home_without_a_table_of_ways_is_unknown(on_sample: Bongsu) -> None:
    asked = ("indicators", "chokepoint_exposure", "--reporter", "USA", "--valid", "2024", "--code", CHIPS, "--json")
    rows = on_sample(*asked).json
    assert len(rows) == 5
    assert {row[name] for row in rows for name in ("least", "usual", "most", "listed")} == {None}


def test_one_side_of_the_mirror_is_there_and_the_other_is_not_zero(on_sample: Bongsu) -> None:
    asked = ("indicators", "mirror_flows", "--reporter", "CHN", "--valid", "2020-06", "--json")
    rows = on_sample(*asked).json
    assert Counter((row["exporter"], row["import_status"], row["imports"]) for row in rows).keys() == {
        ("USA", "not_reported", None)
    }


def test_a_wrong_direction_is_a_usage_error(on_sample: Bongsu) -> None:
    ended = on_sample("indicators", "alternatives", "--flow", "export")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
