"""Rows that are added, and become known later, change nothing that could be read before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bongsu.detectors import flow_laying
from bongsu.detectors.flow_laying import FlowSeries, flow_told
from bongsu.detectors.known_then import scores_known_then
from bongsu.detectors.laying import Told
from bongsu.detectors.panel import NEVER
from bongsu.detectors.rule import FLOW, rules
from bongsu.detectors.series_laying import price_told
from bongsu.fusion.backtest.files import Quiet
from bongsu.fusion.backtest.ledger import flow_ledger
from bongsu.records.shapes import RecordType
from bongsu.records.snapshot import Where

Row = dict[str, object]
LATE = datetime(2025, 1, 1, tzinfo=UTC)
UNTIL = int(datetime(2020, 12, 31, tzinfo=UTC).timestamp() * 1e6)
MONTHS = range(96)  # 2012 to 2019
FIRST = (2012 - 1970) * 12


@dataclass(frozen=True)
class Rows:
    """A lake of the rows given, each a version of a fact."""

    rows: Sequence[Row]

    def versions_of(self, record: RecordType, where: Where | None = None) -> ibis.Table:
        """All rows, or those asked for; they are of one type."""
        del record
        kinds = {"value": pa.float64(), "weight_kg": pa.float64(), "known_at": pa.timestamp("us", "UTC")}
        names = self.rows[0]
        whole = ibis.memtable(
            pa.table({name: pa.array([row[name] for row in self.rows], kinds.get(name)) for name in names})
        )
        asked = where or {}
        return whole.filter([whole[name] == value for name, value in asked.items() if name in names])

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression."""
        return expression.to_pyarrow()


def month(number: int) -> date:
    return date(2012 + number // 12, number % 12 + 1, 1)


def known(number: int) -> datetime:
    following = month(number + 2)
    return datetime(following.year, following.month, 5, tzinfo=UTC)


def flow(number: int, value: float, **more: object) -> Row:
    return {
        "source": "b", "reporter": "USA", "flow": "export", "frequency": "M", "partner": "CHN", "code": "120190",
        "valid": month(number), "value": value, "weight_kg": value / 2, "known_at": known(number), "withdrawn": False,
        "delivery": 1, "version": 0, **more,
    }  # fmt: skip


def asked(**more: str) -> FlowSeries:
    return FlowSeries(**{"reporter": "USA", "flow": "export", "partner": "CHN", "code": "120190"} | more)


WAVE = [flow(n, 100 + 30 * float(np.sin(n / 3)) + n * 37 % 17) for n in MONTHS]
ENDING = [row for row in WAVE if row["known_at"] < known(86)]  # type: ignore[operator]
REST = [flow(n, 1.0, code=f"99{code:04d}") for n in MONTHS for code in range(60)]

ADDED = {
    "another source with more months": (
        asked(), WAVE, [flow(n, 5.0, source="a", known_at=LATE) for n in range(-144, 96)],
    ),
    "a total of all partners": (
        asked(partner=""), WAVE, [flow(n, 5.0, partner="W00", known_at=LATE) for n in MONTHS],
    ),
    "a shorter code": (
        asked(code="1201"), WAVE, [flow(n, 5.0, code="1201", known_at=LATE) for n in MONTHS],
    ),
    "more codes of a month": (
        asked(), ENDING + REST, [flow(85, 1.0, code=f"98{code:04d}", known_at=LATE) for code in range(200)],
    ),
}  # fmt: skip


def readable_scores(rows: Sequence[Row], one: FlowSeries, rule: str) -> dict[int, float]:
    """Month → score, of those that could be read by `UNTIL`."""
    laid, _ = flow_told(Rows(rows), [one])
    scores, then = scores_known_then(laid, rules(FLOW)[rule])[0], laid.readable()[0] <= UNTIL
    return {laid.first + int(column): float(scores[column]) for column in np.flatnonzero(then & np.isfinite(scores))}


@pytest.mark.parametrize("case", ADDED)
def test_rows_added_later_change_no_score_of_any_rule(case: str) -> None:
    one, rows, added = ADDED[case]
    before, after = (flow_told(Rows(each), [one])[0].series for each in (rows, [*rows, *added]))
    assert before.equals(after)
    for rule in rules(FLOW):
        scores = readable_scores(rows, one, rule)
        assert len(scores) > 84 - 36, rule
        assert readable_scores([*rows, *added], one, rule) == scores, rule


def test_months_whose_codes_come_in_late_are_nothing_traded_as_they_were() -> None:
    one, rows, added = ADDED["more codes of a month"]
    for each in (rows, [*rows, *added]):
        assert flow_told(Rows(each), [one])[0].panel().values[0, 86:].tolist() == [0.0] * 10


DAYS = datetime(2020, 1, 1, tzinfo=UTC)
FACTS = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from(["CHN", "JPN", "W00", "WLD"]), st.sampled_from(["1201", "120190", "12019010", "99"]),
        st.integers(0, 5), st.integers(0, 6), st.integers(1, 9), st.booleans(),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def versions(facts: Sequence[tuple[str, str, str, int, int, int, bool]]) -> list[Row]:
    """Rows in the order in which they become known, numbered within each fact; only a later one withdraws."""
    rows: list[Row] = []
    seen: dict[tuple[str, str, str, int], int] = {}
    for source, partner, code, number, at, value, withdrawn in sorted(facts, key=lambda one: one[4]):
        version = seen[source, partner, code, number] = seen.get((source, partner, code, number), -1) + 1
        named = {"source": source, "partner": partner, "code": code, "version": version, "delivery": version}
        when = DAYS + timedelta(at)
        rows.append(flow(number, float(value), known_at=when, withdrawn=withdrawn and version > 0, **named))
    return rows


def stood(laid: Told, row: int, moment: int) -> list[tuple[int, float, int]]:
    """Of each month that could be read by the moment: the figure as known then, and since when there was news of it."""
    values, readable = laid.panel(moment).values[row], laid.readable()[row]
    return [(laid.first + int(n), float(values[n]), int(readable[n])) for n in np.flatnonzero(readable <= moment)]


@settings(max_examples=25, deadline=None)
@given(facts=FACTS, day=st.integers(0, 6))
def test_what_stood_at_a_moment_is_what_the_rows_known_by_then_say(
    facts: list[tuple[str, str, str, int, int, int, bool]], day: int
) -> None:
    rows, until = versions(facts), DAYS + timedelta(day)
    by_then = [row for row in rows if row["known_at"] <= until]  # type: ignore[operator]
    wanted = [asked(partner=partner, code=code) for partner in ("CHN", "") for code in ("1201", "120190")]
    moment = int(until.timestamp() * 1e6)
    assume(by_then)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow_laying, "FEW", 2)
        (early, not_yet), (late, never) = (flow_told(Rows(each), wanted) for each in (by_then, rows))
    then, at_last = ([one for one in wanted if one not in without] for without in (not_yet, never))
    for row, one in enumerate(then):
        said, says = stood(early, row, moment), stood(late, at_last.index(one), moment)
        assert np.array_equal(said, says, equal_nan=True)


