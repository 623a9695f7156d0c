"""`bongsu watch`: forms, filters, the clock, the home, the empty lake."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bongsu.items.catalogue import catalogue

Bongsu = Callable[..., Any]
UREA = ("watch", "--as-of", "2021-10-13", "--item", "urea")
ITEMS = len(catalogue("KOR").items)


@pytest.fixture(scope="module")
def today(on_sample: Bongsu) -> Mapping[str, Any]:
    """Today's watch of all items, read once."""
    told: Mapping[str, Any] = on_sample("watch", "--json").json
    return told


def test_the_first_line_counts_the_items_without_current_figures(on_sample: Bongsu, today: Mapping[str, Any]) -> None:
    korean, english = on_sample("watch", lang="ko").out, on_sample("watch").out
    blind = sum(one["no_current_figures"] for one in today["warnings"])
    assert (today["items"], today["no_current_figures"]) == (ITEMS, blind)
    assert korean.splitlines()[0] == f"{ITEMS}개 품목 가운데 {blind}개는 현재 수치가 없습니다."
    assert english.splitlines()[0] == f"{blind} of {ITEMS} items have no current figures."


def test_urea_stood_at_four_fires_on_the_day_of_the_notice(on_sample: Bongsu) -> None:
    korean, english = on_sample(*UREA, lang="ko"), on_sample(*UREA)
    assert (korean.code, english.code) == (0, 0)
    assert "5거 0 · 4거 1 · 3거 0 · 2거 0 · 1거 0 · 판단 불가 0" in korean.out
    assert "5 fires 0 · 4 fires 1 · 3 fires 0 · 2 fires 0 · 1 fire 0 · unknown 0" in english.out
    assert "Bongsu KOR · as of 2021-10-13" in english.out


def test_items_are_asked_for_one_by_one(on_sample: Bongsu) -> None:
    told = on_sample("watch", "--item", "urea", "--item", "gallium", "--json").json
    assert sorted(one["item"] for one in told["warnings"]) == ["gallium", "urea"]
    assert told["items"] == 2


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_level_keeps_what_stands_at_it_or_above(on_sample: Bongsu, today: Mapping[str, Any], level: int) -> None:
    kept = on_sample("watch", "--level", str(level), "--json").json
    assert [one["item"] for one in kept["warnings"]] == [
        one["item"] for one in today["warnings"] if one["level"] is not None and one["level"] >= level
    ]
    assert kept["items"] == ITEMS


def test_the_gravest_stand_first_and_unknown_is_no_level(today: Mapping[str, Any]) -> None:
    levels = [one["level"] for one in today["warnings"]]
    known = [level for level in levels if level is not None]
    assert known == sorted(known, reverse=True)
    assert levels == known + [None] * (len(levels) - len(known))
    assert None in levels


def test_what_is_calm_or_unknown_is_listed_only_when_asked(on_sample: Bongsu, today: Mapping[str, Any]) -> None:
    shown = sum((one["level"] or 0) >= 2 for one in today["warnings"])
    assert f"{ITEMS - shown} more with --all." in on_sample("watch").out
    assert "more with --all" not in on_sample("watch", "--all").out


def test_the_sheet_keeps_codes_as_text_and_cites_every_row(on_sample: Bongsu, tmp_path: Path) -> None:
    sheet = tmp_path / "봉수.xlsx"
    ended = on_sample("watch", "--as-of", "2021-10-13", "--xlsx", str(sheet), lang="ko")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.replace("\n", "") == f"{sheet}에 썼습니다."
    heading, *rows = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert heading == [
        "봉수(거)", "품목 ID", "품목", "HS 부호", "쓰임(소관 → 영향)", "이유", "있는 층", "오래된 층", "없는 층",
        "자료 월", "공개 시점", "층별 자료와 공개일", "확인할 공관", "다음 할 일", "등급", "재고(일)", "다른 공급국", "물을 날과 물음",
        "확률과 그 기록", "출처 표시", "이용 조건",
    ]  # fmt: skip
    assert len(rows) == ITEMS
    by_item = {row[1]: dict(zip(heading, row, strict=True)) for row in rows}
    assert by_item["urea"]["봉수(거)"] == 4.0
    assert by_item["urea"]["HS 부호"] == "310210"
    assert by_item["alaska_pollock"]["HS 부호"].startswith("0303")
    assert [row[1] for row in rows if row[9] and not (row[-2] and row[-1])] == []
    assert "CC BY 4.0" in str(by_item["urea"]["이용 조건"])
    assert "가격: 2021-09-01 자료, 2021-10-05 공개" in str(by_item["urea"]["층별 자료와 공개일"])


