"""The story that the house exists for: urea in October 2021, from real inputs, as it could be known on each day."""

from collections.abc import Callable, Mapping
from datetime import date

import pyarrow as pa
import pytest

from bongsu.detectors.signal import Layer, State
from bongsu.fusion.warning import Warning  # noqa: A004

Watch = Callable[..., Mapping[str, Warning]]
pytestmark = pytest.mark.realdata


def test_the_notice_gives_four_fires_on_the_day_it_went_online(
    real_tables: Mapping[str, pa.Table], watched: Watch
) -> None:
    warning = watched(real_tables, date(2021, 10, 13))["urea"]
    assert (warning.level, warning.dependent, warning.known, warning.no_current_figures) == (4, True, True, False)
    assert {view.layer for view in warning.layers_in(State.LIVE)} == {
        Layer.MEASURE,
        Layer.PRICE,
        Layer.INPUT_PRICE,
        Layer.TRANSIT,
    }
    for r in warning.reasons:
        print(r.ko)
        print(r.en)
    print(
        warning.next_step,
        warning.raise_if,
        warning.lower_if,
        [m.name.ko for m in warning.missions],
        [(u.name.ko, [t.ko for t in u.in_charge], [t.ko for t in u.hit]) for u in warning.uses],
        warning.alternatives,
        warning.days_of_cover,
    )
    for l in warning.layers:
        print(l)


def test_the_day_before_prices_inputs_and_dependence_give_three(
    real_tables: Mapping[str, pa.Table], watched: Watch
) -> None:
    warning = watched(real_tables, date(2021, 10, 12))["urea"]
    assert (warning.level, warning.dependent) == (3, True)
    for r in warning.reasons:
        print(r.ko)
        print(r.en)
