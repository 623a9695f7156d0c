"""The shape of 2026: one row a figure, all chapters and all statistics of the edition in one file."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from bongsu.language import Text
from bongsu.records.formats import Rows
from bongsu.sources.producers import producer, slug
from bongsu.sources.typed_rows import BadCellError
from bongsu.sources.usgs_mcs.lines import Line, Lines, cell_of, quoted, words

COLUMNS = (
    "MCS chapter",
    "Section",
    "Commodity",
    "Country",
    "Statistics",
    "Statistics_detail",
    "Unit",
    "Year",
    "Value",
    "Notes",
)
MEASURES = ("production", "capacity", "reserves")
_ALL_FORMS = re.compile(r"\s*[:—]\s*all forms$")
_PART = re.compile(r"^(?P<table>.+?)\s*[:—]\s*(?P<part>[^:—]+)$")


def read_long(rows: Rows) -> Lines:
    """The lines of the sections on the world; other sections are passed over and counted by name."""
    made = Lines()
    for number, cells in zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True):
        made.seen += 1
        section = cells["Section"].strip()
        if not section.casefold().startswith("world"):
            made.passed_over[f"section_{slug(section)}" if section else "section_unnamed"] += 1
            continue
        try:
            made.lines.append(_line(number, cells))
        except BadCellError as error:
            made.set_aside(number, error, quoted(list(cells.values())))
    made.lines = _in_their_tables(made.lines)
    return made


def _line(number: int, cells: Mapping[str, str]) -> Line:
    measure = cells["Statistics"].strip().casefold()
    if measure not in MEASURES:
        raise BadCellError(
            "unknown_statistic", Text(f"모르는 통계입니다: {measure}", f"an unknown statistic: {measure}")
        )
    note = " ".join(cells["Notes"].split())
    return Line(
        row=number,
        goods=words(cells["Commodity"] or cells["MCS chapter"]),
        table=_ALL_FORMS.sub("", words(cells["Statistics_detail"])),
        measure=measure,
        year=_year(cells["Year"].strip()),
        who=producer(cells["Country"]),
        cell=cell_of(cells["Value"], note),
        unit=" ".join(cells["Unit"].split()).casefold(),
        note=note,
        text=quoted(list(cells.values())),
    )


def _year(text: str) -> int:
    if re.fullmatch(r"(19|20)\d\d", text):
        return int(text)
    raise BadCellError("bad_period", Text(f"연도가 아닙니다: {text}", f"not a year: {text}"))


def _in_their_tables(lines: list[Line]) -> list[Line]:
    """Lines such as "Mine production: processed" stand in the table "Mine production", unless they have a total of their own.

    The printed table has the remark behind the country's name; the file moves it to the statistic's.
    """
    totals: dict[tuple[str, str], set[str]] = defaultdict(set)
    tables: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        tables[line.goods, line.measure].add(line.table)
        if line.who.code == "W00":
            totals[line.goods, line.measure].add(line.table)
    placed = []
    for line in lines:
        key = (line.goods, line.measure)
        part = None if line.table in totals[key] else _PART.match(line.table)
        if part and part["table"] in totals[key] | tables[key]:
            remark = ", ".join(filter(None, (part["part"], line.who.remark)))
            line = replace(line, table=part["table"], who=replace(line.who, remark=remark))  # noqa: PLW2901 - its place
        placed.append(line)
    return placed
