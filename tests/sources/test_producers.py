"""Who a line of a production table is about, and text that went through a wrong decoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.countries import countries
from bongsu.sources.producers import Producer, mended, producer, slug
from bongsu.sources.typed_rows import BadCellError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Korea, Republic of", Producer("KOR")),
        ("Korea, North", Producer("PRK")),
        ("Congo (Kinshasa)", Producer("COD")),
        ("Congo (Brazzaville)", Producer("COG")),
        ("Burma", Producer("MMR")),
        ("United\xa0States", Producer("USA")),
        ("Brazil (crude and beneficiated)", Producer("BRA", "crude and beneficiated")),
        ("Trinidad and Tobago", Producer("TTO")),
        ("United States and Canada", Producer("CAN+USA")),
        ("World total", Producer("W00")),
        ("World total (rounded) 10", Producer("W00")),
        ("World total (ilmenite and rutile, rounded)", Producer("W00", "ilmenite and rutile")),
        ("World total (rounded), natural", Producer("W00", "natural")),
        ("Other countries (rounded)", Producer("X00")),
        ("Other Countries", Producer("X00")),
    ],
)
def test_a_name_with_its_remark_is_told_from_a_total(text: str, expected: Producer) -> None:
    assert producer(text) == expected


@pytest.mark.parametrize("text", ["Congo", "Atlantis", "", "Brasilia", "Korea", "Congo and Canada"])
def test_an_unknown_or_ambiguous_name_is_no_country(text: str) -> None:
    with pytest.raises(BadCellError) as refused:
        producer(text)
    assert refused.value.reason == "bad_country"


def test_a_line_for_several_countries_is_no_country_of_its_own() -> None:
    together = producer("United States and Canada")
    assert (together.members, together.code in countries()) == (("CAN", "USA"), False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CÃ´te dâ€™Ivoire", "Côte d’Ivoire"),
        ("TÃ¼rkiye", "Türkiye"),
        ("Côte d’Ivoire", "Côte d’Ivoire"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("plain", "plain"),
    ],
)
def test_utf8_read_as_cp1252_is_read_again_only_where_it_is_that(text: str, expected: str) -> None:
    assert mended(text) == expected


def _once_mangled(text: str) -> str:
    """UTF-8 bytes taken for cp1252, as a careless editor does."""
    return "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in text.encode("utf-8"))


@given(st.text(st.characters(codec="cp1252", min_codepoint=32), max_size=20))
def test_what_was_mangled_once_comes_back_whole(text: str) -> None:
    mangled = _once_mangled(text)
    assert mended(mangled) in {text, mangled}
    if "é" in text and text == mended(text):
        assert mended(mangled) == text


@given(st.text(max_size=30))
def test_a_slug_is_small_letters_digits_and_underscores(text: str) -> None:
    assert slug(slug(text)) == slug(text)
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
