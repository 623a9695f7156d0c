"""The years in which anything here may lie: others are mistakes, and some clocks and databases cannot hold them."""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2200


def within(day: date) -> bool:
    """Does a day, or a moment on its own clock, lie in them?"""
    return FIRST_YEAR <= day.year <= LAST_YEAR
