"""From files and addresses to the lake: folders, patterns, bounds, downloads, and failures that stay on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bongsu.language import BadInputError, Language, SourceUnavailableError, Text, UsageError
from bongsu.records.journal import FAILED, LANDED, UNCHANGED
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.records.shapes import TRADE_FLOW
from bongsu.sources import fetch as fetch_module
from bongsu.sources.fetch import Download, Given, fetch
from bongsu.sources.source import Bounds, Source, source

NOW = datetime(2021, 3, 1, tzinfo=UTC)
HEAD = "Item,Country,Year,Month,Export_dollar,Export_weight,Import_dollar,Import_weight\n"
KR = source("kr_customs")


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    made = Lake(tmp_path / "lake", threads=1)
    yield made
    made.close()


def csv(folder: Path, name: str, *rows: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def take(lake: Lake, *places: str | Path, of: Source = KR, download: Download | None = None) -> dict[str, int]:
    given = Given(published=date(2021, 2, 15))
    receipt = fetch(lake, of, [str(one) for one in places], given, read_at=NOW, run_id="r", download=download)
    return dict(receipt.counts)


def codes(lake: Lake) -> list[str]:
    snapshot = lake.snapshot()
    table = snapshot.arrow(snapshot.as_of(TRADE_FLOW, NOW))
    return sorted(set(table["code"].to_pylist()))


def row(code: str) -> str:
    return f"{code},Japan,2021,1,100,1.0,200,2.0"


def test_files_folders_and_patterns_are_one_delivery(lake: Lake, tmp_path: Path) -> None:
    csv(tmp_path / "a", "one.csv", row("8542321010"))
    csv(tmp_path / "a", ".hidden.csv", row("0000000000"))
    csv(tmp_path / "b", "two.csv", row("8542321020"))
    csv(tmp_path / "b", "three.txt", row("0000000001"))
    alone = csv(tmp_path, "four.csv", row("8542321030"))
    counts = take(lake, tmp_path / "a", tmp_path / "b" / "*.csv", alone)
    assert counts["raw_rows"] == 2 * 3, "a row states an import and an export"
    assert codes(lake) == ["8542321010", "8542321020", "8542321030"]
    (entry,) = lake.snapshot().journal()
    assert [raw.name for raw in entry.raws] == ["one.csv", "two.csv", "four.csv"]
    assert all(lake.raw.intact(raw.sha256) for raw in entry.raws)


def test_a_folder_gives_only_the_files_that_the_source_reads(lake: Lake, tmp_path: Path) -> None:
    csv(tmp_path / "a", "one.csv", row("8542321010"))
    csv(tmp_path / "a", "README.md", row("0000000000"))
    patterned = replace(KR, settings={**KR.settings, "files": ["*.csv"]})
    assert take(lake, tmp_path / "a", of=patterned)["raw_rows"] == 2


def test_the_same_files_again_change_nothing(lake: Lake, tmp_path: Path) -> None:
    file = csv(tmp_path, "one.csv", row("8542321010"))
    first, again = take(lake, file), take(lake, file)
    assert (first["written"] > 0, again["written"]) == (True, 0)
    assert [entry.status for entry in lake.snapshot().journal()] == [LANDED, UNCHANGED]


@pytest.mark.parametrize("places", [(), ("empty",)])
def test_nothing_to_read_names_where_the_figures_stand_and_is_no_attempt(
    lake: Lake, tmp_path: Path, places: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as error:
        take(lake, *(tmp_path / place for place in places))
    assert error.value.to(Language.EN) == (
        f"kr_customs: there is nothing to read. Give a file with --from. The figures stand at {KR.url}."
    )
    assert error.value.to(Language.KO) == (
        f"kr_customs: 읽을 파일이 없습니다. --from 으로 파일을 주십시오. 자료는 {KR.url} 에서 받을 수 있습니다."
    )
    assert lake.snapshot().journal() == []


def test_a_source_without_an_address_asks_for_a_file_only(lake: Lake) -> None:
    with pytest.raises(UsageError) as error:
        take(lake, of=replace(KR, url=""))
    assert error.value.to(Language.EN) == "kr_customs: there is nothing to read. Give a file with --from."


def test_a_missing_file_is_named_and_the_attempt_stays_on_record(lake: Lake, tmp_path: Path) -> None:
    there, missing = csv(tmp_path, "one.csv", row("8542321010")), tmp_path / "없음.csv"
    with pytest.raises(BadInputError, match="there is no such file"):
        take(lake, there, missing)
    (entry,) = lake.snapshot().journal()
    assert (entry.status, entry.source) == (FAILED, "kr_customs")
    assert list(entry.said) == [
        {
            "ko": f"{missing}: 파일이 없습니다. 경로를 확인하십시오.",
            "en": f"{missing}: there is no such file. Check the path.",
        }
    ]
    assert [raw.name for raw in entry.raws] == ["one.csv"], "what was got before is named"
    assert codes(lake) == []


def test_too_few_rows_stop_the_delivery_and_nothing_lands(lake: Lake, tmp_path: Path) -> None:
    take(lake, csv(tmp_path, "whole.csv", row("8542321010"), row("8542321020")))
    strict = replace(KR, bounds=Bounds(least=4))
    with pytest.raises(BadInputError) as error:
        take(lake, csv(tmp_path, "cut.csv", row("8542321010")), of=strict)
    assert error.value.to(Language.EN) == (
        "kr_customs: only 2 rows; a healthy delivery has at least 4. "
        "Check for a cut file. If the source has truly shrunk, change `bounds` in its source.yml."
    )
    assert "정상이면 4행 이상이어야 합니다" in error.value.to(Language.KO)
    assert codes(lake) == ["8542321010", "8542321020"], "what stood is not withdrawn"
    assert [entry.status for entry in lake.snapshot().journal()] == [LANDED, FAILED]


def test_more_rows_than_usual_land_with_a_word(lake: Lake, tmp_path: Path) -> None:
    file = csv(tmp_path, "one.csv", row("8542321010"), row("8542321020"))
    few = replace(KR, bounds=Bounds(least=0, most=1))
    receipt = fetch(lake, few, [str(file)], Given(), read_at=NOW, run_id="r")
    assert receipt.status == LANDED
    assert receipt.notes[-1] == Text("자료가 4행으로, 평소의 상한 1행보다 많습니다.", "4 rows, more than the usual 1.")


def test_an_address_is_downloaded_kept_with_its_name_and_read(lake: Lake, tmp_path: Path) -> None:
    content = csv(tmp_path, "served.csv", row("8542321010")).read_bytes()
    seen: list[Path] = []

    def serve(url: str, into: Path) -> str:
        assert url == "https://customs.example/files/flows.csv?month=1"
        into.write_bytes(content)
        seen.append(into)
        return "text/csv"

    take(lake, "https://customs.example/files/flows.csv?month=1", download=serve)
    (entry,) = lake.snapshot().journal()
    (raw,) = entry.raws
    assert (raw.name, raw.media_type, raw.received_at) == ("flows.csv", "text/csv", NOW)
    assert raw.path.read_bytes() == content
    assert [path.exists() for path in seen] == [False]


def test_a_download_that_breaks_leaves_no_part_of_a_file(lake: Lake) -> None:
    def break_off(url: str, into: Path) -> str:
        into.write_bytes(b"half")
        raise SourceUnavailableError(Text("응답이 끊겼습니다.", "the answer broke off."), where=url)

    with pytest.raises(SourceUnavailableError):
        take(lake, "https://customs.example/a.csv", download=break_off)
    (entry,) = lake.snapshot().journal()
    assert (entry.status, entry.raws) == (FAILED, ())
    assert [path.name for path in lake.folder.rglob("*.part")] == []
    assert list(lake.folder.glob("raw/*/*")) == []


def test_two_downloads_at_once_do_not_write_into_one_file(lake: Lake, tmp_path: Path) -> None:
    content = {
        name: csv(tmp_path, f"{name}.csv", row(code)).read_bytes()
        for name, code in (("outer", "8542321010"), ("inner", "8542321020"))
    }

    def inner(url: str, into: Path) -> str:
        assert url.endswith("inner.csv")
        into.write_bytes(content["inner"])
        return "text/csv"

    def outer(url: str, into: Path) -> str:
        assert url.endswith("outer.csv")
        into.write_bytes(content["outer"])
        take(lake, "https://customs.example/inner.csv", download=inner)
        return "text/csv"

    take(lake, "https://customs.example/outer.csv", download=outer)
    assert codes(lake) == ["8542321010", "8542321020"]


def test_a_floor_without_network_says_so(lake: Lake) -> None:
    with pytest.raises(UsageError) as error:
        take(lake, "https://customs.example/a.csv")
    assert error.value.to(Language.KO) == "https://customs.example/a.csv: 이 설치는 외부망에 나가지 않습니다."


def test_a_failure_nobody_foresaw_is_on_record_too(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        message = "a column that no code expected"
        raise ValueError(message)

    monkeypatch.setattr(fetch_module, "read", stumble)
    with pytest.raises(ValueError, match="no code expected"):
        take(lake, csv(tmp_path, "one.csv", row("8542321010")))
    (entry,) = lake.snapshot().journal()
    assert entry.status == FAILED
    assert list(entry.said) == [
        {
            "ko": "내부 오류로 읽지 못했습니다(ValueError: a column that no code expected).",
            "en": "our own fault (ValueError: a column that no code expected).",
        }
    ]


def test_a_busy_lake_does_not_hide_why_the_reading_failed(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise LakeBusyError(Text("바쁨", "busy"))

    monkeypatch.setattr(lake, "writing", busy)
    with pytest.raises(BadInputError, match="there is no such file"):
        take(lake, tmp_path / "missing.csv")
