"""From a notice to its meaning at home, on the facts as they could be known on the day."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bongsu.detectors.publisher import Publisher
from bongsu.fusion.meaning import READ, ItemMeaning, Meaning, meaning
from bongsu.items.catalogue import catalogue
from bongsu.missions.load import network
from bongsu.records.known import end_of_day
from bongsu.records.shapes import DEPENDENCE, TRADE_FLOW, RecordType
from bongsu.texts.findings import Confidence
from bongsu.texts.notice import read_notice

Rows = Callable[[RecordType, list[dict[str, Any]]], pa.Table]
Means = Callable[..., Meaning]
UREA = """海关总署公告2021年第81号
尿素列入出口法检目录，税号3102.10。
本公告自2021年10月15日起执行。
2021年10月11日"""


@pytest.fixture
def means(plain: Callable[..., Any], clocks: Mapping[str, Publisher]) -> Means:
    """means(text, day, tables, hint_country=None) → what the notice means at the end of the day in Seoul."""

    def reading(
        text: str, day: date, tables: Mapping[str, pa.Table] | None = None, hint_country: str | None = None
    ) -> Meaning:
        known = catalogue("KOR")
        notice = read_notice(text.encode(), name="n", catalogue=known, hint_country=hint_country)
        return meaning(notice, plain(tables or {}), known, network("KOR"), end_of_day(day, "Asia/Seoul"), clocks)

    return reading


def only(found: Meaning) -> ItemMeaning:
    (one,) = found.items
    return one


def fact(partner: str, share: float, year: int, known: date) -> dict[str, Any]:
    return {
        "source": "dependence_table", "reporter": "KOR", "partner": partner, "code_system": "HS", "code": "310210",
        "subject": "urea", "measure": "import volume", "valid": date(year, 1, 1), "valid_until": date(year, 12, 31),
        "share": share, "known_at": datetime(known.year, known.month, known.day, tzinfo=UTC),
    }  # fmt: skip


def flow(partner: str, month: int, value: float) -> dict[str, Any]:
    return {
        "source": "kr_customs", "reporter": "KOR", "flow": "import", "partner": partner, "code_system": "HSK",
        "code": "3102101000", "valid": date(2020, month, 1), "frequency": "M", "value": value, "currency": "USD",
        "known_at": datetime(2020, month, 28, tzinfo=UTC),
    }  # fmt: skip


def test_the_notice_of_2021_means_urea_on_the_day_it_went_online(means: Means) -> None:
    found = means(UREA, date(2021, 10, 13))
    urea = only(found)
    assert found.answer.ko == "중국 공고가 우리 품목 1건에 걸린다: 요소."
    assert urea.share is not None
    assert (urea.share.partner, urea.share.share, urea.share.basis) == ("CHN", 0.88, "catalogue")
    assert (urea.counted, urea.level, urea.level_without) == (True, 4, None)
    assert [use.name.ko for use in urea.warning.uses] == [
        "질소질 비료", "차량용 요소수(질소산화물 저감)", "발전소·소각로·선박 배출가스 탈질",
        "요소수지(합판 접착제·도료)",
    ]  # fmt: skip
    assert urea.warning.days_of_cover is None
    assert (found.missions[0].id, {mission.host for mission in found.missions}) == (
        network("KOR").missions_for("CHN", found.on)[0].id,
        {"CHN"},
    )


def test_the_ministries_are_those_of_the_day(means: Means) -> None:
    then, later = means(UREA, date(2021, 10, 13)), means(UREA, date(2026, 1, 5))
    assert [ministry.name.ko for ministry in then.in_charge] == ["농림축산식품부", "환경부", "산업통상자원부"]
    assert [ministry.name.ko for ministry in later.in_charge] == ["농림축산식품부", "기후에너지환경부", "산업통상부"]
    assert [ministry.name.ko for ministry in then.hit] == [
        "농림축산식품부", "국토교통부", "소방청", "환경부", "조달청", "산업통상자원부", "해양수산부", "산림청",
    ]  # fmt: skip


def test_no_fact_of_a_later_day_is_used(means: Means, records: Rows) -> None:
    facts = [fact("CHN", 0.88, 2019, date(2020, 1, 31)), fact("CHN", 0.5, 2020, date(2021, 10, 14))]
    tables = {"dependence": records(DEPENDENCE, facts)}
    before, after = means(UREA, date(2020, 6, 1), tables), means(UREA, date(2021, 10, 15), tables)
    shares = [one.share.share for one in (only(before), only(after)) if one.share]
    assert shares == [0.88, 0.5]


def test_a_country_that_we_do_not_know_to_supply_us_is_unknown_not_zero(means: Means) -> None:
    found = means(UREA.replace("海关总署", ""), date(2021, 10, 13), hint_country="VNM")
    assert (only(found).share, found.country, {mission.host for mission in found.missions}) == (None, "VNM", {"VNM"})
    assert [note.ko for note in found.notes] == [
        "발표 기관을 읽지 못해 지정한 나라로 보았다.",
        "그 나라에서 얼마나 들여오는지 모르는 품목이 있다. 0이라는 뜻이 아니다.",
        "규칙으로 읽은 결과다. 원문을 아는 사람이 확인해야 한다.",
    ]


def test_whole_flows_make_an_absent_country_a_known_zero_and_broken_ones_do_not(means: Means, records: Rows) -> None:
    whole = [flow("CHN", month, 60) for month in range(1, 13)] + [flow("QAT", month, 40) for month in range(1, 13)]
    share = {}
    for name, rows in {"whole": whole, "broken": whole[:3]}.items():
        for country in ("QAT", "VNM"):
            tables = {"trade_flow": records(TRADE_FLOW, rows)}
            one = only(means(UREA.replace("海关总署", ""), date(2021, 1, 20), tables, hint_country=country))
            share[name, country] = one.share.share if one.share else None
    assert share == {
        ("whole", "QAT"): 0.4, ("whole", "VNM"): 0.0, ("broken", "QAT"): None, ("broken", "VNM"): None,
    }  # fmt: skip


def test_the_notice_itself_is_no_evidence_to_walk_back_to(means: Means) -> None:
    warning = only(means(UREA, date(2021, 10, 13))).warning
    assert [ref for signal in warning.signals if signal.source == READ for ref in signal.record_refs] == []
    assert [ref for ref in warning.evidence if ("source", READ) in ref.key] == []


def test_a_faint_finding_moves_no_level_and_calls_no_ministry(means: Means) -> None:
    found = means("尿素市场价格上涨", date(2021, 10, 13), hint_country="CHN")
    urea = only(found)
    assert (urea.good.confidence, urea.counted, urea.level, found.in_charge) == (Confidence.LOW, False, None, ())
    assert found.answer.ko == "감시 품목일 수 있는 말이 1건 있으나 확실하지 않다. 원문을 확인해야 한다."


def test_a_notice_without_our_goods_asks_nobody(means: Means) -> None:
    found = means("海关总署公告2020年第5号：禁止出口文物。", date(2021, 10, 13))
    assert (found.items, found.missions, found.in_charge, found.desks) == ((), (), (), ())
    assert found.answer.en == "Read; none of the watched items was found in it."


@pytest.mark.parametrize(
    ("text", "level", "note"),
    [
        ("禁止进口尿素，税号3102.10", None, "수입 조치여서 우리 수입에 바로 걸리지 않는다."),
        ("暂停实施对尿素的出口管制，税号3102.10", 2, "앞서 낸 조치를 멈추거나 푸는 공고다."),
        ("尿素，税号3102.10", None, "조치의 종류를 읽지 못했다."),
    ],
)
def test_what_a_reader_must_bear_in_mind_is_said(means: Means, text: str, level: int | None, note: str) -> None:
    found = means(f"海关总署公告。{text}", date(2021, 10, 13))
    assert (found.notes[0].ko, only(found).level) == (note, level)


def test_a_notice_of_our_own_moves_nothing(means: Means) -> None:
    found = means("관세청 공고: 요소 수출 금지, 품목번호 3102.10", date(2021, 10, 13))
    assert (found.country, found.missions, only(found).counted) == ("KOR", (), False)
    assert found.notes[0].en == "It is a notice of our own country."


def test_with_the_real_facts_of_the_day(means: Means, real_tables: Mapping[str, pa.Table], realdata: Path) -> None:
    assert realdata.is_dir()
    found = means(UREA, date(2021, 10, 13), {"dependence": real_tables["dependence"]})
    urea = only(found)
    assert urea.share is not None
    assert (urea.share.share, urea.level) == (0.88, 4)
