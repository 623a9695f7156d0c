"""Hubs: as much goes out as comes in; where the goods come from; unknown where nobody shows."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.reexport_hubs import LEAVES, MAKES, PASSED, reexport_hubs
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
# Few examples, each of many codes at once; to shrink one would take minutes.
few = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))


def sold(make: SimpleNamespace, reporter: str, partner: str, value: float | None, **more: object) -> Row:
    row: Row = make.flow(partner, value, reporter=reporter, flow="export", **more)
    return row


def bought(make: SimpleNamespace, reporter: str, partner: str, value: float | None, **more: object) -> Row:
    row: Row = make.flow(partner, None if value is None else value * 1.06, reporter=reporter, **more)
    return row


def found(make: SimpleNamespace, flows: list[Row], home: str = "KOR") -> dict[tuple[str, str], Row]:
    table = reexport_hubs(make.table(TRADE_FLOW, flows), home).to_pyarrow()
    return {(row["code"], row["supplier"]): row for row in table.to_pylist()}


def of_one_code(make: SimpleNamespace, flows: list[Row]) -> dict[str, Row]:
    return {supplier: row for (_, supplier), row in found(make, flows).items()}


def test_an_item_from_hong_kong_by_hand(make: SimpleNamespace) -> None:
    """Home buys 60 from China and 40 from Hong Kong, which takes in 90 of China's and 10 of America's and sells 110."""
    flows = [
        *(bought(make, "KOR", who, value) for who, value in (("CHN", 60.0), ("HKG", 40.0))),
        *(bought(make, "HKG", who, value) for who, value in (("CHN", 90.0), ("USA", 10.0), ("KOR", 500.0))),
        *(sold(make, "HKG", who, value) for who, value in (("W00", 110.0), ("KOR", 40.0))),
    ]
    row = of_one_code(make, flows)["HKG"]
    assert {name: row[name] for name in ("listed", "by_rule", "hub", "ground", "imports_basis", "passed_by")} == {
        "listed": True, "by_rule": True, "hub": True, "ground": "data", "imports_basis": "imports",
        "passed_by": "value",
    }  # fmt: skip
    assert row["passed"] == pytest.approx(100 / 110)
    assert (row["origin"], row["origin_is_top"]) == ("CHN", True)
    assert row["origin_share"] == pytest.approx(0.9)
    assert row["origin_covers"] == pytest.approx(90 / 40)
    assert row["share"] == pytest.approx(0.4)
    assert row["through_most"] == pytest.approx(0.4 * 100 / 110 * 0.9)


VERDICTS: dict[str, tuple[float, float, bool | None]] = {
    # taken in, sold, what the rule says
    "000001": (79.0, 100.0, None),
    "000002": (80.0, 100.0, True),
    "000003": (200.0, 100.0, True),
    "000004": (201.0, 100.0, None),  # it uses most of what it takes in
    "000005": (50.0, 100.0, None),
    "000006": (49.0, 100.0, False),  # it must make most of what it sells
}


def test_the_rule_at_its_edges(make: SimpleNamespace) -> None:
    assert (PASSED, LEAVES, MAKES) == (0.8, 0.5, 0.5)
    flows = []
    for code, (taken, out, _) in VERDICTS.items():
        flows += [bought(make, "KOR", "DEU", 1.0, code=code, weight_kg=1.0)]
        flows += [bought(make, "DEU", "CHN", 1.0, code=code, weight_kg=taken)]
        flows += [sold(make, "DEU", "FRA", 1.0, code=code, weight_kg=out)]
    rows = found(make, flows)
    assert {code: rows[code, "DEU"]["by_rule"] for code in VERDICTS} == {
        code: verdict for code, (_, _, verdict) in VERDICTS.items()
    }
    assert {row["passed_by"] for row in rows.values()} == {"weight_kg"}


def test_a_place_known_for_re_exports_is_flagged_by_the_list_alone_and_its_origin_unknown(
    make: SimpleNamespace,
) -> None:
    rows = of_one_code(make, [bought(make, "KOR", "HKG", 5.0), bought(make, "KOR", "DEU", 5.0)])
    names = ("by_rule", "passed", "imports_basis", "origin", "origin_share", "origin_covers", "through_most")
    assert {name for row in rows.values() for name in names if row[name] is not None} == set()
    assert {who: (row["listed"], row["hub"], row["ground"]) for who, row in rows.items()} == {
        "HKG": (True, True, "list"),
        "DEU": (False, None, None),
    }


def test_figures_overrule_the_list(make: SimpleNamespace) -> None:
    flows = [bought(make, "KOR", "NLD", 5.0), bought(make, "NLD", "DEU", 1.0), sold(make, "NLD", "FRA", 100.0)]
    row = of_one_code(make, flows)["NLD"]
    assert (row["listed"], row["by_rule"], row["hub"], row["ground"]) == (True, False, False, "data")


def test_imports_that_are_not_whole_do_not_clear_a_supplier(make: SimpleNamespace) -> None:
    """Little is seen to come in, but a part is hidden: 'it makes them itself' cannot be said, nor the origin's share."""
    hidden = {
        "000001": [bought(make, "NLD", "CHN", None, code="000001")],
        "000002": [bought(make, "NLD", "W00", 50.0, code="000002")],
        "000003": [bought(make, "NLD", "X00", 1.0, code="000003")],
        "000004": [sold(make, "DEU", "NLD", 1.0, code="000004")],
    }
    flows = []
    for code, rows in hidden.items():
        flows += [bought(make, "KOR", "NLD", 5.0, code=code), sold(make, "NLD", "FRA", 100.0, code=code), *rows]
        flows += [] if code == "000004" else [bought(make, "NLD", "DEU", 1.0, code=code)]
    found_ = found(make, flows)
    told = {code: found_[code, "NLD"] for code in hidden}
    assert {code: (row["by_rule"], row["origin_share"]) for code, row in told.items()} == dict.fromkeys(
        hidden, (None, None)
    )
    assert {code: (row["origin"], row["imports_basis"]) for code, row in told.items()} == {
        "000001": ("DEU", "imports"),
        "000002": ("DEU", "imports"),
        "000003": ("DEU", "imports"),
        "000004": (None, "mirror"),  # Germany says so, but who else sold there is not known
    }


