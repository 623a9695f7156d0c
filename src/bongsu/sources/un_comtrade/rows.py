"""One Comtrade table row by row: what flow each states, and of which part of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bongsu.sources.cells import Coded, Fault, coded, constant
from bongsu.sources.opening import Opened, figures
from bongsu.sources.statements import Figures, Mask, Statements
from bongsu.sources.un_comtrade import words
from bongsu.sources.un_comtrade.words import Classification, Skip

# The published cube: a flow with a partner is cut by these, and each has a total beside its parts.
DIMENSIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "partner2": (("partner2code", "partner2iso", "partner2desc"), "0"),
    "customs": (("customscode", "customsdesc"), "C00"),
    "transport": (("motcode", "motdesc"), "0"),
    "supply": (("moscode",), "0"),
}
PARTNER = ("partnercode", "partneriso", "partnerdesc")
QUANTITY_ESTIMATED, WEIGHT_ESTIMATED = (2, 6), (4, 6)  # of legacyEstimationFlag


@dataclass(frozen=True)
class Rows:
    """The rows of one table.

    Args:
        name: the table's, as the user knows it.
        statements: what they state, before any choice among them.
        parts: by DIMENSIONS, which part of the whole a row is; empty for the whole.
        partner_code: the partner as numbered by the publisher, which has several numbers for "not specified".
        estimated: of "quantity" and "weight", the rows whose figure the UN estimated.
        revision: of the HS, for rows whose file does not say whether the reporter used it; empty for others.
    """

    name: str
    statements: Statements
    parts: Mapping[str, Coded]
    partner_code: Coded
    estimated: Mapping[str, Mask]
    revision: Coded


def tupled(columns: Sequence[Coded]) -> Coded:
    """Columns as one of tuples, with None for an empty cell."""
    ids: npt.NDArray[np.int64] = np.zeros(len(columns[0].ids), dtype=np.int64)
    found: list[tuple[Any, ...]] = [()]
    for column in columns:
        width = len(column.words) + 1
        pairs, ids = np.unique(ids * width + column.ids + 1, return_inverse=True)
        cells = (None, *column.words)
        found = [(*found[pair // width], cells[pair % width]) for pair in pairs.tolist()]
    return Coded(ids.astype(np.int32), tuple(found))


def rows_of(number: int, opened: Opened) -> Rows:
    """What the rows of one table state; `opened` has our column names."""
    size = opened.table.num_rows
    said, unit = _said(opened), _read(opened, words.unit, "qtyunitabbr", "qtyunitcode")
    statements = Statements(
        raw=number,
        rows=opened.table,
        position=np.arange(size),
        raw_row=opened.row,
        keys={name: column.read(_key) for name, column in said.items()},
        labels={"currency": constant("USD", size), "quantity_unit": unit},
        figures=_figures(opened, unit),
        passed=_passed(list(said.values())),
        part=constant(str(number), size),
        odd=opened.odd,
    )
    return Rows(
        name=opened.name,
        statements=statements,
        parts={name: _read(opened, words.part(total), *names) for name, (names, total) in DIMENSIONS.items()},
        partner_code=_read(opened, _label, *PARTNER),
        estimated={
            "quantity": _estimated(opened, "isqtyestimated", QUANTITY_ESTIMATED),
            "weight": _estimated(opened, "isnetwgtestimated", WEIGHT_ESTIMATED),
        },
        revision=_picked(said["code_system"], _unsaid_revision),
    )


def _said(opened: Opened) -> dict[str, Coded]:
    """The keys as `words` reads them: values, Skips and Faults; the classification still whole."""
    kind = _read(
        opened, words.classification,
        "typecode", "classificationcode", "classificationsearchcode", "isoriginalclassification",
    )  # fmt: skip
    code = tupled([kind, _column(opened, "cmdcode"), _column(opened, "aggrlevel"), _kept_as_number(opened)])
    return {
        "reporter": _read(opened, words.reporter, "reportercode", "reporteriso", "reporterdesc"),
        "flow": _read(opened, words.flow, "flowcode", "flowdesc"),
        "partner": _read(opened, words.partner, *PARTNER),
        "code_system": kind,
        "code": code.read(words.code),
        "period": _read(opened, words.period, "period", "refperiodid", "refyear", "refmonth", "freqcode"),
    }


def _read(opened: Opened, meaning: Callable[[tuple[Any, ...]], Any], *names: str) -> Coded:
    return tupled([_column(opened, name) for name in names]).read(meaning)


def _column(opened: Opened, name: str) -> Coded:
    if name not in opened.table.column_names:
        return constant(None, opened.table.num_rows)
    return coded(opened.table[name])


def _kept_as_number(opened: Opened) -> Coded:
    """Was the commodity code kept as a number, so that it can have lost its zeros? Yes too for a CSV: who can tell."""
    stored = opened.stored_as_number.get("cmdcode")
    if stored is not None:
        return coded(stored)
    return constant(
        not pa.types.is_string(opened.table["cmdcode"].type) or not opened.stored_as_number, opened.table.num_rows
    )


def _label(cells: tuple[Any, ...]) -> tuple[str, str] | None:
    """The partner as the publisher wrote it: by number, or by the first label there is."""
    if cells[0] is not None:
        return "number", words.plain(cells[0])
    return next((("label", words.plain(cell)) for cell in cells if cell is not None), None)


def _key(word: Any) -> Any:  # noqa: ANN401 - a key's word, or a Fault
    if isinstance(word, Skip):
        return None
    return word.system if isinstance(word, Classification) else word


def _unsaid_revision(word: Any) -> int | None:  # noqa: ANN401 - a word of any kind
    unsaid = isinstance(word, Classification) and word.family == "HS" and word.original is None
    return word.revision if unsaid else None


def _picked(column: Coded, meaning: Callable[[Any], Any]) -> Coded:
    """As `Coded.read`, but a Fault has no meaning of its own."""
    return Coded(column.ids, tuple(None if isinstance(word, Fault) else word for word in column.words)).read(meaning)


def _passed(columns: Sequence[Coded]) -> Coded:
    """The first reason of each row to be passed over."""
    ids = np.full(len(columns[0].ids), -1, dtype=np.int32)
    reasons: list[str] = []
    for column in columns:
        skips = _picked(column, lambda word: word.reason if isinstance(word, Skip) else None)
        ids = np.where((ids < 0) & (skips.ids >= 0), skips.ids + len(reasons), ids).astype(np.int32)
        reasons += skips.words
    return Coded(ids, tuple(reasons)).read(lambda reason: reason)


def _figures(opened: Opened, unit: Coded) -> dict[str, Figures]:
    """Value, weight and quantity. A weight or quantity of 0 beside a value was not stated; so is one without a unit."""
    found = {"value": figures(opened.table["primaryvalue"])}
    traded = found["value"].values > 0
    for name, column in (("weight_kg", "netwgt"), ("quantity", "qty")):
        if column in opened.table.column_names:
            figure = figures(opened.table[column])
            figure.values[(figure.values == 0) & traded] = np.nan
            found[name] = figure
    if "quantity" in found:
        found["quantity"].values[unit.ids < 0] = np.nan
    return found


def _estimated(opened: Opened, name: str, flags: Sequence[int]) -> Mask:
    if name in opened.table.column_names:
        column = _column(opened, name).read(lambda word: words.yes(word) or None)
    else:
        column = _column(opened, "legacyestimationflag").read(lambda word: words.plain(word) in map(str, flags) or None)
    return column.ids >= 0
