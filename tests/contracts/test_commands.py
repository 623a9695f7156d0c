"""Every verb of the command line keeps the same promises; the verbs are found, not listed."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from typer import rich_utils
from typer.main import get_command

from bongsu.cli.app import app
from bongsu.cli.typer_words import speak_korean, verbs

Bongsu = Callable[..., Any]
VERBS = sorted(verbs(get_command(app)))  # type: ignore[arg-type] # a group, as it has verbs
# They choose their language when they are loaded.
WORDED = ("bongsu.cli.app", "bongsu.cli.carry_app", "bongsu.cli.floor_app", "bongsu.cli.options")
NO_FIGURES = {"bench"}  # it measures speed, and keeps no lake
# Words that are typed as they stand.
SAME = {"import | export", "flows | ingest | points | structure | backtest | detect"}


def in_language(lang: str) -> Mapping[str, Any]:
    """The verbs as a process with `--lang` sees them: the help is chosen once, when the process starts."""
    with (
        mock.patch.object(sys, "argv", ["bongsu", "--lang", lang]),
        mock.patch.dict(sys.modules),
        mock.patch.multiple(
            "bongsu.cli", app=mock.DEFAULT, carry_app=mock.DEFAULT, floor_app=mock.DEFAULT, options=mock.DEFAULT
        ),
    ):
        for name in WORDED:
            sys.modules.pop(name)
        return verbs(get_command(importlib.import_module("bongsu.cli.app").app))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def korean() -> Mapping[str, Any]:
    return in_language("ko")


@pytest.fixture(scope="module")
def english() -> Mapping[str, Any]:
    return in_language("en")


def hangul(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def test_the_verbs_are_those_that_the_guide_names() -> None:
    assert VERBS == [
        "audit anchor", "audit verify", "backtest", "backup", "bench", "carry in", "carry keys", "carry out", "changes", "compact", "doctor", "explain", "fetch",
        "floor check", "floor first", "floor init", "floor migrate", "floor once", "floor web", "floor work", "grade", "indicators",
        "items", "read", "records", "replay", "restore", "run", "sample", "setup", "spark", "tour", "up", "watch",
    ]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_its_purpose_in_both_languages(
    verb: str, korean: Mapping[str, Any], english: Mapping[str, Any]
) -> None:
    ko, en = korean[verb].help, english[verb].help
    assert (hangul(ko), hangul(en)) == (True, False)
    assert ("예: bongsu" in ko) == ("Example: bongsu" in en)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_told_in_both_languages(
    verb: str, korean: Mapping[str, Any], english: Mapping[str, Any]
) -> None:
    ko = {one.name: one.help for one in korean[verb].params}
    en = {one.name: one.help for one in english[verb].params}
    assert list(ko) == list(en)
    alike = {text for name, text in ko.items() if text == en[name]}
    assert alike <= SAME
    assert [name for name, text in ko.items() if text not in SAME and not hangul(text)] == []
    assert [name for name, text in en.items() if hangul(text)] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_the_language(verb: str) -> None:
    params = {one.name: one.opts for one in verbs(get_command(app))[verb].params}  # type: ignore[arg-type]
    assert params["lang"] == ["--lang"]
    assert verb in NO_FIGURES or params["lake"] == ["--lake"]


@pytest.mark.parametrize("verb", VERBS)
def test_examples_can_be_typed(verb: str, korean: Mapping[str, Any], english: Mapping[str, Any]) -> None:
    for command in (korean[verb], english[verb]):
        known = {name for one in command.params for name in one.opts if name.startswith("-")}
        for line in command.help.splitlines():
            if line.startswith(("예: ", "Example: ")):
                words = line.partition(": ")[2].split()
                assert " ".join(words).startswith(f"bongsu {verb}")
                assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("verb", VERBS)
def test_help_ends_well_in_either_language(verb: str, bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch) -> None:
    english = bongsu(*verb.split(), "--help")
    for name in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE", "DEFAULT_STRING"):
        monkeypatch.setattr(rich_utils, name, getattr(rich_utils, name))
    for name in ("ENVVAR_STRING", "REQUIRED_LONG_STRING"):
        monkeypatch.setattr(rich_utils, name, getattr(rich_utils, name))
    korean = bongsu(*verb.split(), "--help", lang="ko")
    assert (english.code, english.err, korean.code, korean.err) == (0, "", 0, "")
    assert "Show this message and exit." in english.out
    assert "이 도움말을 보이고 끝냅니다." in korean.out
    assert "Options" not in korean.out.replace("[OPTIONS]", "")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_unknown_option_is_told_in_the_users_language(verb: str, lang: str, bongsu: Bongsu) -> None:
    ended = bongsu(*verb.split(), "--no-such-thing", lang=lang)
    assert (ended.code, ended.out) == (2, "")
    told = {
        "ko": f"bongsu {verb}: --no-such-thing 선택항목은 없습니다. 쓰는 법: bongsu {verb} --help\n",
        "en": f"bongsu {verb}: there is no option --no-such-thing. See bongsu {verb} --help\n",
    }
    assert ended.err == told[lang]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("where", ["before", "after"])
def test_an_unknown_language_names_those_there_are(verb: str, where: str, bongsu: Bongsu) -> None:
    needed = {"explain": ["urea"], "read": ["-"], "fetch": ["us_census"], "setup": ["kr", "--key", "k" * 20],
              "bench": ["flows"], "backup": ["all.zip"], "carry in": ["b"], "carry out": ["b"], "restore": ["all.zip"], "backtest": ["--cases", "cases.csv"],
              "replay": ["--from", "2021-06-01", "--to", "2021-12-01"], "changes": ["--source", "us_census", "--from", "2020-01-01"]}  # fmt: skip
    words = [*verb.split(), *needed.get(verb, [])]
    ended = bongsu(*(["--lang", "fr", *words] if where == "before" else [*words, "--lang", "fr"]))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "--lang: 'fr' is no language of ours. Use ko or en.\n"


def process(*words: str, lake: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {name: word for name, word in os.environ.items() if not name.startswith(("BONGSU", "LC_", "LANG"))}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from bongsu.cli import main; main()", *words],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**environment, "BONGSU_LAKE": str(lake), "PYTHONIOENCODING": "utf-8", **env},
    )  # fmt: skip


def test_the_locale_chooses_the_language_of_a_real_process(tmp_path: Path) -> None:
    korean = process("--help", lake=tmp_path, LANG="ko_KR.UTF-8")
    english = process("--help", lake=tmp_path, LANG="en_GB.UTF-8")
    assert (korean.returncode, english.returncode) == (0, 0)
    assert "봉수: 해외의 사실이 우리에게 무엇을 뜻하는지" in korean.stdout
    assert "Bongsu turns a fact abroad into its meaning at home" in english.stdout
    told = process("watch", "--lang", "en", "--bogus", lake=tmp_path, LANG="ko_KR.UTF-8")
    assert (told.returncode, told.stderr) == (2, "bongsu watch: there is no option --bogus. See bongsu watch --help\n")


def test_a_reader_that_goes_away_is_no_fault(sample_lake: Path) -> None:
    command = f'"{sys.executable}" -c "from bongsu.cli import main; main()" items --json'
    script = f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"
    if sys.platform == "win32":
        pytest.skip("pipes end otherwise on Windows")
    ended = subprocess.run(  # noqa: S603
        ["/bin/bash", "-c", script], capture_output=True, text=True, check=False,
        env={**os.environ, "BONGSU_LAKE": str(sample_lake)},
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "[\n", "")


def test_speaking_korean_twice_is_speaking_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE", "DEFAULT_STRING",
                 "ENVVAR_STRING", "REQUIRED_LONG_STRING"):  # fmt: skip
        monkeypatch.setattr(rich_utils, name, getattr(rich_utils, name))
    speak_korean(app)
    assert list(speak_korean(app).commands) == list(get_command(app).commands)  # type: ignore[attr-defined]
    assert rich_utils.OPTIONS_PANEL_TITLE == "선택항목"


@pytest.mark.parametrize(
    ("words", "ko", "en"),
    [
        (["nope"], "'nope' 명령은 없습니다.", "there is no command 'nope'."),
        (["fetch"], "빠진 것이 있습니다: SOURCE.", "SOURCE is missing."),
        (["setup", "kr"], "빠진 것이 있습니다: --key.", "--key is missing."),
        (["watch", "--lev", "2"], "--lev 선택항목은 없습니다. 비슷한 것: --csv, --lake, --level.",
         "there is no option --lev. Did you mean --csv, --lake, --level?"),
        (["watch", "--level", "x"], "--level 값이 잘못되었습니다. 정수를 주십시오.",
         "the value of --level is not valid. Give a whole number."),
        (["watch", "--level"], "--level 뒤에 값이 없습니다.", "--level needs a value."),
        (["watch", "--json=1"], "--json에는 값을 붙이지 않습니다.", "--json takes no value."),
        (["watch", "a", "b"], "필요 없는 말이 붙었습니다: a b.", "there are words too many: a b."),
    ],
)  # fmt: skip
def test_misuse_is_told_in_our_own_words(words: list[str], ko: str, en: str, bongsu: Bongsu) -> None:
    korean, english = bongsu(*words, lang="ko"), bongsu(*words)
    assert (korean.code, korean.out, english.code, english.out) == (2, "", 2, "")
    assert ko in korean.err
    assert en in english.err
    assert (korean.err.count("\n"), english.err.count("\n")) == (1, 1)


def test_no_words_at_all_show_the_help(bongsu: Bongsu) -> None:
    ended = bongsu()
    assert (ended.code, ended.err) == (0, "")
    assert "bongsu tour" in ended.out


def test_what_nobody_foresaw_is_called_our_fault(bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("bongsu.cli.doctor.run", fails)
    korean, english = bongsu("doctor", lang="ko"), bongsu("doctor")
    assert (korean.code, english.code) == (1, 1)
    assert korean.err.endswith("봉수의 오류입니다. 위의 내용을 개발자에게 알려 주십시오.\n")
    assert english.err.endswith("this is a fault of Bongsu's. Please report the lines above.\n")


def test_stopping_by_hand_is_said(bongsu: Bongsu, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bongsu.cli.doctor.run", stops)
    ended = bongsu("doctor", lang="ko")
    assert (ended.code, ended.err) == (1, "중단했습니다.\n")


def test_json_is_all_there_is_on_standard_output(sample_lake: Path) -> None:
    ended = process("doctor", "--json", lake=sample_lake)
    assert ended.returncode == 0
    assert [one["check"] for one in json.loads(ended.stdout)] == [
        "version", "disk", "catalogue", "network", "lake", "raw",
    ]  # fmt: skip
