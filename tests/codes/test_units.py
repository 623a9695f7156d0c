from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bongsu.codes.currencies import currencies, currency
from bongsu.codes.tables import UnknownCodeError
from bongsu.codes.units import PriceUnit, convert, find_unit, price_unit, unit, units
from bongsu.language import Text

UNITS = tuple(units())


@pytest.mark.parametrize(
    ("value", "one", "other", "expected"),
    [
        (1, "t", "kg", 1000),
        (1, "lb", "g", 453.59237),
        (1, "troy oz", "g", 31.1034768),
        (5, "carat", "g", 1),
        (1, "bbl", "L", 158.987294928),
        (1, "mmbtu", "kWh", 293.07107017),
        (2, "dozen", "piece", 24),
        (1, "kt", "t", 1000),
        (3, "million t", "kt", 3000),
        (7, "dmtu", "dmtu", 7),
    ],
)
def test_known_conversions(value: float, one: str, other: str, expected: float) -> None:
    assert convert(value, one, other) == pytest.approx(expected, rel=1e-9)


@given(st.floats(1e-6, 1e12), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_conversion_comes_back_or_is_refused(value: float, one: str, other: str) -> None:
    if units()[one].dimension == units()[other].dimension:
        assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-12)
    else:
        with pytest.raises(UnknownCodeError):
            convert(value, one, other)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("MT", "t"),
        ("mt", "t"),
        ("metric tons", "t"),
        ("T", "t"),
        ("KG", "kg"),
        ("Kg", "kg"),
        ("cubic meter", "m3"),
        ("m³", "m3"),
        ("u", "piece"),
        ("2u", "pair"),
        ("DOZ", "dozen"),
        ("CAR", "carat"),
        ("1000 kWh", "MWh"),
        ("톤", "t"),
        ("  cubic   metres ", "m3"),
    ],
)
def test_labels_as_files_write_them(label: str, code: str) -> None:
    assert unit(label).code == code


@pytest.mark.parametrize("label", ["Mt", "ton", "tons", "ML", "", "-", "No quantity", "parsec"])
def test_ambiguous_and_unknown_units_are_refused(label: str) -> None:
    assert find_unit(label) is None
    with pytest.raises(UnknownCodeError):
        unit(label)


def test_every_unit_answers_to_its_code_and_speaks_both_languages() -> None:
    assert [code for code in UNITS if unit(code).code != code] == []
    assert [one for one in units().values() if not one.name.ko or not one.name.en] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("($/mt)", PriceUnit("USD", "t")),
        ("($/bbl)", PriceUnit("USD", "bbl")),
        ("($/kg)", PriceUnit("USD", "kg")),
        ("($/mmbtu)", PriceUnit("USD", "mmbtu")),
        ("($/cubic meter)", PriceUnit("USD", "m3")),
        ("($/dmtu)", PriceUnit("USD", "dmtu")),
        ("($/troy oz)", PriceUnit("USD", "troy oz")),
        ("(¢/kg)", PriceUnit("USD", "kg", 0.01)),
        ("(cents/sheet)", PriceUnit("USD", "sheet", 0.01)),
        ("(2010=100)", PriceUnit(None, "index", base="2010")),
        ("US$ per metric ton", PriceUnit("USD", "t")),
        ("KRW/kg", PriceUnit("KRW", "kg")),
        ("EUR/MWh", PriceUnit("EUR", "MWh")),
        ("($/Mt)", None),
        ("($/parsec)", None),
        ("(XXZ/kg)", None),
        ("(%)", None),
        ("$", None),
        ("", None),
    ],
)
def test_price_units(text: str, expected: PriceUnit | None) -> None:
    assert price_unit(text) == expected


@given(st.text(max_size=30))
def test_any_text_gives_a_known_price_unit_or_none(text: str) -> None:
    found = price_unit(text)
    assert found is None or found.unit == "index" or (found.unit in units() and found.currency in currencies())


@pytest.mark.realdata
def test_every_unit_of_the_pink_sheets_is_known(realdata: Path) -> None:
    seen = set()
    for path in (realdata / "trade" / "worldbank").glob("*.xlsx"):
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Monthly Prices").to_python()
        seen |= {str(cell) for cell in sheet[5] if str(cell).startswith("(")}
    assert len(seen) == 9
    assert {text for text in seen if price_unit(text) is None} == set()


@pytest.mark.parametrize(
    ("code", "number", "minor"),
    [
        ("KRW", "410", 0),
        ("USD", "840", 2),
        ("JPY", "392", 0),
        ("KWD", "414", 3),
        ("ALL", "008", 2),
        ("XDR", "960", None),
    ],
)
def test_currencies_keep_their_zeros_and_minor_units(code: str, number: str, minor: int | None) -> None:
    found = currency(code)
    assert (found.number, found.minor_units) == (number, minor)
    assert currency(number) == found
    assert currency(code.lower()) == found


def test_every_currency_speaks_both_languages_and_has_its_own_number() -> None:
    assert [one.code for one in currencies().values() if not one.name.ko or not one.name.en] == []
    assert len({one.number for one in currencies().values()}) == len(currencies())
    assert currencies()["KRW"].name == Text("대한민국 원", "South Korean Won")


def test_an_unknown_currency_is_an_error() -> None:
    with pytest.raises(UnknownCodeError):
        currency("XXZ")