def test_csv_has_the_sheets_columns_and_starts_no_formula(on_sample: Bongsu) -> None:
    heading, *rows = csv.reader(io.StringIO(on_sample("watch", "--csv").out))
    assert heading[:4] == ["Level (fires)", "Item id", "Item", "HS codes"]
    assert heading[-2:] == ["Citation", "Licence"]
    assert len(rows) == ITEMS
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def test_a_days_answer_is_the_same_whenever_it_is_asked(on_sample: Bongsu) -> None:
    early = on_sample(*UREA, "--json", now="2021-10-14T00:00:00+00:00")
    late = on_sample(*UREA, "--json")
    assert early.out == late.out


def test_the_day_is_the_home_countrys(on_sample: Bongsu) -> None:
    just_before_midnight = "2021-10-13T14:59:59+00:00"
    just_after = "2021-10-13T15:00:00+00:00"
    assert on_sample("watch", "--item", "urea", "--json", now=just_before_midnight).json["warnings"][0]["id"] == (
        "urea@2021-10-13"
    )
    assert on_sample("watch", "--item", "urea", "--json", now=just_after).json["warnings"][0]["id"] == "urea@2021-10-14"
    told = on_sample(*UREA, "--json").json
    assert told["as_of"] == "2021-10-13T14:59:59.999999+00:00"
    refused = on_sample("watch", "--as-of", "2021-10-14", now=just_before_midnight)
    assert (refused.code, refused.err) == (2, "--as-of: 2021-10-14 has not come yet. Give a day up to today.\n")
    assert on_sample("watch", "--as-of", "2021-10-14", now=just_after).code == 0


def test_an_instant_is_taken_as_it_is_and_without_a_zone_as_one_at_home(on_sample: Bongsu) -> None:
    for told in ("2021-10-13T09:00+09:00", "2021-10-13T09:00"):
        moment = on_sample("watch", "--item", "urea", "--as-of", told, "--json").json["as_of"]
        assert moment == "2021-10-13T00:00:00+00:00"


def test_a_clock_that_is_none_is_told(on_sample: Bongsu) -> None:
    ended = on_sample("watch", now="yesterday", lang="ko")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("BONGSU_NOW: 'yesterday' 값은 시각이 아닙니다.")


def test_another_home_works_and_says_what_stands_in(on_sample: Bongsu) -> None:
    told = on_sample("watch", "--home", "us", "--json").json
    assert told["home"] == "USA"
    assert [note["ko"] for note in told["notes"]] == [
        "USA의 품목 목록과 공관망이 없어 한국의 품목 목록을 쓰고, 공관은 비워 둡니다."
    ]
    assert [one["missions"] for one in told["warnings"]] == [[]] * ITEMS
    assert "USA has brought no catalogue and no network" in on_sample("watch", "--home", "USA").out


@pytest.mark.parametrize(
    ("lang", "mend"),
    [
        ("ko", "기록 저장소가 비어 있습니다. `bongsu sample`로 표본을 넣거나"),
        ("en", "The lake is empty. Load the sample with `bongsu sample`"),
    ],
)
def test_an_empty_lake_says_so_and_how_to_fill_it(bongsu: Bongsu, lang: str, mend: str) -> None:
    ended = bongsu("watch", lang=lang)
    assert ended.code == 0
    assert mend in ended.out
    told = bongsu("watch", "--json").json
    assert told["no_current_figures"] == told["items"] == ITEMS
    assert {one["level"] for one in told["warnings"]} == {None}


