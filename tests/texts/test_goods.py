import pytest

from bongsu.items.catalogue import catalogue
from bongsu.texts.goods import find_goods
from bongsu.texts.tongue import Tongue

ZH, HANT, JA, KO, ID, EN = (
    Tongue.ZH_HANS,
    Tongue.ZH_HANT,
    Tongue.JA,
    Tongue.KO,
    Tongue.ID,
    Tongue.EN,
)


def goods(text: str, language: Tongue) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(one.word, one.items, one.certain) for one in find_goods(text, catalogue("KOR"), language)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("对尿素、磷酸二铵出口", ZH, [("尿素", ("urea",), True), ("磷酸二铵", ("dap_map",), True)]),
        ("氢氧化锂", ZH, [("氢氧化锂", ("lithium_hydroxide",), True)]),
        ("锂、钴", ZH, [("锂", ("lithium_carbonate", "lithium_hydroxide"), True), ("钴", ("cobalt",), True)]),
        ("人造石墨", ZH, [("人造石墨", ("graphite_artificial",), True)]),
        ("石墨", ZH, [("石墨", ("graphite_artificial", "graphite_natural"), True)]),
        ("镓、锗相关物项", ZH, [("镓", ("gallium",), True), ("锗", ("germanium",), True)]),
        ("稀土相关物项", ZH, [("稀土", ("rare_earth_compounds",), True)]),
        ("鎵、鍺相關物項", HANT, [("鎵", ("gallium",), True), ("鍺", ("germanium",), True)]),
        ("铝合金门窗", ZH, [("铝", ("aluminium",), False)]),
        ("フッ化水素の輸出", JA, [("フッ化水素", ("hydrogen_fluoride",), True)]),
        ("ナノコバルトブルー", JA, [("コバルト", ("cobalt",), False)]),
        ("Exports of Ureas and LNG", EN, [("Ureas", ("urea",), True), ("LNG", ("lng",), True)]),
        ("diesel  exhaust\nfluid", EN, [("diesel  exhaust\nfluid", ("urea",), True)]),
        ("UREA-based", EN, [("UREA", ("urea",), True)]),
        ("ekspor minyak goreng dan CPO", ID, [("minyak goreng", ("palm_oil",), True), ("CPO", ("palm_oil",), True)]),
        ("요소의 수출", KO, [("요소", ("urea",), True)]),
        ("이러한 요소가 있다", KO, [("요소", ("urea",), False)]),
        ("요소수 품귀", KO, [("요소수", ("urea",), True)]),
        ("중국산 흑연 수출통제", KO, [("흑연", ("graphite_artificial", "graphite_natural"), True)]),
        ("인도의 밀 수출 금지", KO, [("밀", ("wheat",), True)]),
        ("쌀은 제외한다", KO, [("쌀", ("rice",), True)]),
    ],
)
def test_words_are_found_longest_first(
    text: str, language: Tongue, found: list[tuple[str, tuple[str, ...], bool]]
) -> None:
    assert goods(text, language) == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The urea cycle and blood urea nitrogen", EN),
        ("price, prices, licence, avarice", EN),
        ("treasury, bureaus, ureaplasma", EN),
        ("核心要素", ZH),
        ("氨基酸和尿素循环", ZH),
        ("尿素回路の研究", JA),
        ("핵심 요소와 위험요소", KO),
        ("정밀 기계, 밀접한 협력, 밀수출, 인구 밀도", KO),
        ("법안 초안을 마련", KO),
        ("", EN),
    ],
)
def test_words_that_mean_something_else_are_none(text: str, language: Tongue) -> None:
    assert goods(text, language) == []


def test_every_name_and_alias_is_found_in_its_own_language() -> None:
    known = catalogue("KOR")
    for language in (ZH, JA, ID, EN, KO):
        for word, items in known.words(language.iso).items():
            found = {id_ for one in find_goods(f"「{word}」 export 수출", known, language) for id_ in one.items}
            assert (word, set(items) - found) == (word, set())


def test_a_finding_shows_its_place_and_sentence() -> None:
    text = "Background. The export of urea is stopped. End."
    (found,) = find_goods(text, catalogue("KOR"), EN)
    assert (text[found.start : found.end], found.sentence) == ("urea", "The export of urea is stopped.")
