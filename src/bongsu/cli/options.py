"""The options that verbs share, and the language in which they are told."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bongsu.cli.session import Session, chosen_language, session
from bongsu.language import ExitCode, Language, Text, UsageError


def told_language() -> str | None:
    """What `--lang` says, wherever it stands, before any option is parsed."""
    words = sys.argv[1:]
    told = next((words[i + 1] for i, word in enumerate(words[:-1]) if word == "--lang"), None)
    return told or next((word.partition("=")[2] for word in words if word.startswith("--lang=")), None)


def spoken() -> Language:
    """The language of `--help` and of errors; a wrong `--lang` falls back to the machine's."""
    try:
        return chosen_language(told_language())
    except UsageError:
        return chosen_language(None, {name: word for name, word in os.environ.items() if name != "BONGSU_LANG"})


_LANGUAGE = spoken()


def say(ko: str, en: str) -> str:
    """The one of the two that this process speaks."""
    return Text(ko, en).to(_LANGUAGE)


Lang = Annotated[
    str | None, typer.Option("--lang", help=say("말: ko 또는 en", "language: ko or en"), show_default=False)
]
Folder = Annotated[
    Path | None, typer.Option("--lake", help=say("기록 저장소 폴더 (BONGSU_LAKE)", "the lake's folder (BONGSU_LAKE)"))
]
Home = Annotated[str, typer.Option("--home", help=say("우리나라 (ISO 코드)", "home country (ISO code)"))]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help=say("그날까지 알려진 것만 (예: 2021-10-13)", "only what was known by that day (2021-10-13)")
    ),
]
Json = Annotated[bool, typer.Option("--json", help=say("JSON으로", "as JSON"))]
Csv = Annotated[bool, typer.Option("--csv", help=say("CSV로", "as CSV"))]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help=say("엑셀 파일로", "into a workbook"))]


def form_of(*, as_json: bool, as_csv: bool) -> str:
    """How an answer is printed."""
    return "json" if as_json else "csv" if as_csv else "table"


def at(lang: str | None, lake: Path | None, home: str = "KOR") -> Session:
    """The session that a verb's options ask for."""
    return session(lang=lang or told_language(), lake=lake, home=home)


def end(code: ExitCode) -> None:
    """End with a code other than done."""
    if code is not ExitCode.DONE:
        raise typer.Exit(code)
