"""The CSV files of e-Stat: a row an item and country, three columns for each month, and the year's sums before them."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from bongsu.language import BadInputError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import Kind, open_plain, sniff
from bongsu.records.known import period_end
from bongsu.sources.cells import MONTHS, Coded, Fault, as_period, coded, constant, crossed
from bongsu.sources.doubles import doubled_rows, marked
from bongsu.sources.jp_customs import words
from bongsu.sources.opening import Layout, Opened, called_by_name, figures, open_table
from bongsu.sources.statements import Figures, Mask, Numbers, Statements

KEYS: Mapping[str, tuple[str, ...]] = {
    "flow": ("exporimp", "輸出入", "輸出or輸入"),
    "year": ("year", "年"),
    "code": ("hs", "統計品目番号", "品目番号"),
    "country": ("country", "国", "国名", "国コード"),
    "unit1": ("unit1", "単位1"),
    "unit2": ("unit2", "単位2"),
}
NEEDED = ("flow", "year", "code")
HOUSE = ("custom", "customs", "税関")
YEAR = 0  # stands for the whole year among the months
# "Quantity1-Jan", "Value-Year", "数量1-11月": the sign between keeps a slot and a month apart.
_FIGURE = re.compile(
    r"(?:(?:quantity|数量)(?P<slot>[12]?)|(?P<value>value|金額))_(?:(?P<name>[a-z]{3,})|(?P<month>\d{1,2})月|年|合計|累計)"
)
_SPELLED = {"apl": "apr"}  # the files of 2008
_HEAD = 1 << 16
PASSED = (words.UNPUBLISHED, "special_code", "year_to_date", "repeated", "no_figure")


@dataclass(frozen=True)
class Columns:
    """Which column is which.

    Args:
        keys: field of KEYS → its name in the file.
        figures: (month, or YEAR; "value", "quantity1" or "quantity2") → its name.
    """

    keys: Mapping[str, str]
    figures: Mapping[tuple[int, str], str]

    @property
    def months(self) -> tuple[int, ...]:
        """The months that the file has columns for."""
        return tuple(sorted({month for month, what in self.figures if what == "value" and month != YEAR}))


@dataclass(frozen=True)
class Taken:
    """What a file states, and what is to be told of it."""

    statements: tuple[Statements, ...]
    notes: tuple[Text, ...]


def open_file(raw: Raw) -> tuple[Opened, Columns]:
    """The table in `raw`, and its columns.

    Raises:
        BadInputError: no such table, or one by customs house.
    """
    opened = open_table(raw, Layout(encoding=_encoding(raw)))
    return opened, columns_of(opened.table.column_names, opened.name)


def _encoding(raw: Raw) -> str | None:
    """Files without a mark are UTF-8 or Japan's cp932, which by its bytes could as well be Korean."""
    if sniff(raw.path) not in (Kind.TEXT, Kind.GZIP, Kind.ZIP):
        return None
    with called_by_name(raw), open_plain(raw.path) as stream:
        head = stream.read(_HEAD)
    if head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        return None
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp932"
    return None


