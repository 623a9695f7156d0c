"""When one falls, do the others rise? By hand, by law, and on US exports of soybeans and Korea's chips."""

from datetime import date
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import correlation
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.revealed_substitution import revealed_substitution
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
few = settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
START = 2005


def found(make: SimpleNamespace, flows: list[Row]) -> dict[tuple[str, str, str], Row]:
    table = revealed_substitution(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    return {(row["between"], row["within"], row["member"]): row for row in table}


def yearly(make: SimpleNamespace, who: str, amounts: list[float | None], **more: Any) -> list[Row]:  # noqa: ANN401
    return [
        make.flow(who, amount, valid=date(START + n, 1, 1), weight_kg=amount, **more)
        for n, amount in enumerate(amounts)
        if amount != -1
    ]


def test_two_suppliers_by_hand(make: SimpleNamespace) -> None:
    """The United States make up half of what China loses; the two never move together."""
    china = [100.0, 80.0, 100.0, 60.0, 100.0, 80.0, 100.0, 60.0, 100.0]
    states = [50.0, 60.0, 50.0, 70.0, 50.0, 60.0, 50.0, 70.0, 50.0]
    rows = found(make, [*yearly(make, "CHN", china), *yearly(make, "USA", states)])
    row = rows["suppliers", "010221", "CHN"]
    growth = [[2 * (b - a) / (b + a) for a, b in pairwise(x)] for x in (china, states)]
    r = correlation(*growth)
    assert (row["pairs"], row["falls"], row["measure"], row["moves"]) == (8, 4, "weight_kg", "against")
    assert row["r"] == pytest.approx(r, abs=1e-5)
    assert row["t"] == pytest.approx(r * sqrt(6 / (1 - r * r)), rel=1e-2)
    assert row["diverted"] == 0.5
    assert rows["suppliers", "010221", "USA"]["diverted"] == 2.0  # China gains two where they lose one
    assert rows["suppliers", "010221", "USA"]["r"] == row["r"]
    # One code in its heading has no others to move against.
    assert rows["codes", "0102", "010221"]["pairs"] == 0


def test_codes_of_one_heading(make: SimpleNamespace) -> None:
    steps = [100.0, 80.0, 90.0, 60.0, 95.0, 70.0, 100.0, 65.0, 90.0]
    flows = [*yearly(make, "CHN", steps), *yearly(make, "CHN", [200 - step for step in steps], code="010229")]
    flows += yearly(make, "CHN", steps, code="010310")  # another heading
    flows += yearly(make, "CHN", steps, code="0102291000")  # another depth
    rows = found(make, flows)
    told = {key: (row["moves"], row["diverted"]) for key, row in rows.items() if key[0] == "codes"}
    assert told == {
        ("codes", "0102", "010221"): ("against", 1.0),
        ("codes", "0102", "010229"): ("against", 1.0),
        ("codes", "0103", "010310"): (None, None),
    }


def test_parts_that_follow_demand_move_with_each_other(make: SimpleNamespace) -> None:
    steps = [100.0, 80.0, 90.0, 60.0, 94.0, 70.0, 100.0, 66.0, 90.0]
    rows = found(make, [*yearly(make, "CHN", steps), *yearly(make, "USA", [step / 2 for step in steps])])
    row = rows["suppliers", "010221", "CHN"]
    assert (row["r"], row["t"], row["moves"], row["diverted"]) == (1.0, None, "with", -0.5)


def test_few_periods_are_unknown(make: SimpleNamespace) -> None:
    china, states = [100.0, 80.0] * 4, [50.0, 70.0] * 4
    rows = found(make, [*yearly(make, "CHN", china), *yearly(make, "USA", states)])
    row = rows["suppliers", "010221", "CHN"]
    assert {name: row[name] for name in ("pairs", "falls", "r", "t", "moves", "diverted")} == {
        "pairs": 7, "falls": 4, "r": None, "t": None, "moves": None, "diverted": None,
    }  # fmt: skip


def test_a_supplier_that_stops_has_nothing_and_a_withheld_one_is_unknown(make: SimpleNamespace) -> None:
    """-1 stands for no row. A year in which somebody is withheld gives no pair, before or after it."""
    flows = [*yearly(make, "CHN", [9.0] * 4 + [-1.0] * 6), *yearly(make, "USA", [1.0] * 4 + [10.0] * 6)]
    row = found(make, flows)["suppliers", "010221", "CHN"]
    assert (row["pairs"], row["falls"], row["diverted"]) == (4, 1, None)
    longer = [*yearly(make, "CHN", [9.0, 8.0] * 5 + [-1.0] * 2), *yearly(make, "USA", [1.0, 2.0] * 5 + [10.0] * 2)]
    row = found(make, longer)["suppliers", "010221", "CHN"]
    assert (row["pairs"], row["falls"], row["diverted"]) == (10, 6, pytest.approx((5 * 1 + 8) / (5 * 1 + 8)))
    withheld = [*longer, make.flow("DEU", None, valid=date(START + 5, 1, 1))]
    assert found(make, withheld)["suppliers", "010221", "CHN"]["pairs"] == 8


@pytest.mark.parametrize(
    ("hidden", "pairs"),
    [(("W00", 10.0), 10), (("W00", 100.0), 8), (("X00", 90.0), 8), (("EXT-EU", 90.0), 10)],
)
def test_years_whose_list_is_not_whole_give_no_pair(
    make: SimpleNamespace, hidden: tuple[str, float], pairs: int
) -> None:
    flows = [*yearly(make, "CHN", [9.0, 8.0] * 5 + [9.0]), *yearly(make, "USA", [1.0, 2.0] * 5 + [1.0])]
    flows += [make.flow(*hidden, valid=date(START + 5, 1, 1))]
    assert found(make, flows)["suppliers", "010221", "CHN"]["pairs"] == pairs


def test_a_code_that_a_revision_ends_does_not_fall(make: SimpleNamespace) -> None:
    flows = [*yearly(make, "CHN", [9.0] * 5 + [-1.0] * 5), *yearly(make, "CHN", [1.0] * 10, code="010229")]
    row = found(make, flows)["codes", "0102", "010221"]
    assert (row["pairs"], row["falls"]) == (4, 0)


def test_a_gap_in_the_years_is_no_pair(make: SimpleNamespace) -> None:
    china = [*yearly(make, "CHN", [9.0, 8.0] * 2), *yearly(make, "USA", [1.0, 2.0] * 2)]
    later = [{**row, "valid": date(row["valid"].year + 10, 1, 1)} for row in china]
    assert found(make, [*china, *later])["suppliers", "010221", "CHN"]["pairs"] == 6


def test_values_stand_in_only_where_fewer_weights_are_known_and_in_one_currency(make: SimpleNamespace) -> None:
    def flows(**more: object) -> list[Row]:
        bare = [*yearly(make, "CHN", [9.0, 8.0] * 5), *yearly(make, "USA", [1.0, 2.0] * 5, **more)]
        return [{**row, "weight_kg": None} for row in bare]

    row = found(make, flows())["suppliers", "010221", "CHN"]
    assert (row["measure"], row["pairs"]) == ("value", 9)
    assert found(make, flows(currency="KRW"))["suppliers", "010221", "CHN"]["pairs"] == 0


series = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=10, max_size=14)


