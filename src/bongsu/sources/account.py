"""Statements of all files of a delivery side by side, with what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from bongsu.language import Text
from bongsu.sources.cells import Coded, Fault, together
from bongsu.sources.statements import FIGURES, KEYS, LABELS, Figures, Mask, Positions, Statements

ABSURD = 1e15  # more than the world trades in a year, in any currency's units that customs offices use


@dataclass
class Account:
    """Statements of all files together; `fault` says of each why it is set aside."""

    keys: dict[str, Coded]
    labels: dict[str, Coded]
    figures: dict[str, Figures]
    part: Coded
    passed: Coded
    fault: npt.NDArray[np.int32]  # 0 where none; else its place in `faults`, from 1
    faults: list[Fault] = field(default_factory=list)

    def mark(self, where: Mask, fault: Fault) -> None:
        """Set aside the statements of `where`, unless they are set aside or passed over already."""
        self.faults.append(fault)
        self.fault[where & (self.fault == 0) & (self.passed.ids < 0)] = len(self.faults)

    def mark_words(self, column: Coded) -> None:
        """Set aside the statements whose word is a Fault."""
        place = np.zeros(len(column.words) + 1, dtype=np.int32)
        for at, word in enumerate(column.words):
            if isinstance(word, Fault):
                self.faults.append(word)
                place[at] = len(self.faults)
        found = place[column.ids]
        self.fault = np.where((self.fault == 0) & (self.passed.ids < 0), found, self.fault)

    def readable(self) -> Positions:
        """The statements that are neither set aside nor passed over."""
        return np.flatnonzero((self.fault == 0) & (self.passed.ids < 0))


def gather(files: Sequence[Statements]) -> Account:
    """The statements of `files`, one file below the other."""
    size = sum(len(one.position) for one in files)
    return Account(
        keys={name: together([one.keys[name] for one in files]) for name in KEYS},
        labels={name: together([one.labels[name] for one in files]) for name in LABELS},
        figures={
            name: Figures(
                np.concatenate([_figures(one, name).values for one in files]),
                np.concatenate([_figures(one, name).bad for one in files]),
            )
            for name in FIGURES
        },
        part=together([one.part for one in files]),
        passed=together([one.passed for one in files]),
        fault=np.zeros(size, dtype=np.int32),
    )


def _figures(one: Statements, name: str) -> Figures:
    size = len(one.position)
    return one.figures.get(name) or Figures(np.full(size, np.nan), np.zeros(size, dtype=np.bool_))


def check(account: Account, today: date) -> None:
    """Set aside what lacks a key, has a word that nobody knows or a figure that cannot be, or is not yet due."""
    for name, column in account.keys.items():
        missing = Fault("missing_value", Text(f"{name} 칸이 비어 있습니다.", f"{name} is empty."))
        account.mark(column.ids < 0, missing)
        account.mark_words(column)
    for column in account.labels.values():
        account.mark_words(column)
    for name, figures in account.figures.items():
        _check_figures(account, name, figures)
    # The publisher's "today" may be one day ahead of UTC.
    period = account.keys["period"]
    future = [not isinstance(word, Fault) and word[0] > today + timedelta(days=1) for word in period.words]
    account.mark(
        np.array([*future, False], dtype=np.bool_)[period.ids],
        Fault("future_period", Text("아직 시작하지 않은 기간입니다.", "the period had not begun.")),
    )


def _check_figures(account: Account, name: str, figures: Figures) -> None:
    account.mark(figures.bad, Fault("bad_number", Text(f"{name} 칸이 수가 아닙니다.", f"{name} is not a number.")))
    account.mark(figures.values < 0, Fault("negative_value", Text(f"{name} 값이 음수입니다.", f"{name} is negative.")))
    account.mark(
        figures.values > ABSURD,
        Fault("absurd_value", Text(f"{name} 값이 있을 수 없이 큽니다.", f"{name} is impossibly large.")),
    )
