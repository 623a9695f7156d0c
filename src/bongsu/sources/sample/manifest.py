"""What the sample lake holds: for each extract its source, licence, vintage, size and the raw files behind it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from bongsu.language import Text
from bongsu.records.shapes import RecordType, record_type

NAME = "manifest.yml"
_DATA = files("bongsu.sources.sample") / "data"


@dataclass(frozen=True)
class Original:
    """A raw file that an extract was taken from; it is not in the package."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Extract:
    """One packed file: rows of one record type, of one source, as one vintage added or changed them.

    Args:
        file: its name in `data/`.
        source: source id; every row bears it.
        record: what the rows are, in the columns of `record.reader_schema`.
        licence: under what terms the figures stand.
        citation: how to cite them.
        redistribute: may they be passed on? True for all that ships.
        published: the vintage; None where nobody states it, so that it counts from the day of loading.
        published_basis: stated | assumed.
        rows: how many there are.
        size: bytes of the file.
        sha256: of the file.
        selected: what was taken of the source, and why.
        obtained: where the raw files were had from.
        originals: the raw files, in the order that the column `raw` counts them in.
    """

    file: str
    source: str
    record: RecordType
    licence: str
    citation: str
    redistribute: bool
    published: datetime | None
    published_basis: str
    rows: int
    size: int
    sha256: str
    selected: Text
    obtained: str
    originals: tuple[Original, ...]

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The packed file as a file on disk, also where the package itself is one archive."""
        with as_file(_DATA / self.file) as path:
            yield path


@dataclass(frozen=True)
class Manifest:
    """Everything that the sample lake holds, in the order in which it is loaded."""

    extracts: tuple[Extract, ...]

    @property
    def rows(self) -> int:
        """Rows of all extracts."""
        return sum(extract.rows for extract in self.extracts)

    @property
    def size(self) -> int:
        """Bytes of all extracts."""
        return sum(extract.size for extract in self.extracts)

    @property
    def licences(self) -> Mapping[str, tuple[str, ...]]:
        """Licence → the citations that it asks for, each once, in alphabetical order."""
        names = sorted({extract.licence for extract in self.extracts})
        cited = {name: {one.citation for one in self.extracts if one.licence == name} for name in names}
        return {name: tuple(sorted(citations)) for name, citations in cited.items()}


@cache
def sample() -> Manifest:
    """The manifest that ships."""
    return from_yaml((_DATA / NAME).read_text(encoding="utf-8"))


def from_yaml(text: str) -> Manifest:
    """The manifest in `text`; KeyError or TypeError where it is not one."""
    return Manifest(tuple(map(_extract, yaml.safe_load(text)["extracts"])))


def to_yaml(manifest: Manifest) -> str:
    """What `from_yaml` reads."""
    kept = {"extracts": [_kept(extract) for extract in manifest.extracts]}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def _extract(kept: Mapping[str, Any]) -> Extract:
    published = kept["published"]
    typed = {
        "record": record_type(kept["record"]),
        "published": datetime.fromisoformat(published) if published else None,
        "selected": Text(**kept["selected"]),
        "originals": tuple(Original(name, sha256) for name, sha256 in kept["originals"].items()),
    }
    return Extract(**{**kept, **typed})


def _kept(extract: Extract) -> dict[str, Any]:
    return {
        **{name: getattr(extract, name) for name in Extract.__dataclass_fields__},
        "record": extract.record.name,
        "published": extract.published.isoformat() if extract.published else None,
        "selected": {"ko": extract.selected.ko, "en": extract.selected.en},
        "originals": {original.name: original.sha256 for original in extract.originals},
    }
