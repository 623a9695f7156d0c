"""World production, capacity and reserves from a data release of the Mineral Commodity Summaries, in either shape."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Raw, Reading
from bongsu.sources.printed import Printed
from bongsu.sources.producers import edition_vintage, odd_row, production_rows, western_rows, year_batches
from bongsu.sources.reading import naming, require_columns, vintage
from bongsu.sources.source import ReadRequest
from bongsu.sources.typed_rows import BadCellError
from bongsu.sources.usgs_mcs import long, wide
from bongsu.sources.usgs_mcs.lines import Line, Lines
from bongsu.sources.usgs_mcs.series import Named, Series, erratum, parted

# Whole sentences only: "does not include U.S. production of attapulgite" leaves out one clay, not a country.
_EXCLUDES = re.compile(
    r"(?:^|--\s*|\.\s+)(?:excludes u\.s\. production|does not include production in the united states)\.?\s*(?=$|--)",
    re.IGNORECASE,
)
Facts = list[dict[str, Any]]


def read(request: ReadRequest) -> Reading:
    """One edition; a statement is a row of the long shape, a figure's cell of the wide one.

    An edition whose day nobody states counts from the end of the February after its latest year.

    Raises:
        BadInputError: no such table, or several editions at once.
    """
    if len(request.raws) != 1:
        raise BadInputError(
            Text("한 번에 한 판만 읽습니다.", "one edition is read at a time."),
            where=", ".join(raw.name for raw in request.raws),
            mend=Text("판마다 따로 가져오십시오.", "Fetch each edition by itself."),
        )
    (raw,) = request.raws
    made = _lines(raw)
    made.edition = made.edition or _edition(made.lines, request.read_at)
    published = edition_vintage(request, made.edition - 1) if made.edition else vintage(request)
    named = parted(_tables(made.lines))
    facts = _facts(
        made, named, request.source.settings["units"], published.latest.astimezone(ZoneInfo(request.source.zone)).date()
    )
    spans = {(fact["valid"], fact["valid_until"]) for fact in facts}
    known = dict.fromkeys(spans, (published.latest, published.latest_basis))
    return Reading(
        batches=year_batches(production_rows(facts, request.source.id, known), request.source.id) if facts else (),
        bad_rows=tuple(sorted(made.bad, key=lambda bad: bad.raw_row)),
        published=published.published,
        published_basis=published.latest_basis,
        raw_rows=made.seen,
        passed_over=dict(made.passed_over),
        notes=(*published.notes, *_notes(named, made.lines, request.source.settings["units"])),
    )


def _lines(raw: Raw) -> Lines:
    with naming(raw):
        rows = western_rows(raw)
    if "COMMODITY" in rows.table.column_names:
        require_columns(rows.table.column_names, wide.COLUMNS, raw.name)
        if not wide.columns(rows.table.column_names):
            require_columns(rows.table.column_names, ("PROD_YYYY",), raw.name)
        made = wide.read_wide(rows)
    else:
        require_columns(rows.table.column_names, long.COLUMNS, raw.name)
        made = long.read_long(rows)
    made.seen += len(rows.odd)
    made.bad += [odd_row(0, odd) for odd in rows.odd]
    return made


def _edition(lines: Iterable[Line], read_at: datetime) -> int | None:
    """The year after the latest one that was over when the file was read; a slip of the pen makes no edition."""
    latest = max((line.year for line in lines if line.year < read_at.year), default=None)
    return latest + 1 if latest else None


def _tables(lines: Iterable[Line]) -> Mapping[tuple[str, str, str], Sequence[str]]:
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for line in lines:
        found[line.goods, line.measure, line.table].append(line.who.code)
    return found


def _facts(made: Lines, named: Mapping[tuple[str, str, str], Named], units: Mapping[str, str], latest: date) -> Facts:
    """One fact a line; lines that state parts of one country are added up, those that cannot be taken set aside."""
    grouped: dict[tuple[Series, int], list[tuple[Line, dict[str, Any]]]] = defaultdict(list)
    for line in made.lines:
        series = named[line.goods, line.measure, line.table].series
        try:
            fact = _fact(line, series, made.edition, units, latest)
        except BadCellError as error:
            made.set_aside(line.row, error, line.text)
            continue
        grouped[series, line.year].append((line, fact))
    facts: Facts = []
    for stated in grouped.values():
        facts += _of_one_table(made, stated)
    return sorted(facts, key=lambda fact: (fact["raw_row"], fact["valid"], fact["measure"]))


def _fact(line: Line, series: Series, edition: int | None, units: Mapping[str, str], latest: date) -> dict[str, Any]:
    last = date(line.year, 12, 31)
    if last >= latest:
        raise BadCellError(
            "future_period",
            Text(f"공표 당시 끝나지 않은 해입니다: {line.year}", f"a year not over when it was published: {line.year}"),
        )
    if not line.unit and line.cell.stated in {"figure", "bounds"}:
        raise BadCellError("no_unit", Text("단위가 없습니다.", "there is no unit."))
    wrong = erratum(edition, series, line.unit)
    right, unit = (wrong.series, wrong.unit) if wrong else (series, line.unit)
    note = "; ".join(filter(None, (line.who.remark, line.note, wrong.why if wrong else "")))
    return {
        "commodity": right.commodity,
        "measure": right.measure,
        "stage": right.stage,
        "detail": right.detail,
        "country": line.who.code,
        "valid": date(line.year, 1, 1),
        "valid_until": last,
        "unit": units.get(unit, unit) or None,
        **_said(line.cell),
        "note": note or None,
        "raw": 0,
        "raw_row": line.row,
        "raw_rows": 1,
    }


def _said(cell: Printed) -> dict[str, Any]:
    return {
        "value": cell.value,
        "least": cell.least,
        "most": cell.most,
        "rounded_to": cell.rounded_to,
        "estimated": cell.estimated,
        "stated": cell.stated,
        "mark": cell.mark or None,
    }


def _of_one_table(made: Lines, stated: list[tuple[Line, dict[str, Any]]]) -> Facts:
    """The facts of one table and year: parts added, joint lines held against their members, exclusions marked."""
    lines: dict[str, list[tuple[Line, dict[str, Any]]]] = defaultdict(list)
    for line, fact in stated:
        lines[line.who.code].append((line, fact))
    facts: Facts = []
    for own in lines.values():
        facts += _added_up(own)
    left_out = {"USA" for line, _ in lines.get("W00", ()) if _EXCLUDES.search(line.note)}
    for fact in facts:
        fact["in_total"] = False if fact["country"] in left_out else None
    return [fact for fact in facts if not _overlaps(made, fact, lines)]


def _added_up(own: Sequence[tuple[Line, dict[str, Any]]]) -> Facts:
    """Lines of one country with different remarks ("from natural gas", "from the field") state its parts."""
    facts = [fact for _, fact in own]
    remarks = [line.who.remark for line, _ in own]
    if len(facts) == 1 or len(set(remarks)) < len(remarks) or "" in remarks or own[0][0].who.code == "W00":
        return facts
    figures = [fact["value"] for fact in facts if fact["value"] is not None]
    whole = len(figures) == len(facts)
    together = {
        **facts[0],
        "value": sum(figures) if whole else None,
        "least": sum(figures) if figures and not whole else None,
        "most": None,
        "rounded_to": max((fact["rounded_to"] for fact in facts if fact["rounded_to"]), default=None),
        "stated": "figure" if whole else "bounds" if figures else facts[0]["stated"],
        "note": "; ".join(dict.fromkeys(fact["note"] for fact in facts if fact["note"])) or None,
        "raw_rows": len(facts),
    }
    return [together]


def _overlaps(made: Lines, fact: Mapping[str, Any], lines: Mapping[str, Sequence[tuple[Line, Any]]]) -> bool:
    """A line for several countries together beside a figure for one of them would count that one twice."""
    line = lines[fact["country"]][0][0]
    members = [other for code in line.who.members for other, _ in lines.get(code, ())]
    if not line.who.members or not any(other.cell.value is not None for other in members):
        return False
    if line.cell.stated == "blank":
        made.passed_over["stated_one_by_one"] += 1
    else:
        detail = Text(
            f"{line.who.code}을(를) 함께 적은 행인데 그중 한 나라가 따로 있습니다.",
            f"a line for {line.who.code} together, and one of them stands by itself.",
        )
        made.bad.append(BadRow(0, line.row, "overlapping_countries", detail, line.text))
    return True


def _notes(
    named: Mapping[tuple[str, str, str], Named], lines: Sequence[Line], units: Mapping[str, str]
) -> tuple[Text, ...]:
    strange = sorted({f"{key[0]} ({one.series.commodity})" for key, one in named.items() if not one.known})
    unread = Counter(line.unit for line in lines if line.unit and line.unit not in units)
    notes = []
    if strange:
        listed = ", ".join(strange)
        notes.append(
            Text(
                f"부호표에 없는 장이라 이름으로 부호를 지었습니다: {listed}.",
                f"chapters unknown to the table of commodities, named after their headings: {listed}.",
            )
        )
    if unread:
        listed = ", ".join(f"{unit} ({rows})" for unit, rows in sorted(unread.items()))
        notes.append(Text(f"단위표에 없는 단위입니다: {listed}.", f"units kept as printed: {listed}."))
    return tuple(notes)
