"""`bongsu explain`: from a warning to bytes that exist and still have their hash."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Bongsu = Callable[..., Any]
DAY = "urea@2021-10-13"
RECORDS = (
    "price/worldbank_pinksheet/UREA_EE_BULK/2021-09-01/M",
    "dependence/dependence_table/KOR/CHN/HS/310210/urea%2C%20all%20uses/import%20volume/2020-01-01/2020-12-31",
    "measure/notices_table/CHN/General%20Administration%20of%20Customs/Announcement%20No.%2081%20of%202021//issued/2021-10-13",
)


@pytest.fixture(scope="module")
def urea(on_sample: Bongsu) -> Mapping[str, Any]:
    told: Mapping[str, Any] = on_sample("explain", DAY, "--json").json
    return told


def test_every_layer_that_speaks_is_walked_back_to_bytes(urea: Mapping[str, Any]) -> None:
    assert [one["id"] for one in urea["records"]] == urea["warning"]["evidence"]
    assert set(RECORDS) <= set(urea["warning"]["evidence"])
    for record in urea["records"]:
        for version in record["versions"]:
            raw = version["raw"]
            data = Path(raw["path"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (raw["bytes"], raw["sha256"])
            assert raw["held"] is True
            assert raw["row"] >= 1
            assert version["citation"]
            assert version["licence"]


def test_a_replay_rests_on_nothing_known_later(urea: Mapping[str, Any]) -> None:
    asked = urea["warning"]["id"].partition("@")[2]
    current = [version for one in urea["records"] for version in one["versions"] if version["current"]]
    assert len(current) == len(urea["records"])
    assert [one["known_at"] for one in current if one["known_at"][:10] > asked] == []


@pytest.mark.parametrize("name", RECORDS)
def test_a_records_name_comes_back_as_it_was(on_sample: Bongsu, name: str) -> None:
    told = on_sample("explain", name, "--json").json
    assert list(told) == ["id", "record", "versions"]
    assert (told["id"], told["record"]) == (name, name.partition("/")[0])
    assert [version["current"] for version in told["versions"]].count(True) == 1
    for lang in ("ko", "en"):
        out = on_sample("explain", name, lang=lang, COLUMNS="400").out
        assert told["versions"][0]["raw"]["sha256"] in out


def test_names_with_slashes_percents_and_korean_come_back(bongsu: Bongsu, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("period,flow,partner,code,value\n2021.09,import,중국,310210,5\n", encoding="utf-8")
    mapping = tmp_path / "m.yml"
    mapping.write_text(
        'source: "세관 50%/월"\ncolumns: {period: period, flow: flow, partner: partner, code: code, value: value}\n'
        "constants: {reporter: KOR, code_system: HS, currency: USD}\npartner_codes: name\nlag: {days: 15}\n",
        encoding="utf-8",
    )
    ended = bongsu("fetch", "flows_table", "--from", str(table), "--mapping", str(mapping))
    if ended.code == 3:
        pytest.fail(ended.err)
    name = "trade_flow/%EC%84%B8%EA%B4%80%2050%25%2F%EC%9B%94/KOR/import/CHN/HS/310210/2021-09-01/M"
    told = bongsu("explain", name, "--json").json
    assert told["id"] == name
    assert told["versions"][0]["values"]["value"] == 5.0


def test_a_revised_price_shows_both_versions_and_which_stood_when(on_sample: Bongsu) -> None:
    cells = on_sample(
        "changes", "--source", "worldbank_pinksheet", "--from", "2023-05-01", "--to", "2024-10-31", "--json"
    ).json["cells"]
    name, before, after = cells[0]["fact"], cells[0]["before"], cells[0]["after"]
    then = on_sample("explain", name, "--as-of", "2023-05-01", "--json").json["versions"]
    now = on_sample("explain", name, "--json").json["versions"]
    assert [one["values"]["value"] for one in then] == [before, after]
    assert [one["current"] for one in then] == [True, False]
    assert [one["current"] for one in now] == [False, True]


def test_a_raw_is_found_by_the_start_of_its_hash(on_sample: Bongsu, urea: Mapping[str, Any]) -> None:
    raw = urea["records"][0]["versions"][0]["raw"]
    for prefix in (raw["sha256"], raw["sha256"][:8]):
        (found,) = on_sample("explain", prefix, "--json").json["raw"]
        assert (found["sha256"], found["name"], found["path"]) == (raw["sha256"], raw["name"], raw["path"])
        assert raw["sha256"] in on_sample("explain", prefix).out


@pytest.mark.parametrize(
    ("name", "ko", "en"),
    [
        ("ureaa", "'ureaa' 품목은 없습니다.", "there is no item 'ureaa'."),
        ("urea@2030-01-01", "2030-01-01 시점은 아직 오지 않았습니다.", "2030-01-01 has not come yet."),
        ("urea@soon", "'soon' 값은 날짜가 아닙니다.", "'soon' is not a date."),
        ("flow/x", "flow/x: 기록의 이름이 아닙니다.", "flow/x: that is not the name of a record."),
        ("trade_flow/x", "기록의 이름이 아닙니다.", "that is not the name of a record."),
        ("price/worldbank_pinksheet/NOPE/2021-09-01/M", "그런 기록은 없습니다.", "there is no such record."),
        ("price/worldbank_pinksheet/NOPE/soon/M", "'soon'", "'soon' is not a date."),
        ("deadbeef00", "deadbeef00: 그런 원본은 없습니다.", "deadbeef00: there is no such raw."),
    ],
)
def test_an_unknown_name_is_named(on_sample: Bongsu, name: str, ko: str, en: str) -> None:
    korean, english = on_sample("explain", name, lang="ko"), on_sample("explain", name)
    assert (korean.code, korean.out, english.code, english.out) == (2, "", 2, "")
    assert ko in korean.err
    assert en in english.err


def test_the_page_for_people_is_whole_in_both_languages(on_sample: Bongsu) -> None:
    korean, english = on_sample("explain", DAY, lang="ko").out, on_sample("explain", DAY).out
    for heading in ("이유", "증거 층", "쓰임: 소관 → 영향", "확인할 공관", "재고", "다음 할 일", "기록에서 원본까지"):
        assert heading in korean
    for heading in ("Why", "Layers", "Uses: in charge → hit", "Missions to ask", "Stock", "From records to bytes"):
        assert heading in english
