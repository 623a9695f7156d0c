"""Comext in its published shapes; every figure is made up, as no real file is at hand."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.indicators.structure import structure
from bongsu.language import BadInputError, Language, UsageError
from bongsu.records.delivery import Reading
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources.asking import Ask, NotYet, PlanRequest, Split, Whole
from bongsu.sources.eurostat_comext.answers import ApiRefusedError
from bongsu.sources.eurostat_comext.fetch import judge, plan
from bongsu.sources.source import HERE, ReadRequest, reader, source

Read = Callable[..., Reading]
SAMPLES = HERE / "eurostat_comext" / "samples"
LONG = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
BULK = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT"
)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def bulk(*rows: str, head: str = BULK) -> dict[str, str]:
    """Rows of reporter, partner, type, product, flow, procedure, unit, period, value, kg, quantity."""
    made = []
    for row in rows:
        reporter, partner, kind, product, flow, procedure, unit, period, value, weight, quantity = row.split(";")
        cells = [reporter, partner, kind, product, "1", "1", "1", "1", "1", "06", flow, procedure, unit, period, value]
        made.append(",".join([*cells, value, weight, quantity]))
    return {"month.csv": "\n".join([head, *made]) + "\n"}


def row(**changes: str) -> str:
    plain = {"reporter": "DE", "partner": "CN", "kind": "E", "product": "28046900", "flow": "1", "procedure": "1",
             "unit": "NO_SU", "period": "202401", "value": "100", "weight": "50", "quantity": "0"}  # fmt: skip
    return ";".join({**plain, **changes}.values())


def long(*rows: str, updated: str = "15/05/24 11:00:00", head: str = LONG) -> dict[str, str]:
    lines = [f"ESTAT:DS-045409(1.0),{updated},{each}" for each in rows]
    return {"answer.csv": "\r\n".join([head, *lines]) + "\r\n"}


def rows_of(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for batch in reading.batches for one in batch.rows.to_pylist()]


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(bad.raw_row, bad.reason) for bad in reading.bad_rows]


def test_procedures_are_added_up_and_their_total_is_not_added_again(read: Read) -> None:
    files = bulk(
        row(), row(procedure="2", value="30", weight="7"), row(procedure="9", value="1"),
        row(procedure="4", value="131", weight="107"), row(procedure="4", partner="JP", value="8"),
    )  # fmt: skip
    reading = read("eurostat_comext", files)
    assert rows_of(reading, "partner", "value", "weight_kg", "raw_rows") == [
        ("CHN", 131.0, 107.0, 3),
        ("JPN", 8.0, 50.0, 1),
    ]
    assert reading.passed_over == {"total_procedure": 1}


def test_a_row_that_stands_twice_in_a_file_counts_once_and_two_that_differ_are_set_aside(read: Read) -> None:
    files = bulk(row(), row(), row(procedure="2", value="30"), row(partner="JP"), row(partner="JP", value="101"))
    reading = read("eurostat_comext", files)
    assert rows_of(reading, "partner", "value", "raw_rows") == [("CHN", 130.0, 2)]
    assert reading.passed_over == {"repeated": 1}
    assert reasons(reading) == [(5, "duplicate_key"), (6, "duplicate_key")]


def test_a_q_code_is_not_added_to_its_two_parts(read: Read) -> None:
    files = bulk(*(row(partner=word, value=str(n)) for n, word in enumerate(["QR", "QS", "QQ", "QX", "QU", "QP"], 1)))
    reading = read("eurostat_comext", files)
    assert rows_of(reading, "partner", "value") == [("X01", 3.0), ("X03", 4.0), ("X00", 5.0), ("X04", 6.0)]
    assert reading.passed_over == {"total": 1}


def test_the_year_is_a_year_and_a_month_a_month(read: Read) -> None:
    reading = read("eurostat_comext", bulk(row(period="202352"), row(period="202312"), row(period="202313")))
    assert rows_of(reading, "valid", "frequency", "known_at") == [
        (date(2023, 1, 1), "A", datetime(2024, 3, 20, 17, tzinfo=UTC)),
        (date(2023, 12, 1), "M", datetime(2024, 3, 20, 17, tzinfo=UTC)),
    ]
    assert reasons(reading) == [(4, "bad_period")]


def test_each_period_of_a_file_is_complete_for_itself(read: Read) -> None:
    reading = read("eurostat_comext", bulk(row(period="202401"), row(period="202403"), row(period="202352")))
    scopes = [(one.scope.valid_from, one.scope.valid_to, one.scope.complete) for one in reading.batches]
    assert scopes == [
        (date(2024, 1, 1), date(2024, 1, 1), True),
        (date(2024, 3, 1), date(2024, 3, 1), True),
        (date(2023, 1, 1), date(2023, 1, 1), True),
    ]


def test_a_year_that_is_not_over_is_a_running_total(read: Read) -> None:
    files = bulk(row(period="202452"), row(period="202406"))
    assert read("eurostat_comext", files, published=date(2024, 9, 16)).passed_over == {"year_to_date": 1}
    assert read("eurostat_comext", files, published=date(2025, 4, 16)).passed_over == {}


@pytest.mark.parametrize("name", ["full_v2_202401.csv", "full_202401.dat", "full202401.dat"])
def test_only_a_whole_file_says_what_is_absent_of_all_products(read: Read, name: str) -> None:
    members = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT".split()  # noqa: SIM905 - a list to be read
    partners = [one for one in (p["alpha2"] for p in _countries()) if one not in members][:120]
    rows = [row(reporter=members[n % 20], partner=partners[n % 120], product=f"{n + 1010000:08}") for n in range(2500)]
    whole = read("eurostat_comext", {name: bulk(*rows)["month.csv"]})
    part = read("eurostat_comext", {name: bulk(*rows[:1500])["month.csv"]})
    renamed = read("eurostat_comext", {"china.csv": bulk(*rows)["month.csv"]})
    kin = read("eurostat_comext", {"full_partxixu_v2_202401.csv": bulk(*rows)["month.csv"]})
    assert set(whole.batches[0].scope.equals) == {"source", "reporter", "flow", "code_system", "frequency"}
    named = [{"partner", "code"} <= set(one.batches[0].scope.equals) for one in (part, renamed, kin)]
    assert named == [True, True, True]


def _countries() -> list[dict[str, str]]:
    from bongsu.codes.tables import rows  # noqa: PLC0415 - of one test

    return rows("countries")


def test_the_same_file_twice_does_not_double_and_two_releases_that_differ_are_set_aside(read: Read) -> None:
    first = bulk(row(), row(procedure="2", value="30"))["month.csv"]
    again = read("eurostat_comext", {"a.csv": first, "b.csv": first})
    assert rows_of(again, "value", "raw_rows") == [(130.0, 2)]
    assert again.passed_over == {"repeated": 2}
    revised = bulk(row(value="101"), row(procedure="2", value="30"))["month.csv"]
    apart = read("eurostat_comext", {"a.csv": first, "b.csv": revised})
    assert rows_of(apart, "value") == []
    assert [bad.reason for bad in apart.bad_rows] == ["duplicate_key"] * 4


@pytest.mark.parametrize(
    ("product", "reason"),
    [
        ("28XXXXXX", "confidential_code"), ("2804XXXX", "confidential_code"), ("XXXXXXXX", "confidential_code"),
        ("99XXXXXX", "confidential_code"), ("99SSS999", "special_code"), ("99RRR100", "special_code"),
        ("TOTAL", "total"),
    ],
)  # fmt: skip
def test_codes_that_name_no_goods_are_counted(read: Read, product: str, reason: str) -> None:
    reading = read("eurostat_comext", bulk(row(product=product), row(value="300")))
    assert rows_of(reading, "code") == [("28046900",)]
    assert reading.passed_over == {reason: 1}


def test_how_much_is_hidden_is_told_in_both_languages(read: Read) -> None:
    reading = read("eurostat_comext", bulk(row(product="28XXXXXX"), row(value="300")), published=date(2024, 4, 16))
    assert [(note.ko, note.en) for note in reading.notes] == [
        (
            "비밀 보호로 품목부호가 가려진 1행(금액의 25.0%)은 어느 품목인지 알 수 없어 기록하지 않았습니다.",
            (
                "1 rows (25.0% of the value) stand under hidden product codes and are not recorded: nobody can tell"
                " whose goods they are."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"product": "2804690"}, "bad_code"),
        ({"product": "2804.69.00.10"}, "bad_code"),
        ({"product": "28O46900"}, "bad_code"),
        ({"product": ""}, "missing_value"),
        ({"partner": "ZZ"}, "bad_partner"),
        ({"partner": "0720"}, "bad_partner"),
        ({"partner": ""}, "missing_value"),
        ({"reporter": "QV"}, "bad_partner"),
        ({"reporter": "WORLD"}, "bad_partner"),
        ({"reporter": "EXT_EU27_2020"}, "bad_partner"),
        ({"reporter": ""}, "missing_value"),
        ({"flow": "5"}, "bad_flow"),
        ({"kind": "Z"}, "bad_trade_type"),
        ({"procedure": "8"}, "bad_procedure"),
        ({"period": "2024Q1"}, "bad_period"),
        ({"period": ""}, "missing_value"),
        ({"period": "202712"}, "future_period"),
        ({"value": "-5"}, "negative_value"),
        ({"value": "1e16"}, "absurd_value"),
        ({"value": "12 (1)"}, "bad_number"),
        ({"value": "10-20"}, "bad_number"),
        ({"weight": "much"}, "bad_number"),
    ],
)
def test_a_row_that_cannot_be_taken_is_kept_with_its_reason(read: Read, changes: dict[str, str], reason: str) -> None:
    reading = read("eurostat_comext", bulk(row(partner="JP"), row(**changes)))
    assert reasons(reading) == [(3, reason)]
    assert rows_of(reading, "partner") == [("JPN",)]
    assert [batch.scope.complete for batch in reading.batches] == [False]
    assert reading.bad_rows[0].detail.ko != reading.bad_rows[0].detail.en


@pytest.mark.parametrize("marker", [":", "…", "..", "(D)", "W", "-", ""])
def test_a_withheld_figure_is_unknown_not_zero(read: Read, marker: str) -> None:
    assert rows_of(read("eurostat_comext", bulk(row(value=marker))), "value", "weight_kg") == [(None, 50.0)]
    both = read("eurostat_comext", bulk(row(value=marker), row(procedure="2")))
    assert rows_of(both, "value", "weight_kg") == [(None, 100.0)]


def test_thousands_separators(read: Read) -> None:
    text = bulk(row(value="VALUE"))["month.csv"].replace("VALUE,VALUE,50", '"1,234,567","1,234,567","2,000"')
    assert rows_of(read("eurostat_comext", {"m.csv": text}), "value", "weight_kg") == [(1234567.0, 2000.0)]


def test_leading_zeros_come_back_only_where_the_user_says_so(read: Read) -> None:
    files = bulk(row(product="1012100"), row(product="28046900"))
    assert reasons(read("eurostat_comext", files)) == [(2, "bad_code")]
    said = read("eurostat_comext", files, mapping={"lost_zeros": True})
    assert rows_of(said, "code") == [("01012100",), ("28046900",)]
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", files, mapping={"code_digits": 8})
    assert "may only say lost_zeros" in refused.value.to(Language.EN)


def test_units_stay_as_printed_and_two_units_are_not_added(read: Read) -> None:
    files = bulk(
        row(unit="LTR", quantity="36", partner="JP"), row(unit="LTR", quantity="0"),
        row(partner="US", unit="LTR", quantity="3"), row(partner="US", procedure="2", unit="M3", quantity="4"),
    )  # fmt: skip
    assert rows_of(read("eurostat_comext", files), "partner", "quantity", "quantity_unit") == [
        ("JPN", 36.0, "LTR"),
        ("CHN", None, "LTR"),
        ("USA", None, None),
    ]


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig", "latin-1"])
def test_encodings(read: Read, encoding: str) -> None:
    files = {"month.csv": bulk(row())["month.csv"].encode(encoding)}
    assert rows_of(read("eurostat_comext", files), "partner", "value") == [("CHN", 100.0)]


def test_the_same_month_in_every_wrapping(read: Read) -> None:
    text = bulk(row(product="01012100"))["month.csv"].encode()
    zipped, parquet, book = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("full_202401.dat", text)
    lines = [line.split(",") for line in text.decode().splitlines()]
    pq.write_table(pa.table({name: [cell] for name, cell in zip(*lines, strict=True)}), parquet)
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)
    wrapped = {
        "a.csv": text,
        "a.csv.gz": gzip.compress(text),
        "a.zip": zipped.getvalue(),
        "a.parquet": parquet.getvalue(),
    }
    for name, content in {**wrapped, "a.xlsx": book.getvalue()}.items():
        assert rows_of(read("eurostat_comext", {name: content}), "code", "value") == [("01012100", 100.0)]


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "a.parquet", "a.xlsx"])
def test_a_file_cut_in_half_is_refused(read: Read, name: str) -> None:
    text = bulk(*(row(partner=one) for one in ("CN", "JP", "US", "KR")))["month.csv"].encode()
    made = io.BytesIO()
    if name.endswith("gz"):
        made.write(gzip.compress(text))
    elif name.endswith("zip"):
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("a.dat", text)
    elif name.endswith("parquet"):
        pq.write_table(pa.table({"REPORTER": ["DE"]}), made)
    else:
        with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
            workbook.add_worksheet().write_row(0, 0, BULK.split(","))
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", {name: made.getvalue()[: len(made.getvalue()) // 2]})
    assert name in refused.value.where


def test_a_bomb_is_not_unpacked(read: Read) -> None:
    bomb = gzip.compress(BULK.encode() + b"\n" + b"0" * (64 << 20))
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", {"bomb.csv.gz": bomb})
    assert "bomb.csv.gz" in refused.value.where


def test_a_7z_archive_is_told_how_to_be_unpacked(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", {"full_v2_202401.7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\0" * 64})
    assert "tar -xf full_v2_202401.7z" in refused.value.to(Language.EN)
    assert "7z x full_v2_202401.7z" in refused.value.to(Language.KO)


@pytest.mark.parametrize(
    "head", [BULK.replace("PRODUCT_NC", "PRODUCT"), BULK.replace("VALUE_EUR,", ""), LONG.replace("OBS_VALUE", "VALUE")]
)
def test_columns_renamed_or_missing_are_told_what_is_expected(read: Read, head: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", {"m.csv": f"{head}\n{',' * head.count(',')}\n"})
    for language in Language:
        assert "REPORTER | DECLARANT_ISO, PARTNER_ISO | PARTNER, PRODUCT_NC" in refused.value.to(language)
    assert refused.value.where == "m.csv"


def test_an_added_column_changes_nothing(read: Read) -> None:
    text = bulk(row())["month.csv"]
    wider = "\n".join(f"{line},x" for line in text.splitlines()) + "\n"
    assert (
        read("eurostat_comext", {"m.csv": wider})
        .batches[0]
        .rows.equals(read("eurostat_comext", {"m.csv": text}).batches[0].rows)
    )


def test_a_header_alone_is_no_month(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", {"m.csv": BULK + "\n"})
    assert refused.value.where == "m.csv"


def test_bulk_files_and_answers_do_not_go_together(read: Read) -> None:
    with pytest.raises(BadInputError) as refused:
        read("eurostat_comext", [SAMPLES / "bulk.csv", SAMPLES / "answer.csv"])
    assert refused.value.where == "bulk.csv, answer.csv"


# Answers of the API


def test_figures_of_one_fact_are_joined_and_two_that_contradict_each_other_are_set_aside(read: Read) -> None:
    files = long(
        "M,DE,CN,280469,1,QUANTITY_IN_100KG,2024-01,1.5", "M,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100",
        "M,DE,JP,280469,1,VALUE_EUR,2024-01,7", "M,DE,JP,280469,1,QUANTITY_KG,2024-01,30",
        "M,DE,US,280469,1,VALUE_IN_EUROS,2024-01,7", "M,DE,US,280469,1,VALUE_IN_EUROS,2024-01,8",
    )  # fmt: skip
    reading = read("eurostat_comext", files)
    assert rows_of(reading, "partner", "value", "weight_kg", "raw_rows") == [
        ("CHN", 100.0, 150.0, 2),
        ("JPN", 7.0, 30.0, 2),
    ]
    assert reasons(reading) == [(6, "duplicate_key"), (7, "duplicate_key")]
    assert [batch.scope.complete for batch in reading.batches] == [False]


def test_the_last_update_is_the_day_of_the_vintage_unless_the_user_gives_one(read: Read) -> None:
    files = long("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-03,100", updated="16/05/24 11:00:00")
    assert rows_of(read("eurostat_comext", files), "known_at", "known_basis") == [
        (datetime(2024, 5, 16, 16, tzinfo=UTC), "stated")
    ]
    said = read("eurostat_comext", files, published=date(2024, 9, 2))
    assert (said.published, rows_of(said, "known_basis")) == (datetime(2024, 9, 2, 16, tzinfo=UTC), [("lag",)])


@pytest.mark.parametrize("updated", ["", "soon", "31/02/24 11:00:00"])
def test_an_update_that_is_no_day_leaves_the_vintage_unknown(read: Read, updated: str) -> None:
    assert (
        read("eurostat_comext", long("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-03,100", updated=updated)).published is None
    )


def test_depths_of_one_product_stay_apart_and_are_never_added_by_the_indicators(read: Read) -> None:
    codes = ("28", "2804", "280469", "28046900")
    files = long(*(f"M,DE,CN,{code},1,VALUE_IN_EUROS,2024-01,100" for code in codes))
    reading = read("eurostat_comext", files)
    assert rows_of(reading, "code_system", "code") == [
        ("HS", "28"),
        ("HS", "2804"),
        ("HS", "280469"),
        ("CN", "28046900"),
    ]
    totals = structure(ibis.memtable(reading.batches[0].rows)).order_by("code").to_pyarrow().to_pylist()
    assert [(one["code"], one["total"]) for one in totals] == [(code, 100.0) for code in codes]


def test_unions_beside_their_members_are_no_partners_and_hide_nothing(read: Read) -> None:
    partners = {"CN": 60, "FR": 40, "WORLD": 100, "INT_EU27_2020": 40, "EXT_EU27_2020": 60, "EU27_2020": 40}
    files = long(*(f"M,DE,{partner},280469,1,VALUE_IN_EUROS,2024-01,{value}" for partner, value in partners.items()))
    reading = read("eurostat_comext", files)
    # EU27_2020 and INT_EU27_2020 say the same of DE, so the second is a repeat of the first.
    assert rows_of(reading, "partner", "value", "raw_rows") == [
        ("CHN", 60.0, 1), ("FRA", 40.0, 1), ("W00", 100.0, 1), ("INT-EU", 40.0, 2), ("EXT-EU", 60.0, 1),
    ]  # fmt: skip
    made = structure(ibis.memtable(reading.batches[0].rows)).to_pyarrow().to_pylist()[0]
    assert (made["total"], made["top_supplier"], made["known_fraction"], made["complete"]) == (100.0, "CHN", 1.0, True)


@pytest.mark.parametrize(
    ("reporter", "partner", "period", "expected"),
    [
        ("EU27_2020", "EXT_EU27_2020", "2020-02", ("EU", "EXT-EU")),
        ("EU27_2020", "EXT_EU27_2020", "2020-01", ("EU-2020", "EXT-EU")),
        ("EU28", "EU28_EXTRA", "2020-01", ("EU", "EXT-EU")),
        ("EU28", "EU28_EXTRA", "2020-02", ("EU-2013", "EXT-EU")),
        ("EU27_2020", "EU28_EXTRA", "2024-01", None),
        ("EU", "EXT_EU27_2020", "2024-01", ("EU", "EXT-EU")),
        ("DE", "EXT_EU27_2020", "2024-01", ("DEU", "EXT-EU")),
        ("DE", "EU28_EXTRA", "2024-01", None),
        ("DE", "EU28_EXTRA", "2019-01", ("DEU", "EXT-EU")),
        ("DE", "EA20_EXTRA", "2024-01", None),
        ("EA20", "CN", "2024-01", None),
    ],
)
def test_a_union_counts_in_its_own_time(
    read: Read, reporter: str, partner: str, period: str, expected: tuple[str, str] | None
) -> None:
    reading = read("eurostat_comext", long(f"M,{reporter},{partner},280469,1,VALUE_IN_EUROS,{period},100"))
    assert rows_of(reading, "reporter", "partner") == ([expected] if expected else [])
    assert reading.passed_over == ({} if expected else {"aggregate": 1})


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("W,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100", "bad_period"),
        ("M,DE,CN,280469,1,VALUE_IN_EUROS,2024,100", "bad_period"),
        ("M,DE,CN,280469,1,VALUE_IN_YEN,2024-01,100", "bad_flow"),
        ("M,DE,EU29,280469,1,VALUE_IN_EUROS,2024-01,100", "bad_partner"),
        ("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100 (2)", "bad_number"),
        ("M,DE,CN,280469,1,VALUE_IN_EUROS", "ragged_row"),
    ],
)
def test_a_bad_row_of_an_answer_is_set_aside(read: Read, cells: str, reason: str) -> None:
    reading = read("eurostat_comext", long("M,DE,JP,280469,1,VALUE_IN_EUROS,2024-01,100", cells))
    got = reasons(reading)
    assert got == [(3, "bad_indicator" if "YEN" in cells else reason)]


def test_quarters_and_labels(read: Read) -> None:
    head = LONG.replace("reporter", "reporter:Reporting country").replace("freq", "freq:Time frequency")
    files = long("Q:Quarterly,DE:Germany,CN:China,280469,1:IMPORT,VALUE_IN_EUROS,2023-Q4,100", head=head)
    assert rows_of(read("eurostat_comext", files), "reporter", "partner", "flow", "valid", "frequency") == [
        ("DEU", "CHN", "import", date(2023, 10, 1), "Q")
    ]


def test_an_answer_without_rows_says_so(read: Read) -> None:
    reading = read("eurostat_comext", long())
    assert (reading.batches, reading.raw_rows) == ((), 0)
    assert "answer.csv: read, and nothing there." in [note.en for note in reading.notes]


def fault(text: str) -> str:
    return (
        '<?xml version="1.0"?><S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<faultcode>100</faultcode><faultstring>{text}</faultstring></S:Fault>"
    )


QUEUED = '<env:Envelope xmlns:env="http://x/"><env:Body><queued><id>ab-1</id><status>SUBMITTED</status></queued></env:Body></env:Envelope>'


def test_a_fault_is_no_data_and_no_results_is_an_answer(read: Read) -> None:
    reading = read("eurostat_comext", {"a.xml": fault("NO_RESULTS: nothing")})
    assert (reading.batches, next(note.en for note in reading.notes)) == ((), "a.xml: read, and nothing there.")
    with pytest.raises(ApiRefusedError) as refused:
        read("eurostat_comext", {"a.xml": fault("INVALID_QUERY: no such product")})
    assert refused.value.to(Language.EN) == "a.xml: Eurostat's API refused: INVALID_QUERY: no such product"
    with pytest.raises(BadInputError):
        read("eurostat_comext", {"a.xml": "<feed><entry/></feed>"})


CELLS = {
    "reporter": ["DE", "EU27_2020", "Atlantis", ""],
    "partner": ["CN", "WORLD", "QQ", "QR", "EXT_EU27_2020", "ZZ", ""],
    "product": ["28046900", "28XXXXXX", "TOTAL", "1", ""],
    "procedure": ["1", "2", "4", "x"],
    "period": ["202401", "202352", "209901", "x", ""],
    "value": ["5", ":", "-1", "x", ""],
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), min_size=1))
def test_nothing_is_lost_whatever_the_rows_say(read: Read, cells: list[dict[str, str]]) -> None:
    reading = read("eurostat_comext", bulk(*(row(**one) for one in cells)))
    taken = sum(number for (number,) in rows_of(reading, "raw_rows"))
    assert taken + len(reading.bad_rows) + sum(reading.passed_over.values()) == reading.raw_rows == len(cells)
    kept = rows_of(reading, *TRADE_FLOW.key_names)
    assert len(set(kept)) == len(kept)


# Asking


def asked(first: date | None = None, **wants: tuple[str, ...]) -> list[Ask]:
    return list(plan(PlanRequest(source("eurostat_comext"), NOW, first, wants)))


def test_the_plan_asks_for_what_is_out_the_newest_year_first_and_within_the_apis_limit() -> None:
    asks = asked(codes=("280469", "280461"), first=date(2024, 1, 1))
    api = "https://ec.europa.eu/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409"
    key = "M.EU27_2020..280461+280469.1+2.VALUE_IN_EUROS+QUANTITY_IN_100KG"
    assert [(one.url, one.params["startPeriod"], one.params["endPeriod"], one.once) for one in asks] == [
        (f"{api}/{key}", "2026-01", "2026-08", False),
        (f"{api}/{key}", "2025-01", "2025-12", False),
        (f"{api}/{key}", "2024-01", "2024-12", True),
    ]
    assert {(one.params["format"], one.secret) for one in asks} == {("SDMX-CSV", "")}


def test_no_question_of_the_plan_is_larger_than_an_answer_that_comes_at_once() -> None:
    for asks in (asked(), asked(reporters=("DE", "FR", "IT")), asked(partners=("KOR",))):
        for one in asks:
            dimensions = one.url.rpartition("/")[2].split(".")
            open_ = [282 if not part else len(part.split("+")) for part in dimensions]
            cells = 12
            for size in open_:
                cells *= size
            assert cells <= 500_000
    asked_for = {
        code for one in asked(first=date(2025, 1, 1)) for code in one.url.rpartition("/")[2].split(".")[3].split("+")
    }
    assert len(asked_for) == 5613


def test_wants_are_in_our_codes_or_comexts() -> None:
    one = asked(reporters=("GRC", "EU"), partners=("KOR", "SRB", "W00", "EXT_EU27_2020"), codes=("2804", "28046900"),
                flows=("export",), frequencies=("A",), first=date(2024, 1, 1))  # fmt: skip
    keys = {ask.url.rpartition("/")[2] for ask in one}
    codes = "2804+280410+280421+280429+280430+280440+280450+280461+280469+28046900+280470+280480+280490"
    assert keys == {f"A.GR+EU27_2020.KR+XS+WORLD+EXT_EU27_2020.{codes}.2.VALUE_IN_EUROS+QUANTITY_IN_100KG"}
    assert [ask.params["startPeriod"] for ask in one] == ["2025", "2024"]


@pytest.mark.parametrize(
    "wants",
    [
        {"reporters": ("Atlantis",)},
        {"flows": ("transit",)},
        {"frequencies": ("W",)},
        {"codes": ("28O4",)},
        {"who": ("x",)},
    ],
)
def test_wants_that_nobody_knows_are_told(wants: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError):
        list(plan(PlanRequest(source("eurostat_comext"), NOW, None, wants)))


ASK = Ask("https://x.example/DS/M.DE..01+02+03.1.VALUE_IN_EUROS", {"startPeriod": "2026-01"})


def test_an_answer_is_judged_by_what_it_says() -> None:
    whole = long("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100")["answer.csv"].encode()
    assert judge(ASK, whole, "a") == Whole()
    assert isinstance(judge(ASK, long()["answer.csv"].encode(), "a"), NotYet)
    assert isinstance(judge(ASK, fault("NO_RESULTS: x").encode(), "a"), NotYet)
    settled = Ask(ASK.url, ASK.params, once=True)
    assert (
        judge(settled, long()["answer.csv"].encode(), "a")
        == judge(settled, fault("NO_RESULTS").encode(), "a")
        == Whole()
    )


@pytest.mark.parametrize("said", [QUEUED, fault("EXTRACTION_TOO_BIG: estimated 9 rows")])
def test_an_answer_that_is_too_large_is_asked_for_in_halves_until_one_product_is_left(said: str) -> None:
    verdict = judge(ASK, said.encode(), "a")
    assert verdict == Split((
        Ask("https://x.example/DS/M.DE..01.1.VALUE_IN_EUROS", {"startPeriod": "2026-01"}),
        Ask("https://x.example/DS/M.DE..02+03.1.VALUE_IN_EUROS", {"startPeriod": "2026-01"}),
    ))  # fmt: skip
    with pytest.raises(ApiRefusedError):
        judge(verdict.into[0], said.encode(), "a")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html><body>Maintenance</body></html>",
        b'{"error": "x"}',
        b"",
        long("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100")["answer.csv"].encode()[:-20],
        long("M,DE,CN,280469,1,VALUE_IN_EUROS,2024-01,100")["answer.csv"].encode()[:-3],
        fault("INVALID_QUERY").encode(),
    ],
    ids=["page", "json", "empty", "cut in a row", "cut in a figure", "fault"],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes) -> None:
    with pytest.raises((BadInputError, ApiRefusedError)):
        judge(ASK, answer, "a")


def test_what_the_judge_calls_whole_the_reader_reads(tmp_path: Path) -> None:
    settled = Ask(ASK.url, ASK.params, once=True)
    answers = [(SAMPLES / "answer.csv").read_bytes(), long()["answer.csv"].encode(), fault("NO_RESULTS: x").encode()]
    for number, answer in enumerate(answers):
        assert judge(settled, answer, "a") == Whole()
        (tmp_path / f"{number}.csv").write_bytes(answer)
        raw = RawArchive(tmp_path / "raw").keep(tmp_path / f"{number}.csv", received_at=NOW)
        reading = reader("eurostat_comext").read(ReadRequest(source("eurostat_comext"), (raw,), NOW))
        assert bool(reading.batches) == (number == 0)
