"""The whole backtest on small lakes whose answers are known beforehand, and on the real inputs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bongsu.detectors.episodes import episode_starts
from bongsu.detectors.flow_laying import FlowSeries
from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import FLOW, OURS, PRICE, Rule
from bongsu.fusion.backtest.curve import BUDGETS, curve, day_of, median_lead, thresholds_of
from bongsu.fusion.backtest.files import Case, Quiet, read_cases, read_quiet
from bongsu.fusion.backtest.ledger import Ledger, chokepoint, flow_ledger, series_ledger
from bongsu.fusion.backtest.run import Outcome, backtest, check_rules, chosen_rules
from bongsu.fusion.backtest.tuning import Tuner
from bongsu.indicators.series import Values
from bongsu.language import Text, UsageError
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.lake import Lake
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import PRICE as PRICE_RECORD
from bongsu.records.shapes import TRADE_FLOW, RecordType
from bongsu.records.snapshot import Snapshot
from bongsu.sources.source import ReadRequest, reader, source

MONTHS = 72
FALLS = 50  # the month in which the cases' trade stops
PUBLISHED = datetime(2027, 1, 1, tzinfo=UTC)


def month(number: int) -> date:
    return date(2013 + number // 12, number % 12 + 1, 1)


def known(number: int) -> datetime:
    following = month(number + 1)
    return datetime(following.year, following.month, 10, 22, tzinfo=UTC)


def code(number: int) -> str:
    return f"{280100 + number}"


def series(number: int) -> FlowSeries:
    return FlowSeries("USA", "export", "CHN", code(number))


def flow(number: int, at: int, value: float) -> dict[str, Any]:
    return {
        "source": "us_census", "reporter": "USA", "flow": "export", "partner": "CHN", "code_system": "HS",
        "code": code(number), "valid": month(at), "frequency": "M", "value": value, "currency": "USD",
        "known_at": known(at),
    }  # fmt: skip


def price(name: str, at: int, value: float) -> dict[str, Any]:
    return {
        "source": "pinksheet", "series": name.upper(), "name": name, "valid": month(at), "frequency": "M",
        "value": value, "currency": "USD", "unit": "t", "known_at": known(at),
    }  # fmt: skip


def figures() -> list[dict[str, Any]]:
    """Ten series that wave a little; of the first three, trade stops in one month. Series 9 dips twice for no cause."""
    rows = []
    for number in range(10):
        for at in range(MONTHS):
            stops = number < 3 and at >= FALLS
            dips = number == 9 and at in {45, 60}
            rows.append(flow(number, at, 0.0 if stops or dips else 100.0 + (at * 7 + number) % 5))
    return rows


def snapshot_of(folder: Path, *deliveries: tuple[RecordType, list[dict[str, Any]]]) -> Snapshot:
    lake = Lake(folder, threads=1)
    with lake.writing() as writer:
        for record, rows in deliveries:
            filled = [
                {"known_basis": "lag", "raw": 0, "raw_row": n, "raw_rows": 1, **row} for n, row in enumerate(rows)
            ]
            table = pa.Table.from_pylist(filled, schema=record.reader_schema)
            reading = Reading(
                (Batch(record, table, Scope(complete=False)),), published=PUBLISHED, published_basis="stated"
            )
            writer.deliver(reading, source=rows[0]["source"], raws=(), read_at=PUBLISHED, run_id="test")
    return lake.snapshot()


def drop(panel: Panel, *, slack: float = 0.0) -> Values:
    """1 − this month over the one before."""
    scores = np.full(panel.values.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores[:, 1:] = 1 - panel.values[:, 1:] / panel.values[:, :-1] - slack
    return np.where(np.isfinite(scores), scores, 0.0)


def ring(panel: Panel) -> Values:
    return np.ones(panel.values.shape)


def rule(id_: str, score: Callable[..., Values], layer: str = FLOW, **more: Any) -> Rule:  # noqa: ANN401
    return Rule(id_, layer, Text(id_, id_), "", "", score, **more)


RULES: Mapping[str, Mapping[str, Rule]] = {
    FLOW: {
        OURS: rule(OURS, drop, constants={"slack": 0.0}, grid={"slack": (0.0, 5.0)}),
        "always": rule("always", ring),
    },
    PRICE: {OURS: rule(OURS, lambda panel: -drop(panel), PRICE)},
}
CASES = [Case(f"case-{n}", FLOW, series(n), "", month(FALLS), month(FALLS), month(FALLS + 4)) for n in range(3)]
LOST = Case(
    "lost", FLOW, FlowSeries("USA", "export", "CHN", "999999"), "", month(FALLS), month(FALLS), month(FALLS + 4)
)
QUIET = [Quiet(series(n), month(38), month(MONTHS + 1)) for n in range(3, 10)]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("lakes") / "lake", (TRADE_FLOW, figures()))


def run(
    snapshot: Snapshot, cases: Sequence[Case] = CASES, quiet: Sequence[Quiet] = QUIET
) -> dict[tuple[str, str], Outcome]:
    found = backtest(snapshot, cases, quiet, rules_of=lambda layer: RULES[layer])
    return {(one.ledger.layer, one.rule.id): one for one in found}


def test_hits_first_alarms_and_false_alarms_are_those_that_were_built_in(snapshot: Snapshot) -> None:
    one = run(snapshot)[FLOW, OURS]
    years = 7 * 35 / 12
    assert one.ledger.series_years == pytest.approx(years)
    place = one.curve.best(0.10)
    assert place is not None
    assert one.curve.thresholds[place] == 1.0
    assert one.curve.hits[place].tolist() == [True, True, True]
    assert one.curve.false_alarms[place].sum() == 2
    assert one.curve.rates()[place] == pytest.approx(2 / years)
    first = [day_of(int(day)) for day in one.curve.first[place]]
    assert first == [known(FALLS).date()] * 3
    assert median_lead(one.ledger.windows, one.curve.first[place]) == (month(FALLS) - known(FALLS).date()).days


def test_what_always_rings_is_the_false_alarm_that_it_is(snapshot: Snapshot) -> None:
    one = run(snapshot)[FLOW, "always"]
    assert [one.curve.best(budget) for budget in BUDGETS] == [None] * 3
    assert one.curve.thresholds.tolist() == [1.0]
    assert one.curve.rates()[0] == pytest.approx(4.0, rel=0.1)
    assert one.judged.brier_skill == pytest.approx(0.0, abs=0.02)


def test_a_case_without_figures_is_named_and_missed(snapshot: Snapshot) -> None:
    one = run(snapshot, [*CASES, LOST])[FLOW, OURS]
    assert (one.cases, one.ledger.no_figures, one.ledger.missing_cases) == (4, ("USA export CHN 999999",), (LOST,))


def test_a_case_or_a_quiet_series_with_nothing_in_its_days_is_named(snapshot: Snapshot) -> None:
    late = Case("late", FLOW, series(1), "", date(2030, 1, 2), date(2030, 1, 1), date(2030, 3, 31))
    early = Quiet(series(4), date(1999, 1, 1), date(1999, 2, 28))
    ledger = flow_ledger(snapshot, [CASES[0], late, LOST], [QUIET[0], early], None)
    assert ledger.no_figures == ("USA export CHN 999999", "USA export CHN 280104", "USA export CHN 280101")
    assert ledger.missing_cases == (LOST,)
    narrowed = flow_ledger(snapshot, [CASES[0]], QUIET, (date(1999, 1, 1), date(1999, 2, 28)))
    assert (narrowed.no_figures, narrowed.budgeted) == ((), False)


def test_cases_with_nothing_in_their_days_and_nothing_quiet_are_no_crash(snapshot: Snapshot) -> None:
    late = Case("late", FLOW, series(1), "", date(2030, 1, 2), date(2030, 1, 1), date(2030, 3, 31))
    one = run(snapshot, [late], [])[FLOW, OURS]
    assert (one.cases, one.ledger.budgeted, one.judged.brier, one.curve.best(0.5)) == (1, False, None, None)


def test_the_days_of_a_case_are_not_quiet_on_its_series(snapshot: Snapshot) -> None:
    same = Quiet(CASES[0].flow or series(0), month(38), month(MONTHS + 1))
    found = flow_ledger(snapshot, CASES, [same], None)
    row = found.windows[0].row
    assert found.quiet_rows.tolist() == [row]
    assert (found.quiet[row] & found.windows[0].inside).any() == np.False_
    whole = flow_ledger(snapshot, [], [same], None).quiet.sum()
    assert found.quiet.sum() == whole - found.windows[0].inside.sum()
    assert run(snapshot, CASES, [same])[FLOW, OURS].curve.false_alarms[0].sum() == 0


HELD = {"bab_el_mandeb": 0, "cape_of_good_hope": 1, "hormuz": 2, "suez": 3, "korea_strait": 4}


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("suez", 3),
        ("suez canal", 3),
        ("bab el-mandeb strait", 0),
        ("cape of good hope", 1),
        ("strait of hormuz", 2),
        ("korea_strait", 4),
        ("suez and hormuz", None),
        ("strait", None),
        ("suezmax", None),
        ("-", None),
    ],
)
def test_a_chokepoint_is_found_by_the_names_that_people_write(word: str, row: int | None) -> None:
    assert chokepoint(HELD, word) == row


def test_counts_at_each_threshold_are_those_of_the_episodes_themselves(snapshot: Snapshot) -> None:
    ledger = flow_ledger(snapshot, CASES, QUIET, None)
    scores = np.round(np.random.default_rng(3).normal(size=ledger.told.shape), 1)
    found = curve(ledger, scores)
    assert np.all(np.diff(found.thresholds) < 0)
    for place, threshold in enumerate(found.thresholds.tolist()):
        starts = episode_starts(scores, threshold, "M")
        counted = (starts & ledger.quiet)[ledger.quiet_rows].sum(axis=1)
        assert found.false_alarms[place].tolist() == counted.tolist()
        assert found.hits[place].tolist() == [bool((starts[w.row] & w.inside).any()) for w in ledger.windows]


def test_no_threshold_that_is_left_out_would_hit_more_at_a_budget(snapshot: Snapshot) -> None:
    ledger = flow_ledger(snapshot, CASES, QUIET, None)
    scores = np.random.default_rng(5).normal(size=ledger.told.shape)
    every = np.unique(scores)[::-1]
    few, all_ = curve(ledger, scores), curve(ledger, scores, every)
    assert len(few.thresholds) <= 400 < len(every)
    for budget in BUDGETS:
        chosen, best = few.best(budget), all_.best(budget)
        assert (chosen is None) == (best is None)
        if chosen is not None and best is not None:
            assert few.hits[chosen].sum() == all_.hits[best].sum()
    assert set(thresholds_of(ledger, scores, ledger.quiet_rows).tolist()) <= set(every.tolist())


def test_constants_are_chosen_on_one_half_and_judged_on_the_other(snapshot: Snapshot) -> None:
    tuner = Tuner(flow_ledger(snapshot, CASES, QUIET, None), RULES[FLOW][OURS], 11)
    found = tuner.halves(BUDGETS)
    assert list(tuner.choices()) == [(), (("slack", 5.0),)]
    assert {half.constants["slack"] for half in found} == {0.0}
    assert {(half.cases, half.hits) for half in found if half.threshold is not None} == {(1, 1)}
    assert len({half.seed for half in found}) == 5


def test_prices_count_false_alarms_on_every_series_outside_the_cases_days(tmp_path: Path) -> None:
    rows = [price(name, at, 100.0 * (3 if (name, at) in {("Urea", 60), ("Tin", 64)} else 1)) for name in ("Urea", "Tin")
            for at in range(MONTHS)]  # fmt: skip
    snapshot = snapshot_of(tmp_path / "lake", (PRICE_RECORD, rows))
    case = Case("urea", PRICE, None, "urea", month(61), month(61), month(62))
    lost = Case("lost", PRICE, None, "Unobtainium", month(61), month(61), month(62))
    ledger = series_ledger(snapshot, PRICE, [case, lost], None)
    assert ledger.no_figures == ("Unobtainium",)
    assert [ledger.name(row) for row in ledger.quiet_rows.tolist()] == ["TIN", "UREA"]
    found = curve(ledger, -drop(ledger.told.panel()), np.array([2.0]))
    assert (found.hits.tolist(), found.false_alarms.tolist()) == ([[True]], [[1, 0]])
    narrow = series_ledger(snapshot, PRICE, [case], (month(40), month(50)))
    assert narrow.quiet.sum(axis=1).tolist() == [10, 10]


def test_a_rule_that_nobody_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="there is no rule 'nope'"):
        check_rules(["ours", "nope"], [FLOW])
    with pytest.raises(UsageError, match="no rule is named"):
        check_rules([], [FLOW])
    assert [one.id for one in chosen_rules(RULES[FLOW], ["always"])] == ["always"]


# ---- poison


def poisoned(rows: list[dict[str, Any]], moment: datetime) -> list[dict[str, Any]]:
    return [{**row, "value": row["value"] if row["known_at"] <= moment else 1e15} for row in rows]


def until(ledger: Ledger, moment: datetime) -> np.ndarray[Any, Any]:
    return ledger.days <= (moment.date() - date(1970, 1, 1)).days


def test_what_becomes_known_later_changes_no_answer_of_the_backtest(snapshot: Snapshot, tmp_path: Path) -> None:
    """The span ends at the moment: all that is counted lies before, and all that is absurd behind."""
    moment = known(FALLS + 5)
    bad = snapshot_of(tmp_path / "lake", (TRADE_FLOW, poisoned(figures(), moment)))
    quiet = [Quiet(one.flow, one.scored_from, moment.date()) for one in QUIET]
    for key, clean in run(snapshot, CASES, quiet).items():
        other = run(bad, CASES, quiet)[key]
        then = until(clean.ledger, moment)
        assert np.array_equal(clean.scores[then], other.scores[then], equal_nan=True)
        assert clean.curve.thresholds.tolist() == other.curve.thresholds.tolist()
        assert clean.curve.first.tolist() == other.curve.first.tolist()
        assert clean.curve.false_alarms.tolist() == other.curve.false_alarms.tolist()
        assert (clean.judged, clean.halves) == (other.judged, other.halves)
    late = then.shape[1] - int(then[0].sum())
    assert late == MONTHS - FALLS - 6


# ---- the real inputs


def yoy(panel: Panel) -> Values:
    scores = np.full(panel.values.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores[:, 12:] = np.where(panel.values[:, :-12] > 0, 1 - panel.values[:, 12:] / panel.values[:, :-12], np.nan)
    return scores


@pytest.mark.realdata
def test_year_on_year_gives_the_hits_that_were_measured_elsewhere(realdata: Path, tmp_path: Path) -> None:
    trade = realdata / "trade"
    lake, archive = Lake(tmp_path / "lake", threads=2), RawArchive(tmp_path / "raw")
    census = source("us_census")
    with lake.writing() as writer:
        for name, day in (("2020-12", date(2021, 2, 5)), ("2021-02", date(2021, 4, 7))):
            file = trade / "us_census" / f"exports_china_hs6_to_{name}.parquet"
            raw = archive.keep(file, received_at=PUBLISHED)
            reading = reader("us_census").read(ReadRequest(census, (raw,), PUBLISHED, day))
            writer.deliver(reading, source="us_census", raws=(raw,), read_at=PUBLISHED + timedelta(0), run_id="test")
    cases, quiet = read_cases(trade / "cases_dev.csv"), read_quiet(trade / "quiet_dev.csv")
    only = [case for case in cases if case.layer == FLOW]
    (one,) = backtest(lake.snapshot(), only, quiet, rules_of=lambda _: {"yoy": rule("yoy", yoy)})
    assert (one.cases, len(one.ledger.quiet_rows), one.ledger.no_figures) == (30, 334, ())
    assert one.ledger.series_years == pytest.approx(334 * 26 / 12)
    hits = [int(one.curve.hits[place].sum()) for budget in BUDGETS if (place := one.curve.best(budget)) is not None]
    assert hits == [20, 25, 27]
