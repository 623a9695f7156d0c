"""The EU's critical raw materials: three tables, two of which only their name tells apart."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.indicators.indicator import indicators
from bongsu.language import BadInputError
from bongsu.records.delivery import Reading

Read = Callable[..., Reading]
GLOBAL, EU = "fact_GlobalSupplyShares&t.csv", "fact_EUSupplyShares&t.csv"
USES = "fact_MaterialUseShares.csv"
SUPPLY = "Material,Stage,Country,Share,t"
APPLICATIONS = "Material,Application,Share,NACE sector,VA in million €"


def table(name: str, *rows: str) -> dict[str, bytes | str]:
    head = APPLICATIONS if name == USES else SUPPLY
    return {name: "\r\n".join([head, *rows, ""])}


def facts(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]  # type: ignore[union-attr]


def bad(reading: Reading) -> list[tuple[int, str]]:
    return [(row.raw_row, row.reason) for row in reading.bad_rows]


def test_world_supply_is_production_and_eu_supply_is_dependence(read: Read) -> None:
    world = read("eu_crm", table(GLOBAL, "Gallium,P,China,93.8%,1.0"))
    own = read("eu_crm", table(EU, "Gallium,P,China,71%,1"))
    kept = ("commodity", "stage", "country", "value", "unit", "note")
    assert [tuple(row[name] for name in kept) for row in facts(world)] == [
        ("gallium", "processing", "CHN", 0.938, "share", "t = 1.0")
    ]
    kept = ("reporter", "partner", "code_system", "code", "subject", "measure", "share")
    assert [tuple(row[name] for name in kept) for row in facts(own)] == [
        ("EU", "CHN", "EU_CRM", "gallium", "Gallium, processing", "supply", 0.71)
    ]


def test_a_use_is_production_of_that_measure_by_application_and_sector(read: Read) -> None:
    reading = read("eu_crm", table(USES, 'Indium,Solders,8%,"C26 - Computers",77000', "Indium,Others,10%,,"))
    assert [(row["measure"], row["country"], row["detail"], row["value"]) for row in facts(reading)] == [
        ("use", "EU", "Solders (C26)", 0.08),
        ("use", "EU", "Others", 0.1),
    ]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("<0.1%", (None, 0.0, 0.001, "bounds")),
        (">0%", (None, 0.0, None, "bounds")),
        ("0%", (0.0, None, None, "figure")),
        ("100%", (1.0, None, None, "figure")),
        ("", (None, None, None, "blank")),
    ],
)
def test_a_bound_is_no_share_and_nothing_is_not_zero(read: Read, share: str, expected: tuple[Any, ...]) -> None:
    (found,) = facts(read("eu_crm", table(GLOBAL, f"Gallium,P,China,{share},1")))
    assert tuple(found[name] for name in ("value", "least", "most", "stated")) == expected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Gallium,P,Germany,6,0.8", "bad_number"),  # 6 % or 600 %: nothing says
        ("Gallium,P,Germany,101%,0.8", "bad_share"),
        ("Gallium,P,Germany,-1%,0.8", "negative_value"),
        ("Gallium,P,Germany,W,0.8", "bad_number"),
        ("Gallium,X,Germany,6%,0.8", "unknown_stage"),
        ("Gallium,P,Brasilia,6%,0.8", "bad_country"),
        ("Gallium,P,Congo,6%,0.8", "bad_country"),
        (",P,Germany,6%,0.8", "empty_cell"),
    ],
)
@pytest.mark.parametrize("name", [GLOBAL, EU])
def test_what_cannot_be_taken_is_set_aside_with_its_reason(read: Read, name: str, row: str, reason: str) -> None:
    reading = read("eu_crm", table(name, row, "Gallium,P,China,90%,1"))
    assert (bad(reading), len(facts(reading))) == ([(2, reason)], 1)


def test_congo_is_the_republic_where_the_same_table_names_the_other_one(read: Read) -> None:
    rows = ("Copper,E,Congo,0.1%,1", 'Copper,E,"Congo, D.R.",6.4%,1.1', "Copper,P,Congo,2%,1")
    reading = read("eu_crm", table(GLOBAL, *rows))
    assert ([row["country"] for row in facts(reading)], bad(reading)) == (["COG", "COD"], [(4, "bad_country")])


def test_a_share_of_eu_supply_that_is_only_bounded_is_passed_over(read: Read) -> None:
    reading = read("eu_crm", table(EU, "Gallium,P,China,<1%,1", "Gallium,P,Japan,2%,1"))
    assert ([row["partner"] for row in facts(reading)], dict(reading.passed_over)) == (["JPN"], {"no_figure": 1})


def test_a_table_of_supply_that_does_not_say_whose_is_refused_until_it_is_told(read: Read) -> None:
    files = {"shares.csv": f"{SUPPLY}\nGallium,P,China,93.8%,1\n"}
    with pytest.raises(BadInputError, match="world supply or EU supply"):
        read("eu_crm", files)
    batches = {
        supply: read("eu_crm", files, mapping={"supply": supply}).batches[0].record.name for supply in ("global", "eu")
    }
    assert batches == {"global": "production", "eu": "dependence"}


@pytest.mark.parametrize("mapping", [{"supply": "mars"}, {"first": "2016"}, {"first": 2021}, {"colour": "red"}])
def test_a_mapping_of_other_words_is_refused(read: Read, mapping: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="mapping"):
        read("eu_crm", table(GLOBAL, "Gallium,P,China,93.8%,1"), mapping=mapping)


def test_another_edition_says_its_own_period_and_day(read: Read) -> None:
    files = table(GLOBAL, "Gallium,P,China,98%,1")
    said = {"first": 2019, "last": 2023}
    (found,) = facts(read("eu_crm", files, mapping=said, published=date(2026, 6, 1)))
    assert (found["valid"], found["valid_until"], found["known_at"]) == (
        date(2019, 1, 1), date(2023, 12, 31), datetime(2026, 6, 1, 16, tzinfo=UTC),
    )  # fmt: skip


def test_the_study_of_2023_was_known_on_16_march_2023(read: Read) -> None:
    reading = read("eu_crm", table(GLOBAL, "Gallium,P,China,93.8%,1"))
    assert (reading.published, reading.published_basis) == (datetime(2023, 3, 16, 17, tzinfo=UTC), "lag")


def test_a_material_that_no_table_knows_goes_by_its_own_name(read: Read) -> None:
    reading = read("eu_crm", table(GLOBAL, "Kryptonite ore,E,China,5%,1"))
    assert [row["commodity"] for row in facts(reading)] == ["kryptonite_ore"]
    assert "Kryptonite ore (kryptonite_ore)" in reading.notes[0].en


def test_another_table_of_the_study_is_refused_with_the_columns_that_are_read(read: Read) -> None:
    with pytest.raises(BadInputError, match="Supply has Material, Stage, Country, Share, t"):
        read("eu_crm", {"dimension_CRMsOverTime.csv": "Material,Year,SR,EI\nGallium,2023,4.8,3.7\n"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(shares=st.lists(st.integers(0, 1000), min_size=1, max_size=5))
def test_each_row_is_taken_as_it_is_printed(read: Read, shares: list[int]) -> None:
    countries = ("China", "Japan", "Peru", "Chile", "India")
    rows = [f"Gallium,P,{country},{share / 10}%,1" for country, share in zip(countries, shares, strict=False)]
    reading = read("eu_crm", table(GLOBAL, *rows))
    assert [row["value"] for row in facts(reading)] == [share / 1000 for share in shares]


@pytest.mark.realdata
def test_the_real_tables_are_read_whole_but_for_two_slips(realdata: Path, read: Read) -> None:
    files = [realdata / "trade/eu_crm" / name for name in (GLOBAL, EU, USES)]
    reading = read("eu_crm", files)
    assert Counter(batch.record.name for batch in reading.batches for _ in range(batch.rows.num_rows)) == {  # type: ignore[union-attr]
        "production": 2899,
        "dependence": 906,
    }
    assert [(one.raw, one.raw_row, one.reason) for one in reading.bad_rows] == [
        (0, 248, "bad_country"),
        (1, 712, "bad_number"),
    ]
    assert reading.notes == ()


@pytest.mark.realdata
def test_shares_of_the_world_say_what_the_factsheets_say(realdata: Path, read: Read) -> None:
    """Published: China 93.8 % of gallium; 66.7 % of natural graphite; the DRC 62.8 % of cobalt."""
    reading = read("eu_crm", realdata / "trade/eu_crm" / GLOBAL)
    rows = pa.concat_tables([batch.rows for batch in reading.batches])  # type: ignore[list-item]
    found = {
        (row["commodity"], row["stage"]): row
        for row in indicators()["production_concentration"].run(ibis.memtable(rows)).to_pylist()
    }
    assert {
        key: (found[key]["top_country"], round(found[key]["top_share_least"], 3), found[key]["whole_by"])
        for key in (("gallium", "processing"), ("graphite", "extraction"), ("cobalt", "extraction"))
    } == {
        ("gallium", "processing"): ("CHN", 0.938, "share"),
        ("graphite", "extraction"): ("CHN", 0.667, "share"),
        ("cobalt", "extraction"): ("COD", 0.628, "share"),
    }


@pytest.mark.realdata
def test_no_material_has_more_than_the_whole_world_but_by_rounding(realdata: Path, read: Read) -> None:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    slack: dict[tuple[str, str], float] = defaultdict(float)
    for row in facts(read("eu_crm", realdata / "trade/eu_crm" / GLOBAL)):
        sums[row["commodity"], row["stage"]] += row["value"] or 0.0
        slack[row["commodity"], row["stage"]] += (row["rounded_to"] or 0.0) / 2
    assert [key for key, total in sums.items() if total > 1 + slack[key]] == []
