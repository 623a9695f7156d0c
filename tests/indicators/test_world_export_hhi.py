"""The world's exports: own reports, importers' reports, and how much of it all is seen."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.world_export_hhi import world_export_hhi
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]


def sold(make: SimpleNamespace, reporter: str, to: dict[str, float], **more: object) -> list[Row]:
    return [make.flow(p, v, reporter=reporter, flow="export", **more) for p, v in to.items()]


def bought(make: SimpleNamespace, reporter: str, of: dict[str, float | None], **more: object) -> list[Row]:
    return [make.flow(p, v, reporter=reporter, **more) for p, v in of.items()]


def world(make: SimpleNamespace, flows: list[Row]) -> Row:
    (row,) = world_export_hhi(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    found: Row = row
    return found


def closed(make: SimpleNamespace) -> list[Row]:
    """A world of three that trade with each other, each reporting both ways: CHN sells 80, USA 15, KOR 5."""
    sales = {
        "CHN": {"USA": 50.0, "KOR": 30.0},
        "USA": {"CHN": 10.0, "KOR": 5.0},
        "KOR": {"CHN": 2.0, "USA": 3.0},
    }
    flows = [row for reporter, to in sales.items() for row in sold(make, reporter, to)]
    mirrored = {
        buyer: {seller: to[buyer] for seller, to in sales.items() if buyer in to} for buyer in ("CHN", "USA", "KOR")
    }
    return flows + [row for buyer, of in mirrored.items() for row in bought(make, buyer, dict(of))]


def test_a_world_in_which_all_report(make: SimpleNamespace) -> None:
    row = world(make, closed(make))
    assert (row["exporters"], row["reporting"], row["seen"], row["coverage"]) == (3, 3, 1.0, 1.0)
    index = pytest.approx(0.8**2 + 0.15**2 + 0.05**2)
    assert (row["hhi"], row["hhi_low"], row["hhi_high"]) == (index, index, index)
    assert (row["top"], row["top_share"], row["total"], row["over"]) == ("CHN", 0.8, 100.0, True)


def test_exporters_that_do_not_report_are_seen_by_importers_and_scaled(make: SimpleNamespace) -> None:
    """USA reports that half of its exports go to Korea, which reports: so half of China's are taken to be seen."""
    flows = [
        *sold(make, "USA", {"KOR": 10.0, "BRA": 10.0}),
        *bought(make, "KOR", {"USA": 10.0, "CHN": 10.0}),
    ]
    row = world(make, flows)
    assert (row["coverage"], row["total"], row["exporters"], row["reporting"]) == (0.5, 30.0, 2, 1)
    assert row["seen"] == pytest.approx(30 / 40)
    assert row["hhi_low"] == pytest.approx((20**2 + 10**2) / 40**2)
    assert row["hhi_high"] == pytest.approx((30**2 + 10**2) / 40**2)
    assert row["over"] is None


def test_one_importer_alone_sees_no_world(make: SimpleNamespace) -> None:
    row = world(make, bought(make, "KOR", {"CHN": 90.0, "USA": 10.0}))
    nothing = [row[name] for name in ("hhi", "hhi_low", "hhi_high", "seen", "coverage", "top_share", "over")]
    assert nothing == [None] * 7
    assert (row["exporters"], row["reporting"], row["total"]) == (2, 0, 100.0)


def test_with_less_than_half_in_sight_nothing_is_said(make: SimpleNamespace) -> None:
    flows = [
        *sold(make, "USA", {"KOR": 1.0, "BRA": 9.0}),
        *bought(make, "KOR", {"USA": 1.0, "CHN": 10.0}),
    ]
    row = world(make, flows)
    assert row["seen"] == pytest.approx(20 / 110)
    assert (row["hhi"], row["over"]) == (None, None)


def test_exports_to_one_market_are_not_all_exports(make: SimpleNamespace) -> None:
    """A file of Korea's exports to the USA only: what importers see of Korea counts where it is more."""
    flows = [row for row in closed(make) if (row["reporter"], row["flow"], row["partner"]) != ("KOR", "export", "CHN")]
    row = world(make, [*flows, *bought(make, "KOR", {"DEU": 1.0, "FRA": 1.0, "ITA": 1.0})])
    assert row["reporting"] == 2


def test_a_larger_mirror_counts_where_the_own_report_leaves_something_open(make: SimpleNamespace) -> None:
    flows = [
        *sold(make, "USA", {"KOR": 10.0, "JPN": 10.0}),
        make.flow("KOR", None, reporter="CHN", flow="export"),
        make.flow("JPN", 5.0, reporter="CHN", flow="export"),
        *bought(make, "KOR", {"USA": 10.0, "CHN": 40.0}),
        *bought(make, "JPN", {"USA": 10.0, "CHN": 5.0}),
    ]
    row = world(make, flows)
    assert (row["total"], row["top"], row["reporting"], row["seen"]) == (65.0, "CHN", 1, 1.0)


