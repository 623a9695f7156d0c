"""US Census figures: files of several shapes, and the answers of the bureau's API, in one delivery of one shape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw, Reading
from bongsu.records.formats import Kind, read_json, sniff
from bongsu.sources.cells import Coded, Fault, as_code, as_period, coded, constant, together
from bongsu.sources.flows import assemble
from bongsu.sources.opening import Opened, called_by_name, figures, open_table
from bongsu.sources.partners import partner_reader
from bongsu.sources.source import ReadRequest
from bongsu.sources.statements import Figures, Mask, Statements, Terms
from bongsu.sources.us_census.shapes import Shape, shape_of

TOTAL_PARTNERS = ("TOTAL FOR ALL COUNTRIES", "-")
TOTAL_CODES = ("-", "TOTAL")
# Schedule C numbers countries in four digits from 1000 on; below stand groups, and "1XXX" is a continent.
GROUPS = "country_group"
NO_UNIT = ("-", "X")
DECEMBER = 12


def read(request: ReadRequest) -> Reading:
    """The flows in the files of `request`.

    Raises:
        BadInputError: a file of unknown shape, files of different shapes in one delivery, an API answer that
            is empty or an error.
    """
    opened = [_open(raw) for raw in request.raws]
    shapes = [shape_of(one) for one in opened]
    if any(shape != shapes[0] for shape in shapes):
        raise BadInputError(
            Text("서로 다른 꼴의 파일이 섞여 있습니다.", "files of different shapes are in one delivery."),
            where=", ".join(one.name for one in opened),
            mend=Text("꼴이 같은 파일끼리 나누어 주십시오.", "Give the files of each shape on their own."),
        )
    files = [statements(number, one, shapes[0]) for number, one in enumerate(opened)]
    return assemble(request, files, _terms(request, shapes[0], files), _notes(opened, shapes[0]))


def _terms(request: ReadRequest, shape: Shape, files: list[Statements]) -> Terms:
    """Ten-digit files hold all codes; shorter ones mix levels, so their scope names the codes that they hold."""
    codes = together([one.keys["code"] for one in files]).words
    full = all(isinstance(code, Fault) or len(code) == 10 for code in codes)  # noqa: PLR2004 - HTS, Schedule B
    listed = ("reporter", "flow", "partner", "code_system", *(() if full else ("code",)))
    return Terms(request.source.id, shape.duplicates, complete=True, listed=listed)


def _notes(opened: list[Opened], shape: Shape) -> list[Text]:
    both = [name for name in shape.value if name in opened[0].table.column_names]
    if len(both) > 1:
        return [Text(f"금액은 {both[0]} 열을 읽었습니다.", f"values are read from {both[0]}.")]
    return []


def _open(raw: Raw) -> Opened:
    return _answer(raw) if sniff(raw.path) is Kind.JSON else open_table(raw)


def _answer(raw: Raw) -> Opened:
    """An API answer: a list of rows, the first of which holds the names."""
    with called_by_name(raw):
        rows = read_json(raw.path)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise BadInputError(
            Text("통계국 API의 응답 꼴이 아닙니다.", "this is not an answer of the Census API."),
            where=raw.name,
        )
    if len(rows) == 1:
        # A list of codes that the API does not know gives no error, only no rows.
        raise BadInputError(
            Text("응답에 자료 행이 하나도 없습니다.", "the answer holds no row at all."),
            where=raw.name,
            mend=Text(
                "품목부호와 국가코드, 그 달의 공표 여부를 확인하십시오. 없는 부호를 물어도 오류 없이 빈 답이 옵니다.",
                "Check the codes asked for, and whether the month is out: unknown codes give no error, only no rows.",
            ),
        )
    names = list(dict.fromkeys(map(str, rows[0])))  # a predicate that is also asked for comes twice
    place = [rows[0].index(name) for name in names]
    columns = [pa.array([_cell(row[at]) for row in rows[1:]], pa.string()) for at in place]
    number = np.arange(1, len(rows), dtype=np.int64)
    return Opened(raw.name, pa.table(columns, names=names), number)


def _cell(cell: Any) -> str | None:  # noqa: ANN401 - JSON
    return None if cell is None else str(cell)


def statements(number: int, opened: Opened, shape: Shape) -> Statements:
    """What one file states."""
    table, rows = opened.table, opened.table.num_rows
    code = _code(opened, shape)
    partner = coded(table[shape.partner])
    period = coded(table[shape.period])
    passed = _passed(opened, shape, code, partner, period)
    alone = shape.one_partner
    known = constant(alone, rows) if alone else partner.read(_partner(shape.partner_kind))
    digits = code.read(lambda word: as_code(word, None, lost_zeros=False))
    return Statements(
        raw=number,
        rows=table,
        position=np.arange(rows),
        raw_row=opened.row,
        keys={
            "reporter": constant("USA", rows),
            "flow": constant(shape.flow, rows),
            "partner": known,
            "code_system": digits.read(_system(shape.flow)),
            "code": digits,
            "period": period.read(lambda word: as_period(word, shape.frequency)),
        },
        labels={"currency": constant("USD", rows), "quantity_unit": _unit(opened, shape)},
        figures=_figures(opened, shape),
        passed=passed,
        part=_part(opened, shape),
        odd=opened.odd,
    )


def _code(opened: Opened, shape: Shape) -> Coded:
    """The code column; where it is empty, the columns that stand in for it."""
    code = coded(opened.table[shape.code])
    for name in shape.other_codes:
        other = coded(opened.table[name])
        both = Coded(other.ids + len(code.words), other.words)
        ids = np.where((code.ids < 0) & (other.ids >= 0), both.ids, code.ids).astype(np.int32)
        code = Coded(ids, (*code.words, *other.words)).read(lambda word: word)
    return code


def _system(flow: str) -> Callable[[str], str]:
    """Ten digits are the country's own: the tariff schedule for imports, Schedule B for exports."""
    national = "HTS" if flow == "import" else "SCHEDULE_B"
    return lambda code: national if len(code) > 6 else "HS"  # noqa: PLR2004 - the HS ends there


