from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.hs import hs_codes
from bongsu.texts import hs_codes as hs_codes_of_texts
from bongsu.texts.hs_codes import LAST_CHAPTER, MOST_IN_RANGE, find_codes

HEADINGS = hs_codes(4)
GOODS = [heading for heading in HEADINGS if heading < LAST_CHAPTER]
SUBHEADINGS = [code for code in hs_codes(6) if code < LAST_CHAPTER]


def codes(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.basis) for one in find_codes(text)]


def keyed(*found: str) -> list[tuple[str, str]]:
    return [(code, "keyword") for code in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("urea (HS 3102.10)", keyed("310210")),
        ("HS code: 310210", keyed("310210")),
        ("HTS 3102.10.00.00", keyed("3102100000")),
        ("CN code 3102 10 10", keyed("31021010")),
        ("tariff headings 3102, 3103 and 3104", keyed("3102", "3103", "3104")),
        ("heading 31.02", keyed("3102")),
        ("HS 0201.30, ex 0202.30", keyed("020130", "020230")),
        ("商品编号 3102100010", keyed("3102100010")),
        ("税则号列：3102、3103、3104、3105", keyed("3102", "3103", "3104", "3105")),
        ("税号3102100010（尿素）、3105300010（磷酸二铵）", keyed("3102100010", "3105300010")),
        ("参考海关商品编号：８１１２９２９０９０", keyed("8112929090")),
        ("貨品號列 2805.30.00.00", keyed("2805300000")),
        ("HSコード：2811.11及び3707.90", keyed("281111", "370790")),
        ("統計品目番号3102.10-000", keyed("310210000")),
        ("関税率表第31.02項", keyed("3102")),
        ("第3102.10号に掲げる物品", [("310210", "shape")]),
        ("pos tarif/HS ex 1511.10.00 dan 1511.90.36", keyed("15111000", "15119036")),
        ("kode HS 2604", keyed("2604")),
        ("품목번호 3102.10-0000", keyed("3102100000")),
        ("품목번호는 제3102호 및 제3104호", keyed("3102", "3104")),
        ("세번 3102.10호, 3105.30호", keyed("310210", "310530")),
        ("税目3102至3105", keyed("3102", "3103", "3104", "3105")),
        ("HS 3102 to 3104", keyed("3102", "3103", "3104")),
        ("품목번호 3102부터 3104까지", keyed("3102", "3103", "3104")),
        ("HS 3102.10.00-3102.21.00", keyed("31021000", "31022100")),
        ("urea 3102.10 is listed", [("310210", "shape")]),
        ("codes under the HS: the goods of 310210 are meant", [("310210", "sentence")]),
    ],
)
def test_codes_are_found_as_notices_write_them(text: str, found: list[tuple[str, str]]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "公告2021年第81号",
        "Announcement No. 81 of 2021",
        "No. 310210",
        "自2021年10月15日起",
        "2009.11.30 and 2009.11",  # fruit juice, were it not a day
        "电话：010-65194060, 310210",
        "Tel. 310210",
        "price 3102.10 USD/t",
        "USD 3102.10 a tonne",
        "$3102.10",
        "1201.90 tonnes",
        "1.201,90; 12,310.21; 3,102.10",
        "3102.105",
        "version 3.10.2.10",
        "9999.99",
        "HS 9999",
        "HS 2021",
        "HS compliance in 2021年",
        "税号 3102元",
        "tariff heading quota of 1511 tonnes",
        "ID3102.10, x310210",
        "310210",
        "the years 1905 and 2005",
        "10.0.0.1 192.168.31.02",
        "code 310210",
        "Notification No. 06/2015-2020",
        "〔2021〕3102",
    ],
)
def test_numbers_of_other_kinds_are_no_codes(text: str) -> None:
    assert codes(text) == []


def test_a_price_list_has_no_codes_and_its_code_column_has() -> None:
    prices = "品名\t价格（元/吨）\n尿素\t3102.10\n大豆\t1201.90"
    assert codes(prices) == []
    assert codes("品名\t价格（元/吨）\t商品编号\n尿素\t3102.10\n大豆\t1201.90\t12019010") == [("12019010", "table")]


def test_a_column_is_followed_past_cells_that_span_rows_to_the_table_s_end() -> None:
    table = "序号\t商品编号\t名称\n1\t3102100010\t尿素\n3104202000\t氯化钾\n2\t3105300010；3105400000\t磷酸铵"
    found = [(code, "table") for code in ("3102100010", "3104202000", "3105300010", "3105400000")]
    assert codes(f"{table}\n说明\n3\t31052000\tx") == found


