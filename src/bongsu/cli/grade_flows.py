"""The flows that `bongsu grade` judges: the home's at the depth asked for, everybody's at six digits for the world's exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import Any

import ibis
from ibis.expr.types import BooleanColumn, Table

from bongsu.cli.grade_place import FREQUENCIES, SIX, Place
from bongsu.indicators.exports import HARMONISED
from bongsu.indicators.grades import WINDOW, letters
from bongsu.indicators.ground import Ground, ground
from bongsu.indicators.methods import Method
from bongsu.indicators.mirror import with_mirror
from bongsu.indicators.partners import goods_only
from bongsu.indicators.rollup import rolled_up
from bongsu.indicators.structure import structure
from bongsu.indicators.yearly import MONTHS, yearly
from bongsu.items.catalogue import HS_DIGITS
from bongsu.items.schedule import Schedule
from bongsu.records.shapes import TRADE_FLOW
from bongsu.records.snapshot import Snapshot

COLUMNS = (*TRADE_FLOW.key_names, *TRADE_FLOW.value_names)
LISTED = ("source", "reporter", "flow", "code_system", "valid", "frequency")
Row = dict[str, Any]


@dataclass(frozen=True)
class Computed:
    """What one pass over the flows gives.

    Args:
        grades: rows of `grades.letters` of the year and the years before it that damping looks at.
        methods: by method, its rows of the year by code.
        concentrated: codes whose HHI is surely above 0.4.
    """

    grades: Sequence[Row] = ()
    methods: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    concentrated: frozenset[str] = frozenset()


def computed(
    snapshot: Snapshot, place: Place, home: str, moment: datetime, wanted: Sequence[Method], held: Schedule
) -> Computed:
    """Grades and methods from the home's own figures, all from one pass."""
    span = _span(place, wanted)
    own = snapshot.as_of(TRADE_FLOW, moment, {"reporter": home, "source": place.source, "valid": span})
    flows = _at_depth(own, place)
    if any(one.id not in {"ec2021", "korea"} for one in wanted):
        flows = flows.union(_world(snapshot, place, home, moment, span))
    base = ground(flows, hold=snapshot.engine.hold)
    chosen = _chosen(letters(base.supply, held), place, home)
    back = date(place.year - WINDOW + 1, 1, 1)
    return Computed(
        grades=snapshot.arrow(chosen.filter(chosen.valid >= ibis.literal(back))).to_pylist(),
        methods={one.id: _judged(snapshot, one, flows, base, place=place, home=home, held=held) for one in wanted},
        concentrated=_concentrated(snapshot, base, place, home),
    )


def _span(place: Place, wanted: Sequence[Method]) -> tuple[date, date]:
    back = max([WINDOW, *(one.window for one in wanted)]) - 1
    return date(place.year - back, 1, 1), date(place.year, 12, 31)


def _at_depth(own: Table, place: Place) -> Table:
    rows = goods_only(own).filter(lambda row: row.frequency.isin(FREQUENCIES))
    if place.roll_up_from:
        return rolled_up(rows, place.roll_up_from, place.digits).select(*COLUMNS)
    return rows.filter(rows.code.length() == place.digits).select(*COLUMNS)


def _world(snapshot: Snapshot, place: Place, home: str, moment: datetime, span: tuple[date, date]) -> Table:
    """Six-digit rows of all reporters: as published or, where a list has none, added up from its finest codes."""
    rows = goods_only(snapshot.as_of(TRADE_FLOW, moment, {"valid": span}))
    rows = rows.filter(rows.frequency.isin(FREQUENCIES) & rows.code_system.isin(HARMONISED))
    theirs = (rows.reporter != home) | (rows.source == place.source)
    # What stands at six digits already must not come twice.
    rows = rows.filter(theirs & ~(rows.reporter == home) if place.digits == SIX else theirs)
    lists = snapshot.engine.hold(_lists(rows))
    depths = sorted(snapshot.arrow(lists.select("digits").distinct())["digits"].to_pylist())
    added = (rolled_up(rows.semi_join(lists.filter(lists.digits == depth), LISTED), depth, SIX) for depth in depths)
    six = rows.filter(rows.code.length() == SIX).select(*COLUMNS)
    return reduce(lambda one, other: one.union(other.select(*COLUMNS)), added, six)


