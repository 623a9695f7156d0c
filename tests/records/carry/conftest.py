"""A collector and a floor that share nothing but the files that are carried from one to the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bongsu.cli.carry import read_again
from bongsu.language import BadInputError
from bongsu.records.carry import keys
from bongsu.records.carry.container import opened, signed, write
from bongsu.records.carry.landing import MOST_BYTES, Carried, Read, carry_in
from bongsu.records.carry.manifest import as_bytes
from bongsu.records.carry.packing import FOLDER, Out, Sent, carry_out
from bongsu.records.lake import Lake
from bongsu.records.shapes import RECORD_TYPES
from bongsu.sources.fetch import Given, fetch
from bongsu.sources.mission_reports.publish import Statement, publish
from bongsu.sources.source import HERE, source

START = datetime(2026, 11, 20, 3, tzinfo=UTC)
SAID = Statement(
    report="r-1", items=("urea",), place="CHN", observed=date(2026, 11, 18), reviewed_at=START, reliability="B",
    credibility=2, grade="O", tlp="GREEN", mission="chn-beijing", origin="official", bearing="tighter",
)  # fmt: skip


@dataclass
class Halves:
    """Both sides, each with a clock that the test moves."""

    collector: Lake
    floor: Lake
    desk: Path  # where bundles lie
    hours: int = 0

    @property
    def now(self) -> datetime:
        return START + timedelta(hours=self.hours)

    def reads(self, source_id: str, *files: str, mapping: str = "", published: date | None = None) -> None:
        """The collector reads samples of a source, an hour after what it did last."""
        self.hours += 1
        folder = HERE / source_id / "samples"
        given = Given(published, yaml.safe_load((folder / mapping).read_text()) if mapping else None)
        places = [str(folder / name) for name in files]
        fetch(self.collector, source(source_id), places, given, read_at=self.now, run_id=f"run{self.hours}")

    def fails(self, source_id: str) -> None:
        """The collector gets a web page in place of figures."""
        self.hours += 1
        page = self.desk / "page.csv"
        page.write_text("<!DOCTYPE html><html><body>Please sign in.</body></html>")
        with pytest.raises(BadInputError):
            fetch(self.collector, source(source_id), [str(page)], Given(), read_at=self.now, run_id=f"run{self.hours}")

    def acts(self, name: str) -> None:
        """The collector reads a list of one act, which is named so."""
        listed = self.desk / f"{name}.csv"
        columns, *_ = (HERE / "notices_table" / "samples" / "measures.csv").read_text().splitlines()
        listed.write_text(
            f"{columns}\nCHN,Office,No. {name},,An act,2024-01-02,2024-01-03,2024-02-01,,export ban,export,2604,ore,,,,,x\n"
        )
        self.reads("notices_table", str(listed))

    def says(self, report: str = "r-1", **changes: Any) -> None:  # noqa: ANN401 - as `Statement` takes them
        """A reviewed report comes into the collector's lake, where none belongs."""
        self.hours += 1
        said = replace(SAID, report=report, reviewed_at=self.now, **changes)
        publish(self.collector, said, read_at=self.now, run_id=f"run{self.hours}")

    def out(self, name: str = "", **how: int) -> list[Path]:
        """The files of the next bundle."""
        found = self.sent(name, **how)
        return [Path(file) for file in found.files] if found else []

    def sent(self, name: str = "", **how: int) -> Sent | None:
        return self.carried_out(name, **how).sent

    def carried_out(self, name: str = "", **how: int) -> Out:
        self.hours += 1
        return carry_out(self.collector, self.desk / (name or f"bundle-{self.hours}"), now=self.now, **how)

    def forged(self, **changes: Any) -> Path:  # noqa: ANN401 - as `Delivery` takes them
        """The next bundle as a collector gone bad could send it: its first entry changed so, all signed anew."""
        (bundle,) = self.out()
        part = opened(bundle, keys.trusted(self.floor.folder / FOLDER))
        pieces = [data for _, data in part.pieces()]
        first, *rest = part.manifest.deliveries
        data = as_bytes(replace(part.manifest, deliveries=(replace(first, **changes), *rest)))
        write(bundle, data, signed(data, keys.signing(self.collector.folder / FOLDER)[1]), 0, iter(pieces))
        return bundle

    def into(self, files: list[Path], grade: str = "S", read: Read = read_again, most: int = MOST_BYTES) -> Carried:
        self.hours += 1
        run_id = f"run{self.hours}"
        return carry_in(self.floor, files, read, grade=grade, now=self.now, run_id=run_id, most=most)


@pytest.fixture
def halves(tmp_path: Path) -> Iterator[Halves]:
    sides = Lake(tmp_path / "outside" / "lake"), Lake(tmp_path / "inside" / "lake")
    (tmp_path / "desk").mkdir()
    public, _ = keys.make(sides[0].folder / FOLDER)
    keys.trust(sides[1].folder / FOLDER, public)
    yield Halves(*sides, tmp_path / "desk")
    for lake in sides:
        lake.close()


def facts(lake: Lake, moment: datetime) -> dict[str, list[dict[str, Any]]]:
    """All that a lake says as of a moment, but for the number of the delivery that brought it."""
    snapshot = lake.snapshot()
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(set(snapshot.versions) & set(RECORD_TYPES)):
        record = RECORD_TYPES[name]
        rows = snapshot.as_of(record, moment).drop("delivery").to_pyarrow()
        found[name] = rows.sort_by([(key, "ascending") for key in record.key_names]).to_pylist()
    return found


def history(lake: Lake) -> list[dict[str, Any]]:
    """What a journal tells of sources, but for what is its own lake's."""
    return [
        {
            "source": one.source, "status": one.status, "run": one.run_id, "read": one.read_at, "said": one.said,
            "published": one.published, "basis": one.published_basis, "asked": one.asked, "scopes": one.scopes,
            "raws": [(raw.sha256, raw.name, raw.url, raw.size, raw.received_at) for raw in one.raws],
            "counts": one.counts,
        }
        for one in lake.journal.entries()
        if one.source
    ]  # fmt: skip


def moments(lake: Lake) -> list[datetime]:
    """Around everything that became known."""
    known: set[datetime] = set()
    snapshot = lake.snapshot()
    for name in set(snapshot.versions) & set(RECORD_TYPES):
        rows = snapshot.versions_of(RECORD_TYPES[name]).select("known_at").distinct().to_pyarrow()
        known |= set(rows["known_at"].to_pylist())
    tick = timedelta(microseconds=1)
    return sorted({when + by for when in known for by in (-tick, timedelta(0))})


Same = Callable[[Halves], None]


@pytest.fixture(scope="session")
def same() -> Same:
    """same(halves): both sides say the same as of every moment, and tell the same history."""

    def check(halves: Halves) -> None:
        asked = moments(halves.collector)
        assert asked == moments(halves.floor)
        for moment in [*asked[:: max(len(asked) // 4, 1)], halves.now]:
            assert facts(halves.floor, moment) == facts(halves.collector, moment)
        assert history(halves.floor) == history(halves.collector)

    return check
