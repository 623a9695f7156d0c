"""One slice of Comtrade's cube for each flow, and partners against their world: cases, laws, and the real files."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bongsu.indicators.supplier_shares import supplier_shares
from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.sources.source import ReadRequest, reader, source

Read = Callable[..., Reading]
Row = dict[str, Any]
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
NUMBERS = {"W00": 0, "ARG": 32, "BRA": 76, "CHN": 156, "USA": 842, "KOR": 410, "QAT": 634, "_X": 899, "E19": 568,
           "S19": 490, "X1": 837, "X2": 838, "X3": 839}  # fmt: skip
DESCRIPTIONS = {"W00": "World", "_X": "Areas, nes", "E19": "Other Europe, nes", "S19": "Other Asia, nes",
                "X1": "Bunkers", "X2": "Free Zones", "X3": "Special Categories", "QAT": "Qatar", "CHN": "China",
                "BRA": "Brazil", "USA": "USA", "KOR": "Rep. of Korea", "ARG": "Argentina"}  # fmt: skip


def row(partner: str = "W00", value: object = 100.0, **cells: object) -> Row:
    """One row of a monthly download, with the cells that matter; `cells` overrides any of them."""
    return {
        "typeCode": "C", "freqCode": "M", "period": "202301", "reporterCode": 410, "reporterISO": "KOR",
        "flowCode": "M", "partnerCode": NUMBERS.get(partner), "partnerISO": partner,
        "partnerDesc": DESCRIPTIONS.get(partner), "partner2Code": 0, "classificationCode": "H6",
        "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": "310210", "aggrLevel": 6,
        "customsCode": "C00", "mosCode": "0", "motCode": 0, "qtyUnitCode": 8, "qtyUnitAbbr": "kg", "qty": 10.0,
        "isQtyEstimated": False, "netWgt": 10.0, "isNetWgtEstimated": False, "primaryValue": value,
    } | cells  # fmt: skip


def csv_of(rows: Sequence[Row]) -> str:
    names = list(rows[0])
    lines = [",".join("" if one.get(name) is None else f'"{one[name]}"' for name in names) for one in rows]
    return "\n".join([",".join(names), *lines]) + "\n"


def facts(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for batch in reading.batches for one in batch.rows.to_pylist()]


def values(reading: Reading) -> dict[str, float | None]:
    return dict(facts(reading, "partner", "value"))


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(bad.raw_row, bad.reason) for bad in reading.bad_rows]


def notes(reading: Reading) -> list[str]:
    return [note.en for note in reading.notes if not note.en.startswith("the day of this vintage")]


def one(read: Read, *rows: Row, **said: object) -> Reading:
    return read("un_comtrade", {"TradeData.csv": csv_of(rows)}, **said)


def accounted(reading: Reading) -> int:
    taken = sum(raw_rows for (raw_rows,) in facts(reading, "raw_rows"))
    return taken + len(reading.bad_rows) + sum(reading.passed_over.values())


# ---- the cube

SEA, AIR, ROAD = {"motCode": 2100, "motDesc": "Sea"}, {"motCode": 1000, "motDesc": "Air"}, {"motCode": 3200}
INWARD, HOME_USE = {"customsCode": "C04"}, {"customsCode": "C07"}
VIA_HONG_KONG = {"partner2Code": 344}


def test_details_beside_a_total_never_enter_the_sums(read: Read) -> None:
    reading = one(
        read,
        row("CHN", 100.0),
        row("CHN", 60.0, **SEA),
        row("CHN", 40.0, **AIR),
        row("CHN", 100.0, **HOME_USE),
        row("CHN", 100.0, **VIA_HONG_KONG),
        row("CHN", 60.0, **SEA, **HOME_USE),
    )
    assert facts(reading, "partner", "value", "raw_row", "raw_rows") == [("CHN", 100.0, 2, 1)]
    assert reading.passed_over == {"detail": 5}


def test_where_there_are_only_details_the_fullest_are_added_up_once(read: Read) -> None:
    reading = one(
        read,
        row("CHN", 60.0, **SEA),
        row("CHN", 40.0, **AIR),
        row("CHN", 60.0, **SEA, **HOME_USE),
        row("CHN", 30.0, **AIR, **HOME_USE),  # the finer details lack 10
        row("CHN", 90.0, **HOME_USE),
    )
    assert facts(reading, "partner", "value", "weight_kg", "raw_row", "raw_rows") == [("CHN", 100.0, 20.0, 2, 2)]
    assert reading.passed_over == {"detail": 3}
    assert notes(reading) == [
        "facts without a total row, added up from their parts: 1. From a download of some parts only they fall short."
    ]


def test_of_two_complete_patterns_the_finer_one_is_added_up(read: Read) -> None:
    reading = one(
        read, row("CHN", 60.0, **SEA), row("CHN", 40.0, **AIR), row("CHN", 60.0, **SEA, **HOME_USE),
        row("CHN", 35.0, **AIR, **HOME_USE), row("CHN", 5.0, **AIR, **INWARD),
    )  # fmt: skip
    assert facts(reading, "value", "raw_row", "raw_rows") == [(100.0, 4, 3)]


def test_an_unknown_part_leaves_the_sum_unknown(read: Read) -> None:
    reading = one(read, row("CHN", 60.0, **SEA), row("CHN", None, **AIR), row("USA", 1.0))
    assert facts(reading, "partner", "value", "raw_rows") == [("CHN", None, 2), ("USA", 1.0, 1)]


def test_a_part_that_cannot_be_read_leaves_no_partial_sum(read: Read) -> None:
    reading = one(read, row("CHN", 60.0, **SEA), row("CHN", "ten", **AIR), row("USA", 1.0))
    assert values(reading) == {"USA": 1.0}
    assert reasons(reading) == [(2, "incomplete_detail"), (3, "bad_number")]


def test_a_part_that_contradicts_itself_leaves_no_partial_sum(read: Read) -> None:
    reading = one(read, row("CHN", 60.0, **SEA), row("CHN", 61.0, **SEA), row("CHN", 5.0, **AIR), row("USA", 1.0))
    assert values(reading) == {"USA": 1.0}
    assert reasons(reading) == [(2, "duplicate_key"), (3, "duplicate_key"), (4, "incomplete_detail")]


def test_a_total_that_its_parts_contradict_is_kept_and_told(read: Read) -> None:
    reading = one(
        read, row("CHN", 100.0), row("CHN", 90.0, **SEA), row("CHN", 40.0, **AIR),
        row("USA", 100.0), row("USA", 70.0, **SEA), row("BRA", 100.0), row("BRA", 99.9, **SEA),
    )  # fmt: skip
    assert values(reading) == {"CHN": 100.0, "USA": 100.0, "BRA": 100.0}
    assert notes(reading) == [
        "facts whose parts do not add up to their total: 2, of these 1 exceed it. The totals were taken."
    ]


def test_a_file_of_one_mode_of_transport_speaks_for_nothing_but_that(read: Read) -> None:
    reading = one(read, row("W00", 90.0, **SEA), row("CHN", 60.0, **SEA))
    assert facts(reading) == []
    assert reasons(reading) == [(2, "only_a_part"), (3, "only_a_part")]
    assert "one mode of transport, 2100" in reading.bad_rows[0].detail.en
    assert "운송수단 2100 하나" in reading.bad_rows[0].detail.ko


def test_two_downloads_that_overlap_do_not_add_up(read: Read) -> None:
    first = csv_of(
        [row("W00", 100.0), row("CHN", 60.0), row("_X", 4.0), row("USA", 9.0, **SEA), row("USA", 1.0, **AIR)]
    )
    by_iso = csv_of(
        [each | {"partnerCode": None} for each in (row("W00", 100.0), row("CHN", 60.0), row("USA", 9.0, **SEA))]
    )
    reading = read("un_comtrade", {"a.csv": first, "b.csv": by_iso})
    assert values(reading) == {"W00": 100.0, "CHN": 60.0, "X00": 4.0, "USA": 10.0}
    assert reading.passed_over == {"repeated": 3}
    assert accounted(reading) == reading.raw_rows == 8


def test_two_releases_that_contradict_leave_neither(read: Read) -> None:
    old, new = csv_of([row("W00", 100.0), row("CHN", 60.0)]), csv_of([row("W00", 100.0), row("CHN", 66.0)])
    reading = read("un_comtrade", {"a.csv": old, "b.csv": new})
    assert values(reading) == {"W00": 100.0}
    assert [(bad.raw, bad.raw_row, bad.reason) for bad in reading.bad_rows] == [
        (0, 3, "duplicate_key"), (1, 3, "duplicate_key")
    ]  # fmt: skip


# ---- partners and their world


def test_partners_that_exceed_their_world_are_set_aside_with_it(read: Read) -> None:
    reading = one(
        read, row("W00", 100.0), row("CHN", 60.0), row("USA", 50.0),
        row("W00", 100.0, period="202302"), row("CHN", 60.0, period="202302"),
    )  # fmt: skip
    assert facts(reading, "partner", "valid") == [("W00", date(2023, 2, 1)), ("CHN", date(2023, 2, 1))]
    assert reasons(reading) == [
        (2, "partners_exceed_world"),
        (3, "partners_exceed_world"),
        (4, "partners_exceed_world"),
    ]


@pytest.mark.parametrize(("world", "expected"), [(110.0, 3), (109.2, 3), (108.0, 0)])
def test_rounding_is_no_contradiction(read: Read, world: float, expected: int) -> None:
    reading = one(read, row("W00", world), row("CHN", 60.4), row("USA", 49.6))
    assert len(facts(reading)) == expected


def test_a_world_that_is_unknown_contradicts_nothing(read: Read) -> None:
    reading = one(read, row("W00", None), row("CHN", 60.0), row("USA", None))
    assert values(reading) == {"W00": None, "CHN": 60.0, "USA": None}


def shares(reading: Reading) -> list[dict[str, Any]]:
    flows = ibis.memtable(pa.concat_tables([batch.rows for batch in reading.batches]))
    rows: list[dict[str, Any]] = supplier_shares(flows).to_pyarrow().sort_by("partner").to_pylist()
    return rows


def test_what_the_partners_leave_of_the_world_is_shown_as_not_specified(read: Read) -> None:
    reading = one(read, row("W00", 200.0), row("CHN", 100.0), row("USA", 50.0), row("_X", 10.0))
    assert [
        (found["partner"], found["share"], found["world_share"], found["not_specified"], found["complete"])
        for found in shares(reading)
    ] == [("CHN", pytest.approx(2 / 3), 0.5, 0.25, False), ("USA", pytest.approx(1 / 3), 0.25, 0.25, False)]
    assert ("X00", 10.0) in facts(reading, "partner", "value")  # as published, and nothing invented beside it
    assert len(facts(reading)) == 4


def test_nothing_is_left_over_where_the_partners_are_the_world(read: Read) -> None:
    (found,) = shares(one(read, row("W00", 100.0), row("CHN", 100.0)))
    assert (found["share"], found["world_share"], found["not_specified"], found["complete"]) == (1.0, 1.0, 0.0, True)


def test_without_a_world_nobody_knows_what_is_left_over(read: Read) -> None:
    (found,) = shares(one(read, row("CHN", 100.0)))
    assert (found["share"], found["world_share"], found["not_specified"]) == (1.0, None, None)


# ---- laws

PARTNERS = ("ARG", "BRA", "CHN", "USA", "QAT")
CODES = ("120110", "120190", "310210")
amounts = st.integers(0, 10**9)


@st.composite
def downloads(draw: st.DrawFn) -> list[Row]:
    """A download as the site gives it: for each code and month the world, and some of its partners."""
    rows = []
    keys = draw(st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 12)), min_size=1, max_size=4, unique=True))
    for code, month in keys:
        cells = {"cmdCode": code, "period": f"2023{month:02}"}
        parts = draw(st.dictionaries(st.sampled_from(PARTNERS), amounts, max_size=4))
        rest = draw(amounts)
        rows.append(row("W00", sum(parts.values()) + rest, **cells))
        rows += [row(partner, value, **cells) for partner, value in parts.items()]
    return rows


@st.composite
def cut(draw: st.DrawFn, whole: Row, dimension: Sequence[Row]) -> list[Row]:
    """A row's value spread over the parts of one dimension."""
    kinds = draw(st.lists(st.sampled_from(range(len(dimension))), min_size=1, max_size=len(dimension), unique=True))
    left, parts = int(whole["primaryValue"]), []
    for place, kind in enumerate(kinds):
        value = left if place == len(kinds) - 1 else draw(st.integers(0, left))
        left -= value
        parts.append(whole | {"primaryValue": value} | dimension[kind])
    return parts


