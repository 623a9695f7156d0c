"""A newcomer on an empty machine: one command, and the beacons stand there, in either language."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Bongsu = Callable[..., Any]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ko", ["오늘의 상황", "개 품목 가운데", "2021년 10월 13일의 요소", "봉수 4거", "오래됨", "환경부", "주중국대한민국대사관"]),
        ("en", ["Today (on the sample", "items have no current figures.", "Urea on 13 October 2021", "4 fires", "stale",
                "Ministry of Environment", "Missions to ask"]),
    ],
)  # fmt: skip
def test_the_tour_ends_with_urea_at_four_fires(tmp_path: Path, lang: str, said: list[str]) -> None:
    kept = {name: word for name, word in os.environ.items() if not name.startswith(("BONGSU", "LC_", "LANG", "XDG"))}
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "LOCALAPPDATA": str(tmp_path / "data")}
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from bongsu.cli import main; main()", "tour", "--lang", lang],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**kept, **home, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [words for words in said if words not in ended.stdout] == []
    today, _, urea = ended.stdout.rpartition(said[2])
    assert said[3] in urea
    assert "●●●●·" in urea
    assert said[1] in today


def test_the_tour_leaves_the_own_lake_alone_and_can_be_taken_twice(bongsu: Bongsu, tmp_path: Path) -> None:
    first, second = bongsu("tour"), bongsu("tour")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert not (tmp_path / "lake").exists()
    assert f'--lake "{tmp_path / "lake-tour"}"' in first.out
    walked = bongsu("explain", "urea@2021-10-13", "--lake", str(tmp_path / "lake-tour"), "--json").json
    assert walked["warning"]["level"] == 4
    assert all(version["raw"]["held"] for one in walked["records"] for version in one["versions"])
