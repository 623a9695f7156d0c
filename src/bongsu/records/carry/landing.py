"""Carry in: a bundle's entries into the floor's lake, through the readers that every source uses, each entry once.

Whatever is not in order is refused before anything is kept: a forged bundle, one that came before, one that is missing
the bundle before it. What lands, lands entry by entry, each whole and with its place in the collector's journal beside
it, so that a carrying-in that was killed goes on where it ended.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.carry.container import Part, opened
from bongsu.records.carry.keys import trusted
from bongsu.records.carry.manifest import Delivery, Manifest
from bongsu.records.carry.packing import FOLDER, only_one
from bongsu.records.carry.staging import Staging
from bongsu.records.delivery import Batch, Raw, Reading
from bongsu.records.journal import CARRIED, REFUSED, raw_from_json
from bongsu.records.lake import Lake
from bongsu.records.marking import GRADES
from bongsu.records.shapes import FLOOR_RECORDS, FLOOR_SOURCE

MOST_BYTES = 256 << 30
PATIENCE = 600.0  # seconds that another writer may take

Read = Callable[[Delivery, Sequence[Raw]], Reading]


@dataclass(frozen=True)
class Carried:
    """What became of a bundle.

    Args:
        manifest: what it says of itself.
        already: it was carried in before; nothing has changed.
        missing: the files that are not here yet; nothing has landed until they are.
        landed: entries that landed now.
        refused: reference numbers of those graded above this installation.
        claimed: those that claim what the floor alone publishes, refused too.
    """

    manifest: Manifest
    already: bool = False
    missing: tuple[str, ...] = ()
    landed: int = 0
    refused: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()


@dataclass
class _Known:
    """What the floor's journal says of one collector."""

    bundle: int = 0
    last: int = 0
    digests: set[str] = field(default_factory=lambda: {""})
    seqs: set[int] = field(default_factory=set)


def carry_in(
    lake: Lake, files: Sequence[Path], read: Read, *, grade: str, now: datetime, run_id: str, most: int = MOST_BYTES
) -> Carried:
    """Carry a bundle in.

    Args:
        lake: the floor's.
        files: the bundle, or those of its parts that are at hand, in any order.
        read: what reads the raw files of an entry, as their source reads them.
        grade: this installation's; what is graded higher is refused.
        now: the moment; facts and entries keep the collector's own times.
        run_id: of the run that notes the bundle.
        most: bytes of raw files that a bundle may hold.

    Raises:
        BadInputError: forged, changed, out of order, too large, or not readable here; nothing of it has landed, or
            only whole entries before the one that it names.
    """
    folder = lake.folder / FOLDER
    parts = [opened(file, trusted(folder)) for file in files]
    manifest, digest = _one_bundle(parts)
    with only_one(folder, "in.lock"):
        known = _known(lake, manifest.collector)
        if digest in known.digests:
            return Carried(manifest, already=True)
        _check_order(manifest, known, str(files[0]))
        _check_room(manifest, lake.folder, most, str(files[0]))
        own = [one for one in manifest.deliveries if one.seq not in known.seqs]
        fit = [one for one in own if not (_claims(one) or _above(one.grade, grade))]
        staging = Staging(folder / "arriving" / digest, manifest, {raw["sha256"] for one in fit for raw in one.raws})
        for part in parts:
            staging.take(part)
        if staging.missing():
            return Carried(manifest, missing=tuple(_names(fit, staging.missing())))
        floor = _Floor(lake, staging, read, grade, manifest.collector)
        for one in own:
            floor.land(one)
        _note(lake, manifest, digest, now, run_id)
        staging.drop()
    refused, claimed = tuple(floor.refused), tuple(floor.claimed)
    return Carried(manifest, landed=len(own) - len(refused) - len(claimed), refused=refused, claimed=claimed)


