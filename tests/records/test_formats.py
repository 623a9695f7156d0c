"""Files as they really come: Korean encodings, wrappings, cut off, hostile, or not data at all."""

import gzip
import io
import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bongsu.language import BadInputError, Language
from bongsu.records.formats import (
    Kind,
    Limits,
    OddRow,
    Rows,
    as_rows,
    cell_text,
    decode,
    open_plain,
    parse_xml,
    read_csv,
    read_json,
    read_parquet,
    read_xlsx,
    sniff,
)

HANGUL = "품목코드,국가,수입액\n0102211000,중국,1\n3102101000,카타르,2\n"
TABLE = {"품목코드": ["0102211000", "3102101000"], "국가": ["중국", "카타르"], "수입액": ["1", "2"]}
LOGIN = b"\n<!DOCTYPE html><html lang=ko><head><title>\xeb\xa1\x9c\xea\xb7\xb8\xec\x9d\xb8 &amp; login\n</title></head>"


def put(folder: Path, data: bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def csv(folder: Path, text: str, **options: object) -> Rows:
    return read_csv(put(folder, text.encode()), **options)  # type: ignore[arg-type]


def gzipped(data: bytes) -> bytes:
    """Without the time, so that a test has the same name in every process."""
    return gzip.compress(data, mtime=0)


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name.replace("::", "/"))
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def said(error: pytest.ExceptionInfo[BadInputError]) -> str:
    return error.value.to(Language.EN)


# What it is


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Kind.EMPTY),
        (b" \r\n\t", Kind.EMPTY),
        (b"\xef\xbb\xbf", Kind.EMPTY),
        (b"hs,value\n", Kind.TEXT),
        ("\ufeffhs\tvalue".encode("utf-16"), Kind.TEXT),
        (b'{"a": 1}', Kind.JSON),
        (b"\xef\xbb\xbf [1]", Kind.JSON),
        (b'<?xml version="1.0"?><response/>', Kind.XML),
        (b'<?xml version="1.0"?><!DOCTYPE html><html/>', Kind.HTML),
        (LOGIN, Kind.HTML),
        ("<HTML><body>".encode("utf-16"), Kind.HTML),
        (b"PAR1....", Kind.PARQUET),
        (gzipped(b"x"), Kind.GZIP),
        (zipped(a=b"x"), Kind.ZIP),
        (zipped(**{"mimetype": b"", "xl::workbook.xml": b""}), Kind.XLSX),
        (b"%PDF-1.7", Kind.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.XLS),
    ],
)
def test_a_file_is_what_its_bytes_say(data: bytes, kind: Kind, tmp_path: Path) -> None:
    assert sniff(put(tmp_path, data, "report.parquet")) is kind


