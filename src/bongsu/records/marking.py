"""Markings of records: how far what rests on them may travel. Open, and to all, unless a record says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass

GRADES = ("O", "S", "C")  # 등급, lowest first: open, sensitive, classified
TLPS = ("CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED")  # FIRST's Traffic Light Protocol 2.0, lowest first


@dataclass(frozen=True)
class Marking:
    """A grade and a TLP, each by its word."""

    grade: str = GRADES[0]
    tlp: str = TLPS[0]


OPEN = Marking()


def highest(marks: Iterable[Marking]) -> Marking:
    """What rests on several carries the highest grade and the highest TLP among them, each by itself."""
    found = tuple(marks)
    return Marking(
        max((one.grade for one in found), key=GRADES.index, default=OPEN.grade),
        max((one.tlp for one in found), key=TLPS.index, default=OPEN.tlp),
    )
