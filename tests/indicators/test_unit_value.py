"""Unit values: known where both parts are."""

from types import SimpleNamespace

import pytest

from bongsu.indicators.unit_value import unit_value
from bongsu.records.shapes import TRADE_FLOW


@pytest.mark.parametrize(
    ("value", "weight", "quantity", "expected"),
    [
        (10.0, 4.0, 5.0, (2.5, 2.0)),
        (10.0, 0.0, None, (None, None)),
        (None, 4.0, 5.0, (None, None)),
        (0.0, 4.0, 5.0, (None, None)),
    ],
)
def test_both_unit_values(
    make: SimpleNamespace,
    value: float | None,
    weight: float | None,
    quantity: float | None,
    expected: tuple[float | None, ...],
) -> None:
    table = make.table(TRADE_FLOW, [make.flow("CHN", value, weight_kg=weight, quantity=quantity)])
    (row,) = unit_value(table).to_pyarrow().to_pylist()
    assert (row["per_kg"], row["per_unit"]) == expected