MODES, PROCEDURES, SECONDS = (SEA, AIR, ROAD), (INWARD, HOME_USE), (VIA_HONG_KONG, {"partner2Code": 702})
DIMENSIONS = (MODES, PROCEDURES, SECONDS)
OTHERS = ({"flowCode": "RX"}, {"flowCode": "RM"}, {"flowCode": "DX"}, {"cmdCode": "TOTAL", "aggrLevel": 0},
          {"typeCode": "S"}, {"partnerCode": 975, "partnerISO": "R4", "partnerDesc": "ASEAN"})  # fmt: skip


@st.composite
def injected(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """A download, and the same with details, repeats and aggregates put in anywhere."""
    base = draw(downloads())
    more: list[Row] = []
    for whole in base:
        for place in draw(st.lists(st.sampled_from(range(len(DIMENSIONS))), max_size=3, unique=True)):
            dimension = DIMENSIONS[place]
            parts = draw(cut(whole, dimension))
            more += parts
            if draw(st.booleans()):
                other = draw(st.sampled_from([each for each in DIMENSIONS if each is not dimension]))
                more += [finer for part in parts for finer in draw(cut(part, other))]
        more += [whole] * draw(st.integers(0, 1))
        more += [whole | draw(st.sampled_from(OTHERS)) for _ in range(draw(st.integers(0, 2)))]
    return base, draw(st.permutations(base + more))


def read_rows(rows: Sequence[Row]) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "TradeData.csv"
        path.write_text(csv_of(rows), encoding="utf-8")
        raw = RawArchive(Path(folder) / "raw").keep(path, received_at=READ_AT)
        return reader("un_comtrade").read(ReadRequest(source("un_comtrade"), (raw,), READ_AT))


def as_set(reading: Reading) -> Counter[tuple[Any, ...]]:
    return Counter(facts(reading, "reporter", "flow", "partner", "code", "valid", "value", "weight_kg", "raw_rows"))


@settings(max_examples=60, deadline=None)
@given(injected())
def test_details_and_aggregates_put_into_a_download_change_no_record(pair: tuple[list[Row], list[Row]]) -> None:
    base, more = pair
    before, after = read_rows(base), read_rows(more)
    assert as_set(after) == as_set(before)
    assert len(facts(before)) == len(base)
    assert accounted(after) == after.raw_rows == len(more)
    assert after.bad_rows == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flow_without_its_total_is_the_sum_of_one_pattern_of_parts(data: st.DataObject) -> None:
    whole = row("CHN", data.draw(amounts))
    first, second = data.draw(st.permutations(DIMENSIONS))[:2]
    coarse = data.draw(cut(whole, first))
    fine = [finer for part in coarse for finer in data.draw(cut(part, second))]
    chosen = data.draw(st.sampled_from([coarse, fine, coarse + fine]))
    reading = read_rows(data.draw(st.permutations([*chosen, row("W00", 10**10)])))
    found = {partner: (value, raw_rows) for partner, value, raw_rows in facts(reading, "partner", "value", "raw_rows")}
    assert found["CHN"] == (whole["primaryValue"], len(coarse if chosen is coarse else fine))
    assert accounted(reading) == reading.raw_rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1000), st.dictionaries(st.sampled_from(PARTNERS), st.integers(0, 500), min_size=1))
