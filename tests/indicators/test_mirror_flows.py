"""What the importer and the exporter say of one trade, by hand, by law, and on soybeans."""

from collections.abc import Iterable
from datetime import date
from math import log
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.mirror import MIRROR, with_mirror
from bongsu.indicators.mirror_flows import mirror_flows
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
MEASURES = ("ratio", "log_ratio", "discrepancy", "fob_ratio", "fob_discrepancy")
# Few examples, each of many codes at once; to shrink one would take minutes.
few = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))


def rows_of(make: SimpleNamespace, flows: list[Row], **more: Any) -> dict[tuple[str, str], Row]:  # noqa: ANN401
    table = mirror_flows(make.table(TRADE_FLOW, flows), **more).to_pyarrow()
    return {(row["importer"], row["exporter"]): row for row in table.to_pylist()}


def one(make: SimpleNamespace, flows: list[Row]) -> Row:
    (row,) = rows_of(make, flows).values()
    return row


def sold(make: SimpleNamespace, reporter: str, partner: str, value: float | None, **more: object) -> Row:
    row: Row = make.flow(partner, value, reporter=reporter, flow="export", **more)
    return row


def test_two_sides_by_hand(make: SimpleNamespace) -> None:
    row = one(make, [make.flow("CHN", 106.0, weight_kg=10.0), sold(make, "CHN", "KOR", 100.0, weight_kg=30.0)])
    assert row == {
        "importer": "KOR", "exporter": "CHN", "code": "010221", "valid": date(2024, 1, 1), "frequency": "A",
        "imports": 106.0, "exports": 100.0, "currency": "USD", "import_kg": 10.0, "export_kg": 30.0,
        "import_source": "test", "export_source": "test", "import_status": "reported", "export_status": "reported",
        "ratio": 1.06, "log_ratio": pytest.approx(log(1.06)), "discrepancy": pytest.approx(6 / 206),
        "fob_ratio": pytest.approx(1.0), "fob_discrepancy": pytest.approx(0.0, abs=1e-12), "kg_discrepancy": -0.5,
    }  # fmt: skip


MISSING: dict[str, tuple[list[tuple[str, str, str, float | None]], tuple[str, str]]] = {
    "000001": ([("KOR", "import", "CHN", 5.0)], ("reported", "not_reported")),
    "000002": ([("KOR", "import", "CHN", 5.0), ("CHN", "export", "USA", 9.0)], ("reported", "partner_absent")),
    "000003": ([("KOR", "import", "CHN", 5.0), ("CHN", "export", "W00", 9.0)], ("reported", "partner_absent")),
    "000004": ([("KOR", "import", "CHN", 5.0), ("CHN", "export", "KOR", None)], ("reported", "withheld")),
    "000005": ([("KOR", "import", "CHN", 5.0), ("CHN", "export", "KOR", -1.0)], ("reported", "withheld")),
    "000006": ([("CHN", "export", "KOR", 5.0)], ("not_reported", "reported")),
    "000007": ([("CHN", "export", "KOR", 5.0), ("KOR", "import", "USA", 1.0)], ("partner_absent", "reported")),
}