def columns_of(names: Sequence[str], where: str) -> Columns:
    """Which column is which, by English or Japanese names.

    Raises:
        BadInputError: columns are missing, or the table is by customs house.
    """
    signed = {re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_"): name for name in names}
    plain = {name.replace("_", ""): of for name, of in signed.items()}
    keys = {field: plain[one] for field, spelled in KEYS.items() for one in spelled if one in plain}
    found: dict[tuple[int, str], str] = {}
    for bare, name in signed.items():
        if (read := _FIGURE.fullmatch(bare)) and (month := _month(read)) is not None:
            found[month, "value" if read["value"] else f"quantity{read['slot'] or 2}"] = name
    missing = [field for field in NEEDED if field not in keys]
    if missing or not any(what == "value" for _, what in found) or any(one in plain for one in HOUSE):
        raise _no_such_table(names, where)
    return Columns(keys, found)


def _month(read: re.Match[str]) -> int | None:
    if read["month"]:
        return int(read["month"]) if 1 <= int(read["month"]) <= len(MONTHS) else None
    name = read["name"]
    if name is None or name in ("year", "total"):
        return YEAR
    short = _SPELLED.get(name, name)[:3]
    return MONTHS.index(short) + 1 if short in MONTHS else None


def _no_such_table(names: Sequence[str], where: str) -> BadInputError:
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")  # noqa: PLR2004 - the rest repeats by month
    return BadInputError(
        Text(
            f"일본 무역통계 품별국별표의 열이 아닙니다: {shown}.",
            f"these are not the columns of Japan's table by commodity and country: {shown}.",
        ),
        where=where,
        mend=Text(
            "e-Stat의 '品別国別表'(전국분) CSV를 주십시오. 있어야 할 열: Exp or Imp, Year, HS, Country, Unit1, Unit2,"
            " Quantity1-Jan … Value-Dec. 세관별 표는 읽지 않습니다.",
            "Give the nationwide CSV '品別国別表' of e-Stat, with the columns Exp or Imp, Year, HS, Country, Unit1, Unit2,"
            " Quantity1-Jan … Value-Dec. Tables by customs house are not read.",
        ),
    )


def read_file(number: int, opened: Opened, columns: Columns, ends: date, *, lost_zeros: bool) -> Taken:
    """What one file states of each month that is out; `ends` is the day of its vintage."""
    table, rows = opened.table, opened.table.num_rows
    months = columns.months or (YEAR,)
    cells = {field: coded(table[name]) for field, name in columns.keys.items()}
    code = cells["code"].read(lambda word: words.code(word, lost_zeros=lost_zeros))
    flow, year = cells["flow"].read(words.flow), cells["year"].read(lambda word: as_period(str(word), "A"))
    by_month = {month: _figures(table, columns, month, cells, rows) for month in months}
    last = _last_published(crossed(flow, year), by_month)
    named = [cells[field] for field in ("flow", "year", "code", "country") if field in cells]
    repeated, contradictory = doubled_rows(named, [one.values for given in by_month.values() for one in given.values()])
    special = _special(code)
    made = []
    for place, month in enumerate(months):
        period = year if month == YEAR else year.read(_month_of(month))
        day = _ends(period)
        reason = np.full(rows, -1, dtype=np.int32)
        reason[coded(table[columns.figures[month, "value"]]).ids < 0] = 4
        reason[special] = 1
        reason[repeated & ~special] = 3
        reason[(month > last) & ~special] = 0
        if month == YEAR:
            reason[~special & _not_over(day, ends)] = 2
        made.append(
            Statements(
                raw=number,
                rows=table,
                position=np.arange(rows),
                raw_row=opened.row,
                keys={
                    "reporter": constant("JPN", rows),
                    "flow": flow,
                    "partner": crossed(cells["country"], day).read(words.partner)
                    if "country" in cells
                    else constant("W00", rows),
                    "code_system": code.read(lambda _: words.SYSTEM),
                    "code": code,
                    "period": period,
                },
                labels={"currency": marked(constant("JPY", rows), contradictory), "quantity_unit": _unit(cells, rows)},
                figures=by_month[month],
                passed=Coded(reason, PASSED),
                part=_part(number, crossed(flow, year)),
                odd=opened.odd if place == 0 else (),
            )
        )
    return Taken(tuple(made), _sums(opened, columns, by_month))


def _month_of(month: int) -> Callable[[tuple[date, str]], tuple[date, str]]:
    return lambda year: (date(year[0].year, month, 1), "M")


def _special(code: Coded) -> Mask:
    hit = [isinstance(word, str) and word.startswith(words.NO_GOODS) for word in code.words]
    return np.asarray(np.array([*hit, False])[code.ids], np.bool_)


def _ends(period: Coded) -> Coded:
    days = [date.max if isinstance(word, Fault) else period_end(*word) for word in period.words]
    ids = np.where(period.ids < 0, len(days), period.ids).astype(np.int32)
    return Coded(ids, (*days, date.max)).read(lambda day: day)


def _not_over(day: Coded, ends: date) -> Mask:
    """A sum of months before the year is over is no year."""
    return np.asarray(np.array([*(word >= ends for word in day.words), False])[day.ids], np.bool_)


def _part(number: int, of: Coded) -> Coded:
    """Each flow and year of each file is complete for itself."""
    return Coded(of.ids, tuple((number, str(word)) for word in of.words))


def _last_published(group: Coded, by_month: Mapping[int, Mapping[str, Figures]]) -> Numbers:
    """For each row the last month in which any row of its flow and year has a figure: later ones print 0 for "not yet".

    Months without any trade at the end of a small file cannot be told from unpublished ones; they stay unknown.
    """
    last = np.zeros(len(group.words) + 1)
    for month, given in by_month.items():
        some = np.zeros(len(group.ids), dtype=np.bool_)
        for one in given.values():
            some |= np.nan_to_num(one.values) != 0
        last[np.unique(group.ids[some])] = month
    last[-1] = max(by_month)  # rows of no known flow or year are set aside for that
    return last[group.ids]


def _figures(
    table: pa.Table, columns: Columns, month: int, cells: Mapping[str, Coded], rows: int
) -> dict[str, Figures]:
    """Value in yen, weight in kilograms by the first slot that has a unit of mass, quantity by the first that has not."""
    unknown = np.full(rows, np.nan)
    weight, quantity, bad = unknown.copy(), unknown.copy(), np.zeros(rows, dtype=np.bool_)
    for slot in ("2", "1"):  # the first slot goes over the second
        name = columns.figures.get((month, f"quantity{slot}"))
        unit = cells.get(f"unit{slot}", constant(None, rows))
        if name is None:
            continue
        given, mass = figures(table[name]), words.masses(unit)
        weight = np.where(np.isnan(mass), weight, given.values * mass)
        counted = (unit.ids >= 0) & np.isnan(mass)
        quantity = np.where(counted, given.values, quantity)
        bad |= given.bad
    return {
        "value": figures(table[columns.figures[month, "value"]], words.THOUSAND_YEN),
        "weight_kg": Figures(weight, bad),
        "quantity": Figures(quantity, np.zeros(rows, dtype=np.bool_)),
    }


def _unit(cells: Mapping[str, Coded], rows: int) -> Coded:
    """The unit of the quantity, as printed: of the first slot that has one which is no mass."""
    first, second = (cells.get(name, constant(None, rows)) for name in ("unit1", "unit2"))
    one, two = (unit.read(lambda word: None if words.kilograms(word) > 0 else str(word)) for unit in (first, second))
    ids = np.where(one.ids >= 0, one.ids, np.where(two.ids >= 0, two.ids + len(one.words), -1))
    return Coded(ids.astype(np.int32), (*one.words, *two.words)).read(lambda word: word)


def _sums(opened: Opened, columns: Columns, by_month: Mapping[int, Mapping[str, Figures]]) -> tuple[Text, ...]:
    """A note where months do not add up to the file's own sum of the year."""
    name = columns.figures.get((YEAR, "value"))
    if name is None or YEAR in by_month:
        return ()
    year = figures(opened.table[name], words.THOUSAND_YEN).values
    months = np.sum([given["value"].values for given in by_month.values()], axis=0)
    apart = int((np.abs(year - months) > 0).sum())
    if not apart:
        return ()
    return (
        Text(
            f"{opened.name}: 월별 금액의 합이 연 합계와 다른 행이 {apart}개 있습니다.",
            f"{opened.name}: in {apart} rows the months do not add up to the year.",
        ),
    )
