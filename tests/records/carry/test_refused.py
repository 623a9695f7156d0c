"""What is cut, forged, out of order, oversized or badly named: a defined answer to each, and nothing has landed."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.language import BadInputError, BongsuError, Language, UsageError
from bongsu.records.carry import keys
from bongsu.records.carry.container import MAGIC, opened, signed, write
from bongsu.records.carry.manifest import as_bytes, from_bytes
from bongsu.records.carry.packing import FOLDER
from bongsu.records.delivery import Batch, Reading, Scope
from bongsu.records.journal import ANSWERED, FAILED, LANDED, RECEIVED, REFUSED, UNCHANGED
from bongsu.records.lake import LakeBusyError
from bongsu.records.shapes import MEASURE, STATEMENT, RecordType
from bongsu.sources.mission_reports.publish import Statement
from bongsu.sources.mission_reports.shape import as_bytes as as_statement

Halves = Any  # of the fixture
Same = Callable[[Any], None]
SAID = Statement(
    report="r-6", items=("urea",), place="CHN", observed=date(2026, 11, 18), reviewed_at=datetime(2026, 11, 19, tzinfo=UTC),
    reliability="A", credibility=1,
)  # fmt: skip


@pytest.fixture
def bundle(halves: Halves) -> Path:
    halves.reads("notices_table", "measures.csv")
    halves.acts("r-1")
    (file,) = halves.out()
    return Path(file)


def untouched(halves: Halves) -> bool:
    kept = halves.floor.folder / FOLDER / "arriving"
    return not halves.floor.journal.entries() and not kept.exists() and not halves.floor.raw.folder.exists()


def says(error: BongsuError, *words: str) -> bool:
    ko, en = error.to(Language.KO), error.to(Language.EN)
    return ko != en and error.mend is not None and all(word in en for word in words)


def test_cut_anywhere_it_names_what_is_missing_and_goes_on(halves: Halves, bundle: Path, same: Same) -> None:
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[:-1])
    found = halves.into([bundle])
    assert found.missing == ("notices_table: r-1.csv",)
    assert halves.floor.journal.entries() == []
    bundle.write_bytes(whole)
    assert halves.into([bundle]).landed == 2
    same(halves)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_no_cut_lets_anything_land(halves: Halves, share: float) -> None:
    if not halves.desk.joinpath("whole").exists():
        halves.reads("notices_table", "measures.csv")
        halves.acts("r-1")
        halves.out("whole")
    whole = halves.desk.joinpath("whole").read_bytes()
    cut = halves.desk / "cut"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with suppress(BadInputError):  # cut within its manifest
        assert halves.into([cut]).missing
    assert halves.floor.journal.entries() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.9999), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(halves: Halves, place: float, bit: int) -> None:
    if not halves.desk.joinpath("whole").exists():
        halves.reads("notices_table", "measures.csv")
        halves.out("whole")
    data = bytearray(halves.desk.joinpath("whole").read_bytes())
    data[int(len(data) * place)] ^= 1 << bit
    changed = halves.desk / "changed"
    changed.write_bytes(data)
    with pytest.raises(BadInputError):
        halves.into([changed])
    assert halves.floor.journal.entries() == []


def test_something_behind_the_last_byte_is_refused(halves: Halves, bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes() + b"x")
    with pytest.raises(BadInputError) as refused:
        halves.into([bundle])
    assert says(refused.value, "signature")
    assert halves.floor.journal.entries() == []


def test_a_bundle_of_a_stranger_is_refused_before_anything_is_unpacked(
    halves: Halves, bundle: Path, tmp_path: Path
) -> None:
    keys.make(tmp_path / "stranger")
    _, sign = keys.signing(tmp_path / "stranger")
    data = bundle.read_bytes()
    length = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big")
    manifest = data[len(MAGIC) + 4 : len(MAGIC) + 4 + length]
    rest = data[len(MAGIC) + 4 + length + 64 :]
    bundle.write_bytes(data[: len(MAGIC) + 4 + length] + signed(manifest, sign) + rest)
    with pytest.raises(BadInputError) as refused:
        halves.into([bundle])
    assert says(refused.value, "signature", "Nothing was unpacked")
    assert untouched(halves)


def test_a_collector_that_is_trusted_cannot_speak_for_another(halves: Halves, bundle: Path, tmp_path: Path) -> None:
    public, _ = keys.make(tmp_path / "other")
    keys.trust(halves.floor.folder / FOLDER, public)
    _, sign = keys.signing(tmp_path / "other")
    again(halves, bundle, sign=sign)
    with pytest.raises(BadInputError, match="signature"):
        halves.into([bundle])
    assert untouched(halves)


def test_the_floor_trusts_nobody_by_itself(halves: Halves, bundle: Path) -> None:
    for file in (halves.floor.folder / FOLDER / keys.TRUSTED).iterdir():
        file.unlink()
    with pytest.raises(UsageError) as refused:
        halves.into([bundle])
    assert says(refused.value, "--trust")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{}", MAGIC, MAGIC + b"\xff\xff\xff\xff"])
def test_what_is_no_bundle_is_refused(halves: Halves, data: bytes) -> None:
    file = halves.desk / "odd"
    file.write_bytes(data)
    with pytest.raises(BadInputError) as refused:
        halves.into([file])
    assert says(refused.value)
    with pytest.raises(BadInputError):
        halves.into([halves.desk / "nothing"])
    assert untouched(halves)


def test_reordered_bundles_wait_for_the_one_before_which_is_named(halves: Halves, bundle: Path, same: Same) -> None:
    halves.reads("notices_table", "measures.csv")
    second = halves.out()
    halves.reads("notices_table", "measures.csv")
    third = halves.out()
    with pytest.raises(BadInputError) as refused:
        halves.into(third)
    assert says(refused.value, "this is bundle 3, and bundle 1–2 before it (entries 1–3)")
    assert untouched(halves)
    halves.into([bundle])
    with pytest.raises(BadInputError) as refused:
        halves.into(third)
    assert says(refused.value, "bundle 2 before it (entries 3–3)", "--since 2")
    halves.into(second)
    halves.into(third)
    same(halves)


def test_a_journal_that_was_set_back_is_seen(halves: Halves, bundle: Path) -> None:
    halves.into([bundle])
    halves.acts("r-5")
    (second,) = halves.out()
    again(halves, second, previous="0" * 64)
    before = halves.floor.journal.entries()
    with pytest.raises(BadInputError) as refused:
        halves.into([second])
    assert says(refused.value, "set back")
    assert halves.floor.journal.entries() == before


def test_parts_of_two_bundles_are_no_bundle(halves: Halves, bundle: Path) -> None:
    halves.reads("notices_table", "measures.csv")
    with pytest.raises(BadInputError, match="different bundles"):
        halves.into([bundle, *halves.out()])
    assert untouched(halves)


def test_what_would_not_fit_is_refused(halves: Halves, bundle: Path) -> None:
    with pytest.raises(BadInputError) as refused:
        halves.into([bundle], most=100)
    assert says(refused.value, "too large", "100 fit")
    assert untouched(halves)


def again(halves: Halves, bundle: Path, *, sign: keys.Sign | None = None, **changes: object) -> None:
    """The bundle, its manifest changed, signed anew: what a collector gone bad could send."""
    part = opened(bundle, keys.trusted(halves.floor.folder / FOLDER))
    pieces = [data for _, data in part.pieces()]
    data = as_bytes(replace(part.manifest, **changes))  # type: ignore[arg-type]  # made wrong on purpose
    sign = sign or keys.signing(halves.collector.folder / FOLDER)[1]
    write(bundle, data, signed(data, sign), 0, iter(pieces))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "..", "nul\x00", "\u202egnp.exe"])
def test_a_name_in_a_bundle_is_never_a_path(halves: Halves, bundle: Path, name: str, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "inside" not in path.parts}
    part = opened(bundle, keys.trusted(halves.floor.folder / FOLDER))
    named = [replace(one, raws=tuple({**raw, "name": name} for raw in one.raws)) for one in part.manifest.deliveries]
    again(halves, bundle, deliveries=tuple(named))
    assert halves.into([bundle]).landed == 2
    assert {path for path in tmp_path.rglob("*") if "inside" not in path.parts} == before
    archive = {path.name for path in halves.floor.raw.folder.rglob("*") if path.is_file()}
    assert archive == {member.sha256 for member in part.manifest.members}


@pytest.mark.parametrize(
    "change",
    [
        {"members": [{"sha256": "../../../evil", "size": 1, "pieces": ["0" * 64]}]},
        {"members": [{"sha256": "0" * 64, "size": 1, "pieces": ["../evil"]}]},
        {"members": [{"sha256": "0" * 64, "size": -1, "pieces": []}]},
        {"members": [{"sha256": "0" * 64, "size": 1 << 62, "pieces": ["0" * 64]}]},
        {"parts": []},
        {"parts": [10**9]},
        {"collector": "../x"},
        {"bundle": "1"},
        {"format": 2},
        {"deliveries": [{}]},
        {"deliveries": None},
        {"extra": 1},
    ],
)
def test_a_manifest_that_is_none_of_ours_is_refused_signed_or_not(
    halves: Halves, bundle: Path, change: dict[str, Any]
) -> None:
    part = opened(bundle, keys.trusted(halves.floor.folder / FOLDER))
    data = json.dumps({**json.loads(as_bytes(part.manifest)), **change}).encode()
    with pytest.raises(BadInputError) as refused:
        from_bytes(data, "bundle")
    assert says(refused.value, "manifest")
    _, sign = keys.signing(halves.collector.folder / FOLDER)
    write(bundle, data, signed(data, sign), 0, iter(()))
    with pytest.raises(BadInputError):
        halves.into([bundle])
    assert untouched(halves)


@pytest.mark.parametrize("change", [{"status": "compacted"}, {"source": "../x"}, {"grade": "X"}, {"seq": 99}])
def test_an_entry_that_no_collector_tells_is_refused(halves: Halves, bundle: Path, change: dict[str, Any]) -> None:
    part = opened(bundle, keys.trusted(halves.floor.folder / FOLDER))
    again(halves, bundle, deliveries=(replace(part.manifest.deliveries[0], **change),))
    with pytest.raises(BadInputError, match="manifest"):
        halves.into([bundle])
    assert untouched(halves)


def brings(record: RecordType, **row: object) -> Callable[..., Reading]:
    """A reader that finds one such row in every file."""

    def read(*_: object) -> Reading:
        rows = pa.Table.from_pylist([row], schema=pa.schema([record.reader_schema.field(name) for name in row]))
        return Reading(batches=(Batch(record, rows, Scope({})),), raw_rows=1)

    return read


def nothing_kept(halves: Halves) -> bool:
    return not any(path.is_file() for path in halves.floor.raw.folder.rglob("*"))


def test_a_grade_that_the_manifest_hides_is_seen_in_the_file(halves: Halves) -> None:
    halves.acts("r-6")
    graded = RecordType("graded", key=MEASURE.key, values=(pa.field("grade", pa.string()),), cluster=())
    found = halves.into(halves.out(), grade="S", read=brings(graded, grade="C"))
    assert found.refused == ("notices_table#1",)
    assert nothing_kept(halves)


@pytest.mark.parametrize("status", [LANDED, UNCHANGED, FAILED, RECEIVED, ANSWERED])
def test_a_collector_cannot_say_what_the_floor_alone_publishes(halves: Halves, status: str) -> None:
    file = halves.desk / "r-6.json"
    file.write_bytes(as_statement(SAID))
    raw = halves.collector.raw.keep(file, received_at=halves.now, name=file.name)
    with halves.collector.writing() as writer:
        writer.note(RECEIVED, source="notices_table", raws=(raw,), read_at=halves.now, run_id="forged")
    found = halves.into([halves.forged(status=status, source="mission_reports")])
    assert (found.landed, found.refused, found.claimed) == (0, (), ("#1 mission_reports",))
    (kept,) = [one for one in halves.floor.journal.entries() if one.source]
    assert (kept.status, kept.raws, kept.counts) == (REFUSED, (), {})
    assert "only the floor publishes" in kept.said[0]["en"]
    assert "안쪽에서만" in kept.said[0]["ko"]
    assert nothing_kept(halves)
    assert STATEMENT.name not in halves.floor.snapshot().versions
    assert halves.into(halves.out("again", since=0)).landed == 0  # what was refused once stays refused


def test_a_statement_under_another_name_is_seen_in_the_file(halves: Halves) -> None:
    halves.acts("r-6")
    found = halves.into(halves.out(), read=brings(STATEMENT, grade="O"))
    assert (found.landed, found.refused, found.claimed) == (0, (), ("#1 notices_table",))
    assert nothing_kept(halves)
    halves.acts("r-7")
    assert halves.into(halves.out()).landed == 1


def test_a_file_that_this_side_reads_otherwise_is_not_taken(halves: Halves, bundle: Path) -> None:
    part = opened(bundle, keys.trusted(halves.floor.folder / FOLDER))
    odd = [replace(one, rows=9999) for one in part.manifest.deliveries]
    again(halves, bundle, deliveries=tuple(odd))
    with pytest.raises(BadInputError) as refused:
        halves.into([bundle])
    assert says(refused.value, "the collector read 9999 rows", "same version")
    assert halves.floor.journal.entries() == []


def test_a_damaged_raw_file_is_not_carried_out(halves: Halves) -> None:
    halves.reads("notices_table", "measures.csv")
    raw = halves.collector.journal.entries()[0].raws[0]
    raw.path.write_bytes(b"changed")
    with pytest.raises(BadInputError, match="damaged"):
        halves.out("damaged")
    assert not (halves.desk / "damaged").exists()


def test_a_file_that_is_there_is_not_written_over(halves: Halves, bundle: Path) -> None:
    halves.acts("r-7")
    with pytest.raises(UsageError, match="there already"):
        halves.out(bundle.name)


@pytest.mark.usefixtures("bundle")
def test_since_is_where_a_bundle_ended(halves: Halves) -> None:
    with pytest.raises(UsageError) as refused:
        halves.out("x", since=1)
    assert says(refused.value, "Give 0, or where a bundle ended: 2")


def test_keys_are_made_once_and_kept_from_others(halves: Halves) -> None:
    folder = halves.collector.folder / FOLDER
    with pytest.raises(UsageError, match="a key already"):
        keys.make(folder)
    assert (folder / keys.PRIVATE).stat().st_mode & 0o077 == 0
    with pytest.raises(BadInputError, match="Ed25519"):
        keys.trust(folder, folder / keys.PRIVATE)
    with pytest.raises(UsageError, match="carry keys"):
        keys.signing(halves.floor.folder / FOLDER)


def test_one_at_a_time(halves: Halves, bundle: Path) -> None:
    from bongsu.records.carry.packing import only_one  # noqa: PLC0415 - beside its only test

    with only_one(halves.floor.folder / FOLDER, "in.lock"), pytest.raises(LakeBusyError):
        halves.into([bundle])
