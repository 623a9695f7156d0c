"""Run the study's notebook and keep what it prints: `python docs/study.py`. The guide's pages are made from it.

The notebook is the single source: the pages show its cells by number, and a test runs it again and compares.
"""

import io
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parent / "guide" / "dependence.ipynb"
_MARK = re.compile(r"<!-- cell (\d+) -->")


def load(path: Path = NOTEBOOK) -> dict[str, Any]:
    """The notebook as its file has it."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def code_cells(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells that hold code, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def executed(notebook: Mapping[str, Any], folder: Path) -> list[str]:
    """What each code cell prints when all are run in order, in an empty `folder`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = []
    with chdir(folder):
        for cell in code_cells(notebook):
            out = io.StringIO()
            with redirect_stdout(out):
                exec(compile("".join(cell["source"]), "study", "exec"), names)  # noqa: S102 - our own notebook
            printed.append(out.getvalue())
    return printed


def outputs(cell: Mapping[str, Any]) -> str:
    """What the notebook says that a cell printed."""
    return "".join("".join(one["text"]) for one in cell["outputs"])


def filled(markdown: str, notebook: Mapping[str, Any]) -> str:
    """A page with `<!-- cell N -->` replaced by the N-th cell and what it printed, from 1."""
    cells = code_cells(notebook)
    return _MARK.sub(lambda found: _shown(cells[int(found[1]) - 1]), markdown)


def _shown(cell: Mapping[str, Any]) -> str:
    code, printed = "".join(cell["source"]).strip(), outputs(cell).rstrip()
    shown = f"```python\n{code}\n```"
    return f"{shown}\n\n```text\n{printed}\n```" if printed else shown


def main() -> None:
    """Run all cells and write what they print into the notebook."""
    notebook = load()
    with tempfile.TemporaryDirectory() as folder:
        printed = executed(notebook, Path(folder))
    for number, (cell, text) in enumerate(zip(code_cells(notebook), printed, strict=True), 1):
        lines = text.splitlines(keepends=True)
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
        cell["execution_count"] = number
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(os.path.relpath(NOTEBOOK))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