def test_a_web_page_instead_of_data_is_named_by_its_title(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        read_csv(put(tmp_path, LOGIN))
    assert said(error) == (
        "data.csv: this is a web page (title: 로그인 & login), not data. "
        "A login or error page was probably saved: download the data file itself from the site."
    )
    assert error.value.to(Language.KO).startswith("data.csv: 자료가 아니라 웹 페이지입니다 (제목: 로그인 & login).")


@pytest.mark.parametrize("data", [LOGIN, b"", b"%PDF-1.7", gzipped(LOGIN), gzipped(b""), zipped(a=LOGIN)])
@pytest.mark.parametrize("reader", [read_csv, read_xlsx, read_parquet, read_json])
def test_no_reader_takes_a_page_a_pdf_or_nothing(reader: object, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        reader(put(tmp_path, data))  # type: ignore[operator]


def test_an_empty_file_has_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        read_csv(put(tmp_path, b""))
    assert said(error) == (
        "data.csv: the file is empty. The figures may not be out yet, or the download broke off: fetch it again."
    )


# Unwrapping


def test_gzip_and_zip_of_one_file_are_unwrapped(tmp_path: Path) -> None:
    for data in (b"a,b\n", gzipped(b"a,b\n"), zipped(**{"x.csv": b"a,b\n", "__MACOSX::x": b"junk"})):
        with open_plain(put(tmp_path, data)) as stream:
            assert stream.read() == b"a,b\n"


def test_a_zip_of_several_files_asks_which(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        open_plain(put(tmp_path, zipped(a=b"1", b=b"2")))
    assert said(error) == (
        "data.csv: a zip must hold one file; this one holds 2 (a, b). Unpack it and give the file that you need."
    )


FIGURES = "".join(f"{code:010d},{code * 7919 % 10007}\n" for code in range(20_000)).encode()


@pytest.mark.parametrize("wrapped", [gzipped(FIGURES), zipped(a=FIGURES)])
def test_a_wrapping_cut_anywhere_is_bad_input(wrapped: bytes, tmp_path: Path) -> None:
    for kept in (20, len(wrapped) // 2, len(wrapped) - 9):
        with pytest.raises(BadInputError), open_plain(put(tmp_path, wrapped[:kept])) as stream:
            stream.read()


@pytest.mark.parametrize("wrap", [gzipped, lambda data: zipped(a=data)])
def test_a_bomb_is_stopped_by_ratio_and_by_size(wrap: object, tmp_path: Path) -> None:
    path = put(tmp_path, wrap(b"a,b\n" * (8 << 20)))  # type: ignore[operator]
    for limits in (Limits(), Limits(size=1 << 20, ratio=10**6)):
        with pytest.raises(BadInputError) as error, open_plain(path, limits) as stream:
            stream.read()
        assert "grows too large when unpacked" in said(error)


# Encodings


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp949", "cp949"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_korean_files_read_the_same_in_every_encoding(encoding: str, named: str, tmp_path: Path) -> None:
    rows = read_csv(put(tmp_path, HANGUL.encode(encoding)))
    assert (rows.table.to_pydict(), rows.encoding) == (TABLE, named)


def test_utf16_without_a_mark_is_recognised(tmp_path: Path) -> None:
    rows = read_csv(put(tmp_path, "hs,value\n0102,1\n".encode("utf-16-le")))
    assert (rows.table.to_pydict(), rows.encoding) == ({"hs": ["0102"], "value": ["1"]}, "utf-16-le")


@pytest.mark.parametrize("text", ["Côte d'Ivoire", "Åland", "million €", "Curaçao", "naïve – dash"])
def test_western_bytes_are_not_guessed_to_be_korean(text: str) -> None:
    data = text.encode("cp1252")
    with pytest.raises(BadInputError) as error:
        decode(data, where="bgs.csv")
    first = next(place for place, byte in enumerate(data) if byte > 127)
    assert said(error) == (
        f"bgs.csv: byte {first} (0x{data[first]:02X}) is not utf-8 text. "
        "Name the file's encoding in the mapping (for example `encoding: cp1252`)."
    )
    assert decode(data, "cp1252") == (text, "cp1252")


def test_an_encoding_that_is_told_is_held_to() -> None:
    with pytest.raises(BadInputError):
        decode("요소".encode("cp949"), "utf-8")
    with pytest.raises(BadInputError):
        decode(b"urea", "no-such")


@given(st.text(st.characters(codec="utf-8")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if not text.startswith("\ufeff") and "\0" not in text:
        assert decode(text.encode()) == (text, "utf-8")


# CSV


def test_every_cell_is_text_and_keeps_its_place(tmp_path: Path) -> None:
    rows = csv(tmp_path, 'hs,note\r\n0102,"a ""b"", c"\n"0103","two\nlines"\r0104,\n\n,\nNA,1.50\n')
    assert rows.table.to_pydict() == {
        "hs": ["0102", "0103", "0104", "NA"],
        "note": ['a "b", c', "two\nlines", "", "1.50"],
    }
    assert rows.row.to_pylist() == [2, 3, 4, 7]
    assert (rows.odd, rows.delimiter) == ((), ",")


def test_ragged_rows_are_set_aside_with_their_number(tmp_path: Path) -> None:
    rows = csv(tmp_path, "a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n")
    assert (rows.table.to_pydict(), rows.row.to_pylist()) == ({"a": ["1", "4", "9"], "b": ["2", "5", "10"]}, [2, 4, 6])
    assert rows.odd == (OddRow(3, "3", "ragged_row"), OddRow(5, "6,7,8", "ragged_row"))


def test_rows_with_nul_bytes_are_set_aside(tmp_path: Path) -> None:
    rows = csv(tmp_path, "a,b\n1,2\n\0\0\0,4\n5,6\n")
    assert (rows.table.to_pydict(), rows.row.to_pylist()) == ({"a": ["1", "5"], "b": ["2", "6"]}, [2, 4])
    assert rows.odd == (OddRow(3, "\0\0\0,4", "nul_byte"),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_parts_the_header(delimiter: str, tmp_path: Path) -> None:
    rows = csv(tmp_path, delimiter.join(["hs", '"value, USD; total"', "month"]) + f"\n0102{delimiter}1{delimiter}2\n")
    assert (rows.table.column_names, rows.delimiter) == (["hs", "value, USD; total", "month"], delimiter)


def test_a_preamble_is_passed_over_by_header_row(tmp_path: Path) -> None:
    rows = csv(tmp_path, "Exports,,,\nas of 2021\nhs,value\n0102,1\n", header_row=3)
    assert (rows.table.to_pydict(), rows.row.to_pylist()) == ({"hs": ["0102"], "value": ["1"]}, [4])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,,b\n1,2,3\n", "columns without a name: 2"),
        ("a,b,a\n1,2,3\n", "column names that stand twice: a"),
        ("a,b\n1,2,3\n4,5,6\n", "2 names, but every row from row 2 on has another number of cells"),
    ],
)
def test_a_header_that_cannot_be_used_is_an_error(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        csv(tmp_path, text)
    assert said(error) == (
        f"data.csv: cannot use the header ({why}). "
        "Name the row that holds the column names (`header_row:` in the mapping), or mend the header."
    )


def test_a_header_row_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        csv(tmp_path, "a,b\n", header_row=5)


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "a,b\n\n\n"])
def test_a_header_alone_is_a_table_without_rows(text: str, tmp_path: Path) -> None:
    rows = csv(tmp_path, text)
    assert (rows.table.column_names, rows.table.num_rows, len(rows.row)) == (["a", "b"], 0, 0)


@pytest.mark.parametrize("text", ['a,b\n1,"3\n4,5\n6,7\n', 'a,b\n1,2\n"3\n4,5\n'])
def test_a_quote_that_is_never_closed_does_not_swallow_rows(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        csv(tmp_path, text)
    assert "is never closed" in said(error)


def test_an_inch_mark_is_no_open_quote(tmp_path: Path) -> None:
    assert csv(tmp_path, 'pipe,n\n5" steel,1\nlast,2\n').table.to_pydict() == {
        "pipe": ['5" steel', "last"],
        "n": ["1", "2"],
    }


def test_a_row_larger_than_a_block_is_read_by_the_slow_way(tmp_path: Path) -> None:
    giant = "x" * (40 << 20)
    rows = csv(tmp_path, f"a,b\n01,2\n3\n02,{giant}\n\n03,4\n")
    assert (rows.table["a"].to_pylist(), rows.row.to_pylist()) == (["01", "02", "03"], [2, 4, 6])
    assert (rows.table["b"].to_pylist()[1] == giant, rows.odd) == (True, (OddRow(3, "3", "ragged_row"),))


plain_cell = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=8)


@given(st.lists(st.tuples(plain_cell, plain_cell), min_size=1, max_size=20))
def test_what_a_csv_writer_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    quoted = ["a,b", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)]
    rows = csv(tmp_path_factory.mktemp("written"), "\n".join(quoted) + "\n")
    assert list(zip(*rows.table.to_pydict().values(), strict=True)) == cells
    assert rows.row.to_pylist() == list(range(2, len(cells) + 2))


# Parquet


def parquet(folder: Path) -> Path:
    path = folder / "flows.parquet"
    pq.write_table(pa.table({"hs": ["0102", "0103"] * 5000, "value": [1, None] * 5000}), path)
    return path


def test_parquet_comes_as_it_is(tmp_path: Path) -> None:
    table = read_parquet(parquet(tmp_path), columns=["hs"])
    assert (table.num_rows, table.column_names, table["hs"][0].as_py()) == (10_000, ["hs"], "0102")


def test_parquet_cut_off_or_overwritten_is_bad_input(tmp_path: Path) -> None:
    whole = parquet(tmp_path).read_bytes()
    for data in (whole[:-1], whole[: len(whole) // 2], whole[:4], whole[:-60] + b"\xff" * 52 + whole[-8:]):
        with pytest.raises(BadInputError):
            read_parquet(put(tmp_path, data, "cut.parquet"))


def test_parquet_beyond_the_limits_is_not_decoded(tmp_path: Path) -> None:
    for limits in (Limits(rows=9_999), Limits(size=100)):
        with pytest.raises(BadInputError):
            read_parquet(parquet(tmp_path), limits=limits)


def test_a_reader_says_what_it_got_instead(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as error:
        read_parquet(put(tmp_path, b"a,b\n", "x.parquet"))
    assert said(error) == (
        "x.parquet: expected parquet, but this is text. "
        "Check the format named in the mapping, or save the file in the other format."
    )
    with pytest.raises(BadInputError):
        read_csv(parquet(tmp_path))


# Workbooks


def workbook(folder: Path) -> Path:
    path = folder / "prices.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("AFOSHEET").hide()
        sheet = book.add_worksheet("Monthly Prices")
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["hs", "value", "day", "note"])
        sheet.write_row(1, 0, [10221, 1.25])
        sheet.write_datetime(1, 2, datetime(2021, 10, 13), day)  # noqa: DTZ001 - workbooks know no zone
        sheet.write_row(2, 0, ["010221", "…", "2021-11", True])
        sheet.write(4, 0, "030111")
        sheet.write(5, 6, "stray")
    return path


def test_a_code_kept_as_a_number_shows_as_one(tmp_path: Path) -> None:
    rows = as_rows(read_xlsx(workbook(tmp_path)))
    assert rows.table.to_pydict() == {
        "hs": ["10221", "010221", "030111"],
        "value": ["1.25", "…", ""],
        "day": ["2021-10-13", "2021-11", ""],
        "note": ["", "true", ""],
    }
    assert rows.stored_as_number["hs"].to_pylist() == [True, False, False]
    assert rows.row.to_pylist() == [2, 3, 5]
    assert rows.odd == (OddRow(6, "\t\t\t\t\t\tstray", "ragged_row"),)


def test_sheets_are_found_by_name_place_or_as_the_first_shown(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    assert [read_xlsx(path, sheet).name for sheet in (None, 0, "Monthly Prices")] == [
        "Monthly Prices",
        "AFOSHEET",
        "Monthly Prices",
    ]
    for missing in ("Prices", 2, -1):
        with pytest.raises(BadInputError) as error:
            read_xlsx(path, missing)
        assert said(error).endswith("There are: AFOSHEET, Monthly Prices.")


def test_a_workbook_cut_off_is_bad_input(tmp_path: Path) -> None:
    whole = workbook(tmp_path).read_bytes()
    for kept in (100, len(whole) // 2, len(whole) - 10):
        with pytest.raises(BadInputError):
            read_xlsx(put(tmp_path, whole[:kept], "cut.xlsx"))


def test_a_workbook_that_is_a_bomb_is_not_parsed(tmp_path: Path) -> None:
    bomb = zipped(**{"[Content_Types].xml": b"<Types/>", "xl::workbook.xml": b" " * (32 << 20)})
    with pytest.raises(BadInputError) as error:
        read_xlsx(put(tmp_path, bomb, "bomb.xlsx"))
    assert "grows too large when unpacked" in said(error)


def test_a_workbook_that_lies_about_its_size_is_bad_input(tmp_path: Path) -> None:
    """The directory says four bytes and their checksum is right; the stream holds a mebibyte."""
    whole = bytearray(zipped(**{"[Content_Types].xml": b"A" * (1 << 20)}))
    true = struct.pack("<II", zlib.crc32(b"A" * (1 << 20)), 0)[:4]
    small = struct.pack("<I", zlib.crc32(b"AAAA"))
    lying = bytes(whole).replace(true, small).replace(struct.pack("<I", 1 << 20), struct.pack("<I", 4))
    with pytest.raises(BadInputError):
        read_xlsx(put(tmp_path, lying, "lying.xlsx"))


def test_an_encrypted_or_broken_old_workbook_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        read_xlsx(put(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls"))


def test_cells_in_print() -> None:
    cells = [10221.0, 1.5, 1e20, True, "x", datetime(2021, 10, 13, 9, 30)]  # noqa: DTZ001 - workbooks know no zone
    assert list(map(cell_text, cells)) == ["10221", "1.5", "1e+20", "true", "x", "2021-10-13 09:30:00"]


# JSON and XML


def test_json_is_read_and_broken_json_names_its_place(tmp_path: Path) -> None:
    assert read_json(put(tmp_path, gzipped(b'{"a": [1, NaN, "\xec\x9a\x94"]}'))) == {"a": [1, None, "요"]}
    with pytest.raises(BadInputError) as error:
        read_json(put(tmp_path, b'{"a": 1,\n "b": }', "b.json"))
    assert said(error) == "b.json:2:7: the json file is cut off or damaged (Expecting value). Fetch the file again."
    for data in (b"[" * 100_000, b"[" + b"9" * 5000 + b"]", b"a,b\n"):
        with pytest.raises(BadInputError):
            read_json(put(tmp_path, data))


XML = '<?xml version="1.0" encoding="{}"?><response><statKor>요소</statKor></response>'


@pytest.mark.parametrize("encoding", ["UTF-8", "EUC-KR", "utf-16"])
def test_xml_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    assert parse_xml(XML.format(encoding).encode(encoding)).findtext("statKor") == "요소"


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
DTD = b'<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><r/>'


@pytest.mark.parametrize(
    "data",
    [ENTITIES, EXTERNAL, DTD, b"<r><a></r>", b"<r>", b"", LOGIN, b"a,b\n", b"<r>" * 101 + b"</r>" * 101, b"<r>\0</r>"],
)
def test_hostile_or_broken_xml_is_bad_input(data: bytes) -> None:
    with pytest.raises(BadInputError):
        parse_xml(data)


def test_xml_has_limits_of_depth_and_size() -> None:
    deepest = b"<r>" * 100 + b"</r>" * 100
    assert parse_xml(deepest).tag == "r"
    with pytest.raises(BadInputError):
        parse_xml(deepest, limits=Limits(size=100))
