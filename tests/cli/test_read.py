"""`bongsu read` for people: the page names goods, share, uses and whom to tell, in either language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Bongsu = Callable[..., Any]
NOTICE = (
    "海关总署公告2021年第81号\n关于调整必须实施检验的进出口商品目录的公告\n"
    "对尿素（海关商品编号 3102100010）实施出口商品检验，自2021年10月15日起实施。\n"
)


def test_a_notice_becomes_a_page(on_sample: Bongsu, tmp_path: Path) -> None:
    file = tmp_path / "公告.txt"
    file.write_text(NOTICE, encoding="utf-8")
    words = ["read", str(file), "--as-of", "2021-10-13"]
    korean, english = on_sample(*words, lang="ko"), on_sample(*words)
    assert (korean.code, korean.err, english.code, english.err) == (0, "", 0, "")
    wanted = ("요소", "봉수 4거", "88%", "차량용 요소수", "알려야 할 공관", "소관 부처", "환경부", "다른 공급국")
    assert [word for word in wanted if word not in korean.out] == []
    wanted = ("Urea", "4 fires", "88%", "Missions to tell", "Ministries in charge", "Ministry of Environment")
    assert [word for word in wanted if word not in english.out] == []


def test_a_page_without_goods_claims_none(on_sample: Bongsu) -> None:
    told = on_sample("read", "-", "--json", stdin=b"The office will be closed on Monday for a public holiday.").json
    assert (told["items"], told["missions"], told["ministries_in_charge"]) == ([], [], [])
    assert on_sample("read", "-", stdin=b"The office will be closed on Monday.").code == 0


def test_an_address_inside_the_network_is_not_read(on_sample: Bongsu) -> None:
    ended = on_sample("read", "http://127.0.0.1:9/notice.html", lang="ko")
    assert (ended.code, ended.out) == (4, "")


def test_a_notice_that_is_too_large_is_refused(on_sample: Bongsu) -> None:
    ended = on_sample("read", "-", lang="ko", stdin=b"a" * (20 * 1024 * 1024 + 1))
    assert (ended.code, ended.err) == (3, "-: 공고가 20 MiB보다 큽니다.\n")


def test_the_issuing_country_may_be_said(on_sample: Bongsu) -> None:
    told = on_sample("read", "-", "--country", "id", "--json", stdin=b"Export of palm oil is prohibited.").json
    assert told["country"] == "IDN"
    assert [one["item"] for one in told["items"]] == ["palm_oil"]
    assert [other["country"] for other in told["items"][0]["alternatives"]] == ["MYS"]
