"""The guide keeps up with the code: commands, sources and indicators are enumerated, in both languages."""

import importlib.util
import re
from itertools import product
from pathlib import Path

import pytest
import typer.main
import yaml

from bongsu.cli.app import app
from bongsu.cli.typer_words import verbs
from bongsu.indicators.indicator import indicators
from bongsu.language import ExitCode, Language
from bongsu.sources.source import sources

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LANGUAGES = ("ko", "en")
VERBS = verbs(typer.main.get_command(app))  # type: ignore[arg-type]
COMMANDS = sorted(VERBS)
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)")


def guide(language: str, page: str) -> str:
    return (DOCS / "guide" / language / f"{page}.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level; "" where there is none."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_command_has_its_section_and_no_section_is_of_a_command_that_is_gone(language: str) -> None:
    headings = re.findall(r"^## bongsu (.+)$", guide(language, "commands"), re.MULTILINE)
    assert sorted(headings) == COMMANDS


@pytest.mark.parametrize(("language", "command"), list(product(LANGUAGES, COMMANDS)))
def test_each_command_is_shown_by_an_example(language: str, command: str) -> None:
    under = section(guide(language, "commands"), f"bongsu {command}")
    assert re.search(rf"^    (.*\| )?bongsu {command}\b", under, re.MULTILINE)


@pytest.mark.parametrize(("language", "command"), list(product(LANGUAGES, COMMANDS)))
def test_the_examples_use_options_that_exist(language: str, command: str) -> None:
    """A renamed option must not live on in the guide."""
    under = section(guide(language, "commands"), f"bongsu {command}")
    parameters = VERBS[command].params
    known = {name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts)}
    used = set(re.findall(r"(?<=\s)--[a-z-]+", "\n".join(re.findall(r"^    .*$", under, re.MULTILINE))))
    assert used - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_exit_code_is_explained(language: str) -> None:
    line = next(line for line in guide(language, "commands").splitlines() if line.startswith("**"))
    assert [int(code) for code in re.findall(r"\b(\d) ", line)] == [code.value for code in ExitCode]


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """The page of sources and indicators as the hook writes it, by language."""
    spec = importlib.util.spec_from_file_location("tables", DOCS / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    return {language: tables.filled(guide(language, "sources"), Language(language)) for language in LANGUAGES}


@pytest.mark.parametrize(("language", "name"), list(product(LANGUAGES, [*sources(), *indicators()])))
def test_each_source_and_indicator_has_its_row_and_its_caveats(
    language: str, name: str, written: dict[str, str]
) -> None:
    """In columns that are as many as the head's; and no mark is left over."""
    page = written[language]
    (row,) = re.findall(rf"^\| `{name}` \|.*$", page, re.MULTILINE)
    assert len(re.findall(r"(?<!\\)\|", row)) - 1 == (8 if name in sources() else 5)
    beware = [*sources().values(), *indicators().values()]
    stated = next(one.caveats for one in beware if one.id == name)
    assert bool(re.search(rf"^### .*\(`{name}`\)$", page, re.MULTILINE)) is bool(stated)
    assert "<!--" not in page


def test_the_guide_has_the_same_pages_in_both_languages() -> None:
    korean, english = ({path.name for path in (DOCS / "guide" / language).iterdir()} for language in LANGUAGES)
    assert korean == english


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_something_in_korean(page: str) -> None:
    korean = re.search("[가-힣]", (DOCS / page).read_text(encoding="utf-8"))
    assert bool(korean) is not page.startswith("guide/en/") or page == "guide/en/concepts.md"


def test_every_page_stands_in_the_navigation() -> None:
    said = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(re.findall(r"[\w/.-]+\.md", str(said))) == PAGES


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "CONTRIBUTING.md", *(f"docs/{page}" for page in PAGES)])
def test_every_link_leads_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    inner = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in inner if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_no_page_calls_a_level_by_the_name_of_a_stage_that_the_state_declares() -> None:
    stages = re.compile(r"[1-5]거[^\n|]{0,6}(관심|주의|경계|심각)|(관심|주의|경계|심각)[·/,] ?(관심|주의|경계|심각)")
    pages = [ROOT / "README.ko.md", *(DOCS / page for page in PAGES)]
    assert [path.name for path in pages if stages.search(path.read_text(encoding="utf-8"))] == []
