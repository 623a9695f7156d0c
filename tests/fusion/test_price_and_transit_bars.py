"""What the rules for prices and transits reach on the real inputs, every figure from the day on which it was known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bongsu.detectors.known_then import scores_known_then
from bongsu.detectors.ladder import RATES
from bongsu.detectors.panel import Panel
from bongsu.detectors.price import LADDER as PRICES
from bongsu.detectors.price import price_readings, price_strength
from bongsu.detectors.rule import PRICE, TRANSIT, rules
from bongsu.detectors.signal import RAISED, STRONG
from bongsu.detectors.transit import LADDER as TRANSITS
from bongsu.detectors.transit import TOTAL, transit_readings, transit_strength
from bongsu.fusion.backtest.curve import curve, day_of
from bongsu.fusion.backtest.files import Case, read_cases
from bongsu.fusion.backtest.ledger import PER_YEAR, Ledger, series_ledger
from bongsu.indicators.series import Values
from bongsu.records.raw import RawArchive
from bongsu.records.shapes import RecordType
from bongsu.records.snapshot import Where
from bongsu.sources.source import ReadRequest, reader, source

pytestmark = pytest.mark.realdata
READ_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
BEYOND = {"2023M03": {"rice-2023-price"}, "2024M09": set()}  # cases after the edition's last month
PINK_SHEET = 71  # series
Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Rows:
    """A lake of one table, each fact in one version."""

    table: pa.Table

    def versions_of(self, record: RecordType, where: Where | None = None) -> ibis.Table:
        del record
        rows = ibis.memtable(self.table).mutate(withdrawn=False, delivery=0)
        for column, value in (where or {}).items():
            rows = rows.filter(rows[column].isin(value if isinstance(value, tuple) else (value,)))
        return rows

    def arrow(self, expression: ibis.Table) -> pa.Table:
        return expression.to_pyarrow()


@pytest.fixture(scope="module")
def cases(realdata: Path) -> Sequence[Case]:
    return read_cases(realdata / "trade" / "cases_dev.csv")


@pytest.fixture(scope="module")
def tables(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Both editions of the prices, and the transits, as their sources read them."""
    archive = RawArchive(tmp_path_factory.mktemp("raw"))

    def reading(id_: str, file: str) -> pa.Table:
        raw = archive.keep(realdata / "trade" / file, received_at=READ_AT)
        batches = reader(id_).read(ReadRequest(source(id_), (raw,), READ_AT)).batches
        return pa.concat_tables(
            [one.rows if isinstance(one.rows, pa.Table) else one.rows.read_all() for one in batches]
        )

    sheets = {name: f"worldbank/CMO-Historical-Data-Monthly_{name}.xlsx" for name in BEYOND}
    prices = {name: reading("worldbank_pinksheet", file) for name, file in sheets.items()}
    return {**prices, TRANSIT: reading("imf_portwatch", "imf_portwatch/chokepoint-transit-to-2023-09.json")}


Found = tuple[float, np.ndarray[tuple[int], np.dtype[np.float64]], Mapping[str, date | None]]


def at(ledger: Ledger, rule: str, threshold: float) -> Found:
    """Episodes a series-year, those of each series, and each case's first alarm, at one threshold.

    Only what could be judged is counted as a year: a warm-up that cannot ring would make a rule look quiet.
    """
    scores = scores_known_then(ledger.told, rules(ledger.layer)[rule], {})
    found = curve(ledger, scores, np.array([threshold]))
    days = (None if day < 0 else day_of(day) for day in found.first[0].tolist())
    firsts = dict(zip((window.case.id for window in ledger.windows), days, strict=True))
    years = (ledger.quiet & np.isfinite(scores))[ledger.quiet_rows].sum(axis=1) / PER_YEAR[ledger.told.step]
    return float(found.false_alarms[0].sum() / years.sum()), found.false_alarms[0] / years, firsts


@pytest.fixture(scope="module")
def price_ledger(tables: Tables, cases: Sequence[Case]) -> Callable[[str], Ledger]:
    made = {name: series_ledger(Rows(tables[name]), PRICE, cases, None) for name in BEYOND}
    return made.__getitem__


@pytest.fixture(scope="module")
def transit_ledger(tables: Tables, cases: Sequence[Case]) -> Ledger:
    return series_ledger(Rows(tables[TRANSIT]), TRANSIT, cases, None)


@pytest.mark.parametrize("edition", BEYOND)
@pytest.mark.parametrize(("threshold", "budget"), [(1.18, 0.5), (PRICES[1], 0.25)])
def test_every_price_case_is_hit_within_half_and_a_quarter_of_an_alarm_a_year(
    price_ledger: Callable[[str], Ledger], edition: str, threshold: float, budget: float
) -> None:
    ledger = price_ledger(edition)
    rate, each, firsts = at(ledger, "ours", threshold)
    assert {case for case, first in firsts.items() if first is None} == BEYOND[edition]
    assert (len(each), len(firsts)) == (PINK_SHEET, 6)
    assert budget - 0.02 < rate <= budget