@dataclass(frozen=True)
class _Floor:
    """Where entries land."""

    lake: Lake
    staging: Staging
    read: Read
    grade: str
    collector: str
    refused: list[str] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)

    def land(self, one: Delivery) -> None:
        """Land one entry; of one that is refused only its number is kept."""
        if _claims(one):
            self._disown(one)
            return
        if _above(one.grade, self.grade):
            self._refuse(one)
            return
        reading = self._reading(one) if one.delivered else None
        if reading and any(batch.record in FLOOR_RECORDS for batch in _batches(reading)):
            self._disown(one)
            return
        if reading and any(_above(grade, self.grade) for grade in _grades(reading)):
            self._refuse(one)
            return
        raws = [self._kept(raw, one.read_at) for raw in self._raws(one)]
        given = {**one.given, "carried": {"by": self.collector, "seq": one.seq}}
        told = {"source": one.source, "raws": raws, "read_at": one.read_at, "run_id": one.run_id}
        with self.lake.writing(PATIENCE) as writer:
            if reading:
                writer.deliver(reading, **told, asked=one.asked, given=given)  # type: ignore[arg-type]
            else:
                said = [Text(each["ko"], each["en"]) for each in one.said]
                writer.note(one.status, **told, asked=one.asked, said=said, given=given)  # type: ignore[arg-type]

    def _reading(self, one: Delivery) -> Reading:
        """What this side's reader makes of the files; it must be what the collector's made."""
        found = self.read(one, [replace(raw, path=self.staging.file(raw.sha256)) for raw in self._raws(one)])
        if one.rows is not None and found.raw_rows != one.rows:
            raise BadInputError(
                Text(
                    f"수집기는 {one.rows}행을 읽었으나 여기서는 {found.raw_rows}행을 읽었습니다. 이 항목부터 반입하지 않았습니다.",
                    f"the collector read {one.rows} rows in it and this side {found.raw_rows}; "
                    "it and what follows were not carried in.",
                ),
                where=one.name,
                mend=Text(
                    "양쪽에 같은 판의 Bongsu를 설치하고 다시 반입하십시오.",
                    "Install the same version of Bongsu on both sides, and carry it in again.",
                ),
            )
        return found

    def _raws(self, one: Delivery) -> list[Raw]:
        return [raw_from_json(raw, self.lake.raw.folder) for raw in one.raws]

    def _kept(self, raw: Raw, at: datetime) -> Raw:
        """The bytes into the archive, with all that the collector noted of them."""
        kept = self.lake.raw.keep(self.staging.file(raw.sha256), received_at=at)
        return replace(raw, path=kept.path, size=kept.size)

    def _refuse(self, one: Delivery) -> None:
        said = Text(
            f"등급이 이 설치보다 높아 받지 않았습니다. 번호: {one.reference}",
            f"graded above this installation and refused. Its number: {one.reference}",
        )
        self._keep_number(one, said, one.reference)
        self.refused.append(one.reference)

    def _disown(self, one: Delivery) -> None:
        name = f"#{one.seq} {one.source}"
        said = Text(
            f"안쪽에서만 내는 기록(검토를 마친 공관보고)이라 봉투로는 받지 않습니다. 수집기를 점검하십시오. 항목: {name}",
            "only the floor publishes reviewed mission reports; what a bundle brings as such is refused. "
            f"Look into the collector. The entry: {name}",
        )
        self._keep_number(one, said, name)
        self.claimed.append(name)

    def _keep_number(self, one: Delivery, said: Text, number: str) -> None:
        given = {"carried": {"by": self.collector, "seq": one.seq}, "reference": number}
        with self.lake.writing(PATIENCE) as writer:
            writer.note(REFUSED, source=one.source, read_at=one.read_at, run_id=one.run_id, said=(said,), given=given)


def _one_bundle(parts: Sequence[Part]) -> tuple[Manifest, str]:
    """The one bundle that all the files belong to."""
    first = parts[0]
    for part in parts:
        if part.digest != first.digest:
            raise BadInputError(
                Text("서로 다른 봉투의 부분입니다.", "these are parts of different bundles."),
                where=str(part.path),
                mend=Text("한 번에 한 봉투씩 반입하십시오.", "Carry in one bundle at a time."),
            )
    return first.manifest, first.digest


