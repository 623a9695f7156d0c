"""Daily transits of chokepoints: the service's own answers (pages of features), or a snapshot of them."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.formats import read_json
from bongsu.records.shapes import TRANSIT
from bongsu.sources.reading import Vintage, known_times, naming, require_columns, vintage
from bongsu.sources.source import ReadRequest

# Class → the fields of its transits and of its tonnage, in the service's answers and in the snapshot.
SERVICE = {
    "container": ("n_container", "capacity_container"),
    "dry_bulk": ("n_dry_bulk", "capacity_dry_bulk"),
    "general_cargo": ("n_general_cargo", "capacity_general_cargo"),
    "roro": ("n_roro", "capacity_roro"),
    "tanker": ("n_tanker", "capacity_tanker"),
    "total": ("n_total", "capacity"),
}
SNAPSHOT = {
    "container": ("container", "capContainer"),
    "dry_bulk": ("dryBulk", "capDryBulk"),
    "general_cargo": ("generalCargo", "capGeneralCargo"),
    "roro": ("roro", "capRoro"),
    "tanker": ("tanker", "capTanker"),
    "total": ("total", ""),
}


@dataclass(frozen=True)
class _Day:
    """One chokepoint on one day, as it stood in the file."""

    raw: int
    row: int
    name: str
    cells: Mapping[str, Any]
    fields: Mapping[str, tuple[str, str]]


@dataclass
class _Yield:
    """What has been made of the days so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    seen: int = 0


def chokepoint_id(name: str) -> str:
    """Strait of Hormuz → hormuz, Suez Canal → suez, Bab el-Mandeb Strait → bab_el_mandeb."""
    bare = re.sub(r"^strait of (the )?| (strait|canal)$", "", " ".join(name.lower().split()))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def read(request: ReadRequest) -> Reading:
    """Pages of the service's answer in their order, or one snapshot.

    Raises:
        BadInputError: no JSON of either shape, the service's own error, an answer that was cut short, or a
            field that is missing.
    """
    bodies: list[dict[str, Any]] = []
    days: list[_Day] = []
    for place, raw in enumerate(request.raws):
        with naming(raw):
            bodies.append(_body(raw))
            days.extend(_days(place, raw, bodies[-1]))
    _refuse_cut(bodies[-1], request.raws[-1])
    published = vintage(request, _captured(bodies[0]))
    made = _Yield()
    for day in days:
        _take(day, made, published, request.source.zone)
    _state_known(made.rows, request, published)
    return Reading(
        batches=_batches(made.rows, request.source.id),
        bad_rows=tuple(made.bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=published.notes,
    )


def _body(raw: Raw) -> dict[str, Any]:
    body = read_json(raw.path)
    if not isinstance(body, dict) or not any(key in body for key in ("features", "chokepoints", "error")):
        raise BadInputError(
            Text("포트워치 자료의 모양이 아닙니다.", "this is not in a shape of PortWatch."),
            where=raw.name,
            mend=Text(
                "FeatureServer의 f=json 응답이나 chokepoints 묶음이 있는 정리본을 주십시오.",
                "Give the FeatureServer's answer (f=json) or a snapshot with `chokepoints`.",
            ),
        )
    if "error" in body:
        message = str(dict(body["error"]).get("message", "")) if isinstance(body["error"], dict) else ""
        raise BadInputError(
            Text(
                f"자료가 아니라 서버의 오류 응답입니다 ({message}).",
                f"this is the server's error ({message}), not data.",
            ),
            where=raw.name,
            mend=Text("질의 조건을 확인하고 다시 받아 주십시오.", "Check the query and fetch it again."),
        )
    return body


def _days(place: int, raw: Raw, body: dict[str, Any]) -> Iterator[_Day]:
    if "features" in body:
        cells = [dict(feature.get("attributes") or {}) for feature in body["features"]]
        _check_fields(cells, ("date", "portname", *(count for count, _ in SERVICE.values())), raw)
        for row, each in enumerate(cells, 1):
            yield _Day(place, row, str(each["portname"] or ""), each, SERVICE)
        return
    row = 0
    for key, entry in body["chokepoints"].items():
        history = entry.get("history") or []
        _check_count(key, entry, len(history), raw)
        _check_fields(history, ("date", *(count for count, _ in SNAPSHOT.values())), raw)
        for each in history:
            row += 1
            yield _Day(place, row, str(entry.get("portwatchName") or key), each, SNAPSHOT)


def _check_fields(cells: list[dict[str, Any]], needed: tuple[str, ...], raw: Raw) -> None:
    if cells:
        shared = set(cells[0]).intersection(*cells)
        require_columns([name for name in cells[0] if name in shared], needed, raw.name)


def _check_count(key: str, entry: Mapping[str, Any], found: int, raw: Raw) -> None:
    stated = entry.get("rowCount", found)
    if stated != found:
        raise _cut(
            raw,
            Text(
                f"{key}: {stated}일이라는데 {found}일뿐입니다",
                f"{key}: {found} of the {stated} days it states",
            ),
        )


def _refuse_cut(last: dict[str, Any], raw: Raw) -> None:
    if last.get("exceededTransferLimit") or last.get("properties", {}).get("exceededTransferLimit"):
        raise _cut(
            raw,
            Text("exceededTransferLimit: 뒤에 더 있습니다", "exceededTransferLimit: there is more behind it"),
        )


def _cut(raw: Raw, detail: Text) -> BadInputError:
    return BadInputError(
        Text("응답이 중간에 잘렸습니다 ({detail}).", "the answer was cut short ({detail}).").format(detail=detail),
        where=raw.name,
        mend=Text(
            "resultOffset을 늘려 가며 끝까지 받아 모든 쪽을 순서대로 주십시오.",
            "Fetch to the end by raising resultOffset, and give all pages in their order.",
        ),
    )


def _captured(body: Mapping[str, Any]) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(body.get("capturedAt") or ""))
    return date.fromisoformat(found[0]) if found else None


