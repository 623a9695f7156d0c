"""The study in the guide: its notebook runs from an empty folder and prints what the guide shows."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("study", DOCS / "study.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_notebook_prints_what_it_says(study: ModuleType, tmp_path: Path) -> None:
    """After a change that moves a figure: python docs/study.py, and read what it moved."""
    notebook = study.load()
    assert study.executed(notebook, tmp_path) == [study.outputs(cell) for cell in study.code_cells(notebook)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_every_cell_in_order(study: ModuleType, language: str) -> None:
    page = (DOCS / "guide" / language / "study.md").read_text(encoding="utf-8")
    cells = study.code_cells(study.load())
    assert study._MARK.findall(page) == [str(number) for number in range(1, len(cells) + 1)]
    shown = study.filled(page, study.load())
    assert [shown.count("".join(cell["source"]).strip()) for cell in cells] == [1] * len(cells)
