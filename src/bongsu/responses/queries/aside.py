"""Texts that were typed over an older version of a report: kept, each under its own markings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bongsu.people.errors import NotThereError
from bongsu.people.reader import Reader
from bongsu.people.roles import Role
from bongsu.responses.models import Report
from bongsu.responses.queries.reports import REPORT, row_of
from bongsu.responses.states import ReportKind


@dataclass(frozen=True, kw_only=True)
class KeptAside:
    """A text that somebody typed over an older version: nothing was overwritten, and nothing was lost."""

    at: datetime
    who: str
    content: Mapping[str, Any]


def kept_aside(reader: Reader, report_id: UUID) -> tuple[KeptAside, ...]:
    """The texts that were typed over an older version; for the report's mission alone, each by its own markings.

    Raises:
        NotThereError: there is none of theirs.
    """
    row = row_of(reader, report_id)
    if reader.role is not Role.MISSION:
        raise NotThereError(REPORT)
    events = row.events.filter(kind=ReportKind.KEPT_ASIDE).select_related("actor")
    return tuple(
        KeptAside(at=one.at, who=str(one.actor or ""), content=one.data["content"])
        for one in events
        if _cleared(reader, row, one.data["content"])
    )


def _cleared(reader: Reader, row: Report, content: Mapping[str, Any]) -> bool:
    """A text that was kept aside may be marked higher than the report that stands."""
    return bool(content.get("grade", row.grade) <= reader.grade and content.get("tlp", row.tlp) <= reader.tlp)
