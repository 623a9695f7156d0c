"""An item from a few words, and the setting in which it is watched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bongsu.detectors.publisher import Publisher, Setting
from bongsu.items.catalogue import catalogue
from bongsu.items.item import Item
from bongsu.language import Text
from bongsu.records.known import Lag


@pytest.fixture(scope="session")
def urea() -> Item:
    return replace(catalogue("KOR").as_of(date(2021, 10, 13)).item("urea"), dependence=(), suppliers=())


@pytest.fixture(scope="session")
def at() -> Callable[[date], Setting]:
    """at(day) → Korea on that day, with one monthly publisher on the 15th, one weekly and one irregular."""
    known = {
        "monthly": Publisher("monthly", Text("월간", "Monthly"), Lag(day_of_next_month=15), "monthly"),
        "weekly": Publisher("weekly", Text("주간", "Weekly"), Lag(weekday=1, after=2), "weekly"),
        "list": Publisher("list", Text("목록", "List"), Lag(days=0)),
    }
    return lambda on: Setting("KOR", on, known)
