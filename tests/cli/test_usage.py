"""What a command's words got wrong is told in one line of the user's language, with exit code 2, before anything is done."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bongsu.cli.output import Column, as_csv, as_json, plain
from bongsu.cli.session import Session
from bongsu.language import Language, Text

Bongsu = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "ko", "en"),
    [
        (["watch", "--item", "nope"], "'nope' 품목은 없습니다.", "there is no item 'nope'."),
        (["watch", "--level", "9"], "--level 9 값은 없습니다.", "there is no --level 9."),
        (["watch", "--level", "0"], "--level 0 값은 없습니다.", "there is no --level 0."),
        (["watch", "--home", "ZZZ"], "--home: 'ZZZ'에 해당하는 국가 코드가", "--home: no country has the code 'ZZZ'."),
        (["watch", "--as-of", "2021-13-01"], "--as-of: '2021-13-01' 값은 날짜가", "--as-of: '2021-13-01' is not a date."),
        (["watch", "--as-of", "2030-01-01"], "--as-of: 2030-01-01 시점은", "--as-of: 2030-01-01 has not come yet."),
        (["items", "nope"], "'nope' 품목은 없습니다.", "there is no item 'nope'."),
        (["items", "--as-of", "x"], "--as-of: 'x' 값은 날짜가 아닙니다.", "--as-of: 'x' is not a date."),
        (["read", "-", "--country", "XX"], "--country: 'XX'에 해당하는", "--country: no country has the code 'XX'."),
        (["records", "--source", "nope"], "'nope' 출처는 없습니다.", "there is no source 'nope'."),
        (["fetch", "nope"], "'nope' 출처는 없습니다.", "there is no source 'nope'."),
        (["fetch", "us_census"], "us_census: 읽을 파일이 없습니다.", "us_census: there is nothing to read."),
        (["fetch", "us_census", "--from", "x", "--published", "2021-99-01"],
         "--published: '2021-99-01' 값은 날짜가", "--published: '2021-99-01' is not a date."),
        (["fetch", "us_census", "--from", "x", "--published", "9999-01-01"],
         "--published: 9999-01-01은 아직 오지 않은 날입니다.", "--published: 9999-01-01 has not come yet."),
        (["setup", "kr", "--key", "k", "--from", "20x"], "--from: '20x' 값은 달이", "--from: '20x' is no month."),
        (["bench", "nope"], "'nope' 측정은 없습니다.", "there is no benchmark 'nope'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_word_is_named(bongsu: Bongsu, tmp_path: Path, words: list[str], ko: str, en: str) -> None:
    korean, english = bongsu(*words, lang="ko"), bongsu(*words)
    assert (korean.code, korean.out, english.code, english.out) == (2, "", 2, "")
    assert korean.err.startswith(ko)
    assert english.err.startswith(en)
    assert (korean.err.count("\n"), english.err.count("\n")) == (1, 1)
    assert not (tmp_path / "lake" / "journal").exists()


@pytest.mark.parametrize(
    ("words", "ko", "en"),
    [
        (["read", "/no/such/notice.html"], "공고 파일을 읽을 수 없습니다.", "the notice cannot be read."),
        (["fetch", "us_census", "--from", "/no/such.csv"], "파일이 없습니다.", "there is no such file."),
        (["watch", "--xlsx", "/no/such/folder/a.xlsx"], "엑셀 파일을 쓸 수 없습니다.", "the workbook cannot be written."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_file_that_is_not_there_is_bad_input(bongsu: Bongsu, words: list[str], ko: str, en: str) -> None:
    korean, english = bongsu(*words, lang="ko"), bongsu(*words)
    assert (korean.code, english.code) == (3, 3)
    assert ko in korean.err
    assert en in english.err


def test_the_language_may_stand_before_the_verb_or_after_it(on_sample: Bongsu) -> None:
    before = on_sample("--lang", "ko", "items", "urea", lang=None)
    after = on_sample("items", "urea", "--lang=ko", lang=None)
    assert before.out == after.out
    assert "정부 지정" in before.out


def test_the_option_beats_the_environment_and_that_the_locale(on_sample: Bongsu) -> None:
    assert "정부 지정" in on_sample("items", "urea", lang=None, LANG="ko_KR.UTF-8").out
    assert "Official designation" in on_sample("items", "urea", lang="en", LANG="ko_KR.UTF-8").out
    assert "정부 지정" in on_sample("items", "urea", "--lang", "KO", lang="en").out
    wrong = on_sample("items", "urea", lang="xx", LANG="ko_KR.UTF-8")
    assert (wrong.code, wrong.err) == (2, "--lang: 'xx' 말은 쓸 수 없습니다. ko 또는 en 을 쓰십시오.\n")


def printed(write: Callable[[Session], None]) -> str:
    out = io.StringIO()
    write(Session(Language.KO, Path(), "KOR", datetime(2026, 1, 1, tzinfo=UTC), "run", Console(file=out), Console()))
    return out.getvalue()


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_no_text_becomes_a_formula_and_none_is_lost(cells: list[str]) -> None:
    column = Column("a", Text("가", "A"))
    out = printed(lambda session: as_csv(session, [column], [{"a": cell} for cell in cells]))
    heading, *rows = csv.reader(io.StringIO(out))
    assert heading == ["가"]
    read = [row[0] if row else "" for row in rows]
    assert [cell for cell in read if cell.startswith(("=", "+", "-", "@"))] == []
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]


def test_negative_numbers_stay_numbers_in_csv() -> None:
    out = printed(lambda session: as_csv(session, [Column("a", Text("가", "A"))], [{"a": -5.5}, {"a": "-5.5"}]))
    assert out == "가\n-5.5\n'-5.5\n"


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_whatever_is_printed_as_json_is_json(value: object) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    out = printed(lambda session: as_json(session, value))
    assert json.loads(out, parse_constant=refuse) == plain(value)
