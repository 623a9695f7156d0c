"""The shapes in which Comext comes, made one: what each column holds, whatever the edition calls it.

* bulk: the monthly and yearly files of the bulk download, one row a product, partner and procedure (two editions);
* long: the dissemination API's SDMX-CSV, one row a figure;
* wide: the same as TSV, a column a period.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.language import BadInputError, Text
from bongsu.records.formats import OddRow
from bongsu.sources.cells import Coded, coded, constant
from bongsu.sources.opening import Opened
from bongsu.sources.statements import Mask, Positions

Layout = Literal["bulk", "long"]

# Field → names, newest edition first. In the older bulk files PARTNER is a number, so PARTNER_ISO goes before it.
BULK: Mapping[str, tuple[str, ...]] = {
    "reporter": ("REPORTER", "DECLARANT_ISO"),
    "partner": ("PARTNER_ISO", "PARTNER"),
    "product": ("PRODUCT_NC",),
    "flow": ("FLOW",),
    "period": ("PERIOD",),
    "value": ("VALUE_EUR", "VALUE_IN_EUROS"),
    "trade_type": ("TRADE_TYPE",),
    "procedure": ("STAT_PROCEDURE", "STAT_REGIME"),
    "unit": ("SUPPL_UNIT", "SUPP_UNIT"),
    "weight": ("QUANTITY_KG", "QUANTITY_IN_KG"),
    "quantity": ("QUANTITY_SUPPL_UNIT", "SUP_QUANTITY"),
}
LONG: Mapping[str, tuple[str, ...]] = {
    "reporter": ("REPORTER",),
    "partner": ("PARTNER",),
    "product": ("PRODUCT",),
    "flow": ("FLOW",),
    "period": ("TIME_PERIOD",),
    "indicator": ("INDICATORS",),
    "value": ("OBS_VALUE",),
    "frequency": ("FREQ",),
    "procedure": ("STAT_PROCEDURE",),
    "updated": ("LAST UPDATE",),
}
OLD_NUMBERS = ("DECLARANT", "PARTNER")
NEEDED: Mapping[Layout, tuple[str, ...]] = {
    "bulk": ("reporter", "partner", "product", "flow", "period", "value"),
    "long": ("reporter", "partner", "product", "flow", "period", "indicator", "value"),
}
WIDE_END = "\\TIME_PERIOD"  # the first name of a TSV: freq,reporter,…\TIME_PERIOD
NOT_AVAILABLE = ":"
_DAYS = (
    re.compile(r"(?P<d>\d{2})/(?P<m>\d{2})/(?P<y>\d{2}|\d{4})\b"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
)


@dataclass(frozen=True)
class Stated:
    """One file, column by column.

    Args:
        layout: do rows hold a fact (bulk) or one figure of it (long)?
        rows, position, raw_row: as in `Statements`.
        cells: field → words; a field that the file lacks is absent.
        figures: field → the column as it stood, to be read as numbers.
        updated: the day of the data set's last update, where the file says it.
        absent: statements that a wide table holds only because others have a figure there.
        odd: rows that do not fit the header.
        other: columns that name a row of a bulk file beside those read: the older files' numbers of countries.
    """

    layout: Layout
    rows: pa.Table
    position: Positions
    raw_row: Positions
    cells: Mapping[str, Coded]
    figures: Mapping[str, pa.ChunkedArray]
    updated: date | None
    absent: Mask
    odd: tuple[OddRow, ...]
    other: tuple[Coded, ...] = ()

    def words(self, field: str) -> Coded:
        """The words of a field; all empty where the file lacks it."""
        return self.cells.get(field, constant(None, len(self.position)))


def stated(opened: Opened) -> Stated:
    """What `opened` holds.

    Raises:
        BadInputError: none of the shapes; the error lists the columns that each has.
    """
    if opened.table.column_names[0].endswith(WIDE_END):
        return _wide(opened)
    layout, found = layout_of(opened.table.column_names, opened.name)
    position = np.arange(opened.table.num_rows)
    columns = {field: opened.table[name] for field, name in found.items()}
    return _stated(layout, opened, position, columns, np.zeros(len(position), np.bool_))


def layout_of(names: Sequence[str], where: str) -> tuple[Layout, dict[str, str]]:
    """Which shape a header has, and field → the column's name in it.

    Raises:
        BadInputError: none; the error lists the columns that each shape has.
    """
    # With labels the API prints "reporter:Reporting country".
    plain = {name.partition(":")[0].strip().upper(): name for name in names}
    shapes: Mapping[Layout, Mapping[str, tuple[str, ...]]] = {"bulk": BULK, "long": LONG}
    for layout, known in shapes.items():
        hits = {field: [plain[name] for name in spelled if name in plain] for field, spelled in known.items()}
        found = {field: columns[0] for field, columns in hits.items() if columns}
        if all(field in found for field in NEEDED[layout]):
            return layout, found
    listed = "; ".join(
        f"{layout}: {', '.join(' | '.join(known[field]) for field in NEEDED[layout])}"
        for layout, known in shapes.items()
    )
    raise BadInputError(
        Text(
            f"Comext 파일의 열이 아닙니다: {', '.join(names)}.",
            f"these are not the columns of a Comext file: {', '.join(names)}.",
        ),
        where=where,
        mend=Text(
            f"알고 있는 꼴: {listed}. 다른 꼴이면 flows_table과 매핑을 쓰십시오.",
            f"Known shapes: {listed}. For any other use flows_table with a mapping.",
        ),
    )


def _stated(
    layout: Layout,
    opened: Opened,
    position: Positions,
    columns: Mapping[str, pa.ChunkedArray],
    absent: Mask,
) -> Stated:
    numeric = ("value", "weight", "quantity")
    cells = {field: _codes(coded(column)) for field, column in columns.items() if field not in (*numeric, "updated")}
    updated = (
        [day for word in coded(columns["updated"]).words if (day := _day(str(word)))] if "updated" in columns else []
    )
    return Stated(
        layout,
        opened.table,
        position,
        opened.row[position],
        cells,
        {field: column for field, column in columns.items() if field in numeric},
        max(updated, default=None),
        absent,
        opened.odd,
        tuple(coded(opened.table[name]) for name in OLD_NUMBERS if name in opened.table.column_names),
    )


def _codes(column: Coded) -> Coded:
    """With labels the API prints "DE:Germany"; the code stands first."""
    return column.read(lambda word: str(word).partition(":")[0].strip() or None)


def _day(word: str) -> date | None:
    for shape in _DAYS:
        if found := shape.match(word):
            year = int(found["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))  # noqa: PLR2004
            except ValueError:
                return None
    return None


def _wide(opened: Opened) -> Stated:
    """A TSV: the keys of a row in its first cell, then a cell a period, "204548 p" or ": c"."""
    keys, *periods = opened.table.column_names
    names = keys.removesuffix(WIDE_END).split(",")
    layout, _ = layout_of([*names, "TIME_PERIOD", "OBS_VALUE"], opened.name)
    parts = pc.split_pattern(opened.table[keys], ",")
    size, width = opened.table.num_rows, len(periods)
    fits = pc.fill_null(pc.equal(pc.list_value_length(parts), len(names)), fill_value=False)
    if not pc.all(fits).as_py():
        row = int(opened.row[int(np.flatnonzero(~fits.to_numpy())[0])])
        raise BadInputError(
            Text(f"{row}행의 첫 칸이 {keys} 꼴이 아닙니다.", f"row {row} does not begin with {keys}."),
            where=opened.name,
            mend=Text(
                "파일이 잘렸거나 고쳐진 것이 아닌지 확인해 주십시오.", "Check for a file that was cut or edited."
            ),
        )
    position = np.tile(np.arange(size), width)
    cells = (
        pa.concat_arrays([opened.table[name].combine_chunks() for name in periods]) if width else pa.array([], "str")
    )
    split = pc.extract_regex(pc.utf8_trim_whitespace(cells), r"^(?P<number>\S*)\s*(?P<flag>[a-z]*)$")
    number, flag = split.field("number"), split.field("flag")
    bare = pc.and_(pc.equal(number, NOT_AVAILABLE), pc.equal(flag, ""))
    column = {name.strip().upper(): at for at, name in enumerate(names)}
    columns = {
        field: pa.chunked_array([pc.list_element(parts, column[spelled[0]]).combine_chunks().take(pa.array(position))])
        for field, spelled in LONG.items()
        if spelled[0] in column
    }
    columns["period"] = pa.chunked_array(
        [pa.array(periods, pa.string()).take(pa.array(np.repeat(np.arange(width), size)))]
    )
    columns["value"] = pa.chunked_array([pc.coalesce(number, cells)])
    return _stated(
        layout, opened, position, columns, pc.fill_null(bare, fill_value=False).to_numpy(zero_copy_only=False)
    )