def test_two_sources_of_one_reporter_are_not_added(make: SimpleNamespace) -> None:
    flows = closed(make)
    assert world(make, [*flows, *({**row, "source": "other"} for row in flows)]) == world(make, flows)


def test_totals_and_what_repeats_others_are_no_exporters(make: SimpleNamespace) -> None:
    more = [make.flow(partner, 500.0, reporter="KOR") for partner in ("W00", "OECD", "EXT-EU", "R142")]
    row = world(make, [*closed(make), *more])
    assert (row["total"], row["exporters"]) == (100.0, 3)


def test_what_is_not_specified_is_nobodys_and_bounds_the_index(make: SimpleNamespace) -> None:
    row = world(make, [*closed(make), make.flow("X00", 100.0, reporter="KOR")])
    assert (row["total"], row["seen"]) == (100.0, 0.5)
    assert row["hhi_low"] == pytest.approx((80**2 + 15**2 + 5**2) / 200**2)
    assert row["hhi_high"] == pytest.approx((180**2 + 15**2 + 5**2) / 200**2)


def test_a_group_as_one_partner_is_nobodys_beyond_its_members(make: SimpleNamespace) -> None:
    flows = [*closed(make), *sold(make, "DEU", {"USA": 20.0, "KOR": 10.0})]
    row = world(make, [*flows, make.flow("EU", 20.0, reporter="USA"), make.flow("DEU", 10.0, reporter="KOR")])
    # Germany's own 30 account for the 20 that the USA has from the EU.
    assert (row["total"], row["exporters"], row["seen"]) == (130.0, 4, 1.0)
    row = world(make, [*flows, make.flow("EU", 160.0, reporter="USA"), make.flow("DEU", 10.0, reporter="KOR")])
    assert (row["total"], row["seen"]) == (130.0, pytest.approx(130 / 260))


def test_goods_that_come_back_home_are_not_exports(make: SimpleNamespace) -> None:
    row = world(make, [*closed(make), make.flow("CHN", 900.0, reporter="CHN")])
    assert (row["total"], row["coverage"]) == (100.0, 1.0)


def test_other_depths_and_currencies_are_not_seen(make: SimpleNamespace) -> None:
    more = [
        *bought(make, "DEU", {"VNM": 900.0}, currency="EUR"),
        *bought(make, "DEU", {"VNM": 900.0}, code="0102"),
        *bought(make, "DEU", {"VNM": 900.0}, code_system="SITC"),
    ]
    assert world(make, [*closed(make), *more]) == world(make, closed(make))


NAMES = ("CHN", "DEU", "JPN", "KOR", "USA")
markets = st.lists(
    st.tuples(st.lists(st.floats(1.0, 1e6), min_size=2, max_size=5), st.floats(0.0, 1e6)), min_size=1, max_size=8
)


def market(make: SimpleNamespace, code: str, sales: list[float], hidden: float) -> list[Row]:
    """Exporters report all that they sell to two markets; a part of what one buys comes from nobody named."""
    sellers = dict(zip(NAMES, sales, strict=False))
    flows = [row for name, v in sellers.items() for row in sold(make, name, {"BRA": v, "MEX": v}, code=code)]
    seen = [row for buyer in ("BRA", "MEX") for row in bought(make, buyer, dict(sellers), code=code)]
    return [*flows, *seen, make.flow("X00", hidden, reporter="BRA", code=code)]


@settings(max_examples=5, deadline=None)
@given(cases=markets)
def test_the_true_index_lies_between_the_bounds(make: SimpleNamespace, cases: list[tuple[list[float], float]]) -> None:
    codes = {f"{n:06}": case for n, case in enumerate(cases)}
    flows = [row for code, (sales, hidden) in codes.items() for row in market(make, code, sales, hidden)]
    rows = world_export_hhi(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    assert sorted(row["code"] for row in rows) == sorted(codes)
    for row in rows:
        sales, hidden = codes[row["code"]]
        if row["hhi"] is None:
            assert (sum(sales) * 2 < hidden * (1 + 1e-9), row["over"]) == (True, None)
            continue
        whole = 2 * sum(sales) + hidden
        for extra in ([hidden], [hidden / 2, hidden / 2]):
            index = sum((v / whole) ** 2 for v in [*(2 * v for v in sales), *extra])
            assert row["hhi_low"] - 1e-9 <= index <= row["hhi_high"] + 1e-9
            assert row["over"] in (None, index > 0.4)