def test_a_figure_that_is_stated_anew_was_known_from_its_first_statement() -> None:
    stated = [flow(n, 5.0) for n in range(3)]
    laid, _ = flow_told(
        Rows([*stated, *(row | {"known_at": LATE, "version": 1, "delivery": 2} for row in stated)]), [asked()]
    )
    first = [int(known(n).timestamp() * 1e6) for n in range(3)]
    assert (laid.first_known().tolist(), laid.readable().tolist(), laid.panel().known.tolist()) == ([first],) * 3


# ---- the run-up of a calendar longer than the series


def test_there_is_no_news_of_months_before_a_series_begins() -> None:
    at = np.array([30, 50, 40], dtype=np.int64)
    laid = Told(pa.table({"n": [0]}), 0, "M", 6, np.zeros(3, np.int64), np.array([2, 3, 5]), at, np.ones(3))
    assert laid.readable().tolist() == [[NEVER, NEVER, 30, 40, 40, 40]]


def test_a_figure_from_before_a_series_began_makes_nothing_readable_before_it_is_known() -> None:
    at = np.array([90, 30, 40], dtype=np.int64)
    laid = Told(pa.table({"n": [0]}), 0, "M", 4, np.zeros(3, np.int64), np.array([0, 2, 3]), at, np.ones(3))
    assert laid.readable().tolist() == [[90, 90, 30, 40]]


def test_an_older_row_of_another_series_adds_no_quiet_years() -> None:
    quiet = [Quiet(asked(), date(2012, 1, 1), date(2015, 12, 31))]
    other = Quiet(asked(partner="JPN"), date(1999, 1, 1), date(1999, 1, 31))
    older = flow(-120, 1.0, partner="JPN", source="a")
    alone = flow_ledger(Rows(WAVE), (), quiet, None)
    beside = flow_ledger(Rows([*WAVE, older]), (), [*quiet, other], None)
    assert beside.told.periods > alone.told.periods
    assert (alone.series_years, beside.series_years) == (46 / 12, 46 / 12)


# ---- names of prices


def test_a_price_series_known_later_takes_no_name_away() -> None:
    def price(source: str, number: int, at: datetime) -> Row:
        return {
            "source": source, "series": f"{source}-urea", "name": "Urea", "valid": month(number), "frequency": "M",
            "value": 1.0, "known_at": at, "withdrawn": False, "delivery": 1,
        }  # fmt: skip

    first = [price("b", n, known(n)) for n in range(3)]
    laid, names = price_told(Rows([*first, *(price("a", n, LATE) for n in range(9))]))
    assert laid.series["source"].to_pylist() == ["a", "b"]
    assert names == {"a-urea": 0, "b-urea": 1, "urea": 1}
