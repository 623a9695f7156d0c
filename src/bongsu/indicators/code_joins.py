"""Where each code of each HS revision goes when its trade is carried to another: one table, made once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from bongsu.codes.baskets import basket
from bongsu.codes.concordances import REVISIONS, Family, Node, concordance, families, hs_revision_codes
from bongsu.language import BadInputError, Text

# How a sum was joined, from sure to not at all. A row made of several is as sure as its weakest part.
EXACT, ASSUMED, ESTIMATED, FAMILY, NONE = "exact", "assumed", "estimated", "family", "none"
HOW = (EXACT, ASSUMED, ESTIMATED, FAMILY, NONE)
# Why a code was not joined.
NOT_IN_REVISION, NO_COUNTERPART, TOO_WIDE = "not_in_revision", "no_counterpart", "too_wide"
TWO_REVISIONS, NO_REVISION, NOT_HS = "two_revisions", "no_revision", "not_hs"
WHY = (NOT_IN_REVISION, NO_COUNTERPART, TOO_WIDE, TWO_REVISIONS, NO_REVISION, NOT_HS)
BETWEEN = "|"  # parts the revisions of a period in which two were in force
_SHOWN = 12  # codes of a family that are named in a row
_ALMOST = 1e-6

Weights = tuple[tuple[str, str, str, float], ...]  # revision, its code, code of the target, share

SCHEMA = pa.schema(
    [
        ("in_force", pa.string()),  # a revision, or two with `BETWEEN`
        ("old", pa.string()),
        ("label", pa.string()),
        ("rank", pa.int32()),  # place in `HOW`
        ("why", pa.string()),
        ("revision", pa.string()),
        ("by_code", pa.int32()),
        ("share", pa.float64()),
    ]
)
# What is behind each label.
NAMES = pa.schema(
    [
        ("label", pa.string()),
        ("codes", pa.int32()),
        ("members", pa.string()),
        ("basket_ko", pa.string()),
        ("basket_en", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Way:
    """What is carried whereto, and how far one may go for it.

    Args:
        to: the revision whose codes come out.
        across: revisions that must come out alike, so that one family means the same goods in all of them.
        widest: codes of `to` that a family may have before it is called not joined.
        thin: see `families`; only for what cannot be joined otherwise, and marked `assumed`.
        weights: how the goods of single codes divide, where the caller knows; marked `estimated`.
    """

    to: str
    across: tuple[str, ...] = ()
    widest: int = 50
    thin: int | None = None
    weights: Weights = ()


@dataclass(frozen=True, slots=True)
class _Join:
    label: str
    how: str
    why: str | None = None
    share: float = 1.0
    codes: tuple[str, ...] = ()


@cache
def joins(way: Way, keys: tuple[str, ...]) -> tuple[pa.Table, pa.Table]:
    """One row (with weights several) for each code that can stand in a period of `keys`, in `SCHEMA`; and `NAMES`.

    Args:
        way: whereto.
        keys: a revision, or several joined by `BETWEEN` where a period holds the day of change.

    Raises:
        UnknownCodeError: a revision that we do not hold.
        BadInputError: weights that do not add up, or between codes that have nothing in common.
    """
    check(way.weights, way.to)
    placed = [one for at in keys for one in _at(at, way)]
    names = {join.label: _names(join, code, revision, way.to) for _, code, join, revision, _ in placed}
    rows = [
        (at, code, join.label, HOW.index(join.how), join.why, revision, int(by_code), join.share)
        for at, code, join, revision, by_code in placed
    ]
    return _table(rows, SCHEMA), _table(list(names.values()), NAMES)


def _table(rows: Sequence[Sequence[object]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _at(at: str, way: Way) -> Iterator[tuple[str, str, _Join, str, bool]]:
    """A code belongs to the revision in force that has it; failing that, to the one before or after (`by_code`).

    A late or an early reporter writes codes that the revision in force does not have. Only a neighbour is asked: a code
    that was given up twenty years ago is more likely a national one of the same digits.
    """
    in_force = at.split(BETWEEN)
    beside = [revision for revision in _beside(in_force) if revision not in in_force]
    for code in sorted({code for revision in (*in_force, *beside) for code in hs_revision_codes(revision)}):
        holding = [revision for revision in in_force if code in _known(revision)]
        by_code = not holding
        holding = holding or [revision for revision in beside if code in _known(revision)][:1]
        found = [_places(revision, way)[code] for revision in holding]
        agreed = found[-1] if all(one == found[0] for one in found) else [_none(at, code, TWO_REVISIONS)]
        for join in agreed:
            yield at, code, join, holding[-1], by_code


def _beside(in_force: Iterable[str]) -> Iterator[str]:
    places = [REVISIONS.index(revision) for revision in in_force]
    yield from REVISIONS[max(min(places) - 1, 0) : min(places)]
    yield from REVISIONS[max(places) + 1 : max(places) + 2]


@cache
def _known(revision: str) -> frozenset[str]:
    return frozenset(hs_revision_codes(revision))


@cache
def _places(revision: str, way: Way) -> Mapping[str, list[_Join]]:
    """Code of `revision` → where it goes."""
    span = sorted({revision, way.to, *way.across})
    weighted: dict[str, list[_Join]] = {}
    for of, code, new, share in way.weights:
        if of == revision:
            weighted.setdefault(code, []).append(_Join(new, ESTIMATED, share=share, codes=(new,)))
    apart: frozenset[Node] = frozenset((of, code) for of, code, _, _ in way.weights if span[0] <= of <= span[-1])
    strict = families(span[0], span[-1], apart=apart)
    loose = families(span[0], span[-1], thin=way.thin, apart=apart) if way.thin is not None else {}
    return {
        code: weighted.get(code) or [_joined((revision, code), strict, loose, way, f"{span[0]}-{span[-1]}")]
        for code in hs_revision_codes(revision)
    }


def _joined(node: Node, strict: Mapping[Node, Family], loose: Mapping[Node, Family], way: Way, span: str) -> _Join:
    sure = _in_family(node, strict[node].codes[way.to], way, span)
    if sure.why != TOO_WIDE or node not in loose:
        return sure
    taken = _in_family(node, loose[node].codes[way.to], way, span)
    if taken.how == NONE:
        return sure
    return _Join(taken.label, ASSUMED, codes=taken.codes)


def _in_family(node: Node, new: tuple[str, ...], way: Way, span: str) -> _Join:
    if not new:
        return _none(*node, NO_COUNTERPART)
    if len(new) == 1:
        return _Join(new[0], EXACT, codes=new)
    if len(new) > way.widest:
        return _none(*node, TOO_WIDE)
    return _Join(f"{span}:{new[0]}+{len(new) - 1}", FAMILY, codes=new)


def _none(revision: str, code: str, why: str) -> _Join:
    return _Join(f"{revision}:{code}", NONE, why)


def _names(join: _Join, code: str, revision: str, to: str) -> tuple[object, ...]:
    goods = _goods(join.codes, to) if join.codes else _goods((code,), revision)
    shown = " ".join(join.codes[:_SHOWN]) + (" …" if len(join.codes) > _SHOWN else "")
    baskets = (", ".join(text.ko for text in goods) or None, ", ".join(text.en for text in goods) or None)
    return join.label, len(join.codes) or None, shown or None, *baskets


def _goods(codes: Iterable[str], revision: str) -> tuple[Text, ...]:
    """The goods that hide in these codes, where one of them is known to be a basket."""
    return tuple(dict.fromkeys(good for code in codes for good in basket(code, revision) or ()))


def check(weights: Weights, to: str) -> None:
    """BadInputError for weights that do not add up to one, or that link codes with no good in common."""
    sums: dict[Node, float] = {}
    for revision, code, new, share in weights:
        if new not in concordance(revision, to).get(code, ()) or not 0 <= share <= 1:
            raise _odd_weights(f"{revision}:{code} → {new} ({share:g})")
        sums[revision, code] = sums.get((revision, code), 0.0) + share
    wrong = [f"{revision}:{code} ({total:g})" for (revision, code), total in sums.items() if abs(total - 1) > _ALMOST]
    if wrong:
        raise _odd_weights(", ".join(wrong))


def _odd_weights(which: str) -> BadInputError:
    return BadInputError(
        Text(f"가중치를 쓸 수 없습니다: {which}.", f"weights that cannot be used: {which}."),
        mend=Text(
            "부호마다 합이 1이어야 하고, 두 부호가 연계표에서 이어져 있어야 합니다.",
            "Those of one code add up to 1, and both codes must be linked in the concordance.",
        ),
    )
