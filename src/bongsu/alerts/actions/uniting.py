"""Two alerts that are one: the one points to the other, which takes over those concerned. Nothing is moved."""

from uuid import UUID

from django.db import transaction

from bongsu.alerts.actions.acting import Opened, locked, open_for, standing_of, take
from bongsu.alerts.models import Alert
from bongsu.alerts.rules import Step, blocked
from bongsu.language import Text
from bongsu.people.errors import InvalidError, OutOfStepError
from bongsu.people.reader import Actor


def supersede(*, by: Actor, alert: UUID, into: UUID, seen: int | None = None) -> Alert:
    """Replaces it by another open alert, with the reason."""
    return _united(by, alert, into, seen, Step.SUPERSEDE)


def merge(*, by: Actor, alert: UUID, into: UUID, seen: int | None = None) -> Alert:
    """Merges it into another open alert, with the reason: one cause, one life."""
    return _united(by, alert, into, seen, Step.MERGE)


@transaction.atomic
def _united(by: Actor, alert: UUID, into: UUID, seen: int | None, step: Step) -> Alert:
    if alert == into:
        raise InvalidError(_ITSELF)
    # Locked in one order always, so that two who unite crosswise do not wait for each other.
    list(Alert.objects.select_for_update(of=("self",)).filter(pk__in=(alert, into)).order_by("pk").values_list("pk"))
    opened = open_for(by, alert, seen, step)
    target = locked(by.reader, into)
    if (why := blocked(Step.JOIN, target)) is not None:
        raise OutOfStepError(why)
    row = take(opened, by, step, into=str(into))
    _joined(by, row, target)
    return row


def _joined(by: Actor, row: Alert, target: Alert) -> None:
    """The target carries the markings and those concerned of what came to it."""
    standing = standing_of(target)
    carried = [
        {"unit": one.unit, "rule": one.rule, "why_ko": one.why_ko, "why_en": one.why_en}
        for one in row.concerns.order_by("unit")
        if one.unit not in standing.concerns
    ]
    marks = {"grade": row.grade, "tlp": row.tlp}
    take(Opened(target, standing), by, Step.JOIN, source=str(row.id), concerns=carried, **marks)


_ITSELF = Text("자기 자신에는 합칠 수 없습니다.", "an alert cannot be merged into itself.")
