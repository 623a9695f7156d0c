import pytest

from bongsu.language import BadInputError, Language
from bongsu.texts.plain import MOST_BYTES, Plain, plain

ZH = "海关总署决定对化肥实施出口检验，自公布之日起施行。"
ZH_HANT = "經濟部公告：稀土輸出應經許可，自公布之日起實施。"
JA = "経済産業省は、フッ化水素の輸出について個別の許可を求めることとした。"
KO = "해관총서는 요소의 수출을 검사하기로 하였다. 공고한 날부터 시행한다."


@pytest.mark.parametrize(
    ("text", "encoding", "read_as"),
    [
        (ZH, "utf-8", "utf-8"),
        (ZH, "utf-8-sig", "utf-8-sig"),
        (ZH, "utf-16", "utf-16"),
        (ZH, "gbk", "gb18030"),
        (ZH, "gb18030", "gb18030"),
        (ZH_HANT, "big5", "big5"),
        (JA, "shift_jis", "cp932"),
        (JA, "euc_jp", "euc_jp"),
        (KO, "euc_kr", "cp949"),
        (KO, "cp949", "cp949"),
        (KO, "utf-16", "utf-16"),
    ],
)
def test_plain_text_is_read_in_any_of_the_offices_encodings(text: str, encoding: str, read_as: str) -> None:
    assert plain(text.encode(encoding), name="notice.txt") == Plain(text, "", read_as, page=False)


@pytest.mark.parametrize(
    ("charset", "encoding", "read_as"),
    [("gb2312", "gb18030", "gb18030"), ("Shift_JIS", "cp932", "cp932"), ("euc-kr", "cp949", "cp949"), ("utf-8",) * 3],
)
def test_a_page_is_read_as_its_meta_says(charset: str, encoding: str, read_as: str) -> None:
    said = {"gb18030": ZH, "cp932": JA, "cp949": KO, "utf-8": ZH}[encoding]
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    page = f"<html><head>{meta}</head><p>{said}</p></html>"
    assert plain(page.encode(encoding), name="p.html") == Plain(said, "", read_as, page=True)


def test_what_the_server_says_goes_before_the_page() -> None:
    page = f'<html><meta charset="utf-8"><p>{JA}</p></html>'.encode("cp932")
    assert plain(page, name="p.html", charset="Shift_JIS").text == JA


def test_a_page_that_states_a_wrong_charset_is_still_read() -> None:
    page = f'<html><meta charset="utf-8"><p>{ZH}</p></html>'.encode("gb18030")
    assert plain(page, name="p.html") == Plain(ZH, "", "gb18030", page=True)


def test_one_broken_byte_does_not_lose_a_page() -> None:
    page = b'<html><meta charset="gb2312"><p>' + (ZH * 20).encode("gb18030") + b"\xff</p></html>"
    assert plain(page, name="p.html").text == ZH * 20 + "\ufffd"


def test_a_page_loses_scripts_styles_and_tags_and_keeps_rows() -> None:
    page = """<!DOCTYPE html><html><head><title> A&nbsp;notice </title><style>p {color: red}</style>
    <script>var hs = "3102.10";</script></head><body><h1>Head</h1><p>One &amp; two<br>three</p>
    <table><tr><th>No.</th><th>HS</th></tr><tr><td>1</td><td><p>3102</p><p>3103</p></td></tr>
    <tr><td></td><td>3104</td></tr></table><p>end&#12290;</p></body></html>"""
    assert plain(page.encode(), name="p.html") == Plain(
        "Head\nOne & two\nthree\nNo.\tHS\n1\t3102 3103\n\t3104\nend。", "A notice", "utf-8", page=True
    )


def test_invisible_signs_go_and_half_width_katakana_become_full() -> None:
    assert plain("ﾌｯ化水素\u200bの\u00ad輸出".encode(), name="x").text == "フッ化水素の輸出"


LOGIN = b'<html><title>Sign in</title><form><input name=u><input type="password" name=p></form>Welcome</html>'


@pytest.mark.parametrize(
    ("data", "ko"),
    [
        (
            b"%PDF-1.7 ...",
            "n: PDF는 바로 읽지 않습니다. 본문을 텍스트로 뽑아(예: pdftotext 공고.pdf -) 그 결과를 넣어 주십시오.",
        ),
        (b"", "n: 읽을 글이 없습니다. 주소나 파일을 확인하고 다시 받아 주십시오."),
        (b" \n\t", "n: 읽을 글이 없습니다. 주소나 파일을 확인하고 다시 받아 주십시오."),
        (b"<html><script>x()</script></html>", "n: 읽을 글이 없습니다. 주소나 파일을 확인하고 다시 받아 주십시오."),
        (b"PK\x03\x04....", "n: 글이 아니라 zip 파일입니다. 공고문을 HTML이나 텍스트로 주십시오."),
        (LOGIN, "n: 공고문이 아니라 로그인 화면입니다. 로그인한 뒤 본문을 저장해 주십시오."),
        (bytes(range(0x80, 0x100)) * 9, "n: 문자 인코딩을 알 수 없습니다. UTF-8로 저장해 다시 주십시오."),
    ],
)
def test_what_is_no_text_is_refused_with_the_mend(data: bytes, ko: str) -> None:
    with pytest.raises(BadInputError) as refused:
        plain(data, name="n")
    assert refused.value.to(Language.KO) == ko


def test_a_long_page_with_a_login_box_is_read() -> None:
    assert plain(LOGIN.replace(b"Welcome", b"word " * 600), name="n").text == ("word " * 600).strip()


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(BadInputError) as refused:
        plain(b"a" * (MOST_BYTES + 1), name="n")
    assert refused.value.to(Language.EN) == "n: too large: 20,971,521 bytes. Split it to 20 MiB or less."
