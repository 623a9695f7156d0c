"""A partner whose rows were withheld or set aside has not stopped trading: the World total gives it away."""

from datetime import UTC, date, datetime
from typing import Any

from bongsu.detectors.flow import stream, supply
from bongsu.detectors.signal import Layer

KNOWN = datetime(2024, 1, 15, tzinfo=UTC)
MONTHS = [date(2023, month, 1) for month in range(1, 13)]


def row(month: date, partner: str, value: float | None) -> dict[str, Any]:
    return {
        "source": "mine", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HS",
        "code": "811292", "valid": month, "frequency": "M", "value": value, "known_at": KNOWN,
    }  # fmt: skip


def test_an_absent_partner_is_unknown_where_the_world_total_says_that_something_is_hidden() -> None:
    rows = [row(month, "CHN", 90.0) for month in MONTHS[:-1]]
    rows += [row(month, "JPN", 10.0) for month in MONTHS]
    rows += [row(month, "W00", 100.0) for month in MONTHS]
    one = stream(rows, Layer.OWN_CUSTOMS)
    assert one is not None
    assert one.hidden == {MONTHS[-1]}
    assert (one.value(MONTHS[0], "CHN"), one.value(MONTHS[-1], "CHN")) == (90.0, None)
    assert supply(one).complete is False


def test_an_absent_partner_traded_nothing_where_the_others_make_up_the_world() -> None:
    rows = [row(month, "CHN", 90.0) for month in MONTHS[:-1]]
    rows += [row(month, "JPN", 10.0) for month in MONTHS]
    rows += [row(month, "W00", 100.0) for month in MONTHS[:-1]] + [row(MONTHS[-1], "W00", 10.0)]
    one = stream(rows, Layer.OWN_CUSTOMS)
    assert one is not None
    assert (one.hidden, one.value(MONTHS[-1], "CHN")) == (frozenset(), 0.0)
    assert supply(one).complete is True
    assert [partner for partner, _ in supply(one).shares] == ["CHN", "JPN"]
