"""National tables that a user gives: the dated HSK extension (ten digits) and standard trade names (표준품명).

Both are CSV with a header, UTF-8 or cp949, one row for each code and period. We ship none: without a file a name is
unknown.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bongsu.codes.hs import normalise
from bongsu.language import BadInputError, Text

COLUMNS = ("code", "name_ko", "name_en", "valid_from", "valid_until")
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name of a code from one day until another; both days count, an open side is None."""

    name: Text
    valid_from: date | None
    valid_until: date | None

    def holds(self, on: date) -> bool:
        """Whether the name is in force on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    def meets(self, other: "DatedName") -> bool:
        """Whether some day belongs to both."""
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        return starts <= min(self.valid_until or date.max, other.valid_until or date.max)


@dataclass(frozen=True)
class HskTable:
    """The HSK as the user gave it: at most one name for a code on a day."""

    names: Mapping[str, tuple[DatedName, ...]] = field(default_factory=dict)

    def name(self, code: str, on: date) -> Text | None:
        """The name of a ten-digit code on a day; None where the table does not say."""
        return next((dated.name for dated in self.names.get(code, ()) if dated.holds(on)), None)

    def codes(self, on: date) -> tuple[str, ...]:
        """The codes in force on a day, in order."""
        return tuple(code for code in sorted(self.names) if self.name(code, on) is not None)


@dataclass(frozen=True)
class StandardNames:
    """Standard trade names as the user gave them: a code may have several, and a name several codes."""

    by_code: Mapping[str, tuple[DatedName, ...]] = field(default_factory=dict)

    def names(self, code: str, on: date) -> tuple[Text, ...]:
        """The standard names under a ten-digit code on a day, in the file's order."""
        return tuple(dated.name for dated in self.by_code.get(code, ()) if dated.holds(on))

    def codes(self, name: str, on: date) -> tuple[str, ...]:
        """The codes that carry a standard name (either language, case does not matter) on a day, in order."""
        wanted = name.strip().casefold()
        return tuple(
            code
            for code in sorted(self.by_code)
            if any(wanted in (text.ko.casefold(), text.en.casefold()) for text in self.names(code, on))
        )


def load_hsk(path: Path) -> HskTable:
    """Read an HSK table.

    Args:
        path: CSV with the columns of `COLUMNS`; dates as 2022-01-01, empty where open; an empty English name is
            given in Korean.

    Raises:
        BadInputError: the file cannot be read, or a line is wrong: names file, line and mend.
    """
    found: dict[str, list[DatedName]] = defaultdict(list)
    for line, code, dated in _read(path):
        if any(dated.meets(other) for other in found[code]):
            raise _bad(
                path,
                line,
                Text(f"{code}의 적용 기간이 앞의 행과 겹칩니다.", f"the period of {code} overlaps an earlier line."),
                Text("valid_from과 valid_until을 고치십시오.", "Correct valid_from and valid_until."),
            )
        found[code].append(dated)
    return HskTable({code: tuple(names) for code, names in found.items()})


def load_standard_names(path: Path) -> StandardNames:
    """Read a table of standard trade names; same columns and errors as `load_hsk`, but a code may have several."""
    found: dict[str, list[DatedName]] = defaultdict(list)
    for _, code, dated in _read(path):
        if dated not in found[code]:
            found[code].append(dated)
    return StandardNames({code: tuple(names) for code, names in found.items()})


def _read(path: Path) -> Iterator[tuple[int, str, DatedName]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise _bad(
            path,
            1,
            Text(f"필요한 열이 없습니다: {', '.join(missing)}.", f"columns are missing: {', '.join(missing)}."),
            Text(f"첫 줄을 {','.join(COLUMNS)}(으)로 적으십시오.", f"Make the first line {','.join(COLUMNS)}."),
        )
    for row in reader:
        cells = {column: (row[column] or "").strip() for column in COLUMNS}
        if any(cells.values()):
            yield reader.line_num, _code(path, reader.line_num, cells["code"]), _dated(path, reader.line_num, cells)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            Text("파일을 열 수 없습니다.", "cannot open the file."),
            where=str(path),
            mend=Text("경로와 읽기 권한을 확인하십시오.", "Check the path and the right to read it."),
        ) from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInputError(
        Text("UTF-8도 cp949도 아닌 파일입니다.", "the file is neither UTF-8 nor cp949."),
        where=str(path),
        mend=Text("'CSV UTF-8' 형식으로 다시 저장하십시오.", "Save it again as 'CSV UTF-8'."),
    )


def _code(path: Path, line: int, cell: str) -> str:
    if code := normalise(cell, _DIGITS):
        return code
    raise _bad(
        path,
        line,
        Text(f"품목번호 '{cell}'이(가) 열 자리가 아닙니다.", f"the code '{cell}' has not ten digits."),
        Text(
            "앞자리 0이 지워졌다면 열을 텍스트 서식으로 바꾸고 다시 저장하십시오.",
            "If its leading zero was lost, make the column text and save again.",
        ),
    )


def _dated(path: Path, line: int, cells: Mapping[str, str]) -> DatedName:
    if not cells["name_ko"] and not cells["name_en"]:
        raise _bad(
            path, line, Text("품명이 비어 있습니다.", "the name is empty."), Text("품명을 적으십시오.", "Give a name.")
        )
    name = Text(cells["name_ko"] or cells["name_en"], cells["name_en"] or cells["name_ko"])
    since, until = (_day(path, line, cells[column]) for column in ("valid_from", "valid_until"))
    if since and until and until < since:
        raise _bad(
            path,
            line,
            Text("적용 종료일이 시작일보다 빠릅니다.", "valid_until is before valid_from."),
            Text("두 날짜를 확인하십시오.", "Check both dates."),
        )
    return DatedName(name, since, until)


def _day(path: Path, line: int, cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError as error:
        raise _bad(
            path,
            line,
            Text(f"날짜 '{cell}'을(를) 읽을 수 없습니다.", f"cannot read the date '{cell}'."),
            Text("2022-01-01과 같이 적으십시오.", "Write it as 2022-01-01."),
        ) from error


def _bad(path: Path, line: int, what: Text, mend: Text) -> BadInputError:
    return BadInputError(what, where=f"{path}:{line}", mend=mend)