def test_compacting_or_failing_leaves_an_empty_lake_empty(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    assert bongsu("compact").code == 0
    assert bongsu("records", "--journal", "--json").json == []
    assert bongsu("fetch", "us_census", "--from", str(tmp_path / "a.csv")).code == 3
    assert "The lake is empty." in bongsu("watch").out


def test_no_word_of_the_states_own_alert_stages_is_used_for_levels(on_sample: Bongsu) -> None:
    out = on_sample("watch", "--all", lang="ko").out
    assert [word for word in ("위기경보", "심각 단계", "경계 단계", "주의 단계", "관심 단계") if word in out] == []


def test_a_basket_code_never_reads_as_calm(today: Mapping[str, Any]) -> None:
    calm = {one["item"] for one in today["warnings"] if one["level"] == 1}
    baskets = {item.id for item in catalogue("KOR").items.values() if all(code.basket for code in item.hs)}
    assert baskets != set()
    assert calm & baskets == set()


def test_missing_layers_are_named_not_left_out(on_sample: Bongsu) -> None:
    (urea,) = on_sample(*UREA, "--json").json["warnings"]
    assert urea["layers_missing"] != []
    states = {view["layer"]: view["state"] for view in urea["layers"]}
    assert {layer for layer, state in states.items() if state == "missing"} == set(urea["layers_missing"])
    assert {layer for layer, state in states.items() if state == "live"} == set(urea["layers_present"])


def test_the_budget_is_printed_with_every_run(on_sample: Bongsu) -> None:
    korean, english = on_sample("watch", lang="ko", COLUMNS="400").out, on_sample("watch", COLUMNS="400").out
    assert "오경보 예산: 3거 이상 한 주 10건(품목 4,000개 기준), 곧 품목 하나에 한 해 0.130건." in korean
    assert "문턱: 강도 0.25부터 높음(계열당 한 해 오경보 0.25건), 0.50부터 강함(0.10건)." in korean
    assert "False-alarm budget: 10 alarms a week at 3 fires or more over 4,000 items, that is 0.130 an item" in english
    assert (
        "Thresholds: raised from strength 0.25 (0.25 false alarms a series and year), strong from 0.50 (0.10)"
        in english
    )


def test_a_smaller_budget_asks_for_stronger_signals_and_never_gives_more_alarms(on_sample: Bongsu) -> None:
    told = [on_sample("watch", "--as-of", "2021-10-12", "--budget", str(b), "--json").json for b in (2, 10, 40)]
    assert [one["budget"]["alarms_per_week"] for one in told] == [2, 10, 40]
    strong = [one["budget"]["marks"]["strong"] for one in told]
    assert strong == sorted(strong, reverse=True)
    alarms = [sum((each["level"] or 0) >= 3 for each in one["warnings"]) for one in told]
    assert alarms == sorted(alarms)
    assert told[1] == on_sample("watch", "--as-of", "2021-10-12", "--json").json


@pytest.mark.parametrize("budget", ["0", "-3", "nan", "inf"])
def test_a_budget_that_is_none_is_told(on_sample: Bongsu, budget: str) -> None:
    ended = on_sample("watch", "--budget", budget)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"there is no --budget {budget}.")


def test_a_suspension_that_ends_puts_dated_questions_to_the_mission_there(on_sample: Bongsu) -> None:
    asked = ("watch", "--item", "ndfeb_magnets", "--json", "--as-of")
    found = {}
    for day in ("2026-10-10", "2026-10-11", "2026-11-03", "2026-11-10", "2026-11-11"):
        told = on_sample(*asked, day).json
        assert told["questions"] == told["warnings"][0]["questions"]
        found[day] = [(one["on"], one["due"]) for one in told["questions"]]
        assert {(one["item"], one["mission"]["host"]) for one in told["questions"]} == {("ndfeb_magnets", "CHN")}
    days = ("2026-10-11", "2026-11-03", "2026-11-11")
    assert found == {day: [(on, on <= day) for on in days] for day in found}


@pytest.mark.parametrize(("lang", "words"), [("ko", "효력 정지 기한(2026년 11월 10일)이 지났다"), ("en", "has passed")])
def test_a_question_that_is_due_is_the_next_step_on_every_screen(on_sample: Bongsu, lang: str, words: str) -> None:
    for verb in (("watch", "--item", "ndfeb_magnets"), ("explain", "ndfeb_magnets@2026-11-21")):
        for width in ("79", "120", "400"):
            out = " ".join(on_sample(*verb, lang=lang, COLUMNS=width).out.split())
            assert words in out


def test_every_warning_states_its_grade_and_its_record(today: Mapping[str, Any]) -> None:
    for one in today["warnings"]:
        assert one["grade"]["letter"] in {"A", "B", "C", "D", None}
        assert (one["grade"]["letter"] is None) == (one["dependence"] is None)
        assert one["calibration"]["ko"]
        assert one["calibration"]["en"]
        assert (one["probability"] is None) == one["calibration"]["en"].startswith("No probability")