def _take(day: _Day, made: _Yield, published: Vintage, zone: str) -> None:
    made.seen += len(day.fields)
    valid = _as_day(day.cells["date"])
    if valid is None or not chokepoint_id(day.name):
        _set_whole_aside(
            day,
            made,
            "bad_period" if valid is None else "no_chokepoint",
            Text("날짜나 이름이 없습니다.", "no date or name."),
        )
    elif valid > published.latest.astimezone(ZoneInfo(zone)).date():
        _set_whole_aside(
            day,
            made,
            "future_period",
            Text(f"아직 오지 않은 날입니다: {valid}", f"a day still to come: {valid}"),
        )
    else:
        for ship_class, (count, tonnes) in day.fields.items():
            _take_class(day, made, valid, ship_class, day.cells[count], day.cells.get(tonnes))


def _set_whole_aside(day: _Day, made: _Yield, reason: str, detail: Text) -> None:
    made.bad.append(BadRow(day.raw, day.row, reason, detail, _as_text(day)))
    made.passed_over["row_set_aside"] += len(day.fields) - 1


def _take_class(day: _Day, made: _Yield, valid: date, ship_class: str, count: object, tonnes: object) -> None:
    if count is None:
        made.passed_over["no_figure"] += 1
        return
    transits, capacity = _as_number(count), None if tonnes is None else _as_number(tonnes)
    if transits is None or (tonnes is not None and capacity is None):
        detail = Text(f"0 이상의 수가 아닙니다 ({ship_class}).", f"not a number from 0 up ({ship_class}).")
        made.bad.append(BadRow(day.raw, day.row, "bad_number", detail, _as_text(day)))
        return
    made.rows.append(
        {
            "chokepoint": chokepoint_id(day.name),
            "ship_class": ship_class,
            "valid": valid,
            "frequency": "D",
            "transits": transits,
            "capacity_dwt": capacity,
            "raw": day.raw,
            "raw_row": day.row,
            "raw_rows": 1,
        }
    )


def _as_text(day: _Day) -> str:
    return " ".join([day.name, *(f"{name}={value}" for name, value in day.cells.items())])


def _as_day(value: object) -> date | None:
    """A day given as text, or as milliseconds since 1970 (UTC), the service's two forms."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC).date()
        return date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError, OSError):
        return None


def _as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if value >= 0 and math.isfinite(value) else None


def _state_known(rows: list[dict[str, Any]], request: ReadRequest, published: Vintage) -> None:
    """The weekly lag is taken for granted, not announced by the publisher: its basis is "assumed"."""
    known = known_times({(row["valid"], "D") for row in rows}, request, published)
    for row in rows:
        instant, basis = known[row["valid"], "D"]
        row["source"], row["known_at"] = request.source.id, instant
        row["known_basis"] = "assumed" if basis == "lag" else basis


def _batches(rows: list[dict[str, Any]], source: str) -> tuple[Batch, ...]:
    """One batch for the chokepoints that cover the same days: only there does absence mean something."""
    spans: dict[str, tuple[date, date]] = {}
    for row in rows:
        first, last = spans.get(row["chokepoint"], (row["valid"], row["valid"]))
        spans[row["chokepoint"]] = (min(first, row["valid"]), max(last, row["valid"]))
    batches = []
    for span, names in groupby(sorted(spans, key=lambda name: (spans[name], name)), key=spans.__getitem__):
        covered = tuple(names)
        scope = Scope({"source": (source,), "chokepoint": covered, "frequency": ("D",)}, *span)
        kept = [row for row in rows if row["chokepoint"] in covered]
        batches.append(Batch(TRANSIT, pa.Table.from_pylist(kept, schema=TRANSIT.reader_schema), scope))
    return tuple(batches)
