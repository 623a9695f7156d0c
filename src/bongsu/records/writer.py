"""The writer of a lake: lands a delivery whole or not at all, journals attempts that failed, compacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from bongsu.language import BongsuError, Language, Text
from bongsu.records import quarantine
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.engine import DuckEngine
from bongsu.records.journal import COMPACTED, FAILED, LANDED, RESHAPED, UNCHANGED, Entry, Journal
from bongsu.records.landing import Landed, Landing
from bongsu.records.late import Later
from bongsu.records.scope import quoted, scopes_of, text
from bongsu.records.shapes import RecordType
from bongsu.records.tables import Files, Table
from bongsu.records.upgrade import Step, check, upgraded

Asked = Mapping[str, Any]  # see `Entry.asked`
_EDITION: Asked = {"edition": True}
_STATS = ("source", "version", "late")  # beside the cluster: what lets a reader leave files and joins out


class Store(Protocol):
    """What a writer needs of a lake."""

    engine: DuckEngine
    journal: Journal
    tables: Mapping[str, Table]
    record_types: Mapping[str, RecordType]
    steps: Mapping[tuple[str, int], Step]

    def token(self) -> str:
        """A name that no data file has yet."""
        ...


@dataclass(frozen=True)
class Receipt:
    """What a delivery changed.

    `counts`: raw_rows, new, revised, withdrawn, unchanged, repeated, written, quarantined, and `passed_over.<reason>`.
    """

    seq: int
    source: str
    status: str
    counts: Mapping[str, int]
    notes: tuple[Text, ...]
    raws: tuple[Raw, ...]


class Writer:
    """The one who may write, for as long as the lock is held."""

    def __init__(self, lake: Store) -> None:
        self.lake = lake
        if not lake.journal.table.exists():
            lake.journal.create()
        lake.journal.tidy()
        self._begin()

    def deliver(
        self,
        reading: Reading,
        *,
        source: str,
        raws: Sequence[Raw],
        read_at: datetime,
        run_id: str,
        asked: Asked | None = None,
        given: Asked | None = None,
    ) -> Receipt:
        """Land a reading whole, or leave nothing.

        A reading without a publication date counts as published when it was read. `asked` is the question that it
        answers, as the journal keeps it (`Entry.asked`), and `given` what else it takes to read the files again
        (`Entry.given`). Earlier editions that the same files hold land first, each
        whole and as a delivery of its own: killed between two, the lake tells history up to there.
        """
        editions = (*reading.earlier, reading)
        try:
            for batch in (batch for edition in editions for batch in edition.batches):
                self._reshape(batch.record, read_at, run_id)
            came = source, raws, read_at, run_id
            before = [self._deliver(edition, *came, asked=None, given=_EDITION) for edition in reading.earlier]
            return _together([*before, self._deliver(reading, *came, asked=asked or {}, given=given or {})])
        except BaseException:
            self._begin()  # what is half done must not count with the next delivery
            raise

    def _deliver(
        self,
        reading: Reading,
        source: str,
        raws: Sequence[Raw],
        read_at: datetime,
        run_id: str,
        *,
        asked: Asked | None,
        given: Asked,
    ) -> Receipt:
        """One edition; `asked` is None for an earlier one, which is not journaled again where nothing in it is new."""
        at = _Arrival(reading, source, reading.published or read_at, self._seq + 1, list(raws))
        landed = [self._land(batch, at) for batch in reading.batches]
        pins = self._commit(reading.batches, landed)
        bad_rows = (*reading.bad_rows, *(bad for one in landed for bad in one.bad_rows))
        set_aside = self._set_aside(bad_rows, at, raws, pins)
        entry = Entry(
            seq=at.seq,
            run_id=run_id,
            status=LANDED if set_aside or any(one.files for one in landed) else UNCHANGED,
            source=source,
            published=at.vintage,
            published_basis=at.basis,
            read_at=read_at,
            raws=tuple(at.raws),
            scopes=text([(batch.record.name, at.spoken_for(batch)) for batch in reading.batches]),
            tables=pins,
            counts=_counts(reading, landed, len(bad_rows)),
            said=[{"ko": note.ko, "en": note.en} for note in reading.notes],
            asked=asked or {},
            given={**given, "raws": len(raws)} if len(at.raws) > len(raws) else given,
        )
        if asked is not None or entry.status != UNCHANGED or not self._on_record(entry):
            self._write(entry)
        return Receipt(entry.seq, source, entry.status, entry.counts, reading.notes, tuple(raws))

    def failed(
        self,
        error: BongsuError,
        *,
        source: str,
        raws: Sequence[Raw],
        read_at: datetime,
        run_id: str,
        asked: Asked | None = None,
    ) -> None:
        """Journal an attempt that brought nothing: failed is not empty."""
        said = (Text(error.to(Language.KO), error.to(Language.EN)),)
        self.note(FAILED, source=source, raws=raws, read_at=read_at, run_id=run_id, asked=asked, said=said)

    def note(
        self,
        status: str,
        *,
        source: str,
        read_at: datetime,
        run_id: str,
        raws: Sequence[Raw] = (),
        asked: Asked | None = None,
        said: Sequence[Text] = (),
        given: Asked | None = None,
    ) -> None:
        """Journal what changes no table: a failure, a step of a run, a source that says nothing has changed."""
        entry = Entry(
            seq=self._seq + 1,
            run_id=run_id,
            status=status,
            source=source,
            published=None,
            published_basis=None,
            read_at=read_at,
            raws=tuple(raws),
            tables=dict(self._pins),
            said=[{"ko": text.ko, "en": text.en} for text in said],
            asked=asked or {},
            given=given or {},
        )
        self._write(entry)

    def compact(self, *, read_at: datetime, run_id: str) -> Mapping[str, int]:
        """Rewrite each table in few, sorted files, and write checkpoints. No answer changes; returns files before."""
        known = [record for name, record in self.lake.record_types.items() if name in self._pins]
        for record in known:
            self._reshape(record, read_at, run_id)
        pins = dict(self._pins)
        before: dict[str, int] = {}
        for record in known:
            files = self.lake.tables[record.name].files(pins[record.name])
            before[record.name] = len(files.paths)
            if len(files.paths) > 1:
                pins[record.name] = self._rewrite(record, files)
        self._write(Entry(self._seq + 1, run_id, COMPACTED, "", None, None, read_at, tables=pins, counts=before))
        self.lake.journal.compact()
        return before

    # ---- inside

    def _begin(self) -> None:
        """Stand where the journal stands."""
        self._entries = self.lake.journal.entries()
        last = self._entries[-1] if self._entries else None
        self._seq = last.seq if last else 0
        self._pins: dict[str, int] = dict(last.tables) if last else {}
        self._drop_unfinished()

    def _reshape(self, record: RecordType, read_at: datetime, run_id: str) -> None:
        """Rewrite a table of an older shape once, before anything is added to it; old versions stay as they were."""
        pinned, table = self._pins.get(record.name), self.lake.tables[record.name]
        if pinned is None or record is quarantine.QUARANTINE:
            return
        written_as = table.schema_version(pinned)
        check(record, written_as)
        if written_as == record.schema_version:
            return
        files, targets = table.files(pinned), []
        if files.paths:
            targets = [table.folder / f"{self._seq + 1:08d}-shape-{self.lake.token()}.parquet"]
            rows = self.lake.engine.table(files.paths, record.schema)
            self.lake.engine.write(upgraded(rows, record, written_as, self.lake.steps), targets[0])
        version = table.reshape(targets, record.schema, (*_STATS, *record.cluster), record.schema_version)
        pins = {**self._pins, record.name: version}
        said = [
            {
                "ko": f"{record.name} 표를 {written_as}판에서 {record.schema_version}판 꼴로 옮겼습니다.",
                "en": f"{record.name} moved from shape {written_as} to {record.schema_version}.",
            }
        ]
        self._write(Entry(self._seq + 1, run_id, RESHAPED, "", None, None, read_at, tables=pins, said=said))

    def _land(self, batch: Batch, at: "_Arrival") -> Landed:
        table = self._table(batch.record)
        landing = Landing(
            engine=self.lake.engine,
            batch=_own(batch),
            vintage=at.vintage,
            basis=at.basis,
            delivery=at.seq,
            folder=table.folder,
            table=table.files(self._pins.get(batch.record.name, 0)),
            later=self._later(at.source, at.vintage, batch.record),
            whole=not at.reading.bad_rows,
            raws=len(at.raws),
            token=self.lake.token(),
            editions=self._editions(at, batch.record),
            additions=at.by_edition,
            beside=at.beside(batch),
            done=at.before(batch),
        )
        landed = landing.run()
        at.raws.extend(self._raw(delivery, index) for delivery, index in landed.borrowed)
        return landed

    def _later(self, source: str, vintage: datetime, record: RecordType) -> list[Later]:
        """Deliveries of `source` published after `vintage`, oldest first."""
        later = [
            Later(entry.published, scopes_of(entry.scopes, record))
            for entry in self._entries
            if entry.source == source and entry.published and entry.published > vintage
        ]
        return sorted(later, key=lambda one: one.vintage)

    def _editions(self, at: "_Arrival", record: RecordType) -> list[Scope]:
        """Scopes of the source's editions published before this one, where editions matter."""
        if not at.by_edition:
            return []
        return [
            scope
            for entry in self._entries
            if entry.source == at.source and entry.published_basis == "stated"
            if entry.published and entry.published < at.vintage
            for scope in scopes_of(entry.scopes, record)
        ]

    def _on_record(self, entry: Entry) -> bool:
        """Does the journal tell of this edition, complete for the same, already?"""
        same = (entry.source, entry.published, entry.scopes)
        return any((one.source, one.published, one.scopes) == same for one in self._entries)

    def _raw(self, delivery: int, index: int) -> Raw:
        entry = next(entry for entry in self._entries if entry.seq == delivery)
        return entry.raws[index]

    def _table(self, record: RecordType) -> Table:
        table = self.lake.tables[record.name]
        if not table.exists():
            schema = quarantine.SCHEMA if record is quarantine.QUARANTINE else record.schema
            table.create(schema, record.schema_version)
        return table

    def _commit(self, batches: Sequence[Batch], landed: Sequence[Landed]) -> dict[str, int]:
        """One commit a table; nothing counts before the journal names the versions."""
        pins = dict(self._pins)
        files: dict[str, list[Path]] = {}
        for batch, one in zip(batches, landed, strict=True):
            pins.setdefault(batch.record.name, 0)
            files.setdefault(batch.record.name, []).extend(one.files)
        for name, paths in files.items():
            if paths:
                record = self.lake.record_types[name]
                pins[name] = self.lake.tables[name].append(paths, record.schema, (*_STATS, *record.cluster))
        return pins

    def _set_aside(self, bad_rows: Sequence[BadRow], at: "_Arrival", raws: Sequence[Raw], pins: dict[str, int]) -> int:
        """Append to the quarantine what is not there yet; the same file again adds nothing."""
        if not bad_rows:
            return 0
        record = quarantine.QUARANTINE
        table = self._table(record)
        rows = quarantine.rows(bad_rows, source=at.source, raws=raws, delivery=at.seq)
        standing = table.files(self._pins.get(record.name, 0)).within({"source": (at.source, at.source)})
        target = table.folder / f"{at.seq:08d}-bad-{self.lake.token()}.parquet"
        kept = self._write_unseen(rows, standing, target)
        pins.setdefault(record.name, 0)
        if kept:
            pins[record.name] = table.append([target], quarantine.SCHEMA, record.cluster)
        return kept

    def _write_unseen(self, rows: pa.Table, standing: Sequence[str], target: Path) -> int:
        engine, keys = self.lake.engine, ", ".join(quarantine.QUARANTINE.key_names)
        engine.backend.con.register("bad", rows)
        stands = f"read_parquet([{', '.join(map(quoted, standing))}])" if standing else "(SELECT * FROM bad LIMIT 0)"
        kept = engine.rows(f"SELECT b.* FROM bad b ANTI JOIN {stands} s USING ({keys})")
        if kept.num_rows:
            engine.backend.con.register("kept", kept)
            engine.run(f"COPY (SELECT * FROM kept) TO {quoted(str(target))} (FORMAT parquet)")
        return int(kept.num_rows)

    def _rewrite(self, record: RecordType, files: Files) -> int:
        table, own = self.lake.tables[record.name], record is quarantine.QUARANTINE
        schema = quarantine.SCHEMA if own else record.schema
        order = ", ".join(f'"{name}"' for name in (*record.cluster, "delivery"))
        target = table.folder / f"{self._seq + 1:08d}-compact-{self.lake.token()}.parquet"
        names = ", ".join(f'"{name}"' for name in schema.names)
        paths = ", ".join(map(quoted, files.paths))
        self.lake.engine.run(
            f"""COPY (SELECT {names} FROM read_parquet([{paths}], hive_partitioning = false) ORDER BY {order})
            TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"""
        )
        version = table.replace([target], schema, (*_STATS, *record.cluster))
        table.checkpoint()
        return version

    def _write(self, entry: Entry) -> None:
        self.lake.journal.append(entry)
        self._seq, self._pins = entry.seq, dict(entry.tables)
        self._entries.append(entry)

    def _drop_unfinished(self) -> None:
        """Take tables back to what the journal names: a writer that was killed left more."""
        for name, table in self.lake.tables.items():
            if not table.exists():
                continue
            if table.version() != self._pins.get(name, 0):
                self._pins[name] = table.go_back(self._pins.get(name, 0))
            table.drop_files(self._seq)


