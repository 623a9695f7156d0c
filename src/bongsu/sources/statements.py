"""What files state about flows, column by column, before any check."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bongsu.records.formats import OddRow
from bongsu.sources.cells import Coded

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
KEYS = ("reporter", "flow", "partner", "code_system", "code", "period")
LABELS = ("currency", "quantity_unit")
FIGURES = ("value", "quantity", "weight_kg")


@dataclass(frozen=True)
class Figures:
    """One column of numbers: NaN is unknown (empty or withheld), `bad` marks cells that are no number."""

    values: Numbers
    bad: Mask


@dataclass(frozen=True)
class Statements:
    """What one raw file states, column by column, before any check.

    Args:
        raw: which file of the delivery.
        rows: the raw rows as they stood, to be quoted.
        position: which of `rows` each statement comes from; its row number in the file is `raw_row`.
        keys: by KEYS; a period is (first day, frequency). Words may be Faults.
        labels: by LABELS.
        figures: by FIGURES; one that the file lacks is unknown.
        passed: why a statement is passed over; empty where it is to be read.
        part: statements of one part make one batch with a scope of its own.
        odd: rows that do not fit the file's header, to be set aside.
    """

    raw: int
    rows: pa.Table
    position: Positions
    raw_row: Positions
    keys: Mapping[str, Coded]
    labels: Mapping[str, Coded]
    figures: Mapping[str, Figures]
    passed: Coded
    part: Coded
    odd: tuple[OddRow, ...] = ()


@dataclass(frozen=True)
class Terms:
    """How statements become records.

    Args:
        source: the id that the records carry.
        duplicates: "add" sums statements of one key; "add_parts" sums those within a part, and takes a sum that another
            part repeats once, or not at all where the two contradict each other; "join" puts those together that give one figure each, as long
            tables do, and sets contradictions aside; "quarantine" drops repeats and sets contradictions aside.
        complete: does absence from this delivery mean withdrawal, within its scope?
        listed: key columns for which the scope names the values that occur; others are covered whole.
        rounded_away: is a weight or quantity of 0 beside a positive value unknown, rounded down or not collected?
    """

    source: str
    duplicates: str = "quarantine"
    complete: bool = True
    listed: tuple[str, ...] = ("reporter", "flow", "partner", "code_system")
    rounded_away: bool = False
