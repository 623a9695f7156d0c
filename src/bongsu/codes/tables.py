"""The packaged tables of `codes/data`, read once as rows of text: a code is never a number."""

import csv
import gzip
import io
from pathlib import Path

from bongsu.language import BadInputError

DATA = Path(__file__).parent / "data"


class UnknownCodeError(BadInputError):
    """A code that no table of ours holds, or that is not written as its system writes it."""


def rows(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of `<name>.csv` or `<name>.csv.gz`, every cell as text; empty cells are ""."""
    plain = folder / f"{name}.csv"
    text = (
        plain.read_text(encoding="utf-8")
        if plain.exists()
        else gzip.decompress((folder / f"{name}.csv.gz").read_bytes()).decode("utf-8")
    )
    return list(csv.DictReader(io.StringIO(text, newline="")))
