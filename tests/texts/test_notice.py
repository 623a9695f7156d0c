"""Whole notices, written for these tests; the acts' numbers, days and codes are public facts."""

from datetime import date

import pytest

from bongsu.items.catalogue import catalogue
from bongsu.language import Text
from bongsu.texts.findings import Confidence
from bongsu.texts.notice import Notice, read_notice
from bongsu.texts.tongue import Tongue

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

FERTILISER_ZH = """海关总署公告2021年第81号
为加强化肥出口管理，下列二十九个税号的货物列入出口法检目录，其中有尿素、硝酸铵、磷酸二铵、氯化钾。
涉及税号：3102、3103、3104、3105。
本公告自2021年10月15日起执行。
二〇二一年十月十一日"""
FERTILISER_EN = """General Administration of Customs. Announcement No. 81 of 2021
Twenty-nine fertiliser codes, urea among them, need commodity inspection before export (HS 3102.10, 3105.30).
The announcement, dated 11 October 2021, takes effect on 15 October 2021."""
FERTILISER_KO = """중국 해관총서 공고 2021년 제81호
비료 29개 품목에 수출 전 검사를 의무화한다. 요소(품목번호 3102.10) 수출도 대상이다.
2021년 10월 15일부터 시행한다. 공고일: 2021년 10월 11일"""
GALLIUM_ZH = """<html><head><meta charset="gb2312"><title>商务部 海关总署公告2023年第23号</title>
<script>var code = "税号 3102.10";</script></head><body><p>对镓、锗相关物项实行出口管制，未经许可不得出口。</p>
<table><tr><th>序号</th><th>参考海关商品编号</th><th>物项</th></tr>
<tr><td>1</td><td>8112929090、8112929091</td><td>金属镓</td></tr>
<tr><td>2</td><td>8112921010</td><td>金属锗</td></tr></table>
<p>自2023年8月1日起实施。</p><p>2023年7月3日</p><p>电话：010-81129210</p></body></html>"""
RESIST_JA = """経済産業省告示
大韓民国に向けたフッ化水素、レジスト及びフッ化ポリイミドの輸出は、令和元年7月4日から個別許可の対象とする。
ＨＳコード２８１１．１１、３７０７．９０、３９２０．９９
公布日：令和元年7月1日"""
PALM_ID = """Peraturan Menteri Perdagangan Nomor 22 Tahun 2022 tentang larangan sementara ekspor
Larangan ekspor berlaku untuk minyak goreng dan CPO dengan pos tarif/HS ex 1511.10.00 dan 1511.90.36.
Peraturan ini mulai berlaku pada tanggal 28 April 2022. Ditetapkan di Jakarta pada tanggal 27 April 2022"""
WHEAT_EN = """Directorate General of Foreign Trade. Notification No. 06/2015-2020, dated 13 May 2022
The export of wheat (HS Code 1001) moves from free to prohibited with immediate effect."""
RARE_HANT = "經濟部國際貿易署公告：稀土出口應先取得出口許可，貨品號列 2846.90.00.00。自2025年4月4日起實施。"


def read(text: str, encoding: str = "utf-8", hint_country: str | None = None) -> Notice:
    return read_notice(text.encode(encoding), name="n", catalogue=catalogue("KOR"), hint_country=hint_country)


def act(notice: Notice) -> tuple[object, ...]:
    return (
        notice.language,
        notice.jurisdiction,
        notice.issuer,
        notice.number,
        notice.announced,
        notice.effective,
        notice.instrument,
        notice.direction,
    )


def goods(notice: Notice) -> list[tuple[str | None, str, tuple[str, ...], Confidence]]:
    return [(good.item.id if good.item else None, good.word, good.codes, good.confidence) for good in notice.goods]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_china_s_fertiliser_notice_of_2021(encoding: str) -> None:
    notice = read(FERTILISER_ZH, encoding)
    assert act(notice) == (
        Tongue.ZH_HANS, "CHN", "GACC", "公告2021年第81号", date(2021, 10, 11), date(2021, 10, 15),
        "inspection", "export",
    )  # fmt: skip
    assert goods(notice) == [
        ("ammonium_nitrate", "硝酸铵", ("3102",), HIGH),
        ("dap_map", "磷酸二铵", ("3105",), HIGH),
        ("potash", "氯化钾", ("3104",), HIGH),
        ("urea", "尿素", ("3102",), HIGH),
        ("ammonium_sulphate", "", ("3102",), MEDIUM),
        ("compound_fertiliser", "", ("3105",), MEDIUM),
        (None, "", ("3103",), MEDIUM),
    ]


def test_every_finding_says_why_and_where() -> None:
    urea = read(FERTILISER_ZH).goods[3]
    assert (urea.why, urea.sentence) == (
        Text(
            "원문에 '尿素' 표현이 있다. 품목번호로 표시된 '3102': 이 품목을 포함하는 번호다(310210).",
            "It has the word '尿素'. '3102', given as a tariff code, holds the item (310210).",
        ),
        "为加强化肥出口管理，下列二十九个税号的货物列入出口法检目录，其中有尿素、硝酸铵、磷酸二铵、氯化钾。",
    )


def test_the_same_notice_told_in_english_and_in_korean() -> None:
    assert act(read(FERTILISER_EN)) == (
        Tongue.EN, "CHN", "GACC", "Announcement No. 81 of 2021", date(2021, 10, 11), date(2021, 10, 15),
        "inspection", "export",
    )  # fmt: skip
    assert goods(read(FERTILISER_EN)) == [("urea", "urea", ("310210",), HIGH), ("dap_map", "", ("310530",), MEDIUM)]
    korean = read(FERTILISER_KO, "cp949")
    assert act(korean) == (
        Tongue.KO, "CHN", "GACC", "공고 2021년 제81호", date(2021, 10, 11), date(2021, 10, 15), "inspection", "export",
    )  # fmt: skip
    assert goods(korean) == [("urea", "요소", ("310210",), HIGH)]


