"""Every bad file ends in a clear error or in quarantined rows, in the user's language, and nothing is half-landed."""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from bongsu.sources.source import HERE

Bongsu = Callable[..., Any]

HEAD = "년월,수출입구분,국가명,품목부호,금액(천달러),중량(톤),비고\n"
GOOD = '2021.09,수입,중국,3102101000,"1,200.5",4000,\n2021.09,수입,카타르,3102101000,30,100,\n'
MAPPING = (HERE / "flows_table" / "samples" / "customs.yml").read_text(encoding="utf-8")
PINK = (HERE / "worldbank_pinksheet" / "samples" / "with-codes.xlsx").read_bytes()
CHINA = (HERE / "us_census" / "samples" / "exports_china.csv").read_bytes()
XML = (HERE / "kr_customs" / "samples" / "answer.xml").read_text(encoding="utf-8")
LOGIN = """<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>로그인 | 수출입무역통계</title></head>
<body><form action="/login" method="post"><input name="userId"><input type="password" name="pw"></form></body></html>
""".encode()


def rows(*lines: str) -> bytes:
    return (HEAD + GOOD + "".join(f"{line}\n" for line in lines)).encode()


def packed(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


def bomb() -> bytes:
    """Much of nothing in a few kilobytes."""
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", mtime=0) as stream:
        for _ in range(40):
            stream.write(b"0" * (1 << 20))
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([HEAD.strip().split(","), ["2021.09", "수입", "중국", 3102101000, 1200.5, 4000, ""]]):
            sheet.write_row(at, 0, line)
    return held.getvalue()


def parquet() -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.table({name: ["x"] for name in HEAD.strip().split(",")}), held)
    return held.getvalue()


def place(folder: Path, name: str, data: bytes, mapping: str | None = None) -> list[str]:
    """The words of `bongsu fetch` for a file that stands in `folder`."""
    (folder / name).write_bytes(data)
    if mapping is None:
        return ["--from", str(folder / name)]
    (folder / "m.yml").write_text(mapping, encoding="utf-8")
    return ["--from", str(folder / name), "--mapping", str(folder / "m.yml")]


