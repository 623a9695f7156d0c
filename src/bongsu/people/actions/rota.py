"""The duty rota: watches planned and dropped, handed over and taken over."""

from datetime import datetime, timedelta

from django.db import transaction

from bongsu.language import Text
from bongsu.people import rules
from bongsu.people.actions.scope import one_at_a_time
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import HandOver, Shift, User
from bongsu.people.moments import within
from bongsu.people.queries import ACCOUNT, HAND_OVER, SHIFT
from bongsu.people.reader import Actor
from bongsu.people.refusals import NOT_YOURS

LONGEST_WATCH = timedelta(days=31)
LONGEST_NOTE = 20_000
_ORDERS = range(1, 10)


@transaction.atomic
def plan_shift(*, by: Actor, officer: int, starts: datetime, ends: datetime, order: int = 1) -> Shift:
    """Put somebody on watch from `starts` until `ends`, called as the `order`-th.

    Raises:
        InvalidError: they do not stand watch, or the times are no watch.
        OutOfStepError: somebody has that watch already.
    """
    _only_planners(by)
    one_at_a_time()
    user = _watch_keeper(officer, "officer")
    if not (within(starts) and within(ends)):
        raise InvalidError(
            Text("1900년부터 2200년까지만 받습니다.", "it lies outside the years 1900 to 2200."), where="starts"
        )
    if not starts < ends <= starts + LONGEST_WATCH:
        raise InvalidError(
            Text("당직은 시작 뒤에 끝나고 31일을 넘지 않습니다.", "a watch ends after it starts, within 31 days."),
            where="ends",
        )
    if order not in _ORDERS:
        raise InvalidError(Text("순번은 1부터 9까지입니다.", "the order is 1 to 9."), where="order")
    if Shift.objects.filter(order=order, starts__lt=ends, ends__gt=starts).exists():
        raise OutOfStepError(
            Text("그 시간 그 순번에는 이미 당직이 있습니다.", "somebody has that watch in that order already."),
            mend=Text("먼저 그 당직을 빼거나 순번을 바꾸십시오.", "Drop that watch first, or choose another order."),
        )
    shift = Shift.objects.create(officer=user, starts=starts, ends=ends, order=order)
    write_line(by, "shift.plan", "shift", shift.pk, officer=user.pk, **_told(shift))
    return shift


@transaction.atomic
def drop_shift(*, by: Actor, shift: int) -> None:
    """Take a watch that has not ended off the rota; what has been stood stays."""
    _only_planners(by)
    one_at_a_time()
    there = Shift.objects.filter(rules.sees_rota(by.reader), pk=shift).first()
    if there is None:
        raise NotThereError(SHIFT)
    if there.ends <= by.at:
        raise OutOfStepError(Text("이미 끝난 당직입니다.", "the watch is over."))
    told = {"officer": there.officer_id, **_told(there)}
    if there.starts < by.at:
        there.ends = by.at
        there.save(update_fields=("ends",))
    else:
        there.delete()
    write_line(by, "shift.drop", "shift", shift, **told)


@transaction.atomic
def give_watch(*, by: Actor, takes: int, note: str) -> HandOver:
    """Hand the watch over to `takes`, with what they must know."""
    giver = User.objects.filter(pk=by.reader.user or 0, is_active=True).first()
    if giver is None or rules.stands_watch(giver):
        raise DeniedError(NOT_YOURS)
    taker = _watch_keeper(takes, "takes")
    if taker.pk == giver.pk:
        raise InvalidError(Text("자신에게는 넘기지 않습니다.", "nobody hands over to themselves."), where="takes")
    if len(note) > LONGEST_NOTE:
        raise InvalidError(Text("너무 깁니다.", "it is too long."), where="note")
    there = HandOver.objects.create(gives=giver, takes=taker, note=note.replace("\0", ""), given_at=by.at)
    write_line(by, "watch.give", "hand_over", there.pk, takes=taker.pk)
    return there


@transaction.atomic
def take_watch(*, by: Actor, hand_over: int) -> HandOver:
    """Say that one has taken the watch over; only whom it was given to can."""
    seen = HandOver.objects.select_for_update(of=("self",)).filter(rules.sees_hand_overs(by.reader))
    there = seen.filter(pk=hand_over).first()
    if there is None:
        raise NotThereError(HAND_OVER)
    if there.takes_id != by.reader.user:
        raise DeniedError(Text("다른 사람에게 넘긴 당직입니다.", "it was handed to somebody else."))
    if there.taken_at:
        raise OutOfStepError(Text("이미 인수했습니다.", "it was taken over already."))
    there.taken_at = by.at
    there.save(update_fields=("taken_at",))
    write_line(by, "watch.take", "hand_over", there.pk)
    return there


def _only_planners(by: Actor) -> None:
    if not rules.plans_rota(by.reader):
        raise DeniedError(NOT_YOURS)


def _watch_keeper(pk: int, where: str) -> User:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise NotThereError(ACCOUNT)
    refused = rules.stands_watch(user)
    if refused:
        raise InvalidError(refused, where=where)
    return user


def _told(shift: Shift) -> dict[str, object]:
    return {"starts": shift.starts.isoformat(), "ends": shift.ends.isoformat(), "order": shift.order}
