"""What `--json` promises: nothing but JSON on standard output, and keys that stay."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Bongsu = Callable[..., Any]
WARNING = [
    "id", "item", "name", "hs", "level", "fires", "known", "dependent", "no_current_figures", "reasons", "dependence",
    "uses", "layers", "layers_present", "layers_stale", "layers_missing", "data_month", "missions", "alternatives",
    "days_of_cover", "raise_if", "lower_if", "next_step", "evidence", "grade",
    "probability", "calibration", "questions",
]  # fmt: skip
RECEIPT = ["seq", "source", "status", "counts", "notes", "raws"]
NOTICE = (
    "海关总署公告2021年第81号 关于调整必须实施检验的进出口商品目录的公告\n"
    "对尿素（海关商品编号 3102100010）实施出口商品检验。本公告自2021年10月15日起实施。\n"
)


def test_watch_keeps_its_keys(on_sample: Bongsu) -> None:
    told = on_sample("watch", "--as-of", "2021-10-13", "--item", "urea", "--json").json
    assert list(told) == [
        "as_of", "home", "items", "no_current_figures", "catalogue_version", "network_version", "table_versions",
        "unchecked_facts", "notes", "warnings", "budget", "questions",
    ]  # fmt: skip
    (urea,) = told["warnings"]
    assert list(urea) == WARNING
    assert list(urea["dependence"]) == [
        "partner", "share", "measure", "first", "last", "known_at", "basis", "source", "old", "headline",
    ]  # fmt: skip
    assert list(urea["layers"][0]) == [
        "layer", "state", "valid", "frequency", "known_at", "source", "source_name", "strength", "headline",
    ]  # fmt: skip
    assert list(urea["uses"][0]) == ["id", "name", "in_charge", "hit"]


def test_explain_keeps_its_keys(on_sample: Bongsu) -> None:
    told = on_sample("explain", "urea@2021-10-13", "--json").json
    assert list(told) == ["warning", "records"]
    assert list(told["warning"]) == WARNING
    version = told["records"][0]["versions"][0]
    assert list(version) == [
        "current", "values", "withdrawn", "known_at", "known_basis", "vintage", "read_at", "delivery", "run_id",
        "source", "citation", "licence", "raw",
    ]  # fmt: skip
    assert list(version["raw"]) == [
        "sha256", "name", "url", "bytes", "received_at", "path", "held", "originals", "row", "rows",
    ]  # fmt: skip


def test_records_and_journal_keep_their_keys(on_sample: Bongsu) -> None:
    assert {tuple(row) for row in on_sample("records", "--json").json} == {(
        "source", "name", "record", "facts", "from", "to", "last_known", "last_read", "state", "state_id",
        "quarantined", "citation", "licence", "cadence", "proven",
    )}  # fmt: skip
    assert {tuple(row) for row in on_sample("records", "--journal", "--json").json} == {(
        "seq", "run_id", "read_at", "source", "status", "outcome", "published", "counts", "raws", "said", "tables",
    )}  # fmt: skip


def test_items_keep_their_keys(on_sample: Bongsu) -> None:
    told = on_sample("items", "urea", "--json").json
    assert list(told) == [
        "item", "name", "category", "hs", "aliases", "ews_grade", "designation", "designation_known", "dependence",
        "share", "partner", "uses", "inputs", "prices", "routes", "suppliers", "days_of_cover", "substitution",
        "domestic", "importance", "unknown", "facts", "unchecked", "valid_from",
    ]  # fmt: skip
    assert list(told["ews_grade"]) == ["letter", "by_rule", "reasons", "what_would_change", "overridden_by"]
    assert list(told["uses"][0]) == ["id", "name", "in_charge", "hit", "source", "known_at", "checked"]
    assert on_sample("items", "--json").json[-1].keys() == told.keys()


def test_read_keeps_its_keys_and_knows_urea(on_sample: Bongsu) -> None:
    ended = on_sample("read", "-", "--as-of", "2021-10-13", "--json", stdin=NOTICE.encode())
    assert (ended.code, ended.err) == (0, "")
    assert list(ended.json) == [
        "answer", "on", "home", "country", "notice", "items", "missions", "ministries_in_charge", "ministries_hit",
        "desks", "notes",
    ]  # fmt: skip
    assert list(ended.json["notice"]) == [
        "name", "title", "language", "issuer", "number", "dates", "instrument", "direction", "hs_codes",
    ]  # fmt: skip
    (urea,) = ended.json["items"]
    assert list(urea) == [
        "item", "name", "word", "hs_codes", "why", "sentence", "confidence", "level", "level_without",
        "our_share_from_there", "uses", "days_of_cover", "alternatives", "missions", "next_step",
        "grade", "reasons", "raise_if", "lower_if", "probability", "calibration",
    ]  # fmt: skip
    assert (ended.json["country"], urea["item"], urea["hs_codes"]) == ("CHN", "urea", ["3102100010"])
    assert urea["our_share_from_there"]["partner"] == "CHN"


def test_indicators_doctor_sample_and_compact_keep_their_keys(on_copy: Bongsu) -> None:
    assert {tuple(row) for row in on_copy("indicators", "--json").json} == {
        ("id", "name", "unit", "formula", "source", "caveats", "records")
    }
    assert {tuple(row) for row in on_copy("doctor", "--json").json} == {("check", "state", "said", "facts")}
    again = on_copy("sample", "--json").json
    assert {tuple(one) for one in again} == {tuple(RECEIPT)}
    assert {one["status"] for one in again} == {"unchanged"}
    assert list(again[0]["raws"][0]) == ["name", "sha256", "bytes"]
    assert list(on_copy("compact", "--json").json) == ["files_before", "files_after"]


def test_fetch_keeps_its_keys(bongsu: Bongsu, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("reporter,flow,partner,hs_code,period,value,netWgt\nKOR,import,CHN,310210,202109,1000,20\n")
    told = bongsu("fetch", "flows_table", "--from", str(table), "--json").json
    assert list(told) == RECEIPT


@pytest.mark.parametrize(
    "words",
    [
        ["watch"], ["items"], ["records"], ["records", "--quarantine"], ["records", "--journal"],
        ["compact"], ["indicators"], ["indicators", "hhi"], ["indicators", "hhi", "--summary"],
        ["indicators", "korean_bands", "--summary"], ["indicators", "ifpa"], ["indicators", "transit_deficit"],
        ["indicators", "measure_status"], ["explain", "urea"], ["items", "urea"], ["read", "-"],
        ["changes", "--source", "us_census", "--from", "2020-01-01"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_empty_lake_answers_in_json_too(bongsu: Bongsu, words: list[str]) -> None:
    korean = bongsu(*words, "--json", lang="ko", stdin=NOTICE.encode())
    assert (korean.code, korean.err) == (0, "")
    again = bongsu(*words, "--json", stdin=NOTICE.encode())
    assert json.loads(korean.out) == again.json


def test_doctor_finds_the_same_in_either_language(bongsu: Bongsu) -> None:
    """The room on the disk moves between two runs, on any machine that does anything else."""

    def findings(lang: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = bongsu("doctor", "--json", lang=lang).json
        (disk,) = [one for one in found if one["check"] == "disk"]
        assert sorted(disk["facts"]) == ["free_bytes", "lake"]
        assert disk["facts"].pop("free_bytes") > 0
        assert f"({disk['facts']['lake']})" in disk.pop("said")["ko"]
        return found

    assert findings("ko") == findings("en")


def test_a_failure_leaves_standard_output_empty(on_sample: Bongsu) -> None:
    for words in (["watch", "--item", "nope"], ["explain", "nope"], ["items", "nope"], ["indicators", "nope"]):
        ended = on_sample(*words, "--json")
        assert (ended.code, ended.out) == (2, "")
