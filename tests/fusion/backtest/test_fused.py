"""Fusion over the years, counted on made-up warnings whose answers are known; and the walk against the watch itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.flow_laying import FlowSeries
from bongsu.detectors.publisher import Publisher
from bongsu.detectors.signal import Layer, State
from bongsu.fusion.backtest.events import Event
from bongsu.fusion.backtest.files import Case
from bongsu.fusion.backtest.fused import fused, fused_case
from bongsu.fusion.backtest.walk import Watching
from bongsu.fusion.record import Row, pooled
from bongsu.fusion.watch import watch
from bongsu.items.catalogue import catalogue
from bongsu.language import Text
from bongsu.missions.load import network
from bongsu.records.known import end_of_day

YEAR = [date(2020, 1, 1) + timedelta(n) for n in range(366 + 365)]


def warning(item: str, level: int | None, layers: int) -> Any:  # noqa: ANN401
    live = [SimpleNamespace(layer=layer) for layer in list(Layer)[:layers]]
    uses = (SimpleNamespace(id="use", name=Text("쓰임", "use")),)
    return SimpleNamespace(
        subject=item, level=level, uses=uses, layers_in=lambda state: live if state is State.LIVE else []
    )


class MadeUp:
    """A watch that says what a table of (item → day → level, layers) says."""

    def __init__(self, said: Mapping[str, Callable[[date], tuple[int | None, int]]]) -> None:
        self.said = said
        self.catalogue = SimpleNamespace(
            by_hs=lambda code: [SimpleNamespace(item=SimpleNamespace(id=i)) for i in said if code]
        )

    def turning_days(self, first: date, last: date) -> list[date]:
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def on(self, days: Iterable[date], items: Sequence[str] | None = None) -> Iterator[tuple[date, tuple[Any, ...]]]:
        for day in days:
            yield (
                day,
                tuple(warning(item, *says(day)) for item, says in self.said.items() if items is None or item in items),
            )


ACT = Event("a", date(2020, 9, 1), date(2020, 9, 1), "an act", "its number")


def rings(first: date, last: date, layers: int = 2) -> Callable[[date], tuple[int, int]]:
    return lambda day: (4 if first <= day <= last else 1, layers)


def test_false_alarms_are_counted_where_two_layers_were_live_and_no_event_explains_them() -> None:
    said = {
        "a": rings(date(2020, 8, 1), date(2020, 8, 20)),  # before its act: true
        "b": rings(date(2020, 8, 1), date(2020, 8, 20)),  # nothing happened: false
        "c": rings(date(2020, 8, 1), date(2020, 8, 20), layers=1),  # too few layers to be counted
        "d": rings(date(2020, 8, 1), date(2021, 2, 10)),  # rings on: three times, one of them in the second year
    }
    found = fused(MadeUp(said), [ACT], first=YEAR[0], last=YEAR[-1])  # type: ignore[arg-type]
    assert (found.item_years, found.all_item_years) == (6, 8)
    assert [(one.item, one.day, one.event) for one in found.episodes] == [
        ("a", date(2020, 8, 1), ACT),
        ("b", date(2020, 8, 1), None),
        ("d", date(2020, 8, 1), None),
        ("d", date(2020, 10, 31), None),
        ("d", date(2021, 1, 30), None),
    ]
    assert len(found.false_alarms) == 4
    assert found.per_item_year == pytest.approx(4 / 6)
    assert (found.events, found.caught) == (1, 1)
    assert found.alarms == 6
    assert [(one.year, one.alarms, one.item_years) for one in found.years] == [(2020, 5, 4.0), (2021, 1, 4.0)]


def test_item_years_with_a_live_layer_leave_out_days_without_one() -> None:
    said = {"a": rings(date(2020, 8, 1), date(2020, 8, 20)), "b": lambda day: (1, 1 if day.year == YEAR[0].year else 0)}
    found = fused(MadeUp(said), [], first=YEAR[0], last=YEAR[-1])  # type: ignore[arg-type]
    # The last day of all ends the replay, and lasts no time.
    expected = [pytest.approx(2 * 366 / 365.25, abs=1e-3), pytest.approx(364 / 365.25, abs=1e-3)]
    assert [one.live_item_years for one in found.years] == expected


def test_the_record_counts_months_by_level_and_layers_and_what_followed() -> None:
    said = {"a": rings(date(2020, 4, 1), date(2020, 5, 15))}
    found = fused(MadeUp(said), [ACT], first=YEAR[0], last=YEAR[-1])  # type: ignore[arg-type]
    # Months to July 2021 have 183 days after them; the act of 1 September follows those of April to August.
    rows = {(row.level, row.layers): (row.forecasts, row.followed) for row in found.rows}
    assert rows == {(1, 2): (17, 3), (4, 2): (2, 2)}
    assert found.rows == pooled(found.months)
    assert [month.day for month in found.months] == [
        date(2020 + number // 12, number % 12 + 1, 1) for number in range(19)
    ]
    assert found.months[3].rows == (Row(level=4, layers=2, forecasts=1, followed=1),)


CASE = Case(
    "urea",
    "fused",
    FlowSeries("KOR", "import", "CHN", "310210"),
    "",
    date(2020, 9, 1),
    date(2020, 6, 1),
    date(2020, 9, 1),
)


@pytest.mark.parametrize(
    ("first", "last", "hit"),
    [
        (date(2020, 6, 10), date(2020, 6, 12), date(2020, 6, 10)),
        (date(2020, 5, 1), date(2020, 6, 12), None),  # it began before, and had ended before it counts again
        (date(2020, 5, 1), date(2020, 8, 30), date(2020, 7, 31)),  # it rings on and counts again
        (date(2020, 9, 2), date(2020, 9, 9), None),
        (date(2019, 6, 1), date(2020, 6, 12), None),  # it rang before the first day walked: its beginning is unknown
    ],
)
def test_a_case_is_hit_by_an_alarm_that_starts_within_its_days(first: date, last: date, hit: date | None) -> None:
    found = fused_case(MadeUp({"a": rings(first, last)}), CASE)  # type: ignore[arg-type]
    assert (found.first, found.items) == (hit, ("a",))
    assert found.uses == ((("use", Text("쓰임", "use")),) if hit else ())


@pytest.mark.parametrize(("first", "severe"), [(date(2020, 6, 10), date(2020, 6, 10)), (date(2020, 5, 30), None)])
def test_four_fires_count_where_they_start_and_not_where_they_stand(first: date, severe: date | None) -> None:
    found = fused_case(MadeUp({"a": rings(first, date(2020, 6, 12))}), CASE)  # type: ignore[arg-type]
    assert (found.level, found.severe) == (4, severe)


def test_a_case_of_no_item_is_no_hit() -> None:
    found = fused_case(MadeUp({}), CASE)  # type: ignore[arg-type]
    assert (found.first, found.items, found.level) == (None, (), None)


@pytest.mark.realdata
def test_the_walk_says_on_each_day_what_the_watch_says(
    real_tables: Mapping[str, pa.Table], plain: Callable[..., Any], clocks: Mapping[str, Publisher]
) -> None:
    snapshot = plain(real_tables)
    snapshot.arrow = lambda expression: expression.to_pyarrow()
    asked = (catalogue("KOR"), network("KOR"))
    walk = Watching(snapshot, *asked, clocks)
    days = walk.turning_days(date(2021, 10, 5), date(2021, 10, 20))
    assert {date(2021, 10, 12), date(2021, 10, 13), date(2021, 10, 15)} <= set(days)
    for day, found in walk.on(days, ["urea", "dap_map"]):
        told = watch(snapshot, *asked, end_of_day(day, "Asia/Seoul"), clocks, items=["urea", "dap_map"])
        expected = {one.subject: (one.level, one.reasons, one.uses) for one in told}
        assert {one.subject: (one.level, one.reasons, one.uses) for one in found} == expected
