from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.texts.acts import ActDates, Control, Issuer, find_act_dates, find_control, find_issuer, find_numbers
from bongsu.texts.dates import find_dates, number

DAY = date(2021, 10, 15)


@pytest.mark.parametrize(
    "text",
    [
        "2021年10月15日",
        "二〇二一年十月十五日",
        "2021 年 10 月 15 日",
        "令和3年10月15日",
        "令和三年十月十五日",
        "民國110年10月15日",
        "2021년 10월 15일",
        "2021. 10. 15.",
        "2021-10-15",
        "2021/10/15",
        "2021.10.15",
        "15 october 2021",
        "15th of october, 2021",
        "october 15, 2021",
        "15 oktober 2021",
        "oct. 15, 2021",
    ],
)
def test_days_are_read_in_every_language(text: str) -> None:
    assert [one.day for one in find_dates(f"… {text} …")] == [DAY]


@pytest.mark.parametrize(
    "text", ["2021年13月1日", "2021-02-30", "年10月15日", "10月15日", "3.10.2021.5", "15 smarch 2021"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert find_dates(text) == ()


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    written = f"{day} / {day.year}年{day.month}月{day.day}日 / {day.day} {day:%B} {day.year}".lower()
    assert [one.day for one in find_dates(written)] == [day] * 3


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("三十一", 31),
        ("元", 1),
        ("〇", 0),
        ("", None),
        ("十十", None),
        ("x", None),
    ],
)
def test_numbers_in_chinese_digits(written: str, read: int | None) -> None:
    assert number(written) == read


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("本公告自2021年10月15日起施行。\n2021年10月11日", ActDates(date(2021, 10, 11), DAY, None)),
        ("自2021年10月15日零时起执行", ActDates(None, DAY, None)),
        ("发布日期：2021年10月15日 自发布之日起实施", ActDates(DAY, DAY, None)),
        ("即日起至2026年11月10日暂停实施。\n2025年11月7日", ActDates(date(2025, 11, 7), None, date(2026, 11, 10))),
        ("この告示は、令和3年10月15日から施行する。", ActDates(None, DAY, None)),
        ("dated 11 october 2021, with effect from 15 october 2021", ActDates(date(2021, 10, 11), DAY, None)),
        ("it enters into force on 15 october 2021 until 31 december 2021", ActDates(None, DAY, date(2021, 12, 31))),
        ("mulai berlaku pada tanggal 15 oktober 2021. ditetapkan di jakarta pada tanggal 11 oktober 2021",
         ActDates(date(2021, 10, 11), DAY, None)),
        ("ekspor bijih nikel dilarang mulai 15 oktober 2021", ActDates(None, DAY, None)),
        ("공고일: 2021. 10. 11.\n2021년 10월 15일부터 시행한다", ActDates(date(2021, 10, 11), DAY, None)),
        ("시행일: 2021-10-15", ActDates(None, DAY, None)),
        ("no day at all", ActDates(None, None, None)),
    ],
)  # fmt: skip
def test_days_are_told_apart_by_the_words_beside_them(text: str, dates: ActDates) -> None:
    assert find_act_dates(text) == dates


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("海关总署公告2021年第81号", ("公告2021年第81号",)),
        ("公告〔2023〕23号", ("公告〔2023〕23号",)),
        ("Announcement No. 81 of 2021", ("Announcement No. 81 of 2021",)),
        ("Permendag No. 22 Tahun 2022", ("Permendag No. 22 Tahun 2022",)),
        ("Notification No. 06/2015-2020", ("Notification No. 06/2015-2020",)),
        ("令和3年経済産業省告示第八十一号", ("令和3年経済産業省告示第八十一号",)),
        ("Council Regulation (EU) 2021/821", ("Regulation (EU) 2021/821",)),
        ("86 FR 12345; FR Doc. 2021-12345", ("86 FR 12345", "FR Doc. 2021-12345")),
        ("고시 제2021-81호와 공고 2021년 제81호", ("고시 제2021-81호", "공고 2021년 제81호")),
        ("公告2025年第70号：暂停实施公告2025年第55号", ("公告2025年第70号", "公告2025年第55号")),
        ("no number", ()),
    ],
)
def test_official_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert find_numbers(text, text.lower()) == numbers


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("海关总署公告", Issuer("CHN", "GACC")),
        ("商务部 海关总署公告", Issuer("CHN", "MOFCOM; GACC")),
        ("経済産業省告示", Issuer("JPN", "METI")),
        ("directorate general of foreign trade (dgft)", Issuer("IND", "DGFT")),
        ("peraturan menteri perdagangan", Issuer("IDN", "Kemendag")),
        ("federal register: bureau of industry and security", Issuer("USA", "BIS")),
        ("federal register, vol. 86", Issuer("USA", "Federal Register")),
        (
            "official journal of the european union: commission implementing regulation",
            Issuer("EU", "European Commission"),
        ),
        ("중국 해관총서는", Issuer("CHN", "GACC")),
        ("nobody", None),
    ],
)
def test_issuers(text: str, issuer: Issuer | None) -> None:
    assert find_issuer(text) == issuer


@pytest.mark.parametrize(
    ("text", "instrument", "direction"),
    [
        ("列入出口法检", "inspection", "export"),
        ("实施出口管制，未经许可，不得出口", "licensing", "export"),
        ("禁止出口稀土技术", "ban", "export"),
        ("下達出口配额", "quota", "export"),
        ("调整出口关税", "duty", "export"),
        ("关于暂停实施出口管制公告的公告。出口管制、出口管制", "suspension", "export"),
        ("輸出の許可を要する", "licensing", "export"),
        ("export of wheat: free to prohibited", "ban", "export"),
        ("the export policy is amended from 'free' to 'prohibited'", "ban", "export"),
        ("the export policy is amended from \u201cfree\u201d to \u201crestricted\u201d", "licensing", "export"),
        ("the export policy is amended from 'prohibited' to 'free'", "lifting", "export"),
        ("anti-dumping duty on imports", "duty", "import"),
        ("larangan ekspor minyak goreng", "ban", "export"),
        ("요소 수출 전 검사 의무화", "inspection", "export"),
        ("a study of exports and imports", None, None),
        ("nothing", None, None),
    ],
)
def test_instrument_and_direction(text: str, instrument: str | None, direction: str | None) -> None:
    found = find_control(text)
    assert (found.instrument, found.direction) == (instrument, direction)


def test_the_words_that_say_so_are_given() -> None:
    assert find_control("larangan ekspor cpo") == Control("ban", "export", ("larangan ekspor",))
