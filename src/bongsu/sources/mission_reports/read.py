"""Statements of reviewed mission reports, and their withdrawals: small JSON files that this installation writes itself."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Batch, Raw, Reading, Scope
from bongsu.records.formats.trees import read_json
from bongsu.records.shapes import STATEMENT
from bongsu.sources.mission_reports.shape import Statement, Withdrawal, from_json
from bongsu.sources.reading import naming
from bongsu.sources.source import ReadRequest


def read(request: ReadRequest) -> Reading:
    """One file, one report; it is complete for that report, so that an item it no longer names has been withdrawn.

    Raises:
        BadInputError: several files at once, or one that is no statement.
    """
    if len(request.raws) != 1:
        raise BadInputError(
            Text("보고는 한 파일씩 읽습니다.", "reports are read one file at a time."),
            where=request.source.id,
            mend=Text("파일을 하나만 주십시오.", "Give one file."),
        )
    told = _told(request.raws[0])
    rows = _rows(told, request.source.id) if isinstance(told, Statement) else []
    return Reading(
        batches=(
            Batch(
                STATEMENT,
                pa.Table.from_pylist(rows, schema=STATEMENT.reader_schema),
                Scope({"source": (request.source.id,), "report": (told.report,)}),
            ),
        ),
        published=_known_at(told),
        published_basis="stated",
        raw_rows=max(len(rows), 1),
        passed_over={} if rows else {"withdrawal": 1},
    )


def _told(raw: Raw) -> Statement | Withdrawal:
    with naming(raw):
        found = read_json(raw.path)
        try:
            return from_json(found)
        except BadInputError as error:
            raise BadInputError(error.what, where=raw.name, mend=error.mend) from error


def _known_at(told: Statement | Withdrawal) -> datetime:
    return told.reviewed_at if isinstance(told, Statement) else told.withdrawn_at


def _rows(told: Statement, source_id: str) -> list[dict[str, Any]]:
    said = {
        "source": source_id,
        "report": told.report,
        "place": told.place,
        "valid": told.observed,
        "mission": told.mission or None,
        "origin": told.origin or None,
        "reliability": told.reliability,
        "credibility": told.credibility,
        "bearing": told.bearing or None,
        "instrument": told.instrument or None,
        "direction": told.direction or None,
        "grade": told.grade,
        "tlp": told.tlp,
        "known_at": told.reviewed_at,
        "known_basis": "stated",
        "raw": 0,
        "raw_rows": 1,
    }
    return [{**said, "item": item, "raw_row": place} for place, item in enumerate(told.items, 1)]
