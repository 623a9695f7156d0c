"""How a reviewed report becomes a statement in the lake: its bones, without a word of its text."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bongsu.people.markings import Grade, Tlp
from bongsu.records.lake import Lake
from bongsu.responses.models import Report
from bongsu.sources.mission_reports.publish import Statement, publish, withdraw


class Publisher(Protocol):
    """Writes statements where the watch reads them. Doing the same twice changes nothing."""

    def publish(self, statement: Statement, *, at: datetime) -> int:
        """Write a statement; gives the delivery's sequence."""
        ...

    def withdraw(self, report: str, *, at: datetime) -> int:
        """Withdraw a report's statement; gives the delivery's sequence, 0 where none stood."""
        ...


@dataclass(frozen=True)
class LakePublisher:
    """Writes into the lake through the door that every source uses.

    Args:
        folder: the lake's.
        run_id: of the run, as the journal names it.
    """

    folder: Path
    run_id: str

    def publish(self, statement: Statement, *, at: datetime) -> int:
        """Write a statement."""
        with self._lake() as lake:
            return publish(lake, statement, read_at=at, run_id=self.run_id)

    def withdraw(self, report: str, *, at: datetime) -> int:
        """Withdraw a report's statement."""
        with self._lake() as lake:
            return withdraw(lake, report, read_at=at, run_id=self.run_id)

    @contextmanager
    def _lake(self) -> Iterator[Lake]:
        lake = Lake(self.folder)
        try:
            yield lake
        finally:
            lake.close()


def statement_of(report: Report) -> Statement:
    """What a reviewed report says, without prose and without personal data."""
    if report.observed_on is None or report.reviewed_at is None or report.credibility is None:
        message = f"report {report.pk} was not reviewed"
        raise ValueError(message)
    return Statement(
        report=str(report.pk),
        items=tuple(report.items),
        place=report.place,
        observed=report.observed_on,
        reviewed_at=report.reviewed_at,
        reliability=report.reliability,
        credibility=report.credibility,
        grade=Grade(report.grade).name,
        tlp=Tlp(report.tlp).name,
        mission=report.mission,
        origin=report.origin,
        bearing=report.bearing,
        instrument=report.measure.get("instrument", ""),
        direction=report.measure.get("direction", ""),
    )