def _partner(kind: str) -> Callable[[Any], Any]:
    totals = dict.fromkeys(TOTAL_PARTNERS, "W00")
    return partner_reader(kind, totals)


def _unit(opened: Opened, shape: Shape) -> Coded:
    if shape.quantity_unit not in opened.table.column_names:
        return constant(None, opened.table.num_rows)
    return coded(opened.table[shape.quantity_unit]).read(lambda word: None if word in NO_UNIT else word)


def _figures(opened: Opened, shape: Shape) -> dict[str, Figures]:
    table = opened.table
    found = {"value": figures(table[next(name for name in shape.value if name in table.column_names)])}
    if shape.quantity in table.column_names:
        quantity = figures(table[shape.quantity])
        # Without a unit the bureau prints 0 for a quantity that it does not collect.
        quantity.values[_unit(opened, shape).ids < 0] = np.nan
        found["quantity"] = quantity
    return found


def _passed(opened: Opened, shape: Shape, code: Coded, partner: Coded, period: Coded) -> Coded:
    reason = np.full(opened.table.num_rows, -1, dtype=np.int32)
    reason[_words(code, lambda word: word in TOTAL_CODES)] = 0
    if shape.partner_kind == "census":
        reason[_words(partner, _is_group) & (reason < 0)] = 1
    if shape.frequency == "A":
        reason[_words(period, _is_part_of_year) & (reason < 0)] = 2
    if shape.other_codes:
        reason[_restated(opened, shape, code, period) & (reason < 0)] = 3
    return Coded(reason, ("total", GROUPS, "year_to_date", "restated"))


def _restated(opened: Opened, shape: Shape, code: Coded, period: Coded) -> Mask:
    """Rows without a code of their own whose stand-in code and month other rows state already."""
    own = coded(opened.table[shape.code]).ids >= 0
    key = code.ids.astype(np.int64) * (len(period.words) + 1) + period.ids
    return ~own & np.isin(key, np.unique(key[own]))


def _words(column: Coded, test: Callable[[Any], bool]) -> Mask:
    return np.array([*map(test, column.words), False], dtype=np.bool_)[column.ids]


def _is_group(word: Any) -> bool:  # noqa: ANN401 - a cell
    code = str(word)
    return code not in ("-", "0003") and (code.startswith("00") or code.endswith("XXX"))


def _is_part_of_year(word: Any) -> bool:  # noqa: ANN401 - a cell
    """A running total before December is no year."""
    month = as_period(word, "M")
    return not isinstance(month, Fault) and month[0].month != DECEMBER


def _part(opened: Opened, shape: Shape) -> Coded:
    """Rows whose code stands in another column are of one month only: they get a scope of their own."""
    if not shape.other_codes:
        return constant("", opened.table.num_rows)
    has_code = coded(opened.table[shape.code]).ids >= 0
    return Coded(np.where(has_code, 0, 1).astype(np.int32), ("by code", "latest month"))
