"""What is asked of releases and subscriptions. A company reads what was approved for it, and nothing else of an alert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from bongsu.alerts.models import Release, ReleaseEvent, Subscription
from bongsu.alerts.releases import rules
from bongsu.alerts.releases.fold import WORDS, as_it_stood, writers
from bongsu.alerts.releases.rules import RELEASE, State, Step
from bongsu.people.errors import NotThereError
from bongsu.people.models import User
from bongsu.people.reader import NOTHING, Reader
from bongsu.people.roles import Role

Releases: TypeAlias = QuerySet[Release] | tuple[Release, ...]
PUBLIC = (*WORDS, "id", "published_at")  # all that a company is shown of a row


def releases(
    reader: Reader, *, as_of: datetime | None = None, alert: UUID | None = None, state: State | str | None = None
) -> Releases:
    """Releases, the newest first.

    Args:
        reader: who asks. Those who write them see those of the alerts that they see; a company the approved ones that
            fit its open subscriptions, of which it is shown `PUBLIC` and no more.
        as_of: as they stood then; None: now. What a company may not read now, it does not read as of then either.
        alert: only on this one; companies know of none, and are given none.
        state: only in this state.
    """
    if reader.role is Role.COMPANY:
        return () if alert is not None or state not in (None, State.APPROVED) else _for_company(reader, as_of)
    wanted = Q() if alert is None else Q(alert=alert)
    if as_of is not None:
        events = ReleaseEvent.objects.filter(of__in=Release.objects.filter(rules.visible(reader), wanted).values("pk"))
        rows = as_it_stood(events.filter(at__lte=as_of).select_related("of").order_by("of", "seq"), as_of)
        kept = tuple(row for row in rows if state in (None, row.state))
        prefetch_related_objects(kept, "author", "alert")
        return kept
    wanted &= Q() if state is None else Q(state=State(state))
    rows_now = Release.objects.filter(rules.visible(reader), wanted)
    return rows_now.select_related("author", "alert").defer("author__password")


def release(reader: Reader, pk: UUID, *, as_of: datetime | None = None) -> Release:
    """One release, now or as it stood.

    Raises:
        NotThereError: none that this reader may see.
    """
    found = releases(reader, as_of=as_of)
    rows: Iterable[Release] = found.filter(pk=pk) if isinstance(found, QuerySet) else (r for r in found if r.pk == pk)
    for row in rows:
        return row
    raise NotThereError(RELEASE)


def _for_company(reader: Reader, as_of: datetime | None) -> Releases:
    """The approved ones that fit; as of a moment, those of them that were so then; a constant number of questions."""
    if reader.user is None:
        return ()
    wants = rules.wanted(reader.user)
    approved = Release.objects.filter(state=State.APPROVED)
    fitting = [pk for pk, codes, items in approved.values_list("pk", "hs_codes", "items") if wants.fits(codes, items)]
    if as_of is None:
        return approved.filter(pk__in=fitting).order_by("-published_at", "pk").only(*PUBLIC)
    wanted = rules.wanted(reader.user, as_of)
    events = ReleaseEvent.objects.filter(of__in=fitting, at__lte=as_of).select_related("of").order_by("of", "seq")
    return tuple(
        row
        for row in as_it_stood(events, as_of)
        if row.state == State.APPROVED and wanted.fits(row.hs_codes, row.items)
    )


@dataclass(frozen=True)
class Happened:
    """One line of a release's history."""

    seq: int
    at: datetime
    kind: Step
    who: str
    why: str


def history(reader: Reader, pk: UUID) -> tuple[Happened, ...]:
    """Who wrote, approved and withdrew a release; for those who write them."""
    row = _of_writer(reader, pk)
    events = row.events.select_related("actor").order_by("seq")
    return tuple(Happened(e.seq, e.at, Step(e.kind), str(e.actor or ""), e.data.get("why", "")) for e in events)


def may(reader: Reader, pk: UUID) -> dict[Step, Any]:
    """For each step on a release: None where this reader may take it now, otherwise why not."""
    row = _of_writer(reader, pk)
    wrote = writers(row.events.all())
    return {step: rules.may(reader, step, row, wrote) for step in Step if step is not Step.DRAFT}


@dataclass(frozen=True)
class Received:
    """A company that has a release.

    Args:
        user: its account; `name` and `organisation` as they read now.
        since: from when on it could read it.
        sent: it was there when the release went out; otherwise it subscribed later.
    """

    user: int
    name: str
    organisation: str
    since: datetime
    sent: bool


def receivers(reader: Reader, pk: UUID) -> tuple[Received, ...]:
    """Who got a release, by name; for those who write them. Nobody before it is approved."""
    row = _of_writer(reader, pk)
    events = list(row.events.order_by("seq"))
    out = next((event for event in events if event.kind == Step.APPROVE), None)
    if out is None:
        return ()
    end = next((event.at for event in events if event.kind == Step.WITHDRAW), None)
    sent = {one["user"]: out.at for one in out.data["receivers"]}
    since = {**_later(row, out.at, end, sent), **sent}
    users = User.objects.filter(pk__in=since).order_by("organisation", "name", "pk")
    return tuple(Received(u.pk, str(u), u.organisation, since[u.pk], sent=u.pk in sent) for u in users)


def _later(
    row: Release, since: datetime, end: datetime | None, sent: Sequence[int] | dict[int, datetime]
) -> dict[int, datetime]:
    """Who subscribed while it stood, and so can read it."""
    later = Subscription.objects.filter(made_at__gt=since, owner__role=Role.COMPANY).order_by("made_at")
    made = later if end is None else later.filter(made_at__lt=end)
    found: dict[int, datetime] = {}
    for one in made:
        if one.owner_id not in sent and rules.Wanted(tuple(one.hs_codes), tuple(one.items)).fits(
            row.hs_codes, row.items
        ):
            found.setdefault(one.owner_id, one.made_at)
    return found


def subscriptions(reader: Reader) -> QuerySet[Subscription]:
    """Subscriptions, ended ones too: a company's own; all, for those who keep them or write releases."""
    if reader.role is Role.COMPANY:
        seen = Q(owner=reader.user)
    else:
        seen = Q() if reader.role in rules.WRITERS | rules.SUBSCRIBE_FOR_OTHERS else NOTHING
    return (
        Subscription.objects.filter(seen).select_related("owner").defer("owner__password").order_by("-made_at", "-pk")
    )


def open_subscriptions(reader: Reader) -> QuerySet[Subscription]:
    """Those of `subscriptions` that have not ended."""
    return subscriptions(reader).filter(ended_at=None)


def _of_writer(reader: Reader, pk: UUID) -> Release:
    row = Release.objects.filter(rules.visible(reader), pk=pk).first()
    if row is None:
        raise NotThereError(RELEASE)
    return row
