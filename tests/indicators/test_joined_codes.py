"""Flows through the revisions of the HS: what is exact, what is a family, what is not joined, and nothing lost."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.codes.adoption import Adoption, adoptions, in_force
from bongsu.codes.concordances import REVISIONS, families, hs_revision_codes
from bongsu.indicators.code_joins import HOW, WHY, Way, joins
from bongsu.indicators.joined_codes import INDICATOR, SYSTEMS, joined_codes, summary
from bongsu.language import BadInputError
from bongsu.records.known import period_end
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources.source import ReadRequest, reader, source

patient = settings(deadline=None, max_examples=25)
KNOWN_CODES = ("310210", "811292", "811231", "440610", "440611", "854231", "852990", "880000", "300219", "854921")
YEARS = (1987, 1994, 2003, 2012, 2016, 2017, 2021, 2022, 2024)


def fetched(table: ibis.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows


def joined(
    make: SimpleNamespace, flows: Sequence[Mapping[str, Any]], *how: Way | Sequence[Adoption]
) -> dict[str, dict[str, Any]]:
    """By the code that comes out; for flows of one partner and period."""
    return {row["code"]: row for row in fetched(joined_codes(make.table(TRADE_FLOW, flows), *how))}  # type: ignore[arg-type]


def flow(
    make: SimpleNamespace, code: str, value: float | None = 1.0, year: int = 2017, **more: object
) -> dict[str, Any]:
    made: dict[str, Any] = make.flow("CHN", value, **{"code": code, "valid": date(year, 1, 1), **more})
    return made


def test_codes_put_together_are_exact_and_the_basket_they_fall_into_is_named(make: SimpleNamespace) -> None:
    flows = [flow(make, code, value, 2022) for code, value in {"811231": 1.0, "811241": 2.0, "811292": 4.0}.items()]
    (row,) = joined(make, flows, Way("2017")).values()
    told = {name: row[name] for name in ("code", "value", "joined", "why", "revision", "codes", "members", "by_code")}
    assert told == {
        "code": "811292", "value": 7.0, "joined": "exact", "why": None, "revision": "2022", "codes": 1,
        "members": "811292", "by_code": False,
    }  # fmt: skip
    assert row["basket_en"] == "gallium, germanium, indium, niobium, vanadium, hafnium, rhenium"
    assert row["basket_ko"] == "갈륨, 게르마늄, 인듐, 니오븀, 바나듐, 하프늄, 레늄"


def test_a_split_stays_whole_as_a_family(make: SimpleNamespace) -> None:
    (row,) = joined(make, [flow(make, "811292", 7.0)], Way("2022")).values()
    assert (row["code"], row["value"], row["joined"]) == ("2017-2022:811231+2", 7.0, "family")
    assert (row["codes"], row["members"]) == (3, "811231 811241 811292")
    assert row["basket_en"] == "gallium, germanium, indium, niobium, vanadium"


def test_a_code_that_changed_its_number_alone_is_exact_and_no_basket_is_named_where_none_is_known(
    make: SimpleNamespace,
) -> None:
    (row,) = joined(make, [flow(make, "290331")], Way("2022")).values()
    assert (row["code"], row["joined"], row["basket_en"]) == ("290362", "exact", None)


@pytest.mark.parametrize(
    ("code", "year", "more", "label", "why"),
    [
        ("880000", 2017, {}, "2017:880000", "not_in_revision"),
        ("300219", 2017, {}, "2017:300219", "no_counterpart"),
        ("852990", 2017, {}, "2017:852990", "too_wide"),
        ("310210", 1987, {}, "?:310210", "no_revision"),
        ("310210", 2017, {"code_system": "SITC"}, "SITC:310210", "not_hs"),
        ("020890", 2022, {"reporter": "USA"}, "2017|2022:020890", "two_revisions"),
        ("010110", 2024, {}, "2022:010110", "not_in_revision"),  # of 2007: no neighbour of 2022
    ],
)
def test_what_cannot_be_joined_keeps_its_own_code_and_says_why(
    make: SimpleNamespace, code: str, year: int, more: dict[str, Any], label: str, why: str
) -> None:
    (row,) = joined(make, [flow(make, code, 3.0, year, **more)], Way("2022")).values()
    assert (row["code"], row["joined"], row["why"], row["value"]) == (label, "none", why, 3.0)


def test_a_code_that_the_revision_lacks_is_sought_in_its_neighbours_and_marked(make: SimpleNamespace) -> None:
    late, early = flow(make, "440610", 3.0, 2019), flow(make, "811231", 5.0, 2019)
    rows = joined(make, [late, early], Way("2017"))
    assert {code: (row["joined"], row["revision"], row["by_code"]) for code, row in rows.items()} == {
        "2012-2017:440611+1": ("family", "2012", True),
        "811292": ("exact", "2022", True),
    }


def test_a_period_with_the_day_of_change_is_joined_where_both_revisions_agree(make: SimpleNamespace) -> None:
    january = {"reporter": "USA", "frequency": "M"}
    rows = joined(make, [flow(make, "310210", 1.0, 2022, **january), flow(make, "854921", 2.0, 2022, **january)])
    assert {code: (row["joined"], row["by_code"]) for code, row in rows.items()} == {
        "310210": ("exact", False),
        "854921": ("exact", False),
    }


def test_the_revision_can_be_stated_by_the_system_or_given_by_the_caller(make: SimpleNamespace) -> None:
    converted = flow(make, "440610", 1.0, 2024, code_system="HS2012")
    reported = flow(make, "440610", 1.0, 2024, reporter="VNM")
    never = [Adoption("VNM", "", revision, None) for revision in ("2017", "2022")]
    (stated,) = joined(make, [converted], Way("2017")).values()
    (given_,) = joined(make, [reported], Way("2017"), never).values()
    (by_rule,) = joined(make, [reported], Way("2017")).values()
    assert (stated["code"], given_["code"]) == ("2012-2017:440611+1", "2012-2017:440611+1")
    assert (by_rule["code"], by_rule["why"]) == ("2022:440610", "not_in_revision")


def test_across_revisions_a_family_means_the_same_goods_in_every_year(make: SimpleNamespace) -> None:
    old, new = [flow(make, "440610", 3.0, 2016)], [flow(make, "440611", 1.0), flow(make, "440612", 2.0)]
    apart = joined(make, [*old, *new], Way("2017"))
    assert {(code, row["valid"].year) for code, row in apart.items()} == {
        ("2012-2017:440611+1", 2016), ("440611", 2017), ("440612", 2017),
    }  # fmt: skip
    alike = fetched(joined_codes(make.table(TRADE_FLOW, [*old, *new]), Way("2017", across=("2012",))))
    assert {(row["code"], row["valid"].year, row["value"]) for row in alike} == {
        ("2012-2017:440611+1", 2016, 3.0), ("2012-2017:440611+1", 2017, 3.0),
    }  # fmt: skip


@pytest.mark.parametrize("to", ["2017", "2022"])
def test_across_revisions_every_code_goes_where_its_family_goes(to: str) -> None:
    way = Way(to, across=("2012", "2022"), widest=10**6)
    found = families("2012", "2022")
    labels: dict[int, set[str]] = {}
    for row in joins(way, ("2012", "2017", "2022"))[0].to_pylist():
        if not row["by_code"] and row["why"] is None:
            labels.setdefault(id(found[row["revision"], row["old"]]), set()).add(row["label"])
    assert [names for names in labels.values() if len(names) > 1] == []
    assert len({name for names in labels.values() for name in names}) == len(labels)


def test_what_only_catch_all_codes_hold_together_can_be_parted_and_is_marked(make: SimpleNamespace) -> None:
    (strict,) = joined(make, [flow(make, "852990")], Way("2022")).values()
    (loose,) = joined(make, [flow(make, "852990")], Way("2022", thin=20)).values()
    assert (strict["joined"], loose["joined"], loose["code"]) == ("none", "assumed", "852990")
    (sure,) = joined(make, [flow(make, "811292")], Way("2022", thin=1)).values()
    assert sure["joined"] == "family"  # what is sure is never put aside for what is assumed


def test_weights_divide_a_code_and_mark_what_comes_of_it(make: SimpleNamespace) -> None:
    way = Way("2022", weights=(("2017", "811292", "811231", 0.25), ("2017", "811292", "811292", 0.75)))
    parted = flow(make, "811292", 8.0, weight_kg=4.0, quantity=2.0, quantity_unit="KG")
    rows = joined(make, [parted], way)
    told = {code: (row["value"], row["joined"], row["weight_kg"], row["quantity"]) for code, row in rows.items()}
    assert told == {"811231": (2.0, "estimated", None, None), "811292": (6.0, "estimated", None, None)}


def test_a_sum_is_as_sure_as_its_weakest_part(make: SimpleNamespace) -> None:
    way = Way("2022", weights=(("2017", "811292", "811231", 0.25), ("2017", "811292", "811292", 0.75)))
    rows = joined(make, [flow(make, "811292", 8.0, 2019), flow(make, "811231", 1.0, 2019)], way)
    assert {code: (row["value"], row["joined"], row["by_code"]) for code, row in rows.items()} == {
        "811231": (3.0, "estimated", True),
        "811292": (6.0, "estimated", False),
    }


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ((("2017", "811292", "811231", 0.25),), "2017:811292 \\(0.25\\)"),
        ((("2017", "811292", "310210", 1.0),), "2017:811292 → 310210"),
        ((("2017", "999999", "811231", 1.0),), "2017:999999 → 811231"),
        ((("2017", "811292", "811231", 1.5), ("2017", "811292", "811292", -0.5)), "2017:811292 → 811231 \\(1.5\\)"),
    ],
)
def test_weights_that_do_not_hold_are_refused(
    make: SimpleNamespace, weights: tuple[tuple[str, str, str, float], ...], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        joined(make, [flow(make, "811292")], Way("2022", weights=weights))


def test_a_part_that_is_unknown_leaves_the_sum_unknown(make: SimpleNamespace) -> None:
    flows = [flow(make, "811231", None, 2022), flow(make, "811292", 4.0, 2022, weight_kg=2.0)]
    (row,) = joined(make, flows, Way("2017")).values()
    assert (row["value"], row["weight_kg"], row["joined"]) == (None, None, "exact")
    (told,) = fetched(summary(make.table(TRADE_FLOW, flows), Way("2017")))
    assert (told["value"], told["exact"], told["unknown"]) == (4.0, 1.0, 1)


def test_currencies_and_units_are_never_added_up(make: SimpleNamespace) -> None:
    unit = {"quantity": 1.0}
    flows = [
        flow(make, "811231", 1.0, 2022, currency="KRW", quantity_unit="KG", **unit),
        flow(make, "811292", 4.0, 2022, quantity_unit="NO", **unit),
    ]
    (row,) = joined(make, flows, Way("2017")).values()
    assert (row["value"], row["currency"], row["quantity"], row["quantity_unit"]) == (None, None, None, None)


def test_other_depths_are_left_out_and_counted(make: SimpleNamespace) -> None:
    flows = [flow(make, "310210", 3.0), flow(make, "3102", 99.0), flow(make, "3102100000", 3.0), flow(make, "TOTAL")]
    assert list(joined(make, flows)) == ["310210"]
    (told,) = fetched(summary(make.table(TRADE_FLOW, flows)))
    assert (told["value"], told["exact"], told["other_depths"]) == (3.0, 1.0, 2)
    (only,) = fetched(summary(make.table(TRADE_FLOW, flows[1:2])))
    assert (only["value"], only["exact"], only["none"], only["other_depths"]) == (None, None, None, 1)


def test_shares_are_of_the_published_world_where_there_is_one_and_sums_count_once(make: SimpleNamespace) -> None:
    parts = [make.flow(partner, 1.0, code="310210", valid=date(2017, 1, 1)) for partner in ("CHN", "USA", "EXT-EU")]
    hidden = make.flow("W00", 6.0, code="880000", valid=date(2017, 1, 1))
    world = make.flow("W00", 2.0, code="310210", valid=date(2017, 1, 1))
    (told,) = fetched(summary(make.table(TRADE_FLOW, [*parts, hidden, world])))
    assert (told["value"], told["exact"], told["none"], told["not_in_revision"]) == (8.0, 0.25, 0.75, 0.75)
    (alone,) = fetched(summary(make.table(TRADE_FLOW, parts)))
    assert (alone["value"], alone["exact"]) == (2.0, 1.0)


@patient
@given(st.sampled_from(REVISIONS), st.data())
def test_joined_to_its_own_revision_a_code_is_itself(make: SimpleNamespace, revision: str, data: st.DataObject) -> None:
    codes = data.draw(st.lists(st.sampled_from(hs_revision_codes(revision)), min_size=1, max_size=5, unique=True))
    rows = joined(make, [flow(make, code, 2.0, int(revision)) for code in codes], Way(revision))
    assert {code: (row["value"], row["joined"], row["members"]) for code, row in rows.items()} == {
        code: (2.0, "exact", code) for code in codes
    }


ways = st.sampled_from(
    [Way("2022"), Way("2017", across=("2012",)), Way("2012", widest=2), Way("2022", thin=20), Way("1992", thin=5)]
)
trade = st.lists(
    st.tuples(
        st.sampled_from(YEARS),
        st.one_of(st.sampled_from(KNOWN_CODES), st.sampled_from(hs_revision_codes("2012")), st.just("3102")),
        st.sampled_from(["CHN", "USA", "X00"]),
        st.one_of(st.none(), st.integers(0, 10**9)),
        st.sampled_from([*SYSTEMS, "HS2012", "SITC"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row[0], row[1], row[2], row[4]),
)


@patient
@given(trade, ways)
def test_no_value_is_lost_or_made(make: SimpleNamespace, rows: list[tuple[Any, ...]], way: Way) -> None:
    flows = [
        make.flow(
            partner, None if value is None else float(value), code=code, valid=date(year, 1, 1), code_system=system
        )
        for year, code, partner, value, system in rows
    ]
    table = make.table(TRADE_FLOW, flows)
    found = fetched(joined_codes(table, way))
    keys = [tuple(row[name] for name in INDICATOR.key) for row in found]
    assert len(set(keys)) == len(keys)
    six = [row for row in flows if len(row["code"]) == 6]
    for period in {(row["valid"], row["code_system"], row["partner"]) for row in six}:
        put = [row["value"] for row in six if (row["valid"], row["code_system"], row["partner"]) == period]
        got = [row["value"] for row in found if (row["valid"], row["code_system"], row["partner"]) == period]
        if None not in put:
            assert sum(got) == sum(put)
    for told in fetched(summary(table, way)):
        put = [row for row in flows if (row["valid"], row["code_system"]) == (told["valid"], told["code_system"])]
        whole = sum(row["value"] or 0.0 for row in put if len(row["code"]) == 6)
        assert (told["value"] or 0.0) == whole
        assert told["other_depths"] == sum(len(row["code"]) != 6 for row in put)
        if whole:
            assert sum(told[how] for how in HOW) == pytest.approx(1.0)
            assert sum(told[why] for why in WHY) == pytest.approx(told["none"])


@patient
@given(
    st.lists(st.tuples(st.integers(1985, 2030), st.integers(1, 12)), min_size=1, max_size=20, unique=True),
    st.sampled_from(["USA", "KOR"]),
    st.sampled_from(["import", "export"]),
    st.sampled_from(["M", "A"]),
)
def test_the_tables_revision_is_the_rules(
    make: SimpleNamespace, months: list[tuple[int, int]], reporter: str, direction: str, frequency: str
) -> None:
    """What the engine computes over a table is what `in_force` says of one period. No code is called 777777."""
    days = sorted({date(year, 1 if frequency == "A" else month, 1) for year, month in months})
    flows = [
        make.flow("CHN", 1.0, code="777777", valid=day, reporter=reporter, flow=direction, frequency=frequency)
        for day in days
    ]
    found = {row["valid"]: row["code"] for row in fetched(joined_codes(make.table(TRADE_FLOW, flows)))}
    assert found == {
        day: f"{'|'.join(in_force(reporter, direction, day, period_end(day, frequency), adoptions())) or '?'}:777777"
        for day in days
    }


@pytest.mark.realdata
def test_us_exports_to_china_through_the_revision_of_2017(realdata: Path, tmp_path: Path) -> None:
    """2013 to February 2021, the last month in part: about a seventh of the value has no HS code at all (880000, civil aircraft, and 98)."""
    table = exports_to_china(realdata, tmp_path)
    flows = ibis.memtable(table)
    told = [row for row in fetched(summary(flows, Way("2017"))) if row["value"]]
    whole = sum(row["value"] for row in told)
    assert (whole, len(told)) == (966_194_521_502.0, 98)
    share = {name: sum(row[name] * row["value"] for row in told) / whole for name in (*HOW, *WHY, "by_code")}
    assert {name: round(100 * part, 2) for name, part in share.items() if part} == {
        "exact": 76.14, "family": 6.35, "none": 17.51, "not_in_revision": 11.89, "too_wide": 5.62, "by_code": 0.19,
    }  # fmt: skip
    years = {year: [row for row in told if row["valid"].year == year] for year in (2016, 2017, 2020)}
    exact = {
        year: sum(r["exact"] * r["value"] for r in rows) / sum(r["value"] for r in rows) for year, rows in years.items()
    }
    assert {year: round(100 * part, 1) for year, part in exact.items()} == {2016: 62.4, 2017: 85.7, 2020: 95.5}
    six = sum(row["value"] for row in table.to_pylist() if len(row["code"]) == 6)
    assert sum(row["value"] for row in fetched(joined_codes(flows, Way("2017")))) == six == whole


def exports_to_china(realdata: Path, folder: Path) -> pa.Table:
    file, read_at = (
        realdata / "trade" / "us_census" / "exports_china_hs6_to_2021-02.parquet",
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    raw = RawArchive(folder / "raw").keep(file, received_at=read_at)
    reading = reader("us_census").read(ReadRequest(source("us_census"), (raw,), read_at, date(2021, 4, 7)))
    return pa.concat_tables(
        batch.rows if isinstance(batch.rows, pa.Table) else batch.rows.read_all() for batch in reading.batches
    )
