"""Methods side by side: which criterion decides, who agrees with whom, and what would change an answer."""

from collections import Counter
from typing import Any

import pytest

from bongsu.indicators.agreement import (
    NOT_JUDGED,
    YEARS,
    Agreement,
    agreement,
    criterion_text,
    disagree,
    judged,
    reasons,
    what_would_change,
    why,
)
from bongsu.indicators.methods import methods

Row = dict[str, Any]
EC, GEODEP, KOREA = (methods()[name] for name in ("ec2021", "geodep", "korea"))


SAID: dict[str, bool | None] = {"y": True, "n": False, "?": None}


def all_of(verdicts: list[bool | None]) -> bool | None:
    return False if False in verdicts else None if None in verdicts else True


def korean(told: str, share: float | None = 0.6) -> Row:
    verdicts = [SAID[letter] for letter in told]
    names = dict(zip(("half", "above_floor"), verdicts, strict=True))
    return {**names, "top_share": share, "imports": 5e6, "currency": "USD", "dependent": all_of(verdicts)}


def european(told: str) -> Row:
    verdicts = [SAID[letter] for letter in told]
    names = dict(zip(("cdi1_over", "cdi2_over", "cdi3_over"), verdicts, strict=True))
    figures = {"cdi1": 0.52, "cdi2": 1.0, "cdi3": None if verdicts[2] is None else 0.6}
    return {**names, **figures, "dependent": all_of(verdicts)}


def lasting(told: str, held: int, not_held: int) -> Row:
    """GeoDep's row: is it concentrated this year, and is it dependent in the end."""
    now, dependent = (SAID[letter] for letter in told)
    return {
        "hhi": 0.5, "world_hhi": 0.5, "ratio": 2.0, "hhi_over": now, "world_over": True, "ratio_over": True,
        "years_true": held, "years_false": not_held, "dependent": dependent,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "told", "decides"),
    [
        (korean("yy"), "y", ()),
        (korean("yn"), "n", ("above_floor",)),
        (korean("nn"), "n", ("half", "above_floor")),
        (korean("?n"), "n", ("above_floor",)),
        (korean("?y"), "?", ("half",)),
        (None, "?", (NOT_JUDGED,)),
    ],
)
def test_what_decides(row: Row | None, told: str, decides: tuple[str, ...]) -> None:
    found = judged(KOREA, row)
    assert (found.dependent, found.decides) == (SAID[told], decides)


@pytest.mark.parametrize(
    ("row", "decides"),
    [
        (lasting("yn", 1, 2), (YEARS,)),  # holds this year, but did not in the two before
        (lasting("nn", 1, 2), ("hhi_over",)),
        (lasting("?n", 0, 2), (YEARS,)),
        (lasting("y?", 1, 0), (YEARS,)),
        (lasting("??", 1, 1), ("hhi_over",)),
        (lasting("ny", 2, 1), ()),
    ],
)
def test_where_the_years_decide(row: Row, decides: tuple[str, ...]) -> None:
    assert judged(GEODEP, row).decides == decides


CODES = [
    [judged(KOREA, korean("yy")), judged(EC, european("yyy"))],
    [judged(KOREA, korean("yy")), judged(EC, european("yyn"))],
    [judged(KOREA, korean("yy")), judged(EC, european("nyn"))],
    [judged(KOREA, korean("yn")), judged(EC, european("yyy"))],
    [judged(KOREA, korean("nn")), judged(EC, european("nyn"))],
    [judged(KOREA, korean("yy")), judged(EC, european("yy?"))],
    [judged(KOREA, korean("?y")), judged(EC, None)],
]


def test_every_code_is_counted_once_in_the_matrix() -> None:
    (found,) = agreement(CODES)
    assert found == Agreement("korea", "ec2021", both=1, only_one=2, only_other=1, neither=1, cannot_be_told=2)
    assert found.both + found.only_one + found.only_other + found.neither + found.cannot_be_told == len(CODES)


def test_every_pair_of_methods_has_its_line() -> None:
    several = [[judged(one, None) for one in methods().values()]]
    pairs = [(one.one, one.other) for one in agreement(several)]
    names = list(methods())
    assert pairs == [(one, other) for n, one in enumerate(names) for other in names[n + 1 :]]
    assert agreement([]) == ()


def test_disagreement_is_a_yes_against_a_no() -> None:
    assert [disagree(several) for several in CODES] == [False, True, True, True, False, False, False]
    assert reasons(CODES) == Counter(
        {("ec2021", "cdi3_over"): 2, ("ec2021", "cdi1_over"): 1, ("korea", "above_floor"): 1}
    )


def test_why_they_disagree() -> None:
    assert [why(several) is not None for several in CODES] == [disagree(several) for several in CODES]
    said = why(CODES[1])
    assert said is not None
    assert said.en == "korea: dependent. ec2021: not, for want of imports from outside larger than exports (now 0.60)."
    assert said.ko == "korea: 의존. ec2021: 아님(불충족: 역외 수입이 수출보다 많음(지금 0.60))."
    floor = why(CODES[3])
    assert floor is not None
    assert floor.en == "ec2021: dependent. korea: not, for want of imports at or above the floor (now USD 5.0 m)."


@pytest.mark.parametrize(
    ("row", "en"),
    [
        (
            korean("yy"),
            (
                "Not dependent once one of these fails: 50 % or more from one country (now 0.60), "
                "imports at or above the floor (now USD 5.0 m)."
            ),
        ),
        (korean("yn"), "Dependent if all of these hold: imports at or above the floor (now USD 5.0 m)."),
        (korean("?y", None), "To tell it, this must be known: 50 % or more from one country."),
        (None, "To tell it, this must be known: the figures that this method needs."),
    ],
)
def test_what_would_change_an_answer(row: Row | None, en: str) -> None:
    assert what_would_change(judged(KOREA, row)).en == en


def test_years_are_told_with_their_numbers() -> None:
    said = what_would_change(judged(GEODEP, lasting("y?", 1, 1)))
    assert said.en == "To tell it, this must be known: in 2 of 3 years (1 yes, 1 no, 1 unknown)."
    assert said.ko == "다음을 알아야 판단할 수 있습니다: 최근 3년 가운데 2년 이상 성립(성립 1년, 불성립 1년, 모름 1년)."


@pytest.mark.parametrize("name", list(methods()))
def test_every_criterion_has_words_in_both_languages(name: str) -> None:
    method = methods()[name]
    for verdict in (*(one.verdict for one in method.criteria), YEARS, NOT_JUDGED):
        text = criterion_text(method, verdict)
        assert any("가" <= letter <= "힣" for letter in text.ko)
        assert not any("가" <= letter <= "힣" for letter in text.en)
