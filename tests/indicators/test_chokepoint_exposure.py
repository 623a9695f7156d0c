"""How much of a home's imports passes a chokepoint, between bounds."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bongsu.indicators.chokepoint_exposure import chokepoint_exposure
from bongsu.items.item import CHOKEPOINTS
from bongsu.items.routes import Routes, routes
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
few = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))


def found(
    make: SimpleNamespace, flows: list[Row], home: str = "KOR", by: Routes | None = None
) -> dict[tuple[str, str], tuple[float | None, ...]]:
    table = chokepoint_exposure(make.table(TRADE_FLOW, flows), home, by).to_pyarrow().to_pylist()
    return {(row["code"], row["chokepoint"]): (row["least"], row["usual"], row["most"], row["listed"]) for row in table}


def test_crude_oil_by_hand(make: SimpleNamespace) -> None:
    """10 from Kuwait (no other way), 60 from Saudi Arabia (mostly), 20 from America, 10 of no table."""
    values = {"KWT": 10.0, "SAU": 60.0, "USA": 20.0, "BOL": 10.0}
    rows = found(make, [make.flow(who, value, code="270900") for who, value in values.items()])
    assert {place: rows["270900", place] for place in CHOKEPOINTS} == {
        "hormuz": (0.1, 0.7, 0.8, 0.9),
        "malacca": (0.0, 0.7, 1.0, 0.9),
        "suez": (0.0, 0.0, 0.3, 0.9),
        "bab_el_mandeb": (0.0, 0.0, 0.9, 0.9),
        "panama": (0.0, 0.0, 0.3, 0.9),
    }


def test_what_is_hidden_counts_in_the_most_only(make: SimpleNamespace) -> None:
    flows = [
        *(make.flow(who, value, code="000001") for who, value in (("CHN", 60.0), ("W00", 100.0))),
        *(make.flow(who, value, code="000002") for who, value in (("CHN", 60.0), ("X00", 40.0))),
        *(make.flow(who, value, code="000003") for who, value in (("CHN", 60.0), ("DEU", None), ("W00", 100.0))),
        # How much is withheld cannot be told: no share can be given.
        *(make.flow(who, value, code="000004") for who, value in (("CHN", 60.0), ("DEU", None))),
        # The suppliers add up to a little more than the published total: nothing is hidden.
        *(make.flow(who, value, code="000005") for who, value in (("CHN", 100.2), ("W00", 100.0))),
        *(make.flow(who, value, code="000006") for who, value in (("CHN", 60.0), ("KWT", 40.0))),
        make.flow("KWT", 40.0, code="000006", flow="export"),
        make.flow("KWT", 40.0, code="000006", reporter="JPN"),
    ]
    rows = found(make, flows)
    assert {code: rows[code, "hormuz"] for code, place in rows if place == "hormuz"} == {
        **{code: (0.0, 0.0, pytest.approx(0.4), pytest.approx(0.6)) for code in ("000001", "000002", "000003")},
        "000004": (None, None, None, None),
        "000005": (0.0, 0.0, 0.0, 1.0),
        "000006": (0.4, 0.4, 0.4, 1.0),
    }


def test_where_nobodys_way_is_known_nothing_is_said(make: SimpleNamespace) -> None:
    nothing = (None, None, None, None)
    assert set(found(make, [make.flow("BOL", 5.0)]).values()) == {nothing}
    assert set(found(make, [make.flow("CHN", 5.0)], by=Routes("KOR")).values()) == {nothing}
    assert set(found(make, [make.flow("CHN", 5.0, reporter="USA")], home="USA").values()) == {nothing}
    assert set(found(make, [make.flow("CHN", None)]).values()) == {nothing}


def test_ways_change_with_the_day(make: SimpleNamespace) -> None:
    days = [date(2023, 12, 1), date(2024, 1, 1)]
    flows = [make.flow("DEU", 1.0, valid=day, frequency="M") for day in days]
    table = chokepoint_exposure(make.table(TRADE_FLOW, flows), "KOR").to_pyarrow().to_pylist()
    suez = {row["valid"]: (row["usual"], row["most"]) for row in table if row["chokepoint"] == "suez"}
    assert suez == {days[0]: (1.0, 1.0), days[1]: (0.0, 1.0)}


def test_the_union_as_one_partner_has_its_members_way(make: SimpleNamespace) -> None:
    rows = found(make, [make.flow("EU", 1.0, valid=date(2020, 1, 1))])
    assert rows["010221", "suez"] == (0.0, 1.0, 1.0, 1.0)


suppliers = sorted({code for way in routes("KOR").ways for code in way.suppliers})
basket = st.dictionaries(st.sampled_from([*suppliers, "BOL", "XKX"]), st.floats(0.01, 1e9), min_size=1, max_size=8)


@few
@given(codes=st.lists(basket, min_size=20, max_size=30))
def test_the_bounds_are_in_order_and_widen_by_what_is_not_listed(
    make: SimpleNamespace, codes: list[dict[str, float]]
) -> None:
    flows = [
        make.flow(who, value, code=f"{number:06d}")
        for number, values in enumerate(codes)
        for who, value in values.items()
    ]
    rows = found(make, flows)
    assert len(rows) == len(codes) * len(CHOKEPOINTS)
    for (code, place), told in rows.items():
        values = codes[int(code)]
        total, held = sum(values.values()), {who: routes("KOR").way(who, date(2024, 1, 1)) for who in values}
        if not any(held.values()):
            assert told == (None, None, None, None)
            continue
        expected = [
            sum(values[who] for who, way in held.items() if way and way.passes[place] in how) / total
            for how in (("only",), ("only", "usual"), ("never",))
        ]
        assert told[:3] == (
            pytest.approx(expected[0]), pytest.approx(expected[1]), pytest.approx(1 - expected[2], abs=1e-9),
        )  # fmt: skip
        least, usual, most, _ = told
        assert least is not None
        assert usual is not None
        assert most is not None
        assert 0 <= least <= usual <= most + 1e-12 <= 1 + 1e-9


@pytest.mark.realdata
def test_koreas_wafers_of_2020_hardly_passed_a_chokepoint(make: SimpleNamespace, korean_imports: list[Row]) -> None:
    """Silicon wafers came from Japan, Singapore and the United States: of these two, all or none may pass Malacca."""
    wafers = [row for row in korean_imports if row["code"] == "3818001000" and row["valid"].year == 2020]
    total: dict[str, float] = {}
    for row in wafers:
        total[row["partner"]] = total.get(row["partner"], 0.0) + row["value"]
    year = [make.flow(who, value, code="3818001000", valid=date(2020, 1, 1)) for who, value in total.items()]
    rows = found(make, year)
    assert rows["3818001000", "hormuz"] == (0.0, 0.0, pytest.approx(0.0, abs=0.001), pytest.approx(1.0, abs=0.001))
    least, usual, most, _ = rows["3818001000", "malacca"]
    assert (least, usual, most) == (0.0, pytest.approx(0.0584, abs=1e-4), pytest.approx(0.3615, abs=1e-4))
