"""Yearly production by country, from the CSV downloads of the World Mineral Statistics: one row a country and year."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.codes.groups import find_partner
from bongsu.codes.tables import rows as table_rows
from bongsu.language import Text
from bongsu.records.delivery import BadRow, Batch, Raw, Reading, Scope
from bongsu.records.shapes import PRODUCTION
from bongsu.sources.printed import Printed, printed
from bongsu.sources.producers import odd_row, producer, production_rows, slug, western_rows
from bongsu.sources.reading import Vintage, known_times, naming, require_columns, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError

COLUMNS = (
    "country_trans",
    "country_iso3_code",
    "year",
    "quantity",
    "units",
    "bgs_statistic_type_trans",
    "bgs_commodity_trans",
    "bgs_sub_commodity_trans",
    "data_precision_description",
    "concat_figure_notes_text",
)
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-01-01(?:[ T].*)?)?")
_STAGES = ((r"\bmine", "mine"), (r"refin", "refinery"), (r"smelter", "smelter"), (r"\bprimary\b", "primary"))
# What a name says that no list of countries holds: the state that carried on under the same code.
_NAMES = {"german federal republic": "DEU", "korea, dem. p.r. of": "PRK"}


@dataclass(frozen=True)
class _Row:
    raw: int
    number: int
    cells: Mapping[str, str]

    @property
    def text(self) -> str:
        return ",".join(self.cells.values())


@dataclass
class _Made:
    """What has been made of the rows so far."""

    facts: list[tuple[_Row, dict[str, Any]]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    seen: int = 0


def read(request: ReadRequest) -> Reading:
    """Any number of downloads, each of any minerals; a statement is a row.

    A download answers one question and is complete for nothing: what it lacks has not been withdrawn.

    Raises:
        BadInputError: no such table.
    """
    published, made = vintage(request), _Made()
    latest = published.latest.astimezone(ZoneInfo(request.source.zone)).date()
    for place, raw in enumerate(request.raws):
        _take(made, place, raw, request.source.settings, latest)
    kept = _once_a_country(made.facts, made.passed_over)
    return Reading(
        batches=_batches(kept, request, published),
        bad_rows=tuple(made.bad),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=(*published.notes, *_notes(made.facts, request.source.settings["units"])),
    )


def _take(made: _Made, place: int, raw: Raw, settings: Mapping[str, Any], latest: date) -> None:
    rows, odd = _rows(place, raw)
    made.seen += len(rows) + len(odd)
    made.bad += odd
    for row in rows:
        if row.cells["bgs_statistic_type_trans"].strip().casefold() != "production":
            made.passed_over["other_statistic"] += 1
            continue
        try:
            made.facts.append((row, _fact(row, settings, latest)))
        except BadCellError as error:
            made.bad.append(BadRow(place, row.number, error.reason, error.detail, row.text))


def _batches(kept: Sequence[Mapping[str, Any]], request: ReadRequest, published: Vintage) -> tuple[Batch, ...]:
    if not kept:
        return ()
    years = {(fact["valid"], "A") for fact in kept}
    times = known_times(years, request, published)
    known = {(first, date(first.year, 12, 31)): times[first, frequency] for first, frequency in years}
    scope = Scope({"source": (request.source.id,)}, complete=False)
    return (Batch(PRODUCTION, production_rows(kept, request.source.id, known), scope),)


def _rows(place: int, raw: Raw) -> tuple[list[_Row], list[BadRow]]:
    with naming(raw):
        rows = western_rows(raw)
        require_columns(rows.table.column_names, COLUMNS, raw.name)
    pairs = zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True)
    return [_Row(place, number, cells) for number, cells in pairs], [odd_row(place, odd) for odd in rows.odd]


def _fact(row: _Row, settings: Mapping[str, Any], latest: date) -> dict[str, Any]:
    cells = {name: " ".join(cell.split()) for name, cell in row.cells.items()}
    year = _year(cells["year"])
    if date(year, 12, 31) >= latest:
        detail = Text(f"공표 당시 끝나지 않은 해입니다: {year}", f"a year not over when it was published: {year}")
        raise BadCellError("future_period", detail)
    goods = cells["bgs_commodity_trans"].casefold()
    known = _commodities().get(goods)
    notes = cells["concat_figure_notes_text"]
    cell = _cell(cells["quantity"], cells["data_precision_description"], settings["precisions"])
    stated = cell.value is not None or cell.stated == "bounds"
    return {
        "commodity": known["commodity"] if known else slug(goods),
        "measure": "production",
        "stage": known["stage"] if known else _stage(goods),
        "detail": cells["bgs_sub_commodity_trans"].casefold(),
        "country": _country(cells["country_trans"], cells["country_iso3_code"]),
        "valid": date(year, 1, 1),
        "valid_until": date(year, 12, 31),
        "value": cell.value,
        "unit": settings["units"].get(cells["units"].casefold(), cells["units"]) or None,
        "least": cell.least,
        "most": cell.most,
        "estimated": True if stated and "Estimate" in notes else None,
        "stated": cell.stated,
        "mark": cell.mark,
        "note": "; ".join(filter(None, notes.split("|"))) or None,
        "raw": row.raw,
        "raw_row": row.number,
        "raw_rows": 1,
    }


def _year(text: str) -> int:
    found = _YEAR.fullmatch(text)
    if found is None:
        raise BadCellError("bad_period", Text(f"연도가 아닙니다: {text}", f"not a year: {text}"))
    return int(found["year"])


def _cell(quantity: str, precision: str, precisions: Mapping[str, str]) -> Printed:
    said = precisions.get(precision)
    if said is None:
        detail = Text(f"수치의 정밀도 설명을 모릅니다: {precision}", f"an unknown word on precision: {precision}")
        raise BadCellError("unknown_precision", detail)
    if said == "not available":
        return Printed(stated=said, mark=precision)
    if said == "less than half":
        return Printed(least=0.0, most=0.5, stated="bounds", mark=precision)
    found = printed(quantity, {"": "blank"})
    if said == "nil" and found.value != 0:
        detail = Text(f"'없음'이라면서 수치가 있습니다: {quantity}", f"said to be nil, yet a figure stands: {quantity}")
        raise BadCellError("bad_number", detail)
    return found


def _country(name: str, code: str) -> str:
    """The country of a name; where the list of codes knows the file's code too, the two must agree."""
    found = _NAMES.get(name.casefold()) or producer(name).code
    by_code = find_partner(code) if code else None
    if by_code and by_code != found:
        detail = Text(
            f"나라 이름과 부호가 다릅니다: {name} {code}", f"name and code are of two countries: {name} {code}"
        )
        raise BadCellError("bad_country", detail)
    return found


