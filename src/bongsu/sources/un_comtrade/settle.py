"""One slice of the published cube for each flow: its total, or its parts added up once, never both.

Comtrade gives a flow with a partner again for each second partner, customs procedure and mode of transport, beside
their totals. Rows of all tables of a delivery are settled together, so that two downloads that overlap do not add up.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bongsu.codes.concordances import REVISIONS
from bongsu.language import Text
from bongsu.sources.cells import Coded, Fault, together
from bongsu.sources.statements import Mask, Numbers, Positions, Statements
from bongsu.sources.un_comtrade.cube import Cube, cube_of, written
from bongsu.sources.un_comtrade.rows import Rows
from bongsu.sources.un_comtrade.words import HS_AS_REPORTED, WORLD

ROUNDING = 1e-6  # of a total; beside half a dollar for each row that was rounded

DETAIL, REPEATED = "detail", "repeated"
CONTRADICTORY = Fault(
    "duplicate_key",
    Text(
        "같은 항목이 서로 다른 값으로 두 번 이상 나옵니다.",
        "the same fact is stated more than once, with different values.",
    ),
)
INCOMPLETE = Fault(
    "incomplete_detail",
    Text(
        "합계 행이 없고, 더해야 할 세부 행 가운데 읽을 수 없는 것이 있습니다.",
        "there is no total, and one of the details that would have to be added up cannot be read.",
    ),
)
EXCEEDS = Fault(
    "partners_exceed_world",
    Text(
        "상대국의 합이 세계 합계(W00)보다 큽니다. 어느 쪽이 틀렸는지 알 수 없습니다.",
        "the partners add up to more than the world total (W00); which of them is wrong cannot be told.",
    ),
)
NARROWED: Mapping[str, tuple[str, str]] = {
    "partner2": ("두 번째 상대국", "second partner"),
    "customs": ("통관절차", "customs procedure"),
    "transport": ("운송수단", "mode of transport"),
    "supply": ("공급방식", "mode of supply"),
}


def settle(tables: Sequence[Rows]) -> tuple[list[Statements], tuple[Text, ...]]:
    """The statements of `tables` with one slice chosen for each fact, to be added up where their keys agree; notes."""
    if not tables:
        return [], ()
    cube = cube_of(tables)
    notes = [*_revisions(cube, tables)]
    _set_narrowed_aside(cube, tables)
    _set_doubles_aside(cube)
    notes += _choose(cube)
    _set_partial_sums_aside(cube)
    _set_excess_aside(cube)
    return written(cube, tables), (*notes, *_estimates(cube, tables))


def _revisions(cube: Cube, tables: Sequence[Rows]) -> list[Text]:
    """Where a file does not say so, take the newest revision of a reporter's period as the one that it reported in.

    The UN converts into older revisions only.
    """
    revision = together([table.revision for table in tables])
    unsaid = (revision.ids >= 0) & cube.sound
    if not unsaid.any():
        return []
    years = np.array([*map(int, revision.words), -1])[revision.ids]
    group = cube.number(cube.keys["reporter"], cube.keys["flow"], cube.keys["period"])
    newest = np.full(group.max() + 1, -1)
    np.maximum.at(newest, group[unsaid], years[unsaid])
    system = cube.keys["code_system"]
    ids = np.where(unsaid & (years == newest[group]), len(system.words), system.ids).astype(np.int32)
    cube.keys["code_system"] = Coded(ids, (*system.words, HS_AS_REPORTED)).read(lambda word: word)
    named = ", ".join(sorted({f"HS {REVISIONS[year]}" for year in np.unique(years[unsaid]).tolist()}))
    return [
        Text(
            f"보고국이 쓴 품목분류인지 적혀 있지 않은 행이 있습니다({named}). 보고국·기간마다 가장 새 판을 보고된 것으로 봅니다.",
            f"some rows do not say whether the reporter used their classification ({named}); the newest of each "
            "reporter and period is taken as reported.",
        )
    ]


def _set_narrowed_aside(cube: Cube, tables: Sequence[Rows]) -> None:
    """A table in which each row is of one and the same part, such as sea transport, cannot speak for the whole."""
    begin = 0
    for table in tables:
        here = np.zeros(len(cube.passed), dtype=np.bool_)
        here[begin : begin + len(table.statements.position)] = True
        begin += len(table.statements.position)
        here &= cube.sound
        for name, column in cube.parts.items():
            used = np.unique(column.ids[here])
            if len(used) == 1 and used[0] >= 0:
                cube.set_aside(here, _narrowed(name, str(column.words[used[0]])))


def _narrowed(name: str, part: str) -> Fault:
    ko, en = NARROWED[name]
    return Fault(
        "only_a_part",
        Text(
            f"파일 전체가 {ko} {part} 하나로 좁혀져 있어 전체로 볼 수 없습니다. 합계를 포함해 다시 받으십시오.",
            f"the whole file is narrowed to one {en}, {part}, and cannot stand for the total: download the total too.",
        ),
    )


def _set_doubles_aside(cube: Cube) -> None:
    """Of rows alike in every dimension one is kept where they agree, none where they do not."""
    rows = np.flatnonzero(cube.alive)
    cell = cube.number(*cube.keys.values(), cube.partner_code, *cube.parts.values())[rows]
    order = np.argsort(cell, kind="stable")
    rows, cell = rows[order], cell[order]
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    if len(first) == len(rows):
        return
    group = np.repeat(np.arange(len(first)), np.diff(first, append=len(rows)))
    lead = rows[first][group]
    same = np.ones(len(rows), dtype=np.bool_)
    for values in cube.figures.values():
        same &= (values[rows] == values[lead]) | (np.isnan(values[rows]) & np.isnan(values[lead]))
    for label in cube.labels.values():
        same &= label.ids[rows] == label.ids[lead]
    agree = np.logical_and.reduceat(same, first)[group]
    cube.passed[rows[agree & (rows != lead)]] = REPEATED
    cube.set_aside(_mask(rows[~agree], cube), CONTRADICTORY)


def _mask(rows: Positions, cube: Cube) -> Mask:
    mask = np.zeros(len(cube.passed), dtype=np.bool_)
    mask[rows] = True
    return mask


def _choose(cube: Cube) -> list[Text]:
    """Pass over details beside a total; where there is none keep the fullest pattern of details."""
    slice_ = cube.slices()
    whole = np.all([column.ids < 0 for column in cube.parts.values()], axis=0)
    has_total = _any(slice_, cube.sound & whole)
    detail = cube.sound & ~whole
    notes = _disagreements(cube, slice_, detail & has_total & cube.alive, cube.alive & whole & ~cube.unread)
    cube.passed[detail & has_total] = DETAIL
    alone = detail & ~has_total
    broken = _any(slice_, alone & ((cube.faults > 0) | cube.unread))
    cube.set_aside(alone & broken & ~cube.unread, INCOMPLETE)
    added = alone & ~broken
    cube.passed[added & ~_fullest(cube, slice_, added)] = DETAIL
    if not added.any():
        return notes
    count = len(np.unique(slice_[added]))
    return [
        *notes,
        Text(
            f"합계 행이 없어 세부 행을 더한 항목: {count}개. 일부만 내려받은 파일이면 전체보다 적습니다.",
            f"facts without a total row, added up from their parts: {count}. From a download of some parts only they "
            "fall short.",
        ),
    ]


def _any(group: Positions, mask: Mask) -> Mask:
    """For each row: does a row of its group lie in `mask`?"""
    return np.isin(group, np.unique(group[mask]))


def _patterns(cube: Cube, slice_: Positions) -> tuple[npt.NDArray[np.int64], Positions]:
    """Which dimensions each row details, as bits; and a number for each slice with such a pattern."""
    bits = np.zeros(len(slice_), dtype=np.int64)
    for place, column in enumerate(cube.parts.values()):
        bits |= np.where(column.ids >= 0, 1 << place, 0)
    return bits, np.unique(slice_ * (1 << len(cube.parts)) + bits, return_inverse=True)[1]


def _fullest(cube: Cube, slice_: Positions, rows: Mask) -> Mask:
    """The rows of the pattern that adds up to most, of equals the one that details more.

    No pattern of parts can hold more than the whole, so the largest sum is nearest to it.
    """
    bits, pattern = _patterns(cube, slice_)
    at = np.flatnonzero(rows)
    known = np.nan_to_num(cube.figures["value"][at])
    sums = np.bincount(pattern[at], weights=known, minlength=int(pattern.max(initial=0)) + 1)
    detailed = np.array([int(one).bit_count() for one in bits[at].tolist()])
    order = np.lexsort((pattern[at], detailed, sums[pattern[at]], slice_[at]))
    last = order[np.flatnonzero(np.diff(slice_[at][order], append=-1))]
    return rows & np.isin(pattern, pattern[at][last])


def _disagreements(cube: Cube, slice_: Positions, details: Mask, totals: Mask) -> list[Text]:
    """What to say of totals that their own parts do not add up to."""
    value = cube.figures["value"]
    total = np.full(int(slice_.max(initial=0)) + 1, np.nan)
    total[slice_[totals]] = value[totals]
    _, pattern = _patterns(cube, slice_)
    at = np.flatnonzero(details)
    found, sums, counts = _sums(pattern[at], value[at])
    place = np.full(int(pattern.max(initial=0)) + 1, -1)
    place[pattern[at]] = slice_[at]
    gap = sums - total[place[found]]
    off = np.abs(gap) > _slack(counts, total[place[found]])
    if not off.any():
        return []
    facts, over = len(np.unique(place[found][off])), len(np.unique(place[found][off & (gap > 0)]))
    return [
        Text(
            f"세부의 합이 합계와 다른 항목: {facts}개, 그 가운데 합계보다 큰 것: {over}개. 합계를 기록했습니다.",
            f"facts whose parts do not add up to their total: {facts}, of these {over} exceed it. The totals were taken.",
        )
    ]


def _sums(group: Positions, values: Numbers) -> tuple[Positions, Numbers, Positions]:
    """Groups, the sum of each (NaN where a part is unknown), and how many rows it has."""
    found, at, counts = np.unique(group, return_inverse=True, return_counts=True)
    sums = np.bincount(at, weights=values, minlength=len(found)).astype(np.float64)
    return found.astype(np.int64), sums, counts.astype(np.int64)


def _slack(counts: npt.NDArray[Any], totals: Numbers) -> Numbers:
    return np.asarray(np.maximum(0.5 * (counts + 1), ROUNDING * np.abs(totals)))


def _set_partial_sums_aside(cube: Cube) -> None:
    """A fact that several of the publisher's partners make up is unknown where one of them cannot be read."""
    fact, alive = cube.facts(), cube.alive & ~cube.unread
    broken = _any(fact, cube.sound & ((cube.faults > 0) | cube.unread))
    cube.set_aside(alive & broken, INCOMPLETE)


