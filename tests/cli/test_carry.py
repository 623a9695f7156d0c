"""`bongsu carry` between two folders that share nothing else: after it the watch is the same, word for word."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bongsu.records.carry import keys
from bongsu.records.carry.container import opened, signed, write
from bongsu.records.carry.manifest import as_bytes
from bongsu.records.lake import Lake
from bongsu.sources.mission_reports.publish import Statement, publish
from bongsu.sources.source import HERE

Bongsu = Callable[..., Any]
SAID = Statement(
    report="r-1", items=("urea",), place="CHN", observed=date(2026, 11, 18),
    reviewed_at=datetime(2026, 11, 19, 4, tzinfo=UTC), reliability="A", credibility=1, grade="S", tlp="AMBER",
)  # fmt: skip


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "outside", tmp_path / "inside"


def watch(bongsu: Bongsu, lake: Path, day: str) -> dict[str, Any]:
    """The watch of a few items, but for the versions of the tables, which are each lake's own."""
    items = ("--item", "urea", "--item", "gallium", "--item", "naphtha")
    found = bongsu("watch", "--json", "--as-of", day, *items, lake=lake)
    assert found.code == 0, found.err
    return {key: value for key, value in found.json.items() if key != "table_versions"}


def publish_in(folder: Path) -> None:
    lake = Lake(folder)
    publish(lake, SAID, read_at=SAID.reviewed_at, run_id="review")
    lake.close()


def test_after_carrying_the_watch_is_the_same_as_of_any_moment(
    bongsu: Bongsu, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    outside, inside = sides
    assert bongsu("sample", lake=outside).code == 0
    notices = HERE / "notices_table" / "samples" / "measures.csv"
    assert bongsu("fetch", "notices_table", "--from", notices, lake=outside).code == 0
    public = bongsu("carry", "keys", "--json", lake=outside).json
    assert bongsu("carry", "keys", "--trust", public["file"], "--json", lake=inside).json["trusted"]
    assert bongsu("carry", "out", tmp_path / "bundle", "--part-size", "1", lake=outside).code == 0
    parts = sorted(tmp_path.glob("bundle*"))
    carried = bongsu("carry", "in", *parts, "--json", lake=inside)
    assert (carried.code, carried.json["status"], carried.json["refused"]) == (0, "in", [])
    for day in ("2021-10-13", "2026-11-18", "2026-11-21"):
        assert watch(bongsu, inside, day) == watch(bongsu, outside, day)
    publish_in(inside)  # what a mission reports stands on this side alone
    urea = [
        json.dumps([one for one in watch(bongsu, lake, "2026-11-21")["warnings"] if one["item"] == "urea"])
        for lake in (inside, outside)
    ]
    assert ["A mission reports that supply tightens in China" in one for one in urea] == [True, False]


def test_each_answer_is_said_in_words(bongsu: Bongsu, sides: tuple[Path, Path], tmp_path: Path) -> None:
    outside, inside = sides
    notices = HERE / "notices_table" / "samples" / "measures.csv"
    bongsu("fetch", "notices_table", "--from", notices, lake=outside)
    assert "공개" not in bongsu("carry", "keys", lake=outside).out
    bongsu("carry", "keys", "--trust", outside / "carry" / "collector.pub", lake=inside)
    bundle = tmp_path / "bundle"
    assert "Bundle 1, entries 1–1" in bongsu("carry", "out", bundle, lake=outside).out
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[:-9])
    cut = bongsu("carry", "in", bundle, lake=inside)
    assert cut.code == 5
    assert "missing: notices_table: measures.csv" in cut.out
    bundle.write_bytes(whole)
    assert "1 entry landed" in bongsu("carry", "in", bundle, lake=inside).out
    again = bongsu("carry", "in", bundle, lake=inside, lang="ko")
    assert (again.code, "이미 반입한 봉투입니다" in again.out) == (0, True)
    assert "Nothing has come" in bongsu("carry", "out", tmp_path / "next", lake=outside).out


def signed_anew(outside: Path, bundle: Path, **changes: Any) -> None:  # noqa: ANN401 - as `Delivery` takes them
    """The bundle as a collector gone bad could send it: its entries changed so."""
    part = opened(bundle, keys.trusted(outside / "carry"))
    pieces = [data for _, data in part.pieces()]
    entries = tuple(replace(one, **changes) for one in part.manifest.deliveries)
    data = as_bytes(replace(part.manifest, deliveries=entries))
    write(bundle, data, signed(data, keys.signing(outside / "carry")[1]), 0, iter(pieces))


@pytest.fixture
def bundle(bongsu: Bongsu, sides: tuple[Path, Path], tmp_path: Path) -> Path:
    """One list, carried out of a collector that both sides trust."""
    outside, inside = sides
    notices = HERE / "notices_table" / "samples" / "measures.csv"
    bongsu("fetch", "notices_table", "--from", notices, lake=outside)
    bongsu("carry", "keys", lake=outside)
    for side in (outside, inside):
        bongsu("carry", "keys", "--trust", outside / "carry" / "collector.pub", lake=side)
    bongsu("carry", "out", tmp_path / "bundle", lake=outside)
    return tmp_path / "bundle"


def test_a_grade_above_this_installation_is_told_by_its_number(
    bongsu: Bongsu, sides: tuple[Path, Path], bundle: Path
) -> None:
    outside, inside = sides
    signed_anew(outside, bundle, grade="S", reference="r-1")
    assert bongsu("carry", "in", bundle, lake=inside, BONGSU_GRADE="X").code == 2
    told = bongsu("carry", "in", bundle, lake=inside, BONGSU_GRADE="O")
    assert (told.code, "refused, graded too high: r-1" in told.out) == (5, True)
    assert "graded above this installation" in bongsu("records", "--journal", lake=inside).out.replace("\n", " ")


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "refused, only the floor publishes such: #1 mission_reports"),
     ("ko", "안쪽에서만 내는 기록이라 받지 않음: #1 mission_reports")],
)  # fmt: skip
def test_a_bundle_that_speaks_for_the_floor_is_refused_in_words(
    bongsu: Bongsu, sides: tuple[Path, Path], bundle: Path, lang: str, told: str
) -> None:
    outside, inside = sides
    signed_anew(outside, bundle, source="mission_reports")
    found = bongsu("carry", "in", bundle, lake=inside, lang=lang)
    assert (found.code, told in found.out) == (5, True)


def test_what_is_left_out_is_told(bongsu: Bongsu, sides: tuple[Path, Path], bundle: Path) -> None:
    outside, _ = sides
    publish_in(outside)
    found = bongsu("carry", "out", bundle.with_name("next"), "--json", lake=outside)
    assert (found.code, found.json["status"], found.json["left_out"]) == (0, "nothing new", 1)
    for lang, words in (("en", "Left out: 1 of reviewed mission reports"), ("ko", "공관보고 1건은 담지 않았습니다")):
        assert words in bongsu("carry", "out", bundle.with_name("next"), lake=outside, lang=lang).out.replace("\n", " ")


def test_without_what_signs_it_says_what_to_install(bongsu: Bongsu, sides: tuple[Path, Path]) -> None:
    with mock.patch.dict(sys.modules, {"cryptography.hazmat.primitives.asymmetric": None}):
        told = bongsu("carry", "keys", lake=sides[0])
    assert (told.code, "Install bongsu[floor]" in told.err) == (2, True)
