"""Which revision a period is in: the rule, the latecomers, and the day of change."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.codes.adoption import Adoption, adoptions, in_force
from bongsu.codes.concordances import REVISIONS
from bongsu.codes.tables import UnknownCodeError
from bongsu.records.known import period_end


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (1987, ()),
        (1988, ("1992",)),
        (1995, ("1992",)),
        (1996, ("1996",)),
        (2016, ("2012",)),
        (2017, ("2017",)),
        (2026, ("2022",)),
    ],
)
def test_a_revision_begins_with_its_year(year: int, expected: tuple[str, ...]) -> None:
    assert in_force("KOR", "import", date(year, 1, 1), date(year, 12, 31)) == expected


def test_a_country_that_was_late_has_two_revisions_in_the_period_of_change() -> None:
    january = date(2022, 1, 1), date(2022, 1, 31)
    assert in_force("USA", "import", *january) == ("2017", "2022")
    assert in_force("USA", "import", date(2022, 1, 1), date(2022, 12, 31)) == ("2017", "2022")
    assert in_force("USA", "import", date(2022, 2, 1), date(2022, 2, 28)) == ("2022",)
    assert in_force("USA", "import", date(2012, 1, 1), date(2012, 1, 31)) == ("2007",)
    assert in_force("USA", "export", date(2012, 1, 1), date(2012, 1, 31)) == ("2012",)


def test_days_that_are_given_go_before_ours_and_a_revision_may_never_come() -> None:
    late = (Adoption("VNM", "", "2017", date(2018, 1, 1)), Adoption("VNM", "", "2022", None))
    years = {year: in_force("VNM", "export", date(year, 1, 1), date(year, 12, 31), late) for year in (2017, 2018, 2026)}
    assert years == {2017: ("2012",), 2018: ("2017",), 2026: ("2017",)}
    assert in_force("USA", "import", date(2022, 1, 1), date(2022, 1, 31), late) == ("2022",)


def test_a_revision_that_there_is_none_of_is_an_error() -> None:
    with pytest.raises(UnknownCodeError, match="no HS revision of 2019"):
        in_force("VNM", "export", date(2020, 1, 1), date(2020, 1, 31), (Adoption("VNM", "", "2019", None),))


def test_every_day_in_our_table_has_its_source_and_a_revision_that_it_is_late_for() -> None:
    assert [one for one in adoptions() if not one.source or one.day is None] == []
    assert [one for one in adoptions() if one.day and one.day.year != int(one.revision)] == []


@given(
    st.dates(date(1985, 1, 1), date(2060, 1, 1)), st.sampled_from(["USA", "KOR"]), st.sampled_from(["import", "export"])
)
def test_the_revisions_of_a_year_are_those_of_its_months(day: date, reporter: str, flow: str) -> None:
    year = date(day.year, 1, 1)
    months = [date(day.year, month, 1) for month in range(1, 13)]
    found = {one for month in months for one in in_force(reporter, flow, month, period_end(month, "M"))}
    whole = in_force(reporter, flow, year, date(day.year, 12, 31))
    assert set(whole) == found
    assert list(whole) == [revision for revision in REVISIONS if revision in found]
