"""Mineral Commodity Summaries: two shapes, one set of series; marks, renamed chapters, editions that contradict."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.indicators.indicator import indicators
from bongsu.language import BadInputError
from bongsu.records.changes import changes
from bongsu.records.delivery import Reading
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRODUCTION, STATED
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.source import HERE, source
from bongsu.sources.usgs_mcs.long import COLUMNS
from bongsu.sources.usgs_mcs.series import HERE as OWN
from bongsu.sources.usgs_mcs.series import Series, series_of

Read = Callable[..., Reading]
SAMPLES = HERE / "usgs_mcs" / "samples"
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
LINE = {
    "MCS chapter": "GALLIUM",
    "Section": "World Mine Production and Reserves",
    "Commodity": "Gallium",
    "Country": "China",
    "Statistics": "Production",
    "Statistics_detail": "Mine production",
    "Unit": "kilograms",
    "Year": "2025",
    "Value": "1,200",
    "Notes": "",
}
WIDE = {
    "SOURCE": "MCS2025",
    "COMMODITY": "Tin",
    "COUNTRY": "China",
    "TYPE": "Mine production, tin content",
    "UNIT_MEAS": "metric tons",
    "PROD_2023": "70000",
    "PROD_EST_ 2024": "69000",
    "PROD_NOTES": "",
    "RESERVES_2024": "1000000",
    "RESERVE_NOTES": "",
}


def table(base: dict[str, str], *rows: dict[str, str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*base, *sorted({name for row in rows for name in row} - set(base))])
    writer.writeheader()
    writer.writerows([{**base, **row} for row in rows])
    return out.getvalue()


def long(*rows: dict[str, str]) -> dict[str, bytes | str]:
    return {"MCS2026_Commodities_Data.csv": table(LINE, *rows)}


def wide(*rows: dict[str, str]) -> dict[str, bytes | str]:
    return {"MCS2025_World_Data.csv": table(WIDE, *rows)}


def facts(reading: Reading) -> list[dict[str, Any]]:
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]  # type: ignore[union-attr]


def bad(reading: Reading) -> list[tuple[int, str]]:
    return [(row.raw_row, row.reason) for row in reading.bad_rows]


def only(reading: Reading, *names: str) -> tuple[Any, ...]:
    (row,) = facts(reading)
    return tuple(row[name] for name in names)


@pytest.mark.parametrize("value", ["1,2003", "E", "12 3", "-4", "10–5", "n.k."])
def test_a_cell_that_can_be_no_figure_is_set_aside_and_the_rest_is_taken(read: Read, value: str) -> None:
    reading = read("usgs_mcs", long({"Value": value}, {"Country": "Japan"}))
    assert ([row["country"] for row in facts(reading)], [row for row, _ in bad(reading)]) == (["JPN"], [2])


@pytest.mark.parametrize(
    ("value", "notes", "expected"),
    [
        ("W", "", (None, None, None, "withheld", "W")),
        ("NA", "", (None, None, None, "not available", "NA")),
        ("XX", "", (None, None, None, "not applicable", "XX")),
        ("—", "", (0.0, None, None, "figure", "—")),
        ("", "", (None, None, None, "blank", None)),
        (">540", "", (None, 540.0, None, "bounds", ">540")),
        ("10–20", "", (None, 10.0, 20.0, "bounds", "10–20")),
        ("Large", "", (None, None, None, "words", "Large")),
        ("s", "Estimated. -- Less than ½ unit.", (None, 0.0, 0.5, "bounds", "s")),
        ("s", "Included in “World total.”", (None, None, None, "included in total", "s")),
        ("s", "Included with “Other countries.”", (None, None, None, "included elsewhere", "s")),
        ("e1,200", "", (1200.0, None, None, "figure", None)),
    ],
)
def test_withheld_is_not_zero_and_a_bound_is_no_figure(
    read: Read, value: str, notes: str, expected: tuple[object, ...]
) -> None:
    found = only(read("usgs_mcs", long({"Value": value, "Notes": notes})), "value", "least", "most", "stated", "mark")
    assert found == expected


def test_a_symbol_that_no_note_explains_is_set_aside(read: Read) -> None:
    assert bad(read("usgs_mcs", long({"Value": "s"}))) == [(2, "unexplained_mark")]


@pytest.mark.parametrize(
    ("value", "notes", "expected"),
    [
        ("1,200", "Estimated. -- Source: a firm.", True),
        ("1,200", "Crude ore. -- Estimated.", True),
        ("1,200", "Reported.", False),
        ("1,200", "", None),
        ("r1,200", "", None),
        ("W", "Estimated.", None),
    ],
)
def test_estimated_is_what_the_note_or_the_letter_says(
    read: Read,
    value: str,
    notes: str,
    expected: bool | None,  # noqa: FBT001 - a case
) -> None:
    assert only(read("usgs_mcs", long({"Value": value, "Notes": notes})), "estimated") == (expected,)


@pytest.mark.parametrize(
    ("country", "code"),
    [("Congo (Kinshasa)", "COD"), ("CÃ´te dâ€™Ivoire", "CIV"), ("Other countries", "X00"), ("World total", "W00")],
)
def test_names_totals_and_mangled_letters_become_codes(read: Read, country: str, code: str) -> None:
    assert only(read("usgs_mcs", long({"Country": country})), "country") == (code,)


@pytest.mark.parametrize("country", ["Congo", "Atlantis", ""])
def test_a_name_that_two_countries_answer_to_is_no_country(read: Read, country: str) -> None:
    assert bad(read("usgs_mcs", long({"Country": country}))) == [(2, "bad_country")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_file_is_read_in_any_of_its_encodings(read: Read, encoding: str) -> None:
    text = table(LINE, {"Country": "Côte d’Ivoire", "Section": "World—Production", "Value": "—"})
    reading = read("usgs_mcs", {"MCS2026.csv": text.encode(encoding)})
    assert only(reading, "country", "value") == ("CIV", 0.0)


def test_a_section_on_the_united_states_is_passed_over_by_name(read: Read) -> None:
    rows = [{"Section": "Salient Statistics—United States"}, {"Section": "Import Sources"}, {"Section": ""}, {}]
    reading = read("usgs_mcs", long(*rows))
    assert (len(facts(reading)), dict(reading.passed_over)) == (
        1,
        {"section_salient_statistics_united_states": 1, "section_import_sources": 1, "section_unnamed": 1},
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Year": "2021–24"}, "bad_period"),
        ({"Year": "2099"}, "future_period"),
        ({"Statistics": "Shipments"}, "unknown_statistic"),
        ({"Unit": ""}, "no_unit"),
    ],
)
def test_an_unknown_year_statistic_or_unit_is_set_aside(read: Read, change: dict[str, str], reason: str) -> None:
    assert bad(read("usgs_mcs", long(change, {"Country": "Japan"}))) == [(2, reason)]


def test_a_year_not_over_when_the_edition_came_out_is_set_aside(read: Read) -> None:
    reading = read("usgs_mcs", long({"Year": "2026"}, {"Year": "2025"}), published=date(2026, 2, 6))
    assert (bad(reading), [row["valid"] for row in facts(reading)]) == ([(2, "future_period")], [date(2025, 1, 1)])


def test_a_unit_of_its_own_is_kept_and_told(read: Read) -> None:
    reading = read("usgs_mcs", long({"Unit": "barrels"}))
    assert only(reading, "unit") == ("barrels",)
    assert [note.en for note in reading.notes] == ["units kept as printed: barrels (1)."]


def test_a_renamed_chapter_keeps_its_series_and_a_new_one_goes_by_its_own_name(read: Read) -> None:
    renamed = only(read("usgs_mcs", long({"Commodity": "Graphite (Natural)"})), "commodity", "stage", "detail")
    new = read("usgs_mcs", long({"Commodity": "Unobtainium (Raw)"}))
    assert (renamed, only(new, "commodity")) == (("graphite", "mine", ""), ("unobtainium_raw",))
    assert [note.en for note in new.notes] == [
        "chapters unknown to the table of commodities, named after their headings: unobtainium (raw) (unobtainium_raw)."
    ]


def test_two_unlisted_tables_of_one_commodity_that_name_the_same_country_stay_apart(read: Read) -> None:
    reading = read(
        "usgs_mcs",
        long(
            {"Commodity": "Tin", "Statistics_detail": "Mine production, ore"},
            {"Commodity": "Tin", "Statistics_detail": "Mine production, metal content"},
        ),
    )
    assert [row["detail"] for row in facts(reading)] == ["mine production, ore", "mine production, metal content"]


def test_a_remark_on_one_country_stays_in_the_table_and_a_part_with_its_own_total_does_not(read: Read) -> None:
    reading = read(
        "usgs_mcs",
        long(
            {
                "Commodity": "Soda Ash",
                "Statistics_detail": "Mine production: natural, rounded",
                "Country": "World total",
            },
            {"Commodity": "Soda Ash", "Statistics_detail": "Mine production: Natural", "Country": "Kenya"},
            {"Commodity": "Diatomite", "Statistics_detail": "Mine production: rounded", "Country": "World total"},
            {"Commodity": "Diatomite", "Statistics_detail": "Mine production: processed", "Country": "Denmark"},
        ),
    )
    assert [(row["commodity"], row["country"], row["note"]) for row in facts(reading)] == [
        ("soda_ash_natural", "W00", None),
        ("soda_ash_natural", "KEN", None),
        ("diatomite", "W00", None),
        ("diatomite", "DNK", "processed"),
    ]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Estimated. -- Excludes U.S. production.", False),
        ("Excludes U.S. production", False),
        ("Other countries may produce. Does not include production in the United States.", False),
        ("Does not include U.S. production of attapulgite.", None),
        ("", None),
    ],
)
def test_a_total_says_itself_whether_it_leaves_a_country_out(
    read: Read,
    note: str,
    expected: bool | None,  # noqa: FBT001 - a case
) -> None:
    reading = read(
        "usgs_mcs", long({"Country": "United States", "Value": "W"}, {"Country": "World total", "Notes": note})
    )
    assert [(row["country"], row["in_total"]) for row in facts(reading)] == [("USA", expected), ("W00", None)]


def test_parts_of_one_country_are_added_and_an_unknown_part_leaves_a_lower_bound(read: Read) -> None:
    parts = [{"COUNTRY": "United States (from gas)"}, {"COUNTRY": "United States (from the field)", "PROD_2023": ""}]
    reading = read("usgs_mcs", wide(*parts))
    found = {(row["measure"], row["valid"].year): row for row in facts(reading)}
    kept = ("country", "value", "least", "stated", "raw_rows")
    assert {key: tuple(row[name] for name in kept) for key, row in found.items()} == {
        ("production", 2023): ("USA", None, 70000.0, "bounds", 2),
        ("production", 2024): ("USA", 138000.0, None, "figure", 2),
        ("reserves", 2024): ("USA", 2000000.0, None, "figure", 2),
    }


def test_a_line_for_two_countries_beside_one_of_them_is_set_aside(read: Read) -> None:
    alone = read("usgs_mcs", wide({"COUNTRY": "United States and Canada", "RESERVES_2024": ""}))
    beside = read("usgs_mcs", wide({"COUNTRY": "United States and Canada"}, {"COUNTRY": "Canada"}))
    assert [row["country"] for row in facts(alone)] == ["CAN+USA", "CAN+USA"]
    assert ({row["country"] for row in facts(beside)}, bad(beside)) == (
        {"CAN"},
        [(2, "overlapping_countries")] * 3,
    )


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("W for 23-24", ["withheld", "withheld"]),
        ("na for 2023", ["not available", "blank"]),
        ("NA", ["not available", "not available"]),
        ("Less than 1/2 unit", ["bounds", "bounds"]),
    ],
)
def test_a_mark_in_the_note_stands_for_the_blank_cell(read: Read, note: str, expected: list[str]) -> None:
    blank = {"PROD_2023": "", "PROD_EST_ 2024": "", "PROD_NOTES": note}
    found = facts(read("usgs_mcs", wide(blank, {"COUNTRY": "Japan"})))
    assert [row["stated"] for row in found if row["country"] == "CHN" and row["measure"] == "production"] == expected


def test_a_column_that_a_table_leaves_empty_says_nothing_and_a_blank_among_figures_is_unknown(read: Read) -> None:
    none = read("usgs_mcs", wide({"RESERVES_2024": ""}, {"COUNTRY": "Japan", "RESERVES_2024": ""}))
    some = read("usgs_mcs", wide({"RESERVES_2024": ""}, {"COUNTRY": "Japan"}))
    assert (dict(none.passed_over), [row["measure"] for row in facts(none)]) == ({"no_figure": 2}, ["production"] * 4)
    assert [(row["country"], row["stated"]) for row in facts(some) if row["measure"] == "reserves"] == [
        ("CHN", "blank"),
        ("JPN", "figure"),
    ]


def test_the_year_headed_as_estimated_is_and_the_note_speaks_of_the_other(read: Read) -> None:
    rows = [{}, {"COUNTRY": "Japan", "PROD_NOTES": "estimated 2023"}, {"COUNTRY": "Peru", "PROD_NOTES": "reported"}]
    found = [row for row in facts(read("usgs_mcs", wide(*rows))) if row["measure"] == "production"]
    assert {(row["country"], row["valid"].year): row["estimated"] for row in found} == {
        ("CHN", 2023): None, ("JPN", 2023): True, ("PER", 2023): False,
        ("CHN", 2024): True, ("JPN", 2024): True, ("PER", 2024): True,
    }  # fmt: skip


def test_a_unit_in_a_note_holds_for_the_reserves_of_its_table(read: Read) -> None:
    note = {"COUNTRY": "World total (rounded)", "RESERVE_NOTES": "(Reserve data is thousand metric tons)."}
    found = facts(read("usgs_mcs", wide({}, note)))
    assert {(row["measure"], row["unit"]) for row in found} == {("production", "t"), ("reserves", "kt")}


def test_each_erratum_corrects_what_was_printed_and_says_why(read: Read) -> None:
    row = {"COMMODITY": "Indium", "TYPE": "Refinery production", "COUNTRY": "Japan", "RESERVES_2024": "70"}
    found = [fact for fact in facts(read("usgs_mcs", wide(row))) if fact["measure"] != "production"]
    assert [(one["measure"], one["stage"], one["value"], one["note"]) for one in found] == [
        ("capacity", "refinery", 70.0, "the column of reserves holds refinery capacity; the 2026 edition states the same figures as such")
    ]  # fmt: skip


def test_an_erratum_is_left_alone_in_another_edition_or_unit(read: Read) -> None:
    row = {"COMMODITY": "Indium", "TYPE": "Refinery production", "SOURCE": "MCS2026"}
    assert {fact["measure"] for fact in facts(read("usgs_mcs", wide(row)))} == {"production", "reserves"}


def test_the_edition_counts_from_the_end_of_february_unless_its_day_is_given(read: Read) -> None:
    undated = read("usgs_mcs", long({}))
    dated = read("usgs_mcs", long({}), published=date(2026, 2, 6))
    early = read("usgs_mcs", long({}), read_at=datetime(2026, 2, 10, tzinfo=UTC))
    assert [(one.published, one.published_basis) for one in (undated, dated, early)] == [
        (datetime(2026, 2, 28, 23, tzinfo=UTC), "lag"),
        (datetime(2026, 2, 6, 23, tzinfo=UTC), "stated"),
        (None, "assumed"),
    ]
    assert only(early, "known_at") == (datetime(2026, 2, 10, tzinfo=UTC),)


@pytest.mark.parametrize("column", ["Value", "Notes", "Statistics_detail", "Year"])
def test_a_missing_or_renamed_column_is_named(read: Read, column: str) -> None:
    text = table(LINE, {}).replace(column, "Renamed", 1)
    with pytest.raises(BadInputError, match=f"columns are missing: {column}"):
        read("usgs_mcs", {"MCS2026.csv": text})


def test_a_wide_file_without_a_column_of_figures_is_refused(read: Read) -> None:
    text = table(WIDE, {}).replace("PROD_", "P_").replace("RESERVES_", "R_")
    with pytest.raises(BadInputError, match="PROD_YYYY"):
        read("usgs_mcs", {"MCS2025.csv": text})


def test_two_editions_at_once_are_refused(read: Read) -> None:
    with pytest.raises(BadInputError, match="one edition"):
        read("usgs_mcs", [SAMPLES / "MCS2025_World_Data.csv", SAMPLES / "MCS2026_Commodities_Data.csv"])


def test_each_word_of_our_tables_names_one_commodity_and_only_known_stages() -> None:
    with (OWN / "commodities.csv").open(encoding="utf-8", newline="") as file:
        words = [word for row in csv.DictReader(file) for word in row["words"].split("|")]
    with (OWN / "tables.csv").open(encoding="utf-8", newline="") as file:
        stages = {row["stage"] for row in csv.DictReader(file)}
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert stages == {"", "mine", "smelter", "refinery", "primary", "plant"}


@pytest.mark.parametrize(
    ("goods", "measure", "table_", "expected"),
    [
        ("bromine", "production", "production, bromine content", Series("bromine", "production", "")),
        ("iron ore", "production", "mine production: iron content", Series("iron_ore", "production", "mine", "iron content")),
        ("gemanium", "production", "primary and secondary refinery production", Series("germanium", "production", "refinery")),
        ("copper", "reserves", "mine production", Series("copper", "reserves", "")),
    ],
)  # fmt: skip
def test_a_table_is_one_series_by_its_words(goods: str, measure: str, table_: str, expected: Series) -> None:
    assert series_of(goods, measure, table_).series == expected


WORDS = (
    "", "W", "NA", "—", "s", ">5", "10–20", "1,2003", "-1", "nan", "2030", "Congo", "World total", "Other countries",
    "United States and Canada", "United States (a)", "United States (b)", "Reserves", "World Mine", "not a reserve",
    "W for 23-24", "Excludes U.S. production.", "MCS2099", "thousand metric tons",
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    base=st.sampled_from([LINE, WIDE]),
    rows=st.lists(st.dictionaries(st.integers(0, 9), st.sampled_from(WORDS), max_size=4), min_size=1, max_size=6),
)
def test_whatever_stands_in_its_cells_each_statement_is_accounted_for(
    read: Read, base: dict[str, str], rows: list[dict[int, str]]
) -> None:
    names = list(base)
    reading = read("usgs_mcs", {"MCS.csv": table(base, *({names[n]: word for n, word in row.items()} for row in rows))})
    taken = sum(row["raw_rows"] for row in facts(reading))
    assert taken + len(reading.bad_rows) + sum(reading.passed_over.values()) == reading.raw_rows
    assert {row["stated"] for row in facts(reading)} <= set(STATED)


# ---- on a lake, and on the real files


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    lake = Lake(tmp_path / "lake")
    yield lake
    lake.close()


def landed(lake: Lake, file: Path, published: date | None = None) -> dict[str, int]:
    given = Given(published=published)
    return dict(fetch(lake, source("usgs_mcs"), [str(file)], given, read_at=READ_AT, run_id="t").counts)


def test_a_line_that_stands_twice_counts_once_and_two_that_contradict_are_set_aside(lake: Lake, tmp_path: Path) -> None:
    file = tmp_path / "MCS2026.csv"
    many = [{"Commodity": f"Ore {place}", "Value": f"{place}"} for place in range(5000)]  # as many as an edition has
    file.write_text(
        table(LINE, *many, {}, {}, {"Country": "Japan"}, {"Country": "Japan", "Value": "7"}), encoding="utf-8"
    )
    counts = landed(lake, file)
    assert (counts["new"], counts["repeated"], counts["quarantined"]) == (5001, 1, 2)


@pytest.mark.realdata
def test_every_row_of_the_real_files_is_taken_or_passed_over(realdata: Path, read: Read) -> None:
    earlier = read("usgs_mcs", realdata / "trade/usgs/MCS2025_World_Data.csv")
    later = read("usgs_mcs", realdata / "trade/usgs/MCS2026_Commodities_Data.csv")
    assert [(len(facts(one)), one.bad_rows, one.raw_rows) for one in (earlier, later)] == [
        (3279, (), 6250),
        (3303, (), 8886),
    ]
    assert {row["stated"] for one in (earlier, later) for row in facts(one)} == set(STATED)


@pytest.mark.realdata
def test_the_editions_of_2025_and_2026_name_the_same_series_for_2024(realdata: Path, read: Read) -> None:
    series = [
        {
            (row["commodity"], row["measure"], row["stage"], row["detail"])
            for row in facts(read("usgs_mcs", realdata / "trade/usgs" / name))
            if row["valid"].year == 2024 and row["measure"] == "production"
        }
        for name in ("MCS2025_World_Data.csv", "MCS2026_Commodities_Data.csv")
    ]
    new = {"krypton", "neon", "xenon", "sand_and_gravel_construction", "stone_crushed", "stone_dimension"}
    assert (series[0] - series[1], {one[0] for one in series[1] - series[0]}) == (set(), new)


@pytest.mark.realdata
def test_two_editions_that_contradict_are_both_kept_and_read_by_their_day(realdata: Path, lake: Lake) -> None:
    """Canada stands by itself in pig iron of 2024 until the edition of 2026 counts it among the others."""
    landed(lake, realdata / "trade/usgs/MCS2026_Commodities_Data.csv", date(2026, 2, 6))
    landed(lake, realdata / "trade/usgs/MCS2025_World_Data.csv", date(2025, 1, 31))  # late
    again = landed(lake, realdata / "trade/usgs/MCS2025_World_Data.csv", date(2025, 1, 31))
    snapshot = lake.snapshot()
    before, after = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    where = {"commodity": "pig_iron", "valid": date(2024, 1, 1)}
    then, now = (
        {row["country"]: row["value"] for row in snapshot.facts(PRODUCTION, moment, where).to_pylist()}
        for moment in (before, after)
    )
    assert again["written"] == 0
    assert (then["CAN"], then["W00"], now.get("CAN"), now["W00"]) == (6.0, 1300.0, None, 1280.0)
    told = changes(snapshot, PRODUCTION, "usgs_mcs", before, after)
    gallium = [
        cell
        for cell in told.cells
        if (cell["commodity"], cell["country"], cell["column"]) == ("gallium", "CHN", "value")
    ]
    assert [(cell["before"], cell["after"]) for cell in gallium] == [(750000.0, 839000.0)]
    assert told.withdrawn == 37


@pytest.mark.realdata
def test_the_country_rows_of_2026_add_up_to_their_own_world_total(realdata: Path, read: Read) -> None:
    reading = read("usgs_mcs", realdata / "trade/usgs/MCS2026_Commodities_Data.csv")
    rows = pa.concat_tables([batch.rows for batch in reading.batches])
    found = indicators()["production_balance"].run(ibis.memtable(rows)).to_pylist()
    assert Counter(row["verdict"] for row in found) == {
        "agrees": 163, "agrees_in_rounding": 14, "disagrees": 5, "cannot_tell": 37, "no_total": 38, "no_lines": 12,
    }  # fmt: skip
    assert [
        (row["commodity"], row["measure"], row["valid"].year, round(row["lines_sum"], 1), row["world_total"])
        for row in found
        if row["verdict"] == "disagrees"
    ] == [
        ("manganese", "reserves", 2025, 1798000.0, 1700000.0),
        ("pig_iron", "production", 2024, 1244.6, 1280.0),
        ("pig_iron", "production", 2025, 1238.0, 1300.0),
        ("raw_steel", "production", 2024, 1815.5, 1880.0),
        ("raw_steel", "production", 2025, 1823.0, 1900.0),
    ]


@pytest.mark.realdata
def test_the_slips_of_2025_come_out(realdata: Path, read: Read) -> None:
    """Kaolin's World total of 2024 lacks a digit in the publisher's file; it is kept, and found."""
    reading = read("usgs_mcs", realdata / "trade/usgs/MCS2025_World_Data.csv")
    rows = pa.concat_tables([batch.rows for batch in reading.batches])
    found = indicators()["production_balance"].run(ibis.memtable(rows)).to_pylist()
    wrong = [(row["commodity"], row["lines_sum"], row["world_total"]) for row in found if row["verdict"] == "disagrees"]
    assert wrong == [("kaolin", 44240.0, 4400.0), ("zirconium", 73067.0, 70000.0)]


def test_the_columns_of_the_long_shape_are_those_that_the_reader_asks_for() -> None:
    assert tuple(LINE) == COLUMNS
