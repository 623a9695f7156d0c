"""Reading files of cases and of quiet series, in the formats of the project's own."""

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bongsu.codes.countries import country
from bongsu.codes.groups import groups
from bongsu.codes.tables import UnknownCodeError
from bongsu.detectors.flow_laying import FlowSeries
from bongsu.detectors.rule import FLOW, PRICE, TRANSIT
from bongsu.language import BadInputError, Text
from bongsu.records.known import period_end

FUSED = "fused"
LAYERS = (FLOW, PRICE, TRANSIT, FUSED)
CASE_COLUMNS = (
    "case_id", "layer", "reporter", "flow", "partner", "code", "series", "onset", "counts_from", "counts_to",
)  # fmt: skip
FLOW_COLUMNS, SERIES_COLUMNS = ("reporter", "flow", "partner", "code"), ("series",)  # needed where a row is of these
QUIET_COLUMNS = (*FLOW_COLUMNS, "scored_from", "scored_to")
_ALWAYS = tuple(name for name in CASE_COLUMNS if name not in {*FLOW_COLUMNS, *SERIES_COLUMNS})
_PLACE = re.compile(r"[A-Z][A-Z0-9]{2}")
_CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{8,10}")
_MONTH, _DAY = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Case:
    """Something that happened, and the days between which an alarm for it counts.

    Args:
        id: its name.
        layer: flow, price, transit or fused.
        flow: the series of trade, where the layer is flow or fused.
        series: the name of a price series or of a chokepoint, where it is one of these.
        onset: the day it began.
        counts_from, counts_to: known days, both inclusive.
        evidence: in the file's words.
    """

    id: str
    layer: str
    flow: FlowSeries | None
    series: str
    onset: date
    counts_from: date
    counts_to: date
    evidence: str = ""

    @property
    def named(self) -> str:
        """The series in one word, for people."""
        return self.series if self.flow is None else named(self.flow)


def named(one: FlowSeries) -> str:
    """A flow in one word, for people."""
    return f"{one.reporter} {one.flow} {one.partner or '*'} {one.code}"


@dataclass(frozen=True)
class Quiet:
    """A series on which every alarm between two known days is false."""

    flow: FlowSeries
    scored_from: date
    scored_to: date


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases in a file.

    Raises:
        BadInputError: naming line and mend; nothing is taken from a file with a bad row.
    """
    cases = tuple(_case(row, where) for row, where in _rows(path, _ALWAYS))
    seen: set[str] = set()
    for number, case in enumerate(cases, start=2):
        if case.id in seen:
            message = Text(f"'{case.id}' 사례가 두 번 있습니다.", f"the case '{case.id}' stands twice.")
            raise BadInputError(message, where=f"{path.name}: {number}", mend=_mend("case_id"))
        seen.add(case.id)
    return cases


def read_quiet(path: Path) -> tuple[Quiet, ...]:
    """The quiet series in a file; raises as `read_cases` does."""
    return tuple(_quiet(row, where) for row, where in _rows(path, QUIET_COLUMNS))


def known_span(first: str | None, last: str | None) -> tuple[date, date] | None:
    """The known days that two options name, each a day or a month; an end that is left out is open.

    Raises:
        BadInputError: no date, or the end before the beginning.
    """
    if first is None and last is None:
        return None
    open_ended = {"--from": first or "0001-01-01", "--to": last or "9999-12-31"}
    return _span(open_ended, "bongsu backtest", "--from", "--to")


def _check_columns(held: Collection[str], needed: Sequence[str], where: str) -> None:
    absent = [name for name in needed if name not in held]
    if absent:
        shown = ", ".join(absent)
        what = Text(f"없는 열: {shown}.", f"columns missing: {shown}.")
        raise BadInputError(
            what, where=where, mend=Text(f"필요한 열: {', '.join(needed)}.", f"Columns: {', '.join(needed)}.")
        )


def _case(row: Mapping[str, str], where: str) -> Case:
    layer = row["layer"].casefold()
    if layer not in LAYERS:
        what = Text(f"'{row['layer']}' 증거 층은 없습니다.", f"there is no layer '{row['layer']}'.")
        raise BadInputError(what, where=f"{where}, layer", mend=_mend_layers())
    of_trade = layer in {FLOW, FUSED}
    _check_columns(row, FLOW_COLUMNS if of_trade else SERIES_COLUMNS, where)
    flow = _flow_of(row, where) if of_trade else None
    begun, ended = _span(row, where, "counts_from", "counts_to")
    return Case(
        id=_needed(row, "case_id", where),
        layer=layer,
        flow=flow,
        series="" if flow else _needed(row, "series", where),
        onset=_first_day(row, "onset", where),
        counts_from=begun,
        counts_to=ended,
        evidence=row.get("evidence", ""),
    )


def _quiet(row: Mapping[str, str], where: str) -> Quiet:
    return Quiet(_flow_of(row, where), *_span(row, where, "scored_from", "scored_to"))


def _flow_of(row: Mapping[str, str], where: str) -> FlowSeries:
    return FlowSeries(
        reporter=_checked(row, "reporter", where, _is_place, _place),
        flow=_checked(row, "flow", where, lambda word: word in {"import", "export"}, str.lower),
        partner=_checked(row, "partner", where, lambda word: not word or _is_place(word), _place),
        code=_checked(row, "code", where, _CODE.fullmatch, lambda word: word.replace(".", "")),
    )


def _place(word: str) -> str:
    """A country's two letters become its three; any other code stays as it is."""
    try:
        return country(word).alpha3 if len(word) == 2 else word.upper()  # noqa: PLR2004 - ISO alpha-2
    except UnknownCodeError:
        return word.upper()