def test_a_column_of_quantities_beside_the_codes_is_left_alone() -> None:
    assert codes("HS\tvalue\n310210\t310310\n") == [("310210", "table")]


def test_a_finding_shows_where_it_stands() -> None:
    text = "First sentence. Urea of HS 3102.10 is listed! Last."
    (found,) = find_codes(text)
    assert (text[found.start : found.end], found.written, found.sentence) == (
        "3102.10",
        "3102.10",
        "Urea of HS 3102.10 is listed!",
    )


@given(st.sampled_from(SUBHEADINGS), st.sampled_from(["", "00", "0010"]))
def test_every_subheading_is_found_after_a_keyword_with_its_zeros(code: str, more: str) -> None:
    assert codes(f"税号 {code}{more}。") == keyed(code + more)
    dotted = ".".join((code[:4], code[4:6], *([more] if more else ())))
    assert codes(f"HS {dotted}.") == keyed(code + more)


@given(st.lists(st.sampled_from(GOODS), min_size=1, max_size=8, unique=True), st.sampled_from("、，,;/"))
def test_every_list_of_headings_is_found_whole(listed: list[str], sign: str) -> None:
    assert codes(f"税则号列 {sign.join(listed)}") == keyed(*listed)


@given(st.sampled_from(SUBHEADINGS))
def test_full_width_digits_are_digits(code: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert codes(f"商品编号：{wide}") == keyed(code)


NOTHING: list[Callable[[int], str]] = [
    lambda n: f"第{n}号",
    lambda n: f"No. {n}",
    lambda n: f"{n}元",
    lambda n: f"US${n}",
    lambda n: f"tel {n}",
    lambda n: f"{n}",
    lambda n: f"{n:,}",
    lambda n: f"{n}%",
]


@given(st.integers(0, 10**10), st.sampled_from(NOTHING))
def test_no_bare_number_is_a_code_without_a_keyword(number: int, written: Callable[[int], str]) -> None:
    assert codes(written(number)) == []


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_no_day_of_our_time_is_a_code(day: date) -> None:
    assert codes(f"{day} / {str(day).replace('-', '.')} / {str(day).replace('-', '')}") == []


@given(st.text(alphabet="0123456789.,-/ \t\nHS税号第()和至", max_size=60))
def test_whatever_is_found_is_a_heading_and_stands_there(text: str) -> None:
    for one in find_codes(text):
        assert (one.code[:4] in HEADINGS, text[one.start : one.end]) == (True, one.written)


def test_a_sentence_that_holds_thousands_of_codes_is_looked_through_once() -> None:
    found = find_codes("HS 3102.10 " + "3102100010 " * 6_000)
    assert len(found) == 6_001
    assert {one.code for one in found} == {"310210", "3102100010"}


def unshared(seen: str) -> Iterator[Any]:
    """Every keyword's chain told to its end, as if no other had been."""
    for keyword in hs_codes_of_texts._KEYWORD.finditer(seen):
        filler = hs_codes_of_texts._FILLER.match(seen, keyword.end())
        yield from hs_codes_of_texts._chain(seen, filler.end() if filler else keyword.end(), set())


PIECES = ["HS ", "heading ", "税号", "품목번호 ", "3102.10", "3102", "2604", "3105300010", "31.02", "2024", ", ", " and ",
          "-", "至", "부터 ", "号", "(urea)", "\t", "\n", ". ", " ", "No. ", "USD", "ex ", "第"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_chains_that_run_into_one_another_give_what_each_alone_gives(text: str) -> None:
    found = find_codes(text)
    with mock.patch.object(hs_codes_of_texts, "_linked", unshared):
        assert find_codes(text) == found


@pytest.mark.parametrize("unit", ["HS 3102.10, ", "HS 3102.10 to 3102.21, ", "税号3102、"])
def test_a_chain_of_a_thousand_keywords_is_walked_once(unit: str) -> None:
    true = hs_codes_of_texts._code_at
    with mock.patch.object(hs_codes_of_texts, "_code_at", side_effect=true) as looked:
        assert find_codes(unit * 1_000)
    assert looked.call_count <= 3_000


@given(st.sampled_from(GOODS), st.sampled_from(GOODS))
def test_a_range_stands_for_all_that_lies_in_it_or_for_its_ends(one: str, other: str) -> None:
    first, last = sorted((one, other))
    held = [code for code in GOODS if first <= code <= last]
    expected = held if len(held) <= MOST_IN_RANGE else [first, last]
    assert [one.code for one in find_codes(f"HS {first} to {last}")] == (expected if first < last else [first, last])