def test_goods_that_share_a_basket_code_are_told_apart_by_their_rows() -> None:
    notice = read(GALLIUM_ZH, "gbk")
    assert act(notice) == (
        Tongue.ZH_HANS, "CHN", "MOFCOM; GACC", "公告2023年第23号", date(2023, 7, 3), date(2023, 8, 1),
        "licensing", "export",
    )  # fmt: skip
    assert goods(notice) == [
        ("gallium", "镓", ("8112929090", "8112929091"), HIGH),
        ("germanium", "锗", ("8112921010",), HIGH),
    ]


def test_a_basket_code_alone_names_all_in_it_faintly() -> None:
    found = goods(read("税号 8112.92"))
    assert found == [(item, "", ("811292",), LOW) for item in ("gallium", "germanium", "indium", "niobium", "vanadium")]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_japan_s_licences_of_2019(encoding: str) -> None:
    notice = read(RESIST_JA, encoding)
    assert act(notice) == (
        Tongue.JA, "JPN", "METI", None, date(2019, 7, 1), date(2019, 7, 4), "licensing", "export",
    )  # fmt: skip
    assert goods(notice) == [
        ("fluorinated_polyimide", "フッ化ポリイミド", ("392099",), HIGH),
        ("hydrogen_fluoride", "フッ化水素", ("281111",), HIGH),
        ("photoresist", "レジスト", ("370790",), HIGH),
    ]


def test_indonesia_s_palm_oil_and_india_s_wheat() -> None:
    palm, wheat = read(PALM_ID), read(WHEAT_EN)
    assert act(palm) == (
        Tongue.ID, "IDN", "Kemendag", "Peraturan Menteri Perdagangan Nomor 22 Tahun 2022", date(2022, 4, 27),
        date(2022, 4, 28), "ban", "export",
    )  # fmt: skip
    assert goods(palm) == [("palm_oil", "minyak goreng", ("15111000", "15119036"), HIGH)]
    assert act(wheat) == (
        Tongue.EN, "IND", "DGFT", "Notification No. 06/2015-2020", date(2022, 5, 13), date(2022, 5, 13),
        "ban", "export",
    )  # fmt: skip
    assert goods(wheat) == [("wheat", "wheat", ("1001",), HIGH)]


def test_traditional_chinese() -> None:
    notice = read(RARE_HANT, "big5")
    assert act(notice) == (
        Tongue.ZH_HANT, "TWN", "ITA", None, None, date(2025, 4, 4), "licensing", "export",
    )  # fmt: skip
    assert goods(notice)[0] == ("rare_earth_compounds", "稀土", ("2846900000",), HIGH)


@pytest.mark.parametrize(
    "text",
    [
        "General Administration of Customs. Announcement No. 5 of 2020. Pandas need a licence to be exported.",
        "海关总署公告2020年第5号：禁止出口文物。",
        "A study of the urea cycle: the liver, blood urea nitrogen, and the price of research.",
        "Closing prices in USD: 3102.10, 1201.90, 8112.92 tonnes; call 010-3102-1000.",
    ],
)
def test_nothing_of_ours_is_an_answer(text: str) -> None:
    assert (read(text).goods, read(text).watched) == ((), ())


def test_a_code_of_something_else_is_shown_as_not_watched() -> None:
    (found,) = read("HS 9701.21: paintings").goods
    assert (found.item, found.codes, found.why.ko) == (
        None,
        ("970121",),
        "품목번호 '9701.21'에 걸리는 감시 품목이 없다.",
    )


def test_a_word_alone_is_trusted_in_an_act_and_hardly_elsewhere() -> None:
    act_text, prose = "商务部公告2023年第1号 对尿素实施出口管制", "尿素市场价格上涨"
    assert goods(read(act_text)) == [("urea", "尿素", (), MEDIUM)]
    assert goods(read(prose)) == [("urea", "尿素", (), LOW)]


def test_a_word_of_two_items_is_decided_by_codes() -> None:
    text = "商务部公告2023年第39号 对石墨实施出口管制"
    assert [confidence for *_, confidence in goods(read(text))] == [LOW, LOW]
    assert goods(read(f"{text}，税号 2504.10")) == [
        ("graphite_natural", "石墨", ("250410",), HIGH),
        ("graphite_artificial", "石墨", (), LOW),
    ]


def test_the_hint_counts_only_where_the_text_does_not_say() -> None:
    hinted, told = read("对尿素实施出口管制", hint_country="CHN"), read(FERTILISER_ZH, hint_country="VNM")
    assert (hinted.jurisdiction, hinted.hinted, hinted.goods[0].confidence) == ("CHN", True, MEDIUM)
    assert (told.jurisdiction, told.hinted) == ("CHN", False)


def test_an_act_that_suspends_another() -> None:
    notice = read(
        "商务部公告2025年第70号 暂停实施公告2025年第55号\n即日起至2026年11月10日暂停实施出口管制。\n2025年11月7日"
    )
    assert (notice.instrument, notice.number, notice.cited, notice.dates) == (
        "suspension",
        "公告2025年第70号",
        ("公告2025年第55号",),
        {"announced": date(2025, 11, 7), "effective": None, "until": date(2026, 11, 10)},
    )
