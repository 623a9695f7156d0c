"""Many moments at once: the same answers as moment by moment, and far fewer reads."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.detectors.publisher import Publisher
from bongsu.fusion.watch import watch, watches
from bongsu.items.catalogue import catalogue
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.shapes import MEASURE, PRICE, RecordType

Rows = Callable[[RecordType, list[dict[str, Any]]], pa.Table]
ASKED = (catalogue("KOR"), network("KOR"))
FIRST = date(2021, 1, 20)


def price(month: int, value: float, known: datetime) -> dict[str, Any]:
    return {
        "source": "worldbank_pinksheet", "series": "UREA_EE_BULK", "name": "Urea", "frequency": "M", "currency": "USD",
        "valid": date(2010 + month // 12, month % 12 + 1, 1), "value": value, "known_at": known,
    }  # fmt: skip


def suspended(until: date) -> list[dict[str, Any]]:
    act = {"source": "notices_table", "jurisdiction": "CHN", "issuer": "GAC", "number": "No. 81", "limb": ""}
    issued = {
        "event": "issued", "valid": FIRST, "published": FIRST, "effective": FIRST + timedelta(3), "direction": "export",
        "instrument": "export licensing", "hs_codes": ["3102"],
    }  # fmt: skip
    return [
        {**act, **issued},
        {**act, "event": "suspended", "valid": FIRST + timedelta(5), "until": until, "by": "No. 82"},
    ]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 60), min_size=2, max_size=5),
    until=st.integers(6, 50),
    values=st.lists(st.floats(1, 1000), min_size=132, max_size=132),
)
def test_many_moments_give_what_each_gives_alone(
    records: Rows,
    clocks: Mapping[str, Publisher],
    plain: Callable[..., Any],
    days: list[int],
    until: int,
    values: list[float],
) -> None:
    known = [end_of_day(FIRST + timedelta(max(0, month - 130) * 17), "UTC") for month in range(132)]
    prices = [price(month, value, when) for month, (value, when) in enumerate(zip(values, known, strict=True))]
    tables = {
        "price": records(PRICE, prices),
        "measure": records(MEASURE, suspended(FIRST + timedelta(until))),
    }
    moments = [end_of_day(FIRST + timedelta(day), "Asia/Seoul") for day in days]
    together = list(watches(plain(tables), *ASKED, moments, clocks, items=["urea"]))
    assert together == [(each, watch(plain(tables), *ASKED, each, clocks, items=["urea"])) for each in moments]


def test_nothing_is_read_again_where_nothing_was_published(
    records: Rows, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    lake = plain({"price": records(PRICE, [price(0, 1.0, datetime(2010, 1, 1, tzinfo=UTC))])})
    moments = [end_of_day(date(2021, 3, day), "Asia/Seoul") for day in range(1, 31)]
    reads = []
    for _ in watches(lake, *ASKED, moments, clocks):
        reads.append(lake.reads)  # noqa: PERF401 - the count as it grows
    assert set(reads) == {8}


@pytest.mark.realdata
def test_the_real_story_is_the_same_day_by_day(
    real_tables: Mapping[str, pa.Table], clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    days = (date(2021, 10, 12), date(2021, 10, 13), date(2021, 11, 5), date(2022, 2, 1))
    moments = [end_of_day(day, "Asia/Seoul") for day in days]
    together = dict(watches(plain(real_tables), *ASKED, moments, clocks))
    for moment in moments:
        assert together[moment] == watch(plain(real_tables), *ASKED, moment, clocks)
