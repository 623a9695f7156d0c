"""What those who judge decide: the steps of an alert's life, and a level in the place of the watch's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bongsu.alerts.actions.acting import Opened, open_for, said, take
from bongsu.alerts.models import Alert
from bongsu.alerts.routing.floor import routed
from bongsu.alerts.rules import LEVELS, Step
from bongsu.language import Text, UsageError
from bongsu.people.errors import InvalidError
from bongsu.people.reader import Actor


def triage(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Says that somebody has looked: it is one to be handled."""
    return _moved(by, alert, seen, Step.TRIAGE)


def issue(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Issues it: missions and ministries concerned see it and are told."""
    return _moved(by, alert, seen, Step.ISSUE)


def close(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Closes it, with the reason: what was to be done is done, or the danger is over."""
    return _moved(by, alert, seen, Step.CLOSE)


def reopen(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Opens a closed one again, with the reason; refused while another is open on the item."""
    return _moved(by, alert, seen, Step.REOPEN)


def withdraw(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Withdraws it, with the reason: it should not have been raised. Nothing is deleted."""
    return _moved(by, alert, seen, Step.WITHDRAW)


@transaction.atomic
def override_level(*, by: Actor, alert: UUID, level: int, seen: int | None = None, reason: str = "") -> Alert:
    """Puts a person's level in the place of the watch's, until the watch's own changes or the override is lifted.

    Args:
        by: who; a reason is required, here or as `reason`.
        alert: which.
        level: 1–5.
        seen: the version they saw.
        reason: why; empty: `by.why`.

    Raises:
        InvalidError: no reason, no such level, or the one that holds already.
    """
    given = _with(by, reason)
    opened = open_for(given, alert, seen, Step.OVERRIDE)
    if level not in LEVELS:
        raise InvalidError(Text(f"봉수 {level}거는 없습니다.", f"there is no level {level}."))
    if level in {opened.row.level, opened.row.watch_level}:
        raise InvalidError(_SAME, mend=_LIFT)
    return take(opened, given, Step.OVERRIDE, level=level, **_newly_concerned(opened, level, by.at))


def _newly_concerned(opened: Opened, level: int, at: datetime) -> dict[str, Any]:
    """Whom the person's level concerns and the watch's did not: a level raised by hand reaches as far as any other."""
    kept = opened.row.evidence.order_by("-seq").first()
    if kept is None or "signals" not in kept.warning or level <= (opened.row.level or 0):
        return {}  # nothing to route by, or no rise
    known = opened.standing.concerns if opened.standing else {}
    try:
        found = routed(kept.warning, level=level, at=at).concerned
    except UsageError:  # an item that is in no catalogue any more: those whom it concerned stay
        found = ()
    new = [
        {"unit": one.unit, "rule": one.rule, "why_ko": one.why.ko, "why_en": one.why.en}
        for one in found
        if one.unit not in known
    ]
    return {"concerns": new} if new else {}


def lift_override(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Ends an override, with the reason: the watch's level counts again."""
    return _moved(by, alert, seen, Step.LIFT)


@transaction.atomic
def _moved(by: Actor, alert: UUID, seen: int | None, step: Step, **data: Any) -> Alert:  # noqa: ANN401 - JSON
    return take(open_for(by, alert, seen, step), by, step, **data)


def _with(by: Actor, reason: str) -> Actor:
    return Actor(reader=by.reader, at=by.at, address=by.address, via=by.via, why=said(reason or by.why, _REASON))


_REASON = Text("사유", "reason")
_SAME = Text("이미 그 봉수입니다.", "that is its level already.")
_LIFT = Text("감시 판단으로 되돌리려면 조정을 해제하십시오.", "To return to the watch's level, lift the override.")
