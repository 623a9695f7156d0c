"""When a figure goes stale, and how months, shares and names are said."""

from collections.abc import Callable
from datetime import date

import pytest

from bongsu.detectors.publisher import Publisher, Setting, publishers
from bongsu.detectors.signal import Layer, State, missing
from bongsu.detectors.wording import country, josa, mid, per_cent, period
from bongsu.language import Text
from bongsu.records.known import Lag
from bongsu.sources.source import sources


@pytest.mark.parametrize(
    ("source", "frequency", "valid", "last_live_day"),
    [
        # September is known on 15 October; with November's figure out (15 December), two newer ones are missing.
        ("monthly", "M", date(2021, 9, 1), date(2021, 12, 15)),
        # A day's figure comes on the Tuesday after its week's Sunday; two weeks later it is stale.
        ("weekly", "D", date(2021, 10, 10), date(2021, 10, 26)),
        # In the middle of a week: seven days of cadence and one of its own later stands the 15th, out on the 19th.
        ("weekly", "D", date(2021, 10, 7), date(2021, 10, 19)),
        ("list", "M", date(2021, 9, 1), date(2021, 11, 30)),
        # A yearly figure of a monthly source: a month and a year later stands the year to January, out on 15 February.
        ("monthly", "A", date(2020, 1, 1), date(2022, 2, 15)),
    ],
)
def test_a_figure_is_live_until_it_is_older_than_cadence_lag_and_one_period(
    at: Callable[[date], Setting], source: str, frequency: str, valid: date, last_live_day: date
) -> None:
    by = at(last_live_day).publisher(source)
    assert by.state(valid, frequency, last_live_day) is State.LIVE
    assert by.state(valid, frequency, date.fromordinal(last_live_day.toordinal() + 1)) is State.STALE


def test_a_source_that_nobody_described_is_given_45_days(at: Callable[[date], Setting]) -> None:
    assert at(date(2021, 1, 1)).publisher("own-file") == Publisher(
        "own-file", Text("own-file", "own-file"), Lag(days=45)
    )


def test_every_source_has_its_clock() -> None:
    assert {id_: one.lag for id_, one in publishers(sources()).items()} == {
        id_: one.lag for id_, one in sources().items()
    }


def test_a_missing_layer_has_no_strength_and_says_why() -> None:
    signal = missing("urea", Layer.PRICE, Text("없다.", "None."))
    assert (signal.state, signal.strength, signal.headline.en) == (State.MISSING, 0.0, "None.")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("중국", "중국이"),
        ("요소", "요소가"),
        ("액화천연가스(LNG)", "액화천연가스(LNG)가"),
        ("2021년", "2021년이"),
        ("A1", "A1이"),
    ],
)
def test_the_particle_fits_the_last_sound(word: str, expected: str) -> None:
    assert josa(word, "이", "가") == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("서울", "서울로"), ("중국", "중국으로"), ("일본", "일본으로"), ("미국 1", "미국 1로")]
)
def test_rieul_takes_the_short_particle_of_direction(word: str, expected: str) -> None:
    assert josa(word, "으로", "로") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Urea", "urea"), ("NdFeB magnets", "NdFeB magnets"), ("LNG", "LNG"), ("Thermal coal", "thermal coal")],
)
def test_an_english_name_inside_a_sentence(name: str, expected: str) -> None:
    assert mid(name) == expected


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("A", Text("2021년", "2021")),
        ("Q", Text("2021년 4분기", "Q4 2021")),
        ("M", Text("2021년 10월", "October 2021")),
        ("W", Text("2021년 10월 4일 주간", "the week of 4 October 2021")),
        ("D", Text("2021년 10월 4일", "4 October 2021")),
    ],
)
def test_periods_in_words(frequency: str, expected: Text) -> None:
    assert period(date(2021, 10, 4), frequency) == expected


def test_shares_and_countries_in_words() -> None:
    assert [per_cent(share) for share in (0.88, 0.976, 1.0, 0.0)] == ["88%", "97.6%", "100%", "0%"]
    assert (country("CHN"), country("ZZZ")) == (Text("중국", "China"), Text("ZZZ", "ZZZ"))
