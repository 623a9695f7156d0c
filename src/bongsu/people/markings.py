"""Markings: how far an entry may travel. Grades by the national separation rules (C/S/O), TLP by FIRST's 2.0."""

from enum import IntEnum
from typing import Self

from bongsu.language import BadInputError, Text


class _Marking(IntEnum):
    @classmethod
    def read(cls, told: str) -> Self:
        """The marking named `told`, whatever its case; BadInputError lists those there are."""
        name = told.strip().upper().removeprefix("TLP:").replace("+", "_").replace("-", "_")
        try:
            return cls[name]
        except KeyError:
            there = ", ".join(one.name for one in cls)
            raise BadInputError(
                Text(f"'{told}'은(는) 없는 표시입니다.", f"there is no marking '{told}'."),
                mend=Text(f"있는 것: {there}.", f"There are: {there}."),
            ) from None

    @classmethod
    def highest(cls, marks: "tuple[Self, ...]") -> Self:
        """What an entry made of several carries; the lowest where there is none."""
        return max(marks, default=min(cls))


class Grade(_Marking):
    """등급: what harm its loss would do. Stored as a number, so that a query compares it."""

    O = 0  # noqa: E741 - 공개 (open); the letter is the word
    S = 1  # 민감 (sensitive)
    C = 2  # 기밀 (classified)


class Tlp(_Marking):
    """Traffic Light Protocol: with whom it may be shared."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """As FIRST writes it."""
        return f"TLP:{self.name.replace('_', '+')}"


GRADE_NAMES = {
    Grade.O: Text("공개(O)", "open (O)"),
    Grade.S: Text("민감(S)", "sensitive (S)"),
    Grade.C: Text("기밀(C)", "classified (C)"),
}