def _lists(rows: Table) -> Table:
    """The lists without six-digit codes that have finer ones: `LISTED` and `digits`, their finest depth."""
    depths = rows.mutate(digits=rows.code.length()).group_by(*LISTED, "digits").aggregate()
    found = depths.group_by(*LISTED).aggregate(
        six=(depths.digits == SIX).cast("int64").max(), digits=depths.digits.max()
    )
    return found.filter((found.six == 0) & (found.digits > SIX)).drop("six")


def _chosen(rows: Table, place: Place, home: str) -> Table:
    at_depth: BooleanColumn = rows.code.length() == place.digits
    return rows.filter(
        at_depth & (rows.reporter == home) & (rows.source == place.source) & (rows.code_system == place.code_system)
    )


def _judged(
    snapshot: Snapshot, method: Method, flows: Table, base: Ground, *, place: Place, home: str, held: Schedule
) -> Mapping[str, Row]:
    arguments = {"essential": essential(held, place.code_system)} if method.id == "productivity" else {}
    rows = _chosen(method.indicator.compute(flows, given=base, **arguments), place, home)
    rows = rows.filter(rows.valid == ibis.literal(place.valid))
    return {row["code"]: row for row in snapshot.arrow(rows).to_pylist()}


def essential(held: Schedule, code_system: str) -> tuple[str, ...] | None:
    """Codes of the items whose importance the home's catalogue calls high; None where it has no catalogue."""
    if not held.items:
        return None
    codes = {
        hs.code
        for item in held.items
        if item.importance.value == "high"
        for hs in item.hs
        if len(hs.code) <= HS_DIGITS or hs.system == code_system
    }
    return tuple(sorted(codes))


def _concentrated(snapshot: Snapshot, base: Ground, place: Place, home: str) -> frozenset[str]:
    rows = _chosen(base.supply, place, home)
    rows = rows.filter((rows.valid == ibis.literal(place.valid)) & (rows.hhi_low > 0.4))  # noqa: PLR2004 - CDI1
    return frozenset(snapshot.arrow(rows.select("code"))["code"].to_pylist())


def mirrored(snapshot: Snapshot, year: int, home: str, moment: datetime, digits: int) -> Sequence[Row]:
    """What the partners say they sold to a home that does not report: never the whole, so never a grade.

    Returns:
        rows as `grades.letters` has them, without letters.
    """
    span = (date(year, 1, 1), date(year, 12, 31))
    sold = snapshot.as_of(TRADE_FLOW, moment, {"flow": "export", "partner": home, "valid": span})
    sold = yearly(sold.filter(sold.code.length() == digits))
    found = structure(with_mirror(sold, "import").filter(lambda row: row.reporter == home))
    nothing = ibis.null("float64")
    unsure = found.mutate(complete=ibis.literal(value=False), least_share=nothing, known_fraction=nothing)
    return list(snapshot.arrow(letters(unsure, Schedule(home))).to_pylist())


def mirror_year(snapshot: Snapshot, home: str, moment: datetime, digits: int) -> int | None:
    """The newest whole year of which any partner states its sales to the home."""
    sold = snapshot.as_of(TRADE_FLOW, moment, {"flow": "export", "partner": home})
    sold = sold.filter((sold.code.length() == digits) & sold.frequency.isin(FREQUENCIES)).mutate(year=sold.valid.year())
    found = sold.group_by("source", "reporter", "year", "frequency").aggregate(months=sold.valid.nunique())
    rows = snapshot.arrow(found).to_pylist()
    return max((row["year"] for row in rows if row["frequency"] == "A" or row["months"] == MONTHS), default=None)
