"""What a source is: its `source.yml`, and the reader beside it. Sources are found by their folders; nothing lists them."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import yaml

from bongsu.language import BadInputError, Text, UsageError
from bongsu.records.delivery import Raw, Reading
from bongsu.records.known import Lag
from bongsu.records.shapes import RECORD_TYPES, RecordType

HERE = Path(__file__).parent
LAYERS = (
    *("own customs", "mirror flow", "price", "transit", "measure", "dependence", "production", "mission report"),
    "official alert",
)
CADENCES = ("daily", "weekly", "monthly", "quarterly", "yearly", "irregular")


@dataclass(frozen=True)
class Licence:
    """Under what terms the figures stand, and how to cite them."""

    name: str
    citation: str
    redistribute: bool  # may extracts stand in the sample lake that ships with the package?


@dataclass(frozen=True)
class Bounds:
    """How many rows a healthy delivery has; fewer than `least` stops it, more than `most` warns."""

    least: int = 1
    most: int | None = None


@dataclass(frozen=True)
class Source:
    """One outside publisher, as its `source.yml` describes it."""

    id: str
    name: Text
    owner: Text
    url: str
    licence: Licence
    records: tuple[RecordType, ...]
    cadence: str  # daily | weekly | monthly | yearly | irregular
    zone: str  # the publisher's time zone, IANA
    lag: Lag
    layer: str  # one of LAYERS
    coverage: Text
    caveats: tuple[Text, ...] = ()
    bounds: Bounds = Bounds()
    additions: str = "lag"  # `Reading.additions`: lag | vintage
    proven: bool = True  # False until a real file of the publisher has been read
    fetches: bool = False  # can `bongsu fetch` reach it over the network?
    settings: Mapping[str, Any] = field(default_factory=dict)  # what only this source's reader needs


@dataclass(frozen=True)
class ReadRequest:
    """What a reader gets: the raw files, and what the user said of them."""

    source: Source
    raws: tuple[Raw, ...]
    read_at: datetime
    published: date | None = None  # `--published`, the day of this vintage in the publisher's zone
    mapping: Mapping[str, Any] | None = None  # `--mapping`, parsed


class Reader(Protocol):
    """A source's `read.py`."""

    def read(self, request: ReadRequest) -> Reading:
        """Turn raw files into batches; raise BadInputError naming file, line and mend where that cannot be done."""
        ...


def _text(value: Mapping[str, str]) -> Text:
    return Text(ko=value["ko"].strip(), en=value["en"].strip())


def load_source(path: Path) -> Source:
    """Read one `source.yml`; BadInputError names the field that is missing, unknown or wrong."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        source = Source(
            id=path.parent.name,
            name=_text(raw.pop("name")),
            owner=_text(raw.pop("owner")),
            url=raw.pop("url"),
            licence=Licence(**raw.pop("licence")),
            records=tuple(RECORD_TYPES[name] for name in raw.pop("records")),
            cadence=raw.pop("cadence"),
            zone=raw.pop("zone"),
            lag=Lag(**raw.pop("lag")),
            layer=raw.pop("layer"),
            coverage=_text(raw.pop("coverage")),
            caveats=tuple(_text(caveat) for caveat in raw.pop("caveats", ())),
            bounds=Bounds(**raw.pop("bounds", {})),
            additions=raw.pop("additions", "lag"),
            proven=raw.pop("proven", True),
            fetches=raw.pop("fetches", False),
            settings=raw.pop("settings", {}),
        )
    except KeyError as error:
        raise _odd(
            path, Text(f"{error} 항목이 없거나 모르는 값입니다.", f"{error} is missing, or no word of ours.")
        ) from None
    except TypeError as error:
        raise _odd(path, Text(f"모양이 다릅니다 ({error}).", f"a field is of another shape ({error}).")) from None
    if raw:
        raise _odd(path, Text(f"모르는 항목: {', '.join(raw)}.", f"unknown fields: {', '.join(raw)}."))
    for field_name, word, words in (("layer", source.layer, LAYERS), ("cadence", source.cadence, CADENCES)):
        if word not in words:
            listed = ", ".join(words)
            raise _odd(
                path,
                Text(f"{field_name} '{word}' 값은 없습니다.", f"there is no {field_name} '{word}'."),
                Text(f"있는 값: {listed}.", f"There are: {listed}."),
            )
    return source


def _odd(path: Path, what: Text, mend: Text | None = None) -> BadInputError:
    recipe = Text(
        "docs/develop/add-a-source.md 의 항목과 견주십시오.", "Compare with the fields in docs/develop/add-a-source.md."
    )
    return BadInputError(what, where=f"{path.parent.name}/source.yml", mend=mend or recipe)


@cache
def sources() -> Mapping[str, Source]:
    """All sources by id, in alphabetical order."""
    found = sorted(HERE.glob("*/source.yml"))
    return {source.id: source for source in map(load_source, found)}


def source(source_id: str) -> Source:
    """The source called `source_id`; UsageError names those there are."""
    try:
        return sources()[source_id]
    except KeyError:
        raise UsageError(
            Text(f"'{source_id}' 출처는 없습니다.", f"there is no source '{source_id}'."),
            mend=Text(f"있는 출처: {', '.join(sources())}.", f"There are: {', '.join(sources())}."),
        ) from None


def reader(source_id: str) -> Reader:
    """The module `sources/<source_id>/read.py`."""
    return cast("Reader", importlib.import_module(f"bongsu.sources.{source_id}.read"))