def test_partners_that_are_recorded_never_exceed_their_recorded_world(world: int, parts: dict[str, int]) -> None:
    reading = read_rows([row("W00", world), *(row(partner, value) for partner, value in parts.items())])
    found = values(reading)
    slack = 0.5 * (len(parts) + 1)
    if sum(parts.values()) <= world + slack:
        assert found == {"W00": world, **parts}
    else:
        assert found == {}
        assert {bad.reason for bad in reading.bad_rows} == {"partners_exceed_world"}


# ---- real files


@pytest.mark.realdata
def test_the_real_soybean_downloads_are_read_whole_and_partners_never_exceed_their_world(
    read: Read, realdata: Path
) -> None:
    reading = read("un_comtrade", sorted((realdata / "trade" / "un_comtrade" / "soybeans").glob("*.xlsx")))
    rows = [one for batch in reading.batches for one in batch.rows.to_pylist()]
    assert (len(rows), reading.raw_rows, reading.bad_rows, reading.passed_over) == (673, 673, (), {})
    assert notes(reading) == ["not reported but estimated by the UN: weights 80, quantities 83."]
    groups: dict[tuple[Any, ...], dict[str, float]] = {}
    for one_row in rows:
        key = tuple(one_row[name] for name in ("reporter", "flow", "code", "valid"))
        groups.setdefault(key, {})[one_row["partner"]] = one_row["value"]
    assert len(groups) == 389
    rest = {key: found["W00"] - sum(v for p, v in found.items() if p != "W00") for key, found in groups.items()}
    assert min(rest.values()) >= 0
    china = {key: value for key, value in rest.items() if key[0] == "CHN" and key[3].year == 2021}
    # Of 53,083 million dollars; bought from others than the three that were asked for.
    assert sum(china.values()) == 1_304_349_192
    by_group: dict[tuple[Any, ...], float] = {}
    for found in shares(reading):
        key = tuple(found[name] for name in ("reporter", "flow", "code", "valid"))
        by_group[key] = by_group.get(key, found["not_specified"]) + found["world_share"]
    assert len(by_group) == sum(len(found) > 1 for found in groups.values()) == 219
    assert max(abs(whole - 1) for whole in by_group.values()) < 1e-12
    unknown = [one_row for one_row in rows if one_row["weight_kg"] is None]
    assert len(unknown) == 49
    assert all(one_row["value"] > 0 for one_row in unknown)