@few
@given(wholes=st.lists(series, min_size=5, max_size=8), factor=st.sampled_from([3, 1000]))
def test_the_correlation_is_the_textbooks_and_does_not_know_the_unit(
    make: SimpleNamespace, wholes: list[list[tuple[int, int]]], factor: int
) -> None:
    def measured(times: int) -> dict[tuple[str, str, str], Row]:
        flows = []
        for number, pairs in enumerate(wholes):
            for who, place in (("CHN", 0), ("USA", 1)):
                amounts: list[float | None] = [float(pair[place] * times) for pair in pairs]
                flows += yearly(make, who, amounts, code=f"{number:06d}")
        return found(make, flows)

    once, scaled = measured(1), measured(factor)
    for number, pairs in enumerate(wholes):
        key = ("suppliers", f"{number:06d}", "CHN")
        growth = [[2 * (b - a) / (b + a) for a, b in pairwise(x)] for x in zip(*pairs, strict=True)]
        assert once[key]["pairs"] == len(pairs) - 1
        if all(len(set(one)) > 1 for one in growth):
            assert once[key]["r"] == pytest.approx(correlation(*growth), abs=1e-3)
        for name in ("r", "t", "diverted", "moves", "falls"):
            assert scaled[key][name] == once[key][name]


@pytest.mark.realdata
def test_koreas_chips_by_supplier(make: SimpleNamespace, korean_imports: list[Row]) -> None:
    chips = [row for row in korean_imports if row["code"] == "8542321010"]
    rows = found(make, chips)
    told = {who: rows["suppliers", "8542321010", who] for who in ("CHN", "TWN", "JPN", "HKG")}
    assert {who: (row["measure"], row["pairs"], row["moves"]) for who, row in told.items()} == {
        "CHN": ("weight_kg", 179, "with"),
        "TWN": ("weight_kg", 179, "with"),
        "JPN": ("weight_kg", 179, "unclear"),
        "HKG": ("weight_kg", 179, "unclear"),
    }
    assert (told["CHN"]["r"], told["CHN"]["diverted"]) == (
        pytest.approx(0.253, abs=1e-3),
        pytest.approx(-0.049, abs=1e-3),
    )


@pytest.mark.realdata
def test_us_soybeans_to_china_have_too_few_months_with_seed_beside_them(make: SimpleNamespace, realdata: Path) -> None:
    path = realdata / "trade" / "us_census" / "exports_china_hs6_to_2021-02.parquet"
    rows = pq.read_table(path, columns=["hs6", "hs4", "china_exports", "time"], filters=[("hs4", "=", "1201")])
    flows = [
        make.flow(
            "CHN", row["china_exports"], reporter="USA", flow="export", code=row["hs6"], frequency="M",
            valid=row["time"].date(),
        )
        for row in rows.to_pylist() if row["hs6"]
    ]  # fmt: skip
    told = found(make, flows)
    assert {key[2] for key in told if key[0] == "codes"} == {"120110", "120190"}
    row = told["codes", "1201", "120190"]
    assert (row["measure"], row["pairs"], row["moves"], row["r"]) == ("value", 22, None, None)
