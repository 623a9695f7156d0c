import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.texts.tongue import Tongue, tongue, view


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("关于对镓、锗相关物项实施出口管制的公告", Tongue.ZH_HANS, "zh"),
        ("關於稀土輸出許可之公告", Tongue.ZH_HANT, "zh"),
        ("輸出貿易管理令の運用についての一部改正", Tongue.JA, "ja"),
        ("요소(urea)의 수출 전 검사 의무화", Tongue.KO, "ko"),
        ("Peraturan tentang larangan sementara ekspor dan bahan baku", Tongue.ID, "id"),
        ("The export of wheat is prohibited with immediate effect", Tongue.EN, "en"),
        ("DRAM 2021 NAND", Tongue.UNKNOWN, ""),
        ("3102.10 310210", Tongue.UNKNOWN, ""),
        ("", Tongue.UNKNOWN, ""),
    ],
)
def test_scripts_and_stop_words_tell_the_language(text: str, language: Tongue, iso: str) -> None:
    assert (tongue(text), tongue(text).iso) == (language, iso)


def test_the_view_is_half_width_lower_case_and_simplified_for_traditional_chinese() -> None:
    assert view("ＨＳ　３１０２．１０", Tongue.JA) == "hs 3102.10"
    assert view("鎵、鍺、鋰", Tongue.ZH_HANT) == "镓、锗、锂"
    assert view("許可 İ", Tongue.JA) == "許可 İ"


@given(st.text(), st.sampled_from(Tongue))
def test_the_view_keeps_every_position(text: str, language: Tongue) -> None:
    assert len(view(text, language)) == len(text)
