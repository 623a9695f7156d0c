"""What people do with releases and subscriptions."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bongsu.alerts.actions.acting import said
from bongsu.alerts.models import Alert, Release, ReleaseEvent, Subscription
from bongsu.alerts.releases import checks, fold, rules
from bongsu.alerts.releases.queries import open_subscriptions
from bongsu.alerts.releases.rules import RELEASE, SUBSCRIPTION, State, Step
from bongsu.alerts.rules import ALERT
from bongsu.alerts.rules import State as AlertState
from bongsu.alerts.rules import visible as visible_alerts
from bongsu.items.catalogue import catalogue_for
from bongsu.language import Text
from bongsu.people.audit import write_line
from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.events import check_seen
from bongsu.people.models import User
from bongsu.people.reader import Actor
from bongsu.people.roles import Role

_WHY = Text("사유", "reason")
_DEAD = frozenset({AlertState.WITHDRAWN, AlertState.MERGED, AlertState.SUPERSEDED})


@transaction.atomic
def draft_release(*, by: Actor, alert: UUID, **words: Any) -> Release:  # noqa: ANN401 - texts, lists, a day
    """Begins a text for companies on an alert.

    Args:
        by: who.
        alert: on which.
        words: title_ko, title_en, obligation_ko, obligation_en, alternatives_ko, alternatives_en, hs_codes, items,
            deadline, original; what is left out is empty and must be filled in before approval.

    Raises:
        InvalidError: it tells what companies are not told, or a field is off.
    """
    on = Alert.objects.filter(visible_alerts(by.reader), pk=alert).first()
    if on is None:
        raise NotThereError(ALERT)
    _check_may(by, Step.DRAFT)
    row = Release(alert=on, state=State.DRAFT)
    return _take(row, by, Step.DRAFT, text=_text(on, words))


@transaction.atomic
def edit_release(*, by: Actor, release: UUID, seen: int | None = None, **words: Any) -> Release:  # noqa: ANN401 - as above
    """Changes a draft; what is left out stays as it is."""
    row = _opened(by, release, seen, Step.EDIT)
    present = {name: getattr(row, name) for name in fold.WORDS}
    return _take(row, by, Step.EDIT, text=_text(row.alert, {**present, **words}))


@transaction.atomic
def approve_release(*, by: Actor, release: UUID, seen: int | None = None) -> Release:
    """Sends a draft out to the companies that it is for; never by anybody who has written in it."""
    row = _opened(by, release, seen, Step.APPROVE)
    if row.alert.state in _DEAD:
        raise OutOfStepError(Text("철회되거나 합쳐진 건입니다.", "the alert was withdrawn or united with another."))
    kept = _text(row.alert, {name: getattr(row, name) for name in fold.WORDS})
    checks.check_whole(kept)
    return _take(row, by, Step.APPROVE, receivers=list(_receivers(row)))


@transaction.atomic
def withdraw_release(*, by: Actor, release: UUID, seen: int | None = None) -> Release:
    """Takes a release back, with the reason: companies see it no more."""
    row = _opened(by, release, seen, Step.WITHDRAW)
    return _take(row, by, Step.WITHDRAW, why=said(by.why, _WHY))


@transaction.atomic
def subscribe(
    *, by: Actor, hs_codes: Iterable[str] = (), items: Iterable[str] = (), owner: int | None = None
) -> Subscription:
    """Notes what a company wants to hear of.

    Args:
        by: the company itself, or who keeps accounts.
        hs_codes: 2 to 10 digits each; of these and `items` at least one.
        items: ids.
        owner: the company's account; None: who acts.
    """
    account = _company(by, by.reader.user if owner is None else owner)
    codes, ids = checks.codes(hs_codes), checks.known_items(items, catalogue_for(settings.HOME))
    if not codes and not ids:
        mend = Text("HS 부호나 품목을 적으십시오.", "Give HS codes or items.")
        raise InvalidError(Text("구독할 것이 없습니다.", "there is nothing to subscribe to."), mend=mend)
    row = Subscription.objects.create(owner=account, hs_codes=list(codes), items=list(ids), made_at=by.at)
    write_line(by, "subscription.make", "subscription", row.pk, owner=account.pk, hs_codes=codes, items=ids)
    return row


@transaction.atomic
def end_subscription(*, by: Actor, subscription: int) -> Subscription:
    """Ends a subscription; it stays on record."""
    row = open_subscriptions(by.reader).select_for_update(of=("self",)).filter(pk=subscription).first()
    if row is None:
        raise NotThereError(SUBSCRIPTION)
    _company(by, row.owner_id)
    row.ended_at = by.at
    row.save(update_fields=("ended_at",))
    write_line(by, "subscription.end", "subscription", row.pk, owner=row.owner_id)
    return row


def _company(by: Actor, owner: int | None) -> User:
    own = owner == by.reader.user and by.reader.role is Role.COMPANY
    if not own and by.reader.role not in rules.SUBSCRIBE_FOR_OTHERS:
        raise DeniedError(Text("자기 구독만 바꿀 수 있습니다.", "you may change your own subscriptions only."))
    found = User.objects.filter(pk=owner or 0, role=Role.COMPANY, is_active=True).first()
    if found is None:
        raise NotThereError(Text("기업 구독자", "company subscriber"))
    return found


def _check_may(by: Actor, step: Step, writers: Iterable[int | None] = ()) -> None:
    why = rules.refusal(by.reader, step, writers)
    if why is not None:
        raise DeniedError(why)


def _opened(by: Actor, release: UUID, seen: int | None, step: Step) -> Release:
    """A release that is locked for a step."""
    found = Release.objects.select_for_update(of=("self",)).select_related("alert")
    row = found.filter(rules.visible(by.reader), pk=release).first()
    if row is None:
        raise NotThereError(RELEASE)
    _check_may(by, step, fold.writers(row.events.all()))
    check_seen(row.version, seen)
    why = rules.blocked(step, row.state)
    if why is not None:
        raise OutOfStepError(why)
    return row


def _text(alert: Alert, words: dict[str, Any]) -> dict[str, Any]:
    kept = checks.checked(words, catalogue_for(settings.HOME))
    checks.check_apart(kept, _reported(alert))
    return kept


def _reported(alert: Alert) -> Iterator[str]:
    """All that missions have written on the alert, drafts too: by name alone, for reports lie above this room."""
    for path in ("reports", "taskings__reports"):
        told = Alert.objects.filter(pk=alert.pk).values_list(f"{path}__title", f"{path}__body")
        yield from (text for pair in told for text in pair if text)


def _take(row: Release, by: Actor, step: Step, **data: Any) -> Release:  # noqa: ANN401 - JSON
    """Appends the event, folds it into the row, and writes the audit line."""
    at: datetime = max(by.at, row.updated_at) if row.version else by.at  # a clock that was set back reorders nothing
    event = ReleaseEvent(of=row, seq=row.version + 1, at=at, kind=step, actor_id=by.reader.user, via=by.via, data=data)
    fold.apply(row, event)
    row.save()
    event.save(force_insert=True)
    told = {"receivers": len(data["receivers"])} if "receivers" in data else {}
    write_line(
        by, f"release.{step}", "release", row.pk, seq=event.seq, state=row.state, alert=str(row.alert_id), **told
    )
    return row


def _receivers(row: Release) -> Iterator[dict[str, Any]]:
    """Who gets it as it goes out: by account, with the subscriptions that fit."""
    open_ones = Subscription.objects.filter(ended_at=None, owner__is_active=True, owner__role=Role.COMPANY)
    for one in open_ones.order_by("pk"):
        if rules.Wanted(tuple(one.hs_codes), tuple(one.items)).fits(row.hs_codes, row.items):
            yield {"user": one.owner_id, "subscription": one.pk}