def _stage(goods: str) -> str:
    return next((stage for word, stage in _STAGES if re.search(word, goods)), "")


@cache
def _commodities() -> Mapping[str, Mapping[str, str]]:
    return {row["words"]: row for row in table_rows("commodities", Path(__file__).parent)}


def _once_a_country(facts: Sequence[tuple[_Row, dict[str, Any]]], passed: Counter[str]) -> list[dict[str, Any]]:
    """A country that stands under two names in one year (Germany, German Federal Republic): the line with the figure.

    Two lines with figures are left to the lake, which takes them if they are alike and sets both aside if not.
    """
    grouped: dict[tuple[object, ...], list[tuple[_Row, dict[str, Any]]]] = defaultdict(list)
    for row, fact in facts:
        key = (*(fact[name] for name in ("commodity", "stage", "detail", "country", "valid")),)
        grouped[key].append((row, fact))
    kept = []
    for group in grouped.values():
        names = {row.cells["country_trans"].strip() for row, _ in group}
        figures = [fact for _, fact in group if fact["value"] is not None]
        if len(names) > 1 and len(figures) == 1:
            passed["no_figure_under_another_name"] += len(group) - 1
            kept += figures
        else:
            kept += [fact for _, fact in group]
    return kept


def _notes(facts: Sequence[tuple[_Row, dict[str, Any]]], units: Mapping[str, str]) -> tuple[Text, ...]:
    named = {row.cells["bgs_commodity_trans"].strip().casefold(): fact["commodity"] for row, fact in facts}
    strange = ", ".join(f"{goods} ({code})" for goods, code in sorted(named.items()) if goods not in _commodities())
    unread = ", ".join(sorted({row.cells["units"].strip() for row, _ in facts} - {*units, ""}))
    notes = []
    if strange:
        notes.append(
            Text(
                f"부호표에 없는 광물이라 이름으로 부호를 지었습니다: {strange}.",
                f"minerals unknown to the table of commodities, named after their headings: {strange}.",
            )
        )
    if unread:
        notes.append(Text(f"단위표에 없는 단위입니다: {unread}.", f"units kept as printed: {unread}."))
    return tuple(notes)
