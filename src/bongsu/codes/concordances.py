"""How codes moved between the revisions of the HS: which older or newer codes hold the goods of a code.

`concordance` says where a code's goods may be. `families` says which codes must be taken together for their sums to be
the same goods in each revision: the smallest groups that no good leaves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from bongsu.codes.tables import UnknownCodeError, rows
from bongsu.language import Text

Relationship = Literal["1:1", "1:n", "n:1", "n:n"]

Node = tuple[str, str]  # a revision, and one of its codes
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


def hs_revision_codes(revision: str) -> tuple[str, ...]:
    """All six-digit codes of a revision, in order; UnknownCodeError for one that we do not hold."""
    return _codes(revision)


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


@dataclass(frozen=True, slots=True)
class Family:
    """Codes of several revisions whose sums hold the same goods in each.

    Args:
        codes: revision → its codes in the family, in order; a revision can have none.
    """

    codes: Mapping[str, tuple[str, ...]]


@cache
def families(
    oldest: str, newest: str, *, thin: int | None = None, apart: frozenset[Node] = frozenset()
) -> Mapping[Node, Family]:
    """The family of each code of each revision from `oldest` to `newest`: the smallest closed groups.

    Two codes stand in one family where a chain of published correspondences between neighbouring revisions leads from
    one to the other. So no good leaves a family, its sum is exact in every revision, and the families partition the
    codes of each revision. Nothing is split.

    Args:
        oldest: the first revision.
        newest: the last one, included.
        thin: if given, a code that takes goods from more than so many codes of a neighbouring revision does not pull
            them together: its correspondences with other codes than its namesake are passed over. That is an
            assumption (electronic waste of 2022 came out of a thousand codes and is a sliver of each), and what is
            joined by it is not exact.
        apart: codes that are in no family but their own, because the caller knows how their goods divide.

    Raises:
        UnknownCodeError: a revision that we do not hold.
    """
    way = REVISIONS[_place(oldest) : _place(newest) + 1]
    above: dict[Node, Node] = {(revision, code): (revision, code) for revision in way for code in _codes(revision)}
    for older, newer in pairwise(way):
        for code, others in _step(older, newer).items():
            for other in others:
                link = ((older, code), (newer, other))
                if not apart.intersection(link) and (code == other or not _is_thin(*link, thin)):
                    _join(above, *link)
    return _grouped(above, way)


def _is_thin(older: Node, newer: Node, most: int | None) -> bool:
    if most is None:
        return False
    there = _step(older[0], newer[0])[older[1]]
    back = _step(newer[0], older[0])[newer[1]]
    return max(len(there), len(back)) > most


def _join(above: dict[Node, Node], one: Node, other: Node) -> None:
    """Put two nodes into one tree; the smaller root stays, so that the order of joining does not show."""
    first, second = sorted((_root(above, one), _root(above, other)))
    above[second] = first


def _root(above: dict[Node, Node], node: Node) -> Node:
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


def _grouped(above: dict[Node, Node], way: Iterable[str]) -> Mapping[Node, Family]:
    members: dict[Node, dict[str, list[str]]] = defaultdict(lambda: {revision: [] for revision in way})
    for node in sorted(above):
        members[_root(above, node)][node[0]].append(node[1])
    made = {root: Family({revision: tuple(codes) for revision, codes in of.items()}) for root, of in members.items()}
    return {node: made[_root(above, node)] for node in above}


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


@cache
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
