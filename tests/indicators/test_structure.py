"""Shares, concentration, the top supplier, counts and bands, against hand-made figures and for all figures."""

from datetime import date
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.hhi import hhi
from bongsu.indicators.korean_bands import korean_bands, summary
from bongsu.indicators.rollup import rolled_up
from bongsu.indicators.structure import GROUP, structure
from bongsu.indicators.supplier_count import supplier_count
from bongsu.indicators.supplier_shares import supplier_shares
from bongsu.indicators.top_supplier import top_supplier
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
PARTNERS = ("AUS", "BRA", "CHN", "DEU", "EU", "USA")
values = st.lists(st.floats(0.01, 1e12), min_size=1, max_size=6)
some = settings(max_examples=25, deadline=None)


def fetched(table: ibis.Table) -> list[Row]:
    return table.to_pyarrow().to_pylist()


def one(table: ibis.Table) -> Row:
    (row,) = fetched(table)
    return row


def shares_of(make: SimpleNamespace, flows: list[Row]) -> dict[str, float | None]:
    return {row["partner"]: row["share"] for row in fetched(supplier_shares(make.table(TRADE_FLOW, flows)))}


def test_three_suppliers_by_hand(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("USA", 30.0), make.flow("EU", 10.0)]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert {name: row[name] for name in row if name not in GROUP} == {
        "currency": "USD",
        "total": 100.0,
        "hhi": pytest.approx(0.46),
        "top_share": 0.6,
        "top_supplier": "CHN",
        "suppliers": 3,
        "withheld": 0,
        "known_fraction": None,
        "complete": True,
        "least_share": 0.6,
    }
    assert shares_of(make, flows) == {"CHN": 0.6, "USA": 0.3, "EU": 0.1}


def test_codes_keep_their_leading_zeros(make: SimpleNamespace) -> None:
    assert one(structure(make.table(TRADE_FLOW, [make.flow("CHN", 1.0)])))["code"] == "010221"


def test_of_equal_suppliers_the_first_in_the_alphabet_is_named(make: SimpleNamespace) -> None:
    flows = [make.flow("USA", 5.0), make.flow("CHN", 5.0), make.flow("DEU", 4.0)]
    assert one(top_supplier(make.table(TRADE_FLOW, flows)))["top_supplier"] == "CHN"


@pytest.mark.parametrize("partner", ["W00", "WLD", "X00", "X01", "X02", "C00", "OECD", "EXT-EU", "nobody"])
def test_aggregates_and_unknown_codes_are_never_suppliers(make: SimpleNamespace, partner: str) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("USA", 40.0), make.flow(partner, 100.0)]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert (row["total"], row["top_supplier"], row["suppliers"]) == (100.0, "CHN", 2)
    assert shares_of(make, flows) == {"CHN": 0.6, "USA": 0.4}


def test_a_total_over_all_goods_is_left_out(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("CHN", 999.0, code="TOTAL")]
    table = make.table(TRADE_FLOW, flows)
    assert [row["code"] for row in fetched(structure(table))] == ["010221"]
    assert [row["code"] for row in fetched(supplier_shares(table))] == ["010221"]


def test_a_withheld_partner_is_unknown_and_never_zero(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", None), make.flow("USA", 30.0), make.flow("DEU", 30.0)]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert (row["withheld"], row["complete"], row["known_fraction"]) == (1, False, None)
    assert shares_of(make, flows) == {"CHN": None, "USA": 0.5, "DEU": 0.5}


def test_missing_exporter_evidence_does_not_read_as_diversified_supply(make: SimpleNamespace) -> None:
    """Three equal partners and a withheld one: nothing below the bands may be claimed."""
    flows = [make.flow("CHN", None), *(make.flow(p, 30.0) for p in ("USA", "DEU", "AUS"))]
    row = one(korean_bands(make.table(TRADE_FLOW, flows)))
    assert [row[f"ge{band}"] for band in (50, 75, 80, 90)] == [None, None, None, None]
    assert one(hhi(make.table(TRADE_FLOW, flows)))["complete"] is False


def test_nothing_known_is_unknown_all_through(make: SimpleNamespace) -> None:
    table = make.table(TRADE_FLOW, [make.flow("CHN", None), make.flow("USA", None)])
    row = one(structure(table))
    nulls = (row["total"], row["hhi"], row["top_share"], row["top_supplier"])
    assert nulls == (None, None, None, None)
    assert one(supplier_count(table))["suppliers"] is None


def test_the_published_world_shows_how_much_is_hidden(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 80.0), make.flow("USA", 10.0), make.flow("DEU", None), make.flow("W00", 100.0)]
    row = one(korean_bands(make.table(TRADE_FLOW, flows)))
    assert (row["top_share"], row["complete"]) == (pytest.approx(80 / 90), False)
    # 80 of 100 is sure; 90 % could be or not be, for what is hidden may be anybody's.
    assert [row[f"ge{band}"] for band in (50, 75, 80, 90)] == [True, True, True, None]


def test_not_specified_is_a_part_that_nobody_is_known_to_supply(make: SimpleNamespace) -> None:
    row = one(structure(make.table(TRADE_FLOW, [make.flow("CHN", 60.0), make.flow("X00", 40.0)])))
    assert (row["top_share"], row["known_fraction"], row["complete"]) == (1.0, 0.6, False)


