"""The IMF's workbook: rows of codes, descriptions, data types and frequencies, then a row for each month."""

from collections.abc import Sequence

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow
from bongsu.records.formats import Cell, Sheet, cell_text
from bongsu.sources.imf_pcps.found import Found, Statement, period
from bongsu.sources.imf_pcps.series import Key, key

_ABOVE = 4  # rows: code, description, data type, frequency


def read_workbook(sheet: Sheet) -> Found:
    """The figures of the first sheet; BadInputError where the four rows above the months are not what they should be."""
    first = next((place for place, row in enumerate(sheet.rows) if row and period(cell_text(row[0]))), None)
    if first is None or first < _ABOVE:
        raise _odd(
            sheet,
            Text(
                "1980M1과 같은 달 위에 부호·설명·자료종류·주기 행이 없습니다.",
                "no rows of codes, descriptions, data types and frequencies stand above months such as 1980M1.",
            ),
        )
    head = [[cell_text(cell).strip() for cell in row] for row in sheet.rows[first - _ABOVE : first]]
    found = Found()
    keys = _keys(sheet, head, found)
    width = sum(any(row[column : column + 1] not in ([], [""]) for row in head) for column in range(1, len(head[0])))
    for number, cells in enumerate(sheet.rows[first:], first + 1):
        if any(cell != "" for cell in cells):
            _take(number, cells, keys, width, found)
    return found


def _take(number: int, cells: Sequence[Cell], keys: dict[int, Key], width: int, found: Found) -> None:
    label = cell_text(cells[0])
    if period(label) is None:
        detail = Text(f"월이 아닙니다: {label}", f"not a month: {label}")
        found.set_aside(BadRow(0, number, "bad_period", detail, "\t".join(map(cell_text, cells))), width)
        return
    found.statements += [Statement(number, of, label, cells[column]) for column, of in keys.items()]
    if width > len(keys):
        found.passed_over["no_code"] += width - len(keys)


def _keys(sheet: Sheet, head: Sequence[Sequence[str]], found: Found) -> dict[int, Key]:
    """Column → series. A column without a code has no name that the next edition would share; it is passed over."""
    keys: dict[int, Key] = {}
    nameless = []
    for column, (code, label, what, often) in enumerate(zip(*head, strict=True)):
        if column and code and what and often:
            keys[column] = key(code, what, often, label)
        elif column and (code or label or what or often):
            nameless.append(label or code or str(column + 1))
    ids = [of.id + of.frequency for of in keys.values()]
    twice = sorted({of.id for of in keys.values() if ids.count(of.id + of.frequency) > 1})
    if twice or not keys:
        listed = ", ".join(twice)
        raise _odd(sheet, Text(f"부호가 없거나 겹칩니다: {listed}.", f"no codes, or codes that stand twice: {listed}."))
    if nameless:
        found.columns.append(
            Text(
                f"부호나 자료종류가 없어 넘긴 열: {'; '.join(nameless)}.",
                f"columns passed over for want of a code or a data type: {'; '.join(nameless)}.",
            )
        )
    return keys


def _odd(sheet: Sheet, what: Text) -> BadInputError:
    return BadInputError(
        what,
        where=f"{sheet.workbook} [{sheet.name}]",
        mend=Text(
            "IMF 누리집의 external-data.xls 또는 .xlsx 원본을 그대로 주십시오.",
            "Give external-data.xls or .xlsx as the IMF published it.",
        ),
    )
