"""The story that the house exists for: urea in October 2021, from real inputs, as it could be known on each day."""

from collections.abc import Callable, Mapping
from datetime import date

import pyarrow as pa
import pytest

from bongsu.detectors.signal import Layer, State
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word

Watch = Callable[..., Mapping[str, Warning]]
Tables = Mapping[str, pa.Table]
pytestmark = pytest.mark.realdata


def test_the_notice_gives_four_fires_on_the_day_it_went_online(real_tables: Tables, watched: Watch) -> None:
    warning = watched(real_tables, date(2021, 10, 13))["urea"]
    assert (warning.level, warning.dependent, warning.known, warning.no_current_figures) == (4, True, True, False)
    assert [view.layer for view in warning.layers_in(State.LIVE)] == [
        Layer.MEASURE,
        Layer.TRANSIT,
        Layer.PRICE,
        Layer.INPUT_PRICE,
    ]
    assert "Announcement No. 81 of 2021" in warning.reasons[0].ko
    assert "2021년 10월 15일 시행된다" in warning.reasons[0].ko


def test_it_says_who_must_know_and_whom_to_ask(real_tables: Tables, watched: Watch) -> None:
    warning = watched(real_tables, date(2021, 10, 13))["urea"]
    assert warning.missions[0].host == "CHN"
    fluid = next(use for use in warning.uses if use.id == "diesel_exhaust_fluid")
    assert [ministry.ko for ministry in fluid.in_charge] == ["환경부"]
    assert "국토교통부" in [ministry.ko for ministry in fluid.hit]
    assert warning.days_of_cover is None
    assert "확인요청" in warning.next_step.ko


def test_the_day_before_prices_inputs_and_dependence_give_three(real_tables: Tables, watched: Watch) -> None:
    warning = watched(real_tables, date(2021, 10, 12))["urea"]
    assert (warning.level, warning.dependent) == (3, True)
    assert Layer.MEASURE in [view.layer for view in warning.layers_in(State.MISSING)]


def test_before_the_annual_figure_was_out_the_dependence_on_it_was_not_known(
    real_tables: Tables, watched: Watch
) -> None:
    assert watched(real_tables, date(2021, 1, 29))["urea"].dependence is None
    known = watched(real_tables, date(2021, 2, 1))["urea"].dependence
    assert known is not None
    assert (known.partner, known.share) == ("CHN", 0.88)


def test_a_day_that_has_not_come_changes_no_day_before(real_tables: Tables, watched: Watch) -> None:
    """The file of March 2023 holds later months: none of them may speak in October 2021."""
    seen = watched(real_tables, date(2021, 10, 13), None)
    dates = [view.known_at.date() for one in seen.values() for view in one.layers if view.known_at is not None]
    assert max(dates) <= date(2021, 10, 13)
