"""`bongsu records`, `changes`, `indicators`, `doctor`, `compact`, `items`: what is held, and what is computed from it."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bongsu.sources.source import HERE, sources

Bongsu = Callable[..., Any]
SAMPLES = HERE
TABLE = "reporter,flow,partner,hs_code,period,value,netWgt\n"
TOTAL_ONLY = (
    "<response><header><resultCode>00</resultCode><resultMsg>정상서비스.</resultMsg></header><body><items><item>"
    "<year>총계</year><statCd>-</statCd><hsCd>-</hsCd><expDlr>0</expDlr><expWgt>0</expWgt><impDlr>0</impDlr>"
    "<impWgt>0</impWgt></item></items></body></response>"
)


def states(bongsu: Bongsu, **more: str) -> dict[str, str]:
    return {row["source"]: row["state_id"] for row in bongsu("records", "--json", **more).json}


def test_never_fetched_failed_empty_late_and_current_are_different_answers(bongsu: Bongsu, tmp_path: Path) -> None:
    assert set(states(bongsu).values()) == {"never"}
    answer = tmp_path / "a.xml"
    answer.write_text(TOTAL_ONLY, encoding="utf-8")
    assert bongsu("fetch", "kr_customs", "--from", str(answer)).code == 0
    (tmp_path / "broken.csv").write_bytes(b"")
    assert bongsu("fetch", "us_census", "--from", str(tmp_path / "broken.csv")).code == 3
    found = states(bongsu)
    assert (found["kr_customs"], found["us_census"], found["imf_portwatch"]) == ("empty", "failed", "never")
    shutil.copy(SAMPLES / "us_census" / "samples" / "exports_china.csv", tmp_path / "china.csv")
    assert bongsu("fetch", "us_census", "--from", str(tmp_path / "china.csv")).code in {0, 5}
    assert states(bongsu)["us_census"] == "late"
    assert states(bongsu, now="2021-01-20T00:00:00+00:00")["us_census"] == "current"
    told = {row["state_id"]: row["state"] for row in bongsu("records", "--json").json}
    assert [told[state]["ko"] for state in ("never", "empty", "late")] == ["받은 적 없음", "읽었으나 없음", "늦음"]
    assert len({state["en"] for state in told.values()}) == len(told)


def test_every_source_has_a_line_whether_or_not_it_was_read(on_sample: Bongsu) -> None:
    rows = on_sample("records", "--json").json
    assert {row["source"] for row in rows} == set(sources())
    (one,) = on_sample("records", "--source", "us_census", "--json").json
    assert one["source"] == "us_census"
    heading, *lines = csv.reader(io.StringIO(on_sample("records", "--csv", lang="ko").out))
    assert (heading[0], heading[-1], len(lines)) == ("출처", "이용 조건", len(rows))


def test_the_journal_speaks_the_users_language(on_sample: Bongsu) -> None:
    assert "들어옴" in on_sample("records", "--journal", lang="ko").out
    assert "landed" in on_sample("records", "--journal").out
    told = on_sample("records", "--journal", "--json").json
    assert [entry["seq"] for entry in told] == sorted((entry["seq"] for entry in told), reverse=True)


def test_nothing_set_aside_is_said(on_sample: Bongsu) -> None:
    ended = on_sample("records", "--quarantine", lang="ko")
    assert ended.code == 0
    assert "없습니다." in ended.out


# ---- changes


CHANGES = ("changes", "--source", "worldbank_pinksheet", "--from", "2023-05-01", "--to", "2024-10-31")


def test_83_cells_of_the_pink_sheet_were_revised(on_sample: Bongsu) -> None:
    told = on_sample(*CHANGES, "--json").json
    assert (told["changed_cells"], told["changed_facts"], told["withdrawn_facts"]) == (83, 83, 0)
    assert len(told["cells"]) == len({(cell["fact"], cell["column"]) for cell in told["cells"]}) == 83
    assert [cell for cell in told["cells"] if cell["before"] == cell["after"]] == []
    assert "83 cells changed" in on_sample(*CHANGES).out
    assert len(list(csv.reader(io.StringIO(on_sample(*CHANGES, "--csv").out)))) == 84


def test_83_cells_of_the_two_real_pink_sheets_were_revised(bongsu: Bongsu, realdata: Path) -> None:
    for vintage in ("2023M03", "2024M09"):
        file = realdata / "trade" / "worldbank" / f"CMO-Historical-Data-Monthly_{vintage}.xlsx"
        assert bongsu("fetch", "worldbank_pinksheet", "--from", str(file)).code in {0, 5}
    told = bongsu(*CHANGES, "--json").json
    assert (told["changed_cells"], told["withdrawn_facts"]) == (83, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "nope", "--from", "2023-05-01"], "there is no source 'nope'."),
        (["--source", "us_census", "--from", "soon"], "--from: 'soon' is not a date."),
        (["--source", "us_census", "--from", "2021-01-01", "--to", "2030-01-01"], "--to: 2030-01-01 has not come yet."),
        (["--source", "us_census", "--from", "2021-05-15", "--to", "2021-03-15"], "--from: the earlier moment"),
    ],
)
def test_changes_that_cannot_be_asked_for(on_sample: Bongsu, words: list[str], said: str) -> None:
    ended = on_sample("changes", *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(said)


def test_a_users_own_source_may_be_asked_for_by_its_name(bongsu: Bongsu, tmp_path: Path) -> None:
    for value, day in ((1000, "2021-11-15"), (900, "2021-12-15")):
        (tmp_path / "a.csv").write_text(f"{TABLE}KOR,import,CHN,310210,202109,{value},20\n")
        (tmp_path / "m.yml").write_text(
            "source: ours\ncolumns: {reporter: reporter, flow: flow, partner: partner, code: hs_code, period: period,"
            " value: value, weight_kg: netWgt}\nconstants: {code_system: HS, currency: USD}\n"
        )
        words = ["--from", str(tmp_path / "a.csv"), "--mapping", str(tmp_path / "m.yml"), "--published", day]
        ended = bongsu("fetch", "flows_table", *words)
        assert (ended.code, ended.err) == (0, "")
    told = bongsu("changes", "--source", "ours", "--from", "2021-11-30", "--to", "2021-12-31", "--json").json
    assert [(cell["column"], cell["before"], cell["after"]) for cell in told["cells"]] == [("value", 1000.0, 900.0)]
    assert {row["source"] for row in bongsu("records", "--json").json} == {*sources(), "ours"} - {"flows_table"}


# ---- indicators


US = ("--reporter", "USA", "--valid", "2024")


def test_the_korean_bands_of_the_us_matrix(on_sample: Bongsu) -> None:
    (row,) = on_sample("indicators", "korean_bands", *US, "--digits", "10", "--summary", "--json").json
    found = {name: row[name] for name in ("codes", "ge50", "ge50_floor", "ge80_floor")}
    assert found == {"codes": 18_650, "ge50": 12_152, "ge50_floor": 4_912, "ge80_floor": 1_739}
    assert row["citation"] == "U.S. Census Bureau, International Trade"


def test_the_concentrated_codes_of_the_us_matrix(on_sample: Bongsu) -> None:
    words = ["hhi", *US, "--digits", "6", "--roll-up-from", "10", "--summary"]
    (row,) = on_sample("indicators", *words, "--json").json
    assert row["gt40_floor"] == 1_525
    assert "1525" in on_sample("indicators", *words, lang="ko").out


def test_the_same_counts_from_the_real_files(bongsu: Bongsu, realdata: Path) -> None:
    folder = realdata / "trade" / "us_census" / "imports_hs10_2024"
    assert bongsu("fetch", "us_census", "--from", str(folder)).code in {0, 5}
    (bands,) = bongsu("indicators", "korean_bands", *US, "--digits", "10", "--summary", "--json").json
    assert [bands[name] for name in ("codes", "ge50", "ge50_floor", "ge80_floor")] == [18_650, 12_152, 4_912, 1_739]
    words = ["hhi", *US, "--digits", "6", "--roll-up-from", "10", "--summary", "--json"]
    assert bongsu("indicators", *words).json[0]["gt40_floor"] == 1_525


def test_world_is_no_partner_and_one_hs4_no_chapter(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"{TABLE}KOR,import,CHN,310210,202109,1000,20\nKOR,import,QAT,310210,202109,500,10\n"
        "KOR,import,W00,310210,202109,1500,30\nKOR,import,CHN,3102,202109,4000,80\n",
    )
    assert bongsu("fetch", "flows_table", "--from", str(tmp_path / "a.csv")).code == 0
    shares = bongsu("indicators", "supplier_shares", "--valid", "2021-09", "--json").json
    found = {(row["code"], row["partner"]): round(row["share"], 3) for row in shares}
    assert found == {("310210", "CHN"): 0.667, ("310210", "QAT"): 0.333, ("3102", "CHN"): 1.0}


def test_a_withheld_partner_is_not_read_as_diversified_supply(bongsu: Bongsu, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"{TABLE}KOR,import,JPN,310210,202109,60,1\nKOR,import,QAT,310210,202109,40,1\n"
        "KOR,import,CHN,310210,202109,(D),1\nKOR,import,W00,310210,202109,1000,9\n"
    )
    assert bongsu("fetch", "flows_table", "--from", str(tmp_path / "a.csv")).code == 0
    (row,) = bongsu("indicators", "hhi", "--valid", "2021-09", "--json").json
    assert (row["complete"], round(row["known_fraction"], 3)) == (False, 0.1)
    (counted,) = bongsu("indicators", "hhi", "--valid", "2021-09", "--summary", "--json").json
    assert (counted["codes"], counted["incomplete"], counted["gt40"]) == (1, 1, 0)
    (band,) = bongsu("indicators", "korean_bands", "--valid", "2021-09", "--json").json
    assert band["ge50"] is None


def test_codes_are_text_in_the_indicators_sheet(on_sample: Bongsu, tmp_path: Path) -> None:
    sheet = tmp_path / "a.xlsx"
    words = ["hhi", *US, "--digits", "4", "--roll-up-from", "10", "--xlsx", str(sheet)]
    assert on_sample("indicators", *words).code == 0
    heading, *rows = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    codes = [row[heading.index("code")] for row in rows]
    assert {type(code) for code in codes} == {str}
    assert min(codes).startswith("01")
    assert {row[heading.index("licence")] for row in rows} == {"US public domain"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "there is no indicator 'nope'."),
        (["ifpa", "--summary"], "ifpa: --summary is there for: korean_bands, hhi, joined_codes, production_balance."),
        (["hhi", "--valid", "20x4"], "--valid: '20x4' is no period."),
        (["hhi", "--reporter", "XX"], "--reporter: no country has the code 'XX'."),
        (["hhi", "--flow", "sideways"], "--flow: there is no flow 'sideways'."),
        (["hhi", "--source", "nope"], "there is no source 'nope'."),
        (["hhi", "--as-of", "2030-01-01"], "--as-of: 2030-01-01 has not come yet."),
    ],
)
def test_indicators_that_cannot_be_asked_for(on_sample: Bongsu, words: list[str], said: str) -> None:
    english, korean = on_sample("indicators", *words), on_sample("indicators", *words, lang="ko")
    assert (english.code, english.out, korean.code, korean.out) == (2, "", 2, "")
    assert english.err.startswith(said)
    assert korean.err != english.err


def test_no_figures_are_no_zeros(on_sample: Bongsu) -> None:
    ended = on_sample("indicators", "hhi", "--reporter", "FRA")
    assert ended.code == 0
    assert "No such records" in ended.out


# ---- doctor, compact, items


def checks(bongsu: Bongsu) -> tuple[int, dict[str, Any]]:
    ended = bongsu("doctor", "--json")
    return ended.code, {one["check"]: one for one in ended.json}


def raw_files(lake: Path) -> list[Path]:
    return sorted(path for path in (lake / "raw").rglob("*") if path.is_file() and len(path.name) == 64)


def test_a_whole_lake_is_well(on_sample: Bongsu) -> None:
    code, found = checks(on_sample)
    assert (code, found["raw"]["state"], found["raw"]["facts"]["lost"]) == (0, "good", [])


def test_a_lost_raw_file_is_found(on_copy: Bongsu, tmp_path: Path) -> None:
    raw_files(tmp_path / "lake")[0].unlink()
    code, found = checks(on_copy)
    assert (code, found["raw"]["state"]) == (1, "bad")
    assert (len(found["raw"]["facts"]["lost"]), found["raw"]["facts"]["changed"]) == (1, [])
    assert "원본 1개가 없고 0개가 바뀌었습니다" in on_copy("doctor", lang="ko").out


def test_an_altered_raw_file_is_found(on_copy: Bongsu, tmp_path: Path) -> None:
    file = raw_files(tmp_path / "lake")[0]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"\n")
    code, found = checks(on_copy)
    assert (code, found["raw"]["state"]) == (1, "bad")
    assert (found["raw"]["facts"]["lost"], len(found["raw"]["facts"]["changed"])) == ([], 1)


def test_an_empty_lake_is_a_warning(bongsu: Bongsu) -> None:
    code, found = checks(bongsu)
    assert (code, found["lake"]["state"]) == (0, "warning")


def test_compacting_changes_no_answer(on_copy: Bongsu) -> None:
    asked = (
        ("watch", "--as-of", "2021-10-13", "--item", "urea", "--csv"), CHANGES,
        ("indicators", "korean_bands", *US, "--digits", "10", "--summary", "--json"),
    )  # fmt: skip
    before = [on_copy(*words).out for words in asked]
    assert on_copy("compact").code == 0
    assert [on_copy(*words).out for words in asked] == before


def test_items_are_listed_and_told_in_full(on_sample: Bongsu, tmp_path: Path) -> None:
    korean, english = on_sample("items", "urea", lang="ko"), on_sample("items", "urea")
    assert "정부 지정: 모름" in korean.out
    assert "Official designation: unknown" in english.out
    sheet = tmp_path / "items.xlsx"
    assert on_sample("items", "--xlsx", str(sheet)).code == 0
    heading, *rows = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert heading[:3] == ["Item", "Name", "HS codes"]
    assert {type(row[2]) for row in rows} == {str}
    assert on_sample("items", "nope", lang="ko").err == "'nope' 품목은 없습니다. 'bongsu items'로 품목을 보십시오.\n"
