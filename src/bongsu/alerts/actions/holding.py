"""Who answers for an alert: taken, given, or passed on where nobody says that they have it."""

from uuid import UUID

from django.db import transaction

from bongsu.alerts import telling
from bongsu.alerts.actions.acting import open_for, take
from bongsu.alerts.models import Alert
from bongsu.alerts.rules import MAY, Step, visible, within
from bongsu.language import Text
from bongsu.people.errors import InvalidError
from bongsu.people.models import User
from bongsu.people.reader import Actor


@transaction.atomic
def acknowledge(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Says "I have it" at the present level. Of those who judge, whoever says so answers for it from now on."""
    return take(open_for(by, alert, seen, Step.ACKNOWLEDGE), by, Step.ACKNOWLEDGE)


@transaction.atomic
def assign(*, by: Actor, alert: UUID, owner: int, seen: int | None = None) -> Alert:
    """Gives it to somebody, who must acknowledge it from three fires on.

    Raises:
        InvalidError: there is nobody such who may see and handle it.
    """
    opened = open_for(by, alert, seen, Step.ASSIGN)
    user = User.objects.filter(pk=owner, is_active=True).first()
    if user is None or not _can_hold(user, opened.row):
        raise InvalidError(_CANNOT_HOLD, mend=_CHOOSE)
    standing = opened.standing
    due = (by.at + within(standing.level)).isoformat() if standing and standing.accountable else None
    return take(opened, by, Step.ASSIGN, owner=user.pk, **({"due_at": due} if due else {}))


@transaction.atomic
def escalate(*, by: Actor, alert: UUID, seen: int | None = None) -> Alert:
    """Hands it to the next on call where it is due, or where its owner is gone; otherwise changes nothing.

    Where nobody is there at all the event says so, the alert is `unattended`, and it is tried again when next due.
    """
    opened = open_for(by, alert, seen, Step.ESCALATE)
    standing = opened.standing
    if standing is None or not standing.accountable:
        return opened.row
    late = standing.due_at is not None and standing.due_at <= by.at
    if not late and (telling.answers(standing) or not telling.on_call(standing, by.at)):
        return opened.row
    return take(opened, by, Step.ESCALATE, **telling.call_next(standing, by.at))


def _can_hold(user: User, row: Alert) -> bool:
    return user.role in MAY[Step.ACKNOWLEDGE] and Alert.objects.filter(visible(user.reader), pk=row.pk).exists()


_CANNOT_HOLD = Text("이 건을 맡을 수 있는 사람이 아닙니다.", "they cannot answer for this alert.")
_CHOOSE = Text("이 건을 볼 수 있는 담당자를 고르십시오.", "Choose an officer who may see it.")
