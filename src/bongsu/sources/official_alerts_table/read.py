"""A table of official alerts, one row for each stage declared, into one record for each thing that happens to it.

As with measures, a read as of a day must see nothing that came later: the end of a stage is a record of its own.
"""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.codes.zones import zones
from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Reading, Scope
from bongsu.records.known import close_of_day
from bongsu.records.shapes import OFFICIAL_ALERT
from bongsu.sources.reading import Vintage, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError, TypedRow, as_hs, as_place, typed_rows

COLUMNS = ("jurisdiction", "law", "issuer", "topic", "stage", "items", "areas", "published", "from", "until", "source")
OPTIONAL = ("hs_codes", "ended", "ended_published")
_LONGEST_CODE = 10
_ITEM = re.compile(r"[a-z][a-z0-9_]*")


def read(request: ReadRequest) -> Reading:
    """Any number of tables (CSV or XLSX) with `COLUMNS`, and `OPTIONAL` ones; a statement is an event.

    Raises:
        BadInputError: no table, or columns are missing.
    """
    typed, bad = typed_rows(request.raws, lambda _: COLUMNS)
    published = vintage(request)
    rows: list[dict[str, Any]] = []
    seen, set_aside = len(bad), 0
    for row in typed:
        events = 1 + bool(row.text("ended"))
        seen += events
        try:
            rows += _events(row, request.source.id, published)
        except BadCellError as error:
            bad.append(BadRow(row.raw, row.row, error.reason, error.detail, str(row)))
            set_aside += events - 1
    table = pa.Table.from_pylist(rows, schema=OFFICIAL_ALERT.reader_schema)
    # A list that people keep adds; what it no longer names has not been lifted.
    scope = Scope({"source": (request.source.id,)}, complete=False)
    return Reading(
        batches=(Batch(OFFICIAL_ALERT, table, scope),) if rows else (),
        bad_rows=tuple(bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=seen,
        passed_over={"row_set_aside": set_aside} if set_aside else {},
        notes=published.notes,
    )


def _events(row: TypedRow, source: str, published: Vintage) -> list[dict[str, Any]]:
    zone, facts = _facts(row, source)
    first, last, told = facts["valid"], facts["until"], facts["published"]
    _in_order(("from", first), ("until", last))
    if told > published.latest.astimezone(ZoneInfo(zone)).date():
        raise BadCellError(
            "future_date",
            Text(f"입수한 날보다 늦은 공표일입니다: {told}", f"published later than it was read: {told}"),
        )
    declared = {**facts, "event": "declared", **_known(told, "stated", zone, published)}
    return [declared, *_ended(row, facts, zone, published)]


def _facts(row: TypedRow, source: str) -> tuple[str, dict[str, Any]]:
    """The issuer's time zone, and what was known on the day of the announcement."""
    jurisdiction = row.place("jurisdiction")
    if jurisdiction not in zones():
        raise BadCellError(
            "no_zone",
            Text(f"시간대를 모르는 관할입니다: {jurisdiction}", f"no time zone known for {jurisdiction}"),
        )
    return zones()[jurisdiction], {
        "source": source,
        "jurisdiction": jurisdiction,
        "law": row.needed("law"),
        "issuer": row.needed("issuer"),
        "topic": row.needed("topic"),
        "valid": row.needed_day("from"),
        "stage": row.text("stage"),
        "items": _items(row),
        "hs_codes": _codes(row),
        "areas": _areas(row),
        "published": row.needed_day("published"),
        "until": row.day("until"),
        "citation": row.text("source"),
        "raw": row.raw,
        "raw_row": row.row,
        "raw_rows": 1,
    }


def _parts(row: TypedRow, column: str) -> list[str] | None:
    """The parts of a cell between semicolons; None for an empty one: not said."""
    text = row.text(column)
    return None if text is None else [part.strip() for part in text.split(";") if part.strip()]


def _items(row: TypedRow) -> list[str] | None:
    ids = _parts(row, "items")
    for one in ids or ():
        if not _ITEM.fullmatch(one):
            raise BadCellError("bad_item", Text(f"품목 id가 아닙니다: {one}", f"not an item's id: {one}"))
    return ids


def _codes(row: TypedRow) -> list[str] | None:
    codes = _parts(row, "hs_codes")
    return None if codes is None else [as_hs(code, _LONGEST_CODE) for code in codes]


def _areas(row: TypedRow) -> list[str] | None:
    areas = _parts(row, "areas")
    return None if areas is None else [as_place(area, "areas") for area in areas]


def _ended(row: TypedRow, facts: dict[str, Any], zone: str, published: Vintage) -> list[dict[str, Any]]:
    day, told = row.day("ended"), row.day("ended_published")
    if day is None:
        if told is not None:
            row.needed("ended")
        return []
    _in_order(("from", facts["valid"]), ("ended", day))
    _in_order(("published", facts["published"]), ("ended_published", told))
    known = _known(told, "stated", zone, published) if told else _known(day, "assumed", zone, published)
    return [{**facts, "event": "ended", "valid": day, "until": None, "published": told or day, **known}]


def _known(day: date, basis: str, zone: str, published: Vintage) -> dict[str, Any]:
    """What we have read is known: an end that is still to come became known with its table at the latest."""
    return {"known_at": min(close_of_day(day, zone), published.latest), "known_basis": basis}


def _in_order(earlier: tuple[str, date], later: tuple[str, date | None]) -> None:
    if later[1] is not None and later[1] < earlier[1]:
        raise BadCellError(
            "wrong_order",
            Text(
                f"날짜 순서가 맞지 않습니다: {earlier[0]} {earlier[1]}, {later[0]} {later[1]}.",
                f"{later[0]} ({later[1]}) comes before {earlier[0]} ({earlier[1]}).",
            ),
        )
