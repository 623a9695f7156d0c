"""Alternatives come ranked by what they sell elsewhere; a hub is flagged; without figures nothing is said."""

from datetime import UTC, date, datetime
from typing import Any

import ibis
import pyarrow as pa

from bongsu.fusion.spare import Spare, first_day, is_hub, notes, ranked, spares
from bongsu.items.catalogue import catalogue
from bongsu.language import Text
from bongsu.records.shapes import TRADE_FLOW

Row = dict[str, Any]
UREA = catalogue("KOR").as_of(date(2024, 6, 1)).item("urea")


def sold(reporter: str, partner: str, value: float | None, code: str = "310210", **more: object) -> Row:
    return {
        "source": "t", "reporter": reporter, "flow": "export", "partner": partner, "code_system": "HS", "code": code,
        "valid": date(2023, 1, 1), "frequency": "A", "value": value, "currency": "USD", "known_basis": "stated",
        "raw": 0, "raw_row": 1, "raw_rows": 1, "known_at": datetime(2024, 3, 1, tzinfo=UTC), **more,
    }  # fmt: skip


def found(*rows: Row) -> dict[str, dict[str, Spare]]:
    schema = pa.schema([field.with_nullable(True) for field in TRADE_FLOW.reader_schema])  # noqa: FBT003 - as a lake gives it
    flows = ibis.memtable(pa.Table.from_pylist(list(rows), schema=schema))
    return {id_: dict(each) for id_, each in spares(flows, (UREA,), "KOR").items()}


def test_the_newest_year_of_each_country_counts() -> None:
    rows = found(
        sold("QAT", "W00", 100.0, weight_kg=1000.0),
        sold("QAT", "KOR", 30.0, weight_kg=300.0),
        sold("VNM", "JPN", 5.0, valid=date(2022, 1, 1)),
        sold("VNM", "JPN", 9.0, valid=date(2021, 1, 1)),
        sold("QAT", "JPN", 999.0, code="270900"),
    )
    assert rows == {
        "urea": {
            "QAT": Spare(2023, 70.0, "USD", 700.0, at_least=False),
            "VNM": Spare(2022, 5.0, "USD", None, at_least=False),
        }
    }


def test_where_nothing_between_others_is_held_nothing_is_said() -> None:
    assert found(sold("QAT", "KOR", 30.0)) == {}
    assert found() == {}


def test_sellers_are_ranked_by_value_in_one_currency_else_by_weight() -> None:
    held = {
        "QAT": Spare(2023, 70.0, "USD", 1.0, at_least=False),
        "VNM": Spare(2023, 90.0, "USD", None, at_least=False),
        "AUS": Spare(2023, 70.0, "USD", 5.0, at_least=False),
    }
    assert ranked(held) == ("VNM", "AUS", "QAT")
    mixed = held | {"JPN": Spare(2023, 9000.0, "JPY", 3.0, at_least=False)}
    assert ranked(mixed) == ("AUS", "JPN", "QAT", "VNM")
    assert ranked({}) == ()


def test_a_hub_and_a_seller_are_put_in_words() -> None:
    on = date(2024, 6, 1)
    assert is_hub("HKG", on)
    assert not is_hub("QAT", on)
    assert notes("HKG", Spare(2023, 70.0, "USD", 7_000_000.0, at_least=True), on) == (
        Text("2023년에 다른 나라로 적어도 7,000톤 수출", "sold at least 7,000 tonnes to others in 2023"),
        Text("홍콩: 중계지일 수 있음", "Hong Kong may be a re-export hub"),
    )
    assert notes("QAT", Spare(2023, 70.0, "USD", None, at_least=False), on) == (
        Text("2023년에 다른 나라로 70 USD 수출", "sold 70 USD to others in 2023"),
    )
    assert notes("QAT", None, on) == ()


def test_three_whole_years_are_read() -> None:
    assert first_day(date(2024, 6, 1)) == date(2021, 1, 1)