def test_what_its_customers_say_of_its_exports_is_no_total(make: SimpleNamespace) -> None:
    flows = [bought(make, "KOR", "DEU", 5.0), bought(make, "DEU", "CHN", 5.0), bought(make, "JPN", "DEU", 5.0)]
    assert of_one_code(make, flows)["DEU"]["passed"] is None


def test_other_currencies_are_not_held_together(make: SimpleNamespace) -> None:
    flows = [
        bought(make, "KOR", "HKG", 5.0),
        bought(make, "HKG", "CHN", 100.0, currency="HKD"),
        sold(make, "HKG", "KOR", 100.0),
    ]
    row = of_one_code(make, flows)["HKG"]
    assert (row["passed"], row["origin_covers"], row["origin"]) == (None, None, "CHN")


def test_of_equal_origins_the_first_in_the_alphabet_is_named(make: SimpleNamespace) -> None:
    flows = [bought(make, "KOR", "HKG", 5.0), *(bought(make, "HKG", who, 7.0) for who in ("VNM", "CHN", "JPN"))]
    assert of_one_code(make, flows)["HKG"]["origin"] == "CHN"


trades = st.lists(
    st.tuples(st.floats(0.1, 1e9), st.floats(0.1, 1e9), st.floats(0.0, 1e9), st.floats(0.1, 1e9)),
    min_size=20,
    max_size=30,
)


@few
@given(trades=trades)
def test_no_share_leaves_its_bounds_and_the_flag_follows_the_figures(
    make: SimpleNamespace, trades: list[tuple[float, float, float, float]]
) -> None:
    flows = []
    for number, (ours, first, second, out) in enumerate(trades):
        code = f"{number:06d}"
        flows += [bought(make, "KOR", "HKG", ours, code=code), bought(make, "KOR", "CHN", 1.0, code=code)]
        flows += [bought(make, "HKG", "CHN", first, code=code), bought(make, "HKG", "USA", second, code=code)]
        flows += [sold(make, "HKG", "W00", out, code=code)]
    rows = found(make, flows)
    for number, (ours, first, second, out) in enumerate(trades):
        row = rows[f"{number:06d}", "HKG"]
        assert row["passed"] == pytest.approx((first + second) / out)
        assert 0 <= row["origin_share"] <= 1
        assert row["origin_share"] >= 0.5 - 1e-9  # the larger of two
        assert row["through_most"] <= row["share"] + 1e-12
        assert row["share"] == pytest.approx(ours / (ours + 1))
        assert row["origin"] == ("CHN" if first >= second else "USA") or first == pytest.approx(second)


@pytest.mark.realdata
def test_korea_bought_chips_from_hong_kong_and_nobody_shows_whose(
    make: SimpleNamespace, korean_imports: list[Row]
) -> None:
    """Processors of 2020: Hong Kong and Singapore by the list, no figures; the other suppliers cannot be judged."""
    chips = [row for row in korean_imports if row["code"] == "8542321010" and row["valid"].year == 2020]
    rows = reexport_hubs(make.table(TRADE_FLOW, chips), "KOR").to_pyarrow().to_pylist()
    flagged = Counter(row["supplier"] for row in rows if row["hub"])
    assert set(flagged) == {"HKG", "SGP", "NLD", "BEL", "ARE"} & {row["supplier"] for row in rows}
    assert flagged["HKG"] == 12
    assert {row["ground"] for row in rows} == {"list", None}
    assert {row["hub"] for row in rows} == {True, None}
    assert {row["origin"] for row in rows} == {None}
