"""All rows of a delivery as columns, and what becomes of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bongsu.sources.cells import Coded, Fault, together
from bongsu.sources.flows import ABSURD
from bongsu.sources.statements import FIGURES, KEYS, LABELS, Mask, Numbers, Positions, Statements
from bongsu.sources.un_comtrade.rows import DIMENSIONS, Rows


@dataclass
class Cube:
    """All rows of a delivery, one below the other, and what becomes of each.

    Args:
        keys, parts: column by column; see `Rows`.
        figures: by FIGURES; NaN where unknown.
        unread: rows with a figure that will be set aside.
        passed: reasons to be passed over, by row; "" for none.
        faults: row → why it is set aside, as a place in `said`; 0 for none.
    """

    keys: dict[str, Coded]
    parts: dict[str, Coded]
    partner_code: Coded
    labels: dict[str, Coded]
    figures: dict[str, Numbers]
    unread: Mask
    passed: npt.NDArray[Any]
    faults: npt.NDArray[np.int32]
    said: list[Fault] = field(default_factory=list)

    @property
    def alive(self) -> Mask:
        """Rows that state a flow and have not been passed over or set aside."""
        return np.asarray(self.sound & (self.faults == 0))

    @property
    def sound(self) -> Mask:
        """Rows not passed over whose key can be read."""
        return np.asarray((self.passed == "") & self.readable)

    @property
    def readable(self) -> Mask:
        """Rows whose key can be read."""
        found = np.ones(len(self.passed), dtype=np.bool_)
        for column in self.keys.values():
            fine = np.array([*(not isinstance(word, Fault) for word in column.words), False], dtype=np.bool_)
            found &= fine[column.ids]
        return found

    def set_aside(self, rows: Mask, fault: Fault) -> None:
        """Mark rows; one that is set aside already keeps its reason."""
        if rows.any():
            self.said.append(fault)
            self.faults[rows & (self.faults == 0)] = len(self.said)

    def number(self, *columns: Coded) -> Positions:
        """A number for each different combination of words."""
        found: Positions = np.zeros(len(self.passed), dtype=np.int64)
        for column in columns:
            found = np.unique(found * (len(column.words) + 1) + column.ids + 1, return_inverse=True)[1]
        return found

    def facts(self, *, without: str = "") -> Positions:
        """A number for each fact that a record could hold."""
        return self.number(*(column for name, column in self.keys.items() if name != without))

    def slices(self) -> Positions:
        """A number for each fact as the publisher numbers partners: it has several numbers for "not specified"."""
        return self.number(*self.keys.values(), self.partner_code)


def cube_of(tables: Sequence[Rows]) -> Cube:
    """The rows of all tables, none decided yet."""
    statements = [table.statements for table in tables]
    size = sum(len(one.position) for one in statements)
    figures, unread = {}, np.zeros(size, dtype=np.bool_)
    for name in FIGURES:
        columns = [one.figures.get(name) for one in statements]
        nothing = [np.full(len(one.position), np.nan) for one in statements]
        values = np.concatenate([c.values if c else empty for c, empty in zip(columns, nothing, strict=True)])
        bad = np.concatenate([c.bad if c else np.isinf(empty) for c, empty in zip(columns, nothing, strict=True)])
        figures[name] = values
        unread |= bad | (values < 0) | (values > ABSURD)
    passed = together([one.passed for one in statements])
    return Cube(
        keys={name: together([one.keys[name] for one in statements]) for name in KEYS},
        parts={name: together([table.parts[name] for table in tables]) for name in DIMENSIONS},
        partner_code=_told_apart([table.partner_code for table in tables], [one.keys["partner"] for one in statements]),
        labels={name: together([one.labels[name] for one in statements]) for name in LABELS},
        figures=figures,
        unread=unread,
        passed=np.array([*passed.words, ""], dtype=object)[passed.ids],
        faults=np.zeros(size, dtype=np.int32),
    )


def _told_apart(codes: Sequence[Coded], partners: Sequence[Coded]) -> Coded:
    """The publisher's partner, where one of ours has several of its numbers or labels; empty elsewhere.

    So a table with numbers and another with ISO codes still mean the same partner.
    """
    code, partner = together(codes), together(partners)
    numbered = np.array([*(kind == "number" for kind, _ in code.words), False])[code.ids]
    several = np.zeros(len(partner.words) + 1, dtype=np.bool_)
    for kind in (numbered, ~numbered):
        pairs = np.unique(np.stack([partner.ids[kind], code.ids[kind]]), axis=1)
        several |= np.bincount(pairs[0] + 1, minlength=len(partner.words) + 1) > 1
    return Coded(np.where(several[partner.ids + 1], code.ids, -1).astype(np.int32), code.words)


def written(cube: Cube, tables: Sequence[Rows]) -> list[Statements]:
    """The statements with what was decided of them; a row that is set aside says so in its currency's cell."""
    written, begin = [], 0
    for table in tables:
        here = slice(begin, begin + len(table.statements.position))
        begin = here.stop
        reasons = tuple(dict.fromkeys(cube.passed[here].tolist()))
        lookup = {reason: -1 if reason == "" else place for place, reason in enumerate(reasons)}
        passed = Coded(np.array([lookup[one] for one in cube.passed[here]], dtype=np.int32), reasons)
        currency = Coded(cube.faults[here].copy(), ("USD", *cube.said))
        written.append(
            replace(
                table.statements,
                keys={name: Coded(column.ids[here], column.words) for name, column in cube.keys.items()},
                labels={**table.statements.labels, "currency": currency},
                passed=passed,
            )
        )
    return written
