"""How codes moved between the revisions of the HS: which older or newer codes hold the goods of a code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import Literal

from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

Relationship = Literal["1:1", "1:n", "n:1", "n:n"]

REVISIONS = ("1992", "1996", "2002", "2007", "2012", "2017", "2022")


@cache
def concordance(from_revision: str, to_revision: str) -> Mapping[str, tuple[str, ...]]:
    """For each six-digit code of one revision, the codes of the other that hold some of its goods, in order.

    Neighbouring revisions stand as published; farther ones are chained, so the further apart, the wider the answer:
    it says where goods may be, not how much of them. Electronic waste of 2022 goes back to a thousand codes. A code
    that the published lists leave without a counterpart (300219 of 2017) has an empty answer: unknown, not gone.

    Args:
        from_revision: one of `REVISIONS`.
        to_revision: another, or the same (every code to itself).

    Raises:
        UnknownCodeError: a revision that we do not hold.
    """
    start, end = _place(from_revision), _place(to_revision)
    way = REVISIONS[start : end + 1] if start <= end else REVISIONS[end : start + 1][::-1]
    mapping: Mapping[str, tuple[str, ...]] = {code: (code,) for code in _codes(from_revision)}
    for step in pairwise(way):
        one = _step(*step)
        mapping = {code: _sorted(new for old in olds for new in one.get(old, ())) for code, olds in mapping.items()}
    return mapping


def relationship(code: str, from_revision: str, to_revision: str) -> Relationship | None:
    """How a code's goods lie in the other revision; None where the code is not in `from_revision`.

    "1:1" the same goods in one code; "n:1" one of several that were put together; "1:n" split into several;
    "n:n" both.
    """
    found = concordance(from_revision, to_revision).get(code)
    if not found:
        return None
    back = concordance(to_revision, from_revision)
    shared = any(len(back[other]) > 1 for other in found)
    if len(found) == 1:
        return "n:1" if shared else "1:1"
    return "n:n" if shared else "1:n"


@cache
def _step(one: str, other: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    forward = one > other
    for code, before in _pairs()[(one, other) if forward else (other, one)]:
        found[code if forward else before].add(before if forward else code)
    return {code: _sorted(others) for code, others in sorted(found.items())}


@cache
def _pairs() -> Mapping[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows("hs_concordances"):
        found[row["revision"], row["before_revision"]].append((row["code"], row["before"]))
    return found


def _codes(revision: str) -> tuple[str, ...]:
    place = _place(revision)
    neighbours = REVISIONS[max(place - 1, 0) : place] + REVISIONS[place + 1 : place + 2]
    return _sorted(code for other in neighbours for code in _step(revision, other))


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


def _place(revision: str) -> int:
    if revision not in REVISIONS:
        raise UnknownCodeError(
            Text(f"HS {revision} 개정판은 없습니다.", f"there is no HS revision of {revision}."),
            mend=Text(f"있는 개정판: {', '.join(REVISIONS)}.", f"There are: {', '.join(REVISIONS)}."),
        )
    return REVISIONS.index(revision)