@pytest.mark.parametrize(
    ("world", "complete"), [(100.0, True), (100.4, True), (99.6, True), (90.0, False), (110.0, False)]
)
def test_suppliers_that_exceed_the_world_total_are_no_whole(
    make: SimpleNamespace,
    world: float,
    complete: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("USA", 40.0), make.flow("W00", world)]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert (row["complete"], row["total"]) == (complete, 100.0)
    assert row["known_fraction"] == pytest.approx(min(100.0 / world, 1.0))


@pytest.mark.parametrize("partner", ["EXT-EU", "INT-EU", "OECD", "ASEAN", "EU-2020", "GBR-NIR", "C00"])
def test_what_repeats_other_rows_is_no_trade_with_nobody_named(make: SimpleNamespace, partner: str) -> None:
    """Comext gives the trade outside the EU beside each country of it: the whole is not twice as large."""
    flows = [make.flow("CHN", 60.0), make.flow("USA", 40.0), make.flow(partner, 100.0)]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert (row["total"], row["top_share"], row["known_fraction"], row["complete"]) == (100.0, 0.6, None, True)


def test_mixed_currencies_are_not_added(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("USA", 40.0, currency="KRW")]
    row = one(structure(make.table(TRADE_FLOW, flows)))
    assert (row["total"], row["currency"], row["top_supplier"], row["complete"]) == (None, None, None, False)
    assert shares_of(make, flows) == {"CHN": None, "USA": None}


def test_the_floor_counts_in_its_own_currency_only(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 9_999_999.0),
        make.flow("CHN", 10_000_000.0, code="010229"),
        make.flow("CHN", 10_000_000.0, code="010231", currency="KRW"),
    ]
    rows = fetched(korean_bands(make.table(TRADE_FLOW, flows)).order_by("code"))
    assert [row["ge90_floor"] for row in rows] == [False, True, None]


def test_the_summary_counts_codes_with_a_positive_total(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 20e6),
        make.flow("CHN", 7e6, code="010229"),
        make.flow("USA", 3e6, code="010229"),
        make.flow("CHN", 0.0, code="010231"),
    ]
    assert fetched(summary(korean_bands(make.table(TRADE_FLOW, flows)))) == [
        {
            "source": "test", "reporter": "KOR", "flow": "import", "code_system": "HS", "valid": date(2024, 1, 1),
            "frequency": "A", "codes": 2, "incomplete": 0, "ge50": 2, "ge75": 1, "ge80": 1, "ge90": 1,
            "ge50_floor": 2, "ge75_floor": 1, "ge80_floor": 1, "ge90_floor": 1,
        }
    ]  # fmt: skip


def test_ten_digits_add_up_to_six_and_an_unknown_part_leaves_the_sum_unknown(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 1.0, code="0102210001", weight_kg=5.0, quantity=1.0, quantity_unit="NO"),
        make.flow("CHN", 2.0, code="0102210002", weight_kg=None, quantity=1.0, quantity_unit="KG"),
        make.flow("USA", None, code="0102210001"),
        make.flow("USA", 9.0, code="0102210002"),
        make.flow("CHN", 700.0, code="010221"),
    ]
    rows = fetched(rolled_up(make.table(TRADE_FLOW, flows), 10, 6).order_by("partner"))
    kept = [(r["code"], r["partner"], r["value"], r["weight_kg"], r["quantity"], r["currency"]) for r in rows]
    assert kept == [("010221", "CHN", 3.0, None, None, "USD"), ("010221", "USA", None, None, None, "USD")]


@some
@given(values=values)
def test_shares_sum_to_one_and_hhi_stays_between_one_over_n_and_one(make: SimpleNamespace, values: list[float]) -> None:
    flows = [make.flow(partner, value) for partner, value in zip(PARTNERS, values, strict=False)]
    shares = shares_of(make, flows)
    assert sum(share or 0.0 for share in shares.values()) == pytest.approx(1.0)
    index = one(hhi(make.table(TRADE_FLOW, flows)))["hhi"]
    assert 1 / len(values) - 1e-9 <= index <= 1 + 1e-9


@some
@given(values=values, factor=st.sampled_from([1e-3, 7.0, 1e6]), order=st.randoms(use_true_random=False))
def test_neither_the_unit_nor_the_order_of_rows_matters(
    make: SimpleNamespace, values: list[float], factor: float, order: Random
) -> None:
    flows = [make.flow(partner, value) for partner, value in zip(PARTNERS, values, strict=False)]
    other = [{**row, "value": row["value"] * factor} for row in flows]
    order.shuffle(other)
    first, second = (one(structure(make.table(TRADE_FLOW, rows))) for rows in (flows, other))
    for name in ("hhi", "top_share", "suppliers"):
        assert second[name] == pytest.approx(first[name], rel=1e-9)
    top = max(values)
    if sum(value == top for value in values) == 1 and all(a != b for a, b in pairwise(sorted(values))):
        assert shares_of(make, other)[second["top_supplier"]] == pytest.approx(first["top_share"], rel=1e-6)


@pytest.mark.realdata
def test_the_us_matrix_of_2024_gives_the_published_counts(us_2024: ibis.Table) -> None:
    (counts,) = fetched(summary(korean_bands(us_2024)))
    found = {name: counts[name] for name in ("codes", "ge50", "ge50_floor", "ge80_floor", "incomplete")}
    assert found == {"codes": 18650, "ge50": 12152, "ge50_floor": 4912, "ge80_floor": 1739, "incomplete": 0}
    six = structure(rolled_up(us_2024, 10, 6))
    assert six.filter((six.hhi > 0.4) & (six.total >= 10_000_000)).count().to_pyarrow().as_py() == 1525
