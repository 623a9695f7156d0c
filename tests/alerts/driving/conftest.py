"""Warnings as the watch gives them on the sample, for turns that need no lake of their own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bongsu.alerts import jobs, tasks
from bongsu.fusion.today import warnings_at
from bongsu.fusion.warning import Warning  # noqa: A004 - the design's word
from bongsu.items.catalogue import catalogue
from bongsu.missions import network
from bongsu.records.lake import Lake

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ITEMS = ("gallium", "tungsten", "urea")


@pytest.fixture(scope="session")
def shown(sample_lake: Path) -> dict[str, Warning]:
    """What the watch says of three items, by item."""
    lake = Lake(sample_lake)
    try:
        found = warnings_at(
            lake.snapshot(), catalogue("KOR"), network("KOR"), NOW, home="KOR", zone="Asia/Seoul", items=ITEMS
        )
    finally:
        lake.close()
    return {one.subject: one for one in found}


Turn = Callable[..., tuple[Any, ...]]


@pytest.fixture
def turn(shown: dict[str, Warning], monkeypatch: pytest.MonkeyPatch, sample_lake: Path) -> Turn:
    """One turn at `at` that sees the levels given: `turn(NOW, urea=3, gallium=None)`."""

    def run(
        at: datetime,
        *,
        holder: str = "a",
        stopping: Callable[[], bool] = lambda: False,
        fetch: Callable[[], Any] | None = None,
        **levels: int | None,
    ) -> Any:  # noqa: ANN401 - cycles
        def seen(_watched: object, _catalogue: object, moment: datetime) -> Sequence[Warning]:
            return [replace(shown[item], level=level, on=moment) for item, level in levels.items()]

        monkeypatch.setattr(tasks, "_warnings", seen)
        watched = tasks.Watched(
            lake=lambda: Lake(sample_lake),
            catalogue=lambda: catalogue("KOR"),
            network=network("KOR"),
            home="KOR",
            zone="Asia/Seoul",
            run_id="run",
            fetch=fetch,
            stopping=stopping,
        )
        lease = jobs.claim("watch", holder, at)
        assert lease is not None
        turns = tasks.turn(watched, lease, lambda: at)
        jobs.end(lease, at, again=at)
        return turns

    return run
