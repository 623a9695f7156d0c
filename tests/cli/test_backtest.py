"""`bongsu backtest` and `bongsu replay` on the packaged sample: keys that stay, pages that stand alone, words in both languages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Bongsu = Callable[..., Any]

CASES = """case_id,layer,reporter,flow,partner,code,series,onset,counts_from,counts_to
urea-price,price,,,,,Urea,2021-10-15,2021-03,2021-10
suez,transit,,,,,suez,2021-03-23,2021-03-23,2021-04-06
nowhere,flow,USA,export,CHN,999999,,2018-07-06,2018-06,2018-12
urea-fused,fused,KOR,import,CHN,310210,,2021-10-15,2021-09-15,2021-10-13
"""
KEYS = {
    "cases": {"case_id", "rule", "layer", "budget", "hit", "first_alarm", "lead_days"},
    "rules": {"rule", "layer", "threshold", "hits", "cases", "false_alarms", "series", "series_years",
              "false_alarms_per_series_year", "median_lead_days"},
    "summary": {"rule", "layer", "budget", "hits", "cases", "average_precision", "brier", "brier_skill"},
}  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cases") / "cases.csv"
    file.write_text(CASES, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def answered(on_sample: Bongsu, cases: Path) -> Any:  # noqa: ANN401 - JSON
    ended = on_sample("backtest", "--cases", cases, "--json")
    assert (ended.code, ended.err) == (0, "")
    return ended.json


@pytest.mark.parametrize("part", sorted(KEYS))
def test_the_keys_of_the_json_stay(part: str, answered: Any) -> None:  # noqa: ANN401
    assert answered[part] != []
    assert [sorted(KEYS[part] - set(row)) for row in answered[part]] == [[]] * len(answered[part])


def test_it_prints_what_makes_it_again(answered: Any) -> None:  # noqa: ANN401
    assert {"commit", "table_versions", "catalogue_version", "seed", "assumptions"} <= set(answered)
    assert {row["budget"] for row in answered["summary"]} == {0.1, 0.25, 0.5}
    assert "only cases that nobody here has seen can confirm them" in str(answered["assumptions"])
    first = list(answered["summary"][0])
    assert [list(row) for row in answered["summary"]] == [first] * len(answered["summary"])


def test_without_quiet_flows_no_budget_is_applied_and_that_is_said(answered: Any) -> None:  # noqa: ANN401
    line = {
        "ko": "조용한 흐름을 주지 않아(--quiet) 예산을 적용할 수 없다.",
        "en": "no quiet flows given: no budget can be applied",
    }
    assert answered["no_budget"][0] == line
    assert [one["en"].partition(":")[0] for one in answered["no_budget"][1:]] == ["transit"]  # the sample has none
    assert answered["assumptions"][:2] == answered["no_budget"]
    flows = [row for row in answered["summary"] if row["layer"] == "flow"]
    assert {(row["hits"], row["false_alarms_per_series_year"], row["unseen_recall"]) for row in flows} == {(None,) * 3}
    assert None not in [row["hits"] for row in answered["summary"] if row["layer"] in {"price", "fused"}]


def test_what_is_not_found_is_named_beside_what_there_is(on_sample: Bongsu, tmp_path: Path) -> None:
    other = tmp_path / "cases.csv"
    other.write_text(CASES.replace("310210", "999998"), encoding="utf-8")
    ended = on_sample("backtest", "--cases", other, "--rules", "OURS")
    assert ended.code == 0
    assert "no shipped item holds 999998" in ended.out
    assert "no quiet flows given: no budget can be applied" in ended.out


def test_every_case_has_its_answer_for_every_rule_and_budget(answered: Any) -> None:  # noqa: ANN401
    told = {(row["case_id"], row["layer"]) for row in answered["cases"]}
    assert told == {("urea-price", "price"), ("suez", "transit"), ("nowhere", "flow"), ("urea-fused", "fused")}
    lost = [row for row in answered["cases"] if row["case_id"] == "nowhere"]
    assert {(row["hit"], row["figures"]) for row in lost} == {(None, False)}  # and nothing quiet to hold a budget to
    assert answered["no_figures"] == ["USA export CHN 999999", "suez"]


def test_the_fused_case_names_the_uses_that_are_at_risk(answered: Any) -> None:  # noqa: ANN401
    rows = [row for row in answered["cases"] if row["case_id"] == "urea-fused"]
    assert [row["budget"] for row in rows] == [0.1, 0.25, 0.5]
    assert {(row["first_alarm"], row["highest_level"]) for row in rows} == {("2021-10-13", 4)}
    assert "diesel_exhaust_fluid" in [use["id"] for use in rows[0]["uses"]]


def test_the_curve_falls_from_high_thresholds_to_low(answered: Any) -> None:  # noqa: ANN401
    for rule in {row["rule"] for row in answered["rules"] if row["layer"] == "price"}:
        curve = [row for row in answered["rules"] if (row["layer"], row["rule"]) == ("price", rule)]
        thresholds = [row["threshold"] for row in curve]
        assert thresholds == sorted(thresholds, reverse=True)
        assert len(set(thresholds)) == len(thresholds)


@pytest.mark.parametrize(("lang", "word"), [("ko", "그때 알려진 것만으로"), ("en", "known at the time")])
def test_the_report_is_one_page_that_stands_alone(
    lang: str, word: str, on_sample: Bongsu, cases: Path, tmp_path: Path
) -> None:
    page = tmp_path / "out.html"
    ended = on_sample("backtest", "--cases", cases, "--rules", "ours,naive", "--report", page, lang=lang)
    assert ended.code == 0
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in text
    assert word in text
    assert re.findall(r"<script|https?:|\bsrc=|\bon\w+=|@import|url\(", text) == []
    assert text.count("<figure>") == text.count("· seed ")
    hangul = re.search("[가-힣]", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))
    assert (hangul is None) == (lang == "en")


def test_a_table_is_for_people_in_their_language(on_sample: Bongsu, cases: Path) -> None:
    korean = on_sample("backtest", "--cases", cases, "--rules", "naive", lang="ko")
    english = on_sample("backtest", "--cases", cases, "--rules", "naive")
    assert ("오경보/계열·년" in korean.out, "False/series-year" in english.out) == (True, True)
    assert "수치가 없는 계열 2개" in korean.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--rules", ""], 2, "--rules: no rule is named. There are: always, "),
        (["--rules", "nope"], 2, "--rules: there is no rule 'nope'. There are: always, "),
        (["--from", "2020-13"], 2, "is not a date"),
        (["--from", "2020-02", "--to", "2019-02"], 2, "--to lies before --from"),
        (["--quiet", "none.csv"], 3, "none.csv: the file cannot be opened"),
        (["--report", "nowhere/out.html", "--rules", "naive"], 3, "the file cannot be written"),
    ],
)
def test_misuse_is_told(words: list[str], code: int, said: str, on_sample: Bongsu, cases: Path) -> None:
    ended = on_sample("backtest", "--cases", cases, *words)
    assert ended.code == code
    assert said in ended.err


# ---- replay


def test_replay_tells_the_story_of_urea_by_data_and_measures(on_sample: Bongsu) -> None:
    ended = on_sample("replay", "--from", "2021-10-11", "--to", "2021-10-16", "--item", "urea", "--json")
    assert (ended.code, ended.err) == (0, "")
    timeline = [(one["day"], one["item"], one["level"]) for one in ended.json["timeline"]]
    assert timeline[-1] == ("2021-10-13", "urea", 4)
    notice = next(one for one in ended.json["changes"] if one["day"] == "2021-10-13")
    assert "Announcement No. 81 of 2021" in notice["notices"][0]["en"]
    assert "diesel_exhaust_fluid" in notice["uses"]
    assert {"commit", "table_versions", "catalogue_version", "seed"} <= set(ended.json)


def test_replay_says_on_each_day_what_the_watch_says(on_sample: Bongsu) -> None:
    replayed = on_sample("replay", "--from", "2021-10-12", "--to", "2021-10-14", "--item", "urea", "--json").json
    levels = {one["day"]: one["level"] for one in replayed["changes"]}
    watched = {}
    for day in levels:
        (warning,) = on_sample("watch", "--as-of", day, "--item", "urea", "--json").json["warnings"]
        watched[day] = warning["level"]
    assert levels == watched


@pytest.mark.parametrize(("lang", "title"), [("ko", "시간의 흐름"), ("en", "Timeline")])
def test_replay_ends_with_the_timeline(lang: str, title: str, on_sample: Bongsu) -> None:
    ended = on_sample("replay", "--from", "2021-10-12", "--to", "2021-10-14", "--item", "urea", lang=lang)
    assert ended.code == 0
    assert ended.out.rstrip().splitlines()[-1].startswith("2021-10-13  ●●●●·")
    assert title in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2021-10-14", "--to", "2021-10-12"], "--to (2021-10-12) lies before --from (2021-10-14)"),
        (["--from", "soon", "--to", "2021-10-12"], "is not a date"),
        (["--from", "2021-10-12", "--to", "2021-10-12", "--item", "nope"], "nope"),
        (["--from", "2021-10-12", "--to", "2021-10-12", "--speed", "-1"], "--speed: -1 is below 0"),
    ],
)
def test_replay_refuses_what_makes_no_sense(words: list[str], said: str, on_sample: Bongsu) -> None:
    ended = on_sample("replay", *words)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True)


def test_an_empty_lake_changes_nothing(bongsu: Bongsu) -> None:
    ended = bongsu("replay", "--from", "2021-10-12", "--to", "2021-10-13", "--item", "urea")
    assert (ended.code, "Nothing changed" in ended.out) == (0, True)
