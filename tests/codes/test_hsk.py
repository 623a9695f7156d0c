from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.hsk import HskTable, StandardNames, load_hsk, load_standard_names
from bongsu.language import BadInputError, Language, Text

HEAD = "code,name_ko,name_en,valid_from,valid_until\n"
UREA = "3102100000,요소,Urea,2022-01-01,\n"
HORSES = "0101210000,번식용 말,Pure-bred breeding horses,,\n"


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "hsk.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_table_is_read_in_the_encodings_of_korean_files(tmp_path: Path, encoding: str) -> None:
    table = load_hsk(_file(tmp_path, HEAD + UREA + HORSES, encoding))
    assert table.name("3102100000", date(2024, 1, 1)) == Text("요소", "Urea")
    assert table.name("0101210000", date(1999, 1, 1)) == Text("번식용 말", "Pure-bred breeding horses")


def test_names_hold_on_their_days_only(tmp_path: Path) -> None:
    old = "3102100000,요소(구),Urea (old),2017-01-01,2021-12-31\n"
    table = load_hsk(_file(tmp_path, HEAD + old + UREA))
    named = [table.name("3102100000", date(*day)) for day in ((2016, 12, 31), (2021, 12, 31), (2022, 1, 1))]
    assert named == [None, Text("요소(구)", "Urea (old)"), Text("요소", "Urea")]
    assert (table.codes(date(2016, 12, 31)), table.codes(date(2022, 1, 1))) == ((), ("3102100000",))


def test_without_a_file_every_name_is_unknown() -> None:
    assert HskTable().name("3102100000", date(2024, 1, 1)) is None
    assert StandardNames().names("3102100000", date(2024, 1, 1)) == ()


@given(st.text("0123456789", min_size=10, max_size=10))
def test_leading_zeros_survive_the_file(tmp_path_factory: pytest.TempPathFactory, code: str) -> None:
    path = _file(tmp_path_factory.mktemp("hsk"), f"{HEAD}{code},품명,name,,\n")
    assert load_hsk(path).codes(date(2024, 1, 1)) == (code,)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("101210000,말,Horses,,\n", "the code '101210000' has not ten digits."),
        ("1.0121E+08,말,Horses,,\n", "the code '1.0121E+08' has not ten digits."),
        (",말,Horses,,\n", "the code '' has not ten digits."),
        ("0101210000,,,,\n", "the name is empty."),
        ("0101210000,말,Horses,2022.1.1,\n", "cannot read the date '2022.1.1'."),
        ("0101210000,말,Horses,2022-01-01,2021-12-31\n", "valid_until is before valid_from."),
        ("3102100000,요소수,DEF,2023-01-01,\n", "the period of 3102100000 overlaps an earlier line."),
    ],
)
def test_a_bad_line_names_itself_and_the_mend(tmp_path: Path, line: str, what: str) -> None:
    path = _file(tmp_path, HEAD + UREA + line)
    with pytest.raises(BadInputError) as caught:
        load_hsk(path)
    assert (caught.value.where, caught.value.what.en) == (f"{path}:3", what)
    assert caught.value.mend is not None


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        load_hsk(_file(tmp_path, "code,name_ko\n3102100000,요소\n"))
    assert "필요한 열이 없습니다: name_en, valid_from, valid_until." in caught.value.to(Language.KO)


def test_an_empty_file_and_one_in_another_encoding_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        load_hsk(_file(tmp_path, ""))
    with pytest.raises(BadInputError):
        load_hsk(_file(tmp_path, HEAD + UREA, "utf-16"))
    with pytest.raises(BadInputError):
        load_hsk(tmp_path / "absent.csv")


def test_standard_names_may_share_a_code_and_a_code_a_name(tmp_path: Path) -> None:
    text = (
        HEAD
        + UREA
        + "3102100000,요소비료,Urea fertiliser,2022-01-01,\n3105100000,요소비료,Urea fertiliser,2022-01-01,\n"
    )
    names = load_standard_names(_file(tmp_path, text))
    on = date(2024, 1, 1)
    assert names.names("3102100000", on) == (Text("요소", "Urea"), Text("요소비료", "Urea fertiliser"))
    assert names.codes("urea FERTILISER", on) == ("3102100000", "3105100000")
    assert names.codes("요소", date(2020, 1, 1)) == ()
