"""What may stand in a release, and what is refused with its field and the mend."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.alerts.releases import checks
from bongsu.items.catalogue import catalogue
from bongsu.language import Language
from bongsu.people.errors import InvalidError

GOOD: dict[str, Any] = {
    "title_ko": "요소 수출 검사 안내",
    "title_en": "Export inspection of urea",
    "obligation_ko": "2021년 10월 15일부터 중국에서 요소를 들여오려면 수출 전 검사를 받아야 한다. 중국산 비중은 88%다.",
    "obligation_en": "From 15 October 2021 urea from China is inspected before export. China supplies 88% of it.",
    "alternatives_ko": "카타르, 인도네시아.",
    "alternatives_en": "Qatar, Indonesia.",
    "hs_codes": ["3102.10", "31021000"],
    "items": ["urea"],
    "deadline": date(2021, 10, 15),
    "original": "https://customs.gov.cn/notice/81?lang=ko#top",
}


def checked(**words: Any) -> dict[str, Any]:  # noqa: ANN401 - texts, lists, a day
    return checks.checked({**GOOD, **words}, catalogue())


def test_a_good_text_is_kept_as_it_is() -> None:
    kept = checked()
    assert kept == {**GOOD, "hs_codes": ["310210", "31021000"], "deadline": "2021-10-15"}
    checks.check_whole(kept)


LEVELS = [
    "봉수 4거입니다",
    "지금 4거로 올렸습니다",
    "３거까지",
    "5거",
    "봉\u200b수가 올랐다",
    "삼 거",
    "It stands at 4 fires.",
    "FOUR FIRES",
    "three-fire alert",
    "the beacon is lit",
]
NO_LEVELS = [
    "일거에 해결",
    "3거래일 안에",
    "제3거점",
    "부산 5거리",
    "2025 fires in the plant",
    "근거로",
    "2단계 거래",
    "봉인 수량",
]
ODDS = [
    "확률은 70%",
    "공급이 끊길 가능성 70%",
    "70 퍼센트의 가능성",
    "the probability is high",
    "a 40% chance",
    "chances are about 40 per cent",
    "likelihood",
    "the odds",
    "４０％ likely",
]
NO_ODDS = ["수입의 88%를 차지한다", "가능성을 확인하십시오", "a share of 88%", "조치 가능성이 있다. 비중 88%"]


@pytest.mark.parametrize("words", LEVELS)
@pytest.mark.parametrize("field", ["title_ko", "obligation_en", "alternatives_ko"])
def test_a_level_is_not_told(words: str, field: str) -> None:
    with pytest.raises(InvalidError, match="tells the level") as caught:
        checked(**{field: f"안내 {words} 입니다"})
    assert caught.value.where == field
    assert caught.value.mend is not None


@pytest.mark.parametrize("words", ODDS)
@pytest.mark.parametrize("field", ["title_en", "obligation_ko"])
def test_a_probability_is_not_told(words: str, field: str) -> None:
    with pytest.raises(InvalidError, match="tells a probability"):
        checked(**{field: words})


@pytest.mark.parametrize("words", [*NO_LEVELS, *NO_ODDS])
def test_what_only_looks_like_it_may_be_said(words: str) -> None:
    assert checked(obligation_ko=words)["obligation_ko"] == words


BAD_LINKS = [
    "javascript:alert(1)",
    "data:text/html,hello",
    "ftp://example.org/a",
    "//example.org/a",
    "https://",
    "https:///a",
    "https://user:pass@example.org/",
    "https://user@example.org/",
    "https://exa mple.org/",
    "https://example.org/\u202egpj.exe",
    "https://example.org\\@evil.example/",
    "https://[broken",
    "https://example.org/" + "a" * 500,
    "customs.gov.cn",
]


@pytest.mark.parametrize("link", BAD_LINKS)
def test_only_an_address_that_can_be_followed_safely_is_a_link(link: str) -> None:
    with pytest.raises(InvalidError, match="no address to follow"):
        checked(original=link)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hs_codes", ["310"], "no HS code"),
        ("hs_codes", ["31021000000000"], "no HS code"),
        ("hs_codes", ["３１０２"], "no HS code"),
        ("hs_codes", ["요소"], "no HS code"),
        ("hs_codes", [f"{n:04}" for n in range(201)], "too long"),
        ("items", ["no_such_item"], "names no item"),
        ("deadline", "31/12/2026", "no date"),
        ("deadline", "2026-02-30", "no date"),
        ("title_ko", "가" * 201, "too long"),
        ("obligation_ko", "가" * 4001, "too long"),
    ],
)
def test_a_field_that_is_off_is_named(field: str, value: object, said: str) -> None:
    with pytest.raises(InvalidError, match=said) as caught:
        checked(**{field: value})
    assert caught.value.to(Language.KO) != caught.value.to(Language.EN)


@pytest.mark.parametrize(
    "field", ["title_ko", "title_en", "obligation_ko", "obligation_en", "hs_codes", "original", "alternatives_en"]
)
def test_what_is_missing_is_missed_before_it_goes_out(field: str) -> None:
    kept = checked(**{field: [] if field == "hs_codes" else ""})
    with pytest.raises(InvalidError, match="is empty") as caught:
        checks.check_whole(kept)
    assert caught.value.where == field


def test_alternatives_and_deadline_may_be_unknown() -> None:
    checks.check_whole(checked(alternatives_ko="", alternatives_en="", deadline=None, items=[]))


REPORT_KO = "현지 업계 관계자는 다음 주부터 산둥성 항만에서 요소 선적이 전면 중단될 것이라고 말하였으며, 세관도 이를 확인해 주었음."
REPORT_EN = (
    "A trader close to the customs house told us that from next week no vessel will load urea anywhere in Shandong, "
    "and that inspections are being used to hold cargo back."
)


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (REPORT_KO, f"안내: {REPORT_KO}"),
        (REPORT_KO, "참고로 다음주부터 산둥성 항만에서 요소 선적이 전면 중단될 것이라고 합니다"),
        (REPORT_KO, "다음 주부터\u200b 산둥성, 항만에서! 요소 선적이 (전면) 중단될 것이라고"),
        (
            REPORT_EN,
            "We hear that FROM NEXT WEEK no vessel will load urea anywhere in Shandong, and that inspections follow.",
        ),
    ],
)
def test_the_words_of_a_mission_report_are_refused_and_not_quoted(report: str, text: str) -> None:
    kept = checked(obligation_en=text)
    with pytest.raises(InvalidError, match="repeats the text of a mission report") as caught:
        checks.check_apart(kept, [report])
    assert "산둥" not in caught.value.to(Language.KO)
    assert "Shandong" not in caught.value.to(Language.EN)


@pytest.mark.parametrize("report", [REPORT_KO, REPORT_EN, "", "요소 수출 검사 안내", "Export inspection of urea"])
def test_the_same_fact_in_other_words_may_be_said(report: str) -> None:
    checks.check_apart(checked(), [report])


@given(st.text(max_size=300))
def test_any_text_is_kept_or_refused(text: str) -> None:
    try:
        kept = checked(obligation_ko=text, title_en=text)
    except InvalidError:
        return
    assert not set(kept["obligation_ko"]) & set("\u202e\u202d\u2066\0\x1b")


@given(st.integers(0, 40), st.text(alphabet="가나다라마바사아자차", min_size=24, max_size=60))
def test_a_run_long_enough_is_found_wherever_it_stands(start: int, run: str) -> None:
    report = "말" * start + run + "글"
    kept = checked(obligation_ko=f"앞{run}뒤")
    with pytest.raises(InvalidError, match="repeats"):
        checks.check_apart(kept, [report])
