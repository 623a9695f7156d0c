"""A list of official designations goes in, is shown with its day, and a bad one changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bongsu.language import ExitCode

Bongsu = Callable[..., Any]
HEAD = "item,hs_code,kind,grade,from,until,issuer,source,known_at\n"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    file = tmp_path / "designations.csv"
    file.write_text(f"{HEAD}urea,,경제안보품목,1,2024-06-27,,기획재정부,a list,2024-06-27\n", encoding="utf-8")
    return file


def test_an_imported_designation_stands_and_only_from_the_day_it_was_known(on_copy: Bongsu, given: Path) -> None:
    shown = on_copy("items", "urea", "--designations", str(given), "--json").json
    assert [(one["kind"], one["grade"], one["since"]) for one in shown["designation"]] == [
        ("경제안보품목", 1, "2024-06-27")
    ]
    before = on_copy("items", "urea", "--as-of", "2024-06-26", "--json").json
    assert (before["designation"], before["designation_known"]) == ([], False)


def test_a_bad_list_is_refused_and_the_one_that_stood_stays(on_copy: Bongsu, given: Path, tmp_path: Path) -> None:
    on_copy("items", "urea", "--designations", str(given))
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{HEAD}urea,,경제안보품목,7,2024-06-27,,x,y,2024-06-27\n", encoding="utf-8")
    refused = on_copy("items", "urea", "--designations", str(bad), "--lang", "en")
    assert refused.code == ExitCode.BAD_INPUT
    assert refused.err.startswith("bad.csv: 2: ")
    assert [one["grade"] for one in on_copy("items", "urea", "--json").json["designation"]] == [1]
