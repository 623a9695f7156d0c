"""The dependence methods side by side: by hand, against plain arithmetic, and whatever is hidden."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.indicators.indicator import indicators
from bongsu.indicators.methods import KEY, assessed, method, methods
from bongsu.language import UsageError
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
Rows = dict[tuple[str, str, int], Row]
NAMES = ("CHN", "DEU", "JPN", "KOR", "USA")


def held(table: ibis.Table) -> ibis.Table:
    return ibis.memtable(table.to_pyarrow())


def judged(make: SimpleNamespace, flows: list[Row], *wanted: str, **arguments: Mapping[str, Any]) -> dict[str, Rows]:
    """By method: its rows by reporter, code and year."""
    tables = assessed(make.table(TRADE_FLOW, flows), wanted, hold=held, arguments=arguments)
    return {
        name: {(row["reporter"], row["code"], row["valid"].year): row for row in table.to_pyarrow().to_pylist()}
        for name, table in tables.items()
    }


def trade(make: SimpleNamespace, sales: Mapping[tuple[str, str], float], year: int = 2024, **more: object) -> list[Row]:
    """What each country sells to each, as both sides report it, and the total of each list."""
    valid = date(year, 1, 1)
    flows = []
    for (seller, buyer), value in sales.items():
        flows.append(make.flow(buyer, value, reporter=seller, flow="export", valid=valid, **more))
        flows.append(make.flow(seller, value, reporter=buyer, valid=valid, **more))
    totals: dict[tuple[str, str], float] = {}
    for row in flows:
        totals[row["reporter"], row["flow"]] = totals.get((row["reporter"], row["flow"]), 0.0) + row["value"]
    return flows + [
        make.flow("W00", value, reporter=reporter, flow=flow, valid=valid, **more)
        for (reporter, flow), value in totals.items()
    ]


# China sells nearly all; Korea buys most of it and sells little.
SALES = {
    ("CHN", "KOR"): 90e6, ("CHN", "USA"): 60e6, ("USA", "KOR"): 8e6, ("KOR", "USA"): 3e6, ("KOR", "CHN"): 2e6,
    ("USA", "CHN"): 7e6,
}  # fmt: skip
KOREA = ("KOR", "010221", 2024)


def test_one_country_by_every_method(make: SimpleNamespace) -> None:
    flows = [row for year in (2021, 2022, 2023, 2024) for row in trade(make, SALES, year)]
    found = judged(make, flows, productivity={"essential": ("0102",)})
    assert {name: rows[KOREA]["dependent"] for name, rows in found.items()} == {
        "ec2021": True, "arjona2023": True, "geodep": True, "productivity": True, "korea": True,
    }  # fmt: skip
    geodep, arjona = found["geodep"][KOREA], found["arjona2023"][KOREA]
    share = 90 / 98
    assert (geodep["hhi"], geodep["ratio"]) == (pytest.approx(share**2 + (1 - share) ** 2), pytest.approx(98 / 5))
    assert geodep["world_hhi"] == pytest.approx((150**2 + 15**2 + 5**2) / 170**2)
    assert (geodep["this_year"], geodep["years_true"], geodep["years_false"]) == (True, 3, 0)
    assert (arjona["years_true"], arjona["world_top"], arjona["single_point"]) == (4, "CHN", True)
    assert found["productivity"][KOREA]["vulnerable"] is True
    assert (found["korea"][KOREA]["ge90"], found["korea"][KOREA]["imports"]) == (True, 98e6)


def test_the_years_before_decide(make: SimpleNamespace) -> None:
    spread = {**SALES, ("USA", "KOR"): 90e6, ("JPN", "KOR"): 90e6, ("DEU", "KOR"): 90e6}
    flows = [row for year in (2022, 2023) for row in trade(make, spread, year)] + trade(make, SALES)
    found = judged(make, flows, "geodep", "ec2021", "arjona2023")
    assert (found["ec2021"][KOREA]["dependent"], found["geodep"][KOREA]["dependent"]) == (True, False)
    assert found["geodep"]["KOR", "010221", 2023]["dependent"] is False  # two of its three years are surely not
    assert found["geodep"]["KOR", "010221", 2022]["dependent"] is None
    assert found["arjona2023"][KOREA]["dependent"] is False
    alone = judged(make, trade(make, SALES), "geodep", "arjona2023")
    assert {name: rows[KOREA]["dependent"] for name, rows in alone.items()} == {"geodep": None, "arjona2023": None}


def test_essential_use_must_be_said(make: SimpleNamespace) -> None:
    flows = trade(make, SALES) + trade(make, {("CHN", "KOR"): 5.0, ("USA", "KOR"): 5.0}, code="310210")
    even = ("KOR", "310210", 2024)
    for essential, expected in [
        (None, (None, False)),
        (("01",), (True, False)),
        (("31",), (False, False)),
        ((), (False, False)),
    ]:
        rows = judged(make, flows, "productivity", productivity={"essential": essential})["productivity"]
        assert (rows[KOREA]["dependent"], rows[even]["dependent"]) == expected
    assert rows[KOREA]["vulnerable"] is True


def test_a_main_supplier_that_does_not_dominate_the_world(make: SimpleNamespace) -> None:
    sales = {("DEU", "KOR"): 90.0, ("USA", "KOR"): 5.0, ("CHN", "USA"): 500.0, ("KOR", "USA"): 1.0}
    row = judged(make, trade(make, sales), "productivity")["productivity"][KOREA]
    assert (row["concentrated"], row["dominant"], row["vulnerable"]) == (True, False, False)
    assert (row["top_supplier"], row["world_top"]) == ("DEU", "CHN")


def test_the_floor_and_the_half(make: SimpleNamespace) -> None:
    flows = [
        make.flow("CHN", 6e6), make.flow("USA", 4e6),
        make.flow("CHN", 6e6, code="010229"), make.flow("USA", 3.9e6, code="010229"),
        make.flow("CHN", 4e7, code="010231"), make.flow("USA", 4e7, code="010231"), make.flow("JPN", 1e7, code="010231"),
        make.flow("CHN", 6e9, code="010239", currency="KRW"),
        make.flow("CHN", 6e6, code="310210"), make.flow("X00", 5e6, code="310210"),
    ]  # fmt: skip
    rows = judged(make, flows, "korea")["korea"]
    expected = {"010221": True, "010229": False, "010231": False, "010239": None, "310210": True}  # 6 of 11 million
    assert {code: row["dependent"] for (_, code, _), row in rows.items()} == expected


def test_a_tariff_of_ten_digits_knows_the_world_by_six(make: SimpleNamespace) -> None:
    flows = trade(make, SALES) + trade(make, SALES, code="0102211000", code_system="HSK", source="kr_customs")
    rows = judged(make, flows, "geodep")["geodep"]
    ten = rows["KOR", "0102211000", 2024]
    assert (ten["source"], ten["world_hhi"]) == ("kr_customs", rows[KOREA]["world_hhi"])


def test_every_method_is_an_indicator_whose_rows_answer_to_the_same_key(make: SimpleNamespace) -> None:
    found = assessed(make.table(TRADE_FLOW, trade(make, SALES)), hold=held)
    assert list(found) == list(methods()) == ["ec2021", "arjona2023", "geodep", "productivity", "korea"]
    for name, one in methods().items():
        assert (one.indicator, one.indicator.key) == (indicators()[name], KEY)
        schema = found[name].schema()
        assert (schema["dependent"].is_boolean(), list(schema)[: len(KEY)]) == (True, list(KEY))
        for asked in one.criteria:
            assert schema[asked.verdict].is_boolean()
            assert not asked.value or schema[asked.value].is_floating()


def test_a_method_is_found_by_its_name_and_its_other_names() -> None:
    assert (method("geodep").id, method("korean").id) == ("geodep", "korea")
    with pytest.raises(UsageError) as refused:
        method("best")
    assert all(name in str(refused.value) for name in methods())


matrix = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    st.floats(1e3, 1e9),
    min_size=3,
)


def plainly(sales: Mapping[tuple[str, str], float], home: str) -> dict[str, Any]:
    """The figures of a world in which nothing is hidden, without tables."""
    bought = {seller: value for (seller, buyer), value in sales.items() if buyer == home}
    outside = {seller: v for seller, v in bought.items() if not (home == "DEU" and seller == "EU")}
    sold = sum(value for (seller, _), value in sales.items() if seller == home)
    world: dict[str, float] = {}
    for (seller, _), value in sales.items():
        world[seller] = world.get(seller, 0.0) + value
    total = sum(outside.values())
    return {
        "hhi": sum((v / total) ** 2 for v in outside.values()),
        "world_hhi": sum((v / sum(world.values())) ** 2 for v in world.values()),
        "imports": total,
        "exports": sold,
        "top_share": max(outside.values()) / total,
    }


@settings(max_examples=8, deadline=None)
@given(goods=st.lists(matrix, min_size=1, max_size=6))
def test_methods_are_plain_arithmetic_where_nothing_is_hidden(
    make: SimpleNamespace, goods: list[dict[tuple[str, str], float]]
) -> None:
    flows = [row for n, sales in enumerate(goods) for row in trade(make, sales, code=f"{n:06}")]
    found = judged(make, flows)
    for home, code, year in found["ec2021"]:
        figures = plainly(goods[int(code)], home)
        ec, geodep, korea = (found[name][home, code, year] for name in ("ec2021", "geodep", "korea"))
        assert {name: geodep[name] for name in ("hhi", "world_hhi", "imports")} == {
            name: pytest.approx(figures[name]) for name in ("hhi", "world_hhi", "imports")
        }
        assert ec["cdi1"] == pytest.approx(figures["hhi"])
        if not any(seller == home for sales in goods for seller, _ in sales):  # it has published no list of exports
            assert (ec["exports"], ec["cdi3_over"], geodep["ratio_over"]) == (None, None, None)
            continue
        assert ec["exports"] == pytest.approx(figures["exports"])
        near = min(abs(figures["hhi"] - 0.4), abs(figures["world_hhi"] - 0.4), abs(figures["top_share"] - 0.5))
        if near > 1e-9 and abs(figures["imports"] - figures["exports"]) > 1:
            beyond = figures["imports"] > figures["exports"]
            assert ec["dependent"] == (figures["hhi"] > 0.4 and beyond)
            assert geodep["this_year"] == (figures["hhi"] > 0.4 and figures["world_hhi"] > 0.4 and beyond)
            assert korea["half"] == (figures["top_share"] >= 0.5)


VERDICTS = {
    "ec2021": ("cdi1_over", "cdi2_over", "cdi3_over", "dependent"),
    "geodep": ("hhi_over", "world_over", "ratio_over", "this_year", "dependent"),
    "arjona2023": ("this_year", "single_point", "dependent"),
    "productivity": ("concentrated", "dominant", "vulnerable", "dependent"),
    "korea": ("half", "ge75", "ge80", "ge90", "above_floor", "dependent"),
}
hiding = st.sampled_from(["withheld", "not specified", "as it is"])


def hidden(flows: list[Row], ways: Mapping[str, str]) -> list[Row]:
    """Korea's imports with some partners withheld or put under "not specified"; the totals stand."""
    kept: list[Row] = []
    rest: dict[str, float] = {}
    for row in flows:
        way = ways.get(row["partner"], "as it is") if (row["reporter"], row["flow"]) == ("KOR", "import") else ""
        if way == "not specified":
            rest[row["code"]] = rest.get(row["code"], 0.0) + row["value"]
        else:
            kept.append({**row, "value": None} if way == "withheld" else row)
    like = next(row for row in flows if row["partner"] == "W00")
    more = [
        {**like, "reporter": "KOR", "flow": "import", "partner": "X00", "code": c, "value": v} for c, v in rest.items()
    ]
    return kept + more