def test_a_missing_side_says_how_it_is_missing_and_is_never_zero(make: SimpleNamespace) -> None:
    flows = [
        make.flow(partner, value, reporter=who, flow=flow, code=code)
        for code, (said, _) in MISSING.items()
        for who, flow, partner, value in said
    ]
    found = mirror_flows(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    rows = [row for row in found if (row["importer"], row["exporter"]) == ("KOR", "CHN")]
    statuses = {row["code"]: (row["import_status"], row["export_status"]) for row in rows}
    assert statuses == {code: expected for code, (_, expected) in MISSING.items()}
    assert {name for row in rows for name in MEASURES if row[name] is not None} == set()
    assert [row["code"] for row in rows if {row["imports"], row["exports"]} != {5.0, None}] == []
    assert {row["currency"] for row in rows} == {"USD"}


def test_a_reported_zero_is_a_figure(make: SimpleNamespace) -> None:
    figures = {"000001": (0.0, 0.0), "000002": (0.0, 8.0), "000003": (8.0, 0.0)}
    flows = []
    for code, (imports, exports) in figures.items():
        flows += [make.flow("CHN", imports, code=code), sold(make, "CHN", "KOR", exports, code=code)]
    rows = mirror_flows(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    assert {row["code"]: (row["discrepancy"], row["ratio"], row["log_ratio"]) for row in rows} == {
        "000001": (0.0, None, None),
        "000002": (-1.0, 0.0, None),
        "000003": (1.0, None, None),
    }


def test_figures_in_other_or_unknown_currencies_are_not_held_together(make: SimpleNamespace) -> None:
    flows = []
    for code, (ours, theirs) in {"000001": ("USD", "CNY"), "000002": ("USD", None), "000003": (None, None)}.items():
        flows += [make.flow("CHN", 1.0, currency=ours, code=code)]
        flows += [sold(make, "CHN", "KOR", 1.0, currency=theirs, code=code)]
    rows = mirror_flows(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    assert {name for row in rows for name in (*MEASURES, "currency") if row[name] is not None} == set()
    assert [(row["imports"], row["exports"]) for row in rows] == [(1.0, 1.0)] * 3


def test_another_period_or_depth_is_another_trade(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 1.0),
        sold(make, "CHN", "KOR", 1.0, valid=date(2023, 1, 1)),
        sold(make, "CHN", "KOR", 1.0, code="0102"),
        sold(make, "CHN", "KOR", 1.0, frequency="M"),
    ]
    table = mirror_flows(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
    assert len(table) == 4
    assert [row for row in table if row["discrepancy"] is not None] == []


def test_codes_past_six_digits_belong_to_one_country_and_are_left_out(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 1.0, code="0102210000", code_system="HSK"),
        sold(make, "CHN", "KOR", 1.0, code="0102210000"),
    ]
    assert rows_of(make, flows) == {}


def test_aggregates_and_a_country_with_itself_are_no_pair(make: SimpleNamespace) -> None:
    assert rows_of(make, [make.flow(partner, 1.0) for partner in ("W00", "X00", "EXT-EU", "KOR", "nobody")]) == {}


def test_of_two_sources_the_one_that_names_more_partners_speaks(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 50.0, source="a"),
        make.flow("CHN", 60.0, source="b"),
        make.flow("USA", 1.0, source="b"),
        make.flow("CHN", 70.0, source="c"),
        make.flow("USA", None, source="c"),
    ]
    found = rows_of(make, flows)
    assert {pair: (row["import_source"], row["imports"]) for pair, row in found.items()} == {
        ("KOR", "CHN"): ("b", 60.0),
        ("KOR", "USA"): ("b", 1.0),
    }


def test_home_keeps_its_pairs_only(make: SimpleNamespace) -> None:
    flows = [make.flow("CHN", 1.0), sold(make, "KOR", "USA", 1.0), make.flow("CHN", 1.0, reporter="JPN")]
    assert sorted(rows_of(make, flows, home="KOR")) == [("KOR", "CHN"), ("USA", "KOR")]
    assert len(rows_of(make, flows)) == 3


def test_a_silent_reporter_has_its_partners_word(make: SimpleNamespace) -> None:
    flows = [sold(make, "CHN", "KOR", 100.0), make.flow("USA", 106.0, reporter="JPN"), sold(make, "USA", "MEX", 7.0)]
    table = make.table(TRADE_FLOW, flows)
    imports = {(r["reporter"], r["partner"]): r for r in with_mirror(table, "import").to_pyarrow().to_pylist()}
    assert imports["KOR", "CHN"]["value"] == pytest.approx(106.0)
    assert {pair: row["source"] for pair, row in imports.items()} == {
        ("KOR", "CHN"): MIRROR,
        ("JPN", "USA"): "test",
        ("MEX", "USA"): MIRROR,
    }
    # The United States speak of their own exports, so Japan's word of them is not taken.
    exports = [(r["reporter"], r["partner"]) for r in with_mirror(table, "export").to_pyarrow().to_pylist()]
    assert sorted(exports) == [("CHN", "KOR"), ("USA", "MEX")]


sides = st.lists(st.tuples(st.floats(0.01, 1e12), st.floats(0.01, 1e12)), min_size=20, max_size=40)


@few
@given(pairs=sides, factor=st.sampled_from([1e-3, 7.0, 1e6]))
def test_the_measures_turn_with_the_sides_and_do_not_know_the_unit(
    make: SimpleNamespace, pairs: list[tuple[float, float]], factor: float
) -> None:
    def measured(pairs: Iterable[tuple[float, float]]) -> list[Row]:
        flows = []
        for number, (imports, exports) in enumerate(pairs):
            code = f"{number:06d}"
            flows += [make.flow("CHN", imports, code=code), sold(make, "CHN", "KOR", exports, code=code)]
        found = mirror_flows(make.table(TRADE_FLOW, flows)).to_pyarrow().to_pylist()
        return sorted(found, key=lambda row: row["code"])

    straight, turned = measured(pairs), measured([(e, i) for i, e in pairs])
    scaled = measured([(i * factor, e * factor) for i, e in pairs])
    for one_way, other_way, larger in zip(straight, turned, scaled, strict=True):
        assert -1 <= one_way["discrepancy"] <= 1
        assert other_way["discrepancy"] == pytest.approx(-one_way["discrepancy"], abs=1e-12)
        assert other_way["log_ratio"] == pytest.approx(-one_way["log_ratio"], abs=1e-9)
        assert one_way["ratio"] * other_way["ratio"] == pytest.approx(1.0)
        assert one_way["fob_ratio"] * 1.06 == pytest.approx(one_way["ratio"])
        for name in MEASURES:
            assert larger[name] == pytest.approx(one_way[name], rel=1e-9, abs=1e-12)


@pytest.mark.realdata
def test_chinas_soybeans_of_2016_against_the_united_states(
    make: SimpleNamespace, soybeans: list[Row], realdata: Path
) -> None:
    """Comtrade has China's imports of 2016 and 2021, the US Census the exports to China of the same months."""
    found = rows_by_month(mirror_flows(make.table(TRADE_FLOW, [*soybeans, *sold_to_china(make, realdata)]), "CHN"))
    both = {month: row for (who, month), row in found.items() if who == "USA" and row["discrepancy"] is not None}
    assert sorted(both) == [*(date(2016, month, 1) for month in range(1, 13)), date(2021, 1, 1)]
    year = [row for month, row in both.items() if month.year == 2016]
    imports, exports = (sum(row[side] for row in year) for side in ("imports", "exports"))
    assert (imports, exports) == (pytest.approx(13_764e6, rel=1e-4), pytest.approx(14_203e6, rel=1e-4))
    # What is shipped in the autumn arrives in the winter: single months differ by far more than the year does.
    assert max(row["discrepancy"] for row in year) > 0.9
    # Brazil's exports are held for other years than China's imports: each side is unknown where the other is known.
    brazil = {(row["import_status"], row["export_status"]) for (who, _), row in found.items() if who == "BRA"}
    assert brazil == {("reported", "not_reported"), ("not_reported", "reported")}


def rows_by_month(table: ibis.Table) -> dict[tuple[str, date], Row]:
    rows = table.filter(table.code == "120190").to_pyarrow().to_pylist()
    return {(row["exporter"], row["valid"]): row for row in rows}


def sold_to_china(make: SimpleNamespace, realdata: Path) -> list[Row]:
    path = realdata / "trade" / "us_census" / "exports_china_hs6_to_2021-02.parquet"
    rows = pq.read_table(path, columns=["hs6", "china_exports", "time"], filters=[("hs6", "=", "120190")]).to_pylist()
    more = {"source": "us_census", "frequency": "M", "code": "120190"}
    return [sold(make, "USA", "CHN", row["china_exports"], valid=row["time"].date(), **more) for row in rows]
