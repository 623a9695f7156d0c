"""What suspended measures make us ask, on which day, and of whom."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.detectors.suspension import suspension_questions
from bongsu.items.item import Item

END = date(2026, 11, 10)
ROW: dict[str, Any] = {
    "jurisdiction": "CHN", "number": "No. 57", "direction": "export", "hs_codes": ["3102"], "affected": None,
    "status": "suspended", "suspended_until": END,
}  # fmt: skip


def test_it_asks_thirty_and_seven_days_before_the_end_and_the_day_after(urea: Item) -> None:
    asked = suspension_questions(urea, [ROW], "KOR")
    assert [(one.country, one.on) for one in asked] == [
        ("CHN", date(2026, 10, 11)), ("CHN", date(2026, 11, 3)), ("CHN", date(2026, 11, 11)),
    ]  # fmt: skip
    assert [one.because.ko for one in asked] == [
        "중국 조치(No. 57)의 효력 정지가 30일 뒤인 2026년 11월 10일로 끝난다. 연장할지, 다시 시행할지를 묻는다.",
        "중국 조치(No. 57)의 효력 정지가 7일 뒤인 2026년 11월 10일로 끝난다. 연장할지, 다시 시행할지를 묻는다.",
        "중국 조치(No. 57)의 효력 정지 기한(2026년 11월 10일)이 지났다. 연장되었는지, 법적 효력이 어떠한지를 묻는다.",
    ]
    assert [one.because.en for one in asked] == [
        (
            "China's suspension of No. 57 ends 30 days later, on 10 November 2026: will it be extended, "
            "or will the measure apply again?"
        ),
        (
            "China's suspension of No. 57 ends 7 days later, on 10 November 2026: will it be extended, "
            "or will the measure apply again?"
        ),
        (
            "The stated end (10 November 2026) of China's suspension of No. 57 has passed: was it extended, "
            "and what is the legal effect now?"
        ),
    ]


def test_acts_that_end_together_are_asked_about_together(urea: Item) -> None:
    others = [{**ROW, "number": "No. 61"}, {**ROW, "number": "No. 61"}, {**ROW, "suspended_until": date(2027, 1, 1)}]
    asked = suspension_questions(urea, [ROW, *others], "KOR")
    assert [one.on for one in asked] == [
        date(2026, 10, 11), date(2026, 11, 3), date(2026, 11, 11), date(2026, 12, 2), date(2026, 12, 25),
        date(2027, 1, 2),
    ]  # fmt: skip
    assert "No. 57, No. 61 ends" in asked[0].because.en


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "ended"},
        {"status": "in_force"},
        {"suspended_until": None},
        {"direction": "import"},
        {"affected": ["USA"]},
        {"jurisdiction": "KOR"},
        {"hs_codes": ["2804"]},
        {"hs_codes": None},
    ],
)
def test_what_stands_or_does_not_concern_us_asks_nothing(urea: Item, changes: dict[str, Any]) -> None:
    assert suspension_questions(urea, [{**ROW, **changes}], "KOR") == ()


@given(ends=st.lists(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=4))
def test_each_end_is_asked_about_three_times_in_the_order_of_days(urea: Item, ends: list[date]) -> None:
    asked = suspension_questions(urea, [{**ROW, "suspended_until": end} for end in ends], "KOR")
    assert len(asked) == 3 * len(set(ends))
    assert [one.on for one in asked] == sorted(one.on for one in asked)
