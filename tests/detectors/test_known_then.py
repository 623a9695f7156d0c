"""Scores as known then, held against asking again at every moment; and poison that becomes known later."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.detectors.episodes import WARM_UP, warmed_up
from bongsu.detectors.flow_laying import FlowSeries, flow_told
from bongsu.detectors.known_then import scores_known_then
from bongsu.detectors.laying import Told, Versions, told
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, PRICE, TRANSIT, Rule, rules
from bongsu.detectors.series_laying import price_told, transit_told
from bongsu.indicators.series import Values
from bongsu.language import Text
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE as PRICE_RECORD
from bongsu.records.shapes import TRADE_FLOW, RecordType
from bongsu.records.shapes import TRANSIT as TRANSIT_RECORD
from bongsu.records.snapshot import Snapshot

DAY = 86_400_000_000
SERIES = FlowSeries("USA", "export", "CHN", "310210")


def fall(panel: Panel) -> Values:
    """Falls against the mean of all months before: every earlier figure bears on it."""
    held = np.nan_to_num(panel.values)
    before = np.cumsum(held, axis=1) - held
    return np.where(np.isfinite(panel.values), before / (np.arange(held.shape[1]) + 1) - held, np.nan)


FALL = Rule("fall", FLOW, Text("감소", "fall"), "", "", fall)


def asked_each_time(laid: Told, rule: Rule) -> Values:
    """The same without epochs: at each moment the whole panel as known then, and what is new in it."""
    scores = np.full(laid.shape, np.nan)
    done = np.zeros(laid.shape, dtype=np.bool_)
    for moment in np.unique(laid.at).tolist():
        panel = laid.panel(moment)
        fresh = (laid.readable() <= moment) & ~done
        found = np.where(warmed_up(panel), rule.scores(panel), np.nan)
        scores[fresh] = found[fresh]
        done |= fresh
    return scores


ENTRIES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 7), st.integers(0, 9), st.integers(-20, 20)), min_size=1, max_size=40
)


@settings(max_examples=200, deadline=None)
@given(entries=ENTRIES)
def test_epochs_give_what_asking_at_every_moment_gives(entries: list[tuple[int, int, int, int]]) -> None:
    rows, columns, at, values = (np.array(each) for each in zip(*entries, strict=True))
    size = len(entries)
    versions = Versions(
        row=rows, column=columns, fact=rows * 8 + columns, at=at * DAY, order=np.arange(size),
        value=values.astype(np.float64), weight=np.full(size, np.nan), withdrawn=values == 13,
    )  # fmt: skip
    laid = told(versions, pa.table({"n": [0, 1, 2]}), 600, "M", 8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WARM_UP, "M", 2)
        assert np.array_equal(scores_known_then(laid, FALL), asked_each_time(laid, FALL), equal_nan=True)


@settings(deadline=None)
@given(entries=ENTRIES, moment=st.integers(-1, 10))
def test_a_panel_holds_what_was_said_last_of_each_figure(entries: list[tuple[int, int, int, int]], moment: int) -> None:
    rows, columns, at, values = (np.array(each) for each in zip(*entries, strict=True))
    size = len(entries)
    versions = Versions(
        row=rows, column=columns, fact=rows * 8 + columns, at=at * DAY, order=np.arange(size),
        value=values.astype(np.float64), weight=np.full(size, np.nan), withdrawn=values == 13,
    )  # fmt: skip
    panel = told(versions, pa.table({"n": [0, 1, 2]}), 600, "M", 8).panel(moment * DAY)
    last: dict[tuple[int, int], float] = {}
    for row, column, when, value in sorted(entries, key=lambda one: one[2]):
        if when <= moment:
            last[row, column] = float("nan") if value == 13 else float(value)
    expected = np.full((3, 8), np.nan)
    for cell, figure in last.items():
        expected[cell] = figure
    assert np.array_equal(panel.values, expected, equal_nan=True)


# ---- on a lake


def month(number: int) -> date:
    return date(2015 + number // 12, number % 12 + 1, 1)


def known(number: int) -> datetime:
    following = month(number + 1)
    return datetime(following.year, following.month, 20, 22, tzinfo=UTC)


def flow(number: int, value: float | None, **more: object) -> dict[str, Any]:
    return {
        "source": "us_census", "reporter": "USA", "flow": "export", "partner": "CHN", "code_system": "HS",
        "code": "310210", "valid": month(number), "frequency": "M", "value": value, "currency": "USD",
        "quantity": None, "quantity_unit": None, "weight_kg": None, "known_at": known(number), **more,
    }  # fmt: skip


def price(number: int, value: float) -> dict[str, Any]:
    return {
        "source": "pinksheet", "series": "UREA", "valid": month(number), "frequency": "M", "name": "Urea",
        "value": value, "currency": "USD", "unit": "t", "known_at": known(number),
    }  # fmt: skip


def transits(number: int, value: float) -> dict[str, Any]:
    day = date(2019, 1, 1) + timedelta(number)
    return {
        "source": "portwatch", "chokepoint": "suez", "ship_class": "total", "valid": day, "frequency": "D",
        "transits": value, "capacity_dwt": None,
        "known_at": datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(9),
    }  # fmt: skip


Deliver = Callable[..., Snapshot]


@pytest.fixture
def lake_of(tmp_path: Path) -> Deliver:
    """lake_of((record, rows, published), …) → a snapshot of a lake with these deliveries."""

    def build(*deliveries: tuple[RecordType, list[dict[str, Any]], datetime]) -> Snapshot:
        lake = Lake(tmp_path / f"lake-{len(list(tmp_path.iterdir()))}", threads=1)
        with lake.writing() as writer:
            for record, rows, published in deliveries:
                filled = [
                    {"known_basis": "stated", "raw": 0, "raw_row": n, "raw_rows": 1, **row}
                    for n, row in enumerate(rows, 1)
                ]
                table = pa.Table.from_pylist(filled, schema=record.reader_schema)
                source = rows[0]["source"]
                reading = Reading(
                    (Batch(record, table, Scope(complete=False)),), published=published, published_basis="stated"
                )
                writer.deliver(reading, source=source, raws=(), read_at=published, run_id="test")
        return lake.snapshot()

    return build


FIRST, SECOND, THIRD = (
    datetime(2019, 2, 1, tzinfo=UTC),
    datetime(2019, 6, 1, tzinfo=UTC),
    datetime(2022, 1, 1, tzinfo=UTC),
)


def test_months_without_a_row_are_nothing_traded_only_where_the_reporter_published(lake_of: Deliver) -> None:
    rows = [flow(n, 5.0) for n in (2, 3, 6)] + [flow(n, 1.0, code="100110") for n in range(1, 9)]
    laid, absent = flow_told(lake_of((TRADE_FLOW, rows, FIRST)), [SERIES, FlowSeries("USA", "export", "JPN", "310210")])
    assert absent == (FlowSeries("USA", "export", "JPN", "310210"),)
    assert laid.panel().values.tolist() == [[0.0, 5.0, 5.0, 0.0, 0.0, 5.0, 0.0, 0.0]]
    assert laid.series["source"].to_pylist() == ["us_census"]
    assert (laid.first, laid.step) == ((2015 - 1970) * 12 + 1, "M")


def test_a_shorter_code_is_the_sum_of_its_parts(lake_of: Deliver) -> None:
    deep = {"code_system": "SCHEDULE_B"}
    parts = [flow(0, 2.0, code="3102101000", **deep), flow(0, 3.0, code="3102109000", **deep)]
    asked = [FlowSeries("USA", "export", "CHN", code) for code in ("310210", "3102", "31", "3102101000", "3105")]
    laid, absent = flow_told(lake_of((TRADE_FLOW, parts, FIRST)), asked)
    assert absent == (asked[-1],)
    assert laid.panel().values.tolist() == [[5.0], [5.0], [5.0], [2.0]]


def test_a_total_of_four_digits_is_never_read_as_six_nor_parts_beside_it_twice(lake_of: Deliver) -> None:
    usual = [flow(n, value, code=code) for n in range(3) for code, value in (("310210", 2.0), ("310221", 3.0))]
    last = [flow(2, 5.0, code="3102"), flow(3, 9.0, code="3102"), flow(3, 1.0, code="3102101000")]
    asked = [FlowSeries("USA", "export", "CHN", code) for code in ("310210", "3102")]
    laid, _ = flow_told(lake_of((TRADE_FLOW, usual + last, FIRST)), asked)
    assert np.array_equal(laid.panel().values, [[2.0, 2.0, 2.0, np.nan], [5.0, 5.0, 5.0, 9.0]], equal_nan=True)


def test_all_partners_are_the_published_total_or_else_their_sum(lake_of: Deliver) -> None:
    pair = [flow(0, 2.0), flow(0, 3.0, partner="JPN")]
    whole = FlowSeries("USA", "export", "", "310210")
    summed, _ = flow_told(lake_of((TRADE_FLOW, pair, FIRST)), [whole])
    stated, _ = flow_told(lake_of((TRADE_FLOW, [*pair, flow(0, 7.0, partner="W00")], FIRST)), [whole])
    assert (summed.panel().values.tolist(), stated.panel().values.tolist()) == ([[5.0]], [[7.0]])


def test_a_figure_that_is_withheld_is_unknown_and_not_nothing(lake_of: Deliver) -> None:
    laid, _ = flow_told(lake_of((TRADE_FLOW, [flow(0, None), flow(1, 4.0)], FIRST)), [SERIES])
    assert np.array_equal(laid.panel().values, [[np.nan, 4.0]], equal_nan=True)


def test_a_month_of_which_only_a_few_codes_are_out_is_not_out(lake_of: Deliver) -> None:
    codes = [f"{280000 + n}" for n in range(80)]
    rows = [flow(n, 1.0, code=code) for n in (0, 1) for code in codes] + [flow(2, 1.0, code=code) for code in codes[:9]]
    laid, _ = flow_told(
        lake_of((TRADE_FLOW, [*rows, flow(0, 5.0)], FIRST)), [SERIES, FlowSeries("USA", "export", "CHN", codes[0])]
    )
    assert np.array_equal(laid.panel().values, [[5.0, 0.0, np.nan], [1.0, 1.0, 1.0]], equal_nan=True)


def revised_lake(lake_of: Deliver) -> Snapshot:
    """Sixty months of a flow; twice, months are stated anew."""
    usual = [flow(n, 100.0 + 7 * (n % 12)) for n in range(48)]
    later = [flow(n, 100.0 + 7 * (n % 12), known_at=max(known(n), SECOND)) for n in range(48, 60)]
    again = [flow(n, 10.0 * n, known_at=SECOND) for n in range(20, 30)]
    last = [flow(n, 3.0, known_at=THIRD) for n in (25, 50)]
    return lake_of((TRADE_FLOW, usual, FIRST), (TRADE_FLOW, again + later, SECOND), (TRADE_FLOW, last, THIRD))


def test_on_a_lake_with_revisions_the_replay_is_what_as_of_gives_at_every_moment(lake_of: Deliver) -> None:
    snapshot = revised_lake(lake_of)
    laid, _ = flow_told(snapshot, [SERIES])
    scores = scores_known_then(laid, FALL)
    expected = np.full(laid.shape, np.nan)
    readable = laid.readable()
    for column in range(laid.periods):
        moment = datetime.fromtimestamp(readable[0, column] / 1e6, UTC)
        rows = snapshot.arrow(snapshot.as_of(TRADE_FLOW, moment)).to_pylist()
        values = np.full((1, laid.periods), np.nan)
        for row in rows:
            values[0, (row["valid"].year - 2015) * 12 + row["valid"].month - 1] = row["value"]
        panel = Panel(laid.series, laid.first, "M", values, np.zeros(laid.shape, dtype=np.int64))
        expected[0, column] = np.where(warmed_up(panel), fall(panel), np.nan)[0, column]
    assert np.isfinite(scores).sum() == 60 - 36
    assert np.allclose(scores, expected, equal_nan=True)
    final = scores_known_then(replace(laid, at=np.minimum(laid.at, readable[laid.row, laid.column])), FALL)
    assert not np.allclose(scores, final, equal_nan=True)  # the revisions do bear on the figures


# ---- poison


def poisoned(rows: list[dict[str, Any]], moment: datetime) -> list[dict[str, Any]]:
    """The same rows, and every figure that becomes known after the moment made absurd."""
    names = {"value", "weight_kg", "transits", "capacity_dwt"}
    return [
        {name: 1e15 if name in names and row["known_at"] > moment else cell for name, cell in row.items()}
        for row in rows
    ]


WAVE = [100 + 30 * np.sin(n / 3) + (n * 37 % 17) for n in range(900)]
KINDS: Mapping[str, tuple[RecordType, list[dict[str, Any]], datetime]] = {
    FLOW: (TRADE_FLOW, [flow(n, float(WAVE[n]), weight_kg=float(WAVE[n] / 2)) for n in range(84)], known(70)),
    PRICE: (PRICE_RECORD, [price(n, float(WAVE[n])) for n in range(144)], known(120)),
    TRANSIT: (
        TRANSIT_RECORD,
        [transits(n, float(round(WAVE[n]))) for n in range(900)],
        datetime(2021, 3, 1, tzinfo=UTC),
    ),
}


def laid_of(layer: str, snapshot: Snapshot) -> Told:
    if layer == FLOW:
        return flow_told(snapshot, [SERIES])[0]
    return (price_told if layer == PRICE else transit_told)(snapshot)[0]


@pytest.mark.parametrize("layer", [FLOW, PRICE, TRANSIT])
def test_what_becomes_known_later_changes_no_score_of_any_rule(layer: str, lake_of: Deliver) -> None:
    record, rows, moment = KINDS[layer]
    published = datetime(2027, 1, 1, tzinfo=UTC)
    clean = laid_of(layer, lake_of((record, rows, published)))
    bad = laid_of(layer, lake_of((record, poisoned(rows, moment), published)))
    until = int(moment.timestamp() * 1e6)
    then = clean.readable() <= until
    assert then.any()
    assert not np.array_equal(clean.panel().values, bad.panel().values, equal_nan=True)
    assert np.array_equal(clean.panel(until).values, bad.panel(until).values, equal_nan=True)
    for rule in rules(layer).values():
        before, after = scores_known_then(clean, rule), scores_known_then(bad, rule)
        assert np.isfinite(before[then]).any(), rule.id
        assert np.array_equal(before[then], after[then], equal_nan=True), rule.id


def test_nothing_laid_out_is_nothing_scored() -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Told(pa.table({"n": pa.array([], pa.int64())}), 0, "M", 0, none, none, none, np.zeros(0))
    assert scores_known_then(empty, FALL).shape == (0, 0)