def _set_excess_aside(cube: Cube) -> None:
    """Partners that add up to more than the world row contradict it: all are set aside."""
    group, alive, value = cube.facts(without="partner"), cube.alive & ~cube.unread, cube.figures["value"]
    partner = cube.keys["partner"]
    world = np.array([*(word == WORLD for word in partner.words), False], dtype=np.bool_)[partner.ids]
    size = int(group.max(initial=0)) + 1
    stated = np.bincount(group[alive & world], minlength=size) > 0
    total = np.bincount(group[alive & world], weights=value[alive & world], minlength=size).astype(np.float64)
    parts = alive & ~world
    sums = np.bincount(group[parts], weights=np.nan_to_num(value[parts]), minlength=size)
    counts = np.bincount(group[parts], minlength=size)
    cube.set_aside(alive & (stated & (sums - total > _slack(counts, total)))[group], EXCEEDS)


def _estimates(cube: Cube, tables: Sequence[Rows]) -> list[Text]:
    """How many of the figures that were taken are the UN's own estimates."""
    weight = np.concatenate([table.estimated["weight"] for table in tables]) & ~np.isnan(cube.figures["weight_kg"])
    quantity = np.concatenate([table.estimated["quantity"] for table in tables]) & ~np.isnan(cube.figures["quantity"])
    weights, quantities = int((weight & cube.alive).sum()), int((quantity & cube.alive).sum())
    if not weights + quantities:
        return []
    return [
        Text(
            f"보고되지 않아 유엔이 추정한 값: 중량 {weights}개, 수량 {quantities}개.",
            f"not reported but estimated by the UN: weights {weights}, quantities {quantities}.",
        )
    ]
