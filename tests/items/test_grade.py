"""The grade's rule: more dependence, difficulty or importance never betters a grade; unknown is never D."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.items.catalogue import catalogue
from bongsu.items.grade import DOMESTIC, IMPORTANCE, SUBSTITUTION, VALUE_FLOOR_USD, Criteria, ews_grade, letter
from bongsu.items.item import LETTERS, Override
from bongsu.language import Text

UREA = catalogue().item("urea")
SHARES = st.floats(0, 1)
VALUES = st.none() | st.floats(0, 1e12)
ALL = st.builds(
    Criteria,
    share=SHARES,
    value_usd=VALUES,
    substitution=st.sampled_from([*SUBSTITUTION, "unknown"]),
    domestic=st.sampled_from([*DOMESTIC, "unknown"]),
    importance=st.sampled_from([*IMPORTANCE, "unknown"]),
)


def _rank(criteria: Criteria) -> int:
    graded = letter(criteria)
    assert graded is not None
    return LETTERS.index(graded)


def _with(criteria: Criteria, name: str, value: str) -> Criteria:
    fields: dict[str, Any] = {name: value}
    return replace(criteria, **fields)


@given(ALL)
def test_an_unknown_share_gives_an_unknown_grade(criteria: Criteria) -> None:
    assert letter(replace(criteria, share=None)) is None


@given(ALL, SHARES)
def test_more_dependence_never_betters_the_grade(criteria: Criteria, other: float) -> None:
    low, high = sorted((criteria.share or 0.0, other))
    assert _rank(replace(criteria, share=high)) <= _rank(replace(criteria, share=low))


@given(ALL)
def test_unknown_is_graded_like_the_worst(criteria: Criteria) -> None:
    unknown = replace(criteria, substitution="unknown", domestic="unknown", importance="unknown")
    assert _rank(unknown) == _rank(replace(criteria, substitution="hard", domestic="none", importance="high"))
    for name, worst in (("substitution", "hard"), ("domestic", "none"), ("importance", "high")):
        assert _rank(_with(criteria, name, "unknown")) == _rank(_with(criteria, name, worst))


@given(ALL)
def test_harder_and_more_important_never_betters_the_grade(criteria: Criteria) -> None:
    for name, scale in (("substitution", SUBSTITUTION), ("domestic", DOMESTIC), ("importance", IMPORTANCE)):
        ranks = [_rank(_with(criteria, name, value)) for value in sorted(scale, key=lambda v: -scale[v])]
        assert ranks == sorted(ranks)


@given(ALL)
def test_the_value_floor_lowers_by_one_step_at_most(criteria: Criteria) -> None:
    above = _rank(replace(criteria, value_usd=VALUE_FLOOR_USD))
    below = _rank(replace(criteria, value_usd=VALUE_FLOOR_USD - 1))
    kept = criteria.importance in ("high", "unknown")
    assert below == (above if kept else min(above + 1, 3))


@pytest.mark.parametrize(
    ("share", "substitution", "importance", "expected"),
    [
        (0.90, "hard", "low", "A"),
        (0.90, "easy", "low", "B"),
        (0.8999, "hard", "high", "A"),
        (0.75, "hard", "medium", "B"),
        (0.75, "easy", "low", "C"),
        (0.50, "hard", "high", "B"),
        (0.50, "moderate", "medium", "C"),
        (0.50, "easy", "medium", "D"),
        (0.4999, "hard", "high", "C"),
        (0.4999, "hard", "medium", "D"),
        (0.0, "easy", "low", "D"),
    ],
)
def test_the_table(share: float, substitution: str, importance: str, expected: str) -> None:
    assert letter(Criteria(share, None, substitution, "none", importance)) == expected


@pytest.mark.parametrize(("share", "value"), [(1.01, None), (-0.1, None), (float("nan"), None), (0.5, -1.0)])
def test_what_cannot_be_is_refused(share: float, value: float | None) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        letter(Criteria(share, value, "hard", "none", "high"))


def test_an_unknown_grade_says_what_is_missing() -> None:
    grade = ews_grade(UREA, None, None)
    assert (grade.letter, grade.by_rule, grade.overridden_by) == (None, None, None)
    assert grade.reasons[0].en == "The top supplier's share is unknown, and so is the grade."
    assert [text.ko for text in grade.what_would_change] == ["수입 통계가 들어오면 등급을 매깁니다."]


def test_a_grade_says_why_and_what_would_change_it() -> None:
    grade = ews_grade(UREA, 0.88, 5e8, date(2021, 10, 13))
    assert grade.letter == "A"
    assert [text.en for text in grade.reasons] == [
        "Top supplier's share 88.0%.",
        "Substitution hard, domestic production none, importance high.",
    ]
    assert grade.what_would_change[0].en == "B if the share falls below 75%."


def test_before_an_assessment_was_public_it_counts_as_unknown() -> None:
    grade = ews_grade(UREA, 0.6, None, date(2011, 1, 1))
    assert [text.en for text in grade.reasons][1:] == [
        "Substitution unknown, domestic production unknown, importance unknown.",
        "An unknown criterion counts as the worst value.",
        "Yearly imports are unknown; the value floor was not applied.",
    ]


def test_a_small_bill_lowers_the_grade_and_says_so() -> None:
    bismuth = catalogue().item("bismuth")
    large, small = ews_grade(bismuth, 0.95, 2e7), ews_grade(bismuth, 0.95, 2e6)
    assert (large.letter, small.letter) == ("B", "C")
    assert small.reasons[-1].en == "Yearly imports are under the floor (USD 10 million): one step lower."


@pytest.mark.parametrize(("value", "said"), [(2e6, "reach the floor"), (2e7, "fall under the floor")])
def test_the_other_side_of_the_value_floor_is_named(value: float, said: str) -> None:
    changes = [text.en for text in ews_grade(catalogue().item("bismuth"), 0.95, value).what_would_change]
    assert [text for text in changes if "floor" in text] == [
        f"{'B' if value < VALUE_FLOOR_USD else 'C'} if yearly imports {said} (USD 10 million)."
    ]


@given(SHARES | st.none())
def test_an_override_stands_beside_the_rule(share: float | None) -> None:
    override = Override(letter="D", reason=Text("재고 충분", "Ample stock"), by="desk", on=date(2022, 3, 1))
    item = replace(UREA, override=override)
    grade = ews_grade(item, share, None)
    assert (grade.letter, grade.by_rule, grade.overridden_by) == (
        "D",
        ews_grade(UREA, share, None).by_rule,
        override,
    )
    assert grade.reasons[0].en == "desk set D on 2022-03-01: Ample stock"
    before = ews_grade(item, share, None, date(2022, 2, 28))
    assert before.overridden_by is None


@given(ALL)
def test_what_would_change_names_no_letter_that_stands(criteria: Criteria) -> None:
    item = replace(
        UREA,
        substitution=replace(UREA.substitution, value=criteria.substitution),
        domestic=replace(UREA.domestic, value=criteria.domestic),
        importance=replace(UREA.importance, value=criteria.importance),
    )
    grade = ews_grade(item, criteria.share, criteria.value_usd)
    assert [text.en for text in grade.what_would_change if text.en[0] == grade.letter] == []