def _is_place(word: str) -> bool:
    return bool(_PLACE.fullmatch(word)) or word in groups()


def _checked(
    row: Mapping[str, str], column: str, where: str, fits: Callable[[str], object], cleaned: Callable[[str], str]
) -> str:
    word = cleaned(row[column])
    if fits(word):
        return word
    what = Text(f"'{row[column]}' 값을 읽을 수 없습니다.", f"'{row[column]}' cannot be read.")
    raise BadInputError(what, where=f"{where}, {column}", mend=_mend(column))


def _needed(row: Mapping[str, str], column: str, where: str) -> str:
    return _checked(row, column, where, bool, str)


def _span(row: Mapping[str, str], where: str, begin: str, end: str) -> tuple[date, date]:
    first, last = _first_day(row, begin, where), _last_day(row, end, where)
    if last < first:
        what = Text(f"{end} 값이 {begin} 값보다 이릅니다.", f"{end} lies before {begin}.")
        raise BadInputError(what, where=where, mend=_mend(end))
    return first, last


def _first_day(row: Mapping[str, str], column: str, where: str) -> date:
    return _day(row, column, where)[0]


def _last_day(row: Mapping[str, str], column: str, where: str) -> date:
    first, month = _day(row, column, where)
    return period_end(first, "M") if month else first


def _day(row: Mapping[str, str], column: str, where: str) -> tuple[date, bool]:
    """The day, or the first day of a month; and whether a month is what stands there."""
    word = row[column]
    with suppress(ValueError):
        if _MONTH.fullmatch(word):
            return date.fromisoformat(f"{word}-01"), True
        if _DAY.fullmatch(word):
            return date.fromisoformat(word), False
    what = Text(f"'{word}' 값은 날짜가 아닙니다.", f"'{word}' is not a date.")
    mend = Text("2021-10 또는 2021-10-15 처럼 쓰십시오.", "Write 2021-10 or 2021-10-15.")
    raise BadInputError(what, where=f"{where}, {column}", mend=mend)


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[Mapping[str, str], str]]:
    """Each row with its columns, cells trimmed, and where it stands."""
    reader = csv.reader(_decoded(path).splitlines())
    columns = [name.strip() for name in next(reader, [])]
    _check_columns(columns, needed, path.name)
    for row in reader:
        where, cells = f"{path.name}: {reader.line_num}", [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(columns):
            what = Text("칸의 수가 머리글과 다릅니다.", "it has not as many cells as the heading.")
            mend = Text("쉼표가 든 칸은 따옴표로 묶으십시오.", "Put a cell with a comma in quotation marks.")
            raise BadInputError(what, where=where, mend=mend)
        yield dict(zip(columns, cells, strict=True)), where


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = Text(f"파일을 열 수 없습니다({error.strerror}).", f"the file cannot be opened ({error.strerror}).")
        raise BadInputError(what, where=str(path), mend=Text("경로를 확인하십시오.", "Check the path.")) from error
    for encoding in ("utf-8-sig", "cp949"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    what = Text("글자를 읽을 수 없습니다.", "its characters cannot be read.")
    raise BadInputError(what, where=path.name, mend=Text("UTF-8로 저장하십시오.", "Save it as UTF-8."))


def _mend_layers() -> Text:
    return Text(f"있는 것: {', '.join(LAYERS)}.", f"There are: {', '.join(LAYERS)}.")


_MENDS = {
    "case_id": Text("사례마다 다른 이름을 주십시오.", "Give each case a name of its own."),
    "reporter": Text("ISO 세 글자 부호를 쓰십시오(예: KOR).", "Use the ISO code of three letters (KOR)."),
    "partner": Text(
        "ISO 세 글자 부호를 쓰거나 비우십시오.", "Use the ISO code of three letters, or leave it empty for all."
    ),
    "flow": Text("import 또는 export 를 쓰십시오.", "Use import or export."),
    "code": Text(
        "숫자 2, 4, 6, 8–10자리입니다. 앞의 0이 사라지지 않았는지 보십시오.",
        "It has 2, 4, 6 or 8 to 10 digits; see whether a leading zero was lost.",
    ),
    "--to": Text("--from에 더 이른 날을 주십시오.", "Give the earlier day to --from."),
    "counts_to": Text("counts_from에 더 이른 날을 적으십시오.", "Write the earlier day in counts_from."),
    "scored_to": Text("scored_from에 더 이른 날을 적으십시오.", "Write the earlier day in scored_from."),
    "series": Text("가격 계열이나 해협의 이름을 쓰십시오.", "Name the price series or the chokepoint."),
}
_OTHERWISE = Text("이 칸을 고치십시오.", "Mend this cell.")


def _mend(column: str) -> Text:
    return _MENDS.get(column, _OTHERWISE)
