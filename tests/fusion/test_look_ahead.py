"""Whatever becomes known later changes nothing that was said before, in any layer."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bongsu.detectors.flow import earlier
from bongsu.detectors.publisher import Publisher
from bongsu.detectors.signal import Layer, State
from bongsu.fusion.watch import watch, watches
from bongsu.items.catalogue import catalogue
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.shapes import TRADE_FLOW, RecordType

Rows = Callable[[RecordType, list[dict[str, Any]]], pa.Table]
Tables = Mapping[str, pa.Table]
ASKED = (catalogue("KOR"), network("KOR"))
MOMENT = end_of_day(date(2021, 10, 13), "Asia/Seoul")
pytestmark = pytest.mark.realdata


def flows() -> list[dict[str, Any]]:
    """Urea from China and Qatar, by our customs and by theirs, to a year after the moment."""
    both = {"code_system": "HS", "code": "310210", "frequency": "M", "currency": "USD"}
    sides = [("kr_customs", "KOR", "import", "CHN"), ("kr_customs", "KOR", "import", "QAT")]
    sides += [("un_comtrade", "CHN", "export", "KOR"), ("un_comtrade", "QAT", "export", "JPN")]
    rows = []
    for back in range(60):
        month = earlier(date(2022, 9, 1), back)
        known = datetime.combine(earlier(month, -1), datetime.min.time(), UTC) + timedelta(14, hours=6)
        for source, reporter, flow, partner in sides:
            value = 100.0 + 7 * (back % 12) + (50 if partner != "QAT" else 0)
            one = {"source": source, "reporter": reporter, "flow": flow, "partner": partner, "valid": month}
            rows.append({**both, **one, "known_at": known, "value": value, "weight_kg": value / 2})
    return rows


def poisoned(table: pa.Table) -> pa.Table:
    """The same rows, and every number of those known later turned into nonsense."""
    later = pc.greater(table["known_at"], MOMENT)
    for at, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            bad = pa.scalar(0.01 if field.name == "share" else 1e12, field.type)
            table = table.set_column(at, field, pc.if_else(later, bad, table[field.name]))
    return table


def without_later(table: pa.Table) -> pa.Table:
    return table.filter(pc.less_equal(table["known_at"], MOMENT))


@pytest.fixture(scope="module")
def tables(real_tables: Tables, records: Rows) -> Tables:
    return {**real_tables, "trade_flow": records(TRADE_FLOW, flows())}


def test_the_poison_reaches_every_record_type_and_the_layers_speak(
    tables: Tables, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    """Otherwise the tests below would prove nothing."""
    for name in ("price", "transit", "measure", "dependence", "trade_flow"):
        assert without_later(tables[name]).num_rows < tables[name].num_rows
    (urea,) = watch(plain(tables), *ASKED, MOMENT, clocks, items=["urea"])
    silent = {Layer.MISSION_REPORT}
    assert {view.layer for view in urea.layers_in(State.LIVE)} == set(Layer) - silent


@pytest.mark.parametrize("change", [poisoned, without_later])
def test_no_warning_changes(
    tables: Tables, clocks: Mapping[str, Publisher], plain: Callable[..., Any], change: Callable[[pa.Table], pa.Table]
) -> None:
    changed = {name: change(table) for name, table in tables.items()}
    assert watch(plain(changed), *ASKED, MOMENT, clocks) == watch(plain(tables), *ASKED, MOMENT, clocks)


def test_no_warning_of_many_moments_changes_before_the_poison(
    tables: Tables, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    moments = [MOMENT - timedelta(days=40), MOMENT, MOMENT + timedelta(days=40)]
    bad = {name: poisoned(table) for name, table in tables.items()}
    clean = list(watches(plain(tables), *ASKED, moments, clocks))
    dirty = list(watches(plain(bad), *ASKED, moments, clocks))
    assert clean[:2] == dirty[:2]
    assert clean[2] != dirty[2]