@settings(max_examples=8, deadline=None)
@given(goods=st.lists(matrix, min_size=1, max_size=6), ways=st.dictionaries(st.sampled_from(NAMES), hiding))
def test_hiding_partners_never_turns_a_verdict_round(
    make: SimpleNamespace, goods: list[dict[tuple[str, str], float]], ways: dict[str, str]
) -> None:
    """What is said of a table with gaps is what the whole table says, or nothing."""
    flows = [row for n, sales in enumerate(goods) for row in trade(make, sales, code=f"{n:06}")]
    whole, gaps = judged(make, flows), judged(make, hidden(flows, ways))
    for name, columns in VERDICTS.items():
        for key, row in gaps[name].items():
            for column in columns:
                assert row[column] in (None, whole[name][key][column]), (name, key, column)


@pytest.mark.realdata
def test_the_us_matrix_of_2024_gives_the_published_counts(us_2024: ibis.Table) -> None:
    from bongsu.indicators.rollup import rolled_up  # noqa: PLC0415

    ten = assessed(us_2024, ["korea"], hold=held)["korea"]
    assert int(ten.filter(ten.dependent).count().to_pyarrow().as_py()) == 4912
    six = assessed(rolled_up(us_2024, 10, 6), ["ec2021"], hold=held)["ec2021"]
    counts = six.filter(six.cdi1_over & (six.imports >= 10_000_000)).aggregate(
        codes=lambda rows: rows.count(), told=lambda rows: rows.dependent.count()
    )
    # The file has no exports: whether a code is dependent cannot be told wherever imports are concentrated.
    assert counts.to_pyarrow().to_pylist() == [{"codes": 1525, "told": 0}]