def _known(lake: Lake, collector: str) -> _Known:
    found = _Known()
    for entry in lake.journal.entries():
        mark = entry.given.get("carried") or {}
        if mark.get("by") != collector:
            continue
        if entry.status == CARRIED:
            found.bundle, found.last = max(found.bundle, mark["bundle"]), max(found.last, mark["last"])
            found.digests.add(mark["digest"])
        else:
            found.seqs.add(mark["seq"])
    return found


def _check_order(manifest: Manifest, known: _Known, where: str) -> None:
    """Nothing may be missing between what was carried in and this, and both must tell of one journal."""
    if manifest.first > known.last + 1:
        first, last = known.bundle + 1, max(manifest.bundle - 1, known.bundle + 1)
        bundles = str(first) if first == last else f"{first}–{last}"
        raise BadInputError(
            Text(
                f"{manifest.bundle}번 봉투 앞의 {bundles}번 봉투(순번 {known.last + 1}–{manifest.first - 1})가 아직 반입되지 않았습니다.",
                f"this is bundle {manifest.bundle}, and bundle {bundles} before it (entries {known.last + 1}–"
                f"{manifest.first - 1}) has not been carried in.",
            ),
            where=where,
            mend=Text(
                f"그 봉투를 먼저 반입하거나, 수집기에서 bongsu carry out --since {known.last} 로 다시 반출하십시오.",
                f"Carry that one in first, or make it again: bongsu carry out --since {known.last}.",
            ),
        )
    if manifest.previous not in known.digests:
        raise BadInputError(
            Text(
                "이 봉투는 여기에 반입된 적 없는 봉투의 뒤를 잇습니다. 수집기의 일지가 되돌려진 것일 수 있습니다.",
                "this bundle follows one that never came here: the collector's journal may have been set back.",
            ),
            where=where,
            mend=Text(
                f"수집기에서 bongsu carry out --since {known.last} 로 다시 반출하십시오.",
                f"Make it again at the collector: bongsu carry out --since {known.last}.",
            ),
        )


def _check_room(manifest: Manifest, folder: Path, most: int, where: str) -> None:
    """Refuse what would fill the disk: it stands there in pieces, put together, and in the archive."""
    fits = min(most, shutil.disk_usage(folder).free // 3)
    if manifest.size > fits:
        raise BadInputError(
            Text(
                f"봉투가 너무 큽니다: 원본 {manifest.size:,}바이트, 한도 {fits:,}바이트.",
                f"the bundle is too large: {manifest.size:,} bytes of raw files, and {fits:,} fit.",
            ),
            where=where,
            mend=Text("자리를 비우거나 더 자주 반출하십시오.", "Make room, or carry out more often."),
        )


def _names(deliveries: Sequence[Delivery], missing: Sequence[str]) -> Iterator[str]:
    """What people call the missing members."""
    seen = set(missing)
    for one in deliveries:
        for raw in one.raws:
            if raw["sha256"] in seen:
                seen.discard(raw["sha256"])
                yield f"{one.source}: {raw['name']}"


def _above(grade: str, own: str) -> bool:
    return GRADES.index(grade) > GRADES.index(own)


def _claims(one: Delivery) -> bool:
    """Does it claim to be what the floor publishes itself?"""
    return one.source == FLOOR_SOURCE


def _batches(reading: Reading) -> Iterator[Batch]:
    return (batch for edition in (*reading.earlier, reading) for batch in edition.batches)


def _grades(reading: Reading) -> Iterator[str]:
    for batch in _batches(reading):
        if isinstance(batch.rows, pa.Table) and "grade" in batch.rows.column_names:
            yield from (grade for grade in batch.rows["grade"].to_pylist() if grade)


def _note(lake: Lake, manifest: Manifest, digest: str, now: datetime, run_id: str) -> None:
    """The bundle is in: what the next one is held against."""
    mark: Mapping[str, object] = {
        "by": manifest.collector,
        "bundle": manifest.bundle,
        "digest": digest,
        "first": manifest.first,
        "last": manifest.last,
    }
    with lake.writing(PATIENCE) as writer:
        writer.note(CARRIED, source="", read_at=now, run_id=run_id, given={"carried": mark})
