"""The flow rule as a kernel: the same signals from any engine, and whatever else is in the batch."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bongsu.detectors.calibration import Calibration, reference
from bongsu.detectors.flow import earlier
from bongsu.detectors.flow_break import Weights, scored
from bongsu.detectors.flow_table import APART, SCHEMA, flow_scores, with_span
from bongsu.language import BadInputError
from bongsu.records.engine import DuckEngine
from bongsu.records.shapes import TRADE_FLOW

LAST = date(2021, 9, 1)
MONTHS = 60


def rows(rng: np.random.Generator, codes: Sequence[str]) -> pa.Table:
    """Five years of trade: a month without trade has no row, and one is withheld."""
    found = []
    for code in codes:
        for back in range(MONTHS):
            if rng.random() < 0.8:
                value = None if rng.random() < 0.02 else float(np.exp(rng.normal(10, 1)))
                found.append(
                    {
                        "source": "us_census", "reporter": "USA", "flow": "export", "partner": "CHN",
                        "code_system": "HS", "code": code, "valid": earlier(LAST, back), "frequency": "M",
                        "value": value, "weight_kg": None,
                    }
                )  # fmt: skip
    names = [*APART, "valid", "frequency", "value", "weight_kg"]
    return pa.Table.from_pylist(found, pa.schema([TRADE_FLOW.schema.field(name) for name in names]))


@pytest.fixture(scope="module")
def flows() -> pa.Table:
    return rows(np.random.default_rng(7), [f"{number:06d}" for number in range(12)])


def spanned(table: pa.Table) -> pa.Table:
    found: pa.Table = with_span(ibis.memtable(table)).to_pyarrow()
    return found


def in_order(table: pa.Table) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in (*APART, "valid")])


def test_scores_are_those_of_the_rule_with_silent_months_counted(flows: pa.Table) -> None:
    found = in_order(flow_scores(spanned(flows)))
    assert found.schema == SCHEMA
    code = "000003"
    mine = {row["valid"]: row["value"] for row in flows.to_pylist() if row["code"] == code}
    months = [earlier(LAST, back) for back in reversed(range(MONTHS))]
    values = np.array([[mine.get(month, 0.0) for month in months]], dtype=np.float64)
    expected = scored(values, None, Weights())
    judged = np.isfinite(expected.score[0])
    said = found.filter(pc.equal(found["code"], code))
    assert said["valid"].to_pylist() == [month for month, known in zip(months, judged, strict=True) if known]
    np.testing.assert_array_equal(said["score"].to_numpy(), expected.score[0][judged])
    meaning = Calibration(reference())
    for name, read in (("rate", meaning.rate), ("probability", meaning.probability)):
        np.testing.assert_array_equal(
            said[name].to_numpy(), read(expected.score, expected.volatility)[0][judged], strict=True
        )


def test_a_series_is_judged_alike_in_any_batch_and_order(flows: pa.Table) -> None:
    whole = spanned(flows)
    together = in_order(flow_scores(whole))
    shuffled = whole.take(np.random.default_rng(1).permutation(whole.num_rows))
    assert in_order(flow_scores(shuffled)).equals(together)
    parts = [
        flow_scores(whole.filter(pc.equal(whole["code"], code))) for code in sorted(set(whole["code"].to_pylist()))
    ]
    assert in_order(pa.concat_tables(parts)).equals(together)


def test_an_engine_runs_it(flows: pa.Table, tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path)
    found = engine.apply(partial(flow_scores, held=reference()), with_span(ibis.memtable(flows)), APART)
    assert in_order(found).equals(in_order(flow_scores(spanned(flows))))


def test_yearly_rows_are_not_months_and_nothing_gives_nothing(flows: pa.Table) -> None:
    yearly = flows.set_column(flows.schema.get_field_index("frequency"), "frequency", pa.array(["A"] * len(flows)))
    assert spanned(yearly).num_rows == 0
    assert flow_scores(spanned(yearly)).equals(SCHEMA.empty_table())


def test_two_versions_of_a_month_are_refused(flows: pa.Table) -> None:
    twice = pa.concat_tables([spanned(flows), spanned(flows).slice(0, 1)])
    with pytest.raises(BadInputError, match="more than one value for the same month"):
        flow_scores(twice)
