"""From files or addresses to records: keep the raw bytes, read them, hold the bounds, deliver, journal what failed."""

import glob
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Protocol

from bongsu.language import BadInputError, BongsuError, Text, UsageError
from bongsu.records.delivery import Raw, Reading
from bongsu.records.lake import Lake, LakeBusyError
from bongsu.records.writer import Receipt
from bongsu.sources.source import ReadRequest, Source, reader


class Download(Protocol):
    """Brings what stands at an address into a file."""

    def __call__(self, url: str, into: Path) -> str:
        """Write the answer to `into`; returns its media type."""
        ...


@dataclass(frozen=True)
class Given:
    """What the user said beside the files."""

    published: date | None = None
    mapping: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it; nothing where nothing was said."""
        day = {"published": self.published.isoformat()} if self.published else {}
        return day if self.mapping is None else {**day, "mapping": self.mapping}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Given":
        """What `as_json` wrote."""
        day = kept.get("published")
        return cls(date.fromisoformat(day) if day else None, kept.get("mapping"))


def fetch(
    lake: Lake,
    source: Source,
    places: Sequence[str],
    given: Given,
    *,
    read_at: datetime,
    run_id: str,
    download: Download | None = None,
) -> Receipt:
    """Read `places` (files, folders, patterns, addresses) into the lake as one delivery.

    Raises:
        BongsuError: what could not be read and why; the attempt is in the journal, and nothing has landed.
    """
    raws: list[Raw] = []
    found = _found(source, places)
    try:
        raws.extend(_kept(lake, place, read_at, download) for place in found)
        reading = read(source, tuple(raws), given, read_at)
        with lake.writing() as writer:
            said = given.as_json()
            return writer.deliver(reading, source=source.id, raws=raws, read_at=read_at, run_id=run_id, given=said)
    except LakeBusyError:
        raise
    except Exception as error:
        # A busy lake must not hide why the reading failed.
        with suppress(LakeBusyError), lake.writing() as writer:
            writer.failed(said_of(error), source=source.id, raws=raws, read_at=read_at, run_id=run_id)
        raise


def said_of(error: Exception) -> BongsuError:
    """What the journal keeps of a failure; one that nobody foresaw is our fault, and a failure all the same."""
    if isinstance(error, BongsuError):
        return error
    kind = type(error).__name__
    return BongsuError(Text(f"내부 오류로 읽지 못했습니다({kind}: {error}).", f"our own fault ({kind}: {error})."))


def read(source: Source, raws: tuple[Raw, ...], given: Given, read_at: datetime) -> Reading:
    """What the source's reader makes of `raws`, within the source's bounds."""
    request = ReadRequest(source, raws, read_at, given.published, given.mapping)
    return replace(within_bounds(source, reader(source.id).read(request)), additions=source.additions)


def within_bounds(source: Source, reading: Reading) -> Reading:
    """The reading, if it is no suspiciously small one; a suspiciously large one is noted.

    Raises:
        BadInputError: fewer rows than a healthy delivery has.
    """
    rows, bounds = reading.raw_rows, source.bounds
    if rows < bounds.least:
        raise BadInputError(
            Text(
                f"자료가 {rows}행뿐입니다. 정상이면 {bounds.least}행 이상이어야 합니다.",
                f"only {rows} rows; a healthy delivery has at least {bounds.least}.",
            ),
            where=source.id,
            mend=Text(
                "잘린 파일이 아닌지 확인하십시오. 출처가 정말 줄었다면 source.yml의 bounds를 고치십시오.",
                "Check for a cut file. If the source has truly shrunk, change `bounds` in its source.yml.",
            ),
        )
    if bounds.most is not None and rows > bounds.most:
        large = Text(
            f"자료가 {rows}행으로, 평소의 상한 {bounds.most}행보다 많습니다.",
            f"{rows} rows, more than the usual {bounds.most}.",
        )
        return replace(reading, notes=(*reading.notes, large))
    return reading


def _found(source: Source, places: Sequence[str]) -> list[str]:
    """Files and addresses, folders and patterns opened out, in a stable order."""
    found: list[str] = []
    for place in places:
        path = Path(place)
        if "://" in place or path.is_file():
            found.append(place)
        elif path.is_dir():
            found += _in_folder(source, path)
        else:
            found += sorted(glob.glob(place)) or [place]  # noqa: PTH207 - the user's pattern may be absolute
    if not found:
        raise UsageError(
            Text("읽을 파일이 없습니다.", "there is nothing to read."),
            where=source.id,
            mend=Text(
                f"--from 으로 파일을 주십시오. 자료는 {source.url} 에서 받을 수 있습니다.",
                f"Give a file with --from. The figures stand at {source.url}.",
            )
            if source.url
            else Text("--from 으로 파일을 주십시오.", "Give a file with --from."),
        )
    return found


def _in_folder(source: Source, folder: Path) -> Iterable[str]:
    """The files of a folder that the source reads: `settings.files` names patterns, all of them otherwise."""
    patterns = source.settings.get("files", ["*"])
    names = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [str(path) for path in names if any(fnmatch(path.name, pattern) for pattern in patterns)]


def _kept(lake: Lake, place: str, read_at: datetime, download: Download | None) -> Raw:
    if "://" not in place:
        return lake.raw.keep(Path(place), received_at=read_at)
    if download is None:
        raise UsageError(
            Text("이 설치는 외부망에 나가지 않습니다.", "this installation does not reach the network."),
            where=place,
        )
    lake.folder.mkdir(parents=True, exist_ok=True)
    arrived = lake.folder / f"arriving-{lake.token()}.part"  # two fetches may run at once
    try:
        media_type = download(place, arrived)
        name = place.partition("?")[0].rsplit("/", 1)[-1]
        return lake.raw.keep(arrived, received_at=read_at, name=name, url=place, media_type=media_type)
    finally:
        arrived.unlink(missing_ok=True)
