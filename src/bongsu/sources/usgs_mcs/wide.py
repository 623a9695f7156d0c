"""The shape up to 2025: one row a country, with columns for two years of production, of capacity, and reserves."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bongsu.records.formats import Rows
from bongsu.sources.printed import Printed
from bongsu.sources.producers import Producer, producer
from bongsu.sources.typed_rows import BadCellError
from bongsu.sources.usgs_mcs.lines import MARKS, Line, Lines, cell_of, estimated, explained, quoted, words

COLUMNS = ("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_FIGURE = re.compile(r"(?P<measure>PROD|CAP|RESERVES?)_(?P<estimated>EST_)?\s*(?P<year>(?:19|20)\d\d)")
_NOTE = re.compile(r"(?P<measure>PROD|CAP|RESERVES?)_NOTES?")
_MEASURES = {"PROD": "production", "CAP": "capacity", "RESERVE": "reserves", "RESERVES": "reserves"}
_EDITION = re.compile(r"MCS\s*(?P<year>20\d\d)")
_MARK = re.compile(r"(?P<mark>w|na|xx)\b(?: for (?P<first>(?:19|20)?\d\d)(?:-(?P<last>\d\d))?)?", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[ (,])(?P<unit>(?:thousand|million) metric tons)\b", re.IGNORECASE)
_NO_RESERVE = re.compile(r"\bnot a reserve\b", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column of figures."""

    name: str
    measure: str
    year: int
    estimated: bool


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    goods: str
    table: str
    text: str


def columns(names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of figures among `names`."""
    found = ((name, _FIGURE.fullmatch(name)) for name in names)
    return tuple(
        Column(name, _MEASURES[match["measure"]], int(match["year"]), bool(match["estimated"]))
        for name, match in found
        if match
    )


def read_wide(rows: Rows) -> Lines:
    """The lines of all tables; a statement is a figure's cell."""
    names = rows.table.column_names
    figures = columns(names)
    notes = {_MEASURES[match["measure"]]: name for name in names if (match := _NOTE.fullmatch(name))}
    read = [_row(number, cells) for number, cells in zip(rows.row.to_pylist(), rows.table.to_pylist(), strict=True)]
    made = Lines(seen=len(read) * len(figures))
    made.edition = _edition(read)
    for measure in dict.fromkeys(column.measure for column in figures):
        own = [column for column in figures if column.measure == measure]
        _take_measure(made, read, own, notes.get(measure, ""))
    made.lines.sort(key=lambda line: line.row)
    return made


def _row(number: int, cells: Mapping[str, str]) -> _Row:
    return _Row(number, cells, words(cells["COMMODITY"]), words(cells["TYPE"]), quoted(list(cells.values())))


def _edition(read: Sequence[_Row]) -> int | None:
    found = (_EDITION.fullmatch(row.cells["SOURCE"].strip()) for row in read)
    return max((int(match["year"]) for match in found if match), default=None)


def _take_measure(made: Lines, read: Sequence[_Row], own: Sequence[Column], note: str) -> None:
    """Read one group of columns, table by table: what a note says of one line's unit holds for the table."""
    tables: dict[tuple[str, str], list[_Row]] = {}
    for row in read:
        tables.setdefault((row.goods, row.table), []).append(row)
    for rows in tables.values():
        notes = {row.number: " ".join(row.cells.get(note, "").split()) for row in rows}
        filled = [column for column in own if any(_says(row, notes[row.number], column) for row in rows)]
        made.passed_over["no_figure"] += len(rows) * (len(own) - len(filled))
        if own[0].measure == "reserves" and any(_NO_RESERVE.search(said) for said in notes.values()):
            made.passed_over["not_a_reserve"] += len(rows) * len(filled)
            continue
        for row in rows if filled else ():
            _take_row(made, row, filled, notes[row.number], _unit(rows, row, notes))
    made.passed_over += Counter()  # drops what is zero


def _says(row: _Row, note: str, column: Column) -> bool:
    return bool(row.cells[column.name].strip()) or _marked(note, column).stated != "blank"


def _unit(rows: Sequence[_Row], row: _Row, notes: Mapping[int, str]) -> str:
    """The line's unit: by its own note, by the note of any line of its table, as printed, or as for the others there."""
    said = [match["unit"].casefold() for number in (row.number, *notes) if (match := _UNIT.search(notes[number]))]
    printed = [" ".join(one.cells["UNIT_MEAS"].split()).casefold() for one in (row, *rows)]
    others = [unit for unit in printed if unit]
    return said[0] if said else printed[0] or (others[0] if len(set(others)) == 1 else "")


def _take_row(made: Lines, row: _Row, own: Sequence[Column], note: str, unit: str) -> None:
    try:
        who = producer(row.cells["COUNTRY"])
        for line in list(_lines(row, own, note, unit, who)):
            made.lines.append(line)
    except BadCellError as error:
        made.set_aside(row.number, error, row.text, len(own))


def _lines(row: _Row, own: Sequence[Column], note: str, unit: str, who: Producer) -> Iterator[Line]:
    """A total with a remark of its own ("natural", "ilmenite and rutile") tells its table by it."""
    table = f"{row.table}: {who.remark}" if who.code == "W00" and who.remark else row.table
    for column in own:
        text = row.cells[column.name]
        cell = cell_of(text, note) if text.strip() else _marked(note, column)
        if cell.value is not None or cell.stated == "bounds":
            cell = replace(cell, estimated=_estimated(cell, column, note, row.cells["TYPE"], alone=len(own) == 1))
        measure = _measure(column, row.table)
        yield Line(row.number, row.goods, table, measure, column.year, who, cell, unit, note, row.text)


def _measure(column: Column, table: str) -> str:
    """A table of capacity may stand in the columns of production; its heading says which it is."""
    by_heading = column.measure == "production" and "capacity" in table and "production" not in table
    return "capacity" if by_heading else column.measure


def _estimated(cell: Printed, column: Column, note: str, table: str, *, alone: bool) -> bool | None:
    """The later year is headed so; the note speaks of the earlier one, or of the only one; last the table's own heading."""
    said = estimated(note)
    if cell.estimated or (column.estimated and not (alone and said is False)):
        return True
    if said is not None:
        return said
    return True if re.search(r"\bestimated\s*$", table, re.IGNORECASE) else None


def _marked(note: str, column: Column) -> Printed:
    """What a note says in place of a blank cell."""
    if (found := _MARK.match(note)) and _covers(found, column.year):
        return Printed(stated=MARKS[found["mark"].casefold()], mark=found["mark"])
    if MARKS.get(note.casefold().rstrip(".")) == "words":
        return Printed(stated="words", mark=note)
    try:
        return explained(note, "")
    except BadCellError:
        return Printed(stated="blank")


def _covers(found: re.Match[str], year: int) -> bool:
    """Does "W for 23-24" or "na for 2023" speak of `year`? Without years it speaks of all."""
    if found["first"] is None:
        return True
    first = int(found["first"][-2:])
    return first <= year % 100 <= int(found["last"] or first)