@dataclass(frozen=True)
class _Arrival:
    """One reading on its way in; `raws` grows by what late rows walk back to."""

    reading: Reading
    source: str
    vintage: datetime
    seq: int
    raws: list[Raw]

    @property
    def basis(self) -> str:
        return self.reading.published_basis if self.reading.published else "assumed"

    @property
    def by_edition(self) -> bool:
        return self.reading.additions == "vintage" and self.basis == "stated"

    def beside(self, batch: Batch) -> tuple[pa.Table, ...]:
        others = (other for other in self.reading.batches if other is not batch and other.record is batch.record)
        return tuple(other.rows for other in others if isinstance(other.rows, pa.Table))

    def spoken_for(self, batch: Batch) -> Scope:
        """The scope as the journal keeps it: what had rows set aside is complete for nothing."""
        scope = _own(batch).scope
        return replace(scope, complete=scope.complete and not self.reading.bad_rows)

    def before(self, batch: Batch) -> tuple[Scope, ...]:
        earlier = takewhile(lambda other: other is not batch, self.reading.batches)
        return tuple(_own(other).scope for other in earlier if other.record is batch.record)


def _together(receipts: Sequence[Receipt]) -> Receipt:
    """Of several editions: the newest one's receipt, with what all of them changed."""
    counts: dict[str, int] = {}
    for kind, number in (item for receipt in receipts for item in receipt.counts.items()):
        counts[kind] = counts.get(kind, 0) + number
    landed = any(receipt.status == LANDED for receipt in receipts)
    return replace(receipts[-1], status=LANDED if landed else UNCHANGED, counts=counts)


def _own(batch: Batch) -> Batch:
    """The batch with its sources in the scope: a delivery never withdraws what another source states."""
    if "source" in batch.scope.equals or "source" not in batch.record.key_names:
        return batch
    if not isinstance(batch.rows, pa.Table):
        message = "a streamed batch must name its source in the scope"
        raise TypeError(message)
    names = tuple(sorted(set(batch.rows["source"].unique().to_pylist())))
    return replace(batch, scope=replace(batch.scope, equals={**batch.scope.equals, "source": names}))


def _counts(reading: Reading, landed: Sequence[Landed], bad_rows: int) -> dict[str, int]:
    counts = {
        "raw_rows": reading.raw_rows,
        "new": 0,
        "revised": 0,
        "withdrawn": 0,
        "unchanged": 0,
        "repeated": 0,
    }
    for one in landed:
        for kind, number in one.counts.items():
            counts[kind] = counts.get(kind, 0) + number
    counts["quarantined"] = bad_rows
    return counts | {f"passed_over.{reason}": number for reason, number in reading.passed_over.items()}
