"""The lake against a model: whatever the order of arrival, a read as of any moment sees what the publisher said."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bongsu.records.delivery import Batch, Raw, Reading, Scope
from bongsu.records.lake import Lake
from bongsu.records.shapes import PRICE

START = datetime(2021, 1, 1, tzinfo=UTC)
SERIES = ("A", "B", "C")


@dataclass(frozen=True)
class Said:
    """One delivery: its day of publication, what it states, and for which series it is complete."""

    day: int
    values: dict[str, float | None]
    covers: tuple[str, ...]
    complete: bool


def natural(series: str) -> datetime:
    """When a first figure of the series counts as known by its lag."""
    return START + timedelta(days=3 * SERIES.index(series))


def reading(said: Said, additions: str) -> Reading:
    rows = [
        {
            "source": "model",
            "series": series,
            "valid": date(2020, 12, 1),
            "frequency": "M",
            "name": None,
            "value": value,
            "currency": "USD",
            "unit": "t",
            "known_at": natural(series),
            "known_basis": "lag",
            "raw": 0,
            "raw_row": 1,
            "raw_rows": 1,
        }
        for series, value in said.values.items()
    ]
    scope = Scope(equals={"source": ("model",), "series": said.covers}, complete=said.complete)
    table = pa.Table.from_pylist(rows, schema=PRICE.reader_schema)
    return Reading(
        (Batch(PRICE, table, scope),),
        published=START + timedelta(days=said.day),
        published_basis="stated",
        additions=additions,
    )


def raw(said: Said) -> Raw:
    return Raw(sha256=f"{said.day:064d}", name=f"day {said.day}", path=Path(), size=0)


def expected(deliveries: list[Said], moment: datetime, additions: str) -> dict[str, float | None]:
    """What the publisher's deliveries, in the order of their days, say as of `moment`."""
    answer = {}
    for series in SERIES:
        speaking = [
            said
            for said in sorted(deliveries, key=lambda said: said.day)
            if series in said.values or (said.complete and series in said.covers)
        ]
        while speaking and series not in speaking[0].values:
            speaking = speaking[1:]  # silence before the first figure is no statement
        heard = [said for said in speaking if START + timedelta(days=said.day) <= moment]
        first = min(deliveries, key=lambda said: said.day)
        by_lag = additions == "lag" or (speaking and speaking[0] is first)
        if not heard and speaking and by_lag and natural(series) <= moment:
            heard = speaking[:1]
        if heard and series in heard[-1].values:
            answer[series] = heard[-1].values[series]
    return answer


@st.composite
def stories(draw: st.DrawFn) -> list[Said]:
    days = draw(st.lists(st.integers(0, 12), min_size=1, max_size=5, unique=True))
    # Additions come in order: one that repeats an unchanged fact leaves no trace, so a vintage that comes late cannot
    # know that it was said again (docs/develop/lake.md says so). Complete editions come in any order.
    complete = draw(st.booleans())
    days = days if complete else sorted(days)
    told = []
    for day in days:
        covers = tuple(draw(st.sets(st.sampled_from(SERIES), min_size=1)))
        spoken = draw(st.sets(st.sampled_from(sorted(covers))))
        values = {series: draw(st.sampled_from([None, 1.0, 2.0])) for series in sorted(spoken)}
        told.append(Said(day, values, covers, complete))
    return told


# Without shrinking: each example builds a lake, and a found story is short as it stands.
@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(stories(), st.sampled_from(["lag", "vintage"]))
def test_any_order_of_arrival_reads_the_same_as_of_any_moment(story: list[Said], additions: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder), threads=1)
        with lake.writing() as writer:
            for said in story:
                writer.deliver(
                    reading(said, additions),
                    source="model",
                    raws=(raw(said),),
                    read_at=datetime(2022, 1, 1, tzinfo=UTC),
                    run_id="r",
                )
        snapshot = lake.snapshot()
        for day in range(14):
            moment = START + timedelta(days=day)
            table = snapshot.facts(PRICE, moment, {"source": "model"})
            found = dict(zip(table["series"].to_pylist(), table["value"].to_pylist(), strict=True))
            assert found == expected(story, moment, additions), (day, story)
        probe = START + timedelta(days=story[0].day)
        expressed = snapshot.arrow(snapshot.as_of(PRICE, probe, {"source": "model"}))
        assert expressed.sort_by("series").equals(snapshot.facts(PRICE, probe, {"source": "model"}).sort_by("series"))
        by_seq = {entry.seq: entry for entry in snapshot.journal()}
        by_name = {f"day {said.day}": said for said in story}
        for row in snapshot.arrow(snapshot.versions_of(PRICE)).to_pylist():
            walked_back = by_name[by_seq[row["delivery"]].raws[row["raw"]].name]
            if not row["withdrawn"]:
                assert walked_back.values[row["series"]] == row["value"], "a version walks back to bytes that say it"
        first = snapshot.arrow(snapshot.versions_of(PRICE)).to_pylist()
        keys = [row["series"] for row in first if row["version"] == 0]
        assert sorted(keys) == sorted({row["series"] for row in first}), "exactly one first version a fact"
        with lake.writing() as writer:
            again = [
                writer.deliver(
                    reading(said, additions), source="model", raws=(raw(said),), read_at=START, run_id="again"
                )
                for said in story
            ]
        assert [receipt.counts.get("written", receipt.counts["new"]) for receipt in again] == [0] * len(story)
        lake.close()
