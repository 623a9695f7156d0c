"""The CSV that datasets/commodity-prices republishes: names that do not belong to the columns below them.

How it came to be: the script that makes it writes a header of 64 names, typed in 2016, and below it every cell of
every row of the IMF's workbook from the fifth row on. The workbook has since grown from 64 columns to 95 and changed
their order; the four rows above, which hold codes, descriptions, data types and frequencies, are dropped. So the names
are too few, they stand over other series (the column called Aluminum holds an index near 190, not a price near 2,600),
and nothing in the file says which column is which. Only the first, the day, is certain, and a day alone is no price.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import BadRow, Raw
from bongsu.records.formats import decode, open_plain
from bongsu.sources.imf_pcps.found import Found, Statement, period
from bongsu.sources.imf_pcps.series import INDEX, PRICE, Key, key

_MARKS = ("Date", "All Commodity Price Index")
_SKIP = "-"
_LENGTH = len("2016-01-01")


def is_republished(names: Sequence[str]) -> bool:
    """Does a header begin as that file's does?"""
    return tuple(name.strip() for name in names[:2]) == _MARKS


def header(raw: Raw) -> list[str]:
    """The cells of the first row; none where there is no row."""
    return next(_rows(raw), [])


def read_republished(raw: Raw, mapping: Mapping[str, Any] | None) -> Found:
    """Its figures, under the codes that the user gives; BadInputError without them, or with another number of them."""
    rows = list(_rows(raw))
    widths = Counter(len(row) for row in rows[1:] if row)
    keys = _given(raw, mapping, len(rows[0]), max(widths, key=lambda width: (widths[width], width), default=0))
    found = Found()
    for number, cells in enumerate(rows[1:], 2):
        if cells:
            _take(number, cells, keys, found)
    return found


def _rows(raw: Raw) -> Any:  # noqa: ANN401 - an iterator of lists of text
    with open_plain(raw.path) as stream:
        text, _ = decode(stream.read(), None, where=raw.name)
    return csv.reader(io.StringIO(text, newline=""))


def _given(raw: Raw, mapping: Mapping[str, Any] | None, names: int, cells: int) -> list[Key | None]:
    if not mapping:
        raise _refused(raw, names, cells)
    listed = mapping.get("columns")
    if set(mapping) != {"columns"} or not isinstance(listed, list) or len(listed) + 1 != cells:
        raise BadInputError(
            Text(
                f"매핑의 columns가 날짜 뒤의 열 수와 맞지 않습니다(행마다 {cells}칸).",
                f"`columns` in the mapping does not name each column behind the day ({cells} cells a row).",
            ),
            where=raw.name,
            mend=Text(
                "같은 판의 부호 행을 순서대로 적으십시오. 예: [PALLFNF.INDEX, PALUM.USD, '-'] ('-'는 읽지 않을 열)",
                "Give the row of codes of the same edition in order: [PALLFNF.INDEX, PALUM.USD, '-'], '-' for one to leave out.",
            ),
        )
    return [_key(str(name), raw) for name in listed]


def _key(name: str, raw: Raw) -> Key | None:
    code, _, what = name.rpartition(".")
    if name == _SKIP:
        return None
    if not code or what not in (PRICE, INDEX):
        raise BadInputError(
            Text(f"계열 이름이 아닙니다: {name}.", f"no name of a series: {name}."),
            where=raw.name,
            mend=Text("PALUM.USD나 PALLFNF.INDEX처럼 적으십시오.", "Write it as PALUM.USD or PALLFNF.INDEX."),
        )
    return key(code, what, "M")


def _take(number: int, cells: Sequence[str], keys: Sequence[Key | None], found: Found) -> None:
    day = cells[0].strip()
    said = ",".join(cells)
    if len(cells) != len(keys) + 1:
        detail = Text("칸 수가 다른 행입니다.", "a row with another number of cells.")
        found.set_aside(BadRow(0, number, "ragged_row", detail, said), len(keys))
    elif len(day) != _LENGTH or not day.endswith("-01") or period(day[:-3]) is None:
        detail = Text(f"달의 첫날이 아닙니다: {day}", f"not the first day of a month: {day}")
        found.set_aside(BadRow(0, number, "bad_period", detail, said), len(keys))
    else:
        for of, cell in zip(keys, cells[1:], strict=True):
            if of is None:
                found.passed_over["left_out"] += 1
            else:
                found.statements.append(Statement(number, of, day[:-3], cell))


def _refused(raw: Raw, names: int, cells: int) -> BadInputError:
    return BadInputError(
        Text(
            f"열 이름 {names}개가 행마다 {cells}칸인 표 위에 얹혀 있습니다. 2016년의 이름을 그대로 쓰고 부호와 단위 행을 버린 "
            "파일이라 날짜 말고는 어느 열이 무엇인지 알 수 없습니다.",
            f"{names} column names stand over {cells} cells a row. The names are those of 2016, and the rows of codes and "
            "units were dropped: beside the day no column can be told.",
        ),
        where=raw.name,
        mend=Text(
            "IMF의 external-data.xlsx 원본을 주거나, 같은 판의 부호 행을 매핑(columns:)으로 주십시오.",
            "Give the IMF's own external-data.xlsx, or the row of codes of the same edition in a mapping (columns:).",
        ),
    )
