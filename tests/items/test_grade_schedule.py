"""The rule for any code: which items a code belongs to, which criteria then stand, and the reason in a sentence."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.items.catalogue import Fit, catalogue
from bongsu.items.grade import DOMESTIC, IMPORTANCE, SUBSTITUTION, Criteria, letter, weights
from bongsu.items.item import LETTERS, HsCode, Item
from bongsu.items.schedule import Schedule, criteria, gravest, in_short, schedule, schedule_of, unknown_criteria
from bongsu.language import Text

DAY = date(2024, 1, 1)
HELD = catalogue().as_of(DAY)
KOREA = schedule("KOR", DAY)
LISTED = sorted({(hs.code, hs.system) for item in HELD.items.values() for hs in item.hs})
NEAR = st.sampled_from(LISTED).flatmap(
    lambda place: st.sampled_from([place[0][:digits] for digits in (2, 4, 6, 8, 10)]).flatmap(
        lambda code: st.sampled_from([code, (code + "0010")[:10], (code + "9000")[:10]])
    )
)
CHINA = Text("중국", "China")


@given(NEAR, st.sampled_from(["HS", "HSK", "HTS"]))
def test_it_says_of_thousands_what_the_catalogue_says_of_one(code: str, system: str) -> None:
    asked = system if len(code) > 6 else "HS"
    found = HELD.by_hs(code, asked)
    belonging = {match.item.id for match in found if match.fit in (Fit.EXACT, Fit.NARROWER)}
    assert [item.id for item in KOREA.of(code, asked)] == sorted(belonging)
    others = {match.item.id for match in found} - belonging
    assert [item.id for item in KOREA.within(code, asked)] == sorted(others)


def test_a_code_belongs_to_the_item_that_it_is_or_is_a_part_of() -> None:
    assert [item.id for item in KOREA.of("310210", "HS")] == ["urea"]
    assert [item.id for item in KOREA.of("3102100010", "HTS")] == ["urea"]
    assert [item.id for item in KOREA.of("3102", "HS")] == []
    assert "urea" in [item.id for item in KOREA.within("3102", "HS")]
    assert KOREA.of("999999", "HS") == KOREA.within("999999", "HS") == ()


def test_a_national_code_of_another_country_is_no_part_of_ours() -> None:
    item = replace(catalogue().item("urea"), hs=(HsCode(code="3102100010", system="HSK"),))
    held = Schedule("KOR", (item,))
    assert [one.id for one in held.of("3102100010", "HSK")] == ["urea"]
    assert held.of("3102100010", "HTS") == held.of("310210", "HS") == ()
    assert [one.id for one in held.within("3102100010", "HTS")] == ["urea"]
    assert [one.id for one in held.within("310210", "HS")] == ["urea"]


def test_another_countrys_catalogue_is_no_answer() -> None:
    assert schedule("USA", DAY) == Schedule("USA")
    assert schedule("USA", DAY).of("310210", "HS") == ()


def test_what_was_not_assessed_yet_is_unknown() -> None:
    (urea,) = schedule_of(catalogue(), date(2011, 1, 1)).of("310210", "HS")
    assert unknown_criteria(criteria(urea, 0.9, None)) == ("substitution", "domestic", "importance")


SHARES = st.floats(0, 1)
VALUES = st.none() | st.floats(0, 1e9)


def built(base: Item, substitution: str, domestic: str, importance: str) -> Item:
    return replace(
        base,
        substitution=replace(base.substitution, value=substitution),
        domestic=replace(base.domestic, value=domestic),
        importance=replace(base.importance, value=importance),
    )


ITEMS = st.builds(
    built,
    st.just(catalogue().item("urea")),
    st.sampled_from([*SUBSTITUTION, "unknown"]),
    st.sampled_from([*DOMESTIC, "unknown"]),
    st.sampled_from([*IMPORTANCE, "unknown"]),
)


@given(st.lists(ITEMS, max_size=4), SHARES, VALUES)
def test_of_several_items_the_gravest_stands(items: list[Item], share: float, value: float | None) -> None:
    chosen = letter(gravest(items, share, value))
    each = [letter(criteria(item, share, value)) for item in items] or [letter(criteria(None, share, value))]
    assert chosen == min(each, key=lambda one: LETTERS.index(one or "D"))


@given(ITEMS, SHARES, VALUES)
def test_an_unknown_criterion_at_its_best_never_gives_a_graver_letter(
    item: Item, share: float, value: float | None
) -> None:
    seen = criteria(item, share, value)
    worst, best = letter(seen), letter(seen, unknown=0)
    assert worst is not None
    assert best is not None
    assert LETTERS.index(worst) <= LETTERS.index(best)
    if not unknown_criteria(seen):
        assert worst == best


def test_every_place_of_every_item_is_weighed_once_for_each_item() -> None:
    pairs = KOREA.weighed()
    for item in KOREA.items:
        pair = weights(criteria(item, None, None))
        for hs in item.hs:
            assert ("" if len(hs.code) <= 6 else hs.system, hs.code) in pairs[pair]
    assert sum(map(len, pairs.values())) <= sum(len(item.hs) for item in KOREA.items)


@pytest.mark.parametrize(
    ("given_", "ko", "en"),
    [
        (
            Criteria(0.912, 5e7, "hard", "none", "high"),
            "최대 공급국은 중국(91.2%)이고, 대체 어려움, 국내 생산 없음, 중요도 높음입니다.",
            "Top supplier China (91.2%); substitution hard, domestic production none, importance high.",
        ),
        (
            Criteria(0.5, 5e7, "unknown", "unknown", "unknown"),
            "최대 공급국은 중국(50.0%)이고, 모르는 기준(대체, 국내 생산, 중요도)은 가장 나쁜 값으로 셌습니다.",
            "Top supplier China (50.0%); substitution, domestic production and importance unknown, counted as the worst.",
        ),
        (
            Criteria(0.8, 5e6, "hard", "unknown", "low"),
            (
                "최대 공급국은 중국(80.0%)이고, 대체 어려움, 중요도 낮음이며, 모르는 기준(국내 생산)은 가장 나쁜 값으로 "
                "셌고, 연간 수입액이 1천만 달러보다 적어 한 등급 낮췄습니다."
            ),
            (
                "Top supplier China (80.0%); substitution hard, importance low, domestic production unknown, counted as "
                "the worst, imports under USD 10 million, one step lower."
            ),
        ),
    ],
)
def test_the_reason_in_a_sentence(given_: Criteria, ko: str, en: str) -> None:
    said = in_short(given_, CHINA)
    assert (said.ko, said.en) == (ko, en)


def test_the_reason_without_a_name() -> None:
    seen: Any = Criteria(0.5, None, "easy", "ample", "low")
    assert in_short(seen, None).en.startswith("Top supplier's share 50.0%; ")
    assert in_short(seen, None).ko.startswith("최대 공급국 비중은 50.0%이고, ")
