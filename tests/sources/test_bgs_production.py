"""BGS downloads: one row a country and year, names that changed, and figures that are not there."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from bongsu.indicators.indicator import indicators
from bongsu.language import BadInputError
from bongsu.records.delivery import Reading

Read = Callable[..., Reading]
ROW = {
    "country_trans": "China",
    "country_iso3_code": "CHN",
    "year": "2022-01-01 00:00:00",
    "quantity": "1212000",
    "units": "tonnes (metric)",
    "bgs_statistic_type_trans": "Production",
    "bgs_commodity_trans": "graphite",
    "bgs_sub_commodity_trans": "",
    "data_precision_description": "",
    "concat_figure_notes_text": "",
}
GONE = {"quantity": "", "data_precision_description": "Figures not available"}


def download(*rows: dict[str, str]) -> dict[str, bytes | str]:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(ROW))
    writer.writeheader()
    writer.writerows([{**ROW, **row} for row in rows])
    return {"BGS.csv": out.getvalue()}


def facts(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]  # type: ignore[union-attr]


def bad(reading: Reading) -> list[tuple[int, str]]:
    return [(row.raw_row, row.reason) for row in reading.bad_rows]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, (1212000.0, None, None, "figure")),
        ({"quantity": "0", "data_precision_description": "Nil (nothing produced)"}, (0.0, None, None, "figure")),
        (GONE, (None, None, None, "not available")),
        ({"quantity": "0", "data_precision_description": "Less than half the unit shown"}, (None, 0.0, 0.5, "bounds")),
        ({"quantity": ""}, (None, None, None, "blank")),
    ],
)
def test_nil_is_zero_and_not_available_is_unknown(read: Read, row: dict[str, str], expected: tuple[Any, ...]) -> None:
    (found,) = facts(read("bgs_production", download(row)))
    assert tuple(found[name] for name in ("value", "least", "most", "stated")) == expected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"quantity": "1,2003"}, "bad_number"),
        ({"quantity": "-5"}, "negative_value"),
        ({"quantity": "7", "data_precision_description": "Nil (nothing produced)"}, "bad_number"),
        ({"data_precision_description": "To the nearest shovel"}, "unknown_precision"),
        ({"year": "2022/23"}, "bad_period"),
        ({"year": "2031-01-01 00:00:00"}, "future_period"),
        ({"country_trans": "Congo", "country_iso3_code": ""}, "bad_country"),
        ({"country_trans": "Japan"}, "bad_country"),  # beside the code of China
    ],
)
def test_what_cannot_be_taken_is_set_aside_with_its_reason(read: Read, row: dict[str, str], reason: str) -> None:
    reading = read("bgs_production", download(row, {"country_trans": "India", "country_iso3_code": "IND"}))
    assert (bad(reading), [one["country"] for one in facts(reading)]) == ([(2, reason)], ["IND"])


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Zaire", "ZAR", "COD"),
        ("Soviet Union", "SUN", "SUN"),
        ("German Federal Republic", "DEU", "DEU"),
        ("Korea, Dem. P.R. of", "PRK", "PRK"),
        ("Korea (Rep. of)", "KOR", "KOR"),
    ],
)
def test_names_of_their_time_become_codes(read: Read, name: str, code: str, expected: str) -> None:
    (found,) = facts(read("bgs_production", download({"country_trans": name, "country_iso3_code": code})))
    assert found["country"] == expected


def test_a_country_under_two_names_counts_once_where_only_one_has_a_figure(read: Read) -> None:
    names = ({"country_trans": name, "country_iso3_code": "DEU"} for name in ("Germany", "German Federal Republic"))
    with_figure, without = names
    reading = read("bgs_production", download(with_figure, {**without, **GONE}))
    assert ([row["value"] for row in facts(reading)], dict(reading.passed_over)) == (
        [1212000.0],
        {"no_figure_under_another_name": 1},
    )


def test_two_figures_for_one_country_are_left_for_the_lake_to_compare(read: Read) -> None:
    reading = read("bgs_production", download({}, {"quantity": "7"}))
    assert [row["value"] for row in facts(reading)] == [1212000.0, 7.0]


def test_imports_and_exports_are_passed_over(read: Read) -> None:
    reading = read("bgs_production", download({"bgs_statistic_type_trans": "Exports"}, {}))
    assert (len(facts(reading)), dict(reading.passed_over)) == (1, {"other_statistic": 1})


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        ("graphite", ("graphite", "mine")),
        ("Rare earth oxides", ("rare_earths", "mine")),
        ("copper, mine", ("copper_mine", "mine")),
        ("lead, refined", ("lead_refined", "refinery")),
        ("unobtainium", ("unobtainium", "")),
    ],
)
def test_a_mineral_that_no_table_knows_goes_by_its_own_name(read: Read, goods: str, expected: tuple[str, str]) -> None:
    reading = read("bgs_production", download({"bgs_commodity_trans": goods}))
    (found,) = facts(reading)
    assert (found["commodity"], found["stage"]) == expected
    assert bool([note for note in reading.notes if "unknown to the table" in note.en]) is (
        expected[0] not in {"graphite", "rare_earths"}
    )


def test_a_unit_of_its_own_is_kept_and_told(read: Read) -> None:
    reading = read("bgs_production", download({"units": "barrels"}), published=date(2026, 3, 1))
    assert ([row["unit"] for row in facts(reading)], [note.en for note in reading.notes]) == (
        ["barrels"],
        ["units kept as printed: barrels."],
    )


def test_a_figure_is_known_by_the_lag_and_a_download_is_complete_for_nothing(read: Read) -> None:
    reading = read("bgs_production", download({}))
    (found,) = facts(reading)
    assert (found["known_at"], found["known_basis"]) == (datetime(2024, 3, 30, 18, tzinfo=UTC), "lag")
    assert [batch.scope.complete for batch in reading.batches] == [False]


@pytest.mark.parametrize("column", sorted(ROW))
def test_a_missing_column_is_named(read: Read, column: str) -> None:
    files = {name: str(text).replace(column, "renamed", 1) for name, text in download({}).items()}
    with pytest.raises(BadInputError, match=f"columns are missing: {column}"):
        read("bgs_production", files)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_download_is_read_in_any_of_its_encodings(read: Read, encoding: str) -> None:
    text = download({"country_trans": "Côte d’Ivoire", "country_iso3_code": "CIV"})["BGS.csv"]
    (found,) = facts(read("bgs_production", {"BGS.csv": str(text).encode(encoding)}))
    assert found["country"] == "CIV"


@pytest.mark.realdata
def test_the_real_downloads_are_read_whole(realdata: Path, read: Read) -> None:
    reading = read("bgs_production", sorted((realdata / "trade/bgs").glob("*.csv")))
    rows = facts(reading)
    assert (reading.raw_rows, len(rows), reading.bad_rows) == (1630, 1627, ())
    assert Counter(row["commodity"] for row in rows) == {
        "graphite": 988,
        "rare_earth_minerals": 375,
        "rare_earths": 264,
    }
    table = pa.concat_tables([batch.rows for batch in reading.batches])  # type: ignore[list-item]
    found = {
        (row["commodity"], row["valid"].year): row
        for row in indicators()["production_concentration"].run(ibis.memtable(table)).to_pylist()
    }
    kept = ("top_country", "whole_by", "complete")
    assert tuple(found["graphite", 2023][name] for name in kept) == ("CHN", "sum", True)
    assert round(found["graphite", 2023]["top_share_least"], 3) == 0.696
