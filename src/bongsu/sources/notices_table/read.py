"""A table of acts, one row a limb, into one record for each thing that happens to it.

A read as of a day must see nothing that came later. So what ends or suspends an act stands in records of their own,
and the record of the issue carries nothing that was not known on the day it was published.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.codes.zones import zones
from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.known import close_of_day
from bongsu.records.shapes import MEASURE
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError, TypedRow, as_hs, as_place, typed_rows

COLUMNS = (
    *("jurisdiction", "issuer", "number", "limb", "title", "announced", "published", "effective", "ended"),
    *("instrument", "direction", "hs_codes", "subject", "suspended_by", "suspended_from", "suspended_until"),
    "source",
)
OPTIONAL = ("affected", "ended_by", "ended_published", "suspended_published")
_LONGEST_CODE = 10


@dataclass
class _Yield:
    """What has been made of the rows so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    early: list[str] = field(default_factory=list)
    seen: int = 0


def read(request: ReadRequest) -> Reading:
    """Any number of tables (CSV or XLSX) with `COLUMNS`, and `OPTIONAL` ones; a statement is an event.

    Raises:
        BadInputError: no table, or columns are missing.
    """
    typed, odd = typed_rows(request.raws, lambda _: COLUMNS)
    published = vintage(request)
    made = _Yield(bad=odd, seen=len(odd))
    for row in typed:
        _take(row, made, published)
    for record in made.rows:
        record["source"] = request.source.id
    table = pa.Table.from_pylist(made.rows, schema=MEASURE.reader_schema)
    # A list that people keep adds; what it no longer names has not been undone.
    scope = Scope({"source": (request.source.id,)}, complete=False)
    return Reading(
        batches=(Batch(MEASURE, table, scope),) if made.rows else (),
        bad_rows=tuple(made.bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=(*published.notes, *_notes(made.early)),
    )


def _take(row: TypedRow, made: _Yield, published: Vintage) -> None:
    events = 1 + bool(row.text("suspended_from") or row.text("suspended_by")) + bool(row.text("ended"))
    made.seen += events
    try:
        zone, facts = _facts(row)
        records = [
            _issued(row, facts, zone, published),
            *_suspended(row, facts, zone, published),
            *_ended(row, facts, zone, published),
        ]
    except BadCellError as error:
        made.bad.append(BadRow(row.raw, row.row, error.reason, error.detail, str(row)))
        if events > 1:
            made.passed_over["row_set_aside"] += events - 1
        return
    made.rows.extend(records)
    if facts["effective"] and facts["effective"] < facts["published"]:
        made.early.append(f"{facts['jurisdiction']} {facts['number']}")


def _facts(row: TypedRow) -> tuple[str, dict[str, Any]]:
    """The time zone, and what was known of the act on the day of its publication."""
    jurisdiction, announced, day = row.place("jurisdiction"), row.day("announced"), row.needed_day("published")
    if jurisdiction not in zones():
        raise BadCellError(
            "no_zone",
            Text(f"시간대를 모르는 관할입니다: {jurisdiction}", f"no time zone known for {jurisdiction}"),
        )
    _in_order(("announced", announced), ("published", day))
    return zones()[jurisdiction], {
        "jurisdiction": jurisdiction,
        "issuer": row.needed("issuer"),
        "number": row.needed("number"),
        "limb": row.text("limb") or "",
        "title": row.text("title"),
        "announced": announced,
        "published": day,
        "effective": row.day("effective"),
        "instrument": row.text("instrument"),
        "direction": row.text("direction"),
        "hs_codes": _listed(row, "hs_codes"),
        "subject": row.text("subject"),
        "affected": _listed(row, "affected"),
        "raw": row.raw,
        "raw_row": row.row,
        "raw_rows": 1,
    }


def _listed(row: TypedRow, column: str) -> list[str] | None:
    """The parts of a cell between semicolons; None for an empty cell: unknown. "all" names no country: all."""
    text = row.text(column)
    if text is None:
        return None
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if column == "hs_codes":
        return [as_hs(part, _LONGEST_CODE) for part in parts]
    return [] if text.casefold() == "all" else [as_place(part, column) for part in parts]


def _issued(row: TypedRow, facts: dict[str, Any], zone: str, published: Vintage) -> dict[str, Any]:
    day: date = facts["published"]
    if day > published.latest.astimezone(ZoneInfo(zone)).date():
        raise BadCellError(
            "future_date",
            Text(f"입수한 날보다 늦은 공표일입니다: {day}", f"published later than it was read: {day}"),
        )
    # Remarks behind the first semicolon tell what became of the act: later knowledge.
    citation = (row.text("source") or "").partition(";")[0].strip() or None
    return {
        **facts,
        "event": "issued",
        "valid": day,
        "until": None,
        "by": None,
        "citation": citation,
        **_known((day, "stated"), zone, published),
    }


def _suspended(row: TypedRow, facts: dict[str, Any], zone: str, published: Vintage) -> list[dict[str, Any]]:
    first, last, by = row.day("suspended_from"), row.day("suspended_until"), row.text("suspended_by")
    if first is None:
        if by or last:
            row.needed("suspended_from")
        return []
    _in_order(("published", facts["published"]), ("suspended_from", first), ("suspended_until", last))
    told = _told(row, "suspended_published", first, facts)
    later = {"event": "suspended", "valid": first, "until": last, "by": by, "citation": row.text("source")}
    return [{**facts, **later, **_known(told, zone, published)}]


def _ended(row: TypedRow, facts: dict[str, Any], zone: str, published: Vintage) -> list[dict[str, Any]]:
    day = row.day("ended")
    if day is None:
        return []
    _in_order(("published", facts["published"]), ("ended", day))
    told = _told(row, "ended_published", day, facts)
    later = {
        "event": "ended",
        "valid": day,
        "until": None,
        "by": row.text("ended_by"),
        "citation": row.text("source"),
    }
    return [{**facts, **later, **_known(told, zone, published)}]


def _told(row: TypedRow, column: str, takes_effect: date, facts: dict[str, Any]) -> tuple[date, str]:
    """The day on which a later event became known: as the table says, else taken to be the day it takes effect."""
    stated = row.day(column)
    _in_order(("published", facts["published"]), (column, stated))
    return (stated, "stated") if stated else (takes_effect, "assumed")


def _known(told: tuple[date, str], zone: str, published: Vintage) -> dict[str, Any]:
    """What we have read is known: an event that is still to come became known with its table at the latest."""
    day, basis = told
    instant: datetime = min(close_of_day(day, zone), published.latest)
    return {"known_at": instant, "known_basis": basis}


def _in_order(*days: tuple[str, date | None]) -> None:
    given = [(name, day) for name, day in days if day]
    for (earlier, first), (later, second) in pairwise(given):
        if second < first:
            raise BadCellError(
                "wrong_order",
                Text(
                    f"날짜 순서가 맞지 않습니다: {earlier} {first}, {later} {second}.",
                    f"{later} ({second}) comes before {earlier} ({first}).",
                ),
            )


def _notes(early: Sequence[str]) -> tuple[Text, ...]:
    if not early:
        return ()
    listed = ", ".join(early)
    return (Text(f"공표보다 먼저 시행된 조치입니다: {listed}.", f"in effect before it was published: {listed}."),)
