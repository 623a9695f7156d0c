"""How far a possible supplier stands from the present ones' risks, and what it supplied before."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.supplier_distance import supplier_distance
from bongsu.items.routes import Routes
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
few = settings(max_examples=2, deadline=None, phases=(Phase.explicit, Phase.generate))
YEARS = [date(year, 1, 1) for year in (2021, 2022, 2023)]


def sold(make: SimpleNamespace, reporter: str, partner: str, value: float | None, **more: object) -> Row:
    row: Row = make.flow(partner, value, reporter=reporter, flow="export", **more)
    return row


def found(make: SimpleNamespace, flows: list[Row], **more: Any) -> dict[tuple[date, str], Row]:  # noqa: ANN401
    table = supplier_distance(make.table(TRADE_FLOW, flows), "KOR", **more).to_pyarrow()
    return {(row["valid"], row["supplier"]): row for row in table.to_pylist()}


def test_five_possible_suppliers_by_hand(make: SimpleNamespace) -> None:
    """Home buys 60 from Qatar, 30 from Malaysia, 10 from Germany; others sell the good elsewhere."""
    flows = [make.flow(who, value) for who, value in (("QAT", 60.0), ("MYS", 30.0), ("DEU", 10.0))]
    flows += [sold(make, who, "USA", 1.0) for who in ("ARE", "VNM", "FRA", "BOL", "XKX")]
    rows = {who: row for (_, who), row in found(make, flows).items()}
    names = ("shared_region", "shared_group", "shared_passage", "dimensions", "nearest")
    assert {who: tuple(row[name] for name in names) for who, row in rows.items()} == {
        "QAT": (0.6, 0.6, 0.7, 3, "passage"),  # with Germany's by Malacca
        "ARE": (0.6, 0.6, 0.7, 3, "passage"),  # Western Asia, the Gulf Cooperation Council, Malacca
        "MYS": (0.3, 0.3, 0.3, 3, "region"),
        "VNM": (0.3, 0.3, 0.0, 3, "region"),  # ASEAN
        "DEU": (0.1, 0.1, 0.7, 3, "passage"),
        "FRA": (0.1, 0.1, 0.7, 3, "passage"),  # the Union
        "BOL": (0.0, 0.0, None, 2, None),
        "XKX": (None, 0.0, None, 1, None),  # neither its region nor its way is in a table
    }
    assert {who: row["distance"] for who, row in rows.items()} == {
        "QAT": pytest.approx(1 - 1.9 / 3),
        "ARE": pytest.approx(1 - 1.9 / 3),
        "MYS": pytest.approx(0.7),
        "VNM": pytest.approx(0.8),
        "DEU": pytest.approx(0.7),
        "FRA": pytest.approx(0.7),
        "BOL": 1.0,
        "XKX": 1.0,
    }
    assert {who: row["current_share"] for who, row in rows.items()} == {
        "QAT": 0.6, "MYS": 0.3, "DEU": 0.1, "ARE": 0.0, "VNM": 0.0, "FRA": 0.0, "BOL": 0.0, "XKX": 0.0,
    }  # fmt: skip


def test_the_only_supplier_shares_every_risk_with_itself(make: SimpleNamespace) -> None:
    (row,) = found(make, [make.flow("CHN", 5.0)]).values()
    assert (row["distance"], row["shared_passage"], row["dimensions"]) == (0.0, 1.0, 3)


def test_a_home_without_ways_is_judged_by_the_rest(make: SimpleNamespace) -> None:
    rows = found(make, [make.flow("CHN", 3.0), make.flow("JPN", 1.0)], by=Routes("KOR"))
    assert {who: (row["shared_passage"], row["dimensions"], row["distance"]) for (_, who), row in rows.items()} == {
        "CHN": (None, 2, 0.125),  # the region is shared whole, no group is: its own 0.75 counts
        "JPN": (None, 2, 0.375),
    }


def test_past_supply_is_remembered(make: SimpleNamespace) -> None:
    """The United States supplied in 2021 and stopped; Viet Nam never did; Germany begins in 2023."""
    flows = [
        *(make.flow("CHN", 80.0, valid=year) for year in YEARS),
        make.flow("USA", 20.0, valid=YEARS[0]),
        make.flow("USA", 0.0, valid=YEARS[1]),
        make.flow("DEU", 20.0, valid=YEARS[2]),
        sold(make, "VNM", "JPN", 5.0, valid=YEARS[2]),
    ]
    rows = found(make, flows)
    names = ("supplied_before", "last_supplied", "last_share", "looked_from")
    assert {who: tuple(rows[YEARS[2], who][name] for name in names) for who in ("CHN", "USA", "VNM", "DEU")} == {
        "CHN": (True, YEARS[1], 1.0, YEARS[0]),
        "USA": (True, YEARS[0], 0.2, YEARS[0]),
        "VNM": (False, None, None, YEARS[0]),
        "DEU": (False, None, None, YEARS[0]),
    }
    # In the first year nothing is held before it: unknown, not never.
    assert {who: rows[YEARS[0], who]["supplied_before"] for who in ("CHN", "USA", "DEU")} == dict.fromkeys(
        ("CHN", "USA", "DEU")
    )


@pytest.mark.parametrize("hidden", [("USA", None), ("W00", 200.0), ("X00", 20.0)])
def test_never_is_not_said_of_a_year_that_is_not_whole(make: SimpleNamespace, hidden: tuple[str, float | None]) -> None:
    flows = [*(make.flow("CHN", 80.0, valid=year) for year in YEARS), make.flow(*hidden, valid=YEARS[0])]
    flows += [sold(make, "VNM", "JPN", 5.0, valid=year) for year in YEARS]
    rows = found(make, flows)
    assert [rows[year, "VNM"]["supplied_before"] for year in YEARS] == [None, None, None]
    assert rows[YEARS[2], "CHN"]["supplied_before"] is True


def test_a_later_year_changes_no_earlier_row(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 80.0, valid=YEARS[0]), make.flow("USA", 20.0, valid=YEARS[0])]
    later = [*flows, make.flow("DEU", 500.0, valid=YEARS[1]), make.flow("CHN", 1.0, valid=YEARS[1])]
    before = found(make, flows)
    after = {key: row for key, row in found(make, later).items() if key in before}
    assert after == before


baskets = st.dictionaries(
    st.sampled_from(["CHN", "JPN", "QAT", "SAU", "DEU", "FRA", "USA", "BRA", "VNM", "IND"]),
    st.floats(0.01, 1e9),
    min_size=1,
    max_size=6,
)


@few
@given(codes=st.lists(baskets, min_size=15, max_size=20))
def test_distances_stay_in_bounds_and_no_supplier_is_nearer_than_its_own_share(
    make: SimpleNamespace, codes: list[dict[str, float]]
) -> None:
    flows = [
        make.flow(who, value, code=f"{number:06d}") for number, one in enumerate(codes) for who, value in one.items()
    ]
    table = supplier_distance(make.table(TRADE_FLOW, flows), "KOR").to_pyarrow().to_pylist()
    assert len(table) == sum(map(len, codes))
    for row in table:
        assert 0 <= row["distance"] <= 1 - row["current_share"] + 1e-9
        for name in ("shared_region", "shared_group", "shared_passage"):
            assert row["current_share"] - 1e-12 <= row[name] <= 1 + 1e-9


@pytest.mark.realdata
def test_who_stands_apart_from_koreas_wafer_suppliers(make: SimpleNamespace, korean_imports: list[Row]) -> None:
    wafers = [row for row in korean_imports if row["code"] == "3818001000" and row["valid"] >= date(2020, 1, 1)]
    rows = found(make, wafers)
    june = {who: row for (month, who), row in rows.items() if month == date(2020, 6, 1)}
    order = sorted(("CHN", "DEU", "JPN", "SGP"), key=lambda who: float(june[who]["distance"]))
    assert order == ["JPN", "SGP", "CHN", "DEU"]
    assert june["CHN"]["shared_region"] == pytest.approx(0.5665 + 0.0265 + 0.0239 + 0.001, abs=2e-4)  # with Japan
    assert (june["JPN"]["supplied_before"], june["JPN"]["last_supplied"]) == (True, date(2020, 5, 1))
    assert 0.5 < june["JPN"]["last_share"] < 0.6
