"""Who could sell more: spare exports, places, and how many could stand in for the top supplier."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.alternatives import alternatives
from bongsu.indicators.yearly import yearly
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
SELLERS = ("AUS", "BRA", "CHN", "DEU", "USA", "VNM")
# Few examples, each of many codes at once; to shrink one would take minutes.
few = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))


def sold(make: SimpleNamespace, reporter: str, partner: str, value: float | None, **more: object) -> Row:
    row: Row = make.flow(partner, value, reporter=reporter, flow="export", **more)
    return row


def found(make: SimpleNamespace, flows: list[Row], home: str = "KOR", **more: float) -> dict[tuple[str, str], Row]:
    table = alternatives(make.table(TRADE_FLOW, flows), home, **more).to_pyarrow()
    return {(row["code"], row["supplier"]): row for row in table.to_pylist()}


def of_one_code(make: SimpleNamespace, flows: list[Row], **more: float) -> dict[str, Row]:
    return {supplier: row for (_, supplier), row in found(make, flows, **more).items()}


def test_three_alternatives_by_hand(make: SimpleNamespace) -> None:
    """Home buys 94 from China and 6 from the United States; three others sell elsewhere."""
    flows = [
        make.flow("CHN", 94 * 1.06),
        make.flow("USA", 6 * 1.06),
        *(sold(make, "CHN", partner, value) for partner, value in (("KOR", 94.0), ("USA", 500.0))),
        *(sold(make, "USA", partner, value) for partner, value in (("W00", 76.0), ("KOR", 6.0))),
        *(sold(make, "DEU", partner, value) for partner, value in (("FRA", 40.0), ("ITA", 7.0))),
        make.flow("VNM", 10 * 1.06, reporter="JPN"),  # Viet Nam is silent; Japan is not
    ]
    rows = of_one_code(make, flows)
    told = {who: (row["place"], row["spare"], row["at_least"], row["basis"]) for who, row in rows.items()}
    assert told == {
        "CHN": (None, 500.0, False, "exports"),
        "USA": (1, 70.0, False, "exports"),
        "DEU": (2, 47.0, False, "exports"),
        "VNM": (3, pytest.approx(10.0), True, "mirror"),
    }
    assert {who: row["candidate"] for who, row in rows.items()} == {
        "CHN": False, "USA": True, "DEU": True, "VNM": True,
    }  # fmt: skip
    shares = {who: row["current_share"] for who, row in rows.items()}
    assert shares == {"CHN": pytest.approx(0.94), "USA": pytest.approx(0.06), "DEU": 0.0, "VNM": 0.0}
    assert rows["USA"]["covers"] == pytest.approx(70 / 94)
    assert rows["USA"]["covers_by"] == "value"
    # Nobody covers 94 alone; the first two (70 + 47) do together; all three cover 127.
    (whole,) = {(row["alone"], row["together"], row["unseen"]) for row in rows.values()}
    assert whole == (0, 2, 0)
    assert rows["DEU"]["together_covers"] == pytest.approx(127 / 94)


def test_weights_count_before_values(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 100.0, weight_kg=10.0),
        sold(make, "USA", "JPN", 1000.0, weight_kg=5.0),
        sold(make, "DEU", "FRA", 500.0, weight_kg=None),
    ]
    rows = of_one_code(make, flows)
    assert (rows["USA"]["covers"], rows["USA"]["covers_by"], rows["USA"]["spare_kg"]) == (0.5, "weight_kg", 5.0)
    assert (rows["DEU"]["covers"], rows["DEU"]["covers_by"]) == (pytest.approx(5.3), "value")
    assert (rows["DEU"]["spare_kg"], rows["DEU"]["alone"]) == (None, 1)


def test_a_current_supplier_with_a_large_share_is_no_alternative(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 60.0), make.flow("USA", 30.0), make.flow("VNM", 10.0)]
    flows += [sold(make, who, "JPN", 100.0) for who in ("USA", "VNM")]
    rows = of_one_code(make, flows)
    assert {who: row["place"] for who, row in rows.items()} == {"CHN": None, "USA": None, "VNM": None}
    rows = of_one_code(make, flows, major=0.2)
    assert {who: row["place"] for who, row in rows.items()} == {"CHN": None, "USA": None, "VNM": 1}


def test_exports_that_nobody_shows_are_unknown_and_counted(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 95.0), make.flow("USA", 5.0), sold(make, "CHN", "JPN", 9.0)]
    row = of_one_code(make, flows)["USA"]
    names = ("basis", "spare", "at_least", "place", "covers", "alone", "together", "together_covers", "unseen")
    assert {name: row[name] for name in names} == {**dict.fromkeys(names), "unseen": 1}


CASES: dict[str, tuple[list[tuple[str, float | None]], tuple[float | None, bool | None]]] = {
    # what an exporter lists, and what of it is spare for Korea: the amount, and whether more may be hidden
    "000001": ([("W00", 100.0), ("KOR", 30.0)], (70.0, False)),
    "000002": ([("KOR", 30.0), ("JPN", 50.0)], (50.0, False)),
    "000003": ([("JPN", 50.0)], (50.0, False)),
    "000004": ([("W00", 100.0), ("JPN", 60.0)], (60.0, True)),  # 40 hidden: it may go to Korea
    "000005": ([("W00", 100.0), ("JPN", 99.9)], (100.0, False)),  # a full list, rounded
    "000006": ([("KOR", None), ("JPN", 50.0)], (50.0, True)),
    "000007": ([("KOR", 30.0), ("JPN", None)], (0.0, True)),
    "000008": ([("W00", 100.0), ("X00", 20.0), ("KOR", 30.0)], (50.0, True)),  # 20 for nobody in particular
    "000009": ([("W00", None), ("KOR", 30.0)], (None, None)),
    "000010": ([("W00", 100.0)], (None, None)),
    "000011": ([("W00", 100.0), ("KOR", 100.4)], (0.0, False)),
    "000012": ([("W00", 100.0), ("EXT-EU", 55.0), ("KOR", 30.0)], (70.0, False)),  # a region repeats its countries
}


def test_what_is_spare_for_home_is_never_more_than_surely_goes_elsewhere(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 1.0, code=code) for code in CASES]
    flows += [sold(make, "USA", who, value, code=code) for code, (said, _) in CASES.items() for who, value in said]
    rows = found(make, flows)
    told = {
        code: (rows[code, "USA"]["spare"], rows[code, "USA"]["at_least"]) for code in CASES if (code, "USA") in rows
    }
    told = dict.fromkeys(CASES, (None, None)) | told
    assert told == {code: (pytest.approx(spare), least) for code, (_, (spare, least)) in CASES.items()}


def test_the_union_and_its_members_are_not_counted_twice(make: SimpleNamespace) -> None:
    flows = [make.flow("EU", 50.0), make.flow("CHN", 60.0)]
    flows += [sold(make, who, "USA", 90.0) for who in ("EU", "DEU", "FRA")]
    flows += [make.flow("CHN", 50.0, code="010229"), sold(make, "EU", "USA", 90.0, code="010229")]
    rows = found(make, flows)
    assert sorted(rows) == [
        ("010221", "CHN"), ("010221", "DEU"), ("010221", "EU"), ("010221", "FRA"), ("010229", "CHN"), ("010229", "EU"),
    ]  # fmt: skip
    assert rows["010221", "EU"]["spare"] is None  # its members stand for it
    assert rows["010229", "EU"]["spare"] == 90.0
    # Home names only the Union, so a member's share is the Union's, and a main supplier's member is no alternative.
    assert rows["010221", "DEU"]["current_share"] == pytest.approx(50 / 110)
    assert rows["010221", "DEU"]["candidate"] is False


def test_a_national_code_looks_for_sellers_under_its_first_six_digits(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 50.0, code="0102210000", code_system="HSK"), sold(make, "USA", "JPN", 9.0)]
    rows = found(make, flows)
    assert {key: row["spare"] for key, row in rows.items()} == {
        ("0102210000", "CHN"): None,
        ("0102210000", "USA"): 9.0,
    }


def test_what_home_does_not_report_is_taken_from_its_suppliers(make: SimpleNamespace) -> None:
    flows = [sold(make, "CHN", "KOR", 90.0), sold(make, "USA", "KOR", 5.0), sold(make, "USA", "JPN", 45.0)]
    rows = of_one_code(make, flows)
    assert rows["USA"]["source"] == "mirror"
    assert rows["USA"]["current_share"] == pytest.approx(5 / 95)
    assert rows["USA"]["covers"] == pytest.approx(0.5)


def test_other_currencies_are_not_ranked_together(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 50.0, weight_kg=4.0),
        sold(make, "USA", "MEX", 9.0),
        sold(make, "JPN", "MEX", 5000.0, currency="JPY", weight_kg=2.0),
    ]
    rows = of_one_code(make, flows)
    assert {who: (row["spare"], row["spare_kg"], row["place"]) for who, row in rows.items()} == {
        "CHN": (None, None, None),
        "USA": (9.0, None, 1),
        "JPN": (None, 2.0, None),
    }


amounts = st.lists(
    st.dictionaries(st.sampled_from(SELLERS[1:]), st.sampled_from([1.0, 5.0, 5.0, 12.5, 80.0, 400.0]), min_size=1),
    min_size=10,
    max_size=20,
)


@few
@given(codes=amounts)
def test_places_are_a_total_order_and_the_counts_follow_from_them(
    make: SimpleNamespace, codes: list[dict[str, float]]
) -> None:
    flows = []
    for number, sellers in enumerate(codes):
        code = f"{number:06d}"
        flows += [make.flow("AUS", 100.0 * 1.06, code=code)]
        flows += [sold(make, who, "MEX", value, code=code) for who, value in sellers.items()]
    table = alternatives(make.table(TRADE_FLOW, flows), "KOR").to_pyarrow().to_pylist()
    for number, sellers in enumerate(codes):
        rows = [row for row in table if row["code"] == f"{number:06d}" and row["place"] is not None]
        order = sorted(sellers, key=lambda who: (-sellers[who], who))
        assert [row["supplier"] for row in sorted(rows, key=lambda row: row["place"])] == order
        running = [sum(sellers[who] for who in order[: place + 1]) for place in range(len(order))]
        enough = [place + 1 for place, amount in enumerate(running) if amount >= 100 - 1e-9]
        assert {row["together"] for row in rows} == {min(enough, default=None)}
        assert {row["alone"] for row in rows} == {sum(value >= 100 for value in sellers.values())}
        assert [row["together_covers"] for row in rows] == [pytest.approx(running[-1] / 100)] * len(rows)


@pytest.mark.realdata
def test_who_could_have_replaced_brazils_soybeans_in_2018(make: SimpleNamespace, soybeans: list[Row]) -> None:
    """Brazil sold China 86 % of what the three exporters did; the two others could not have stood in, by weight."""
    flows = yearly(make.table(TRADE_FLOW, [row for row in soybeans if row["code"] == "120190"]))
    rows = alternatives(flows, "CHN").to_pyarrow().to_pylist()
    of_2018 = {row["supplier"]: row for row in rows if row["valid"] == date(2018, 1, 1)}
    told = {who: (row["place"], round(row["spare"] / 1e6), row["at_least"]) for who, row in of_2018.items()}
    assert told == {"BRA": (None, 5814, False), "USA": (1, 13944, False), "ARG": (2, 41, False)}
    assert of_2018["USA"]["source"] == "mirror"  # no Chinese record of 2018 is held: its suppliers speak
    assert (of_2018["USA"]["alone"], of_2018["USA"]["together"]) == (0, None)
    assert of_2018["USA"]["together_covers"] == pytest.approx(0.555, abs=0.001)
    assert {who: of_2018[who]["covers_by"] for who in ("USA", "ARG")} == {"USA": "weight_kg", "ARG": "weight_kg"}
