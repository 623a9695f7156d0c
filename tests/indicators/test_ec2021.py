"""The Commission's three indicators, by hand; what is hidden, inside a bloc, or not sold abroad."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bongsu.indicators.ec2021 import ec2021
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
VERDICTS = ("cdi1_over", "cdi2_over", "cdi3_over", "dependent")


def judged(make: SimpleNamespace, flows: list[Row]) -> Row:
    (row,) = ec2021(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    found: Row = row
    return found


def verdicts(make: SimpleNamespace, flows: list[Row]) -> list[bool | None]:
    row = judged(make, flows)
    return [row[name] for name in VERDICTS]


def sold(make: SimpleNamespace, value: float, **more: object) -> list[Row]:
    """Exports to two markets, as broad a list as the imports'."""
    return [make.flow("USA", value / 2, flow="export", **more), make.flow("VNM", value / 2, flow="export", **more)]


def test_a_country_in_no_bloc(make: SimpleNamespace) -> None:
    row = judged(make, [make.flow("CHN", 60.0), make.flow("USA", 40.0), *sold(make, 50.0)])
    assert (row["bloc"], row["cdi1"], row["cdi2"], row["cdi3"]) == (None, pytest.approx(0.52), 1.0, 2.0)
    assert [row[name] for name in VERDICTS] == [True, True, True, True]
    assert (row["top_supplier"], row["top_share"], row["imports"], row["exports"]) == ("CHN", 0.6, 100.0, 50.0)


def test_members_buy_from_each_other_inside(make: SimpleNamespace) -> None:
    flows = [make.flow(p, v, reporter="DEU") for p, v in {"FRA": 70.0, "CHN": 20.0, "USA": 10.0}.items()]
    row = judged(make, [*flows, *sold(make, 40.0, reporter="DEU")])
    assert (row["bloc"], row["imports"], row["cdi2"], row["cdi3"]) == ("EU", 30.0, 0.3, 0.75)
    assert row["cdi1"] == pytest.approx(5 / 9)
    assert [row[name] for name in VERDICTS] == [True, False, False, False]


def test_membership_counts_in_the_years_in_which_it_held(make: SimpleNamespace) -> None:
    flows = [
        make.flow(partner, value, reporter="GBR", valid=date(year, 1, 1))
        for year in (1972, 1973, 2019, 2020)
        for partner, value in {"FRA": 70.0, "CHN": 30.0}.items()
    ]
    rows = ec2021(make.table(TRADE_FLOW, flows)).order_by("valid").to_pyarrow().to_pylist()
    assert [(row["valid"].year, row["bloc"], row["imports"]) for row in rows] == [
        (1972, None, 100.0), (1973, "EU", 30.0), (2019, "EU", 30.0), (2020, None, 100.0),
    ]  # fmt: skip


def test_the_bloc_as_one_reporter(make: SimpleNamespace) -> None:
    flows = [make.flow(p, v, reporter="EU") for p, v in {"DEU": 40.0, "CHN": 50.0, "USA": 10.0}.items()]
    row = judged(make, flows)
    assert (row["bloc"], row["imports"], row["cdi2"]) == ("EU", 60.0, 0.6)


def test_nothing_bought_outside_is_no_dependence(make: SimpleNamespace) -> None:
    row = judged(make, [make.flow("FRA", 70.0, reporter="DEU"), make.flow("ITA", 30.0, reporter="DEU")])
    assert (row["cdi1"], row["cdi2"], row["imports"], row["dependent"]) == (None, 0.0, 0.0, False)


def test_a_good_that_the_country_does_not_sell(make: SimpleNamespace) -> None:
    """Its exports are listed, and this code is not among them."""
    flows = [make.flow("CHN", 100.0), make.flow("CHN", 1.0, code="310210"), *sold(make, 9.0, code="310210")]
    rows = ec2021(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    (row,) = (row for row in rows if row["code"] == "010221")
    assert (row["exports"], row["cdi3"], row["cdi3_over"], row["dependent"]) == (0.0, None, True, True)


def test_exports_that_nobody_has_given_are_unknown(make: SimpleNamespace) -> None:
    assert verdicts(make, [make.flow("CHN", 60.0), make.flow("USA", 40.0)]) == [True, True, None, None]


def test_exports_to_one_market_only_are_not_all_exports(make: SimpleNamespace) -> None:
    flows = [make.flow(p, 25.0) for p in ("CHN", "USA", "VNM")]
    narrow = verdicts(make, [*flows, make.flow("IRL", 1.0, flow="export")])
    assert narrow == [False, True, None, False]
    # Yet what goes there alone may exceed the imports.
    assert verdicts(make, [*flows, make.flow("IRL", 500.0, flow="export")])[2] is False


def test_a_published_total_of_exports_suffices(make: SimpleNamespace) -> None:
    flows = [make.flow(p, 25.0) for p in ("CHN", "USA", "VNM")]
    row = judged(make, [*flows, make.flow("W00", 30.0, flow="export")])
    assert (row["exports"], row["cdi3"], row["cdi3_over"]) == (30.0, 2.5, True)


def test_what_is_hidden_does_not_read_as_diversified(make: SimpleNamespace) -> None:
    flows = [*(make.flow(p, 10.0) for p in ("CHN", "USA", "DEU")), make.flow("X00", 70.0), *sold(make, 10.0)]
    row = judged(make, flows)
    assert (row["complete"], row["cdi1"]) == (False, pytest.approx(1 / 3))
    assert [row[name] for name in VERDICTS] == [None, True, True, None]


def test_a_withheld_partner_leaves_only_what_is_sure(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 90.0), make.flow("USA", None), *sold(make, 10.0)]
    assert verdicts(make, flows) == [None, True, True, None]
    assert verdicts(make, [*flows, make.flow("W00", 100.0)]) == [True, True, True, True]


def test_nothing_known_is_unknown_all_through(make: SimpleNamespace) -> None:
    row = judged(make, [make.flow("CHN", None), make.flow("USA", None)])
    assert [row[name] for name in ("cdi1", "cdi2", "cdi3", *VERDICTS)] == [None] * 7


def test_figures_in_two_currencies_are_not_compared(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 100.0), make.flow("USA", 9.0), *sold(make, 10.0, currency="KRW")]
    assert verdicts(make, flows) == [True, True, None, None]


def test_months_are_added_up_to_the_year(make: SimpleNamespace) -> None:
    flows = [
        make.flow(partner, value, flow=flow, valid=date(2024, month, 1), frequency="M")
        for month in range(1, 13)
        for partner, value, flow in [
            ("CHN", 6.0, "import"),
            ("USA", 4.0, "import"),
            ("USA", 2.0, "export"),
            ("VNM", 3.0, "export"),
        ]
    ]
    row = judged(make, flows)
    assert (row["valid"], row["imports"], row["cdi3"], row["dependent"]) == (date(2024, 1, 1), 120.0, 2.0, True)


def test_national_code_systems_meet_at_six_digits(make: SimpleNamespace) -> None:
    """The United States lists imports by HTS and exports by Schedule B."""
    flows = [make.flow("CHN", 60.0, code_system="HTS"), make.flow("USA", 40.0, code_system="HTS")]
    row = judged(make, [*flows, *sold(make, 50.0, code_system="SCHEDULE_B")])
    assert (row["code_system"], row["cdi3"]) == ("HTS", 2.0)
    ten = [{**flow, "code": "0102210010"} for flow in flows]
    assert judged(make, [*ten, *sold(make, 50.0, code_system="SCHEDULE_B")])["cdi3_over"] is None
