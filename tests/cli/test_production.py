"""Indicators of production from the command line: narrowed by commodity and year, and counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bongsu.sources.source import HERE

SAMPLES = HERE / "bgs_production" / "samples"
Bongsu = Callable[..., Any]


@pytest.fixture
def held(bongsu: Bongsu) -> Bongsu:
    """A lake that holds the sample downloads."""
    assert bongsu("fetch", "bgs_production", "--from", SAMPLES, "--published", "2025-03-31").code == 0
    return bongsu


def test_a_commodity_and_a_year_narrow_the_tables(held: Bongsu) -> None:
    (row,) = held("indicators", "production_concentration", "--code", "graphite", "--valid", "2022", "--json").json
    kept = ("source", "commodity", "stage", "valid", "top_country", "countries", "complete", "licence")
    assert tuple(row[name] for name in kept) == (
        "bgs_production", "graphite", "mine", "2022-01-01", "CHN", 5, True, "Open Government Licence v3.0",
    )  # fmt: skip


def test_the_summary_counts_tables_by_verdict(held: Bongsu) -> None:
    rows = held("indicators", "production_balance", "--summary", "--json").json
    assert [(row["source"], row["measure"], row["verdict"], row["tables"]) for row in rows] == [
        ("bgs_production", "production", "no_total", 9)
    ]


def test_a_commodity_that_is_not_held_is_told_so(held: Bongsu) -> None:
    ended = held("indicators", "production_balance", "--code", "unobtainium")
    assert (ended.code, "No such records" in ended.out) == (0, True)


@pytest.mark.realdata
def test_the_real_edition_is_counted(bongsu: Bongsu, realdata: Path) -> None:
    file = realdata / "trade/usgs/MCS2026_Commodities_Data.csv"
    assert bongsu("fetch", "usgs_mcs", "--from", file, "--published", "2026-02-06").code == 0
    rows = bongsu("indicators", "production_balance", "--summary", "--json").json
    assert {row["verdict"]: row["tables"] for row in rows if row["measure"] == "production"} == {
        "agrees": 137, "agrees_in_rounding": 13, "cannot_tell": 12, "disagrees": 4, "no_lines": 10, "no_total": 14,
    }  # fmt: skip
