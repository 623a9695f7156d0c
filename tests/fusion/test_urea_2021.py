"""The story that the house exists for: urea in October 2021, from real inputs, as it could be known on each day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.publisher import Publisher
from bongsu.detectors.signal import RAISED, Layer, State
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.fusion.watch import watches
from bongsu.items.catalogue import catalogue
from bongsu.language import Text
from bongsu.missions.load import network
from bongsu.records.known import end_of_day

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


def test_its_probability_quotes_nothing_later(real_tables: Tables, watched: Watch) -> None:
    """Forecasts of the record count when the 183 days after them are over: the last is of 1 April 2021."""
    seen = watched(real_tables, date(2021, 10, 13), None)
    found = {item: one.probability for item, one in seen.items() if one.probability is not None}
    assert {(one.first, one.last) for one in found.values()} == {(date(2015, 1, 1), date(2021, 4, 1))}
    assert "urea" not in found  # too few fours had an outcome by then
    assert seen["urea"].calibration.en.startswith("No probability: there is no record yet (")


def test_an_alarm_starts_between_the_figure_of_dependence_and_the_notice(
    real_tables: Tables, clocks: Mapping[str, Publisher], plain: Callable[..., Any]
) -> None:
    """The bar's window: below three fires when it opens, three or more before it closes, from prices and inputs alone."""
    first, last = date(2021, 2, 1), date(2021, 10, 12)
    days = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, 4)]
    moments = [end_of_day(day, "Asia/Seoul") for day in (*days, last)]
    asked = (catalogue("KOR"), network("KOR"), moments, clocks)
    levels, layers = [], set()
    for _, (urea,) in watches(plain(real_tables), *asked, items=["urea"]):
        levels.append(urea.level)
        layers |= {signal.layer for signal in urea.signals if signal.strength >= RAISED}
    assert levels[0] == 2
    assert (max(level or 0 for level in levels), levels[-1]) == (3, 3)
    assert layers == {Layer.PRICE, Layer.INPUT_PRICE}


@pytest.mark.parametrize(
    ("on", "due", "stands"),
    [
        (date(2026, 10, 10), 0, "it is suspended until 10 November 2026"),
        (date(2026, 10, 11), 1, "it is suspended until 10 November 2026, 30 days ahead"),
        (date(2026, 10, 12), 1, "it is suspended until 10 November 2026, 29 days ahead"),
        (date(2026, 11, 2), 1, "it is suspended until 10 November 2026, 8 days ahead"),
        (date(2026, 11, 3), 2, "it is suspended until 10 November 2026, 7 days ahead"),
        (date(2026, 11, 4), 2, "it is suspended until 10 November 2026, 6 days ahead"),
        (date(2026, 11, 10), 2, "it is suspended until 10 November 2026, 0 days ahead"),
        (date(2026, 11, 11), 3, "stated end has passed (10 November 2026), legal effect unverified, issuer never read"),
        (
            date(2026, 11, 25),
            3,
            (
                "stated end has passed (10 November 2026), legal effect unverified, issuer last read at "
                "2026-11-20 03:00 UTC, check for an extension"
            ),
        ),
    ],
)
def test_the_suspension_to_10_november_2026_day_by_day(
    real_tables: Tables,
    clocks: Mapping[str, Publisher],
    plain: Callable[..., Any],
    on: date,
    due: int,
    stands: str,
) -> None:
    """No. 70 of 2025 suspends No. 56, No. 57 and No. 61, which bear on rare earths."""
    read = {**clocks, "notices_table": replace(clocks["notices_table"], reads=(datetime(2026, 11, 20, 3, tzinfo=UTC),))}
    moments = [end_of_day(on, "Asia/Seoul")]
    asked = (catalogue("KOR"), network("KOR"), moments, read)
    ((_, (warning,)),) = watches(plain(real_tables), *asked, items=["rare_earth_compounds"])
    assert [question.due for question in warning.questions] == [number < due for number in range(3)]
    assert {question.mission.host for question in warning.questions if question.mission} == {"CHN"}
    told = [signal.headline.en for signal in warning.signals if "No. 57 of 2025" in signal.headline.en]
    assert [stands in one for one in told] == [True]
    asks = [question.because for question in warning.questions if question.due]
    assert not asks or asks[-1].ko in warning.next_step.ko
    assert (
        "Announcement No. 56 of 2025, Announcement No. 57 of 2025, Announcement No. 61 of 2025"
        in warning.questions[0].because.en
    )


def sentences(warning: Warning) -> list[Text]:
    asked = [question.because for question in warning.questions]
    names = [name for use in warning.uses for name in (use.name, *use.in_charge, *use.hit)]
    told = [warning.calibration, warning.next_step, *warning.reasons, *warning.raise_if, *warning.lower_if]
    return [*told, *asked, *names, *(view.headline for view in warning.layers)]


@pytest.mark.parametrize("on", [date(2021, 10, 12), date(2021, 10, 13), date(2026, 10, 20), date(2026, 11, 25)])
def test_every_sentence_of_every_item_stands_in_both_languages(real_tables: Tables, watched: Watch, on: date) -> None:
    for warning in watched(real_tables, on, None).values():
        for text in sentences(warning):
            assert any("가" <= letter <= "힣" for letter in text.ko), text
            assert text.en.strip(), text
            assert not any("가" <= letter <= "힣" for letter in text.en), text
