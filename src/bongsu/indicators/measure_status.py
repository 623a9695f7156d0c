"""Where each limb of a measure stands on a day, from the events known."""

from datetime import date

import ibis

from bongsu.indicators.indicator import Indicator
from bongsu.language import Text
from bongsu.records.shapes import MEASURE

LIMB = ("source", "jurisdiction", "issuer", "number", "limb")
STATUSES = ("not_yet_effective", "in_force", "suspended", "suspension_end_passed", "ended", "unknown")
_FACTS = (
    "title", "announced", "published", "effective", "instrument", "direction", "hs_codes", "subject", "affected",
    "citation", "known_at",
)  # fmt: skip
_WAY_BACK = ("raw", "raw_row", "delivery")  # the lake adds the last one
_OPEN = date(9999, 12, 31)


def _issued(measures: ibis.Table) -> ibis.Table:
    """The act itself, in its last issue."""
    rows = measures.filter(measures.event == "issued")
    last = rows.group_by(*LIMB).aggregate(valid=rows.valid.max())
    return rows.semi_join(last, [*LIMB, "valid"]).select(
        *LIMB, "valid", *_FACTS, *(name for name in _WAY_BACK if name in rows.columns)
    )


def _suspended(measures: ibis.Table, on: ibis.Value) -> ibis.Table:
    """The last suspension that has begun: since when, until when (`_OPEN` where no end is stated), by which act."""
    rows = measures.filter((measures.event == "suspended") & (measures.valid <= on))
    rows = rows.mutate(until=ibis.coalesce(rows.until, ibis.literal(_OPEN)), by=ibis.coalesce(rows.by, ""))
    last = rows.group_by(*LIMB).aggregate(valid=rows.valid.max())
    rows = rows.semi_join(last, [*LIMB, "valid"])
    return rows.select(*LIMB, suspended_from=rows.valid, suspended_until=rows.until, suspended_by=rows.by.nullif(""))


def _ended(measures: ibis.Table, on: ibis.Value) -> ibis.Table:
    rows = measures.filter((measures.event == "ended") & (measures.valid <= on))
    return rows.group_by(*LIMB).aggregate(ended_on=rows.valid.max())


def _left(table: ibis.Table, other: ibis.Table) -> ibis.Table:
    joined = table.left_join(other, LIMB)
    return joined.drop(*(f"{name}_right" for name in LIMB))


def measure_status(measures: ibis.Table, on: date) -> ibis.Table:
    """Status of every limb on a day.

    Args:
        measures: `measure` rows as known at the moment of asking; later events must not be among them.
        on: the day asked for; an event dated after it has not happened yet.

    Returns:
        `LIMB`, the act's own columns, `suspended_from`, `suspended_until` (null: no end stated), `suspended_by`,
        `ended_on`, and `status`: not_yet_effective, in_force, suspended, suspension_end_passed (the stated end has
        passed, legal effect unverified), ended, or unknown (no effective date known).
    """
    day = ibis.literal(on)
    limbs = _left(_left(_issued(measures), _suspended(measures, day)), _ended(measures, day))
    status = ibis.cases(
        (limbs.ended_on.notnull() & (limbs.ended_on >= limbs.valid), "ended"),
        (limbs.suspended_from.notnull() & (limbs.suspended_until >= day), "suspended"),
        (limbs.suspended_from.notnull(), "suspension_end_passed"),
        (limbs.effective.isnull(), "unknown"),
        (limbs.effective > day, "not_yet_effective"),
        else_="in_force",
    )
    end = limbs.suspended_until.nullif(ibis.literal(_OPEN))
    return limbs.mutate(status=status, suspended_until=end)


INDICATOR = Indicator(
    id="measure_status",
    name=Text("조치의 효력 상태", "Status of a measure"),
    unit=Text("상태", "status"),
    formula="ended, else suspended or suspension end passed, else by the effective date, from the events known",
    source="the acts themselves, as recorded",
    caveats=(
        Text(
            "정지 기한이 지나도 효력이 되살아났는지는 원문으로 확인해야 한다.",
            "That a suspension's stated end has passed does not show that the measure applies again: check the act.",
        ),
        Text("기록에 없는 조치는 알 수 없다.", "Measures that are not on record are unknown, not absent."),
    ),
    records=(MEASURE,),
    key=LIMB,
    compute=measure_status,
    asks=("on",),
)
