import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.baskets import basket, basket_codes
from bongsu.codes.hs import HsName, children, hs_codes, hs_name, level, normalise, parent, section
from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

LENGTHS = st.sampled_from([2, 4, 6, 8, 9, 10])
CODES = LENGTHS.flatmap(lambda digits: st.text("0123456789", min_size=digits, max_size=digits))


def test_the_tree_of_2022_is_whole() -> None:
    assert [len(hs_codes(digits)) for digits in (2, 4, 6, 8)] == [97, 1229, 5613, 0]
    everything = (*hs_codes(2), *hs_codes(4), *hs_codes(6))
    assert [code for code in everything if parent(code) and code not in children(parent(code) or "")] == []
    assert sum(len(children(code)) for code in everything) == 1229 + 5613


@pytest.mark.parametrize(
    ("code", "deep", "above"),
    [
        ("31", "chapter", None),
        ("3102", "heading", "31"),
        ("310210", "subheading", "3102"),
        ("31021000", "national", "310210"),
        ("381800100", "national", "381800"),
        ("3102100000", "national", "310210"),
        ("31021", None, None),
        ("3102100", None, None),
        ("", None, None),
        ("TOTAL", None, None),
        ("３１", None, None),
    ],
)
def test_level_and_parent(code: str, deep: str | None, above: str | None) -> None:
    assert (level(code), parent(code)) == (deep, above)


def test_children_keep_their_leading_zeros() -> None:
    assert children("01") == ("0101", "0102", "0103", "0104", "0105", "0106")
    assert children("3102")[0] == "310210"
    assert children("310210") == ()


def test_a_name_says_whether_its_korean_is_known() -> None:
    assert hs_name("31") == HsName("비료", "Fertilizers", ko_known=True)
    urea = hs_name("310210")
    assert urea is not None
    assert (urea.ko_known, urea.ko) == (False, urea.en)
    assert urea.en.startswith("Fertilizers, mineral or chemical; nitrogenous, urea")
    assert [hs_name(code) for code in ("77", "000000", "3102100000", "TOTAL")] == [None] * 4


def test_every_chapter_has_a_korean_name() -> None:
    assert [code for code in hs_codes(2) if not (name := hs_name(code)) or not name.ko_known] == []


def test_sections() -> None:
    metals = section("8112921000")
    assert metals is not None
    assert (metals.number, metals.name.en) == ("XV", "Base metals and articles of base metal")
    assert section("99") is None
    assert section("77") is None
    assert {found.number for code in hs_codes(2) if (found := section(code))} == {
        row["section"] for row in rows("hs_sections_ko")
    }


@pytest.mark.parametrize(
    ("code", "digits", "expected"),
    [
        ("0101210000", 10, "0101210000"),
        ("0101.21", 6, "010121"),
        ("0101.21.00.00", 10, "0101210000"),
        ("3102.10-0000", 10, "3102100000"),
        ("0101 21", 6, "010121"),
        ("3818.00-100", 9, "381800100"),
        ("0101.21-000", 9, "010121000"),
        ("101210000", 9, "101210000"),
        ("3818.00-100", 10, None),
        (" 010121 ", 6, "010121"),
        ("10121", 6, None),
        ("101210000", 10, None),
        ("101210000.0", 10, None),
        ("310210.0", 6, None),
        ("3.1021E+09", 10, None),
        ("310210", 10, None),
        ("HS310210", 6, None),
        ("３１０２１０", 6, None),
        ("-", 6, None),
        ("", 6, None),
        ("310", 3, None),
    ],
)
def test_normalise_takes_codes_of_the_promised_length_only(code: str, digits: int, expected: str | None) -> None:
    assert normalise(code, digits) == expected


def test_a_lost_zero_is_restored_only_when_the_caller_says_so() -> None:
    assert normalise("10121", 6, lost_zeros=True) == "010121"
    assert normalise("101210000", 10, lost_zeros=True) == "0101210000"
    assert normalise("10121000", 9, lost_zeros=True) == "010121000"
    assert normalise("310210", 6, lost_zeros=True) == "310210"
    assert normalise("1012", 6, lost_zeros=True) is None
    assert normalise("310210000.0", 10, lost_zeros=True) is None


@pytest.mark.parametrize("code", [10121, 310210.0, None, float("nan")])
def test_a_code_that_is_not_text_is_an_error(code: object) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        normalise(code, 6)  # type: ignore[arg-type]
    assert caught.value.mend is not None
    assert caught.value.mend.en.startswith("Read the column of codes as text")


@given(CODES)
def test_a_code_of_digits_survives_with_its_zeros(code: str) -> None:
    assert normalise(code, len(code)) == code
    below = [code[at : at + 2] for at in range(4, len(code) - len(code) % 2, 2)]
    dotted = ".".join([code[:4], *below[: len(below) - len(code) % 2], *([code[6:]] if len(code) % 2 else [])])
    assert normalise(dotted, len(code)) == code


@given(CODES)
def test_what_a_spreadsheet_makes_of_a_code_is_never_taken_for_another(code: str) -> None:
    as_number = str(int(code))
    assert normalise(as_number, len(code)) in (code, None)
    assert normalise(f"{as_number}.0", len(code)) is None
    if len(as_number) == len(code) - 1:
        assert normalise(as_number, len(code), lost_zeros=True) == code


def test_811292_hides_gallium_and_germanium() -> None:
    assert basket("811292") == (
        Text("갈륨", "gallium"),
        Text("게르마늄", "germanium"),
        Text("인듐", "indium"),
        Text("니오븀", "niobium"),
        Text("바나듐", "vanadium"),
    )


def test_what_a_basket_holds_depends_on_the_revision() -> None:
    held = {revision: {text.en for text in basket("811292", revision) or ()} for revision in ("2002", "2017", "2022")}
    assert held["2017"] - held["2022"] == {"hafnium", "rhenium"}
    assert held["2017"] - held["2002"] == {"germanium", "vanadium"}
    assert basket("811292", "1996") is None


def test_codes_of_one_good_are_no_baskets() -> None:
    assert [basket(code) for code in ("310210", "250410", "811299000", "8112", "")] == [None] * 5


def test_every_basket_is_a_subheading_and_holds_several_goods() -> None:
    assert [code for code in basket_codes() if hs_name(code) is None] == []
    assert [code for code in basket_codes() if len(basket(code) or ()) < 2] == []
    assert [text for code in basket_codes() for text in basket(code) or () if not text.ko or not text.en] == []