def landed(bongsu: Bongsu) -> Mapping[str, int]:
    """How many facts the lake holds of each source."""
    return {row["source"]: row["facts"] for row in bongsu("records", "--json").json}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_customs_file_in_any_encoding_reads_the_same(bongsu: Bongsu, tmp_path: Path, encoding: str) -> None:
    ended = bongsu(
        "fetch", "flows_table", *place(tmp_path, "a.csv", rows().decode().encode(encoding), MAPPING), "--json"
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["counts"]["new"] == 2
    told = bongsu("explain", "trade_flow/flows_table/KOR/import/CHN/HSK/3102101000/2021-09-01/M", "--json").json
    assert told["versions"][0]["values"] == {"value": 1_200_500.0, "currency": "USD", "weight_kg": 4_000_000.0}


@pytest.mark.parametrize(
    ("line", "reasons", "facts"),
    [
        ("2021.09,수입,일본,310210100,5,1,", ["bad_code"], 2),  # a leading zero lost, or a digit
        ("2021.09,수입,일본,3102101000,약 5만,1,", ["bad_number"], 2),
        ("2021.09,수입,일본,3102101000,-5,1,", ["negative_value"], 2),
        ("2021.09,수입,일본,3102101000,9999999999999999,1,", ["absurd_value"], 2),
        ("2027.01,수입,일본,3102101000,5,1,", ["future_period"], 2),
        ("2021.13,수입,일본,3102101000,5,1,", ["bad_period"], 2),
        ("2021.09,수입,봉수국,3102101000,5,1,", ["bad_partner"], 2),
        ("2021.09,환적,일본,3102101000,5,1,", ["bad_flow"], 2),
        ("2021.09,수입,일본", ["ragged_row"], 2),
        ("2021.09,수입,일본,3102101000,5,1,,7", ["ragged_row"], 2),
        ("2021.09,수입,카타르,3102101000,31,100,", ["duplicate_key", "duplicate_key"], 1),  # which is right? neither
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(
    bongsu: Bongsu, tmp_path: Path, line: str, reasons: list[str], facts: int
) -> None:
    words = ["fetch", "flows_table", *place(tmp_path, "a.csv", rows(line), MAPPING)]
    korean, english = bongsu(*words, lang="ko"), bongsu(*words)
    assert (korean.code, english.code) == (5, 5)
    assert f"격리: {len(reasons)}" in korean.out
    assert f"quarantined: {len(reasons)}" in english.out
    assert landed(bongsu)["flows_table"] == facts
    aside = bongsu("records", "--quarantine", "--json").json
    assert [row["reason"] for row in aside] == reasons
    assert all(row["detail"]["ko"] != row["detail"]["en"] and row["raw"] == "a.csv" for row in aside)


@pytest.mark.parametrize(
    ("line", "facts", "passed_over"),
    [
        ("2021.09,수입,일본,3102101000,..,…,", 3, {}),  # unknown is a value of its own
        ("2021.09,수입,일본,3102101000,(D),W,", 3, {}),
        ("2021.09,수입,일본,3102101000,-,-,", 3, {}),
        ("2021.09,수입,총계,3102101000,1235,1,", 2, {"passed_over.total": 1}),  # never a partner, never summed
        ("2021.09,수입,카타르,3102101000,30,100,", 2, {"passed_over.repeated": 1}),
    ],
)
def test_what_is_no_fault_is_not_treated_as_one(
    bongsu: Bongsu, tmp_path: Path, line: str, facts: int, passed_over: Mapping[str, int]
) -> None:
    ended = bongsu("fetch", "flows_table", *place(tmp_path, "a.csv", rows(line), MAPPING), "--json")
    assert ended.code == 0
    counts = ended.json["counts"]
    assert {name: n for name, n in counts.items() if name.startswith("passed_over.") and n} == passed_over
    assert (counts["new"], counts["quarantined"]) == (facts, 0)


def test_unknown_values_stay_unknown(bongsu: Bongsu, tmp_path: Path) -> None:
    line = "2021.09,수입,일본,3102101000,(D),…,"
    bongsu("fetch", "flows_table", *place(tmp_path, "a.csv", rows(line), MAPPING))
    told = bongsu("explain", "trade_flow/flows_table/KOR/import/JPN/HSK/3102101000/2021-09-01/M", "--json").json
    values = told["versions"][0]["values"]
    assert [name for name in ("value", "weight_kg") if name in values] == []


FILES: Mapping[str, tuple[str, str, bytes, str | None]] = {
    "a login page for a customs file": ("flows_table", "a.csv", LOGIN, MAPPING),
    "a login page for the Pink Sheet": ("worldbank_pinksheet", "a.xlsx", LOGIN, None),
    "a login page for a Census file": ("us_census", "a.csv", LOGIN, None),
    "a login page for a Census Parquet file": ("us_census", "a.parquet", LOGIN, None),
    "a login page for an API answer": ("kr_customs", "a.xml", LOGIN, None),
    "a login page for the transits": ("imf_portwatch", "a.json", LOGIN, None),
    "a login page for the notices": ("notices_table", "a.csv", LOGIN, None),
    "a login page for the shares": ("dependence_table", "a.csv", LOGIN, None),
    "an empty customs file": ("flows_table", "a.csv", b"", MAPPING),
    "an empty Pink Sheet": ("worldbank_pinksheet", "a.xlsx", b"", None),
    "an empty Census file": ("us_census", "a.parquet", b"", None),
    "an empty API answer": ("kr_customs", "a.xml", b"", None),
    "a cut gzip": ("flows_table", "a.csv.gz", gzip.compress(rows() * 50, mtime=0)[:-40], MAPPING),
    "a cut zip": ("flows_table", "a.zip", packed("a.csv", rows() * 50)[:-40], MAPPING),
    "a cut workbook": ("flows_table", "a.xlsx", workbook()[:-900], MAPPING),
    "a cut Pink Sheet": ("worldbank_pinksheet", "a.xlsx", PINK[:-900], None),
    "a cut Parquet file": ("flows_table", "a.parquet", parquet()[:-40], MAPPING),
    "a cut API answer": ("kr_customs", "a.xml", XML[:700].encode(), None),
    "an API answer that a cap cut silently": ("kr_customs", "a.xml", XML.replace("4,500", "9,500").encode(), None),
    "a Pink Sheet of a few rows": ("worldbank_pinksheet", "a.xlsx", PINK, None),
    "a column renamed": ("flows_table", "a.csv", rows().decode().replace("국가명", "상대국").encode(), MAPPING),
    "a column missing": ("flows_table", "a.csv", HEAD.replace(",금액(천달러)", "").encode(), MAPPING),
    "bytes of no text": ("flows_table", "a.csv", bytes(range(256)) * 20, MAPPING),
    "no mapping": ("flows_table", "a.csv", rows(), None),
    "a mapping that is no YAML": ("flows_table", "a.csv", rows(), "columns: {period: ["),
    "a mapping that is a list": ("flows_table", "a.csv", rows(), "- period\n- value\n"),
    "a mapping with a word too many": ("flows_table", "a.csv", rows(), MAPPING + "colour: red\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_names_itself_and_the_mend_and_lands_nothing(bongsu: Bongsu, tmp_path: Path, case: str) -> None:
    source, name, data, mapping = FILES[case]
    words = ["fetch", source, *place(tmp_path, name, data, mapping), "--json"]
    korean, english = bongsu(*words, lang="ko"), bongsu(*words)
    assert (korean.code, korean.out, english.code, english.out) == (3, "", 3, "")
    assert korean.err != english.err
    assert "Traceback" not in korean.err + english.err
    where = english.err.partition(": ")[0]
    assert Path(where.rpartition(":")[0] or where).name in {name, "m.yml", "m.yml:1", "mapping", source, "m"}
    assert {row["facts"] for row in bongsu("records", "--json").json} == {0}


def test_a_decompression_bomb_is_not_unpacked(bongsu: Bongsu, tmp_path: Path) -> None:
    ended = bongsu("fetch", "flows_table", *place(tmp_path, "a.csv.gz", bomb(), MAPPING), lang="ko")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("a.csv.gz: 압축을 풀면 지나치게 커집니다")


@pytest.mark.parametrize(
    ("code", "said"),
    [("30", "the key is not registered"), ("22", "today's calls are used up"), ("99", "with an error")],
)
def test_a_refusal_dressed_as_an_answer_is_no_empty_file(bongsu: Bongsu, tmp_path: Path, code: str, said: str) -> None:
    refusal = (
        "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>NO</returnAuthMsg>"
        f"<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
    )
    ended = bongsu("fetch", "kr_customs", *place(tmp_path, "a.xml", refusal.encode()))
    assert (ended.code, ended.out) == (4, "")
    assert said in ended.err
    (row,) = bongsu("records", "--source", "kr_customs", "--json").json
    assert row["state_id"] == "failed"


def test_a_bad_file_changes_nothing_of_what_stands(bongsu: Bongsu, tmp_path: Path) -> None:
    assert bongsu("fetch", "flows_table", *place(tmp_path, "good.csv", rows(), MAPPING)).code == 0
    before = bongsu("watch", "--json").json["table_versions"]
    good_and_bad = [*place(tmp_path, "good.csv", rows(), MAPPING), *place(tmp_path, "bad.csv", LOGIN)]
    assert bongsu("fetch", "flows_table", *good_and_bad).code == 3
    assert bongsu("watch", "--json").json["table_versions"] == before
    assert landed(bongsu)["flows_table"] == 2
    journal = bongsu("records", "--journal", "--json").json
    assert [entry["status"] for entry in journal] == ["failed", "landed"]


def test_the_same_file_twice_changes_nothing(bongsu: Bongsu, tmp_path: Path) -> None:
    words = ["fetch", "flows_table", *place(tmp_path, "a.csv", rows(), MAPPING), "--json"]
    first, second = bongsu(*words), bongsu(*words)
    assert (first.json["status"], second.json["status"]) == ("landed", "unchanged")
    assert (second.json["counts"]["new"], second.json["counts"]["unchanged"]) == (0, 2)


def test_an_address_inside_the_network_is_not_asked(bongsu: Bongsu) -> None:
    ended = bongsu("fetch", "us_census", "--from", "http://169.254.169.254/latest/meta-data/", lang="ko")
    assert (ended.code, ended.out) == (4, "")
    assert "Traceback" not in ended.err