def test_the_ladder_of_prices_is_as_measured(price_ledger: Callable[[str], Ledger]) -> None:
    rates = [at(price_ledger("2024M09"), "ours", rung)[0] for rung in PRICES]
    assert all(0.95 * stated < rate <= stated for rate, stated in zip(rates, RATES, strict=True))


def test_always_is_the_false_alarm_it_is(price_ledger: Callable[[str], Ledger], transit_ledger: Ledger) -> None:
    assert at(price_ledger("2024M09"), "always", 1.0)[0] == pytest.approx(4.0, abs=0.02)
    assert at(transit_ledger, "always", 1.0)[0] == pytest.approx(365.25 / 91, abs=0.3)


@pytest.mark.parametrize("threshold", [3.11, *TRANSITS])
def test_the_suez_blockade_is_hit_within_two_alarms_a_year_at_every_chokepoint(
    transit_ledger: Ledger, threshold: float
) -> None:
    _, each, firsts = at(transit_ledger, "ours", threshold)
    assert firsts == {"suez-2021": date(2021, 3, 30)}
    assert len(each) == 4
    assert max(each) <= 2


def test_the_ladder_of_transits_is_no_lower_than_measured(transit_ledger: Ledger) -> None:
    rates = [at(transit_ledger, "ours", rung)[0] for rung in TRANSITS]
    assert all(rate <= stated for rate, stated in zip(rates, RATES, strict=True))


def _panel(counts: Values) -> Panel:
    known = np.zeros(counts.shape, dtype=np.int64)
    return Panel(pa.table({"chokepoint": [str(row) for row in range(len(counts))]}), 0, "D", counts, known)


def days_of(rows: pa.Table) -> Values:
    """Chokepoints × days, all ships; the file has no gap."""
    total = rows.filter(pc.equal(rows["ship_class"], TOTAL)).sort_by(
        [("chokepoint", "ascending"), ("valid", "ascending")]
    )
    counts: Values = total["transits"].to_numpy().reshape(len(set(total["chokepoint"].to_pylist())), -1)
    return counts


@pytest.mark.parametrize(
    ("days", "part", "catch_up", "least", "most"),
    [(0, 0.0, 0.0, 0.0, 0.0), (2, 1.0, 0.0, 0.0, 0.05), (2, 1.0, 0.8, 0.0, 0.05), (6, 0.8, 0.0, 1.0, 1.0), (60, 0.6, 0.0, 1.0, 1.0)],
)  # fmt: skip
def test_a_blockade_put_into_real_counts_rings_and_a_storm_does_not(
    tables: Tables, days: int, part: float, catch_up: float, least: float, most: float
) -> None:
    """At forty dates on each chokepoint, where nothing rings of itself."""
    counts = days_of(tables[TRANSIT])
    score = rules(TRANSIT)["ours"].score
    rng = np.random.default_rng(6)
    ringing = score(_panel(counts)) >= TRANSITS[1]
    rings = []
    for first in rng.integers(560, 1600, 40):
        dipped = counts[:, first - 520 : first + 12].copy()
        dipped[:, 520 : 520 + days] = np.round(dipped[:, 520 : 520 + days] * (1 - part))
        dipped[:, 520 + days : 522 + days] *= 1 + catch_up
        calm = ~ringing[:, first - 1 : first + 12].any(axis=1)
        rings.append((score(_panel(dipped))[calm, 520:] >= TRANSITS[1]).any(axis=1))
    assert least <= np.concatenate(rings).mean() <= most


@pytest.mark.parametrize(
    ("day", "urea", "coal"),
    [
        (date(2021, 3, 3), ("raised", date(2021, 2, 1)), ("strong", date(2020, 12, 1))),
        (date(2021, 6, 10), ("calm", date(2021, 3, 1)), ("raised", date(2021, 5, 1))),
        (date(2021, 10, 12), ("raised", date(2021, 7, 1)), ("strong", date(2021, 8, 1))),
    ],
)
def test_urea_and_its_coal_before_the_stop_of_2021(
    tables: Tables, day: date, urea: tuple[str, date], coal: tuple[str, date]
) -> None:
    rows = tables["2023M03"]
    known = rows.filter(pc.less_equal(rows["known_at"], datetime.combine(day, datetime.max.time(), UTC)))
    found = price_readings(known)

    def said(series: str) -> tuple[str, date]:
        one = found["worldbank_pinksheet", series]
        strength = price_strength(one.score)
        return "strong" if strength >= STRONG else "raised" if strength >= RAISED else "calm", one.peak

    assert (said("UREA_EE_BULK"), said("COAL_AUS")) == (urea, coal)


def test_the_blockade_is_strong_on_the_day_its_week_is_out_and_over_a_week_later(tables: Tables) -> None:
    rows = tables[TRANSIT]

    def strength(day: date) -> float:
        known = pc.less_equal(rows["known_at"], datetime.combine(day, datetime.max.time(), UTC))
        return transit_strength(transit_readings(rows.filter(known))["suez"].score)

    assert [strength(date(2021, 3, 29)), strength(date(2021, 3, 30)), strength(date(2021, 4, 6))] == [0.0, 1.0, 0.0]