@pytest.mark.realdata
def test_parts_and_aggregates_put_into_a_real_download_change_no_record(
    read: Read, realdata: Path, tmp_path: Path
) -> None:
    real = realdata / "trade" / "un_comtrade" / "soybeans" / "067c5b_TradeData (1).xlsx"
    names, *rows = CalamineWorkbook.from_path(real).get_sheet_by_name("Sheet1").to_python()
    place = {name: at for at, name in enumerate(names)}

    def other(cells: list[Any], **said: object) -> list[Any]:
        return [said.get(name, cell) for name, cell in zip(names, cells, strict=True)]

    more = []
    for cells in rows:
        value = cells[place["primaryValue"]]
        sea, air = (
            other(cells, motCode=2100, primaryValue=value * 0.75),
            other(cells, motCode=1000, primaryValue=value / 4),
        )
        more += [
            sea,
            air,
            other(sea, customsCode="C07"),
            other(air, customsCode="C07"),
            other(cells, customsCode="C07"),
        ]
        more += [other(cells, partner2Code=344, partner2ISO="HKG"), cells]
        more += [other(cells, flowCode="RM"), other(cells, cmdCode="TOTAL", aggrLevel=0)]
    with xlsxwriter.Workbook(tmp_path / "TradeData (2).xlsx") as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        for at, cells in enumerate([names, *more[::2], *rows, *more[1::2]]):
            sheet.write_row(at, 0, cells)
        workbook.add_worksheet("Sheet2")
    before, after = read("un_comtrade", real), read("un_comtrade", tmp_path / "TradeData (2).xlsx")
    assert as_set(after) == as_set(before)
    assert after.passed_over == {"detail": 300, "repeated": 50, "re_import": 50, "total": 50}
    assert accounted(after) == after.raw_rows == 500
